import { afterEach, describe, expect, test } from 'vitest'
import { must } from '../../src/core/fault.ts'
import { parseHeadText } from '../../src/log/checkpoint.ts'
import { parseNote } from '../../src/log/note.ts'
import { decodeFrame } from '../../src/peer/messages.ts'
import { headKey } from '../../src/store/keyspace.ts'
import { adaPays, boPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import { balance, ok, type TestBank, until } from './town.ts'

let pair: Pair | null = null
afterEach(async () => {
  await stopAll(pair)
  pair = null
})

function sizeOf(note: Uint8Array): number {
  const text = parseNote(note)?.text
  const head = text === undefined ? null : parseHeadText(text)
  must(head !== null, 'a head of ours is one')
  return head.size
}

const sizeOnDisk = (bank: TestBank): number => sizeOf(bank.disk.get(headKey(0)) as Uint8Array)

/** From here on nothing may leave the house that the disk does not hold ([R1], [R2]). */
function watch(bank: TestBank): { frames: number } {
  const seen = { frames: 0 }
  bank.spy = (raw) => {
    const decoded = decodeFrame(raw)
    must(decoded.ok, 'we send frames')
    seen.frames += 1
    const { head, entries } = decoded.frame
    const onDisk = sizeOnDisk(bank)
    if (head !== null) expect(sizeOf(head)).toBeLessThanOrEqual(onDisk)
    for (const { index } of entries) expect(index).toBeLessThan(onDisk)
  }
  return seen
}

/** The process ends at the fault and is started again, as a supervisor would do. */
async function startAgain(bank: TestBank): Promise<void> {
  await bank.stop()
  bank.faults.length = 0
  bank.diskFaults.failAt = Number.POSITIVE_INFINITY
  await bank.start()
}

describe.each(['promise', 'post'] as const)('a payment by %s while the disk of one bank fails', (how) => {
  const cases = (['harbour', 'millbrook'] as const).flatMap((side) =>
    [1, 2, 3, 4].flatMap((n) => [true, false].map((persists) => ({ side, n, persists }))),
  )

  test.each(cases)(
    '[R1] [R2] [CRASH-3] [CRASH-4] [TEST-8] append $n of $side fails, on the disk $persists: the payment ends, mirrors are equal',
    async ({ side, n, persists }) => {
      pair = await twoBanks()
      const { harbour, millbrook, ada, bo } = pair
      const seen = [watch(harbour), watch(millbrook)]
      const bank = pair[side]
      Object.assign(bank.diskFaults, { failAt: bank.diskFaults.appends + n, persists })
      const paid = adaPays(pair, 90, { postal: how === 'post' }).catch(() => null)
      const rests = (): Promise<boolean> => isAtRest(pair!).catch(() => false)
      await until(async () => bank.faults.length > 0 || ((await paid) !== null && (await rests())))
      const failed = bank.faults.length > 0
      if (failed) {
        // Never signs again in the same run, and shows nothing that may not be on the disk.
        await expect(
          bank.node.commit(() => ({ ok: true, value: { entries: [], value: null } })),
        ).rejects.toThrow()
        await expect(bank.node.read(({ book }) => book.size)).rejects.toThrow()
        await startAgain(bank)
      }
      await until(rests)
      const here = await harbour.node.read(({ book }) => balance(book, ada))
      const there = await millbrook.node.read(({ book }) => balance(book, bo))
      expect(here + there).toBe(0)
      expect([0, 90]).toContain(there)
      const id = await paid
      if (id !== null)
        expect(ok(await harbour.node.settled(id, 20)).state).toBe(there === 90 ? 'paid' : 'dead')
      expect(Math.min(...seen.map(({ frames }) => frames))).toBeGreaterThan(0)
    },
  )
})

describe('slow disks', () => {
  test('[CRASH-3] [PAY-4] timers and sockets between a decision and its sync see and send durable things alone', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    const seen = [watch(harbour), watch(millbrook)]
    for (const bank of [harbour, millbrook]) bank.diskFaults.slow = true
    const paid: Promise<unknown>[] = []
    const late = { seconds: 3_600 }
    for (let i = 0; i < 60; i++) {
      paid.push(adaPays(pair, 3, late), boPays(pair, 4, late), adaPays(pair, 5, { ...late, postal: true }))
      // Everything that is open is due to be said again at every tick.
      for (const bank of [harbour, millbrook]) bank.clock.offset += 3
      if (i % 15 === 0) {
        pair.network.cut(harbour.node.transport.peerId, millbrook.node.transport.peerId)
        pair.network.mend(harbour.node.transport.peerId, millbrook.node.transport.peerId)
      }
      await new Promise((resolve) => setTimeout(resolve, 8))
    }
    await Promise.all(paid)
    await until(() => isAtRest(pair!))
    expect(await millbrook.node.read(({ book }) => balance(book, pair!.bo))).toBe(60 * 4)
    expect(seen.every(({ frames }) => frames > 10)).toBe(true)
    expect([harbour.faults, millbrook.faults]).toEqual([[], []])
  })
})
