/**
 * Whom does somebody mean? A number, a telephone number or a part of a name as it was said on the telephone; several
 * answers are shown to choose from, and none is guessed.
 */

import { type Bytes, sameBytes } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { accountOf } from '../core/ledger/book.ts'
import type { Node } from '../node/node.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import { line } from './texts.ts'

/** Answers that still fit on a page to choose from. */
const MOST = 20
/** Digits by which a telephone number is told from a member number. */
const PHONE_DIGITS = 6

/** Everybody who fits, best first; the bank's own accounts only by their full number. */
export function findPeople(people: People, typed: string, most = MOST): readonly Person[] {
  const asked = line(typed)
  if (asked === '') return []
  const exact = people.find(asked)
  if (exact.ok && exact.value.kind !== 'before') return [exact.value]
  const everybody = people.all().filter(({ kind }) => kind === 'member' || kind === 'organisation')
  const digits = asked.replace(/\D/g, '')
  if (digits.length >= PHONE_DIGITS && /^[\d\s()+./-]+$/.test(asked)) {
    return everybody
      .filter(({ phone, phone2 }) => endsWith(phone, digits) || endsWith(phone2, digits))
      .slice(0, most)
  }
  const words = plain(asked).split(' ')
  const found = everybody.filter((person) => {
    const parts = partsOf(person)
    return words.every((word) => parts.some((part) => part.startsWith(word)))
  })
  const whole = found.filter(({ name }) => plain(name) === plain(asked))
  return [...whole, ...found.filter((person) => !whole.includes(person))].slice(0, most)
}

/** Kept for as long as the person is: a sheet looks through everybody once a line. */
const partsKnown = new WeakMap<Person, readonly string[]>()

function partsOf(person: Person): readonly string[] {
  const known = partsKnown.get(person)
  if (known !== undefined) return known
  const parts = [...plain(person.name).split(' '), person.number.toLowerCase()]
  partsKnown.set(person, parts)
  return parts
}

/** Whether this is a number of the bank whose last letter shows a slip, so that nobody is meant by it. */
export function isMistyped(people: People, typed: string): boolean {
  const found = people.find(typed)
  return !found.ok && found.refusal.code === 'number_mistyped'
}

/** Without capitals and accents, so that `Jose` finds `José`. */
function plain(text: string): string {
  return line(text).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Numbers are written in many ways; their last digits are the same in all. */
function endsWith(phone: string | null, digits: string): boolean {
  const known = phone?.replace(/\D/g, '') ?? ''
  const tail = digits.replace(/^0+/, '')
  return tail.length >= PHONE_DIGITS && known.endsWith(tail)
}

/** Whom a member means who types a card's number or a whole name; a part of a name shows nobody to other members. */
export function findForMember(people: People, typed: string): readonly Person[] {
  const numbered = findMemberNumber(people, typed)
  if (numbered !== null) return [numbered]
  const asked = plain(typed)
  if (asked === '') return []
  return people
    .all()
    .filter((one) => (one.kind === 'member' || one.kind === 'organisation') && isWholeName(one, asked))
}

/** The person of a number as it stands on a card, however it is typed. */
export function findMemberNumber(people: People, typed: string): Person | null {
  const found = people.find(typed)
  return found.ok && (found.value.kind === 'member' || found.value.kind === 'organisation')
    ? found.value
    : null
}

/** Whether the whole name of this person was typed, whatever its capitals and accents. */
export function isWholeName({ name }: Pick<Person, 'name'>, typed: string): boolean {
  return plain(name) === plain(typed)
}

/** Whether these two accounts have a part in one record of help or gift. */
export function haveShared(node: Node, one: Bytes, other: Bytes): Promise<boolean> {
  return node.read((reading) => {
    const known = accountOf(reading.book, one)
    if (known === null) return false
    for (const index of reading.book.postings.newestFirst(known.lastPosting)) {
      const entry = reading.own.entry(index)
      const legs = entry.kind === 'exchange' ? (decodeIntent(entry.body.intent)?.legs ?? []) : []
      if (legs.some(({ acct }) => sameBytes(acct, other))) return true
    }
    return false
  })
}

/** With whom this account shared records lately, newest first: they need not be typed again. */
export function sharedWith(node: Node, people: People, account: Bytes): Promise<readonly Person[]> {
  return node.read((reading) => {
    const known = accountOf(reading.book, account)
    if (known === null) return []
    const met = new Map<string, Person>()
    for (const index of reading.book.postings.newestFirst(known.lastPosting)) {
      const entry = reading.own.entry(index)
      const legs = entry.kind === 'exchange' ? (decodeIntent(entry.body.intent)?.legs ?? []) : []
      for (const { acct } of legs) {
        const person = people.byAccount(acct)
        if (person !== null && !sameBytes(acct, account) && person.kind !== 'before')
          met.set(person.number, person)
      }
      if (met.size >= RECENT) break
    }
    return [...met.values()].slice(0, RECENT)
  })
}

/** People who still fit on a telephone's screen to choose from. */
const RECENT = 5
