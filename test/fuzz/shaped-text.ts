/** Which texts keep their form and lie in the content? A valid text with some of its words and marks changed. */

import fc, { type Arbitrary } from 'fast-check'
import { bytesOf, textOf } from './target.ts'

/** Words that have a meaning to some format or library. */
const PIECES = [
  '',
  ' ',
  '\t',
  '\r\n',
  '\n',
  '\r',
  ',',
  ';',
  '"',
  '""',
  "'",
  '=',
  '#',
  '[[',
  ']',
  '{',
  '}',
  '\\',
  '/',
  '//',
]
  .concat([
    '..',
    '%2F',
    '%00',
    '%',
    '%ff',
    '\0',
    '\ufeff',
    '\u2014 ',
    '\u2028',
    '+',
    '-',
    '-0',
    '0',
    '00',
    '1',
    '1e9',
    '0x1',
  ])
  .concat([
    'inf',
    'nan',
    '9007199254740993',
    '-99999999999999999999',
    '1979-05-27T07:32:00Z',
    'true',
    'null',
    '[]',
  ])
  .concat([
    '__proto__',
    'constructor',
    'toString',
    'é',
    'e\u0301',
    '١',
    '＝',
    '𐅑',
    '\u202e',
    'ſ',
    'İ',
    '=HYPERLINK("x")',
    "'=1",
  ])
  .concat([
    'x'.repeat(100),
    '9'.repeat(60),
    'ab,'.repeat(200),
    '"'.repeat(99),
    '['.repeat(2_000),
    'a.'.repeat(600),
  ])

/** Text inputs: a valid text with some of its pieces changed. */
export function textInputs(
  corpus: () => readonly Uint8Array[],
  more: readonly string[] = [],
): () => Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(10_000),
    act: fc.constantFrom('put', 'instead', 'drop', 'twice', 'swap', 'capital'),
    n: fc.nat(1_000),
    piece: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES, ...more) },
      { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
    ),
  })
  return () => {
    const valid = corpus().map(textOf)
    return fc
      .record({ from: fc.nat(valid.length - 1), changes: fc.array(change, { minLength: 1, maxLength: 4 }) })
      .map(({ from, changes }) => {
        let pieces = cut(valid[from] as string)
        for (const { at, act, n, piece } of changes)
          pieces = rearranged(pieces, at % (pieces.length + 1), act, n, piece)
        return bytesOf(pieces.join(''))
      })
  }
}

/** Words and what stands between them. */
function cut(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\r?\n|[^\p{L}\p{N}_]/gu) ?? []
}

function rearranged(pieces: readonly string[], at: number, act: string, n: number, piece: string): string[] {
  const made = [...pieces]
  const old = made[at] ?? ''
  if (act === 'put') made.splice(at, 0, piece)
  else if (act === 'instead') made.splice(at, 1, piece)
  else if (act === 'drop') made.splice(at, 1 + (n % 3))
  else if (act === 'twice') made.splice(at, 0, ...made.slice(at, at + 1 + (n % 12)))
  else if (act === 'swap') made.splice(n % (made.length + 1), 0, ...made.splice(at, 1))
  else made.splice(at, 1, old === old.toUpperCase() ? old.toLowerCase() : old.toUpperCase())
  return made
}

/** Inputs of a form that no shape of ours knows: short runs of bytes. */
export function plainInputs(longest: number): () => Arbitrary<Uint8Array> {
  return () => fc.uint8Array({ maxLength: longest })
}
