/** Which decoders read what another bank says of people who are about to pay, and what people type? */

import { decode, encode } from '../../../src/core/codec.ts'
import { must } from '../../../src/core/fault.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { memoCommitment } from '../../../src/core/memo.ts'
import { packedWords, packWords, unpackWords } from '../../../src/core/packed-words.ts'
import { isSoundName } from '../../../src/node/fetched.ts'
import { nameOutside, soundText } from '../../../src/register/names.ts'
import { readCode, shownCode } from '../../../src/register/request-codes.ts'
import { once, WORDS } from '../material.ts'
import { itemInputs } from '../shaped.ts'
import { textInputs } from '../shaped-text.ts'
import { bytesOf, NO, orNull, type Target, textOf } from '../target.ts'

const USUAL = { refusals: [NO], mostBytes: 20_000, mostMs: 250, inTest: 500 } as const

const packed = once(() =>
  [
    WORDS,
    { ...WORDS, texts: ['', '', ''] } as const,
    { ...WORDS, texts: ['x'.repeat(2_000), '', ''] } as const,
  ].map((words) => encode(packedWords.write(packWords(words)))),
)

/** Private words of a payment that another bank sends. */
const words: Target = {
  ...USUAL,
  name: 'packed-words',
  covers: ['core/packed-words.ts unpackWords'],
  corpus: packed,
  inputs: itemInputs(packed),
  tell(input) {
    const decoded = decode(input)
    const read = decoded.ok ? packedWords.read(decoded.value) : undefined
    const unpacked = read === undefined ? null : unpackWords(read)
    if (unpacked !== null) {
      must(memoCommitment(unpacked.texts, unpacked.salts).length === 32, 'words have a commitment')
      must(
        unpacked.texts.every((text) => text.isWellFormed()),
        'no half of a character is kept',
      )
    }
    return orNull(unpacked, (value) => encode(packedWords.write(packWords(value))))
  },
}

const CODES = ['7K3QX9M2', '7k3q-x9m2', ' 7K3Q X9M2 ', '0o1i-IlOq', '７K３Q-X９M２'].map(bytesOf)

/** A code as somebody types it, or another bank sends it. */
const code: Target = {
  ...USUAL,
  name: 'request-code',
  covers: ['register/request-codes.ts readCode'],
  corpus: () => CODES,
  inputs: textInputs(() => CODES, ['7K3Q', 'O', '0', '\u2011', '|']),
  tell(input) {
    const read = readCode(textOf(input))
    if (read !== null) {
      must(/^[2-9A-HJ-NP-Z]{8}$/.test(read), 'a code has eight of its letters')
      must(readCode(shownCode(read).toLowerCase()) === read, 'what is shown is read again')
    }
    return orNull(read)
  },
}

const NAMES = [
  'Ada Lovelace',
  'Bo',
  'María José Carreño Quiñones',
  '小林 一茶',
  'a\u0301 e\u0301',
  '<b>Bo</b> \u202eoB',
].map(bytesOf)

/** A member's name, or a sentence, as another bank reads it; what we make is always taken by others. */
const name: Target = {
  ...USUAL,
  name: 'name-outside',
  covers: [],
  corpus: () => NAMES,
  inputs: textInputs(() => NAMES, ['\u202e', '\u0000', '<script>', '\u200f', '\n', 'ﷺ']),
  tell(input) {
    const given = textOf(input).slice(0, 200)
    for (const kind of ['member', 'organisation'] as const) {
      const shown = nameOutside({ name: given, kind })
      must(isSoundName(shown), 'a name we show is sound')
      must(Buffer.byteLength(shown) <= LIMITS.nameBytes, 'a name we show fits')
    }
    const sentence = soundText(given)
    must(sentence === '' || isSoundName(sentence), 'an ask or an offer that we let outside is sound')
    return isSoundName(given) ? { accepted: nameOutside({ name: given, kind: 'member' }) } : { refused: NO }
  },
}

export const REQUESTS: readonly Target[] = [words, code, name]
