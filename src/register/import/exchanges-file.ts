/**
 * What happened before, as an exchanges file tells it? Every row becomes one line of a read-only archive, or a line
 * that is left out with its reason. The log does not claim to have seen any of it ([IMP-3]).
 */

import { decode, encode } from '../../core/codec.ts'
import type { Bytes } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome } from '../../core/refusal.ts'
import { anyInteger, type Field, integer, record, type TypeOf } from '../../core/schema.ts'
import { pieceId, privateKey } from '../../store/keyspace.ts'
import type { Write } from '../../store/store.ts'
import { dayOf } from '../calendar.ts'
import { fits, line as oneLine, words } from '../texts.ts'
import { readMinutes } from './members-file.ts'
import type { SkippedLine, SkipReason } from './skipped.ts'
import { type LeftColumn, type Row, readTable } from './table.ts'

export const EXCHANGE_COLUMNS = [
  'source_id',
  'happened_on',
  'provider_number',
  'recipient_number',
  'minutes',
  'category',
  'description',
  'kind',
  'corrects',
] as const
export type ExchangeColumn = (typeof EXCHANGE_COLUMNS)[number]

const anyText: Field<string> = {
  read: (value) => (typeof value === 'string' ? value : undefined),
  write: (value) => value,
}
const rowField = record({
  /** Line of the file. */
  line: integer(1, Number.MAX_SAFE_INTEGER),
  sourceId: anyText,
  /** Days since 1970-01-01; may lie before. */
  day: anyInteger,
  provider: anyText,
  recipient: anyText,
  minutes: integer(1, LIMITS.exchangeMinutes),
  category: anyText,
  description: anyText,
  kind: anyText,
  corrects: anyText,
})
const PRIVATE = { controlCharacters: 'allowed' } as const

/** One exchange of the time before. Numbers and categories are texts, as the file had them. */
export type ArchivedExchange = TypeOf<typeof rowField>

export interface ExchangesFile {
  readonly rows: readonly ArchivedExchange[]
  readonly skipped: readonly SkippedLine[]
  readonly left: readonly LeftColumn[]
}

export function readExchangesFile(bytes: Uint8Array): Outcome<ExchangesFile> {
  const required = ['happened_on', 'provider_number', 'recipient_number', 'minutes'] as const
  const optional = EXCHANGE_COLUMNS.filter((one) => !required.some((must) => must === one))
  const table = readTable<ExchangeColumn>(bytes, { file: 'exchanges', required, optional, unticked: [] })
  if (!table.ok) return table
  const rows: ArchivedExchange[] = []
  const skipped: SkippedLine[] = table.value.odd.map(({ line, why }) => skip(line, why, null))
  const sources = new Set<string>()
  for (const row of table.value.rows) {
    const source = oneLine(row.cell('source_id'))
    const read = source !== '' && sources.has(source) ? 'source_twice' : readRow(row, source)
    if (typeof read === 'string') skipped.push(skip(row.line, read, source === '' ? null : source))
    else rows.push(read)
    sources.add(source)
  }
  return accept({ rows, skipped: skipped.sort((a, b) => a.line - b.line), left: table.value.left })
}

function skip(line: number, reason: SkipReason, number: string | null): SkippedLine {
  return { file: 'exchanges', line, reason, number }
}

function readRow(row: Row<ExchangeColumn>, sourceId: string): ArchivedExchange | SkipReason {
  return exchangeOf({
    line: row.line,
    sourceId,
    day: row.cell('happened_on'),
    provider: row.cell('provider_number'),
    recipient: row.cell('recipient_number'),
    minutes: readMinutes(row.cell('minutes')),
    category: row.cell('category'),
    description: row.cell('description'),
    kind: row.cell('kind'),
    corrects: row.cell('corrects'),
  })
}

/** What a file of any program says of one exchange; the day as YYYY-MM-DD, null when it cannot be told. */
export interface ExchangeFields extends Omit<ArchivedExchange, 'day' | 'minutes'> {
  readonly day: string | null
  readonly minutes: number | SkipReason
}

/** The exchange as it is archived, or why it is left out. */
export function exchangeOf(fields: ExchangeFields): ArchivedExchange | SkipReason {
  const { line, sourceId, minutes } = fields
  const [provider, recipient] = [oneLine(fields.provider), oneLine(fields.recipient)]
  if (provider === '' || recipient === '') return 'person_missing'
  if (provider.toUpperCase() === recipient.toUpperCase()) return 'same_person'
  const day = fields.day === null ? null : dayOf(fields.day)
  if (day === null) return 'date_malformed'
  if (typeof minutes === 'string') return minutes
  if (minutes < 1 || minutes > LIMITS.exchangeMinutes) return 'minutes_out_of_range'
  const description = words(fields.description)
  const [category, kind, corrects] = [
    oneLine(fields.category),
    oneLine(fields.kind),
    oneLine(fields.corrects),
  ]
  const short = [sourceId, provider, recipient, category, kind, corrects].every((text) =>
    fits(text, LIMITS.contactBytes),
  )
  if (!short || !fits(description, LIMITS.noteBytes)) return 'text_too_long'
  return { line, sourceId, day, provider, recipient, minutes, category, description, kind, corrects }
}

/** The row of the n-th archived exchange of the files with this digest. */
export function archiveRow(digest: Bytes, n: number, exchange: ArchivedExchange): Write {
  return { put: privateKey('archive', pieceId(digest, n)), value: archiveValue(exchange) }
}

export function archiveValue(exchange: ArchivedExchange): Bytes {
  return encode(rowField.write(exchange), PRIVATE)
}

/** An archived exchange, or null for a row that is being erased. */
export function readArchiveRow(value: Uint8Array): ArchivedExchange | null {
  const decoded = decode(value, PRIVATE)
  return (decoded.ok ? rowField.read(decoded.value) : undefined) ?? null
}
