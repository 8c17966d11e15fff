/**
 * What stands in our own log, and how do we prove it? Reads durable entries of all epochs and makes their artefacts
 * under the newest durable head of the epoch in which they stand. An index counts through the epochs, as in the book.
 */

import { decodeEntry, type Entry, type EntryOf, type Kind, type Ref } from '../core/entry.ts'
import { Fault, must } from '../core/fault.ts'
import { type Bytes, parseOrigin, sameBytes } from '../core/ids.ts'
import { type Artefact, encodeArtefact } from '../log/artefact.ts'
import { type Head, openCheckpoint, peekOrigin } from '../log/checkpoint.ts'
import { consistencyProof, inclusionProof, leafHash } from '../log/merkle.ts'
import { checkpointKey, entryKey, headKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'
import { logOf, type OwnEpoch, type OwnEpochs, placeOf, presentEpoch } from './epochs.ts'

export interface OwnLog {
  /** Number of the epoch that is being written. */
  readonly epoch: number
  /** Bytes of a durable entry. */
  raw(index: number): Bytes
  entry(index: number): Entry
  /** The entry at this index, which must be of this kind. */
  entryOf<K extends Kind>(kind: K, index: number): EntryOf<K>
  /** The reference by which another log cites this entry. */
  ref(index: number): Ref
  /** The epoch of an entry, and its index there. */
  place(index: number): { readonly epoch: number; readonly index: number }
  /** Log key of an epoch. */
  keyOf(epoch: number): Bytes
  /** The head that an epoch ended with, or the newest durable one of the present epoch. */
  headOf(epoch: number): Head
  /** Inclusion proof to a durable head of the entry's epoch. */
  proof(index: number, size: number): Bytes[]
  /** Proof that the log of `to` entries extends that of `from`, in the present epoch unless another is named. */
  link(from: number, to: number, epoch?: number): Bytes[]
  artefact(index: number): Artefact
  /** Whether the tree of the present epoch, or another, had this root at this size. */
  hadRoot(size: number, root: Bytes, epoch?: number): boolean
  /** The head in a note and its epoch, when one of our keys signed it; else null. */
  open(note: Bytes): { readonly head: Head; readonly epoch: number } | null
  /** Artefacts of every change of the log key, oldest first ([KEY-6]). */
  rotations(): readonly Bytes[]
}

/** Entries of the commit that begins a later epoch: its `rotate.in` alone. */
export const FIRST_COMMIT = 1

/** `epochs` is shared with the writer, which adds to it. */
export function openOwnLog(parts: { store: Store; epochs: OwnEpochs; bank: () => Bytes }): OwnLog {
  const { store, epochs, bank } = parts
  const raw = (index: number): Bytes => {
    const { of, index: at } = placeOf(epochs, index)
    const bytes = store.get(entryKey(of.epoch, at))
    if (bytes === undefined) throw new Fault('store_failed', `entry ${index} cannot be read`, { fatal: true })
    return bytes
  }
  const entry = (index: number): Entry => {
    const read = decodeEntry(raw(index))
    must(read.ok, `entry ${index} was read at the start`)
    return read.entry
  }
  const epochOf = (epoch: number): OwnEpoch => {
    const found = epochs[epoch]
    must(found !== undefined, `our log has an epoch ${epoch}`)
    return found
  }
  const signed = (note: Bytes | undefined, of: OwnEpoch): Head => {
    const head = note === undefined ? null : openCheckpoint(note, logOf(bank(), of))
    if (head !== null) return head
    throw new Fault('store_failed', `a signed head of epoch ${of.epoch} cannot be read`, { fatal: true })
  }
  const headOf = (epoch: number): Head => signed(store.get(headKey(epoch)), epochOf(epoch))
  const artefactTo = (index: number, head: Head): Artefact => {
    const { of, index: at } = placeOf(epochs, index)
    return {
      entry: raw(index),
      index: at,
      proof: inclusionProof(at, head.size, of.tree.read),
      checkpoint: head.note,
    }
  }
  return {
    get epoch() {
      return presentEpoch(epochs).epoch
    },
    raw,
    entry,
    entryOf<K extends Kind>(kind: K, index: number): EntryOf<K> {
      const found = entry(index)
      must(found.kind === kind, `entry ${index} is a ${kind}`)
      return found as EntryOf<K>
    },
    ref(index) {
      const { of, index: at } = placeOf(epochs, index)
      return { bank: bank(), epoch: of.epoch, index: at, leaf: leafHash(raw(index)) }
    },
    place(index) {
      const { of, index: at } = placeOf(epochs, index)
      return { epoch: of.epoch, index: at }
    },
    keyOf: (epoch) => epochOf(epoch).key.raw,
    headOf,
    proof(index, size) {
      const { of, index: at } = placeOf(epochs, index)
      return inclusionProof(at, size, of.tree.read)
    },
    link: (from, to, epoch = presentEpoch(epochs).epoch) =>
      consistencyProof(from, to, epochOf(epoch).tree.read),
    artefact: (index) => artefactTo(index, headOf(placeOf(epochs, index).of.epoch)),
    hadRoot(size, root, epoch = presentEpoch(epochs).epoch) {
      const { tree } = epochOf(epoch)
      return size <= tree.size && sameBytes(tree.rootAt(size), root)
    },
    open(note) {
      const origin = peekOrigin(note)
      const of = origin === null ? undefined : epochs[parseOrigin(origin)?.epoch ?? -1]
      const head = of === undefined ? null : openCheckpoint(note, logOf(bank(), of))
      return head === null || of === undefined ? null : { head, epoch: of.epoch }
    },
    rotations() {
      const chain: Bytes[] = []
      for (const of of epochs.slice(1)) {
        const { epoch, start } = of
        const began = entry(start)
        // Without the last word of the old key the recovery key has spoken.
        const planned = began.kind === 'rotate.in' && began.body.recovery === null
        if (planned) chain.push(encodeArtefact(artefactTo(start - 1, headOf(epoch - 1))))
        // The head an epoch began with stays the same for ever, and its proof is the shortest.
        const first = signed(store.get(checkpointKey(epoch, FIRST_COMMIT)), of)
        chain.push(encodeArtefact(artefactTo(start, first)))
      }
      return chain
    },
  }
}
