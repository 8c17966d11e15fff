/**
 * A store that fails, or takes its time. It fails once, at a chosen append, with the batch on the disk or not: whoever
 * called cannot know which, as with a real disk whose error comes late.
 */

import { Fault } from '../../src/core/fault.ts'
import type { Store, Write } from '../../src/store/store.ts'

export interface Faults {
  /** Appends so far, the failing one included. */
  appends: number
  /** Number of the append that fails; none by default. */
  failAt: number
  /** Whether the failing batch is on the disk all the same. */
  persists: boolean
  /** An append takes a turn of the event loop, as a disk does, in which timers and sockets are served. */
  slow: boolean
  /** Nothing is free any more, as the bank is told when it asks. */
  full: boolean
  /** Called as each append begins. */
  onAppend: (batch: readonly Write[]) => void
}

export function noFaults(): Faults {
  return {
    appends: 0,
    failAt: Number.POSITIVE_INFINITY,
    persists: false,
    slow: false,
    full: false,
    onAppend: () => {},
  }
}

/** The store, with these faults; they may be changed while it is used. */
export function faulty(store: Store, faults: Faults): Store {
  let broken: Fault | null = null

  async function append(batch: readonly Write[]): Promise<void> {
    if (broken !== null) throw broken
    const fails = ++faults.appends === faults.failAt
    faults.onAppend(batch)
    if (faults.slow) await new Promise((resolve) => setTimeout(resolve, 2))
    if (!fails || faults.persists) await store.append(batch)
    if (!fails) return
    broken = new Fault('commit_unknown', 'The disk answered with an error.', { fatal: true })
    throw broken
  }

  return {
    append,
    get: (key) => store.get(key),
    pages: (range, pageSize) => store.pages(range, pageSize),
    freeBytes: async () => (faults.full ? 0 : store.freeBytes()),
    compact: (range) => store.compact(range),
    close: () => store.close(),
  }
}
