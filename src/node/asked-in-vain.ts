/**
 * For how long has this bank asked its neighbours in vain, over all its starts? An old laptop that is shut every evening
 * would never have asked for a week in one go ([CRASH-9]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b32, record, time } from '../core/schema.ts'
import type { Head } from '../log/checkpoint.ts'
import { askedKey } from '../store/keyspace.ts'
import type { Writer } from './commit.ts'
import type { Gate } from './gate.ts'

/** For whose head it was asked: what a bank signs later, or another copy of the folder, begins anew. */
const rowField = record({ root: b32, seconds: time })

/** Seconds that earlier starts on this very log had asked. */
export function askedBefore(row: Bytes | undefined, head: Head): number {
  const decoded = row === undefined ? null : decode(row)
  const fields = decoded?.ok ? rowField.read(decoded.value) : undefined
  return fields !== undefined && sameBytes(fields.root, head.root) ? fields.seconds : 0
}

export class AskedInVain {
  readonly #writer: Writer
  readonly #gate: Gate
  readonly #head: Head
  #kept: number

  constructor(writer: Writer, gate: Gate, head: Head) {
    this.#writer = writer
    this.#gate = gate
    this.#head = head
    this.#kept = gate.askedSeconds
  }

  /** Notes it now and then while the gate waits. A note that cannot be written costs the operator ten minutes. */
  tick(): void {
    const state = this.#gate.state()
    const seconds = Math.floor(this.#gate.askedSeconds)
    if (state === null || state === 'wait' || state.code !== 'start_waits') return
    if (seconds - this.#kept < LIMITS.startAskedKeptSeconds) return
    this.#kept = seconds
    const value = encode(rowField.write({ root: this.#head.root, seconds }))
    this.#writer.sweep([{ put: askedKey, value }]).catch(() => undefined)
  }
}
