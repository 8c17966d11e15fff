/**
 * How does the desk put a wrong record right? In one press while it is young, or with a reason at any time; the old
 * record stays and is marked, and what takes its place comes in the same commit ([EX-8], [DESK-3]).
 */

import { encode } from '../core/codec.ts'
import type { CoordinatorAuth, ReverseCause } from '../core/entry.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex } from '../core/ids.ts'
import { decodeIntent, type Intent } from '../core/intent.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { ExchangeRequest } from '../node/accounts.ts'
import { decideReverse } from '../node/corrections.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import { dateOf, dayAt } from './calendar.ts'
import { type Act, authOf, channelNumber, helpEntry, personOf, readTerms } from './exchanges.ts'
import { commitmentOf, memoRow, newMemo, readMemo } from './memos.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import type { Press } from './presses.ts'
import { fits, words } from './texts.ts'

const SECONDS_PER_DAY = 86_400
const IMPORT_CHANNEL = 6

export interface TakeBack {
  /** Id of the record. */
  readonly record: Bytes
  readonly cause?: ReverseCause | null
  /** 32 hex digits that the button has had since it was shown. */
  readonly nonce?: string | null
}

/** What differs from the old record; whatever is left out stays as it was. Numbers as people write them. */
export interface Replacement {
  readonly provider?: string | null
  readonly recipient?: string | null
  readonly minutes?: number | null
  /** YYYY-MM-DD. */
  readonly day?: string | null
  readonly category?: number | null
  readonly note?: string | null
}

export interface CorrectionRequest extends TakeBack {
  readonly cause: ReverseCause
  /** Private words; due once the record is older than the days of one press. */
  readonly reason?: string | null
  readonly replacement?: Replacement | null
}

export interface Corrected {
  /** The record that was taken back. */
  readonly record: 'new' | 'known'
  readonly id: Bytes
  readonly index: number
  /** Index of the entry that took it back. */
  readonly reversedAt: number
  readonly replacement: { readonly id: Bytes; readonly index: number } | null
}

/**
 * Takes a record back in one press. Refuses `record_unknown`, `record_not_correctable`, `reversed_already`,
 * `take_back_late`, `account_closed`, and what the ledger says of the coordinator.
 */
export function takeBack(
  node: Node,
  people: People,
  request: TakeBack,
  by: Act,
): Promise<Outcome<Corrected>> {
  const said = ['take back', request.record]
  return pressed(node, people, request, said, async (rows) => {
    const old = await recordAt(node, request.record)
    if (!old.ok) return old
    if (isLate(node, old.value)) return refuse('take_back_late', { days: LIMITS.takeBackDays })
    const cause = request.cause ?? 'taken_back'
    const acted = actedOn(node, people, old.value, 'took_back', by)
    const all = [...rows, ...acted]
    return commitReversal(node, { old: old.value, cause, reason: '', replacement: null, rows: all }, by)
  })
}

/**
 * Takes a record back with its cause and, if the help was another, puts that in its place. Refuses as `takeBack` does,
 * `reason_missing` for an old record without words, and as `recordHelp` does for what takes its place.
 */
export function correct(
  node: Node,
  people: People,
  request: CorrectionRequest,
  by: Act,
): Promise<Outcome<Corrected>> {
  const { record, cause, replacement = null } = request
  const changed = replacement === null ? null : JSON.stringify(Object.entries(replacement).sort())
  return pressed(node, people, request, ['correct', record, cause, changed], async (rows) => {
    const old = await recordAt(node, record)
    if (!old.ok) return old
    const reason = words(request.reason ?? '')
    if (!fits(reason, LIMITS.noteBytes))
      return refuse('text_too_long', { field: 'reason', mostBytes: LIMITS.noteBytes })
    if (reason === '' && isLate(node, old.value)) return refuse('reason_missing')
    const instead = replacement === null ? accept(null) : insteadOf(node, people, old.value, replacement, by)
    if (!instead.ok) return instead
    const all = [...rows, ...actedOn(node, people, old.value, 'corrected', by)]
    return commitReversal(node, { old: old.value, cause, reason, replacement: instead.value, rows: all }, by)
  })
}

/** A record as it stands in the log. */
interface OldRecord {
  readonly id: Bytes
  readonly intent: Intent
  /** Seconds. */
  readonly time: number
}

function recordAt(node: Node, id: Bytes): Promise<Outcome<OldRecord>> {
  return node.read(({ book: { exchanges }, own }) => {
    const row = exchanges.find(id)
    if (row < 0) return refuse('record_unknown')
    const { time, body } = own.entryOf('exchange', exchanges.indexOf(row))
    const intent = decodeIntent(body.intent)
    if (intent === null || body.channel === IMPORT_CHANNEL)
      return refuse('record_not_correctable', { what: 'opening' })
    return accept({ id, intent, time })
  })
}

function actedOn(
  node: Node,
  people: People,
  { id, intent }: OldRecord,
  what: 'took_back' | 'corrected',
  by: Act,
): Write[] {
  const accounts = intent.legs.map(({ acct }) => acct)
  return people.acts.keep(by.coordinator, { what, accounts, record: id }, node.logTime())
}

function isLate(node: Node, { time }: OldRecord): boolean {
  return node.logTime() - time > LIMITS.takeBackDays * SECONDS_PER_DAY
}

interface Reversal {
  readonly old: OldRecord
  readonly cause: ReverseCause
  readonly reason: string
  readonly replacement: ExchangeRequest | null
  readonly rows: readonly Write[]
}

async function commitReversal(node: Node, reversal: Reversal, by: Act): Promise<Outcome<Corrected>> {
  const { old, cause, reason, replacement, rows } = reversal
  const memo = newMemo(['', '', reason], node.random)
  const commitment = commitmentOf(memo)
  const outcome = await node.commit(
    decideReverse({
      id: old.id,
      cause,
      auths: [wordOf(by, old.intent)],
      commitment,
      nonce: node.random.bytes(16),
      replacement,
      // The reason lies under its own commitment: the reversal has no other name before it stands in the log.
      rows: [memoRow(commitment, memo), ...rows],
    }),
  )
  return outcome.ok ? corrected(node, old.id, 'new') : outcome
}

/** The coordinator's word for whoever loses hours; for all of a sheet at once. */
function wordOf({ coordinator }: Act, { legs }: Intent): CoordinatorAuth {
  const losing = legs.filter(({ minutes }) => minutes > 0)
  const [only] = losing
  const onBehalfOf = only !== undefined && losing.length === 1 ? only.acct : null
  return { form: 2, actor: coordinator.actor, onBehalfOf, reason: CORRECTION, second: null }
}

/** Number of the reason `correction` in the log. */
const CORRECTION = 6

/** The help as it really was: the old record with what differs. */
function insteadOf(
  node: Node,
  people: People,
  { id, intent }: OldRecord,
  changed: Replacement,
  by: Act,
): Outcome<ExchangeRequest> {
  const helper = intent.legs.find(({ minutes }) => minutes > 0)
  const helped = intent.legs.find(({ minutes }) => minutes < 0)
  if (intent.legs.length !== 2 || helper === undefined || helped === undefined)
    return refuse('record_not_correctable', { what: 'sheet' })
  const memo = readMemo(node.store, id)
  const terms = readTerms(
    {
      minutes: changed.minutes ?? helper.minutes,
      day: changed.day ?? dateOf(intent.day),
      category: changed.category ?? intent.category,
      note: changed.note === undefined ? (memo?.texts[2] ?? '') : changed.note,
    },
    { most: LIMITS.recordMinutes, now: node.logTime() },
  )
  if (!terms.ok) return terms
  const provider = partyOf(people, changed.provider, helper.acct)
  if (!provider.ok) return provider
  const recipient = partyOf(people, changed.recipient, helped.acct)
  if (!recipient.ok) return recipient
  if (provider.value === recipient.value) return refuse('payer_is_payee', { number: recipient.value.number })
  const auth = authOf({ ...by, reason: 'correction' }, recipient.value, dayAt(node.logTime()))
  if (!auth.ok) return auth
  const parties = { provider: provider.value.account, recipient: recipient.value.account }
  const help = {
    ...terms.value,
    ...parties,
    answers: null,
    auth: auth.value,
    channel: channelNumber(by.channel),
  }
  return accept(helpEntry(node, help, node.random.bytes(16)).request)
}

/** Whoever is named, or else whoever it was. */
function partyOf(people: People, number: string | null | undefined, account: Bytes): Outcome<Person> {
  if (typeof number === 'string') return personOf(people, number)
  const person = people.byAccount(account)
  return person === null ? refuse('account_unknown') : accept(person)
}

/** Runs `first` once for each nonce; the same press again finds what it made. */
function pressed(
  node: Node,
  people: People,
  { record, nonce }: TakeBack,
  said: readonly (string | Bytes | null)[],
  first: (rows: readonly Write[]) => Promise<Outcome<Corrected>>,
): Promise<Outcome<Corrected>> {
  if (nonce === undefined || nonce === null) return first([])
  const bytes = fromHex(nonce, 16)
  if (bytes === null) return Promise.resolve(refuse('request_malformed', { field: 'nonce' }))
  const press: Press = { nonce: bytes, said: sha256(encode(said)) }
  const { presses } = people
  return presses.once(
    press,
    () => first([presses.row(press, record)]),
    () => corrected(node, record, 'known'),
  )
}

function corrected(node: Node, id: Bytes, record: Corrected['record']): Promise<Outcome<Corrected>> {
  return node.read(({ book: { exchanges } }) => {
    const row = exchanges.find(id)
    if (row < 0) return refuse('record_unknown')
    const by = exchanges.replacedBy(row)
    const replacement = by < 0 ? null : { id: exchanges.at(by), index: exchanges.indexOf(by) }
    return accept({
      record,
      id,
      index: exchanges.indexOf(row),
      reversedAt: exchanges.reversedAt(row),
      replacement,
    })
  })
}
