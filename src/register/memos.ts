/**
 * Where do the words of an exchange rest? Texts and salts lie together in a private row under the record's id; the
 * log holds only a commitment to them, so deleting the row leaves nothing to guess ([PRIV-5], [PRIV-7]).
 */

import { decode, encode } from '../core/codec.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type MemoSalts, type MemoTexts, memoCommitment } from '../core/memo.ts'
import { b32, type Field, literal, record } from '../core/schema.ts'
import type { Random } from '../node/ports.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { fits, shownText } from './texts.ts'

/** Texts (description, place, note) and their salts. */
export interface Memo {
  readonly texts: MemoTexts
  readonly salts: MemoSalts
}

/** Text of 0 to so many bytes: here, unlike in the log, an empty text is a text. */
const anyText: Field<string> = {
  read: (value) => (typeof value === 'string' && fits(value, LIMITS.noteBytes) ? value : undefined),
  write: (value) => value,
}

const rowField = record({
  version: literal(1),
  description: anyText,
  place: anyText,
  note: anyText,
  saltOfDescription: b32,
  saltOfPlace: b32,
  saltOfNote: b32,
})

const PRIVATE = { controlCharacters: 'allowed' } as const

/** Three texts with fresh salts, empty texts included, so that having words says nothing. */
export function newMemo(texts: MemoTexts, random: Random): Memo {
  return { texts, salts: [random.bytes(32), random.bytes(32), random.bytes(32)] }
}

export function commitmentOf({ texts, salts }: Memo): Bytes {
  return memoCommitment(texts, salts)
}

/** The row that becomes durable together with the record of this id. */
export function memoRow(id: Bytes, { texts, salts }: Memo): Write {
  const row = rowField.write({
    version: 1,
    description: texts[0],
    place: texts[1],
    note: texts[2],
    saltOfDescription: salts[0],
    saltOfPlace: salts[1],
    saltOfNote: salts[2],
  })
  return { put: privateKey('memo', id), value: encode(row, PRIVATE) }
}

/** The words of a record, or null when there are none here or they were erased. */
export function readMemo(store: Store, id: Bytes): Memo | null {
  const bytes = store.get(privateKey('memo', id))
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  const row = decoded?.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  return {
    texts: [row.description, row.place, row.note],
    salts: [row.saltOfDescription, row.saltOfPlace, row.saltOfNote],
  }
}

/** What a statement or an export shows of the words: the description, else the note; null when both are empty. */
export function shownWords(memo: Memo | null): string | null {
  const text = shownText(memo === null ? '' : memo.texts[0] || memo.texts[2])
  return text === '' ? null : text
}
