/**
 * Where does a claim rest? In a private row under the number of its form, with the words of whoever made it; one zero byte in
 * its place says that it was erased.
 */

import { decode, encode } from '../core/codec.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b16, integer, literal, optional, record, type TypeOf, text, time, u } from '../core/schema.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'

/** `asked`: whoever was helped is asked. `countered`: they said another length, and the helper is asked. */
export const CLAIM_STATES = ['asked', 'countered', 'agreed', 'declined', 'withdrawn'] as const
export type ClaimState = (typeof CLAIM_STATES)[number]

export interface Claim {
  /** The nonce that its form has had since it was shown; 16 bytes. */
  readonly id: Bytes
  readonly helper: Bytes
  readonly helped: Bytes
  readonly minutes: number
  /** What the helper had said, where another length was said since. */
  readonly firstMinutes: number | null
  /** Days since 1970-01-01. */
  readonly day: number
  readonly category: number
  readonly note: string
  /** Seconds. */
  readonly made: number
  readonly state: ClaimState
  /** Index of the record it became. */
  readonly index: number | null
}

const rowField = record({
  version: literal(1),
  helper: b16,
  helped: b16,
  minutes: u,
  firstMinutes: optional(u),
  day: u,
  category: u,
  note: optional(text(LIMITS.noteBytes)),
  made: time,
  state: integer(0, CLAIM_STATES.length - 1),
  index: optional(u),
})
type Row = TypeOf<typeof rowField>
const PRIVATE = { controlCharacters: 'allowed' } as const

/** The row of a claim. */
export function claimRow({ id, state, note, ...rest }: Claim): Write {
  const row: Row = {
    version: 1,
    ...rest,
    note: note === '' ? null : note,
    state: CLAIM_STATES.indexOf(state),
  }
  return { put: privateKey('claim', id), value: encode(rowField.write(row), PRIVATE) }
}

/** The claim in a row, or null when there is none or it was erased. */
export function readClaimRow(id: Bytes, bytes: Bytes | undefined): Claim | null {
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  const row = decoded?.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, state, note, ...rest } = row
  return { id, ...rest, note: note ?? '', state: CLAIM_STATES[state] as ClaimState }
}
