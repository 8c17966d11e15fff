/**
 * Whom does a field mean? What was typed leads to one person, to several to choose from, or to nobody; the same on every
 * screen that asks for people, and nobody is guessed.
 */

import { findPeople, isMistyped } from '../../register/find-people.ts'
import type { Person } from '../../register/person.ts'
import { type FieldError, Form } from '../form.ts'
import type { Page, Visit } from '../screen.ts'
import { Button, Radios, TextField } from './form-parts.tsx'
import { Carried, carriedOf } from './help-fields.tsx'

export type Meant =
  | { readonly kind: 'one'; readonly person: Person }
  | { readonly kind: 'several'; readonly people: readonly Person[] }
  | { readonly kind: 'nobody' }

export function whoIsMeant({ desk }: Pick<Visit, 'desk'>, typed: string): Meant {
  const people = findPeople(desk.people, typed)
  const [first] = people
  if (first === undefined) return { kind: 'nobody' }
  return people.length === 1 ? { kind: 'one', person: first } : { kind: 'several', people }
}

/** A question that several people fit. */
export interface Unclear {
  readonly field: string
  readonly people: readonly Person[]
}

/** The person each of these fields means; what is wrong with the others, and which fit several people. */
export function readPeople<Field extends string>(
  visit: Pick<Visit, 'desk' | 'form' | 'say'>,
  missing: Readonly<Record<Field, string>>,
): { found: Partial<Record<Field, Person>>; errors: FieldError[]; unclear: Unclear[] } {
  const { form } = visit
  const found: Partial<Record<Field, Person>> = {}
  const errors: FieldError[] = []
  const unclear: Unclear[] = []
  for (const field of Object.keys(missing) as Field[]) {
    const typed = form.text(field)
    const meant = whoIsMeant(visit, typed)
    if (meant.kind === 'one') found[field] = meant.person
    else if (meant.kind === 'several') unclear.push({ field, people: meant.people })
    else errors.push({ field, text: typed === '' ? missing[field] : nobodyText(visit, typed) })
  }
  return { found, errors, unclear }
}

/** Why nobody is meant: no such person, or a slip in the number. */
export function nobodyText({ desk, say }: Pick<Visit, 'desk' | 'say'>, typed: string): string {
  return say(isMistyped(desk.people, typed) ? 'record.mistyped' : 'record.nobody', { typed })
}

/** A name, number or telephone to type. */
export function WhoField({
  visit: { say },
  name,
  label,
  value,
  errors,
  autofocus = false,
}: {
  visit: Pick<Visit, 'say'>
  name: string
  label: string
  value: string
  errors: readonly FieldError[]
  autofocus?: boolean
}) {
  return (
    <TextField
      say={say}
      name={name}
      label={label}
      hint={say('record.who.hint')}
      value={value}
      errors={errors}
      spellcheck={false}
      autocomplete="off"
      autofocus={autofocus}
    />
  )
}

const TYPED = 'typed-'

/** A form in which a choice that was left open still means what was typed before; and which those are. */
export function withTyped(form: Form): { form: Form; left: readonly string[] } {
  const values = new Map<string, string[]>()
  for (const [name, value] of form.entries()) values.set(name, [...(values.get(name) ?? []), value])
  const left: string[] = []
  for (const [name, value] of form.entries()) {
    const field = name.startsWith(TYPED) ? name.slice(TYPED.length) : ''
    if (field === '' || values.has(field)) continue
    values.set(field, [value])
    left.push(field)
  }
  return { form: new Form(values), left }
}

/**
 * Several people fit: they are told apart by number and area, and nothing else that was typed is asked again. `left` are
 * questions that this page has asked before and nobody answered.
 */
export function whichPage(
  { say, form }: Pick<Visit, 'say' | 'form'>,
  asked: {
    readonly to: string
    /** Names of everything that goes on to the next step. */
    readonly fields: readonly string[]
    readonly unclear: readonly Unclear[]
    readonly left: readonly string[]
    readonly label: (unclear: Unclear, typed: string) => string
  },
): Page {
  const { to, unclear, left, label } = asked
  const except = unclear.map(({ field }) => field)
  const errors = except
    .filter((field) => left.includes(field))
    .map((field) => ({ field, text: say('record.which.missing', { typed: form.text(field) }) }))
  return {
    title: say('record.which.title'),
    errors,
    body: (
      <form method="post" action={to} novalidate>
        <Carried fields={carriedOf(form, asked.fields, except)} />
        {unclear.map((one) => (
          <>
            <Carried fields={{ [`${TYPED}${one.field}`]: form.text(one.field) }} />
            <Radios
              say={say}
              name={one.field}
              label={label(one, form.text(one.field))}
              errors={errors}
              value=""
              choices={one.people.map((person) => ({
                value: person.number,
                label: person.name,
                hint: [person.number, person.area].filter((part) => part !== null).join(', '),
              }))}
            />
          </>
        ))}
        <Button>{say('form.continue')}</Button>
      </form>
    ),
  }
}
