import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { askedKey, everything } from '../../src/store/keyspace.ts'
import { MemoryDisk } from '../../src/store/memory-store.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { payLiar, scene } from './liar.ts'
import { adaPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import { addAccount, balance, ok, openBank, refusalOf, type TestBank, until } from './town.ts'

let pair: Pair | null = null
let lone: TestBank | null = null
afterEach(async () => {
  await stopAll(pair)
  await lone?.stop()
  pair = null
  lone = null
})

interface Copy {
  readonly disk: MemoryDisk
  readonly guard: Uint8Array | null
}

/** The folder of a bank as it lies there now. */
async function copyOf(bank: TestBank): Promise<Copy> {
  const disk = new MemoryDisk()
  disk.commit(
    bank.disk.rowsOf(everything).map(([key, value]) => ({ put: key.slice(), value: value.slice() })),
  )
  return { disk, guard: await bank.guard.read() }
}

/** Stops the bank and puts this folder in place of its own. */
async function putBack(bank: TestBank, copy: Copy): Promise<void> {
  await bank.stop()
  bank.disk = copy.disk
  await bank.guard.write(copy.guard ?? Uint8Array.of(1))
}

const stateOf = (bank: TestBank): string => {
  const state = bank.node.gate.state()
  return state === null ? 'open' : state === 'wait' ? 'wait' : state.code
}

async function paid(all: Pair, minutes: number): Promise<string> {
  const id = await adaPays(all, minutes)
  return ok(await all.harbour.node.settled(id, 20)).state
}

describe('an older folder is put back', () => {
  test('[R8] [CRASH-8] while a neighbour knows more: it signs nothing, says why, reads go on, and nothing is lost', async () => {
    pair = await twoBanks()
    const { harbour, millbrook, ada, bo } = pair
    const old = await copyOf(millbrook)
    expect(await paid(pair, 60)).toBe('paid')
    const recent = await copyOf(millbrook)
    await putBack(millbrook, old)
    await millbrook.start()
    await until(() => stateOf(millbrook) === 'log_behind_neighbour')
    const refusal = await millbrook.node.commit(() => ({ ok: true, value: { entries: [], value: null } }))
    expect(refusal).toMatchObject({ ok: false, refusal: { facts: { neighbour: toHex(harbour.bank) } } })
    const { theirSize, ourSize } = (refusal as { refusal: { facts: Record<string, number> } }).refusal.facts
    expect(theirSize).toBeGreaterThan(ourSize as number)
    expect(await millbrook.node.read(({ book }) => balance(book, bo))).toBe(0)
    // An order to it is not answered, and ends by its own deadline.
    const size = millbrook.node.head.size
    const id = await adaPays(pair, 5, { seconds: 1 })
    expect(ok(await harbour.node.settled(id, 20))).toMatchObject({ state: 'dead', reason: 'too_late' })
    expect(millbrook.node.head.size).toBe(size)
    await putBack(millbrook, recent)
    await millbrook.start()
    expect(await paid(pair, 30)).toBe('paid')
    await until(() => isAtRest(pair!))
    const sum =
      (await harbour.node.read(({ book }) => balance(book, ada))) +
      (await millbrook.node.read(({ book }) => balance(book, bo)))
    expect(sum).toBe(0)
  })

  test('[CRASH-6] below its own guard: it signs nothing from the first moment, asked or not', async () => {
    lone = await openBank(new MemoryNetwork(), 'Harbour')
    const old = await copyOf(lone)
    await addAccount(lone)
    const guard = await lone.guard.read()
    await putBack(lone, { disk: old.disk, guard })
    await lone.start()
    expect(stateOf(lone)).toBe('log_behind_guard')
    const typed = { size: lone.node.head.size, root: toHex(lone.node.head.root).slice(0, 8) }
    expect(refusalOf(await lone.node.confirmLog(typed))).toBe('log_behind_guard')
    expect(lone.notices.some(({ notice }) => notice === 'refusing_to_sign')).toBe(true)
  })

  test('[CRASH-6] [BYZ-1] below its own guard: it blames no neighbour for having consumed what it has lost', async () => {
    const stage = await scene()
    const { bank, liar } = stage
    const old = await copyOf(bank)
    const oldHead = bank.node.head.note
    await payLiar(stage, 30, { postal: true })
    const inChain = await bank.node.read(({ book }) => bank.node.own.ref(book.lines[0]!.posts[0]!).leaf)
    const guard = await bank.guard.read()
    await putBack(bank, { disk: old.disk, guard })
    const talks = liar.scripted.talks.length
    await bank.start()
    expect(stateOf(bank)).toBe('log_behind_guard')
    // It calls its neighbour by itself.
    await until(() => liar.scripted.talks.length > talks && liar.scripted.last.all('hello').length > 0)
    const talk = liar.scripted.last
    await talk.hello({ line: liar.line, inSeq: 1, inChain, yours: oldHead })
    await talk.next('line')
    await liar.scripted.transport.close()
    await bank.stop()
    expect(bank.notices.filter(({ notice }) => notice === 'breach')).toEqual([])
  })

  test('[CRASH-6] a guard that is behind is the trace of a crash: rewritten, and the bank goes on', async () => {
    lone = await openBank(new MemoryNetwork(), 'Harbour')
    const guard = await lone.guard.read()
    await addAccount(lone)
    await lone.stop()
    await lone.guard.write(guard!)
    await lone.start()
    expect(stateOf(lone)).toBe('open')
    expect(Buffer.from((await lone.guard.read())!).equals(Buffer.from(guard!))).toBe(false)
    await addAccount(lone)
  })
})

describe('no guard', () => {
  test('[CRASH-9] and no neighbour: nothing is signed until the operator types size and root; the act stands in the log', async () => {
    lone = await openBank(new MemoryNetwork(), 'Harbour')
    await lone.stop()
    await lone.guard.write(Uint8Array.of(1))
    await lone.start()
    expect(stateOf(lone)).toBe('start_waits')
    const { size, root } = lone.node.head
    expect(refusalOf(await lone.node.confirmLog({ size, root: '00000000' }))).toBe('start_waits')
    ok(await lone.node.confirmLog({ size, root: toHex(root).slice(0, 8) }))
    expect(stateOf(lone)).toBe('open')
    expect(await lone.node.read(({ book }) => [book.size, book.rules?.version])).toEqual([size + 1, 2])
    await lone.stop()
    await lone.start()
    expect(stateOf(lone)).toBe('open')
    expect(refusalOf(await lone.node.confirmLog({ size, root: 'x' }))).toBe('request_malformed')
  })

  test('[CRASH-6] [CRASH-7] and a neighbour: its answer is needed', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await harbour.stop()
    await millbrook.stop()
    await millbrook.guard.write(Uint8Array.of(1))
    await millbrook.start({ startWaitSeconds: 0 })
    await until(() => stateOf(millbrook) === 'start_waits')
    await harbour.start()
    await until(() => stateOf(millbrook) === 'open')
    expect(await paid(pair, 10)).toBe('paid')
  })
})

describe('a neighbour that never answers', () => {
  test('[CRASH-9] the operator vouches after a week of asking, counted over all starts', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await harbour.stop()
    await millbrook.stop()
    await millbrook.guard.write(Uint8Array.of(1))
    const { size, root } = millbrook.node.head
    const typed = { size, root: toHex(root).slice(0, LIMITS.confirmRootDigits) }
    for (let day = 0; day < 7; day++) {
      await millbrook.start({ startWaitSeconds: 0 })
      await until(() => stateOf(millbrook) === 'start_waits')
      expect(refusalOf(await millbrook.node.confirmLog(typed))).toBe('start_waits')
      const before = millbrook.disk.rowsOf(everything).find(([key]) => toHex(key) === toHex(askedKey))?.[1]
      millbrook.clock.offset += 86_400
      await until(() => {
        const row = millbrook.disk.rowsOf(everything).find(([key]) => toHex(key) === toHex(askedKey))?.[1]
        return row !== undefined && (before === undefined || toHex(row) !== toHex(before))
      })
      await millbrook.stop()
    }
    await millbrook.start({ startWaitSeconds: 0 })
    await until(() => stateOf(millbrook) === 'start_waits')
    millbrook.clock.offset += 60
    ok(await millbrook.node.confirmLog(typed))
    expect(stateOf(millbrook)).toBe('open')
    // What it has signed since is another log, for which nobody has been asked yet.
    await millbrook.stop()
    await millbrook.guard.write(Uint8Array.of(1))
    await millbrook.start({ startWaitSeconds: 0 })
    await until(() => stateOf(millbrook) === 'start_waits')
    const now = { size: size + 1, root: toHex(millbrook.node.head.root).slice(0, LIMITS.confirmRootDigits) }
    expect(refusalOf(await millbrook.node.confirmLog(now))).toBe('start_waits')
    harbour.clock.offset = millbrook.clock.offset
    await harbour.start()
    await until(() => stateOf(millbrook) === 'open')
    await addAccount(millbrook)
  })
})

describe('starts', () => {
  test('[R8] two banks that start together do not wait for each other', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await harbour.stop()
    await millbrook.stop()
    // A minute is more than this test may take.
    await Promise.all([
      harbour.start({ startWaitSeconds: 60_000 }),
      millbrook.start({ startWaitSeconds: 60_000 }),
    ])
    await until(() => [harbour, millbrook].every((bank) => stateOf(bank) === 'open'))
    expect(await paid(pair, 10)).toBe('paid')
  })

  test('[CRASH-7] a strict start demands an answer even with a good guard', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await millbrook.stop()
    await harbour.stop()
    await harbour.start({ start: 'strict', startWaitSeconds: 0 })
    await until(() => stateOf(harbour) === 'start_waits')
    await millbrook.start()
    await until(() => stateOf(harbour) === 'open')
    await harbour.stop()
    await millbrook.stop()
    await harbour.start({ startWaitSeconds: 0 })
    await until(() => stateOf(harbour) === 'open')
    await millbrook.start()
  })

  test('[ADMIT-5] a bank that waits for its neighbours can be closed at once', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await harbour.stop()
    await millbrook.stop()
    await harbour.start({ start: 'strict' })
    const waiting = harbour.node.commit(() => ({ ok: true, value: { entries: [], value: null } }))
    await harbour.node.close()
    expect(refusalOf(await waiting)).toBe('too_busy')
    await harbour.start()
    await millbrook.start()
    expect(await paid(pair, 10)).toBe('paid')
  })

  test('[CRASH-6] a log with a byte changed, an entry missing or a head too many is not opened', async () => {
    lone = await openBank(new MemoryNetwork(), 'Harbour')
    await addAccount(lone)
    await lone.stop()
    const good = lone.disk
    const entries = good.rowsOf(everything).filter(([key]) => key[0] === 0x65)
    for (const [key, value] of [entries[2]!, entries.at(-1)!]) {
      const copy = await copyOf(lone)
      const flipped = value.slice()
      flipped[flipped.length - 1]! ^= 1
      copy.disk.commit([{ put: key, value: flipped }])
      lone.disk = copy.disk
      await expect(lone.start()).rejects.toMatchObject({ code: 'log_invalid', fatal: true })
      copy.disk.commit([{ del: key }])
      await expect(lone.start()).rejects.toMatchObject({ code: 'log_invalid' })
      lone.disk = good
    }
    await lone.start()
  })
})
