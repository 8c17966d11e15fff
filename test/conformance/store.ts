/**
 * Does a store keep the promises of its port? Every implementation passes a factory and must pass every case.
 */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { compareBytes, toHex } from '../../src/core/ids.ts'
import { allPrivate, everything, privateKey } from '../../src/store/keyspace.ts'
import type { ReadRange, Store, Write } from '../../src/store/store.ts'

/** A place where a store lives on when it is closed. */
export type StorePlace = { open(): Promise<Store>; remove(): Promise<void> }

const key = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes)
const put = (name: string, value: string): Write => ({ put: key(name), value: key(value) })
const del = (name: string): Write => ({ del: key(name) })

/** All rows of a range as `key=value` texts, page by page. */
async function pagesOf(store: Store, range: ReadRange, pageSize: number): Promise<string[][]> {
  const pages: string[][] = []
  for await (const page of store.pages(range, pageSize)) {
    pages.push(page.map(([k, v]) => `${textOf(k)}=${textOf(v)}`))
  }
  return pages
}

async function rowsOf(store: Store, range: ReadRange = everything, pageSize = 1000): Promise<string[]> {
  return (await pagesOf(store, range, pageSize)).flat()
}

export function storeConformance(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name} keeps the contract of a store`, () => {
    const opened: Store[] = []
    const places: StorePlace[] = []

    async function fresh(): Promise<StorePlace & { store: Store }> {
      const place = await newPlace()
      places.push(place)
      const store = await place.open()
      opened.push(store)
      return { ...place, store }
    }

    async function reopened(place: StorePlace): Promise<Store> {
      const store = await place.open()
      opened.push(store)
      return store
    }

    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
      for (const place of places.splice(0)) await place.remove()
    })

    contentCases(fresh, reopened)
    appendCases(fresh, reopened)
    pageCases(fresh)
    modelCase(fresh, reopened)
  })
}

type Fresh = () => Promise<StorePlace & { store: Store }>
type Reopened = (place: StorePlace) => Promise<Store>

function contentCases(fresh: Fresh, reopened: Reopened): void {
  test('a missing key is undefined, an empty value is an empty value', async () => {
    const { store } = await fresh()
    expect(store.get(key('a'))).toBeUndefined()
    await store.append([{ put: key('a'), value: new Uint8Array(0) }])
    expect(store.get(key('a'))).toEqual(new Uint8Array(0))
    expect(await rowsOf(store)).toEqual(['a='])
  })

  test('[CRASH-12] all 256 byte values survive in keys and in values', async () => {
    const { store } = await fresh()
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    await store.append([{ put: bytes, value: bytes }])
    expect(store.get(bytes)).toEqual(bytes)
    expect(store.get(bytes.subarray(0, 255))).toBeUndefined()
  })

  test('[CRASH-2] a value of 3 MiB and a batch of 300 rows are kept and survive a reopen', async () => {
    const { store, ...place } = await fresh()
    const large = Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, i) => (i * 31) & 255)
    const rows = Array.from({ length: 300 }, (_, i) => put(`n${String(i).padStart(3, '0')}`, `v${i}`))
    await store.append([{ put: key('large'), value: large }, ...rows])
    await store.close()
    const again = await reopened(place)
    expect(Buffer.compare(again.get(key('large')) as Uint8Array, large)).toBe(0)
    expect((await rowsOf(again, { from: key('n'), to: key('o') })).length).toBe(300)
  })

  test('what is handed in may be changed as soon as append was called', async () => {
    const { store } = await fresh()
    const k = key('k')
    const v = key('value')
    const done = store.append([{ put: k, value: v }])
    k.fill(0)
    v.fill(0)
    await done
    expect(await rowsOf(store)).toEqual(['k=value'])
  })

  test('what is handed out belongs to the caller: changing it changes nothing in the store', async () => {
    const { store } = await fresh()
    await store.append([put('k', 'value')])
    const got = store.get(key('k')) as Uint8Array
    expect(got.constructor).toBe(Uint8Array) // A Buffer's slice would share memory.
    got.fill(0)
    for await (const page of store.pages(everything, 10)) {
      for (const [k, v] of page) {
        expect([k.constructor, v.constructor]).toEqual([Uint8Array, Uint8Array])
        k.fill(0)
        v.fill(0)
      }
    }
    expect(textOf(store.get(key('k')))).toBe('value')
    expect(await rowsOf(store)).toEqual(['k=value'])
  })

  test('[PRIV-8] a value overwritten, compacted, removed and compacted is gone; its neighbours stay', async () => {
    const { store } = await fresh()
    const gone = privateKey('memo', 'a')
    await store.append([
      { put: gone, value: key('secret') },
      { put: privateKey('memo', 'b'), value: key('kept') },
    ])
    await store.append([{ put: gone, value: Uint8Array.of(0) }])
    await store.compact(allPrivate)
    await store.append([{ del: gone }])
    await store.compact(allPrivate)
    expect(await rowsOf(store)).toEqual(['p/memo/b=kept'])
  })

  test('freeBytes is a number above zero, and a closed store refuses every use as a bug', async () => {
    const { store } = await fresh()
    expect(await store.freeBytes()).toBeGreaterThan(0)
    await store.close()
    await store.close()
    expect(() => store.get(key('a'))).toThrow('broken assertion')
    expect(() => store.pages(everything, 1)).toThrow('broken assertion')
    await expect(store.append([put('a', '1')])).rejects.toThrow('broken assertion')
    await expect(store.compact(everything)).rejects.toThrow('broken assertion')
  })
}

function appendCases(fresh: Fresh, reopened: Reopened): void {
  test('inside a batch the later write to a key wins; removing what is not there is allowed', async () => {
    const { store } = await fresh()
    await store.append([
      put('a', '1'),
      put('a', '2'),
      put('b', '1'),
      del('b'),
      del('c'),
      del('d'),
      put('d', '1'),
    ])
    expect(await rowsOf(store)).toEqual(['a=2', 'd=1'])
  })

  test('batches take effect in the order of their calls; the same batch twice is the same as once', async () => {
    const { store } = await fresh()
    await store.append([put('a', '1'), put('b', '1')])
    await store.append([put('a', '2'), del('b')])
    await store.append([put('a', '2'), del('b')])
    expect(await rowsOf(store)).toEqual(['a=2'])
  })

  test('[CRASH-2] what was acknowledged is there after a reopen, and an empty batch writes nothing', async () => {
    const { store, ...place } = await fresh()
    await store.append([put('a', '1'), put('b', '1')])
    await store.append([])
    await store.append([del('a'), put('c', '1')])
    await store.close()
    expect(await rowsOf(await reopened(place))).toEqual(['b=1', 'c=1'])
  })

  test('[CRASH-2] a second append before the first has ended is a bug, and does not touch the first', async () => {
    const { store } = await fresh()
    const first = store.append([put('a', '1')])
    await expect(store.append([put('b', '1')])).rejects.toThrow('broken assertion: one append at a time')
    await first
    await store.append([put('c', '1')])
    expect(await rowsOf(store)).toEqual(['a=1', 'c=1'])
  })

  test('an empty key is a bug, and nothing of its batch is written', async () => {
    const { store } = await fresh()
    const bad = [put('a', '1'), { put: new Uint8Array(0), value: key('x') }]
    await expect(store.append(bad)).rejects.toThrow('broken assertion: a key is not empty')
    await store.append([put('b', '1')])
    expect(await rowsOf(store)).toEqual(['b=1'])
  })

  test('close waits for the append under way', async () => {
    const { store, ...place } = await fresh()
    const append = store.append([put('a', '1')])
    await store.close()
    await append
    expect(await rowsOf(await reopened(place))).toEqual(['a=1'])
  })
}

function pageCases(fresh: Fresh): void {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

  test('keys are ordered bytewise, the shorter first, in both directions', async () => {
    const { store } = await fresh()
    const sorted = [[0], [0, 0], [0, 1], [1], [1, 0, 255], [1, 1], [127], [128], [254, 255], [254, 255, 0]]
    const keys = sorted.map((bytes) => Uint8Array.from(bytes))
    await store.append([...keys].reverse().map((k) => ({ put: k, value: k })))
    const read = async (order: 'ascending' | 'descending') => {
      const found: Uint8Array[] = []
      for await (const page of store.pages({ ...everything, order }, 3)) found.push(...page.map(([k]) => k))
      return found
    }
    expect(await read('ascending')).toEqual(keys)
    expect(await read('descending')).toEqual([...keys].reverse())
  })

  test.each([
    ['b', 'e', 'ascending', 2, [['b=1', 'c=1'], ['d=1']]],
    ['b', 'e', 'descending', 2, [['d=1', 'c=1'], ['b=1']]],
    ['a', 'z', 'ascending', 7, [letters.map((l) => `${l}=1`)]],
    ['a', 'z', 'descending', 1, [...letters].reverse().map((l) => [`${l}=1`])],
    ['aa', 'bb', 'ascending', 9, [['b=1']]],
    ['h', 'z', 'ascending', 9, []],
    ['c', 'c', 'ascending', 9, []],
    ['d', 'b', 'ascending', 9, []],
    ['d', 'b', 'descending', 9, []],
  ] as const)('pages from %s to %s, %s, by %i', async (from, to, order, pageSize, expected) => {
    const { store } = await fresh()
    await store.append(letters.map((letter) => put(letter, '1')))
    expect(await pagesOf(store, { from: key(from), to: key(to), order }, pageSize)).toEqual(expected)
  })

  test('a walk shows the content as of the call of pages, whatever is written before or during it', async () => {
    const { store } = await fresh()
    await store.append([put('a', '1'), put('b', '1'), put('c', '1')])
    const walk = store.pages(everything, 1)
    await store.append([put('a', '2'), del('b'), put('bb', '2')])
    const seen: string[] = []
    for await (const page of walk) {
      await store.append([put('c', '3'), put(`d${seen.length}`, '3')])
      seen.push(...page.map(([k, v]) => `${textOf(k)}=${textOf(v)}`))
    }
    expect(seen).toEqual(['a=1', 'b=1', 'c=1'])
    expect(await rowsOf(store)).toEqual(['a=2', 'bb=2', 'c=3', 'd0=3', 'd1=3', 'd2=3'])
  })

  test('a walk may be left early, and two walks do not disturb each other', async () => {
    const { store } = await fresh()
    await store.append(letters.map((letter) => put(letter, '1')))
    for await (const page of store.pages(everything, 2)) {
      expect(page.length).toBe(2)
      expect((await rowsOf(store)).length).toBe(7)
      break
    }
    await store.append([put('h', '1')])
    expect((await rowsOf(store)).length).toBe(8)
  })

  test('a walk under way when the store is closed ends with a fault that is not fatal', async () => {
    const { store } = await fresh()
    await store.append(letters.map((letter) => put(letter, '1')))
    const walked = (async () => {
      for await (const _ of store.pages(everything, 1)) await store.close()
    })()
    await expect(walked).rejects.toMatchObject({ code: 'store_failed', fatal: false })
  })

  test('a page size of none is a bug', async () => {
    const { store } = await fresh()
    expect(() => store.pages(everything, 0)).toThrow('broken assertion')
  })
}

function modelCase(fresh: Fresh, reopened: Reopened): void {
  const oneByte = fc.integer({ min: 0, max: 254 })
  const anyKey = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 })
  const anyWrite = fc.oneof(
    fc.record({ put: anyKey, value: fc.uint8Array({ maxLength: 8 }) }),
    fc.record({ del: anyKey }),
  )
  const anyStep = fc.oneof(fc.array(anyWrite, { maxLength: 12 }), fc.constant('reopen' as const))

  test('random batches and reopens leave what a sorted map would hold', async () => {
    const steps = fc.array(anyStep, { maxLength: 10 })
    const order = fc.constantFrom('ascending' as const, 'descending' as const)
    const property = fc.asyncProperty(
      steps,
      oneByte,
      order,
      fc.integer({ min: 1, max: 5 }),
      async (all, cut, way, n) => {
        const place = await fresh()
        let store = place.store
        const model = new Map<string, [Uint8Array, Uint8Array]>()
        for (const step of all) {
          if (step === 'reopen') {
            await store.close()
            store = await reopened(place)
            continue
          }
          await store.append(step)
          for (const write of step) {
            if ('del' in write) model.delete(toHex(write.del))
            else model.set(toHex(write.put), [write.put, write.value])
          }
        }
        const from = Uint8Array.of(cut & 3)
        const expected = [...model.values()]
          .filter(([k]) => compareBytes(k, from) >= 0)
          .sort(([a], [b]) => compareBytes(a, b))
        if (way === 'descending') expected.reverse()
        const found: (readonly [Uint8Array, Uint8Array])[] = []
        for await (const page of store.pages({ from, to: everything.to, order: way }, n)) {
          expect(page.length).toBeGreaterThan(0)
          expect(page.length).toBeLessThanOrEqual(n)
          found.push(...page)
        }
        expect(found).toEqual(expected)
        for (const [k, v] of model.values()) expect(store.get(k)).toEqual(v)
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })
}
