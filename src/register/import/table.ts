/**
 * Which rows stand in a CSV file? Its encoding, separator, headings and row lengths are checked before any cell
 * means anything; a file that ends in the middle is refused as a whole ([IMP-6]).
 */

import { type CsvError, type Options, type OptionsWithColumns, parse } from 'csv-parse/sync'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, type Refusal, refuse } from '../../core/refusal.ts'
import { readCell } from './cells.ts'

export type ImportFile = 'members' | 'exchanges' | 'balances'

/** Headings of a file, in any order: those that must be there, those that may, and those taken only when asked for. */
export interface Layout<C extends string> {
  readonly file: ImportFile
  readonly required: readonly C[]
  readonly optional: readonly C[]
  readonly unticked: readonly C[]
}

/** Why a column is not taken: we do not know it, it holds a secret or an identity number, or nobody ticked it. */
export type ColumnFate = 'unknown' | 'secret' | 'unticked'

export interface LeftColumn {
  readonly file: ImportFile
  readonly column: string
  readonly why: ColumnFate
}

export interface Row<C extends string> {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number
  /** The text of a cell, without outer blanks; empty when the file has no such column. */
  cell(column: C): string
}

export interface Table<C extends string> {
  readonly rows: readonly Row<C>[]
  /** Rows with too few or too many cells. */
  readonly odd: readonly { readonly line: number; readonly why: 'cells_missing' | 'cells_too_many' }[]
  readonly left: readonly LeftColumn[]
}

/** Passwords, PINs, secret questions, identity numbers and dates of birth, by what their headings contain ([IMP-4]). */
export const SECRET =
  /pass(word|wd|phrase|wort|code)?(_|$)|contrasenya|contrasena|mot_de_passe|pwd|secret|(^|_)(pin|token|hash|salt|nino|ssn|dni|nie|nif|dob)(_|$)|id_?no$|national_(id|insurance)|identity|passport|birth/

/**
 * The rows of a file. Refuses `file_too_large`, `file_not_utf8`, `file_truncated`, `file_rows_wrong`,
 * `file_heading_missing` and `file_heading_unknown` (none of the headings is ours, or one stands twice); facts name
 * the file and the line or column.
 */
export function readTable<C extends string>(bytes: Uint8Array, layout: Layout<C>): Outcome<Table<C>> {
  const { file } = layout
  if (bytes.length > LIMITS.httpBodyBytes)
    return refuse('file_too_large', { file, mostBytes: LIMITS.httpBodyBytes })
  const text = textOf(bytes)
  if (text === null) return refuse('file_not_utf8', { file })
  const parsed = parseRows(text, file)
  if (!parsed.ok) return parsed
  const [heading, ...body] = parsed.value
  if (heading === undefined) return refuse('file_heading_missing', { file, column: layout.required[0] ?? '' })
  const columns = readHeading(heading.cells, layout)
  if (!columns.ok) return columns
  const width = heading.cells.length
  const last = body.at(-1)
  if (last !== undefined && last.cells.length < width)
    return refuse('file_truncated', { file, line: last.line })
  const { places, left } = columns.value
  const rows: Row<C>[] = []
  const odd: Table<C>['odd'][number][] = []
  for (const { line, cells } of body) {
    if (cells.length < width) odd.push({ line, why: 'cells_missing' })
    else if (cells.length > width) odd.push({ line, why: 'cells_too_many' })
    else rows.push({ line, cell: (column) => readCell((cells[places.get(column) ?? width] ?? '').trim()) })
  }
  return accept({ rows, odd, left })
}

/**
 * UTF-8 with or without a mark; null for anything else. A zero byte is the sign of UTF-16. Every line ends alike,
 * for the parser would count a CR LF inside quotes as two lines.
 */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n')
  } catch {
    return null
  }
}

/** Cells of a row and the line on which it begins, from 1. */
export interface RawRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** How a file is read that is not of our own layout: by this separator, with quotes in the middle of a cell left alone. */
export interface Reading {
  readonly separator: string
  readonly quotes: 'strict' | 'loose'
}

/** The rows with anything in them. Refuses `file_too_large`, `file_truncated` and `file_rows_wrong`. */
export function parseRows(
  text: string,
  file: ImportFile,
  { separator, quotes }: Reading = { separator: separatorOf(text), quotes: 'strict' },
): Outcome<RawRow[]> {
  try {
    const options: Options<RawRow, string[]> = {
      delimiter: separator,
      relax_quotes: quotes === 'loose',
      record_delimiter: '\n',
      relax_column_count: true,
      // A row of another length costs the parser many times its bytes: empty ones it never sees, and none beyond the
      // heading, the rows that may stand, and the one that shows that there are more.
      skip_empty_lines: true,
      to: LIMITS.importRows + 2,
      on_record: (cells, { lines }) => ({ line: lines - breaksIn(cells), cells }),
    }
    const rows = parse(text, options as OptionsWithColumns<RawRow, string[]>)
    const mostRows = LIMITS.importRows
    if (rows.length > mostRows + 1) return refuse('file_too_large', { file, mostRows })
    return accept(rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')))
  } catch (thrown) {
    return { ok: false, refusal: parseRefusal(thrown, file) }
  }
}

/** What the parser says, as a refusal; anything but its own errors is ours. */
function parseRefusal(thrown: unknown, file: ImportFile): Refusal {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('lines' in thrown)) throw thrown
  const { code, lines } = thrown as CsvError & { lines: number }
  return refuse(code === 'CSV_QUOTE_NOT_CLOSED' ? 'file_truncated' : 'file_rows_wrong', { file, line: lines })
    .refusal
}

/** Comma or semicolon, whichever the first line has more of. */
function separatorOf(text: string): ',' | ';' {
  const heading = /^[^\n]*/.exec(text)?.[0] ?? ''
  return heading.split(';').length > heading.split(',').length ? ';' : ','
}

/** Line breaks inside the cells of a row; the parser counts to its last line. */
function breaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.split('\n').length - 1), 0)
}

function readHeading<C extends string>(
  cells: readonly string[],
  layout: Layout<C>,
): Outcome<{ places: Map<C, number>; left: LeftColumn[] }> {
  const { file, required, optional, unticked } = layout
  const mostColumns = LIMITS.importColumns
  if (cells.length > mostColumns) return refuse('file_too_large', { file, mostColumns })
  const places = new Map<C, number>()
  const left: LeftColumn[] = []
  const taken: readonly C[] = [...required, ...optional]
  for (const [at, cell] of cells.entries()) {
    const column = cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_')
    const ours = taken.find((one) => one === column)
    if (ours !== undefined && places.has(ours)) return refuse('file_heading_unknown', { file, column })
    if (ours !== undefined) places.set(ours, at)
    else if (unticked.some((one) => one === column)) left.push({ file, column, why: 'unticked' })
    else left.push({ file, column: column || `(${at + 1})`, why: SECRET.test(column) ? 'secret' : 'unknown' })
  }
  const first = left[0]
  if (places.size === 0 && first !== undefined)
    return refuse('file_heading_unknown', { file, column: first.column })
  const missing = required.find((column) => !places.has(column))
  return missing === undefined
    ? accept({ places, left })
    : refuse('file_heading_missing', { file, column: missing })
}
