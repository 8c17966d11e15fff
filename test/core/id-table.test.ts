import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { IdTable } from '../../src/core/id-table.ts'
import { bytesOf } from './ledger/books.ts'

describe('the table of used ids', () => {
  test('[CRASH-10] 5,000 ids: each is found in its row, in order of first use, and comes back as it went in', () => {
    const table = new IdTable()
    const ids = Array.from({ length: 5_000 }, (_, i) => sha256(bytesOf(8, i)))
    for (const [row, id] of ids.entries()) expect(table.add(id)).toBe(row)
    expect(table.size).toBe(5_000)
    for (const [row, id] of ids.entries()) {
      expect(table.find(id)).toBe(row)
      expect(table.at(row)).toEqual(id)
    }
    expect(table.find(sha256(bytesOf(8, 5_000)))).toBe(-1)
  })

  test('[CRASH-10] ids that begin alike are told apart, however many share their first slot', () => {
    const table = new IdTable()
    const ids = Array.from({ length: 500 }, (_, i) => bytesOf(32, i))
    for (const id of ids) table.add(id)
    expect(ids.map((id) => table.find(id))).toEqual(ids.map((_, i) => i))
    expect(table.find(bytesOf(32, 500))).toBe(-1)
  })

  test('[CRASH-10] it answers as a map would, and a copy handed out cannot change it', () => {
    const id = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(fc.array(id, { maxLength: 40 }), fc.array(id, { maxLength: 10 }), (added, asked) => {
        const table = new IdTable()
        const rows = new Map<string, number>()
        for (const one of added) {
          const key = Buffer.from(one).toString('hex')
          if (!rows.has(key)) rows.set(key, table.add(one))
        }
        for (const one of [...added, ...asked]) {
          expect(table.find(one)).toBe(rows.get(Buffer.from(one).toString('hex')) ?? -1)
        }
        if (table.size > 0) {
          const first = table.at(0)
          table.at(0).fill(7)
          expect(table.at(0)).toEqual(first)
        }
      }),
      { numRuns: 200 },
    )
  })
})
