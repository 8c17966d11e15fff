/**
 * Does a decoder keep what it was shown? Batches of inputs with the garbage collected between them: what is in use
 * afterwards must not go up with the number of inputs.
 */

import { campaign } from './campaign.ts'
import type { Target } from './target.ts'

export const BATCHES = 5
/** Inputs of each fuzzer in a batch. */
export const BATCH = 150
/** Caches fill and code is compiled: that much more may be in use after the last batch than after the second. */
const MOST_GROWTH = 4 * 1024 * 1024

export interface Growth {
  /** Bytes in use after each batch. */
  readonly used: readonly number[]
  readonly grown: number
  readonly grows: boolean
}

/** Bytes in use after each of five batches. Needs `--expose-gc`. */
export async function growthOf(target: Target, inputs = BATCH): Promise<Growth> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run with --expose-gc')
  const used: number[] = []
  for (let batch = 0; batch < BATCHES; batch++) {
    const { failure } = await campaign(target, { seed: 70_000 + batch * 100, inputs })
    if (failure !== null) throw new Error(`${target.name} fails: ${failure.what}`)
    // A second round takes what the first has set free, and timers and streams end in between.
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setImmediate(resolve))
      gc()
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    used.push(heapUsed + arrayBuffers)
  }
  const grown = (used.at(-1) ?? 0) - (used[1] ?? 0)
  // Garbage comes and goes; what grows is more after every single batch.
  const steady = used.slice(2).every((one, i) => one > (used[i + 1] ?? 0))
  return { used, grown, grows: steady && grown > MOST_GROWTH }
}
