/**
 * Can this machine's clock be right? A log pushed into the future would refuse its own commits for as long, so the
 * writer waits for the operator when two neighbours agree against our clock, or when it jumped ahead of the machine's
 * own counter and no neighbour confirms it ([LOG-5], [PAY-16]). One liar stops nothing.
 */

import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Refusal, refuse } from '../core/refusal.ts'
import type { Clock, Report } from './ports.ts'

export class ClockWatch {
  readonly #clock: Clock
  readonly #report: Report
  /** What each neighbour's clock showed, and our counter then; so it can be told what it shows now. Seconds. */
  readonly #heard = new Map<string, { readonly theirs: number; readonly uptime: number }>()
  /** Clock and counter when the clock was last believed. */
  #base: { now: number; uptime: number }
  /** The operator said that the clock is right, and it has not jumped since. */
  #vouched = false
  #stopped = false

  constructor(clock: Clock, report: Report) {
    this.#clock = clock
    this.#report = report
    this.#base = { now: clock.now(), uptime: clock.uptime() }
  }

  /** A line partner's clock, in seconds. */
  heard(partner: Bytes, theirs: number): void {
    this.#heard.set(toHex(partner), { theirs, uptime: this.#clock.uptime() })
    const seconds = theirs - this.#clock.now()
    if (Math.abs(seconds) > LIMITS.clockWarnSeconds)
      this.#report('clock_differs', { neighbour: toHex(partner), seconds })
  }

  /** The operator says that the machine's clock is right after all. */
  confirm(): void {
    this.#vouched = true
    this.#rebase()
  }

  /** Why nothing may be signed by this clock now, or null. */
  refusal(): Refusal | null {
    const offsets = this.#offsets()
    const seconds = this.#jump(offsets) ?? (this.#vouched ? null : agreedOffset(offsets))
    if (seconds === null) {
      this.#stopped = false
      return null
    }
    if (!this.#stopped) this.#report('clock_unsure', { seconds })
    this.#stopped = true
    return refuse('clock_unsure', { seconds }).refusal
  }

  /** How far the clock of a neighbour is ahead of ours that differs most; null when none was heard within a day. Seconds. */
  furthest(): number | null {
    const [furthest = null] = this.#offsets().sort((a, b) => Math.abs(b) - Math.abs(a))
    return furthest
  }

  /** How far each neighbour heard within a day is ahead of us, now. */
  #offsets(): number[] {
    const now = this.#clock.now()
    const uptime = this.#clock.uptime()
    const offsets: number[] = []
    for (const [partner, heard] of this.#heard) {
      const age = uptime - heard.uptime
      if (age > LIMITS.clockHeardSeconds) this.#heard.delete(partner)
      else offsets.push(heard.theirs + age - now)
    }
    return offsets
  }

  /** Seconds by which the clock ran ahead of the counter, unless a neighbour confirms it. */
  #jump(offsets: readonly number[]): number | null {
    const now = this.#clock.now()
    const jump = now - this.#base.now - (this.#clock.uptime() - this.#base.uptime)
    if (jump <= LIMITS.clockStopSeconds) return null
    this.#vouched = false
    if (!offsets.some((offset) => Math.abs(offset) <= LIMITS.clockWarnSeconds)) return jump
    this.#rebase()
    return null
  }

  #rebase(): void {
    this.#base = { now: this.#clock.now(), uptime: this.#clock.uptime() }
  }
}

/** An offset beyond the bound that two neighbours share, or null. */
function agreedOffset(offsets: readonly number[]): number | null {
  const far = offsets.filter((offset) => Math.abs(offset) > LIMITS.clockStopSeconds)
  const shared = (a: number, i: number): boolean =>
    far.some((b, j) => j > i && Math.abs(a - b) <= LIMITS.clockWarnSeconds)
  return far.find(shared) ?? null
}
