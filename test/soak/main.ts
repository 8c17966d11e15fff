/**
 * How is a soak run? `npm run soak -- --minutes M --seed N [--kills K]`; `--keep` keeps the folders of a run without
 * trouble too. The seed decides what happens and when; what real processes make of it is a little different every
 * time. Exit code 0 when nothing was found.
 */

import { parseArgs } from 'node:util'
import { runSoak, type SoakPlan } from './soak.ts'
import type { Stage } from './stage.ts'
import { tableOfSoak } from './summary.ts'

/** One every 3.75 seconds: 20 minutes have 320. */
const KILLS_A_MINUTE = 16
const WRONG_USAGE = 64
const INTERRUPTED = 130
const LONGEST_SECONDS = 15 * 60

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    kills: { type: 'string' },
    keep: { type: 'boolean' },
  },
})
const minutes = Number(values.minutes ?? 3)
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000)
const kills = Number(values.kills ?? Math.ceil(minutes * KILLS_A_MINUTE))
if (!(minutes > 0) || !Number.isInteger(seed) || seed < 0 || !Number.isInteger(kills) || kills < 0) {
  process.stderr.write('usage: npm run soak -- [--minutes M] [--seed N] [--kills K] [--keep]\n')
  process.exit(WRONG_USAGE)
}

const plan: SoakPlan = {
  seed,
  weather: {
    seconds: minutes * 60,
    kills,
    stopGap: [6, 20],
    stopLong: [0.3, 30],
    networkGap: [3, 14],
    stallLong: [0.2, 40],
    diskGap: [10, 35],
  },
  desksPerBank: 4,
  thinkMs: 500,
  disk: 'small',
  guardSeconds: LONGEST_SECONDS,
  folders: values.keep === true ? 'kept' : 'kept_after_trouble',
  say: (line) => process.stderr.write(`soak: ${line}\n`),
}
const again = `npm run soak -- --minutes ${minutes} --seed ${seed} --kills ${kills}`
let stage: Stage | null = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(INTERRUPTED))
// Whatever ends this program: no process, no mount and no folder of an unfinished run stays behind.
process.on('exit', () => stage?.destroy())

plan.say(`seed ${seed}, ${minutes} minutes, ${kills} kills`)
const result = await runSoak(plan, (laid) => {
  stage = laid
})
if (result.diskSkipped !== null) plan.say(`NOT TESTED: the full disk, because ${result.diskSkipped}`)
process.stdout.write(`${tableOfSoak(result)}\n`)
for (const trouble of result.troubles) process.stdout.write(`TROUBLE ${trouble}\n`)
const { ends } = result.judgement ?? {}
const done = result.banks.reduce((sum, bank) => sum + bank.kills, 0)
process.stdout.write(
  result.troubles.length === 0
    ? `PASS: ${done} kills, ${ends?.paid} paid, ${ends?.returned} returned, ${ends?.never} never happened, nothing lost, 0 findings (seed ${seed})\n`
    : `FAIL: seed ${seed}; run it again with: ${again}; everything lies in ${result.folder}\n`,
)
process.exitCode = result.troubles.length === 0 ? 0 : 1
