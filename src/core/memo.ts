/**
 * How does a log name private words without holding them? By a commitment over three salted texts (description,
 * place, note), so that one can be shown without the others, and an empty one looks like a full one ([PRIV-5]).
 */

import { hmacSha256, sha256 } from './hash.ts'
import type { Bytes } from './ids.ts'
import { memoPreimage } from './sign.ts'

/** The three texts in order: description, place, note. */
export type MemoTexts = readonly [string, string, string]
/** Three salts of 32 random bytes. */
export type MemoSalts = readonly [Bytes, Bytes, Bytes]

/** Private words: three texts with the salts that hide them. */
export interface Words {
  readonly texts: MemoTexts
  readonly salts: MemoSalts
}

/** SHA-256(label, the three HMAC-SHA-256(salt, label, field number, text)). */
export function memoCommitment(texts: MemoTexts, salts: MemoSalts): Bytes {
  const hashes = texts.map((text, i) =>
    hmacSha256(
      salts[i] as Bytes,
      memoPreimage(Uint8Array.of(i + 1), new Uint8Array(Buffer.from(text, 'utf8'))),
    ),
  )
  return sha256(memoPreimage(...hashes))
}
