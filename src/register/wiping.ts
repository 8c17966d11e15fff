/**
 * How does a private row go for good? It is overwritten, the files are written anew, and only then it is removed: nothing
 * of what stood there is left in any file of the database ([TEST-11]).
 */

import type { Bytes } from '../core/ids.ts'
import type { Node } from '../node/node.ts'
import { allPrivate } from '../store/keyspace.ts'

const ZERO = Uint8Array.of(0)

/** Removes rows that nobody finds any more; after a crash in between their content is gone and one zero byte is left. */
export async function wipeRows(node: Node, keys: readonly Bytes[]): Promise<void> {
  await node.sweep(keys.map((put) => ({ put, value: ZERO })))
  await node.store.compact(allPrivate)
  await node.sweep(keys.map((del) => ({ del })))
  await node.store.compact(allPrivate)
}
