/**
 * What do the files that a TimeOverflow bank exports say? Members with balances in seconds and transfers with accounts
 * as `Name (number)`. Headings are in the language of whoever exported, so the files are known by their shape.
 */

import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import type { ExchangesFile } from './exchanges-file.ts'
import { dayIn, GatheredExchanges, GatheredMembers, wholeSeconds } from './gathered.ts'
import { readGrid } from './grid.ts'
import type { MembersFile } from './members-file.ts'
import type { ImportFile, RawRow } from './table.ts'
import { readTimeoverflowTransfers, readTimeoverflowUsers, USER_CELLS } from './timeoverflow-layout.ts'
import { isZip, readZip } from './zip.ts'

const FROM = 'timeoverflow'
/** N, name, e-mail, phone, second phone, created, last login, locale, balance. */
const MEMBER_CELLS = 9
/** Date, from (who was helped), to (who helped), post, quantity. */
const TRANSFER_CELLS = 5

interface Read {
  readonly members: MembersFile
  readonly exchanges: ExchangesFile | null
}

/**
 * Both files as TimeOverflow exports them, in its zip or out of it, or as it takes them in itself. Refuses as `readGrid`
 * and `readZip`, and `file_shape_unknown`.
 */
export function readTimeoverflow(members: Uint8Array, exchanges: Uint8Array | null): Outcome<Read> {
  if (!isZip(members)) return readTables(members, exchanges)
  const tables = readZip(members)
  if (!tables.ok) return tables
  const people = tables.value.find(isMembers)
  if (people === undefined) return refuse('file_shape_unknown', { file: 'members', from: FROM })
  return readTables(people, exchanges ?? tables.value.find(isTransfers) ?? null)
}

/** By their shape, for names and headings are in the language of whoever exported. */
function isMembers(table: Uint8Array): boolean {
  const rows = readGrid(table, 'members', { separator: ',', quotes: 'strict' })
  return rows.ok && rows.value[0]?.cells.length === MEMBER_CELLS
}

/** Offers have five cells as well, but no days and lengths in them. */
function isTransfers(table: Uint8Array): boolean {
  const rows = readGrid(table, 'exchanges', { separator: ',', quotes: 'strict' })
  if (!rows.ok || rows.value[0]?.cells.length !== TRANSFER_CELLS) return false
  const [, first] = rows.value
  return (
    first !== undefined &&
    dayIn(first.cells[0] ?? '') !== null &&
    quantitySeconds(first.cells[4] ?? '') !== null
  )
}

function readTables(members: Uint8Array, exchanges: Uint8Array | null): Outcome<Read> {
  const rows = readGrid(members, 'members', { separator: ',', quotes: 'strict' })
  if (!rows.ok) return rows
  const transfers =
    exchanges === null ? accept(null) : readGrid(exchanges, 'exchanges', { separator: ',', quotes: 'strict' })
  if (!transfers.ok) return transfers
  if (rows.value[0]?.cells.length === USER_CELLS) {
    const history = transfers.value === null ? accept(null) : readTimeoverflowTransfers(transfers.value)
    if (!history.ok) return history
    const users = readTimeoverflowUsers(rows.value, history.value)
    return users.ok ? accept({ members: users.value, exchanges: history.value?.file ?? null }) : users
  }
  const people = readMembers(rows.value)
  if (!people.ok) return people
  const history = transfers.value === null ? accept(null) : readTransfers(transfers.value)
  return history.ok ? accept({ members: people.value, exchanges: history.value }) : history
}

function readMembers([heading, ...rows]: readonly RawRow[]): Outcome<MembersFile> {
  const gathered = new GatheredMembers()
  if (heading?.cells.length !== MEMBER_CELLS || wholeSeconds(heading.cells[MEMBER_CELLS - 1] ?? '') !== null)
    return refuse('file_shape_unknown', { file: 'members', from: FROM })
  for (const { line, cells } of rows) {
    const refused = cellsRefusal('members', { line, cells }, MEMBER_CELLS, rows.at(-1)?.line === line)
    if (refused !== null) return refused
    const [number = '', name = '', email, phone, phone2, created = '', , language, balance = ''] = cells
    gathered.take({
      line,
      number,
      name,
      kind: 'member',
      status: 'active',
      joinedOn: dayIn(created),
      email: email ?? null,
      phone: phone ?? null,
      phone2: phone2 ?? null,
      language: language ?? null,
      seconds: wholeSeconds(balance) ?? 'hours_unclear',
    })
  }
  return accept(gathered.file([]))
}

function readTransfers([heading, ...rows]: readonly RawRow[]): Outcome<ExchangesFile> {
  const gathered = new GatheredExchanges()
  if (heading?.cells.length !== TRANSFER_CELLS || dayIn(heading.cells[0] ?? '') !== null)
    return refuse('file_shape_unknown', { file: 'exchanges', from: FROM })
  for (const { line, cells } of rows) {
    const refused = cellsRefusal('exchanges', { line, cells }, TRANSFER_CELLS, rows.at(-1)?.line === line)
    if (refused !== null) return refused
    const [date = '', helped = '', helper = '', description = '', quantity = ''] = cells
    gathered.take({
      line,
      sourceId: '',
      day: dayIn(date),
      provider: accountIn(helper),
      recipient: accountIn(helped),
      seconds: quantitySeconds(quantity) ?? 'hours_unclear',
      description,
    })
  }
  return accept(gathered.file([]))
}

/** Why these cells are none of this program, or null. A short last row is a file that was cut. */
export function cellsRefusal(
  file: ImportFile,
  { line, cells }: RawRow,
  width: number,
  isLast: boolean,
): ReturnType<typeof refuse> | null {
  if (cells.length === width) return null
  if (isLast && cells.length < width) return refuse('file_truncated', { file, line })
  return refuse('file_shape_unknown', { file, from: FROM, line })
}

/** The number in `Name (number)`; else the whole text, which names the bank itself or somebody who is gone. */
function accountIn(cell: string): string {
  return /\((\d{1,18})\)$/.exec(cell)?.[1] ?? cell
}

/** Seconds of `h:mm`, or of `0`. */
function quantitySeconds(cell: string): number | null {
  const [, hours, minutes] = /^(\d{1,6}):([0-5]\d)$/.exec(cell) ?? []
  if (hours !== undefined) return Number(hours) * 3600 + Number(minutes) * 60
  return cell === '0' ? 0 : null
}
