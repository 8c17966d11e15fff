/**
 * What does the payer's bank decide about a payment? Each function asks the payer's table for the step of the
 * present state and writes exactly that step's entries.
 */

import { encode } from '../core/codec.ts'
import {
  ABORT_CAUSES,
  type AbortCause,
  type Auth,
  type Body,
  bodyFits,
  type EntryOf,
  type Ref,
} from '../core/entry.ts'
import { must } from '../core/fault.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { mayComeBack } from '../core/ledger/apply-payer.ts'
import { presentEpoch } from '../core/ledger/apply-rotation.ts'
import { type Book, isWith, lineOfPeer, lineWith } from '../core/ledger/book.ts'
import { holdRefusal } from '../core/ledger/crossing.ts'
import type { Line } from '../core/line.ts'
import { accept, type Outcome, type Refusal, refuse } from '../core/refusal.ts'
import { bundleOf } from '../core/sign.ts'
import { keepsTo } from '../core/transfer/invoices.ts'
import { attemptId, decodeOrder, MODE, modeOf, type Order, orderId } from '../core/transfer/order.ts'
import { type PayerInput, type PayerState, payerStep } from '../core/transfer/payer.ts'
import type { Payment } from '../core/transfer/payments.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Decided, Draft } from './commit.ts'

/** What a payment looks like right after a decision. */
export interface PaymentState {
  readonly id: Bytes
  readonly state: PayerState
  /** `known` when the same order had been recorded before: nothing was written ([EX-7]). */
  readonly record: 'new' | 'known'
}

export interface PayRequest {
  readonly order: Bytes
  readonly auths: readonly Auth[]
  /** Number of the channel, as in the entry. */
  readonly channel: number
  /** Random bytes of the attempt. */
  readonly attemptNonce: Bytes
  /** Private rows that ride along: texts and salts. */
  readonly rows: readonly Write[]
}

/** Whether this bank stopped new hours on its side of our line. */
export type PausedThere = (bank: Bytes) => boolean

/** The request of a payee that was collected from its bank, by the reference of its entry; null when we hold none. */
export type Collected = (invoice: Ref) => Body<'rcv.invoice'> | null

const IMPORT_CHANNEL = 6

/** A new order: held until the payee's bank promises, or by post or by invoice sent at once. */
export function decideOrder(
  request: PayRequest,
  pausedThere: PausedThere = () => false,
  collected: Collected = () => null,
): Decide<PaymentState> {
  return (book, now) => {
    const order = decodeOrder(request.order)
    if (order === null) return refuse('order_malformed')
    const id = orderId(request.order)
    const state = book.asPayer.stateOf(id)
    const step = payerStep(state, inputOf(order))
    if (step === null) return accept({ entries: [], value: { id, state, record: 'known' } })
    const refused = holdRefusal(book, { order, auths: request.auths, time: now })
    if (refused !== null) return { ok: false, refusal: refused }
    if (pausedThere(order.payeeBank)) return refuse('line_paused_there')
    const unasked = order.invoice === null ? null : invoiceRefusal(order, collected(order.invoice))
    if (unasked !== null) return { ok: false, refusal: unasked }
    const entries = holdEntries(book, { ...request, id, parsed: order })
    if (entries === null) return refuse('request_malformed', { what: 'order' })
    return accept({ entries, rows: request.rows, value: { id, state: step.next, record: 'new' } })
  }
}

function inputOf({ postal, invoice }: Order): Extract<PayerInput, `order${string}`> {
  if (postal) return 'orderByPost'
  return invoice === null ? 'order' : 'orderByInvoice'
}

/** Without the payee's bank's own word for it nothing is sent at once ([INV-2]). */
function invoiceRefusal(order: Order, invoice: Body<'rcv.invoice'> | null): Refusal | null {
  if (invoice === null) return refuse('invoice_not_held').refusal
  return keepsTo(order, invoice) ? null : refuse('invoice_differs').refusal
}

/**
 * "Send anyway" or "wait": the old order dies and the new one is held, or held and sent, in one commit, so that no two
 * orders for one wish are ever live ([PAY-12]).
 */
export function decideSwap(
  oldId: Bytes,
  request: PayRequest,
  pausedThere: PausedThere = () => false,
): Decide<PaymentState> {
  return (book, now) => {
    const order = decodeOrder(request.order)
    if (order === null || order.invoice !== null) return refuse('order_malformed')
    const id = orderId(request.order)
    if (book.asPayer.stateOf(id) !== 'none') {
      return accept({ entries: [], value: { id, state: book.asPayer.stateOf(id), record: 'known' } })
    }
    const old = book.asPayer.get(oldId)
    if (old === null) return refuse('payment_unknown')
    if (payerStep(old.state, 'swap') === null) return refuse('not_cancellable', { state: old.state })
    const sameWish = sameBytes(order.payer, book.accounts[old.account]?.id ?? oldId)
    const sameLine = lineWith(book, order.payeeBank)?.number === old.line
    if (!sameWish || !sameLine || order.minutes !== old.minutes)
      return refuse('order_malformed', { differs: 1 })
    const refused = holdRefusal(book, { order, auths: request.auths, time: now, replaces: old })
    if (refused !== null) return { ok: false, refusal: refused }
    if (pausedThere(order.payeeBank)) return refuse('line_paused_there')
    const entries = holdEntries(book, { ...request, id, parsed: order })
    if (entries === null) return refuse('request_malformed', { what: 'order' })
    return accept({
      entries: [abortDraft(old, 'cancelled'), ...entries],
      rows: request.rows,
      value: { id, state: order.postal ? 'sent' : 'held', record: 'new' },
    })
  }
}

/** The hold, by post and by invoice with the commit; null when the request holds what no entry can. */
function holdEntries(
  book: Book,
  request: PayRequest & { readonly id: Bytes; readonly parsed: Order },
): Draft[] | null {
  const { parsed: order, id } = request
  const line = lineWith(book, order.payeeBank) as Line
  const aid = attemptId(id, [book.bank, order.payeeBank], request.attemptNonce)
  const body: Body<'pay.hold'> = {
    order: request.order,
    aid,
    mode: modeOf(order),
    channel: request.channel,
    auths: request.auths,
    parts: [{ line: line.id, lineVersion: line.out.version, minutes: order.minutes }],
  }
  if (request.channel === IMPORT_CHANNEL || !bodyFits('pay.hold', body)) return null
  const hold: Draft = { kind: 'pay.hold', body }
  if (modeOf(order) === MODE.direct) return [hold]
  return [
    hold,
    commitDraft(line, { id, aid, minutes: order.minutes, decideBy: order.decideBy, bundle: null }),
  ]
}

function commitDraft(
  line: Line,
  terms: { id: Bytes; aid: Bytes; minutes: number; decideBy: number; bundle: Bytes | null },
): Draft {
  const { out } = line
  const part = {
    line: line.id,
    minutes: terms.minutes,
    outSeq: out.seq + 1,
    outSum: out.sum + terms.minutes,
    prevOut: out.chain,
  }
  return { kind: 'pay.commit', body: { ...terms, parts: [part] } }
}

export function abortDraft(payment: Payment<PayerState>, cause: AbortCause): Draft {
  return {
    kind: 'pay.abort',
    body: { id: payment.id, aid: payment.aid, cause: ABORT_CAUSES.indexOf(cause) + 1 },
  }
}

/** Private rows that ride along if something is written; asked for only then. */
export type Rows = () => readonly Write[]

const noRows: Rows = () => []

/**
 * What a decision about a message or a clock tick came to. `unchanged` is answered with the stored artefact, `silent`
 * with nothing; `breach`: the neighbour broke a rule; `contradicted`: it did, and an entry was written all the same.
 */
export type Moved = 'moved' | 'unchanged' | 'silent' | 'breach' | 'contradicted'

const unchanged: Outcome<Decided<Moved>> = accept({ entries: [], value: 'unchanged' })
const silent: Outcome<Decided<Moved>> = accept({ entries: [], value: 'silent' })
const breach: Outcome<Decided<Moved>> = accept({ entries: [], value: 'breach' })

/** A held payment ends here: cancelled by its payer, past its deadline, or because the board gave its line up. */
export function decideAbort(
  id: Bytes,
  input: 'cancel' | 'overdue' | 'lineDead' | 'rotate',
  rows: Rows = noRows,
): Decide<Moved> {
  return (book, now) => {
    const payment = book.asPayer.get(id)
    if (payment === null || payment.state !== 'held') return unchanged
    if (input === 'overdue' && now <= payment.decideBy) return unchanged
    if (input === 'lineDead' && book.lines[payment.line]?.state !== 'dead') return unchanged
    return aborted(payment, input, rows)
  }
}

/** The payee's bank does not take the offer. */
export function decideDecline(peer: Bytes, offer: { id: Bytes; aid: Bytes }, rows: Rows): Decide<Moved> {
  return (book) => {
    const payment = book.asPayer.get(offer.id)
    if (payment === null || payment.state !== 'held') return unchanged
    if (!sameBytes(offer.aid, payment.aid) || !isWith(book, payment, peer)) return unchanged
    return aborted(payment, 'decline', rows)
  }
}

function aborted(
  payment: Payment<PayerState>,
  input: Extract<PayerInput, 'cancel' | 'decline' | 'waive' | 'overdue' | 'rotate'> | 'lineDead',
  rows: Rows,
): Outcome<Decided<Moved>> {
  const step = payerStep(payment.state, input === 'lineDead' ? 'cancel' : input)
  must(step !== null, 'only a held payment is aborted')
  const causes: Record<typeof input, AbortCause> = {
    cancel: 'cancelled',
    decline: 'refused',
    waive: 'refused',
    overdue: 'too_late',
    lineDead: 'board',
    rotate: 'key_rotation',
  }
  return accept({ entries: [abortDraft(payment, causes[input])], rows: rows(), value: 'moved' })
}

/** A promise, or a question that shows one: in time it is the moment of truth, else the payment ends here. */
export function decidePromise(
  promise: EntryOf<'rcv.promise'>['body'],
  proof: { readonly ref: Ref; readonly offerHash: (payment: Payment<PayerState>) => Bytes },
  rows: Rows,
): Decide<Moved> {
  return (book, now) => {
    const [part] = promise.parts
    const named = part === undefined ? null : lineOfPeer(book, part.line, proof.ref.bank)
    const payment = book.asPayer.get(promise.id)
    if (part === undefined || named === null) return silent
    if (payment === null) return neverOrdered(promise, rows)
    // An answer to another attempt, or to another bank's offer, is no answer to this one.
    if (payment.state !== 'held') return unchanged
    if (payment.line !== named.number || !sameBytes(promise.aid, payment.aid)) return silent
    if (now > payment.decideBy) return aborted(payment, 'overdue', rows)
    // Nothing more goes to a bank that our board gave up, though it answers just now.
    if (named.state === 'dead') return aborted(payment, 'lineDead', rows)
    const fits = promise.parts.length === 1 && part.minutes === payment.minutes
    const same = promise.minutes === payment.minutes && sameBytes(part.offerHash, proof.offerHash(payment))
    if (!fits || !same) return breach
    if (payment.first < presentEpoch(book).start) return aborted(payment, 'rotate', rows)
    const { id, aid, minutes, decideBy } = payment
    const commit = commitDraft(named, {
      id,
      aid,
      minutes,
      decideBy,
      bundle: bundleOf(encode([proof.ref.leaf])),
    })
    return accept({ entries: [commit], rows: rows(), value: 'moved' })
  }
}

/** R7: nobody ordered this here, and from now on nobody can. */
function neverOrdered(promise: { id: Bytes; aid: Bytes }, rows: Rows): Outcome<Decided<Moved>> {
  must(payerStep('none', 'promise') !== null, 'an unknown id is answered by an abort')
  const body = { id: promise.id, aid: promise.aid, cause: ABORT_CAUSES.indexOf('unknown_id') + 1 }
  return accept({ entries: [{ kind: 'pay.abort', body }], rows: rows(), value: 'moved' })
}

/** The payee's bank's credit: information, the payment is done. A credit of what was never sent is its breach. */
export function decideReceipt(credit: EntryOf<'rcv.credit'>['body'], ref: Ref, rows: Rows): Decide<Moved> {
  return (book) => {
    const payment = book.asPayer.get(credit.id)
    if (payment === null || payment.line < 0 || !isWith(book, payment, ref.bank)) return unchanged
    const { id, aid } = payment
    if (!sameBytes(credit.aid, aid) || credit.minutes !== payment.minutes) return breach
    if (payment.state === 'paid') return unchanged
    if (payerStep(payment.state, 'credit') === null) return breach
    const done: Draft = { kind: 'pay.done', body: { id, aid, credit: ref } }
    return accept({ entries: [done], rows: rows(), value: 'moved' })
  }
}

/** The payee's bank's waiver: the hours come home, once; also when it had receipted them, within its limit ([BYZ-5]). */
export function decideWaiver(waive: EntryOf<'rcv.waive'>['body'], ref: Ref, rows: Rows): Decide<Moved> {
  return (book) => {
    const payment = book.asPayer.get(waive.id)
    if (payment === null || !sameBytes(waive.aid, payment.aid) || !isWith(book, payment, ref.bank))
      return unchanged
    if (payment.state === 'held') return aborted(payment, 'waive', rows)
    if (payerStep(payment.state, 'waive') === null) return unchanged
    const line = book.lines[payment.line] as Line
    if (!mayComeBack(line, payment)) return breach
    const body = { id: payment.id, aid: payment.aid, line: line.id, waive: ref }
    const value = payment.state === 'paid' ? 'contradicted' : 'moved'
    return accept({ entries: [{ kind: 'pay.return', body }], rows: rows(), value })
  }
}
