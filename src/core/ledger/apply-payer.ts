/**
 * What do the payer's bank's entries about a payment change? Hold, commit, abort, cover, return, done: each move must
 * be one that the payer's table knows, and every posting sums to zero.
 */

import type { EntryOf } from '../entry.ts'
import { sameBytes } from '../ids.ts'
import { type Line, roomToReceive } from '../line.ts'
import { decodeOrder, MODE, modeOf, orderId } from '../transfer/order.ts'
import { type PayerEntry, type PayerState, payerAfter } from '../transfer/payer.ts'
import type { Payment } from '../transfer/payments.ts'
import { presentEpoch } from './apply-rotation.ts'
import { boardRefusal } from './authority.ts'
import { type Account, accountOf, type Book, lineWith, post } from './book.ts'
import { holdRefusal } from './crossing.ts'

const IMPORT_CHANNEL = 6

export function applyHold(book: Book, entry: EntryOf<'pay.hold'>, index: number): string | null {
  const { body, time } = entry
  const order = decodeOrder(body.order)
  if (order === null) return 'the order is malformed'
  const id = orderId(body.order)
  const next = payerAfter(book.asPayer.stateOf(id), 'pay.hold')
  if (next === null) return 'the payment is known already'
  const refused = holdRefusal(book, { order, auths: body.auths, time })
  if (refused !== null) return `the hold is refused: ${refused.code}`
  const line = lineWith(book, order.payeeBank) as Line
  const [part, ...more] = body.parts
  if (part === undefined || more.length > 0) return 'a payment has one part'
  if (!sameBytes(part.line, line.id) || part.minutes !== order.minutes) return "the part is not the order's"
  if (part.lineVersion !== line.out.version) return 'the part names another version of the limit'
  if (body.mode !== modeOf(order)) return "the mode is not the order's"
  if (body.channel === IMPORT_CHANNEL) return 'a payment is never imported'
  const payer = accountOf(book, order.payer) as Account
  post(book, payer, -order.minutes)
  book.hold += order.minutes
  payer.open += 1
  line.open += 1
  line.out.reserved += order.minutes
  book.asPayer.put(id, {
    state: next,
    aid: body.aid,
    minutes: order.minutes,
    account: payer.number,
    line: line.number,
    decideBy: order.decideBy,
    mode: body.mode,
    first: index,
    answer: index,
  })
  return null
}

export function applyCommit(
  book: Book,
  entry: EntryOf<'pay.commit'>,
  at: { index: number; leaf: Uint8Array },
): string | null {
  const { body, time } = entry
  const move = moveOf(book, body.id, 'pay.commit')
  if (typeof move === 'string') return move
  const { payment, line, payer } = move
  if (
    !sameBytes(body.aid, payment.aid) ||
    body.minutes !== payment.minutes ||
    body.decideBy !== payment.decideBy
  ) {
    return 'the commit has other terms than the hold'
  }
  if (time > body.decideBy) return 'the commit comes after its deadline'
  // The offer pinned the key that decides ([PAY-15]).
  if (payment.first < presentEpoch(book).start) return 'a payment is decided in the epoch that held it'
  if ((body.bundle !== null) !== (payment.mode === MODE.direct))
    return 'a bundle stands in a commit that rests on a promise, and in no other'
  const [part, ...more] = body.parts
  if (part === undefined || more.length > 0) return 'a payment has one part'
  if (!sameBytes(part.line, line.id) || part.minutes !== body.minutes) return "the part is not the hold's"
  const follows = part.outSeq === line.out.seq + 1 && part.outSum === line.out.sum + part.minutes
  if (!follows || !sameBytes(part.prevOut, line.out.chain))
    return 'the posting does not follow the last one of the line'
  book.hold -= body.minutes
  payer.received += body.minutes
  line.out.reserved -= body.minutes
  line.out.seq = part.outSeq
  line.out.sum = part.outSum
  line.out.chain = at.leaf
  // A bundle rests on the promise that the peer has just given.
  if (body.bundle !== null) line.heard = time
  line.posts.push(at.index)
  book.asPayer.put(body.id, { state: move.next, answer: at.index, seq: part.outSeq })
  return null
}

export function applyAbort(book: Book, entry: EntryOf<'pay.abort'>, index: number): string | null {
  const { id, aid } = entry.body
  if (book.asPayer.stateOf(id) === 'none') {
    book.asPayer.put(id, { state: 'dead', aid: aid ?? new Uint8Array(32), first: index, answer: index })
    return null
  }
  const move = moveOf(book, id, 'pay.abort')
  if (typeof move === 'string') return move
  const { payment, line, payer } = move
  if (aid !== null && !sameBytes(aid, payment.aid)) return 'the abort names another attempt'
  post(book, payer, payment.minutes)
  book.hold -= payment.minutes
  line.out.reserved -= payment.minutes
  settle(line, payer)
  book.asPayer.put(id, { state: move.next, answer: index })
  return null
}

export function applyReturn(book: Book, entry: EntryOf<'pay.return'>, index: number): string | null {
  const { body } = entry
  const move = moveOf(book, body.id, 'pay.return')
  if (typeof move === 'string') return move
  const { payment, line, payer } = move
  if (!sameBytes(body.aid, payment.aid) || !sameBytes(body.line, line.id))
    return 'the return names another attempt'
  if (!sameBytes(body.waive.bank, line.peer)) return "the waiver is not the payee's bank's"
  if (!mayComeBack(line, payment)) return 'the waiver of a receipted payment exceeds the limit'
  const toFund = payment.covered || payer.state === 'closed'
  const receiver = toFund ? book.fund : payer
  if (receiver === null) return 'there is no community pot to take hours of a closed account'
  post(book, receiver, payment.minutes)
  // The pot had paid the payer back already.
  if (!payment.covered) payer.received -= payment.minutes
  line.out.returned += payment.minutes
  line.heard = entry.time
  if (payment.state === 'paid') line.receipted -= payment.minutes
  else settle(line, payment.covered ? null : payer)
  book.asPayer.put(body.id, { state: move.next, answer: index })
  return null
}

/** What is on its way to a bank that was given up is paid back by the pot; the payment itself stays on its way. */
export function applyCover(book: Book, entry: EntryOf<'pay.cover'>, index: number): string | null {
  const { body, time } = entry
  const move = moveOf(book, body.id, 'pay.cover')
  if (typeof move === 'string') return move
  const { payment, line, payer } = move
  if (!sameBytes(body.line, line.id)) return 'the cover names another line'
  if (line.state !== 'dead') return 'only a payment on a dead line is covered'
  const refused = boardRefusal(book, body.board, time)
  if (refused !== null) return `the cover is refused: ${refused.code}`
  if (book.fund === null) return 'there is no community pot to pay from'
  post(book, book.fund, -payment.minutes)
  post(book, payer, payment.minutes)
  payer.received -= payment.minutes
  payer.open -= 1
  book.asPayer.put(body.id, { state: move.next, answer: index, covered: true })
  return null
}

/**
 * A receipted payment comes back only while the payee's bank, which pays for it, stays within its limit, even if it
 * waives all that is on its way and sends all that is promised to it ([BYZ-5]).
 */
export function mayComeBack(line: Line, payment: Payment<PayerState>): boolean {
  return payment.state !== 'paid' || payment.minutes <= roomToReceive(line)
}

export function applyDone(book: Book, entry: EntryOf<'pay.done'>): string | null {
  const { body } = entry
  const move = moveOf(book, body.id, 'pay.done')
  if (typeof move === 'string') return move
  const { payment, line, payer } = move
  if (!sameBytes(body.aid, payment.aid)) return 'the receipt names another attempt'
  if (!sameBytes(body.credit.bank, line.peer)) return "the receipt is not the payee's bank's"
  line.receipted += payment.minutes
  line.heard = entry.time
  settle(line, payment.covered ? null : payer)
  book.asPayer.put(body.id, { state: move.next })
  return null
}

interface Move {
  readonly payment: Payment<PayerState>
  readonly next: PayerState
  readonly line: Line
  readonly payer: Account
}

/** The payment, its line and payer, if the table lets this entry follow; else the rule that is broken. */
function moveOf(book: Book, id: Uint8Array, kind: PayerEntry): Move | string {
  const payment = book.asPayer.get(id)
  const next = payment === null ? null : payerAfter(payment.state, kind)
  if (payment === null || next === null) return `${kind} does not follow ${payment?.state ?? 'none'}`
  const line = book.lines[payment.line]
  const payer = book.accounts[payment.account]
  if (line === undefined || payer === undefined) return `${kind} of a payment that was never held here`
  return { payment, next, line, payer }
}

/** The payment asks nothing of its line and payer any more; a payer whom the pot paid back waits no longer anyway. */
function settle(line: Line, payer: Account | null): void {
  line.open -= 1
  if (payer !== null) payer.open -= 1
}
