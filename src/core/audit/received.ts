/**
 * Does the payee's bank keep or renounce each payment once and by the rules? Promises within stop and limit, one
 * credit per payment, never credit and waiver of one attempt, every number of the peer consumed in order
 * ([AUD-3], [AUD-6], [LOG-13]).
 */

import type { Body } from '../entry.ts'
import { LIMITS } from '../limits.ts'
import {
  type Account,
  attemptOf,
  cite,
  findAccount,
  findLine,
  hexOf,
  type Key,
  keyOf,
  type Line,
  postAccount,
  postLine,
  type Received,
  type Step,
  say,
} from './book.ts'
import { followIn, peerLimit, peerVersionKnown } from './lines.ts'

/** What promise and credit say alike. */
type Terms = Pick<Body<'rcv.credit'>, 'payee' | 'minutes' | 'category' | 'day'>

function newAttempt(
  step: Step,
  names: { id: Key; aid: Key },
  line: Line,
  terms: AttemptTerms | null,
): Received {
  const attempt: Received = {
    ...names,
    line,
    payee: terms?.payee ?? null,
    minutes: terms?.minutes ?? 0,
    category: terms?.category ?? 0,
    day: terms?.day ?? 0,
    decideBy: terms?.decideBy ?? 0,
    promise: -1,
    credit: -1,
    waive: -1,
    release: -1,
    bounce: -1,
    inSeq: 0,
    commit: null,
    evidence: null,
    earlier: step.book.received.get(names.id) ?? null,
  }
  step.book.received.set(names.id, attempt)
  return attempt
}

type AttemptTerms = Pick<Received, 'payee' | 'minutes' | 'category' | 'day' | 'decideBy'>

export function promise(step: Step, body: Body<'rcv.promise'>): void {
  const [id, aid] = [keyOf(body.id), keyOf(body.aid)]
  if (attemptOf(step.book, id, aid) !== null) return say(step, 'AUD-3.double_promise', { id: hexOf(id) })
  const part = body.parts[0]
  const line = part === undefined ? null : findLine(step, part.line, { id: hexOf(id) })
  const payee = findAccount(step, body.payee)
  if (part === undefined || line === null) return
  const facts = { line: hexOf(line.key) }
  if (body.parts.length !== 1 || part.minutes !== body.minutes) {
    say(step, 'AUD-3.minutes_differ', { id: hexOf(id), expected: body.minutes, found: part.minutes })
  }
  if (line.state !== 'open') say(step, 'AUD-6.line_not_open', facts)
  else if (line.frozen) say(step, 'AUD-6.line_paused', facts)
  if (!peerVersionKnown(line, part.lineVersion)) {
    const expected = line.peerMayOwe.at(-1)?.version ?? 0
    say(step, 'AUD-6.limit_version', { ...facts, expected, found: part.lineVersion })
  }
  const latest = step.time + LIMITS.decideAheadSeconds + LIMITS.decideAheadSlackSeconds
  if (body.decideBy > latest) say(step, 'AUD-3.deadline', { decide_by: body.decideBy, earliest: 0, latest })
  judgeRoom(step, { line, payee, minutes: body.minutes, seq: null })
  if (payee?.suspended) say(step, 'AUD-2.account_suspended', { account: hexOf(payee.key) })
  const { minutes, category, day, decideBy } = body
  const attempt = newAttempt(step, { id, aid }, line, { payee, minutes, category, day, decideBy })
  attempt.promise = step.index
  line.heard = step.time
  line.open++
  line.promised += minutes
  if (payee === null) return
  payee.promised += minutes
  payee.open++
}

/** Room on the line ([LINE-4]) and below the payee's upper stop, promised credits counted ([PAY-14]). */
function judgeRoom(
  step: Step,
  wish: { line: Line; payee: Account | null; minutes: number; seq: number | null },
): void {
  const { line, payee, minutes } = wish
  const owed = line.credited + line.promised + minutes - line.receipted
  const limit = peerLimit(line, wish.seq)
  if (owed > limit) say(step, 'AUD-6.over_limit_in', { line: hexOf(line.key), owed, limit })
  if (payee === null) return
  const facts = { account: hexOf(payee.key) }
  if (payee.closed) say(step, 'AUD-2.account_closed', facts)
  const stop = step.book.rules?.classes.find((row) => row.class === payee.class)?.stopHigh ?? null
  const balance = payee.balance + payee.promised + minutes
  if (stop !== null && balance > stop) say(step, 'AUD-6.payee_stop', { ...facts, balance, stop })
}

export function credit(step: Step, body: Body<'rcv.credit'>): void {
  const [id, aid] = [keyOf(body.id), keyOf(body.aid)]
  const part = body.parts[0]
  const line = part === undefined ? null : findLine(step, part.line, { id: hexOf(id) })
  const payee = findAccount(step, body.payee)
  if (part === undefined || line === null) return
  followIn(step, line, id, part.inSeq)
  const commit = cite(step, line, body.commit)
  const facts = { id: hexOf(id) }
  if (isCredited(step, id)) return say(step, 'AUD-3.double_credit', facts)
  const known = attemptOf(step.book, id, aid)
  if (known !== null && known.waive >= 0) return say(step, 'AUD-3.credit_after_waive', facts)
  // What was promised is honoured also when the line was given up meanwhile.
  const honoured = line.state === 'dead' && known !== null
  if (line.state !== 'open' && !honoured) say(step, 'AUD-6.line_not_open', { line: hexOf(line.key) })
  if (body.parts.length !== 1 || part.minutes !== body.minutes) {
    say(step, 'AUD-3.minutes_differ', { ...facts, expected: body.minutes, found: part.minutes })
  }
  const attempt = known ?? unpromised(step, { id, aid }, line, { ...body, inSeq: part.inSeq })
  if (known !== null) judgePromised(step, known, { line, body })
  free(attempt)
  attempt.credit = step.index
  attempt.inSeq = part.inSeq ?? 0
  attempt.commit = commit
  line.credited += attempt.minutes
  const credited = attempt.payee ?? payee
  if (credited === null) return
  postLine(step, line, -attempt.minutes)
  postAccount(step, credited, attempt.minutes)
}

/** A credit without a promise (by post): the payee and the line are checked here instead. */
function unpromised(
  step: Step,
  names: { id: Key; aid: Key },
  line: Line,
  body: Terms & { inSeq: number | null },
): Received {
  const payee = step.book.accounts.get(keyOf(body.payee)) ?? null
  const { minutes, category, day } = body
  judgeRoom(step, { line, payee, minutes, seq: body.inSeq })
  return newAttempt(step, names, line, { payee, minutes, category, day, decideBy: 0 })
}

function judgePromised(
  step: Step,
  known: Received,
  credited: { line: Line; body: Terms & Pick<Body<'rcv.credit'>, 'commit'> },
): void {
  const { line, body } = credited
  const facts = { id: hexOf(known.id) }
  if (body.minutes !== known.minutes) {
    say(step, 'AUD-3.minutes_differ', { ...facts, expected: known.minutes, found: body.minutes })
  }
  const same =
    known.payee?.key === keyOf(body.payee) &&
    known.category === body.category &&
    known.day === body.day &&
    known.line === line
  if (!same) say(step, 'AUD-3.terms_differ', facts)
  const pinned = line.peerEpochs.findLast(({ from }) => from <= known.promise)?.epoch ?? 0
  const { epoch } = body.commit
  if (known.promise >= 0 && epoch !== pinned)
    say(step, 'AUD-3.credit_other_epoch', { ...facts, pinned, epoch })
}

function isCredited(step: Step, id: Key): boolean {
  for (let one = step.book.received.get(id) ?? null; one !== null; one = one.earlier)
    if (one.credit >= 0) return true
  return false
}

/** Ends the reservation of a promise that still stands. */
function free(attempt: Received): void {
  if (!promised(attempt)) return
  attempt.line.promised -= attempt.minutes
  attempt.line.open--
  if (attempt.payee === null) return
  attempt.payee.promised -= attempt.minutes
  attempt.payee.open--
}

/** Promised, and neither credited, renounced nor released. */
export function promised(attempt: Received): boolean {
  return attempt.promise >= 0 && attempt.credit < 0 && attempt.waive < 0 && attempt.release < 0
}

export function waive(step: Step, body: Body<'rcv.waive'>): void {
  const [id, aid] = [keyOf(body.id), keyOf(body.aid)]
  const part = body.parts[0]
  const line = part === undefined ? null : findLine(step, part.line, { id: hexOf(id) })
  if (part === undefined || line === null) return
  const answers = part.inSeq !== null || body.commit !== null
  if (answers) followIn(step, line, id, body.commit === null ? null : part.inSeq)
  const known = attemptOf(step.book, id, aid)
  const facts = { id: hexOf(id) }
  if (known !== null && known.credit >= 0) return say(step, 'AUD-3.waive_after_credit', facts)
  if (known !== null && known.waive >= 0) return say(step, 'AUD-3.double_waive', facts)
  const attempt = known ?? newAttempt(step, { id, aid }, line, null)
  if (attempt.line !== line || body.parts.length !== 1) say(step, 'AUD-3.terms_differ', facts)
  free(attempt)
  attempt.waive = step.index
  if (part.inSeq === null || body.commit === null) return
  attempt.inSeq = part.inSeq
  attempt.commit = cite(step, line, body.commit)
  endOthers(step, attempt)
}

/** A commit that names another attempt than was promised is an abort for the promised one. */
function endOthers(step: Step, decided: Received): void {
  for (let one = decided.earlier; one !== null; one = one.earlier) {
    if (!promised(one)) continue
    free(one)
    one.release = step.index
  }
}

export function release(step: Step, body: Body<'rcv.release'>): void {
  const attempt = attemptOf(step.book, keyOf(body.id), keyOf(body.aid))
  if (attempt === null || !promised(attempt)) {
    return say(step, 'AUD-3.release_without_promise', { id: hexOf(keyOf(body.id)) })
  }
  free(attempt)
  attempt.release = step.index
  attempt.evidence = cite(step, attempt.line, body.evidence)
}

export function bounce(step: Step, body: Body<'rcv.bounce'>): void {
  const line = findLine(step, body.line, { id: hexOf(keyOf(body.id)) })
  if (line === null) return
  followIn(step, line, keyOf(body.id), body.inSeq)
  const facts = { id: hexOf(keyOf(body.id)) }
  const attempt = attemptOf(step.book, keyOf(body.id), keyOf(body.aid))
  if (attempt === null || attempt.waive < 0) return say(step, 'AUD-3.bounce_without_waive', facts)
  if (attempt.bounce >= 0 || attempt.commit !== null) return say(step, 'AUD-3.double_bounce', facts)
  attempt.bounce = step.index
  attempt.inSeq = body.inSeq
  attempt.commit = cite(step, line, body.commit)
}

/** Where an attempt consumed the peer's number: credit, bounce or waiver; -1 if nowhere. */
export function answerOf(attempt: Received): number {
  if (attempt.commit === null) return -1
  if (attempt.credit >= 0) return attempt.credit
  return attempt.bounce >= 0 ? attempt.bounce : attempt.waive
}
