/**
 * What does the state say is due to a neighbour? Every message follows from an entry of our log or from an open
 * payment, so nothing is queued on disk and nothing can be lost ([R4]).
 */

import type { Bytes } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import type { Line } from '../core/line.ts'
import { decodeOrder } from '../core/transfer/order.ts'
import type { PayeeState } from '../core/transfer/payee.ts'
import type { PayerState } from '../core/transfer/payer.ts'
import type { Payment } from '../core/transfer/payments.ts'
import type { Message, MessageOf } from '../peer/messages.ts'
import { offerHash } from '../peer/messages.ts'
import type { OwnLog } from './own-log.ts'

/** A message and the own entry it names by place, if any. */
export interface Outgoing {
  readonly message: Message
  readonly entry: number | null
}

/** A message that needs no entry of ours. */
export const plainMessage = (message: Message): Outgoing => ({ message, entry: null })

/** The OFFER of a held payment; the same bytes every time, so that the promise's hash of it can be checked. */
export function offerOf(book: Book, own: OwnLog, payment: Payment<PayerState>): MessageOf<'offer'> {
  const hold = own.entryOf('pay.hold', payment.first)
  const [part] = hold.body.parts
  return {
    name: 'offer',
    order: hold.body.order,
    line: (book.lines[payment.line] as Line).id,
    lineVersion: part?.lineVersion ?? 0,
    aid: payment.aid,
    epoch: 0,
    logKey: book.logKey,
  }
}

/** Hash that a promise for this payment must name. */
export function offerHashOf(book: Book, own: OwnLog, payment: Payment<PayerState>): Bytes {
  return offerHash(offerOf(book, own, payment))
}

/** What our log says of a payment we pay, as a message; null for an id we never saw. */
export function answerAsPayer(book: Book, own: OwnLog, id: Bytes): Outgoing | null {
  const payment = book.asPayer.get(id)
  if (payment === null) return null
  if (payment.state === 'held') return plainMessage(offerOf(book, own, payment))
  if (payment.state === 'dead') return { message: { name: 'abort', entry: 0 }, entry: payment.answer }
  return commitMessage(book, own, payment)
}

function commitMessage(book: Book, own: OwnLog, payment: Payment<PayerState>): Outgoing {
  // The posting stays the artefact when the payment came back later: `answer` then names the return.
  const line = book.lines[payment.line] as Line
  const posted = line.posts[payment.seq - 1] as number
  return { message: { name: 'commit', entry: 0, order: postalOrder(own, payment) }, entry: posted }
}

/** By post no promise is cited, so the order travels beside the commit. */
function postalOrder(own: OwnLog, payment: Payment<PayerState>): Bytes | null {
  const { order } = own.entryOf('pay.hold', payment.first).body
  return decodeOrder(order)?.postal === true ? order : null
}

/** The posting with this sequence number on a line. */
export function postingMessage(book: Book, own: OwnLog, line: Line, seq: number): Outgoing {
  const index = line.posts[seq - 1] as number
  const { id } = own.entryOf('pay.commit', index).body
  return commitMessage(book, own, book.asPayer.get(id) as Payment<PayerState>)
}

/** What our log says of a payment that comes to us; null for an id we never saw. */
export function answerAsPayee(book: Book, id: Bytes): Outgoing | null {
  const payment = book.asPayee.get(id)
  if (payment === null) return null
  const names: Record<PayeeState, Message['name'] | null> = {
    none: null,
    promised: 'promise',
    released: null,
    credited: 'receipt',
    waived: 'waive',
  }
  const name = names[payment.state]
  return name === null ? null : { message: { name, entry: 0 } as Message, entry: payment.answer }
}

/** The question about a promise whose deadline has passed without a word. */
export function askAbout(payment: Payment<PayeeState>): Outgoing {
  return { message: { name: 'ask', id: payment.id, promise: 0 }, entry: payment.answer }
}
