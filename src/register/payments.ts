/**
 * How does help between members of two banks become an order? The payer's number becomes an account, the payee stays
 * the handle that the other bank gave out, and the words stay here behind a commitment ([EX-17], [PRIV-3]).
 */

import { encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { BANK_ID_BYTES, type Bytes, HANDLE_BYTES, HASH_BYTES } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { decodeOrder, encodeOrder, type Order, orderId } from '../core/transfer/order.ts'
import type { Committed } from '../node/commit.ts'
import type { Node } from '../node/node.ts'
import type { PaymentState, PayRequest } from '../node/pay.ts'
import type { PaymentView } from '../node/query.ts'
import type { Write } from '../store/store.ts'
import type { DeskAct } from './acts.ts'
import { dayAt } from './calendar.ts'
import type { Coordinator } from './coordinators.ts'
import {
  type Act,
  authNow,
  authOf,
  channelNumber,
  dayInRange,
  deviceAuth,
  type HelpRequest,
  personOf,
  readGivenMemo,
  readTerms,
  type SignedHelp,
  type SignedInAct,
} from './exchanges.ts'
import { commitmentOf, type Memo, memoRow, newMemo } from './memos.ts'
import { type Party, partyRow } from './parties.ts'
import type { People } from './people.ts'
import type { Press } from './presses.ts'
import { line } from './texts.ts'

/** A payment right after it was asked for; `decideBy` in seconds of the payer's bank's log time. */
export type Crossing = PaymentState & { readonly decideBy: number }

export interface CrossingRequest
  extends Pick<HelpRequest, 'minutes' | 'day' | 'category' | 'note' | 'nonce'> {
  /** Member number of whoever was helped. */
  readonly payer: string
  /** Bank of whoever helped, and the handle it gave out for that person, or the person's number there. */
  readonly bank: Bytes
  readonly handle: Bytes | KnownPayee | { readonly number: string }
  /** Sent at once, although the other bank may be away. */
  readonly postal: boolean
  /** Seconds in which it must be decided; 60, or by post 7 days, unless said otherwise; 8 days at most. */
  readonly decideWithinSeconds?: number | null
}

/** Somebody who was looked up before: the handle, until when in seconds it is good, and the name the bank gave. */
export interface KnownPayee {
  readonly handle: Bytes
  readonly expires: number
  readonly payee: string
}

/**
 * A coordinator, or the member, sends hours of the member to another bank. Refuses what `readTerms` and `withinSeconds` refuse,
 * `account_unknown`, `reason_missing`, and what the node refuses about the line and the payer.
 */
export async function payAcross(
  node: Node,
  people: People,
  request: CrossingRequest,
  by: Act | SignedInAct,
): Promise<Outcome<Crossing>> {
  const terms = readTerms(request, { most: LIMITS.crossingMinutes, now: node.logTime() })
  if (!terms.ok) return terms
  const payer = personOf(people, request.payer)
  if (!payer.ok) return payer
  const may = authOf(by, payer.value, dayAt(node.logTime()))
  if (!may.ok) return may
  if (request.bank.length !== BANK_ID_BYTES) return refuse('bank_unknown')
  const to = request.handle
  const named = to instanceof Uint8Array ? to : 'handle' in to ? to.handle : null
  if (named !== null && named.length !== HANDLE_BYTES) return refuse('handle_unknown')
  const within = withinSeconds(request)
  if (!within.ok) return within
  const { minutes, day, category, note } = terms.value
  const draft = {
    version: 1,
    payerBank: node.bank,
    payer: payer.value.account,
    payeeBank: request.bank,
    minutes,
    category,
    day,
    postal: request.postal,
    invoice: null,
    refs: [],
  } as const
  const send = async (nonce: Bytes, press: Press | null): Promise<Outcome<Crossing>> => {
    const payee = await payeeOf(node, request)
    if (!payee.ok) return payee
    const { handle, party } = payee.value
    const memo = newMemo(['', '', note], node.random)
    const decideBy = node.logTime() + within.value
    const order = { ...draft, handle, commitment: commitmentOf(memo), decideBy, nonce }
    const acted = { by, what: 'sent' } as const
    return submit(node, people, { order, memo, party, press, acted }, (filled) => node.pay(filled))
  }
  if (terms.value.nonce === null) return send(node.random.bytes(16), null)
  const said = sha256(
    encode([
      payer.value.account,
      request.bank,
      named ?? ('number' in to ? to.number : null),
      minutes,
      request.day ?? null,
      category,
      request.postal,
    ]),
  )
  const press = { nonce: terms.value.nonce, said }
  return people.presses.once(
    press,
    () => send(press.nonce, press),
    (id) => known(node, id),
  )
}

/** Where the hours are to go, and who that is as far as the other bank said so. */
async function payeeOf(
  node: Node,
  { bank, handle: to }: CrossingRequest,
): Promise<Outcome<{ readonly handle: Bytes; readonly party: Party | null }>> {
  if (to instanceof Uint8Array) return accept({ handle: to, party: null })
  const found = 'number' in to ? await node.who(bank, line(to.number)) : accept(to)
  if (!found.ok) return found
  const { handle, expires, payee: name } = found.value
  return accept({ handle, party: { bank, name, handle, expires, time: node.logTime() } })
}

/**
 * A member's own device sends hours to another bank: order bytes as it signed them, and the words behind their
 * commitment. The same bytes twice are the same payment.
 */
export async function payWithDevice(
  node: Node,
  people: People,
  request: { readonly order: Bytes; readonly memo: Memo | null } & Pick<
    SignedHelp,
    'device' | 'signature' | 'channel'
  >,
): Promise<Outcome<Crossing>> {
  const order = decodeOrder(request.order)
  if (order === null) return refuse('order_malformed')
  if (!dayInRange(order.day, dayAt(node.logTime()))) return refuse('day_out_of_range')
  if (people.byAccount(order.payer) === null) return refuse('account_unknown')
  const auth = deviceAuth(request)
  if (!auth.ok) return auth
  const memo = readGivenMemo(request.memo, order.commitment)
  if (!memo.ok) return memo
  const id = orderId(request.order)
  const outcome = await node.pay({
    order: request.order,
    auths: [auth.value],
    channel: channelNumber(request.channel),
    attemptNonce: node.random.bytes(HASH_BYTES),
    rows: memo.value === null ? [] : [memoRow(id, memo.value)],
  })
  return outcome.ok ? accept({ ...outcome.value.value, decideBy: order.decideBy }) : outcome
}

/** Who ends a payment: somebody at the desk, a member who is signed in, or whoever works for the bank as a whole. */
export type EndedBy = Coordinator | SignedInAct | null

/** Takes back a payment that is still held. Refuses `not_covered` for whoever may not act for its payer ([EX-15]). */
export async function cancelPayment(
  node: Node,
  people: People,
  id: Bytes,
  by: EndedBy = null,
): Promise<Outcome<PaymentView>> {
  const payer = await payerOf(node, id)
  const may = mayEnd(node, people, payer, by)
  if (!may.ok) return may
  const coordinator = by === null || 'member' in by ? null : by
  const about = { what: 'cancelled', accounts: payer === null ? [] : [payer], record: id } as const
  return node.cancel(id, people.acts.keep(coordinator, about, node.logTime()))
}

/** Asks for a payment back that is on its way. Refuses what `cancelPayment` refuses, and `not_recallable`. */
export async function recallPayment(
  node: Node,
  people: People,
  id: Bytes,
  by: EndedBy,
): Promise<Outcome<PaymentView>> {
  const may = mayEnd(node, people, await payerOf(node, id), by)
  return may.ok ? node.recall(id) : may
}

function payerOf(node: Node, id: Bytes): Promise<Bytes | null> {
  return node.read(({ book }) => book.accounts[book.asPayer.get(id)?.account ?? -1]?.id ?? null)
}

function mayEnd(node: Node, people: People, payer: Bytes | null, by: EndedBy): Outcome<unknown> {
  if (by === null || !('member' in by)) return accept(null)
  return payer === null ? refuse('payment_unknown') : authNow(node, people, by, payer)
}

/** How the filled request reaches the node. */
export type Hand = (request: PayRequest) => Promise<Outcome<Committed<PaymentState>>>

export interface Submission {
  readonly order: Order
  readonly memo: Memo
  readonly party: Party | null
  readonly press: Press | null
  readonly acted: { readonly by: Act | SignedInAct; readonly what: DeskAct }
  /** More rows that become durable with the payment of this id. */
  readonly also?: (id: Bytes) => readonly Write[]
}

/** Fills the request with order bytes and private rows, whoever may act being asked once more, and hands it to the node. */
export async function submit(
  node: Node,
  people: People,
  { order, memo, party, press, acted, also }: Submission,
  hand: Hand,
): Promise<Outcome<Crossing>> {
  const auth = authNow(node, people, acted.by, order.payer)
  if (!auth.ok) return auth
  const bytes = encodeOrder(order)
  const id = orderId(bytes)
  const rows: Write[] = [memoRow(id, memo)]
  if (party !== null) rows.push(partyRow(order.payer, id, party))
  if (press !== null) rows.push(people.presses.row(press, id))
  const about = { what: acted.what, accounts: [order.payer], record: id }
  const coordinator = 'member' in acted.by ? null : acted.by.coordinator
  rows.push(...people.acts.keep(coordinator, about, node.logTime()), ...(also?.(id) ?? []))
  const outcome = await hand({
    order: bytes,
    auths: [auth.value],
    channel: channelNumber(acted.by.channel),
    attemptNonce: node.random.bytes(HASH_BYTES),
    rows,
  })
  return outcome.ok ? accept({ ...outcome.value.value, decideBy: order.decideBy }) : outcome
}

export async function known(node: Node, id: Bytes): Promise<Outcome<Crossing>> {
  const payment = await node.read(({ book }) => book.asPayer.get(id))
  if (payment === null) return refuse('payment_unknown')
  return accept({ id, state: payment.state, record: 'known', decideBy: payment.decideBy })
}

/** The order under which this payment was held here, or null. */
export function orderOf(node: Node, id: Bytes): Promise<Order | null> {
  return node.read(({ book, own }) => {
    const payment = book.asPayer.get(id)
    const entry = payment === null ? null : own.entry(payment.first)
    return entry?.kind === 'pay.hold' ? decodeOrder(entry.body.order) : null
  })
}

/** Seconds from now to the deadline. Refuses `deadline_too_far`, `order_expired` and `request_malformed`. */
export function withinSeconds({
  postal,
  decideWithinSeconds,
}: Pick<CrossingRequest, 'postal' | 'decideWithinSeconds'>): Outcome<number> {
  const usual = postal ? LIMITS.decidePostalSeconds : LIMITS.decideInteractiveSeconds
  const seconds = decideWithinSeconds ?? usual
  if (!Number.isInteger(seconds)) return refuse('request_malformed', { field: 'decideWithinSeconds' })
  if (seconds < 0) return refuse('order_expired')
  const longestSeconds = LIMITS.decideAheadSeconds
  return seconds > longestSeconds ? refuse('deadline_too_far', { longestSeconds }) : accept(seconds)
}
