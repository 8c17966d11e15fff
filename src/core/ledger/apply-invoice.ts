/**
 * What does an endorsed request change? It is remembered under its handle and nothing else: it reserves no room and posts
 * nothing, and whoever pays under it is looked at when the commit arrives.
 */

import type { EntryOf } from '../entry.ts'
import type { Bytes } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import type { Book } from './book.ts'

export function applyInvoice(
  book: Book,
  entry: EntryOf<'rcv.invoice'>,
  at: { readonly index: number; readonly leaf: Bytes },
): string | null {
  const { body, time } = entry
  if (book.invoices.get(body.handle) !== null) return 'the handle stands for another request'
  if (body.expires < time) return 'the request has run out already'
  if (body.expires > time + LIMITS.requestLongestSeconds) return 'the request is good for too long'
  const { handle, minutes, category, day, expires, uses } = body
  book.invoices.add(handle, { ...at, minutes, category, day, expires, uses })
  return null
}
