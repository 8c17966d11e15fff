/** Are questions for bank records, and their answers, read strictly? */

import { expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { LIMITS } from '../../src/core/limits.ts'
import {
  decodeRecordAnswer,
  decodeRecordQuestion,
  encodeRecordAnswer,
  encodeRecordQuestion,
  RECORD_STATUSES,
} from '../../src/peer/record-messages.ts'

const bank = new Uint8Array(20).fill(1)

test('[REC-5] a question for its own record, or for that of a bank, is read as it was asked', () => {
  for (const question of [
    { request: 0, bank: null },
    { request: 7, bank },
  ]) {
    expect(decodeRecordQuestion(encodeRecordQuestion(question))).toEqual(question)
  }
  expect(encodeRecordQuestion({ request: 7, bank: null })).toEqual(encode([1, 7, null]))
})

test('[REC-5] an answer is read as it was given, for the request it belongs to', () => {
  const fine = {
    request: 7,
    status: 'fine',
    records: [Uint8Array.of(1), new Uint8Array(LIMITS.recordBytes)],
  } as const
  expect(decodeRecordAnswer(encodeRecordAnswer(fine), 7)).toEqual(fine)
  expect(decodeRecordAnswer(encodeRecordAnswer(fine), 8)).toBeNull()
  for (const status of RECORD_STATUSES) {
    const empty = { request: 1, status, records: [] }
    expect(decodeRecordAnswer(encodeRecordAnswer(empty), 1)).toEqual(empty)
  }
})

test('[REC-5] anything else is no question', () => {
  const none = [
    [1, 7],
    [1, 7, null, 0],
    [2, 7, bank, 0],
    [3, 7, ['u33db']],
    [1, -1, null],
    [1, 7, bank.slice(1)],
    'x',
    [],
  ]
  for (const value of none) expect(decodeRecordQuestion(encode(value as never))).toBeNull()
  expect(decodeRecordQuestion(new Uint8Array(0))).toBeNull()
  expect(decodeRecordQuestion(Uint8Array.of(0x83, 0x01, 0x18, 0x07, 0xf6))).toBeNull()
})

test('[REC-5] anything else is no answer', () => {
  const one = Uint8Array.of(1)
  const none = [
    [16, 7, 0],
    [16, 7, 0, [], 0],
    [15, 7, 0, []],
    [16, 7, 3, []],
    [16, 7, 0, Array(17).fill(one)],
    [16, 7, 0, [1]],
    [16, 7, 1, [one]],
    [16, 7, 2, [one]],
    [16, 7, 0, [new Uint8Array(LIMITS.recordBytes + 1)]],
  ]
  for (const value of none) expect(decodeRecordAnswer(encode(value as never), 7)).toBeNull()
  const long = new Uint8Array(LIMITS.recordBytes)
  expect(() => encodeRecordAnswer({ request: 1, status: 'fine', records: [long, long] })).toThrow(
    'broken assertion',
  )
  expect(decodeRecordAnswer(encode([16, 1, 0, [long, long]]), 1)).toBeNull()
})
