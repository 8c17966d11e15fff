/**
 * What is a scripted scenario? A small world, what people and the network do in it, and how each payment may end. It
 * is played once without a crash, and then once for each crash that one of its durable writes can meet.
 */

import type { Shape } from '../sim/world.ts'
import type { Stage } from './stage.ts'

/** How a payment ends: the hours are there, they came home, nothing ever left, or the pot paid them back. */
export type End = 'paid' | 'returned' | 'never' | 'covered'

export interface Scenario {
  readonly name: string
  readonly shape: Shape
  /** Rows of the table of crash points (rows.ts) that its runs meet, taken together. */
  readonly rows: readonly string[]
  /** What people do. A bank may be down at any moment; whoever is not answered asks again. */
  readonly play: (stage: Stage) => Promise<void>
}

export const MINUTE = 60
export const DAY = 86_400
export const WEEK = 7 * DAY

/** Harbour and Millbrook with a line on which each may owe so many minutes. */
export function two(minutes = 600): Shape {
  return { banks: 2, wires: [{ a: 0, b: 1, aMayOwe: minutes, bMayOwe: minutes }], members: 2 }
}

/** Harbour and Millbrook, which do not know each other yet. */
export const STRANGERS: Shape = { banks: 2, wires: [], members: 1 }

/** Millbrook in the middle, with a line to Harbour and one to Northgate. */
export const THREE: Shape = {
  banks: 3,
  wires: [
    { a: 0, b: 1, aMayOwe: 600, bMayOwe: 600 },
    { a: 1, b: 2, aMayOwe: 600, bMayOwe: 600 },
  ],
  members: 2,
}
