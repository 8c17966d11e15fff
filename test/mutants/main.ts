/**
 * How good are the checks? `npm run mutants` puts one wrong idea after the other into the program and asks who notices;
 * `--only WORD` tries those with the word in their name or for their rule, `--all-killers` asks everybody and not only the first that
 * notices, `--seeds N` says how many seeds of the simulator. Ends with 1 if a mutant survives or is out of date.
 */

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { MUTANTS } from './list.ts'
import { type Killer, type Mutant, model, simulator } from './mutant.ts'
import { baseline, isKilled, type Trial, together, tryMutant } from './trial.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'all-killers': { type: 'boolean', default: false },
    seeds: { type: 'string', default: '40' },
  },
})

const everybody = values['all-killers']
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => String(i + 1))
const chosen = MUTANTS.filter(({ name, rule }) => name.includes(values.only) || rule === values.only)
const atOnce = Math.max(2, availableParallelism())
process.exitCode = await main()

async function main(): Promise<number> {
  if (chosen.length === 0) {
    console.error(`There is no mutant with "${values.only}" in its name.`)
    return 64
  }
  const ground = await baseline(chosen, seeds, killersOf)
  for (const [name, what] of ground.red) console.log(`red on the sound program: ${name}: ${what}`)
  const green = ground.red.size === 0 ? 'every killer is green' : `${ground.red.size} killers are red`
  console.log(`on the sound program ${green}, ${ground.seeds.length} seeds among them\n`)
  const trials: Trial[] = []
  const jobs = chosen.map((mutant) => async () => {
    const trial = await tryMutant(mutant, { ground, until: everybody ? 'all' : 'first', killersOf })
    trials.push(trial)
    tell(trial)
  })
  await together(jobs, atOnce)
  sum(trials)
  return trials.every(isKilled) && ground.red.size === 0 ? 0 : 1
}

/** Everybody: also the model and the simulator where nobody expects them to notice. */
function killersOf(mutant: Mutant): readonly Killer[] {
  const more = [model, simulator()].filter(({ by }) => !mutant.killers.some((known) => known.by === by))
  const touchesThem = /^src\/(core\/(transfer|ledger|line)|node)/.test(mutant.file)
  return everybody && touchesThem ? [...mutant.killers, ...more] : mutant.killers
}

function tell(trial: Trial): void {
  const { mutant, verdicts, problem } = trial
  const head = `${mutant.name} [${mutant.rule}]`
  if (problem !== null) return console.log(`NOT TRIED  ${head}: ${problem}`)
  if (!isKilled(trial)) console.log(`SURVIVES   ${head}`)
  for (const { killer, noticed, milliseconds, seeds: played } of verdicts) {
    if (noticed === null && !everybody) continue
    const after = `${(milliseconds / 1000).toFixed(1)} s${played > 0 ? `, ${played} seeds` : ''}`
    const words = noticed === null ? 'sees nothing' : noticed.slice(0, 160)
    console.log(
      `${noticed === null ? '    passes ' : 'killed     '}${head} by ${killer} (${after}): ${words}`,
    )
  }
}

function sum(trials: readonly Trial[]): void {
  const by = new Map<string, number>()
  for (const trial of trials) {
    for (const { killer, noticed } of trial.verdicts) {
      if (noticed === null) continue
      const kind = killer.startsWith('test/') ? 'tests' : (killer.split(/[, ]/)[0] as string)
      by.set(kind, (by.get(kind) ?? 0) + 1)
    }
  }
  console.log('')
  for (const [kind, kills] of by) console.log(`${kind}: ${kills}${everybody ? ' noticed' : ' killed first'}`)
  for (const trial of trials) {
    if (isKilled(trial)) continue
    const { mutant, problem } = trial
    console.log(
      `${problem === null ? 'survivor' : 'not tried'}: ${mutant.name} [${mutant.rule}] in ${mutant.file}`,
    )
    console.log(`  again: npm run mutants -- --only "${mutant.name}"`)
  }
  const killed = trials.filter(isKilled).length
  console.log(
    `mutation score: ${killed} of ${trials.length} (${Math.floor((killed / trials.length) * 100)} %)`,
  )
}
