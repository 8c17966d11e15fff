import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { type ScanOptions, scan } from '../../src/core/scan.ts'

interface Examples {
  readonly accept: readonly { readonly hex: string; readonly diagnostic: string }[]
  readonly refuse: readonly { readonly hex: string; readonly diagnostic: string; readonly clause: string }[]
}

const EXAMPLES: Examples = JSON.parse(
  readFileSync(new URL('../vectors/outside/rfc8949-appendix-a.json', import.meta.url), 'utf8'),
)

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function clauseOf(hex: string, options?: ScanOptions): string | null {
  return scan(bytesOf(hex), options)?.clause ?? null
}

describe('[TEST-1] [ENC-12] examples of RFC 8949 appendix A', () => {
  test('all 81 are here', () => {
    expect(new Set([...EXAMPLES.accept, ...EXAMPLES.refuse].map(({ hex }) => hex)).size).toBe(81)
  })
  test.each(EXAMPLES.accept)('accepts $hex $diagnostic', ({ hex }) => {
    expect(scan(bytesOf(hex))).toBeNull()
  })
  test.each(EXAMPLES.refuse)('refuses $hex $diagnostic by $clause', ({ hex, clause }) => {
    expect(clauseOf(hex)).toBe(clause)
  })
})

/** Clause, where the problem is seen, the bytes, and what is wrong with them. */
const INVALID: readonly (readonly [string, number, string, string])[] = [
  ['ENC-1', 0, '1b 0020000000000000', 'integer 2^53'],
  ['ENC-1', 0, '1b 0020000000000001', 'integer 2^53+1'],
  ['ENC-1', 0, '3b 001fffffffffffff', 'integer -2^53'],
  ['ENC-1', 0, '3b ffffffffffffffff', 'integer of 65 bits'],
  ['ENC-1', 1, '81 f93e00', '1.5 as half float'],
  ['ENC-1', 1, '81 f97e00', 'NaN'],
  ['ENC-1', 0, 'fa 3fc00000', 'single float'],
  ['ENC-1', 0, 'fb 3ff8000000000000', 'double float'],
  ['ENC-1', 0, 'c0 60', 'tag 0'],
  ['ENC-1', 0, 'd840 41 00', 'tag 64 around a byte string'],
  ['ENC-1', 0, 'd90103 a0', 'tag 259 around a map'],
  ['ENC-1', 0, 'dc', 'reserved tag head'],
  ['ENC-1', 1, '81 f7', 'undefined'],
  ['ENC-1', 0, 'e0', 'simple(0)'],
  ['ENC-1', 0, 'f3', 'simple(19)'],
  ['ENC-1', 0, 'f820', 'simple(32)'],
  ['ENC-1', 0, 'f814', 'false in two bytes'],
  ['ENC-1', 0, 'fc', 'reserved simple head'],
  ['ENC-1', 1, '81 ff', 'break as an item'],
  ['ENC-2', 0, '1800', 'integer 0 in two bytes'],
  ['ENC-2', 0, '1817', 'integer 23 in two bytes'],
  ['ENC-2', 0, '1900ff', 'integer 255 in three bytes'],
  ['ENC-2', 0, '1a0000ffff', 'integer 65535 in five bytes'],
  ['ENC-2', 0, '1b00000000ffffffff', 'integer 2^32-1 in nine bytes'],
  ['ENC-2', 0, '3817', 'integer -24 in two bytes'],
  ['ENC-2', 0, '3b00000000ffffffff', 'integer -2^32 in nine bytes'],
  ['ENC-2', 0, '5801 00', 'byte string with a long length'],
  ['ENC-2', 0, '7801 61', 'text with a long length'],
  ['ENC-2', 0, '9800', 'array with a long count'],
  ['ENC-2', 0, 'b9 0001 6161 00', 'map with a long count'],
  ['ENC-2', 1, 'a1 7801 61 00', 'map key with a long length'],
  ['ENC-2', 0, '1c', 'reserved head'],
  ['ENC-2', 0, '1f', 'integer of indefinite length'],
  ['ENC-2', 0, '5f 41 00 ff', 'byte string in chunks'],
  ['ENC-2', 1, '81 9f ff', 'array of indefinite length'],
  ['ENC-2', 0, 'bf ff', 'map of indefinite length'],
  ['ENC-3', 1, '61 80', 'continuation alone'],
  ['ENC-3', 1, '62 c0af', 'slash in two bytes'],
  ['ENC-3', 1, '62 c1bf', 'U+007F in two bytes'],
  ['ENC-3', 1, '63 e09fbf', 'U+07FF in three bytes'],
  ['ENC-3', 1, '63 eda080', 'lone high surrogate'],
  ['ENC-3', 1, '63 edbfbf', 'lone low surrogate'],
  ['ENC-3', 1, '66 eda080edb080', 'surrogate pair'],
  ['ENC-3', 1, '64 f08fbfbf', 'U+FFFF in four bytes'],
  ['ENC-3', 1, '64 f4908080', 'U+110000'],
  ['ENC-3', 1, '64 f5808080', 'lead byte f5'],
  ['ENC-3', 2, '62 61c3', 'character cut short by the end of the text'],
  ['ENC-3', 2, '82 61c3 41a9', 'character that goes on in the next item'],
  ['ENC-3', 1, '62 c361', 'two-byte lead, then a letter'],
  ['ENC-3', 1, '63 e6b061', 'three-byte character with a letter at its end'],
  ['ENC-3', 1, '64 f0908561', 'four-byte character with a letter at its end'],
  ['ENC-3', 2, '62 610a', 'line end'],
  ['ENC-3', 1, '61 00', 'U+0000'],
  ['ENC-3', 1, '61 1f', 'U+001F'],
  ['ENC-3', 1, '61 7f', 'U+007F'],
  ['ENC-4', 1, 'a1 01 02', 'key that is an integer'],
  ['ENC-4', 1, 'a1 4161 00', 'key that is a byte string'],
  ['ENC-4', 1, 'a1 80 00', 'key that is an array'],
  ['ENC-4', 1, 'a1 60 00', 'empty key'],
  ['ENC-4', 2, 'a1 62c3a9 00', 'key outside ASCII'],
  ['ENC-4', 4, 'a2 6161 00 6161 01', 'key twice'],
  ['ENC-4', 4, 'a2 6162 00 6161 01', 'keys in the wrong order'],
  ['ENC-4', 5, 'a2 626161 00 6162 01', 'longer key before the shorter'],
  ['ENC-5', 16, `${'81'.repeat(17)}00`, '17 arrays'],
  ['ENC-5', 16, `${'81'.repeat(16)}80`, '16 arrays around an empty one'],
  ['ENC-5', 16, `${'81'.repeat(16)}a0`, '16 arrays around an empty map'],
  ['ENC-5', 46, `${'a16161'.repeat(15)}81 8100`, '15 maps, then two arrays'],
  ['ENC-5', 16, '81'.repeat(5_000), '5,000 arrays'],
  ['ENC-6', 0, '', 'nothing'],
  ['ENC-6', 1, '00 00', 'two items'],
  ['ENC-6', 1, '80 ff', 'a break after the item'],
  ['ENC-6', 0, '81', 'array without its item'],
  ['ENC-6', 0, '82 00', 'array with one item too few'],
  ['ENC-6', 3, '82 81 00', 'array whose second item is missing'],
  ['ENC-6', 3, 'a1 6161', 'map without its value'],
  ['ENC-6', 5, 'a2 6161 8100', 'map without its second key'],
  ['ENC-6', 0, '18', 'head cut short'],
  ['ENC-6', 0, '1b 00000000000000', 'long head cut short'],
  ['ENC-6', 0, '42 00', 'byte string cut short'],
  ['ENC-6', 0, '62 61', 'text cut short'],
  ['ENC-6', 0, '5b 7fffffffffffffff', 'byte string of 2^63-1 bytes'],
  ['ENC-6', 0, '7b ffffffffffffffff', 'text of 2^64-1 bytes'],
  ['ENC-6', 0, '9a ffffffff', 'array of 2^32-1 items'],
  ['ENC-6', 0, '9b 001fffffffffffff 00', 'array of 2^53-1 items'],
  ['ENC-6', 0, 'bb 0010000000000000 616100', 'map of 2^52 pairs'],
]

describe('[TEST-1] [ENC-12] hand-made invalid items', () => {
  test.each(INVALID)('[%s] at %i: %s is refused: %s', (clause, offset, hex) => {
    expect(scan(bytesOf(hex))).toEqual({ clause, offset, what: expect.stringMatching(/^[a-z]/) })
  })
})

describe('[ENC-12] what lies just inside', () => {
  test.each([
    ['[ENC-1] the largest integer', '1b001fffffffffffff'],
    ['[ENC-1] the smallest integer', '3b001ffffffffffffe'],
    [
      '[ENC-2] the first value of every longer head',
      '86 1818 190100 1a00010000 1b0000000100000000 3818 3b0000000100000000',
    ],
    ['[ENC-3] the last characters before and after the surrogates', '66 ed9fbf ee8080'],
    ['[ENC-3] the last character of all', '64 f48fbfbf'],
    ['[ENC-3] U+0080, which is no control character here', '62 c280'],
    ['[ENC-3] U+FEFF and U+FFFF', '66 efbbbf efbfbf'],
    ['[ENC-4] keys by length, then by letter', 'a3 6162 00 626161 01 626162 02'],
    ['[ENC-5] depth 16', `${'81'.repeat(15)}80`],
    ['[ENC-5] depth 16 of maps', `${'a16161'.repeat(15)}a0`],
    ['[ENC-5] sixteen arrays beside each other', `90${'8100'.repeat(16)}`],
  ])('%s', (_, hex) => {
    expect(scan(bytesOf(hex))).toBeNull()
  })

  test('[ENC-4] a key of 24 letters comes after every shorter one, whatever its letters', () => {
    const short = `77${'7a'.repeat(23)}`
    const long = `7818${'61'.repeat(24)}`
    expect(clauseOf(`a2 ${short} 00 ${long} 00`)).toBeNull()
    expect(clauseOf(`a2 ${long} 00 ${short} 00`)).toBe('ENC-4')
  })

  test('[ENC-3] wire records may hold control characters, also in keys; entries may not', () => {
    for (const hex of ['62 610a', '61 00', '61 7f', 'a1 6109 00']) {
      expect(clauseOf(hex, { controlCharacters: 'allowed' })).toBeNull()
      expect(clauseOf(hex, { controlCharacters: 'refused' })).toBe('ENC-3')
      expect(clauseOf(hex)).toBe('ENC-3')
    }
  })

  test('[ENC-7] an entry has 1 to 16,384 bytes', () => {
    const options = { maxBytes: LIMITS.entryBytes }
    const longest = new Uint8Array(16_384)
    longest.set([0x59, 0x3f, 0xfd])
    expect(scan(longest, options)).toBeNull()
    const longer = new Uint8Array(16_385)
    longer.set([0x59, 0x3f, 0xfe])
    expect(scan(longer)).toBeNull()
    expect(scan(longer, options)).toMatchObject({ clause: 'ENC-7', offset: 16_384 })
    expect(clauseOf('', options)).toBe('ENC-6')
  })

  test('[ENC-6] every beginning of a valid item is refused, and so is every item with one byte more', () => {
    const whole = bytesOf('8a 01 3903e7 4401020304 63e6b0b4 a2 6161 81f6 6162 f4 80 1a000f4240 f5 60 40')
    expect(scan(whole)).toBeNull()
    for (let end = 0; end < whole.length; end++) expect(scan(whole.subarray(0, end))?.clause).toBe('ENC-6')
    for (let last = 0; last < 256; last++) {
      expect(scan(new Uint8Array([...whole, last]))).toMatchObject({ clause: 'ENC-6', offset: whole.length })
    }
  })

  test('[ENC-12] a view into a larger buffer is read as the bytes it shows', () => {
    const around = bytesOf('ff 83010203 ff')
    expect(scan(around.subarray(1, 5))).toBeNull()
    expect(scan(Buffer.from(around.buffer, 1, 4))).toBeNull()
  })
})
