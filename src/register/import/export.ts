/**
 * With what can a bank leave? Its people and its hours as the same two files that an import reads, taken from one
 * moment; the far sides of hours are named too, so that the whole sums to zero ([IMP-9]).
 */

import { stringify } from 'csv-stringify/sync'
import { decodeEntry, type Entry } from '../../core/entry.ts'
import { Fault } from '../../core/fault.ts'
import { type Bytes, toBase32, toHex } from '../../core/ids.ts'
import { decodeIntent, type Leg } from '../../core/intent.ts'
import type { Book } from '../../core/ledger/book.ts'
import { LIMITS } from '../../core/limits.ts'
import { clearing } from '../../core/line.ts'
import { exchangeIdOf } from '../../core/sign.ts'
import { decodeOrder, type Order, orderId } from '../../core/transfer/order.ts'
import type { Node } from '../../node/node.ts'
import { entryRange } from '../../store/keyspace.ts'
import type { Store } from '../../store/store.ts'
import { dateOf, dayAt } from '../calendar.ts'
import { readMemo, shownWords } from '../memos.ts'
import type { People } from '../people.ts'
import { writeCell } from './cells.ts'
import { EXCHANGE_COLUMNS, type ExchangeColumn } from './exchanges-file.ts'
import { MEMBER_COLUMNS, type MemberColumn } from './members-file.ts'

export interface PeopleExport {
  /** CSV in UTF-8. */
  readonly members: Uint8Array
  readonly exchanges: Uint8Array
}

type MemberCells = Record<MemberColumn, string>
type ExchangeCells = Record<ExchangeColumn, string>

const EPOCH = 0
const IMPORT_CHANNEL = 6
const FUND_CLASS = 3

/** Members with their balances, and every hour that moved them, as of one head of the log. */
export async function exportPeople(people: People, node: Node): Promise<PeopleExport> {
  const taken = await node.read(({ book, store }) => ({
    members: memberRows(book, people),
    // The pages show the log as it is now, whatever is written while they are read.
    pages: store.pages(entryRange(EPOCH, 0, book.size), LIMITS.exportPageEntries),
  }))
  const history = new History(people, node.store)
  for await (const page of taken.pages) {
    for (const [, raw] of page) {
      const read = decodeEntry(raw)
      if (!read.ok)
        throw new Fault('store_failed', `an entry of the log cannot be read: ${read.problem}`, {
          fatal: true,
        })
      history.read(read.entry)
    }
  }
  return { members: csv(MEMBER_COLUMNS, taken.members), exchanges: csv(EXCHANGE_COLUMNS, history.rows()) }
}

function csv<C extends string>(columns: readonly C[], rows: readonly Record<C, string>[]): Uint8Array {
  return new TextEncoder().encode(stringify([...rows], { header: true, columns: [...columns] }))
}

function memberRows(book: Book, people: People): MemberCells[] {
  const rows: MemberCells[] = []
  for (const person of people.all()) {
    const account = book.accountById.get(toHex(person.account))
    if (account === undefined) continue
    rows.push({
      member_number: writeCell(person.number),
      name: writeCell(person.name),
      kind: person.kind,
      joined_on: person.joinedOn ?? '',
      status: account.state === 'open' ? 'active' : account.state,
      phone: writeCell(person.phone),
      phone_2: writeCell(person.phone2),
      email: writeCell(person.email),
      area: writeCell(person.area),
      language: writeCell(person.language),
      channel: writeCell(person.channel),
      balance_minutes: String(account.balance),
      note: writeCell(person.note),
    })
  }
  return [...rows, ...neighbourRows(book), ...erasedRows(book, people)]
}

/** What neighbouring banks hold of our hours, minutes set aside for them included. */
function neighbourRows(book: Book): MemberCells[] {
  const rows = book.lines.map((line) => ({ line, minutes: clearing(line) + line.out.reserved }))
  return rows
    .filter(({ line, minutes }) => line.state === 'open' || minutes !== 0)
    .map(({ line, minutes }) => farRow(bankNumber(line.peer), 'neighbour', minutes))
}

/** Hours of accounts whose person was erased: in one row, so that the sum still holds. */
function erasedRows(book: Book, people: People): MemberCells[] {
  const erased = book.accounts.filter((account) => people.byAccount(account.id) === null)
  const minutes = erased.reduce((sum, account) => sum + account.balance, 0)
  return minutes === 0 ? [] : [farRow(ERASED, 'neighbour', minutes)]
}

const ERASED = 'bank:erased'

function farRow(number: string, kind: string, minutes: number): MemberCells {
  return {
    member_number: number,
    name: number,
    kind,
    joined_on: '',
    status: 'active',
    phone: '',
    phone_2: '',
    email: '',
    area: '',
    language: '',
    channel: '',
    balance_minutes: String(minutes),
    note: '',
  }
}

/** How a neighbouring bank is named where a member number stands. */
function bankNumber(bank: Bytes): string {
  return `bank:${toBase32(bank)}`
}

interface Move {
  readonly id: string
  readonly day: number
  readonly provider: string
  readonly recipient: string
  readonly minutes: number
  readonly category: number
  readonly words: string | null
  readonly kind: 'help' | 'opening' | 'set_aside' | 'sent' | 'came_back' | 'received'
}

/** Gathers what moved balances, entry by entry; hours set aside and freed again leave no row. */
class History {
  readonly #people: People
  readonly #store: Store
  readonly #moves: (Move | null)[] = []
  /** Place of the row of each payment of ours, and its order. */
  readonly #paid = new Map<string, { readonly at: number; readonly order: Order }>()
  readonly #closed = new Set<string>()
  #fund: Bytes | null = null

  constructor(people: People, store: Store) {
    this.#people = people
    this.#store = store
  }

  read(entry: Entry): void {
    switch (entry.kind) {
      case 'acct.open':
        if (entry.body.class === FUND_CLASS) this.#fund ??= entry.body.acct
        return
      case 'acct.close':
        this.#closed.add(toHex(entry.body.acct))
        return
      case 'exchange':
        return this.#exchange(entry.body.intent, entry.body.channel)
      case 'pay.hold':
        return this.#hold(entry.body.order)
      case 'pay.commit':
        return this.#change(entry.body.id, 'sent')
      case 'pay.abort':
        return this.#change(entry.body.id, null)
      case 'pay.return':
        return this.#comeBack(entry.body.id, dayAt(entry.time))
      case 'rcv.credit': {
        const { id, payee, commit, day, minutes, category } = entry.body
        const move = {
          id: toHex(id),
          day,
          minutes,
          category,
          words: this.#words(id),
          kind: 'received' as const,
        }
        this.#moves.push({ ...move, provider: this.#number(payee), recipient: bankNumber(commit.bank) })
        return
      }
      default:
    }
  }

  rows(): ExchangeCells[] {
    return this.#moves.flatMap((move) => (move === null ? [] : [cellsOf(move)]))
  }

  #exchange(intentBytes: Bytes, channel: number): void {
    const intent = decodeIntent(intentBytes)
    if (intent === null) return
    const exchangeId = exchangeIdOf(intentBytes)
    const base = { day: intent.day, category: intent.category, words: this.#words(exchangeId) }
    const kind = channel === IMPORT_CHANNEL ? 'opening' : 'help'
    for (const [n, pair] of pairs(intent.legs).entries()) {
      const id = n === 0 ? toHex(exchangeId) : `${toHex(exchangeId)}/${n + 1}`
      const parties = { provider: this.#number(pair.provider), recipient: this.#number(pair.recipient) }
      if (parties.provider !== parties.recipient)
        this.#moves.push({ ...base, ...parties, id, kind, minutes: pair.minutes })
    }
  }

  #hold(orderBytes: Bytes): void {
    const order = decodeOrder(orderBytes)
    if (order === null) return
    const id = orderId(orderBytes)
    this.#paid.set(toHex(id), { at: this.#moves.length, order })
    this.#moves.push({
      id: toHex(id),
      day: order.day,
      provider: bankNumber(order.payeeBank),
      recipient: this.#number(order.payer),
      minutes: order.minutes,
      category: order.category,
      words: this.#words(id),
      kind: 'set_aside',
    })
  }

  #change(id: Bytes, kind: 'sent' | null): void {
    const paid = this.#paid.get(toHex(id))
    const move = paid === undefined ? null : this.#moves[paid.at]
    if (paid === undefined || move === null || move === undefined) return
    this.#moves[paid.at] = kind === null ? null : { ...move, kind }
  }

  #comeBack(id: Bytes, day: number): void {
    const order = this.#paid.get(toHex(id))?.order
    if (order === undefined) return
    // Hours of a closed account come back to the pot.
    const home = this.#closed.has(toHex(order.payer)) ? (this.#fund ?? order.payer) : order.payer
    this.#moves.push({
      id: `${toHex(id)}/back`,
      day,
      provider: this.#number(home),
      recipient: bankNumber(order.payeeBank),
      minutes: order.minutes,
      category: order.category,
      words: null,
      kind: 'came_back',
    })
  }

  #number(account: Bytes): string {
    return this.#people.byAccount(account)?.number ?? ERASED
  }

  #words(id: Bytes): string | null {
    return shownWords(readMemo(this.#store, id))
  }
}

function cellsOf(move: Move): ExchangeCells {
  return {
    source_id: move.id,
    happened_on: dateOf(move.day),
    provider_number: writeCell(move.provider),
    recipient_number: writeCell(move.recipient),
    minutes: String(move.minutes),
    category: String(move.category),
    description: writeCell(move.words),
    kind: move.kind,
    corrects: '',
  }
}

/** The legs of an exchange as hours from one account to another; a group sheet becomes several. */
function pairs(legs: readonly Leg[]): { provider: Bytes; recipient: Bytes; minutes: number }[] {
  const given = legs.filter((leg) => leg.minutes > 0).map((leg) => ({ ...leg }))
  const taken = legs
    .filter((leg) => leg.minutes < 0)
    .map((leg) => ({ acct: leg.acct, minutes: -leg.minutes }))
  const found: { provider: Bytes; recipient: Bytes; minutes: number }[] = []
  for (let [g, t] = [0, 0]; g < given.length && t < taken.length; ) {
    const [provider, recipient] = [given[g] as Leg, taken[t] as Leg]
    const minutes = Math.min(provider.minutes, recipient.minutes)
    found.push({ provider: provider.acct, recipient: recipient.acct, minutes })
    given[g] = { ...provider, minutes: provider.minutes - minutes }
    taken[t] = { ...recipient, minutes: recipient.minutes - minutes }
    if (provider.minutes === minutes) g += 1
    if (recipient.minutes === minutes) t += 1
  }
  return found
}
