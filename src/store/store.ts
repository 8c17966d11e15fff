/**
 * What may the program ask of the place where its bytes rest, and what is promised in return? Two ports: the store,
 * and the head guard that watches it from outside. Their comments are the contract; test/conformance/store.ts
 * holds every implementation to the first.
 */
import { Fault } from '../core/fault.ts'

/** One change: set a key to a value, or remove a key. Removing what is not there is allowed and changes nothing. */
export type Write = { readonly put: Uint8Array; readonly value: Uint8Array } | { readonly del: Uint8Array }

/** Keys from `from`, included, up to `to`, excluded, in bytewise order. When `to` is not above `from` it is empty. */
export type KeyRange = { readonly from: Uint8Array; readonly to: Uint8Array }

/** A range and the order in which it is read; ascending unless said otherwise. */
export type ReadRange = KeyRange & { readonly order?: 'ascending' | 'descending' }

/** A key and its value. */
export type Row = readonly [key: Uint8Array, value: Uint8Array]

/**
 * An ordered map of byte strings on one disk, with one writer. Keys are not empty; values may be. Keys are ordered
 * bytewise, the shorter first when one is the beginning of the other.
 *
 * Bytes handed in are copied before a call returns, and bytes handed out belong to the caller: neither side can
 * change what the other holds. Calling anything after `close`, `close` itself apart, is a bug.
 */
export interface Store {
  /**
   * Writes one batch, as a whole and durably.
   *
   * - Durable when? Once the promise has resolved the batch survives the end of the process, of the operating
   *   system and of the power, as far as the disk keeps its word about a sync. Before that it may or may not.
   * - Half? Never. After any crash all writes of a batch are there or none is. A batch that was written but not
   *   yet acknowledged may be there: whoever opens the store must expect it.
   * - Twice? The same batch again leaves the same content, for a write names a value and not a change.
   * - Order? Batches are kept in the order of their calls: if one survived, all before it did. Inside a batch the
   *   later write to a key wins.
   * - Visible when? `get` and `pages` show the batch at the latest when the promise has resolved. While it is
   *   under way they show the content before it or the content after it.
   * - At once? No. The caller waits for one call before it makes the next; a second one meanwhile is a bug and
   *   fails an assertion without touching the first.
   * - An empty batch writes nothing and is no act of durability.
   *
   * Throws Fault `commit_unknown`, always fatal: the outcome is not known, and only reading the disk again after
   * a restart tells. Every later call throws the same fault, so nothing can be written on top of the unknown;
   * reading goes on.
   *
   * The store does not keep a reserve of disk space: the caller asks `freeBytes` first and refuses below the limit.
   */
  append(batch: readonly Write[]): Promise<void>

  /** The value of a key, undefined when there is none. Throws Fault `store_failed`, fatal, on damaged bytes. */
  get(key: Uint8Array): Uint8Array | undefined

  /**
   * Reads a range in pages of one to `pageSize` rows; a store may make a page shorter to bound memory, and never
   * yields an empty one. The pages show the content as of the call of `pages`, whatever is written while they are
   * read, and can be walked once. A walk that was begun is ended by leaving its loop; one that is never begun
   * holds its point in time until `close`.
   *
   * Throws Fault `store_failed`: fatal on damaged bytes, not fatal when the store is closed during the walk.
   */
  pages(range: ReadRange, pageSize: number): AsyncIterable<readonly Row[]>

  /** Bytes this process may still write on the store's disk; Infinity in memory. */
  freeBytes(): Promise<number>

  /**
   * Rewrites the files under a range so that values overwritten or removed before the call are in none of them,
   * copies kept after a crash included. It takes seconds and as much disk as the range. Walks of `pages` that are under
   * way keep their point in time alive, so they are waited for; whoever must not wait for ever brings a deadline.
   *
   * It does not reach a value that was removed and never overwritten while young: whoever erases writes one zero
   * byte over the value, compacts, removes the key, and compacts again ([PRIV-8]).
   */
  compact(range: KeyRange): Promise<void>

  /**
   * Waits for an append under way, ends every walk, and lets go of the disk. A second call does nothing. Throws a
   * Fault, not fatal, when the clean end could not be noted; the disk is let go all the same.
   */
  close(): Promise<void>
}

/** What a walk of `pages` throws when the store was closed under it. */
export function walkEnded(): Fault {
  return new Fault('store_failed', 'The store was closed while it was read. Read again after the next start.')
}

/**
 * The last signed checkpoint, kept outside the store, so that a store which lost its newest entries is noticed
 * before anything is signed again ([CRASH-5]). It is never part of a backup. A guard that is behind the store is
 * safe; so a failed write is reported and does not stop the bank.
 */
export interface HeadGuard {
  /**
   * The note of the largest size that its own log key verifies, null when there is none: no file, or no slot that
   * verifies. Throws Fault `store_failed`, not fatal, when the device answers with an error; for the caller that
   * is a guard that cannot be read, with a reason to show.
   */
  read(): Promise<Uint8Array | null>

  /**
   * Keeps a signed checkpoint durably. At every moment of a crash the note before it or this one can be read. The
   * caller waits for one call before it makes the next. Throws Fault `store_failed`, not fatal: the note kept
   * before is still the answer, and the next write tries again.
   */
  write(note: Uint8Array): Promise<void>

  /** Lets go of the file. A second call does nothing. */
  close(): Promise<void>
}
