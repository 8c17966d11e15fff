/**
 * What does the disk say? Every start reads the whole log through the one reducer, recomputes the root, and
 * compares it with the stored hashes and the signed head. There is no stored state and no second loader ([CRASH-6]).
 */

import { type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import { type Body, decodeEntry, type Entry } from '../core/entry.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, originOf, sameBytes } from '../core/ids.ts'
import { apply } from '../core/ledger/apply.ts'
import { type Book, emptyBook } from '../core/ledger/book.ts'
import { type Head, openCheckpoint } from '../log/checkpoint.ts'
import { leafHash, nodeHash } from '../log/merkle.ts'
import type { LogTree } from '../log/tree.ts'
import { entryRange, headKey, indexOfEntryKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'
import { type OwnEpoch, type OwnEpochs, openEpochTree } from './epochs.ts'

export interface Replayed {
  readonly book: Book
  /** At least one when the log is not empty. */
  readonly epochs: OwnEpochs
  /** Tree of the present epoch. */
  readonly tree: LogTree
  /** The signed head on the disk; null when the log is empty. */
  readonly head: Head | null
  /** The log key of the present epoch; null when the log is empty. */
  readonly key: VerifyingKey | null
}

/** Entries read at a time: so few that a page is forgotten before the garbage collector takes it for lasting. */
const PAGE = 128

export interface ReplayOptions {
  /** 8 random bytes that spread the ids in the book's tables (`IdTable`). */
  readonly tableKey?: Bytes
  readonly progress?: Progress
  /** Told of every entry, once the book has it. */
  readonly read?: (entry: Entry) => void
}

/** Told how many entries were read so far. */
type Progress = (entries: number) => void

/** Reads the log, epoch after epoch. Throws Fault `log_invalid`, fatal, naming the index at which it stops making sense. */
export async function replay(store: Store, options: ReplayOptions = {}): Promise<Replayed> {
  const book = emptyBook(options.tableKey)
  const epochs: OwnEpochs = []
  let head: Head | null = null
  for (;;) {
    const epoch = epochs.length
    const read = await replayEpoch(store, book, { ...options, epoch, before: head })
    if (read === null) break
    epochs.push(read.epoch)
    head = read.head
  }
  const present = epochs.at(-1)
  const tree = present?.tree ?? openEpochTree(store, 0, 0)
  return { book, epochs, tree, head, key: present?.key ?? null }
}

/** One epoch into the book; null when there is none. `before`: the head the one before ended with. */
async function replayEpoch(
  store: Store,
  book: Book,
  {
    epoch,
    before,
    progress,
    read,
  }: Pick<ReplayOptions, 'progress' | 'read'> & { epoch: number; before: Head | null },
): Promise<{ epoch: OwnEpoch; head: Head } | null> {
  const start = book.size
  const frontier: Frontier = []
  for await (const page of store.pages(entryRange(epoch), PAGE)) {
    for (const [key, raw] of page) {
      const index = book.size - start
      if (indexOfEntryKey(key) !== index) throw invalid(book.size, 'the entry is missing')
      const entry = readEntryInto(book, { frontier, index }, raw)
      read?.(entry)
      const begins = entry.kind === 'found' || entry.kind === 'rotate.in'
      if (begins !== (index === 0)) throw invalid(book.size - 1, 'an epoch begins in the wrong place')
      if (entry.kind === 'rotate.in' && !carriesOn(entry.body, before))
        throw invalid(book.size - 1, 'an epoch begins with another end of the one before')
    }
    progress?.(book.size)
  }
  const size = book.size - start
  if (size === 0) return null
  const tree = openEpochTree(store, epoch, size)
  const root = frontierRoot(frontier)
  if (!sameBytes(root, tree.root())) throw invalid(book.size - 1, 'the stored tree does not fit the entries')
  const key = verifyingKey(book.logKey)
  const note = store.get(headKey(epoch))
  const head =
    key === null || note === undefined
      ? null
      : openCheckpoint(note, { origin: originOf(book.bank, epoch), key })
  if (key === null || head === null)
    throw invalid(book.size - 1, 'the signed head is missing or does not verify')
  if (head.size !== size || !sameBytes(head.root, root)) {
    throw invalid(book.size - 1, `the signed head covers ${head.size} entries, the disk holds ${size}`)
  }
  return { epoch: { epoch, start, key, tree }, head }
}

function carriesOn({ oldSize, oldRoot }: Body<'rotate.in'>, before: Head | null): boolean {
  return before !== null && oldSize === before.size && sameBytes(oldRoot, before.root)
}

function readEntryInto(
  book: Book,
  { frontier, index }: { frontier: Frontier; index: number },
  raw: Bytes,
): Entry {
  const read = decodeEntry(raw)
  if (!read.ok) {
    if (read.newer)
      throw new Fault('version_unknown', `Entry ${book.size} cannot be read: ${read.problem}.`, {
        fatal: true,
      })
    throw invalid(book.size, read.problem)
  }
  const leaf = leafHash(raw)
  pushLeaf(frontier, index, leaf)
  const broken = apply(book, { entry: read.entry, raw, leaf })
  if (broken !== null) throw invalid(book.size, broken)
  return read.entry
}

function invalid(index: number, what: string): Fault {
  return new Fault(
    'log_invalid',
    `The log on this disk is damaged at index ${index}: ${what}. Nothing was changed. ` +
      'Keep this folder as it is and put back a copy that was made after the damage, or ask your neighbours for what they hold.',
    { fatal: true },
  )
}

/** Roots of the complete subtrees from left to right, one for each bit of the size (RFC 9162 section 2.1.2). */
type Frontier = Bytes[]

function pushLeaf(frontier: Frontier, index: number, leaf: Bytes): void {
  let hash = leaf
  for (let rest = index; rest % 2 === 1; rest = Math.floor(rest / 2))
    hash = nodeHash(frontier.pop() as Bytes, hash)
  frontier.push(hash)
}

function frontierRoot(frontier: Frontier): Bytes {
  return frontier.reduceRight((right, left) => nodeHash(left, right))
}
