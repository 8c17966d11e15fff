/** Which starts are explored, and which simpler rules of a start fail? */

import type { Exploration } from './catalogue.ts'
import { explore } from './explore.ts'
import { type StartSetting, startModel } from './start.ts'
import { entry, type Tried } from './wrong-designs.ts'

const SETTINGS: Readonly<Record<string, StartSetting>> = {
  'start, no neighbour': { neighbours: 0, start: 'usual', restores: 'beside', vouches: true },
  'start, one neighbour': { neighbours: 1, start: 'usual', restores: 'beside', vouches: true },
  'start, two neighbours': { neighbours: 2, start: 'usual', restores: 'beside', vouches: true },
  'start, nobody vouches': { neighbours: 2, start: 'usual', restores: 'beside', vouches: false },
  'start, one neighbour that acts before the proof': {
    neighbours: 1,
    start: 'usual',
    restores: 'beside',
    unproven: 'silence',
    vouches: true,
  },
  'start, two neighbours that act before the proof': {
    neighbours: 2,
    start: 'usual',
    restores: 'beside',
    unproven: 'silence',
    vouches: false,
  },
  'strict start of a whole folder, one neighbour': {
    neighbours: 1,
    start: 'strict',
    restores: 'whole',
    vouches: true,
  },
  'strict start of a whole folder, two neighbours': {
    neighbours: 2,
    start: 'strict',
    restores: 'whole',
    vouches: true,
  },
}

/** One bank and the memory of its neighbours, on the gate of the program. */
export const STARTS: readonly Exploration[] = Object.entries(SETTINGS).map(([name, setting]) => ({
  name,
  run: () => explore(startModel(name, setting)),
}))

const TWO: StartSetting = { neighbours: 2, start: 'usual', restores: 'beside', vouches: false }
const isGood = (guard: string): boolean => guard === 'equal' || guard === 'behind'

const WRONG: readonly { readonly name: string; readonly lesson: string; readonly setting: StartSetting }[] = [
  {
    name: 'start: one answer is enough without a guard',
    lesson: '[R8] [CRASH-7]',
    setting: {
      ...TWO,
      mayWrite: ({ guard, passed, answers }) => {
        const heard = answers.filter((one) => one !== null)
        if (guard === 'ahead' || answers.includes('more')) return false
        if (heard.length === answers.length) return true
        return passed !== 'moment' && (isGood(guard) || heard.length > 0)
      },
    },
  },
  {
    name: 'start: whoever has consumed what the log lacks has answered',
    lesson: '[R8] [CRASH-7]',
    setting: { ...TWO, neighbours: 1, unproven: 'answer' },
  },
  {
    name: 'start: nobody is asked',
    lesson: '[R8]',
    setting: { ...TWO, mayWrite: ({ guard }) => guard !== 'ahead' },
  },
  {
    name: 'start: a guard that could not be written is believed',
    lesson: '[CRASH-5]',
    setting: { ...TWO, guardFails: true },
  },
  {
    name: 'start: the guard of the folder is believed after a restore',
    lesson: '[CRASH-7]',
    setting: { ...TWO, restores: 'whole' },
  },
]

export const WRONG_STARTS: readonly {
  readonly name: string
  readonly lesson: string
  readonly try: () => Tried
}[] = WRONG.map(({ name, lesson, setting }) => entry(name, lesson, () => explore(startModel(name, setting))))
