import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { must } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import { bookSum } from '../../src/core/ledger/book.ts'
import { clearing } from '../../src/core/line.ts'
import { brokenRules } from './judge.ts'
import { type PureBank, purePair, type Said, settle } from './pure-pair.ts'

type Step =
  | { act: 'pay'; who: 0 | 1; minutes: number; postal: boolean }
  | { act: 'deliver'; pick: number }
  | { act: 'cancel' | 'swapPost' | 'swapWait'; who: 0 | 1; pick: number }
  | { act: 'pass'; who: 0 | 1; seconds: number; looks: boolean }
  | { act: 'limit'; who: 0 | 1; minutes: number }

const minutes = fc.integer({ min: 20, max: 150 })
const who = fc.constantFrom<0 | 1>(0, 1)
const pick = fc.nat({ max: 1_000 })
const payStep = fc.record({
  act: fc.constant('pay' as const),
  who,
  minutes: fc.integer({ min: 1, max: 60 }),
  postal: fc.boolean(),
})
const deliverStep = fc.record({ act: fc.constant('deliver' as const), pick })
const otherStep = fc.record({
  act: fc.constantFrom('cancel' as const, 'swapPost' as const, 'swapWait' as const),
  who,
  pick,
})
const seconds = fc.constantFrom(1, 600, 4_000, 700_000)
const passStep = fc.record({ act: fc.constant('pass' as const), who, seconds, looks: fc.boolean() })
const limitStep = fc.record({
  act: fc.constant('limit' as const),
  who,
  minutes: fc.integer({ min: 0, max: 200 }),
})

const steps = (...more: fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { arbitrary: deliverStep, weight: 6 },
      { arbitrary: payStep, weight: 3 },
      otherStep,
      passStep,
      ...more,
    ),
    {
      minLength: 10,
      maxLength: 80,
    },
  )

/** Runs the steps; `look` after each. Any message ever said may be delivered at any time, any number of times. */
function run(banks: readonly [PureBank, PureBank], all: readonly Step[], look: () => void): void {
  const pool: Said[] = []
  for (const step of all) {
    const bank = 'who' in step ? banks[step.who]! : banks[0]!
    const held = [...bank.log.book.asPayer.open()].filter(({ state }) => state === 'held')
    const one = 'pick' in step ? held[step.pick % Math.max(1, held.length)] : undefined
    switch (step.act) {
      case 'pay':
        pool.push(...bank.pay(step.minutes, step.postal).said)
        break
      case 'deliver': {
        // The newest are picked more often, so that payments come to an end.
        const said =
          pool[Math.max(0, pool.length - 1 - (step.pick % Math.min(pool.length, 1 + (step.pick % 12))))]
        if (said !== undefined) pool.push(...said.from.peer.hear(said))
        break
      }
      case 'cancel':
        if (one !== undefined) pool.push(...bank.cancel(one.id))
        break
      case 'swapPost':
      case 'swapWait':
        if (one !== undefined) pool.push(...bank.swap(one.id, step.act === 'swapPost'))
        break
      case 'pass':
        bank.log.time += step.seconds
        if (step.looks) pool.push(...bank.tick())
        break
      case 'limit':
        pool.push(...bank.limit(step.minutes))
        break
    }
    look()
  }
}

function atRest([a, b]: readonly [PureBank, PureBank]): void {
  settle([a, b])
  expect(clearing(a.line) + clearing(b.line)).toBe(0)
  for (const one of [a, b]) {
    expect([one.line.open, one.line.out.reserved, one.line.in.reserved, one.log.book.hold]).toEqual([
      0, 0, 0, 0,
    ])
    expect(one.line.in.seq).toBe(one.peer.line.out.seq)
    expect(one.line.in.chain).toEqual(one.peer.line.out.chain)
    expect(one.log.account(one.member)).toMatchObject({ open: 0, promised: 0 })
    for (const payment of one.log.book.asPayer.open()) must(false, `nothing is open: ${toHex(payment.id)}`)
  }
  outcomes(a)
  outcomes(b)
  // A second reducer, which shares no rule with the first, finds nothing: an honest bank is never accused.
  expect(brokenRules([a.log, b.log])).toEqual([])
}

/** Paid at the payer's bank means credited at the payee's; returned means waived; dead means never credited. */
function outcomes(bank: PureBank): void {
  const { asPayer } = bank.log.book
  for (let row = 0; row < asPayer.size; row++) {
    const { id, state } = asPayer.at(row)
    const there = bank.peer.log.book.asPayee.stateOf(id)
    if (state === 'paid') expect(there).toBe('credited')
    else if (state === 'returned') expect(there).toBe('waived')
    else expect(['none', 'released', 'waived']).toContain(there)
  }
}

describe('two books that exchange what they signed, lost, doubled and reordered', () => {
  test('[PAY-1] [PAY-4] [BYZ-1] [AUD-2] [LINE-3] [LINE-4] [LINE-5] no position leaves its limit, every book sums to 0, mirrors are equal at rest', () => {
    fc.assert(
      fc.property(steps(), minutes, minutes, fc.option(minutes), (all, aMayOwe, bMayOwe, stopHigh) => {
        const banks = purePair(aMayOwe, bMayOwe, stopHigh)
        const [a, b] = banks
        run(banks, all, () => {
          expect([bookSum(a.log.book), bookSum(b.log.book)]).toEqual([0, 0])
          expect(clearing(a.line)).toBeLessThanOrEqual(aMayOwe)
          expect(clearing(a.line)).toBeGreaterThanOrEqual(-bMayOwe)
          expect(clearing(b.line)).toBeLessThanOrEqual(bMayOwe)
          expect(clearing(b.line)).toBeGreaterThanOrEqual(-aMayOwe)
          // In flight: what one has posted and the other has not booked.
          expect(clearing(a.line) + clearing(b.line)).toBeLessThanOrEqual(aMayOwe + bMayOwe)
          expect(clearing(a.line) + clearing(b.line)).toBeGreaterThanOrEqual(0)
        })
        atRest(banks)
      }),
      { numRuns: 150 },
    )
  })

  test('[LINE-1] the same with limits raised and lowered meanwhile: all payments end, mirrors are equal, limits agree', () => {
    fc.assert(
      fc.property(steps(limitStep), (all) => {
        const banks = purePair(100, 100)
        run(banks, all, () => {
          for (const { log } of banks) expect(bookSum(log.book)).toBe(0)
        })
        atRest(banks)
        const [a, b] = banks
        expect([a.line.out.limit, a.line.out.version]).toEqual([b.line.in.limit, b.line.in.version])
        expect([b.line.out.limit, b.line.out.version]).toEqual([a.line.in.limit, a.line.in.version])
      }),
      { numRuns: 150 },
    )
  })

  test('[PAY-12] a swap leaves exactly one live order, at every point', () => {
    const [a, b] = purePair(100, 100)
    const first = a.pay(30, false)
    a.swap(first.id, false)
    expect(a.log.book.asPayer.stateOf(first.id)).toBe('dead')
    expect([...a.log.book.asPayer.open()].length).toBe(1)
    const [second] = [...a.log.book.asPayer.open()]
    a.swap(second!.id, true)
    expect([...a.log.book.asPayer.open()].map(({ state }) => state)).toEqual(['sent'])
    expect(a.log.account(a.member).balance).toBe(-30)
    for (const said of first.said) for (const answer of b.hear(said)) a.hear(answer)
    atRest([a, b])
    expect(b.log.account(b.member).balance).toBe(30)
  })
})
