/**
 * How does a sheet of many people become one record? A whole group on one side, an organisation, a person or the pot on
 * the other, each with an own length; all of it stands in one entry, or none ([EX-12]).
 */

import { encode } from '../core/codec.ts'
import { COORDINATOR_REASONS, type CoordinatorAuth } from '../core/entry.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { encodeIntent, type Leg } from '../core/intent.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangeIdOf } from '../core/sign.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import {
  type Act,
  channelNumber,
  type HelpRecord,
  indexOf,
  type MadeEntry,
  personOf,
  readTerms,
  recordMade,
  type Terms,
} from './exchanges.ts'
import { commitmentOf, memoRow, newMemo } from './memos.ts'
import type { People } from './people.ts'
import type { Press } from './presses.ts'

/** One person of the sheet, by member number. */
export interface SheetLine {
  readonly number: string
  readonly minutes: number
}

/** Numbers as people write them. */
export interface SheetRequest {
  /** Who is on the other side. */
  readonly other: string
  readonly lines: readonly SheetLine[]
  /** Whether the people of the lines helped the other side, or it helped them. */
  readonly direction: 'they_helped' | 'were_helped'
  /** YYYY-MM-DD; today when it is missing. */
  readonly day?: string | null
  readonly category?: number | null
  readonly note?: string | null
  /** 32 hex digits that the form has had since it was shown ([EX-7]). */
  readonly nonce?: string | null
}

/** People that one sheet can name beside the other side. */
export const SHEET_LINES = LIMITS.exchangeLegs - 1

/**
 * Records the whole sheet in one entry. Refuses what `recordHelp` refuses, `minutes_out_of_range` for any line,
 * `payer_is_payee` with the number of whoever stands on both sides, and `request_malformed` for a sheet without
 * lines, with too many, or with somebody twice.
 */
export async function recordSheet(
  node: Node,
  people: People,
  request: SheetRequest,
  by: Act,
): Promise<Outcome<HelpRecord>> {
  const legs = legsOf(people, request)
  if (!legs.ok) return legs
  const terms = termsOf(node, request)
  if (!terms.ok) return terms
  if (by.reason === null) return refuse('reason_missing')
  const { day, category, note, nonce } = terms.value
  const make = (name: Bytes): MadeEntry =>
    sheetEntry(node, { legs: legs.value, day, category, note, by }, name)
  const accounts = legs.value.map(({ acct }) => acct)
  const acted = (record: Bytes): Write[] =>
    people.acts.keep(by.coordinator, { what: 'recorded', accounts, record }, node.logTime())
  if (nonce === null) return recordMade(node, make(node.random.bytes(16)), acted)
  const minutes = legs.value.map(({ acct, minutes }) => [acct, minutes])
  const press: Press = { nonce, said: sha256(encode([minutes, request.day ?? null, category])) }
  return people.presses.once(
    press,
    () => recordMade(node, make(nonce), (id) => [people.presses.row(press, id), ...acted(id)]),
    async (id) => accept({ id, record: 'known', index: await indexOf(node, id) }),
  )
}

/** Everybody's minutes, the other side's last; they add up to 0. */
function legsOf(people: People, { other, lines, direction }: SheetRequest): Outcome<Leg[]> {
  if (lines.length < 1 || lines.length > SHEET_LINES)
    return refuse('request_malformed', { field: 'lines', most: SHEET_LINES })
  const side = personOf(people, other)
  if (!side.ok) return side
  const way = direction === 'they_helped' ? 1 : -1
  const seen = new Set<string>()
  const legs: Leg[] = []
  for (const { number, minutes } of lines) {
    const person = personOf(people, number)
    if (!person.ok) return person
    if (person.value === side.value) return refuse('payer_is_payee', { number: person.value.number })
    const account = toHex(person.value.account)
    if (seen.has(account)) return refuse('request_malformed', { field: 'lines', number: person.value.number })
    seen.add(account)
    if (!Number.isInteger(minutes)) return refuse('minutes_not_whole')
    if (minutes < 1 || minutes > LIMITS.recordMinutes)
      return refuse('minutes_out_of_range', { leastMinutes: 1, mostMinutes: LIMITS.recordMinutes })
    legs.push({ acct: person.value.account, minutes: way * minutes })
  }
  const total = legs.reduce((sum, { minutes }) => sum + minutes, 0)
  return accept([...legs, { acct: side.value.account, minutes: -total }])
}

/** Day, category, words and nonce; each line has its own minutes. */
function termsOf(node: Node, { day, category, note, nonce, lines }: SheetRequest): Outcome<Terms> {
  const request = { day, category, note, nonce, minutes: lines[0]?.minutes ?? 0 }
  return readTerms(request, { most: LIMITS.recordMinutes, now: node.logTime() })
}

interface Sheet extends Pick<Terms, 'day' | 'category' | 'note'> {
  readonly legs: readonly Leg[]
  readonly by: Act
}

function sheetEntry(node: Node, { legs, day, category, note, by }: Sheet, nonce: Bytes): MadeEntry {
  const memo = newMemo(['', '', note], node.random)
  const intent = encodeIntent({
    version: 1,
    bank: node.bank,
    day,
    category,
    legs: [...legs],
    commitment: commitmentOf(memo),
    nonce,
  })
  const id = exchangeIdOf(intent)
  const [auths, channel] = [[sheetAuth(by)], channelNumber(by.channel)]
  return { id, request: { intent, auths, channel, refs: [], rows: [memoRow(id, memo)] } }
}

/** One word of the coordinator for everybody from whose account hours leave. */
function sheetAuth({ coordinator }: Act): CoordinatorAuth {
  const reason = COORDINATOR_REASONS.indexOf('group_sheet') + 1
  return { form: 2, actor: coordinator.actor, onBehalfOf: null, reason, second: null }
}
