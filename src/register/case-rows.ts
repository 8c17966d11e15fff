/**
 * Where do cases rest? In one private row each, under the id of the record or payment that somebody calls wrong; rows of
 * older programs, which knew records alone, are read as they are ([DESK-8]).
 */

import { decode, encode } from '../core/codec.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b16, b32, integer, list, literal, optional, record, text, time, u } from '../core/schema.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'

/** What is said to be wrong. */
export const CASE_WHATS = ['length', 'not_me', 'did_not_happen', 'something_else'] as const
export type CaseWhat = (typeof CASE_WHATS)[number]
/** `stands`: it was right. `corrected`: it was taken back or replaced. `withdrawn`: whoever said so thought again. */
export const CASE_STATES = ['open', 'stands', 'corrected', 'withdrawn'] as const
export type CaseState = (typeof CASE_STATES)[number]
/** `record`: help inside this bank. `payment`: hours that moved between two banks. */
export const CASE_ABOUTS = ['record', 'payment'] as const
export type CaseAbout = (typeof CASE_ABOUTS)[number]
/** Who noticed: a member of this bank, or the desk of the other one, by its code. */
export const CASE_SOURCES = ['member', 'neighbour'] as const
export type CaseSource = (typeof CASE_SOURCES)[number]

export interface Case {
  /** Id of the record or payment it is about, 32 bytes: one case for each. */
  readonly record: Bytes
  readonly about: CaseAbout
  /** Index of the record, or of the entry that answered for the payment. */
  readonly index: number
  /** Account of whoever says so; of a payment always our member in it, whoever spoke for them. */
  readonly by: Bytes
  readonly from: CaseSource
  readonly what: CaseWhat
  readonly words: string
  /** Seconds. */
  readonly opened: number
  readonly due: number
  readonly state: CaseState
  /** What the desk wrote when it ended. */
  readonly answer: string
  /** Handles of the requests by which this bank asked for the hours of a payment back, the newest last. */
  readonly asked: readonly Bytes[]
  /** Id of the payment that took the hours back, or is about to. */
  readonly back: Bytes | null
}

const first = {
  index: u,
  by: b16,
  what: integer(0, CASE_WHATS.length - 1),
  words: optional(text(LIMITS.noteBytes)),
  opened: time,
  due: time,
  state: integer(0, CASE_STATES.length - 1),
  answer: optional(text(LIMITS.noteBytes)),
}
/** Rows of programs that knew records alone. */
const firstField = record({ version: literal(1), ...first })
const rowField = record({
  version: literal(2),
  ...first,
  about: integer(0, CASE_ABOUTS.length - 1),
  from: integer(0, CASE_SOURCES.length - 1),
  asked: list(b16, 0, LIMITS.caseRequests),
  back: optional(b32),
})

const PRIVATE = { controlCharacters: 'allowed' } as const

/** The row of this case, for a commit. */
export function caseRow({ record: id, ...one }: Case): Write {
  const { about, from, what, words, state, answer, ...rest } = one
  const row = rowField.write({
    version: 2,
    ...rest,
    about: CASE_ABOUTS.indexOf(about),
    from: CASE_SOURCES.indexOf(from),
    what: CASE_WHATS.indexOf(what),
    words: words === '' ? null : words,
    state: CASE_STATES.indexOf(state),
    answer: answer === '' ? null : answer,
  })
  return { put: privateKey('case', id), value: encode(row, PRIVATE) }
}

/** The case behind a row; null for none, and for one that was erased. */
export function readCaseRow(id: Bytes, bytes: Bytes | undefined): Case | null {
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  if (!decoded?.ok) return null
  const newer = rowField.read(decoded.value)
  const row = newer ?? firstField.read(decoded.value)
  if (row === undefined) return null
  return {
    record: id,
    about: CASE_ABOUTS[newer?.about ?? 0] as CaseAbout,
    index: row.index,
    by: row.by,
    from: CASE_SOURCES[newer?.from ?? 0] as CaseSource,
    what: CASE_WHATS[row.what] as CaseWhat,
    words: row.words ?? '',
    opened: row.opened,
    due: row.due,
    state: CASE_STATES[row.state] as CaseState,
    answer: row.answer ?? '',
    asked: newer?.asked ?? [],
    back: newer?.back ?? null,
  }
}
