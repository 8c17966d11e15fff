/**
 * Who joins the board and who leaves it, and how do its members decide? By their names, which become the actor ids of
 * the log inside the decision itself.
 */

import { ACCOUNT_ID_BYTES, type Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { decideSeat, decideUnseat } from '../node/board-acts.ts'
import type { Decide } from '../node/commit.ts'
import type { Node } from '../node/node.ts'
import type { Seat } from './board.ts'
import type { Coordinator } from './coordinators.ts'
import { personOf } from './exchanges.ts'
import type { People } from './people.ts'
import { fits, line } from './texts.ts'

export interface NewSeat {
  readonly name: string
  /** Number of that person as a member of this bank, if he or she is one. */
  readonly member?: string | null
}

/** Somebody joins the board. Refuses `name_missing`, `text_too_long`, `board_known` and `account_unknown`. */
export async function addToBoard(
  node: Node,
  people: People,
  wanted: NewSeat,
  by: Coordinator | null = null,
): Promise<Outcome<Seat>> {
  const name = line(wanted.name)
  if (name === '') return refuse('name_missing')
  if (!fits(name, LIMITS.nameBytes))
    return refuse('text_too_long', { field: 'name', mostBytes: LIMITS.nameBytes })
  const person = typeof wanted.member === 'string' ? personOf(people, wanted.member) : null
  if (person?.ok === false) return person
  const [actor, nonce] = [node.random.bytes(ACCOUNT_ID_BYTES), node.random.bytes(16)]
  const ownAccount = person?.value.account ?? null
  const { board } = people
  const outcome = await node.commit<Seat>((book, now) => {
    if (board.find(book, name) !== null) return refuse('board_known', { name })
    const decided = decideSeat({ actor, ownAccount, nonce }, [])(book, now)
    if (!decided.ok) return decided
    const seat = { actor, name }
    const accounts = ownAccount === null ? [] : [ownAccount]
    const rows = [board.keep(seat), ...people.acts.keep(by, { what: 'board_added', accounts }, now)]
    return accept({ ...decided.value, rows, value: seat })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

/** Somebody leaves the board. Refuses `board_unknown`. */
export async function removeFromBoard(
  node: Node,
  people: People,
  name: string,
  by: Coordinator | null = null,
): Promise<Outcome<Seat>> {
  const nonce = node.random.bytes(16)
  const outcome = await node.commit<Seat>((book, now) => {
    const seat = people.board.find(book, name)
    if (seat === null) return refuse('board_unknown', { name: line(name) })
    const decided = decideUnseat(seat.actor, nonce)(book, now)
    if (!decided.ok) return decided
    const rows = people.acts.keep(by, { what: 'board_removed', accounts: [] }, now)
    return accept({ ...decided.value, rows, value: seat })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

/** A decision of the people of these names, as far as they are on the board when it is made. */
export function decidedBy<T>(
  people: People,
  names: readonly string[],
  act: (board: readonly Bytes[]) => Decide<T>,
): Decide<T> {
  return (book, now) => {
    const board = people.board.actors(book, names)
    return board.ok ? act(board.value)(book, now) : board
  }
}
