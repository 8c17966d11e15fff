/**
 * Do all mutants die? Shows first that every killer is green on the sound program, then tries each mutant on its
 * killers in order, several mutants at a time.
 */

import { notLoading, playSeeds, tryToKill, type Verdict } from './killing.ts'
import type { Killer, Mutant } from './mutant.ts'

export interface Trial {
  readonly mutant: Mutant
  /** What each killer came to, up to the first that noticed, or all of them. */
  readonly verdicts: readonly Verdict[]
  /** Why it could not be tried, or null. A mutant that was not tried was not killed. */
  readonly problem: string | null
}

export const isKilled = ({ verdicts, problem }: Trial): boolean =>
  problem === null && verdicts.some(({ noticed }) => noticed !== null)

/** The killers on the sound program. */
export interface Baseline {
  /** Seeds without a violation. */
  readonly seeds: readonly string[]
  /** What is red although nothing is wrong; whatever is red here kills nothing. */
  readonly red: ReadonlyMap<string, string>
  readonly broken: ReadonlyMap<string, string>
}

export function nameOf(killer: Killer): string {
  if (killer.by === 'tests') return killer.file
  return killer.by === 'crash' ? `crash ${killer.scenario}` : killer.by
}

export async function baseline(
  mutants: readonly Mutant[],
  seeds: readonly string[],
  killersOf: (mutant: Mutant) => readonly Killer[],
): Promise<Baseline> {
  const kinds = new Map<string, Killer>()
  for (const mutant of mutants) for (const killer of killersOf(mutant)) kinds.set(nameOf(killer), killer)
  const red = new Map<string, string>()
  const green: string[] = []
  let broken: ReadonlyMap<string, string> = new Map()
  const jobs: (() => Promise<void>)[] = [
    async () => {
      broken = await notLoading()
    },
  ]
  for (const [name, killer] of kinds) {
    if (killer.by === 'simulator') continue
    jobs.push(async () => {
      const noticed = await tryToKill(null, killer, []).then(
        (verdict) => verdict.noticed,
        (thrown) => String(thrown),
      )
      if (noticed !== null) red.set(name, noticed)
    })
  }
  if (kinds.has('simulator')) {
    for (const part of [seeds.filter((_, i) => i % 2 === 0), seeds.filter((_, i) => i % 2 === 1)]) {
      jobs.push(async () => {
        if (part.length === 0) return
        for (const { seed, violations } of (await playSeeds(null, part, 'all')).seeds) {
          if (violations.length === 0) green.push(seed)
          else red.set(`simulator, seed ${seed}`, violations[0] ?? '')
        }
      })
    }
  }
  await together(jobs)
  return { seeds: green.sort((a, b) => Number(a) - Number(b)), red, broken }
}

export interface TrialOptions {
  readonly ground: Baseline
  /** `first`: ends with the first killer that notices. `all`: tries every one. */
  readonly until: 'first' | 'all'
  readonly killersOf: (mutant: Mutant) => readonly Killer[]
}

export async function tryMutant(mutant: Mutant, { ground, until, killersOf }: TrialOptions): Promise<Trial> {
  const stale = ground.broken.get(mutant.name)
  if (stale !== undefined) return { mutant, verdicts: [], problem: stale }
  const verdicts: Verdict[] = []
  for (const killer of killersOf(mutant)) {
    if (ground.red.has(nameOf(killer))) continue
    try {
      const verdict = await tryToKill(mutant.name, killer, ground.seeds)
      verdicts.push(verdict)
      if (verdict.noticed !== null && until === 'first') break
    } catch (thrown) {
      return { mutant, verdicts, problem: thrown instanceof Error ? thrown.message : String(thrown) }
    }
  }
  return { mutant, verdicts, problem: null }
}

/** Does these jobs, two at a time. */
export async function together(jobs: readonly (() => Promise<void>)[], atOnce = 2): Promise<void> {
  const left = [...jobs]
  const worker = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
