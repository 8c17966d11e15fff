/**
 * What does the disk say? Every start reads the whole log through the one reducer, recomputes the root, and
 * compares it with the stored hashes and the signed head. There is no stored state and no second loader ([CRASH-6]).
 */

import { type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import { decodeEntry } from '../core/entry.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, originOf, sameBytes } from '../core/ids.ts'
import { apply } from '../core/ledger/apply.ts'
import { type Book, emptyBook } from '../core/ledger/book.ts'
import { type Head, openCheckpoint } from '../log/checkpoint.ts'
import { leafHash, nodeHash } from '../log/merkle.ts'
import { type LogTree, openTree } from '../log/tree.ts'
import { edgeKey, entryRange, headKey, indexOfEntryKey, tileKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'

export interface Replayed {
  readonly book: Book
  readonly tree: LogTree
  /** The signed head on the disk; null when the log is empty. */
  readonly head: Head | null
  /** The log key of the founding entry; null when the log is empty. */
  readonly key: VerifyingKey | null
}

/** Entries read at a time: so few that a page is forgotten before the garbage collector takes it for lasting. */
const PAGE = 128

export interface ReplayOptions {
  /** 8 random bytes that spread the ids in the book's tables (`IdTable`). */
  readonly tableKey?: Bytes
  /** Entries read so far. */
  readonly progress?: (entries: number) => void
}

/** Reads the log of one epoch. Throws Fault `log_invalid`, fatal, naming the index at which it stops making sense. */
export async function replay(
  store: Store,
  epoch: number,
  { tableKey, progress = () => undefined }: ReplayOptions = {},
): Promise<Replayed> {
  const book = emptyBook(tableKey)
  const frontier: Frontier = []
  for await (const page of store.pages(entryRange(epoch), PAGE)) {
    for (const [key, raw] of page) {
      if (indexOfEntryKey(key) !== book.size) throw invalid(book.size, 'the entry is missing')
      readEntryInto(book, frontier, raw)
    }
    progress(book.size)
  }
  const tree = openTree({
    size: book.size,
    loadHash: (level, index) => stored(store.get(edgeKey(epoch, level, index)), `hash ${level}/${index}`),
    loadTile: (level, n) => store.get(tileKey(epoch, level, n)),
  })
  if (book.size === 0) return { book, tree, head: null, key: null }
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
  if (head.size !== book.size || !sameBytes(head.root, root)) {
    throw invalid(book.size - 1, `the signed head covers ${head.size} entries, the disk holds ${book.size}`)
  }
  return { book, tree, head, key }
}

function readEntryInto(book: Book, frontier: Frontier, raw: Bytes): void {
  const read = decodeEntry(raw)
  if (!read.ok) {
    if (read.newer)
      throw new Fault('version_unknown', `Entry ${book.size} cannot be read: ${read.problem}.`, {
        fatal: true,
      })
    throw invalid(book.size, read.problem)
  }
  const leaf = leafHash(raw)
  pushLeaf(frontier, book.size, leaf)
  const broken = apply(book, { entry: read.entry, raw, leaf })
  if (broken !== null) throw invalid(book.size, broken)
}

function invalid(index: number, what: string): Fault {
  return new Fault(
    'log_invalid',
    `The log on this disk is damaged at index ${index}: ${what}. Nothing was changed. ` +
      'Keep this folder as it is and put back a copy that was made after the damage, or ask your neighbours for what they hold.',
    { fatal: true },
  )
}

function stored(hash: Bytes | undefined, what: string): Bytes {
  if (hash === undefined)
    throw new Fault('log_invalid', `The stored ${what} of the tree is missing.`, { fatal: true })
  return hash
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
