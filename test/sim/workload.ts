/** What do people do all day? Whoever writes a workload says so here; two are written, by two authors. */

import type { Desk } from './desk.ts'
import type { Dice } from './dice.ts'
import type { World } from './world.ts'

export interface Workload {
  readonly name: string
  /** Something happens; called again and again. Gives the milliseconds until the next call. */
  act(stage: { readonly world: World; readonly desks: readonly Desk[]; readonly dice: Dice }): number
}
