/** What is asked about a person? The same questions when somebody is added and when something has changed ([SIGN-2]). */

import type { NewPerson, Person } from '../../register/person.ts'
import type { FieldError, Form } from '../form.ts'
import type { Visit } from '../screen.ts'
import { Checkboxes, Radios, SelectField, TextArea, TextField } from './form-parts.tsx'

const CHANNELS = ['phone', 'letter', 'email', 'none'] as const
const TEXTS = ['phone', 'phone2', 'email', 'area', 'language', 'channel', 'phoneWord'] as const

interface Asking {
  readonly visit: Pick<Visit, 'say' | 'form' | 'desk'>
  readonly errors: readonly FieldError[]
  /** Null for somebody new. */
  readonly person: Person | null
}

type Name = 'name' | 'number' | (typeof TEXTS)[number]

/** What was typed, or else what is known. */
function typedOrKnown({ visit: { form }, person }: Asking, name: Name): string {
  return form.has('name') ? form.text(name) : (person?.[name] ?? '')
}

/** Of somebody known the private note is not asked here, for it is opened by an act. */
export function PersonFields(asking: Asking) {
  const { visit, errors, person } = asking
  const { say, form } = visit
  const common = { say, errors, autocomplete: 'off' } as const
  return (
    <>
      <TextField {...common} name="name" label={say('person.name')} value={typedOrKnown(asking, 'name')} />
      {person === null ? (
        <KindField visit={visit} errors={errors} />
      ) : (
        <TextField
          {...common}
          name="number"
          label={say('person.number')}
          value={typedOrKnown(asking, 'number')}
          spellcheck={false}
          width={20}
        />
      )}
      <ReachFields {...asking} />
      <WishFields {...asking} />
      {person === null ? (
        <TextArea
          say={say}
          name="note"
          label={say('person.note.optional')}
          hint={say('person.note.hint')}
          value={form.text('note')}
          errors={errors}
        />
      ) : null}
    </>
  )
}

/** How somebody is reached, and found by neighbours. */
function ReachFields(asking: Asking) {
  const { visit, errors } = asking
  const { say } = visit
  const field = (name: 'phone' | 'phone2' | 'email' | 'area') =>
    ({
      say,
      errors,
      name,
      autocomplete: 'off',
      label: say(`person.${name}.optional`),
      value: typedOrKnown(asking, name),
    }) as const
  return (
    <>
      <TextField {...field('phone')} type="tel" width={20} />
      <TextField {...field('phone2')} type="tel" width={20} />
      <TextField {...field('email')} type="email" spellcheck={false} />
      <TextField {...field('area')} hint={say('person.area.hint')} />
    </>
  )
}

/** In which language and way somebody likes to hear from the bank. */
function WishFields(asking: Asking) {
  const { visit, errors, person } = asking
  const { say, form, desk } = visit
  const ticked = (name: 'printLarge' | 'paper'): boolean =>
    form.has('name') ? form.all('letters').includes(name) : person?.[name] === true
  const languages = desk.languages.map(({ tag, name }) => ({ value: tag, label: name }))
  return (
    <>
      <SelectField
        say={say}
        name="language"
        label={say('person.language')}
        errors={errors}
        value={typedOrKnown(asking, 'language')}
        choices={[{ value: '', label: say('person.language.bank') }, ...languages]}
      />
      <Radios
        say={say}
        name="channel"
        label={say('person.channel')}
        errors={errors}
        value={typedOrKnown(asking, 'channel')}
        choices={CHANNELS.map((one) => ({ value: one, label: say(`person.channel.${one}`) }))}
      />
      <Checkboxes
        say={say}
        name="letters"
        label={say('person.paper')}
        errors={[]}
        values={(['paper', 'printLarge'] as const).filter(ticked)}
        choices={[
          { value: 'paper', label: say('person.paper.statements') },
          { value: 'printLarge', label: say('person.paper.large') },
        ]}
      />
      <TextField
        say={say}
        errors={errors}
        name="phoneWord"
        label={say('person.phone_word.optional')}
        hint={say('person.phone_word.hint')}
        value={typedOrKnown(asking, 'phoneWord')}
        autocomplete="off"
        width={20}
      />
    </>
  )
}

function KindField({
  visit: { say, form },
  errors,
}: {
  visit: Pick<Visit, 'say' | 'form'>
  errors: readonly FieldError[]
}) {
  return (
    <Radios
      say={say}
      name="kind"
      label={say('person.kind')}
      errors={errors}
      value={form.text('kind') || 'member'}
      inline
      choices={[
        { value: 'member', label: say('person.kind.member') },
        { value: 'organisation', label: say('person.kind.organisation') },
      ]}
    />
  )
}

/** Everything that both forms ask; an empty field means that it is not known. */
export function detailsOfForm(form: Form): Omit<NewPerson, 'kind' | 'note' | 'number'> {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, form.text(name) || null]))
  const letters = form.all('letters')
  return {
    name: form.text('name'),
    ...texts,
    paper: letters.includes('paper'),
    printLarge: letters.includes('printLarge'),
  }
}

export function personOfForm(form: Form): NewPerson {
  const kind = form.text('kind') === 'organisation' ? 'organisation' : 'member'
  return { ...detailsOfForm(form), kind, note: form.text('note') || null }
}

/** The field a refusal is about, so that its words stand beside it. */
export function fieldOf({
  code,
  facts,
}: {
  code: string
  facts: Readonly<Record<string, string | number>>
}): string {
  if (code === 'number_taken') return 'number'
  return typeof facts.field === 'string' ? facts.field : 'name'
}
