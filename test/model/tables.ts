/**
 * Which tables does the model explore? The production ones, imported here and nowhere else in the model, so that
 * whoever replaces those modules explores the replacement; a wrong design hands in another set.
 */

import { mayComeBack } from '../../src/core/ledger/apply-payer.ts'
import { type Account, type Book, emptyBook } from '../../src/core/ledger/book.ts'
import { creditRefusal, lineRefusal, promiseRefusal } from '../../src/core/ledger/crossing.ts'
import {
  clearing,
  isSettled,
  type Line,
  limitToReceive,
  owed,
  provesExcess,
  roomToReceive,
  roomToSend,
  stepLimit,
} from '../../src/core/line.ts'
import {
  PAYEE,
  type PayeeEntry,
  type PayeeInput,
  type PayeeState,
  type PayeeStep,
  payeeAfter,
  payeeStep,
} from '../../src/core/transfer/payee.ts'
import {
  PAYER,
  type PayerEntry,
  type PayerInput,
  type PayerState,
  type PayerStep,
  payerAfter,
  payerStep,
} from '../../src/core/transfer/payer.ts'

export type { Account, Book, Line, PayeeEntry, PayeeInput, PayeeState, PayerEntry, PayerInput, PayerState }

/** What the model asks the program under test. */
export interface Tables {
  readonly payerStep: (state: PayerState, input: PayerInput) => PayerStep | null
  readonly payerAfter: (state: PayerState, entry: PayerEntry) => PayerState | null
  readonly payeeStep: (state: PayeeState, input: PayeeInput) => PayeeStep | null
  readonly payeeAfter: (state: PayeeState, entry: PayeeEntry) => PayeeState | null
}

/** The tables of the running program. */
export const PRODUCTION: Tables = { payerStep, payerAfter, payeeStep, payeeAfter }

/** Room on a line and at a payee, as the running program counts it. */
export const ROOM = {
  creditRefusal,
  emptyBook,
  lineRefusal,
  promiseRefusal,
  clearing,
  isSettled,
  limitToReceive,
  mayComeBack,
  owed,
  provesExcess,
  roomToReceive,
  roomToSend,
  stepLimit,
}

/** Every row of the production tables, as `role state input`. */
export function rowsOfTheTables(): string[] {
  const rows: string[] = []
  for (const [role, table] of [
    ['payer', PAYER],
    ['payee', PAYEE],
  ] as const) {
    for (const [state, inputs] of Object.entries(table))
      for (const input of Object.keys(inputs)) rows.push(`${role} ${state} ${input}`)
  }
  return rows
}

/**
 * Rows that no decision of a bank asks for: once the promise is gone every COMMIT is one that cannot be kept. Each ends
 * as the row beside it does.
 */
export const UNASKED: Readonly<Record<string, string>> = {
  'payee released commit': 'payee released commitRefused',
  'payee waived commit': 'payee waived commitRefused',
}

/** What a row writes and where it leads, as text. */
export function rowText(row: string): string {
  const [role, state, input] = row.split(' ') as [string, string, string]
  const table = role === 'payer' ? PAYER : PAYEE
  const inputs = Object.entries(table).find(([name]) => name === state)?.[1] ?? {}
  return JSON.stringify(Object.entries(inputs).find(([name]) => name === input)?.[1])
}

/** Every state of the production tables, as `role state`. */
export function statesOfTheTables(): string[] {
  return [
    ...Object.keys(PAYER).map((state) => `payer ${state}`),
    ...Object.keys(PAYEE).map((state) => `payee ${state}`),
  ]
}

/** The same tables, noting every row that is taken and every state that is met. */
export function watched(tables: Tables, seen: Set<string>): Tables {
  return {
    ...tables,
    payerStep(state, input) {
      const step = tables.payerStep(state, input)
      seen.add(`payer ${state}`)
      if (step !== null) seen.add(`payer ${state} ${input}`).add(`payer ${step.next}`)
      return step
    },
    payeeStep(state, input) {
      const step = tables.payeeStep(state, input)
      seen.add(`payee ${state}`)
      if (step !== null) seen.add(`payee ${state} ${input}`).add(`payee ${step.next}`)
      return step
    },
  }
}
