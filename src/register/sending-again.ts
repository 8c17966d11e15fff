/**
 * How does an order that waits, or that ended without moving hours, go on? Another one for the same wish takes its place, once
 * at most, so that no two orders for one wish are ever alive ([PAY-12]).
 */

import { sha256 } from '../core/hash.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { dayAt } from './calendar.ts'
import { type Act, authOf, type SignedInAct } from './exchanges.ts'
import { commitmentOf, newMemo, readMemo } from './memos.ts'
import { partyOf } from './parties.ts'
import { type Crossing, type Hand, known, orderOf, submit, withinSeconds } from './payments.ts'
import type { People } from './people.ts'

/** How a held payment goes on ([PAY-12]). */
export interface SwapRequest {
  /** Send anyway, or go on waiting. */
  readonly postal: boolean
  readonly decideWithinSeconds?: number | null
}

/**
 * "Send anyway" or "wait": the held order dies and another one for the same wish takes its place in the same commit.
 * A second press finds what the first one made. Refuses `payment_unknown`, `not_cancellable`, `reason_missing`.
 */
export function waitOrSendAnyway(
  node: Node,
  people: People,
  id: Bytes,
  request: SwapRequest,
  by: Act | SignedInAct,
): Promise<Outcome<Crossing>> {
  return sendInPlaceOf(node, people, id, request, by, (filled) => node.swap(id, filled))
}

/**
 * The same wish once more, after it ended without moving hours. What took its place is found by every later press. Refuses
 * `payment_unknown`, `not_cancellable` for one that lives or was done, and what any payment may meet.
 */
export async function sendAgain(
  node: Node,
  people: People,
  id: Bytes,
  request: SwapRequest,
  by: Act | SignedInAct,
): Promise<Outcome<Crossing>> {
  const state = await node.read(({ book }) => book.asPayer.stateOf(id))
  if (state !== 'dead') return refuse('not_cancellable', { state })
  return sendInPlaceOf(node, people, id, request, by, (filled) => node.pay(filled))
}

async function sendInPlaceOf(
  node: Node,
  people: People,
  id: Bytes,
  request: SwapRequest,
  by: Act | SignedInAct,
  hand: Hand,
): Promise<Outcome<Crossing>> {
  const old = await orderOf(node, id)
  const payer = old === null ? null : people.byAccount(old.payer)
  if (old === null || payer === null) return refuse('payment_unknown')
  const may = authOf(by, payer, dayAt(node.logTime()))
  if (!may.ok) return may
  const within = withinSeconds({
    postal: request.postal,
    decideWithinSeconds: request.decideWithinSeconds ?? LIMITS.decidePostalSeconds,
  })
  if (!within.ok) return within
  // An order is replaced once at most, so its own id stands for the press.
  const press = { nonce: id, said: sha256(id) }
  const first = (): Promise<Outcome<Crossing>> => {
    const memo = newMemo(readMemo(node.store, id)?.texts ?? ['', '', ''], node.random)
    const fresh = {
      commitment: commitmentOf(memo),
      decideBy: node.logTime() + within.value,
      nonce: node.random.bytes(16),
    }
    const order = { ...old, ...fresh, postal: request.postal, invoice: null }
    const acted = { by, what: 'sent' } as const
    const party = partyOf(node.store, old.payer, id)
    return submit(node, people, { order, memo, party, press, acted }, hand)
  }
  return people.presses.once(press, first, async (newer) => {
    const there = await known(node, newer)
    const same = (await orderOf(node, newer))?.postal === request.postal
    return same || !there.ok ? there : refuse('not_cancellable', { state: 'dead' })
  })
}
