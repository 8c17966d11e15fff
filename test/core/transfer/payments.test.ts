import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/core/hash.ts'
import { Payments } from '../../../src/core/transfer/payments.ts'
import { bytesOf, id32 } from '../ledger/books.ts'

type State = 'none' | 'held' | 'done'
const table = (): Payments<State> => new Payments<State>(['none', 'held', 'done'], ['held'])

describe('the table of payments', () => {
  test('[PAY-4] an id nobody saw is none; one that was seen is remembered for ever, field by field', () => {
    const payments = table()
    expect(payments.get(id32(1))).toBeNull()
    expect(payments.stateOf(id32(1))).toBe('none')
    const row = {
      aid: id32(2),
      minutes: 6_000,
      account: 3,
      line: 4,
      decideBy: 2 ** 40 - 1,
      category: 999,
      day: 2 ** 24,
      mode: 2,
      first: 2 ** 40,
      answer: 2 ** 41,
      seq: 2 ** 32 - 1,
      covered: false,
    }
    payments.put(id32(1), { state: 'held', ...row })
    expect(payments.get(id32(1))).toEqual({ id: id32(1), state: 'held', ...row })
    payments.put(id32(1), { state: 'done', answer: 7 })
    expect(payments.get(id32(1))).toEqual({ id: id32(1), state: 'done', ...row, answer: 7 })
    payments.put(id32(1), { state: 'done', covered: true })
    payments.put(id32(1), { state: 'done', answer: 8 })
    expect(payments.get(id32(1))).toMatchObject({ covered: true, answer: 8 })
  })

  test('[R7] an id that was never held here has no account and no line', () => {
    const payments = table()
    payments.put(id32(1), { state: 'done' })
    expect(payments.get(id32(1))).toMatchObject({ account: -1, line: -1, minutes: 0 })
  })

  test('[PAY-4] it takes at most 130 bytes of memory an id, at whatever size from 20,000 on', () => {
    const payments = table()
    let most = 0
    for (let i = 0; i < 50_000; i++) {
      payments.put(bytesOf(32, i), { state: 'done', aid: id32(1), minutes: 15, first: i, answer: i })
      if (i > 20_000) most = Math.max(most, payments.bytesHeld / payments.size)
    }
    expect(most).toBeGreaterThan(112)
    expect(most).toBeLessThan(130)
    expect(payments.at(49_999)).toMatchObject({ state: 'done', minutes: 15, first: 49_999, answer: 49_999 })
  })

  test('[LINE-9] what is open is listed in order of first sight, and no more once it is settled', () => {
    const payments = table()
    const ids = Array.from({ length: 1_000 }, (_, i) => sha256(bytesOf(8, i)))
    for (const id of ids) payments.put(id, { state: 'held', minutes: 1 })
    for (const [i, id] of ids.entries()) if (i % 100 !== 0) payments.put(id, { state: 'done' })
    expect([...payments.open()].map(({ id }) => id)).toEqual(ids.filter((_, i) => i % 100 === 0))
    expect(payments.size).toBe(1_000)
    expect(payments.at(999).id).toEqual(ids[999])
  })
})
