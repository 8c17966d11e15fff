/**
 * What do the files of an import say, before anybody looks at this bank? Both files read, their digest, the batches
 * that opening balances will be written in, and the history replayed; all of it follows from the bytes alone.
 */

import { encode } from '../../core/codec.ts'
import { sha256 } from '../../core/hash.ts'
import type { Bytes } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, type Refusal, refuse } from '../../core/refusal.ts'
import { writeColumns } from './columns.ts'
import { type ArchivedExchange, readExchangesFile } from './exchanges-file.ts'
import { type MemberRow, type Remainder, readMembersFile } from './members-file.ts'
import type { SkippedLine } from './skipped.ts'
import { type ImportFiles, readForeign, type SourceRead } from './source.ts'
import type { LeftColumn } from './table.ts'

/** Rows that are written in one commit, with one opening exchange when they have hours. */
export interface Batch {
  readonly n: number
  readonly rows: readonly MemberRow[]
}

export interface ReadFiles {
  /** SHA-256 that names both files together; it is committed with the opening balances. */
  readonly digest: Bytes
  readonly members: readonly MemberRow[]
  readonly batches: readonly Batch[]
  /** Null when there is no exchanges file. */
  readonly exchanges: readonly ArchivedExchange[] | null
  readonly skipped: readonly SkippedLine[]
  readonly left: readonly LeftColumn[]
  readonly dummyEmails: readonly number[]
  readonly remainders: readonly Remainder[]
}

/** Every refusal of the files, not the first alone, so that they can be put right in one go. */
export type FilesOutcome =
  | { readonly ok: true; readonly value: ReadFiles }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

export function readFiles(files: ImportFiles): FilesOutcome {
  const { from = 'own' } = files
  const read = from === 'own' ? readOwn(files) : allRefusals(readForeign(files, from))
  if (!read.ok) return read
  const { members, exchanges } = read.value
  return {
    ok: true,
    value: {
      digest: digestOf(files),
      members: members.rows,
      batches: batchesOf(members.rows),
      exchanges: exchanges?.rows ?? null,
      skipped: [...members.skipped, ...(exchanges?.skipped ?? [])],
      left: [...members.left, ...(exchanges?.left ?? [])],
      dummyEmails: members.dummyEmails,
      remainders: members.remainders,
    },
  }
}

function readOwn(files: ImportFiles): OfSource {
  const members = readMembersFile(files.members, files.notes ?? 'leave')
  const bytes = files.exchanges ?? null
  const exchanges = bytes === null ? accept(null) : readExchangesFile(bytes)
  const balanced = members.ok ? balance(members.value.rows) : accept(null)
  const refusals = [members, exchanges, balanced].flatMap((read) => (read.ok ? [] : [read.refusal]))
  if (!members.ok || !exchanges.ok || refusals.length > 0) return { ok: false, refusals }
  return { ok: true, value: { members: members.value, exchanges: exchanges.value } }
}

type OfSource =
  | { readonly ok: true; readonly value: SourceRead }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

function allRefusals(read: Outcome<SourceRead>): OfSource {
  return read.ok ? read : { ok: false, refusals: [read.refusal] }
}

/**
 * Of our own layout: SHA-256 of tb-cbor [1, SHA-256 of the members file, SHA-256 of the exchanges file or null]. Of any
 * other: of [2, source, these two, SHA-256 of the balances or null, what was said about columns, unit and notes].
 */
export function digestOf(files: ImportFiles): Bytes {
  const { members, exchanges, balances, from = 'own', columns, unit, notes = 'leave' } = files
  const hashOf = (bytes: Uint8Array | null | undefined): Bytes | null =>
    bytes === undefined || bytes === null ? null : sha256(bytes)
  if (from === 'own') return sha256(encode([1, sha256(members), hashOf(exchanges)]))
  const said = JSON.stringify([
    columns === undefined || columns === null ? null : writeColumns(columns),
    unit ?? null,
    notes,
  ])
  const meant = sha256(new TextEncoder().encode(said))
  return sha256(encode([2, from, sha256(members), hashOf(exchanges), hashOf(balances), meant]))
}

/** A file that names the far sides of its hours is a whole book, and a whole book sums to zero. */
function balance(rows: readonly MemberRow[]): Outcome<null> {
  if (!rows.some((row) => row.kind === 'before' || row.kind === 'neighbour')) return accept(null)
  const sumMinutes = rows.reduce((sum, row) => sum + row.balanceMinutes, 0)
  return sumMinutes === 0 ? accept(null) : refuse('file_not_balanced', { file: 'members', sumMinutes })
}

/**
 * Rows in batches of at most 99 and one sign. Of one sign, because the account `before` takes the other side of each
 * batch and a leg is never 0; and by the file alone, so that a second run finds the batches of the first.
 */
function batchesOf(rows: readonly MemberRow[]): Batch[] {
  const opened = rows.filter((row) => (row.person !== null || row.kind === 'fund') && row.status !== 'closed')
  const batches: Batch[] = []
  for (const sign of [1, -1, 0]) {
    let batch: MemberRow[] = []
    let sum = 0
    for (const row of opened.filter((one) => Math.sign(one.balanceMinutes) === sign)) {
      const over = Math.abs(sum + row.balanceMinutes) > LIMITS.exchangeMinutes
      if (batch.length === LIMITS.exchangeLegs - 1 || over) {
        batches.push({ n: batches.length, rows: batch })
        batch = []
        sum = 0
      }
      batch.push(row)
      sum += row.balanceMinutes
    }
    if (batch.length > 0) batches.push({ n: batches.length, rows: batch })
  }
  return batches
}

/** Minutes of each number by the history alone, under its capitals. */
export function replayed(exchanges: readonly ArchivedExchange[]): Map<string, number> {
  const minutes = new Map<string, number>()
  const add = (number: string, more: number): void => {
    const key = number.toUpperCase()
    minutes.set(key, (minutes.get(key) ?? 0) + more)
  }
  for (const exchange of exchanges) {
    add(exchange.provider, exchange.minutes)
    add(exchange.recipient, -exchange.minutes)
  }
  return minutes
}
