/**
 * How does the network learn that this bank is there, and stay known to it? Joins through whoever is reachable,
 * says our bank id in the DHT, and tries again while nobody hears us ([DISC-5], [DISC-7]).
 */

import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { findBankPreimage } from '../core/sign.ts'
import type { Directory, Whereabouts } from '../peer/ports.ts'
import type { Clock } from './ports.ts'

export interface PresenceParts {
  readonly directory: Directory
  readonly bank: Bytes
  readonly clock: Clock
  /** From settings, and the neighbours we know. */
  readonly targets: () => readonly Whereabouts[]
  /** Told whenever it has tried. */
  readonly tried: () => void
}

export class Presence {
  readonly #parts: PresenceParts
  readonly #stop = new AbortController()
  #joining: Promise<void> | null = null
  #nextTry = 0
  #wait: number = LIMITS.resendFirstSeconds

  constructor(parts: PresenceParts) {
    this.#parts = parts
  }

  /** Runs about once a second: as long as the table is empty, joins again with growing waits. */
  tick(): void {
    const { directory, clock } = this.#parts
    if (this.#joining !== null || clock.uptime() < this.#nextTry) return
    if (this.#nextTry > 0 && directory.known() > 0) {
      this.#wait = LIMITS.resendFirstSeconds
      return
    }
    this.#nextTry = clock.uptime() + this.#wait
    this.#wait = Math.min(this.#wait * 2, LIMITS.tableRefreshSeconds)
    this.#joining = this.#join().finally(() => {
      this.#joining = null
      this.#parts.tried()
    })
  }

  async #join(): Promise<void> {
    const { directory, bank, targets } = this.#parts
    // Said first: the directory keeps it and says it to the first peer that appears, whoever dialled.
    await directory.announce(findBankPreimage(bank)).catch(() => undefined)
    // Those we know first; when none of them is there, whoever was met in earlier runs.
    await directory.join(targets(), this.#stop.signal).catch(() => undefined)
    if (directory.known() === 0 && !this.#stop.signal.aborted) {
      await directory.join([], this.#stop.signal).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#joining
  }
}
