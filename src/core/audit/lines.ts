/**
 * Is a line opened, limited and paused by the rules, and does a post keep to its chain? ([LINE-1], [LINE-2]). How it
 * ends stands in endings.ts; what both banks must have logged alike is compared in join.ts.
 */

import type { Body } from '../entry.ts'
import { type Bytes, compareBytes, sameBytes } from '../ids.ts'
import { lineIdOf } from '../sign.ts'
import { readTerms, type Terms } from '../terms.ts'
import { bytesOf, cite, findLine, hexOf, type Key, keyOf, type Line, type Step, say } from './book.ts'

/** Where a chain begins: 32 zero bytes. */
const NO_LEAF = keyOf(new Uint8Array(32))

/** Cause of a freeze: the peer's head is behind; with evidence, a recovery of the peer is refused. */
const HEAD_BEHIND = 3

export function openLine(step: Step, body: Body<'line.open'>): void {
  const terms = readOwnTerms(step, body.terms)
  if (terms === null) return
  const key = keyOf(lineIdOf(body.terms))
  const known = step.book.lines.get(key)
  const line = known ?? newLine(step, key, terms)
  const cited = body.peerEntry === null ? null : cite(step, line, body.peerEntry)
  if (known === undefined) {
    const unclosed = [...step.book.lines.values()].some(
      (one) => one.peer === line.peer && one.state !== 'closed',
    )
    if (unclosed) say(step, 'AUD-6.second_line', { line: hexOf(key) })
    step.book.lines.set(key, line)
    line.state = cited === null ? 'proposed' : 'open'
  } else if (known.state === 'proposed' && cited !== null) {
    known.state = 'open'
  } else {
    say(step, 'AUD-6.line_state', { line: hexOf(key), state: known.state })
  }
  line.opens.push({ index: step.index, cited })
}

function readOwnTerms(step: Step, bytes: Bytes): Terms | null {
  const value = step.bench.decode(bytes)
  const terms = value === undefined ? undefined : readTerms(value)
  const { bank } = step.book
  const sound =
    terms !== undefined &&
    compareBytes(terms.lower, terms.higher) < 0 &&
    (sameBytes(terms.lower, bank) || sameBytes(terms.higher, bank))
  if (!sound) say(step, 'AUD-6.line_terms')
  return sound ? terms : null
}

function newLine(step: Step, key: string, terms: Terms): Line {
  const weAreLower = sameBytes(terms.lower, step.book.bank)
  const ours = weAreLower ? terms.lowerMayOwe : terms.higherMayOwe
  const theirs = weAreLower ? terms.higherMayOwe : terms.lowerMayOwe
  return {
    key,
    peer: keyOf(weAreLower ? terms.higher : terms.lower),
    terms,
    state: 'proposed',
    frozen: false,
    refused: null,
    peerEpochs: [],
    accepted: [],
    heard: step.time,
    opens: [],
    limits: [],
    closes: [],
    clr: 0,
    writtenOff: 0,
    susp: 0,
    open: 0,
    outSeq: 0,
    outSum: 0,
    outLeaf: NO_LEAF,
    reserved: 0,
    receipted: 0,
    inSeq: 0,
    credited: 0,
    promised: 0,
    mayOwe: { version: 1, minutes: ours.minutes },
    peerMayOwe: [{ version: 1, minutes: theirs.minutes, fromSeq: 1 }],
    pending: null,
  }
}

export function limitLine(step: Step, body: Body<'line.limit'>): void {
  const line = findLine(step, body.line)
  if (line === null) return
  if (line.state !== 'open') say(step, 'AUD-6.line_not_open', { line: hexOf(line.key) })
  const cited = body.peerEntry === null ? null : cite(step, line, body.peerEntry)
  const { direction, version } = body
  line.limits.push({ index: step.index, direction, version, minutes: body.limit.minutes, cited })
  if (direction === 2) acknowledgeLimit(step, line, body)
  else if (body.peerEntry === null) proposeLimit(step, line, body)
  else confirmLimit(step, line, body)
}

/** We are the debtor: the limit is in force for our own checks from here on. */
function acknowledgeLimit(step: Step, line: Line, body: Body<'line.limit'>): void {
  const good =
    body.version === line.mayOwe.version + 1 && body.peerEntry !== null && body.fromOutSeq === line.outSeq + 1
  if (!good) sayVersion(step, body, line.mayOwe.version + 1)
  line.mayOwe = { version: body.version, minutes: body.limit.minutes }
}

/** We are the creditor and change what the peer may owe; the larger counts until we cite its acknowledgement. */
function proposeLimit(step: Step, line: Line, body: Body<'line.limit'>): void {
  const last = line.pending?.version ?? line.peerMayOwe.at(-1)?.version ?? 0
  if (body.version !== last + 1 || body.fromOutSeq !== null) sayVersion(step, body, last + 1)
  line.pending = { version: body.version, minutes: body.limit.minutes }
}

function confirmLimit(step: Step, line: Line, body: Body<'line.limit'>): void {
  const { pending } = line
  const same = pending?.version === body.version && pending.minutes === body.limit.minutes
  if (!same || body.fromOutSeq === null) sayVersion(step, body, pending?.version ?? 0)
  line.peerMayOwe.push({ version: body.version, minutes: body.limit.minutes, fromSeq: body.fromOutSeq ?? 1 })
  line.pending = null
}

function sayVersion(step: Step, body: Body<'line.limit'>, expected: number): void {
  say(step, 'AUD-6.limit_version', { line: hexOf(keyOf(body.line)), expected, found: body.version })
}

export function freezeLine(step: Step, body: Body<'line.freeze'>): void {
  const line = findLine(step, body.line)
  if (line === null) return
  if (line.state !== 'open') say(step, 'AUD-6.line_state', { line: hexOf(line.key), state: line.state })
  line.frozen = true
  if (body.cause === HEAD_BEHIND && body.evidence !== null) line.refused = keyOf(body.evidence)
}

/** Minutes the peer may owe us for a post with this number, or for a promise (null): [LINE-4]. */
export function peerLimit(line: Line, seq: number | null): number {
  const steps = line.peerMayOwe
  const governing = seq === null ? steps.at(-1) : steps.findLast((one) => one.fromSeq <= seq)
  return Math.max(governing?.minutes ?? 0, line.pending?.minutes ?? 0)
}

/** True when the peer may have offered under this version of its limit. */
export function peerVersionKnown(line: Line, version: number): boolean {
  return line.pending?.version === version || line.peerMayOwe.some((one) => one.version === version)
}

/** One outgoing post on its chain: next number, sum so far, leaf hash of the one before ([LINE-2]). */
export function followOut(step: Step, line: Line, id: Key, part: Body<'pay.commit'>['parts'][number]): void {
  const facts = { line: hexOf(line.key), id: hexOf(id) }
  if (part.outSeq !== line.outSeq + 1)
    say(step, 'AUD-5.out_seq', { ...facts, expected: line.outSeq + 1, found: part.outSeq })
  const sum = line.outSum + part.minutes
  if (part.outSum !== sum) say(step, 'AUD-5.out_sum', { ...facts, expected: sum, found: part.outSum })
  if (!sameBytes(part.prevOut, bytesOf(line.outLeaf))) say(step, 'AUD-5.prev_out', facts)
  // Goes on from what is claimed, so that one break is one finding.
  line.outSeq = part.outSeq
  line.outSum = part.outSum
  line.outLeaf = keyOf(step.leaf)
}

/** One number of the peer consumed, each once and in order ([LOG-13]). */
export function followIn(step: Step, line: Line, id: Key, seq: number | null): void {
  const expected = line.inSeq + 1
  const facts = { line: hexOf(line.key), id: hexOf(id), expected }
  if (seq === null) return say(step, 'AUD-5.in_seq', { ...facts, found: 'none' })
  if (seq !== expected) say(step, 'AUD-5.in_seq', { ...facts, found: seq })
  line.inSeq = seq
}
