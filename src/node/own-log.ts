/**
 * What stands in our own log, and how do we prove it? Reads durable entries and makes their artefacts under the
 * newest durable head.
 */

import { decodeEntry, type Entry, type EntryOf, type Kind, type Ref } from '../core/entry.ts'
import { Fault, must } from '../core/fault.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import type { Artefact } from '../log/artefact.ts'
import type { Head } from '../log/checkpoint.ts'
import { consistencyProof, inclusionProof, leafHash } from '../log/merkle.ts'
import type { LogTree } from '../log/tree.ts'
import { checkpointKey, entryKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'

export interface OwnLog {
  /** Bytes of a durable entry. */
  raw(index: number): Bytes
  entry(index: number): Entry
  /** The entry at this index, which must be of this kind. */
  entryOf<K extends Kind>(kind: K, index: number): EntryOf<K>
  /** The reference by which another log cites this entry. */
  ref(index: number): Ref
  /** Inclusion proof to a durable head. */
  proof(index: number, size: number): Bytes[]
  /** Proof that the log of `to` entries extends that of `from`. */
  link(from: number, to: number): Bytes[]
  artefact(index: number, head: Head): Artefact
  /** Whether our tree had this root at this size. */
  hadRoot(size: number, root: Bytes): boolean
  /** The checkpoint we signed at that size, if a commit ended there. */
  checkpoint(size: number): Bytes | null
}

/** `bank` and `epoch` name the log whose tree and store these are. */
export function openOwnLog(parts: { store: Store; tree: LogTree; bank: () => Bytes; epoch: number }): OwnLog {
  const { store, tree, bank, epoch } = parts
  const raw = (index: number): Bytes => {
    const bytes = store.get(entryKey(epoch, index))
    if (bytes === undefined) throw new Fault('store_failed', `entry ${index} cannot be read`, { fatal: true })
    return bytes
  }
  const entry = (index: number): Entry => {
    const read = decodeEntry(raw(index))
    must(read.ok, `entry ${index} was read at the start`)
    return read.entry
  }
  return {
    raw,
    entry,
    entryOf<K extends Kind>(kind: K, index: number): EntryOf<K> {
      const found = entry(index)
      must(found.kind === kind, `entry ${index} is a ${kind}`)
      return found as EntryOf<K>
    },
    ref: (index) => ({ bank: bank(), epoch, index, leaf: leafHash(raw(index)) }),
    proof: (index, size) => inclusionProof(index, size, tree.read),
    link: (from, to) => consistencyProof(from, to, tree.read),
    artefact: (index, head) => ({
      entry: raw(index),
      index,
      proof: inclusionProof(index, head.size, tree.read),
      checkpoint: head.note,
    }),
    hadRoot: (size, root) => size <= tree.size && sameBytes(tree.rootAt(size), root),
    checkpoint: (size) => store.get(checkpointKey(epoch, size)) ?? null,
  }
}
