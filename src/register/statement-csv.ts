/** How does a statement become a file? One line a row, lengths in whole minutes, cells that no spreadsheet takes for a formula. */

import { stringify } from 'csv-stringify/sync'
import { dateOf } from './calendar.ts'
import { writeCell } from './import/cells.ts'
import type { MemberLine } from './statements.ts'

const SECONDS_PER_DAY = 86_400

/** CSV with the headings date, what, minutes, entry and state; minutes above 0 helped, below 0 were helped. */
export function statementCsv(
  rows: readonly { readonly line: MemberLine; readonly words: string; readonly isStruck: boolean }[],
): string {
  return stringify(
    rows.map(({ line, words, isStruck }) => [
      dateOf(line.day ?? Math.floor(line.time / SECONDS_PER_DAY)),
      writeCell(words),
      line.minutes,
      line.index,
      isStruck ? 'taken back' : '',
    ]),
    { header: true, columns: ['date', 'what', 'minutes', 'entry', 'state'] },
  )
}
