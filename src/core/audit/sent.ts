/**
 * Does the payer's bank decide each payment once and by the rules? One hold, one commit or abort, one return, in
 * time, within stop and limit ([AUD-3], [AUD-6]). What an entry cites of the other log is judged in join.ts.
 */

import type { Body, Ref } from '../entry.ts'
import { type Bytes, sameBytes } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { orderPreimage, paymentIdOf } from '../sign.ts'
import { MODE, modeOf, type Order, readOrder } from '../transfer/order.ts'
import {
  type Account,
  cite,
  findAccount,
  findLine,
  hexOf,
  type Key,
  keyOf,
  type Line,
  postAccount,
  postHeld,
  postLine,
  type Sent,
  type Step,
  say,
} from './book.ts'
import { judgeAuths, judgeBoard } from './coverage.ts'
import { followOut } from './lines.ts'
import { presentEpoch } from './rotation.ts'

const IMPORT_CHANNEL = 6

export function hold(step: Step, body: Body<'pay.hold'>): void {
  const value = step.bench.decode(body.order)
  const order = value === undefined ? undefined : readOrder(value)
  if (order === undefined) return say(step, 'AUD-3.order_malformed')
  const id = keyOf(paymentIdOf(body.order))
  const before = step.book.sent.get(id)
  if (before !== undefined) {
    return say(step, before.abort >= 0 ? 'AUD-3.hold_after_abort' : 'AUD-3.double_hold', { id: hexOf(id) })
  }
  judgeOrder(step, order, body)
  const payer = findAccount(step, order.payer)
  const line = holdLine(step, order, body)
  if (payer !== null) judgePayer(step, payer, order.minutes)
  judgeAuths(step, {
    auths: body.auths,
    minutes: order.minutes,
    message: orderPreimage(body.order),
    owing: payer === null ? [] : [payer],
    needsSecond: false,
  })
  step.book.sent.set(id, { ...newSent(id, body.aid, order, line, payer), hold: step.index })
  if (line !== null) {
    line.reserved += order.minutes
    line.open++
  }
  if (payer === null) return
  payer.open++
  postAccount(step, payer, -order.minutes)
  postHeld(step, order.minutes)
}

function newSent(id: Key, aid: Bytes, order: Order, line: Line | null, payer: Account | null): Sent {
  return {
    ...unknownSent(id, aid, line),
    payer,
    minutes: order.minutes,
    category: order.category,
    day: order.day,
    decideBy: order.decideBy,
    mode: modeOf(order),
    invoice: order.invoice === null ? null : citedBy(order.invoice, order.handle),
  }
}

function citedBy({ epoch, index, leaf }: Ref, handle: Bytes): Sent['invoice'] {
  return { cited: { epoch, index, leaf: keyOf(leaf) }, handle: keyOf(handle) }
}

/** A payment of which this log has a decision and no hold. */
function unknownSent(id: Key, aid: Bytes | null, line: Line | null): Sent {
  return {
    id,
    aid: aid === null ? '' : keyOf(aid),
    line,
    payer: null,
    minutes: 0,
    category: 0,
    day: 0,
    decideBy: 0,
    mode: MODE.direct,
    invoice: null,
    hold: -1,
    commit: -1,
    abort: -1,
    cover: -1,
    returned: -1,
    done: -1,
    outSeq: 0,
    bundle: null,
    waive: null,
    credit: null,
  }
}

function judgeOrder(step: Step, order: Order, body: Body<'pay.hold'>): void {
  const { bank } = step.book
  if (!sameBytes(order.payerBank, bank) || sameBytes(order.payeeBank, bank)) say(step, 'AUD-3.order_bank')
  const { invoice, postal } = order
  const cites = invoice !== null && (postal || !sameBytes(invoice.bank, order.payeeBank))
  if (body.mode !== modeOf(order) || cites) say(step, 'AUD-3.order_mode', { mode: body.mode })
  if (body.channel === IMPORT_CHANNEL) say(step, 'AUD-2.import_rules')
  const latest = step.time + LIMITS.decideAheadSeconds
  if (order.decideBy < step.time || order.decideBy > latest) {
    say(step, 'AUD-3.deadline', { decide_by: order.decideBy, earliest: step.time, latest })
  }
}

/** The line of a hold, with everything that must hold there before minutes are reserved ([LINE-3]). */
function holdLine(step: Step, order: Order, body: Body<'pay.hold'>): Line | null {
  const part = body.parts[0]
  const line = part === undefined ? null : findLine(step, part.line)
  if (part === undefined || line === null) return line
  const facts = { line: hexOf(line.key) }
  if (body.parts.length !== 1 || part.minutes !== order.minutes) {
    say(step, 'AUD-3.minutes_differ', { expected: order.minutes, found: part.minutes })
  }
  if (keyOf(order.payeeBank) !== line.peer) say(step, 'AUD-3.order_bank')
  if (line.state !== 'open') say(step, 'AUD-6.line_not_open', facts)
  else if (line.frozen) say(step, 'AUD-6.line_paused', facts)
  const { version, minutes: limit } = line.mayOwe
  if (part.lineVersion !== version) {
    say(step, 'AUD-6.limit_version', { ...facts, expected: version, found: part.lineVersion })
  }
  const owed = line.clr + line.reserved + order.minutes
  if (owed > limit) say(step, 'AUD-6.over_limit', { ...facts, owed, limit })
  return line
}

/** The payer's account may pay: open, not suspended, and not below its stop for crossings ([PAY-14]). */
function judgePayer(step: Step, payer: Account, minutes: number): void {
  const facts = { account: hexOf(payer.key) }
  if (payer.closed) say(step, 'AUD-2.account_closed', facts)
  else if (payer.suspended) say(step, 'AUD-2.account_suspended', facts)
  const { rules } = step.book
  const row = rules?.classes.find((one) => one.class === payer.class)
  const stop = row?.stopLow ?? rules?.crossingLow ?? null
  const balance = payer.balance - minutes
  if (stop !== null && balance < stop) say(step, 'AUD-6.payer_stop', { ...facts, balance, stop })
}

export function commit(step: Step, body: Body<'pay.commit'>): void {
  const id = keyOf(body.id)
  const part = body.parts[0]
  const line = part === undefined ? null : findLine(step, part.line, { id: hexOf(id) })
  if (part !== undefined && line !== null) followOut(step, line, id, part)
  const sent = step.book.sent.get(id)
  const facts = { id: hexOf(id) }
  if (sent === undefined) {
    say(step, 'AUD-3.commit_without_hold', facts)
    const orphan = unknownSent(id, body.aid, line)
    step.book.sent.set(id, {
      ...orphan,
      minutes: body.minutes,
      commit: step.index,
      outSeq: part?.outSeq ?? 0,
    })
    return
  }
  if (sent.abort >= 0) return say(step, 'AUD-3.commit_after_abort', facts)
  if (sent.commit >= 0) return say(step, 'AUD-3.double_commit', facts)
  judgeCommit(step, sent, body, line)
  sent.commit = step.index
  sent.outSeq = part?.outSeq ?? 0
  sent.bundle = body.bundle === null ? null : keyOf(body.bundle)
  if (sent.line !== null) {
    sent.line.reserved -= sent.minutes
    // A bundle rests on what the peer has just promised.
    if (sent.bundle !== null) sent.line.heard = step.time
  }
  if (sent.payer === null || sent.line === null) return
  postHeld(step, -sent.minutes)
  postLine(step, sent.line, sent.minutes)
}

/** The terms of the decision are those of the hold, and the deadline is kept on this log's own time ([R5]). */
function judgeCommit(step: Step, sent: Sent, body: Body<'pay.commit'>, line: Line | null): void {
  const facts = { id: hexOf(sent.id) }
  const part = body.parts[0]
  if (body.minutes !== sent.minutes || part?.minutes !== sent.minutes || body.parts.length !== 1) {
    say(step, 'AUD-3.minutes_differ', { ...facts, expected: sent.minutes, found: body.minutes })
  }
  if (keyOf(body.aid) !== sent.aid) say(step, 'AUD-3.attempt_differs', facts)
  if (body.decideBy !== sent.decideBy || line !== sent.line) say(step, 'AUD-3.terms_differ', facts)
  if (step.time > sent.decideBy)
    say(step, 'AUD-3.late_commit', { ...facts, decide_by: sent.decideBy, time: step.time })
  // The offer pinned the key that decides.
  if (sent.hold >= 0 && sent.hold < presentEpoch(step.book).start)
    say(step, 'AUD-3.commit_other_epoch', facts)
  if ((body.bundle !== null) !== (sent.mode === MODE.direct))
    say(step, 'AUD-3.order_mode', { mode: sent.mode })
}

/** The payment waits for nobody any more. A payer who was paid back from the pot had stopped waiting before. */
function end(sent: Sent): void {
  if (sent.hold < 0) return
  if (sent.line !== null) sent.line.open--
  if (sent.payer !== null && sent.cover < 0) sent.payer.open--
}

export function abort(step: Step, body: Body<'pay.abort'>): void {
  const id = keyOf(body.id)
  const sent = step.book.sent.get(id)
  const facts = { id: hexOf(id) }
  if (sent === undefined) {
    step.book.sent.set(id, { ...unknownSent(id, body.aid, null), abort: step.index })
    return
  }
  if (sent.commit >= 0) return say(step, 'AUD-3.abort_after_commit', facts)
  if (sent.abort >= 0) return say(step, 'AUD-3.double_abort', facts)
  if (body.aid !== null && keyOf(body.aid) !== sent.aid) say(step, 'AUD-3.attempt_differs', facts)
  sent.abort = step.index
  if (sent.line !== null) sent.line.reserved -= sent.minutes
  end(sent)
  if (sent.payer === null) return
  postHeld(step, -sent.minutes)
  postAccount(step, sent.payer, sent.minutes)
}

export function giveBack(step: Step, body: Body<'pay.return'>): void {
  const id = keyOf(body.id)
  const sent = step.book.sent.get(id)
  const facts = { id: hexOf(id) }
  if (sent === undefined || sent.commit < 0) return say(step, 'AUD-3.return_without_commit', facts)
  if (sent.returned >= 0) return say(step, 'AUD-3.double_return', facts)
  if (keyOf(body.aid) !== sent.aid) say(step, 'AUD-3.attempt_differs', facts)
  if (sent.line === null || keyOf(body.line) !== sent.line.key) say(step, 'AUD-3.terms_differ', facts)
  sent.returned = step.index
  if (sent.line === null || sent.payer === null) return
  sent.waive = cite(step, sent.line, body.waive)
  if (sent.done >= 0) sent.line.receipted -= sent.minutes
  else end(sent)
  const { fund } = step.book
  // Whoever bore the loss has the gain.
  const toFund = sent.cover >= 0 || sent.payer.closed
  if (toFund && fund === null) say(step, 'AUD-2.fund_missing', facts)
  const account = toFund ? (fund ?? sent.payer) : sent.payer
  postLine(step, sent.line, -sent.minutes)
  postAccount(step, account, sent.minutes)
}

export function done(step: Step, body: Body<'pay.done'>): void {
  const id = keyOf(body.id)
  const sent = step.book.sent.get(id)
  const facts = { id: hexOf(id) }
  if (sent === undefined || sent.commit < 0) return say(step, 'AUD-3.done_without_commit', facts)
  if (sent.done >= 0 || sent.returned >= 0) return say(step, 'AUD-3.double_done', facts)
  if (keyOf(body.aid) !== sent.aid) say(step, 'AUD-3.attempt_differs', facts)
  sent.done = step.index
  if (sent.line === null) return
  sent.credit = cite(step, sent.line, body.credit)
  sent.line.receipted += sent.minutes
  end(sent)
}

/** The pot pays back what is on its way to a bank that was given up, once and while nothing is known of it. */
export function cover(step: Step, body: Body<'pay.cover'>): void {
  const id = keyOf(body.id)
  const sent = step.book.sent.get(id)
  const facts = { id: hexOf(id) }
  judgeBoard(step, body.board)
  if (sent === undefined || sent.commit < 0 || sent.done >= 0 || sent.returned >= 0)
    return say(step, 'AUD-3.cover_not_due', facts)
  if (sent.cover >= 0) return say(step, 'AUD-3.double_cover', facts)
  const { line, payer } = sent
  if (line === null || keyOf(body.line) !== line.key) say(step, 'AUD-3.terms_differ', facts)
  else if (line.state !== 'dead')
    say(step, 'AUD-6.line_not_dead', { line: hexOf(line.key), state: line.state })
  const { fund } = step.book
  if (fund === null) say(step, 'AUD-2.fund_missing', facts)
  if (payer === null || fund === null) return
  payer.open--
  sent.cover = step.index
  postAccount(step, fund, -sent.minutes)
  postAccount(step, payer, sent.minutes)
}
