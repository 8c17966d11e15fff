import { describe, expect, test } from 'vitest'
import { Invoices } from '../../../src/core/transfer/invoices.ts'
import { bytesOf, id16, id32 } from '../ledger/books.ts'

const row = {
  index: 2 ** 41,
  leaf: id32(5),
  minutes: 6_000,
  category: 999,
  day: 2 ** 24,
  expires: 2 ** 40 - 1,
  uses: 100_000,
}

describe('the table of invoices', () => {
  test('[PAY-4] what was endorsed is remembered for ever, field by field, each at its ends', () => {
    const invoices = new Invoices()
    const small = { ...row, index: 0, minutes: 1, category: 0, day: 0, expires: 0, uses: 1 }
    const open = { ...row, minutes: null, day: null }
    for (const [i, one] of [row, small, open].entries()) invoices.add(id16(i), one)
    expect([0, 1, 2].map((i) => invoices.get(id16(i)))).toEqual([row, small, open])
    expect(invoices.get(id16(3))).toBeNull()
    expect(invoices.get(id32(1))).toBeNull()
  })

  test('[PAY-4] it takes at most 100 bytes of memory an invoice', () => {
    const invoices = new Invoices()
    for (let i = 0; i < 20_000; i++) invoices.add(bytesOf(16, i), { ...row, index: i })
    expect(invoices.bytesHeld / invoices.size).toBeLessThan(100)
    expect(invoices.get(bytesOf(16, 19_999))).toEqual({ ...row, index: 19_999 })
    expect(invoices.size).toBe(20_000)
  })
})
