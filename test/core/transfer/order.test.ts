import { describe, expect, test } from 'vitest'
import { type Cbor, decode, encode } from '../../../src/core/codec.ts'
import { sha256 } from '../../../src/core/hash.ts'
import { orderPreimage, paymentIdOf } from '../../../src/core/sign.ts'
import {
  attemptId,
  decodeOrder,
  encodeOrder,
  type Order,
  orderId,
  readOrder,
} from '../../../src/core/transfer/order.ts'
import { id16, id20, id32, START, TODAY } from '../ledger/books.ts'

const ORDER: Order = {
  version: 1,
  payerBank: id20(1),
  payer: id16(2),
  payeeBank: id20(3),
  handle: id16(4),
  minutes: 90,
  category: 7,
  day: TODAY,
  commitment: id32(5),
  decideBy: START + 60,
  postal: false,
  invoice: { bank: id20(3), epoch: 0, index: 9, leaf: id32(6) },
  refs: [{ type: 6, value: id32(7) }],
  nonce: id16(8),
}

const BAD: Record<keyof Order, Cbor[]> = {
  version: [2, null],
  payerBank: [id16(1)],
  payer: [id20(1)],
  payeeBank: [null],
  handle: [id32(1)],
  minutes: [0, -90, 6_001, 1.5 as Cbor, '90'],
  category: [-1, 1_000],
  day: [-1],
  commitment: [id16(1)],
  decideBy: [-1, 2 ** 40],
  postal: [0, null],
  invoice: [id32(1)],
  refs: [null, [[0, id32(1)]], Array(5).fill([2, id32(1)])],
  nonce: [id32(1)],
}

describe('an order', () => {
  test('[PAY-5] comes back from its bytes as it was', () => {
    expect(decodeOrder(encodeOrder(ORDER))).toEqual(ORDER)
    expect(decodeOrder(encodeOrder({ ...ORDER, invoice: null, refs: [], postal: true }))).toMatchObject({
      invoice: null,
      refs: [],
      postal: true,
    })
  })

  test('[ENC-12] each field refuses what does not fit it', () => {
    const fields = Object.keys(ORDER) as (keyof Order)[]
    for (const [place, field] of fields.entries()) {
      for (const wrong of BAD[field]) {
        if (typeof wrong === 'number' && !Number.isSafeInteger(wrong)) continue
        const decoded = decode(encodeOrder(ORDER))
        const value = [...((decoded as { value: Cbor }).value as Cbor[])]
        value[place] = wrong
        expect(decodeOrder(encode(value)), `${field}: ${String(wrong)}`).toBeNull()
        expect(readOrder(value)).toBeUndefined()
      }
    }
    expect(decodeOrder(new Uint8Array(3))).toBeNull()
  })

  test('[PAY-5] its id is the hash of its bytes under the label of orders, and any change is another id', () => {
    const id = orderId(encodeOrder(ORDER))
    expect(id).toEqual(sha256(orderPreimage(encodeOrder(ORDER))))
    expect(id).toEqual(paymentIdOf(encodeOrder(ORDER)))
    const others = [
      { minutes: 91 },
      { handle: id16(9) },
      { decideBy: START + 61 },
      { postal: true },
      { nonce: id16(9) },
    ]
    for (const other of others) expect(orderId(encodeOrder({ ...ORDER, ...other }))).not.toEqual(id)
  })

  test('[LOG-6] an attempt is named by payment, path and nonce together', () => {
    const path = [id20(1), id20(2)]
    const aid = attemptId(id32(1), path, id16(1))
    expect(aid.length).toBe(32)
    expect(attemptId(id32(1), path, id16(1))).toEqual(aid)
    for (const other of [
      attemptId(id32(2), path, id16(1)),
      attemptId(id32(1), [id20(1)], id16(1)),
      attemptId(id32(1), path, id16(2)),
    ]) {
      expect(other).not.toEqual(aid)
    }
  })
})
