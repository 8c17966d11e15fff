/**
 * Has the process been at one input for too long? Runs on a thread of its own, because whoever hangs cannot look: it
 * writes the input down and ends the process.
 */
import { mkdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { workerData } from 'node:worker_threads'

/** @type {{ shared: SharedArrayBuffer, folder: string, seconds: number, names: string[] }} */
const { shared, folder, seconds, names } = workerData
/** Count of inputs begun, length of the present one, its target, and 1 while one is under way. */
const state = new Int32Array(shared, 0, 4)
let seen = -1
let since = performance.now()

setInterval(() => {
  const count = Atomics.load(state, 0)
  if (count !== seen || Atomics.load(state, 3) === 0) {
    seen = count
    since = performance.now()
    return
  }
  if (performance.now() - since < seconds * 1_000) return
  const input = Buffer.from(shared, 16, Atomics.load(state, 1))
  const path = join(folder, `${names[Atomics.load(state, 2)] ?? 'unknown'}-hangs.hex`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, `${input.toString('hex')}\n`)
  // Straight to the system: the streams of a thread pass through the one that hangs.
  writeSync(2, `no end after ${seconds} s; the input is in ${path}\n`)
  process.kill(process.pid, 'SIGKILL')
}, 250)
