/** Are the bytes of an entry taken as they stand, and never written again to be hashed? */

import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../src/core/codec.ts'
import { decodeEntry, encodeEntry, KINDS } from '../../src/core/entry.ts'
import { bodyBytes } from '../../src/core/entry-body.ts'
import { sha256 } from '../../src/core/hash.ts'
import { bankIdOf, paymentIdOf } from '../../src/core/sign.ts'
import { decodeOrder, encodeOrder, orderId } from '../../src/core/transfer/order.ts'

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

const FOUND = {
  nonce: bytes(32, 1),
  name: 'Harbour',
  logKey: bytes(32, 2),
  recoveryHash: bytes(32, 3),
  unit: 1,
} as const

const ORDER = {
  version: 1,
  payerBank: bytes(20, 1),
  payer: bytes(16, 2),
  payeeBank: bytes(20, 3),
  handle: bytes(16, 4),
  minutes: 90,
  category: 7,
  day: 20_000,
  commitment: bytes(32, 5),
  decideBy: 1_790_000_060,
  postal: false,
  invoice: null,
  refs: [],
  nonce: bytes(16, 6),
} as const

describe('[ENC-8] the bytes are the entry', () => {
  // Times of every width that a head can have.
  test.each([0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1])(
    'the body of an entry of time %i is cut out of it, and the bank id is its hash',
    (time) => {
      const raw = encodeEntry({ kind: 'found', time, body: FOUND })
      const body = bodyBytes(raw)
      expect(body).toEqual(encode(KINDS.found.body.write(FOUND)))
      expect(bankIdOf(body)).toEqual(sha256(body).slice(0, 20))
      expect(Buffer.from(raw).subarray(raw.length - body.length)).toEqual(Buffer.from(body))
    },
  )

  test('an order inside an entry is a byte string, itself one item, and its hash is the payment', () => {
    const order = encodeOrder(ORDER)
    const hold = encodeEntry({
      kind: 'pay.hold',
      time: 1_790_000_000,
      body: {
        order,
        aid: bytes(32, 7),
        mode: 1,
        channel: 2,
        auths: [],
        parts: [{ line: bytes(16, 8), lineVersion: 1, minutes: 90 }],
      },
    })
    const read = decodeEntry(hold)
    if (!read.ok || read.entry.kind !== 'pay.hold') throw new Error('the hold just written is read')
    expect(read.entry.body.order).toEqual(order)
    expect(decode(order).ok).toBe(true)
    expect(decodeOrder(read.entry.body.order)).toEqual(ORDER)
    expect(orderId(read.entry.body.order)).toEqual(paymentIdOf(order))
  })

  test('a longer spelling of the same value is another entry, and refused', () => {
    const raw = encodeEntry({ kind: 'found', time: 5, body: FOUND })
    // 05 and 18 05 are both the integer 5.
    const longer = Uint8Array.from([...raw.subarray(0, 3), 0x18, ...raw.subarray(3)])
    expect(decodeEntry(raw)).toMatchObject({ ok: true })
    expect(decodeEntry(longer)).toMatchObject({ ok: false, newer: false })
  })
})
