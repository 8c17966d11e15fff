/**
 * Does a signature count, judged by a second implementation?
 *
 * `audit --independent` asks @noble/ed25519 in its stricter mode, after point tests of its own ([SIG-4]). It shares
 * no code with `core/ed25519.ts`. Where the two differ the plain audit decides ([SIG-1]): only the owner of a key
 * can make the one kind that is accepted here alone, signatures whose equation holds but for a low-order rest.
 */

import { createHash } from 'node:crypto'
import { hashes, Point, verify } from '@noble/ed25519'

// The package brings no hash of its own for the synchronous calls.
hashes.sha512 = (message) => new Uint8Array(createHash('sha512').update(message).digest())

/** True when a 64-byte signature of the message under a 32-byte public key counts; false for any other bytes. */
export function verifyIndependently(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (!pointCounts(publicKey) || !pointCounts(signature.subarray(0, 32))) return false
  return verify(signature, message, publicKey, { zip215: false })
}

/**
 * A point counts when its encoding is canonical and its order is not 1, 2, 4 or 8. Both are computed here from the
 * curve (RFC 8032 section 5.1.3), not looked up in a list.
 */
function pointCounts(encoding: Uint8Array): boolean {
  let point: Point
  try {
    point = Point.fromBytes(encoding, false)
  } catch {
    // Thrown when y is p or more, when no x belongs to it, or when x is 0 and its sign is set.
    return false
  }
  return !point.isSmallOrder()
}
