/** Which entries does a batch write, and where in the log of which epoch do they stand? */

import { entryKey, entryRange, indexOfEntryKey } from '../../src/store/keyspace.ts'
import type { Write } from '../../src/store/store.ts'

export interface WrittenEntry {
  readonly epoch: number
  readonly index: number
  readonly raw: Uint8Array
}

/** More epochs than any simulated bank has. */
const LAST_EPOCH = 1_000

const { from } = entryRange(0)
const { to } = entryRange(LAST_EPOCH)
/** An entry's key ends with epoch and index, big-endian, in 4 and 8 bytes. */
const EPOCH_AT = entryKey(0, 0).length - 12

export function entriesIn(batch: readonly Write[]): WrittenEntry[] {
  const entries: WrittenEntry[] = []
  for (const write of batch) {
    if ('del' in write || Buffer.compare(write.put, from) < 0 || Buffer.compare(write.put, to) >= 0) continue
    const { buffer, byteOffset } = write.put
    const epoch = new DataView(buffer, byteOffset).getUint32(EPOCH_AT)
    entries.push({ epoch, index: indexOfEntryKey(write.put), raw: write.value })
  }
  return entries
}
