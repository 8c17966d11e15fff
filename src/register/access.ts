/**
 * Who sees what? One table: the screens ask it before they show anything, and the public privacy page prints it, so that
 * the two cannot disagree ([PRIV-26]).
 */

/**
 * Who may look. `resting` is a member whose account rests or is closed: they read what is their own. `neighbour` is a
 * coordinator of a neighbouring bank whose member shares the record.
 */
export const VIEWERS = ['self', 'coordinator', 'member', 'resting', 'neighbour', 'auditor', 'public'] as const
export type Viewer = (typeof VIEWERS)[number]

/** What there is to see of a person. */
export const THINGS = [
  'name',
  'short_name',
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
  name: row('yes', 'yes', 'shared', 'shared', 'shared', 'no', 'no'),
  // To whoever types the number, before anything is recorded: the right person is to be meant.
  short_name: row('yes', 'yes', 'yes', 'no', 'shared', 'no', 'no'),
  number: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  contact: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  standing: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  statement: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  record_words: row('yes', 'yes', 'shared', 'shared', 'shared', 'no', 'no'),
  notes: row('no', 'yes', 'no', 'no', 'no', 'no', 'no'),
  helpers: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  acts: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  sign_ins: row('yes', 'yes', 'no', 'no', 'no', 'no', 'no'),
  notices: row('yes', 'yes', 'yes', 'no', 'chosen', 'no', 'no'),
  notice_answers: row('yes', 'yes', 'chosen', 'no', 'chosen', 'no', 'no'),
  anonymous_entries: row('yes', 'yes', 'no', 'no', 'shared', 'yes', 'no'),
  totals: row('yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'),
}

function row(...sights: [Sight, Sight, Sight, Sight, Sight, Sight, Sight]): Readonly<Record<Viewer, Sight>> {
  const [self, coordinator, member, resting, neighbour, auditor, everybody] = sights
  return { self, coordinator, member, resting, neighbour, auditor, public: everybody }
}

export function sight(viewer: Viewer, thing: Thing): Sight {
  return SIGHTS[thing][viewer]
}

/** Whether this viewer may see this of the person; `shares` when both have a part in what is looked at, as it was chosen. */
export function maySee(viewer: Viewer, thing: Thing, { shares = false }: { shares?: boolean } = {}): boolean {
  const found = sight(viewer, thing)
  return found === 'yes' || (found !== 'no' && shares)
}

/**
 * Whether a page is for this viewer that shows these things of others, in what is shared with them and elsewhere. A page
 * that does not say what it shows may show anything.
 */
export function mayOpen(viewer: Viewer, shows: readonly Thing[] = THINGS): boolean {
  return viewer !== 'resting' || shows.every((thing) => maySee(viewer, thing, { shares: true }))
}
