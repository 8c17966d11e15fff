/**
 * How do private words travel between two banks? As bytes, because text on the wire has no control characters and a note
 * may have several lines. They go to the other party's bank and to nobody else ([PRIV-5]).
 */

import { LIMITS } from './limits.ts'
import type { Words } from './memo.ts'
import { b32, bytes, list, record, type TypeOf } from './schema.ts'

/** Three texts in UTF-8 (description, place, note) and their three salts. */
export const packedWords = record({ texts: list(bytes(LIMITS.noteBytes), 3, 3), salts: list(b32, 3, 3) })
export type PackedWords = TypeOf<typeof packedWords>

export function packWords({ texts, salts }: Words): PackedWords {
  return { texts: texts.map((text) => new Uint8Array(Buffer.from(text, 'utf8'))), salts }
}

/** The words; null when a text is not well-formed UTF-8. */
export function unpackWords({ texts, salts }: PackedWords): Words | null {
  const [description, place, note] = texts.map(textOf)
  const [first, second, third] = salts
  if (description == null || place == null || note == null) return null
  if (first === undefined || second === undefined || third === undefined) return null
  return { texts: [description, place, note], salts: [first, second, third] }
}

function textOf(raw: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    return null
  }
}
