/**
 * Who becomes a coordinator, and who ceases to be one? By name; the log holds a random id and, where there is one, the
 * account of that person, so that acts on the own account can be seen ([LOG-7]).
 */

import { ACCOUNT_ID_BYTES } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { decideGrant, decideRevoke } from '../node/accounts.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import type { Coordinator, ListedCoordinator } from './coordinators.ts'
import { personOf } from './exchanges.ts'
import type { People } from './people.ts'
import { fits, line } from './texts.ts'

export interface NewCoordinator {
  readonly name: string
  /** Number of that person as a member of this bank, if he or she is one. */
  readonly ownNumber?: string | null
}

/** All coordinators there were, in order of their grants. */
export function listCoordinators(node: Node, people: People): Promise<readonly ListedCoordinator[]> {
  const now = node.logTime()
  return node.read(({ book }) => people.coordinators.all(book, now))
}

/** Those who may act now. */
export async function coordinatorsInOffice(
  node: Node,
  people: People,
): Promise<readonly ListedCoordinator[]> {
  return (await listCoordinators(node, people)).filter(({ state }) => state === 'in_office')
}

/**
 * The coordinator as whom a program with the bank's token acts: the one in office longest. Null when the log knows none
 * that the register has a name for.
 */
export async function actingCoordinator(node: Node, people: People): Promise<Coordinator | null> {
  return (await listCoordinators(node, people)).find(({ state }) => state === 'in_office') ?? null
}

/**
 * Somebody becomes a coordinator; `by` is whoever did it at the desk. Refuses `name_missing`, `text_too_long`,
 * `coordinator_known`, `account_unknown` and `number_mistyped`.
 */
export async function addCoordinator(
  node: Node,
  people: People,
  wanted: NewCoordinator,
  by: Coordinator | null = null,
): Promise<Outcome<Coordinator>> {
  const name = line(wanted.name)
  if (name === '') return refuse('name_missing')
  if (!fits(name, LIMITS.nameBytes))
    return refuse('text_too_long', { field: 'name', mostBytes: LIMITS.nameBytes })
  const person = typeof wanted.ownNumber === 'string' ? personOf(people, wanted.ownNumber) : null
  if (person?.ok === false) return person
  const [actor, nonce] = [node.random.bytes(ACCOUNT_ID_BYTES), node.random.bytes(16)]
  const ownAccount = person?.value.account ?? null
  const { coordinators, acts } = people
  const outcome = await node.commit<Coordinator>((book, now) => {
    if (coordinators.find(book, now, name) !== null) return refuse('coordinator_known', { name })
    const decided = decideGrant({ actor, ownAccount, nonce })(book, now)
    if (!decided.ok) return decided
    const coordinator = { actor, name }
    const accounts = ownAccount === null ? [] : [ownAccount]
    const rows = [
      coordinators.keep(coordinator),
      ...acts.keep(by, { what: 'coordinator_added', accounts }, now),
    ]
    return accept({ ...decided.value, rows, value: coordinator })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

/**
 * Somebody is a coordinator no more; `rows` become durable with it. Refuses `coordinator_unknown`, and `last_coordinator`
 * for the only one left.
 */
export async function removeCoordinator(
  node: Node,
  people: People,
  name: string,
  by: Coordinator | null = null,
  rows: readonly Write[] = [],
): Promise<Outcome<Coordinator>> {
  const nonce = node.random.bytes(16)
  const { coordinators, acts } = people
  const outcome = await node.commit<Coordinator>((book, now) => {
    const found = coordinators.find(book, now, name)
    if (found === null) return refuse('coordinator_unknown', { name: line(name) })
    const decided = decideRevoke(found.actor, nonce)(book, now)
    if (!decided.ok) return decided
    const accounts = found.ownAccount === null ? [] : [found.ownAccount]
    const act = acts.keep(by, { what: 'coordinator_removed', accounts }, now)
    return accept({
      ...decided.value,
      rows: [...rows, ...act],
      value: { actor: found.actor, name: found.name },
    })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}
