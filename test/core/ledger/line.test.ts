import { describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/entry.ts'
import { compareBytes } from '../../../src/core/ids.ts'
import { lineWith } from '../../../src/core/ledger/book.ts'
import { limitToReceive } from '../../../src/core/line.ts'
import { lineIdOf } from '../../../src/core/sign.ts'
import { decodeTerms, encodeTerms, readTerms, type Terms } from '../../../src/core/terms.ts'
import {
  BookLog,
  commitOf,
  creditOf,
  expectRefused,
  holdOf,
  id16,
  id20,
  id32,
  idOf,
  joinBanks,
  orderFrom,
  termsBetween,
} from './books.ts'

function pair(): { a: BookLog; b: BookLog } {
  return { a: BookLog.founded(1), b: BookLog.founded(2) }
}

function limitOf(line: Uint8Array, more: Partial<Body<'line.limit'>>): Body<'line.limit'> {
  const limit = { minutes: 900, openCap: 240, parkCap: 240 }
  return { line, direction: 1, version: 2, limit, fromOutSeq: null, peerEntry: null, ...more }
}

describe('opening a line', () => {
  test('[LINE-1] the same bytes stand in both logs: proposed, taken up, open on both sides', () => {
    const { a, b } = pair()
    const terms = joinBanks(a, b, 600, 300)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const line = one.line(other)
      expect(line).toMatchObject({ state: 'open', open: 0, frozen: false })
      expect(line.id).toEqual(lineIdOf(terms))
    }
    expect([a.line(b).out.limit, a.line(b).in.limit]).toEqual([600, 300])
    expect([b.line(a).out.limit, b.line(a).in.limit]).toEqual([300, 600])
  })

  test('[LINE-12] one unclosed line per pair; terms of a closed one are never used again', () => {
    const { a, b } = pair()
    const terms = termsBetween(a, b, 600, 600)
    const first = a.add('line.open', { terms, peerEntry: null })
    expectRefused(a, 'line.open', { terms, peerEntry: null }, /line with this bank already/)
    const second = termsBetween(a, b, 600, 600, 2)
    expectRefused(a, 'line.open', { terms: second, peerEntry: null }, /line with this bank already/)
    expectRefused(a, 'line.open', { terms: second, peerEntry: b.ref(0) }, /line with this bank already/)
    a.add('line.close', { line: lineIdOf(terms), cause: 1, lastStatement: 0, peerEntry: null })
    expectRefused(a, 'line.open', { terms, peerEntry: null }, /terms were used already/)
    expect(lineWith(a.book, b.book.bank)).toBeNull()
    a.add('line.open', { terms: second, peerEntry: null })
    expect(first).toBe(5)
  })

  test('[TEST-2] terms that are malformed, out of order, or name other banks are refused; so is a foreign reference', () => {
    const { a, b } = pair()
    const good = decodeTerms(termsBetween(a, b, 600, 600)) as Terms
    const with_ = (more: Partial<Terms>): Body<'line.open'> => ({
      terms: encodeTerms({ ...good, ...more }),
      peerEntry: null,
    })
    expectRefused(a, 'line.open', { terms: id32(1), peerEntry: null }, /malformed/)
    expectRefused(a, 'line.open', with_({ lower: good.higher, higher: good.lower }), /lower bank first/)
    expectRefused(a, 'line.open', with_({ lower: a.book.bank, higher: a.book.bank }), /lower bank first/)
    const others = [id20(1), id20(2)].sort(compareBytes)
    expectRefused(a, 'line.open', with_({ lower: others[0]!, higher: others[1]! }), /two other banks/)
    expectRefused(a, 'line.open', { ...with_({}), peerEntry: a.ref(0) }, /not the peer's/)
  })

  test('[LINE-1] terms come back from their bytes, field by field', () => {
    const { a, b } = pair()
    const terms = decodeTerms(termsBetween(a, b, 600, 300)) as Terms
    expect(decodeTerms(encodeTerms(terms))).toEqual(terms)
    expect(decodeTerms(new Uint8Array(1))).toBeNull()
    expect(readTerms([1])).toBeUndefined()
    expect(decodeTerms(encodeTerms({ ...terms, nonce: id32(1) }))).toBeNull()
  })
})

describe('withdrawing', () => {
  const close = (line: Uint8Array, peerEntry: Body<'line.close'>['peerEntry']): Body<'line.close'> => ({
    line,
    cause: 1,
    lastStatement: 0,
    peerEntry,
  })

  test('[LINE-12] a proposal is withdrawn by one entry; what was taken up closes by citing it, when nothing is owed', () => {
    const { a, b } = pair()
    const terms = termsBetween(a, b, 600, 600)
    const id = lineIdOf(terms)
    const proposed = a.add('line.open', { terms, peerEntry: null })
    b.add('line.open', { terms, peerEntry: a.ref(proposed) })
    const withdrawn = a.add('line.close', close(id, null))
    expectRefused(a, 'line.close', close(id, null), /no such line/)
    expectRefused(b, 'line.close', close(id, b.ref(0)), /not the peer's/)
    b.line(a).open = 1
    expectRefused(b, 'line.close', close(id, a.ref(withdrawn)), /nothing is owed/)
    b.line(a).open = 0
    b.line(a).out.sum = 5
    expectRefused(b, 'line.close', close(id, a.ref(withdrawn)), /nothing is owed/)
    b.line(a).out.sum = 0
    b.add('line.close', close(id, a.ref(withdrawn)))
    expect(lineWith(b.book, a.book.bank)).toBeNull()
    expectRefused(b, 'line.close', close(id16(77), null), /no such line/)
  })
})

describe('limits', () => {
  function open(): { a: BookLog; b: BookLog; line: Uint8Array } {
    const { a, b } = pair()
    joinBanks(a, b, 600, 600)
    return { a, b, line: a.line(b).id }
  }

  test('[LINE-1] the creditor decides, the debtor acknowledges, the creditor cites that: then it binds both', () => {
    const { a, b, line } = open()
    const decided = b.add('line.limit', limitOf(line, {}))
    expect(b.line(a)).toMatchObject({ pendingLimit: { minutes: 900, version: 2 }, in: { limit: 600 } })
    expect(limitToReceive(b.line(a))).toBe(900)
    const acknowledged = a.add(
      'line.limit',
      limitOf(line, { direction: 2, fromOutSeq: 1, peerEntry: b.ref(decided) }),
    )
    expect(a.line(b).out).toMatchObject({ limit: 900, version: 2 })
    b.add('line.limit', limitOf(line, { fromOutSeq: 1, peerEntry: a.ref(acknowledged) }))
    expect(b.line(a)).toMatchObject({ pendingLimit: null, in: { limit: 900, version: 2 } })
  })

  test('[LINE-1] each step follows the one before it and names what it answers', () => {
    const { a, b, line } = open()
    expectRefused(b, 'line.limit', limitOf(line, { version: 3 }), /does not follow/)
    expectRefused(b, 'line.limit', limitOf(line, { fromOutSeq: 1 }), /does not follow/)
    expectRefused(b, 'line.limit', limitOf(id16(77), {}), /no such open line/)
    const ref = a.ref(0)
    expectRefused(b, 'line.limit', limitOf(line, { fromOutSeq: 1, peerEntry: ref }), /does not belong/)
    const decided = b.add('line.limit', limitOf(line, {}))
    expectRefused(b, 'line.limit', limitOf(line, {}), /not acknowledged yet/)
    const other = { minutes: 901, openCap: 240, parkCap: 240 }
    expectRefused(
      b,
      'line.limit',
      limitOf(line, { limit: other, fromOutSeq: 1, peerEntry: ref }),
      /does not belong/,
    )
    expectRefused(
      b,
      'line.limit',
      limitOf(line, { version: 3, fromOutSeq: 1, peerEntry: ref }),
      /does not belong/,
    )
    expectRefused(b, 'line.limit', limitOf(line, { peerEntry: ref }), /does not belong/)
    expectRefused(b, 'line.limit', limitOf(line, { fromOutSeq: 1, peerEntry: b.ref(0) }), /not the peer's/)
    const ack = { direction: 2, fromOutSeq: 1, peerEntry: b.ref(decided) }
    expectRefused(a, 'line.limit', limitOf(line, { ...ack, version: 3 }), /does not follow/)
    expectRefused(a, 'line.limit', limitOf(line, { ...ack, fromOutSeq: 2 }), /next sequence number/)
    expectRefused(a, 'line.limit', limitOf(line, { ...ack, fromOutSeq: null }), /next sequence number/)
    expectRefused(a, 'line.limit', limitOf(line, { ...ack, peerEntry: null }), /cites the peer's limit/)
    expectRefused(a, 'line.limit', limitOf(line, { ...ack, peerEntry: a.ref(0) }), /cites the peer's limit/)
  })

  test('[LINE-1] [LINE-4] after a lowering the older limit stands for postings below the acknowledged number', () => {
    const { a, b, line } = open()
    const [ada, bo] = [a.member(1), b.member(2)]
    const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 500, { postal: true })
    a.add('pay.hold', holdOf(a, b, order))
    a.add('pay.commit', commitOf(a, b, idOf(order)))
    const limit = { minutes: 100, openCap: 240, parkCap: 240 }
    const decided = b.add('line.limit', limitOf(line, { limit }))
    const acknowledged = a.add(
      'line.limit',
      limitOf(line, { limit, direction: 2, fromOutSeq: 2, peerEntry: b.ref(decided) }),
    )
    b.add('line.limit', limitOf(line, { limit, fromOutSeq: 2, peerEntry: a.ref(acknowledged) }))
    expect([limitToReceive(b.line(a), 1), limitToReceive(b.line(a), 2), limitToReceive(b.line(a))]).toEqual([
      600, 100, 100,
    ])
    b.add('rcv.credit', creditOf(b, a, { id: idOf(order), payee: bo, minutes: 500 }))
    const more = creditOf(b, a, { id: id32(5), payee: bo, minutes: 1 })
    expectRefused(b, 'rcv.credit', more, /exceeds the line's limit/)
  })

  test('[LINE-1] steps that no posting can fall under any more are forgotten', () => {
    const { a, b, line } = open()
    for (let version = 2; version < 40; version++) {
      const limit = { minutes: version, openCap: 240, parkCap: 240 }
      b.add('line.limit', limitOf(line, { limit, version }))
      b.add('line.limit', limitOf(line, { limit, version, fromOutSeq: 1, peerEntry: a.ref(0) }))
    }
    expect(b.line(a).steps).toEqual([{ from: 1, minutes: 39 }])
  })
})

describe('pausing', () => {
  test('[LINE-10] an open line is paused once and resumed by whoever paused it', () => {
    const { a, b } = pair()
    const terms = termsBetween(a, b, 600, 600)
    const line = lineIdOf(terms)
    const freeze = { line, cause: 1, evidence: null }
    const thaw = { line, cause: 1, board: null, accepted: null }
    a.add('line.open', { terms, peerEntry: null })
    expectRefused(a, 'line.freeze', freeze, /no such open line/)
    a.add('line.open', { terms, peerEntry: b.ref(0) })
    expectRefused(a, 'line.thaw', thaw, /no such paused line/)
    const index = a.add('line.freeze', freeze)
    expect(a.line(b)).toMatchObject({ frozen: true, freezeIndex: index })
    expectRefused(a, 'line.freeze', freeze, /paused already/)
    expectRefused(a, 'line.thaw', { ...thaw, cause: 2 }, /no close of ours/)
    expectRefused(a, 'line.thaw', { ...thaw, cause: 3 }, /only a dead line/)
    expectRefused(a, 'line.thaw', { ...thaw, cause: 4 }, /no recovery was refused/)
    expectRefused(a, 'line.thaw', { ...thaw, board: [id16(1), id16(2)] }, /board has no part/)
    expectRefused(a, 'line.thaw', { ...thaw, accepted: b.ref(0) }, /nothing of the peer/)
    a.add('line.thaw', thaw)
    expect(a.line(b).frozen).toBe(false)
    expectRefused(a, 'line.freeze', { ...freeze, line: id16(77) }, /no such open line/)
  })
})
