/**
 * What became of a payment, computed from the two banks' logs alone? The table of docs/spec/transfer.md, "What became
 * of it", as a function; a lying bank's contradiction is a finding beside it ([PAY-1]).
 */

import type { Received, Sent } from './book.ts'

/** Returning: the payee's bank renounced, and the payer's bank has not yet booked the minutes back. */
export type PaymentOutcome = 'paid' | 'returned' | 'returning' | 'in_transit' | 'never' | 'undecided'

/** What one log says about a payment, and until when it is known. */
export interface TwoLogs {
  readonly sent: Sent | null
  /** Attempt of the same id and attempt id. */
  readonly received: Received | null
  /** Time of the last entry of the payer's bank's log; null when that log is not at hand. */
  readonly payerLogEnds: number | null
  /** Whether the payee's bank's log is at hand. Without it the payer's bank's own word counts. */
  readonly payeeLogHeld: boolean
}

export function outcomeOf(logs: TwoLogs): PaymentOutcome {
  const { sent, received } = logs
  if (sent === null || logs.payerLogEnds === null) return outcomeAtPayee(logs)
  if (sent.commit < 0) {
    return sent.abort >= 0 || logs.payerLogEnds > sent.decideBy ? 'never' : 'undecided'
  }
  const credited = logs.payeeLogHeld ? (received?.credit ?? -1) >= 0 : sent.done >= 0
  const waived = logs.payeeLogHeld ? (received?.waive ?? -1) >= 0 : sent.returned >= 0
  if (credited) return 'paid'
  if (waived) return sent.returned >= 0 ? 'returned' : 'returning'
  return 'in_transit'
}

/** The payer's bank's log is missing, or knows nothing of this payment. */
function outcomeAtPayee({ received, payerLogEnds }: TwoLogs): PaymentOutcome {
  if (received === null) return 'undecided'
  if (received.credit >= 0) return 'paid'
  if (received.waive >= 0 && received.commit !== null) return 'returned'
  if (received.release >= 0) return 'never'
  return payerLogEnds !== null && payerLogEnds > received.decideBy ? 'never' : 'undecided'
}
