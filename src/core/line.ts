/**
 * How much may one bank still owe another? A line is a pair of limits and, for each direction, a chain of
 * postings with its counters. Count what we owe as early as possible and what we are owed as late as possible.
 */

import type { Ref } from './entry.ts'
import type { Bytes } from './ids.ts'
import type { Terms } from './terms.ts'

/**
 * `proposed`: ours, not answered yet. `open`: signed by both. `closing`: we ended it and the peer has not answered yet.
 * `dead`: our board gave the silent peer up. `closed`: ended by both, or a withdrawn proposal.
 */
export type LineState = 'proposed' | 'open' | 'closing' | 'dead' | 'closed'

/** One direction of a line, seen from one of its banks. Minutes. */
export interface Direction {
  /** Sequence number of the last posting sent, or consumed; 0 before the first. */
  seq: number
  /** Minutes of all postings sent; for the incoming direction, minutes credited here. */
  sum: number
  /** Leaf hash of the last posting sent, or consumed; 32 zero bytes before the first. */
  chain: Bytes
  /** Minutes of sent postings that came back; stays 0 for the incoming direction. */
  returned: number
  /** Minutes reserved by what is undecided. */
  reserved: number
  /** Limit in force for this direction: the most its sender may owe. */
  limit: number
  /** Version of that limit, from 1. */
  version: number
}

export interface Line {
  /** Its number in the book, in order of opening. */
  readonly number: number
  readonly id: Bytes
  readonly peer: Bytes
  readonly terms: Terms
  readonly termsBytes: Bytes
  /** Index of our first `line.open`, and of the newest `line.open` or final `line.close`. */
  readonly first: number
  answer: number
  state: LineState
  /** Index of our newest `line.close` that waits for the peer, or `line.thaw` that took it back; -1 without one. */
  closing: number
  /** Time of our newest entry that shows that the peer spoke, in seconds. */
  heard: number
  /** Minutes of the peer's debt that the board gave up: they count in the position, and the peer still owes them. */
  writtenOff: number
  /** Balance of `susp` for this line, in minutes: below 0 what was given up and nobody has borne yet. */
  susp: number
  /** The peer's `line.open` that ours cites. */
  peerEntry: Ref | null
  /** What we post to the peer. */
  readonly out: Direction
  /** What the peer posts to us. */
  readonly in: Direction
  /** Of our postings: minutes whose receipt we hold, and that were not given back since. */
  receipted: number
  /**
   * What the peer may owe us, step by step: minutes, and its first sequence number they hold for. The last is in
   * force; an earlier one stands for postings below that are still to come ([LINE-1]).
   */
  readonly steps: { readonly from: number; readonly minutes: number }[]
  /** A limit for the peer that we wrote and the peer has not acknowledged yet. */
  pendingLimit: { readonly minutes: number; readonly version: number; readonly index: number } | null
  /** Index of our newest entry about the limit of what we may owe; its ref is what the peer cites. */
  acknowledged: number
  /** We stopped new hours on this line. */
  frozen: boolean
  /** Leaf hash of the peer's `rotate.in` that we refused: only the board takes it as it is ([KEY-5]). */
  refused: Bytes | null
  /** Index of the newest entry that says whether new hours pass here: `line.freeze`, `line.thaw`, `line.dead`. */
  freezeIndex: number
  /** Entry index of each of our postings, by sequence number less one. */
  readonly posts: number[]
  /** Ids that are open on this line in either role. */
  open: number
  /** Time of our last `seen` of this peer, and both sequence numbers then. */
  seen: { readonly time: number; readonly out: number; readonly in: number } | null
  /** Epochs of the peer's log that our `seen` entries name, each with the index of the first that does. */
  readonly peerEpochs: { readonly epoch: number; readonly from: number }[]
}

/** Epoch of the peer's log that our log knows of, now or as of one of our entries; 0 before anything was seen. */
export function peerEpoch(line: Line, index = Number.POSITIVE_INFINITY): number {
  return line.peerEpochs.findLast(({ from }) => from <= index)?.epoch ?? 0
}

export function freshDirection(limit: number): Direction {
  return { seq: 0, sum: 0, chain: new Uint8Array(32), returned: 0, reserved: 0, limit, version: 1 }
}

/** Minutes we owe the peer (+) or the peer owes us (-), whatever our board gave up. */
export function owed(line: Line): number {
  return line.out.sum - line.out.returned - line.in.sum
}

/** Posted position in the book: what is owed, less what was written off of a claim. */
export function clearing(line: Line): number {
  return owed(line) + line.writtenOff
}

/** Artefacts still pass on this line, though perhaps nothing new begins. */
export function isLive(line: Line): boolean {
  return line.state === 'open' || line.state === 'closing' || line.state === 'dead'
}

/** Nothing is owed either way, and nothing is on its way or undecided. */
export function isSettled(line: Line): boolean {
  return clearing(line) === 0 && line.open === 0
}

/**
 * Minutes that a new hold may still take: limit - (out + reserved - firmIn). On a direct line every incoming
 * minute we booked is firm, for only we could give it back ([LINE-3]).
 */
export function roomToSend(line: Line): number {
  const out = line.out.sum - line.out.returned
  return line.out.limit - (out + line.out.reserved - line.in.sum)
}

/**
 * Minutes that the peer may still post or reserve with us: limit - (in + reserved - firmOut), where firmOut counts
 * only own minutes whose receipt is held ([LINE-4]). While a new limit waits for its acknowledgement, the larger counts.
 */
export function roomToReceive(line: Line, seq?: number): number {
  return limitToReceive(line, seq) - (line.in.sum + line.in.reserved - line.receipted)
}

/**
 * Most the peer may owe us by what it promises now, or by its posting of this sequence number; of two limits of which
 * one waits for its acknowledgement, the larger.
 */
export function limitToReceive(line: Line, seq = Number.POSITIVE_INFINITY): number {
  const step = line.steps.findLast(({ from }) => from <= seq)
  return Math.max(step?.minutes ?? 0, line.pendingLimit?.minutes ?? 0)
}

/** The peer acknowledged a limit from this sequence number of its own on. */
export function stepLimit(
  line: Line,
  step: { readonly from: number; readonly minutes: number; readonly version: number },
): void {
  line.in.limit = step.minutes
  line.in.version = step.version
  line.pendingLimit = null
  line.steps.push({ from: step.from, minutes: step.minutes })
  // A step that no coming posting can fall under is over.
  while ((line.steps[1]?.from ?? Number.POSITIVE_INFINITY) <= line.in.seq + 1) line.steps.shift()
}

/**
 * Whether this posting is more than any honest bank could send: even if everything we ever posted had been credited
 * there, what we credited and this posting exceed the limit ([LINE-4]). What we gave back does not count.
 */
export function provesExcess(
  line: Line,
  posting: { readonly minutes: number; readonly seq: number },
): boolean {
  return line.in.sum + posting.minutes - line.out.sum > limitToReceive(line, posting.seq)
}
