/**
 * When does the payee's bank give a promise up before any commit? When its grace is over, when it is asked to, and when
 * the payee leaves. Giving up a claim never harms whoever gives it up.
 */

import type { Bytes } from '../core/ids.ts'
import { type Book, isWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import type { Line } from '../core/line.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import { type PayeeState, payeeStep } from '../core/transfer/payee.ts'
import type { Payment } from '../core/transfer/payments.ts'
import type { Decide, Decided } from './commit.ts'
import { endRows, type Received, type Receiving, waiveEntry } from './receive.ts'

const unchanged: Outcome<Decided<Received>> = accept({ entries: [], value: 'unchanged' })

/** The grace after a deadline is over. */
export function decideGraceOver(id: Bytes, receiving: Receiving): Decide<Received> {
  return (book, now) => {
    const held = book.asPayee.get(id)
    if (held === null || now <= held.decideBy + LIMITS.waiveGraceSeconds) return unchanged
    return renounced(book, held, 'graceOver', receiving)
  }
}

/** The payer's bank asks for it back: granted while it is promised, for until then nobody has the hours. */
export function decideRecall(peer: Bytes, id: Bytes, receiving: Receiving): Decide<Received> {
  return (book) => {
    const held = book.asPayee.get(id)
    if (held === null || !isWith(book, held, peer)) return unchanged
    return renounced(book, held, 'recall', receiving)
  }
}

/** The payee leaves: what was promised to this account is given up. */
export function renounceForLeaving(
  book: Book,
  held: Payment<PayeeState>,
  receiving: Receiving,
): Decided<Received> | null {
  const outcome = renounced(book, held, 'closing', receiving)
  return outcome.ok && outcome.value.value === 'moved' ? outcome.value : null
}

const RENOUNCED = { graceOver: 'grace_over', recall: 'recalled', closing: 'account_closing' } as const

/** A promise that is given up before any commit. */
function renounced(
  book: Book,
  held: Payment<PayeeState>,
  input: keyof typeof RENOUNCED,
  receiving: Receiving,
): Outcome<Decided<Received>> {
  if (payeeStep(held.state, input) === null) return unchanged
  const line = book.lines[held.line] as Line
  const { id, aid } = held
  const draft = waiveEntry({ id, aid, line, cause: RENOUNCED[input], inSeq: null, commit: null })
  return accept({ entries: [draft], rows: endRows(held, receiving), value: 'moved' })
}
