/**
 * Who passes an hour on without ever being out of pocket? A bank in the middle of a path. This table says, for each state
 * and input, which entry it writes and where it goes, in the manner of src/core/transfer/payer.ts; it is explored here
 * before any bank runs it.
 *
 * A pair that is not here changes nothing and is answered with the stored artefact.
 */

import type { PayeeEntry, PayeeInput, PayeeState } from './tables.ts'

export type HopState = 'none' | 'offered' | 'released' | 'posted' | 'done' | 'kept' | 'waived'

/** What can happen to a payment at a hop. */
export type HopInput =
  /** the offer of the bank before, with room on both lines and the next bank in session ([HOP-1]) */
  | 'offer'
  /** the same, and it cannot be taken */
  | 'offerRefused'
  /** a valid COMMIT of the payer's bank, from whomever ([HOP-8]); without an own offer only the neighbour's posting */
  | 'commit'
  /** a COMMIT signed by the right key with the wrong terms */
  | 'commitInvalid'
  /** the ABORT of the payer's bank, with room in the pool ([HOP-5]); without room nothing changes */
  | 'abort'
  /** the next bank gives back */
  | 'waive'
  /** the payee's bank's credit */
  | 'credit'
  /** the neighbour's posting, after an early one of ours or after our waiver */
  | 'posting'

export type HopEntry =
  | 'fwd.offer'
  | 'fwd.post'
  | 'fwd.waive'
  | 'fwd.release'
  | 'fwd.done'
  | 'fwd.return'
  | 'fwd.keep'
  | 'fwd.bounce'
  | 'line.match'

export interface HopStep {
  readonly entry: HopEntry
  readonly next: HopState
}

export type HopTable = { readonly [S in HopState]: { readonly [I in HopInput]?: HopStep } }

const step = (entry: HopEntry, next: HopState): HopStep => ({ entry, next })

export const HOP: HopTable = {
  none: {
    offer: step('fwd.offer', 'offered'),
    offerRefused: step('fwd.waive', 'waived'),
    commit: step('fwd.waive', 'waived'),
    commitInvalid: step('fwd.bounce', 'none'),
  },
  offered: {
    // L1: both legs in one entry.
    commit: step('fwd.post', 'posted'),
    // L2: only what the next bank gave back is given back.
    waive: step('fwd.waive', 'waived'),
    abort: step('fwd.release', 'released'),
    commitInvalid: step('fwd.bounce', 'offered'),
  },
  released: {
    // L4: COMMIT dominates ABORT, which only freed a reservation.
    commit: step('fwd.post', 'posted'),
    waive: step('fwd.waive', 'waived'),
    commitInvalid: step('fwd.bounce', 'released'),
  },
  posted: {
    credit: step('fwd.done', 'done'),
    // L3: both legs are reversed, and the entry is the waiver to the bank before.
    waive: step('fwd.return', 'waived'),
    posting: step('line.match', 'posted'),
  },
  done: {
    // L3, the exception: it stays paid, and the gift goes to the own pot.
    waive: step('fwd.keep', 'kept'),
    posting: step('line.match', 'done'),
  },
  kept: {
    posting: step('line.match', 'kept'),
  },
  waived: {
    posting: step('fwd.bounce', 'waived'),
  },
}

/** What the payee's bank does on a path and not on a direct line; every other row is that of a direct payment. */
export type PathInput = PayeeInput | 'offerRefused' | 'abortOnPath' | 'posting'
export type PathEntry = PayeeEntry | 'line.match'

export const PAYEE_ON_PATH: {
  readonly [S in PayeeState]?: {
    readonly [I in PathInput]?: { readonly entry: PathEntry; readonly next: PayeeState }
  }
} = {
  none: {
    offerRefused: { entry: 'rcv.waive', next: 'waived' },
    abortOnPath: { entry: 'rcv.waive', next: 'waived' },
  },
  promised: {
    // L5: the waiver goes back along the path and frees everyone.
    abortOnPath: { entry: 'rcv.waive', next: 'waived' },
  },
  credited: { posting: { entry: 'line.match', next: 'credited' } },
  waived: { posting: { entry: 'rcv.bounce', next: 'waived' } },
}
