/**
 * What have two banks agreed about their line? The terms name both banks, what each may owe the other, and how
 * often they compare their books. The same bytes stand in both logs, and their hash is the line's id.
 */

import { decode, encode } from './codec.ts'
import { limitField } from './entry.ts'
import type { Bytes } from './ids.ts'
import { b16, b20, literal, record, type TypeOf, u } from './schema.ts'

const termsField = record({
  version: literal(1),
  /** The bank whose id comes first, bytewise. */
  lower: b20,
  higher: b20,
  /** What the lower bank may owe the higher one. */
  lowerMayOwe: limitField,
  higherMayOwe: limitField,
  /** Entries between two joint statements. */
  statementEvery: u,
  nonce: b16,
})

/** The agreement behind a line, decoded. Limits are in whole minutes. */
export type Terms = TypeOf<typeof termsField>

/** The bytes that both banks log; the line id is their hash (core/sign.ts, `lineIdOf`). */
export function encodeTerms(terms: Terms): Bytes {
  return encode(termsField.write(terms))
}

/** The terms in these bytes, or null when they are none. Whether the banks stand in order is for the reader to judge. */
export function decodeTerms(bytes: Bytes): Terms | null {
  const decoded = decode(bytes)
  return decoded.ok ? (termsField.read(decoded.value) ?? null) : null
}

/** For readers that bring their own decoder. */
export const readTerms = termsField.read
