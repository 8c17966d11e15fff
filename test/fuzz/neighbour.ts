/**
 * What can a neighbour make a bank do that signs and sends whatever it likes? One seed draws messages that are nearly
 * right, to a real node that somebody looks after; after every round the bank must be as sound as before.
 */

import { decodeEntry } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, sameBytes, toHex } from '../../src/core/ids.ts'
import { bookSum } from '../../src/core/ledger/book.ts'
import { clearing, type Line } from '../../src/core/line.ts'
import { orderId } from '../../src/core/transfer/order.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { replay } from '../../src/node/replay.ts'
import { encodeFrame, offerHash } from '../../src/peer/messages.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { Liar } from '../node/liar.ts'
import { addAccount, addHandle, orderTo, random, requestFor, type TestBank } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { quiet, type StepClock, seededBank, settled, underSeed } from './bank.ts'
import { Lies } from './lies.ts'
import { callUntilHeard, openLine } from './open-line.ts'

/** Minutes that the node lets the liar owe, and the most it may come to. */
const LIMIT = 600
export const ROUNDS = 120

export interface Visit {
  readonly rounds: number
  readonly messages: number
  /** Entries of the node's log by kind. */
  readonly kinds: ReadonlyMap<string, number>
  /** Root of the node's log at the end: the same seed gives the same. */
  readonly root: string
}

/** A visit that went wrong, and in which round. */
export class Unsound extends Error {
  readonly round: number

  constructor(round: number, cause: unknown) {
    super(`after round ${round}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`)
    this.round = round
  }
}

/** Plays so many rounds of a seed. Throws `Unsound`. */
export function visit(seed: number, rounds = ROUNDS): Promise<Visit> {
  return underSeed(seed, async (clock) => {
    const network = new MemoryNetwork()
    const bank = await seededBank(network, 'Harbour', clock)
    const liar = new Liar(network, bank)
    await liar.scripted.transport.start()
    const stage = new Stage(bank, liar, clock, seed)
    for (let round = 0; round <= rounds; round++) {
      try {
        if (round === 0) await stage.begin()
        else await stage.round()
        await stage.check()
        if (round === rounds) await stage.checkEnd()
      } catch (thrown) {
        throw new Unsound(round, thrown)
      }
    }
    await bank.stop()
    await liar.scripted.transport.close()
    return stage.story(rounds)
  })
}

class Stage {
  readonly bank: TestBank
  readonly liar: Liar
  readonly clock: StepClock
  readonly lies: Lies
  #ada: Bytes = new Uint8Array(16)
  #handle: Bytes = new Uint8Array(16)
  /** Entries of the node that were looked at. */
  #checked = 0
  readonly #credited = new Set<string>()
  readonly #kinds = new Map<string, number>()
  #messages = 0

  constructor(bank: TestBank, liar: Liar, clock: StepClock, seed: number) {
    this.bank = bank
    this.liar = liar
    this.clock = clock
    this.lies = new Lies(seed, liar)
  }

  /** A line with the liar, a member, and a handle by which the member is paid. */
  async begin(): Promise<void> {
    const { bank, liar, clock } = this
    const { talk, line } = await openLine(bank, liar.scripted, clock, LIMIT)
    liar.talk = talk
    liar.line = line
    this.#ada = await settled(clock, addAccount(bank))
    this.#handle = await settled(clock, addHandle(bank, this.#ada))
  }

  /** A new session, begun as if nothing had happened. */
  async #call(): Promise<void> {
    const { bank, liar, clock } = this
    liar.talk = await callUntilHeard(bank, liar.scripted, clock)
    const counters = { line: liar.line, outSeq: liar.seq, outChain: liar.prev, now: clock.now() }
    await liar.talk.hello({ ...counters, yours: bank.node.head.note }).catch(() => undefined)
    await quiet()
  }

  async round(): Promise<void> {
    const { bank, liar, clock, lies } = this
    liar.log.time = clock.now()
    await this.#lookAfter()
    await quiet()
    if (liar.talk.over) await this.#call()
    clock.pass(lies.draw(3))
    const messages = Array.from({ length: 1 + lies.draw(6) }, () => lies.message())
    this.#messages += messages.length
    const show = lies.show.splice(0)
    // Bytes that are no frame end a session, so most of what is said is well-formed.
    if (lies.draw(30) === 0)
      await liar.talk.sayRaw(lies.damagedFrame(encodeFrame, messages)).catch(() => undefined)
    else await liar.talk.say(messages, { show }).catch(() => undefined)
    await quiet()
    // It goes on from what the node has consumed, so that its lies get somewhere.
    const line = await bank.node.read(({ book }) => book.lines.at(-1) as Line)
    liar.seq = line.in.seq
    liar.prev = line.in.chain
    liar.line = line.id
  }

  /** Somebody looks after the node: pays over the line, lifts its pause, accepts what is proposed. */
  async #lookAfter(): Promise<void> {
    const { bank, liar, clock, lies } = this
    const { node } = bank
    await settled(clock, node.pauseNeighbour(liar.scripted.bank, 'resume'))
    for (const { peer } of node.proposals()) await settled(clock, node.acceptNeighbour(peer))
    const to = { bank: liar.scripted.bank, handle: random.bytes(16) }
    const options = { postal: lies.draw(2) === 0, seconds: 600 }
    const order = orderTo({ bank, account: this.#ada }, to, 5 + lies.draw(20), options)
    const paid = await settled(clock, node.pay(requestFor(bank, order)))
    if (paid.ok) {
      const { id } = paid.value.value
      const payment = await node.read(({ book }) => book.asPayer.get(id))
      const offer = liar.talk.all('offer').findLast((one) => sameBytes(orderId(one.order), id))
      const hash = offer === undefined ? random.bytes(32) : offerHash(offer)
      const { minutes, decideBy } = order
      must(payment !== null, 'what was paid is known')
      lies.ours.push({ id, aid: payment.aid, minutes, decideBy, order: null, hash })
    }
    lies.ask(lies.draw(6) === 0 ? random.bytes(16) : this.#handle)
  }

  /** What must hold after every round. */
  async check(): Promise<void> {
    const { bank, liar } = this
    must(bank.faults.length === 0, `no fault: ${String(bank.faults[0])}`)
    const { book, own } = await bank.node.read((reading) => reading)
    must(bookSum(book) === 0, 'the book sums to zero')
    for (const line of book.lines)
      must(-clearing(line) <= LIMIT, 'the liar never owes more than a limit we wrote')
    for (; this.#checked < book.size; this.#checked++) {
      const entry = own.entry(this.#checked)
      this.#kinds.set(entry.kind, (this.#kinds.get(entry.kind) ?? 0) + 1)
      if (entry.kind === 'rcv.credit') this.#checkCredit(entry.body)
      if (entry.kind === 'pay.commit' && entry.body.bundle !== null) {
        const { id } = entry.body
        const promised = liar.log.raws.some((raw) => says(raw, 'rcv.promise', id))
        must(promised, 'what is committed was promised')
      }
    }
  }

  /** Hours appear for a commit that the liar signed, as many as it says, and once. */
  #checkCredit({
    id,
    minutes,
    commit,
  }: {
    id: Bytes
    minutes: number
    commit: { index: number; leaf: Bytes }
  }): void {
    const raw = this.liar.log.raws[commit.index]
    must(raw !== undefined && sameBytes(leafHash(raw), commit.leaf), 'a credit names an entry of the liar')
    const read = decodeEntry(raw)
    must(read.ok && read.entry.kind === 'pay.commit', 'which is a commit')
    must(
      sameBytes(read.entry.body.id, id) && read.entry.body.minutes === minutes,
      'of the same payment and hours',
    )
    must(!this.#credited.has(toHex(id)), 'and it is the only credit of that payment')
    this.#credited.add(toHex(id))
  }

  /** What must hold in the end, after all that was open has run out. */
  async checkEnd(): Promise<void> {
    const { bank, clock } = this
    clock.pass(100_000)
    await quiet()
    await this.check()
    // A second reducer, which shares no rule with the first, does not accuse the bank that was lied to.
    const broken = brokenRules([logOf(bank.node)])
    must(broken.length === 0, `the audit finds nothing: ${broken.join('; ')}`)
    const before = await bank.node.read(({ book }) => figuresOf(book))
    await settled(clock, bank.stop())
    const { book } = await replay(openMemoryStore(bank.disk))
    must(figuresOf(book) === before, 'a start reads the same book')
    await settled(clock, bank.start())
    const again = await settled(
      clock,
      bank.node.commit(() => ({ ok: true, value: { entries: [], value: null } })),
    )
    must(again.ok, 'and the bank goes on writing')
  }

  story(rounds: number): Visit {
    return { rounds, messages: this.#messages, kinds: this.#kinds, root: toHex(this.bank.node.head.root) }
  }
}

function says(raw: Bytes, kind: 'rcv.promise', id: Bytes): boolean {
  const read = decodeEntry(raw)
  return read.ok && read.entry.kind === kind && sameBytes(read.entry.body.id, id)
}

/** All figures of a book as one text, so that two books can be compared. */
function figuresOf(book: Parameters<typeof bookSum>[0]): string {
  const { accounts, lines, asPayer, asPayee, size, hold, balances, time } = book
  const written = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? toHex(value) : value)
  const open = [...asPayer.open(), ...asPayee.open()]
  return JSON.stringify({ accounts, lines, open, size, hold, balances, time }, written)
}
