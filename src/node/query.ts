/**
 * What can be read about payments and lines? Pure looks at the book and the durable log; nothing here
 * decides anything, and minutes stay minutes.
 */

import { ABORT_CAUSES, WAIVE_CAUSES } from '../core/entry.ts'
import type { Bytes } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { clearing, type Line, roomToReceive, roomToSend } from '../core/line.ts'
import { MODE } from '../core/transfer/order.ts'
import type { PayeeState } from '../core/transfer/payee.ts'
import type { PayerState } from '../core/transfer/payer.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'
import type { OwnLog } from './own-log.ts'

/** A payment as one of its banks knows it. */
export interface PaymentView {
  readonly id: Bytes
  readonly role: 'payer' | 'payee'
  readonly state: PayerState | PayeeState
  readonly minutes: number
  /** Our party: the payer, or the payee; null for an id that was never held here. */
  readonly account: Bytes | null
  /** The other bank. */
  readonly bank: Bytes | null
  readonly decideBy: number
  /** At the payee's bank `postal` also stands for what came by invoice: neither was promised. */
  readonly mode: 'direct' | 'postal' | 'invoice'
  /** Why it ended without moving hours, as a code. */
  readonly reason: string | null
  /** Index of the entry that answers for it now. */
  readonly index: number
}

export interface Reading {
  readonly book: Book
  readonly own: OwnLog
  readonly store: Store
}

const MODES: Readonly<Record<number, PaymentView['mode']>> = {
  [MODE.postal]: 'postal',
  [MODE.invoice]: 'invoice',
}

export function paymentView({ book, own, store }: Reading, id: Bytes): PaymentView | null {
  // An id that somebody asked about and nobody ordered here says less than a payment that came to us.
  const asPayer = book.asPayer.get(id)
  const asPayee = book.asPayee.get(id)
  const paid = asPayer !== null && (asPayer.account >= 0 || asPayee === null) ? asPayer : null
  const payment = paid ?? asPayee
  if (payment === null) return null
  const reason = paid === null ? waiveReason(own, payment) : endReason(own, store, paid)
  return {
    id,
    role: paid === null ? 'payee' : 'payer',
    state: payment.state,
    minutes: payment.minutes,
    account: book.accounts[payment.account]?.id ?? null,
    bank: book.lines[payment.line]?.peer ?? null,
    decideBy: payment.decideBy,
    mode: MODES[payment.mode] ?? 'direct',
    reason,
    index: payment.answer,
  }
}

function endReason(
  own: OwnLog,
  store: Store,
  payment: { id: Bytes; state: PayerState; answer: number },
): string | null {
  if (payment.state === 'returned') return 'came_back'
  if (payment.state !== 'dead') return null
  const said = store.get(privateKey('reason', payment.id))
  if (said !== undefined) return Buffer.from(said).toString('utf8')
  return ABORT_CAUSES[own.entryOf('pay.abort', payment.answer).body.cause - 1] ?? null
}

function waiveReason(own: OwnLog, payment: { state: string; answer: number }): string | null {
  if (payment.state !== 'waived') return null
  return WAIVE_CAUSES[own.entryOf('rcv.waive', payment.answer).body.cause - 1] ?? null
}

export interface LineView {
  readonly bank: Bytes
  readonly line: Bytes
  readonly state: Line['state']
  readonly pausedHere: boolean
  /** Minutes we owe the neighbour (+) or it owes us (-). */
  readonly weOweMinutes: number
  readonly weMayOweMinutes: number
  readonly theyMayOweMinutes: number
  /** Minutes our members can still spend there, and theirs here. */
  readonly roomToSendMinutes: number
  readonly roomToReceiveMinutes: number
  readonly openPayments: number
  /** A limit that the neighbour has not acknowledged yet. */
  readonly waitingLimitMinutes: number | null
  /** Minutes of its debt that the board gave up, and what of them nobody has borne yet; below 0 the pot is due some. */
  readonly writtenOffMinutes: number
  readonly lossMinutes: number
  /** Newest log time, in seconds, at which our log shows a word of it. */
  readonly heard: number
}

export function lineView(line: Line): LineView {
  return {
    bank: line.peer,
    line: line.id,
    state: line.state,
    pausedHere: line.frozen,
    weOweMinutes: clearing(line),
    weMayOweMinutes: line.out.limit,
    theyMayOweMinutes: line.in.limit,
    roomToSendMinutes: Math.max(0, roomToSend(line)),
    roomToReceiveMinutes: Math.max(0, roomToReceive(line)),
    openPayments: line.open,
    waitingLimitMinutes: line.pendingLimit?.minutes ?? null,
    writtenOffMinutes: line.writtenOff,
    lossMinutes: line.susp === 0 ? 0 : -line.susp,
    heard: line.heard,
  }
}
