/**
 * What does the lying neighbour say next? Messages that are nearly right: each names payments it knows, and each of
 * its fields is now and then that of something else.
 */

import type { Body, Kind } from '../../src/core/entry.ts'
import { type Bytes, compareBytes } from '../../src/core/ids.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { encodeOrder, type Order, orderId } from '../../src/core/transfer/order.ts'
import { leafHash } from '../../src/log/merkle.ts'
import type { encodeFrame, Message } from '../../src/peer/messages.ts'
import { below, type Random, seeded } from '../core/trees.ts'
import type { Liar } from '../node/liar.ts'
import { random } from '../node/town.ts'
import { damaged } from './damage.ts'

/** A payment as the liar knows it; its parts may be mixed with those of others. */
export interface Wish {
  readonly id: Bytes
  readonly aid: Bytes
  readonly minutes: number
  readonly decideBy: number
  readonly order: Order | null
  readonly hash: Bytes
}

export class Lies {
  readonly liar: Liar
  /** Payments to the node, and payments of the node. */
  readonly theirs: Wish[] = []
  readonly ours: Wish[] = []
  /** Entries of its log that the next frame shows. */
  readonly show: number[] = []
  readonly #random: Random

  constructor(seed: number, liar: Liar) {
    this.#random = seeded(seed ^ 0x5eed)
    this.liar = liar
  }

  draw(bound: number): number {
    return below(this.#random, bound)
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.draw(from.length)] as T
  }

  /** Another payment to the node. */
  ask(handle: Bytes): void {
    const order = this.liar.order(handle, 5 + this.draw(20), { postal: this.draw(2) === 0 })
    const { minutes, decideBy } = order
    const id = orderId(encodeOrder(order))
    this.theirs.push({ id, aid: random.bytes(32), minutes, decideBy, order, hash: random.bytes(32) })
  }

  message(): Message {
    const makers = [
      () => this.#commit(),
      () => this.#commit(),
      () => this.#offer(),
      () => this.#offer(),
      () => this.#abort(),
      () => this.#promise(),
      () => this.#credit(),
      () => this.#waive(),
      () => this.#lineEntry(),
      () => this.#plain(),
    ]
    return this.#pick(makers)()
  }

  /** A frame of these messages that came through a bad line. */
  damagedFrame(encode: typeof encodeFrame, messages: readonly Message[]): Bytes {
    const frame = encode({ head: this.liar.log.head(), link: null, entries: [], messages })
    const made = damaged([frame], this.#random, 200_000)
    return made.length === 0 ? frame : made
  }

  /** One of the newest of these, with a part that is not its own now and then. */
  #wish(from: readonly Wish[]): Wish {
    const all = [...this.theirs, ...this.ours]
    const wish = from.at(-1 - this.draw(Math.min(from.length, 4))) ?? this.#pick(all)
    const other = this.#pick(all)
    const twisted: readonly Wish[] = [
      other,
      { ...wish, aid: other.aid },
      { ...wish, minutes: 1 + this.draw(60) },
      { ...wish, id: random.bytes(32) },
      { ...wish, hash: random.bytes(32) },
      { ...wish, decideBy: wish.decideBy - 900 },
    ]
    return twisted[this.draw(twisted.length * 4)] ?? wish
  }

  #line(): Bytes {
    return this.draw(20) === 0 ? random.bytes(16) : this.liar.line
  }

  #write<K extends Kind>(kind: K, body: Body<K>): number {
    this.show.push(this.liar.log.write(kind, body))
    return this.show.length - 1
  }

  #cited() {
    return { bank: this.liar.node.bank, epoch: 0, index: this.draw(30), leaf: random.bytes(32) }
  }

  #commit(): Message {
    const { liar } = this
    const { id, aid, minutes, decideBy, order } = this.#wish(this.theirs)
    const right = this.draw(12) > 0
    const outSeq = right ? liar.seq + 1 : 1 + this.draw(9)
    const prevOut = right ? liar.prev : random.bytes(32)
    const part = { line: this.#line(), minutes, outSeq, outSum: 5, prevOut }
    const bundle = order?.postal === true ? null : random.bytes(32)
    const entry = this.#write('pay.commit', { id, aid, minutes, decideBy, bundle, parts: [part] })
    if (this.draw(3) > 0) {
      liar.seq = outSeq
      liar.prev = leafHash(liar.log.raws.at(-1) as Bytes)
    }
    return { name: 'commit', entry, order: order === null || this.draw(9) === 0 ? null : encodeOrder(order) }
  }

  #offer(): Message {
    const { order, aid } = this.#wish(this.theirs)
    if (order === null) return { name: 'nothing', id: random.bytes(32) }
    return { ...this.liar.offer(order, aid), line: this.#line() }
  }

  #abort(): Message {
    const { id, aid } = this.#wish(this.draw(4) === 0 ? this.ours : this.theirs)
    return { name: 'abort', entry: this.#write('pay.abort', { id, aid, cause: 1 + this.draw(6) }) }
  }

  #promise(): Message {
    const { id, aid, minutes, decideBy, hash } = this.#wish(this.ours)
    const parts = [{ line: this.#line(), lineVersion: 1, minutes, offerHash: hash }]
    const terms = { payee: random.bytes(16), minutes, category: 1, day: 1, decideBy, parts }
    const entry = this.#write('rcv.promise', { id, aid, ...terms })
    return this.draw(3) === 0 ? { name: 'ask', id, promise: entry } : { name: 'promise', entry }
  }

  #credit(): Message {
    const { id, aid, minutes } = this.#wish(this.ours)
    const parts = [{ line: this.#line(), minutes, inSeq: this.draw(9), postRef: null }]
    const terms = { payee: random.bytes(16), minutes, category: 1, day: 1, commit: this.#cited(), parts }
    return { name: 'receipt', entry: this.#write('rcv.credit', { id, aid, ...terms }) }
  }

  #waive(): Message {
    const { id, aid } = this.#wish(this.ours)
    const parts = [{ line: this.#line(), inSeq: null }]
    const body = { id, aid, cause: 1 + this.draw(7), parts, commit: null }
    return { name: 'waive', entry: this.#write('rcv.waive', body) }
  }

  #lineEntry(): Message {
    const line = this.#line()
    const limit = { minutes: this.#pick([0, 300, 900, 2 ** 50]), openCap: 1, parkCap: 1 }
    const peerEntry = this.draw(2) === 0 ? null : this.#cited()
    const step = {
      direction: 1 + this.draw(2),
      version: 1 + this.draw(6),
      fromOutSeq: this.draw(2) === 0 ? null : this.draw(9),
    }
    const write = this.#pick([
      () => this.#write('line.limit', { line, limit, ...step, peerEntry }),
      () => this.#write('line.freeze', { line, cause: 1 + this.draw(5), evidence: null }),
      () => this.#write('line.thaw', { line, cause: 1 + this.draw(4), board: null, accepted: null }),
      () => this.#write('line.open', { terms: this.#terms(limit), peerEntry }),
      // Ends a line that is idle, so it is drawn seldom.
      () =>
        this.draw(8) > 0
          ? this.#write('line.freeze', { line, cause: 1, evidence: null })
          : this.#write('line.close', { line, cause: 1, lastStatement: 0, peerEntry: null }),
    ])
    return { name: 'line', entry: write(), token: null }
  }

  #terms(limit: Body<'line.limit'>['limit']): Bytes {
    const { scripted, node } = this.liar
    const [lower, higher] = [scripted.bank, node.bank].sort(compareBytes) as [Bytes, Bytes]
    const nonce = new Uint8Array(16).fill(this.draw(3))
    const caps = { lowerMayOwe: limit, higherMayOwe: limit, statementEvery: 0, nonce }
    return encodeTerms({ version: 1, lower, higher, ...caps })
  }

  #plain(): Message {
    const { id, aid } = this.#wish(this.ours)
    const chains = { outChain: random.bytes(32), inChain: new Uint8Array(32), yours: null }
    const counters = { line: this.#line(), outSeq: 1, inSeq: 0, now: this.liar.log.time, open: [id] }
    return this.#pick<Message>([
      { name: 'nothing', id },
      { name: 'busy', about: this.draw(40), retrySeconds: this.draw(9) },
      { name: 'decline', id, aid, code: this.#pick(['line_full', 'x']) },
      { name: 'hello', ...counters, ...chains },
    ])
  }
}
