/** Two banks with a line, a member at each, and a handle by which each can be paid. */

import type { Bytes } from '../../src/core/ids.ts'
import { bookSum, lineWith } from '../../src/core/ledger/book.ts'
import { clearing } from '../../src/core/line.ts'
import type { NodeSettings } from '../../src/node/node.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { addAccount, addHandle, ok, openBank, openLine, orderTo, requestFor, type TestBank } from './town.ts'

export interface Pair {
  readonly network: MemoryNetwork
  readonly harbour: TestBank
  readonly millbrook: TestBank
  readonly ada: Bytes
  readonly bo: Bytes
  readonly adaHandle: Bytes
  readonly boHandle: Bytes
}

export async function twoBanks(settings: Partial<NodeSettings> = {}, minutes = 2_400): Promise<Pair> {
  const network = new MemoryNetwork()
  const harbour = await openBank(network, 'Harbour', settings)
  const millbrook = await openBank(network, 'Millbrook', settings)
  await openLine(harbour, millbrook, minutes)
  const ada = await addAccount(harbour)
  const bo = await addAccount(millbrook)
  const adaHandle = await addHandle(harbour, ada)
  const boHandle = await addHandle(millbrook, bo)
  return { network, harbour, millbrook, ada, bo, adaHandle, boHandle }
}

export async function stopAll(pair: Pair | null): Promise<void> {
  await pair?.harbour.stop()
  await pair?.millbrook.stop()
}

/** Ada pays Bo. */
export async function adaPays(
  pair: Pair,
  minutes: number,
  options: { postal?: boolean; seconds?: number } = {},
): Promise<Bytes> {
  const { harbour, millbrook, ada, boHandle } = pair
  const order = orderTo(
    { bank: harbour, account: ada },
    { bank: millbrook.bank, handle: boHandle },
    minutes,
    options,
  )
  return ok(await harbour.node.pay(requestFor(harbour, order))).value.id
}

/** Bo pays Ada. */
export async function boPays(
  pair: Pair,
  minutes: number,
  options: { postal?: boolean; seconds?: number } = {},
): Promise<Bytes> {
  const { harbour, millbrook, bo, adaHandle } = pair
  const order = orderTo(
    { bank: millbrook, account: bo },
    { bank: harbour.bank, handle: adaHandle },
    minutes,
    options,
  )
  return ok(await millbrook.node.pay(requestFor(millbrook, order))).value.id
}

export interface Sides {
  /** Minutes each owes the other by its own book, and what is open, reserved or set aside on either side. */
  readonly owes: readonly [number, number]
  readonly open: number
  readonly sums: readonly [number, number]
}

export async function sidesOf({ harbour, millbrook }: Pair): Promise<Sides> {
  const look = (bank: TestBank, peer: TestBank) =>
    bank.node.read(({ book }) => {
      const line = lineWith(book, peer.bank)
      const waits = line === null ? 0 : line.open + line.out.reserved + line.in.reserved
      return { owes: line === null ? 0 : clearing(line), open: waits + book.hold, sum: bookSum(book) }
    })
  const [a, b] = [await look(harbour, millbrook), await look(millbrook, harbour)]
  return { owes: [a.owes, b.owes], open: a.open + b.open, sums: [a.sum, b.sum] }
}

/** Nothing is on its way, mirrors are equal, every book sums to zero. */
export async function isAtRest(pair: Pair): Promise<boolean> {
  const { owes, open, sums } = await sidesOf(pair)
  return open === 0 && owes[0] + owes[1] === 0 && sums[0] === 0 && sums[1] === 0
}
