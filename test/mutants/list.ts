/**
 * Which wrong programs must be noticed? The published list: each is the real program with one wrong idea in it, the
 * requirement it breaks, and who is expected to notice, the cheapest first ([SIM-6]).
 *
 * A mutant that nobody notices is a hole in the checks. One whose fragment is no longer found once is an error.
 */

import { ASKING } from './list/asking.ts'
import { COMMITTING } from './list/committing.ts'
import { CORRECTING } from './list/correcting.ts'
import { DECIDING } from './list/deciding.ts'
import { ENDING } from './list/ending.ts'
import { JUDGING } from './list/judging.ts'
import { KEEPING } from './list/keeping.ts'
import { LIMITING } from './list/limiting.ts'
import { READING } from './list/reading.ts'
import { REKEYING } from './list/rekeying.ts'
import { STARTING } from './list/starting.ts'
import { TALKING } from './list/talking.ts'
import type { Mutant } from './mutant.ts'

export const MUTANTS: readonly Mutant[] = [
  ...DECIDING,
  ...KEEPING,
  ...LIMITING,
  ...ENDING,
  ...TALKING,
  ...COMMITTING,
  ...STARTING,
  ...READING,
  ...REKEYING,
  ...JUDGING,
  ...ASKING,
  ...CORRECTING,
]

export function mutantNamed(name: string): Mutant {
  const mutant = MUTANTS.find((one) => one.name === name)
  if (mutant === undefined) throw new Error(`there is no mutant "${name}"`)
  return mutant
}
