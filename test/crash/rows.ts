/**
 * Is every row of the table of crash points played? Which scenarios claim a row, and whether their runs really met it.
 * The rows and their counters are those of the simulator's seeds; the rows that only a script can aim at stand here.
 */

import { CRASH_TABLE, type Row, unmet } from '../sim/crash-table.ts'
import { SCENARIOS } from './scenarios.ts'

/** Rows that are looked at here beside those of the simulator. */
export const SCRIPTED_ROWS: readonly Row[] = [
  {
    row: "payee's bank dies around the bounce",
    counters: ['crash: rcv.bounce before', 'crash: rcv.bounce lost', 'crash: rcv.bounce after'],
  },
]

export const ROWS: readonly Row[] = [...CRASH_TABLE, ...SCRIPTED_ROWS]

/** Scenarios that claim this row. */
export function claimants(row: string): string[] {
  return SCENARIOS.filter(({ rows }) => rows.includes(row)).map(({ name }) => name)
}

/** Rows that a scenario claims and that do not exist. */
export function unknownRows(): string[] {
  const known = new Set(ROWS.map(({ row }) => row))
  return SCENARIOS.flatMap(({ rows }) => rows).filter((row) => !known.has(row))
}

/** Rows that none of the runs with these counters has met. */
export function unmetRows(counts: Readonly<Record<string, number>>): string[] {
  return unmet(ROWS, counts)
}

/** Rows that this scenario claims and that none of its runs has met. */
export function emptyClaims(rows: readonly string[], counts: Readonly<Record<string, number>>): string[] {
  return unmet(
    ROWS.filter(({ row }) => rows.includes(row)),
    counts,
  )
}
