/**
 * What does the state say is due to a neighbour? Every message follows from an entry of our log or from an open
 * payment, so nothing is queued on disk and nothing can be lost ([R4]).
 */

import type { Bytes } from '../core/ids.ts'
import { type Book, isWith, lineOfPeer } from '../core/ledger/book.ts'
import type { Line } from '../core/line.ts'
import { packWords } from '../core/packed-words.ts'
import { lineIdOf } from '../core/sign.ts'
import { MODE, orderId } from '../core/transfer/order.ts'
import type { PayeeState } from '../core/transfer/payee.ts'
import type { PayerState } from '../core/transfer/payer.ts'
import type { Payment } from '../core/transfer/payments.ts'
import type { Message, MessageOf } from '../peer/messages.ts'
import { offerHash } from '../peer/messages.ts'
import type { Recorded } from './commit.ts'
import type { OwnLog } from './own-log.ts'
import type { Reception } from './reception.ts'

/** A message and the own entry it names by place, if any. */
export interface Outgoing {
  readonly message: Message
  readonly entry: number | null
  /** A commit of this payment: its words go in front of it. */
  readonly wordsOf?: Payment<PayerState>
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
    ...pinned(own, payment),
  }
}

/** The epoch that holds the payment, and its key, which alone decides it ([PAY-15]). */
function pinned(own: OwnLog, { first }: Payment<PayerState>): { epoch: number; logKey: Bytes } {
  const { epoch } = own.place(first)
  return { epoch, logKey: own.keyOf(epoch) }
}

/** Hash that a promise for this payment must name. */
export function offerHashOf(book: Book, own: OwnLog, payment: Payment<PayerState>): Bytes {
  return offerHash(offerOf(book, own, payment))
}

/**
 * What our log says to this neighbour of a payment we pay, as a message; null for an id we never saw, or one that runs
 * over another bank's line: a neighbour reads the entries of the shared line and no others ([PRIV-6]).
 */
export function answerAsPayer(book: Book, own: OwnLog, id: Bytes, peer: Bytes): Outgoing | null {
  const payment = book.asPayer.get(id)
  // An id that was dead before anybody ordered it belongs to no line; whoever asks is told (R7).
  if (payment === null || (payment.line >= 0 && !isWith(book, payment, peer))) return null
  if (payment.state === 'held') return plainMessage(offerOf(book, own, payment))
  if (payment.state === 'dead') return { message: { name: 'abort', entry: 0 }, entry: payment.answer }
  return commitMessage(book, own, payment)
}

function commitMessage(book: Book, own: OwnLog, payment: Payment<PayerState>): Outgoing {
  // The posting stays the artefact when the payment came back later: `answer` then names the return.
  const line = book.lines[payment.line] as Line
  const posted = line.posts[payment.seq - 1] as number
  const order = orderBeside(own, payment)
  return { message: { name: 'commit', entry: 0, order }, entry: posted, wordsOf: payment }
}

/**
 * The words of a payment for the payee's bank, or null when there are none here. They go in front of every commit, on the
 * same stream: whoever has credited it has them, and the receipt ends their repetition with that of the commit ([INV-5]).
 */
export function memoOf(
  own: OwnLog,
  reception: Reception | null,
  { id, first }: Payment<PayerState>,
): MessageOf<'memo'> | null {
  const words = reception?.words(id) ?? null
  if (words === null || words.texts.every((text) => text === '')) return null
  const { order } = own.entryOf('pay.hold', first).body
  return { name: 'memo', order, words: packWords(words) }
}

/** By post and by invoice no promise is cited, so the order travels beside the commit. */
function orderBeside(own: OwnLog, payment: Payment<PayerState>): Bytes | null {
  return payment.mode === MODE.direct ? null : own.entryOf('pay.hold', payment.first).body.order
}

/** The posting with this sequence number on a line. */
export function postingMessage(book: Book, own: OwnLog, line: Line, seq: number): Outgoing {
  const index = line.posts[seq - 1] as number
  const { id } = own.entryOf('pay.commit', index).body
  return commitMessage(book, own, book.asPayer.get(id) as Payment<PayerState>)
}

/** What our log says to this neighbour of a payment that comes from it; null for an id we never saw from it. */
export function answerAsPayee(book: Book, id: Bytes, peer: Bytes): Outgoing | null {
  const payment = book.asPayee.get(id)
  if (payment === null || !isWith(book, payment, peer)) return null
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

/** What a new entry of ours says to this neighbour, if anything; asked once the entry is durable. */
export function newsFor(book: Book, own: OwnLog, { entry, index }: Recorded, peer: Bytes): Outgoing | null {
  switch (entry.kind) {
    case 'pay.hold': {
      const id = orderId(entry.body.order)
      // By post and by invoice the commit beside it says all.
      return book.asPayer.stateOf(id) === 'held' ? answerAsPayer(book, own, id, peer) : null
    }
    case 'pay.commit':
      return answerAsPayer(book, own, entry.body.id, peer)
    case 'pay.abort': {
      const payment = book.asPayer.get(entry.body.id)
      const ours = payment !== null && isWith(book, payment, peer)
      return ours ? { message: { name: 'abort', entry: 0 }, entry: index } : null
    }
    case 'rcv.promise':
    case 'rcv.credit':
    case 'rcv.waive':
    case 'rcv.bounce':
      return answerAsPayee(book, entry.body.id, peer)
    case 'line.open':
    case 'line.limit':
    case 'line.freeze':
    case 'line.dead':
    case 'line.thaw':
    case 'line.close': {
      const id = entry.kind === 'line.open' ? lineIdOf(entry.body.terms) : entry.body.line
      if (lineOfPeer(book, id, peer) === null) return null
      return { message: { name: 'line', entry: 0, token: null }, entry: index }
    }
    default:
      return null
  }
}

/** The question about a promise without an answer. */
export function askAbout(payment: Payment<PayeeState>): Outgoing {
  return { message: { name: 'ask', id: payment.id, promise: 0 }, entry: payment.answer }
}
