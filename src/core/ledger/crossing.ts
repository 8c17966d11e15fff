/**
 * May these hours be held for another bank, or promised from one? The rules of a new crossing, as refusals in
 * order of precedence. The writer asks before it decides; the reducer asks again when it reads.
 */

import type { Auth } from '../entry.ts'
import { sameBytes } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { type Line, roomToReceive, roomToSend } from '../line.ts'
import { type Refusal, type RefusalCode, refuse } from '../refusal.ts'
import type { Order } from '../transfer/order.ts'
import type { Payment } from '../transfer/payments.ts'
import { coverRefusal } from './authority.ts'
import { type Account, accountOf, type Book, classRow, lineWith } from './book.ts'

const no = (code: RefusalCode, facts: Refusal['facts'] = {}): Refusal => refuse(code, facts).refusal

export interface HoldRequest {
  readonly order: Order
  readonly auths: readonly Auth[]
  /** Log time of the hold, in seconds. */
  readonly time: number
  /** A held payment of the same payer and line that dies in the same commit ([PAY-12]). */
  readonly replaces?: Payment<string>
}

/** Why this order cannot be held now, or null. */
export function holdRefusal(book: Book, { order, auths, time, replaces }: HoldRequest): Refusal | null {
  const payer = accountOf(book, order.payer)
  if (payer === null || !sameBytes(order.payerBank, book.bank)) return no('account_unknown')
  if (payer.state !== 'open') return no(payer.state === 'closed' ? 'account_closed' : 'account_suspended')
  const uncovered = coverRefusal(book, auths, [payer], { time, minutes: order.minutes })
  if (uncovered !== null) return uncovered
  if (sameBytes(order.payeeBank, book.bank)) return no('own_bank')
  if (!citesWell(order)) return no('order_malformed')
  const line = lineWith(book, order.payeeBank)
  const closed = lineRefusal(line)
  if (line === null || closed !== null) return closed ?? no('line_missing')
  const late = deadlineRefusal(order.decideBy, time, LIMITS.decideAheadSeconds)
  if (late !== null) return late
  const freed = replaces?.minutes ?? 0
  const low = crossingStop(book, payer)
  if (low !== null && payer.balance + freed - order.minutes < low) {
    return no('payer_stop', { stopMinutes: low, balanceMinutes: payer.balance })
  }
  const room = roomToSend(line) + freed
  if (order.minutes > room) return no('line_full', { roomMinutes: Math.max(0, room) })
  const open = line.open - (replaces === undefined ? 0 : 1)
  return open >= LIMITS.openIdsPerLine ? no('line_too_busy') : null
}

/** An invoice is the payee's bank's own entry, and what cites one goes by post never. */
function citesWell({ invoice, postal, payeeBank }: Order): boolean {
  return invoice === null || (!postal && sameBytes(invoice.bank, payeeBank))
}

/** Why no new hours may move on this line, in either direction, or null. */
export function lineRefusal(line: Line | null): Refusal | null {
  if (line === null) return no('line_missing')
  return notOpen(line) ?? (line.frozen ? no('line_paused') : null)
}

/** Why this line is not open, paused or not; or null. */
export function notOpen(line: Line | null): Refusal | null {
  if (line === null) return no('line_missing')
  const codes = {
    proposed: 'line_proposed',
    open: null,
    closing: 'line_closing',
    dead: 'line_dead',
    closed: 'line_closed',
  } as const
  const code = codes[line.state]
  return code === null ? null : no(code)
}

function deadlineRefusal(decideBy: number, time: number, ahead: number): Refusal | null {
  if (decideBy < time) return no('order_expired', { decideBy, now: time })
  return decideBy > time + ahead ? no('deadline_too_far', { decideBy, longestSeconds: ahead }) : null
}

/** The stop that binds a crossing: the class's own lower stop, else the rules' crossing stop ([LOG-8]). */
function crossingStop(book: Book, payer: Account): number | null {
  return classRow(book, payer)?.stopLow ?? book.rules?.crossingLow ?? null
}

export interface PromiseRequest {
  readonly payee: Account
  readonly line: Line
  readonly minutes: number
  readonly decideBy: number
  /** Log time of the promise, in seconds. */
  readonly time: number
}

/** Why these hours cannot be promised now, or null. */
export function promiseRefusal(book: Book, request: PromiseRequest): Refusal | null {
  const { payee, line, minutes, decideBy, time } = request
  const closed = lineRefusal(line)
  if (closed !== null) return closed
  const late = deadlineRefusal(decideBy, time, LIMITS.decideAheadSeconds + LIMITS.decideAheadSlackSeconds)
  if (late !== null) return late
  if (payee.state !== 'open') return no('payee_cannot_take')
  const stop = upperStopRefusal(book, payee, minutes) ?? quarterRefusal(book, payee, line, minutes)
  if (stop !== null) return stop
  if (minutes > roomToReceive(line)) return no('line_full', { roomMinutes: Math.max(0, roomToReceive(line)) })
  return line.open >= LIMITS.openIdsPerLine ? no('line_too_busy') : null
}

/** Why hours that come without a promise (by post, by invoice) cannot be kept, or null; room on the line is not looked at. */
export function creditRefusal(book: Book, payee: Account, minutes: number): Refusal | null {
  if (payee.state === 'closed') return no('payee_cannot_take')
  return upperStopRefusal(book, payee, minutes)
}

/** The payee's upper stop, where there is one, with what is promised already counted ([PAY-14]). */
function upperStopRefusal(book: Book, payee: Account, minutes: number): Refusal | null {
  const stop = classRow(book, payee)?.stopHigh ?? null
  if (stop === null || payee.balance + payee.promised + minutes <= stop) return null
  return no('payee_stop', { stopMinutes: stop })
}

/**
 * Undecided promises of one line take at most a quarter of the payee's room, so that one neighbour's unpaid promises
 * never shut a member off from the others ([PAY-19]).
 */
function quarterRefusal(book: Book, payee: Account, line: Line, minutes: number): Refusal | null {
  const stop = classRow(book, payee)?.stopHigh ?? null
  if (stop === null) return null
  let promised = minutes
  for (const payment of book.asPayee.open()) {
    if (payment.account === payee.number && payment.line === line.number) promised += payment.minutes
  }
  const quarter = Math.floor((stop - payee.balance) / 4)
  return promised > quarter
    ? no('payee_stop', { stopMinutes: stop, quarterMinutes: Math.max(0, quarter) })
    : null
}
