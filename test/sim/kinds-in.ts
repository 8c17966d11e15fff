/** Which kinds of entries does a batch write? */

import { decodeEntry, type Kind } from '../../src/core/entry.ts'
import { entryRange } from '../../src/store/keyspace.ts'
import type { Write } from '../../src/store/store.ts'

export function kindsIn(batch: readonly Write[]): Kind[] {
  const { from, to } = entryRange(0)
  const kinds: Kind[] = []
  for (const write of batch) {
    if ('del' in write || Buffer.compare(write.put, from) < 0 || Buffer.compare(write.put, to) >= 0) continue
    const read = decodeEntry(write.value)
    if (read.ok) kinds.push(read.entry.kind)
  }
  return kinds
}
