/**
 * Who decides "sent"? The payer's bank, and only it. This table says, for each state and input, which entries it
 * writes and where it goes; the ledger refuses any entry that the table does not know.
 *
 * A pair that is not here changes nothing and is answered with the stored artefact.
 */

export type PayerState = 'none' | 'held' | 'sent' | 'covered' | 'paid' | 'returned' | 'dead'

/** What can happen to a payment at the payer's bank. */
export type PayerInput =
  | 'order'
  | 'orderByPost'
  /** an order that cites an endorsed request of the payee */
  | 'orderByInvoice'
  | 'promise'
  | 'ask'
  | 'cancel'
  | 'decline'
  | 'overdue'
  | 'swap'
  /** the log key changes, and the offer pins the old one */
  | 'rotate'
  | 'credit'
  | 'waive'
  /** the board pays the payer back from the pot, because the line is dead */
  | 'cover'

export type PayerEntry = 'pay.hold' | 'pay.commit' | 'pay.abort' | 'pay.cover' | 'pay.return' | 'pay.done'

export interface PayerStep {
  readonly entries: readonly PayerEntry[]
  readonly next: PayerState
}

const step = (next: PayerState, ...entries: PayerEntry[]): PayerStep => ({ entries, next })

export const PAYER: { readonly [S in PayerState]: { readonly [I in PayerInput]?: PayerStep } } = {
  none: {
    order: step('held', 'pay.hold'),
    orderByPost: step('sent', 'pay.hold', 'pay.commit'),
    orderByInvoice: step('sent', 'pay.hold', 'pay.commit'),
    // R7, presumed abort made explicit: an id nobody ordered is dead before anybody can order it.
    promise: step('dead', 'pay.abort'),
    ask: step('dead', 'pay.abort'),
  },
  held: {
    // Only while the log time is not past decideBy; afterwards the only way is overdue (R5).
    promise: step('sent', 'pay.commit'),
    cancel: step('dead', 'pay.abort'),
    decline: step('dead', 'pay.abort'),
    waive: step('dead', 'pay.abort'),
    overdue: step('dead', 'pay.abort'),
    // The old order dies in the same commit in which its successor is held: no two live orders for one wish.
    swap: step('dead', 'pay.abort'),
    rotate: step('dead', 'pay.abort'),
  },
  sent: {
    credit: step('paid', 'pay.done'),
    waive: step('returned', 'pay.return'),
    cover: step('covered', 'pay.cover'),
  },
  covered: {
    // The payer is whole since the cover. Whatever the silent bank says in the end is the pot's gain or loss.
    credit: step('paid', 'pay.done'),
    waive: step('returned', 'pay.return'),
  },
  paid: {
    // A poisoned gift: the payee's bank renounces what it had receipted, at its own cost.
    waive: step('returned', 'pay.return'),
  },
  returned: {},
  dead: {},
}

/** The step of this pair, or null: then nothing changes. */
export function payerStep(state: PayerState, input: PayerInput): PayerStep | null {
  return PAYER[state][input] ?? null
}

/** State after one entry of the log, or null when the table knows no such move; used at write and at replay. */
export function payerAfter(state: PayerState, entry: PayerEntry): PayerState | null {
  return PAYER_MOVES.get(`${state} ${entry}`) ?? null
}

const PAYER_MOVES = movesOf()

function movesOf(): ReadonlyMap<string, PayerState> {
  const moves = new Map<string, PayerState>()
  for (const [state, inputs] of Object.entries(PAYER)) {
    for (const taken of Object.values(inputs) as PayerStep[]) {
      // A step of two entries passes through `held`, where the second one starts.
      const [first, second] = taken.entries
      if (second === undefined) moves.set(`${state} ${first}`, taken.next)
    }
  }
  return moves
}
