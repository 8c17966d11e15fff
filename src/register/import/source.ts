/**
 * From which program do the files come? A person says so; each source reads its own shape and yields the same rows,
 * under the lines of the files as they were.
 */

import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { readCes } from './ces.ts'
import type { Columns } from './columns.ts'
import type { ExchangesFile } from './exchanges-file.ts'
import { readKomunitin } from './komunitin.ts'
import type { Unit } from './lengths.ts'
import type { MembersFile } from './members-file.ts'
import { readNamedColumns } from './named-columns.ts'
import { readTimeoverflow } from './timeoverflow.ts'

/** `own` is our own CSV; `sheet` is any table whose columns somebody has named. */
export const SOURCES = ['own', 'sheet', 'timeoverflow', 'ces', 'komunitin'] as const
export type Source = (typeof SOURCES)[number]

/** The bytes of the files. Notes about people stay out until somebody ticks them ([IMP-4]). */
export interface ImportFiles {
  readonly members: Uint8Array
  readonly exchanges?: Uint8Array | null
  /** Balances, where a program keeps them in a file of their own. */
  readonly balances?: Uint8Array | null
  readonly notes?: 'keep' | 'leave'
  readonly from?: Source
  /** What the columns of a `sheet` are. */
  readonly columns?: Columns | null
  /** What one unit is, for programs whose files do not say. */
  readonly unit?: Unit | null
}

export interface SourceRead {
  readonly members: MembersFile
  readonly exchanges: ExchangesFile | null
}

/** Reads files that are not of our own layout. Refuses what their reader does, and `columns_wrong`. */
export function readForeign(files: ImportFiles, from: Exclude<Source, 'own'>): Outcome<SourceRead> {
  const { members, exchanges = null, balances = null, notes = 'leave' } = files
  switch (from) {
    case 'sheet': {
      if (files.columns === undefined || files.columns === null)
        return refuse('columns_wrong', { what: 'columns' })
      const read = readNamedColumns(members, files.columns, notes)
      return read.ok ? accept({ members: read.value, exchanges: null }) : read
    }
    case 'timeoverflow':
      return readTimeoverflow(members, exchanges)
    case 'ces': {
      const { unit } = files
      if (unit === undefined || unit === null) return refuse('columns_wrong', { what: 'unit' })
      return readCes({ members, exchanges, balances, unit }, notes)
    }
    case 'komunitin': {
      const { unit } = files
      if (unit === undefined || unit === null) return refuse('columns_wrong', { what: 'unit' })
      return readKomunitin(members, exchanges, unit)
    }
  }
}
