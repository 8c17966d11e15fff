/**
 * Who on a list may be the same person twice, or be here already? A question for a person: two people may well bear one
 * name, and nobody is ever merged ([IMP-8]).
 */

import type { People } from '../people.ts'
import { plain } from './headings.ts'
import type { MemberRow } from './members-file.ts'

export interface SameName {
  readonly line: number
  readonly name: string
  /** The line before it with this name; null for somebody who is in the register. */
  readonly firstLine: number | null
}

/** Of rows without a number: a number tells two people of one name apart. */
export function sameNames(rows: readonly MemberRow[], people: People): SameName[] {
  const asked = rows.filter((row) => row.number === '' && row.person !== null)
  if (asked.length === 0) return []
  const known = new Set(people.all().map(({ name }) => plain(name)))
  const first = new Map<string, number>()
  const found: SameName[] = []
  for (const { line, person } of asked.toSorted((a, b) => a.line - b.line)) {
    const name = person?.name ?? ''
    const firstLine = first.get(plain(name)) ?? null
    if (firstLine !== null || known.has(plain(name))) found.push({ line, name, firstLine })
    if (firstLine === null) first.set(plain(name), line)
  }
  return found
}
