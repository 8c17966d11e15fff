import { wordlist } from '@scure/bip39/wordlists/english.js'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { sixWords } from '../../src/words/six-words.ts'

const one = new Uint8Array(20).fill(1)
const other = new Uint8Array(20).fill(2)

describe('[REC-7] the six words of two banks', () => {
  test('are the same on both screens, and others for any other bank', () => {
    expect(sixWords(one, other)).toEqual(sixWords(other, one))
    const third = Uint8Array.from(other, (byte, i) => (i === 19 ? byte ^ 1 : byte))
    expect(sixWords(one, third)).not.toEqual(sixWords(one, other))
  })

  test('are the first 66 bits of the hash of both ids, the lower one first', () => {
    const hash = sha256(Buffer.concat([Buffer.from('commonhour.words.v1\0', 'ascii'), one, other]))
    const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    const places = [0, 11, 22, 33, 44, 55].map((at) => Number.parseInt(bits.slice(at, at + 11), 2))
    expect(sixWords(other, one)).toEqual(places.map((place) => wordlist[place]))
  })
})
