/**
 * What does the desk of a bank know about one payment it was asked to make? Only what the bank answered; everything
 * that was answered is held against the bank from then on.
 */

import type { PaymentJson } from '../../src/http/client.ts'
import type { SoakBank } from './bank.ts'
import type { Troubles } from './trouble.ts'

/** What happens after the bank took the order: nothing, a look, a change of mind, or one of the two swaps. */
export type Plan = 'leave' | 'watch' | 'cancel' | 'send-anyway' | 'wait'

/** Body of POST /payments; the nonce makes every press of the button the same payment. */
export interface PaymentForm {
  readonly by: 'coordinator'
  readonly payer: string
  readonly bank: string
  readonly handle: string
  readonly minutes: number
  readonly postal: boolean
  readonly decide_within_seconds: number | null
  readonly nonce: string
  readonly channel: 'call'
  readonly reason: 'telephoned'
}

export interface Wish {
  readonly bank: SoakBank
  readonly form: PaymentForm
  readonly plan: Plan
  /** Ids of the orders made for this wish: the first, and the one that took its place. */
  readonly ids: string[]
  /** The bank said no before it recorded anything. */
  refused: string | null
  presses: number
}

type State = PaymentJson['state']

/** What may be seen after what, as payer. */
const LATER: Readonly<Partial<Record<State, readonly State[]>>> = {
  held: ['held', 'sent', 'paid', 'returned', 'dead'],
  sent: ['sent', 'paid', 'returned'],
  paid: ['paid'],
  returned: ['returned'],
  dead: ['dead'],
}

export class Wishes {
  readonly all: Wish[] = []
  readonly #states = new Map<string, State>()
  readonly #troubles: Troubles

  constructor(troubles: Troubles) {
    this.#troubles = troubles
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.#states.keys())
  }

  stateOf(id: string): State | null {
    return this.#states.get(id) ?? null
  }

  add(bank: SoakBank, form: PaymentForm, plan: Plan): Wish {
    const wish: Wish = { bank, form, plan, ids: [], refused: null, presses: 0 }
    this.all.push(wish)
    return wish
  }

  /** The bank named the payment of this press: `n` is 0 for the order itself and 1 for what took its place. */
  made(wish: Wish, n: 0 | 1, view: PaymentJson): void {
    const known = wish.ids[n]
    if (known === undefined && !this.#states.has(view.id)) wish.ids[n] = view.id
    else if (known !== view.id) this.#troubles.note('one press made two payments', `${known} and ${view.id}`)
    if (n === 0 && wish.refused !== null)
      this.#troubles.note('a press was refused and recorded', `${wish.refused}, then ${view.id}`)
    if (n === 1) this.#see(wish.ids[0] as string, 'dead')
    this.seen(view)
  }

  refused(wish: Wish, code: string): void {
    wish.refused = code
    if (wish.ids.length > 0)
      this.#troubles.note('a press was recorded and refused', `${wish.ids[0]}, ${code}`)
  }

  /** The bank showed the payment: what it showed before must lead there. */
  seen(view: PaymentJson): void {
    if (view.role !== 'payer') this.#troubles.note('a payment changed its role', view.id)
    this.#see(view.id, view.state)
  }

  #see(id: string, state: State): void {
    const before = this.#states.get(id)
    // What a bank has answered is durable: no crash leads back.
    const leads = before === undefined ? LATER[state] !== undefined : LATER[before]?.includes(state) === true
    if (!leads) this.#troubles.note(`a payment was ${before} and then ${state}`, id)
    this.#states.set(id, state)
  }
}
