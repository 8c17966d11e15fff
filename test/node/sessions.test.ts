import { afterEach, describe, expect, test } from 'vitest'
import { lineWith } from '../../src/core/ledger/book.ts'
import { adaPays, boPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import {
  addAccount,
  addHandle,
  balance,
  ok,
  openBank,
  openLine,
  orderTo,
  requestFor,
  type TestBank,
  until,
} from './town.ts'

let pair: Pair | null = null
let third: TestBank | null = null
afterEach(async () => {
  await third?.stop()
  await stopAll(pair)
  pair = null
  third = null
})

const linkTo = (bank: TestBank, peer: TestBank) => bank.node.contacts.link(peer.bank)!
const count = (bank: TestBank, notice: string): number =>
  bank.notices.filter((one) => one.notice === notice).length

describe('sessions', () => {
  test('[DISC-7] two banks that dial each other at the same moment settle on one session and keep it', async () => {
    pair = await twoBanks()
    const { harbour, millbrook, network } = pair
    const [a, b] = [harbour.node.transport.peerId, millbrook.node.transport.peerId]
    // Each is called before it knows that its own call was taken.
    for (const bank of [harbour, millbrook]) bank.dialDelay = 3
    for (let round = 0; round < 25; round++) {
      network.cut(a, b)
      await until(() => !linkTo(harbour, millbrook).hasSession && !linkTo(millbrook, harbour).hasSession)
      network.mend(a, b)
      harbour.node.contacts.reach(millbrook.bank)
      millbrook.node.contacts.reach(harbour.bank)
      await until(() => linkTo(harbour, millbrook).connected && linkTo(millbrook, harbour).connected)
    }
    const opened = count(harbour, 'session_opened')
    const paid = await adaPays(pair, 5)
    expect(ok(await harbour.node.settled(paid, 20)).state).toBe('paid')
    expect(count(harbour, 'session_opened')).toBe(opened)
    expect(opened).toBeLessThan(25 * 3)
  })

  test('[LINE-9] a reconnect says what is open and not what is past', async () => {
    pair = await twoBanks()
    const { harbour, millbrook, network } = pair
    for (let i = 0; i < 30; i++) await Promise.all([adaPays(pair, 2), boPays(pair, 2)])
    await until(() => isAtRest(pair!))
    const frames: number[] = []
    harbour.spy = (frame) => frames.push(frame.length)
    const [a, b] = [harbour.node.transport.peerId, millbrook.node.transport.peerId]
    network.cut(a, b)
    network.mend(a, b)
    await until(() => linkTo(harbour, millbrook).connected)
    await adaPays(pair, 2)
    await until(() => isAtRest(pair!))
    // HELLO, the line's own entries, and one payment.
    expect(frames.reduce((sum, length) => sum + length, 0)).toBeLessThan(12_000)
  })

  test('[LINE-11] what is planned to be said again is bounded by what is open, and is forgotten with it', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await millbrook.stop()
    const ids = []
    for (let i = 0; i < 20; i++) ids.push(await adaPays(pair, 1, { seconds: i % 2 === 0 ? 1 : 600 }))
    await until(async () => linkTo(harbour, millbrook).waiting <= 10)
    await millbrook.start()
    await until(() => isAtRest(pair!))
    expect(linkTo(harbour, millbrook).waiting).toBe(0)
    await until(() => linkTo(millbrook, harbour).waiting === 0)
    const states = await Promise.all(ids.map(async (id) => ok(await harbour.node.payment(id)).state))
    expect(new Set(states)).toEqual(new Set(['dead', 'paid']))
  })

  test('[PAY-4] a promise whose offer was taken back while nobody listened is free again after the next HELLO', async () => {
    pair = await twoBanks()
    const { harbour, millbrook, network } = pair
    const [a, b] = [harbour.node.transport.peerId, millbrook.node.transport.peerId]
    // Millbrook's promise never arrives: the link is cut as soon as it is on its disk.
    millbrook.spy = () => network.cut(a, b)
    const id = await adaPays(pair, 50, { seconds: 3_600 })
    const promised = (): Promise<number> => millbrook.node.read(({ book }) => book.lines[0]!.in.reserved)
    await until(async () => (await promised()) === 50)
    expect(ok(await harbour.node.cancel(id)).state).toBe('dead')
    millbrook.spy = () => {}
    network.mend(a, b)
    await until(async () => (await promised()) === 0)
    expect(await millbrook.node.read(({ book }) => book.asPayee.stateOf(id))).toBe('released')
    await until(() => isAtRest(pair!))
  })

  test('[HOP-3] three banks in a row are two lines that know nothing of each other', async () => {
    pair = await twoBanks()
    const { harbour, millbrook, network } = pair
    third = await openBank(network, 'Northgate')
    await openLine(millbrook, third)
    const edna = await addAccount(third)
    const handle = await addHandle(third, edna)
    await third.stop()
    const order = orderTo({ bank: millbrook, account: pair.bo }, { bank: third.bank, handle }, 25, {
      seconds: 600,
    })
    const { id } = ok(await millbrook.node.pay(requestFor(millbrook, order))).value
    const beside = await adaPays(pair, 40)
    expect(ok(await harbour.node.settled(beside, 20)).state).toBe('paid')
    expect(ok(await millbrook.node.payment(id)).state).toBe('held')
    await third.start()
    expect(ok(await millbrook.node.settled(id, 20)).state).toBe('paid')
    expect(await third.node.read(({ book }) => balance(book, edna))).toBe(25)
    expect(await harbour.node.read(({ book }) => lineWith(book, third!.bank))).toBeNull()
    const bo = pair.bo
    expect(await millbrook.node.read(({ book }) => balance(book, bo))).toBe(15)
  })
})
