/**
 * Which entries moved the balance of an account? Every posting of a bank in one table, each with the one before it of
 * the same account: 8 bytes a posting for ever, and no list that is copied whenever one of 5,000 accounts outgrows it.
 */

import { must } from '../fault.ts'

const PIECE_ROWS = 4096
const HIGHEST = 2 ** 32 - 1

export class Postings {
  /** Pairs: index of the entry, number of the account's posting before. */
  readonly #pieces: Uint32Array[] = []
  #count = 0

  get size(): number {
    return this.#count
  }

  /** Bytes of memory this table holds, apart from a few fixed objects. */
  get bytesHeld(): number {
    return this.#pieces.length * PIECE_ROWS * 8
  }

  /** Notes a posting of the entry `index` behind the posting `before` (0: the account's first). Gives its number, from 1. */
  add(index: number, before: number): number {
    must(
      index <= HIGHEST && this.#count < HIGHEST,
      'a log that is read has fewer than 2^32 entries and postings',
    )
    const at = this.#count % PIECE_ROWS
    if (at === 0) this.#pieces.push(new Uint32Array(PIECE_ROWS * 2))
    const piece = this.#pieces.at(-1) as Uint32Array
    piece[at * 2] = index
    piece[at * 2 + 1] = before
    this.#count += 1
    return this.#count
  }

  /** Indices of the entries of this posting and of those before it on the same account, the newest first. */
  *newestFirst(last: number): Iterable<number> {
    for (let number = last; number > 0; ) {
      const row = number - 1
      const piece = this.#pieces[Math.floor(row / PIECE_ROWS)] as Uint32Array
      const at = (row % PIECE_ROWS) * 2
      yield piece[at] as number
      number = piece[at + 1] as number
    }
  }
}
