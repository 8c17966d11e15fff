/**
 * What do entries about a line change? Opening (signed by both), limits (the creditor decides, the debtor
 * acknowledges), and pausing. How a line ends stands in apply-line-end.ts.
 */

import type { EntryOf } from '../entry.ts'
import { compareBytes, sameBytes, toHex } from '../ids.ts'
import { freshDirection, type Line, stepLimit } from '../line.ts'
import { lineIdOf } from '../sign.ts'
import { decodeTerms, type Terms } from '../terms.ts'
import { type Book, lineOf } from './book.ts'

/** Cause of `line.freeze`: the peer's head is behind. With evidence it refuses the recovery that left it there. */
const REFUSES = 3

export function applyLineOpen(book: Book, entry: EntryOf<'line.open'>, index: number): string | null {
  const terms = decodeTerms(entry.body.terms)
  if (terms === null) return 'the terms are malformed'
  if (compareBytes(terms.lower, terms.higher) >= 0) return 'the terms do not name the lower bank first'
  const weAreLower = sameBytes(terms.lower, book.bank)
  if (!weAreLower && !sameBytes(terms.higher, book.bank)) return 'the terms name two other banks'
  const peer = weAreLower ? terms.higher : terms.lower
  const { peerEntry } = entry.body
  if (peerEntry !== null && !sameBytes(peerEntry.bank, peer)) return "the cited entry is not the peer's"
  const held = book.lineByPeer.get(toHex(peer))
  if (held === undefined) return openNew(book, entry, { terms, peer, weAreLower, index })
  if (held.state !== 'proposed' || !sameBytes(held.id, lineIdOf(entry.body.terms)) || peerEntry === null) {
    return 'there is a line with this bank already'
  }
  held.state = 'open'
  held.peerEntry = peerEntry
  held.answer = index
  held.heard = entry.time
  return null
}

function openNew(
  book: Book,
  entry: EntryOf<'line.open'>,
  { terms, peer, weAreLower, index }: { terms: Terms; peer: Uint8Array; weAreLower: boolean; index: number },
): string | null {
  const id = lineIdOf(entry.body.terms)
  if (lineOf(book, id) !== null) return 'these terms were used already'
  const mine = weAreLower ? terms.lowerMayOwe : terms.higherMayOwe
  const theirs = weAreLower ? terms.higherMayOwe : terms.lowerMayOwe
  const line: Line = {
    number: book.lines.length,
    id,
    peer,
    terms,
    termsBytes: entry.body.terms,
    first: index,
    answer: index,
    state: entry.body.peerEntry === null ? 'proposed' : 'open',
    closing: -1,
    heard: entry.time,
    writtenOff: 0,
    susp: 0,
    peerEntry: entry.body.peerEntry,
    out: freshDirection(mine.minutes),
    in: freshDirection(theirs.minutes),
    receipted: 0,
    steps: [{ from: 1, minutes: theirs.minutes }],
    pendingLimit: null,
    acknowledged: index,
    frozen: false,
    refused: null,
    freezeIndex: -1,
    posts: [],
    open: 0,
    seen: null,
    peerEpochs: [],
  }
  book.lines.push(line)
  book.lineById.set(toHex(id), line)
  book.lineByPeer.set(toHex(peer), line)
  return null
}

export function applyLineLimit(book: Book, entry: EntryOf<'line.limit'>, index: number): string | null {
  const line = lineOf(book, entry.body.line)
  if (line === null || line.state !== 'open') return 'there is no such open line'
  const { direction, version, limit, fromOutSeq, peerEntry } = entry.body
  if (direction === 2) return acknowledge(line, entry, index)
  if (peerEntry === null) {
    if (line.pendingLimit !== null) return 'an earlier limit is not acknowledged yet'
    if (version !== line.in.version + 1 || fromOutSeq !== null)
      return 'the limit does not follow the one in force'
    line.pendingLimit = { minutes: limit.minutes, version, index }
    return null
  }
  const pending = line.pendingLimit
  if (
    pending === null ||
    pending.version !== version ||
    pending.minutes !== limit.minutes ||
    fromOutSeq === null
  ) {
    return 'the acknowledgement does not belong to the limit that waits'
  }
  if (!sameBytes(peerEntry.bank, line.peer)) return "the cited acknowledgement is not the peer's"
  stepLimit(line, { from: fromOutSeq, minutes: limit.minutes, version })
  line.heard = entry.time
  return null
}

/** We owe the peer, and its new limit binds us from our next posting on; earlier holds stand ([LINE-1]). */
function acknowledge(line: Line, entry: EntryOf<'line.limit'>, index: number): string | null {
  const { version, limit, fromOutSeq, peerEntry } = entry.body
  if (version !== line.out.version + 1) return 'the limit does not follow the one in force'
  if (fromOutSeq !== line.out.seq + 1) return 'an acknowledged limit names our next sequence number'
  if (peerEntry === null || !sameBytes(peerEntry.bank, line.peer))
    return "an acknowledgement cites the peer's limit"
  line.out.limit = limit.minutes
  line.out.version = version
  line.acknowledged = index
  line.heard = entry.time
  return null
}

export function applyLineFreeze(book: Book, entry: EntryOf<'line.freeze'>, index: number): string | null {
  const line = lineOf(book, entry.body.line)
  if (line === null || line.state !== 'open') return 'there is no such open line'
  const refuses = entry.body.cause === REFUSES && entry.body.evidence !== null
  if (refuses && line.refused !== null) return 'a recovery of this bank is refused already'
  if (!refuses && line.frozen) return 'the line is paused already'
  if (refuses) line.refused = entry.body.evidence
  line.frozen = true
  line.freezeIndex = index
  return null
}
