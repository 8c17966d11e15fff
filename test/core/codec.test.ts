import { readFileSync } from 'node:fs'
import { types } from 'node:util'
import { Encoder } from 'cbor-x/encode'
import { encode as cborgEncode, rfc8949EncodeOptions } from 'cborg'
import { describe, expect, test } from 'vitest'
import { type Cbor, decode, encode } from '../../src/core/codec.ts'
import { scan } from '../../src/core/scan.ts'
import { EDGE_INTEGERS, randomTree, seeded } from './trees.ts'

const SEED = 20_260_101

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function read(bytes: Uint8Array): Cbor {
  const decoded = decode(bytes, { controlCharacters: 'allowed' })
  if (!decoded.ok) throw new Error(decoded.problem.what)
  return decoded.value
}

/** The values of the vector file: JSON, with `{ bytes }` for byte strings and `{ map }` for maps. */
function fromJson(json: unknown): Cbor {
  if (Array.isArray(json)) return json.map(fromJson)
  if (json !== null && typeof json === 'object') {
    if ('bytes' in json) return bytesOf(String(json.bytes))
    if ('map' in json && Array.isArray(json.map)) {
      return new Map(json.map.map(([key, value]: [string, unknown]) => [key, fromJson(value)]))
    }
  }
  if (json === null || typeof json === 'number' || typeof json === 'string' || typeof json === 'boolean')
    return json
  throw new Error('a vector of unknown form')
}

const EXAMPLES: {
  readonly accept: readonly { readonly hex: string; readonly diagnostic: string; readonly value: unknown }[]
  readonly refuse: readonly { readonly hex: string; readonly diagnostic: string; readonly clause: string }[]
} = JSON.parse(readFileSync(new URL('../vectors/outside/rfc8949-appendix-a.json', import.meta.url), 'utf8'))

describe('[TEST-1] examples of RFC 8949 appendix A', () => {
  test.each(EXAMPLES.accept)('[ENC-1] $diagnostic is $hex both ways', ({ hex, value }) => {
    expect(decode(bytesOf(hex))).toStrictEqual({ ok: true, value: fromJson(value) })
    expect(hexOf(encode(fromJson(value)))).toBe(hex)
  })
  test.each(EXAMPLES.refuse)('[ENC-12] $hex is never decoded', ({ hex, clause }) => {
    expect(decode(bytesOf(hex))).toMatchObject({ ok: false, problem: { clause } })
  })
})

describe('[ENC-10] integers', () => {
  test('[TEST-1] around every head boundary and at 2^31, 2^32 and 2^53: shortest form, and the same back', () => {
    for (const integer of EDGE_INTEGERS) {
      const bytes = encode(integer)
      const magnitude = integer < 0 ? -1 - integer : integer
      const length =
        magnitude < 24 ? 1 : magnitude < 256 ? 2 : magnitude < 65_536 ? 3 : magnitude < 2 ** 32 ? 5 : 9
      expect(bytes.length, String(integer)).toBe(length)
      expect(hexOf(bytes), String(integer)).toBe(hexOf(cborgEncode(integer, rfc8949EncodeOptions)))
      expect(read(bytes)).toBe(integer === 0 ? 0 : integer)
    }
  })
  test.each([2 ** 53, -(2 ** 53), 0.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY])(
    '[ENC-1] %d is refused',
    (n) => {
      expect(() => encode([n])).toThrow('safe integers')
    },
  )
  test('minus zero is written as zero', () => {
    expect(hexOf(encode(-0))).toBe('00')
  })
})

describe('[ENC-10] the closed set of inputs', () => {
  class Odd extends Map<string, Cbor> {}
  const refused: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['a bigint', 1n],
    ['a symbol', Symbol('x')],
    ['a function', () => 0],
    ['a Date', new Date(0)],
    ['a Set', new Set([1])],
    ['a RegExp', /x/],
    ['an Error', new Error('x')],
    ['a boxed text', new String('x')],
    ['a boxed number', new Number(1)],
    ['a plain object', { a: 1 }],
    ['an object without prototype', Object.create(null)],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['clamped bytes', new Uint8ClampedArray(2)],
    ['an Int8Array', new Int8Array(2)],
    ['a Float64Array', new Float64Array(2)],
    ['an array with a hole', new Array(1)],
    ['a map with a number as key', new Map([[1, 2]])],
    ['a map with an empty key', new Map([['', 2]])],
    ['a map with a key outside ASCII', new Map([['é', 2]])],
    ['a map of undefined', new Map([['a', undefined]])],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a long text', `${'x'.repeat(100)}\udfff`],
  ]
  test.each(refused)('%s is refused, alone and inside', (_, value) => {
    expect(() => encode(value as Cbor)).toThrow('broken assertion')
    expect(() => encode([1, [value as Cbor]])).toThrow('broken assertion')
    expect(() => encode(new Map([['k', value as Cbor]]))).toThrow('broken assertion')
  })
  test('after a refusal the next value is written as always', () => {
    expect(() => encode(['before', undefined as unknown as Cbor])).toThrow()
    expect(hexOf(encode([1, 2]))).toBe('820102')
  })
  test('Buffers and kinds of Map are taken for what they hold', () => {
    expect(hexOf(encode(Buffer.from('0102', 'hex')))).toBe('420102')
    expect(hexOf(encode(new Odd([['a', 1]])))).toBe('a1616101')
  })
  test('[ENC-3] control characters only where they are allowed', () => {
    expect(() => encode('a\nb')).toThrow('ENC-3')
    expect(hexOf(encode('a\nb', { controlCharacters: 'allowed' }))).toBe('63610a62')
  })
  test('[ENC-5] depth 16 is written, depth 17 and a loop are refused', () => {
    const nested = (depth: number): Cbor => (depth === 0 ? 1 : [nested(depth - 1)])
    expect(hexOf(encode(nested(16)))).toBe(`${'81'.repeat(16)}01`)
    expect(() => encode(nested(17))).toThrow('too deeply')
    const loop: Cbor[] = []
    loop.push(loop)
    expect(() => encode(loop)).toThrow('too deeply')
  })
  test('[ENC-7] an item longer than the caller allows is refused', () => {
    expect(() => encode(new Uint8Array(20), { maxBytes: 20 })).toThrow('ENC-7')
    expect(encode(new Uint8Array(19), { maxBytes: 20 }).length).toBe(20)
  })
})

describe('[ENC-9] traps of cbor-x', () => {
  const bare = new Encoder()

  test('a number from 2^32, or below -2^32, becomes no float', () => {
    expect(hexOf(bare.encode(2 ** 32))).toBe('fb41f0000000000000')
    expect(hexOf(encode(2 ** 32))).toBe('1b0000000100000000')
    expect(hexOf(bare.encode(-(2 ** 32) - 1))).toBe('fbc1f0000000100000')
    expect(hexOf(encode(-(2 ** 32) - 1))).toBe('3b0000000100000000')
    expect(hexOf(encode(1_767_225_600_000))).toBe('1b0000019b76daa800')
  })
  test('an integer inside 32 bits never takes nine bytes', () => {
    expect(hexOf(bare.encode(5n))).toBe('1b0000000000000005')
    expect(hexOf(encode(5))).toBe('05')
    expect(hexOf(encode(-(2 ** 32)))).toBe('3affffffff')
  })
  test('maps get the shortest head and no tag, byte strings no tag', () => {
    expect(hexOf(bare.encode({ a: 1 }))).not.toBe('a1616101')
    expect(hexOf(encode(new Map([['a', 1]])))).toBe('a1616101')
    expect(hexOf(bare.encode(new Uint8Array([1])))).toBe('d8404101')
    expect(hexOf(encode(new Uint8Array([1])))).toBe('4101')
  })
  test('undefined and holes are not kept', () => {
    expect(hexOf(bare.encode([undefined]))).toBe('81f7')
    expect(() => encode([undefined as unknown as Cbor])).toThrow('broken assertion')
  })
  test('a lone surrogate is not written as malformed UTF-8', () => {
    expect(hexOf(bare.encode('\ud800'))).toBe('63eda080')
    expect(() => encode('\ud800')).toThrow('surrogate')
  })
  test('results share no memory: not with each other, not with the input', () => {
    const secret = encode('a neighbour has written this')
    const bytes = encode([1, new Uint8Array([2, 3])])
    expect(bytes.buffer.byteLength).toBe(bytes.length)
    expect(bytes.buffer).not.toBe(secret.buffer)
    const before = hexOf(bytes)
    for (let i = 0; i < 200; i++) encode('x'.repeat(i))
    expect(hexOf(bytes)).toBe(before)
  })
  test.each(['82430102034100', '824301020344efbbbf00'])(
    'byte strings of %s are plain copies, also out of a Buffer',
    (hex) => {
      for (const input of [bytesOf(hex), Buffer.from(hex, 'hex')]) {
        const parts = read(input) as readonly Uint8Array[]
        for (const part of parts) expect(Object.getPrototypeOf(part)).toBe(Uint8Array.prototype)
        input.fill(9)
        expect(parts).toStrictEqual(read(bytesOf(hex)))
      }
    },
  )
  test('decoding leaves the input as it was', () => {
    const input = bytesOf('83010203')
    read(input)
    expect(Object.keys(input)).toEqual(['0', '1', '2', '3'])
  })
  test('the key __proto__ keeps its name, and maps come back as Map', () => {
    const value = read(
      encode(
        new Map<string, Cbor>([
          ['__proto__', 1],
          ['a', new Map()],
        ]),
      ),
    )
    expect(types.isMap(value)).toBe(true)
    expect(value).toStrictEqual(
      new Map<string, Cbor>([
        ['a', new Map()],
        ['__proto__', 1],
      ]),
    )
  })
  test('[ENC-4] maps are sorted by encoded key', () => {
    const map = new Map([
      ['b', 1],
      ['aa', 2],
      ['a', 3],
      ['z'.repeat(23), 4],
      ['a'.repeat(24), 5],
      ['B', 6],
    ])
    const keys = [...(read(encode(map)) as ReadonlyMap<string, Cbor>).keys()]
    expect(keys).toEqual(['B', 'a', 'b', 'aa', 'z'.repeat(23), 'a'.repeat(24)])
  })
  test('U+FEFF stays at the front of a text of any length, beside anything else', () => {
    for (const length of [0, 1, 63, 64, 65, 300]) {
      const value: Cbor = [
        `\ufeff${'x'.repeat(length)}`,
        'a\ufeffb',
        -1,
        2 ** 40,
        -(2 ** 40),
        true,
        false,
        null,
        bytesOf('efbbbf'),
        new Map<string, Cbor>([
          ['k', `\ufeff\ufeff${'é'.repeat(length)}`],
          ['list', [24, 256, -70_000]],
        ]),
      ]
      expect(read(encode(value))).toStrictEqual(value)
    }
  })
  test('long items are written whole', () => {
    const value = [
      new Uint8Array(300_000).fill(7),
      'é'.repeat(70_000),
      Array.from({ length: 70_000 }, (_, i) => i),
    ]
    const bytes = encode(value)
    expect(hexOf(bytes)).toBe(hexOf(cborgEncode(value, rfc8949EncodeOptions)))
    expect(read(bytes)).toStrictEqual(value)
    expect(hexOf(encode(1))).toBe('01')
  })
})

test(`[TEST-1] [ENC-11] 20,000 random trees, seed ${SEED}: the bytes are cborg's, pass the scanner and come back`, () => {
  const random = seeded(SEED)
  const form = { controlCharacters: 'allowed' } as const
  for (let i = 0; i < 20_000; i++) {
    const tree = randomTree(random, 4, { controls: i % 2 === 0 })
    const bytes = encode(tree, form)
    if (Buffer.compare(bytes, cborgEncode(tree, rfc8949EncodeOptions)) !== 0) {
      expect.fail(`tree ${i}: ${hexOf(bytes)} is not what cborg writes`)
    }
    if (scan(bytes, form) !== null) expect.fail(`tree ${i}: ${hexOf(bytes)} does not pass the scanner`)
    // A second time from the value read: the bytes hold everything, whatever the order of the map before.
    if (Buffer.compare(encode(read(bytes), form), bytes) !== 0) {
      expect.fail(`tree ${i}: ${hexOf(bytes)} does not come back`)
    }
  }
})
