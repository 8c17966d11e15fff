/**
 * In which words is a scenario written? Somebody pays, cancels, goes away for days; a frame is lost, doubled or late.
 * Each word is safe to say while a bank is down: what people want is asked again until it is answered, and a
 * supervisor starts again whatever ends.
 */

import type { Kind } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import type { Outcome, RefusalCode } from '../../src/core/refusal.ts'
import { encodeOrder, type Order, orderId } from '../../src/core/transfer/order.ts'
import type { Node } from '../../src/node/node.ts'
import type { PayRequest } from '../../src/node/pay.ts'
import { settled } from '../sim/agenda.ts'
import { Desk, type Wish } from '../sim/desk.ts'
import type { SeenPayment } from '../sim/seer.ts'
import { FIRST_SECOND } from '../sim/sim-bank.ts'
import type { Town, World } from '../sim/world.ts'
import { type Ask, Asks } from './asks.ts'
import { noteDays } from './days.ts'
import { type Harm, Harms } from './harms.ts'
import { DAY, type End } from './scenario.ts'

const RESTART_MS = 2_000

export interface Payment {
  readonly wish: Wish
  readonly ask: Ask
  /** Ends that are right, whatever crashed. */
  readonly ends: readonly End[]
}

export interface PaymentWords {
  readonly ends: readonly End[]
  readonly postal?: boolean
  /** Seconds until the payer's bank must have decided; a week unless said otherwise. */
  readonly seconds?: number
  /** Place of the payee among the handles of its bank. */
  readonly payee?: number
  readonly handle?: Bytes
  readonly sign?: (order: Bytes) => PayRequest['auths']
  /** The request that it answers, and the commitment to its words. */
  readonly invoice?: Order['invoice']
  readonly commitment?: Bytes
  /** What is done each time the bank is asked, in the place of handing the order in. */
  readonly insteadOf?: <T>(node: Node, pay: () => Promise<Outcome<T>>) => Promise<Outcome<T>>
}

export class Stage {
  readonly world: World
  readonly asks: Asks
  readonly desks: readonly Desk[]
  readonly payments: Payment[] = []
  /** What must hold at the end besides; each gives what is wrong, or null. */
  readonly demands: (() => Promise<string | null>)[] = []
  /** Banks whose disk the script damaged: what they say about it is right. */
  readonly damaged = new Set<Town>()
  /** The bank that never comes back. */
  gone: Town | null = null
  readonly #dice
  readonly #begun: Readonly<Record<string, number>>
  readonly #harms: Harms

  constructor(world: World) {
    this.world = world
    this.asks = new Asks(world)
    this.#begun = { ...world.seer.kinds }
    this.#dice = world.dice.stream('stage')
    this.desks = world.towns.map((town) => new Desk(world, town, this.#dice.stream(town.bank.name)))
    this.#harms = new Harms(world)
    for (const town of world.towns) town.bank.ended = () => this.#ended(town)
  }

  get harbour(): Town {
    return this.town(0)
  }

  get millbrook(): Town {
    return this.town(1)
  }

  get northgate(): Town {
    return this.town(2)
  }

  town(place: number): Town {
    const town = this.world.towns[place]
    must(town !== undefined, 'the scenario has so many banks')
    return town
  }

  bytes(length: number): Bytes {
    return this.#dice.bytes(length)
  }

  // Payments

  pay(from: Town, to: Town, minutes: number, words: PaymentWords): Payment {
    const wish = this.#wish(from, to, minutes, words)
    const ask = this.asks.put(from, `pay ${minutes}`, (node) => {
      const pay = () => node.pay(wish.request)
      return this.#told(from, wish, words.insteadOf?.(node, pay) ?? pay())
    })
    return this.#keep(from, { wish, ask, ends: words.ends })
  }

  /** "Send anyway" (by post) or "wait": a new order takes the place of one that is held. */
  swap(old: Payment, words: PaymentWords): Payment {
    const from = this.#deskOf(old).town
    const { order, to } = old.wish
    const wish = this.#wish(from, to, order.minutes, { ...words, handle: order.handle })
    const ask = this.asks.put(from, 'swap', (node) =>
      this.#told(from, wish, node.swap(old.wish.id, wish.request)),
    )
    return this.#keep(from, { wish, ask, ends: words.ends })
  }

  cancel(payment: Payment): Ask {
    const { town } = this.#deskOf(payment)
    return this.asks.put(town, 'cancel', (node) => node.cancel(payment.wish.id))
  }

  #keep(from: Town, payment: Payment): Payment {
    this.payments.push(payment)
    this.#desk(from).wishes.push(payment.wish)
    return payment
  }

  /** Follows an order to its answer; the desk remembers what it was told. */
  async #told<T>(from: Town, wish: Wish, answer: Promise<Outcome<T>>): Promise<Outcome<T>> {
    const outcome = await answer
    if (outcome.ok) this.#desk(from).look(wish)
    else if (outcome.refusal.code !== 'too_busy') wish.told = 'refused'
    return outcome
  }

  #wish(from: Town, to: Town, minutes: number, words: PaymentWords): Wish {
    const dice = this.#dice
    const [payer] = from.members
    const handle = words.handle ?? to.handles[words.payee ?? 0]?.handle
    must(payer !== undefined && handle !== undefined, 'both banks have people')
    const now = FIRST_SECOND + Math.floor(this.world.seconds)
    const order: Order = {
      version: 1,
      payerBank: from.bank.bank,
      payer,
      payeeBank: to.bank.bank,
      handle,
      minutes,
      category: 7,
      day: Math.floor(now / DAY),
      commitment: words.commitment ?? dice.bytes(32),
      decideBy: now + (words.seconds ?? 7 * DAY),
      postal: words.postal ?? false,
      invoice: words.invoice ?? null,
      refs: [],
      nonce: dice.bytes(16),
    }
    const bytes = encodeOrder(order)
    const auths = words.sign?.(bytes) ?? [from.bank.byCoordinator(payer)]
    const request = { order: bytes, auths, channel: 2, attemptNonce: dice.bytes(32), rows: [] }
    return { id: orderId(bytes), order, request, to, told: 'asked' }
  }

  #desk(town: Town): Desk {
    return this.desks.find((desk) => desk.town === town) as Desk
  }

  #deskOf(payment: Payment): Desk {
    return this.desks.find(({ wishes }) => wishes.includes(payment.wish)) as Desk
  }

  /** What the logs say of a payment. */
  seen(payment: Payment): SeenPayment | null {
    return this.world.seer.payments.get(toHex(payment.wish.id)) ?? null
  }

  end(payment: Payment): End | 'open' {
    const seen = this.seen(payment)
    if (seen === null || seen.aborted) return 'never'
    if (seen.returned) return 'returned'
    if (seen.credited !== null) return 'paid'
    return seen.covered ? 'covered' : 'open'
  }

  // Everything else that people want

  ask<T>(town: Town, what: string, question: (node: Node) => Promise<Outcome<T>>): Ask<T> {
    return this.asks.put(town, what, question)
  }

  /** Each of these refusals is an answer to be expected; any other one fails the run. */
  allow(ask: Ask, ...codes: readonly RefusalCode[]): void {
    this.demand(async () => {
      const { answer, what } = ask
      if (answer === null || answer.ok || codes.includes(answer.refusal.code)) return null
      return `${what} was refused: ${answer.refusal.code} ${JSON.stringify(answer.refusal.facts)}`
    })
  }

  demand(wrong: () => Promise<string | null>): void {
    this.demands.push(wrong)
  }

  /** So many new entries of this kind are in the logs at the end, however often somebody had to ask. */
  demandEntries(kind: Kind, many: number): void {
    this.demand(async () => {
      const found = this.many(kind)
      return found === many ? null : `${found} new ${kind} in the logs, not ${many}`
    })
  }

  /** Entries of this kind in all logs, beyond those with which the scenario began. */
  many(kind: Kind): number {
    const word = `entry: ${kind}`
    return (this.world.seer.kinds[word] ?? 0) - (this.#begun[word] ?? 0)
  }

  /** What a bank says of itself at the end. */
  demandOf<T>(town: Town, what: string, look: (node: Node) => Promise<T>, right: (told: T) => boolean): void {
    this.demand(async () => {
      const told = await this.tells(town, look)
      if (told === null) return `${town.bank.name} does not say what ${what} is`
      return right(told) ? null : `${town.bank.name}: ${what} is ${JSON.stringify(told)}`
    })
  }

  /** What a bank says of itself now; null while it is down, or when it dies before it has said it. */
  async tells<T>(town: Town, look: (node: Node) => Promise<T>): Promise<T | null> {
    const { node, process } = town.bank
    if (node === null) return null
    let told: { readonly it: T } | null = null
    look(node).then(
      (it) => {
        told = { it }
      },
      () => undefined,
    )
    await this.until(() => told !== null || process?.alive !== true, 30)
    return (told as { readonly it: T } | null)?.it ?? null
  }

  /** Goes on until a bank says so, or until so many seconds are over. */
  async untilTold(town: Town, look: (node: Node) => Promise<boolean>, seconds = 90): Promise<void> {
    const { agenda } = this.world
    const end = agenda.now + seconds * 1_000
    while (agenda.now < end && (await this.tells(town, look)) !== true) await this.pass(0.2)
  }

  // Time

  async pass(seconds: number): Promise<void> {
    const { agenda } = this.world
    await agenda.runUntil(agenda.now + seconds * 1_000)
  }

  /** Goes on until it is so, or until so many seconds are over. */
  async until(so: () => boolean, seconds = 90): Promise<boolean> {
    const { agenda } = this.world
    const end = agenda.now + seconds * 1_000
    // What was said just now may be settled already.
    await settled()
    while (!so()) if (!(await agenda.step(end))) return so()
    return true
  }

  async answered(...asks: readonly Ask[]): Promise<void> {
    await this.until(() => asks.every(({ answer }) => answer !== null))
  }

  /** Everybody is answered, and no payment is under way. */
  async settled(seconds = 120): Promise<boolean> {
    const over = await this.until(() => this.asks.unanswered().length === 0, seconds)
    return over && (await this.until(() => this.world.seer.atRest().length === 0, seconds))
  }

  /** So many days pass in one night. Who is away meets them when it is back. */
  async days(many: number): Promise<void> {
    noteDays(this.world)
    this.world.agenda.leap(many * DAY * 1_000)
    await this.pass(1)
  }

  // Machines

  /** A bank's machine is switched off and stays off. */
  leave(town: Town): void {
    town.bank.held = true
    town.bank.kill()
  }

  /** Its machine burnt, and nobody carries on. */
  leaveForEver(town: Town): void {
    this.gone = town
    this.world.seer.gone(town.bank.bank)
    this.leave(town)
  }

  comeBack(town: Town): void {
    town.bank.held = false
    this.#start(town)
  }

  #ended(town: Town): void {
    if (!town.bank.held) this.world.agenda.after(RESTART_MS, () => this.#start(town))
  }

  #start(town: Town): void {
    const { bank } = town
    if (bank.held || bank.process?.alive === true) return
    void bank.start().then(() => {
      if (bank.damage === null || bank.process?.alive === true) return
      if (!this.damaged.has(town))
        this.world.seer.violations.push(`${bank.name} does not open: ${bank.damage}`)
      else this.world.coverage.met('damage found at the start')
      // Its operator sees to the disk before the next start.
      bank.disk.repair()
    })
  }

  // The network

  harm(harm: Harm): void {
    this.#harms.add(harm)
  }

  /** The network does its work again. */
  calm(): void {
    this.#harms.end()
    this.world.network.clear()
  }

  silence(a: Town, b: Town): void {
    this.world.network.silence(a.bank.peerId, b.bank.peerId)
    this.world.network.silence(b.bank.peerId, a.bank.peerId)
  }

  hangUp(a: Town, b: Town): void {
    this.world.network.hangUp(a.bank.peerId, b.bank.peerId)
  }
}
