/**
 * How are bytes hashed? SHA-256 (FIPS 180-4), plain, behind a label, or keyed.
 *
 * Every hash of more than one meaning carries a label ([LOG-2]), so that bytes made for one purpose never count
 * for another.
 */

import { createHmac, hash } from 'node:crypto'
import { must } from './fault.ts'
import { HASH_BYTES } from './ids.ts'

/** SHA-256 of the parts one after another: 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return digest(parts.length === 1 ? (parts[0] as Uint8Array) : briefly(parts))
}

/**
 * SHA-256 of the label in ASCII, one zero byte, and the parts one after another: 32 bytes. The label is one of our
 * own constants; anything but printable ASCII in it is a bug.
 */
export function labelledHash(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return digest(briefly([labelBytes(label), ...parts]))
}

const labels = new Map<string, Uint8Array>()

/** A label is written once; there is a handful of them. */
function labelBytes(label: string): Uint8Array {
  const known = labels.get(label)
  if (known !== undefined) return known
  const bytes = labelled(label, [])
  labels.set(label, bytes)
  return bytes
}

/** The bytes that `labelledHash` hashes and that a key signs under a label: label in ASCII, one zero byte, parts. */
export function labelled(label: string, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = joined(label.length + 1, parts)
  for (let i = 0; i < label.length; i++) {
    const code = label.charCodeAt(i)
    must(code > 0x20 && code < 0x7f, 'a label is printable ASCII')
    bytes[i] = code
  }
  return bytes
}

/** HMAC with SHA-256 (RFC 2104) of the parts one after another: 32 bytes. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return new Uint8Array(mac.digest())
}

/**
 * One call into OpenSSL, which for short inputs is far quicker than a hash object. The 32 bytes come as a text of one
 * byte a character: a Buffer with memory of its own for each hash costs three times as much to make, and again to free.
 */
function digest(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary')
  const result = new Uint8Array(HASH_BYTES)
  for (let i = 0; i < HASH_BYTES; i++) result[i] = text.charCodeAt(i)
  return result
}

/** One buffer for what is hashed at once and then forgotten: making one for each entry would cost as much as hashing it. */
const scratch = new Uint8Array(65_536)

/** The parts in one piece, good until the next call. */
function briefly(parts: readonly Uint8Array[]): Uint8Array {
  const length = lengthOf(parts)
  if (length > scratch.length) return joined(0, parts)
  fill(scratch, 0, parts)
  return scratch.subarray(0, length)
}

/** The parts in one piece of their own behind `room` zero bytes. */
function joined(room: number, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(room + lengthOf(parts))
  fill(bytes, room, parts)
  return bytes
}

function fill(bytes: Uint8Array, from: number, parts: readonly Uint8Array[]): void {
  let at = from
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0
  for (const part of parts) length += part.length
  return length
}
