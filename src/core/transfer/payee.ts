/**
 * Who decides "kept" or "given back"? The payee's bank, and only it. This table says, for each state and input,
 * which entry it writes and where it goes; the ledger refuses any entry that the table does not know.
 *
 * A pair that is not here changes nothing and is answered with the stored artefact.
 */

export type PayeeState = 'none' | 'promised' | 'released' | 'credited' | 'waived'

/** What can happen to a payment at the payee's bank. */
export type PayeeInput =
  /** an OFFER on a direct line that the payee and the line can take; one that cannot be taken writes nothing */
  | 'offer'
  /** a COMMIT that stands without a promise (by post, by invoice) or is valid under ours, and can be taken */
  | 'commit'
  /** a COMMIT signed by the right key that cannot be kept: wrong terms, unknown handle, closed account */
  | 'commitRefused'
  | 'abort'
  | 'graceOver'
  /** the payer's bank asks for it back; it may be granted until the credit */
  | 'recall'
  /** the payee leaves the bank */
  | 'closing'

export type PayeeEntry = 'rcv.promise' | 'rcv.credit' | 'rcv.waive' | 'rcv.release' | 'rcv.bounce'

export interface PayeeStep {
  readonly entry: PayeeEntry
  readonly next: PayeeState
}

const step = (entry: PayeeEntry, next: PayeeState): PayeeStep => ({ entry, next })

export const PAYEE: { readonly [S in PayeeState]: { readonly [I in PayeeInput]?: PayeeStep } } = {
  none: {
    offer: step('rcv.promise', 'promised'),
    commit: step('rcv.credit', 'credited'),
    commitRefused: step('rcv.waive', 'waived'),
  },
  promised: {
    commit: step('rcv.credit', 'credited'),
    commitRefused: step('rcv.waive', 'waived'),
    abort: step('rcv.release', 'released'),
    graceOver: step('rcv.waive', 'waived'),
    recall: step('rcv.waive', 'waived'),
    closing: step('rcv.waive', 'waived'),
  },
  released: {
    // The payer's bank contradicts its own abort. Giving back never harms us.
    commit: step('rcv.waive', 'waived'),
    commitRefused: step('rcv.waive', 'waived'),
  },
  credited: {},
  waived: {
    // What was renounced stays renounced; the posting is consumed so that the chain keeps no gap.
    commit: step('rcv.bounce', 'waived'),
    commitRefused: step('rcv.bounce', 'waived'),
  },
}

/** The step of this pair, or null: then nothing changes. */
export function payeeStep(state: PayeeState, input: PayeeInput): PayeeStep | null {
  return PAYEE[state][input] ?? null
}

/** State after one entry of the log, or null when the table knows no such move; used at write and at replay. */
export function payeeAfter(state: PayeeState, entry: PayeeEntry): PayeeState | null {
  for (const taken of Object.values(PAYEE[state])) if (taken.entry === entry) return taken.next
  return null
}
