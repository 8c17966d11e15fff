/**
 * What waits for the desk today? Everything somebody at the desk can do something about, each with one way to do it and
 * one to put it off ([DESK-1]). The list is worked out anew each time; only what was put off is kept.
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { type Account, accountOf } from '../core/ledger/book.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import { record, time } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import type { Reading } from '../node/query.ts'
import { privateKey } from '../store/keyspace.ts'
import { dayAt, dayOf } from './calendar.ts'
import type { Case } from './case-rows.ts'
import type { Cases } from './cases.ts'
import type { Claim } from './claim-rows.ts'
import type { Claims } from './claims.ts'
import type { Joiner, Joiners } from './joiners.ts'
import type { Notice, NoticeAnswer, SentAnswer } from './notice-rows.ts'
import { stateOf } from './notices.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

const SECONDS_PER_DAY = 86_400
const FIRST_CALL_DAYS = 14
const QUIET_DAYS = 60
const SLOW_DAYS = 1
const CLAIM_DAYS = 2
const WELCOME_DAYS = 7

export type TodayItem = {
  /** Names this item for `putOff`: the same thing has the same name tomorrow. */
  readonly name: string
} & (
  | { readonly kind: 'no_exchange_yet' | 'quiet'; readonly person: Person; readonly days: number }
  | { readonly kind: 'past_nudge'; readonly person: Person; readonly side: 'helped' | 'was_helped' }
  | {
      readonly kind: 'payment_waits' | 'payment_on_its_way'
      readonly bank: Bytes
      readonly id: Bytes
      readonly minutes: number
      readonly days: number
    }
  | { readonly kind: 'neighbour_asks'; readonly bank: Bytes }
  | { readonly kind: 'joiner' | 'joiner_met'; readonly joiner: Joiner; readonly days: number }
  /** `bank`: the other one, where hours moved between two. */
  | { readonly kind: 'case'; readonly about: Case; readonly bank: Bytes | null }
  | { readonly kind: 'claim'; readonly claim: Claim }
  /** A newcomer's, which goes outside once somebody has looked. */
  | { readonly kind: 'notice_waits'; readonly notice: Notice; readonly person: Person }
  | {
      readonly kind: 'notice_answer'
      readonly notice: Notice
      readonly answer: NoticeAnswer
      readonly person: Person
    }
  | { readonly kind: 'notice_sent'; readonly sent: SentAnswer; readonly person: Person }
)

/** Items of all kinds, most pressing kind first; those put off are left out until their day. `now` in seconds. */
export async function todayItems(
  desk: { node: Node; people: People; cases: Cases; claims: Claims; joiners: Joiners },
  now: number,
): Promise<readonly TodayItem[]> {
  const { node, people, cases, claims, joiners } = desk
  const items = await node.read((reading) => [
    ...cases.waiting().map((about) => caseItem(reading, about)),
    ...joining(joiners, now),
    ...oldClaims(claims, now),
    ...noticeItems(reading, people, now),
    ...proposals(node),
    ...slowPayments(reading, now),
    ...people.all().flatMap((person) => personItems(reading, person, now)),
  ])
  return items.filter(({ name }) => !isOff(node, name, now))
}

/** Whether this was put off until after `now` (seconds). */
export function isOff(node: Node, name: string, now: number): boolean {
  return offUntil(node, name) > now
}

/** How many things of each kind wait; nobody is named in it. It looks at everybody. `now` in seconds. */
export async function deskCounts(
  desk: Parameters<typeof todayItems>[0],
  now: number,
): Promise<ReadonlyMap<TodayItem['kind'], number>> {
  const counts = new Map<TodayItem['kind'], number>()
  for (const { kind } of await todayItems(desk, now)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

/** Not shown again before this time (seconds). */
export async function putOff(node: Node, name: string, until: number): Promise<Outcome<null>> {
  const row = { put: keyOf(name), value: encode(rowField.write({ until })) }
  const kept = await node.commit(() => accept({ entries: [], rows: [row], value: null }))
  return kept.ok ? accept(null) : kept
}

const rowField = record({ until: time })

function offUntil({ store }: Node, name: string): number {
  const bytes = store.get(keyOf(name))
  const decoded = bytes === undefined ? null : decode(bytes)
  return (decoded?.ok ? rowField.read(decoded.value)?.until : undefined) ?? 0
}

function keyOf(name: string): Bytes {
  return privateKey('later', sha256(new TextEncoder().encode(name)))
}

function caseItem({ book }: Reading, about: Case): TodayItem {
  const { record: id } = about
  const payment = about.about === 'payment' ? (book.asPayer.get(id) ?? book.asPayee.get(id)) : null
  const bank = payment === null ? null : (book.lines[payment.line]?.peer ?? null)
  return { name: `case ${toHex(id)}`, kind: 'case', about, bank }
}

/** What somebody was asked and has not answered for two days. */
function oldClaims(claims: Claims, now: number): TodayItem[] {
  return claims
    .unanswered()
    .filter(({ made }) => now - made > CLAIM_DAYS * SECONDS_PER_DAY)
    .map((claim) => ({ name: `claim ${toHex(claim.id)}`, kind: 'claim', claim }))
}

/** Two people to bring together, here or with a neighbour's desk; and what a newcomer wants to say outside. */
function noticeItems({ book }: Reading, people: People, now: number): TodayItem[] {
  const { notices } = people
  /** Whoever left has nobody to be brought together with. */
  const known = (account: Bytes): Person | null =>
    accountOf(book, account)?.state === 'open' ? people.byAccount(account) : null
  const answered = notices.unanswered().flatMap((answer): TodayItem[] => {
    const [notice, person] = [notices.byId(answer.notice), known(answer.owner)]
    const isThere = answer.account === null || known(answer.account) !== null
    if (notice === null || notice.down !== null || person === null || !isThere) return []
    return [{ name: `answer ${toHex(answer.id)}`, kind: 'notice_answer', notice, answer, person }]
  })
  const sent = notices.sent().flatMap((one): TodayItem[] => {
    const person = known(one.account)
    if (person === null || one.done !== null || one.state === 'over') return []
    return [{ name: `sent ${toHex(one.id)}`, kind: 'notice_sent', sent: one, person }]
  })
  const waiting = notices.standing().flatMap((notice): TodayItem[] => {
    const person = known(notice.account)
    if (person === null || stateOf(notice, now) !== 'to_look_at') return []
    return [{ name: `notice ${toHex(notice.id)}`, kind: 'notice_waits', notice, person }]
  })
  return [...answered, ...sent, ...waiting]
}

/** Who would like to join, and who was met and not welcomed for a week. */
function joining(joiners: Joiners, now: number): TodayItem[] {
  return joiners.all().flatMap((joiner): TodayItem[] => {
    const days = Math.floor((now - joiner.changed) / SECONDS_PER_DAY)
    const name = `${joiner.state} ${toHex(joiner.id)}`
    if (joiner.state === 'asked') return [{ name, kind: 'joiner', joiner, days }]
    return joiner.state === 'met' && days >= WELCOME_DAYS ? [{ name, kind: 'joiner_met', joiner, days }] : []
  })
}

function proposals(node: Node): TodayItem[] {
  return node
    .proposals()
    .map(({ peer }) => ({ name: `neighbour ${toHex(peer)}`, kind: 'neighbour_asks', bank: peer }))
}

/** What is set aside or on its way for longer than a day. */
function slowPayments({ book, own }: Reading, now: number): TodayItem[] {
  const items: TodayItem[] = []
  for (const { id, state, line, minutes, first } of book.asPayer.open()) {
    const days = Math.floor((now - own.entry(first).time) / SECONDS_PER_DAY)
    const bank = book.lines[line]?.peer
    if (days < SLOW_DAYS || bank === undefined) continue
    const kind = state === 'held' ? 'payment_waits' : 'payment_on_its_way'
    items.push({ name: `${kind} ${toHex(id)}`, kind, bank, id, minutes, days })
  }
  return items
}

function personItems(reading: Reading, person: Person, now: number): TodayItem[] {
  if (person.kind !== 'member' && person.kind !== 'organisation') return []
  const account = accountOf(reading.book, person.account)
  if (account === null || account.state !== 'open') return []
  const number = toHex(person.account)
  const items: TodayItem[] = []
  const nudge = reading.book.rules?.classes.find((row) => row.class === (person.kind === 'member' ? 1 : 2))
  if (nudge !== undefined && account.balance > nudge.nudgeHigh)
    items.push({ name: `helped ${number}`, kind: 'past_nudge', person, side: 'helped' })
  if (nudge !== undefined && account.balance < nudge.nudgeLow)
    items.push({ name: `was_helped ${number}`, kind: 'past_nudge', person, side: 'was_helped' })
  const days = quietDays(reading, person, account, now)
  if (days === null) return items
  if (account.lastPosting === 0 && days >= FIRST_CALL_DAYS)
    items.push({ name: `first ${number}`, kind: 'no_exchange_yet', person, days })
  if (account.lastPosting > 0 && days >= QUIET_DAYS)
    items.push({ name: `quiet ${number}`, kind: 'quiet', person, days })
  return items
}

/** Days since the last help, or since joining; null when neither is known. */
function quietDays({ book, own }: Reading, person: Person, account: Account, now: number): number | null {
  const [newest] = book.postings.newestFirst(account.lastPosting)
  if (newest !== undefined) return Math.floor((now - own.entry(newest).time) / SECONDS_PER_DAY)
  const joined = person.joinedOn === null ? null : dayOf(person.joinedOn)
  return joined === null ? null : dayAt(now) - joined
}
