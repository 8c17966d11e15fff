/**
 * Who asks a bank for payments, and what do they believe? A desk that keeps each wish until it knows its end. A
 * process that dies owes it an answer for ever, so it asks again, with the same order: a double press is one payment.
 *
 * It notes everything it is told, because nothing that was said once may be untrue later ([PAY-9], [PAY-10]).
 */

import { type Bytes, toHex } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import { orderPreimage } from '../../src/core/sign.ts'
import { encodeOrder, type Order, orderId } from '../../src/core/transfer/order.ts'
import type { PayRequest } from '../../src/node/pay.ts'
import type { PaymentView } from '../../src/node/query.ts'
import type { Dice } from './dice.ts'
import type { Town, World } from './world.ts'

export interface Wish {
  readonly id: Bytes
  readonly order: Order
  readonly request: PayRequest
  readonly to: Town
  /** What was last said of it; `asked` before anybody answered, `refused` when it never began. */
  told: string
}

/** What an order says, for whoever wants to say it all. */
export interface Terms {
  /** The payer's account, and the payee's handle. */
  readonly payer: Bytes
  readonly handle: Bytes
  readonly minutes: number
  readonly postal: boolean
  /** Seconds until its deadline. */
  readonly seconds: number
  /** Who agrees; the member's device in one order of two, if there is one, unless said otherwise. */
  readonly agrees?: 'device' | 'coordinator'
}

/** States after which nothing may be said but the ones named. */
const FINAL: Readonly<Record<string, readonly string[]>> = {
  dead: [],
  returned: [],
  paid: ['returned'],
  sent: ['paid', 'returned', 'covered'],
  covered: ['paid', 'returned'],
}

export class Desk {
  readonly town: Town
  readonly wishes: Wish[] = []
  readonly #world: World
  readonly #dice: Dice

  constructor(world: World, town: Town, dice: Dice) {
    this.#world = world
    this.town = town
    this.#dice = dice
  }

  /** A new payment to a member of another bank. */
  pay(to: Town, minutes: number, how: { readonly postal: boolean; readonly seconds: number }): Wish | null {
    const { node } = this.town.bank
    if (node === null) return null
    // Now and then somebody reads the letters wrong.
    const wrong = this.#dice.oneIn(15)
    const handle = wrong ? this.#dice.bytes(16) : this.#dice.pick(to.handles).handle
    return this.order(to, { handle, payer: this.#dice.pick(this.town.members), minutes, ...how })
  }

  /** A new payment with terms of one's own; null when nobody is there to be asked. */
  order(to: Town, terms: Terms): Wish | null {
    const { node } = this.town.bank
    if (node === null) return null
    const wish = this.#wish(to, terms, node.logTime())
    this.wishes.push(wish)
    this.press(wish)
    return wish
  }

  #wish(to: Town, terms: Terms, now: number): Wish {
    const dice = this.#dice
    const { payer, handle, minutes, postal, seconds, agrees } = terms
    const order: Order = {
      version: 1,
      payerBank: this.town.bank.bank,
      payer,
      payeeBank: to.bank.bank,
      handle,
      minutes,
      category: 7,
      day: Math.floor(now / 86_400),
      commitment: dice.bytes(32),
      decideBy: now + seconds,
      postal,
      invoice: null,
      refs: [],
      nonce: dice.bytes(16),
    }
    const bytes = encodeOrder(order)
    const owned = this.town.devices.get(toHex(payer))
    const byDevice = owned !== undefined && (agrees === undefined ? dice.oneIn(2) : agrees === 'device')
    const auth =
      owned !== undefined && byDevice
        ? { form: 1 as const, device: owned.device, signature: owned.key.sign(orderPreimage(bytes)) }
        : this.town.bank.byCoordinator(payer)
    const auths = [auth]
    const request = { order: bytes, auths, channel: 2 as const, attemptNonce: dice.bytes(32), rows: [] }
    return { id: orderId(bytes), order, request, to, told: 'asked' }
  }

  /** Submits the order, for the first time or again. */
  press(wish: Wish): void {
    const { node } = this.town.bank
    if (node === null) return
    node.pay(wish.request).then(
      (outcome) => {
        if (!outcome.ok) {
          this.#world.coverage.met(`refused: ${outcome.refusal.code}`)
          if (wish.told === 'asked') wish.told = 'refused'
        } else this.look(wish)
      },
      () => undefined,
    )
  }

  /** Asks how it stands. */
  look(wish: Wish): void {
    const { node } = this.town.bank
    if (node === null) return
    node.payment(wish.id).then(
      (outcome) => {
        if (outcome.ok) this.#told(wish, outcome.value)
        else if (outcome.refusal.code !== 'payment_unknown') return
        else if (Object.hasOwn(FINAL, wish.told) || wish.told === 'held') {
          this.#wrong(wish, `was ${wish.told} and is not known any more`)
        }
      },
      () => undefined,
    )
  }

  #told(wish: Wish, view: PaymentView): void {
    // An old disk tells old news. The desk hears more once it is mended.
    if (this.#world.tampered.has(this.town)) return
    const may = FINAL[wish.told]
    if (may !== undefined && view.state !== wish.told && !may.includes(view.state)) {
      this.#wrong(wish, `was called ${wish.told} and then ${view.state}`)
    }
    wish.told = view.state
  }

  cancel(wish: Wish): void {
    this.town.bank.node?.cancel(wish.id).then(
      (outcome) => {
        if (outcome.ok) this.#told(wish, outcome.value)
      },
      () => undefined,
    )
  }

  /** Asks for what is on its way. */
  recall(wish: Wish): void {
    this.town.bank.node?.recall(wish.id).then(
      (outcome) => {
        if (outcome.ok) this.#told(wish, outcome.value)
        else this.#world.coverage.met(`recall refused: ${outcome.refusal.code}`)
      },
      () => undefined,
    )
  }

  /** "Send anyway", or "wait": a new order takes the old one's place. */
  swap(wish: Wish, how: { readonly postal: boolean; readonly seconds: number }): Wish | null {
    const { node } = this.town.bank
    if (node === null) return null
    const { handle, payer, minutes } = wish.order
    const next = this.#wish(wish.to, { handle, payer, minutes, ...how }, node.logTime())
    this.wishes.push(next)
    next.told = 'swapping'
    this.pressSwap(wish, next)
    return next
  }

  /** Presses "send anyway" or "wait", for the first time or again. */
  pressSwap(wish: Wish, next: Wish): void {
    this.town.bank.node?.swap(wish.id, next.request).then(
      (outcome) => {
        if (outcome.ok) this.look(next)
        else if (next.told === 'swapping') next.told = 'refused'
        this.look(wish)
      },
      () => undefined,
    )
  }

  /** Help inside the bank. */
  help(minutes: number): void {
    const { node } = this.town.bank
    const [from, to] = this.town.members
    if (node === null || from === undefined || to === undefined) return
    const intent = encodeIntent({
      version: 1,
      bank: this.town.bank.bank,
      day: Math.floor(node.logTime() / 86_400),
      category: 3,
      legs: [
        { acct: from, minutes: -minutes },
        { acct: to, minutes },
      ].sort((a, b) => Buffer.compare(a.acct, b.acct)),
      commitment: this.#dice.bytes(32),
      nonce: this.#dice.bytes(16),
    })
    const auths = [this.town.bank.byCoordinator(from)]
    node.recordExchange({ intent, auths, channel: 2, refs: [], rows: [] }).catch(() => undefined)
  }

  /** Wishes of which no end is known. */
  unsettled(): Wish[] {
    return this.wishes.filter(({ told }) => !['dead', 'returned', 'paid', 'refused'].includes(told))
  }

  /** What the desk was told, held against what is true: nothing that it was told is lost. */
  compare(): void {
    for (const wish of this.wishes) {
      const true_ = this.#world.seer.payments.get(toHex(wish.id))
      const never = true_ === undefined || true_.aborted
      if (wish.told === 'dead' && !never) this.#wrong(wish, 'was called dead, and hours moved')
      if ((wish.told === 'paid' || wish.told === 'sent') && never)
        this.#wrong(wish, `was called ${wish.told} and is not`)
      if (wish.told === 'returned' && true_?.returned !== true)
        this.#wrong(wish, 'was called back and is not')
    }
  }

  #wrong(wish: Wish, what: string): void {
    // A bank that lies may tell its own members what it likes.
    if (!this.#world.seer.isHonest(toHex(this.town.bank.bank))) return
    this.#world.seer.violations.push(
      `${this.town.bank.name}: the desk's payment ${toHex(wish.id).slice(0, 8)} ${what}`,
    )
  }
}
