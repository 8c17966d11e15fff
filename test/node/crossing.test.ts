import { afterEach, describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/core/ids.ts'
import { bookSum } from '../../src/core/ledger/book.ts'
import { lineView } from '../../src/node/query.ts'
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

async function twoBanks(): Promise<Pair> {
  const network = new MemoryNetwork()
  const harbour = await openBank(network, 'Harbour')
  const millbrook = await openBank(network, 'Millbrook')
  open.push(harbour, millbrook)
  await openLine(harbour, millbrook)
  const ada = await addAccount(harbour)
  const bo = await addAccount(millbrook)
  return { network, harbour, millbrook, ada, bo, handle: await addHandle(millbrook, bo) }
}

const pay = async (pair: Pair, minutes: number, options: { postal?: boolean; seconds?: number } = {}) => {
  const order = orderTo(
    { bank: pair.harbour, account: pair.ada },
    { bank: pair.millbrook.bank, handle: pair.handle },
    minutes,
    options,
  )
  return pair.harbour.node.pay(requestFor(pair.harbour, order))
}

describe('an hour crosses between two banks', () => {
  test('[PAY-1] Ada pays Bo 90 minutes: held, promised, committed, credited, done; mirrors are equal', async () => {
    const pair = await twoBanks()
    const { value } = ok(await pay(pair, 90))
    const view = ok(await pair.harbour.node.settled(value.id, 20))
    expect(view.state).toBe('paid')
    const here = await pair.harbour.node.read(({ book }) => ({
      ada: balance(book, pair.ada),
      hold: book.hold,
      sum: bookSum(book),
      line: lineView(book.lines[0]!),
    }))
    const there = await pair.millbrook.node.read(({ book }) => ({
      bo: balance(book, pair.bo),
      sum: bookSum(book),
      line: lineView(book.lines[0]!),
    }))
    expect(here).toMatchObject({ ada: -90, hold: 0, sum: 0 })
    expect(there).toMatchObject({ bo: 90, sum: 0 })
    expect(here.line.weOweMinutes).toBe(90)
    expect(there.line.weOweMinutes).toBe(-90)
    expect(here.line.openPayments + there.line.openPayments).toBe(0)
  })

  test('[PAY-12] by post to a bank that is away: sent at once, done when it returns', async () => {
    const pair = await twoBanks()
    await pair.millbrook.stop()
    const { value } = ok(await pay(pair, 60, { postal: true, seconds: 86_400 }))
    expect(ok(await pair.harbour.node.payment(value.id)).state).toBe('sent')
    await pair.millbrook.start()
    expect(ok(await pair.harbour.node.settled(value.id, 20)).state).toBe('paid')
    expect(await pair.millbrook.node.read(({ book }) => balance(book, pair.bo))).toBe(60)
  })

  test('[PAY-8] to a bank that is away, not by post: never happened after its deadline, the hours are free again', async () => {
    const pair = await twoBanks()
    await pair.millbrook.stop()
    const { value } = ok(await pay(pair, 60, { seconds: 1 }))
    const view = ok(await pair.harbour.node.settled(value.id, 20))
    expect(view).toMatchObject({ state: 'dead', reason: 'too_late' })
    expect(await pair.harbour.node.read(({ book }) => [balance(book, pair.ada), book.hold])).toEqual([0, 0])
    await pair.millbrook.start()
  })

  test('[PAY-9] a handle nobody knows: declined, nothing moved, and the reason is told', async () => {
    const pair = await twoBanks()
    const { value } = ok(await pay({ ...pair, handle: new Uint8Array(16) }, 60))
    const view = ok(await pair.harbour.node.settled(value.id, 20))
    expect(view).toMatchObject({ state: 'dead', reason: 'handle_unknown' })
  })

  test('[LINE-3] the line binds: what exceeds the room is refused before anything is written', async () => {
    const pair = await twoBanks()
    const size = pair.harbour.node.head.size
    expect(refusalOf(await pay(pair, 2_401))).toBe('payer_stop')
    expect(pair.harbour.node.head.size).toBe(size)
    ok(await pay(pair, 2_400))
    expect(refusalOf(await pay(pair, 1))).toBe('payer_stop')
  })

  test('[EX-7] the same order twice is the same payment', async () => {
    const pair = await twoBanks()
    const order = orderTo(
      { bank: pair.harbour, account: pair.ada },
      { bank: pair.millbrook.bank, handle: pair.handle },
      30,
    )
    const first = ok(await pair.harbour.node.pay(requestFor(pair.harbour, order)))
    const second = ok(await pair.harbour.node.pay(requestFor(pair.harbour, order)))
    expect([first.value.record, second.value.record]).toEqual(['new', 'known'])
    await pair.harbour.node.settled(first.value.id, 20)
    expect(await pair.harbour.node.read(({ book }) => balance(book, pair.ada))).toBe(-30)
  })

  test('[PAY-4] many payments both ways with the link cut again and again: all end, mirrors equal', async () => {
    const pair = await twoBanks()
    const { harbour, millbrook, network, ada, bo } = pair
    const adaHandle = await addHandle(harbour, ada)
    const ids: { bank: TestBank; id: Bytes }[] = []
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 10; i++) {
        const there = orderTo(
          { bank: harbour, account: ada },
          { bank: millbrook.bank, handle: pair.handle },
          5 + i,
        )
        const back = orderTo(
          { bank: millbrook, account: bo },
          { bank: harbour.bank, handle: adaHandle },
          4 + i,
        )
        ids.push({ bank: harbour, id: ok(await harbour.node.pay(requestFor(harbour, there))).value.id })
        ids.push({ bank: millbrook, id: ok(await millbrook.node.pay(requestFor(millbrook, back))).value.id })
      }
      network.cut(harbour.node.transport.peerId, millbrook.node.transport.peerId)
      network.mend(harbour.node.transport.peerId, millbrook.node.transport.peerId)
    }
    for (const { bank, id } of ids) expect(ok(await bank.node.settled(id, 30)).state).toBe('paid')
    const mirror = async (bank: TestBank) =>
      bank.node.read(({ book }) => lineView(book.lines[0]!).weOweMinutes)
    expect((await mirror(harbour)) + (await mirror(millbrook))).toBe(0)
    await until(async () => (await harbour.node.read(({ book }) => book.lines[0]!.open)) === 0)
  })
})
