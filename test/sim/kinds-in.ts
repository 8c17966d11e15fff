/** Which kinds of entries does a batch write? */

import { decodeEntry, type Kind } from '../../src/core/entry.ts'
import type { Write } from '../../src/store/store.ts'
import { entriesIn } from './entries-in.ts'

export function kindsIn(batch: readonly Write[]): Kind[] {
  const kinds: Kind[] = []
  for (const { raw } of entriesIn(batch)) {
    const read = decodeEntry(raw)
    if (read.ok) kinds.push(read.entry.kind)
  }
  return kinds
}
