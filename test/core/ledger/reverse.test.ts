import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Auth, Body } from '../../../src/core/entry.ts'
import { type Bytes, toHex } from '../../../src/core/ids.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { Exchanges } from '../../../src/core/ledger/exchanges.ts'
import { exchangeIdOf } from '../../../src/core/sign.ts'
import { BookLog, COORDINATOR, expectRefused, FUND, id16, id32, intentOf, TODAY, word } from './books.ts'

interface Town {
  readonly log: BookLog
  readonly ada: Bytes
  readonly bo: Bytes
  readonly cem: Bytes
}

function town(rules: Parameters<typeof BookLog.founded>[1] = {}): Town {
  const log = BookLog.founded(1, rules)
  return { log, ada: log.member(1), bo: log.member(2), cem: log.member(3) }
}

type Legs = readonly (readonly [Bytes, number])[]

/** Records help and gives what a reversal of it must name. */
function recorded(log: BookLog, legs: Legs, nonce = 61, more: Partial<Body<'exchange'>> = {}) {
  const intent = intentOf(log, legs, { nonce })
  const index = log.add('exchange', { intent, channel: 2, auths: [word(null)], refs: [], ...more })
  return { index, id: exchangeIdOf(intent) }
}

type Word = Auth & { form: 2 }

function back(
  target: { readonly index: number; readonly id: Bytes },
  more: Partial<Body<'reverse'>> = {},
): Body<'reverse'> {
  const auths = [word(null, { reason: 6 }) as Word]
  return { ...target, cause: 1, auths, commitment: id32(62), nonce: id16(63), ...more }
}

describe('a record that was wrong', () => {
  test('[EX-8] [LOG-3] is taken back in full: balances and tallies are what they were, and both entries stay', () => {
    const { log, ada, bo, cem } = town()
    const before = [ada, bo, cem].map((one) => ({ ...log.account(one), lastPosting: 0 }))
    const legs: Legs = [
      [ada, -90],
      [bo, 60],
      [cem, 30],
    ]
    const target = recorded(log, legs)
    const index = log.add('reverse', back(target))
    expect([ada, bo, cem].map((one) => ({ ...log.account(one), lastPosting: 0 }))).toEqual(before)
    expect([...log.book.postings.newestFirst(log.account(bo).lastPosting)]).toEqual([index, target.index])
    expect(log.book.exchanges.reversedAt(log.book.exchanges.find(target.id))).toBe(index)
    expect(bookSum(log.book)).toBe(0)
  })

  test('[EX-8] is taken back once', () => {
    const { log, ada, bo } = town()
    const target = recorded(log, [
      [ada, -5],
      [bo, 5],
    ])
    log.add('reverse', back(target))
    expectRefused(log, 'reverse', back(target, { nonce: id16(64) }), /reversed_already/)
  })

  test('[EX-8] is named by id and index, or nothing happens', () => {
    const { log, ada, bo } = town()
    const legs: Legs = [
      [ada, -5],
      [bo, 5],
    ]
    const [one, two] = [recorded(log, legs, 1), recorded(log, legs, 2)]
    expectRefused(log, 'reverse', back({ ...one, index: two.index }), /record_unknown/)
    expectRefused(log, 'reverse', back({ ...one, id: id32(9) }), /record_unknown/)
    log.add('reverse', back(two))
    log.add('reverse', back(one))
  })

  test('[EX-8] [LOG-8] neither a stop nor a suspended account keeps it; a closed account does', () => {
    const { log, ada, bo } = town()
    const pair = (nonce: number, minutes: number) =>
      recorded(
        log,
        [
          [ada, -minutes],
          [bo, minutes],
        ],
        nonce,
      )
    const [one, two] = [pair(1, 525_600), pair(2, 30)]
    for (const acct of [ada, bo]) log.add('acct.suspend', { acct, on: true, cause: 1, nonce: id16(7) })
    log.add('reverse', back(one))
    expect(log.account(bo)).toMatchObject({ balance: 30, given: 30, state: 'suspended' })
    log.add('acct.suspend', { acct: bo, on: false, cause: 1, nonce: id16(8) })
    recorded(
      log,
      [
        [bo, -30],
        [FUND, 30],
      ],
      3,
    )
    log.add('acct.close', { acct: bo, cause: 1, nonce: id16(9) })
    expectRefused(log, 'reverse', back(two), /account_closed/)
    expect(log.account(bo)).toMatchObject({ balance: 0, state: 'closed' })
  })

  test('[EX-8] [LOG-7] by a coordinator for whoever loses hours by it, never the own while there is another', () => {
    const { log, ada, bo } = town()
    const target = recorded(log, [
      [ada, -5],
      [bo, 5],
    ])
    const by = (auth: Partial<Word>) => back(target, { auths: [word(null, auth) as Word] })
    expectRefused(log, 'reverse', by({ onBehalfOf: ada }), /not_covered/)
    expectRefused(log, 'reverse', by({ actor: id16(77) }), /coordinator_unknown/)
    log.add('role.grant', { actor: id16(20), role: 1, ownAcct: bo, until: null, nonce: id16(9) })
    expectRefused(log, 'reverse', by({ actor: id16(20) }), /not_covered/)
    log.add('reverse', by({ actor: COORDINATOR, onBehalfOf: bo }))
  })

  test('[EX-8] [LOG-7] above the bound of the rules a second coordinator is named', () => {
    const { log, ada, bo } = town({ secondOver: 60 })
    log.add('role.grant', { actor: id16(20), role: 1, ownAcct: null, until: null, nonce: id16(9) })
    const target = recorded(
      log,
      [
        [ada, -90],
        [bo, 90],
      ],
      1,
      { auths: [word(null, { second: id16(20) })] },
    )
    expectRefused(log, 'reverse', back(target), /coordinator_unknown/)
    log.add('reverse', back(target, { auths: [word(null, { second: id16(20) }) as Word] }))
  })

  test('[EX-8] an opening balance is taken back without a trace in the tallies', () => {
    const { log, ada } = town()
    log.add('acct.open', { acct: id16(50), class: 5, nonce: id16(9) })
    const legs: Legs = [
      [ada, -100],
      [id16(50), 100],
    ]
    const target = recorded(log, legs, 1, { channel: 6, refs: [{ type: 5, value: id32(1) }] })
    log.add('reverse', back(target))
    expect(log.account(ada)).toMatchObject({ balance: 0, given: 0, received: 0 })
  })
})

describe('a record in the place of another', () => {
  test('[EX-8] names the one that was taken back, and nothing that stands', () => {
    const { log, ada, bo } = town()
    const of = (minutes: number): Legs => [
      [ada, -minutes],
      [bo, minutes],
    ]
    const [wrong, other] = [recorded(log, of(90), 1), recorded(log, of(10), 2)]
    const instead = (value: Bytes): Body<'exchange'> => ({
      intent: intentOf(log, of(60), { nonce: 3 }),
      channel: 2,
      auths: [word(null)],
      refs: [{ type: 1, value }],
    })
    expectRefused(log, 'exchange', instead(wrong.id), /request_malformed/)
    log.add('reverse', back(wrong))
    expectRefused(log, 'exchange', instead(other.id), /request_malformed/)
    expectRefused(log, 'exchange', instead(id32(5)), /request_malformed/)
    const index = log.add('exchange', instead(wrong.id))
    const { exchanges } = log.book
    expect(exchanges.indexOf(exchanges.replacedBy(exchanges.find(wrong.id)))).toBe(index)
    expect(exchanges.replacedBy(exchanges.find(other.id))).toBe(-1)
    expect(log.account(bo)).toMatchObject({ balance: 70, given: 70 })
  })
})

describe('the table of records', () => {
  const leg = fc.record({
    account: fc.nat(2 ** 31),
    minutes: fc.integer({ min: -525_600, max: 525_600 }),
  })

  test('[CRASH-10] gives back every leg, place and mark as lists would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(leg, { maxLength: 5 }), fc.boolean()), { maxLength: 60 }),
        (all) => {
          const table = new Exchanges()
          for (const [i, [legs, opening]] of all.entries())
            expect(table.add(id32(i + 1), { index: i * 3, opening, legs })).toBe(i)
          for (const [row, [legs, opening]] of all.entries()) {
            expect(table.legsOf(row)).toEqual(legs)
            expect([table.indexOf(row), table.isOpening(row), table.reversedAt(row)]).toEqual([
              row * 3,
              opening,
              -1,
            ])
            expect([table.find(id32(row + 1)), toHex(table.at(row))]).toEqual([row, toHex(id32(row + 1))])
          }
        },
      ),
    )
  })

  test('[CRASH-10] 24 bytes beside the id for help between two, over the edges of its pieces', () => {
    const table = new Exchanges()
    const legs = [
      { account: 1, minutes: -60 },
      { account: 4_000, minutes: 60 },
    ]
    for (let i = 0; i < 30_000; i++) table.add(id32(i + 1), { index: TODAY + i, opening: false, legs })
    expect(table.legsOf(29_999)).toEqual(legs)
    expect(table.indexOf(17_003)).toBe(TODAY + 17_003)
    expect(table.bytesHeld / table.size).toBeLessThan(24 + 48)
    expect(() => table.add(id32(70_000), { index: 2 ** 32, opening: false, legs })).toThrow('2^31')
  })
})
