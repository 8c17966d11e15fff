/**
 * Which banks may not ask us for a line any more? A coordinator said so of each. The list is bounded and forgets the oldest;
 * an invitation of ours, or our own wish for a line, takes a bank off it ([LINE-13]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b20, literal, record, text, time } from '../core/schema.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'

const rowField = record({ version: literal(1), bank: b20, name: text(LIMITS.nameBytes), since: time })
const PRIVATE = { controlCharacters: 'allowed' } as const

export interface RefusedBank {
  readonly bank: Bytes
  /** As it called itself then: nothing else of it is kept. */
  readonly name: string
  /** Seconds. */
  readonly since: number
}

export class RefusedBanks {
  /** The oldest first. */
  readonly #banks = new Map<string, RefusedBank>()

  static async open(store: Store): Promise<RefusedBanks> {
    const all: RefusedBank[] = []
    for await (const page of store.pages(privateRange('refused'), PAGE))
      for (const [, value] of page) {
        const one = readRow(value)
        if (one !== null) all.push(one)
      }
    const refused = new RefusedBanks()
    for (const one of all.sort((a, b) => a.since - b.since)) refused.#banks.set(toHex(one.bank), one)
    return refused
  }

  has(bank: Bytes): boolean {
    return this.#banks.has(toHex(bank))
  }

  /** The newest first. */
  all(): readonly RefusedBank[] {
    return [...this.#banks.values()].reverse()
  }

  /** The rows that keep it, and let go of the oldest where there are too many. Counts from here on. */
  keep(one: RefusedBank): Write[] {
    const key = toHex(one.bank)
    this.#banks.delete(key)
    this.#banks.set(key, one)
    const { bank, name, since } = one
    const value = encode(rowField.write({ version: 1, bank, name, since }), PRIVATE)
    const rows: Write[] = [{ put: privateKey('refused', bank), value }]
    for (const oldest of this.#banks.values()) {
      if (this.#banks.size <= LIMITS.refusedBanks) break
      rows.push(this.lift(oldest.bank))
    }
    return rows
  }

  /** The row that lets this bank ask again, whether it may or not. Counts from here on. */
  lift(bank: Bytes): Write {
    this.#banks.delete(toHex(bank))
    return { del: privateKey('refused', bank) }
  }
}

const PAGE = 64

function readRow(value: Bytes): RefusedBank | null {
  const decoded = decode(value, PRIVATE)
  const row = decoded.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, ...one } = row
  return one
}
