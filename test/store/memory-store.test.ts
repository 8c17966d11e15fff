import { describe, expect, test } from 'vitest'
import { entryKey, everything } from '../../src/store/keyspace.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import { storeConformance } from '../conformance/store.ts'

storeConformance('the store in memory', async () => {
  const disk = new MemoryDisk()
  return { open: async () => openMemoryStore(disk), remove: async () => {} }
})

const one = Uint8Array.of(1)

describe('a disk in memory', () => {
  test('[TEST-8] holds what was acknowledged after a crash, and nothing of a batch under way', async () => {
    const disk = new MemoryDisk()
    const crashed = openMemoryStore(disk)
    await crashed.append([{ put: entryKey(0, 0), value: one }])
    const under = crashed.append([{ put: entryKey(0, 1), value: one }])
    const next = openMemoryStore(disk)
    await expect(under).rejects.toMatchObject({ code: 'commit_unknown', fatal: true })
    await expect(crashed.append([{ put: entryKey(0, 2), value: one }])).rejects.toMatchObject({ fatal: true })
    expect(next.get(entryKey(0, 0))).toEqual(one)
    expect(next.get(entryKey(0, 1))).toBeUndefined()
    expect(next.get(entryKey(0, 2))).toBeUndefined()
  })

  test('a batch is not visible before its caller has waited', async () => {
    const store = openMemoryStore()
    const under = store.append([{ put: one, value: one }])
    expect(store.get(one)).toBeUndefined()
    await under
    expect(store.get(one)).toEqual(one)
  })

  test('[CRASH-13] reports the free space it is told, Infinity otherwise', async () => {
    const disk = new MemoryDisk()
    const store = openMemoryStore(disk)
    expect(await store.freeBytes()).toBe(Infinity)
    disk.freeBytes = 5
    expect(await store.freeBytes()).toBe(5)
  })

  test('holds 100,000 keys, put in between others, without effort', async () => {
    const store = openMemoryStore()
    for (let batch = 0; batch < 100; batch++) {
      const rows = Array.from({ length: 1000 }, (_, i) => entryKey(i % 2, batch * 500 + (i >> 1)))
      await store.append(rows.map((key) => ({ put: key, value: one })))
    }
    let count = 0
    for await (const page of store.pages(everything, 1000)) count += page.length
    expect(count).toBe(100_000)
  })
})
