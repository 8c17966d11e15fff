/** Does a bank find its way back to its neighbours after a cut or a restart, and say again what was due? */

import { afterEach, describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/core/ids.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import {
  addAccount,
  addHandle,
  balance,
  ok,
  openBank,
  openLine,
  orderTo,
  refusalOf,
  requestFor,
  type TestBank,
  until,
} from './town.ts'

const open: TestBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.stop()
})

interface Pair {
  network: MemoryNetwork
  harbour: TestBank
  millbrook: TestBank
  ada: Bytes
  bo: Bytes
  handle: Bytes
}

async function pair(): Promise<Pair> {
  const network = new MemoryNetwork()
  const harbour = await openBank(network, 'Harbour')
  const millbrook = await openBank(network, 'Millbrook')
  open.push(harbour, millbrook)
  await openLine(harbour, millbrook)
  const ada = await addAccount(harbour)
  const bo = await addAccount(millbrook)
  return { network, harbour, millbrook, ada, bo, handle: await addHandle(millbrook, bo) }
}

const peerOf = (bank: TestBank): string => bank.node.transport.peerId
const connected = (from: TestBank, to: TestBank): boolean =>
  from.node.contacts.link(to.bank)?.connected === true

const send = async (
  { harbour, millbrook, ada, handle }: Pair,
  minutes: number,
  options: { postal?: boolean; seconds?: number } = {},
): Promise<Bytes> => {
  const order = orderTo({ bank: harbour, account: ada }, { bank: millbrook.bank, handle }, minutes, options)
  return ok(await harbour.node.pay(requestFor(harbour, order))).value.id
}

describe('neighbours that lost each other', () => {
  test('a question that is asked in an interruption is answered after it', async () => {
    const { network, harbour, millbrook } = await pair()
    await until(() => connected(harbour, millbrook) && connected(millbrook, harbour))
    network.cut(peerOf(harbour), peerOf(millbrook))
    await until(() => !connected(harbour, millbrook) && !connected(millbrook, harbour))
    // The ticks that dial again are fast all the same; the wait for them is as long as it says.
    harbour.clock.shortens = 1_000
    const asked = harbour.node.who(millbrook.bank, 'M-0001')
    network.mend(peerOf(harbour), peerOf(millbrook))
    expect(refusalOf(await asked)).toBe('member_not_found')
  })

  test('[DISC-7] a cut link is dialled again by itself, and again after the cut lasted a while', async () => {
    const town = await pair()
    const { network, harbour, millbrook } = town
    await until(() => connected(harbour, millbrook) && connected(millbrook, harbour))
    for (const seconds of [0, 1.5]) {
      network.cut(peerOf(harbour), peerOf(millbrook))
      await until(() => !connected(harbour, millbrook) && !connected(millbrook, harbour))
      const over = performance.now() + seconds * 1_000
      await until(() => performance.now() > over)
      expect(connected(harbour, millbrook)).toBe(false)
      network.mend(peerOf(harbour), peerOf(millbrook))
      await until(() => connected(harbour, millbrook) && connected(millbrook, harbour))
    }
    expect(ok(await harbour.node.settled(await send(town, 15), 20)).state).toBe('paid')
  })

  test('[R4] nothing is kept for sending but the log: a bank that forgot all else says again what is due', async () => {
    const town = await pair()
    const { network, harbour, millbrook, bo } = town
    network.cut(peerOf(harbour), peerOf(millbrook))
    const sent = await send(town, 45, { postal: true, seconds: 86_400 })
    const held = await send(town, 30, { seconds: 600 })
    expect(ok(await harbour.node.payment(sent)).state).toBe('sent')
    expect(ok(await harbour.node.payment(held)).state).toBe('held')
    await harbour.stop()
    network.mend(peerOf(harbour), peerOf(millbrook))
    await harbour.start()
    expect(ok(await harbour.node.settled(sent, 20)).state).toBe('paid')
    expect(ok(await harbour.node.settled(held, 20)).state).toBe('paid')
    expect(await millbrook.node.read(({ book }) => balance(book, bo))).toBe(75)
  })
})

describe('what is believed and what is written', () => {
  test('[REC-2] a record that another bank gives of itself is not taken for that of the bank that is sought', async () => {
    const { harbour, millbrook } = await pair()
    const there = { peerId: peerOf(millbrook), addresses: millbrook.node.transport.addresses() }
    const signal = new AbortController().signal
    const found = await harbour.node.contacts.find(new Uint8Array(20).fill(9), [there], signal)
    expect(refusalOf(found)).toBe('bank_unknown')
    expect(ok(await harbour.node.contacts.find(millbrook.bank, [there], signal)).name).toBe('Millbrook')
  })

  test('[LINE-11] an offer that cannot be taken is declined, and neither bank logs more than hold and abort', async () => {
    const town = await pair()
    const { harbour, millbrook } = town
    const before = { here: harbour.node.head.size, there: millbrook.node.head.size }
    const id = await send({ ...town, handle: new Uint8Array(16).fill(7) }, 20)
    expect(ok(await harbour.node.settled(id, 20))).toMatchObject({ state: 'dead', reason: 'handle_unknown' })
    expect(harbour.node.head.size).toBe(before.here + 2)
    expect(millbrook.node.head.size).toBe(before.there)
  })
})
