/**
 * When is something said again? What waits for a neighbour is repeated with growing waits until it is answered. Kept
 * in memory alone: a restart says everything once more.
 */

import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'

export class Resend {
  /** When to say it again, and the wait after that; seconds on the machine's counter. */
  readonly #waiting = new Map<string, { readonly at: number; readonly wait: number }>()

  /** It was just said. */
  said(id: Bytes, uptime: number): void {
    const wait = LIMITS.resendFirstSeconds
    this.#waiting.set(toHex(id), { at: uptime + wait, wait: wait * 2 })
  }

  /** Whether to say it now; if so, the next time is further away. What was never said is due at once. */
  due(id: Bytes, uptime: number): boolean {
    const key = toHex(id)
    const { at, wait } = this.#waiting.get(key) ?? { at: uptime, wait: LIMITS.resendFirstSeconds }
    if (at > uptime) return false
    this.#waiting.set(key, { at: uptime + wait, wait: Math.min(wait * 2, LIMITS.resendLongestSeconds) })
    return true
  }

  /** Nobody waits for it any more. */
  settled(id: Bytes): void {
    this.#waiting.delete(toHex(id))
  }

  get size(): number {
    return this.#waiting.size
  }
}
