/**
 * Which cells stand in a file of another program, or in rows copied from a spreadsheet? The encoding and the separator
 * are found; what the cells mean is for others to say ([IMP-6]).
 */

import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { type ImportFile, parseRows, type RawRow, type Reading } from './table.ts'

/** As a copy from a spreadsheet comes, as half of Europe writes, and as the rest does. */
const SEPARATORS = ['\t', ';', ','] as const
/** Lines in which separators are counted: a heading and some people are enough. */
const LOOKED_AT = 50

/**
 * The rows with anything in them, blanks around cells gone. UTF-8 with or without mark, and Windows-1252 where it is
 * not that. Refuses `file_too_large`, `file_not_utf8` for what is no text, `file_truncated` and `file_rows_wrong`.
 */
export function readGrid(
  bytes: Uint8Array,
  file: ImportFile,
  reading: Partial<Reading> = {},
): Outcome<readonly RawRow[]> {
  if (bytes.length > LIMITS.httpBodyBytes)
    return refuse('file_too_large', { file, mostBytes: LIMITS.httpBodyBytes })
  // A zero byte is the sign of UTF-16, or of no text at all.
  if (bytes.includes(0)) return refuse('file_not_utf8', { file })
  const text = textOf(bytes).replace(/\r\n?/g, '\n')
  const separator = reading.separator ?? separatorOf(text)
  const parsed = parseRows(text, file, { separator, quotes: reading.quotes ?? 'loose' })
  if (!parsed.ok) return parsed
  const widest = parsed.value.reduce((most, { cells }) => Math.max(most, cells.length), 0)
  if (widest > LIMITS.importColumns)
    return refuse('file_too_large', { file, mostColumns: LIMITS.importColumns })
  return accept(parsed.value.map(({ line, cells }) => ({ line, cells: cells.map((cell) => cell.trim()) })))
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The one that stands in most lines; a comma inside a number is in fewer lines than what parts the cells. */
function separatorOf(text: string): string {
  const lines = text
    .split('\n', LOOKED_AT)
    .map((line) => line.replace(/"[^"]*"/g, ''))
    .filter((line) => line.trim() !== '')
  let [best, most] = [',', 0]
  for (const separator of SEPARATORS) {
    const having = lines.filter((line) => line.includes(separator)).length
    if (having > most) [best, most] = [separator, having]
  }
  return best
}
