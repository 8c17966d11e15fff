/**
 * How does a line end, and come back? Both banks close it when nothing is owed and nothing is open; a bank that stays
 * silent is given up by our board, its debt is written off, and taken up again when it returns ([LINE-10]).
 */

import type { EntryOf, Ref } from '../entry.ts'
import { type Bytes, sameBytes, toHex } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { clearing, isSettled, type Line } from '../line.ts'
import { boardRefusal } from './authority.ts'
import { type Book, lineOf, post } from './book.ts'

/** Causes of `line.thaw`, by their number in the log. */
export const THAW = { ownFreeze: 1, ownClose: 2, deadCameBack: 3, recoveryAccepted: 4 } as const

export function applyLineThaw(book: Book, entry: EntryOf<'line.thaw'>, index: number): string | null {
  const { line: id, cause, board, accepted } = entry.body
  const line = lineOf(book, id)
  if (line === null) return 'there is no such line'
  if (cause === THAW.recoveryAccepted)
    return acceptRecovery(book, line, { board, accepted, time: entry.time, index })
  if (accepted !== null) return 'nothing of the peer is accepted by this cause'
  if (cause === THAW.deadCameBack) return takeUpAgain(book, line, { board, time: entry.time, index })
  if (board !== null) return 'the board has no part in a thaw of this cause'
  switch (cause) {
    case THAW.ownFreeze:
      if (line.state !== 'open' || !line.frozen) return 'there is no such paused line'
      if (line.refused !== null) return 'a recovery that was refused is accepted by the board'
      line.frozen = false
      line.freezeIndex = index
      return null
    case THAW.ownClose:
      if (line.state !== 'closing') return 'there is no close of ours to take back'
      line.state = 'open'
      line.closing = index
      return null
    default:
      return 'only the own pause, the own close and a dead line can be lifted'
  }
}

/** The board's word that the bank came back. What was given up is claimed again before, so that nothing is forgotten. */
function takeUpAgain(
  book: Book,
  line: Line,
  { board, time, index }: { board: readonly Bytes[] | null; time: number; index: number },
): string | null {
  if (line.state !== 'dead') return 'only a dead line is taken up again'
  const refused = boardRefusal(book, board ?? [], time)
  if (refused !== null) return `the thaw is refused: ${refused.code}`
  if (line.writtenOff !== 0) return 'what was written off is taken back first'
  line.state = 'open'
  line.frozen = false
  // The board has compared the heads: what was refused before is taken with them.
  line.refused = null
  line.freezeIndex = index
  return null
}

/** The board's word that a recovery is taken as it is, though it leaves out what the peer had signed ([KEY-5]). */
function acceptRecovery(
  book: Book,
  line: Line,
  by: { board: readonly Bytes[] | null; accepted: Ref | null; time: number; index: number },
): string | null {
  const { board, accepted, time, index } = by
  if (line.state !== 'open' || line.refused === null) return 'no recovery was refused on this line'
  if (accepted === null || !sameBytes(accepted.bank, line.peer) || !sameBytes(accepted.leaf, line.refused))
    return 'the recovery accepted is not the one that was refused'
  const refused = boardRefusal(book, board ?? [], time)
  if (refused !== null) return `the thaw is refused: ${refused.code}`
  line.frozen = false
  line.refused = null
  line.freezeIndex = index
  return null
}

export function applyLineDead(book: Book, entry: EntryOf<'line.dead'>, index: number): string | null {
  const { line: id, board } = entry.body
  const line = lineOf(book, id)
  if (line === null || (line.state !== 'open' && line.state !== 'closing'))
    return 'there is no such open line'
  const refused = boardRefusal(book, board, entry.time)
  if (refused !== null) return `giving up is refused: ${refused.code}`
  if (entry.time < line.heard + LIMITS.deadSilenceSeconds)
    return 'the peer has not been silent for long enough'
  line.state = 'dead'
  line.freezeIndex = index
  return null
}

/** A claim on a dead bank is given up, at most what it owes; below 0 it is taken back, at most what was given up. */
export function applyWriteOff(book: Book, entry: EntryOf<'line.writeoff'>): string | null {
  const { line: id, minutes, board } = entry.body
  const line = lineOf(book, id)
  if (line === null || line.state !== 'dead') return 'only the claim of a dead line is written off'
  const refused = boardRefusal(book, board, entry.time)
  if (refused !== null) return `the write-off is refused: ${refused.code}`
  if (minutes > 0 && minutes > -clearing(line)) return 'more is written off than the peer owes'
  if (-minutes > line.writtenOff) return 'more is taken back than was written off'
  line.writtenOff += minutes
  line.susp -= minutes
  return null
}

/** The pot bears a loss, or gets back what it had borne; always towards zero. */
export function applySettle(book: Book, entry: EntryOf<'susp.settle'>): string | null {
  const { line: id, minutes, board } = entry.body
  const line = lineOf(book, id)
  if (line === null) return 'there is no such line'
  const refused = boardRefusal(book, board, entry.time)
  if (refused !== null) return `settling is refused: ${refused.code}`
  if (book.fund === null) return 'there is no community pot to bear it'
  const towardsZero = Math.sign(minutes) === -Math.sign(line.susp) && Math.abs(minutes) <= Math.abs(line.susp)
  if (!towardsZero) return 'what was written off is settled towards zero, and no further'
  line.susp += minutes
  post(book, book.fund, -minutes)
  return null
}

/**
 * Our wish to end a line, our answer to the peer's, or what its answer makes of ours. A proposal is withdrawn by one
 * entry that names none.
 */
export function applyLineClose(book: Book, entry: EntryOf<'line.close'>, index: number): string | null {
  const { line: id, peerEntry } = entry.body
  const line = lineOf(book, id)
  if (line === null) return 'there is no such line'
  if (peerEntry !== null && !sameBytes(peerEntry.bank, line.peer)) return "the cited close is not the peer's"
  switch (line.state) {
    case 'proposed':
      if (peerEntry !== null) return 'a proposal is withdrawn by an entry that names none'
      break
    case 'open':
    case 'closing':
      if (!isSettled(line)) return 'a line is closed when nothing is owed and nothing is open'
      if (peerEntry !== null) break
      if (line.state === 'closing') return 'our close waits for the peer already'
      line.state = 'closing'
      line.closing = index
      return null
    default:
      return 'there is no such line to close'
  }
  line.state = 'closed'
  line.answer = index
  if (peerEntry !== null) line.heard = entry.time
  book.lineByPeer.delete(toHex(line.peer))
  return null
}
