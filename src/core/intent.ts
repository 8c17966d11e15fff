/**
 * What help inside one bank is recorded? The intent holds day, category and the signed minutes of everybody
 * concerned; its hash is the exchange's id, and a device signs the same bytes.
 */

import { decode, encode } from './codec.ts'
import { legMinutes } from './entry.ts'
import type { Bytes } from './ids.ts'
import { compareBytes } from './ids.ts'
import { LIMITS } from './limits.ts'
import { b16, b20, b32, day, integer, list, literal, record, type TypeOf } from './schema.ts'

const intentField = record({
  version: literal(1),
  bank: b20,
  day,
  category: integer(0, 999),
  /** Sorted by account, each account once, sum 0; + gave help, - received it. */
  legs: list(record({ acct: b16, minutes: legMinutes }), 2, LIMITS.exchangeLegs),
  commitment: b32,
  nonce: b16,
})

export type Intent = TypeOf<typeof intentField>
export type Leg = Intent['legs'][number]

/** Intent bytes; legs are put in order of account. */
export function encodeIntent(intent: Intent): Bytes {
  const legs = [...intent.legs].sort((a, b) => compareBytes(a.acct, b.acct))
  return encode(intentField.write({ ...intent, legs }))
}

/** The intent in these bytes, or null when they are none, unsorted, or do not sum to zero. */
export function decodeIntent(bytes: Bytes): Intent | null {
  const decoded = decode(bytes)
  const intent = decoded.ok ? intentField.read(decoded.value) : undefined
  return intent !== undefined && legsAreSound(intent.legs) ? intent : null
}

/** For readers that bring their own decoder; soundness of the legs is theirs to judge. */
export const readIntent = intentField.read

function legsAreSound(legs: readonly Leg[]): boolean {
  let sum = 0
  for (let i = 0; i < legs.length; i++) {
    const leg = legs[i] as Leg
    sum += leg.minutes
    if (i > 0 && compareBytes((legs[i - 1] as Leg).acct, leg.acct) >= 0) return false
  }
  return sum === 0
}
