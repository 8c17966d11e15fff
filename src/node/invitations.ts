/**
 * Which banks did our operator invite? Each invitation holds a random token that is good once and for 14 days; only its
 * hash lies on the disk, so that whoever reads a copy of it is not invited ([REC-6]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { record, time } from '../core/schema.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Writer } from './commit.ts'
import type { Clock, Random } from './ports.ts'

const TOKEN_BYTES = 16
const rowField = record({ until: time })

interface InvitationsParts {
  readonly store: Store
  readonly writer: Writer
  readonly clock: Clock
  readonly random: Random
}

export class Invitations {
  readonly #parts: InvitationsParts
  /** Keys of those that are being used: of two banks with one token the first is invited. */
  readonly #taken = new Set<string>()

  constructor(parts: InvitationsParts) {
    this.#parts = parts
  }

  /** A new token, good until this second once it is durable. Refuses `too_many_waiting`. */
  async make(until: number): Promise<Outcome<Bytes>> {
    const { store, writer, clock, random } = this.#parts
    const over: Write[] = []
    let good = 0
    for await (const page of store.pages(privateRange('invitation'), LIMITS.invitations)) {
      for (const [key, value] of page) {
        if (untilOf(value) < clock.now()) over.push({ del: key })
        else good += 1
      }
    }
    if (good >= LIMITS.invitations) return refuse('too_many_waiting', { most: LIMITS.invitations })
    const token = random.bytes(TOKEN_BYTES)
    const row = { put: keyOf(token), value: encode(rowField.write({ until })) }
    const kept = await writer.commit(() => accept({ entries: [], rows: [...over, row], value: null }))
    return kept.ok ? accept(token) : kept
  }

  /** Whether this token is of an invitation that is still good; from here on it is nobody else's until `giveBack`. */
  take(token: Bytes): boolean {
    const { store, clock } = this.#parts
    const key = keyOf(token)
    const row = store.get(key)
    if (row === undefined || untilOf(row) < clock.now() || this.#taken.has(toHex(key))) return false
    this.#taken.add(toHex(key))
    return true
  }

  /** The row of an invitation that is used up, for the commit in which that counts. */
  usedRow(token: Bytes): Write {
    return { del: keyOf(token) }
  }

  /** What it was taken for did not happen, or is durable. */
  giveBack(token: Bytes): void {
    this.#taken.delete(toHex(keyOf(token)))
  }
}

function keyOf(token: Bytes): Bytes {
  return privateKey('invitation', sha256(token))
}

function untilOf(row: Uint8Array): number {
  const decoded = decode(row)
  return (decoded.ok ? rowField.read(decoded.value)?.until : undefined) ?? 0
}
