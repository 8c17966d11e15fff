import { describe, expect, test } from 'vitest'
import type { Cbor } from '../../src/core/codec.ts'
import {
  anyInteger,
  b16,
  bool,
  bytes,
  day,
  either,
  type Field,
  fixed,
  integer,
  list,
  literal,
  optional,
  record,
  signedMinutes,
  text,
  time,
  u,
} from '../../src/core/schema.ts'

const b = (length: number): Uint8Array => new Uint8Array(length)
const pair = record({ first: u, second: optional(text(3)) })
const forms = either<{ form: 1 | 2; value: number }>(
  [
    record({ form: literal(1), value: u }) as Field<{ form: 1 | 2; value: number }>,
    record({ form: literal(2), value: anyInteger }) as Field<{ form: 1 | 2; value: number }>,
  ],
  (value) => value.form - 1,
)

/** Field, values it takes, values it refuses. */
const FIELDS: Record<string, [Field<never> | Field<unknown>, Cbor[], Cbor[]]> = {
  u: [u, [0, 1, 2 ** 53 - 1], [-1, 2 ** 53, 1.5, '1', null, true, [0]]],
  anyInteger: [anyInteger, [-(2 ** 53 - 1), 0, 2 ** 53 - 1], [2 ** 53, -(2 ** 53), 0.5, null]],
  integer: [integer(2, 4), [2, 3, 4], [1, 5, 2.5, '3']],
  signedMinutes: [signedMinutes(10), [-10, -1, 1, 10], [0, 11, -11, 0.5, null]],
  time: [time, [0, 2 ** 40 - 1], [-1, 2 ** 40]],
  day: [day, [0, 20_000], [-1, 2 ** 24 + 1]],
  bool: [bool, [true, false], [0, 1, null, 'true']],
  fixed: [fixed(2), [b(2)], [b(1), b(3), b(0), 'ab', null]],
  b16: [b16, [b(16)], [b(15), b(17), b(20)]],
  bytes: [bytes(2), [b(0), b(2)], [b(3), '', null]],
  text: [text(4), ['a', 'abcd', 'éé'], ['', 'abcde', 'ééa', b(1), 1]],
  literal: [literal(1), [1], [0, 2, '1', null]],
  optional: [optional(u), [null, 0], [-1, false, '']],
  list: [list(u, 1, 2), [[1], [1, 2]], [[], [1, 2, 3], [-1], 1, null, new Map()]],
  record: [
    pair,
    [
      [1, 'abc'],
      [0, null],
    ],
    [[1], [1, 'abc', 2], ['1', null], [1, 'abcd'], null, new Map()],
  ],
  either: [
    forms,
    [
      [1, 5],
      [2, -5],
    ],
    [[1, -5], [3, 5], [1], null],
  ],
}

describe('fields', () => {
  for (const [name, [field, good, bad]] of Object.entries(FIELDS)) {
    test(`[ENC-12] ${name} takes what fits and writes it back unchanged`, () => {
      for (const value of good) {
        const read = (field as Field<unknown>).read(value)
        expect(read, JSON.stringify(value)).not.toBeUndefined()
        expect((field as Field<unknown>).write(read)).toEqual(value)
      }
    })
    test(`[ENC-12] ${name} refuses everything else`, () => {
      for (const value of bad) expect((field as Field<unknown>).read(value), String(value)).toBeUndefined()
    })
  }
})
