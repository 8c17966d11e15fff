/**
 * Do the two books of a line agree? What one bank owes the other by its own book is what the other is owed by its,
 * but for the minutes in flight ([LOG-14], [AUD-5]).
 */

import type { Key, Line } from './book.ts'

/** Both sides of a line. A positive figure means that this bank owes the other. */
export interface LineMirror {
  readonly line: Key
  readonly bank: Key
  readonly peer: Key
  readonly weOwe: number
  /** By the other bank's book; null when its log is not at hand. */
  readonly peerOwes: number | null
  /** Minutes on their way over the line, both directions together. */
  readonly inFlight: number
  /** What remains of both figures beyond the minutes in flight; 0 when the mirrors are equal. */
  readonly difference: number | null
  /** Minutes this bank may owe, and those above it that an agreed lowering has left. */
  readonly limit: number
  readonly excess: number
}

export function mirrorOf(side: { bank: Key; line: Line; theirs: number | null; flying: number }): LineMirror {
  const { bank, line, theirs, flying } = side
  return {
    line: line.key,
    bank,
    peer: line.peer,
    weOwe: line.clr,
    peerOwes: theirs,
    inFlight: flying,
    difference: theirs === null ? null : line.clr + theirs - flying,
    limit: line.mayOwe.minutes,
    excess: Math.max(0, line.clr - line.mayOwe.minutes),
  }
}
