/**
 * Which six words do two coordinators read to each other before their banks become neighbours? They are drawn from both
 * bank ids, so that they are the same on both screens, and other words mean another bank ([REC-7]).
 */

import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { Bytes } from '../core/ids.ts'
import { sixWordsHash } from '../core/sign.ts'

const WORDS = 6
const BITS_PER_WORD = 11n

/** 66 bits of the hash of both bank ids, 11 bits a word of the English BIP 39 list. */
export function sixWords(one: Bytes, other: Bytes): readonly string[] {
  const bits = BigInt(`0x${Buffer.from(sixWordsHash(one, other)).toString('hex')}`)
  return Array.from({ length: WORDS }, (_, i) => {
    const place = Number((bits >> (256n - BITS_PER_WORD * BigInt(i + 1))) & 0x7ffn)
    return wordlist[place] as string
  })
}
