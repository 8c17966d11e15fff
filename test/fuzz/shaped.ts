/**
 * Which inputs keep the form and lie in the content? Arbitraries for fast-check: a valid input with some of its parts
 * changed, and things built from nothing; they shrink towards the valid input.
 */

import fc, { type Arbitrary } from 'fast-check'
import { HEADS, type Lax, readLax, writeLax } from './lax-cbor.ts'
import { bytesOf } from './target.ts'

/** Numbers around every bound that some field has. */
const EDGES = [0n, 1n, -1n, 23n, 24n, 255n, 256n, 65_535n, 65_536n, 16_384n, 2n ** 24n, 2n ** 31n, 2n ** 32n]
  .concat([
    2n ** 40n - 1n,
    2n ** 40n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 63n,
    2n ** 64n - 1n,
    6_000n,
    6_001n,
    999n,
  ])
  .flatMap((edge) => [edge, edge - 1n, edge + 1n, -edge, -1n - edge])
  .filter((edge) => edge >= -(2n ** 64n) && edge < 2n ** 64n)

const RAW = ['f4', 'f5', 'f6', 'f7', 'f0', 'f800', 'f820', 'f90000', 'fa00000000', 'fb0000000000000000', 'ff']
  .concat(['c000', 'd9d9f700', 'c2420100', '1c', '5c', '9e', '5f', 'fb7ff0000000000000', ''])
  .map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))

const WORDS = ['', 'a', '__proto__', 'constructor', 'toString', '\0', '\n', '\u007f', '\u0085', '\ufeffx']
  .concat([
    'e\u0301',
    '\u202e',
    '𐅑',
    'ß'.repeat(40),
    'x'.repeat(300),
    '\u2028',
    '%00',
    '../..',
    "' OR 1",
    '=1+1',
  ])
  .map(bytesOf)
  .concat([
    Uint8Array.of(0xff),
    Uint8Array.of(0xed, 0xa0, 0x80),
    Uint8Array.of(0xc0, 0x80),
    Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
  ])

const number = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }))
const head = fc.option(fc.constantFrom(...HEADS), { nil: undefined, freq: 9 })
const claims = fc.option(fc.constantFrom(1, -1, 2, 1_000, 2 ** 31, 2 ** 40), { nil: undefined, freq: 12 })
const plainLength = fc.constantFrom(0, 1, 4, 16, 20, 32, 38, 64)
const somebytes = plainLength.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))

const leaf: Arbitrary<Lax> = fc.oneof(
  fc.record({ is: fc.constant('number' as const), value: number, head }).map(tidy),
  fc.record({ is: fc.constant('bytes' as const), value: somebytes, head, claims }).map(tidy),
  fc.record({ is: fc.constant('text' as const), value: fc.constantFrom(...WORDS), head, claims }).map(tidy),
  fc.record({ is: fc.constant('raw' as const), value: fc.constantFrom(...RAW) }),
)

/** Any item at all, up to a few levels deep. */
export const anyItem: Arbitrary<Lax> = fc.letrec<{ item: Lax }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: fc
        .record({
          is: fc.constantFrom('array' as const, 'map' as const),
          items: fc.array(tie('item'), { maxLength: 5 }),
          head,
          claims,
        })
        .map(tidy),
    },
  ),
})).item

function tidy<T extends { head?: number | undefined; claims?: number | undefined }>(tree: T): Lax {
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== undefined)) as unknown as Lax
}

type Act =
  | 'item'
  | 'drop'
  | 'twice'
  | 'swap'
  | 'deeper'
  | 'head'
  | 'claims'
  | 'number'
  | 'grow'
  | 'other'
  | 'flip'
const ACTS: readonly Act[] = [
  'item',
  'drop',
  'twice',
  'swap',
  'deeper',
  'head',
  'claims',
  'number',
  'grow',
  'other',
  'flip',
]

/** One change to a tree: `at` counts its nodes in order, those inside byte strings that are items themselves too. */
export interface Edit {
  readonly at: number
  readonly act: Act
  readonly n: number
  readonly big: bigint
  readonly item: Lax
}

export const edit: Arbitrary<Edit> = fc.record({
  at: fc.nat(400),
  act: fc.constantFrom(...ACTS),
  n: fc.nat(1_000),
  big: number,
  item: fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: anyItem }),
})

export const edits: Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 3 })

/** Bytes with these changes made one after another; `others` are what an edit may put in another's place. */
export function withEdits(
  bytes: Uint8Array,
  changes: readonly Edit[],
  others: readonly Uint8Array[],
): Uint8Array {
  return changes.reduce((made, change) => withEdit(made, change, others), bytes)
}

function withEdit(bytes: Uint8Array, change: Edit, others: readonly Uint8Array[]): Uint8Array {
  const tree = readLax(bytes)
  if (tree === null) return bytes
  const count = countOf(tree)
  return writeLax(changed(tree, { left: change.at % count }, change, others))
}

function countOf(tree: Lax): number {
  if (tree.is === 'array' || tree.is === 'map') return tree.items.reduce((sum, one) => sum + countOf(one), 1)
  const inner = tree.is === 'bytes' ? innerOf(tree.value) : null
  return inner === null ? 1 : 1 + countOf(inner)
}

/** Orders, terms, intents and entries stand inside others as byte strings. */
function innerOf(bytes: Uint8Array): Lax | null {
  if (bytes.length < 8 || ((bytes[0] as number) & 0xe0) !== 0x80) return null
  return readLax(bytes)
}

function changed(tree: Lax, walk: { left: number }, change: Edit, others: readonly Uint8Array[]): Lax {
  if (walk.left-- === 0) return acted(tree, change, others)
  if (tree.is === 'array' || tree.is === 'map') {
    return {
      ...tree,
      items: tree.items.map((one) => (walk.left < 0 ? one : changed(one, walk, change, others))),
    }
  }
  const inner = tree.is === 'bytes' && walk.left >= 0 ? innerOf(tree.value) : null
  if (inner === null || tree.is !== 'bytes') return tree
  const again = changed(inner, walk, change, others)
  return walk.left < 0 ? { ...tree, value: writeLax(again) } : tree
}

function acted(tree: Lax, { act, n, big, item }: Edit, others: readonly Uint8Array[]): Lax {
  switch (act) {
    case 'item':
      return item
    case 'number':
      return tree.is === 'number'
        ? { ...tree, value: tree.value + BigInt((n % 7) - 3) }
        : { is: 'number', value: big }
    case 'deeper':
      return nested(tree, [1, 2, 10, 15, 16, 17, 400][n % 7] as number)
    case 'head':
      return tree.is === 'raw' ? item : { ...tree, head: HEADS[n % HEADS.length] as number }
    case 'other': {
      const other = readLax(others[n % others.length] as Uint8Array)
      return other === null ? item : partOf(other, n)
    }
    case 'flip':
    case 'grow':
      return tree.is === 'bytes' || tree.is === 'text'
        ? { ...tree, value: resized(tree.value, act, n) }
        : tree
    case 'claims':
      return tree.is === 'number' || tree.is === 'raw'
        ? item
        : { ...tree, claims: [1, -1, 7, 2 ** 31][n % 4] as number }
    default:
      return tree.is === 'array' || tree.is === 'map'
        ? { ...tree, items: reordered(tree.items, act, n) }
        : item
  }
}

function nested(tree: Lax, times: number): Lax {
  let made = tree
  for (let i = 0; i < times; i++) made = { is: 'array', items: [made] }
  return made
}

function partOf(tree: Lax, n: number): Lax {
  return tree.is === 'array' && tree.items.length > 0 ? (tree.items[n % tree.items.length] as Lax) : tree
}

function resized(value: Uint8Array, act: 'flip' | 'grow', n: number): Uint8Array {
  if (act === 'grow') {
    const made = new Uint8Array([0, Math.max(0, value.length - 1), value.length + 1, n * 20][n % 4] as number)
    made.set(value.subarray(0, made.length))
    return made
  }
  const made = value.slice()
  if (made.length > 0) made[n % made.length] = (made[n % made.length] as number) ^ (1 << (n % 8))
  return made
}

function reordered(items: readonly Lax[], act: 'drop' | 'twice' | 'swap', n: number): Lax[] {
  const made = [...items]
  if (made.length === 0) return made
  const at = n % made.length
  if (act === 'drop') made.splice(at, 1)
  else if (act === 'twice')
    made.splice(at, 0, ...Array.from({ length: n > 900 ? 300 : 1 }, () => made[at] as Lax))
  else made.push(...made.splice(at, 1))
  return made
}

/** tb-cbor inputs from these valid ones. */
export function itemInputs(corpus: () => readonly Uint8Array[]): () => Arbitrary<Uint8Array> {
  return () => {
    const valid = corpus()
    const near = fc
      .record({ from: fc.nat(valid.length - 1), changes: edits })
      .map(({ from, changes }) => withEdits(valid[from] as Uint8Array, changes, valid))
    return fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: anyItem.map(writeLax) })
  }
}
