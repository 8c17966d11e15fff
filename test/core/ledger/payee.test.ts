import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/ids.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { clearing, roomToReceive } from '../../../src/core/line.ts'
import { BookLog, creditOf, expectRefused, id16, id32, joinBanks, promiseOf, RULES } from './books.ts'

interface Receiving {
  a: BookLog
  b: BookLog
  bo: Bytes
}

/** `a` is paid to by `b`. */
function receiving(limit = 600, rules: Parameters<typeof BookLog.founded>[1] = {}): Receiving {
  const a = BookLog.founded(1, rules)
  const b = BookLog.founded(2)
  joinBanks(a, b, limit, limit)
  return { a, b, bo: a.member(1) }
}

const from = (bank: BookLog, index = 0) => ({
  bank: bank.book.bank,
  epoch: 0,
  index,
  leaf: id32(index + 500),
})

function stopAt(minutes: number): Parameters<typeof BookLog.founded>[1] {
  return { classes: [{ ...RULES.classes[0]!, stopHigh: minutes }, ...RULES.classes.slice(1)] }
}

describe('a promise', () => {
  test('[PAY-2] reserves line and payee, and posts nothing', () => {
    const { a, b, bo } = receiving()
    a.add('rcv.promise', promiseOf(a, b, { id: id32(1), payee: bo, minutes: 60 }))
    expect(a.account(bo)).toMatchObject({ balance: 0, open: 1, promised: 60 })
    expect(a.line(b)).toMatchObject({ open: 1, in: { reserved: 60, sum: 0, seq: 0 } })
    expect([clearing(a.line(b)), bookSum(a.book)]).toEqual([0, 0])
    expect(a.book.asPayee.get(id32(1))).toMatchObject({ state: 'promised', category: 7, minutes: 60 })
  })

  test('[LINE-4] takes what the line has room for and not a minute more', () => {
    const { a, b, bo } = receiving(100)
    const promise = (id: number, minutes: number) => promiseOf(a, b, { id: id32(id), payee: bo, minutes })
    a.add('rcv.promise', promise(1, 60))
    expectRefused(a, 'rcv.promise', promise(2, 41), /line_full/)
    a.add('rcv.promise', promise(2, 40))
    expect(roomToReceive(a.line(b))).toBe(0)
  })

  test("[PAY-19] of one line they take at most a quarter of the payee's room, and each line its own quarter", () => {
    const { a, b, bo } = receiving(600, stopAt(400))
    const c = BookLog.founded(3)
    joinBanks(a, c)
    const promise = (peer: BookLog, id: number, minutes: number) =>
      promiseOf(a, peer, { id: id32(id), payee: bo, minutes })
    expectRefused(a, 'rcv.promise', promise(b, 1, 101), /payee_stop/)
    a.add('rcv.promise', promise(b, 1, 60))
    expectRefused(a, 'rcv.promise', promise(b, 2, 41), /payee_stop/)
    a.add('rcv.promise', promise(b, 2, 40))
    expectRefused(a, 'rcv.promise', promise(b, 3, 1), /payee_stop/)
    // One neighbour's unpaid promises never shut a member off from the others.
    a.add('rcv.promise', promise(c, 4, 100))
    expectRefused(a, 'rcv.promise', promise(c, 5, 1), /payee_stop/)
  })

  test('[PAY-14] all of them together stay below the upper stop', () => {
    const { a, b, bo } = receiving(600, stopAt(400))
    a.account(bo).balance = 300
    a.account(bo).promised = 90
    expectRefused(a, 'rcv.promise', promiseOf(a, b, { id: id32(1), payee: bo, minutes: 11 }), /payee_stop/)
    a.account(bo).balance = 500
    expectRefused(a, 'rcv.promise', promiseOf(a, b, { id: id32(1), payee: bo, minutes: 1 }), /payee_stop/)
  })

  test('[PAY-19] its deadline lies between now and eight days and an hour ahead', () => {
    const { a, b, bo } = receiving()
    const by = (decideBy: number, id: number) =>
      promiseOf(a, b, { id: id32(id), payee: bo, minutes: 5 }, { decideBy })
    const most = a.time + LIMITS.decideAheadSeconds + LIMITS.decideAheadSlackSeconds
    expectRefused(a, 'rcv.promise', by(a.time - 1, 1), /order_expired/)
    expectRefused(a, 'rcv.promise', by(most + 1, 1), /deadline_too_far/)
    a.add('rcv.promise', by(a.time, 1))
    a.add('rcv.promise', by(most, 2))
  })

  test('[TEST-2] is refused for every other reason by name', () => {
    const { a, b, bo } = receiving()
    const good = promiseOf(a, b, { id: id32(1), payee: bo, minutes: 60 })
    const part = good.parts[0]!
    expectRefused(a, 'rcv.promise', { ...good, payee: id16(77) }, /one line and a payee/)
    expectRefused(a, 'rcv.promise', { ...good, parts: [part, part] }, /one line and a payee/)
    expectRefused(a, 'rcv.promise', { ...good, parts: [{ ...part, line: id16(77) }] }, /one line and a payee/)
    expectRefused(a, 'rcv.promise', { ...good, parts: [{ ...part, minutes: 61 }] }, /not the promise's/)
    expectRefused(a, 'rcv.promise', { ...good, parts: [{ ...part, lineVersion: 9 }] }, /not the promise's/)
    a.add('acct.suspend', { acct: bo, on: true, cause: 1, nonce: id16(9) })
    expectRefused(a, 'rcv.promise', good, /payee_cannot_take/)
    a.add('acct.suspend', { acct: bo, on: false, cause: 1, nonce: id16(9) })
    a.line(b).open = LIMITS.openIdsPerLine
    expectRefused(a, 'rcv.promise', good, /line_too_busy/)
    a.line(b).open = 0
    a.add('line.freeze', { line: a.line(b).id, cause: 1, evidence: null })
    expectRefused(a, 'rcv.promise', good, /line_paused/)
    a.add('line.thaw', { line: a.line(b).id, cause: 1, board: null, accepted: null })
    a.add('rcv.promise', good)
    expectRefused(a, 'rcv.promise', good, /known already/)
  })
})

describe('a credit', () => {
  const terms = (bo: Bytes, minutes = 60) => ({ id: id32(1), payee: bo, minutes })

  test('[PAY-9] of a promise books it, consumes the posting and frees what was reserved', () => {
    const { a, b, bo } = receiving()
    a.add('rcv.promise', promiseOf(a, b, terms(bo)))
    const index = a.add('rcv.credit', creditOf(a, b, terms(bo)))
    expect(a.account(bo)).toMatchObject({ balance: 60, given: 60, open: 0, promised: 0 })
    expect(a.line(b)).toMatchObject({ open: 0, in: { reserved: 0, sum: 60, seq: 1 } })
    expect(a.line(b).in.chain).toEqual(id32(1_000))
    expect([clearing(a.line(b)), bookSum(a.book)]).toEqual([-60, 0])
    expect(a.book.asPayee.get(id32(1))).toMatchObject({ state: 'credited', answer: index, seq: 1 })
  })

  test('[R3] there is one per id, and none beside a waiver', () => {
    const { a, b, bo } = receiving()
    a.add('rcv.credit', creditOf(a, b, terms(bo)))
    expectRefused(a, 'rcv.credit', creditOf(a, b, terms(bo)), /answered already/)
    const waive = (id: number) => ({
      id: id32(id),
      aid: id32(42),
      cause: 1,
      parts: [{ line: a.line(b).id, inSeq: a.line(b).in.seq + 1 }],
      commit: from(b),
    })
    expectRefused(a, 'rcv.waive', waive(1), /answered already/)
    a.add('rcv.waive', waive(2))
    expectRefused(a, 'rcv.credit', creditOf(a, b, { ...terms(bo), id: id32(2) }), /answered already/)
  })

  test('[LINE-2] [LOG-13] consumes the next posting of that neighbour and no other', () => {
    const { a, b, bo } = receiving()
    const good = creditOf(a, b, terms(bo))
    const with_ = (inSeq: number | null) => ({ ...good, parts: [{ ...good.parts[0]!, inSeq }] })
    for (const seq of [0, 2, null]) expectRefused(a, 'rcv.credit', with_(seq), /not the next one/)
    expectRefused(a, 'rcv.credit', { ...good, commit: from(a) }, /not the payer's bank's/)
    a.add('rcv.credit', good)
    const again = creditOf(a, b, { ...terms(bo), id: id32(2) })
    expectRefused(
      a,
      'rcv.credit',
      { ...again, parts: [{ ...again.parts[0]!, inSeq: 1 }] },
      /not the next one/,
    )
  })

  test('[TEST-2] has the terms of its promise', () => {
    const { a, b, bo } = receiving()
    const eve = a.member(2)
    a.add('rcv.promise', promiseOf(a, b, terms(bo)))
    const good = creditOf(a, b, terms(bo))
    const part = good.parts[0]!
    for (const more of [{ aid: id32(77) }, { payee: eve }, { category: 8 }, { day: good.day + 1 }]) {
      expectRefused(a, 'rcv.credit', { ...good, ...more }, /other terms/)
    }
    expectRefused(a, 'rcv.credit', { ...good, minutes: 61, parts: [{ ...part, minutes: 61 }] }, /other terms/)
    expectRefused(a, 'rcv.credit', { ...good, minutes: 61 }, /not the credit's/)
    expectRefused(a, 'rcv.credit', { ...good, parts: [part, part] }, /one line and a payee/)
    const c = BookLog.founded(3)
    joinBanks(a, c)
    const elsewhere = { ...creditOf(a, c, terms(bo)) }
    expectRefused(a, 'rcv.credit', elsewhere, /other terms/)
  })

  test('[PAY-14] a promised one passes every stop, pause and suspension', () => {
    const { a, b, bo } = receiving(600, stopAt(400))
    a.add('rcv.promise', promiseOf(a, b, terms(bo, 100)))
    a.add('line.freeze', { line: a.line(b).id, cause: 1, evidence: null })
    a.add('acct.suspend', { acct: bo, on: true, cause: 1, nonce: id16(9) })
    a.account(bo).balance += 390
    a.book.balances += 390
    a.book.hold -= 390
    a.add('rcv.credit', creditOf(a, b, terms(bo, 100)))
    expect(a.account(bo).balance).toBe(490)
  })

  test('[LINE-4] [PAY-12] without a promise it needs room on an open line and below the stop', () => {
    const { a, b, bo } = receiving(100, stopAt(80))
    expectRefused(a, 'rcv.credit', creditOf(a, b, terms(bo, 101)), /exceeds the line's limit/)
    expectRefused(a, 'rcv.credit', creditOf(a, b, terms(bo, 81)), /payee_stop/)
    a.line(b).state = 'proposed'
    expectRefused(a, 'rcv.credit', creditOf(a, b, terms(bo, 80)), /only an open line/)
    a.line(b).state = 'open'
    a.add('line.freeze', { line: a.line(b).id, cause: 1, evidence: null })
    a.add('rcv.credit', creditOf(a, b, terms(bo, 80)))
    a.account(bo).state = 'closed'
    expectRefused(a, 'rcv.credit', creditOf(a, b, { ...terms(bo, 5), id: id32(2) }), /payee_cannot_take/)
  })
})

describe('a waiver, a release, a bounce', () => {
  function promised(): Receiving {
    const all = receiving()
    const { a, b, bo } = all
    a.add('rcv.promise', promiseOf(a, b, { id: id32(1), payee: bo, minutes: 60 }))
    return all
  }

  const waive = (a: BookLog, b: BookLog, inSeq: number | null, more: object = {}) => ({
    id: id32(1),
    aid: id32(42),
    cause: 5,
    parts: [{ line: a.line(b).id, inSeq }],
    commit: inSeq === null ? null : from(b),
    ...more,
  })

  test('[PAY-18] of a promise frees what was reserved, with or without a posting', () => {
    for (const seq of [null, 1]) {
      const { a, b, bo } = promised()
      a.add('rcv.waive', waive(a, b, seq))
      expect(a.account(bo)).toMatchObject({ balance: 0, open: 0, promised: 0 })
      expect(a.line(b)).toMatchObject({ open: 0, in: { reserved: 0, sum: 0, seq: seq ?? 0 } })
      expect(bookSum(a.book)).toBe(0)
    }
  })

  test('[TEST-2] a waiver names one line, that of the promise, and a posting together with its commit', () => {
    const { a, b } = promised()
    const line = a.line(b).id
    expectRefused(a, 'rcv.waive', waive(a, b, null, { commit: from(b) }), /cites it/)
    expectRefused(a, 'rcv.waive', waive(a, b, 1, { commit: null }), /cites it/)
    expectRefused(a, 'rcv.waive', waive(a, b, 2), /not the next one/)
    const two = [
      { line, inSeq: null },
      { line, inSeq: null },
    ]
    expectRefused(a, 'rcv.waive', waive(a, b, null, { parts: two }), /one line/)
    expectRefused(a, 'rcv.waive', waive(a, b, null, { parts: [{ line: id16(77), inSeq: null }] }), /one line/)
    expectRefused(a, 'rcv.waive', waive(a, b, null, { id: id32(2) }), /only a promise/)
    const c = BookLog.founded(3)
    joinBanks(a, c)
    expectRefused(a, 'rcv.waive', waive(a, c, null), /another line/)
  })

  test('[PAY-2] an abort frees a promise; a commit after it is given back', () => {
    const { a, b, bo } = promised()
    const release = { id: id32(1), aid: id32(42), evidence: from(b) }
    expectRefused(a, 'rcv.release', { ...release, aid: id32(77) }, /another attempt/)
    expectRefused(a, 'rcv.release', { ...release, evidence: from(a) }, /not the payer's bank's/)
    expectRefused(a, 'rcv.release', { ...release, id: id32(77) }, /does not follow none/)
    a.add('rcv.release', release)
    expect(a.line(b)).toMatchObject({ open: 0, in: { reserved: 0 } })
    expectRefused(a, 'rcv.release', release, /does not follow released/)
    expectRefused(
      a,
      'rcv.credit',
      creditOf(a, b, { id: id32(1), payee: bo, minutes: 60 }),
      /answered already/,
    )
    expectRefused(a, 'rcv.waive', waive(a, b, null), /only a promise/)
    a.add('rcv.waive', waive(a, b, 1))
    expect(a.line(b).in.seq).toBe(1)
  })

  test('[LOG-13] a bounce consumes the posting of what was waived before, once, and the waiver stays the answer', () => {
    const { a, b } = promised()
    const bounce = { id: id32(1), aid: id32(42), line: a.line(b).id, inSeq: 1, commit: from(b) }
    expectRefused(a, 'rcv.bounce', bounce, /does not follow promised/)
    const index = a.add('rcv.waive', waive(a, b, null))
    expectRefused(a, 'rcv.bounce', { ...bounce, aid: id32(77) }, /another attempt/)
    expectRefused(a, 'rcv.bounce', { ...bounce, line: id16(77) }, /another line/)
    expectRefused(a, 'rcv.bounce', { ...bounce, inSeq: 2 }, /not the next one/)
    a.add('rcv.bounce', bounce)
    expect(a.book.asPayee.get(id32(1))).toMatchObject({ state: 'waived', answer: index, seq: 1 })
    expectRefused(a, 'rcv.bounce', { ...bounce, inSeq: 2 }, /consumed already/)
  })
})
