/** A clock that stands still until the test moves it; timers run when their time has come. */

import type { Clock } from '../../src/node/ports.ts'

export class ManualClock implements Clock {
  /** Seconds the wall clock is ahead of the counter. */
  ahead = 1_774_000_000
  #seconds = 0
  #timers: { at: number; run: () => void }[] = []

  now(): number {
    return Math.floor(this.#seconds + this.ahead)
  }

  uptime(): number {
    return this.#seconds
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#seconds + milliseconds / 1_000, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    this.#seconds += seconds
    const due = this.#timers.filter(({ at }) => at <= this.#seconds)
    this.#timers = this.#timers.filter(({ at }) => at > this.#seconds)
    for (const { run } of due) run()
  }
}
