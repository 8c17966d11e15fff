/**
 * Of which epochs is our log made? Each has its key and its tree; an index of the book counts through all of them, and
 * this list says where that is. The last one is being written.
 */

import type { VerifyingKey } from '../core/ed25519.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, originOf } from '../core/ids.ts'
import { type LogTree, openTree } from '../log/tree.ts'
import { edgeKey, tileKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'

export interface OwnEpoch {
  readonly epoch: number
  /** Entries of the log before its first. */
  readonly start: number
  readonly key: VerifyingKey
  readonly tree: LogTree
}

/** Oldest first, at least one; the writer adds one when the key changes. */
export type OwnEpochs = OwnEpoch[]

export function presentEpoch(epochs: OwnEpochs): OwnEpoch {
  return epochs.at(-1) as OwnEpoch
}

/** The epoch in which an entry stands, and its index there. */
export function placeOf(epochs: OwnEpochs, at: number): { readonly of: OwnEpoch; readonly index: number } {
  const of = epochs.findLast(({ start }) => start <= at) ?? (epochs[0] as OwnEpoch)
  return { of, index: at - of.start }
}

/** The log that a checkpoint of this epoch names. */
export function logOf(bank: Bytes, { epoch, key }: OwnEpoch): { origin: string; key: VerifyingKey } {
  return { origin: originOf(bank, epoch), key }
}

/** The tree of an epoch from its stored hashes; of one that has none yet for size 0. */
export function openEpochTree(store: Store, epoch: number, size: number): LogTree {
  return openTree({
    size,
    loadHash: (level, index) => stored(store.get(edgeKey(epoch, level, index)), `hash ${level}/${index}`),
    loadTile: (level, n) => store.get(tileKey(epoch, level, n)),
  })
}

function stored(hash: Bytes | undefined, what: string): Bytes {
  if (hash === undefined)
    throw new Fault('log_invalid', `The stored ${what} of the tree is missing.`, { fatal: true })
  return hash
}
