/**
 * Is a session that broke off worth waiting for? For a few seconds: most come again at once, and whoever asks just then
 * need not be sent away.
 */

import { LIMITS } from '../core/limits.ts'
import type { Clock } from './ports.ts'

export class Interruption {
  readonly #clock: Clock
  readonly #waiting = new Set<() => void>()
  /** Seconds on the machine's counter; null while a session is up, and before the first. */
  #since: number | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  began(): void {
    this.#since = this.#clock.uptime()
  }

  over(): void {
    this.#since = null
    for (const wake of [...this.#waiting]) wake()
  }

  /** Resolves when it is over, or has lasted as long as anybody waits. */
  wait(): Promise<void> {
    const passed = this.#since === null ? LIMITS.interruptionSeconds : this.#clock.uptime() - this.#since
    const left = LIMITS.interruptionSeconds - passed
    if (left <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel()
        this.#waiting.delete(wake)
        resolve()
      }
      const cancel = this.#clock.after(left * 1000, wake)
      this.#waiting.add(wake)
    })
  }
}
