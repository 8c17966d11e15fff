/**
 * How do cells of a CSV stay data in a spreadsheet? A cell that a program would take for a formula gets an
 * apostrophe in front on the way out, and loses it on the way in ([IMP-9]). Numbers of minutes never pass here.
 */

/** What spreadsheets take for the start of a formula, and the wide forms of the same characters. */
const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
const GUARDED = /^'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/** The text as it is written to a cell. `readCell` gives back exactly what went in. */
export function writeCell(text: string | null): string {
  if (text === null) return ''
  return FORMULA.test(text) ? `'${text}` : text
}

/** The text of a cell, without the apostrophe of a guarded one. */
export function readCell(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell
}
