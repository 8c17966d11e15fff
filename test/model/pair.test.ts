/** Do two banks agree in every state that the production tables allow, whoever dies, lies or is late? */

import { describe, expect, test } from 'vitest'
import { MET, PAIRS } from './catalogue.ts'
import { modelOf, settingOf } from './configurations.ts'
import { type Explored, explore } from './explore.ts'
import { goalsOf, rulesOf } from './rules.ts'
import {
  type PayeeEntry,
  type PayeeState,
  type PayerEntry,
  type PayerState,
  PRODUCTION,
  rowsOfTheTables,
  rowText,
  statesOfTheTables,
  type Tables,
  UNASKED,
} from './tables.ts'

const explored = new Map<string, Explored>()

/** What a configuration came to; each is explored once, whichever tests run. */
function resultOf({ name, run }: (typeof PAIRS)[number]): Explored {
  const result = explored.get(name) ?? run()
  explored.set(name, result)
  return result
}

/** Which requirements the configurations show, beside those that all of them show. */
const SHOWS: Readonly<Record<string, string>> = {
  direct: '[PAY-2] [PAY-9] [PAY-17] [R7]',
  'direct, the log key changes': '[KEY-3] [PAY-15]',
  'two payments, the log key changes': '[KEY-3]',
  'direct, clocks jump back': '[PAY-3] [R5]',
  'direct, offers may be refused': '[LINE-11]',
  postal: '[PAY-12] [PAY-14]',
  'send anyway': '[PAY-12]',
  wait: '[PAY-12]',
  'two attempts, holds may be lost': '[PAY-13] [R7]',
  "lying payer's bank": '[BYZ-2] [KILL-12] [R3]',
  "lying payer's bank, postings over the limit": '[LINE-4] [BYZ-4]',
  "lying payee's bank": '[R6] [PAY-14]',
  "lying payee's bank, given up": '[BYZ-5] [LINE-10]',
  "lying payee's bank, poisoned gifts": '[BYZ-5]',
  'by invoice': '[INV-2] [INV-4]',
  'by invoice, two payers on a request for one': '[INV-4]',
  'by invoice, its length left open, and both at the limit': '[INV-4] [LINE-4] [PAY-14]',
  "lying payer's bank, by invoice": '[INV-3] [INV-4]',
  "lying payee's bank, by invoice": '[INV-2] [BYZ-5]',
  'two payments one way': '[LINE-2]',
  'two payments, room for one': '[LINE-3] [LINE-4]',
  'two payments crossing': '[LINE-5]',
  "lying payer's bank, offers over the limit": '[LINE-4] [KILL-12]',
  'three crossing at the limit': '[LINE-3] [LINE-5]',
  'three by post': '[LINE-2]',
  'by post both ways at the limit': '[LINE-4] [LINE-6]',
  'a limit is raised and lowered': '[LINE-1]',
  'a limit is lowered': '[LINE-1]',
  paused: '[LINE-10] [BYZ-6]',
  'recalled, and an account that leaves': '[PAY-14] [PAY-18]',
  'a line is ended': '[LINE-10]',
  "the payer's board gives the line up": '[LINE-10] [PAY-17]',
  'both boards give the line up': '[LINE-10] [PAY-17]',
  "a payee's upper stop": '[PAY-14] [PAY-19]',
}

describe('[SIM-9] every state of two banks and one line', () => {
  test.each(PAIRS.map((one) => ({ ...one, shows: SHOWS[one.name] ?? '' })))(
    '[PAY-1] [PAY-4] [PAY-7] [PAY-8] [PAY-18] $shows $name',
    (one) => {
      const { unsafe, stuck, states } = resultOf(one)
      expect({ unsafe, stuck }).toEqual({ unsafe: null, stuck: [] })
      expect(states).toBeGreaterThan(100)
    },
  )

  test('[SIM-9] every configuration says what it shows', () => {
    expect(Object.keys(SHOWS).sort()).toEqual(PAIRS.map(({ name }) => name).sort())
  })
})

describe('[SIM-9] nothing of the tables is left out', () => {
  test('[PAY-18] every state and every row of both tables is met in some run', () => {
    for (const one of PAIRS) resultOf(one)
    const missing = [...statesOfTheTables(), ...rowsOfTheTables()].filter((row) => !MET.has(row))
    expect(missing.sort()).toEqual(Object.keys(UNASKED).sort())
  })

  test('[PAY-18] a row that no decision asks for ends as its neighbour does', () => {
    for (const [row, twin] of Object.entries(UNASKED)) expect(rowText(row)).toBe(rowText(twin))
  })
})

describe('[SIM-6] the rules bite: each planted fault is found', () => {
  const without = (role: 'payer' | 'payee', row: string): Tables => ({
    ...PRODUCTION,
    payerStep: (state, input) =>
      role === 'payer' && row === `${state} ${input}` ? null : PRODUCTION.payerStep(state, input),
    payeeStep: (state, input) =>
      role === 'payee' && row === `${state} ${input}` ? null : PRODUCTION.payeeStep(state, input),
  })
  const failing = (name: string, tables: Tables): string[] => {
    const { unsafe, stuck } = explore(modelOf(name, settingOf(name, tables)))
    return unsafe === null ? stuck.map(({ rule }) => rule) : [unsafe.rule]
  }

  test.each([
    ['payer', 'none ask', 'two attempts, holds may be lost'],
    ['payer', 'none promise', 'two attempts, holds may be lost'],
    ['payer', 'none orderByInvoice', 'by invoice'],
    ['payer', 'held overdue', 'direct'],
    ['payer', 'sent waive', 'direct'],
    ['payer', 'sent credit', 'direct'],
    ['payer', 'paid waive', "lying payee's bank"],
    ['payer', 'sent cover', "the payer's board gives the line up"],
    ['payer', 'covered credit', "the payer's board gives the line up"],
    ['payer', 'covered waive', "the payer's board gives the line up"],
    ['payee', 'none commitRefused', 'postal'],
    ['payee', 'promised graceOver', 'direct'],
    ['payee', 'promised commit', 'direct'],
    ['payee', 'waived commitRefused', 'direct'],
  ] as const)('[PAY-18] the %s table without "%s" is caught', (role, row, name) => {
    expect(failing(name, without(role, row))).not.toEqual([])
  })

  const changed = (
    role: 'payer' | 'payee',
    row: string,
    step: { readonly entry: string; readonly next: string },
  ): Tables => ({
    payerStep: (state, input) =>
      role === 'payer' && row === `${state} ${input}`
        ? { entries: [step.entry as PayerEntry], next: step.next as PayerState }
        : PRODUCTION.payerStep(state, input),
    payerAfter: (state, entry) =>
      role === 'payer' && row.startsWith(`${state} `) && entry === step.entry
        ? (step.next as PayerState)
        : PRODUCTION.payerAfter(state, entry),
    payeeStep: (state, input) =>
      role === 'payee' && row === `${state} ${input}`
        ? { entry: step.entry as PayeeEntry, next: step.next as PayeeState }
        : PRODUCTION.payeeStep(state, input),
    payeeAfter: (state, entry) =>
      role === 'payee' && row.startsWith(`${state} `) && entry === step.entry
        ? (step.next as PayeeState)
        : PRODUCTION.payeeAfter(state, entry),
  })

  test.each([
    ['[R5] commits after its deadline', 'payer', 'held overdue', 'pay.commit', 'sent', 'direct'],
    ['[R6] takes the hours back on a receipt', 'payer', 'sent credit', 'pay.return', 'returned', 'direct'],
    ['[PAY-11] lets a dead id be held again', 'payer', 'held cancel', 'pay.abort', 'none', 'direct'],
    ['[PAY-2] takes a waiver for an abort', 'payer', 'sent waive', 'pay.abort', 'dead', 'direct'],
    ['[PAY-9] credits what it only promised', 'payee', 'none offer', 'rcv.credit', 'credited', 'direct'],
    [
      '[KILL-11] forgets on its own clock',
      'payee',
      'promised graceOver',
      'rcv.release',
      'credited',
      'direct',
    ],
    ['[R3] credits after it gave back', 'payee', 'waived commitRefused', 'rcv.credit', 'credited', 'direct'],
    ['[BYZ-2] keeps what was aborted', 'payee', 'promised abort', 'rcv.credit', 'credited', 'direct'],
    ['[R3] gives back what it credits', 'payee', 'promised commit', 'rcv.credit', 'waived', 'direct'],
  ] as const)('%s: the %s table with a wrong "%s" is caught', (_what, role, row, entry, next, name) => {
    expect(failing(name, changed(role, row, { entry, next }))).not.toEqual([])
  })

  test('[SIM-9] each rule and goal has a name of its own', () => {
    const setting = settingOf('direct')
    const names = [...rulesOf(setting), ...goalsOf(setting)].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
