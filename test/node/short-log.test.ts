import { afterEach, expect, test } from 'vitest'
import type { Bytes } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { everything } from '../../src/store/keyspace.ts'
import { MemoryDisk } from '../../src/store/memory-store.ts'
import { adaPays, type Pair, stopAll, twoBanks } from './pair.ts'
import { ok, refusalOf, until } from './town.ts'

let pair: Pair | null = null
afterEach(async () => {
  await stopAll(pair)
  pair = null
})

test('[PAY-10] [R8] a log that lost its end calls nothing open: what has ended stays ended, the rest it cannot say', async () => {
  pair = await twoBanks()
  const { harbour, millbrook } = pair
  const stands = async (id: Bytes) => harbour.node.payment(id)
  const ended = await adaPays(pair, 10)
  expect(ok(await harbour.node.settled(ended, 20)).state).toBe('paid')
  await millbrook.stop()
  const open = await adaPays(pair, 20)
  expect(ok(await stands(open)).state).toBe('held')
  const old = new MemoryDisk()
  old.commit(
    harbour.disk.rowsOf(everything).map(([key, value]) => ({ put: key.slice(), value: value.slice() })),
  )
  expect(ok(await harbour.node.cancel(open)).state).toBe('dead')
  await millbrook.start()
  expect(ok(await harbour.node.settled(await adaPays(pair, 30), 20)).state).toBe('paid')

  await millbrook.stop()
  await harbour.stop()
  harbour.disk = old
  await harbour.guard.write(Uint8Array.of(1))
  await harbour.start()
  expect(harbour.node.gate.state()).toBe('wait')
  expect(refusalOf(await stands(open))).toBe('too_busy')
  expect(ok(await stands(ended)).state).toBe('paid')
  await millbrook.start()
  await until(() => harbour.node.gate.state() !== 'wait')
  expect(refusalOf(await stands(open))).toBe('log_behind_neighbour')
  expect(ok(await stands(ended)).state).toBe('paid')
})

test('[PAY-10] [CRASH-7] with a good guard a start says at once what is open, while it still asks its neighbours', async () => {
  pair = await twoBanks()
  const { harbour, millbrook } = pair
  await millbrook.stop()
  const open = await adaPays(pair, 20)
  await harbour.stop()
  await harbour.start()
  expect(harbour.node.gate.state()).toBe('wait')
  expect(ok(await harbour.node.payment(open)).state).toBe('held')
})

test('[PAY-10] [LOG-5] a wrong clock hides nothing: an id that the lost end may have held is not called unknown', async () => {
  pair = await twoBanks()
  const { harbour, millbrook } = pair
  const old = new MemoryDisk()
  old.commit(
    harbour.disk.rowsOf(everything).map(([key, value]) => ({ put: key.slice(), value: value.slice() })),
  )
  await millbrook.stop()
  const open = await adaPays(pair, 20)
  const nobodys = new Uint8Array(32).fill(7)
  harbour.clock.set += 2 * LIMITS.clockStopSeconds
  expect(refusalOf(await harbour.node.payment(nobodys))).toBe('payment_unknown')

  await harbour.stop()
  harbour.disk = old
  await harbour.guard.write(Uint8Array.of(1))
  await harbour.start()
  harbour.clock.set += 2 * LIMITS.clockStopSeconds
  expect(harbour.node.gate.state()).toMatchObject({ code: 'clock_unsure' })
  expect(refusalOf(await harbour.node.payment(open))).toBe('clock_unsure')
  expect(refusalOf(await harbour.node.payment(nobodys))).toBe('clock_unsure')
})
