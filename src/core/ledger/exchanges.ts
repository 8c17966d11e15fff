/**
 * Which help was recorded inside this bank, and what became of the record? Ids, places and legs of all exchanges, so
 * that a reversal can negate one exactly: 8 bytes and 8 for each leg beside the id, for a bank with a million entries
 * fits a small computer.
 */

import { must } from '../fault.ts'
import { IdTable, type IdTableOptions } from '../id-table.ts'
import type { Bytes } from '../ids.ts'

/** One side of a record: number of the account, and minutes that went up (+) or down (-). */
export interface Moved {
  readonly account: number
  readonly minutes: number
}

/** Where a record stands, and how it moved hours. */
export interface NewExchange {
  /** Index of its entry, over all epochs. */
  readonly index: number
  /** An opening balance moves the standing and not the tallies. */
  readonly opening: boolean
  readonly legs: readonly Moved[]
}

const PIECE_WORDS = 8192
const HIGHEST = 2 ** 31 - 1
const HIGHEST_INDEX = 2 ** 32 - 1

export class Exchanges {
  readonly #ids: IdTable
  /** Index of the entry; then where its first leg stands, doubled, plus 1 for an opening balance. */
  readonly #places = new Words()
  /** Account, and minutes in two's complement. */
  readonly #legs = new Words()
  /** Rows that were taken back: index of the reversal. Few are, so they stand apart. */
  readonly #reversed = new Map<number, number>()
  /** Rows that a later record says it replaces: row of that one. */
  readonly #replaced = new Map<number, number>()

  constructor(options: IdTableOptions = {}) {
    this.#ids = new IdTable(options)
  }

  get size(): number {
    return this.#ids.size
  }

  /** Bytes of memory this table holds, apart from a few fixed objects and what was taken back. */
  get bytesHeld(): number {
    return this.#ids.bytesHeld + this.#places.bytesHeld + this.#legs.bytesHeld
  }

  /** Row of the id, or -1. */
  find(id: Bytes): number {
    return this.#ids.find(id)
  }

  /** A copy of the id in this row. */
  at(row: number): Bytes {
    return this.#ids.at(row)
  }

  add(id: Bytes, { index, opening, legs }: NewExchange): number {
    const first = this.#legs.length / 2
    must(index <= HIGHEST_INDEX && first <= HIGHEST, 'a log that is read has fewer than 2^31 legs')
    for (const { account, minutes } of legs) {
      this.#legs.push(account)
      this.#legs.push(minutes)
    }
    this.#places.push(index)
    this.#places.push(first * 2 + (opening ? 1 : 0))
    return this.#ids.add(id)
  }

  indexOf(row: number): number {
    return this.#places.at(row * 2)
  }

  isOpening(row: number): boolean {
    return this.#places.at(row * 2 + 1) % 2 === 1
  }

  /** What the record moved, in the order of its intent. */
  legsOf(row: number): Moved[] {
    const end = row + 1 < this.size ? this.#firstLeg(row + 1) : this.#legs.length / 2
    const legs: Moved[] = []
    for (let leg = this.#firstLeg(row); leg < end; leg++)
      legs.push({ account: this.#legs.at(leg * 2), minutes: this.#legs.at(leg * 2 + 1) | 0 })
    return legs
  }

  #firstLeg(row: number): number {
    return Math.floor(this.#places.at(row * 2 + 1) / 2)
  }

  /** Index of the entry that took this record back, or -1. */
  reversedAt(row: number): number {
    return this.#reversed.get(row) ?? -1
  }

  reverse(row: number, index: number): void {
    must(this.reversedAt(row) < 0, 'a record is taken back once')
    this.#reversed.set(row, index)
  }

  /** Row of the newest record that says it replaces this one, or -1. */
  replacedBy(row: number): number {
    return this.#replaced.get(row) ?? -1
  }

  replace(row: number, by: number): void {
    this.#replaced.set(row, by)
  }
}

/** A list of 32-bit words that leaves no old copy behind when it grows. */
class Words {
  readonly #pieces: Uint32Array[] = []
  #count = 0

  get length(): number {
    return this.#count
  }

  get bytesHeld(): number {
    return this.#pieces.length * PIECE_WORDS * 4
  }

  push(word: number): void {
    const at = this.#count % PIECE_WORDS
    if (at === 0) this.#pieces.push(new Uint32Array(PIECE_WORDS))
    const piece = this.#pieces.at(-1) as Uint32Array
    piece[at] = word
    this.#count += 1
  }

  at(place: number): number {
    const piece = this.#pieces[Math.floor(place / PIECE_WORDS)] as Uint32Array
    return piece[place % PIECE_WORDS] as number
  }
}
