/** A node with a line to a bank that says what the test tells it to. */

import type { Body, Ref } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, compareBytes } from '../../src/core/ids.ts'
import { bookSum } from '../../src/core/ledger/book.ts'
import { lineIdOf } from '../../src/core/sign.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { encodeOrder, type Order, orderId } from '../../src/core/transfer/order.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { type MessageOf, offerHash } from '../../src/peer/messages.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { ScriptedBank, type Talk } from '../sim/scripted-bank.ts'
import {
  addAccount,
  addHandle,
  ok,
  openBank,
  orderTo,
  random,
  requestFor,
  type TestBank,
  until,
} from './town.ts'

export class Liar {
  readonly scripted: ScriptedBank
  readonly node: TestBank
  /** Its chain of postings, as it claims it. */
  seq = 0
  sum = 0
  prev: Bytes = new Uint8Array(32)
  line: Bytes = new Uint8Array(16)
  talk!: Talk

  constructor(network: MemoryNetwork, node: TestBank, name = 'Liar') {
    this.node = node
    this.scripted = new ScriptedBank(network, name)
  }

  get log() {
    return this.scripted.log
  }

  /** Calls the node and exchanges HELLO with it. */
  async call(hello: Parameters<Talk['hello']>[0] = {}): Promise<Talk> {
    this.talk = await this.scripted.call(this.node.node.transport.peerId)
    await this.talk.next('hello')
    const line = this.line.some((byte) => byte !== 0) ? this.line : null
    await this.talk.hello({
      line,
      outSeq: this.seq,
      outChain: this.prev,
      yours: this.node.node.head.note,
      ...hello,
    })
    return this.talk
  }

  /** A line of these limits both ways, open at the node. */
  async openLine(minutes = 600): Promise<void> {
    const [us, them] = [this.scripted.bank, this.node.bank]
    const [lower, higher] = compareBytes(us, them) < 0 ? [us, them] : [them, us]
    const limit = { minutes, openCap: 240, parkCap: 240 }
    const terms = encodeTerms({
      version: 1,
      lower,
      higher,
      lowerMayOwe: limit,
      higherMayOwe: limit,
      statementEvery: 0,
      nonce: random.bytes(16),
    })
    await this.call()
    const proposed = this.log.write('line.open', { terms, peerEntry: null })
    await this.talk.say([{ name: 'line', entry: 0, token: null }], { show: [proposed] })
    await until(() => this.node.node.proposals().some(({ peer }) => compareBytes(peer, us) === 0))
    ok(await this.node.node.acceptNeighbour(us))
    this.line = lineIdOf(terms)
    await this.talk.next('line')
  }

  order(handle: Bytes, minutes: number, more: Partial<Order> = {}): Order {
    const now = this.log.time
    return {
      version: 1,
      payerBank: this.scripted.bank,
      payer: random.bytes(16),
      payeeBank: this.node.bank,
      handle,
      minutes,
      category: 7,
      day: Math.floor(now / 86_400),
      commitment: random.bytes(32),
      decideBy: now + 600,
      postal: false,
      invoice: null,
      refs: [],
      nonce: random.bytes(16),
      ...more,
    }
  }

  offer(order: Order, aid: Bytes): MessageOf<'offer'> {
    const { publicKey } = this.scripted.logKey
    return {
      name: 'offer',
      order: encodeOrder(order),
      line: this.line,
      lineVersion: 1,
      aid,
      epoch: 0,
      logKey: publicKey,
    }
  }

  /** Writes a commit of this order as the next posting, with whatever it should say instead; gives its index. */
  commit(
    order: Order,
    aid: Bytes,
    more: Partial<Body<'pay.commit'>> & {
      part?: Partial<Body<'pay.commit'>['parts'][number]>
      time?: number
    } = {},
  ): number {
    const { part: given, time, ...fields } = more
    const { minutes, decideBy } = order
    const part = {
      line: this.line,
      minutes,
      outSeq: this.seq + 1,
      outSum: this.sum + minutes,
      prevOut: this.prev,
      ...given,
    }
    const bundle = order.postal ? null : random.bytes(32)
    const body = { id: orderId(encodeOrder(order)), aid, minutes, decideBy, bundle, parts: [part], ...fields }
    const index = this.log.write('pay.commit', body, time)
    this.seq = part.outSeq
    this.sum = part.outSum
    this.prev = leafHash(this.log.raws[index] as Bytes)
    return index
  }

  /** Shows a posting, by post with its order beside it. */
  async post(index: number, order: Order | null): Promise<void> {
    const beside = order === null ? null : encodeOrder(order)
    await this.talk.say([{ name: 'commit', entry: 0, order: beside }], { show: [index] })
  }

  async show(name: 'abort' | 'receipt' | 'waive' | 'promise', index: number): Promise<void> {
    await this.talk.say([{ name, entry: 0 }], { show: [index] })
  }

  /** Writes a promise for what the node offered; gives its index. */
  promise(offer: MessageOf<'offer'>, order: Order, more: Partial<Body<'rcv.promise'>> = {}): number {
    const { minutes, category, day, decideBy } = order
    const part = { line: this.line, lineVersion: 1, minutes, offerHash: offerHash(offer) }
    const id = orderId(offer.order)
    const body = {
      id,
      aid: offer.aid,
      payee: random.bytes(16),
      minutes,
      category,
      day,
      decideBy,
      parts: [part],
      ...more,
    }
    return this.log.write('rcv.promise', body)
  }

  credit(id: Bytes, aid: Bytes, minutes: number, commit: Ref, inSeq = 1): number {
    const day = Math.floor(this.log.time / 86_400)
    const parts = [{ line: this.line, minutes, inSeq, postRef: null }]
    return this.log.write('rcv.credit', {
      id,
      aid,
      payee: random.bytes(16),
      minutes,
      category: 7,
      day,
      commit,
      parts,
    })
  }

  waive(id: Bytes, aid: Bytes, commit: Ref | null = null): number {
    const parts = [{ line: this.line, inSeq: commit === null ? null : 1 }]
    return this.log.write('rcv.waive', { id, aid, cause: 1, parts, commit })
  }
}

export interface Scene {
  readonly network: MemoryNetwork
  readonly bank: TestBank
  readonly liar: Liar
  /** A member of the node, and a handle by which the member can be paid. */
  readonly ada: Bytes
  readonly handle: Bytes
  stop(): Promise<void>
}

export async function scene(minutes = 600): Promise<Scene> {
  const network = new MemoryNetwork()
  const bank = await openBank(network, 'Harbour')
  const liar = new Liar(network, bank)
  await liar.scripted.transport.start()
  await liar.openLine(minutes)
  const ada = await addAccount(bank)
  const handle = await addHandle(bank, ada)
  const stop = async (): Promise<void> => {
    await bank.stop()
    await liar.scripted.transport.close()
  }
  return { network, bank, liar, ada, handle, stop }
}

/** The node's member pays somebody at the liar's; gives id and order once the offer is heard. */
export async function payLiar(
  { bank, liar, ada }: Scene,
  minutes: number,
  options: { postal?: boolean; seconds?: number } = {},
): Promise<{ id: Bytes; order: Order }> {
  const order = orderTo(
    { bank, account: ada },
    { bank: liar.scripted.bank, handle: random.bytes(16) },
    minutes,
    options,
  )
  const name = options.postal === true ? 'commit' : 'offer'
  const before = liar.talk.all(name).length
  const { id } = ok(await bank.node.pay(requestFor(bank, order))).value
  await liar.talk.next(name, before + 1)
  return { id, order }
}

/** The node still writes, and its book still adds up. */
export async function isWell(bank: TestBank): Promise<void> {
  must(bank.faults.length === 0, `no fault: ${String(bank.faults[0])}`)
  await addAccount(bank)
  must((await bank.node.read(({ book }) => bookSum(book))) === 0, 'the book sums to zero')
}

export const sizeOf = (bank: TestBank): Promise<number> => bank.node.read(({ book }) => book.size)
export const isFrozen = (bank: TestBank): Promise<boolean> =>
  bank.node.read(({ book }) => book.lines.some(({ frozen }) => frozen))
export const balanceOf = (bank: TestBank, id: Bytes): Promise<number> =>
  bank.node.read(
    ({ book }) => book.accounts.find((one) => compareBytes(one.id, id) === 0)?.balance ?? Number.NaN,
  )
