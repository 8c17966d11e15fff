/**
 * How does a member pay what somebody asked for by a code? The request is fetched from the payee's bank, read by the payer,
 * and paid in one commit; inside one bank it is a record of help like any other ([EX-17], [EX-20]).
 */

import { encode } from '../core/codec.ts'
import type { Ref } from '../core/entry.ts'
import { sha256 } from '../core/hash.ts'
import { BANK_ID_BYTES, type Bytes, sameBytes } from '../core/ids.ts'
import { lineWith } from '../core/ledger/book.ts'
import { lineRefusal } from '../core/ledger/crossing.ts'
import { LIMITS } from '../core/limits.ts'
import type { Words } from '../core/memo.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { FetchedRequest } from '../node/fetched.ts'
import type { Node } from '../node/node.ts'
import type { FoundMember } from '../node/questions.ts'
import type { Write } from '../store/store.ts'
import { dateOf, dayAt } from './calendar.ts'
import {
  type Act,
  authOf,
  type HelpRecord,
  personOf,
  readTerms,
  recordHelp,
  type SignedInAct,
} from './exchanges.ts'
import { commitmentOf, newMemo } from './memos.ts'
import { nameOutside } from './names.ts'
import { type Crossing, known, submit } from './payments.ts'
import type { People } from './people.ts'
import type { Press } from './presses.ts'
import { readCode } from './request-codes.ts'
import type { Request } from './request-rows.ts'
import { requestByCode } from './requests.ts'
import { line, shownText } from './texts.ts'

/** What a payer reads before agreeing; the name of the bank is what this bank calls it. */
export interface PayerReads {
  readonly bank: Bytes
  /** Eight letters. */
  readonly code: string
  /** "Bo M.": made by the payee's bank, and sound. */
  readonly payee: string
  /** Null: the payer says how long it was. */
  readonly minutes: number | null
  readonly category: number
  /** Days since 1970-01-01; null when it was not said. */
  readonly day: number | null
  readonly what: string
  /** Seconds. */
  readonly expires: number
  readonly uses: number
  /** Handle and entry that an order cites. Null for a request of this bank that no neighbour has asked for. */
  readonly handle: Bytes
  readonly invoice: Ref | null
}

/** Whom a member number at another bank stands for. Refuses `line_missing` and the like, and what `Node.who` refuses. */
export async function lookUp(node: Node, bank: Bytes, number: string): Promise<Outcome<FoundMember>> {
  const shut = await shutLine(node, bank)
  return shut ?? node.who(bank, line(number))
}

/**
 * What the request under this code says, fetched from its bank if that is another one. A bank that is away is no reason to
 * fetch again what was fetched before. Refuses `request_unknown`, `request_expired`, `request_used`, `request_withdrawn`,
 * `neighbour_away`, `asked_too_often`, `answer_not_sound`, and what is wrong with the line.
 */
export async function collectRequest(
  node: Node,
  people: People,
  bank: Bytes,
  typed: string,
): Promise<Outcome<PayerReads>> {
  const code = readCode(typed)
  if (code === null) return refuse('request_unknown')
  if (sameBytes(bank, node.bank)) return ownReads(node, people, code)
  const fetched = await fetch(node, bank, code)
  return fetched.ok ? accept(readsOf(fetched.value)) : fetched
}

export interface RequestPayment {
  /** Member number of whoever was helped. */
  readonly payer: string
  /** Bank of whoever helped, and the code it shows. */
  readonly bank: Bytes
  readonly code: string
  /** Needed where the request leaves the length open. */
  readonly minutes?: number | null
  /** Where the request does not say them. YYYY-MM-DD. */
  readonly day?: string | null
  readonly category?: number | null
  readonly note?: string | null
  /** 32 hex digits that the form has had since it was shown ([EX-7]). */
  readonly nonce?: string | null
}

/** A request that was paid: over the line, or inside this bank. */
export type PaidRequest =
  | { readonly across: true; readonly payment: Crossing }
  | { readonly across: false; readonly record: HelpRecord }

/**
 * A member pays a request, or a coordinator for one. Between banks the hours are sent at once, without waiting for anybody. Refuses
 * what `collectRequest` refuses, `invoice_differs` for other minutes than were asked for, and what any payment may meet.
 * `also` gives rows that become durable with a payment between banks.
 */
export async function payRequest(
  node: Node,
  people: People,
  request: RequestPayment,
  by: Act | SignedInAct,
  also: (payment: Bytes) => readonly Write[] = () => [],
): Promise<Outcome<PaidRequest>> {
  const code = readCode(request.code)
  if (code === null) return refuse('request_unknown')
  if (sameBytes(request.bank, node.bank)) return payOwn(node, people, { ...request, code }, by)
  const payer = personOf(people, request.payer)
  if (!payer.ok) return payer
  const may = authOf(by, payer.value, dayAt(node.logTime()))
  if (!may.ok) return may
  const send = async (press: Press | null): Promise<Outcome<Crossing>> => {
    const held = node.fetched.byCode(request.bank, code)
    const fetched = held === null ? await fetch(node, request.bank, code) : accept(held)
    if (!fetched.ok) return fetched
    const { invoice, ref, words, payee } = fetched.value
    const now = node.logTime()
    if (invoice.expires < now) return refuse('request_expired', { at: invoice.expires })
    const terms = readTerms(agreed(request, invoice), { most: LIMITS.crossingMinutes, now })
    if (!terms.ok) return terms
    const { minutes, day, category, note } = terms.value
    if (invoice.minutes !== null && minutes !== invoice.minutes) return refuse('invoice_differs')
    const memo = newMemo([whatOf(words), '', note], node.random)
    const order = {
      version: 1,
      payerBank: node.bank,
      payer: payer.value.account,
      payeeBank: request.bank,
      handle: invoice.handle,
      minutes,
      category,
      day,
      commitment: commitmentOf(memo),
      decideBy: Math.min(now + LIMITS.decideInteractiveSeconds, invoice.expires),
      postal: false,
      invoice: ref,
      refs: [],
      nonce: press?.nonce ?? node.random.bytes(16),
    } as const
    const acted = { by, what: 'sent' } as const
    const party = { bank: request.bank, name: payee, handle: null, expires: 0, time: now }
    return submit(node, people, { order, memo, party, press, acted, also }, (filled) => node.pay(filled))
  }
  const outcome = await pressed(node, people, { ...request, code, account: payer.value.account }, send)
  return outcome.ok ? accept({ across: true, payment: outcome.value }) : outcome
}

/** One press, one payment: a second one finds the first. */
function pressed(
  node: Node,
  people: People,
  request: RequestPayment & { readonly account: Bytes },
  send: (press: Press | null) => Promise<Outcome<Crossing>>,
): Promise<Outcome<Crossing>> {
  const { account, bank, code, minutes, nonce } = request
  const bytes = typeof nonce === 'string' ? Buffer.from(nonce, 'hex') : null
  if (bytes === null || bytes.length !== 16) return send(null)
  const said = sha256(encode([account, bank, code, minutes ?? null]))
  const press = { nonce: new Uint8Array(bytes), said }
  return people.presses.once(
    press,
    () => send(press),
    (id) => known(node, id),
  )
}

/** What the request says comes first; what it leaves open, the payer says. */
function agreed(
  { minutes, day, category, note, nonce }: RequestPayment,
  invoice: FetchedRequest['invoice'],
): Parameters<typeof readTerms>[0] {
  return {
    minutes: minutes ?? invoice.minutes ?? 0,
    day: invoice.day === null ? (day ?? null) : dateOf(invoice.day),
    category: invoice.category === 0 ? (category ?? 0) : invoice.category,
    note: note ?? null,
    nonce: nonce ?? null,
  }
}

/** A request of a member of this bank is answered by a record of help. */
async function payOwn(
  node: Node,
  people: People,
  request: RequestPayment,
  by: Act | SignedInAct,
): Promise<Outcome<PaidRequest>> {
  const asked = people.requests.byCode(request.code)
  const provider = asked === null ? null : people.byAccount(asked.account)
  if (asked === null || provider === null) return refuse('request_unknown')
  if (asked.withdrawn !== null) return refuse('request_withdrawn', { at: asked.withdrawn })
  const { handle, what } = asked
  const invoice = { ...asked, commitment: null }
  const terms = agreed(request, invoice)
  if (asked.minutes !== null && terms.minutes !== asked.minutes) return refuse('invoice_differs')
  const help = { ...terms, provider: provider.number, recipient: request.payer, answers: { handle, what } }
  const outcome = await recordHelp(node, people, help, by)
  return outcome.ok ? accept({ across: false, record: outcome.value }) : outcome
}

async function ownReads(node: Node, people: People, code: string): Promise<Outcome<PayerReads>> {
  const found = await requestByCode(node, people, code)
  if (!found.ok) return found
  const { state, used, withdrawn, expires } = found.value
  const person = people.byAccount(found.value.account)
  if (person === null) return refuse('request_unknown')
  const last = used.at(-1)
  if (state === 'used') return refuse('request_used', last === undefined ? {} : { at: last.time })
  if (state === 'withdrawn') return refuse('request_withdrawn', { at: withdrawn ?? expires })
  if (state === 'expired') return refuse('request_expired', { at: expires })
  const { what, handle } = found.value
  const said = { bank: node.bank, code, payee: nameOutside(person), what, handle, invoice: null }
  return accept({ ...termsOf(found.value), ...said })
}

function termsOf({
  minutes,
  category,
  day,
  expires,
  uses,
}: Pick<Request, 'minutes' | 'category' | 'day' | 'expires' | 'uses'>): Pick<
  PayerReads,
  'minutes' | 'category' | 'day' | 'expires' | 'uses'
> {
  return { minutes, category, day, expires, uses }
}

function readsOf({ bank, code, payee, invoice, ref, words }: FetchedRequest): PayerReads {
  const { handle } = invoice
  return { ...termsOf(invoice), bank, code, payee, what: whatOf(words), handle, invoice: ref }
}

/** What it was for, as the other bank says it. */
function whatOf(words: Words | null): string {
  return shownText(words?.texts[0] ?? '')
}

/** Asks its bank; what was fetched before is good enough while that bank is away. */
async function fetch(node: Node, bank: Bytes, code: string): Promise<Outcome<FetchedRequest>> {
  const shut = await shutLine(node, bank)
  if (shut !== null) return shut
  const asked = await node.fetchRequest(bank, code)
  if (asked.ok || asked.refusal.code !== 'neighbour_away') return asked
  const held = node.fetched.byCode(bank, code)
  return held === null ? asked : accept(held)
}

/** Why nothing can be asked of this bank, or null. */
async function shutLine(node: Node, bank: Bytes): Promise<ReturnType<typeof refuse> | null> {
  if (bank.length !== BANK_ID_BYTES) return refuse('bank_unknown')
  if (sameBytes(bank, node.bank)) return refuse('own_bank')
  const refusal = await node.read(({ book }) => lineRefusal(lineWith(book, bank)))
  return refusal === null ? null : { ok: false, refusal }
}
