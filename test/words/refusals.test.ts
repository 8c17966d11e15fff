import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../../src/core/refusal.ts'
import { PAYEE } from '../../src/core/transfer/payee.ts'
import { PAYER } from '../../src/core/transfer/payer.ts'
import { counted, hoursAndMinutes, moment, span } from '../../src/words/amounts.ts'
import { paymentWords } from '../../src/words/payments.ts'
import { REFUSAL_WORDS, refusalWords } from '../../src/words/refusals.ts'
import { standingWords, statementWords } from '../../src/words/statement.ts'

/** Words that people never read in a sentence about them ([P-4]). */
const FORBIDDEN = /\b(debt|owes?|deficit|overdrawn|wallet|debit|pending|settled|failed|trustline)\b/i

describe('the words of refusals', () => {
  test.each(REFUSALS)('[CLI-5] %s: a whole sentence that says what to do', (code) => {
    const words = REFUSAL_WORDS[code]({})
    expect(words).toMatch(/^[A-Z"].*[^,;: ]$/)
    expect(words).not.toMatch(/undefined|NaN|\[object/)
    expect(words).not.toMatch(FORBIDDEN)
    expect(words.length).toBeGreaterThan(40)
  })

  test.each([
    ['line_full', { roomMinutes: 90 }, '1 hour 30 minutes'],
    ['handle_expired', { expired: 1_795_000_000 }, '2026-11-18'],
    ['disk_low', { freeBytes: 10 * 2 ** 20, neededBytes: 64 * 2 ** 20 }, '10 MiB free, 64 MiB needed'],
    ['bank_ambiguous', { name: 'Harbour', banks: 'aaaa, bbbb' }, 'aaaa, bbbb'],
    ['minutes_out_of_range', { leastMinutes: 1, mostMinutes: 1440 }, 'between 1 minute and 24 hours'],
    [
      'file_rows_wrong',
      { file: 'members', line: 9, firstLine: 3, number: '12' },
      'the number 12 twice, in line 3 and line 9',
    ],
    [
      'request_malformed',
      { field: 'minutes', problem: 'expected number' },
      'The field "minutes" cannot be taken as it is: expected number',
    ],
  ] as const)('%s with its figures', (code, facts, part) => {
    expect(refusalWords({ code, facts })).toContain(part)
  })
})

describe('the words of payments', () => {
  const states = [...Object.keys(PAYER), ...Object.keys(PAYEE)] as (keyof typeof PAYER | keyof typeof PAYEE)[]
  test.each(states)('%s is told in a word and a sentence', (state) => {
    const { word, sentence } = paymentWords({ state, minutes: 90, reason: null, bank: 'Millbrook' })
    expect(word).toMatch(/^[A-Z]/)
    expect(sentence).toMatch(/\.$/)
    expect(`${word} ${sentence}`).not.toMatch(FORBIDDEN)
  })

  test.each([
    ['held', null, 'Waiting'],
    ['sent', null, 'On its way'],
    ['paid', null, 'Done'],
    ['returned', 'came_back', 'Came back'],
    ['dead', 'cancelled', 'Cancelled'],
    ['dead', 'too_late', 'Ran out'],
    ['dead', 'payee_stop', 'Did not go through'],
    ['dead', 'a word of another program', 'Did not go through'],
  ] as const)('%s (%s) reads %s', (state, reason, word) => {
    expect(paymentWords({ state, minutes: 60, reason, bank: 'Millbrook' }).word).toBe(word)
  })
})

describe('amounts and statements', () => {
  test('[EX-10] two tallies and no bare number below zero', () => {
    const words = standingWords({ balance_minutes: -120, given_minutes: 720, received_minutes: 840 })
    expect(words).toBe('Has helped for 12 hours and was helped for 14 hours. Welcome to ask again.')
  })

  test('lines are told from the side of whoever reads them', () => {
    const line = {
      what: 'exchange',
      minutes: 90,
      with: [{ number: 'M-0001', name: 'Ada' }],
      bank_name: null,
      note: 'garden',
      reversed_at: null,
    } as const
    expect(statementWords(line)).toBe('helped Ada (M-0001) for 1 hour 30 minutes: garden')
    expect(statementWords({ ...line, minutes: -90 })).toBe(
      'was helped by Ada (M-0001) for 1 hour 30 minutes: garden',
    )
  })

  test('[EX-8] a record that was taken back stays and says so; what took it back says what it was', () => {
    const line = {
      what: 'exchange',
      minutes: 90,
      with: [{ number: 'M-0001', name: 'Ada' }],
      bank_name: null,
      note: null,
      reversed_at: 12,
    } as const
    expect(statementWords(line)).toBe('helped Ada (M-0001) for 1 hour 30 minutes (taken back)')
    const back = { ...line, what: 'reversed', minutes: -90, note: 'wrong Ada', reversed_at: null } as const
    expect(statementWords(back)).toBe('taken back: helped Ada (M-0001) for 1 hour 30 minutes: wrong Ada')
  })

  test('minutes become hours in sentences only', () => {
    expect([0, 1, 59, 60, 90, 121].map(hoursAndMinutes)).toEqual([
      '0 minutes',
      '1 minute',
      '59 minutes',
      '1 hour',
      '1 hour 30 minutes',
      '2 hours 1 minute',
    ])
    expect([counted(1, 'row'), counted(2, 'row'), span(691_200), span(45), moment(0)]).toEqual([
      '1 row',
      '2 rows',
      '8 days',
      '45 seconds',
      '1970-01-01 00:00 UTC',
    ])
  })
})
