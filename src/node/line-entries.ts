/**
 * What does a neighbour's `line.*` entry ask of us? An answer that both must have signed, an acknowledgement, or only
 * to be remembered. Each answer says more than the question, so that two banks never answer each other for ever.
 */

import type { Entry, EntryOf, Ref } from '../core/entry.ts'
import { type Bytes, compareBytes, sameBytes } from '../core/ids.ts'
import { THAW } from '../core/ledger/apply-line-end.ts'
import { type Book, lineOfPeer, lineWith } from '../core/ledger/book.ts'
import { isLive, isSettled, type Line } from '../core/line.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import { lineIdOf } from '../core/sign.ts'
import { decodeTerms, type Terms } from '../core/terms.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Draft } from './commit.ts'
import { acknowledgement, lineMessages, namesBoth, type Proposal } from './lines.ts'
import type { Outgoing } from './outbox.ts'
import type { Rows } from './pay.ts'
import type { TheirEntry } from './session.ts'

/** What a neighbour's line entry came to here. */
export type LineAnswer =
  /** something was written, and leaves as every entry does */
  | 'moved'
  /** nothing to write; what our log says about it goes back */
  | 'answer'
  | 'nothing'
  /** a proposal for the operator */
  | 'proposal'
  | 'pausedThere'
  | 'resumedThere'
  | 'withdrawn'
  /** the neighbour wishes to end the line, and something is still owed or open: it says so again */
  | 'later'

/** Decides about a `line.*` entry of the neighbour. `seen` quotes its head when a line opens. */
export function decideLineEntry(
  peer: Bytes,
  theirs: TheirEntry,
  seen: Draft | null,
  rows: Rows,
): Decide<LineAnswer> {
  const { entry, ref } = theirs
  return (book) => {
    if (entry.kind === 'line.open') return onOpen(book, entry, { peer, ref, seen, rows })
    if (!isLineEntry(entry)) return value('nothing')
    const line = lineOfPeer(book, entry.body.line, peer)
    if (entry.kind === 'line.close') return onClose(line, entry, ref, rows)
    if (line === null) return value('nothing')
    switch (entry.kind) {
      case 'line.limit':
        return onLimit(line, entry, ref, rows)
      case 'line.freeze':
      case 'line.dead':
        return value('pausedThere')
      case 'line.thaw':
        // That it takes back a wish to end the line says nothing about its pauses.
        return value(entry.body.cause === THAW.ownClose ? 'nothing' : 'resumedThere')
    }
  }
}

const LINE_KINDS = ['line.close', 'line.limit', 'line.freeze', 'line.dead', 'line.thaw'] as const
type LineKind = (typeof LINE_KINDS)[number]

function isLineEntry(entry: Entry): entry is EntryOf<LineKind> & Entry {
  return LINE_KINDS.some((kind) => kind === entry.kind)
}

type LineOutcome = Outcome<{ entries: readonly Draft[]; rows?: readonly Write[]; value: LineAnswer }>

const value = (answer: LineAnswer): LineOutcome => accept({ entries: [], value: answer })

interface Heard {
  readonly peer: Bytes
  readonly ref: Ref
  readonly seen: Draft | null
  readonly rows: Rows
}

function onOpen(book: Book, entry: EntryOf<'line.open'>, heard: Heard): LineOutcome {
  const { peer, ref } = heard
  const { peerEntry } = entry.body
  const terms = decodeTerms(entry.body.terms)
  if (terms === null || !namesBoth(terms, book.bank, peer)) return value('nothing')
  const named = lineOfPeer(book, lineIdOf(entry.body.terms), peer)
  if (named?.state === 'closed') return value('answer')
  if (named?.state === 'proposed') {
    return citesOurs(peerEntry, book.bank, named) ? opened(entry.body.terms, heard) : value('nothing')
  }
  if (named !== null) return value(peerEntry === null ? 'answer' : 'nothing')
  const line = lineWith(book, peer)
  if (peerEntry !== null) return value('nothing')
  if (line === null) return value('proposal')
  // One that is open stays; HELLO tells the neighbour of it. Of two crossing proposals the lower bank's stands.
  if (isLive(line)) return value('nothing')
  if (compareBytes(peer, book.bank) > 0) return value('answer')
  return takeUpTheirs(line, { peer, terms: entry.body.terms, ref }, heard)
}

function opened(terms: Bytes, { ref, seen, rows }: Heard): LineOutcome {
  const open: Draft = { kind: 'line.open', body: { terms, peerEntry: ref } }
  return accept({ entries: seen === null ? [open] : [open, seen], rows: rows(), value: 'moved' })
}

/** Ours is withdrawn; theirs is taken up where it says the same, else the operator is asked. */
function takeUpTheirs(line: Line, theirs: Proposal, heard: Heard): LineOutcome {
  const body = { line: line.id, cause: 1, lastStatement: 0, peerEntry: null }
  const withdraw: Draft = { kind: 'line.close', body }
  const terms = decodeTerms(theirs.terms) as Terms
  const sameTerms =
    terms.lowerMayOwe.minutes === line.terms.lowerMayOwe.minutes &&
    terms.higherMayOwe.minutes === line.terms.higherMayOwe.minutes
  if (!sameTerms) return accept({ entries: [withdraw], rows: heard.rows(), value: 'proposal' })
  const open: Draft = { kind: 'line.open', body: { terms: theirs.terms, peerEntry: theirs.ref } }
  const entries = heard.seen === null ? [withdraw, open] : [withdraw, open, heard.seen]
  return accept({ entries, rows: heard.rows(), value: 'moved' })
}

function citesOurs(cited: Ref | null, bank: Bytes, line: Line): boolean {
  return cited !== null && sameBytes(cited.bank, bank) && cited.index === line.first
}

function onLimit(line: Line, entry: EntryOf<'line.limit'>, ref: Ref, rows: Rows): LineOutcome {
  const { direction, version, limit, fromOutSeq, peerEntry } = entry.body
  if (line.state !== 'open') return value('nothing')
  if (direction === 1) {
    if (peerEntry !== null) return value('nothing')
    if (version !== line.out.version + 1) return value('answer')
    const body = { line: line.id, direction: 2, version, limit, fromOutSeq: line.out.seq + 1, peerEntry: ref }
    return accept({ entries: [{ kind: 'line.limit', body }], rows: rows(), value: 'moved' })
  }
  const pending = line.pendingLimit
  const fits = pending?.version === version && pending.minutes === limit.minutes && fromOutSeq !== null
  if (!fits) return value('nothing')
  const body = { line: line.id, direction: 1, version, limit, fromOutSeq, peerEntry: ref }
  return accept({ entries: [{ kind: 'line.limit', body }], rows: rows(), value: 'moved' })
}

/**
 * The neighbour ends the line: we follow as soon as nothing is owed or open here. On a closed line our own answer is
 * what it waits for; a line that our board gave up is for our board.
 */
function onClose(line: Line | null, entry: EntryOf<'line.close'>, ref: Ref, rows: Rows): LineOutcome {
  const { cause, lastStatement, peerEntry } = entry.body
  switch (line?.state) {
    case undefined:
      return value('withdrawn')
    case 'closed':
      return value(peerEntry === null ? 'answer' : 'nothing')
    case 'dead':
      return value('nothing')
    case 'proposed':
      return value('later')
    case 'open':
    case 'closing': {
      if (!isSettled(line)) return value('later')
      const body = { line: line.id, cause, lastStatement, peerEntry: ref }
      return accept({ entries: [{ kind: 'line.close', body }], rows: rows(), value: 'moved' })
    }
  }
}

/** What our log says about what this entry of the neighbour is about. */
export function lineReply(book: Book, peer: Bytes, { entry }: TheirEntry): Outgoing[] {
  const id =
    entry.kind === 'line.open' ? lineIdOf(entry.body.terms) : 'line' in entry.body ? entry.body.line : null
  const named = id === null ? null : lineOfPeer(book, id, peer)
  const current = lineWith(book, peer)
  if (entry.kind === 'line.limit') return named === null ? [] : acknowledgement(named)
  const closed = named?.state === 'closed' ? lineMessages(named) : []
  return [...closed, ...(current === null ? [] : lineMessages(current))]
}
