/**
 * Which Ed25519 cases does every Node have to judge alike, and how? Writes test/vectors/ed25519-verdicts.json. Each
 * verdict is worked out from the rule with numbers ([SIG-1], [SIG-2], RFC 8032 section 5.1.7); no verifier is asked.
 *
 *     node test/fuzz/ed25519-vectors.ts
 */

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hashes, Point, utils } from '@noble/ed25519'

hashes.sha512 = (message) => new Uint8Array(createHash('sha512').update(message).digest())

export interface Ed25519Vector {
  readonly what: string
  readonly key: string
  readonly message: string
  readonly signature: string
  /** What the rule says. */
  readonly counts: boolean
  /** What the auditor's second verifier may say more: signatures whose equation holds but for a low-order rest. */
  readonly cofactored: boolean
}

const { p: P, n: L } = Point.CURVE()
const SIGN = 1n << 255n
const MESSAGE = bytes(Buffer.from('ninety minutes from Ada to Bo').toString('hex'))

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

function hexOf(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('hex')
}

function littleEndian(value: bigint): Uint8Array {
  return bytes(value.toString(16).padStart(64, '0')).reverse()
}

function numberOf(little: Uint8Array): bigint {
  return BigInt(`0x${hexOf(little.slice().reverse())}`)
}

function pointOf(encoding: Uint8Array): Point | null {
  try {
    return Point.fromBytes(encoding, false)
  } catch {
    // No point: y is p or more, no x belongs to it, or x is 0 with its sign set.
    return null
  }
}

function challenge(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return numberOf(new Uint8Array(createHash('sha512').update(r).update(key).update(message).digest())) % L
}

function times(point: Point, factor: bigint): Point {
  return factor === 0n ? Point.ZERO : point.multiply(factor, false)
}

/** The points of order 1, 2, 4 and 8, as multiples of one of order 8. */
const LOW_ORDER: readonly Point[] = (() => {
  for (let y = 3n; ; y++) {
    const point = pointOf(littleEndian(y))
    if (point === null) continue
    const rest = point.multiply(L - 1n, false).add(point)
    if (rest.double().double().is0()) continue
    const points = [Point.ZERO]
    for (let i = 1; i < 8; i++) points.push((points[i - 1] as Point).add(rest))
    return points
  }
})()

/** All 14 ways of writing them, with p added to a small y and with the sign of x = 0 set. */
const LOW_ENCODINGS = LOW_ORDER.flatMap((point) => {
  const { x, y } = point.toAffine()
  const signs = x === 0n ? [0n, SIGN] : [(x & 1n) * SIGN]
  const ys = y + P < SIGN ? [y, y + P] : [y]
  return signs.flatMap((sign) => ys.map((one) => littleEndian(one + sign)))
})
const LOW_HEX = new Set(LOW_ENCODINGS.map((one) => hexOf(one)))

/** [SIG-2] on 32 bytes. */
function testsAsPoint(encoding: Uint8Array): boolean {
  return numberOf(encoding) % SIGN < P && !LOW_HEX.has(hexOf(encoding))
}

/** [SIG-1], and whether the equation times 8 holds where it does not hold as it is. */
function ruled(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): { counts: boolean; cofactored: boolean } {
  const no = { counts: false, cofactored: false }
  if (key.length !== 32 || signature.length !== 64) return no
  const [r, s] = [signature.slice(0, 32), numberOf(signature.slice(32))]
  const point = pointOf(key)
  if (!testsAsPoint(key) || !testsAsPoint(r) || s >= L || point === null) return no
  const shown = times(Point.BASE, s).add(times(point, challenge(r, key, message)).negate())
  const counts = hexOf(shown.toBytes()) === hexOf(r)
  const written = pointOf(r)
  const rest = written === null ? null : shown.add(written.negate())
  return { counts, cofactored: counts || (rest?.double().double().double().is0() ?? false) }
}

const made: Ed25519Vector[] = []

function add(what: string, key: Uint8Array, signature: Uint8Array, message = MESSAGE): void {
  const written = { key: hexOf(key), message: hexOf(message), signature: hexOf(signature) }
  made.push({ what, ...written, ...ruled(key, message, signature) })
}

const OWN = utils.getExtendedPublicKey(new Uint8Array(32).fill(7))

/** A signature with this R and the S that its equation asks for, under a key whose number we know. */
function signedOver(r: Uint8Array, factor: bigint, key: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(
    Buffer.concat([r, littleEndian((factor + challenge(r, key, message) * OWN.scalar) % L)]),
  )
}

function examples(): void {
  const path = new URL('../vectors/outside/rfc8032-ed25519.json', import.meta.url)
  const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as {
    vectors: { name: string; publicKey: string; message: string; signature: string }[]
  }
  for (const { name, publicKey, message, signature } of vectors) {
    const [key, said, signed] = [bytes(publicKey), bytes(message), bytes(signature)]
    add(`RFC 8032 ${name}`, key, signed, said)
    add(`RFC 8032 ${name}, another message`, key, signed, new Uint8Array([...said, 0]))
    for (const at of [0, 31, 32, 63]) {
      add(`RFC 8032 ${name}, byte ${at} of the signature`, key, flipped(signed, at * 8), said)
      if (at < 32) add(`RFC 8032 ${name}, byte ${at} of the key`, flipped(key, at * 8), signed, said)
    }
  }
}

function flipped(whole: Uint8Array, bit: number): Uint8Array {
  const copy = whole.slice()
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
  return copy
}

const usual = Point.BASE.multiply(11n).toBytes()
const good = signedOver(usual, 11n, OWN.pointBytes, MESSAGE)

function points(): void {
  LOW_ENCODINGS.forEach((low, n) => {
    // S = r fits every message where the key vanishes from the equation.
    add(`low-order key ${n}`, low, new Uint8Array([...usual, ...littleEndian(11n)]))
    add(`low-order R ${n}`, OWN.pointBytes, signedOver(low, 0n, OWN.pointBytes, MESSAGE))
    add(`low-order key and R ${n}`, low, new Uint8Array([...low, ...littleEndian(0n)]))
  })
  for (let y = P; y < SIGN; y++) {
    for (const sign of [0n, SIGN]) {
      const odd = littleEndian(y + sign)
      add(`key of y = p + ${y - P}${sign === 0n ? '' : ', signed'}`, odd, good)
      add(
        `R of y = p + ${y - P}${sign === 0n ? '' : ', signed'}`,
        OWN.pointBytes,
        signedOver(odd, 11n, OWN.pointBytes, MESSAGE),
      )
    }
  }
  for (const y of [2n, 7n, P - 2n, P - 3n, P - 5n, 1n << 254n]) {
    for (const sign of [0n, SIGN]) {
      add(`a key that may or may not be a point, y = ${y}`, littleEndian(y + sign), good)
      add(
        `an R that may or may not be a point, y = ${y}`,
        OWN.pointBytes,
        signedOver(littleEndian(y + sign), 1n, OWN.pointBytes, MESSAGE),
      )
    }
  }
  const residue = LOW_ORDER[1] as Point
  for (let n = 0; n < 24; n++) {
    const message = new Uint8Array([...MESSAGE, n])
    const key = OWN.point.add(residue).toBytes()
    add(`a low-order part in the key, ${n}`, key, signedOver(usual, 11n, key, message), message)
    const r = Point.BASE.multiply(11n)
      .add(LOW_ORDER[1 + (n % 7)] as Point)
      .toBytes()
    add(`a low-order part in R, ${n}`, OWN.pointBytes, signedOver(r, 11n, OWN.pointBytes, message), message)
  }
}

function scalars(): void {
  const s = numberOf(good.slice(32))
  for (let larger = s + L; larger < 1n << 256n; larger += L) {
    add(`S + ${(larger - s) / L} L`, OWN.pointBytes, new Uint8Array([...usual, ...littleEndian(larger)]))
  }
  for (const value of [
    0n,
    1n,
    L - 1n,
    L,
    L + 1n,
    (1n << 253n) - 1n,
    1n << 253n,
    1n << 255n,
    (1n << 256n) - 1n,
  ]) {
    add(`S = ${value}`, OWN.pointBytes, new Uint8Array([...usual, ...littleEndian(value)]))
  }
}

function lengths(): void {
  for (const length of [0, 1, 31, 32, 33, 63, 65, 96, 128]) {
    const signature = new Uint8Array(length)
    signature.set(good.subarray(0, length))
    add(`a signature of ${length} bytes`, OWN.pointBytes, signature)
  }
  for (const length of [0, 1, 31, 33, 64]) {
    const key = new Uint8Array(length)
    key.set(OWN.pointBytes.subarray(0, length))
    add(`a key of ${length} bytes`, key, good)
  }
}

function damage(): void {
  for (let bit = 0; bit < 512; bit += 3) add(`bit ${bit} of a signature`, OWN.pointBytes, flipped(good, bit))
  for (let bit = 0; bit < 256; bit += 5) add(`bit ${bit} of a key`, flipped(OWN.pointBytes, bit), good)
  for (let n = 0; n < 40; n++) {
    const message = new Uint8Array(n * 7).fill(n)
    const r = Point.BASE.multiply(BigInt(n + 2)).toBytes()
    add(
      `an honest signature, ${n}`,
      OWN.pointBytes,
      signedOver(r, BigInt(n + 2), OWN.pointBytes, message),
      message,
    )
  }
}

/** All vectors; the same every time. */
export function ed25519Vectors(): readonly Ed25519Vector[] {
  made.length = 0
  for (const part of [examples, points, scalars, lengths, damage]) part()
  return [...made]
}

export const ED25519_FILE = new URL('../vectors/ed25519-verdicts.json', import.meta.url)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = ed25519Vectors().map((vector) => `    ${JSON.stringify(vector)}`)
  const about = 'Ed25519 cases with the verdict of SIG-1 and SIG-2, written by test/fuzz/ed25519-vectors.ts'
  writeFileSync(
    ED25519_FILE,
    `{\n  "about": ${JSON.stringify(about)},\n  "vectors": [\n${lines.join(',\n')}\n  ]\n}\n`,
  )
}
