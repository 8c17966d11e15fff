/** Which batches does a writer leave behind, and which of them are whole? Used on both sides of a killed process. */
import { entryKey, formatKey } from '../../src/store/keyspace.ts'
import type { Store, Write } from '../../src/store/store.ts'

const ROWS = 5

/** Batch `n`: five rows of some size that name it, and the number of the last batch. */
export function batchOf(n: number): Write[] {
  const rows = Array.from({ length: ROWS }, (_, row) => ({ put: entryKey(n, row), value: valueFor(n, row) }))
  return [...rows, { put: formatKey, value: new TextEncoder().encode(String(n)) }]
}

/** The number of the last batch, 0 before the first. */
export function lastBatch(store: Store): number {
  const value = store.get(formatKey)
  return value === undefined ? 0 : Number(new TextDecoder().decode(value))
}

/** How many rows of batch `n` are there as they were written: five or none, unless the batch was torn. */
export function rowsKept(store: Store, n: number): number {
  let kept = 0
  for (let row = 0; row < ROWS; row++) {
    const value = store.get(entryKey(n, row))
    if (value !== undefined && Buffer.compare(value, valueFor(n, row)) === 0) kept++
  }
  return kept
}

function valueFor(n: number, row: number): Uint8Array {
  return new Uint8Array(200 + ((n * 7919 + row * 104_729) % 3000)).fill((n + row) & 255)
}
