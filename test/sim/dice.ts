/**
 * Where does chance come from in the simulator? From one seed. Each purpose draws from a stream of its own, named by
 * words, so that a draw added in one place changes nothing in another.
 *
 * The generator is sfc32 of the PractRand suite (small fast counter, 32 bits), seeded from a hash of the words.
 */

import { createHash } from 'node:crypto'
import type { Bytes } from '../../src/core/ids.ts'

export class Dice {
  readonly #name: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(name: string) {
    this.#name = name
    const seed = createHash('sha256').update(name).digest()
    this.#a = seed.readInt32LE(0)
    this.#b = seed.readInt32LE(4)
    this.#c = seed.readInt32LE(8)
    for (let i = 0; i < 12; i++) this.next()
  }

  /** A stream of its own for one purpose. */
  stream(purpose: string): Dice {
    return new Dice(`${this.#name}/${purpose}`)
  }

  /** 32 random bits as a whole number from 0. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    this.#c |= 0
    return sum >>> 0
  }

  /** From 0 up to 1, 1 excluded. */
  share(): number {
    return this.next() / 2 ** 32
  }

  /** A whole number from 0 up to `below`, excluded. */
  below(below: number): number {
    return Math.floor(this.share() * below)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True once in so many draws. */
  oneIn(many: number): boolean {
    return this.below(many) === 0
  }

  /** True with this chance, from 0 to 1. */
  chance(share: number): boolean {
    return share > 0 && this.share() < share
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }

  bytes(length: number): Bytes {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i += 4) {
      const word = this.next()
      for (let j = 0; j < 4 && i + j < length; j++) bytes[i + j] = word >>> (8 * j)
    }
    return bytes
  }
}
