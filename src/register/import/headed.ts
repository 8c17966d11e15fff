/**
 * Which cells stand under which heading in a file that another program wrote? Its headings are known; a file without
 * them comes from elsewhere and is refused.
 */

import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { readGrid } from './grid.ts'
import type { ImportFile, LeftColumn } from './table.ts'
import { SECRET } from './table.ts'

export interface HeadedRow {
  readonly line: number
  /** The cell under the first of these headings that the file has; empty when it has none of them. */
  cell(...headings: readonly string[]): string
}

export interface Headed {
  readonly rows: readonly HeadedRow[]
  /** Columns that hold secrets: never read. */
  readonly left: readonly LeftColumn[]
}

/**
 * Rows of a file by headings, whatever their capitals. Each group needs one of its headings. Refuses what `readGrid`
 * does, `file_shape_unknown`, and `file_truncated` when the last row is shorter than the headings.
 */
export function readHeaded(
  bytes: Uint8Array,
  { file, from, needs }: { file: ImportFile; from: string; needs: readonly (readonly string[])[] },
): Outcome<Headed> {
  const grid = readGrid(bytes, file, { quotes: 'strict' })
  if (!grid.ok) return grid
  const [heading, ...rows] = grid.value
  const places = new Map<string, number>()
  for (const [at, cell] of (heading?.cells ?? []).entries()) {
    const name = cell.toLowerCase()
    if (!isSecret(name) && !places.has(name)) places.set(name, at)
  }
  if (!needs.every((group) => group.some((one) => places.has(one))))
    return refuse('file_shape_unknown', { file, from })
  const last = rows.at(-1)
  if (last !== undefined && last.cells.length < (heading?.cells.length ?? 0))
    return refuse('file_truncated', { file, line: last.line })
  const left = (heading?.cells ?? []).flatMap((column): LeftColumn[] =>
    isSecret(column.toLowerCase()) ? [{ file, column: column.slice(0, 80), why: 'secret' }] : [],
  )
  const headed = rows.map(({ line, cells }) => ({
    line,
    cell: (...headings: readonly string[]) => {
      const found = headings.find((one) => places.has(one))
      return found === undefined ? '' : (cells[places.get(found) as number] ?? '')
    },
  }))
  return accept({ rows: headed, left })
}

function isSecret(heading: string): boolean {
  return SECRET.test(heading.replace(/[\s-]+/g, '_'))
}
