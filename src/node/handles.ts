/**
 * Which of our accounts stands behind a handle? Other banks know a payee by a random handle only ([PRIV-3]); this
 * file gives them out and counts their uses. A handle is durable before anybody is shown it.
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, HANDLE_BYTES, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, record, type TypeOf, time, u } from '../core/schema.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Random } from './ports.ts'

const rowField = record({ account: b16, uses: u, used: u, expires: time })
type HandleRow = TypeOf<typeof rowField>

/** A new handle and the row that must become durable before it is shown. */
export interface IssuedHandle {
  readonly handle: Bytes
  readonly expires: number
  readonly row: Write
}

export class Handles {
  readonly #store: Store
  readonly #random: Random
  /** Rows read or written in this run; what is decided but not yet synced stands here as well. */
  readonly #rows = new Map<string, HandleRow>()

  constructor(store: Store, random: Random) {
    this.#store = store
    this.#random = random
  }

  /** `seconds` from now (seconds) until it runs out. */
  issue(
    account: Bytes,
    { uses, now, seconds }: { uses: number; now: number; seconds: number },
  ): Outcome<IssuedHandle> {
    const sound = Number.isInteger(uses) && uses >= 1 && uses <= LIMITS.handleUses
    if (!sound || !Number.isInteger(seconds) || seconds < 1) {
      return refuse('handle_limits', { mostUses: LIMITS.handleUses })
    }
    const handle = this.#random.bytes(HANDLE_BYTES)
    const row = { account, uses, used: 0, expires: now + seconds }
    return accept({ handle, expires: row.expires, row: this.#put(handle, row) })
  }

  /** The account behind a handle that has a use left at `now` (seconds). */
  look(handle: Bytes, now: number): Outcome<Bytes> {
    const row = this.#get(handle)
    if (row === null) return refuse('handle_unknown')
    if (row.expires < now) return refuse('handle_expired', { expired: row.expires })
    return row.used >= row.uses ? refuse('handle_used_up') : accept(row.account)
  }

  /** Takes one use, for a promise or a credit without one. */
  take(handle: Bytes): Write {
    return this.#count(handle, 1)
  }

  /** Gives a use back when a promise comes to nothing. */
  giveBack(handle: Bytes): Write {
    return this.#count(handle, -1)
  }

  #count(handle: Bytes, by: number): Write {
    const row = this.#get(handle) as HandleRow
    return this.#put(handle, { ...row, used: row.used + by })
  }

  #get(handle: Bytes): HandleRow | null {
    const held = this.#rows.get(toHex(handle))
    if (held !== undefined) return held
    const bytes = this.#store.get(privateKey('handle', handle))
    const decoded = bytes === undefined ? null : decode(bytes)
    const row = decoded?.ok ? rowField.read(decoded.value) : undefined
    if (row === undefined) return null
    this.#rows.set(toHex(handle), row)
    return row
  }

  #put(handle: Bytes, row: HandleRow): Write {
    this.#rows.set(toHex(handle), row)
    return { put: privateKey('handle', handle), value: encode(rowField.write(row)) }
  }
}
