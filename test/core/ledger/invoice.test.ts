/** Which requests may a bank endorse, and what does its ledger remember of them? */

import { describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/entry.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { BookLog, expectRefused, id16, START } from './books.ts'

const request = (more: Partial<Body<'rcv.invoice'>> = {}): Body<'rcv.invoice'> => ({
  handle: id16(7),
  minutes: 90,
  category: 3,
  day: 20_000,
  expires: START + 86_400,
  uses: 1,
  commitment: null,
  ...more,
})

describe('an invoice', () => {
  test('[INV-1] is remembered under its handle, posts nothing and reserves nothing', () => {
    const a = BookLog.founded(1)
    const before = a.book.accounts.map(({ balance, open, promised }) => [balance, open, promised])
    const index = a.add('rcv.invoice', request())
    const open = a.add('rcv.invoice', request({ handle: id16(8), minutes: null, day: null, uses: 30 }))
    expect(a.book.invoices.get(id16(7))).toEqual({
      index,
      leaf: a.ref(index).leaf,
      minutes: 90,
      category: 3,
      day: 20_000,
      expires: START + 86_400,
      uses: 1,
    })
    expect(a.book.invoices.get(id16(8))).toMatchObject({ index: open, minutes: null, day: null, uses: 30 })
    expect(a.book.invoices.get(id16(9))).toBeNull()
    expect(a.book.accounts.map(({ balance, open, promised }) => [balance, open, promised])).toEqual(before)
    expect([bookSum(a.book), a.book.hold]).toEqual([0, 0])
  })

  test('[INV-1] a handle stands for one request', () => {
    const a = BookLog.founded(1)
    a.add('rcv.invoice', request())
    expectRefused(a, 'rcv.invoice', request({ minutes: 30 }), /another request/)
    expect(a.book.invoices.get(id16(7))).toMatchObject({ minutes: 90 })
  })

  test('[INV-1] its end is not past, and at most 31 days ahead', () => {
    const a = BookLog.founded(1)
    expectRefused(a, 'rcv.invoice', request({ expires: a.time - 1 }), /run out already/)
    const longest = a.time + LIMITS.requestLongestSeconds
    expectRefused(a, 'rcv.invoice', request({ expires: longest + 1 }), /too long/)
    a.add('rcv.invoice', request({ expires: longest }))
    a.add('rcv.invoice', request({ handle: id16(8), expires: a.time }))
  })
})
