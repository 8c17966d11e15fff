import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { verify as nobleVerify, Point, utils } from '@noble/ed25519'
import { describe, expect, test } from 'vitest'
import { verifyIndependently } from '../../src/audit/second-verifier.ts'
import { signatureShapeOk, signingKey, verify, verifyingKey } from '../../src/core/ed25519.ts'
import { below, seeded } from './trees.ts'

const { p: P, n: L } = Point.CURVE()
const MESSAGE = new Uint8Array(Buffer.from('ninety minutes from Ada to Bo'))
const SEED = new Uint8Array(32).fill(7)
const OWN = utils.getExtendedPublicKey(SEED)

const VECTORS: {
  readonly vectors: readonly {
    readonly name: string
    readonly seed: string
    readonly publicKey: string
    readonly message: string
    readonly signature: string
  }[]
} = JSON.parse(readFileSync(new URL('../vectors/outside/rfc8032-ed25519.json', import.meta.url), 'utf8'))

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function littleEndian(value: bigint): Uint8Array {
  return bytesOf(value.toString(16).padStart(64, '0')).reverse()
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${hexOf(new Uint8Array(bytes).reverse())}`)
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** The factor k of RFC 8032 section 5.1.7. */
function challenge(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return (
    numberOf(
      new Uint8Array(
        createHash('sha512')
          .update(join(r, key, message))
          .digest(),
      ),
    ) % L
  )
}

/** What the product and the second opinion say, and what the laxest common rule (ZIP 215) says. */
function verdicts(key: Uint8Array, message: Uint8Array, signature: Uint8Array) {
  const parsed = verifyingKey(key)
  return {
    product: parsed !== null && verify(parsed, message, signature),
    independent: verifyIndependently(key, message, signature),
    lax: nobleVerify(signature, message, key, { zip215: true }),
  }
}

/** The eight points of low order, as multiples of one of order 8: what is left of any point after L times itself. */
function lowOrderPoints(): Point[] {
  for (let y = 3n; ; y++) {
    let point: Point
    try {
      point = Point.fromBytes(littleEndian(y), false)
    } catch {
      continue
    }
    const rest = point.multiply(L - 1n, false).add(point)
    if (rest.double().double().is0()) continue
    const points = [Point.ZERO]
    for (let i = 1; i < 8; i++) points.push((points[i - 1] as Point).add(rest))
    return points
  }
}

/** Every 32 bytes that a lax reader takes for one of the points: with p added to a small y, and with the sign of x = 0 set. */
function encodingsOf(points: readonly Point[]): Uint8Array[] {
  const SIGN = 1n << 255n
  return points.flatMap((point) => {
    const { x, y } = point.toAffine()
    const signs = x === 0n ? [0n, SIGN] : [(x & 1n) * SIGN]
    const ys = y + P < SIGN ? [y, y + P] : [y]
    return signs.flatMap((sign) => ys.map((written) => littleEndian(written + sign)))
  })
}

const LOW_ORDER = encodingsOf(lowOrderPoints())

describe('[TEST-7] [SIG-1] examples of RFC 8032 section 7.1', () => {
  test.each(VECTORS.vectors)('$name', ({ seed, publicKey, message, signature }) => {
    const key = signingKey(bytesOf(seed))
    expect(hexOf(key.publicKey)).toBe(publicKey)
    expect(hexOf(key.sign(bytesOf(message)))).toBe(signature)
    expect(verdicts(bytesOf(publicKey), bytesOf(message), bytesOf(signature))).toEqual({
      product: true,
      independent: true,
      lax: true,
    })
    expect(verdicts(bytesOf(publicKey), bytesOf(`${message}00`), bytesOf(signature))).toEqual({
      product: false,
      independent: false,
      lax: false,
    })
  })
  test('all five are here, the longest with 1,023 bytes', () => {
    expect(VECTORS.vectors.map(({ message }) => message.length / 2)).toEqual([0, 1, 2, 1023, 64])
  })
})

describe('[TEST-7] [SIG-2] the 14 encodings of low-order points', () => {
  test('are 14, all different', () => {
    expect(new Set(LOW_ORDER.map(hexOf)).size).toBe(14)
  })
  test.each(LOW_ORDER.map((bytes) => [hexOf(bytes)]))('as key: %s', (hex) => {
    const key = bytesOf(hex)
    expect(verifyingKey(key)).toBeNull()
    // S = r, whatever the message: under such a key one signature would fit everything.
    const r = Point.BASE.multiply(5n).toBytes()
    const signature = join(r, littleEndian(5n))
    expect(verdicts(key, MESSAGE, signature)).toEqual({ product: false, independent: false, lax: true })
  })
  test.each(LOW_ORDER.map((bytes) => [hexOf(bytes)]))('as R: %s', (hex) => {
    const r = bytesOf(hex)
    const s = (challenge(r, OWN.pointBytes, MESSAGE) * OWN.scalar) % L
    const signature = join(r, littleEndian(s))
    expect(signatureShapeOk(signature)).toBe(false)
    expect(verdicts(OWN.pointBytes, MESSAGE, signature)).toEqual({
      product: false,
      independent: false,
      lax: true,
    })
  })
})

describe('[TEST-7] [SIG-2] y of p and more', () => {
  const noncanonical: Uint8Array[] = []
  for (let y = P; y < 1n << 255n; y++) noncanonical.push(littleEndian(y), littleEndian(y + (1n << 255n)))

  test('as key: all 38 are refused', () => {
    expect(noncanonical.length).toBe(38)
    for (const key of noncanonical) expect(verifyingKey(key), hexOf(key)).toBeNull()
  })
  test('as R: all 38 are refused', () => {
    for (const r of noncanonical) {
      expect(signatureShapeOk(join(r, littleEndian(1n))), hexOf(r)).toBe(false)
      expect(verifyIndependently(OWN.pointBytes, MESSAGE, join(r, littleEndian(1n)))).toBe(false)
    }
  })
  test('the largest y below p that is of no low order passes, with either sign', () => {
    expect(verifyingKey(littleEndian(P - 2n))).not.toBeNull()
    expect(verifyingKey(littleEndian(P - 2n + (1n << 255n)))).not.toBeNull()
    expect(signatureShapeOk(join(littleEndian(P - 2n), littleEndian(1n)))).toBe(true)
  })
  test('a first byte of ed or more alone makes no y too large', () => {
    for (const at of [1, 15, 30]) {
      const key = littleEndian(P)
      key[at] = 0xfe
      expect(verifyingKey(key)).not.toBeNull()
    }
  })
})

describe('[TEST-7] [SIG-1] signatures of other shapes', () => {
  const valid = signingKey(SEED).sign(MESSAGE)
  const s = numberOf(valid.subarray(32))

  test('S of L and more', () => {
    for (let larger = s + L; larger < 1n << 256n; larger += L) {
      const signature = join(valid.subarray(0, 32), littleEndian(larger))
      expect(verdicts(OWN.pointBytes, MESSAGE, signature)).toEqual({
        product: false,
        independent: false,
        lax: false,
      })
    }
  })
  test.each([0, 32, 63, 65, 128])('%i bytes', (length) => {
    const signature = new Uint8Array(length)
    signature.set(valid.subarray(0, length))
    const key = verifyingKey(OWN.pointBytes)
    expect(key !== null && verify(key, MESSAGE, signature)).toBe(false)
    expect(signatureShapeOk(signature)).toBe(false)
    expect(verifyIndependently(OWN.pointBytes, MESSAGE, signature)).toBe(false)
  })
  test.each([0, 31, 33, 64])('[SIG-2] a key of %i bytes', (length) => {
    const key = new Uint8Array(length)
    key.set(OWN.pointBytes.subarray(0, length))
    expect(verifyingKey(key)).toBeNull()
    expect(verifyIndependently(key, MESSAGE, valid)).toBe(false)
  })
  test('[SIG-2] a key for which no x exists can be registered, and nothing counts under it', () => {
    const key = littleEndian(2n)
    expect(() => Point.fromBytes(key, true)).toThrow()
    expect(verifyingKey(key)).not.toBeNull()
    expect(verdicts(key, MESSAGE, valid)).toEqual({ product: false, independent: false, lax: false })
  })
  test('[SIG-2] changing the bytes a key was made from changes nothing', () => {
    const raw = new Uint8Array(OWN.pointBytes)
    const key = verifyingKey(raw)
    raw.fill(0)
    expect(key?.raw).toStrictEqual(new Uint8Array(OWN.pointBytes))
    expect(key !== null && verify(key, MESSAGE, valid)).toBe(true)
  })
  test('a seed of another length is a bug, and results are plain bytes', () => {
    expect(() => signingKey(new Uint8Array(31))).toThrow('32 bytes')
    expect(Object.getPrototypeOf(valid)).toBe(Uint8Array.prototype)
    expect(Object.getPrototypeOf(signingKey(SEED).publicKey)).toBe(Uint8Array.prototype)
  })
})

describe('[TEST-7] [SIG-4] where node and noble strict differ the product follows node', () => {
  const residue = lowOrderPoints()[1] as Point

  /** A signature over a message number `n`, by the owner of a key with a low-order part in the key or in R. */
  function odd(n: number, where: 'key' | 'R') {
    const message = join(MESSAGE, new Uint8Array([n]))
    const key = (where === 'key' ? OWN.point.add(residue) : OWN.point).toBytes()
    const base = Point.BASE.multiply(11n)
    const r = (where === 'R' ? base.add(residue) : base).toBytes()
    const k = challenge(r, key, message)
    const signature = join(r, littleEndian((11n + k * OWN.scalar) % L))
    return { key, k, said: verdicts(key, message, signature) }
  }

  test('a low-order part in R: noble alone accepts', () => {
    for (let n = 0; n < 8; n++) {
      expect(odd(n, 'R').said).toEqual({ product: false, independent: true, lax: true })
    }
  })
  test('a low-order part in the key: both accept where it vanishes, else noble alone', () => {
    const seen = new Set<boolean>()
    for (let n = 0; n < 32; n++) {
      const { k, said } = odd(n, 'key')
      const vanishes = k % 8n === 0n
      seen.add(vanishes)
      expect(said).toEqual({ product: vanishes, independent: true, lax: true })
    }
    expect(seen.size).toBe(2)
  })
})

test('[TEST-7] node and noble agree on 60 honest and damaged signatures, seed 3', () => {
  const random = seeded(3)
  const bytes = (length: number) => Uint8Array.from({ length }, () => below(random, 256))
  for (let i = 0; i < 60; i++) {
    const key = signingKey(bytes(32))
    const message = bytes(below(random, 400))
    const signature = key.sign(message)
    const damage = i % 3 === 0 ? 0 : 1 << below(random, 8)
    const at = below(random, 64)
    signature[at] = (signature[at] as number) ^ damage
    const said = verdicts(key.publicKey, message, signature)
    expect(said.product, `case ${i}`).toBe(damage === 0)
    expect(said.independent, `case ${i}`).toBe(damage === 0)
  }
})
