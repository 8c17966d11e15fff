/**
 * Do the two books of a line agree? What one bank owes the other by its own book is what the other is owed by its,
 * but for the minutes in flight and those a board wrote off ([LOG-14], [AUD-5]).
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
  /** Minutes of the other's debt that either bank gave up, both together; they stand in one book alone. */
  readonly writtenOff: number
  /** What remains of both figures beyond those in flight and written off; 0 when the mirrors are equal. */
  readonly difference: number | null
  /** Minutes this bank may owe, and those above it that an agreed lowering has left. */
  readonly limit: number
  readonly excess: number
}

export function mirrorOf(side: {
  bank: Key
  line: Line
  theirs: number | null
  flying: number
  writtenOff: number
}): LineMirror {
  const { bank, line, theirs, flying, writtenOff } = side
  return {
    line: line.key,
    bank,
    peer: line.peer,
    weOwe: line.clr,
    peerOwes: theirs,
    inFlight: flying,
    writtenOff,
    difference: theirs === null ? null : line.clr + theirs - flying - writtenOff,
    limit: line.mayOwe.minutes,
    excess: Math.max(0, line.clr - line.mayOwe.minutes),
  }
}
