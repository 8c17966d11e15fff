/**
 * Is every crash survived? For each durable write of a scenario, at each point of it, the machine crashes there; and
 * then again with each other bank that has something left to write, which crashes at its next write, at each point.
 * Nothing is drawn: the writes were counted once, and a run is the same until its crash.
 */

import { reasonOf } from '../../src/core/fault.ts'
import type { Coverage } from '../sim/coverage.ts'
import { type Crash, POINTS, play, type Run } from './run.ts'
import type { Scenario } from './scenario.ts'

export interface Failure {
  readonly scenario: string
  readonly crash: Crash | null
  readonly violations: readonly string[]
}

/** What a part of the sweep came to. */
export interface Tally {
  /** Crashes of one machine. */
  alone: number
  /** Crashes of one machine and then of another. */
  pairs: number
  /** Of both: runs in which every crash asked for really happened. */
  covered: number
  events: number
  readonly coverage: Coverage['counts']
  readonly failures: Failure[]
}

export interface SweepOptions {
  /** Of the crashes of two machines each so manieth is tried; 1 tries them all. */
  readonly each?: number
}

export function emptyTally(): Tally {
  return { alone: 0, pairs: 0, covered: 0, events: 0, coverage: {}, failures: [] }
}

export function addTally(to: Tally, from: Tally): void {
  for (const what of ['alone', 'pairs', 'covered', 'events'] as const) to[what] += from[what]
  for (const [what, times] of Object.entries(from.coverage))
    to.coverage[what] = (to.coverage[what] ?? 0) + times
  to.failures.push(...from.failures)
}

/** The scenario without a crash: its writes, and what is wrong with it already. */
export async function counted(scenario: Scenario): Promise<Run> {
  const [once, again] = [await tried(scenario, null), await tried(scenario, null)]
  const same = once.digest === again.digest && once.writes.join() === again.writes.join()
  return same ? once : { ...once, violations: [...once.violations, 'played again, it is not the same'] }
}

/** All crashes that begin at this write of this bank. `turn` numbers the pairs, for whoever tries only some. */
export async function crashedAt(
  scenario: Scenario,
  { bank, write }: { readonly bank: number; readonly write: number },
  { each = 1 }: SweepOptions = {},
): Promise<Tally> {
  const tally = emptyTally()
  let turn = bank + write
  for (const point of POINTS) {
    const alone: Crash = { bank, write, point }
    const run = await tried(scenario, alone)
    tally.alone += 1
    note(tally, scenario, alone, run)
    for (const other of run.wroteSince) {
      for (const then of POINTS) {
        if (turn++ % each !== 0) continue
        const both: Crash = { ...alone, second: { bank: other, point: then } }
        tally.pairs += 1
        note(tally, scenario, both, await tried(scenario, both))
      }
    }
  }
  return tally
}

function note(tally: Tally, scenario: Scenario, crash: Crash, run: Run): void {
  const asked = crash.second === undefined ? 1 : 2
  const happened = run.crashes === asked
  if (happened) tally.covered += 1
  tally.events += run.events
  for (const [what, times] of Object.entries(run.coverage))
    tally.coverage[what] = (tally.coverage[what] ?? 0) + times
  const violations = happened
    ? run.violations
    : [...run.violations, `${run.crashes} of ${asked} crashes happened`]
  if (violations.length > 0) tally.failures.push({ scenario: scenario.name, crash, violations })
}

async function tried(scenario: Scenario, crash: Crash | null): Promise<Run> {
  try {
    return await play(scenario, crash)
  } catch (thrown) {
    const nothing = { writes: [], crashes: 0, wroteSince: [], ends: [], coverage: {}, events: 0, digest: '' }
    return { ...nothing, violations: [`the world stopped: ${reasonOf(thrown)}`] }
  }
}

/** The line that plays it again, with a trace. */
export function replayLine({ scenario, crash }: Failure): string {
  const words = ['npm run crash --', '--scenario', quoted(scenario)]
  if (crash !== null) {
    words.push('--bank', String(crash.bank), '--write', String(crash.write), '--point', crash.point)
    if (crash.second !== undefined) words.push('--second', `${crash.second.bank}:${crash.second.point}`)
  }
  return words.join(' ')
}

/** As one word for a shell. */
function quoted(name: string): string {
  return `"${name}"`
}
