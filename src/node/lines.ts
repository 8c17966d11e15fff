/**
 * What does a bank decide about a line? Proposing, accepting, limits, pausing; and what a neighbour's `line.*` entry
 * asks of us in turn. Each decision is one commit, and each is answered with our newest entry about the line.
 */

import type { EntryOf, LineLimit, Ref } from '../core/entry.ts'
import { type Bytes, compareBytes, sameBytes } from '../core/ids.ts'
import { type Book, lineOf, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import type { Line } from '../core/line.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { lineIdOf } from '../core/sign.ts'
import { decodeTerms, encodeTerms, type Terms } from '../core/terms.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Draft } from './commit.ts'
import type { Outgoing } from './outbox.ts'
import type { Rows } from './pay.ts'
import type { TheirEntry } from './session.ts'

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
    if (lineWith(book, proposal.peer) !== null) return refuse('line_exists')
    const open: Draft = { kind: 'line.open', body: { terms: proposal.terms, peerEntry: proposal.ref } }
    const entries = seen === null ? [open] : [open, seen]
    return accept({ entries, rows, value: { line: lineIdOf(proposal.terms) } })
  }
}

function namesBoth(terms: Terms, ours: Bytes, peer: Bytes): boolean {
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
    if (line === null || line.state !== 'open')
      return refuse(line === null ? 'line_missing' : 'line_proposed')
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

/** Stops new hours on the line, or lets them pass again; what is signed is honoured either way. */
export function decidePause(peer: Bytes, act: 'pause' | 'resume', cause = 1): Decide<{ line: Bytes }> {
  return (book) => {
    const line = lineWith(book, peer)
    if (line === null || line.state !== 'open')
      return refuse(line === null ? 'line_missing' : 'line_proposed')
    if (line.frozen === (act === 'pause')) return refuse(act === 'pause' ? 'line_paused' : 'not_paused')
    const draft: Draft =
      act === 'pause'
        ? { kind: 'line.freeze', body: { line: line.id, cause, evidence: null } }
        : { kind: 'line.thaw', body: { line: line.id, cause: 1, board: null, accepted: null } }
    return accept({ entries: [draft], value: { line: line.id } })
  }
}

/** What a neighbour's line entry came to here. */
export type LineAnswer =
  /** something was written; our newest entry goes back */
  | 'moved'
  /** nothing to write; our newest entry goes back */
  | 'answer'
  | 'nothing'
  /** a proposal for the operator */
  | 'proposal'
  | 'pausedThere'
  | 'resumedThere'
  | 'withdrawn'

/** Decides about a `line.*` entry of the neighbour. `seen` quotes its head when a line opens. */
export function decideLineEntry(
  peer: Bytes,
  theirs: TheirEntry,
  seen: Draft | null,
  rows: Rows,
): Decide<LineAnswer> {
  const { entry, ref } = theirs
  return (book) => {
    switch (entry.kind) {
      case 'line.open':
        return onOpen(book, peer, entry, ref, seen, rows)
      case 'line.limit':
        return onLimit(book, entry, ref, rows)
      case 'line.freeze':
        return value(lineOf(book, entry.body.line) === null ? 'nothing' : 'pausedThere')
      case 'line.thaw':
        return value(lineOf(book, entry.body.line) === null ? 'nothing' : 'resumedThere')
      case 'line.close':
        return onClose(book, entry, ref, rows)
      default:
        return value('nothing')
    }
  }
}

type LineOutcome = Outcome<{ entries: readonly Draft[]; rows?: readonly Write[]; value: LineAnswer }>

const value = (answer: LineAnswer): LineOutcome => accept({ entries: [], value: answer })

function onOpen(
  book: Book,
  peer: Bytes,
  entry: EntryOf<'line.open'>,
  ref: Ref,
  seen: Draft | null,
  rows: Rows,
): LineOutcome {
  const line = lineWith(book, peer)
  const terms = decodeTerms(entry.body.terms)
  if (terms === null || !namesBoth(terms, book.bank, peer)) return value('nothing')
  if (line === null) return value(entry.body.peerEntry === null ? 'proposal' : 'nothing')
  const sameLine = sameBytes(line.id, lineIdOf(entry.body.terms))
  if (sameLine && line.state === 'proposed' && citesOurs(entry.body.peerEntry, book.bank, line)) {
    const open: Draft = { kind: 'line.open', body: { terms: entry.body.terms, peerEntry: ref } }
    return accept({ entries: seen === null ? [open] : [open, seen], rows: rows(), value: 'moved' })
  }
  // Two proposals crossed: the lower bank's stands, and the other takes it up or shows it to its operator.
  if (line.state === 'proposed' && entry.body.peerEntry === null && compareBytes(peer, book.bank) < 0) {
    return takeUpTheirs(line, { peer, terms: entry.body.terms, ref }, seen, rows)
  }
  return value(sameLine && line.state === 'open' && entry.body.peerEntry !== null ? 'nothing' : 'answer')
}

function takeUpTheirs(line: Line, theirs: Proposal, seen: Draft | null, rows: Rows): LineOutcome {
  const withdraw: Draft = {
    kind: 'line.close',
    body: { line: line.id, cause: 1, lastStatement: 0, peerEntry: null },
  }
  const terms = decodeTerms(theirs.terms) as Terms
  const sameTerms =
    terms.lowerMayOwe.minutes === line.terms.lowerMayOwe.minutes &&
    terms.higherMayOwe.minutes === line.terms.higherMayOwe.minutes
  if (!sameTerms) return accept({ entries: [withdraw], rows: rows(), value: 'proposal' })
  const open: Draft = { kind: 'line.open', body: { terms: theirs.terms, peerEntry: theirs.ref } }
  return accept({
    entries: seen === null ? [withdraw, open] : [withdraw, open, seen],
    rows: rows(),
    value: 'moved',
  })
}

function citesOurs(cited: Ref | null, bank: Bytes, line: Line): boolean {
  return cited !== null && sameBytes(cited.bank, bank) && cited.index === line.first
}

function onLimit(book: Book, entry: EntryOf<'line.limit'>, ref: Ref, rows: Rows): LineOutcome {
  const line = lineOf(book, entry.body.line)
  if (line === null || line.state !== 'open') return value('nothing')
  const { direction, version, limit, fromOutSeq, peerEntry } = entry.body
  if (direction === 1) {
    if (version !== line.out.version + 1) return value(peerEntry === null ? 'answer' : 'nothing')
    const body = { line: line.id, direction: 2, version, limit, fromOutSeq: line.out.seq + 1, peerEntry: ref }
    return accept({ entries: [{ kind: 'line.limit', body }], rows: rows(), value: 'moved' })
  }
  const pending = line.pendingLimit
  if (pending === null || pending.version !== version || pending.minutes !== limit.minutes)
    return value('nothing')
  const body = { line: line.id, direction: 1, version, limit, fromOutSeq, peerEntry: ref }
  return accept({ entries: [{ kind: 'line.limit', body }], rows: rows(), value: 'moved' })
}

function onClose(book: Book, entry: EntryOf<'line.close'>, ref: Ref, rows: Rows): LineOutcome {
  const line = lineOf(book, entry.body.line)
  const unused =
    line !== null && line.state === 'open' && line.out.seq === 0 && line.in.seq === 0 && line.open === 0
  if (!unused) return value('withdrawn')
  const body = {
    line: line.id,
    cause: entry.body.cause,
    lastStatement: entry.body.lastStatement,
    peerEntry: ref,
  }
  return accept({ entries: [{ kind: 'line.close', body }], rows: rows(), value: 'withdrawn' })
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
  const message = (entry: number): Outgoing => ({ message: { name: 'line', entry: 0, token: null }, entry })
  if (line.state === 'closed') return [message(line.answer)]
  const due = [message(line.answer)]
  if (line.acknowledged !== line.first && line.acknowledged > line.answer)
    due.push(message(line.acknowledged))
  if (line.pendingLimit !== null) due.push(message(line.pendingLimit.index))
  if (line.freezeIndex >= 0) due.push(message(line.freezeIndex))
  return due
}
