/**
 * Which ids are used already? A set of 32-byte hashes that keeps its order of first use in about 45 bytes an id,
 * so that a bank with a million entries fits a small computer. Open addressing with linear probing.
 */

import { type Bytes, HASH_BYTES } from './ids.ts'

const FIRST_ROWS = 1024

export class IdTable {
  #ids = new Uint8Array(FIRST_ROWS * HASH_BYTES)
  #slots = new Int32Array(FIRST_ROWS * 2).fill(-1)
  #count = 0

  get size(): number {
    return this.#count
  }

  /** Row of the id in order of first use, or -1. */
  find(id: Bytes): number {
    const mask = this.#slots.length - 1
    for (let slot = firstSlot(id, mask); ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] as number
      if (row < 0 || this.#holds(row, id)) return row
    }
  }

  /** Adds an id that is not there yet and gives its row. */
  add(id: Bytes): number {
    if ((this.#count + 1) * 2 > this.#slots.length) this.#grow()
    const row = this.#count++
    this.#ids.set(id, row * HASH_BYTES)
    this.#place(row, id)
    return row
  }

  /** A copy of the id in this row. */
  at(row: number): Bytes {
    return this.#ids.slice(row * HASH_BYTES, (row + 1) * HASH_BYTES)
  }

  #holds(row: number, id: Bytes): boolean {
    const start = row * HASH_BYTES
    for (let i = 0; i < HASH_BYTES; i++) if (this.#ids[start + i] !== id[i]) return false
    return true
  }

  #place(row: number, id: Bytes): void {
    const mask = this.#slots.length - 1
    let slot = firstSlot(id, mask)
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask
    this.#slots[slot] = row
  }

  #grow(): void {
    const ids = new Uint8Array(this.#ids.length * 2)
    ids.set(this.#ids)
    this.#ids = ids
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1)
    for (let row = 0; row < this.#count; row++) this.#place(row, this.at(row))
  }
}

/** The ids are hashes already, so their first bytes spread evenly. */
function firstSlot(id: Bytes, mask: number): number {
  const low =
    (id[0] as number) | ((id[1] as number) << 8) | ((id[2] as number) << 16) | ((id[3] as number) << 24)
  return low & mask
}
