/**
 * Does a crash at any durable write cost an hour? `npm run crash` tries them all, on all cores.
 *
 *   npm run crash                                  every scenario, every write, every point, alone and in pairs
 *   npm run crash -- --scenario direct             one scenario
 *   npm run crash -- --scenario direct --bank 0 --write 3 --point lost --second 1:after
 *                                                  one run, with a trace of what became durable
 *
 * Exit code 0 when every crash happened and none did harm.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { CrashPoint } from '../sim/sim-disk.ts'
import { unmetRows } from './rows.ts'
import { type Crash, POINTS, play } from './run.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { addTally, counted, crashedAt, emptyTally, replayLine, type Tally } from './sweep.ts'

const WRONG_USAGE = 64

/** One write of one bank in one scenario. */
interface Job {
  readonly scenario: string
  readonly bank: number
  readonly write: number
}

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    bank: { type: 'string' },
    write: { type: 'string' },
    point: { type: 'string' },
    second: { type: 'string' },
    child: { type: 'boolean', default: false },
  },
})

if (values.child) serve()
else process.exitCode = await start()

async function start(): Promise<number> {
  const chosen =
    values.scenario === undefined ? SCENARIOS : SCENARIOS.filter(({ name }) => name === values.scenario)
  if (chosen.length === 0) return wrongUsage(`there is no scenario ${values.scenario}; there are:`, names())
  if (values.bank === undefined && values.write === undefined) return all(chosen)
  const crash = crashOf()
  const [only] = chosen
  if (crash === null || only === undefined || chosen.length > 1)
    return wrongUsage(
      'usage: --scenario NAME --bank B --write W --point before|lost|after [--second B:POINT]',
    )
  return one(only, crash)
}

function wrongUsage(...lines: string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`)
  return WRONG_USAGE
}

function names(): string {
  return SCENARIOS.map(({ name }) => `  ${name}`).join('\n')
}

function crashOf(): Crash | null {
  const [bank, write] = [Number(values.bank), Number(values.write)]
  const point = POINTS.find((one) => one === values.point)
  if (!Number.isInteger(bank) || !Number.isInteger(write) || point === undefined) return null
  if (values.second === undefined) return { bank, write, point }
  const [other, word] = values.second.split(':')
  const then = POINTS.find((one): one is CrashPoint => one === word)
  if (!Number.isInteger(Number(other)) || then === undefined) return null
  return { bank, write, point, second: { bank: Number(other), point: then } }
}

async function one(scenario: Scenario, crash: Crash): Promise<number> {
  const run = await play(scenario, crash, { trace: (line) => console.log(line) })
  console.log(`ends: ${run.ends.join(', ')}; writes: ${run.writes.join(', ')}; crashes: ${run.crashes}`)
  for (const what of run.violations) console.log(`WRONG ${what}`)
  const asked = crash.second === undefined ? 1 : 2
  if (run.crashes !== asked) console.log(`WRONG ${run.crashes} of ${asked} crashes happened`)
  return run.violations.length > 0 || run.crashes !== asked ? 1 : 0
}

async function all(chosen: readonly Scenario[]): Promise<number> {
  const started = Date.now()
  const total = emptyTally()
  const tallies = new Map<string, Tally>()
  const waiting = new Map<string, number>()
  const jobs: Job[] = []
  let writes = 0
  for (const scenario of chosen) {
    const run = await counted(scenario)
    const { name } = scenario
    tallies.set(name, emptyTally())
    if (run.violations.length > 0) {
      console.log(`WRONG ${name}, without any crash: ${run.violations.join('; ')}`)
      total.failures.push({ scenario: name, crash: null, violations: run.violations })
    }
    const sum = run.writes.reduce((all, many) => all + many, 0)
    waiting.set(name, sum)
    writes += sum
    for (const [bank, many] of run.writes.entries())
      for (let write = 1; write <= many; write++) jobs.push({ scenario: name, bank, write })
  }
  console.log('  writes    alone    pairs  covered   wrong  scenario')
  const take = (job: Job, tally: Tally): void => {
    const mine = tallies.get(job.scenario) as Tally
    for (const failure of tally.failures)
      console.log(`WRONG ${failure.violations.join('; ')}\n  ${replayLine(failure)}`)
    addTally(mine, tally)
    addTally(total, tally)
    const left = (waiting.get(job.scenario) as number) - 1
    waiting.set(job.scenario, left)
    if (left === 0) console.log(rowOf(job.scenario, mine))
  }
  let next = 0
  await Promise.all(
    Array.from({ length: Math.max(1, Math.min(availableParallelism(), jobs.length)) }, () =>
      child(() => jobs[next++] ?? null, take),
    ),
  )
  return summary(chosen, total, { writes, seconds: (Date.now() - started) / 1_000 })
}

function rowOf(name: string, { alone, pairs, covered, failures }: Tally): string {
  const cells = [alone / POINTS.length, alone, pairs, covered, failures.length]
  return `${cells.map((cell) => String(cell).padStart(8)).join(' ')}  ${name}`
}

function summary(
  chosen: readonly Scenario[],
  total: Tally,
  { writes, seconds }: { readonly writes: number; readonly seconds: number },
): number {
  const missed = chosen.length === SCENARIOS.length ? unmetRows(total.coverage) : []
  if (missed.length > 0) console.log(`\nrows of the table of crash points never met: ${missed.join('; ')}`)
  const points = total.alone + total.pairs
  const all = writes * POINTS.length + total.pairs
  console.log(
    `\n${chosen.length} scenarios, ${writes} durable writes, ${total.alone} crashes of one machine, ` +
      `${total.pairs} of two; ${total.failures.length} failed; ${total.events} events; ` +
      `${(points / seconds).toFixed(1)} points/s in ${Math.round(seconds)} s`,
  )
  const ratio = all === 0 ? 0 : total.covered / all
  console.log(
    `crash points covered / total = ${ratio === 1 ? '1' : ratio.toFixed(4)} (${total.covered} of ${all})`,
  )
  return total.failures.length === 0 && missed.length === 0 && ratio === 1 ? 0 : 1
}

/** A child tries the crashes at the writes it is sent, one at a time. */
function serve(): void {
  process.on('message', (job: Job) => {
    const scenario = SCENARIOS.find(({ name }) => name === job.scenario) as Scenario
    void crashedAt(scenario, job).then((tally) => process.send?.(tally))
  })
}

/** One child that is given a job whenever it has none; ends when there are no more. */
function child(give: () => Job | null, take: (job: Job, tally: Tally) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const one: ChildProcess = fork(fileURLToPath(import.meta.url), ['--child'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    let job: Job | null = null
    const nextJob = (): void => {
      job = give()
      if (job === null) one.disconnect()
      else one.send(job)
    }
    one.on('message', (tally: Tally) => {
      take(job as Job, tally)
      nextJob()
    })
    one.on('exit', (code) => (job === null ? resolve() : reject(new Error(`a child ended with ${code}`))))
    nextJob()
  })
}
