import { describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/entry.ts'
import type { Bytes } from '../../../src/core/ids.ts'
import { BookLog, expectRefused, id16, snapshot } from './books.ts'

const redact = (scope: 1 | 2, targets: number[] | Bytes[]): Body<'redact'> => {
  return { scope, reason: 1, targets, nonce: id16(9) }
}

describe('what was erased', () => {
  test('[PRIV-7] is named by index or account, moves nothing, and is found again', () => {
    const log = BookLog.founded(1)
    const [ada, bo] = [log.member(1), log.member(2)]
    const before = log.book.accounts.map((account) => ({ ...account }))
    const first = log.add('redact', redact(1, [0, 3, log.book.size - 1]))
    const second = log.add('redact', redact(2, [ada, bo]))
    expect(log.book.redactions).toEqual([first, second])
    expect(log.book.accounts).toEqual(before)
    expect(snapshot(log.book)).toBeDefined()
  })

  test.each([
    ['an index that is not there yet', redact(1, [7]), /not in the log/],
    ['indices out of order', redact(1, [3, 2]), /out of order/],
    ['one index twice', redact(1, [3, 3]), /out of order/],
    ['an account nobody opened', redact(2, [id16(77)]), /no such account/],
    ['accounts out of order', redact(2, [id16(2), id16(1)]), /out of order/],
    ['one account twice', redact(2, [id16(1), id16(1)]), /out of order/],
    ['accounts as entries', redact(1, [id16(1)]), /not those of its scope/],
    ['indices as accounts', redact(2, [3]), /not those of its scope/],
  ])('[PRIV-7] %s is refused', (_, body, rule) => {
    const log = BookLog.founded(1)
    for (const number of [1, 2]) log.member(number)
    expect(log.book.size).toBe(7)
    expectRefused(log, 'redact', body, rule)
  })
})
