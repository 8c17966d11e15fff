import { expect, test } from 'vitest'
import { signingKey } from '../../src/core/ed25519.ts'
import { encodeEntry } from '../../src/core/entry.ts'
import { Fault } from '../../src/core/fault.ts'
import { originOf } from '../../src/core/ids.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { decideAccount } from '../../src/node/accounts.ts'
import { Writer } from '../../src/node/commit.ts'
import { foundBank } from '../../src/node/found.ts'
import { replay } from '../../src/node/replay.ts'
import { memoryGuard } from '../../src/store/head-guard.ts'
import { edgeKey, entryKey, headKey, tileKey } from '../../src/store/keyspace.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import type { Store, Write } from '../../src/store/store.ts'
import { random, TestClock } from './town.ts'

/** A bank that was founded on a disk in memory, with its key at hand. */
async function founded() {
  const disk = new MemoryDisk()
  const logKey = signingKey(random.bytes(32))
  const guard = memoryGuard()
  const store = openMemoryStore(disk)
  const clock = new TestClock()
  const { bank } = await foundBank({
    store,
    guard,
    clock,
    random,
    report: () => undefined,
    logKey,
    witnessKey: random.bytes(32),
    peerId: random.bytes(36),
    recoveryHash: random.bytes(32),
    name: 'Harbour',
    publicUrl: null,
    rows: () => [],
  })
  return { disk, logKey, guard, store, clock, bank }
}

const account = () => decideAccount({ id: random.bytes(16), class: 'member', nonce: random.bytes(16) }, [])

/** A writer on that bank, over a store that does what the test says. */
async function writerOver(all: Awaited<ReturnType<typeof founded>>, append: Store['append']) {
  const { logKey, guard, store, clock } = all
  const { book, tree, head, key } = await replay(store)
  const fatal: unknown[] = []
  const writer = new Writer({
    store: { ...store, append },
    guard,
    key: logKey,
    verifyingKey: key!,
    book,
    tree,
    head,
    epoch: 0,
    clock,
    report: () => undefined,
    gate: () => null,
    onFatal: (fault) => fatal.push(fault),
  })
  return { writer, fatal, size: book.size }
}

test('[CRASH-4] a batch whose store fails once is never tried again in place, though it would succeed', async () => {
  const all = await founded()
  const batches: (readonly Write[])[] = []
  // A disk whose cable was loose for a moment: the next write would go through.
  const { writer, fatal, size } = await writerOver(all, (batch) => {
    batches.push(batch)
    return batches.length === 1 ? Promise.reject(new Error('EIO')) : all.store.append(batch)
  })
  await expect(writer.commit(account())).rejects.toMatchObject({ code: 'commit_unknown', fatal: true })
  await expect(writer.commit(account())).rejects.toMatchObject({ code: 'commit_unknown' })
  expect(batches).toHaveLength(1)
  expect(fatal).toHaveLength(1)
  expect(fatal[0]).toBeInstanceOf(Fault)
  expect(writer.head?.size).toBe(size)
})

test('[CRASH-3] what is asked while a batch is under way is never told what the disk may not hold', async () => {
  const all = await founded()
  const told: Promise<number | string>[] = []
  const { writer, size } = await writerOver(all, async (batch) => {
    for (let i = 0; i < 3; i++) {
      told.push(writer.read((book) => book.size).catch(() => 'nothing'))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    if (told.length > 3) throw new Error('EIO')
    await all.store.append(batch)
  })
  const first = await writer.commit(account())
  expect(first.ok).toBe(true)
  await expect(writer.commit(account())).rejects.toMatchObject({ code: 'commit_unknown' })
  expect(await Promise.all(told)).toEqual([...Array(3).fill(size + 1), ...Array(3).fill('nothing')])
})

test('[CRASH-6] [CRASH-10] a log whose own signature covers an entry that breaks a rule is not opened', async () => {
  const { disk, logKey, store, bank } = await founded()
  const { book, tree } = await replay(store)
  const at = book.size
  const body = { acct: random.bytes(16), cause: 1, nonce: random.bytes(16) }
  // Nobody has such an account, so no honest writer closes it; every hash and the signature are right.
  const raw = encodeEntry({ kind: 'acct.close', time: book.time, body })
  const growth = tree.append([leafHash(raw)])
  const origin = originOf(bank, 0)
  const note = signCheckpoint({ origin, size: growth.size, root: growth.root, key: logKey })
  disk.commit([
    { put: entryKey(0, at), value: raw },
    ...growth.dropped.map(({ level, index }) => ({ del: edgeKey(0, level, index) })),
    ...growth.edges.map(({ level, index, hash }) => ({ put: edgeKey(0, level, index), value: hash })),
    ...growth.full.map(({ level, n, bytes }) => ({ put: tileKey(0, level, n), value: bytes })),
    { put: headKey(0), value: note },
  ])
  await expect(replay(openMemoryStore(disk))).rejects.toMatchObject({
    code: 'log_invalid',
    message: expect.stringContaining(`index ${at}: `),
  })
  await expect(replay(openMemoryStore(disk))).rejects.toThrow('no such open account')
})
