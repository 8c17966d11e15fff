/**
 * Who are the people of this bank? The register ties a member's number and name to an account of the log. It is
 * private and erasable: the log never holds anything of it ([PRIV-1], [PRIV-2]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { ACCOUNT_ID_BYTES, type Bytes, fromHex, toHex } from '../core/ids.ts'
import { accountOf } from '../core/ledger/book.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { decideAccount } from '../node/accounts.ts'
import type { Node } from '../node/node.ts'
import type { Random } from '../node/ports.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { Acts } from './acts.ts'
import { Board } from './board.ts'
import { dateOf, dayAt } from './calendar.ts'
import { type Coordinator, Coordinators } from './coordinators.ts'
import { Notices } from './notice-rows.ts'
import { NumberDraw, prefixOf, readNumber } from './numbers.ts'
import {
  isErasedRow,
  type NewPerson,
  ownAccount,
  type Person,
  personRow,
  readPerson,
  readPersonRow,
} from './person.ts'
import { Presses } from './presses.ts'
import { Requests } from './request-rows.ts'
import { line } from './texts.ts'

/** Numbers the bank keeps for itself. */
export const POT_NUMBER = 'POT'
export const BEFORE_NUMBER = 'BEFORE'

const PAGE = 512
const prefixKey = privateKey('setting', 'number-prefix')
/** Stands where no number was given out yet; no number begins so. */
const NO_PREFIX = '--'

export class People {
  /** What forms became, so that a second press finds the first. */
  readonly presses: Presses
  readonly board: Board
  /** What coordinators did for whom. */
  readonly acts: Acts
  readonly coordinators: Coordinators
  readonly requests: Requests
  /** What members ask and offer. */
  readonly notices: Notices
  readonly #byNumber = new Map<string, Person>()
  readonly #byAccount = new Map<string, Person>()
  /** Accounts whose person is being erased, in hex. */
  readonly #erasing = new Set<string>()
  #sorted: readonly Person[] | null = null
  /** What the numbers of this bank begin with; null until the first is given out. */
  #prefix: string | null = null

  private constructor(
    store: Store,
    parts: Pick<People, 'board' | 'acts' | 'coordinators' | 'requests' | 'notices'>,
  ) {
    this.presses = new Presses(store)
    this.board = parts.board
    this.acts = parts.acts
    this.coordinators = parts.coordinators
    this.requests = parts.requests
    this.notices = parts.notices
  }

  /** Reads the register of this bank. */
  static async open(store: Store): Promise<People> {
    const people = new People(store, {
      board: await Board.open(store),
      acts: await Acts.open(store),
      coordinators: await Coordinators.open(store),
      requests: await Requests.open(store),
      notices: await Notices.open(store),
    })
    const prefix = store.get(prefixKey)
    const decoded = prefix === undefined ? null : decode(prefix)
    if (decoded?.ok && typeof decoded.value === 'string') people.#prefix = decoded.value
    for await (const page of store.pages(privateRange('member'), PAGE)) {
      for (const [key, value] of page) {
        const person = readPersonRow(privateIdOf('member', key), value)
        if (person !== null) people.#know(person)
        else if (isErasedRow(value)) people.#erasing.add(toHex(privateIdOf('member', key)))
      }
    }
    return people
  }

  byNumber(number: string): Person | null {
    return this.#byNumber.get(spelled(number)) ?? null
  }

  byAccount(account: Bytes): Person | null {
    return this.#byAccount.get(toHex(account)) ?? null
  }

  /** Everybody, in order of number. */
  all(): readonly Person[] {
    this.#sorted ??= [...this.#byNumber.values()].sort((a, b) =>
      spelled(a.number) < spelled(b.number) ? -1 : 1,
    )
    return this.#sorted
  }

  /**
   * The person behind a number as it was typed or said. Refuses `account_unknown` with the number, and
   * `number_mistyped` when its last letter shows a slip.
   */
  find(typed: string): Outcome<Person> {
    const exact = this.byNumber(typed)
    if (exact !== null) return accept(exact)
    const read = readNumber(line(typed), this.#prefix ?? NO_PREFIX)
    if (read.kind === 'mistyped') return refuse('number_mistyped', { number: line(typed) })
    const person = read.kind === 'number' ? this.byNumber(read.number) : null
    return person === null ? refuse('account_unknown', { number: line(typed) }) : accept(person)
  }

  /** The number that was meant in one spelling, as `find` compares it; also one that nobody has. */
  spelledNumber(typed: string): string {
    const read = readNumber(line(typed), this.#prefix ?? NO_PREFIX)
    return spelled(read.kind === 'number' ? read.number : line(typed))
  }

  /** A free number for somebody new, and the row that keeps what the numbers of this bank begin with. */
  newNumber(bankName: string, random: Random): { readonly number: string; readonly rows: readonly Write[] } {
    const rows = [this.keepPrefix(bankName)]
    return { number: this.numberDraw(bankName).draw(random), rows }
  }

  /** Draws numbers that nobody here has; nothing is kept of it. */
  numberDraw(bankName: string): NumberDraw {
    return new NumberDraw(this.#prefix ?? prefixOf(bankName), this.#byNumber.keys())
  }

  /** The row that keeps what the numbers of this bank begin with, for the commit that gives out the first of them. */
  keepPrefix(bankName: string): Write {
    this.#prefix ??= prefixOf(bankName)
    return { put: prefixKey, value: encode(this.#prefix) }
  }

  /**
   * The row of this person, for a commit. Called inside the decision that nothing refuses any more: from here on the
   * number is taken, so that two decisions of one batch cannot give it out twice.
   */
  keep(person: Person): Write {
    const before = this.byAccount(person.account)
    if (before !== null) this.#byNumber.delete(spelled(before.number))
    this.#know(person)
    return { put: privateKey('member', person.account), value: personRow(person) }
  }

  /** Nobody finds this person any more, from before the rows are overwritten: nothing may be written behind that. */
  erase(account: Bytes): void {
    const person = this.byAccount(account)
    if (person !== null) this.#byNumber.delete(spelled(person.number))
    this.#byAccount.delete(toHex(account))
    this.notices.forget(account)
    this.requests.forget(account)
    this.#sorted = null
    this.#erasing.add(toHex(account))
  }

  /** The log says that this person was erased, and nothing is left to do. */
  forgotten(account: Bytes): void {
    this.#erasing.delete(toHex(account))
  }

  /** Accounts whose person is being erased: an erasure that was cut short goes on with these. */
  erasing(): readonly Bytes[] {
    return [...this.#erasing].flatMap((hex) => fromHex(hex, ACCOUNT_ID_BYTES) ?? [])
  }

  #know(person: Person): void {
    this.#byNumber.set(spelled(person.number), person)
    this.#byAccount.set(toHex(person.account), person)
    this.#sorted = null
  }
}

/** Numbers that differ in capitals or outer blanks only are the same number. */
function spelled(number: string): string {
  return line(number).toUpperCase()
}

/**
 * A new member with a new account; `by` is whoever did it at the desk. Refuses `name_missing`, `text_too_long` and
 * `number_taken`.
 */
export async function addMember(
  node: Node,
  people: People,
  request: NewPerson & { readonly nonce?: string | null },
  by: Coordinator | null = null,
): Promise<Outcome<Person>> {
  const read = readPerson(request)
  if (!read.ok) return read
  const press = typeof request.nonce === 'string' ? fromHex(request.nonce, 16) : null
  if (press === null && typeof request.nonce === 'string')
    return refuse('request_malformed', { field: 'nonce' })
  const account = press === null ? node.random.bytes(ACCOUNT_ID_BYTES) : accountOfPress(press)
  const nonce = node.random.bytes(16)
  const joinedOn = read.value.joinedOn ?? dateOf(dayAt(node.logTime()))
  const outcome = await node.commit<Person>((book, now) => {
    const known = people.byAccount(account)
    if (known !== null) return accept({ entries: [], value: known })
    const { number: asked } = read.value
    const { number, rows } =
      asked === '' ? people.newNumber(book.card?.name ?? book.name, node.random) : { number: asked, rows: [] }
    if (people.byNumber(number) !== null || isReserved(number)) return refuse('number_taken', { number })
    const person: Person = { ...read.value, account, number, joinedOn }
    const opened = decideAccount({ id: account, class: request.kind ?? 'member', nonce }, [
      ...rows,
      people.keep(person),
      ...people.acts.keep(by, { what: 'added', accounts: [account] }, now),
    ])(book, now)
    return opened.ok ? accept({ ...opened.value, value: person }) : opened
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

/**
 * The row of a person whose account was opened before anybody knew them: the first coordinator's, who is founded with the
 * bank. Refuses as `addMember` does, `account_unknown`, `account_closed`, and `number_taken` for an account that has one.
 */
export async function nameAccount(
  node: Node,
  people: People,
  account: Bytes,
  request: NewPerson,
  by: Coordinator | null = null,
): Promise<Outcome<Person>> {
  const read = readPerson({ ...request, kind: 'member' })
  if (!read.ok) return read
  const joinedOn = read.value.joinedOn ?? dateOf(dayAt(node.logTime()))
  const outcome = await node.commit<Person>((book, now) => {
    const found = accountOf(book, account)
    if (found === null || found.class !== 'member') return refuse('account_unknown')
    if (found.state === 'closed') return refuse('account_closed')
    const { number: asked } = read.value
    const { number, rows } =
      asked === '' ? people.newNumber(book.card?.name ?? book.name, node.random) : { number: asked, rows: [] }
    const taken = people.byNumber(number) !== null || people.byAccount(account) !== null
    if (taken || isReserved(number)) return refuse('number_taken', { number })
    const person: Person = { ...read.value, account, number, joinedOn }
    const acted = people.acts.keep(by, { what: 'added', accounts: [account] }, now)
    return accept({ entries: [], rows: [...rows, people.keep(person), ...acted], value: person })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

/** The account that this press of a form opens, so that the same press again finds the person it added ([EX-7]). */
export function accountOfPress(press: Bytes): Bytes {
  return sha256(press).slice(0, ACCOUNT_ID_BYTES)
}

/** Whether the bank keeps this number for an account of its own. */
export function isReserved(number: string): boolean {
  return spelled(number) === POT_NUMBER || spelled(number) === BEFORE_NUMBER
}

/** Gives the pot that was founded with the bank its row in the register; done at every start, once is enough. */
export async function ensureFund(node: Node, people: People): Promise<void> {
  await node.commit((book) => {
    const { fund } = book
    if (fund === null || people.byAccount(fund.id) !== null) return accept({ entries: [], value: null })
    const person: Person = { ...ownAccount(fund.id), number: POT_NUMBER, name: 'Community pot', kind: 'fund' }
    return accept({ entries: [], rows: [people.keep(person)], value: null })
  })
}
