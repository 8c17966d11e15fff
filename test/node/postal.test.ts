import { afterEach, describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/core/ids.ts'
import { adaPays, boPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import { balance, ok, orderTo, refusalOf, requestFor, until } from './town.ts'

let pair: Pair | null = null
afterEach(async () => {
  await stopAll(pair)
  pair = null
})

const links = ({ harbour, millbrook }: Pair) =>
  [harbour.node.transport.peerId, millbrook.node.transport.peerId] as const

/** The same wish again, by post or to wait longer. */
async function swap(all: Pair, old: Bytes, minutes: number, postal: boolean): Promise<Bytes> {
  const { harbour, millbrook, ada, boHandle } = all
  const options = { postal, seconds: 86_400 }
  const order = orderTo(
    { bank: harbour, account: ada },
    { bank: millbrook.bank, handle: boHandle },
    minutes,
    options,
  )
  return ok(await harbour.node.swap(old, requestFor(harbour, order))).value.id
}

const stateOf = async ({ harbour }: Pair, id: Bytes): Promise<string> =>
  ok(await harbour.node.payment(id)).state

describe('by post', () => {
  test('[LINE-4] a posting for which there is no room yet waits until the missing receipt comes, and is booked then', async () => {
    pair = await twoBanks({}, 100)
    const { harbour, millbrook, network } = pair
    // Bo's 100 are booked at Harbour, but the receipt is lost on the way.
    await adaPays(pair, 100)
    await until(() => isAtRest(pair!))
    harbour.spy = () => network.cut(...links(pair!))
    await boPays(pair, 100, { postal: true, seconds: 3_600 })
    await until(() => harbour.node.read(({ book }) => book.lines[0]!.in.sum === 100))
    harbour.spy = () => {}
    const waiting = await adaPays(pair, 100, { postal: true, seconds: 3_600 })
    expect(await millbrook.node.read(({ book }) => book.lines[0]!.receipted)).toBe(0)
    network.mend(...links(pair))
    expect(ok(await harbour.node.settled(waiting, 30)).state).toBe('paid')
    await until(() => isAtRest(pair!))
    expect(await millbrook.node.read(({ book }) => balance(book, pair!.bo))).toBe(100)
    expect(millbrook.notices.some(({ notice }) => notice === 'breach')).toBe(false)
  })

  test('[PAY-4] a bank that is away for a week gets everything in order, once', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await millbrook.stop()
    const ids: Bytes[] = []
    for (let i = 0; i < 10; i++) ids.push(await adaPays(pair, 10 + i, { postal: true, seconds: 7 * 86_400 }))
    for (const bank of [harbour, millbrook]) bank.clock.offset += 6 * 86_400
    await millbrook.start()
    for (const id of ids) expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
    await until(() => isAtRest(pair!))
    expect(await millbrook.node.read(({ book }) => balance(book, pair!.bo))).toBe(145)
  })
})

describe('"send anyway" and "wait"', () => {
  test('[PAY-12] the old order dies and the new one is live in one commit; the old one stays dead', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await millbrook.stop()
    const first = await adaPays(pair, 40, { seconds: 60 })
    const size = harbour.node.head.size
    const second = await swap(pair, first, 40, false)
    expect([await stateOf(pair, first), await stateOf(pair, second)]).toEqual(['dead', 'held'])
    expect(harbour.node.head.size).toBe(size + 2)
    const third = await swap(pair, second, 40, true)
    expect([await stateOf(pair, second), await stateOf(pair, third)]).toEqual(['dead', 'sent'])
    expect(harbour.node.head.size).toBe(size + 5)
    await millbrook.start()
    expect(ok(await harbour.node.settled(third, 20)).state).toBe('paid')
    await until(() => isAtRest(pair!))
    expect(await millbrook.node.read(({ book }) => balance(book, pair!.bo))).toBe(40)
  })

  test('[PAY-12] what is sent is never swapped, nor another wish, and the same swap twice is the same', async () => {
    pair = await twoBanks()
    const { harbour, millbrook, ada, bo, boHandle, network } = pair
    network.cut(...links(pair))
    const first = await adaPays(pair, 40, { seconds: 60 })
    const to = { bank: millbrook.bank, handle: boHandle }
    const again = requestFor(harbour, orderTo({ bank: harbour, account: ada }, to, 40, { postal: true }))
    const more = requestFor(harbour, orderTo({ bank: harbour, account: ada }, to, 41, { postal: true }))
    const other = requestFor(harbour, orderTo({ bank: harbour, account: bo }, to, 40, { postal: true }))
    expect(refusalOf(await harbour.node.swap(first, more))).toBe('order_malformed')
    expect(refusalOf(await harbour.node.swap(first, other))).toBe('order_malformed')
    expect(refusalOf(await harbour.node.swap(new Uint8Array(32), again))).toBe('payment_unknown')
    expect(ok(await harbour.node.swap(first, again)).value).toMatchObject({ state: 'sent', record: 'new' })
    expect(ok(await harbour.node.swap(first, again)).value).toMatchObject({ state: 'sent', record: 'known' })
    const { id } = ok(await harbour.node.swap(first, again)).value
    const late = requestFor(harbour, orderTo({ bank: harbour, account: ada }, to, 40, { postal: true }))
    expect(refusalOf(await harbour.node.swap(id, late))).toBe('not_cancellable')
    expect(refusalOf(await harbour.node.cancel(id))).toBe('not_cancellable')
    network.mend(...links(pair))
    expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
  })

  test.each([true, false])(
    '[PAY-12] [PAY-17] a crash in the middle of it, on the disk %s: all of it or nothing, and never two live orders',
    async (persists) => {
      pair = await twoBanks()
      const { harbour, millbrook, ada, boHandle } = pair
      await millbrook.stop()
      const first = await adaPays(pair, 40, { seconds: 600 })
      Object.assign(harbour.diskFaults, { failAt: harbour.diskFaults.appends + 1, persists })
      const to = { bank: millbrook.bank, handle: boHandle }
      const options = { postal: true, seconds: 3_600 }
      const request = requestFor(harbour, orderTo({ bank: harbour, account: ada }, to, 40, options))
      await expect(harbour.node.swap(first, request)).rejects.toMatchObject({ code: 'commit_unknown' })
      await harbour.stop()
      await harbour.start()
      const live = await harbour.node.read(({ book }) => [...book.asPayer.open()].map(({ state }) => state))
      expect(live).toEqual([persists ? 'sent' : 'held'])
      expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(-40)
      // Whoever pressed has no answer yet and presses again: the same order, the same end.
      const { id } = ok(await harbour.node.swap(first, request)).value
      await millbrook.start()
      expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
      await until(() => isAtRest(pair!))
      expect(await millbrook.node.read(({ book }) => balance(book, pair!.bo))).toBe(40)
    },
  )
})

describe('clocks that go wrong', () => {
  test('[PAY-16] one that jumps ahead stops the writer until the operator confirms it; a neighbour that agrees confirms it too', async () => {
    pair = await twoBanks()
    const { harbour } = pair
    const jump = (seconds: number): void => {
      const { uptime } = harbour.clock
      const before = harbour.clock.uptime()
      harbour.clock.offset += seconds
      const ahead = harbour.clock.uptime() - before
      harbour.clock.uptime = () => uptime.call(harbour.clock) - ahead
    }
    jump(7_200)
    expect(
      refusalOf(await harbour.node.commit(() => ({ ok: true, value: { entries: [], value: null } }))),
    ).toBe('clock_unsure')
    expect(await harbour.node.read(({ book }) => book.size)).toBeGreaterThan(5)
    harbour.node.gate.confirmClock()
    const id = await adaPays(pair, 5)
    expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
  })

  test('[R5] one that goes back a day: log time stands still, payments go on, and what is overdue by it ends', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    await millbrook.stop()
    const held = await adaPays(pair, 5, { seconds: 30 })
    for (const bank of [harbour, millbrook]) bank.clock.offset += 40
    await until(async () => (await stateOf(pair!, held)) === 'dead')
    const time = await harbour.node.read(({ book }) => book.time)
    harbour.clock.offset -= 86_400
    await millbrook.start()
    const id = await adaPays(pair, 5)
    expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
    expect(await harbour.node.read(({ book }) => book.time)).toBe(time)
  })
})
