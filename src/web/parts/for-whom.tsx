/**
 * For whom does a signed-in member act? For themselves, or for somebody who let them; and a name in a posted form is believed
 * only as far as that word reaches ([EX-15]).
 */

import { sameBytes } from '../../core/ids.ts'
import { mayActFor, type Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import type { MemberVisit } from '../screen.ts'
import { Radios } from './form-parts.tsx'

/** Those whose help this member may record today. */
export function actsFor({ desk, visitor, today }: MemberVisit): readonly Person[] {
  const me = visitor.person.account
  return desk.people.all().filter((person) => mayActFor(person, me, { day: today, forWhat: 'record' }))
}

/** Whether this is the member, or somebody for whom the member may act today. */
export function speaksFor(visit: MemberVisit, person: Person | null): boolean {
  if (person === null) return false
  return [visit.visitor.person, ...actsFor(visit)].some(({ account }) => sameBytes(account, person.account))
}

/** Who was meant; null for somebody who never said so. */
export function readForWhom(visit: MemberVisit): Person | null {
  const { form, visitor } = visit
  const chosen = form.text('for')
  if (chosen === '' || chosen === visitor.person.number) return visitor.person
  return actsFor(visit).find(({ number }) => number === chosen) ?? null
}

/** Asked only of whoever may act for somebody. */
export function ForWhom({ visit, errors }: { visit: MemberVisit; errors: readonly FieldError[] }) {
  const { say, form, visitor } = visit
  const others = actsFor(visit)
  if (others.length === 0) return null
  const me = visitor.person.number
  return (
    <Radios
      say={say}
      name="for"
      label={say('for_whom.label')}
      errors={errors}
      value={form.text('for') || me}
      choices={[
        { value: me, label: say('for_whom.me') },
        ...others.map(({ number, name }) => ({ value: number, label: name })),
      ]}
    />
  )
}
