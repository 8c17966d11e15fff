/**
 * What does a payer ask for? The order names both banks, the payer's account, the payee's handle, the minutes and
 * the deadline. Its hash is the payment's id, so one id cannot mean two things ([PAY-5]).
 */

import { decode, encode } from '../codec.ts'
import { refField, refsField } from '../entry.ts'
import type { Bytes } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { b16, b20, b32, bool, day, integer, literal, optional, record, type TypeOf, time } from '../schema.ts'
import { attemptIdOf, paymentIdOf } from '../sign.ts'

const orderField = record({
  version: literal(1),
  payerBank: b20,
  payer: b16,
  payeeBank: b20,
  /** 16 random bytes the payee's bank gave out for the payee ([PRIV-3]). */
  handle: b16,
  minutes: integer(1, LIMITS.crossingMinutes),
  category: integer(0, 999),
  day,
  commitment: b32,
  /** Last second, in the payer's bank's log time, in which the bank may decide to send. */
  decideBy: time,
  postal: bool,
  /** Endorsed request of the payee that stands in for offer and promise; never together with `postal`. */
  invoice: optional(refField),
  refs: refsField,
  nonce: b16,
})

/** A payer's order, decoded. Minutes are whole, `decideBy` is in seconds, `day` in days since 1970-01-01. */
export type Order = TypeOf<typeof orderField>

/** The bytes a device keeps, signs and sends; the id is their hash. */
export function encodeOrder(order: Order): Bytes {
  return encode(orderField.write(order))
}

/** The order in these bytes, or null when they are none. */
export function decodeOrder(bytes: Bytes): Order | null {
  const decoded = decode(bytes)
  return decoded.ok ? (orderField.read(decoded.value) ?? null) : null
}

/** Modes of a hold, as in the log: who was asked before the hours are sent. */
export const MODE = { direct: 1, postal: 2, invoice: 4 } as const

/** The mode in which this order is carried out. */
export function modeOf({ postal, invoice }: Order): number {
  if (postal) return MODE.postal
  return invoice === null ? MODE.direct : MODE.invoice
}

/** For readers that bring their own decoder. */
export const readOrder = orderField.read

/** Payment id of order bytes. */
export const orderId = paymentIdOf

/** Id of one attempt to carry out an order over a path of banks; the nonce is 16 random bytes. */
export function attemptId(id: Bytes, path: readonly Bytes[], nonce: Bytes): Bytes {
  return attemptIdOf(encode([id, [path], nonce]))
}
