/**
 * What is kept of an import beside the people? Which batches are written, with the accounts and the opening record of
 * each, so that a second run passes them over and the whole list can be taken away again ([IMP-7], [IMP-12]).
 */

import { decode, encode } from '../../core/codec.ts'
import { type Bytes, HASH_BYTES } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { b16, b32, bool, integer, list, literal, optional, record, time } from '../../core/schema.ts'
import { pieceId, privateIdOf, privateKey, privateRange } from '../../store/keyspace.ts'
import type { Store, Write } from '../../store/store.ts'

const batchField = record({
  version: literal(2),
  /** Of people, in the order of the rows. */
  accounts: list(b16, 0, LIMITS.exchangeLegs),
  /** Id of the record with their opening balances; null when nobody had any. */
  opening: optional(b32),
  /** Whether the batch was taken away again; `accounts` are then those that went, and these stayed. */
  undone: bool,
  staying: list(b16, 0, LIMITS.exchangeLegs),
})
const doneField = record({ version: literal(1), time, archived: integer(0, Number.MAX_SAFE_INTEGER) })

/** One batch that is written. */
export interface WrittenBatch {
  readonly n: number
  readonly accounts: readonly Bytes[]
  readonly opening: Bytes | null
  readonly undone: boolean
  readonly staying: readonly Bytes[]
}

/** Stands once some import has given the pot its opening balance; the digest of that import. */
export const potKey: Bytes = privateKey('import', 'pot')

export function batchKey(digest: Bytes, n: number): Bytes {
  return privateKey('import', pieceId(digest, n))
}

export function doneKey(digest: Bytes): Bytes {
  return privateKey('import', digest)
}

export function batchRow(digest: Bytes, { n, ...batch }: WrittenBatch): Write {
  const row = batchField.write({ version: 2, ...batch })
  return { put: batchKey(digest, n), value: encode(row) }
}

/** `time` in seconds. */
export function doneRow(digest: Bytes, time: number, archived: number): Write {
  return { put: doneKey(digest), value: encode(doneField.write({ version: 1, time, archived })) }
}

/** The batch as it was written; null for one that is not, or that a program before this one wrote. */
export function writtenBatch(store: Store, digest: Bytes, n: number): WrittenBatch | null {
  const bytes = store.get(batchKey(digest, n))
  return bytes === undefined ? null : readBatch(n, bytes)
}

function readBatch(n: number, bytes: Uint8Array): WrittenBatch | null {
  const decoded = decode(bytes)
  const row = decoded.ok ? batchField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, ...batch } = row
  return { n, ...batch }
}

/** All batches of an import, in order; null when one of them is of a program that kept too little of it. */
export async function writtenBatches(store: Store, digest: Bytes): Promise<readonly WrittenBatch[] | null> {
  const batches: WrittenBatch[] = []
  for await (const page of store.pages(privateRange('import', digest), PAGE)) {
    for (const [key, value] of page) {
      const id = privateIdOf('import', key)
      if (id.length === HASH_BYTES) continue
      const batch = readBatch(new DataView(id.buffer, id.byteOffset).getUint32(HASH_BYTES), value)
      if (batch === null) return null
      batches.push(batch)
    }
  }
  return batches
}

const PAGE = 512

/** An import that was made, or begun. */
export interface MadeImport {
  readonly digest: Bytes
  /** Seconds; null while it is not finished. */
  readonly time: number | null
}

/** Every import that still stands, the newest first; one that a crash cut short comes before all. */
export async function madeImports(store: Store): Promise<readonly MadeImport[]> {
  const made = new Map<string, MadeImport>()
  for await (const page of store.pages(privateRange('import'), PAGE)) {
    for (const [key, value] of page) {
      const id = privateIdOf('import', key)
      if (id.length < HASH_BYTES) continue
      const digest = id.slice(0, HASH_BYTES)
      const name = Buffer.from(digest).toString('hex')
      const decoded = id.length === HASH_BYTES ? decode(value) : null
      const done = decoded?.ok ? doneField.read(decoded.value) : undefined
      if (done !== undefined || !made.has(name)) made.set(name, { digest, time: done?.time ?? null })
    }
  }
  const order = ({ time }: MadeImport): number => time ?? Number.POSITIVE_INFINITY
  return [...made.values()].sort((a, b) => (order(a) === order(b) ? 0 : order(b) - order(a)))
}
