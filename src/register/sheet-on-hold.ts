/**
 * Has somebody the recovery sheet on paper? Until then the bank has no neighbour: with one, losing the machine would lose
 * hours of others as well ([KEY-7]).
 */

import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import type { Coordinator } from './coordinators.ts'
import type { People } from './people.ts'

/** The sheet of a bank that was set up in the browser; its words lie where the keys are. */
export interface SheetOnHold {
  /** Whether it still waits to be put on paper. */
  waits(): boolean
  /** The 24 words, or null when they are on paper. */
  words(): Promise<readonly string[] | null>
  /** The words are on paper: the machine forgets them. */
  putAway(): Promise<void>
}

/** Refuses `sheet_waits` while the sheet is not on paper. */
export function readyForNeighbours(sheet: Pick<SheetOnHold, 'waits'>): Outcome<null> {
  return sheet.waits() ? refuse('sheet_waits') : accept(null)
}

/** Who works with it, and where acts are kept. */
interface SheetDesk {
  readonly node: Node
  readonly people: People
  readonly sheet: SheetOnHold
}

/** Whoever is shown the words stands in the list of acts. `rows` become durable with it. Refuses what the writer refuses. */
export function showSheet(
  desk: SheetDesk,
  by: Coordinator,
  rows: readonly Write[],
): Promise<Outcome<unknown>> {
  return keepAct(desk, by, 'sheet_shown', rows)
}

/** The words are on paper; the act is kept before they are forgotten. Refuses what the writer refuses. */
export async function putSheetAway(desk: SheetDesk, by: Coordinator): Promise<Outcome<null>> {
  const kept = await keepAct(desk, by, 'sheet_on_paper', [])
  if (!kept.ok) return kept
  await desk.sheet.putAway()
  return accept(null)
}

function keepAct(
  { node, people }: SheetDesk,
  by: Coordinator,
  what: 'sheet_shown' | 'sheet_on_paper',
  rows: readonly Write[],
): Promise<Outcome<unknown>> {
  return node.commit((_, now) =>
    accept({
      entries: [],
      rows: [...rows, ...people.acts.keep(by, { what, accounts: [] }, now)],
      value: null,
    }),
  )
}

/** Words asked back, to see that they were written down: places in the sheet, from 0. */
const ASKED_BACK = 2

/** Which words are asked back, from bytes of chance: two different places, in order. */
export function placesAsked(words: readonly string[], random: Uint8Array): readonly number[] {
  const left = words.map((_, place) => place)
  const taken = Array.from({ length: ASKED_BACK }, (_, i) => {
    return left.splice((random[i] ?? 0) % left.length, 1)[0] as number
  })
  return taken.sort((a, b) => a - b)
}

/** Whether these are the words at these places, in whatever capitals. */
export function wordsFit(
  words: readonly string[],
  typed: readonly { readonly place: number; readonly word: string }[],
): boolean {
  const places = new Set(typed.map(({ place }) => place))
  return (
    places.size === ASKED_BACK &&
    typed.every(({ place, word }) => words[place] !== undefined && words[place] === word.trim().toLowerCase())
  )
}
