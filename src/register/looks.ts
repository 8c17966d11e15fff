/**
 * What did the desk look at or print? Such an act changes nothing else, and is kept all the same, so that the member can
 * read it ([DESK-4], [DESK-12]).
 */

import { accept, type Outcome } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { About, DeskAct } from './acts.ts'
import type { Coordinator } from './coordinators.ts'
import type { People } from './people.ts'

export type Look = Extract<DeskAct, 'opened_person' | 'opened_notes' | 'letter_printed'>

/** Keeps that this coordinator looked; durable before what was looked at is shown. Refuses what the writer refuses. */
export async function keepLook(
  node: Node,
  people: People,
  by: Coordinator,
  about: About & { readonly what: Look },
): Promise<Outcome<null>> {
  const kept = await node.commit((_, now) =>
    accept({ entries: [], rows: people.acts.keep(by, about, now), value: null }),
  )
  return kept.ok ? accept(null) : kept
}
