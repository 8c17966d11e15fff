/**
 * Which bytes of an entry are its body? The bank id is the hash of the founding entry's body bytes as they stand,
 * so they are cut out of the entry, never written again.
 */

import type { Bytes } from './ids.ts'

/**
 * The body's own bytes of an entry [version, kind, time, body] that was scanned before: everything behind the
 * array head and three shortest-form integers.
 */
export function bodyBytes(raw: Bytes): Bytes {
  let at = 1
  for (let i = 0; i < 3; i++) at += integerBytes(raw[at] as number)
  return raw.slice(at)
}

/** Bytes of an unsigned integer by its first byte (RFC 8949 section 3). */
function integerBytes(first: number): number {
  const argument = first & 31
  return argument < 24 ? 1 : 1 + 2 ** (argument - 24)
}
