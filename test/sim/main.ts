/**
 * Can the promise be broken? `npm run sim` tries one seed after another on all cores and says what it met.
 *
 *   npm run sim -- --seed 7            one seed, with a trace on --trace
 *   npm run sim -- --seeds 1..20000    a range
 *   npm run sim -- --minutes 5         as many as fit, from --from (default 1)
 *
 * Stopped with Ctrl-C it still says what it met, and how to go on. A failure prints the seed, the shortest beginning of it that still fails, and the line that plays it again.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Coverage } from './coverage.ts'
import { CRASH_TABLE, KEY_TABLE, timesMet, unmet, WAITING } from './crash-table.ts'
import { LIES, LIES_WAITING, rowsUntold } from './liar-lies.ts'
import { runSeed, type SeedReport } from './run-seed.ts'

/** Seeds after which a reachable row that was never met fails the run. */
const LONG_RUN = 5_000
const SHOWN_FAILURES = 10
/** Seeds that one process runs before another takes its place: dead banks hold on to what they waited for. */
const SEEDS_PER_CHILD = 200

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    from: { type: 'string', default: '1' },
    until: { type: 'string' },
    trace: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    child: { type: 'boolean', default: false },
  },
})

if (values.child) serve()
else if (values.seed !== undefined) process.exitCode = await one(values.seed)
else process.exitCode = await many()

/** A child runs the seeds it is sent, one at a time. */
function serve(): void {
  // Ctrl-C reaches everybody in the terminal; a seed under way is finished.
  process.on('SIGINT', () => undefined)
  process.on('message', (seed: string) => {
    runSeed(seed)
      .catch((thrown) => failedReport(seed, thrown))
      .then((report) => process.send?.(report))
  })
}

function failedReport(seed: string, thrown: unknown): SeedReport {
  const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const payments = { paid: 0, returned: 0, never: 0, open: 0 }
  const nothing = { events: 0, entries: 0, seconds: 0, payments, coverage: {}, digest: '' }
  return { seed, workload: '', violations: [`the world stopped: ${why}`], ...nothing }
}

async function one(seed: string): Promise<number> {
  const until = values.until === undefined ? {} : { until: Number(values.until) }
  const trace = values.trace ? { trace: (line: string) => console.log(line) } : {}
  const report = await runSeed(seed, { ...until, ...trace }).catch((thrown) => failedReport(seed, thrown))
  console.log(JSON.stringify({ ...report, coverage: undefined }, null, 2))
  if (values.coverage) console.log(report.coverage)
  return report.violations.length > 0 ? 1 : 0
}

async function many(): Promise<number> {
  const [first, last] = range()
  const end =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(values.minutes) * 60_000
  const started = Date.now()
  const totals = { seeds: 0, events: 0, entries: 0, paid: 0, returned: 0, never: 0 }
  const coverage = new Coverage()
  const failures: SeedReport[] = []
  let next = first
  let stopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stopped = true
    })

  const take = (report: SeedReport): void => {
    totals.seeds += 1
    totals.events += report.events
    totals.entries += report.entries
    totals.paid += report.payments.paid
    totals.returned += report.payments.returned
    totals.never += report.payments.never
    coverage.add(report.coverage)
    if (report.violations.length > 0) {
      failures.push(report)
      console.log(`seed ${report.seed}: ${report.violations.slice(0, 3).join('; ')}`)
    }
    if (totals.seeds % 500 === 0) {
      console.error(
        `${totals.seeds} seeds, ${failures.length} failed, ${rate(totals.seeds, started)} seeds/s`,
      )
    }
  }

  await Promise.all(
    Array.from({ length: Math.max(1, availableParallelism()) }, () =>
      child((send) => {
        if (stopped || next > last || Date.now() > end || failures.length >= SHOWN_FAILURES) return false
        send(String(next++))
        return true
      }, take),
    ),
  )

  const seconds = (Date.now() - started) / 1_000
  console.log('\ncoverage')
  for (const [what, times] of Object.entries(coverage.counts).sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${String(times).padStart(9)}  ${what}`)
  console.log('\nrows of the table of crash points')
  for (const { row, counters } of CRASH_TABLE)
    console.log(`  ${String(timesMet(counters, coverage.counts)).padStart(9)}  ${row}`)
  for (const { row, counters } of KEY_TABLE)
    console.log(`  ${String(timesMet(counters, coverage.counts)).padStart(9)}  ${row}`)
  for (const { row, feature } of WAITING) console.log(`          -  ${row}: waits for ${feature}`)
  console.log('\nlies')
  for (const { row } of LIES)
    console.log(`  ${String(coverage.counts[`lie: ${row}`] ?? 0).padStart(9)}  ${row}`)
  for (const { row, feature } of LIES_WAITING) console.log(`          -  ${row}: waits for ${feature}`)
  const missed = [...unmet([...CRASH_TABLE, ...KEY_TABLE], coverage.counts), ...rowsUntold(coverage.counts)]
  if (missed.length > 0) console.log(`\nnever met: ${missed.join('; ')}`)
  console.log(
    `\n${totals.seeds} seeds, ${failures.length} failed; ${totals.events} events, ${totals.entries} entries; ` +
      `payments: ${totals.paid} paid, ${totals.returned} returned, ${totals.never} never happened; ` +
      `${(totals.seeds / seconds).toFixed(1)} seeds/s, ${Math.round(totals.events / seconds)} events/s`,
  )
  if (stopped && Number.isFinite(last)) console.log(`stopped; go on with --seeds ${next}..${last}`)
  for (const { seed } of failures) await shortest(seed)
  const short = totals.seeds >= LONG_RUN && missed.length > 0
  return failures.length > 0 || short ? 1 : 0
}

function range(): [number, number] {
  if (values.seeds === undefined) {
    const from = Number(values.from)
    return [from, values.minutes === undefined ? from + 499 : Number.POSITIVE_INFINITY]
  }
  const [first = 1, last = first] = values.seeds.split('..').map(Number)
  return [first, last]
}

function rate(seeds: number, started: number): string {
  return (seeds / ((Date.now() - started) / 1_000)).toFixed(1)
}

/** A child is given a seed whenever it has none; ends when there are no more. */
async function child(
  give: (send: (seed: string) => void) => boolean,
  take: (report: SeedReport) => void,
): Promise<void> {
  while (await oneChild(give, take));
}

/** Says whether there may be more. */
function oneChild(
  give: (send: (seed: string) => void) => boolean,
  take: (report: SeedReport) => void,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const
    const one: ChildProcess = fork(fileURLToPath(import.meta.url), ['--child'], { stdio: [...stdio] })
    let left = SEEDS_PER_CHILD
    let state: 'busy' | 'full' | 'done' = 'busy'
    const nextOne = (): void => {
      if (left-- === 0) state = 'full'
      else if (!give((seed) => one.send(seed))) state = 'done'
      if (state !== 'busy') one.disconnect()
    }
    one.on('message', (report: SeedReport) => {
      take(report)
      nextOne()
    })
    one.on('exit', (code) =>
      state === 'busy' ? reject(new Error(`a child ended with ${code}`)) : resolve(state === 'full'),
    )
    nextOne()
  })
}

/** Finds how much of the seed is needed to fail, by halving: the world is healed earlier and earlier. */
async function shortest(seed: string): Promise<void> {
  let low = 0
  let high = 600
  const fails = async (until: number): Promise<boolean> => {
    const report = await runSeed(seed, { until }).catch((thrown) => failedReport(seed, thrown))
    return report.violations.length > 0
  }
  if (await fails(high)) {
    while (high - low > 0.5) {
      const middle = (low + high) / 2
      if (await fails(middle)) high = middle
      else low = middle
    }
  } else high = Number.POSITIVE_INFINITY
  const until = Number.isFinite(high) ? ` --until ${high}` : ''
  console.log(`shortest failing beginning of seed ${seed}: play it again with`)
  console.log(`  npm run sim -- --seed ${seed}${until} --trace`)
}
