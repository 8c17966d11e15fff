/**
 * How does a large bank come to its end? It is filled until so many entries are durable, and then killed with SIGKILL
 * in the middle of its writes, so that the next start finds write-ahead files to read.
 */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LargeSize } from './large-bank.ts'

/** Gives the entries that were durable at the last word of the process before it was killed. */
export async function killWhileFilling(
  folder: string,
  { entries, people, neighbours }: LargeSize,
  told: (entries: number) => void = () => undefined,
): Promise<number> {
  const script = fileURLToPath(new URL('./large-bank-process.ts', import.meta.url))
  const child = fork(script, [folder, String(people), String(neighbours)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: process.execArgv.filter((flag) => flag.startsWith('--experimental-strip-types')),
  })
  let durable = 0
  child.on('message', (count) => {
    durable = Number(count)
    told(durable)
    if (durable >= entries) child.kill('SIGKILL')
  })
  const [code, signal] = await once(child, 'exit')
  if (signal !== 'SIGKILL') throw new Error(`filling ended by itself: ${code ?? signal}`)
  return durable
}
