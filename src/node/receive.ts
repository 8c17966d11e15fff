/**
 * What does the payee's bank decide about an offer, a commit or an abort? Each function asks the payee's table for
 * the step of the present state and writes exactly that entry.
 */

import { type EntryOf, type Ref, WAIVE_CAUSES, type WaiveCause } from '../core/entry.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { type Account, accountOf, type Book, isWith, lineOfPeer, lineWith } from '../core/ledger/book.ts'
import { creditRefusal, promiseRefusal } from '../core/ledger/crossing.ts'
import { type Line, peerEpoch, provesExcess, roomToReceive } from '../core/line.ts'
import type { Words } from '../core/memo.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { keepsTo } from '../core/transfer/invoices.ts'
import { decodeOrder, MODE, modeOf, type Order, orderId } from '../core/transfer/order.ts'
import { type PayeeEntry, type PayeeInput, type PayeeState, payeeStep } from '../core/transfer/payee.ts'
import type { Payment } from '../core/transfer/payments.ts'
import { type MessageOf, offerHash } from '../peer/messages.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Decided, Draft } from './commit.ts'
import type { Handles } from './handles.ts'
import type { Reception } from './reception.ts'

/**
 * `moved`: an entry was written. `contradicted`: one was written, and what it answers breaks a rule. `unchanged`:
 * answer with what is stored. `wait`: answer nothing, it comes again. `breach`: nothing was written or answered.
 */
export type Received = 'moved' | 'contradicted' | 'unchanged' | 'wait' | 'breach'

const unchanged: Outcome<Decided<Received>> = accept({ entries: [], value: 'unchanged' })
const wait: Outcome<Decided<Received>> = accept({ entries: [], value: 'wait' })
const breach: Outcome<Decided<Received>> = accept({ entries: [], value: 'breach' })

/** The rows and handles that payments to us touch. */
export interface Receiving {
  readonly handles: Handles
  /** Keeps the words of a payment to us; null where nobody knows our people. */
  readonly reception: Reception | null
  /** Rows of the sender's newest head, to ride along with whatever is written. */
  readonly rows: () => readonly Write[]
}

/** An offer: promised, or refused with a reason that binds nobody and is not logged ([LINE-11]). */
export function decideOffer(
  peer: Bytes,
  offer: MessageOf<'offer'>,
  receiving: Receiving,
  seen: Draft | null = null,
): Decide<Received> {
  return (book, now) => {
    const order = decodeOrder(offer.order)
    if (order === null || modeOf(order) !== MODE.direct || !sameBytes(order.payerBank, peer))
      return refuse('order_malformed')
    const id = orderId(offer.order)
    if (payeeStep(book.asPayee.stateOf(id), 'offer') === null) return unchanged
    const line = lineWith(book, peer)
    if (line === null || !sameBytes(line.id, offer.line)) return refuse('line_missing')
    const payee = payeeOf(book, order, receiving.handles, now)
    if (!payee.ok) return payee
    const { minutes, decideBy, category, day } = order
    const refused = promiseRefusal(book, { payee: payee.value, line, minutes, decideBy, time: now })
    if (refused !== null) return { ok: false, refusal: refused }
    const body = {
      id,
      aid: offer.aid,
      payee: payee.value.id,
      minutes,
      category,
      day,
      decideBy,
      parts: [{ line: line.id, lineVersion: line.in.version, minutes, offerHash: offerHash(offer) }],
    }
    const rows = [...receiving.handles.promise(id, order.handle), ...receiving.rows()]
    const promise: Draft = { kind: 'rcv.promise', body }
    // The log itself says which key the promise waits for: that of the newest epoch it has seen.
    const named = peerEpoch(line) === offer.epoch || seen === null
    return accept({ entries: named ? [promise] : [seen, promise], rows, value: 'moved' })
  }
}

/** The account behind the order's handle, if it can be paid. */
function payeeOf(book: Book, order: Order, handles: Handles, now: number): Outcome<Account> {
  if (!sameBytes(order.payeeBank, book.bank)) return refuse('bank_unknown')
  const found = handles.look(order.handle, now)
  if (!found.ok) return found
  const payee = accountOf(book, found.value)
  return payee === null ? refuse('handle_unknown') : accept(payee)
}

export interface CommitArtefact {
  readonly entry: EntryOf<'pay.commit'>
  readonly ref: Ref
  /** Order bytes that came beside it, when no promise is cited. */
  readonly order: Bytes | null
  /** Words that came in front of it and fit its order. */
  readonly words: Words | null
}

/**
 * The neighbour's decision to send: credited, or given back. Its postings are consumed one by one in order; an
 * earlier one was answered before, a later one waits. A second posting for one payment, or another one with a number
 * that was consumed, is the neighbour contradicting itself: nothing answers it, and the chain stands still.
 */
export function decideCommit(peer: Bytes, commit: CommitArtefact, receiving: Receiving): Decide<Received> {
  return (book, now) => {
    const { body } = commit.entry
    const [part] = body.parts
    const line = part === undefined ? null : lineOfPeer(book, part.line, peer)
    if (line === null || part === undefined || body.parts.length !== 1) return breach
    const held = book.asPayee.get(body.id)
    const { outSeq: seq } = part
    if (seq <= line.in.seq) return held?.seq === seq && held.line === line.number ? unchanged : breach
    if (seq > line.in.seq + 1) return wait
    if (!sameBytes(part.prevOut, line.in.chain) || part.minutes !== body.minutes) return breach
    if (held !== null && (held.line !== line.number || held.seq !== 0)) return breach
    const judged = judge({ book, line, commit, held, receiving, now })
    if (judged === 'wait') return wait
    const step = payeeStep(held?.state ?? 'none', judged.input)
    if (step === null) return breach
    return answered({ commit, line, judged, held, inSeq: seq, now }, step.entry, receiving)
  }
}

function answered(answer: Answer, entry: PayeeEntry, receiving: Receiving): Outcome<Decided<Received>> {
  const { commit, held, judged, line, inSeq } = answer
  switch (entry) {
    case 'rcv.credit':
      return accept({ entries: [creditDraft(answer)], rows: creditRows(answer, receiving), value: 'moved' })
    case 'rcv.waive': {
      const value = judged.input === 'commitRefused' && judged.fault ? 'contradicted' : 'moved'
      return accept({ entries: [waiveDraft(answer)], rows: endRows(held, receiving), value })
    }
    case 'rcv.bounce': {
      const { id, aid } = held as Payment<PayeeState>
      const body = { id, aid, line: line.id, inSeq, commit: commit.ref }
      return accept({ entries: [{ kind: 'rcv.bounce', body }], rows: receiving.rows(), value: 'moved' })
    }
    default:
      return breach
  }
}

type Judged =
  | { readonly input: Extract<PayeeInput, 'commit'>; readonly payee: Bytes; readonly order: Order | null }
  | {
      readonly input: Extract<PayeeInput, 'commitRefused'>
      readonly cause: WaiveCause
      /** The payer's bank broke a rule. */
      readonly fault: boolean
    }

interface Case {
  readonly book: Book
  readonly line: Line
  readonly commit: CommitArtefact
  readonly held: Payment<PayeeState> | null
  readonly receiving: Receiving
  readonly now: number
}

/** Can this commit be kept? `wait`: the line has no room until artefacts under way arrive ([LINE-4]). */
function judge({ book, line, commit, held, receiving, now }: Case): Judged | 'wait' {
  const { entry, order: orderBytes } = commit
  const { body } = entry
  const no = (cause: WaiveCause): Judged => ({ input: 'commitRefused', cause, fault: false })
  const wrong = (cause: WaiveCause): Judged => ({ input: 'commitRefused', cause, fault: true })
  if (entry.time > body.decideBy) return wrong('commit_not_valid')
  if (held?.state === 'promised') {
    const pinned = commit.ref.epoch === peerEpoch(line, held.first)
    const same =
      sameBytes(held.aid, body.aid) && held.minutes === body.minutes && held.decideBy === body.decideBy
    const payee = book.accounts[held.account]
    return same && pinned && payee !== undefined
      ? { input: 'commit', payee: payee.id, order: null }
      : wrong('commit_not_valid')
  }
  if (held?.state === 'released') return wrong('abort_seen')
  if (held !== null || body.bundle !== null || orderBytes === null) return no('unknown_here')
  if (!sameBytes(orderId(orderBytes), body.id)) return no('unknown_here')
  const order = decodeOrder(orderBytes)
  if (order === null || !sameTerms(order, body, line.peer)) return wrong('commit_not_valid')
  if (!restsOnRequest(book, order)) return wrong('commit_not_valid')
  // What was sent while the handle was good is taken, however long it was on its way.
  const payee = payeeOf(book, order, receiving.handles, Math.min(now, entry.time))
  if (!payee.ok || creditRefusal(book, payee.value, body.minutes) !== null || line.state !== 'open')
    return no('cannot_take')
  const posting = { minutes: body.minutes, seq: line.in.seq + 1 }
  if (provesExcess(line, posting)) return wrong('cannot_take')
  return posting.minutes > roomToReceive(line, posting.seq)
    ? 'wait'
    : { input: 'commit', payee: payee.value.id, order }
}

/** Sent by post, or on a request of ours to which the order keeps: nothing else is sent without our promise ([INV-3]). */
function restsOnRequest(book: Book, order: Order): boolean {
  const { invoice: cited, postal } = order
  if (cited === null || postal) return postal && cited === null
  const invoice = book.invoices.get(order.handle)
  if (invoice === null || !keepsTo(order, { ...invoice, handle: order.handle })) return false
  const epoch = book.epochs.find((one) => one.epoch === cited.epoch)
  const named = sameBytes(cited.bank, book.bank) && epoch?.start === invoice.index - cited.index
  return named && sameBytes(cited.leaf, invoice.leaf)
}

function sameTerms(order: Order, body: EntryOf<'pay.commit'>['body'], peer: Bytes): boolean {
  return (
    order.minutes === body.minutes && order.decideBy === body.decideBy && sameBytes(order.payerBank, peer)
  )
}

interface Answer {
  readonly commit: CommitArtefact
  readonly line: Line
  readonly judged: Judged
  readonly held: Payment<PayeeState> | null
  readonly inSeq: number
  /** Log time, in seconds. */
  readonly now: number
}

function creditDraft({ commit, line, judged, held, inSeq }: Answer): Draft {
  const { body } = commit.entry
  const kept = judged as Extract<Judged, { input: 'commit' }>
  const { id, aid, minutes } = body
  const { category, day } = kept.order ?? (held as Payment<PayeeState>)
  return {
    kind: 'rcv.credit',
    body: {
      id,
      aid,
      payee: kept.payee,
      minutes,
      category,
      day,
      commit: commit.ref,
      parts: [{ line: line.id, minutes, inSeq, postRef: null }],
    },
  }
}

function creditRows(answer: Answer, { handles, reception, rows }: Receiving): Write[] {
  const { judged, commit, now } = answer
  const { order } = judged as Extract<Judged, { input: 'commit' }>
  const { id } = commit.entry.body
  const words = commit.words === null || reception === null ? [] : [reception.wordsRow(id, commit.words)]
  return [...usedRows(handles, { id, order, now }), ...words, ...rows()]
}

/** The use of a promise's handle was taken with the promise; that of a request is noted with what it paid. */
function usedRows(handles: Handles, use: { id: Bytes; order: Order | null; now: number }): Write[] {
  const { id, order, now } = use
  if (order === null) return handles.kept(id)
  return order.invoice === null ? handles.take(order.handle) : handles.use(order.handle, id, now)
}

function waiveDraft({ commit, line, judged, inSeq }: Answer): Draft {
  const { id, aid } = commit.entry.body
  const cause = judged.input === 'commitRefused' ? judged.cause : 'abort_seen'
  return waiveEntry({ id, aid, line, cause, inSeq, commit: commit.ref })
}

export function waiveEntry(w: {
  id: Bytes
  aid: Bytes
  line: Line
  cause: WaiveCause
  inSeq: number | null
  commit: Ref | null
}): Draft {
  return {
    kind: 'rcv.waive',
    body: {
      id: w.id,
      aid: w.aid,
      cause: WAIVE_CAUSES.indexOf(w.cause) + 1,
      parts: [{ line: w.line.id, inSeq: w.inSeq }],
      commit: w.commit,
    },
  }
}

/** An abort of the payer's bank: the promise is free again. */
export function decideAbortSeen(
  abort: EntryOf<'pay.abort'>['body'],
  ref: Ref,
  receiving: Receiving,
): Decide<Received> {
  return (book) => {
    const held = book.asPayee.get(abort.id)
    if (held === null || payeeStep(held.state, 'abort') === null) return unchanged
    // Another bank has no say in it.
    if (!isWith(book, held, ref.bank)) return unchanged
    const body = { id: held.id, aid: held.aid, evidence: ref }
    const rows = endRows(held, receiving)
    return accept({ entries: [{ kind: 'rcv.release', body }], rows, value: 'moved' })
  }
}

/** What a promise held is free again, if there was one. */
export function endRows(held: Payment<PayeeState> | null, { handles, rows }: Receiving): Write[] {
  return held?.state === 'promised' ? [...handles.giveBack(held.id), ...rows()] : [...rows()]
}
