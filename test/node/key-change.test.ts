import { afterEach, expect, test } from 'vitest'
import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import { parseOrigin } from '../../src/core/ids.ts'
import { recoveryHashOf } from '../../src/core/sign.ts'
import { peekOrigin } from '../../src/log/checkpoint.ts'
import { keyChange, type LogKeyFiles, settleNextKey } from '../../src/node/key-change.ts'
import { offerHashOf } from '../../src/node/outbox.ts'
import { openOwnLog } from '../../src/node/own-log.ts'
import { decidePromise } from '../../src/node/pay.ts'
import { recoverBank } from '../../src/node/recover.ts'
import { replay } from '../../src/node/replay.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import type { Write } from '../../src/store/store.ts'
import { faulty } from '../sim/faulty-store.ts'
import { kindsIn } from '../sim/kinds-in.ts'
import { logOf } from './judge.ts'
import { adaPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import { ok, random, refusalOf, type TestBank, until } from './town.ts'

let pair: Pair | null = null
afterEach(async () => {
  await stopAll(pair)
  pair = null
})

async function start(): Promise<Pair> {
  pair = await twoBanks()
  return pair
}

/** The files in the folder of this bank. */
function filesOf({ keys }: TestBank): LogKeyFiles {
  return {
    next: async () => keys!.next,
    makeNext: async () => {
      keys!.next = signingKey(random.bytes(32))
      return keys!.next
    },
    takeNext: async () => {
      keys!.log = keys!.next as SigningKey
      keys!.next = null
    },
  }
}

/** What the bank on this disk decides about a promise for what it holds. */
async function answersPromise({ disk }: TestBank, id: Uint8Array): Promise<string[]> {
  const { book, epochs } = await replay(openMemoryStore(disk))
  const payment = book.asPayer.get(id)!
  const { peer, id: line, in: from } = book.lines[payment.line]!
  const own = openOwnLog({ store: openMemoryStore(disk), epochs, bank: () => book.bank })
  const { aid, minutes, decideBy } = payment
  const parts = [{ line, lineVersion: from.version, minutes, offerHash: offerHashOf(book, own, payment) }]
  const promise = { id, aid, payee: random.bytes(16), minutes, category: 7, day: 1, decideBy, parts }
  const ref = { bank: peer, epoch: 0, index: 9, leaf: random.bytes(32) }
  const decide = decidePromise(promise, { ref, offerHash: (one) => offerHashOf(book, own, one) }, () => [])
  return ok(decide(book, book.time)).entries.map(({ kind }) => kind)
}

const changerOf = (bank: TestBank) => keyChange(filesOf(bank), bank.node)
const kindsOf = (bank: TestBank): string[] => logOf(bank.node).placed.map(({ entry }) => entry.kind)

/** Nothing is free any more from the batch with an entry of this kind on. */
function fillsAt(bank: TestBank, kind: 'rotate.out' | 'rotate.in'): void {
  bank.diskFaults.onAppend = (batch: readonly Write[]) => {
    if (!kindsIn(batch).includes(kind)) return
    bank.diskFaults.full = true
    // What is free is asked once a second.
    bank.clock.offset += 2
  }
}

/** A change of its log key that ends after the old key has named the new one; then the bank stops. */
async function cutInTwo(bank: TestBank): Promise<void> {
  fillsAt(bank, 'rotate.out')
  expect(refusalOf(await changerOf(bank)())).toBe('disk_low')
  await bank.stop()
  bank.diskFaults.full = false
  bank.diskFaults.onAppend = () => {}
}

test('[KEY-3] one that a full disk cut in two is finished with the key that the log names, however often it is tried again', async () => {
  const all = await start()
  const { harbour } = all
  fillsAt(harbour, 'rotate.out')
  const change = changerOf(harbour)
  expect(refusalOf(await change())).toBe('disk_low')
  const named = harbour.keys!.next!.publicKey
  expect(refusalOf(await change())).toBe('disk_low')
  expect(kindsOf(harbour).at(-1)).toBe('rotate.out')
  await harbour.stop()
  harbour.diskFaults.full = false
  harbour.diskFaults.onAppend = () => {}
  await harbour.start()
  await settleNextKey(filesOf(harbour), harbour.node)
  await until(() => harbour.node.own.epoch === 1)
  expect(harbour.node.own.keyOf(1)).toEqual(named)
  expect(ok(await changerOf(harbour)())).toEqual({ epoch: 2, aborted: 0 })
  expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
  await until(() => isAtRest(all))
})

test('[CRASH-5] the guard of a key that is gone from the folder still speaks for the log that key has signed', async () => {
  const { harbour, millbrook, network } = await start()
  await cutInTwo(harbour)
  network.cut(harbour.node.transport.peerId, millbrook.node.transport.peerId)
  // The key that the log names takes its place while the start still waits, and the machine goes off once more.
  await harbour.start({ startWaitSeconds: 3600 })
  await settleNextKey(filesOf(harbour), harbour.node)
  expect([harbour.node.gate.state(), harbour.keys!.next, harbour.node.own.epoch]).toEqual(['wait', null, 0])
  await harbour.stop()
  await harbour.start()
  await until(() => harbour.node.own.epoch === 1)
  expect(harbour.node.gate.waitingFor).toBe(1)
})

test('[CRASH-5] the guard of an epoch that the disk knows nothing of tells that its beginning was lost', async () => {
  const { harbour } = await start()
  await cutInTwo(harbour)
  const older = new MemoryDisk()
  const everything = { from: new Uint8Array(), to: new Uint8Array(64).fill(0xff) }
  older.commit(harbour.disk.rowsOf(everything).map(([put, value]) => ({ put, value })))
  await harbour.start()
  await until(() => harbour.node.own.epoch === 1)
  await harbour.stop()
  Object.assign(harbour, { disk: older })
  await harbour.start()
  expect(harbour.node.gate.state()).toMatchObject({ code: 'log_behind_guard' })
})

test('[KEY-3] a change that was answered by nobody is the next one, and no key that signs is ever replaced', async () => {
  const all = await start()
  const { harbour } = all
  const files = filesOf(harbour)
  // The process ends when the next epoch has begun, and before its key took its place.
  await files.makeNext()
  ok(await harbour.node.changeKey(harbour.keys!.next!))
  const first = harbour.keys!.next!.publicKey
  await harbour.stop()
  await harbour.start()
  expect(harbour.node.own.keyOf(1)).toEqual(first)
  // Whoever presses before anybody has settled the files loses nothing either.
  harbour.diskFaults.full = true
  harbour.clock.offset += 2
  expect(refusalOf(await changerOf(harbour)())).toBe('disk_low')
  harbour.diskFaults.full = false
  await harbour.stop()
  await harbour.start()
  await until(() => harbour.node.gate.state() === null)
  expect(ok(await changerOf(harbour)())).toEqual({ epoch: 2, aborted: 0 })
})

test('[KEY-3] what is said while the first head of an epoch is guarded goes under the head before it', async () => {
  const all = await start()
  const { harbour, millbrook } = all
  const link = harbour.node.contacts.link(millbrook.bank)!
  const sent = await adaPays(all, 30)
  await harbour.node.settled(sent, 20)
  const write = harbour.guard.write
  let said = false
  Object.assign(harbour.guard, {
    write: async (note: Uint8Array) => {
      if (parseOrigin(peekOrigin(note) ?? '')?.epoch === 1 && !said) {
        said = link.recall(sent)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await write(note)
    },
  })
  ok(await changerOf(harbour)())
  expect(said).toBe(true)
  expect(harbour.faults).toEqual([])
  expect(harbour.notices.filter(({ notice }) => notice === 'session_refused')).toEqual([])
  expect(ok(await harbour.node.settled(await adaPays(all, 15), 20)).state).toBe('paid')
  await until(() => isAtRest(all))
  expect(millbrook.notices.filter(({ notice }) => notice === 'breach' || notice === 'door_closed')).toEqual(
    [],
  )
})

test('[KEY-4] [PAY-15] a recovery on a disk that is full leaves what is held to the next start, and no promise brings it back', async () => {
  const all = await start()
  const { harbour, millbrook, network } = all
  network.cut(harbour.node.transport.peerId, millbrook.node.transport.peerId)
  const held = await adaPays(all, 60)
  await harbour.stop()
  const [logKey, sheet] = [signingKey(random.bytes(32)), signingKey(random.bytes(32))]
  fillsAt(harbour, 'rotate.in')
  const recovered = await recoverBank({
    store: faulty(openMemoryStore(harbour.disk), harbour.diskFaults),
    guard: () => harbour.guard,
    clock: harbour.clock,
    report: () => undefined,
    sheet: harbour.keys!.sheet,
    cause: 'lost',
    prepare: async () => ({ logKey, recoveryHash: recoveryHashOf(sheet.publicKey) }),
  })
  expect(recovered).toMatchObject({ ok: true, value: { epoch: 1, aborted: 0 } })
  harbour.diskFaults.full = false
  harbour.diskFaults.onAppend = () => {}
  expect(await answersPromise(harbour, held)).toEqual(['pay.abort'])
  Object.assign(harbour.keys!, { log: logKey, sheet })
  await harbour.start()
  await until(async () => ok(await harbour.node.payment(held)).state === 'dead')
  expect(ok(await harbour.node.payment(held)).reason).toBe('key_rotation')
  network.mend(harbour.node.transport.peerId, millbrook.node.transport.peerId)
  await until(() => isAtRest(all))
})
