/**
 * How does the desk change what is known of a person, and who may act for that person? Field by field; what is not named
 * stays, and what is named null goes.
 */

import { sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { DeskAct } from './acts.ts'
import { dateOf, dayAt, dayOf } from './calendar.ts'
import type { Coordinator } from './coordinators.ts'
import { personOf } from './exchanges.ts'
import { isReserved, type People } from './people.ts'
import { type DeputyReach, type NewPerson, type Person, readPerson } from './person.ts'

/** What changes. A number or name cannot be taken away. */
export type PersonChanges = Partial<Omit<NewPerson, 'kind' | 'number'>> & { readonly number?: string }

/**
 * Changes what is known of a member; `by` is whoever did it at the desk, here and below. Refuses `account_unknown`,
 * `number_mistyped`, `name_missing`, `text_too_long`, `number_taken` and `request_malformed`.
 */
export function editMember(
  node: Node,
  people: People,
  number: string,
  changes: PersonChanges,
  by: Coordinator | null = null,
): Promise<Outcome<Person>> {
  return change(node, people, number, { what: 'edited', by }, (person) => {
    const { account, kind, helpers, ...known } = person
    const read = readPerson({ ...known, ...changes })
    if (!read.ok) return read
    const next = { ...read.value, account, kind, helpers }
    if (next.number === '') return refuse('request_malformed', { field: 'number' })
    const other = people.byNumber(next.number)
    const taken = other !== null && !sameBytes(other.account, account)
    return taken || (isReserved(next.number) && next.number !== person.number)
      ? refuse('number_taken', { number: next.number })
      : accept(next)
  })
}

/** The person with the private note, which is opened by an act that the person may see. Refuses as `personOf` does. */
export async function privateNoteOf(
  node: Node,
  people: People,
  number: string,
  by: Coordinator,
): Promise<Outcome<Person>> {
  const outcome = await node.commit<Person>((_book, now) => {
    const person = personOf(people, number)
    if (!person.ok) return person
    const rows = people.acts.keep(by, { what: 'opened_notes', accounts: [person.value.account] }, now)
    return accept({ entries: [], rows, value: person.value })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

export interface NewDeputy {
  /** Number of whoever may act. */
  readonly helper: string
  /** YYYY-MM-DD; today when it is missing. */
  readonly from?: string | null
  /** Last day; until it is ended when it is missing. */
  readonly until?: string | null
  readonly forWhat: DeputyReach
}

/**
 * From now on somebody may act for this member; named again, the terms are the new ones ([EX-15]). Refuses
 * `account_unknown`, `number_mistyped`, `payer_is_payee` for oneself, `too_many_helpers` and `request_malformed`.
 */
export async function addDeputy(
  node: Node,
  people: People,
  number: string,
  wanted: NewDeputy,
  by: Coordinator | null = null,
): Promise<Outcome<Person>> {
  const helper = personOf(people, wanted.helper)
  if (!helper.ok) return helper
  const from = wanted.from ?? dateOf(dayAt(node.logTime()))
  const until = wanted.until ?? null
  const [first, last] = [dayOf(from), until === null ? null : dayOf(until)]
  if (first === null) return refuse('request_malformed', { field: 'from' })
  if (until !== null && (last === null || last < first))
    return refuse('request_malformed', { field: 'until' })
  const { account } = helper.value
  return change(node, people, number, { what: 'helper_added', by }, (person) => {
    if (sameBytes(person.account, account)) return refuse('payer_is_payee', { number: person.number })
    const others = person.helpers.filter((one) => !sameBytes(one.account, account))
    if (others.length >= LIMITS.helpersMost) return refuse('too_many_helpers', { most: LIMITS.helpersMost })
    return accept({ ...person, helpers: [...others, { account, from, until, forWhat: wanted.forWhat }] })
  })
}

/** Nobody of this number acts for the member any more. Refuses `account_unknown` and `number_mistyped`. */
export async function removeDeputy(
  node: Node,
  people: People,
  number: string,
  helper: string,
  by: Coordinator | null = null,
): Promise<Outcome<Person>> {
  const found = personOf(people, helper)
  if (!found.ok) return found
  const { account } = found.value
  return change(node, people, number, { what: 'helper_removed', by }, (person) => {
    const helpers = person.helpers.filter((one) => !sameBytes(one.account, account))
    return accept(helpers.length === person.helpers.length ? person : { ...person, helpers })
  })
}

/** Decides on the person as known when it is decided, and keeps the row with that of the act. */
async function change(
  node: Node,
  people: People,
  number: string,
  { what, by }: { readonly what: DeskAct; readonly by: Coordinator | null },
  decide: (person: Person) => Outcome<Person>,
): Promise<Outcome<Person>> {
  const outcome = await node.commit<Person>((_book, now) => {
    const person = personOf(people, number)
    if (!person.ok) return person
    const changed = decide(person.value)
    if (!changed.ok) return changed
    if (changed.value === person.value) return accept({ entries: [], value: person.value })
    const acted = people.acts.keep(by, { what, accounts: [person.value.account] }, now)
    return accept({ entries: [], rows: [people.keep(changed.value), ...acted], value: changed.value })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}
