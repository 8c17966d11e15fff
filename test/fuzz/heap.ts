/**
 * Which decoder keeps what it was shown? Prints a line for each target, and fails when one of them grows.
 *
 *     node --expose-gc test/fuzz/heap.ts [target ...]
 */

import { BATCH, BATCHES, growthOf } from './growth.ts'
import { TARGETS } from './targets.ts'

const wanted = process.argv.slice(2)
for (const target of TARGETS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { grown, grows } = await growthOf(target, Math.min(BATCH, target.inTest))
  const kib = Math.round(grown / 1024)
  process.stdout.write(
    `${target.name}: ${grows ? 'GROWS' : 'steady'}, ${kib} KiB over ${BATCHES - 2} batches\n`,
  )
  if (grows) process.exitCode = 1
}
