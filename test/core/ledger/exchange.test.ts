import { describe, expect, test } from 'vitest'
import { encode } from '../../../src/core/codec.ts'
import type { Auth, Body } from '../../../src/core/entry.ts'
import type { Bytes } from '../../../src/core/ids.ts'
import { decodeIntent, encodeIntent } from '../../../src/core/intent.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { memoCommitment } from '../../../src/core/memo.ts'
import {
  BookLog,
  COORDINATOR,
  expectRefused,
  id16,
  id32,
  intentOf,
  joinBanks,
  START,
  session,
  TODAY,
  usableKey,
  word,
} from './books.ts'
import { EXAMPLES } from './examples.ts'

interface Town {
  log: BookLog
  ada: Bytes
  bo: Bytes
  cem: Bytes
}

function town(rules: Parameters<typeof BookLog.founded>[1] = {}): Town {
  const log = BookLog.founded(1, rules)
  return { log, ada: log.member(1), bo: log.member(2), cem: log.member(3) }
}

function exchange(
  intent: Bytes,
  auths: readonly Auth[],
  more: Partial<Body<'exchange'>> = {},
): Body<'exchange'> {
  return { intent, channel: 2, auths, refs: [], ...more }
}

describe('help inside one bank', () => {
  test('[LOG-3] [PAY-7] its legs move what they say and sum to zero; given and received are counted apart', () => {
    const { log, ada, bo, cem } = town()
    const intent = intentOf(log, [
      [ada, -90],
      [bo, 60],
      [cem, 30],
    ])
    log.add('exchange', exchange(intent, [word(ada)]))
    expect([ada, bo, cem].map((one) => log.account(one).balance)).toEqual([-90, 60, 30])
    expect(log.account(ada)).toMatchObject({ given: 0, received: 90 })
    expect(log.account(bo)).toMatchObject({ given: 60, received: 0 })
    expect([...log.book.postings.newestFirst(log.account(bo).lastPosting)]).toEqual([log.book.size - 1])
    expect(bookSum(log.book)).toBe(0)
  })

  test('[LOG-8] no stop refuses help that has happened', () => {
    const { log, ada, bo } = town()
    for (let i = 0; i < 3; i++) {
      const legs = [
        [ada, -525_600],
        [bo, 525_600],
      ] as const
      log.add('exchange', exchange(intentOf(log, legs, { nonce: i }), [word(ada)]))
    }
    expect(log.account(ada).balance).toBe(-3 * 525_600)
  })

  test('[LOG-6] the same intent is recorded once', () => {
    const { log, ada, bo } = town()
    const body = exchange(
      intentOf(log, [
        [ada, -5],
        [bo, 5],
      ]),
      [word(ada)],
    )
    log.add('exchange', body)
    expectRefused(log, 'exchange', body, /recorded already/)
  })

  test('[LOG-3] legs that do not sum to zero, stand unsorted or twice, or are 0, are no intent', () => {
    const { log, ada, bo, cem } = town()
    const bad = (legs: readonly (readonly [Bytes, number])[]): Bytes =>
      encode([1, log.book.bank, TODAY, 3, legs.map(([acct, minutes]) => [acct, minutes]), id32(1), id16(1)])
    const lists = [
      [
        [ada, -5],
        [bo, 6],
      ],
      [
        [bo, 5],
        [ada, -5],
      ],
      [
        [ada, -5],
        [ada, 5],
      ],
      [
        [ada, 0],
        [bo, 0],
      ],
      [[ada, 5]],
      [
        [ada, -525_601],
        [bo, 525_601],
      ],
    ] as const
    for (const legs of lists) expectRefused(log, 'exchange', exchange(bad(legs), [word(ada)]), /malformed/)
    expect(
      decodeIntent(
        bad([
          [ada, -5],
          [bo, 2],
          [cem, 3],
        ]),
      ),
    ).not.toBeNull()
  })

  test('[TEST-2] what names another bank, an unknown, closed or suspended account is refused', () => {
    const { log, ada, bo, cem } = town()
    const of = (legs: readonly (readonly [Bytes, number])[], more = {}): Body<'exchange'> =>
      exchange(intentOf(log, legs, more), [word(null)])
    expectRefused(
      log,
      'exchange',
      of(
        [
          [ada, -5],
          [bo, 5],
        ],
        { bank: new Uint8Array(20) },
      ),
      /request_malformed/,
    )
    expectRefused(
      log,
      'exchange',
      of([
        [ada, -5],
        [id16(77), 5],
      ]),
      /account_unknown/,
    )
    log.add('acct.suspend', { acct: ada, on: true, cause: 1, nonce: id16(9) })
    expectRefused(
      log,
      'exchange',
      of([
        [ada, -5],
        [bo, 5],
      ]),
      /account_suspended/,
    )
    log.add(
      'exchange',
      of([
        [ada, 5],
        [bo, -5],
      ]),
    )
    log.add('acct.close', { acct: cem, cause: 1, nonce: id16(9) })
    expectRefused(
      log,
      'exchange',
      of([
        [bo, -5],
        [cem, 5],
      ]),
      /account_closed/,
    )
  })

  test('[EX-5] the day lies at most one ahead and a year and a day back', () => {
    const { log, ada, bo } = town()
    const on = (day: number): Body<'exchange'> =>
      exchange(
        intentOf(
          log,
          [
            [ada, -5],
            [bo, 5],
          ],
          { day, nonce: day },
        ),
        [word(ada)],
      )
    expectRefused(log, 'exchange', on(TODAY + 2), /day_out_of_range/)
    expectRefused(log, 'exchange', on(TODAY - 367), /day_out_of_range/)
    log.add('exchange', on(TODAY + 1))
    log.add('exchange', on(TODAY - 366))
  })

  test('[TEST-2] a reference that belongs to orders or imports is refused', () => {
    const { log, ada, bo } = town()
    const intent = intentOf(log, [
      [ada, -5],
      [bo, 5],
    ])
    for (const type of [5, 6]) {
      const refs = [{ type, value: id32(1) }]
      expectRefused(log, 'exchange', exchange(intent, [word(ada)], { refs }), /request_malformed/)
    }
    log.add('exchange', exchange(intent, [word(ada)], { refs: [{ type: 2, value: id32(1) }] }))
  })
})

describe('who agreed', () => {
  const device = (number: number): Auth => ({ form: 1, device: id16(number), signature: new Uint8Array(64) })

  function withDevices(): Town {
    const all = town()
    const { log, ada, bo } = all
    const add = { ...EXAMPLES['dev.add'], key: usableKey(), introducedBy: null }
    log.add('dev.add', { ...add, acct: ada, device: id16(11) })
    log.add('dev.add', { ...add, acct: bo, device: id16(12) })
    return all
  }

  test('[LOG-7] everybody who goes down is covered: by the own device, or by a coordinator', () => {
    const { log, ada, bo, cem } = withDevices()
    const legs = [
      [ada, -5],
      [bo, -5],
      [cem, 10],
    ] as const
    const intent = intentOf(log, legs)
    for (const auths of [
      [device(11)],
      [device(12)],
      [word(ada)],
      [device(12), word(bo)],
      [session(ada)],
      [session(ada, bo)],
      [session(cem), session(bo)],
    ]) {
      expectRefused(log, 'exchange', exchange(intent, auths), /not_covered/)
    }
    expectRefused(log, 'exchange', exchange(intent, [device(77), word(null)]), /device_unknown/)
    log.add('exchange', exchange(intent, [device(11), word(bo)]))
    log.add('exchange', exchange(intentOf(log, legs, { nonce: 2 }), [device(11), device(12)]))
    log.add('exchange', exchange(intentOf(log, legs, { nonce: 3 }), [word(null)]))
    log.add('exchange', exchange(intentOf(log, legs, { nonce: 5 }), [session(ada), session(cem, bo)]))
    const stranger = exchange(intentOf(log, legs, { nonce: 6 }), [session(id16(78), ada), word(bo)])
    expectRefused(log, 'exchange', stranger, /account_unknown/)
    log.add('dev.remove', { device: id16(11), cause: 1, nonce: id16(9) })
    expectRefused(
      log,
      'exchange',
      exchange(intentOf(log, legs, { nonce: 4 }), [device(11), word(bo)]),
      /device_removed/,
    )
  })

  test('[LOG-7] a coordinator needs a grant that has not run out', () => {
    const { log, ada, bo } = town()
    const grant = { role: 1, ownAcct: null, nonce: id16(9) }
    log.add('role.grant', { ...grant, actor: id16(20), until: START + 10 })
    log.add('role.grant', { ...grant, actor: id16(21), role: 2, until: null })
    const by = (actor: number, nonce: number): Body<'exchange'> =>
      exchange(
        intentOf(
          log,
          [
            [ada, -5],
            [bo, 5],
          ],
          { nonce },
        ),
        [word(ada, { actor: id16(actor) })],
      )
    log.add('exchange', by(20, 1))
    expectRefused(log, 'exchange', by(21, 2), /coordinator_unknown/)
    expectRefused(log, 'exchange', by(77, 2), /coordinator_unknown/)
    log.time += 11
    expectRefused(log, 'exchange', by(20, 2), /coordinator_unknown/)
  })

  test('[LOG-7] one acts for the own account only while no other coordinator could', () => {
    const { log, ada, bo } = town()
    log.add('role.grant', { actor: id16(20), role: 1, ownAcct: ada, until: null, nonce: id16(9) })
    const own = (nonce: number): Body<'exchange'> =>
      exchange(
        intentOf(
          log,
          [
            [ada, -5],
            [bo, 5],
          ],
          { nonce },
        ),
        [word(ada, { actor: id16(20) })],
      )
    expectRefused(log, 'exchange', own(1), /not_covered/)
    const alone = new BookLog()
    alone.add('found', EXAMPLES.found)
    const eve = alone.member(1)
    const dan = alone.member(2)
    alone.add('role.grant', { actor: id16(20), role: 1, ownAcct: eve, until: null, nonce: id16(9) })
    alone.add('role.grant', { actor: id16(21), role: 1, ownAcct: null, until: START + 10, nonce: id16(9) })
    const intent = intentOf(alone, [
      [eve, -5],
      [dan, 5],
    ])
    const body = exchange(intent, [word(eve, { actor: id16(20) })])
    expectRefused(alone, 'exchange', body, /not_covered/)
    alone.time += 11
    alone.add('exchange', body)
  })

  test('[LOG-7] above the bound of the rules a second coordinator is named, another one who is granted', () => {
    const { log, ada, bo, cem } = town({ secondOver: 60 })
    log.add('role.grant', { actor: id16(20), role: 1, ownAcct: null, until: null, nonce: id16(9) })
    const with_ = (
      second: Bytes | null,
      legs: readonly (readonly [Bytes, number])[],
      nonce: number,
    ): Body<'exchange'> => exchange(intentOf(log, legs, { nonce }), [word(null, { second })])
    const small = [
      [ada, -60],
      [bo, 60],
    ] as const
    // Two helpers of 40 each: 80 minutes in all.
    const large = [
      [ada, -80],
      [bo, 40],
      [cem, 40],
    ] as const
    log.add('exchange', with_(null, small, 1))
    for (const second of [null, COORDINATOR, id16(77)]) {
      expectRefused(log, 'exchange', with_(second, large, 2), /coordinator_unknown/)
    }
    log.add('exchange', with_(id16(20), large, 2))
  })
})

describe('opening balances', () => {
  const digest = [{ type: 5, value: id32(1) }]

  function importing(): Town & {
    before: Bytes
    body: (nonce: number, more?: Partial<Body<'exchange'>>) => Body<'exchange'>
  } {
    const all = town()
    all.log.add('acct.open', { acct: id16(50), class: 5, nonce: id16(9) })
    const body = (nonce: number, more: Partial<Body<'exchange'>> = {}): Body<'exchange'> => {
      const legs = [
        [all.ada, -100],
        [all.bo, 40],
        [id16(50), 60],
      ] as const
      return exchange(intentOf(all.log, legs, { nonce, day: TODAY - 4_000 }), [word(null)], {
        channel: 6,
        refs: digest,
        ...more,
      })
    }
    return { ...all, before: id16(50), body }
  }

  test("[IMP-3] are a coordinator's act against the one account for them, tied to the file, of any past day", () => {
    const { log, ada, bo, before, body } = importing()
    log.add('exchange', body(1))
    expect(log.account(before).balance).toBe(60)
    expectRefused(log, 'exchange', body(2, { refs: [] }), /reason_missing/)
    const device: Auth = { form: 1, device: id16(1), signature: new Uint8Array(64) }
    expectRefused(log, 'exchange', body(2, { auths: [device] }), /coordinator_unknown/)
    const noBefore = intentOf(log, [
      [ada, -5],
      [bo, 5],
    ])
    expectRefused(log, 'exchange', body(2, { intent: noBefore }), /legs_do_not_add_up/)
    const ahead = intentOf(
      log,
      [
        [ada, -5],
        [before, 5],
      ],
      { day: TODAY + 2 },
    )
    expectRefused(log, 'exchange', body(2, { intent: ahead }), /day_out_of_range/)
  })

  test('[IMP-3] once a line was opened they need a second coordinator who is one', () => {
    const { log, body } = importing()
    joinBanks(log, BookLog.founded(2))
    log.add('role.grant', { actor: id16(20), role: 1, ownAcct: null, until: null, nonce: id16(9) })
    expectRefused(log, 'exchange', body(1), /import_after_line/)
    for (const second of [id16(77), COORDINATOR]) {
      expectRefused(log, 'exchange', body(1, { auths: [word(null, { second })] }), /import_after_line/)
    }
    log.add('exchange', body(1, { auths: [word(null, { second: id16(20) })] }))
  })
})

describe('intent and memo', () => {
  test('[LOG-6] an intent is written with its legs in order of account', () => {
    const { log, ada, bo } = town()
    const legs = (pairs: readonly (readonly [Bytes, number])[]): Bytes => intentOf(log, pairs)
    expect(
      legs([
        [bo, 5],
        [ada, -5],
      ]),
    ).toEqual(
      legs([
        [ada, -5],
        [bo, 5],
      ]),
    )
    expect(decodeIntent(new Uint8Array(2))).toBeNull()
    const decoded = decodeIntent(
      legs([
        [ada, -5],
        [bo, 5],
      ]),
    )
    expect(decoded === null ? null : encodeIntent(decoded)).toEqual(
      legs([
        [ada, -5],
        [bo, 5],
      ]),
    )
  })

  test('[PRIV-5] a commitment changes with any text, any salt and the order of fields; empty texts have one too', () => {
    const salts = [id32(1), id32(2), id32(3)] as const
    const base = memoCommitment(['a', 'b', ''], salts)
    expect(base.length).toBe(32)
    expect(memoCommitment(['a', 'b', ''], salts)).toEqual(base)
    const others = [
      memoCommitment(['b', 'a', ''], salts),
      memoCommitment(['a', 'b', 'c'], salts),
      memoCommitment(['a', 'b', ''], [id32(1), id32(2), id32(4)]),
      memoCommitment(['', '', ''], salts),
    ]
    for (const other of others) expect(other).not.toEqual(base)
  })
})
