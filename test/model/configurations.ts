/** Which runs between two banks does the model look at? Each is a handful of orders, limits, people and liars. */

import type { Name, Plan } from './bank.ts'
import type { Model } from './explore.ts'
import { Pair, type Setting, startOf, type World } from './pair.ts'
import { goalsOf, rulesOf } from './rules.ts'
import { PRODUCTION, type Tables } from './tables.ts'
import { worldKeys } from './world-keys.ts'

type Part = Omit<Setting, 'tables'>

const ONE = { grace: 2, hours: 2, limits: [1, 1] } as const

/** Everything an equivocating payer's bank could sign about p1: each claim beside its opposite. */
function equivocations(): string[] {
  const says = ['A OFFER p1 a1', 'A OFFER p1 a2', 'A ABORT p1']
  for (const aid of ['a1', 'a2']) {
    for (const minutes of [1, 2])
      for (const time of ['in-time', 'late']) {
        says.push(`A COMMIT p1 ${aid} 1 - ${minutes} ${time}`)
        for (const before of ['a1', 'a2']) says.push(`A COMMIT p1 ${aid} 2 p1.${before} ${minutes} ${time}`)
      }
  }
  return says
}

/** Postings by post that together are more than the limit, under every number and after every other. */
function excess(): string[] {
  const says: string[] = []
  const payments = [
    { id: 'p1', minutes: 1 },
    { id: 'p2', minutes: 2 },
    { id: 'p3', minutes: 3 },
  ]
  for (const { id, minutes } of payments) {
    for (const seq of [1, 2, 3])
      for (const before of seq === 1
        ? ['-']
        : payments.filter((one) => one.id !== id).map((one) => `${one.id}.a1`))
        says.push(`A COMMIT ${id} a1 ${seq} ${before} ${minutes} in-time`)
  }
  return says
}

/** Everything a lying payee's bank could sign about these payments. */
const lies = (...ids: readonly string[]): string[] =>
  ids.flatMap((id) =>
    ['PROMISE', 'ASK', 'DECLINE', 'RECEIPT', 'WAIVE'].map(
      (word) => `B ${word} ${id} a1${word === 'RECEIPT' ? ' 1' : ''}`,
    ),
  )

const direct = { id: 'p1', from: 'A', minutes: 1, due: 0 } as const

/** Several payments over one line: what a crash does to one of them is looked at alone above. */
const LINE = { ...ONE, oneByOne: true } as const

const post = (id: string, from: Name, minutes: number): Plan => ({ id, from, minutes, due: 0, postal: true })

/** A payment on the request r1 of B. */
const onRequest = (id: string, minutes: number): Plan => ({
  id,
  from: 'A',
  minutes,
  due: 1,
  invoice: 'r1',
})

/** One request for one payment of one minute. */
const ASKED: NonNullable<Setting['requests']> = { r1: { by: 'B', uses: 1, minutes: 1, until: 1 } }

/** Postings without a promise: on a request that is endorsed or not, of more than it says, too late, and each twice. */
function unasked(): string[] {
  const says: string[] = []
  for (const id of ['p1', 'p2', 'p3']) {
    for (const minutes of [1, 2])
      for (const time of ['in-time', 'late']) says.push(`A COMMIT ${id} a1 1 - ${minutes} ${time}`)
    for (const before of ['p1', 'p2', 'p3'].filter((one) => one !== id))
      for (const seq of [2, 3]) says.push(`A COMMIT ${id} a1 ${seq} ${before}.a1 1 in-time`)
  }
  return [...says, 'A OFFER p1 a1', 'A ABORT p1']
}

export const CONFIGURATIONS: Readonly<Record<string, Part>> = {
  direct: { ...ONE, plans: [direct], mayCancel: true },
  'direct, the log key changes': { ...ONE, plans: [direct], mayRotate: true, mayRefuse: true },
  'two payments, the log key changes': {
    ...LINE,
    plans: [direct, { ...direct, id: 'p2', postal: true }],
    mayRotate: true,
  },
  'direct, clocks jump back': { ...ONE, plans: [direct], jumps: true },
  'direct, offers may be refused': { ...ONE, plans: [direct], mayRefuse: true, mayCancel: true },
  postal: { ...ONE, plans: [{ ...direct, postal: true }], mayRefuse: true },
  'send anyway': {
    ...ONE,
    hours: 3,
    plans: [direct, { ...direct, id: 'p2', postal: true, due: 1, replaces: 'p1' }],
    mayRefuse: true,
  },
  wait: {
    ...ONE,
    hours: 3,
    plans: [direct, { ...direct, id: 'p2', due: 1, replaces: 'p1' }],
    oneByOne: true,
  },
  'two attempts, holds may be lost': {
    ...ONE,
    plans: [direct],
    attempts: 2,
    early: new Set(['OFFER']),
  },
  "lying payer's bank": {
    ...ONE,
    plans: [direct],
    limits: [2, 2],
    liar: { name: 'A', says: equivocations() },
  },
  "lying payer's bank, postings over the limit": {
    ...ONE,
    plans: [post('p1', 'A', 1), post('p2', 'A', 2), post('p3', 'A', 3), post('p4', 'B', 1)],
    limits: [2, 1],
    oneByOne: true,
    liar: { name: 'A', says: [...excess(), 'A RECEIPT p4 a1 1', 'A WAIVE p4 a1'] },
  },
  "lying payer's bank, offers over the limit": {
    ...ONE,
    plans: [direct, { ...direct, id: 'p2', minutes: 2 }],
    limits: [2, 1],
    liar: {
      name: 'A',
      says: [...excess(), 'A OFFER p1 a1', 'A OFFER p2 a1'].filter((one) => !one.includes('p3')),
    },
  },
  "lying payee's bank": {
    ...ONE,
    plans: [direct],
    mayCancel: true,
    mayClose: true,
    liar: { name: 'B', says: lies('p1') },
  },
  "lying payee's bank, given up": {
    ...LINE,
    plans: [direct],
    mayClose: true,
    board: ['A'],
    liar: { name: 'B', says: lies('p1') },
  },
  "lying payee's bank, poisoned gifts": {
    ...ONE,
    plans: [direct, { ...direct, id: 'p2' }],
    limits: [2, 1],
    mayClose: true,
    oneByOne: true,
    liar: { name: 'B', says: lies('p1', 'p2') },
  },
  'by invoice': {
    ...ONE,
    plans: [
      { ...direct, invoice: 'r1' },
      { ...direct, id: 'p2', due: 1, invoice: 'r1' },
    ],
    requests: { r1: { by: 'B', uses: 1, minutes: 1, until: 0 } },
    mayRefuse: true,
  },
  'by invoice, two payers on a request for one': {
    ...ONE,
    plans: [onRequest('p1', 1), onRequest('p2', 1)],
    limits: [2, 0],
    requests: ASKED,
  },
  'by invoice, its length left open, and both at the limit': {
    ...LINE,
    plans: [onRequest('p1', 1), onRequest('p2', 2), post('p3', 'B', 1)],
    limits: [2, 1],
    requests: { r1: { by: 'B', uses: 2, minutes: null, until: 1 } },
    mayClose: true,
  },
  "lying payer's bank, by invoice": {
    ...ONE,
    plans: [onRequest('p1', 1), onRequest('p2', 1), { ...onRequest('p3', 1), invoice: 'r2' }],
    limits: [3, 0],
    oneByOne: true,
    requests: { ...ASKED, r2: { by: 'B', uses: 1, minutes: 1, until: -1 } },
    liar: { name: 'A', says: unasked() },
  },
  "lying payee's bank, by invoice": {
    ...ONE,
    plans: [onRequest('p1', 1), onRequest('p2', 1)],
    limits: [2, 1],
    oneByOne: true,
    requests: ASKED,
    liar: { name: 'B', says: ['B ENDORSED r1', ...lies('p1', 'p2')] },
  },
  'two payments one way': { ...LINE, plans: [direct, { ...direct, id: 'p2' }], limits: [2, 0] },
  'two payments, room for one': { ...LINE, plans: [direct, { ...direct, id: 'p2' }], limits: [1, 0] },
  'two payments crossing': { ...LINE, plans: [direct, { ...direct, id: 'p2', from: 'B' }] },
  'three crossing at the limit': {
    ...LINE,
    plans: [direct, { ...direct, id: 'p2', from: 'B' }, post('p3', 'A', 1)],
  },
  'three by post': {
    ...LINE,
    plans: [post('p1', 'A', 1), post('p2', 'A', 1), post('p3', 'A', 1)],
    limits: [3, 0],
    mayRefuse: true,
  },
  'by post both ways at the limit': {
    ...LINE,
    plans: [post('p1', 'A', 1), post('p2', 'B', 2), post('p3', 'A', 2)],
    limits: [1, 1],
    mayRefuse: true,
  },
  'a limit is raised and lowered': {
    ...LINE,
    plans: [direct, post('p2', 'A', 2)],
    limits: [1, 0],
    newLimits: [
      { by: 'B', minutes: 3 },
      { by: 'B', minutes: 1 },
    ],
  },
  'a limit is lowered': {
    ...LINE,
    plans: [direct, post('p2', 'A', 1), post('p3', 'B', 1)],
    limits: [2, 1],
    newLimits: [{ by: 'B', minutes: 1 }],
  },
  paused: { ...LINE, plans: [direct, post('p2', 'A', 1)], limits: [2, 0], mayPause: true },
  'recalled, and an account that leaves': {
    ...ONE,
    plans: [direct],
    mayRecall: true,
    mayRefuse: true,
    mayClose: true,
  },
  'a line is ended': { ...LINE, plans: [direct, post('p2', 'B', 1)], limits: [2, 2], mayEnd: true },
  "the payer's board gives the line up": { ...ONE, plans: [direct], mayRefuse: true, board: ['A'] },
  'both boards give the line up': {
    ...LINE,
    plans: [direct, post('p2', 'B', 1)],
    limits: [2, 2],
    board: ['A', 'B'],
  },
  "a payee's upper stop": {
    ...LINE,
    plans: [direct, { ...direct, id: 'p2' }, post('p3', 'A', 2)],
    limits: [4, 0],
    stop: 4,
  },
}

export const LARGE_CONFIGURATIONS: Readonly<Record<string, Part>> = {
  'a line is ended, every crash': { ...ONE, plans: [direct], mayEnd: true },
  'two payments one way, every crash': { ...ONE, plans: [direct, { ...direct, id: 'p2' }], limits: [2, 0] },
}

export function settingOf(name: string, tables: Tables = PRODUCTION): Setting {
  const part = CONFIGURATIONS[name] ?? LARGE_CONFIGURATIONS[name]
  if (part === undefined) throw new Error(`there is no configuration ${name}`)
  return { ...part, tables }
}

export function modelOf(name: string, setting: Setting): Model<World> {
  const pair = new Pair(setting)
  return {
    name,
    start: startOf(setting),
    steps: (world) => pair.steps(world),
    rules: rulesOf(setting),
    goals: goalsOf(setting),
    keys: worldKeys(),
  }
}
