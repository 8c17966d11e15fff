/**
 * What does a careless line or a careless liar make of good bytes? Flipped bits, cuts, splices, edited lengths, deep
 * nesting, huge claims and repeated parts, one on another; all of it follows from one seed.
 */

import { below, pick, type Random } from '../core/trees.ts'

type Damage = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array

/** Bytes that mean something to some format: heads of tb-cbor, line ends, quotes, the ends of the ranges. */
const TELLING = [0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x2b, 0x2c, 0x2d, 0x2f, 0x30, 0x3b, 0x3d, 0x40, 0x58, 0x5b]
  .concat([0x5f, 0x60, 0x78, 0x7b, 0x7f, 0x80, 0x98, 0x9b, 0x9f, 0xa0, 0xb8, 0xbb, 0xbf, 0xc0, 0xe2, 0xed])
  .concat([0xef, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfb, 0xfe, 0xff])

/** Heads that promise more than any input holds. */
const HUGE_HEADS = [
  '5bffffffffffffffff',
  '5b7fffffffffffffff',
  '5affffffff',
  '5a7fffffff',
  '7b001fffffffffffff',
  '7a00100000',
  '9bffffffffffffffff',
  '9a00ffffff',
  'bbffffffffffffffff',
  'ba7fffffff',
  '1bffffffffffffffff',
  '3bffffffffffffffff',
  '1b0020000000000000',
  'ffffff7f',
  'ffff0f',
  '808080',
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))

const HUGE_NUMBERS = ['0', '-1', '00', '65536', '4294967296', '9007199254740991', '9007199254740992', '1e400']
  .concat(['99999999999999999999999999', '-9223372036854775809', '0x10', '١٢', 'NaN', 'Infinity'])
  .map((text) => new Uint8Array(Buffer.from(text)))

/** Pieces that open a level of some format. */
const OPENERS = ['81', 'a16161', '9f', 'bf6161', '5b', '7b', '22', '28', 'd9d9f7', '5f41', '0a0a', '2e'].map(
  (hex) => new Uint8Array(Buffer.from(hex, 'hex')),
)

const DAMAGES: readonly Damage[] = [
  (bytes, random) => edited(bytes, at(bytes, random), 1, (old) => [old ^ (1 << below(random, 8))]),
  (bytes, random) => edited(bytes, at(bytes, random), 1, (old) => [old ^ (1 << below(random, 8))]),
  (bytes, random) => edited(bytes, at(bytes, random), 1, () => [pick(random, TELLING)]),
  (bytes, random) => edited(bytes, at(bytes, random), 1, (old) => [(old + pick(random, [1, 255])) & 255]),
  (bytes, random) => bytes.slice(0, below(random, bytes.length + 1)),
  (bytes, random) => bytes.slice(below(random, bytes.length + 1)),
  (bytes, random) => replaced(bytes, span(bytes, random), new Uint8Array(0)),
  (bytes, random) => replaced(bytes, [at(bytes, random), 0], noise(random, 1 + below(random, 8))),
  (bytes, random) => {
    const [start, length] = span(bytes, random)
    return replaced(bytes, [at(bytes, random), 0], bytes.slice(start, start + length))
  },
  (bytes, random, others) => {
    const other = pick(random, others)
    const [start, length] = span(other, random)
    return replaced(bytes, span(bytes, random), other.slice(start, start + length))
  },
  (bytes, random, others) => {
    const other = pick(random, others)
    return joined(bytes.subarray(0, below(random, bytes.length + 1)), other.subarray(at(other, random)))
  },
  (bytes, random) => replaced(bytes, [at(bytes, random), below(random, 2)], pick(random, HUGE_HEADS)),
  (bytes, random) => replaced(bytes, digitsIn(bytes, random), pick(random, HUGE_NUMBERS)),
  (bytes, random) => {
    const times = pick(random, [2, 15, 16, 17, 100, 3_000])
    return replaced(bytes, [at(bytes, random), 0], repeated(pick(random, OPENERS), times))
  },
  (bytes, random) => {
    const run = new Uint8Array(pick(random, [16, 256, 4_096, 70_000])).fill(pick(random, TELLING))
    return below(random, 8) === 0 ? replaced(bytes, [at(bytes, random), 0], run) : bytes.slice()
  },
  (bytes, random) =>
    edited(bytes, lengthAt(bytes, random), 1, (old) => [(old + pick(random, [1, 2, 254, 255])) & 255]),
  (bytes, random) => edited(bytes, lengthAt(bytes, random), 1, (old) => [(old & 0xe0) | below(random, 32)]),
  (bytes, random) => {
    const [start, length] = lineIn(bytes, random)
    return replaced(bytes, [start, 0], bytes.slice(start, start + length))
  },
  (bytes, random) => replaced(bytes, lineIn(bytes, random), new Uint8Array(0)),
]

/** One of the valid inputs with one to four damages, at most `most` bytes. Now and then nothing but noise. */
export function damaged(corpus: readonly Uint8Array[], random: Random, most: number): Uint8Array {
  if (below(random, 100) === 0) return noise(random, below(random, 64))
  let bytes = pick(random, corpus)
  const times = 1 + Math.min(below(random, 4), below(random, 4))
  for (let i = 0; i < times; i++) bytes = pick(random, DAMAGES)(bytes, random, corpus)
  return bytes.length > most ? bytes.slice(0, most) : bytes
}

export function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256))
}

function at(bytes: Uint8Array, random: Random): number {
  return below(random, Math.max(1, bytes.length))
}

function span(bytes: Uint8Array, random: Random): [start: number, length: number] {
  const start = at(bytes, random)
  const most = below(random, 4) === 0 ? bytes.length - start : Math.min(8, bytes.length - start)
  return [start, below(random, most + 1)]
}

/** A place whose byte could be a length or a count, if one is near. */
function lengthAt(bytes: Uint8Array, random: Random): number {
  const start = at(bytes, random)
  for (let i = start; i < Math.min(bytes.length, start + 64); i++) {
    const byte = bytes[i] as number
    if (byte >= 0x40 && byte < 0xc0) return i
  }
  return start
}

/** A run of ASCII digits, if one is near. */
function digitsIn(bytes: Uint8Array, random: Random): [start: number, length: number] {
  let start = at(bytes, random)
  const isDigit = (i: number): boolean => (bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39
  while (start < bytes.length && !isDigit(start)) start++
  let length = 0
  while (isDigit(start + length)) length++
  return [start, length]
}

function lineIn(bytes: Uint8Array, random: Random): [start: number, length: number] {
  const start = bytes.lastIndexOf(0x0a, at(bytes, random)) + 1
  const end = bytes.indexOf(0x0a, start)
  return [start, (end < 0 ? bytes.length : end + 1) - start]
}

function edited(bytes: Uint8Array, start: number, length: number, by: (old: number) => number[]): Uint8Array {
  return replaced(bytes, [start, length], Uint8Array.from(by(bytes[start] ?? 0)))
}

function replaced(bytes: Uint8Array, [start, length]: readonly [number, number], by: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, start), by, bytes.subarray(start + length))
}

function repeated(piece: Uint8Array, times: number): Uint8Array {
  return joined(...Array.from({ length: times }, () => piece))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
