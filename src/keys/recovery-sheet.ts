/**
 * What is written on the recovery sheet, and what follows from it? 24 words for 32 random bytes (BIP 39, English
 * list), from which HKDF-SHA-256 (RFC 5869) draws the recovery key. The machine keeps its hash alone ([KEY-2]).
 */

import { hkdfSync } from 'node:crypto'
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { type SigningKey, signingKey } from '../core/ed25519.ts'
import { must } from '../core/fault.ts'
import { type Bytes, KEY_BYTES } from '../core/ids.ts'
import { recoveryInfo } from '../core/sign.ts'

const SHEET_BYTES = 32

/** The 24 words for 32 random bytes. */
export function sheetWords(entropy: Bytes): readonly string[] {
  must(entropy.length === SHEET_BYTES, 'a recovery sheet is made of 32 random bytes')
  return entropyToMnemonic(entropy, wordlist).split(' ')
}

/** The 32 bytes behind 24 words in whatever spacing and capitals; null when they are no sheet's words in their order. */
export function readSheet(text: string): Bytes | null {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  try {
    const entropy = mnemonicToEntropy(words.join(' '), wordlist)
    return entropy.length === SHEET_BYTES ? new Uint8Array(entropy) : null
  } catch {
    // A word that is none, a wrong number of them, or a checksum that does not fit: in each case it is no sheet.
    return null
  }
}

/** The recovery key of a sheet. */
export function recoveryKey(entropy: Bytes): SigningKey {
  const seed = hkdfSync('sha256', entropy, new Uint8Array(0), recoveryInfo('rotate'), KEY_BYTES)
  return signingKey(new Uint8Array(seed))
}
