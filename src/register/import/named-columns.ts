/**
 * Who stands in a sheet whose columns a person has named? Title rows, blank rows, merged headings and totals are what
 * sheets are made of: each is passed over and said, and nobody is guessed at ([IMP-8]).
 */

import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { fits, line as oneLine } from '../texts.ts'
import { type ColumnName, type Columns, type DateOrder, FIELDS, type Field } from './columns.ts'
import { readGrid } from './grid.ts'
import { plain } from './headings.ts'
import { readLength } from './lengths.ts'
import { isDummy, type MemberRow, type MembersFile, type Remainder, rowOf } from './members-file.ts'
import type { SkippedLine, SkipReason } from './skipped.ts'
import { type LeftColumn, type RawRow, SECRET } from './table.ts'

/** The name cell of a row that adds up the others. */
const TOTAL = /^(sub ?|grand )?(total|totals|totales|sum|suma|sumas|summe|somme)( |$)/

/** Places of the named columns, from 0. */
type Places = ReadonlyMap<Field, readonly number[]>

/**
 * Reads a sheet by these columns; notes are taken when they are ticked. Refuses what `readGrid` does, and
 * `file_heading_missing` and `file_heading_unknown` for a heading that is not there, or is there twice.
 */
export function readNamedColumns(
  bytes: Uint8Array,
  named: Columns,
  notes: 'keep' | 'leave',
): Outcome<MembersFile> {
  const grid = readGrid(bytes, 'members')
  if (!grid.ok) return grid
  const headings = named.heading === 0 ? null : grid.value.find(({ line }) => line === named.heading)
  if (headings === undefined) return refuse('columns_wrong', { what: 'heading' })
  const placed = placesOf(named, headings?.cells ?? [])
  if (!placed.ok) return placed
  const places = new Map(placed.value)
  const width = headings?.cells.length ?? Number.POSITIVE_INFINITY
  if (notes === 'leave') places.delete('note')
  const reader = new RowReader(places, named, width)
  for (const row of grid.value) if (row !== headings) reader.take(row)
  const { rows, skipped, dummyEmails, remainders } = reader
  return accept({
    rows,
    skipped,
    dummyEmails,
    remainders,
    left: leftColumns(headings?.cells ?? [], placed.value, notes),
  })
}

class RowReader {
  readonly rows: MemberRow[] = []
  readonly skipped: SkippedLine[] = []
  readonly dummyEmails: number[] = []
  readonly remainders: Remainder[] = []
  readonly #numbers = new Set<string>()
  readonly #leaveOut: ReadonlySet<number>
  readonly #places: Places
  readonly #named: Columns
  readonly #width: number

  /** `width`: cells that the headings have. */
  constructor(places: Places, named: Columns, width: number) {
    this.#places = places
    this.#named = named
    this.#width = width
    this.#leaveOut = new Set(named.leaveOut)
  }

  take(row: RawRow): void {
    const number = this.#cell(row, 'number')
    const read = this.#read(row, number)
    if (typeof read === 'string')
      this.skipped.push({
        file: 'members',
        line: row.line,
        reason: read,
        // What stands above the headings is no number, and a text that is too long is none either.
        number:
          number === '' || read === 'above_heading' || !fits(number, LIMITS.numberBytes) ? null : number,
      })
    else this.rows.push(read)
  }

  #read(row: RawRow, number: string): MemberRow | SkipReason {
    const { line, cells } = row
    if (line < this.#named.heading) return 'above_heading'
    const name = this.#cell(row, 'name')
    if (TOTAL.test(plain(name || (cells.find((cell) => cell !== '') ?? '')))) return 'total_row'
    if (this.#leaveOut.has(line)) return 'left_out'
    if (cells.slice(this.#width).some((cell) => cell !== '')) return 'cells_too_many'
    if (!fits(number, LIMITS.numberBytes)) return 'text_too_long'
    if (name === '') return 'name_missing'
    const joinedOn = readDay(this.#cell(row, 'joined_on'), this.#named.dates)
    if (joinedOn === null) return 'date_malformed'
    const length = readLength(this.#cell(row, 'hours'), this.#named.unit ?? 'hours')
    if (typeof length === 'string') return length
    if (number !== '' && this.#numbers.has(number.toUpperCase())) return 'number_twice'
    const texts = {
      name,
      joinedOn,
      phone: this.#cell(row, 'phone'),
      phone2: this.#cell(row, 'phone_2'),
      email: this.#cell(row, 'email'),
      area: this.#cell(row, 'area'),
      note: this.#cell(row, 'note'),
    }
    const fields = { line, number, kind: 'member', status: 'active', balanceMinutes: length.minutes } as const
    const read = rowOf({ ...fields, ...texts }, false)
    if (typeof read === 'string') return read
    this.#numbers.add(number.toUpperCase())
    if (isDummy(texts.email)) this.dummyEmails.push(line)
    if (length.restSeconds !== 0) this.remainders.push({ line, seconds: length.restSeconds })
    return read
  }

  /** The text of a field, of several columns one behind the other. */
  #cell({ cells }: RawRow, field: Field): string {
    const parts = (this.#places.get(field) ?? []).map((at) => cells[at] ?? '')
    const text = parts.filter((part) => part !== '').join(' ')
    return field === 'note' ? text : oneLine(text)
  }
}

function placesOf(named: Columns, headings: readonly string[]): Outcome<Map<Field, readonly number[]>> {
  const places = new Map<Field, readonly number[]>()
  const taken = new Set<number>()
  for (const field of FIELDS) {
    const found: number[] = []
    for (const name of named.columns[field] ?? []) {
      const at = placeOf(name, headings)
      if (!at.ok) return at
      if (taken.has(at.value)) return refuse('columns_wrong', { what: field })
      taken.add(at.value)
      found.push(at.value)
    }
    if (found.length > 0) places.set(field, found)
  }
  return accept(places)
}

function placeOf(name: ColumnName, headings: readonly string[]): Outcome<number> {
  if (typeof name === 'number') return accept(name - 1)
  const found = headings.flatMap((heading, at) => (plain(heading) === plain(name) ? [at] : []))
  if (found.length === 1) return accept(found[0] as number)
  const code = found.length === 0 ? 'file_heading_missing' : 'file_heading_unknown'
  return refuse(code, { file: 'members', column: name.slice(0, 80) })
}

function leftColumns(headings: readonly string[], places: Places, notes: 'keep' | 'leave'): LeftColumn[] {
  const fieldAt = new Map([...places].flatMap(([field, at]) => at.map((one) => [one, field] as const)))
  return headings.flatMap((heading, at): LeftColumn[] => {
    const field = fieldAt.get(at)
    if (field === 'note' && notes === 'leave')
      return [{ file: 'members', column: heading || `(${at + 1})`, why: 'unticked' }]
    if (field !== undefined || heading === '') return []
    const why = SECRET.test(plain(heading).replaceAll(' ', '_')) ? 'secret' : 'unknown'
    return [{ file: 'members', column: heading.slice(0, 80), why }]
  })
}

const BY_YEAR = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})( .*|T.*)?$/
const BY_DAY = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})( .*)?$/

/** The day as YYYY-MM-DD, empty for an empty cell; null for what is no such day, or has no year of four digits. */
export function readDay(cell: string, order: DateOrder): string | null {
  if (cell === '') return ''
  const whole = BY_YEAR.exec(cell)
  if (whole !== null) return dayOf(whole[1], whole[2], whole[3])
  const turned = order === 'ymd' ? null : BY_DAY.exec(cell)
  if (turned === null) return null
  const [, first, second, year] = turned
  return order === 'dmy' ? dayOf(year, second, first) : dayOf(year, first, second)
}

function dayOf(year = '', month = '', day = ''): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
