/**
 * How does help between two members of this bank become a record? Numbers become accounts, words a commitment, and
 * whoever agrees becomes an authorisation; no name goes any deeper ([EX-1], [EX-2], [PRIV-1]).
 */

import { encode } from '../core/codec.ts'
import {
  type Auth,
  CHANNELS,
  type Channel,
  COORDINATOR_REASONS,
  type CoordinatorReason,
  SIGN_IN_METHODS,
  type SignInMethod,
} from '../core/entry.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, sameBytes } from '../core/ids.ts'
import { decodeIntent, encodeIntent, type Intent } from '../core/intent.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangeIdOf } from '../core/sign.ts'
import type { ExchangeRequest } from '../node/accounts.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import { dayAt, dayOf } from './calendar.ts'
import type { Coordinator } from './coordinators.ts'
import { commitmentOf, type Memo, memoRow, newMemo } from './memos.ts'
import type { People } from './people.ts'
import { mayActFor, type Person } from './person.ts'
import type { Press } from './presses.ts'
import { fits, line, words } from './texts.ts'

/** Who records, how it reached the bank, and why a coordinator acts for somebody. */
export interface Act {
  readonly coordinator: Coordinator
  readonly channel: Channel
  readonly reason: CoordinatorReason | null
}

/** A member was signed in, and agrees for the own account or for somebody who lets them ([EX-15]). */
export interface SignedInAct {
  readonly member: Person
  readonly method: SignInMethod
  readonly channel: Channel
}

/** A member's own device agreed: the intent it signed, and the words behind the intent's commitment. */
export interface SignedHelp {
  readonly intent: Bytes
  readonly device: Bytes
  readonly signature: Bytes
  readonly channel: Channel
  readonly memo?: Memo | null
}

/** Provider and recipient are member numbers; hours move from the recipient to the provider. */
export interface HelpRequest {
  readonly provider: string
  readonly recipient: string
  readonly minutes: number
  /** YYYY-MM-DD; today when it is missing. */
  readonly day?: string | null
  /** 0 or missing is not said ([EX-5]). */
  readonly category?: number | null
  readonly note?: string | null
  /** 32 hex digits that the form has had since it was shown ([EX-7]). */
  readonly nonce?: string | null
  /** The request of the provider that this answers; one of its uses is taken with the record. */
  readonly answers?: Answered | null
}

/** A request of a member of this bank, as whoever pays it needs it. */
export interface Answered {
  readonly handle: Bytes
  readonly what: string
}

export interface HelpRecord {
  readonly id: Bytes
  /** `known` when an earlier press had recorded it. */
  readonly record: 'new' | 'known'
  /** Index of the entry; null only when a known record is not in the log. */
  readonly index: number | null
}

/**
 * Records help inside this bank. Refuses what `readTerms` refuses, and `account_unknown` with the number as typed,
 * `payer_is_payee`, `reason_missing`, and the ledger's own. No limit on a balance refuses it ([EX-9]).
 */
export async function recordHelp(
  node: Node,
  people: People,
  request: HelpRequest,
  by: Act | SignedInAct | SignedHelp,
): Promise<Outcome<HelpRecord>> {
  const terms = readTerms(request, { most: LIMITS.recordMinutes, now: node.logTime() })
  if (!terms.ok) return terms
  const provider = personOf(people, request.provider)
  if (!provider.ok) return provider
  const recipient = personOf(people, request.recipient)
  if (!recipient.ok) return recipient
  if (provider.value === recipient.value) return refuse('payer_is_payee', { number: recipient.value.number })
  const parties = { provider: provider.value.account, recipient: recipient.value.account }
  const answers = request.answers ?? null
  if ('intent' in by) return recordSigned(node, { ...parties, minutes: terms.value.minutes, answers }, by)
  const may = authOf(by, recipient.value, dayAt(node.logTime()))
  if (!may.ok) return may
  const accounts = [parties.provider, parties.recipient]
  const acted = (record: Bytes): Write[] =>
    people.acts.keep(
      'member' in by ? null : by.coordinator,
      { what: 'recorded', accounts, record },
      node.logTime(),
    )
  const { minutes, day, category, note } = terms.value
  const help = { ...parties, minutes, day, category, note, answers, channel: channelNumber(by.channel) }
  const record = async (nonce: Bytes, press: Press | null): Promise<Outcome<HelpRecord>> => {
    const auth = authNow(node, people, by, parties.recipient)
    if (!auth.ok) return auth
    const rowsOf = (id: Bytes): Write[] => [
      ...(press === null ? [] : [people.presses.row(press, id)]),
      ...acted(id),
    ]
    return recordMade(node, helpEntry(node, { ...help, auth: auth.value }, nonce), rowsOf)
  }
  if (terms.value.nonce === null) return record(node.random.bytes(16), null)
  const said = sha256(
    encode([provider.value.account, recipient.value.account, minutes, request.day ?? null, category]),
  )
  const press = { nonce: terms.value.nonce, said }
  return people.presses.once(
    press,
    () => record(press.nonce, press),
    async (id) => accept({ id, record: 'known', index: await indexOf(node, id) }),
  )
}

/** Help between two accounts, checked and agreed to. */
export interface Help {
  readonly provider: Bytes
  readonly recipient: Bytes
  readonly minutes: number
  readonly day: number
  readonly category: number
  readonly note: string
  readonly answers: Answered | null
  readonly auth: Auth
  readonly channel: number
}

/** The record of this help as the node takes it, its words beside it; and its id. */
export function helpEntry(node: Node, help: Help, nonce: Bytes): MadeEntry {
  const { provider, recipient, minutes, day, category, auth, channel } = help
  const memo = newMemo([help.answers?.what ?? '', '', help.note], node.random)
  const intent = encodeIntent({
    version: 1,
    bank: node.bank,
    day,
    category,
    legs: [
      { acct: provider, minutes },
      { acct: recipient, minutes: -minutes },
    ],
    commitment: commitmentOf(memo),
    nonce,
  })
  const id = exchangeIdOf(intent)
  const rows = [memoRow(id, memo)]
  return { id, request: { intent, auths: [auth], channel, refs: [], rows, ...useOf(node, help.answers) } }
}

/** An exchange as the node takes it, and its id. */
export interface MadeEntry {
  readonly id: Bytes
  readonly request: ExchangeRequest
}

/** Records it in one entry, words and other rows beside it. */
export async function recordMade(
  node: Node,
  { id, request }: MadeEntry,
  rowsOf: (id: Bytes) => readonly Write[],
): Promise<Outcome<HelpRecord>> {
  const outcome = await node.recordExchange({ ...request, rows: [...request.rows, ...rowsOf(id)] })
  if (!outcome.ok) return outcome
  const { value, recorded } = outcome.value
  return accept({ ...value, index: recorded[0]?.index ?? (await indexOf(node, id)) })
}

/** What a device signed must say what the request says; the ledger checks whether the device may. */
async function recordSigned(
  node: Node,
  help: Pick<Help, 'provider' | 'recipient' | 'minutes' | 'answers'>,
  by: SignedHelp,
): Promise<Outcome<HelpRecord>> {
  const intent = decodeIntent(by.intent)
  if (intent === null) return refuse('legs_do_not_add_up')
  if (!sameBytes(intent.bank, node.bank) || !saysThis(intent, help))
    return refuse('request_malformed', { differs: 1 })
  const memo = readGivenMemo(by.memo ?? null, intent.commitment)
  if (!memo.ok) return memo
  const id = exchangeIdOf(by.intent)
  const auth = deviceAuth(by)
  if (!auth.ok) return auth
  const outcome = await node.recordExchange({
    intent: by.intent,
    auths: [auth.value],
    channel: channelNumber(by.channel),
    refs: [],
    rows: memo.value === null ? [] : [memoRow(id, memo.value)],
    ...useOf(node, help.answers),
  })
  if (!outcome.ok) return outcome
  const { value, recorded } = outcome.value
  return accept({ ...value, index: recorded[0]?.index ?? (await indexOf(node, id)) })
}

/** Takes a use of the request in the same commit as the record; refuses when none is left. */
function useOf(node: Node, answers: Answered | null): Pick<ExchangeRequest, 'use'> {
  if (answers === null) return {}
  const { handle } = answers
  return {
    use: (id, now) => {
      const usable = node.handles.look(handle, now)
      if (usable.ok) return accept(node.handles.use(handle, id, now))
      const { code, facts } = usable.refusal
      if (code === 'handle_used_up') return refuse('request_used')
      return refuse('request_expired', facts.expired === undefined ? {} : { at: facts.expired })
    },
  }
}

function saysThis(intent: Intent, help: Pick<Help, 'provider' | 'recipient' | 'minutes'>): boolean {
  const minutesOf = (account: Bytes): number | undefined => {
    return intent.legs.find((leg) => sameBytes(leg.acct, account))?.minutes
  }
  const { provider, recipient, minutes } = help
  return intent.legs.length === 2 && minutesOf(provider) === minutes && minutesOf(recipient) === -minutes
}

/** Index of the record of this id; null when it is not in the log. */
export function indexOf(node: Node, id: Bytes): Promise<number | null> {
  return node.read(({ book: { exchanges } }) => {
    const row = exchanges.find(id)
    return row < 0 ? null : exchanges.indexOf(row)
  })
}

/** What every record of hours says, checked. Minutes are whole, the day counts from 1970-01-01. */
export interface Terms {
  readonly minutes: number
  readonly day: number
  readonly category: number
  readonly note: string
  readonly nonce: Press['nonce'] | null
}

/**
 * Minutes, day, category, words and nonce of a request; `now` in seconds. Refuses `minutes_not_whole`,
 * `minutes_out_of_range`, `day_out_of_range`, `text_too_long`, `category_unknown` and `request_malformed`.
 */
export function readTerms(
  request: Pick<HelpRequest, 'minutes' | 'day' | 'category' | 'note' | 'nonce'>,
  bounds: { readonly most: number; readonly now: number },
): Outcome<Terms> {
  const { minutes, nonce } = request
  const nonceBytes = nonce === undefined || nonce === null ? null : fromHex(nonce, 16)
  if (nonceBytes === null && typeof nonce === 'string') return refuse('request_malformed', { field: 'nonce' })
  const today = dayAt(bounds.now)
  const day = typeof request.day === 'string' ? dayOf(request.day) : today
  if (day === null) return refuse('request_malformed', { field: 'day' })
  if (!Number.isInteger(minutes)) return refuse('minutes_not_whole')
  if (minutes < 1 || minutes > bounds.most)
    return refuse('minutes_out_of_range', { leastMinutes: 1, mostMinutes: bounds.most })
  if (!dayInRange(day, today)) return refuse('day_out_of_range')
  const note = words(request.note ?? '')
  if (!fits(note, LIMITS.noteBytes))
    return refuse('text_too_long', { field: 'note', mostBytes: LIMITS.noteBytes })
  const category = request.category ?? 0
  if (!Number.isInteger(category) || category < 0 || category > 999) return refuse('category_unknown')
  return accept({ minutes, day, category, note, nonce: nonceBytes })
}

/** Whether help of this day may be recorded today: up to a year back ([EX-4]). */
export function dayInRange(day: number, today: number): boolean {
  return day <= today + LIMITS.dayAhead && day >= today - LIMITS.dayBack
}

/** The person behind a number; the account for opening balances is nobody. */
export function personOf(people: People, number: string): Outcome<Person> {
  const person = people.find(number)
  if (!person.ok) return person
  return person.value.kind === 'before' ? refuse('account_unknown', { number: line(number) }) : person
}

/**
 * The authorisation of a coordinator who acts for this person, or of whoever is signed in; `today` counts from 1970-01-01.
 * Refuses `reason_missing`, and `not_covered` for the account of somebody who did not let them ([EX-15]).
 */
export function authOf(by: Act | SignedInAct, person: Person, today: number): Outcome<Auth> {
  if ('member' in by) {
    const method = SIGN_IN_METHODS.indexOf(by.method) + 1
    const { account } = by.member
    const isOwn = sameBytes(account, person.account)
    if (!isOwn && !mayActFor(person, account, { day: today, forWhat: 'record' })) return refuse('not_covered')
    return accept({ form: 3, acct: account, onBehalfOf: isOwn ? null : person.account, method })
  }
  const { coordinator, reason } = by
  if (reason === null) return refuse('reason_missing')
  const auth = {
    actor: coordinator.actor,
    onBehalfOf: person.account,
    reason: COORDINATOR_REASONS.indexOf(reason) + 1,
  }
  return accept({ form: 2, ...auth, second: null })
}

/**
 * The same for the person with this account as they are known now: asked when everything else has been waited for, since
 * whoever was let at the start may have been taken off the list in between.
 */
export function authNow(node: Node, people: People, by: Act | SignedInAct, account: Bytes): Outcome<Auth> {
  const person = people.byAccount(account)
  return person === null ? refuse('account_unknown') : authOf(by, person, dayAt(node.logTime()))
}

/** The authorisation of a device. Its signature is checked at the node's door. */
export function deviceAuth(by: { readonly device: Bytes; readonly signature: Bytes }): Outcome<Auth> {
  if (by.device.length !== 16) return refuse('device_unknown')
  if (by.signature.length !== 64) return refuse('signature_wrong')
  return accept({ form: 1, device: by.device, signature: by.signature })
}

export function channelNumber(channel: Channel): number {
  return CHANNELS.indexOf(channel) + 1
}

/** Words and salts that came with a signed record: they must be the ones it commits to, unchanged. */
export function readGivenMemo(memo: Memo | null, commitment: Bytes): Outcome<Memo | null> {
  if (memo === null) return accept(null)
  if (!memo.texts.every((text) => fits(text, LIMITS.noteBytes))) {
    return refuse('text_too_long', { field: 'memo', mostBytes: LIMITS.noteBytes })
  }
  const sound =
    memo.salts.every((salt) => salt.length === 32) && memo.texts.every((text) => text.isWellFormed())
  if (!sound || !sameBytes(commitmentOf(memo), commitment))
    return refuse('request_malformed', { field: 'memo' })
  return accept(memo)
}
