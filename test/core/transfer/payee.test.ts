import { describe, expect, test } from 'vitest'
import {
  PAYEE,
  type PayeeEntry,
  type PayeeInput,
  type PayeeState,
  payeeAfter,
  payeeStep,
} from '../../../src/core/transfer/payee.ts'

const STATES: readonly PayeeState[] = ['none', 'promised', 'released', 'credited', 'waived']
const INPUTS: readonly PayeeInput[] = [
  'offer',
  'commit',
  'commitRefused',
  'abort',
  'graceOver',
  'recall',
  'closing',
]
const ENTRIES: readonly PayeeEntry[] = ['rcv.promise', 'rcv.credit', 'rcv.waive', 'rcv.release', 'rcv.bounce']

/** The payee's table of the specification for a direct line, written a second time. */
const ROWS: readonly (readonly [PayeeState, PayeeInput, PayeeEntry, PayeeState])[] = [
  ['none', 'offer', 'rcv.promise', 'promised'],
  ['none', 'commit', 'rcv.credit', 'credited'],
  ['none', 'commitRefused', 'rcv.waive', 'waived'],
  ['promised', 'commit', 'rcv.credit', 'credited'],
  ['promised', 'commitRefused', 'rcv.waive', 'waived'],
  ['promised', 'abort', 'rcv.release', 'released'],
  ['promised', 'graceOver', 'rcv.waive', 'waived'],
  ['promised', 'recall', 'rcv.waive', 'waived'],
  ['promised', 'closing', 'rcv.waive', 'waived'],
  ['released', 'commit', 'rcv.waive', 'waived'],
  ['released', 'commitRefused', 'rcv.waive', 'waived'],
  ['waived', 'commit', 'rcv.bounce', 'waived'],
  ['waived', 'commitRefused', 'rcv.bounce', 'waived'],
]

describe("the payee's bank's table", () => {
  test('[PAY-2] every pair of state and input has the step of the specification, and no other pair has one', () => {
    for (const state of STATES) {
      for (const input of INPUTS) {
        const row = ROWS.find(([s, i]) => s === state && i === input)
        const step = row === undefined ? null : { entry: row[2], next: row[3] }
        expect(payeeStep(state, input), `${state} x ${input}`).toEqual(step)
      }
    }
    expect(Object.keys(PAYEE)).toEqual([...STATES])
  })

  test('[R3] of all pairs of state and entry the log knows these moves and no other', () => {
    for (const state of STATES) {
      for (const entry of ENTRIES) {
        const next = ROWS.find(([s, , e]) => s === state && e === entry)?.[3] ?? null
        expect(payeeAfter(state, entry), `${state} x ${entry}`).toBe(next)
      }
    }
  })

  test('[PAY-9] a credit is final: nothing follows it', () => {
    for (const entry of ENTRIES) expect(payeeAfter('credited', entry)).toBeNull()
  })

  test('[R3] no path through the table holds two credits, or a credit and a waiver', () => {
    const walk = (state: PayeeState, seen: readonly PayeeEntry[]): void => {
      const answers = seen.filter((entry) => entry === 'rcv.credit' || entry === 'rcv.waive')
      expect(answers.length).toBeLessThanOrEqual(1)
      if (seen.length > 5) return
      for (const entry of ENTRIES) {
        const next = payeeAfter(state, entry)
        if (next !== null) walk(next, [...seen, entry])
      }
    }
    walk('none', [])
  })
})
