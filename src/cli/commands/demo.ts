/**
 * How does a newcomer see all of it at once? `commonhour demo` runs three banks and a few hundred exchanges, kills
 * one bank on the way, audits the logs, and stays up to be looked at.
 */

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DemoBank } from '../demo/bank.ts'
import { type Doors, doorsText, openDoors } from '../demo/doors.ts'
import { tellStory } from '../demo/story.ts'
import { demoJson, demoTable } from '../demo/table.ts'

export interface DemoOptions {
  readonly seed: number
  /** Folder that is kept; a temporary one that is removed at the end when null. */
  readonly data: string | null
  /** `ends`: stop when the table is printed. `stays`: keep the banks up until `stop` aborts. */
  readonly after: 'ends' | 'stays'
  readonly output: 'table' | 'json'
  readonly stdout: (line: string) => void
  readonly stderr: (line: string) => void
  readonly stop: AbortSignal
}

/** Exit code: 0 when everything adds up, 1 when the audit found something. */
export async function demo(options: DemoOptions): Promise<number> {
  const folder =
    options.data === null ? await mkdtemp(join(tmpdir(), 'commonhour-demo-')) : resolve(options.data)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const started = performance.now()
  let banks: readonly DemoBank[] = []
  try {
    const result = await tellStory(folder, options.seed, options.stderr)
    banks = result.banks
    const doors = options.after === 'stays' ? await openDoors(banks) : null
    if (options.output === 'json') options.stdout(JSON.stringify({ ...demoJson(result), ...doors }, null, 2))
    else for (const line of demoTable(result, folderIs(options))) options.stdout(line)
    options.stderr(`(${Math.round((performance.now() - started) / 1000)} seconds, seed ${options.seed})`)
    if (doors !== null) await stayUp(doors, options)
    const { report } = result
    const quiet = report.payments.in_transit === 0 && report.payments.undecided === 0 && report.sum === 0
    return quiet && report.findings.length === 0 ? 0 : 1
  } finally {
    await Promise.all(banks.map((bank) => bank.stop()))
    if (options.data === null) await rm(folder, { recursive: true, force: true })
  }
}

/** While the banks stay up the folder is there, whoever named it. */
function folderIs({ data, after }: DemoOptions): 'kept' | 'removed' {
  return data !== null || after === 'stays' ? 'kept' : 'removed'
}

async function stayUp(doors: Doors, { stderr, stop }: DemoOptions): Promise<void> {
  for (const line of doorsText(doors)) stderr(line)
  stderr('')
  stderr('The banks stay up. Press Ctrl-C to end them; the folder goes with them unless you gave --data.')
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve()
    else stop.addEventListener('abort', () => resolve(), { once: true })
  })
}
