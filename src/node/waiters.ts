/**
 * Who waits for news of a payment? Wakes them when the log says something new about its id.
 */

import type { Entry } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { exchangeIdOf } from '../core/sign.ts'
import { orderId } from '../core/transfer/order.ts'
import type { Recorded } from './commit.ts'
import type { Clock } from './ports.ts'

export interface NextChange {
  /** Resolves at the next change, or after so many seconds. */
  within(clock: Clock, seconds: number): Promise<void>
  /** Nobody waits any more. */
  leave(): void
}

/** The payment or exchange that an entry is about, if any. */
function recordOf(entry: Entry): Bytes | null {
  if (entry.kind === 'pay.hold') return orderId(entry.body.order)
  if (entry.kind === 'exchange') return exchangeIdOf(entry.body.intent)
  return 'id' in entry.body ? entry.body.id : null
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

  /** `usedFor` gives the handle of the request that a payment or exchange used, if any, once. */
  tell(recorded: readonly Recorded[], usedFor: (record: Bytes) => Bytes | null): void {
    for (const { entry } of recorded) {
      const id = recordOf(entry)
      if (id === null) continue
      this.#wake(id)
      const handle = usedFor(id)
      if (handle !== null) this.#wake(handle)
    }
  }

  #wake(id: Bytes): void {
    for (const wake of this.#waiting.get(toHex(id)) ?? []) wake()
  }
}
