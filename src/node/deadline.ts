/**
 * How long may a wait last? A signal that aborts after so many seconds of the node's own clock, or when something
 * else ends the wait.
 */

import type { Clock } from './ports.ts'

/** Runs `work` with a signal that aborts after `seconds` or with any of `others`; the timer ends with the work. */
export async function within<T>(
  clock: Clock,
  seconds: number,
  others: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const cancel = clock.after(seconds * 1000, () =>
    over.abort(new Error(`nothing happened within ${seconds} seconds`)),
  )
  try {
    return await work(AbortSignal.any([over.signal, ...others]))
  } finally {
    cancel()
  }
}
