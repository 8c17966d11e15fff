/**
 * Which ids are used already? A set of byte strings of one length that keeps their order of first use in about 40
 * bytes an id of 32, so that a bank with a million entries fits a small computer. Open addressing with linear probing.
 *
 * Other banks and members choose ids, so where an id falls is decided by a hash under a key that they do not know:
 * nobody can find ids that all fall on one place and make every look-up walk past them.
 */

import { must } from './fault.ts'
import { type Bytes, HASH_BYTES } from './ids.ts'

/** Bytes of the key under which ids are spread; random, one for each run of the program. */
export const TABLE_KEY_BYTES = 8

export interface IdTableOptions {
  /** Bytes of each id: a multiple of 4, 32 unless said otherwise. */
  readonly width?: number
  /** 8 bytes that nobody who chooses ids knows; zeros will do only for a table of one's own ids. */
  readonly key?: Bytes
}

/** Ids lie in pieces of so many rows: a table that grows leaves no old copy behind and hardly any empty room. */
const PIECE_ROWS = 1024
const FIRST_SLOTS = 2048

export class IdTable {
  readonly #width: number
  readonly #key0: number
  readonly #key1: number
  readonly #pieces: Uint8Array[] = []
  /** Row of the id that fell here, plus one; 0 where nothing lies. */
  #slots = new Uint32Array(FIRST_SLOTS)
  #count = 0

  constructor({ width = HASH_BYTES, key = new Uint8Array(TABLE_KEY_BYTES) }: IdTableOptions = {}) {
    must(width > 0 && width % 4 === 0, 'an id has whole words of 4 bytes')
    must(key.length === TABLE_KEY_BYTES, 'a table has a key of 8 bytes')
    this.#width = width
    this.#key0 = word(key, 0)
    this.#key1 = word(key, 4)
  }

  get size(): number {
    return this.#count
  }

  /** Bytes of memory this table holds, apart from a few fixed objects. */
  get bytesHeld(): number {
    return this.#slots.byteLength + this.#pieces.length * PIECE_ROWS * this.#width
  }

  /** Row of the id in order of first use, or -1. */
  find(id: Bytes): number {
    if (id.length !== this.#width) return -1
    const mask = this.#slots.length - 1
    for (let slot = this.#hash(id, 0) & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] as number) - 1
      if (row < 0 || this.#holds(row, id)) return row
    }
  }

  /** Adds an id that is not there yet and gives its row. */
  add(id: Bytes): number {
    must(id.length === this.#width, 'an id has the length of this table')
    if ((this.#count + 1) * 4 > this.#slots.length * 3) this.#spread(this.#slots.length * 2)
    const row = this.#count++
    const at = row % PIECE_ROWS
    if (at === 0) this.#pieces.push(new Uint8Array(PIECE_ROWS * this.#width))
    this.#piece(row).set(id, at * this.#width)
    this.#place(row, this.#hash(id, 0))
    return row
  }

  /** A copy of the id in this row. */
  at(row: number): Bytes {
    const start = (row % PIECE_ROWS) * this.#width
    return this.#piece(row).slice(start, start + this.#width)
  }

  #piece(row: number): Uint8Array {
    return this.#pieces[Math.floor(row / PIECE_ROWS)] as Uint8Array
  }

  #holds(row: number, id: Bytes): boolean {
    const piece = this.#piece(row)
    const start = (row % PIECE_ROWS) * this.#width
    for (let i = 0; i < this.#width; i++) if (piece[start + i] !== id[i]) return false
    return true
  }

  #place(row: number, hash: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = row + 1
  }

  #spread(slots: number): void {
    this.#slots = new Uint32Array(slots)
    for (let row = 0; row < this.#count; row++) {
      this.#place(row, this.#hash(this.#piece(row), (row % PIECE_ROWS) * this.#width))
    }
  }

  /**
   * HalfSipHash-1-3 of the id at `at`: SipHash (Aumasson and Bernstein, 2012) on words of 32 bits, as its authors'
   * reference code has it.
   */
  #hash(bytes: Uint8Array, at: number): number {
    let v0 = this.#key0
    let v1 = this.#key1
    let v2 = 0x6c796765 ^ this.#key0
    let v3 = 0x74656462 ^ this.#key1
    const words = this.#width >> 2
    // One round for each word of the id and one for its length, then three to finish.
    for (let round = 0; round < words + 4; round++) {
      const m = round < words ? word(bytes, at + round * 4) : round === words ? this.#width << 24 : 0
      if (round === words + 1) v2 ^= 0xff
      v3 ^= m
      v0 = (v0 + v1) | 0
      v1 = rotate(v1, 5) ^ v0
      v0 = rotate(v0, 16)
      v2 = (v2 + v3) | 0
      v3 = rotate(v3, 8) ^ v2
      v0 = (v0 + v3) | 0
      v3 = rotate(v3, 7) ^ v0
      v2 = (v2 + v1) | 0
      v1 = rotate(v1, 13) ^ v2
      v2 = rotate(v2, 16)
      v0 ^= m
    }
    return v1 ^ v3
  }
}

/** Four bytes, little-endian, as a signed 32-bit integer. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
