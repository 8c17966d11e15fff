/** What is explored, all in one list? Every sound configuration, and every wrong design with what it teaches. */

import { CONFIGURATIONS, LARGE_CONFIGURATIONS, modelOf, settingOf } from './configurations.ts'
import { type Explored, explore } from './explore.ts'
import { forwardModel } from './forward-limits.ts'
import { FIRM_AT_ONCE, HOP_MUTANTS } from './hop-mutants.ts'
import { type PathSetting, Walk } from './path.ts'
import { STARTS, WRONG_STARTS } from './start-settings.ts'
import { PRODUCTION, watched } from './tables.ts'
import { WRONG_DESIGNS } from './wrong-designs.ts'

export interface Exploration {
  readonly name: string
  readonly run: () => Explored
}

/** Rows and states of the production tables that the runs between two banks have met so far. */
export const MET = new Set<string>()

const pairs = (names: readonly string[]): Exploration[] =>
  names.map((name) => ({
    name,
    run: () => explore(modelOf(name, settingOf(name, watched(PRODUCTION, MET)))),
  }))

/** Two banks and one line, on the production tables. */
export const PAIRS: readonly Exploration[] = pairs(Object.keys(CONFIGURATIONS))

/** Too large for every test run; `npm run model` looks at them too. */
export const LARGE: readonly Exploration[] = pairs(Object.keys(LARGE_CONFIGURATIONS))

const PATH_SETTINGS: Readonly<Record<string, PathSetting>> = {
  'path of 3': { banks: 3 },
  'path of 4': { banks: 4 },
  'path of 5': { banks: 5 },
  'path of 6': { banks: 6 },
  'path of 7, no early post': { banks: 7, plain: true },
  'path of 4, pool full': { banks: 4, poolFull: true },
  "path of 4, lying payer's bank": { banks: 4, liar: 0 },
  "path of 5, lying payer's bank, no early post": { banks: 5, liar: 0, plain: true },
  "path of 6, lying payer's bank, no early post": { banks: 6, liar: 0, plain: true },
  'path of 4, first hop lies': { banks: 4, liar: 1 },
  'path of 4, second hop lies': { banks: 4, liar: 2 },
  'path of 5, first hop lies': { banks: 5, liar: 1 },
  'path of 5, second hop lies': { banks: 5, liar: 2 },
  'path of 5, third hop lies': { banks: 5, liar: 3 },
  'path of 6, second hop lies': { banks: 6, liar: 2 },
  'path of 6, third hop lies': { banks: 6, liar: 3 },
  "path of 4, lying payee's bank": { banks: 4, liar: 3 },
  "path of 5, lying payee's bank": { banks: 5, liar: 4 },
}

/** Banks in a row, on the hop's table. */
export const PATHS: readonly Exploration[] = Object.entries(PATH_SETTINGS).map(([name, setting]) => ({
  name,
  run: () => explore(new Walk(setting).model(name)),
}))

const FORWARD_LIMITS: readonly (readonly [number, number])[] = [
  [2, 2],
  [2, 3],
  [3, 3],
  [1, 4],
]

/** A hop's line, with minutes that may still be given back. */
export const FORWARDS: readonly Exploration[] = FORWARD_LIMITS.map(([limitOut, limitIn]) => {
  const name = `minutes passed on, limits ${limitOut} and ${limitIn}`
  return { name, run: () => explore(forwardModel(name, { limitOut, limitIn, firm: 'receipt', most: 6 })) }
})

export const SOUND: readonly Exploration[] = [...PAIRS, ...PATHS, ...FORWARDS, ...STARTS]

export const WRONG = [...WRONG_DESIGNS, ...HOP_MUTANTS, FIRM_AT_ONCE, ...WRONG_STARTS]
