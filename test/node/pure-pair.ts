/**
 * Two banks without disk, network or clock: the node's own decisions on pure books, and a pool of everything that was
 * ever said. Whoever drives it delivers what, when and how often it likes: loss, doubling and reordering are included.
 */

import type { Body, Entry, EntryOf, Ref } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import type { Bytes } from '../../src/core/ids.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import { decodeOrder, encodeOrder, type Order } from '../../src/core/transfer/order.ts'
import type { PayerState } from '../../src/core/transfer/payer.ts'
import type { Payment } from '../../src/core/transfer/payments.ts'
import type { Decide } from '../../src/node/commit.ts'
import { Handles } from '../../src/node/handles.ts'
import { decideLineEntry } from '../../src/node/line-entries.ts'
import { decideLimit } from '../../src/node/lines.ts'
import {
  decideAbort,
  decideDecline,
  decideOrder,
  decidePromise,
  decideReceipt,
  decideSwap,
  decideWaiver,
} from '../../src/node/pay.ts'
import { decideAbortSeen, decideCommit, decideOffer } from '../../src/node/receive.ts'
import { decideGraceOver } from '../../src/node/renounce.ts'
import { type MessageOf, offerHash } from '../../src/peer/messages.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import { BookLog, id16, id32, idOf, joinBanks, orderFrom, RULES, word } from '../core/ledger/books.ts'

/** Something one bank said: an offer, a refusal of one, or an entry of its log with the order that goes beside it. */
export type Said =
  | { readonly from: PureBank; readonly what: 'offer'; readonly offer: MessageOf<'offer'> }
  | { readonly from: PureBank; readonly what: 'decline'; readonly id: Bytes; readonly aid: Bytes }
  | {
      readonly from: PureBank
      readonly what: 'ask'
      readonly entry: EntryOf<'rcv.promise'>
      readonly ref: Ref
    }
  | {
      readonly from: PureBank
      readonly what: 'entry'
      readonly entry: Entry
      readonly ref: Ref
      readonly order: Bytes | null
    }

export class PureBank {
  readonly log: BookLog
  readonly member: Bytes
  readonly handle: Bytes
  peer: PureBank = this
  readonly #disk = new MemoryDisk()
  readonly #handles: Handles
  #nonce = 1_000

  /** Members may owe what they like, and be owed at most `stopHigh` minutes. */
  constructor(seed: number, stopHigh: number | null) {
    const member = { ...RULES.classes[0]!, stopHigh }
    this.log = BookLog.founded(seed, { crossingLow: null, classes: [member, ...RULES.classes.slice(1)] })
    this.member = this.log.member(1)
    let drawn = seed * 100
    this.#handles = new Handles(openMemoryStore(this.#disk), { bytes: () => id16(drawn++) })
    const issued = this.#handles.issue(this.member, { uses: 100_000, now: this.log.time, seconds: 10 ** 8 })
    must(issued.ok, 'a handle is issued')
    this.#disk.commit([issued.value.row])
    this.handle = issued.value.handle
  }

  get line() {
    return this.log.line(this.peer.log)
  }

  /** Runs a decision as the writer would, and gives what it says to the neighbour. */
  decide<T>(decide: Decide<T>): { outcome: Outcome<T>; said: Said[] } {
    const outcome = decide(this.log.book, this.log.time)
    if (!outcome.ok) return { outcome, said: [] }
    const said: Said[] = []
    for (const { kind, body } of outcome.value.entries) {
      const index = this.log.add(kind, body as Body<typeof kind>)
      said.push(...this.#news(index))
    }
    this.#disk.commit(outcome.value.rows ?? [])
    return { outcome: { ok: true, value: outcome.value.value }, said }
  }

  #news(index: number): Said[] {
    const { entry } = this.log.placed[index]!
    switch (entry.kind) {
      case 'pay.hold':
        return this.#offers(index)
      case 'rcv.bounce':
        return this.#answerAsPayee(entry.body.id)
      case 'pay.commit':
      case 'pay.abort':
      case 'rcv.promise':
      case 'rcv.credit':
      case 'rcv.waive':
      case 'line.limit':
        return [this.#shows(index)]
      default:
        return []
    }
  }

  #shows(index: number): Said {
    const { entry } = this.log.placed[index]!
    return { from: this, what: 'entry', entry, ref: this.log.ref(index), order: this.#orderBeside(entry) }
  }

  #orderBeside(entry: Entry): Bytes | null {
    if (entry.kind !== 'pay.commit' || entry.body.bundle !== null) return null
    const { first } = this.log.book.asPayer.get(entry.body.id)!
    return (this.log.placed[first]!.entry as EntryOf<'pay.hold'>).body.order
  }

  #offers(index: number): Said[] {
    const { body } = this.log.placed[index]!.entry as EntryOf<'pay.hold'>
    if (body.mode === 2) return []
    return [{ from: this, what: 'offer', offer: this.#offerOf(body) }]
  }

  #offerOf(body: Body<'pay.hold'>): MessageOf<'offer'> {
    const { order, aid, parts } = body
    const lineVersion = parts[0]!.lineVersion
    return {
      name: 'offer',
      order,
      line: this.line.id,
      lineVersion,
      aid,
      epoch: 0,
      logKey: this.log.book.logKey,
    }
  }

  pay(minutes: number, postal: boolean): { id: Bytes; said: Said[]; ok: boolean } {
    const order = this.#order(minutes, postal)
    const request = this.#request(order)
    const { outcome, said } = this.decide(decideOrder(request))
    return { id: idOf(order), said, ok: outcome.ok }
  }

  swap(old: Bytes, postal: boolean): Said[] {
    const minutes = this.log.book.asPayer.get(old)?.minutes ?? 1
    return this.decide(decideSwap(old, this.#request(this.#order(minutes, postal)))).said
  }

  #order(minutes: number, postal: boolean): Order {
    const parties = [
      { bank: this.log, account: this.member },
      { bank: this.peer.log, handle: this.peer.handle },
    ] as const
    return orderFrom(...parties, minutes, { postal, nonce: id16(this.#nonce++) })
  }

  #request(order: Order) {
    return {
      order: encodeOrder(order),
      auths: [word(this.member)],
      channel: 2,
      attemptNonce: id32(this.#nonce++),
      rows: [],
    }
  }

  cancel(id: Bytes): Said[] {
    return this.decide(decideAbort(id, 'cancel')).said
  }

  limit(minutes: number): Said[] {
    return this.decide(decideLimit(this.peer.log.book.bank, minutes)).said
  }

  /** What a second that passes brings: holds past their deadline, promises past their grace. */
  tick(): Said[] {
    const said: Said[] = []
    for (const { id } of [...this.log.book.asPayer.open()])
      said.push(...this.decide(decideAbort(id, 'overdue')).said)
    for (const { id } of [...this.log.book.asPayee.open()])
      said.push(...this.decide(decideGraceOver(id, this.#receiving)).said)
    return said
  }

  /** What HELLO would bring out: postings above those the peer consumed, offers, answers, questions. */
  repeats(): Said[] {
    const { book } = this.log
    const said: Said[] = []
    for (let seq = this.peer.line.in.seq + 1; seq <= this.line.out.seq; seq++)
      said.push(this.#shows(this.line.posts[seq - 1]!))
    for (const payment of book.asPayer.open())
      if (payment.state === 'held') said.push(...this.#offers(payment.first))
    for (const { id } of this.peer.log.book.asPayer.open()) said.push(...this.#answerAsPayee(id))
    for (const { answer } of book.asPayee.open()) {
      const { entry } = this.log.placed[answer]!
      said.push({
        from: this,
        what: 'ask',
        entry: entry as EntryOf<'rcv.promise'>,
        ref: this.log.ref(answer),
      })
    }
    const { pendingLimit, acknowledged, first } = this.line
    if (acknowledged !== first) said.push(this.#shows(acknowledged))
    if (pendingLimit !== null) said.push(this.#shows(pendingLimit.index))
    return said
  }

  get #receiving() {
    return { handles: this.#handles, reception: null, rows: () => [] }
  }

  /** Hears what the other bank said; gives what it says back. */
  hear(message: Said): Said[] {
    const peer = message.from.log.book.bank
    switch (message.what) {
      case 'offer': {
        const { outcome, said } = this.decide(decideOffer(peer, message.offer, this.#receiving))
        const id = idOf0(message.offer)
        if (!outcome.ok) return [{ from: this, what: 'decline', id, aid: message.offer.aid }]
        return outcome.value === 'unchanged' ? this.#answerAsPayee(id) : said
      }
      case 'decline':
        return this.decide(decideDecline(peer, message, () => [])).said
      case 'ask':
        return this.#heardPromise(message.entry, message.ref)
      case 'entry':
        return this.#heardEntry(message, peer)
    }
  }

  #heardEntry({ entry, ref, order }: Said & { what: 'entry' }, peer: Bytes): Said[] {
    const rows = (): never[] => []
    switch (entry.kind) {
      case 'rcv.promise':
        return this.#heardPromise(entry, ref)
      case 'pay.commit': {
        const { outcome, said } = this.decide(
          decideCommit(peer, { entry, ref, order, words: null }, this.#receiving),
        )
        must(outcome.ok && outcome.value !== 'breach' && outcome.value !== 'contradicted', 'nobody lies here')
        return outcome.value === 'unchanged' ? this.#answerAsPayee(entry.body.id) : said
      }
      case 'pay.abort':
        return this.decide(decideAbortSeen(entry.body, ref, this.#receiving)).said
      case 'rcv.credit':
        return this.#honest(decideReceipt(entry.body, ref, rows))
      case 'rcv.waive':
        return this.#honest(decideWaiver(entry.body, ref, rows))
      default:
        return this.decide(decideLineEntry(peer, { entry, ref }, null, rows)).said
    }
  }

  #honest(decide: Decide<string>): Said[] {
    const { outcome, said } = this.decide(decide)
    must(outcome.ok && !['breach', 'contradicted'].includes(outcome.value), 'nobody lies here')
    return said
  }

  #heardPromise(entry: EntryOf<'rcv.promise'>, ref: Ref): Said[] {
    const hash = (payment: Payment<PayerState>): Bytes =>
      offerHash(this.#offerOf((this.log.placed[payment.first]!.entry as EntryOf<'pay.hold'>).body))
    const { outcome, said } = this.decide(decidePromise(entry.body, { ref, offerHash: hash }, () => []))
    must(outcome.ok && outcome.value !== 'breach', 'nobody lies here')
    return outcome.value === 'unchanged' ? this.#answerAsPayer(entry.body.id) : said
  }

  #answerAsPayer(id: Bytes): Said[] {
    const payment = this.log.book.asPayer.get(id)
    if (payment === null) return []
    if (payment.state === 'held') return this.#offers(payment.first)
    if (payment.state === 'dead') return [this.#shows(payment.answer)]
    return [this.#shows(this.line.posts[payment.seq - 1]!)]
  }

  #answerAsPayee(id: Bytes): Said[] {
    const payment = this.log.book.asPayee.get(id)
    return payment === null || payment.state === 'released' ? [] : [this.#shows(payment.answer)]
  }
}

const idOf0 = ({ order }: MessageOf<'offer'>): Bytes => {
  const parsed = decodeOrder(order)
  must(parsed !== null, 'an offer holds an order')
  return idOf(parsed)
}

/** Two banks with a line of these limits. */
export function purePair(
  aMayOwe: number,
  bMayOwe: number,
  stopHigh: number | null = null,
): [PureBank, PureBank] {
  const [a, b] = [new PureBank(1, stopHigh), new PureBank(2, stopHigh)]
  a.peer = b
  b.peer = a
  joinBanks(a.log, b.log, aMayOwe, bMayOwe)
  return [a, b]
}

/** Delivers everything, repeats what is open, and lets time pass, until nobody has anything to say. */
export function settle(banks: readonly [PureBank, PureBank]): void {
  for (let round = 0; round < 60; round++) {
    const queue = banks.flatMap((bank) => [...bank.tick(), ...bank.repeats()])
    for (let i = 0; i < queue.length; i++) {
      must(i < 5_000, 'answers come to an end')
      queue.push(...queue[i]!.from.peer.hear(queue[i]!))
    }
    const open = banks.some(({ log }) => [...log.book.asPayer.open(), ...log.book.asPayee.open()].length > 0)
    const behind = banks.some((bank) => bank.line.in.seq < bank.peer.line.out.seq)
    if (!open && !behind && banks.every(({ line }) => line.pendingLimit === null)) return
    if (round > 20) for (const { log } of banks) log.time += 86_400
  }
  must(false, 'two honest banks that talk come to rest')
}
