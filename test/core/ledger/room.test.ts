import { expect, test } from 'vitest'
import { roomToSend } from '../../../src/core/line.ts'
import { brokenRules } from '../../node/judge.ts'
import {
  BookLog,
  commitOf,
  expectRefused,
  holdOf,
  id16,
  id32,
  idOf,
  joinBanks,
  orderFrom,
  promiseOf,
} from './books.ts'

const from = (bank: BookLog) => ({ bank: bank.book.bank, epoch: 0, index: 0, leaf: id32(8) })

test('[LINE-3] [LINE-5] hours that came back make room again, all of it, as often as they come back', () => {
  const [a, b] = [BookLog.founded(1), BookLog.founded(2)]
  joinBanks(a, b, 100, 100)
  const ada = a.member(1)
  for (let round = 0; round < 5; round++) {
    const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 100, {
      nonce: id16(100 + round),
    })
    expect(roomToSend(a.line(b))).toBe(100)
    a.add('pay.hold', holdOf(a, b, order))
    expect(roomToSend(a.line(b))).toBe(0)
    a.add('pay.commit', commitOf(a, b, idOf(order)))
    expect(roomToSend(a.line(b))).toBe(0)
    const more = { ...order, nonce: id16(200 + round), minutes: 1 }
    expectRefused(a, 'pay.hold', holdOf(a, b, more), /line_full/)
    a.add('pay.return', { id: idOf(order), aid: id32(42), line: a.line(b).id, waive: from(b) })
  }
  expect(roomToSend(a.line(b))).toBe(100)
})

test('[BYZ-1] [AUD-6] a promise that a commit of another attempt has ended takes no room of the next, to the judge either', () => {
  const [a, b] = [BookLog.founded(1), BookLog.founded(2)]
  joinBanks(a, b, 100, 100)
  const bo = a.member(1)
  a.add('rcv.promise', promiseOf(a, b, { id: id32(1), payee: bo, minutes: 100 }))
  const waived = { id: id32(1), aid: id32(77), cause: 2, parts: [{ line: a.line(b).id, inSeq: 1 }] }
  a.add('rcv.waive', { ...waived, commit: { ...from(b), index: 9 } })
  expect(a.line(b).in.reserved).toBe(0)
  a.add('rcv.promise', promiseOf(a, b, { id: id32(2), payee: bo, minutes: 100 }))
  expect(brokenRules([a])).toEqual([])
})
