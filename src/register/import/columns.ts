/**
 * Which column of a sheet is what? A person says so, on the page or in a file; nothing is taken from a column that
 * nobody named ([IMP-8]).
 */

import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { UNITS, type Unit } from './lengths.ts'

/** What a column may hold. A name may stand in several, first name and surname. */
export const FIELDS = [
  'number',
  'name',
  'phone',
  'phone_2',
  'email',
  'area',
  'joined_on',
  'hours',
  'note',
] as const
export type Field = (typeof FIELDS)[number]

/** In which order days, months and years stand. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const
export type DateOrder = (typeof DATE_ORDERS)[number]

/** A column by its number from 1, or by its heading. */
export type ColumnName = number | string

export interface Columns {
  /** Line of the headings, from 1; 0 when there are none. */
  readonly heading: number
  readonly columns: Readonly<Partial<Record<Field, readonly ColumnName[]>>>
  /** What a plain number of hours counts; null only where no column holds hours. */
  readonly unit: Unit | null
  readonly dates: DateOrder
  /** Lines to leave out, ascending. */
  readonly leaveOut: readonly number[]
}

const MOST_NAMES = 4
const OTHERS = ['heading', 'unit', 'dates', 'leave_out'] as const

/**
 * Columns as JSON or TOML says them: each field with a column or a list of them, and `heading`, `unit`, `dates`,
 * `leave_out`. Refuses `columns_wrong` and names what is wrong.
 */
export function readColumns(value: unknown): Outcome<Columns> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('columns')
  const said = value as Readonly<Record<string, unknown>>
  const known: readonly string[] = [...FIELDS, ...OTHERS]
  const unknown = Object.keys(said).find((key) => !known.includes(key))
  if (unknown !== undefined) return wrong(unknown.slice(0, 40))
  const columns: Partial<Record<Field, readonly ColumnName[]>> = {}
  for (const field of FIELDS) {
    const names = Object.hasOwn(said, field) ? namesIn(said[field]) : []
    if (names === null || (names.length > 1 && field !== 'name')) return wrong(field)
    if (names.length > 0) columns[field] = names
  }
  if (columns.name === undefined) return wrong('name')
  const unit = UNITS.find((one) => one === said.unit) ?? null
  if ((unit === null) !== (columns.hours === undefined)) return wrong('unit')
  const dates = DATE_ORDERS.find((one) => one === (said.dates ?? 'ymd'))
  if (dates === undefined) return wrong('dates')
  const heading = said.heading ?? 1
  if (!isLine(heading, 0)) return wrong('heading')
  const leaveOut = said.leave_out ?? []
  if (!Array.isArray(leaveOut) || leaveOut.length > LIMITS.importRows) return wrong('leave_out')
  if (!leaveOut.every((line) => isLine(line, 1))) return wrong('leave_out')
  const lines = [...new Set(leaveOut as number[])].sort((a, b) => a - b)
  return accept({ heading, columns, unit, dates, leaveOut: lines })
}

/** What `readColumns` reads, with one spelling for one meaning: for a digest, and to keep as a file. */
export function writeColumns({ heading, columns, unit, dates, leaveOut }: Columns): Record<string, unknown> {
  const named = FIELDS.flatMap((field) => (columns[field] === undefined ? [] : [[field, columns[field]]]))
  const unitSaid = unit === null ? {} : { unit }
  return { ...Object.fromEntries(named), heading, ...unitSaid, dates, leave_out: leaveOut }
}

function namesIn(value: unknown): readonly ColumnName[] | null {
  const names: unknown[] = Array.isArray(value) ? value : [value]
  const sound = names.every(
    (one) =>
      (typeof one === 'number' && Number.isInteger(one) && one >= 1 && one <= LIMITS.importColumns) ||
      (typeof one === 'string' && one.trim() !== '' && one.length <= LIMITS.noteBytes),
  )
  const twice = new Set(names).size < names.length
  return sound && !twice && names.length <= MOST_NAMES ? (names as ColumnName[]) : null
}

function isLine(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least
}

function wrong(what: string): ReturnType<typeof refuse> {
  return refuse('columns_wrong', { what })
}
