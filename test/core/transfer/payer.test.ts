import { describe, expect, test } from 'vitest'
import {
  PAYER,
  type PayerEntry,
  type PayerInput,
  type PayerState,
  payerAfter,
  payerStep,
} from '../../../src/core/transfer/payer.ts'

const STATES: readonly PayerState[] = ['none', 'held', 'sent', 'covered', 'paid', 'returned', 'dead']
const INPUTS: readonly PayerInput[] = [
  'order',
  'orderByPost',
  'orderByInvoice',
  'promise',
  'ask',
  'cancel',
  'decline',
  'overdue',
  'swap',
  'credit',
  'waive',
  'cover',
]
const ENTRIES: readonly PayerEntry[] = [
  'pay.hold',
  'pay.commit',
  'pay.abort',
  'pay.cover',
  'pay.return',
  'pay.done',
]

/** The payer's table of the specification, written a second time: state, input, entries, next state. */
const ROWS: readonly (readonly [PayerState, PayerInput, readonly PayerEntry[], PayerState])[] = [
  ['none', 'order', ['pay.hold'], 'held'],
  ['none', 'orderByPost', ['pay.hold', 'pay.commit'], 'sent'],
  ['none', 'orderByInvoice', ['pay.hold', 'pay.commit'], 'sent'],
  ['none', 'promise', ['pay.abort'], 'dead'],
  ['none', 'ask', ['pay.abort'], 'dead'],
  ['held', 'promise', ['pay.commit'], 'sent'],
  ['held', 'cancel', ['pay.abort'], 'dead'],
  ['held', 'decline', ['pay.abort'], 'dead'],
  ['held', 'waive', ['pay.abort'], 'dead'],
  ['held', 'overdue', ['pay.abort'], 'dead'],
  ['held', 'swap', ['pay.abort'], 'dead'],
  ['sent', 'credit', ['pay.done'], 'paid'],
  ['sent', 'waive', ['pay.return'], 'returned'],
  ['sent', 'cover', ['pay.cover'], 'covered'],
  ['covered', 'credit', ['pay.done'], 'paid'],
  ['covered', 'waive', ['pay.return'], 'returned'],
  ['paid', 'waive', ['pay.return'], 'returned'],
]

/** What one entry after another may do to a payment. */
const MOVES: readonly (readonly [PayerState, PayerEntry, PayerState])[] = [
  ['none', 'pay.hold', 'held'],
  ['none', 'pay.abort', 'dead'],
  ['held', 'pay.commit', 'sent'],
  ['held', 'pay.abort', 'dead'],
  ['sent', 'pay.done', 'paid'],
  ['sent', 'pay.return', 'returned'],
  ['sent', 'pay.cover', 'covered'],
  ['covered', 'pay.done', 'paid'],
  ['covered', 'pay.return', 'returned'],
  ['paid', 'pay.return', 'returned'],
]

describe("the payer's bank's table", () => {
  test('[PAY-2] every pair of state and input has the step of the specification, and no other pair has one', () => {
    for (const state of STATES) {
      for (const input of INPUTS) {
        const row = ROWS.find(([s, i]) => s === state && i === input)
        const step = row === undefined ? null : { entries: row[2], next: row[3] }
        expect(payerStep(state, input), `${state} x ${input}`).toEqual(step)
      }
    }
    expect(Object.keys(PAYER)).toEqual([...STATES])
  })

  test('[R3] of all pairs of state and entry the log knows these moves and no other', () => {
    for (const state of STATES) {
      for (const entry of ENTRIES) {
        const move = MOVES.find(([s, e]) => s === state && e === entry)
        expect(payerAfter(state, entry), `${state} x ${entry}`).toBe(move?.[2] ?? null)
      }
    }
  })

  test('[PAY-18] every state has a way out or is terminal with nothing reserved', () => {
    const terminal: readonly PayerState[] = ['returned', 'dead']
    for (const state of STATES) {
      const ways = MOVES.filter(([from]) => from === state).length
      expect(ways === 0, state).toBe(terminal.includes(state))
    }
  })

  test('[PAY-11] from dead or returned nothing leads back, and no state holds both a commit and an abort', () => {
    for (const entry of ENTRIES) {
      expect(payerAfter('dead', entry)).toBeNull()
      expect(payerAfter('returned', entry)).toBeNull()
      for (const decided of ['sent', 'covered', 'paid'] as const) {
        expect(payerAfter(decided, 'pay.abort')).toBeNull()
        expect(payerAfter(decided, 'pay.commit')).toBeNull()
      }
    }
  })
})
