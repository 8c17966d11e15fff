import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { must } from '../../src/core/fault.ts'
import { sha256 } from '../../src/core/hash.ts'
import { IdTable } from '../../src/core/id-table.ts'
import { bytesOf } from './ledger/books.ts'

/** HalfSipHash-1-3 written apart from the table's, after the authors' paper: 32-bit words, four bytes out. */
function halfSipHash13(key: Uint8Array, message: Uint8Array): number {
  const rotl = (x: number, b: number): number => ((x << b) | (x >>> (32 - b))) >>> 0
  const add = (x: number, y: number): number => (x + y) >>> 0
  const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [k0, k1] = [view(key).getUint32(0, true), view(key).getUint32(4, true)]
  const v = { a: k0, b: k1, c: (0x6c796765 ^ k0) >>> 0, d: (0x74656462 ^ k1) >>> 0 }
  const sipRound = (): void => {
    v.a = add(v.a, v.b)
    v.b = (rotl(v.b, 5) ^ v.a) >>> 0
    v.a = rotl(v.a, 16)
    v.c = add(v.c, v.d)
    v.d = (rotl(v.d, 8) ^ v.c) >>> 0
    v.a = add(v.a, v.d)
    v.d = (rotl(v.d, 7) ^ v.a) >>> 0
    v.c = add(v.c, v.b)
    v.b = (rotl(v.b, 13) ^ v.c) >>> 0
    v.c = rotl(v.c, 16)
  }
  must(message.length % 4 === 0, 'whole words')
  const words = Array.from({ length: message.length / 4 }, (_, i) => view(message).getUint32(i * 4, true))
  for (const word of [...words, (message.length << 24) >>> 0]) {
    v.d = (v.d ^ word) >>> 0
    sipRound()
    v.a = (v.a ^ word) >>> 0
  }
  v.c = (v.c ^ 0xff) >>> 0
  for (let i = 0; i < 3; i++) sipRound()
  return (v.b ^ v.d) >>> 0
}

const NO_KEY = new Uint8Array(8)

/** Ids that all fall on 16 of the 2,048 places of a table without a key. */
function groundIds(count: number): Uint8Array[] {
  const ids: Uint8Array[] = []
  for (let n = 0; ids.length < count; n++) {
    const id = bytesOf(32, n).reverse()
    if ((halfSipHash13(NO_KEY, id) & 2047) < 16) ids.push(id)
  }
  return ids
}

/** How often a look-up reads a byte of the id: the hash reads each once, and every row on its way at least one. */
function readsOf(table: IdTable, id: Uint8Array): number {
  let reads = 0
  const watched = new Proxy(id, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1
      return Reflect.get(target, name, target)
    },
  })
  must(table.find(watched) >= 0, 'the id is there')
  return reads
}

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

  test('[R7] ids chosen to fall on one place do so only for who knows the key of the table', () => {
    const ids = groundIds(300)
    const longest = (key: Uint8Array): number => {
      const table = new IdTable({ key })
      for (const id of ids) table.add(id)
      return Math.max(...ids.map((id) => readsOf(table, id)))
    }
    expect(longest(NO_KEY)).toBeGreaterThan(300)
    for (let seed = 1; seed <= 8; seed++)
      expect(longest(sha256(bytesOf(8, seed)).slice(0, 8))).toBeLessThan(80)
  })

  test('[CRASH-10] it takes at most 44 bytes of memory an id, at whatever size from 20,000 on', () => {
    const table = new IdTable()
    let most = 0
    for (let i = 0; i < 120_000; i++) {
      table.add(bytesOf(32, i))
      if (i > 20_000) most = Math.max(most, table.bytesHeld / table.size)
    }
    expect(most).toBeGreaterThan(32)
    expect(most).toBeLessThan(44)
  })

  test('[CRASH-10] ids of accounts are 16 bytes; an id of another length is not there and never goes in', () => {
    const table = new IdTable({ width: 16 })
    for (let i = 0; i < 3_000; i++) expect(table.add(bytesOf(16, i))).toBe(i)
    for (let i = 0; i < 3_000; i++) expect(table.find(bytesOf(16, i))).toBe(i)
    expect(table.find(bytesOf(32, 1))).toBe(-1)
    expect(() => table.add(bytesOf(32, 1))).toThrow('length')
    expect(() => new IdTable({ key: new Uint8Array(7) })).toThrow('8 bytes')
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
