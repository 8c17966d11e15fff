/**
 * What do the payee's bank's entries about a payment change? Promise, credit, waiver, release, bounce: each move
 * must be one that the payee's table knows, and each posting of the neighbour is consumed once, in order.
 */

import type { EntryOf, Ref } from '../entry.ts'
import { sameBytes } from '../ids.ts'
import { type Line, peerEpoch, roomToReceive } from '../line.ts'
import { type PayeeEntry, type PayeeState, payeeAfter } from '../transfer/payee.ts'
import type { Payment } from '../transfer/payments.ts'
import { type Account, accountOf, type Book, lineOf, post } from './book.ts'
import { creditRefusal, promiseRefusal } from './crossing.ts'

const WITHOUT_PROMISE = 2

export function applyPromise(book: Book, entry: EntryOf<'rcv.promise'>, index: number): string | null {
  const { body, time } = entry
  const next = payeeAfter(book.asPayee.stateOf(body.id), 'rcv.promise')
  if (next === null) return 'the payment is known already'
  const [part, ...more] = body.parts
  const line = part === undefined ? null : lineOf(book, part.line)
  const payee = accountOf(book, body.payee)
  if (part === undefined || more.length > 0 || line === null || payee === null)
    return 'a promise names one line and a payee'
  if (part.minutes !== body.minutes || part.lineVersion !== line.in.version)
    return "the part is not the promise's"
  const refused = promiseRefusal(book, { payee, line, minutes: body.minutes, decideBy: body.decideBy, time })
  if (refused !== null) return `the promise is refused: ${refused.code}`
  payee.open += 1
  payee.promised += body.minutes
  line.open += 1
  line.heard = time
  line.in.reserved += body.minutes
  book.asPayee.put(body.id, {
    state: next,
    aid: body.aid,
    minutes: body.minutes,
    account: payee.number,
    line: line.number,
    decideBy: body.decideBy,
    category: body.category,
    day: body.day,
    mode: 1,
    first: index,
    answer: index,
  })
  return null
}

export function applyCredit(book: Book, entry: EntryOf<'rcv.credit'>, index: number): string | null {
  const { body } = entry
  const held = book.asPayee.get(body.id)
  const next = payeeAfter(held?.state ?? 'none', 'rcv.credit')
  if (next === null) return 'the payment is answered already'
  const [part, ...more] = body.parts
  const line = part === undefined ? null : lineOf(book, part.line)
  const payee = accountOf(book, body.payee)
  if (part === undefined || more.length > 0 || line === null || payee === null)
    return 'a credit names one line and a payee'
  if (part.minutes !== body.minutes) return "the part is not the credit's"
  const broken =
    held === null ? unpromised(book, line, payee, body.minutes) : fulfils(held, body, { payee, line })
  if (broken !== null) return broken
  const skipped = consume(line, part.inSeq, { commit: body.commit, time: entry.time })
  if (skipped !== null) return skipped
  post(book, payee, body.minutes)
  payee.given += body.minutes
  line.in.sum += body.minutes
  if (held !== null) release(line, payee, body.minutes)
  book.asPayee.put(body.id, {
    state: next,
    aid: body.aid,
    minutes: body.minutes,
    account: payee.number,
    line: line.number,
    answer: index,
    seq: part.inSeq as number,
    ...(held === null ? { first: index, mode: WITHOUT_PROMISE } : {}),
  })
  return null
}

function unpromised(book: Book, line: Line, payee: Account, minutes: number): string | null {
  if (line.state !== 'open') return 'only an open line takes hours that were not promised'
  if (minutes > roomToReceive(line, line.in.seq + 1)) return "the credit exceeds the line's limit"
  const refused = creditRefusal(book, payee, minutes)
  return refused === null ? null : `the credit is refused: ${refused.code}`
}

function fulfils(
  held: Payment<PayeeState>,
  body: EntryOf<'rcv.credit'>['body'],
  to: { readonly payee: Account; readonly line: Line },
): string | null {
  const sameParties = held.account === to.payee.number && held.line === to.line.number
  const sameHelp = held.category === body.category && held.day === body.day
  const sameAttempt = held.minutes === body.minutes && sameBytes(held.aid, body.aid)
  if (!sameParties || !sameHelp || !sameAttempt) return 'the credit has other terms than the promise'
  const pinned = peerEpoch(to.line, held.first)
  return body.commit.epoch === pinned ? null : 'a payment is decided in the epoch that its offer pinned'
}

export function applyWaive(book: Book, entry: EntryOf<'rcv.waive'>, index: number): string | null {
  const { body } = entry
  const held = book.asPayee.get(body.id)
  const next = payeeAfter(held?.state ?? 'none', 'rcv.waive')
  if (next === null) return 'the payment is answered already'
  const [part, ...more] = body.parts
  const line = part === undefined ? null : lineOf(book, part.line)
  if (part === undefined || more.length > 0 || line === null) return 'a waiver names one line'
  if (held !== null && held.line !== line.number) return 'the waiver names another line than the promise'
  if ((part.inSeq === null) !== (body.commit === null)) return 'a waiver that consumes a posting cites it'
  if (held?.state !== 'promised' && body.commit === null) return 'only a promise is waived without a commit'
  if (body.commit !== null) {
    const skipped = consume(line, part.inSeq, { commit: body.commit, time: entry.time })
    if (skipped !== null) return skipped
  }
  if (held?.state === 'promised') release(line, book.accounts[held.account] as Account, held.minutes)
  book.asPayee.put(body.id, {
    state: next,
    aid: body.aid,
    line: line.number,
    answer: index,
    seq: part.inSeq ?? 0,
    ...(held === null ? { first: index } : {}),
  })
  return null
}

export function applyRelease(book: Book, entry: EntryOf<'rcv.release'>, index: number): string | null {
  const { body } = entry
  const move = heldMove(book, body, 'rcv.release')
  if (typeof move === 'string') return move
  if (!sameBytes(body.evidence.bank, move.line.peer)) return "the abort is not the payer's bank's"
  release(move.line, book.accounts[move.held.account] as Account, move.held.minutes)
  move.line.heard = entry.time
  book.asPayee.put(body.id, { state: move.next, answer: index })
  return null
}

export function applyBounce(book: Book, entry: EntryOf<'rcv.bounce'>): string | null {
  const { body } = entry
  const move = heldMove(book, body, 'rcv.bounce')
  if (typeof move === 'string') return move
  if (move.held.seq !== 0) return 'the posting of this payment is consumed already'
  if (!sameBytes(body.line, move.line.id)) return 'the bounce names another line'
  const skipped = consume(move.line, body.inSeq, { commit: body.commit, time: entry.time })
  if (skipped !== null) return skipped
  // The waiver stays the answer; the bounce only consumes the posting.
  book.asPayee.put(body.id, { state: move.next, seq: body.inSeq })
  return null
}

function heldMove(
  book: Book,
  { id, aid }: { readonly id: Uint8Array; readonly aid: Uint8Array },
  kind: PayeeEntry,
): { held: Payment<PayeeState>; next: PayeeState; line: Line } | string {
  const held = book.asPayee.get(id)
  const next = held === null ? null : payeeAfter(held.state, kind)
  if (held === null || next === null) return `${kind} does not follow ${held?.state ?? 'none'}`
  if (!sameBytes(aid, held.aid)) return `${kind} names another attempt`
  return { held, next, line: book.lines[held.line] as Line }
}

/** Each posting of the peer is consumed once, in order, by the entry that names it ([LINE-2], [LOG-13]). */
function consume(
  line: Line,
  inSeq: number | null,
  { commit, time }: { readonly commit: Ref; readonly time: number },
): string | null {
  if (!sameBytes(commit.bank, line.peer)) return "the commit is not the payer's bank's"
  if (inSeq !== line.in.seq + 1) return 'the posting consumed is not the next one'
  line.in.seq = inSeq
  line.in.chain = commit.leaf
  line.heard = time
  return null
}

function release(line: Line, payee: Account, minutes: number): void {
  payee.open -= 1
  payee.promised -= minutes
  line.open -= 1
  line.in.reserved -= minutes
}
