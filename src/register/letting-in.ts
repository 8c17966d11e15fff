/**
 * How does a coordinator come in who has no password yet, or has lost everything? A colleague at the desk, or whoever
 * runs the program, makes a link on which that person chooses a password ([SIGN-16]).
 */

import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import type { Coordinator } from './coordinators.ts'
import type { Logins, SetUpLink } from './logins.ts'
import type { People } from './people.ts'
import { line } from './texts.ts'

export interface LetIn extends SetUpLink {
  readonly name: string
}

export interface Office {
  readonly node: Node
  readonly people: People
  readonly logins: Logins
}

/**
 * Makes a link for the coordinator of this name; `by` is whoever did it, and the act stands in the list of acts. `rows`
 * become durable with it. Refuses `coordinator_unknown` and what the writer refuses.
 */
export async function letIn(
  { node, people, logins }: Office,
  name: string,
  by: Coordinator,
  rows: readonly Write[] = [],
): Promise<Outcome<LetIn>> {
  const { coordinators, acts } = people
  const kept = await node.commit<Coordinator>((book, now) => {
    const found = coordinators.find(book, now, name)
    if (found === null) return refuse('coordinator_unknown', { name: line(name) })
    const accounts = found.ownAccount === null ? [] : [found.ownAccount]
    const act = acts.keep(by, { what: 'coordinator_reset', accounts }, now)
    return accept({ entries: [], rows: [...rows, ...act], value: found })
  })
  if (!kept.ok) return kept
  const { actor, name: called } = kept.value.value
  return accept({ name: called, ...logins.link(actor) })
}
