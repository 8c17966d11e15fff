/**
 * Why is the protocol not simpler? Each classical design that looks simpler stands here as a table of its own and is
 * explored like ours; every one of them loses, doubles or locks up an hour, and the shortest run that does it is kept.
 */

import { modelOf, settingOf } from './configurations.ts'
import { type Explored, explore, type Failure, type Goal, type Model, type Step } from './explore.ts'
import type { World } from './pair.ts'
import { type PayerInput, type PayerState, PRODUCTION, type Tables } from './tables.ts'

/** One row: in this state, on this, the party goes there and says that. */
interface Row {
  readonly at: string
  readonly state: string
  /** A message, `clock` when the party's own clock passes, or `wish`: somebody there wants it. */
  readonly on: string
  readonly next: string
  readonly says?: string
}

interface Design {
  readonly name: string
  /** What it is a lesson of. */
  readonly lesson: string
  readonly rows: readonly Row[]
  /** States that must never stand together, as `party state`. */
  readonly never?: readonly { readonly what: string; readonly together: readonly string[] }[]
  /** From any state in which the first is true, one of the others can be reached with the named parties dead. */
  readonly ends?: readonly {
    readonly what: string
    readonly from: string
    readonly to: readonly string[]
    readonly dead: readonly string[]
  }[]
}

interface Small {
  readonly at: Readonly<Record<string, string>>
  readonly said: readonly string[]
}

const row = (at: string, state: string, on: string, next: string, says?: string): Row =>
  says === undefined ? { at, state, on, next } : { at, state, on, next, says }

const DESIGNS: readonly Design[] = [
  {
    name: 'payee decides, payer refunds on its clock',
    lesson: '[KILL-5] [KILL-7]',
    rows: [
      row('A', 'none', 'wish', 'held', 'PAY'),
      row('B', 'none', 'PAY', 'credited', 'ACCEPT'),
      row('A', 'held', 'ACCEPT', 'paid'),
      row('A', 'held', 'clock', 'refunded'),
    ],
    never: [{ what: 'an hour is created', together: ['A refunded', 'B credited'] }],
  },
  {
    name: 'hash lock, two clocks',
    lesson: '[KILL-6]',
    rows: [
      row('A', 'none', 'wish', 'locked', 'LOCK'),
      row('B', 'none', 'LOCK', 'credited', 'PREIMAGE'),
      row('B', 'none', 'clock', 'expired'),
      row('A', 'locked', 'PREIMAGE', 'paid'),
      row('A', 'locked', 'clock', 'refunded'),
    ],
    never: [{ what: 'an hour is created', together: ['A refunded', 'B credited'] }],
  },
  {
    name: 'hash lock over a hop, decreasing deadlines',
    lesson: '[KILL-9]',
    rows: [
      row('A', 'none', 'wish', 'locked', 'LOCK 1'),
      row('H', 'none', 'LOCK 1', 'locked', 'LOCK 2'),
      row('D', 'none', 'LOCK 2', 'credited', 'PREIMAGE'),
      row('H', 'locked', 'PREIMAGE', 'paid', 'PREIMAGE UP'),
      row('H', 'locked', 'clock', 'refunded'),
      row('A', 'locked', 'PREIMAGE UP', 'paid'),
      // The later deadline of the first lock passes only after that of the second, and the hop was away for both.
      row('A', 'locked', 'clock', 'refunded'),
    ],
    never: [{ what: 'the hop pays from its own pocket', together: ['A refunded', 'H paid', 'D credited'] }],
  },
  {
    name: 'two-phase commit, participant forgets on its clock',
    lesson: '[KILL-11]',
    rows: [...twoPhase(), row('B', 'prepared', 'clock', 'forgotten')],
    ends: [
      {
        what: 'an hour that left arrives or comes home',
        from: 'A committed',
        to: ['B credited', 'A returned'],
        dead: [],
      },
    ],
  },
  {
    name: 'two-phase commit, participant waits',
    lesson: '[KILL-11]',
    rows: twoPhase(),
    ends: [
      {
        what: 'what is prepared is free again with the coordinator dead',
        from: 'B prepared',
        to: ['B credited', 'B released'],
        dead: ['A'],
      },
    ],
  },
  {
    name: 'payee decides, payer waits for a signed reject',
    lesson: '[KILL-10]',
    rows: [
      row('A', 'none', 'wish', 'held', 'PAY'),
      row('B', 'none', 'PAY', 'credited', 'ACCEPT'),
      row('B', 'none', 'clock', 'rejected', 'REJECT'),
      row('A', 'held', 'ACCEPT', 'paid'),
      row('A', 'held', 'REJECT', 'refunded'),
    ],
    never: [{ what: 'an hour is created', together: ['A refunded', 'B credited'] }],
    ends: [
      {
        what: "the payer's hours are free again with the payee's bank dead",
        from: 'A held',
        to: ['A paid', 'A refunded'],
        dead: ['B'],
      },
    ],
  },
  {
    name: 'payee credits on every commit it hears',
    lesson: '[R3] [PAY-4]',
    rows: [
      row('A', 'none', 'wish', 'held', 'OFFER'),
      row('B', 'none', 'OFFER', 'promised', 'PROMISE'),
      row('A', 'held', 'PROMISE', 'sent', 'COMMIT'),
      row('B', 'promised', 'COMMIT', 'credited', 'RECEIPT'),
      row('B', 'credited', 'COMMIT', 'credited twice', 'RECEIPT'),
      row('A', 'sent', 'RECEIPT', 'paid'),
    ],
    never: [{ what: 'one payment is credited twice', together: ['B credited twice'] }],
  },
  {
    name: 'a retry is a new payment',
    lesson: '[KILL-2] [KILL-3] [PAY-5]',
    rows: [
      row('A', 'none', 'wish', 'asked', 'PAY 1'),
      row('B', 'none', 'PAY 1', 'credited', 'ACCEPT'),
      row('A', 'asked', 'ACCEPT', 'paid'),
      row('A', 'asked', 'clock', 'asked again', 'PAY 2'),
      row('B', 'none', 'PAY 2', 'credited', 'ACCEPT'),
      row('B', 'credited', 'PAY 2', 'credited twice', 'ACCEPT'),
      row('A', 'asked again', 'ACCEPT', 'paid'),
    ],
    never: [{ what: 'one wish is credited twice', together: ['B credited twice'] }],
  },
]

function twoPhase(): Row[] {
  return [
    row('A', 'none', 'wish', 'held', 'PREPARE'),
    row('B', 'none', 'PREPARE', 'prepared', 'YES'),
    row('A', 'held', 'YES', 'committed', 'COMMIT'),
    row('A', 'held', 'clock', 'aborted', 'ABORT'),
    row('B', 'prepared', 'COMMIT', 'credited'),
    row('B', 'prepared', 'ABORT', 'released'),
  ]
}

function smallModel({ name, rows, never = [], ends = [] }: Design): Model<Small> {
  const parties = [...new Set(rows.map(({ at }) => at))]
  const is = (state: Small, what: string): boolean => {
    const [party = '', ...words] = what.split(' ')
    return state.at[party] === words.join(' ')
  }
  return {
    name,
    start: { at: Object.fromEntries(parties.map((party) => [party, 'none'])), said: [] },
    steps: (state) => smallSteps(rows, state),
    rules: never.map(({ what, together }) => ({
      name: what,
      broken: (state) => (together.every((one) => is(state, one)) ? together.join(', ') : null),
    })),
    goals: ends.map(
      ({ what, from, to, dead }): Goal<Small> => ({
        name: what,
        reached: (state) => !is(state, from) || to.some((one) => is(state, one)),
        uses: ({ by }) => !dead.includes(by),
        from: (state) => is(state, from),
      }),
    ),
  }
}

function* smallSteps(rows: readonly Row[], state: Small): Generator<Step<Small>> {
  for (const { at, state: needed, on, next, says } of rows) {
    // Each clock passes when it likes: no party knows what the other's shows.
    const due = on === 'wish' || on === 'clock' || state.said.includes(on)
    if (!due || state.at[at] !== needed) continue
    const said = says === undefined || state.said.includes(says) ? state.said : [...state.said, says].sort()
    const what = `${on === 'wish' ? '' : `on ${on === 'clock' ? 'its clock' : on}: `}${next}${says === undefined ? '' : `, says ${says}`}`
    const to = { ...state, at: { ...state.at, [at]: next }, said }
    yield { by: at, kind: on === 'clock' ? 'clock' : on === 'wish' ? 'order' : 'hear', what, to }
  }
}

/** Our own tables with one row missing: the payer's bank takes a receipt for the end. */
export const RECEIPT_IS_FINAL: Tables = {
  ...PRODUCTION,
  payerStep: (state: PayerState, input: PayerInput) =>
    state === 'paid' && input === 'waive' ? null : PRODUCTION.payerStep(state, input),
}

/** Our own banks with one rule of order broken. */
const BROKEN_ORDER: readonly {
  readonly name: string
  readonly lesson: string
  readonly model: () => Model<World>
}[] = [
  {
    name: 'commit sent before append',
    lesson: '[KILL-8] [R1]',
    model: () => modelOf('direct', { ...settingOf('direct'), early: new Set(['COMMIT']) }),
  },
  {
    name: 'commit by post sent before append',
    lesson: '[KILL-1] [R1]',
    model: () => modelOf('postal', { ...settingOf('postal'), early: new Set(['COMMIT']) }),
  },
  {
    name: 'receipt sent before append',
    lesson: '[R1] [PAY-9]',
    model: () => modelOf('direct', { ...settingOf('direct'), early: new Set(['RECEIPT']) }),
  },
  {
    name: 'waiver sent before append',
    lesson: '[R1]',
    model: () => modelOf('direct', { ...settingOf('direct'), early: new Set(['WAIVE']) }),
  },
  {
    name: 'abort sent before append',
    lesson: '[R1]',
    model: () => modelOf('direct', { ...settingOf('direct'), early: new Set(['ABORT']) }),
  },
  {
    name: 'uses of a request counted in memory',
    lesson: '[INV-4] [R2]',
    model: () => {
      const name = 'by invoice, two payers on a request for one'
      return modelOf(name, { ...settingOf(name), forgetsUses: true })
    },
  },
  {
    name: 'request endorsed before append',
    lesson: '[R1] [INV-2]',
    model: () => modelOf('by invoice', { ...settingOf('by invoice'), early: new Set(['ENDORSED']) }),
  },
  {
    name: 'receipt treated as final',
    lesson: '[R6] [BYZ-5]',
    model: () => modelOf("lying payee's bank", settingOf("lying payee's bank", RECEIPT_IS_FINAL)),
  },
]

export interface Tried {
  readonly name: string
  readonly lesson: string
  readonly explored: Explored
  /** What goes wrong, by the shortest run; null would mean that the design is sound. */
  readonly failure: Failure | null
}

/** Every wrong design between two banks, by name. */
export const WRONG_DESIGNS: readonly {
  readonly name: string
  readonly lesson: string
  readonly try: () => Tried
}[] = [
  ...DESIGNS.map((design) => entry(design.name, design.lesson, () => explore(smallModel(design)))),
  ...BROKEN_ORDER.map(({ name, lesson, model }) => entry(name, lesson, () => explore(model()))),
]

export function entry(
  name: string,
  lesson: string,
  run: () => Explored,
): { name: string; lesson: string; try: () => Tried } {
  return {
    name,
    lesson,
    try: () => {
      const explored = run()
      return { name, lesson, explored, failure: explored.unsafe ?? explored.stuck[0] ?? null }
    },
  }
}
