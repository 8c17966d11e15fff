/**
 * Who stands in a members file, with which balance? Every row becomes a person with whole minutes, or a line that is
 * left out with its reason ([IMP-1], [IMP-4]).
 */

import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { isReserved } from '../people.ts'
import { type NewPerson, type Person, readPerson } from '../person.ts'
import { fits, line as oneLine } from '../texts.ts'
import type { SkippedLine, SkipReason } from './skipped.ts'
import { type LeftColumn, type Row, readTable, type Table } from './table.ts'

export const MEMBER_COLUMNS = [
  'member_number',
  'name',
  'kind',
  'joined_on',
  'status',
  'phone',
  'phone_2',
  'email',
  'area',
  'language',
  'channel',
  'balance_minutes',
  'note',
] as const
export type MemberColumn = (typeof MEMBER_COLUMNS)[number]

/** Kinds of rows: people, the pot, and the far sides of hours that no person here has. */
export const ROW_KINDS = ['member', 'organisation', 'fund', 'before', 'neighbour'] as const
export type RowKind = (typeof ROW_KINDS)[number]

const STATUSES = ['active', 'suspended', 'closed'] as const

export interface MemberRow {
  readonly line: number
  readonly kind: RowKind
  readonly number: string
  readonly balanceMinutes: number
  readonly status: (typeof STATUSES)[number]
  /** The person as it will be kept; null for a row that is nobody. */
  readonly person: Omit<Person, 'account'> | null
}

export interface MembersFile {
  /** Rows that stand, in the order of the file; closed members are among them, for their history. */
  readonly rows: readonly MemberRow[]
  readonly skipped: readonly SkippedLine[]
  readonly left: readonly LeftColumn[]
  /** Lines whose e-mail address was a dummy that some program had made up. */
  readonly dummyEmails: readonly number[]
  /** Lines whose balance was no whole number of minutes, and what the nearest one left over. */
  readonly remainders: readonly Remainder[]
}

/** Seconds by which a line says more (or, below 0, less) than the whole minutes that are taken. */
export interface Remainder {
  readonly line: number
  readonly seconds: number
}

/** What a line of any file says of one person or of the pot, before it is judged. */
export interface MemberFields extends Omit<NewPerson, 'number' | 'kind'> {
  readonly line: number
  /** Empty where a number is given out when the row is written. */
  readonly number: string
  readonly kind: RowKind
  readonly status: MemberRow['status']
  readonly balanceMinutes: number
}

/** Reads a members file; notes are taken when they are ticked. Refuses what `readTable` does, and a number that stands twice. */
export function readMembersFile(bytes: Uint8Array, notes: 'keep' | 'leave'): Outcome<MembersFile> {
  const required = ['member_number', 'name', 'balance_minutes'] as const
  const optional = MEMBER_COLUMNS.filter((one) => !required.some((must) => must === one) && one !== 'note')
  const ticked = notes === 'keep'
  const table: Outcome<Table<MemberColumn>> = readTable<MemberColumn>(bytes, {
    file: 'members',
    required,
    optional: ticked ? [...optional, 'note'] : optional,
    unticked: ticked ? [] : ['note'],
  })
  if (!table.ok) return table
  const rows: MemberRow[] = []
  const skipped: SkippedLine[] = table.value.odd.map(({ line, why }) => skip(line, why, null))
  const dummyEmails: number[] = []
  const seen = new Map<string, number>()
  let pot = false
  for (const row of table.value.rows) {
    const number = oneLine(row.cell('member_number'))
    const first = seen.get(number.toUpperCase())
    if (number !== '' && first !== undefined)
      return refuse('file_rows_wrong', { file: 'members', line: row.line, firstLine: first, number })
    seen.set(number.toUpperCase(), row.line)
    const read = readRow(row, number, pot)
    if (typeof read === 'string') skipped.push(skip(row.line, read, number === '' ? null : number))
    else rows.push(read)
    if (typeof read !== 'string' && read.kind === 'fund') pot = true
    if (typeof read !== 'string' && isDummy(row.cell('email'))) dummyEmails.push(row.line)
  }
  return accept({
    rows,
    skipped: skipped.sort((a, b) => a.line - b.line),
    left: table.value.left,
    dummyEmails,
    remainders: [],
  })
}

function skip(line: number, reason: SkipReason, number: string | null): SkippedLine {
  return { file: 'members', line, reason, number }
}

/** `pot`: a row before this one was the pot. */
function readRow(row: Row<MemberColumn>, number: string, pot: boolean): MemberRow | SkipReason {
  if (number === '') return 'number_missing'
  if (!fits(number, LIMITS.numberBytes) && row.cell('kind') !== 'neighbour') return 'text_too_long'
  const kind = ROW_KINDS.find((one) => one === (row.cell('kind').toLowerCase() || 'member'))
  if (kind === undefined) return 'kind_unknown'
  const status = STATUSES.find((one) => one === (row.cell('status').toLowerCase() || 'active'))
  if (status === undefined) return 'status_unknown'
  const balanceMinutes = readMinutes(row.cell('balance_minutes'))
  if (typeof balanceMinutes === 'string') return balanceMinutes
  return rowOf({ line: row.line, number, kind, status, balanceMinutes, ...personIn(row) }, pot)
}

/** The row that these fields make, or why they make none. `pot`: a row before this one was the pot. */
export function rowOf(fields: MemberFields, pot: boolean): MemberRow | SkipReason {
  const { line, kind, number, balanceMinutes, status, ...said } = fields
  const base = { line, kind, number, balanceMinutes, status }
  if (kind === 'fund') return pot ? 'pot_twice' : { ...base, person: null }
  if (kind === 'before' || kind === 'neighbour') return { ...base, person: null }
  if (isReserved(number)) return 'number_reserved'
  const email = isDummy(said.email ?? '') ? null : (said.email ?? null)
  const person = readPerson({ ...said, email, number, kind })
  if (person.ok) return { ...base, person: person.value }
  return PERSON_REASONS[person.refusal.code as keyof typeof PERSON_REASONS]
}

/** What `readPerson` refuses, as reasons of a line. */
const PERSON_REASONS = {
  name_missing: 'name_missing',
  text_too_long: 'text_too_long',
  request_malformed: 'date_malformed',
} as const

function personIn(row: Row<MemberColumn>): Omit<NewPerson, 'number' | 'kind'> {
  return {
    name: row.cell('name'),
    joinedOn: row.cell('joined_on'),
    phone: row.cell('phone'),
    phone2: row.cell('phone_2'),
    email: row.cell('email'),
    area: row.cell('area'),
    language: row.cell('language'),
    channel: row.cell('channel'),
    note: row.cell('note'),
  }
}

/** An address that some program made up for a person without one ([IMP-4]). */
export function isDummy(email: string): boolean {
  return /@(.+\.)?example\.(com|net|org)$|\.(invalid|test|localhost)$|@localhost$/i.test(email)
}

/** Whole minutes with or without sign. Hours and fractions are not guessed at ([IMP-6]). */
export function readMinutes(cell: string): number | 'minutes_not_whole' | 'minutes_out_of_range' {
  if (!/^[+-]?\d{1,12}$/.test(cell)) return 'minutes_not_whole'
  // An account without hours may be written as -0.
  const minutes = Number(cell) + 0
  return Math.abs(minutes) > LIMITS.exchangeMinutes ? 'minutes_out_of_range' : minutes
}
