/**
 * What does a bank keep of a person, and in which form? A name is enough; nothing else is asked for or made up. The row
 * of an older program is still read ([P-1], [SIGN-2]).
 */

import { decode, encode } from '../core/codec.ts'
import { ERASE_REASONS, type EraseReason } from '../core/entry.ts'
import { ACCOUNT_ID_BYTES, type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, bool, integer, list, literal, optional, record, text } from '../core/schema.ts'
import { dateOf, dayOf } from './calendar.ts'
import { fits, line, lineOrNull, wordsOrNull } from './texts.ts'

/** `fund` is the community pot; `before` is the other side of imported balances. */
export const PERSON_KINDS = ['member', 'organisation', 'fund', 'before'] as const
export type PersonKind = (typeof PERSON_KINDS)[number]

/** For what somebody may act for a person: for everything, or to record help and nothing else. */
export const DEPUTY_REACHES = ['all', 'record'] as const
export type DeputyReach = (typeof DEPUTY_REACHES)[number]

/** Somebody who may act for a person ([EX-15]). */
export interface Deputy {
  /** Of a member here. */
  readonly account: Bytes
  /** First and last day, YYYY-MM-DD; null is until it is ended. */
  readonly from: string
  readonly until: string | null
  readonly forWhat: DeputyReach
}

export interface Person {
  /** 16 random bytes, as in the log. */
  readonly account: Bytes
  /** What people say and write; found whatever its capitals. */
  readonly number: string
  readonly name: string
  readonly kind: PersonKind
  /** YYYY-MM-DD. */
  readonly joinedOn: string | null
  readonly phone: string | null
  readonly phone2: string | null
  readonly email: string | null
  readonly area: string | null
  readonly language: string | null
  /** How the person wants to be told things, in the bank's own words. */
  readonly channel: string | null
  readonly note: string | null
  /** A word by which the desk knows the person on the phone. */
  readonly phoneWord: string | null
  /** Letters in large print. */
  readonly printLarge: boolean
  /** Wants letters: statements and receipts come by post. */
  readonly paper: boolean
  readonly helpers: readonly Deputy[]
}

const contact = optional(text(LIMITS.contactBytes))
const date = text(10)
const known = {
  number: text(LIMITS.numberBytes),
  name: text(LIMITS.nameBytes),
  kind: integer(0, PERSON_KINDS.length - 1),
  joinedOn: optional(date),
  phone: contact,
  phone2: contact,
  email: contact,
  area: contact,
  language: contact,
  channel: contact,
  note: optional(text(LIMITS.noteBytes)),
}
const firstRow = record({ version: literal(1), ...known })
const deputyField = record({
  account: b16,
  from: date,
  until: optional(date),
  forWhat: integer(0, DEPUTY_REACHES.length - 1),
})
const rowField = record({
  version: literal(2),
  ...known,
  phoneWord: contact,
  printLarge: bool,
  paper: bool,
  helpers: list(deputyField, 0, LIMITS.helpersMost),
})
const PRIVATE = { controlCharacters: 'allowed' } as const

/** What nobody has said of a person. */
const UNSAID = { phoneWord: null, printLarge: false, paper: false, helpers: [] } as const

export function personRow({ account: _, kind, helpers, ...rest }: Person): Bytes {
  const row = rowField.write({
    version: 2,
    ...rest,
    kind: PERSON_KINDS.indexOf(kind),
    helpers: helpers.map((one) => ({ ...one, forWhat: DEPUTY_REACHES.indexOf(one.forWhat) })),
  })
  return encode(row, PRIVATE)
}

/** The person in a row; null for somebody who is being erased, and for a row that cannot be read. */
export function readPersonRow(account: Bytes, value: Uint8Array): Person | null {
  const decoded = decode(value, PRIVATE)
  if (!decoded.ok) return null
  const row = rowField.read(decoded.value)
  if (row !== undefined) {
    const { version: _, kind, helpers, ...rest } = row
    const named = helpers.map((one) => ({ ...one, forWhat: DEPUTY_REACHES[one.forWhat] as DeputyReach }))
    return { account, ...rest, kind: PERSON_KINDS[kind] as PersonKind, helpers: named }
  }
  const older = firstRow.read(decoded.value)
  if (older === undefined) return null
  const { version: _, kind, ...rest } = older
  return { account, ...rest, kind: PERSON_KINDS[kind] as PersonKind, ...UNSAID }
}

/**
 * The row of a person who is being erased: one byte, 0 unless another reason than the person's own wish is to be noted.
 * A row that is longer and cannot be read is none: a newer program may have written it.
 */
export function erasedRow(reason: EraseReason): Bytes {
  return Uint8Array.of(ERASE_REASONS.indexOf(reason))
}

export function isErasedRow(value: Uint8Array): boolean {
  return value.length === 1
}

export function reasonInRow(value: Uint8Array | undefined): EraseReason {
  return ERASE_REASONS[value?.[0] ?? 0] ?? 'asked'
}

/** What is known of a person beside account and kind; everything but the name may be missing. */
export interface NewPerson {
  readonly name: string
  readonly number?: string | null
  readonly kind?: 'member' | 'organisation'
  readonly joinedOn?: string | null
  readonly phone?: string | null
  readonly phone2?: string | null
  readonly email?: string | null
  readonly area?: string | null
  readonly language?: string | null
  readonly channel?: string | null
  readonly note?: string | null
  readonly phoneWord?: string | null
  readonly printLarge?: boolean | null
  readonly paper?: boolean | null
}

/** The person as it will be kept, still without account; or `text_too_long`, `name_missing`, `request_malformed`. */
export function readPerson(request: NewPerson): Outcome<Omit<Person, 'account'>> {
  const contacts = {
    phone: lineOrNull(request.phone),
    phone2: lineOrNull(request.phone2),
    email: lineOrNull(request.email),
    area: lineOrNull(request.area),
    language: lineOrNull(request.language),
    channel: lineOrNull(request.channel),
    phoneWord: lineOrNull(request.phoneWord),
  }
  const person = {
    number: line(request.number ?? ''),
    name: line(request.name),
    kind: request.kind ?? ('member' as const),
    joinedOn: lineOrNull(request.joinedOn),
    ...contacts,
    note: wordsOrNull(request.note),
    printLarge: request.printLarge ?? false,
    paper: request.paper ?? false,
    helpers: [],
  }
  if (person.joinedOn !== null && dayOf(person.joinedOn) === null)
    return refuse('request_malformed', { field: 'joinedOn' })
  const { number, name, note } = person
  for (const [field, value, most] of [
    ['number', number, LIMITS.numberBytes],
    ['name', name, LIMITS.nameBytes],
    ['note', note, LIMITS.noteBytes],
    ...Object.entries(contacts).map(([one, value]) => [one, value, LIMITS.contactBytes] as const),
  ] as const) {
    if (!fits(value, most)) return refuse('text_too_long', { field, mostBytes: most })
  }
  return name === '' ? refuse('name_missing') : accept(person)
}

/** An account of the bank itself: nobody to ring. */
export function ownAccount(account: Bytes): Omit<Person, 'number' | 'name' | 'kind'> {
  return {
    account,
    joinedOn: null,
    phone: null,
    phone2: null,
    email: null,
    area: null,
    language: null,
    channel: null,
    note: null,
    ...UNSAID,
  }
}

/** Whether this account may act for the person on this day (days since 1970-01-01). */
export function mayActFor(
  person: Person,
  helper: Bytes,
  { day, forWhat }: { readonly day: number; readonly forWhat: DeputyReach },
): boolean {
  if (helper.length !== ACCOUNT_ID_BYTES) return false
  const today = dateOf(day)
  return person.helpers.some(
    (one) =>
      sameBytes(one.account, helper) &&
      one.from <= today &&
      (one.until === null || today <= one.until) &&
      (one.forWhat === 'all' || one.forWhat === forWhat),
  )
}
