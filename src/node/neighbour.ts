/**
 * What does a bank keep about another bank beside its log? Its verified record, the addresses that worked, the
 * largest head it showed, and whether it paused the line on its side. All of it can be asked for again.
 */

import { decode, encode } from '../core/codec.ts'
import type { VerifyingKey } from '../core/ed25519.ts'
import { sha256 } from '../core/hash.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { bool, bytes, list, record, text, time } from '../core/schema.ts'
import type { Head } from '../log/checkpoint.ts'
import { openCheckpoint } from '../log/checkpoint.ts'
import { parseNote } from '../log/note.ts'
import { type BankRecord, readRecord } from '../peer/bank-record.ts'
import type { Whereabouts } from '../peer/ports.ts'
import { privateKey, seenHeadKey, seenHeadRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Draft } from './commit.ts'

export interface Neighbour {
  readonly bank: Bytes
  readonly origin: string
  readonly key: VerifyingKey
  name: string
  peerId: string
  /** Addresses that worked first, then those of the record. */
  addresses: readonly string[]
  /** Signed record as it was last verified, and when (seconds). */
  record: Bytes
  verifiedAt: number
  /** The bank stopped new hours on its side of our line. */
  pausedThere: boolean
  /** Largest head it showed that verifies under its log key. */
  held: Head | null
  /** When a session with it was last up, in seconds of our log time; 0 when that is not known. */
  heardAt: number
}

const rowField = record({
  record: bytes(LIMITS.recordBytes),
  addresses: list(text(LIMITS.addressBytes), 0, LIMITS.recordAddresses),
  pausedThere: bool,
  verifiedAt: time,
})

/** A neighbour as its verified record describes it; `now` in seconds. */
export function neighbourOf(known: BankRecord, now: number): Neighbour {
  return {
    bank: known.bank,
    origin: known.origin,
    key: known.logKey,
    name: known.description.name,
    peerId: known.peerId,
    addresses: known.addresses,
    record: known.signed,
    verifiedAt: now,
    pausedThere: false,
    held: known.cardArtefact.head,
    heardAt: 0,
  }
}

/** Takes over what a newer record says; the log key and the origin stay, for they follow from the bank id. */
export function renewNeighbour(neighbour: Neighbour, known: BankRecord, now: number): void {
  neighbour.name = known.description.name
  neighbour.peerId = known.peerId
  neighbour.addresses = merged(known.addresses, neighbour.addresses)
  neighbour.record = known.signed
  neighbour.verifiedAt = now
}

/** An address that just worked goes first. */
export function addressWorked(neighbour: Neighbour, address: string): void {
  neighbour.addresses = merged([address], neighbour.addresses)
}

export function whereaboutsOf(neighbour: Neighbour): Whereabouts {
  return { peerId: neighbour.peerId, addresses: neighbour.addresses }
}

/** The row that keeps a neighbour across a restart. */
export function neighbourRow(neighbour: Neighbour): Write {
  const { record: signed, addresses, pausedThere, verifiedAt } = neighbour
  const value = encode(rowField.write({ record: signed, addresses, pausedThere, verifiedAt }))
  return { put: privateKey('neighbour', neighbour.bank), value }
}

/**
 * The neighbour in a row, its record checked again as of the day it was verified; null when the row is damaged,
 * which costs a lookup and nothing else.
 */
export function readNeighbourRow(row: Bytes): Neighbour | null {
  const decoded = decode(row)
  const fields = decoded.ok ? rowField.read(decoded.value) : undefined
  if (fields === undefined) return null
  const known = readRecord(fields.record, { now: fields.verifiedAt })
  if (!known.ok) return null
  const { addresses, pausedThere, verifiedAt } = fields
  return { ...neighbourOf(known.record, verifiedAt), addresses, pausedThere }
}

/** The row that keeps when it was last here. */
export function heardRow({ bank, heardAt }: Neighbour): Write {
  return { put: privateKey('heard', bank), value: encode(heardAt) }
}

/** When the bank was last here, in seconds; 0 when no row says so. */
export function storedHeardAt(store: Store, bank: Bytes): number {
  const row = store.get(privateKey('heard', bank))
  const decoded = row === undefined ? null : decode(row)
  const seconds = decoded?.ok ? time.read(decoded.value) : undefined
  return seconds ?? 0
}

/** The head's row; what `replaces` was proven inside the new one and may go. */
export function headRows(neighbour: Neighbour, replaces: Head | null): Write[] {
  const { held } = neighbour
  if (held === null || held.size === replaces?.size) return []
  const key = (head: Head): Bytes => seenHeadKey(originHash(neighbour.origin), head.size, head.root)
  const old: Write[] = replaces === null ? [] : [{ del: key(replaces) }]
  return [...old, { put: key(held), value: held.note }]
}

/** A head that contradicts the held one; both are kept as they are, for they are evidence. */
export function contradictingHeadRows(neighbour: Neighbour, head: Head): Write[] {
  const both = neighbour.held === null ? [head] : [neighbour.held, head]
  return both.map(({ size, root, note }) => ({
    put: seenHeadKey(originHash(neighbour.origin), size, root),
    value: note,
  }))
}

/** Largest stored head of a bank that verifies. */
export async function storedHead(
  store: Store,
  neighbour: { origin: string; key: VerifyingKey },
): Promise<Head | null> {
  const range = { ...seenHeadRange(originHash(neighbour.origin)), order: 'descending' as const }
  for await (const page of store.pages(range, 16)) {
    for (const [, note] of page) {
      const head = openCheckpoint(note, neighbour)
      if (head !== null) return head
    }
  }
  return null
}

/** The entry that quotes the largest head we hold of a neighbour, with its own signature; null when we hold none. */
export function seenDraft(neighbour: Neighbour): Draft | null {
  const { held, bank, origin } = neighbour
  if (held === null) return null
  const line = parseNote(held.note)?.signatures.find((one) => one.name === origin)
  if (line === undefined) return null
  return { kind: 'seen', body: { bank, epoch: 0, size: held.size, root: held.root, signature: line.bytes } }
}

export function originHash(origin: string): Bytes {
  return sha256(new Uint8Array(Buffer.from(origin, 'utf8')))
}

function merged(first: readonly string[], then: readonly string[]): string[] {
  return [...new Set([...first, ...then])].slice(0, LIMITS.recordAddresses)
}
