import { describe, expect, test } from 'vitest'
import { signingKey } from '../../src/core/ed25519.ts'
import { Fault } from '../../src/core/fault.ts'
import { originOf } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { accept, type Refusal, refuse } from '../../src/core/refusal.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { decideAccount } from '../../src/node/accounts.ts'
import { type Decide, Writer } from '../../src/node/commit.ts'
import { foundBank } from '../../src/node/found.ts'
import { replay } from '../../src/node/replay.ts'
import { memoryGuard } from '../../src/store/head-guard.ts'
import { privateKey } from '../../src/store/keyspace.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import { faulty, noFaults } from '../sim/faulty-store.ts'
import { random, refusalOf, TestClock } from './town.ts'

/** A writer on a founded bank, whose parts the test holds. */
async function openWriter(more: { commitEntries?: number } = {}) {
  const disk = new MemoryDisk()
  const faults = noFaults()
  const guard = { ...memoryGuard(), fails: false }
  const write = guard.write
  guard.write = (note) => (guard.fails ? Promise.reject(new Fault('store_failed', 'no guard')) : write(note))
  const clock = new TestClock()
  const key = signingKey(random.bytes(32))
  const peerId = random.bytes(36)
  const founding = { logKey: key, witnessKey: random.bytes(32), peerId, recoveryHash: random.bytes(32) }
  const notices: string[] = []
  const report = (notice: string): void => void notices.push(notice)
  const store = faulty(openMemoryStore(disk), faults)
  const names = { name: 'Harbour', publicUrl: null, rows: () => [] }
  await foundBank({ store, guard, clock, random, report, ...founding, ...names })
  const replayed = await replay(store)
  const gate = { shut: null as Refusal | 'wait' | null }
  const fatal: unknown[] = []
  const writer = new Writer({
    store,
    guard,
    key,
    verifyingKey: replayed.key!,
    book: replayed.book,
    tree: replayed.tree,
    head: replayed.head,
    epoch: 0,
    clock,
    report,
    gate: () => gate.shut,
    onFatal: (fault) => fatal.push(fault),
    ...more,
  })
  return { writer, disk, faults, guard, clock, notices, gate, fatal, book: replayed.book, key: replayed.key! }
}

const account = (): Decide<unknown> =>
  decideAccount({ id: random.bytes(16), class: 'member', nonce: random.bytes(16) }, [])
const nothing: Decide<string> = () => accept({ entries: [], value: 'nothing' })
const refused: Decide<never> = () => refuse('line_missing')

describe('the writer', () => {
  test('[CRASH-1] takes all that waits into one batch with one checkpoint; a refusal is answered alone and harms nobody', async () => {
    const { writer, faults, book } = await openWriter()
    const before = [faults.appends, book.size] as const
    const outcomes = await Promise.all([
      writer.commit(account()),
      writer.commit(refused),
      writer.commit(account()),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true])
    expect([faults.appends - before[0], book.size - before[1]]).toEqual([1, 2])
    expect(writer.head?.size).toBe(book.size)
    expect((await writer.commit(account())).ok).toBe(true)
  })

  test('[CRASH-1] a commit holds so many entries and no more', async () => {
    const { writer, faults } = await openWriter({ commitEntries: 3 })
    const before = faults.appends
    await Promise.all(Array.from({ length: 10 }, () => writer.commit(account())))
    expect(faults.appends - before).toBe(4)
  })

  test('[CRASH-2] entries, tree, checkpoint and private rows are one batch; the guard follows, and then the answer', async () => {
    const { writer, faults, guard, disk, key, book } = await openWriter()
    const order: string[] = []
    faults.slow = true
    faults.onAppend = () => order.push(`append while the guard is at ${guardSize}`)
    let guardSize = book.size
    const write = guard.write
    guard.write = async (note) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await write(note)
      guardSize += 1
      order.push(`guard while the head is at ${writer.head?.size}`)
    }
    const size = book.size
    const row = { put: privateKey('setting', 'x'), value: Uint8Array.of(1) }
    const done = writer.commit((book, now) => {
      const decided = account()(book, now)
      return decided.ok ? accept({ ...decided.value, rows: [row] }) : decided
    })
    await done.then(() => order.push('answer'))
    expect(order).toEqual([
      `append while the guard is at ${size}`,
      `guard while the head is at ${size}`,
      'answer',
    ])
    expect(disk.get(row.put)).toEqual(row.value)
    const head = openCheckpoint((await guard.read()) as Uint8Array, { origin: originOf(book.bank, 0), key })
    expect(head?.size).toBe(size + 1)
  })

  test('[PRIV-9] private rows are swept away while nothing may be signed, between commits, and a failure is fatal', async () => {
    const { writer, faults, disk, gate, book, fatal } = await openWriter()
    const key = privateKey('memo', 'a')
    const row = (value: number) => [{ put: key, value: Uint8Array.of(value) }]
    gate.shut = 'wait'
    const size = book.size
    const waiting = writer.commit(account())
    await writer.sweep(row(1))
    expect([disk.get(key), book.size]).toEqual([Uint8Array.of(1), size])
    gate.shut = refuse('disk_low').refusal
    await writer.sweep(row(2))
    expect(refusalOf(await waiting)).toBe('disk_low')
    await writer.read(() => undefined)
    gate.shut = null
    faults.slow = true
    const all = await Promise.all([
      writer.commit(account()),
      writer.sweep(row(3)),
      writer.commit(account()),
      writer.sweep(row(4)),
    ])
    expect(all.map((one) => (one === undefined ? 'swept' : refusalOf(one)))).toEqual([
      'accepted',
      'swept',
      'accepted',
      'swept',
    ])
    expect([disk.get(key), book.size]).toEqual([Uint8Array.of(4), size + 2])
    faults.failAt = faults.appends + 1
    await expect(writer.sweep(row(5))).rejects.toThrow()
    expect([fatal.length, writer.stopped]).toEqual([1, true])
    await expect(writer.sweep(row(6))).rejects.toThrow()
  })

  test('[CRASH-3] reads during a batch wait for it; what is asked before it is decided sees the log before it', async () => {
    const { writer, faults, book } = await openWriter()
    faults.slow = true
    const size = book.size
    const seen: number[] = []
    faults.onAppend = () => void writer.read((b) => b.size).then((s) => seen.push(s))
    const early = writer.read((b) => b.size)
    const committed = writer.commit(account())
    expect(await early).toBe(size)
    await committed
    await writer.read(() => undefined)
    expect(seen).toEqual([size + 1])
  })

  test('[CRASH-4] after a failed batch nothing is signed and nothing is read; everybody who waits is told', async () => {
    const { writer, faults, fatal, gate } = await openWriter()
    gate.shut = 'wait'
    const waiting = Array.from({ length: 5 }, () => writer.commit(account()))
    faults.failAt = faults.appends + 1
    gate.shut = null
    writer.wake()
    const ends = await Promise.allSettled(waiting)
    expect(ends.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
    expect(fatal).toHaveLength(1)
    expect(fatal[0]).toMatchObject({ code: 'commit_unknown', fatal: true })
    const appends = faults.appends
    await expect(writer.commit(account())).rejects.toBe(fatal[0])
    await expect(writer.commit(nothing)).rejects.toBe(fatal[0])
    await expect(writer.read((b) => b.size)).rejects.toBe(fatal[0])
    expect(faults.appends).toBe(appends)
    await writer.close()
  })

  test('[CRASH-4] [ADMIT-7] a mistake in a decision is fatal, and nobody is left without an answer', async () => {
    const { writer, faults, fatal } = await openWriter()
    const appends = faults.appends
    const wrong: Decide<null> = () =>
      accept({
        entries: [
          { kind: 'acct.close', body: { acct: random.bytes(16), cause: 1, nonce: random.bytes(16) } },
        ],
        value: null,
      })
    const all = [writer.commit(account()), writer.commit(wrong), writer.commit(account())]
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
    expect(fatal).toHaveLength(1)
    expect(faults.appends).toBe(appends)
    await expect(writer.commit(account())).rejects.toBe(fatal[0])
  })

  test('[CRASH-4] what could not be read again is never written', async () => {
    const { writer, faults, fatal } = await openWriter()
    const appends = faults.appends
    const body = { acct: random.bytes(15), class: 1, nonce: random.bytes(16) }
    const outcome = writer.commit(() => accept({ entries: [{ kind: 'acct.open', body }], value: null }))
    await expect(outcome).rejects.toThrow(/can be read/)
    expect([faults.appends, fatal.length]).toEqual([appends, 1])
  })

  test('[CRASH-13] with a full disk writes are refused before the store sees them, reads go on, and room ends it', async () => {
    const { writer, disk, faults, clock, notices, book } = await openWriter()
    disk.freeBytes = LIMITS.diskFreeBytes - 1
    clock.offset += 5
    const appends = faults.appends
    const outcome = await writer.commit(account())
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { code: 'disk_low', facts: { freeBytes: disk.freeBytes } },
    })
    expect(notices).toContain('disk_low')
    expect(await writer.read((b) => b.size)).toBe(book.size)
    expect(faults.appends).toBe(appends)
    disk.freeBytes = LIMITS.diskFreeBytes
    clock.offset += 5
    expect((await writer.commit(account())).ok).toBe(true)
  })

  test('[CRASH-5] a guard that cannot be written is said and stops nothing', async () => {
    const { writer, guard, notices } = await openWriter()
    guard.fails = true
    expect((await writer.commit(account())).ok).toBe(true)
    expect(notices).toContain('guard_not_written')
  })

  test('[R8] while the gate waits commands wait and reads do not; when it opens they run in their order', async () => {
    const { writer, gate, book } = await openWriter()
    gate.shut = 'wait'
    const size = book.size
    const first = writer.commit(account())
    expect(await writer.read((b) => b.size)).toBe(size)
    gate.shut = null
    writer.wake()
    expect((await first).ok).toBe(true)
    gate.shut = refuse('log_behind_guard').refusal
    expect(await writer.commit(account())).toMatchObject({ ok: false, refusal: { code: 'log_behind_guard' } })
    expect(await writer.read((b) => b.size)).toBe(size + 1)
  })

  test('[ADMIT-5] the queue is bounded: beyond it the answer is "busy", and what waited is done later', async () => {
    const { writer, gate } = await openWriter()
    gate.shut = 'wait'
    const waiting = Array.from({ length: LIMITS.commitQueue }, () => writer.commit(nothing))
    expect(await writer.commit(nothing)).toMatchObject({ ok: false, refusal: { code: 'too_busy' } })
    gate.shut = null
    writer.wake()
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true)
  })

  test('[LOG-4] a clock that goes back never moves log time back', async () => {
    const { writer, clock, book } = await openWriter()
    await writer.commit(account())
    const time = book.time
    clock.offset -= 86_400
    await writer.commit(account())
    expect(book.time).toBe(time)
    clock.offset += 86_400 + 50
    await writer.commit(account())
    expect(book.time).toBeGreaterThanOrEqual(time + 50)
  })

  test('[CRASH-2] closing finishes what is under way and takes nothing new', async () => {
    const { writer, faults, gate, book } = await openWriter()
    faults.slow = true
    const under = writer.commit(account())
    await new Promise((resolve) => setTimeout(resolve, 1))
    gate.shut = 'wait'
    const waiting = writer.commit(account())
    const size = book.size
    await writer.close()
    expect([(await under).ok, await waiting]).toMatchObject([
      true,
      { ok: false, refusal: { code: 'too_busy' } },
    ])
    expect(await writer.commit(account())).toMatchObject({ ok: false })
    expect(book.size).toBe(size)
  })
})
