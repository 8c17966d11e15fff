/**
 * Who notices an input that never comes to an end? A thread beside ours, which is told of every input before it is
 * tried, and ends the process with that input written down when nothing moves any more.
 */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Seconds one input may take before the process is given up; each target's own bound is far below. */
const HANG_SECONDS = 20
const LONGEST = 1 << 20
const STATE_BYTES = 16

/** Where inputs that failed are put. */
export const FOUND = fileURLToPath(new URL('found/', import.meta.url))

export interface Watch {
  /** Called before each input of the target of this place in the list of names. */
  begin(target: number, input: Uint8Array): void
  /** Nothing is tried for now. */
  rest(): void
  end(): Promise<void>
}

export function startWatch(names: readonly string[], seconds = HANG_SECONDS): Watch {
  const shared = new SharedArrayBuffer(STATE_BYTES + LONGEST)
  const state = new Int32Array(shared, 0, STATE_BYTES / 4)
  const kept = new Uint8Array(shared, STATE_BYTES)
  const workerData = { shared, folder: FOUND, seconds, names }
  const worker = new Worker(join(import.meta.dirname, 'watchdog.js'), { workerData, execArgv: [] })
  worker.unref()
  return {
    begin(target, input) {
      const length = Math.min(input.length, LONGEST)
      kept.set(length === input.length ? input : input.subarray(0, length))
      state[1] = length
      state[2] = target
      state[3] = 1
      Atomics.add(state, 0, 1)
    },
    rest() {
      state[3] = 0
    },
    async end() {
      await worker.terminate()
    },
  }
}
