/**
 * What does a bank decide about its lines by itself? Proposing, accepting, limits, pausing, ending: each decision is
 * one commit. What a neighbour's entries ask of us stands in line-entries.ts, what only the board may in board-acts.ts.
 */

import type { LineLimit, Ref } from '../core/entry.ts'
import { type Bytes, compareBytes, sameBytes } from '../core/ids.ts'
import { THAW } from '../core/ledger/apply-line-end.ts'
import { lineOf, lineWith } from '../core/ledger/book.ts'
import { notOpen } from '../core/ledger/crossing.ts'
import { LIMITS } from '../core/limits.ts'
import { clearing, isSettled, type Line } from '../core/line.ts'
import { accept, refuse } from '../core/refusal.ts'
import { lineIdOf } from '../core/sign.ts'
import { decodeTerms, encodeTerms, type Terms } from '../core/terms.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Draft } from './commit.ts'
import type { Outgoing } from './outbox.ts'

/** Limits of a new line, in minutes. */
export interface LineOffer {
  /** Most we may owe the neighbour. */
  readonly weMayOwe: number
  /** Most the neighbour may owe us. */
  readonly theyMayOwe: number
}

/** Terms of a line with this bank; caps are those of a first line. */
export function termsFor(ours: Bytes, peer: Bytes, offer: LineOffer, nonce: Bytes): Terms {
  const weAreLower = compareBytes(ours, peer) < 0
  const limit = (minutes: number): LineLimit => ({
    minutes,
    openCap: LIMITS.firstLineCapMinutes,
    parkCap: LIMITS.firstLineCapMinutes,
  })
  const [lower, higher] = weAreLower ? [ours, peer] : [peer, ours]
  const [low, high] = weAreLower ? [offer.weMayOwe, offer.theyMayOwe] : [offer.theyMayOwe, offer.weMayOwe]
  return {
    version: 1,
    lower,
    higher,
    lowerMayOwe: limit(low),
    higherMayOwe: limit(high),
    statementEvery: 0,
    nonce,
  }
}

function limitsInRange(offer: LineOffer): boolean {
  return [offer.weMayOwe, offer.theyMayOwe].every(
    (m) => Number.isSafeInteger(m) && m >= 0 && m <= LIMITS.lineMinutes,
  )
}

/** Proposes a line; the neighbour's newest head is quoted in the same commit. */
export function decidePropose(
  peer: Bytes,
  offer: LineOffer,
  nonce: Bytes,
  seen: Draft | null,
): Decide<{ line: Bytes }> {
  return (book) => {
    if (!limitsInRange(offer)) return refuse('limit_out_of_range', { mostMinutes: LIMITS.lineMinutes })
    if (sameBytes(peer, book.bank)) return refuse('own_bank')
    if (lineWith(book, peer) !== null) return refuse('line_exists')
    const terms = encodeTerms(termsFor(book.bank, peer, offer, nonce))
    const open: Draft = { kind: 'line.open', body: { terms, peerEntry: null } }
    return accept({ entries: seen === null ? [open] : [open, seen], value: { line: lineIdOf(terms) } })
  }
}

/** Limits in the terms of a proposal as our bank sees them; null when the terms are none. */
export function offerIn(terms: Bytes, ours: Bytes): LineOffer | null {
  const read = decodeTerms(terms)
  if (read === null) return null
  const [lower, higher] = [read.lowerMayOwe.minutes, read.higherMayOwe.minutes]
  return sameBytes(read.lower, ours)
    ? { weMayOwe: lower, theyMayOwe: higher }
    : { weMayOwe: higher, theyMayOwe: lower }
}

/** A neighbour's proposal, proven to stand in its log. */
export interface Proposal {
  readonly peer: Bytes
  readonly terms: Bytes
  readonly ref: Ref
}

/** Takes up a neighbour's proposal: from here on we are bound. */
export function decideAccept(
  proposal: Proposal,
  seen: Draft | null,
  rows: readonly Write[],
): Decide<{ line: Bytes }> {
  return (book) => {
    const terms = decodeTerms(proposal.terms)
    if (terms === null || !namesBoth(terms, book.bank, proposal.peer)) return refuse('proposal_unknown')
    // Terms of a line that was closed are never used again.
    if (lineOf(book, lineIdOf(proposal.terms)) !== null) return refuse('proposal_unknown')
    if (lineWith(book, proposal.peer) !== null) return refuse('line_exists')
    const offer = { weMayOwe: terms.lowerMayOwe.minutes, theyMayOwe: terms.higherMayOwe.minutes }
    if (!limitsInRange(offer)) return refuse('limit_out_of_range', { mostMinutes: LIMITS.lineMinutes })
    const open: Draft = { kind: 'line.open', body: { terms: proposal.terms, peerEntry: proposal.ref } }
    const entries = seen === null ? [open] : [open, seen]
    return accept({ entries, rows, value: { line: lineIdOf(proposal.terms) } })
  }
}

/** Whether terms are between these two banks, the lower one first. */
export function namesBoth(terms: Terms, ours: Bytes, peer: Bytes): boolean {
  const pair = [terms.lower, terms.higher]
  return (
    compareBytes(terms.lower, terms.higher) < 0 &&
    [ours, peer].every((one) => pair.some((bank) => sameBytes(bank, one)))
  )
}

/** The creditor's act: how much the neighbour may owe us from its acknowledgement on. */
export function decideLimit(peer: Bytes, minutes: number): Decide<{ version: number }> {
  return (book) => {
    const line = lineWith(book, peer)
    const refusal = notOpen(line)
    if (line === null || refusal !== null) return { ok: false, refusal: refusal ?? missing }
    if (!limitsInRange({ weMayOwe: 0, theyMayOwe: minutes })) {
      return refuse('limit_out_of_range', { mostMinutes: LIMITS.lineMinutes })
    }
    if (line.pendingLimit !== null)
      return refuse('limit_waits', { waitingMinutes: line.pendingLimit.minutes })
    const version = line.in.version + 1
    const cap = LIMITS.firstLineCapMinutes
    const limit = { minutes, openCap: cap, parkCap: cap }
    const body = { line: line.id, direction: 1, version, limit, fromOutSeq: null, peerEntry: null }
    return accept({ entries: [{ kind: 'line.limit', body }], value: { version } })
  }
}

const missing = refuse('line_missing').refusal

/** Stops new hours on the line; what is signed is honoured all the same. */
export function decidePause(peer: Bytes, cause = 1): Decide<{ line: Bytes }> {
  return (book) => {
    const line = lineWith(book, peer)
    const refusal = notOpen(line)
    if (line === null || refusal !== null) return { ok: false, refusal: refusal ?? missing }
    if (line.frozen) return refuse('line_paused')
    const body = { line: line.id, cause, evidence: null }
    return accept({ entries: [{ kind: 'line.freeze', body }], value: { line: line.id } })
  }
}

/** Lets new hours pass again: our pause is lifted, and our wish to end the line taken back. */
export function decideResume(peer: Bytes): Decide<{ line: Bytes }> {
  return (book) => {
    const line = lineWith(book, peer)
    if (line === null) return refuse('line_missing')
    const closing = line.state === 'closing'
    const refusal = closing ? null : notOpen(line)
    if (refusal !== null) return { ok: false, refusal }
    const causes = [...(closing ? [THAW.ownClose] : []), ...(line.frozen ? [THAW.ownFreeze] : [])]
    if (causes.length === 0) return refuse('not_paused')
    if (line.refused !== null) return refuse('recovery_not_accepted')
    const lifted = (cause: number): Draft => ({
      kind: 'line.thaw',
      body: { line: line.id, cause, board: null, accepted: null },
    })
    return accept({ entries: causes.map(lifted), value: { line: line.id } })
  }
}

/** Our wish to end the line, which the neighbour answers; a proposal nobody answered is withdrawn at once. */
export function decideCloseLine(peer: Bytes): Decide<{ line: Bytes }> {
  return (book) => {
    const line = lineWith(book, peer)
    if (line === null) return refuse('line_missing')
    const refusal = line.state === 'proposed' ? null : notOpen(line)
    if (refusal !== null) return { ok: false, refusal }
    if (!isSettled(line)) return refuse('line_not_settled', { owedMinutes: clearing(line), open: line.open })
    const body = { line: line.id, cause: 1, lastStatement: 0, peerEntry: null }
    return accept({ entries: [{ kind: 'line.close', body }], value: { line: line.id } })
  }
}

/** A proposal of ours that nobody answered for 30 days is withdrawn. */
export function decideWithdraw(line: Bytes, proposedAt: number): Decide<boolean> {
  return (book, now) => {
    const held = lineOf(book, line)
    if (held?.state !== 'proposed' || now < proposedAt + LIMITS.proposalSeconds)
      return accept({ entries: [], value: false })
    const body = { line, cause: 1, lastStatement: 0, peerEntry: null }
    return accept({ entries: [{ kind: 'line.close', body }], value: true })
  }
}

/** Everything our log says about a line that the neighbour may still need; repeated on every session. */
export function lineMessages(line: Line): Outgoing[] {
  if (line.state === 'closed') return [lineMessage(line.answer)]
  const due = [lineMessage(line.answer), ...acknowledgement(line)]
  if (line.pendingLimit !== null) due.push(lineMessage(line.pendingLimit.index))
  if (line.freezeIndex >= 0) due.push(lineMessage(line.freezeIndex))
  if (line.closing >= 0) due.push(lineMessage(line.closing))
  return due
}

/** Our newest acknowledgement of a limit of the peer's. */
export function acknowledgement(line: Line): Outgoing[] {
  const acknowledged = line.acknowledged !== line.first && line.acknowledged > line.answer
  return acknowledged ? [lineMessage(line.acknowledged)] : []
}

function lineMessage(entry: number): Outgoing {
  return { message: { name: 'line', entry: 0, token: null }, entry }
}
