/**
 * Where does a list wait that somebody has pasted and nobody has accepted yet? In memory alone, for these people are no
 * members: each list under a random name, for whoever brought it, a few at a time and for a while.
 */

import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import type { Clock, Random } from '../node/ports.ts'
import type { ImportFiles } from '../register/import/source.ts'

export interface ListDraft {
  /** Random, of 32 hex digits. */
  readonly id: string
  readonly files: ImportFiles
}

interface Kept extends ListDraft {
  readonly actor: Bytes
  /** Seconds of uptime. */
  readonly until: number
}

export class ListDrafts {
  readonly #clock: Clock
  readonly #random: Random
  readonly #kept = new Map<string, Kept>()

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Keeps a list for this coordinator; the oldest makes room. */
  add(actor: Bytes, files: ImportFiles): ListDraft {
    this.#forgetOld()
    for (const id of this.#kept.keys()) {
      if (this.#kept.size < LIMITS.listDrafts) break
      this.#kept.delete(id)
    }
    const id = toHex(this.#random.bytes(16))
    this.#kept.set(id, { id, files, actor, until: this.#clock.uptime() + LIMITS.listDraftSeconds })
    return { id, files }
  }

  /** The list under this name, for whoever brought it; null for others and once it is gone. */
  find(id: string, actor: Bytes): ListDraft | null {
    this.#forgetOld()
    const kept = this.#kept.get(id)
    return kept !== undefined && sameBytes(kept.actor, actor) ? kept : null
  }

  /** The same list, with something more said about it. */
  change(id: string, files: ImportFiles): void {
    const kept = this.#kept.get(id)
    if (kept !== undefined) this.#kept.set(id, { ...kept, files })
  }

  drop(id: string): void {
    this.#kept.delete(id)
  }

  #forgetOld(): void {
    const now = this.#clock.uptime()
    for (const [id, { until }] of this.#kept) if (until < now) this.#kept.delete(id)
  }
}
