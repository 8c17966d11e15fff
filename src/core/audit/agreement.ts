/**
 * Do both banks' logs say the same about one payment and one line? Answers rest on commits, commits on promises,
 * returns on waivers, releases on aborts, and terms are the same bytes on both sides ([AUD-3], [AUD-4], [LINE-1]).
 */

import type { Kind } from '../entry.ts'
import type { Bytes } from '../ids.ts'
import { bundleOf } from '../sign.ts'
import {
  type Book,
  brokenEntries,
  type Cited,
  hexOf,
  type Key,
  keyOf,
  type Line,
  positionOf,
  type Received,
  type Sent,
} from './book.ts'
import { answerOf } from './received.ts'
import { type HeldLog, placeIn, type References } from './reference.ts'

/** The other bank's words on the line: the same agreement, limits of the same version and size, the same end. */
export function judgeLine(references: References, log: HeldLog, line: Line, peer: HeldLog): void {
  const theirs = peer.book.lines.get(line.key)
  const facts = { line: hexOf(line.key) }
  for (const { index, cited } of line.opens) {
    if (cited === null) continue
    const broken = brokenEntries(peer.book, 'line.open', facts.line)
    const expected = [...(theirs?.opens.map((one) => one.index) ?? []), ...broken]
    references.follow(log, index, { cited, peer, expected, rule: 'AUD-6.line_not_agreed', facts })
  }
  for (const { index, cited, direction, version, minutes } of line.limits) {
    if (cited === null) continue
    const same = theirs?.limits.filter(
      (one) => one.direction !== direction && one.version === version && one.minutes === minutes,
    )
    const broken = brokenEntries(peer.book, 'line.limit', facts.line)
    const expected = [...(same?.map((one) => one.index) ?? []), ...broken]
    references.follow(log, index, { cited, peer, expected, rule: 'AUD-6.limit_differs', facts })
  }
  for (const { index, cited, cause, lastStatement } of line.closes) {
    if (cited === null) continue
    const same = theirs?.closes.filter((one) => one.cause === cause && one.lastStatement === lastStatement)
    const broken = brokenEntries(peer.book, 'line.close', facts.line)
    const expected = [...(same?.map((one) => one.index) ?? []), ...broken]
    references.follow(log, index, { cited, peer, expected, rule: 'AUD-6.line_not_agreed', facts })
  }
  const epochs = peer.book.epochs.filter(({ past }) => past !== null).map(({ start }) => start)
  for (const { index, cited } of line.accepted) {
    references.follow(log, index, { cited, peer, expected: epochs, rule: 'AUD-6.line_not_agreed', facts })
  }
}

/** What the payer's bank rests on: the promise behind its commit, the waiver or credit it holds. */
export function judgeSent(
  references: References,
  log: HeldLog,
  sent: Sent,
  there: { peer: HeldLog; received: Received | null },
): void {
  const { peer, received } = there
  const facts = { id: hexOf(sent.id) }
  judgeBundle(references, log, sent, there)
  judgeInvoice(references, log, sent, peer)
  if (sent.credit !== null) {
    const expected = placesOf(peer.book, 'rcv.credit', sent.id, received?.credit)
    references.follow(log, sent.done, {
      cited: sent.credit,
      peer,
      expected,
      rule: 'AUD-4.done_without_credit',
      facts,
    })
  }
  if (sent.waive !== null) {
    const expected = placesOf(peer.book, 'rcv.waive', sent.id, received?.waive)
    const rule = 'AUD-4.return_without_waive'
    references.follow(log, sent.returned, { cited: sent.waive, peer, expected, rule, facts })
  }
  if (received !== null) judgeTerms(references, peer, received, { sent, log })
}

/** The bundle of a direct commit is the hash over the leaf hash of the promise it rests on. */
function judgeBundle(
  references: References,
  log: HeldLog,
  sent: Sent,
  { peer, received }: { peer: HeldLog; received: Received | null },
): void {
  if (sent.bundle === null || sent.commit < 0) return
  const promises = placesOf(peer.book, 'rcv.promise', sent.id, received?.promise)
  const rests = (promise: number): boolean => keyOf(bundleOf(listOfOne(peer.leafAt(promise)))) === sent.bundle
  if (promises.some(rests)) return
  const [first] = promises
  const other = first === undefined ? null : placeIn(peer, first)
  references.say(log, 'AUD-4.bundle_differs', sent.commit, { id: hexOf(sent.id) }, other)
}

/** A commit without a promise rests on the request it cites: that is there, and its terms are kept ([INV-2]). */
function judgeInvoice(references: References, log: HeldLog, sent: Sent, peer: HeldLog): void {
  if (sent.invoice === null || sent.commit < 0) return
  const { cited, handle } = sent.invoice
  const at = positionOf(peer.book, cited) ?? -1
  const invoice = peer.book.invoices.get(at)
  const facts = { id: hexOf(sent.id) }
  const expected = invoice === undefined ? [] : [at]
  const claim = { cited, peer, expected, rule: 'AUD-4.invoice_missing', facts } as const
  if (!references.follow(log, sent.hold, claim) || invoice === undefined) return
  const sameMinutes = invoice.minutes === null || invoice.minutes === sent.minutes
  const kept = invoice.handle === handle && sameMinutes && sent.decideBy <= invoice.expires
  if (!kept) references.say(log, 'AUD-3.invoice_terms', sent.hold, facts, placeIn(peer, at))
}

/** One amount, category and day in both logs. */
function judgeTerms(
  references: References,
  peer: HeldLog,
  received: Received,
  { sent, log }: { sent: Sent; log: HeldLog },
): void {
  if (sent.hold < 0 || (received.promise < 0 && received.credit < 0)) return
  const at = Math.max(received.promise, received.credit)
  const id = hexOf(sent.id)
  const other = placeIn(log, sent.hold)
  if (received.minutes !== sent.minutes) {
    const facts = { id, expected: sent.minutes, found: received.minutes }
    references.say(peer, 'AUD-3.minutes_differ', at, facts, other)
  } else if (received.category !== sent.category || received.day !== sent.day) {
    references.say(peer, 'AUD-3.terms_differ', at, { id }, other)
  }
}

/**
 * What the payee's bank answered: the commit is there, bears the same number, and is the very one named. False when a
 * credit rests on nothing, or on a commit that the payer's bank had no right to make.
 */
export function judgeAnswer(
  references: References,
  log: HeldLog,
  received: Received,
  there: { peer: HeldLog; sent: Sent | null },
): boolean {
  const { peer, sent } = there
  if (received.evidence !== null)
    judgeEvidence(references, log, { received, cited: received.evidence }, there)
  if (received.commit === null) return true
  const facts = { id: hexOf(received.id) }
  const at = answerOf(received)
  const expected = placesOf(peer.book, 'pay.commit', received.id, sent?.commit)
  const rule = received.credit >= 0 ? 'AUD-4.credit_without_commit' : 'AUD-4.answer_without_commit'
  const good = references.follow(log, at, { cited: received.commit, peer, expected, rule, facts })
  // A number that is wrong in its own log is reported there, and not a second time here.
  if (good && sent !== null && sent.outSeq !== received.inSeq && !references.blamed.has(facts.id)) {
    const numbers = { ...facts, expected: sent.outSeq, found: received.inSeq }
    references.say(log, 'AUD-5.seq_differs', at, numbers, placeIn(peer, sent.commit))
  }
  const counts = sent !== null && sent.commit === positionOf(peer.book, received.commit)
  return (good && counts) || received.credit < 0
}

/** A release rests on the abort, or on the payer's bank's first entry past the deadline without a commit before. */
function judgeEvidence(
  references: References,
  log: HeldLog,
  { received, cited }: { received: Received; cited: Cited },
  { peer, sent }: { peer: HeldLog; sent: Sent | null },
): void {
  const at = positionOf(peer.book, cited) ?? -1
  const time = peer.book.times[at] ?? 0
  const undecided = sent === null || sent.commit < 0 || sent.commit > at
  const past = undecided && time > received.decideBy ? [at] : []
  const expected = [
    ...past,
    ...placesOf(peer.book, 'pay.abort', received.id, peer.book.sent.get(received.id)?.abort),
  ]
  const facts = { id: hexOf(received.id) }
  references.follow(log, received.release, {
    cited,
    peer,
    expected,
    rule: 'AUD-4.release_without_abort',
    facts,
  })
}

/**
 * Where a log says this of a payment: the entry that counts, if there is one, and those that contradict it or come out
 * of turn. A bank that believed one of them did as it should; the contradiction is a finding where it was written.
 */
function placesOf(book: Book, kind: Kind, id: Key, counts: number | undefined): number[] {
  const broken = brokenEntries(book, kind, hexOf(id))
  return counts === undefined || counts < 0 ? [...broken] : [counts, ...broken]
}

/** tb-cbor of a list of one 32-byte string: an array of 1, a byte string with a one-byte length of 32, the bytes. */
function listOfOne(hash: Bytes): Bytes {
  return Uint8Array.of(0x81, 0x58, 0x20, ...hash)
}
