/**
 * With what can a bank leave? Its people and its hours as the same two files that an import reads, taken from one
 * moment; the far sides of hours are named too, so that the whole sums to zero ([IMP-9]).
 */

import { stringify } from 'csv-stringify/sync'
import { decodeEntry } from '../../core/entry.ts'
import { Fault } from '../../core/fault.ts'
import { toHex } from '../../core/ids.ts'
import { accountOf, type Book } from '../../core/ledger/book.ts'
import { LIMITS } from '../../core/limits.ts'
import { clearing, isLive } from '../../core/line.ts'
import type { Node } from '../../node/node.ts'
import { entryRange } from '../../store/keyspace.ts'
import type { Row } from '../../store/store.ts'
import type { People } from '../people.ts'
import { writeCell } from './cells.ts'
import { EXCHANGE_COLUMNS } from './exchanges-file.ts'
import { bankNumber, ERASED, History } from './history.ts'
import { MEMBER_COLUMNS, type MemberColumn } from './members-file.ts'

export interface PeopleExport {
  /** CSV in UTF-8. */
  readonly members: Uint8Array
  readonly exchanges: Uint8Array
}

type MemberCells = Record<MemberColumn, string>

/** Members with their balances, and every hour that moved them, as of one head of the log. */
export async function exportPeople(people: People, node: Node): Promise<PeopleExport> {
  const taken = await node.read(({ book, store }) => ({
    members: memberRows(book, people),
    peers: new Map(book.lines.map(({ id, peer }) => [toHex(id), peer])),
    // The pages show the log as it is now, whatever is written while they are read.
    pages: book.epochs.map(({ epoch, start }, i) => {
      const end = book.epochs[i + 1]?.start ?? book.size
      return store.pages(entryRange(epoch, 0, end - start), LIMITS.exportPageEntries)
    }),
  }))
  const history = new History(people, node.store, taken.peers)
  for (const pages of taken.pages) await readInto(history, pages)
  return { members: csv(MEMBER_COLUMNS, taken.members), exchanges: csv(EXCHANGE_COLUMNS, history.rows()) }
}

async function readInto(history: History, pages: AsyncIterable<readonly Row[]>): Promise<void> {
  for await (const page of pages) {
    for (const [, raw] of page) {
      const read = decodeEntry(raw)
      if (!read.ok)
        throw new Fault('store_failed', `an entry of the log cannot be read: ${read.problem}`, {
          fatal: true,
        })
      history.read(read.entry)
    }
  }
}

function csv<C extends string>(columns: readonly C[], rows: readonly Record<C, string>[]): Uint8Array {
  return new TextEncoder().encode(stringify([...rows], { header: true, columns: [...columns] }))
}

function memberRows(book: Book, people: People): MemberCells[] {
  const rows: MemberCells[] = []
  for (const person of people.all()) {
    const account = accountOf(book, person.account)
    if (account === null) continue
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

/** What neighbouring banks hold of our hours, minutes set aside for them and written off of theirs included. */
function neighbourRows(book: Book): MemberCells[] {
  const rows = book.lines.map((line) => ({ line, minutes: clearing(line) + line.susp + line.out.reserved }))
  return rows
    .filter(({ line, minutes }) => isLive(line) || minutes !== 0)
    .map(({ line, minutes }) => farRow(bankNumber(line.peer), 'neighbour', minutes))
}

/** Hours of accounts whose person was erased: in one row, so that the sum still holds. */
function erasedRows(book: Book, people: People): MemberCells[] {
  const erased = book.accounts.filter((account) => people.byAccount(account.id) === null)
  const minutes = erased.reduce((sum, account) => sum + account.balance, 0)
  return minutes === 0 ? [] : [farRow(ERASED, 'neighbour', minutes)]
}

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
