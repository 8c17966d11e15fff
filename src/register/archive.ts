/**
 * What becomes of somebody's rows in an imported history when that person is erased? The number and the words go, and the
 * hours of whoever was on the other side stay.
 */

import { privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { archiveValue, readArchiveRow } from './import/exchanges-file.ts'
import { ERASED } from './import/history.ts'

const PAGE = 512

/** The rows in which this number stands, without it and without words. */
export function erasedArchiveRows(store: Store, number: string): Promise<Write[]> {
  const same = (other: string): boolean => other.toUpperCase() === number.toUpperCase()
  return rewritten(store, ({ provider, recipient }) => same(provider) || same(recipient), same)
}

/** The rows that were rewritten so before, once more: a compaction then meets what they were wherever it still lies. */
export function erasedAgain(store: Store): Promise<Write[]> {
  const same = (other: string): boolean => other === ERASED
  return rewritten(store, ({ provider, recipient }) => same(provider) || same(recipient), same)
}

async function rewritten(
  store: Store,
  concerns: (row: NonNullable<ReturnType<typeof readArchiveRow>>) => boolean,
  same: (number: string) => boolean,
): Promise<Write[]> {
  const rows: Write[] = []
  for await (const page of store.pages(privateRange('archive'), PAGE)) {
    for (const [key, value] of page) {
      const row = readArchiveRow(value)
      if (row === null || !concerns(row)) continue
      const without = (number: string): string => (same(number) ? ERASED : number)
      const kept = {
        ...row,
        provider: without(row.provider),
        recipient: without(row.recipient),
        description: '',
      }
      rows.push({ put: key, value: archiveValue(kept) })
    }
  }
  return rows
}
