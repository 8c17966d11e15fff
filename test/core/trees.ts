/** Which values and damaged bytes do the codec's tests try? Everything follows from a seed, so a failure repeats. */

import type { Cbor } from '../../src/core/codec.ts'

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Random = () => number

export function below(random: Random, bound: number): number {
  return Math.floor(random() * bound)
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[below(random, choices.length)] as T
}

/** Both sides of every head length, of the 31- and 32-bit marks, and of the safe range. */
export const EDGE_INTEGERS: readonly number[] = [
  0,
  24,
  2 ** 8,
  2 ** 16,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 53 - 1,
]
  .flatMap((edge) => [edge - 2, edge - 1, edge, edge + 1].flatMap((n) => [n, -n, -1 - n]))
  .filter((n) => Number.isSafeInteger(n))

const LETTERS = [
  'a',
  'Z',
  '7',
  ' ',
  '~',
  'é',
  'ß',
  '\u0080',
  '\u07ff',
  '\u0800',
  '水',
  '\ud7ff',
  '\ue000',
  '\ufeff',
  '\uffff',
  '𐅑',
  '\u{10ffff}',
]
const CONTROLS = ['\0', '\n', '\t', '\u001f', '\u007f']

export function randomText(random: Random, options: { controls: boolean }): string {
  const letters = options.controls ? [...LETTERS, ...CONTROLS] : LETTERS
  const length = pick(random, [0, 1, 2, 5, 12, 23, 24, 40, 70, 130, 300])
  const plain = random() < 0.5
  let text = random() < 0.1 ? '\ufeff' : ''
  for (let i = 0; i < length; i++) text += plain ? 'x' : pick(random, letters)
  return text
}

function randomBytes(random: Random): Uint8Array {
  const bytes = new Uint8Array(pick(random, [0, 1, 16, 20, 23, 24, 32, 64, 255, 256, 300]))
  for (let i = 0; i < bytes.length; i++) bytes[i] = below(random, 256)
  return bytes
}

function randomInteger(random: Random): number {
  if (random() < 0.5) return pick(random, EDGE_INTEGERS)
  const magnitude = Math.floor(random() * 2 ** below(random, 54))
  return random() < 0.5 ? magnitude : -1 - Math.min(magnitude, 2 ** 53 - 2)
}

function randomKey(random: Random): string {
  const length = 1 + below(random, pick(random, [2, 6, 30]))
  let key = ''
  for (let i = 0; i < length; i++) key += pick(random, ['a', 'b', 'B', '_', '0', '~'])
  return random() < 0.05 ? '__proto__' : key
}

/** A value inside the profile, nested at most `levels` deep. */
export function randomTree(
  random: Random,
  levels: number,
  options: { controls: boolean } = { controls: false },
): Cbor {
  const kind = below(random, levels > 0 ? 10 : 6)
  switch (kind) {
    case 0:
    case 1:
      return randomInteger(random)
    case 2:
      return randomBytes(random)
    case 3:
      return randomText(random, options)
    case 4:
      return random() < 0.5
    case 5:
      return null
    case 6: {
      const map = new Map<string, Cbor>()
      for (let i = pick(random, [0, 1, 2, 5, 26]); i > 0; i--) {
        map.set(randomKey(random), randomTree(random, i > 5 ? 0 : levels - 1, options))
      }
      return map
    }
    default: {
      const length = pick(random, [0, 1, 3, 4, 10, 24])
      return Array.from({ length }, () => randomTree(random, length > 10 ? 0 : levels - 1, options))
    }
  }
}

/** First bytes, lengths and UTF-8 parts at which readers of CBOR go different ways. */
const TELLING_BYTES = [
  0x00, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x37, 0x38, 0x3b, 0x40, 0x58, 0x5b, 0x5f, 0x60, 0x61,
  0x63, 0x78, 0x7f, 0x80, 0x81, 0x98, 0x9b, 0x9f, 0xa0, 0xa1, 0xb8, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0,
  0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xff, 0x0a, 0x7e, 0xbb, 0xbd, 0xfe,
]

/** The bytes with one to three faults: bits, bytes put in, taken out or doubled, ends cut off, parts exchanged. */
export function damaged(random: Random, original: Uint8Array): Uint8Array {
  let bytes = [...original]
  for (let faults = 1 + below(random, 3); faults > 0; faults--) {
    const at = below(random, bytes.length + 1)
    switch (below(random, 8)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << below(random, 8))
        break
      case 1:
        if (at < bytes.length) bytes[at] = pick(random, TELLING_BYTES)
        break
      case 2:
        bytes.splice(at, 0, pick(random, TELLING_BYTES))
        break
      case 3:
        bytes.splice(at, 1 + below(random, 3))
        break
      case 4:
        bytes = bytes.slice(0, at)
        break
      case 5:
        bytes.splice(at, 0, ...bytes.slice(at, at + below(random, 6)))
        break
      case 6:
        bytes.splice(below(random, bytes.length + 1), 0, ...bytes.splice(at, below(random, 6)))
        break
      default:
        if (at < bytes.length) bytes[at] = below(random, 256)
    }
  }
  return new Uint8Array(bytes)
}

/** Short bytes made of telling parts from the start: they reach combinations that damage seldom does. */
export function tellingBytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: 1 + below(random, 8) }, () =>
    random() < 0.8 ? pick(random, TELLING_BYTES) : below(random, 256),
  )
}

/** A map of two or three pairs under short keys that may repeat and stand in any order. */
export function looseMap(random: Random): Uint8Array {
  const pairs = 2 + below(random, 2)
  const bytes = [0xa0 + pairs]
  for (let i = 0; i < pairs; i++) {
    const key = pick(random, ['a', 'b', 'B', 'ab', 'aa', 'b\n'])
    bytes.push(0x60 + key.length, ...Buffer.from(key), pick(random, [0x00, 0x60, 0x80, 0xf6]))
  }
  return new Uint8Array(bytes)
}

/** The item inside arrays and maps of one item each, so many that some lie past the deepest level allowed. */
export function wrapped(random: Random, item: Uint8Array): Uint8Array {
  const around = random() < 0.5 ? [0x81] : [0xa1, 0x61, 0x61]
  return new Uint8Array([...Array.from({ length: 11 + below(random, 7) }, () => around).flat(), ...item])
}
