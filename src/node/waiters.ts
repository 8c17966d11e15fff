/**
 * Who waits for news of a payment? Wakes them when the log says something new about its id.
 */

import { type Bytes, toHex } from '../core/ids.ts'
import { orderId } from '../core/transfer/order.ts'
import type { Recorded } from './commit.ts'
import type { Clock } from './ports.ts'

export interface NextChange {
  /** Resolves at the next change, or after so many seconds. */
  within(clock: Clock, seconds: number): Promise<void>
  /** Nobody waits any more. */
  leave(): void
}

export class Waiters {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Listens from now on, so that a change between a look and a wait is not missed. */
  next(id: Bytes): NextChange {
    const key = toHex(id)
    let wake: () => void = () => undefined
    const changed = new Promise<void>((resolve) => {
      wake = resolve
    })
    const set = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, set.add(wake))
    const leave = (): void => {
      set.delete(wake)
      if (set.size === 0) this.#waiting.delete(key)
    }
    return {
      leave,
      async within(clock, seconds) {
        const cancel = clock.after(seconds * 1000, wake)
        await changed
        cancel()
        leave()
      },
    }
  }

  tell(recorded: readonly Recorded[]): void {
    if (this.#waiting.size === 0) return
    for (const { entry } of recorded) {
      if (entry.kind === 'pay.hold') this.#wake(orderId(entry.body.order))
      else if ('id' in entry.body) this.#wake(entry.body.id)
    }
  }

  #wake(id: Bytes): void {
    for (const wake of this.#waiting.get(toHex(id)) ?? []) wake()
  }
}
