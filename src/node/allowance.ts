/**
 * How much may a neighbour make us write that moves nothing? So many entries in a day; beyond it the answer is BUSY,
 * which is never logged ([LINE-11]).
 */

import type { Entry } from '../core/entry.ts'
import { LIMITS } from '../core/limits.ts'

const DAY = 86_400

export class Allowance {
  #since = Number.NEGATIVE_INFINITY
  #spent = 0

  /** Whether something is left; `uptime` in seconds on the machine's counter. */
  left(uptime: number): boolean {
    if (uptime - this.#since > DAY) {
      this.#since = uptime
      this.#spent = 0
    }
    return this.#spent < LIMITS.fruitlessEntriesPerDay
  }

  /** Counts those of these entries that move nothing. */
  spend(entries: readonly Entry[]): void {
    for (const { kind } of entries) if (FRUITLESS.has(kind)) this.#spent += 1
  }
}

const FRUITLESS: ReadonlySet<Entry['kind']> = new Set<Entry['kind']>([
  'pay.abort',
  'rcv.waive',
  'rcv.release',
  'rcv.bounce',
  'line.limit',
])
