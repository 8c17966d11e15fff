import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { decodeIndependently } from '../../src/audit/second-decoder.ts'
import { decode, encode } from '../../src/core/codec.ts'
import {
  below,
  damaged,
  looseMap,
  pick,
  type Random,
  randomTree,
  seeded,
  tellingBytes,
  wrapped,
} from '../core/trees.ts'

const SEED = 20_260_102
const CASES = 200_000

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

const EXAMPLES: {
  readonly accept: readonly { readonly hex: string; readonly diagnostic: string }[]
  readonly refuse: readonly { readonly hex: string; readonly diagnostic: string }[]
} = JSON.parse(readFileSync(new URL('../vectors/outside/rfc8949-appendix-a.json', import.meta.url), 'utf8'))

describe('[TEST-1] [ENC-13] examples of RFC 8949 appendix A', () => {
  test.each(EXAMPLES.accept)('accepts $hex $diagnostic with the value the node reads', ({ hex }) => {
    const decoded = decode(bytesOf(hex))
    expect(decoded.ok).toBe(true)
    expect(decodeIndependently(bytesOf(hex))).toStrictEqual({ value: decoded.ok ? decoded.value : undefined })
  })
  test.each(EXAMPLES.refuse)('refuses $hex $diagnostic', ({ hex }) => {
    expect(decodeIndependently(bytesOf(hex))).toBeNull()
  })
})

describe('[ENC-13] what re-encoding alone would pass', () => {
  test.each([
    ['1.5 as half float', 'f93e00'],
    ['1.0 as half float', 'f93c00'],
    ['a float inside an array', '81f93e00'],
    ['integer 2^53', '1b0020000000000000'],
    ['integer -2^53', '3b001fffffffffffff'],
    ['integer of 65 bits', '3bffffffffffffffff'],
    ['undefined', 'f7'],
    ['an empty key', 'a16000'],
    ['a key that is an integer', 'a10102'],
    ['a key that is a byte string', 'a1416100'],
    ['a key outside ASCII', 'a162c3a900'],
    ['17 arrays', `${'81'.repeat(17)}00`],
    ['200,000 arrays', '81'.repeat(200_000)],
    ['malformed text', '61ff'],
    ['U+FFFD where malformed text would be read so', '6180'],
    ['a line end in an entry', '61 0a'],
  ])('%s is refused', (_, hex) => {
    expect(decodeIndependently(bytesOf(hex))).toBeNull()
  })
  test('[ENC-3] U+FEFF at the front of a text is kept, and U+0080 is no control character', () => {
    expect(decodeIndependently(bytesOf('63efbbbf'))).toEqual({ value: '\ufeff' })
    expect(decodeIndependently(bytesOf('62c280'))).toEqual({ value: '\u0080' })
  })
  test('[ENC-3] wire records may hold control characters', () => {
    expect(decodeIndependently(bytesOf('610a'), { controlCharacters: 'allowed' })).toEqual({ value: '\n' })
  })
  test('[ENC-5] depth 16 is accepted', () => {
    expect(decodeIndependently(bytesOf(`${'81'.repeat(15)}80`))).not.toBeNull()
  })
  test('[ENC-7] an item longer than allowed is refused', () => {
    expect(decodeIndependently(bytesOf('420102'), { maxBytes: 3 })).not.toBeNull()
    expect(decodeIndependently(bytesOf('43010203'), { maxBytes: 3 })).toBeNull()
    expect(decodeIndependently(new Uint8Array(0))).toBeNull()
  })
  test('a Buffer is read as its bytes, and they are copied', () => {
    const input = Buffer.from('8241ff01', 'hex')
    const result = decodeIndependently(input)
    input.fill(0)
    expect(result).toStrictEqual({ value: [bytesOf('ff'), 1] })
  })
})

/** Fails unless both paths say the same of these bytes; true when both accept them. */
function agree(bytes: Uint8Array, controlCharacters: 'refused' | 'allowed'): boolean {
  const node = decode(bytes, { controlCharacters })
  const auditor = decodeIndependently(bytes, { controlCharacters })
  if (node.ok !== (auditor !== null)) {
    const verdict = node.ok ? 'only the node accepts' : `only the auditor accepts (${node.problem.clause})`
    expect.fail(`${verdict}, control characters ${controlCharacters}: ${Buffer.from(bytes).toString('hex')}`)
  }
  if (node.ok && !isDeepStrictEqual(node.value, auditor?.value)) {
    expect.fail(`the values differ: ${Buffer.from(bytes).toString('hex')}`)
  }
  return node.ok
}

function attempt(random: Random, items: readonly Uint8Array[]): Uint8Array {
  switch (below(random, 8)) {
    case 0:
    case 1:
      return tellingBytes(random)
    case 2:
      return looseMap(random)
    case 3:
      return wrapped(random, random() < 0.5 ? tellingBytes(random) : pick(random, items))
    default:
      return damaged(random, pick(random, items))
  }
}

describe(`[TEST-1] [ENC-14] the two paths accept the same bytes, seed ${SEED}`, () => {
  test('every item of one or two bytes, and of three whose first two are telling', () => {
    for (let first = 0; first < 256; first++) {
      agree(new Uint8Array([first]), 'refused')
      for (let second = 0; second < 256; second++) agree(new Uint8Array([first, second]), 'refused')
    }
    for (const [first, second] of [
      [0x61, 0xc2],
      [0x62, 0xc2],
      [0x62, 0xdf],
      [0x18, 0x18],
      [0x81, 0x61],
      [0x81, 0x18],
      [0x82, 0xf6],
    ] as const) {
      for (let third = 0; third < 256; third++) agree(new Uint8Array([first, second, third]), 'allowed')
    }
  })

  test('every sequence of UTF-8 shape at the edges of its ranges', () => {
    const edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
    for (let lead = 0xc0; lead < 256; lead++) {
      for (const second of edges) {
        for (const third of edges) {
          agree(new Uint8Array([0x63, lead, second, third]), 'allowed')
          for (const fourth of [0x7f, 0x80, 0xbf, 0xc0])
            agree(new Uint8Array([0x64, lead, second, third, fourth]), 'allowed')
        }
      }
    }
  })

  test(`${CASES} damaged items and short strings of telling bytes`, () => {
    const random = seeded(SEED)
    const items = Array.from({ length: 4_000 }, () =>
      encode(randomTree(random, 3, { controls: true }), { controlCharacters: 'allowed' }),
    ).filter((item) => item.length <= 400)
    let accepted = 0
    const depth = Error.stackTraceLimit
    // The second decoder says no by throwing; writing down where from would take most of the time.
    Error.stackTraceLimit = 0
    try {
      for (let i = 0; i < CASES; i++) {
        if (agree(attempt(random, items), i % 3 === 0 ? 'refused' : 'allowed')) accepted += 1
      }
    } finally {
      Error.stackTraceLimit = depth
    }
    // Both answers must come often, or the comparison would say little.
    expect(accepted).toBeGreaterThan(CASES / 20)
    expect(accepted).toBeLessThan((CASES * 19) / 20)
  })
})
