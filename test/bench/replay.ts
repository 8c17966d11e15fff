/**
 * How long does a start take after SIGKILL, and how much memory does the bank need? A bank of 100,000 and one of
 * 1,000,000 entries, with 5,000 people and 50 neighbours, is killed while it writes and then started as a person would
 * start it. `--data FOLDER` keeps the bank there, for the next time, and chooses the disk; a folder that holds more
 * than is asked for is started as it is.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { killWhileFilling } from './kill-while-filling.ts'
import { LARGE } from './large-bank.ts'
import type { Figures } from './main.ts'

/** What a large bank may take ([OPS-8]). */
const MOST_MB = 300
const MOST_SECONDS = 30
const SETTLE_MS = 3_000
const PROGRAM = fileURLToPath(new URL('../../bin/commonhour.js', import.meta.url))

export async function replayBench(data: string | null): Promise<Figures> {
  const figures: Figures = {}
  const folder = data === null ? await mkdtemp(join(tmpdir(), 'commonhour-bench-')) : join(data, 'large-bank')
  try {
    for (const entries of [100_000, LARGE.entries]) {
      const durable = await killWhileFilling(folder, { ...LARGE, entries }, tellEvery(100_000))
      // What `--data` kept from the last time is larger already.
      if (durable > entries * 2) continue
      const start = await startOnce(folder)
      if (start.entries < durable)
        throw new Error(`${durable} entries were durable, ${start.entries} are left`)
      const name = `${entries} entries`
      figures[`${name}: entries in the log`] = start.entries
      figures[`${name}: seconds to start after SIGKILL`] = start.seconds
      figures[`${name}: of them the processor's`] = start.cpuSeconds
      figures[`${name}: entries/s`] = Math.round(start.entries / start.seconds)
      figures[`${name}: seconds / the most of ${MOST_SECONDS}`] = round(start.seconds / MOST_SECONDS)
      for (const [kind, mb] of Object.entries(start.memory)) figures[`${name}: ${kind}, MB`] = mb
      figures[`${name}: RSS / the most of ${MOST_MB}`] = round((start.memory.RSS ?? Number.NaN) / MOST_MB)
    }
  } finally {
    if (data === null) await rm(folder, { recursive: true, force: true })
  }
  return figures
}

interface Start {
  readonly entries: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly memory: Readonly<Record<string, number>>
}

/** Starts the program itself, looks at it once it serves, and kills it. */
async function startOnce(folder: string): Promise<Start> {
  const from = performance.now()
  const settings = ['--http-port', '0', '--p2p-port', '0', '--p2p-host', '127.0.0.1', '--network', 'lan']
  const args = [PROGRAM, 'serve', '--dir', folder, ...settings, '--start-wait-seconds', '1']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    const entries = await servingWith(child)
    const seconds = round((performance.now() - from) / 1000)
    const cpuSeconds = cpuOf(child)
    await pause(SETTLE_MS)
    return { entries, seconds, cpuSeconds, memory: memoryOf(child) }
  } finally {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGKILL')) await gone
  }
}

/** Entries of the log, once the bank says that it serves. */
async function servingWith(child: ChildProcess): Promise<number> {
  let entries = 0
  for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    if (!line.startsWith('{')) throw new Error(`the bank did not start: ${line}`)
    const said = JSON.parse(line)
    if (said.msg === 'started') entries = said.entries
    if (said.msg === 'serving') return entries
  }
  throw new Error('the bank ended before it served')
}

/** What Linux counts: all resident pages, those of the process alone, and those of files, among them LevelDB's tables. */
function memoryOf({ pid }: ChildProcess): Record<string, number> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mb = (field: string): number =>
    Math.round((Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) * 1024) / 1e6)
  return {
    RSS: mb('VmRSS'),
    'RSS at its highest': mb('VmHWM'),
    'own memory': mb('RssAnon'),
    files: mb('RssFile'),
  }
}

/** Fields 14 and 15 of `stat`, in hundredths of a second, behind the name in brackets. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function tellEvery(step: number): (entries: number) => void {
  let next = step
  return (entries) => {
    if (entries < next) return
    console.error(`  ${entries} entries`)
    next = entries + step
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
