/**
 * What does the payer's bank decide about a payment? Each function asks the payer's table for the step of the
 * present state and writes exactly that step's entries.
 */

import { encode } from '../core/codec.ts'
import type { Auth, EntryOf, Ref } from '../core/entry.ts'
import { ABORT_CAUSES, type AbortCause } from '../core/entry.ts'
import { must } from '../core/fault.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { mayComeBack } from '../core/ledger/apply-payer.ts'
import { type Book, lineWith } from '../core/ledger/book.ts'
import { holdRefusal } from '../core/ledger/crossing.ts'
import type { Line } from '../core/line.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { bundleOf } from '../core/sign.ts'
import { attemptId, decodeOrder, type Order, orderId } from '../core/transfer/order.ts'
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

/** A new order: held until the payee's bank promises, or by post sent at once. */
export function decideOrder(request: PayRequest): Decide<PaymentState> {
  return (book, now) => {
    const order = decodeOrder(request.order)
    if (order === null) return refuse('order_malformed')
    const id = orderId(request.order)
    const state = book.asPayer.stateOf(id)
    const step = payerStep(state, order.postal ? 'orderByPost' : 'order')
    if (step === null) return accept({ entries: [], value: { id, state, record: 'known' } })
    const refused = holdRefusal(book, { order, auths: request.auths, time: now })
    if (refused !== null) return { ok: false, refusal: refused }
    const entries = holdEntries(book, { ...request, id, parsed: order })
    return accept({ entries, rows: request.rows, value: { id, state: step.next, record: 'new' } })
  }
}

/**
 * "Send anyway" or "wait": the old order dies and the new one is held, or held and sent, in one commit, so that no two
 * orders for one wish are ever live ([PAY-12]).
 */
export function decideSwap(oldId: Bytes, request: PayRequest): Decide<PaymentState> {
  return (book, now) => {
    const order = decodeOrder(request.order)
    if (order === null) return refuse('order_malformed')
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
    const entries = [abortDraft(old, 'cancelled'), ...holdEntries(book, { ...request, id, parsed: order })]
    return accept({
      entries,
      rows: request.rows,
      value: { id, state: order.postal ? 'sent' : 'held', record: 'new' },
    })
  }
}

function holdEntries(
  book: Book,
  request: PayRequest & { readonly id: Bytes; readonly parsed: Order },
): Draft[] {
  const { parsed: order, id } = request
  const line = lineWith(book, order.payeeBank) as Line
  const aid = attemptId(id, [book.bank, order.payeeBank], request.attemptNonce)
  const hold: Draft = {
    kind: 'pay.hold',
    body: {
      order: request.order,
      aid,
      mode: order.postal ? 2 : 1,
      channel: request.channel,
      auths: request.auths,
      parts: [{ line: line.id, lineVersion: line.out.version, minutes: order.minutes }],
    },
  }
  if (!order.postal) return [hold]
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

function abortDraft(payment: Payment<PayerState>, cause: AbortCause): Draft {
  return {
    kind: 'pay.abort',
    body: { id: payment.id, aid: payment.aid, cause: ABORT_CAUSES.indexOf(cause) + 1 },
  }
}

/** Private rows that ride along if something is written; asked for only then. */
export type Rows = () => readonly Write[]

const noRows: Rows = () => []

/** What a decision about a message or a clock tick came to; `unchanged` is answered with the stored artefact. */
export type Moved = 'moved' | 'unchanged' | 'breach'

const unchanged: Outcome<Decided<Moved>> = accept({ entries: [], value: 'unchanged' })

/** A held payment ends here: cancelled by its payer, declined over there, or past its deadline. */
export function decideAbort(
  id: Bytes,
  input: Extract<PayerInput, 'cancel' | 'decline' | 'waive' | 'overdue'>,
  options: { readonly aid?: Bytes; readonly rows?: Rows } = {},
): Decide<Moved> {
  return (book, now) => {
    const payment = book.asPayer.get(id)
    if (payment === null || payment.state !== 'held' || payerStep('held', input) === null) return unchanged
    if (options.aid !== undefined && !sameBytes(options.aid, payment.aid)) return unchanged
    if (input === 'overdue' && now <= payment.decideBy) return unchanged
    const causes: Record<typeof input, AbortCause> = {
      cancel: 'cancelled',
      decline: 'refused',
      waive: 'refused',
      overdue: 'too_late',
    }
    const rows = (options.rows ?? noRows)()
    return accept({ entries: [abortDraft(payment, causes[input])], rows, value: 'moved' })
  }
}

/** A promise, or a question that shows one: in time it is the moment of truth, else the payment ends here. */
export function decidePromise(
  promise: EntryOf<'rcv.promise'>['body'],
  proof: { readonly leaf: Bytes; readonly offerHash: (payment: Payment<PayerState>) => Bytes },
  rows: Rows,
): Decide<Moved> {
  return (book, now) => {
    const payment = book.asPayer.get(promise.id)
    if (payment === null) {
      // R7: nobody ordered this here, and from now on nobody can.
      must(payerStep('none', 'promise') !== null, 'an unknown id is answered by an abort')
      const body = { id: promise.id, aid: promise.aid, cause: ABORT_CAUSES.indexOf('unknown_id') + 1 }
      return accept({ entries: [{ kind: 'pay.abort', body }], rows: rows(), value: 'moved' })
    }
    if (payment.state !== 'held' || !sameBytes(promise.aid, payment.aid)) return unchanged
    if (now > payment.decideBy)
      return accept({ entries: [abortDraft(payment, 'too_late')], rows: rows(), value: 'moved' })
    const line = book.lines[payment.line] as Line
    const [part] = promise.parts
    const fits = part !== undefined && sameBytes(part.line, line.id) && promise.minutes === payment.minutes
    if (!fits || !sameBytes(part.offerHash, proof.offerHash(payment))) {
      return accept({ entries: [], value: 'breach' })
    }
    const { id, aid, minutes, decideBy } = payment
    const bundle = bundleOf(encode([proof.leaf]))
    return accept({
      entries: [commitDraft(line, { id, aid, minutes, decideBy, bundle })],
      rows: rows(),
      value: 'moved',
    })
  }
}

/** The payee's bank's credit: information, the payment is done. */
export function decideReceipt(credit: EntryOf<'rcv.credit'>['body'], ref: Ref, rows: Rows): Decide<Moved> {
  return (book) => {
    const payment = book.asPayer.get(credit.id)
    if (payment === null || payment.state !== 'sent') return unchanged
    if (!sameBytes(credit.aid, payment.aid) || credit.minutes !== payment.minutes) {
      return accept({ entries: [], value: 'breach' })
    }
    const { id, aid } = payment
    return accept({
      entries: [{ kind: 'pay.done', body: { id, aid, credit: ref } }],
      rows: rows(),
      value: 'moved',
    })
  }
}

/** The payee's bank's waiver: the hours come home, once. */
export function decideWaiver(waive: EntryOf<'rcv.waive'>['body'], ref: Ref, rows: Rows): Decide<Moved> {
  return (book, now) => {
    const payment = book.asPayer.get(waive.id)
    if (payment === null || !sameBytes(waive.aid, payment.aid)) return unchanged
    if (payment.state === 'held') return decideAbort(payment.id, 'waive', { rows })(book, now)
    if (payerStep(payment.state, 'waive') === null) return unchanged
    const line = book.lines[payment.line] as Line
    if (!mayComeBack(line, payment)) return accept({ entries: [], value: 'breach' })
    const body = { id: payment.id, aid: payment.aid, line: line.id, waive: ref }
    return accept({ entries: [{ kind: 'pay.return', body }], rows: rows(), value: 'moved' })
  }
}
