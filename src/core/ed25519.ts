/**
 * Which Ed25519 keys and signatures count, and how do we sign?
 *
 * Libraries, and even versions of one runtime, disagree about odd inputs. So a key and the first half of every
 * signature pass one test of our own before `node:crypto` is asked ([SIG-1], [SIG-2]); what remains is accepted by
 * all of them alike. Nothing falls back to a laxer check.
 */

import { createPrivateKey, createPublicKey, type KeyObject, verify as nodeVerify, sign } from 'node:crypto'
import { must } from './fault.ts'
import { KEY_BYTES, SIGNATURE_BYTES } from './ids.ts'

/** A public key that has passed [SIG-2], parsed once: parsing it anew for each signature would cost half as much again. */
export interface VerifyingKey {
  readonly raw: Uint8Array
  readonly object: KeyObject
}

export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** The 64-byte signature of a message (RFC 8032 section 5.1.6; the same message always gives the same bytes). */
  sign(message: Uint8Array): Uint8Array
}

/** The key of 32 raw bytes, or null when the bytes are no key that may be registered ([SIG-2]). */
export function verifyingKey(raw: Uint8Array): VerifyingKey | null {
  if (raw.length !== KEY_BYTES || !pointOk(raw)) return null
  const own = new Uint8Array(raw)
  return { raw: own, object: createPublicKey({ key: behind(SPKI_HEAD, own), format: 'der', type: 'spki' }) }
}

/** 64 bytes whose first half R passes the same test as a key ([SIG-1]). Says nothing about validity. */
export function signatureShapeOk(signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && pointOk(signature)
}

/** Whether a signature counts ([SIG-1]). Never throws for any bytes. */
export function verify(key: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean {
  return signatureShapeOk(signature) && nodeVerify(null, message, key.object, signature)
}

/** The key pair of a 32-byte seed (the "private key" of RFC 8032). Any other length is a bug. */
export function signingKey(seed: Uint8Array): SigningKey {
  must(seed.length === KEY_BYTES, 'an Ed25519 seed has 32 bytes')
  const secret = createPrivateKey({ key: behind(PKCS8_HEAD, seed), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  return {
    publicKey: new Uint8Array(spki.subarray(SPKI_HEAD.length / 2)),
    sign: (message) => new Uint8Array(sign(null, message, secret)),
  }
}

/** Everything that stands before the raw bytes in the two DER forms of RFC 8410. */
const SPKI_HEAD = '302a300506032b6570032100'
const PKCS8_HEAD = '302e020100300506032b657004220420'

function behind(head: string, raw: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(head, 'hex'), raw])
}

/**
 * The y-coordinates, little-endian, at which points of order 1, 2, 4 and 8 lie, and the two ways of writing 0 and
 * 1 with p added (p = 2^255 - 19). With either sign bit these are the 14 encodings of low-order points that
 * Chalkias, Garillot and Nikolaenko list in "Taming the many EdDSAs" (2020).
 */
const LOW_ORDER_Y = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))

/** The point test on the first 32 bytes: y below p, and not one of the 14 low-order encodings. */
function pointOk(encoding: Uint8Array): boolean {
  return yBelowP(encoding) && !LOW_ORDER_Y.some((y) => sameY(encoding, y))
}

/** y from p to 2^255 - 1 looks like ff..ff with a first byte of ed or more; the top bit is the sign of x. */
function yBelowP(encoding: Uint8Array): boolean {
  if ((encoding[0] as number) < 0xed || ((encoding[31] as number) & 0x7f) !== 0x7f) return true
  for (let i = 1; i < 31; i++) if (encoding[i] !== 0xff) return true
  return false
}

function sameY(encoding: Uint8Array, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (encoding[i] !== y[i]) return false
  return ((encoding[31] as number) & 0x7f) === y[31]
}
