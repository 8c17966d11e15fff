/**
 * How does a coordinator's desk pay, whatever happens to the bank? It presses, takes silence for "unknown", and presses
 * the same again until it is answered; then it looks, cancels or swaps by seeded choice ([PAY-5], [PAY-10]).
 */

import type { Chance } from '../../src/cli/demo/chance.ts'
import type { PaymentJson, Problem, SentPaymentView } from '../../src/http/client.ts'
import type { Answer, SoakBank } from './bank.ts'
import type { Town } from './town.ts'
import { pause, type Troubles } from './trouble.ts'
import type { PaymentForm, Plan, Wish, Wishes } from './wish.ts'

/** Refusals that an honest workload meets. */
const REFUSED = ['line_full', 'line_too_busy', 'payer_stop']
/** What a press on a payment that has gone on meets. */
const TOO_LATE = [...REFUSED, 'not_cancellable']

const PLANS: readonly (readonly [Plan, number])[] = [
  ['leave', 30],
  ['watch', 30],
  ['cancel', 16],
  ['send-anyway', 16],
  ['wait', 8],
]
const DEADLINES_SECONDS = [1, 2, 5, 20, 60, null]
const ACTING = { channel: 'call', reason: 'telephoned' } as const

export interface DeskParts {
  readonly bank: SoakBank
  readonly town: Town
  readonly wishes: Wishes
  readonly chance: Chance
  readonly troubles: Troubles
  /** Longest pause between two wishes. */
  readonly thinkMs: number
  /** No new wishes from here on; those there are go on to their answer. */
  readonly closing: AbortSignal
  /** Everything ends, answered or not. */
  readonly abandoned: AbortSignal
}

export class Desk {
  readonly #parts: DeskParts

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  async work(): Promise<void> {
    const { bank, wishes, chance, closing, thinkMs } = this.#parts
    while (!closing.aborted) {
      const form = this.#form()
      const plan = (PLANS[chance.weighted(PLANS.map(([, weight]) => weight))] as (typeof PLANS)[number])[0]
      const wish = wishes.add(bank, form, plan)
      await this.#order(wish)
      await this.#goOn(wish)
      await pause(chance.part() * thinkMs, closing)
    }
  }

  #form(): PaymentForm {
    const { bank, town, chance } = this.#parts
    const there = chance.of(town.others(bank))
    const postal = chance.part() < 0.25
    return {
      by: 'coordinator',
      payer: chance.of(town.at(bank).numbers),
      bank: there.bank.id,
      handle: chance.part() < 0.06 ? nobodysHandle(chance) : chance.of(there.handles),
      minutes: 1 + chance.below(12),
      postal,
      decide_within_seconds: postal ? null : chance.of(DEADLINES_SECONDS),
      nonce: Array.from({ length: 4 }, () => chance.word().toString(16).padStart(8, '0')).join(''),
      ...ACTING,
    }
  }

  async #order(wish: Wish): Promise<void> {
    const { wishes, chance } = this.#parts
    const press = () => wish.bank.ask<SentPaymentView>('POST', '/payments', wish.form, this.#patience())
    // Some press twice, as people do.
    const presses = chance.part() < 0.08 ? 2 : 1
    await this.#untilAnswered(wish, async () => {
      const answers = await Promise.all(Array.from({ length: presses }, press))
      // Which of two presses at once was served first shows in how far the payment had come.
      const known = answers.sort(byProgress).map((answer) => this.#read(answer, 202, REFUSED))
      const taken = known.flatMap((one) => (one?.ok === true ? [one.view] : []))
      for (const view of taken) wishes.made(wish, 0, view)
      if (taken.length > 0) return true
      // A no leaves no trace, so the second of two presses may find the room that the first did not: only when both
      // are answered is it known that nothing was recorded.
      const [refused] = known
      if (refused?.ok !== false || known.includes(null)) return false
      wishes.refused(wish, refused.code)
      return true
    })
  }

  /** What the desk does about a payment that the bank has taken. */
  async #goOn(wish: Wish): Promise<void> {
    const { chance, closing } = this.#parts
    const id = wish.ids[0]
    if (id === undefined || wish.plan === 'leave') return
    if (chance.part() < 0.6) await pause(chance.part() * chance.part() * 4_000, closing)
    switch (wish.plan) {
      case 'watch':
        return this.#watch(wish, id)
      case 'cancel':
        return this.#press(wish, `/payments/${id}/cancel`, 200, (view) => this.#parts.wishes.seen(view))
      case 'send-anyway':
      case 'wait':
        return this.#press(wish, `/payments/${id}/${wish.plan}`, 202, (view) =>
          this.#parts.wishes.made(wish, 1, view),
        )
    }
  }

  /** Waits a little for the end; whatever is shown counts, and no answer says nothing. */
  async #watch(wish: Wish, id: string): Promise<void> {
    const seconds = 1 + this.#parts.chance.below(3)
    const path = `/payments/${id}?wait=${seconds}`
    const known = this.#read(
      await wish.bank.ask<PaymentJson>('GET', path, null, (seconds + 2) * 1_000),
      200,
      [],
    )
    if (known?.ok === true) this.#parts.wishes.seen(known.view)
  }

  #press(wish: Wish, path: string, good: number, take: (view: PaymentJson) => void): Promise<void> {
    return this.#untilAnswered(wish, async () => {
      const answer = await wish.bank.ask<PaymentJson>('POST', path, ACTING, this.#patience())
      const known = this.#read(answer, good, TOO_LATE)
      if (known?.ok === true) take(known.view)
      return known !== null
    })
  }

  async #untilAnswered(wish: Wish, press: () => Promise<boolean>): Promise<void> {
    const { abandoned, chance } = this.#parts
    for (;;) {
      wish.presses += 1
      if (await press()) return
      if (abandoned.aborted) return
      await pause(100 + chance.part() * 900, abandoned)
    }
  }

  /** Null is "unknown, ask again": no answer, or one that says that the bank cannot do it now. */
  #read(
    answer: Answer<PaymentJson | Problem>,
    good: number,
    refusals: readonly string[],
  ): { ok: true; view: PaymentJson } | { ok: false; code: string } | null {
    if (answer === null) return null
    if (answer.status === good) return { ok: true, view: answer.body as PaymentJson }
    const { code, detail } = answer.body as Problem
    if (answer.status === 503) return null
    if (refusals.includes(code)) return { ok: false, code }
    this.#parts.troubles.note(`${this.#parts.bank.name} answered ${answer.status} ${code}`, detail)
    return null
  }

  #patience(): number {
    return 1_000 + this.#parts.chance.below(5_000)
  }
}

/** Everything that is not held or sent has ended. */
function byProgress(a: Answer<SentPaymentView>, b: Answer<SentPaymentView>): number {
  const rank = (answer: Answer<SentPaymentView>): number => {
    const place = ['held', 'sent'].indexOf(answer?.body.state ?? '')
    return place < 0 ? 2 : place
  }
  return rank(a) - rank(b)
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** A code of the right length that no bank gave out; its last letter carries three bits. */
function nobodysHandle(chance: Chance): string {
  const letters = Array.from({ length: 25 }, () => LETTERS[chance.below(32)])
  return `${letters.join('')}${LETTERS[chance.below(8) * 4]}`
}
