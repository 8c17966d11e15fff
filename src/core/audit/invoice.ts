/**
 * Is a request endorsed by the rules? One request a handle, for a bounded time. What was paid under it stands in other
 * logs and is judged in agreement.ts and join.ts.
 */

import type { Body } from '../entry.ts'
import { LIMITS } from '../limits.ts'
import { hexOf, keyOf, type Step, say } from './book.ts'

export function invoice(step: Step, body: Body<'rcv.invoice'>): void {
  const { book } = step
  const handle = keyOf(body.handle)
  if (book.invoiceHandles.has(handle)) say(step, 'AUD-3.invoice_twice', { handle: hexOf(handle) })
  const latest = step.time + LIMITS.requestLongestSeconds
  const { minutes, expires, uses } = body
  if (expires < step.time || expires > latest)
    say(step, 'AUD-3.deadline', { decide_by: expires, earliest: step.time, latest })
  book.invoiceHandles.add(handle)
  book.invoices.set(step.index, { handle, minutes, expires, uses })
}
