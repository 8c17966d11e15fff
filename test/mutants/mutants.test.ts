import { describe, expect, test } from 'vitest'
import { MUTANTS } from './list.ts'
import type { Killer } from './mutant.ts'
import { baseline, isKilled, type Trial, together, tryMutant } from './trial.ts'

/** Seeds of the simulator that a mutant is tried on; `npm run mutants` tries more. */
const SEEDS = Array.from({ length: 12 }, (_, i) => String(i + 1))
const LONGEST_MS = 300_000

/** What the test files say on the sound program is told by themselves, in the same run as this one. */
const others = (killers: readonly Killer[]): Killer[] => killers.filter(({ by }) => by !== 'tests')

const ground = await baseline(MUTANTS, SEEDS, ({ killers }) => others(killers.slice(0, 1)))

/** Some at a time, in the order of the list, whatever the tests below wait for; many kills are a wait that runs out. */
const trials = new Map<string, PromiseWithResolvers<Trial>>()
for (const { name } of MUTANTS) trials.set(name, Promise.withResolvers())
const all = together(
  MUTANTS.map((mutant) => async () => {
    const killersOf = () => mutant.killers
    trials.get(mutant.name)?.resolve(await tryMutant(mutant, { ground, until: 'first', killersOf }))
  }),
  3,
)

describe('[SIM-6] wrong programs are noticed', () => {
  test('by checks that the sound program passes', () => {
    expect([...ground.red]).toEqual([])
    expect([...ground.broken]).toEqual([])
  })

  test.each(MUTANTS.map(({ name, rule }) => [name, rule] as const))(
    '%s [%s]',
    async (name) => {
      const trial = await (trials.get(name) as PromiseWithResolvers<Trial>).promise
      expect({ problem: trial.problem, killed: isKilled(trial) }).toEqual({ problem: null, killed: true })
    },
    LONGEST_MS,
  )

  test('every single one, and each has a name of its own', async () => {
    await all
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
    const ended = await Promise.all([...trials.values()].map(({ promise }) => promise))
    const killed = ended.filter(isKilled).length
    console.log(`mutation score: ${killed} of ${MUTANTS.length}`)
    expect(killed).toBe(MUTANTS.length)
    expect(MUTANTS.length).toBeGreaterThanOrEqual(45)
  })
})
