/**
 * Who sees what? One table: the screens ask it before they show anything, and the public privacy page prints it, so that
 * the two cannot disagree ([PRIV-26]).
 */

/** Who may look; `neighbour` is a coordinator of a neighbouring bank whose member shares the record. */
export const VIEWERS = ['self', 'coordinator', 'member', 'neighbour', 'auditor', 'public'] as const
export type Viewer = (typeof VIEWERS)[number]

/** What there is to see of a person. */
export const THINGS = [
  'name',
  'number',
  'contact',
  'standing',
  'statement',
  'record_words',
  'notes',
  'helpers',
  'acts',
  'sign_ins',
  'notices',
  'notice_answers',
  'anonymous_entries',
  'totals',
] as const
export type Thing = (typeof THINGS)[number]

/** `shared`: only in an exchange that both have a part in. `chosen`: when the person said so, for this one thing. */
export type Sight = 'yes' | 'shared' | 'chosen' | 'no'

const SIGHTS: Readonly<Record<Thing, Readonly<Record<Viewer, Sight>>>> = {
  name: row('yes', 'yes', 'shared', 'shared', 'no', 'no'),
  number: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  contact: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  standing: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  statement: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  record_words: row('yes', 'yes', 'shared', 'shared', 'no', 'no'),
  notes: row('no', 'yes', 'no', 'no', 'no', 'no'),
  helpers: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  acts: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  sign_ins: row('yes', 'yes', 'no', 'no', 'no', 'no'),
  notices: row('yes', 'yes', 'yes', 'chosen', 'no', 'no'),
  notice_answers: row('yes', 'yes', 'chosen', 'chosen', 'no', 'no'),
  anonymous_entries: row('yes', 'yes', 'no', 'shared', 'yes', 'no'),
  totals: row('yes', 'yes', 'yes', 'yes', 'yes', 'yes'),
}

function row(...sights: [Sight, Sight, Sight, Sight, Sight, Sight]): Readonly<Record<Viewer, Sight>> {
  const [self, coordinator, member, neighbour, auditor, everybody] = sights
  return { self, coordinator, member, neighbour, auditor, public: everybody }
}

export function sight(viewer: Viewer, thing: Thing): Sight {
  return SIGHTS[thing][viewer]
}

/** Whether this viewer may see this of the person; `shares` when both have a part in what is looked at, as it was chosen. */
export function maySee(viewer: Viewer, thing: Thing, { shares = false }: { shares?: boolean } = {}): boolean {
  const found = sight(viewer, thing)
  return found === 'yes' || (found !== 'no' && shares)
}
