/**
 * Which of our accounts stands behind a handle? Other banks know a payee by a random handle only ([PRIV-3]); this
 * file gives them out and counts their uses. A handle is durable before anybody is shown it.
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, HANDLE_BYTES, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, record, type TypeOf, time, u } from '../core/schema.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Random } from './ports.ts'

const rowField = record({ account: b16, uses: u, used: u, expires: time })
type HandleRow = TypeOf<typeof rowField>

/** Uses read at a time. */
const USES_PAGE = 256

function useId(handle: Bytes, record: Bytes): Bytes {
  const id = new Uint8Array(handle.length + record.length)
  id.set(handle)
  id.set(record, handle.length)
  return id
}
const PAGE = 512

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
  /** Handle of each promise made in this run; a promise of the batch under way is on no disk yet. */
  readonly #promised = new Map<string, Bytes>()
  /** Handle of the request that a record of this run used, until somebody was told. */
  readonly #usedFor = new Map<string, Bytes>()

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

  /** Takes one use, for a credit that was not promised. The handle was looked at in the same decision. */
  take(handle: Bytes): Write[] {
    return this.#count(handle, 1)
  }

  /** Takes one use for this record of a request, and notes which record it was and when (seconds). */
  use(handle: Bytes, record: Bytes, now: number): Write[] {
    this.#usedFor.set(toHex(record), handle)
    return [...this.take(handle), { put: privateKey('use', useId(handle, record)), value: encode(now) }]
  }

  /** The handle of the request that this record used in this run, once. */
  usedFor(record: Bytes): Bytes | null {
    const name = toHex(record)
    const handle = this.#usedFor.get(name) ?? null
    this.#usedFor.delete(name)
    return handle
  }

  /** Records that used the request behind this handle, each with when (seconds), as far as they are durable. */
  async uses(handle: Bytes): Promise<{ readonly record: Bytes; readonly time: number }[]> {
    const uses: { record: Bytes; time: number }[] = []
    for await (const page of this.#store.pages(privateRange('use', handle), USES_PAGE)) {
      for (const [key, value] of page) {
        const decoded = decode(value)
        const when = decoded.ok ? time.read(decoded.value) : undefined
        const record = privateIdOf('use', key).slice(HANDLE_BYTES)
        if (when !== undefined) uses.push({ record, time: when })
      }
    }
    return uses.sort((a, b) => a.time - b.time)
  }

  /** When it was used last, in seconds; null when no use is noted. */
  async lastUse(handle: Bytes): Promise<number | null> {
    return (await this.uses(handle)).at(-1)?.time ?? null
  }

  /** From `now` (seconds) on the handle is good for nothing new; what was sent before is still taken. */
  end(handle: Bytes, now: number): Write[] {
    const row = this.#get(handle)
    return row === null ? [] : [this.#put(handle, { ...row, expires: Math.min(row.expires, now - 1) })]
  }

  /** Takes one use for the promise of this payment, and notes the handle so that the use can be given back. */
  promise(payment: Bytes, handle: Bytes): Write[] {
    this.#promised.set(toHex(payment), handle)
    return [...this.take(handle), { put: privateKey('offer', payment), value: encode(handle) }]
  }

  /** The promise of this payment was kept: its use stays taken. */
  kept(payment: Bytes): Write[] {
    this.#promised.delete(toHex(payment))
    return [{ del: privateKey('offer', payment) }]
  }

  /** The promise of this payment came to nothing: its use is given back. */
  giveBack(payment: Bytes): Write[] {
    const handle = this.#promised.get(toHex(payment)) ?? this.#storedHandle(payment)
    return handle === null ? [] : [...this.#count(handle, -1), ...this.kept(payment)]
  }

  #storedHandle(payment: Bytes): Bytes | null {
    const bytes = this.#store.get(privateKey('offer', payment))
    const decoded = bytes === undefined ? null : decode(bytes)
    return decoded?.ok && decoded.value instanceof Uint8Array ? decoded.value : null
  }

  /** No row, no count: a handle may be erased while a promise to it is open. */
  #count(handle: Bytes, by: number): Write[] {
    const row = this.#get(handle)
    return row === null ? [] : [this.#put(handle, { ...row, used: Math.max(0, row.used + by) })]
  }

  /** Keys of all handles of this account, none of which leads to it any more, and of those overwritten before. */
  async forget(account: Bytes): Promise<Bytes[]> {
    const keys: Bytes[] = []
    for await (const page of this.#store.pages(privateRange('handle'), PAGE)) {
      for (const [key, value] of page) {
        const decoded = decode(value)
        const row = decoded.ok ? rowField.read(decoded.value) : undefined
        if (row !== undefined && !sameBytes(row.account, account)) continue
        keys.push(key)
        this.#rows.delete(toHex(privateIdOf('handle', key)))
      }
    }
    return keys
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
