/**
 * How much may a neighbour make us do in a day? So many entries that move nothing, so many questions about people; beyond
 * it the answer is BUSY or nothing, which is never logged ([LINE-11]).
 */

import type { Entry } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'

const DAY = 86_400

/** One allowance for each bank, which outlives its line and its session: a line made anew brings no new one. */
export class Allowances {
  readonly #of = new Map<string, Allowance>()

  of(bank: Bytes): Allowance {
    const name = toHex(bank)
    const known = this.#of.get(name) ?? new Allowance()
    this.#of.set(name, known)
    return known
  }

  /** A bank that left nothing behind is forgotten; calls of strangers alone would fill the memory. */
  forget(bank: Bytes): void {
    if (this.of(bank).isUntouched) this.#of.delete(toHex(bank))
  }
}

/** So many of something in a day; seconds on the machine's counter. */
export class DailyCount {
  readonly #most: number
  #since = Number.NEGATIVE_INFINITY
  spent = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Whether something is left. */
  left(uptime: number): boolean {
    if (uptime - this.#since > DAY) {
      this.#since = uptime
      this.spent = 0
    }
    return this.spent < this.#most
  }

  /** Takes one; false when none is left. */
  take(uptime: number): boolean {
    const left = this.left(uptime)
    if (left) this.spent += 1
    return left
  }

  /** What was taken did not count after all. */
  giveBack(): void {
    this.spent = Math.max(0, this.spent - 1)
  }
}

export class Allowance {
  readonly #entries = new DailyCount(LIMITS.fruitlessEntriesPerDay)
  /** Questions about people ([LINE-11], `questionsPerDay`). */
  readonly enquiries = new DailyCount(LIMITS.questionsPerDay)
  /** Looks at what our members ask and offer, and answers to it ([DIR-12], [DIR-10]). */
  readonly looks = new DailyCount(LIMITS.noticeLooksPerDay)
  readonly interests = new DailyCount(LIMITS.noticeAnswersPerDay)

  get isUntouched(): boolean {
    return [this.#entries, this.enquiries, this.looks, this.interests].every(({ spent }) => spent === 0)
  }

  /** Whether something is left; `uptime` in seconds on the machine's counter. */
  left(uptime: number): boolean {
    return this.#entries.left(uptime)
  }

  /** Sets one entry aside for a decision that is not made yet: many may be under way together. */
  take(uptime: number): boolean {
    return this.#entries.take(uptime)
  }

  /** Counts those of these entries that move nothing, less those `taken` before. */
  spend(entries: readonly Entry[], taken: 0 | 1): void {
    this.#entries.spent -= taken
    for (const { kind } of entries) if (FRUITLESS.has(kind)) this.#entries.spent += 1
  }
}

const FRUITLESS: ReadonlySet<Entry['kind']> = new Set<Entry['kind']>([
  'pay.abort',
  'rcv.waive',
  'rcv.release',
  'rcv.bounce',
  'line.limit',
])
