/**
 * A second process for the tests of the store on disk. `hold` opens the folder and stays until its input ends;
 * `write` appends numbered batches and says each number once it was acknowledged, until it is killed.
 */
import { writeSync } from 'node:fs'
import process from 'node:process'
import { Fault } from '../../src/core/fault.ts'
import { openLevelStore } from '../../src/store/level-store.ts'
import { batchOf, lastBatch } from './batches.ts'

const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

const [verb, folder = ''] = process.argv.slice(2)
try {
  const store = await openLevelStore({ folder })
  say('open')
  if (verb === 'write') {
    for (let n = lastBatch(store) + 1; ; n++) {
      await store.append(batchOf(n))
      say(String(n))
    }
  }
  for await (const _ of process.stdin);
  await store.close()
  say('closed')
} catch (error) {
  say(error instanceof Fault ? `fault ${error.code}: ${error.message}` : `error ${String(error)}`)
  process.exitCode = 2
}
