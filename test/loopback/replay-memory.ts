/**
 * How much memory does the state of a log need? Reads the logs of the folders it is given, one after the other and the
 * first one twice, and tells its parent the bytes each took: V8's heap and all typed arrays, after a garbage collection.
 * Needs `--expose-gc`.
 */

import { setImmediate as turn } from 'node:timers/promises'
import { must } from '../../src/core/fault.ts'
import { replay } from '../../src/node/replay.ts'
import { openLevelStore } from '../../src/store/level-store.ts'

async function bytesNow(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    must(globalThis.gc !== undefined, 'the garbage collector can be asked')
    globalThis.gc()
    await turn()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function bytesOf(folder: string): Promise<{ entries: number; ids: number; bytes: number }> {
  const store = await openLevelStore({ folder })
  const before = await bytesNow()
  const read = await replay(store)
  const bytes = (await bytesNow()) - before
  const { size, exchanges, asPayer, asPayee } = read.book
  await store.close()
  return { entries: size, ids: exchanges.size + asPayer.size + asPayee.size, bytes }
}

const [first = '', ...others] = process.argv.slice(2)
// Code is compiled and optimised at the first reading, and that is not the log's.
await bytesOf(first)
const found = []
for (const folder of [first, ...others]) found.push(await bytesOf(folder))
process.send?.(found)
process.disconnect?.()
