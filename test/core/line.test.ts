/** Does a line keep what each bank may owe, whatever is sent, late or lost? The counters alone, both sides of one line. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayComeBack } from '../../src/core/ledger/apply-payer.ts'
import {
  clearing,
  freshDirection,
  type Line,
  provesExcess,
  roomToReceive,
  roomToSend,
} from '../../src/core/line.ts'
import type { PayerState } from '../../src/core/transfer/payer.ts'
import type { Payment } from '../../src/core/transfer/payments.ts'

/** A line seen from one bank, which may owe `mine` minutes and be owed `theirs`. */
function lineOf(mine: number, theirs: number): Line {
  const nothing = new Uint8Array(16)
  const cap = { minutes: 0, openCap: 0, parkCap: 0 }
  return {
    number: 0,
    id: nothing,
    peer: new Uint8Array(20),
    terms: {
      version: 1,
      lower: new Uint8Array(20),
      higher: new Uint8Array(20),
      lowerMayOwe: cap,
      higherMayOwe: cap,
      statementEvery: 0,
      nonce: nothing,
    },
    termsBytes: nothing,
    first: 0,
    answer: 0,
    state: 'open',
    closing: -1,
    heard: 0,
    writtenOff: 0,
    susp: 0,
    peerEntry: null,
    out: freshDirection(mine),
    in: freshDirection(theirs),
    receipted: 0,
    steps: [{ from: 1, minutes: theirs }],
    pendingLimit: null,
    acknowledged: 0,
    frozen: false,
    refused: null,
    freezeIndex: -1,
    posts: [],
    open: 0,
    seen: null,
    peerEpochs: [],
  }
}

/** One bank of a pair: its view of the line, postings on their way from it, and receipts on their way to it. */
interface Side {
  readonly line: Line
  readonly posted: number[]
  readonly receipts: number[]
}

/** An honest bank posts what fits, the other credits what fits and else waits, a receipt comes some time later. */
function act(from: Side, to: Side, step: { kind: 'post' | 'credit' | 'receipt'; minutes: number }): void {
  if (step.kind === 'post' && step.minutes <= roomToSend(from.line)) {
    from.line.out.sum += step.minutes
    from.line.out.seq += 1
    from.posted.push(step.minutes)
  }
  const next = from.posted[0]
  if (step.kind === 'credit' && next !== undefined && next <= roomToReceive(to.line, to.line.in.seq + 1)) {
    from.posted.shift()
    to.line.in.sum += next
    to.line.in.seq += 1
    from.receipts.push(next)
  }
  if (step.kind === 'receipt') from.line.receipted += from.receipts.shift() ?? 0
}

const limits = fc.integer({ min: 0, max: 30 })
const steps = fc.array(
  fc.record({
    from: fc.boolean(),
    kind: fc.constantFrom('post', 'credit', 'receipt'),
    minutes: fc.integer({ min: 1, max: 12 }),
  }),
  { maxLength: 80 },
)

describe('two honest banks on one line', () => {
  test('[LINE-3] [LINE-5] minutes in flight stay within both limits together, and the net within each', () => {
    fc.assert(
      fc.property(limits, limits, steps, (harbourMayOwe, millbrookMayOwe, taken) => {
        const harbour: Side = { line: lineOf(harbourMayOwe, millbrookMayOwe), posted: [], receipts: [] }
        const millbrook: Side = { line: lineOf(millbrookMayOwe, harbourMayOwe), posted: [], receipts: [] }
        for (const step of taken) {
          if (step.from) act(harbour, millbrook, step)
          else act(millbrook, harbour, step)
          const flying = [...harbour.posted, ...millbrook.posted].reduce((sum, minutes) => sum + minutes, 0)
          expect(flying).toBeLessThanOrEqual(harbourMayOwe + millbrookMayOwe)
          const net = millbrook.line.in.sum - harbour.line.in.sum
          expect(net).toBeLessThanOrEqual(harbourMayOwe)
          expect(-net).toBeLessThanOrEqual(millbrookMayOwe)
          // The mirrors differ by what is on its way and by nothing else.
          expect(clearing(harbour.line) + clearing(millbrook.line)).toBe(flying)
        }
      }),
    )
  })

  test('[LINE-4] a posting that has to wait fits once the receipts under way are there, so nobody waits for ever', () => {
    fc.assert(
      fc.property(limits, limits, steps, (harbourMayOwe, millbrookMayOwe, taken) => {
        const harbour: Side = { line: lineOf(harbourMayOwe, millbrookMayOwe), posted: [], receipts: [] }
        const millbrook: Side = { line: lineOf(millbrookMayOwe, harbourMayOwe), posted: [], receipts: [] }
        for (const step of taken) {
          if (step.from) act(harbour, millbrook, step)
          else act(millbrook, harbour, step)
        }
        const all = [...taken, ...taken]
        for (const _ of all) {
          for (const kind of ['receipt', 'credit'] as const) {
            act(harbour, millbrook, { kind, minutes: 1 })
            act(millbrook, harbour, { kind, minutes: 1 })
          }
        }
        expect([...harbour.posted, ...millbrook.posted]).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('[LINE-4] it waits while a receipt is under way, and no longer', () => {
    const harbour: Side = { line: lineOf(10, 10), posted: [], receipts: [] }
    const millbrook: Side = { line: lineOf(10, 10), posted: [], receipts: [] }
    act(harbour, millbrook, { kind: 'post', minutes: 10 })
    act(harbour, millbrook, { kind: 'credit', minutes: 0 })
    act(millbrook, harbour, { kind: 'post', minutes: 20 })
    act(millbrook, harbour, { kind: 'credit', minutes: 0 })
    expect(millbrook.posted).toEqual([20])
    act(harbour, millbrook, { kind: 'receipt', minutes: 0 })
    act(millbrook, harbour, { kind: 'credit', minutes: 0 })
    expect(millbrook.posted).toEqual([])
  })
})

describe('a neighbour that sends too much', () => {
  test.each([
    ['within the limit', 0, 0, 40, false],
    ['above it, but our own postings may have been credited there', 30, 0, 60, false],
    ['above what even full receipts could make room for', 30, 0, 71, true],
    ['above, after what was credited here already', 0, 25, 16, true],
  ])('[LINE-4] %s', (_, sent, credited, minutes, excess) => {
    const line = lineOf(40, 40)
    line.out.sum = sent
    line.in.sum = credited
    expect(provesExcess(line, { minutes, seq: 1 })).toBe(excess)
  })

  test.each<[PayerState, number, number, boolean]>([
    ['sent', 0, 600, true],
    ['paid', 0, 40, true],
    ['paid', 0, 41, false],
    ['paid', 30, 70, true],
    ['paid', 30, 71, false],
  ])(
    '[BYZ-5] a waiver of a payment in state %s, owing %i, over %i minutes: %s',
    (state, weOwe, minutes, may) => {
      const line = lineOf(2_400, 40)
      line.out.sum = weOwe
      line.receipted = weOwe
      const payment = { state, minutes } as Payment<PayerState>
      expect(mayComeBack(line, payment)).toBe(may)
    },
  )
})
