/** Which rows of the hop's table are there for a reason? Each wrong table here is caught by the exploration of a path. */

import { explore } from './explore.ts'
import { forwardModel } from './forward-limits.ts'
import { HOP, type HopInput, type HopState, type HopStep, type HopTable } from './hop.ts'
import { type PathSetting, Walk } from './path.ts'
import { entry, type Tried } from './wrong-designs.ts'

/** The table with one row changed; null takes it out. */
function changed(state: HopState, input: HopInput, row: HopStep | null): HopTable {
  const { [input]: _old, ...rest } = HOP[state]
  return { ...HOP, [state]: row === null ? rest : { ...rest, [input]: row } }
}

const MUTANTS: readonly { readonly name: string; readonly lesson: string; readonly setting: PathSetting }[] =
  [
    {
      name: 'hop: abort is final',
      lesson: '[L4] [KILL-12]',
      setting: { banks: 4, liar: 0, table: changed('released', 'commit', null) },
    },
    {
      name: 'hop: waives on abort while it still offers',
      lesson: '[L2] [KILL-8]',
      setting: {
        banks: 4,
        liar: 0,
        plain: true,
        table: changed('offered', 'abort', { entry: 'fwd.waive', next: 'waived' }),
      },
    },
    {
      name: 'hop: receipt treated as final',
      lesson: '[L3] [R6]',
      setting: { banks: 5, liar: 4, plain: true, table: changed('done', 'waive', null) },
    },
    {
      name: 'hop: ignores a waiver after posting',
      lesson: '[L3]',
      setting: { banks: 3, plain: true, table: changed('posted', 'waive', null) },
    },
    {
      name: 'hop: answers wrong terms with a waiver',
      lesson: '[L2] [HOP-3]',
      setting: {
        banks: 3,
        liar: 0,
        table: changed('offered', 'commitInvalid', { entry: 'fwd.waive', next: 'waived' }),
      },
    },
    {
      name: 'hop: waives a commit that comes after the abort',
      lesson: '[L2] [L4]',
      setting: {
        banks: 4,
        liar: 0,
        table: changed('released', 'commit', { entry: 'fwd.waive', next: 'waived' }),
      },
    },
    {
      name: 'hop: keeps quiet about a waiver while it offers',
      lesson: '[L5] [PAY-18]',
      setting: { banks: 3, table: changed('offered', 'waive', null) },
    },
  ]

export const HOP_MUTANTS: readonly {
  readonly name: string
  readonly lesson: string
  readonly try: () => Tried
}[] = MUTANTS.map(({ name, lesson, setting }) =>
  entry(name, lesson, () => explore(new Walk(setting).model(name))),
)

/** The rule of the line that a hop needs, broken: what is passed on makes room at once. */
export const FIRM_AT_ONCE = entry('forwarded minutes are firm at once', '[LINE-3]', () =>
  explore(forwardModel('firm at once', { limitOut: 1, limitIn: 4, firm: 'once', most: 6 })),
)
