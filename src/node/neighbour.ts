/**
 * What does a bank keep about another bank beside its log? Its verified record, the addresses that worked, the
 * largest head it showed, and whether it paused the line on its side. All of it can be asked for again.
 */

import { decode, encode } from '../core/codec.ts'
import type { VerifyingKey } from '../core/ed25519.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, parseOrigin } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { bool, bytes, list, record, text, time } from '../core/schema.ts'
import { type Head, openCheckpoint, sameHead } from '../log/checkpoint.ts'
import { type Founded, type Lineage, laterLineage, presentOf, readLineage } from '../log/lineage.ts'
import { parseNote } from '../log/note.ts'
import { type BankRecord, readRecord } from '../peer/bank-record.ts'
import type { Whereabouts } from '../peer/ports.ts'
import { privateKey, seenHeadKey, seenHeadRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Draft } from './commit.ts'

export interface Neighbour {
  readonly bank: Bytes
  /** Epochs of its log as far as they were proven to us, and what its founding entry says. */
  readonly founded: Founded
  lineage: Lineage
  /** Origin and log key of the newest of them. */
  origin: string
  key: VerifyingKey
  name: string
  /** Where its pages are, as its card says; null when it has none for the public. */
  publicUrl: string | null
  peerId: string
  /** Addresses that worked first, then those of the record. */
  addresses: readonly string[]
  /** Signed record as it was last verified, and when (seconds). */
  record: Bytes
  verifiedAt: number
  /** The bank stopped new hours on its side of our line. */
  pausedThere: boolean
  /**
   * Largest head it showed that verifies under its log key. While it is of an epoch that is over, nothing proves yet that
   * the next one goes on from it.
   */
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

const chainField = list(bytes(LIMITS.recordBytes), 1, LIMITS.identityChain)

/** A neighbour as its verified record describes it; `now` in seconds. */
export function neighbourOf(known: BankRecord, now: number): Neighbour {
  return {
    bank: known.bank,
    founded: { bank: known.bank, ...known.founding },
    lineage: known.lineage,
    origin: known.origin,
    key: known.logKey,
    name: known.description.name,
    publicUrl: known.card.publicUrl,
    peerId: known.peerId,
    addresses: known.addresses,
    record: known.signed,
    verifiedAt: now,
    pausedThere: false,
    held: known.head,
    heardAt: 0,
  }
}

/** Takes over what a newer record says; a new log key only by the artefacts of its change. */
export function renewNeighbour(neighbour: Neighbour, known: BankRecord, now: number): void {
  learnLineage(neighbour, known.lineage)
  neighbour.name = known.description.name
  neighbour.publicUrl = known.card.publicUrl
  neighbour.peerId = known.peerId
  neighbour.addresses = merged(known.addresses, neighbour.addresses)
  neighbour.record = known.signed
  neighbour.verifiedAt = now
}

/** Takes over a lineage that goes on from the one we know, or outranks it. */
export function learnLineage(neighbour: Neighbour, shown: Lineage): void {
  neighbour.lineage = laterLineage(neighbour.lineage, shown)
  const { origin, key } = presentOf(neighbour.lineage)
  neighbour.origin = origin
  neighbour.key = key
}

/** The row that keeps the epochs of its log across a restart, once we have taken them over. */
export function lineageRow({ bank, lineage }: Neighbour): Write {
  return { put: privateKey('lineage', bank), value: encode(lineage.chain) }
}

/** Takes over the epochs in that row. A damaged one costs a session in which they are learned again. */
export function readLineageRow(neighbour: Neighbour, row: Bytes | undefined): void {
  const decoded = row === undefined ? null : decode(row)
  const chain = decoded?.ok ? chainField.read(decoded.value) : undefined
  const read = chain === undefined ? null : readLineage(neighbour.founded, chain)
  if (read?.ok) learnLineage(neighbour, read.lineage)
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
  if (held === null || (replaces !== null && sameHead(held, replaces))) return []
  const key = (head: Head): Bytes => seenHeadKey(originHash(head.origin), head.size, head.root)
  // The last head of an epoch that is over is contained in no later one.
  const old: Write[] = replaces?.origin !== held.origin ? [] : [{ del: key(replaces) }]
  return [...old, { put: key(held), value: held.note }]
}

/** A head that contradicts the held one; both are kept as they are, for they are evidence. */
export function contradictingHeadRows(neighbour: Neighbour, head: Head): Write[] {
  const both = neighbour.held === null ? [head] : [neighbour.held, head]
  return both.map(({ origin, size, root, note }) => ({
    put: seenHeadKey(originHash(origin), size, root),
    value: note,
  }))
}

/** Largest stored head of a bank that verifies, of the newest epoch of which there is one. */
export async function storedHead(store: Store, lineage: Lineage): Promise<Head | null> {
  for (const epoch of lineage.epochs.toReversed()) {
    const range = { ...seenHeadRange(originHash(epoch.origin)), order: 'descending' as const }
    for await (const page of store.pages(range, 16)) {
      for (const [, note] of page) {
        const head = openCheckpoint(note, epoch)
        if (head !== null) return head
      }
    }
  }
  return null
}

/** The entry that quotes the largest head we hold of a neighbour, with its own signature; null when we hold none. */
export function seenDraft({ held, bank }: Neighbour): Draft | null {
  const epoch = held === null ? undefined : parseOrigin(held.origin)?.epoch
  if (held === null || epoch === undefined) return null
  const line = parseNote(held.note)?.signatures.find((one) => one.name === held.origin)
  if (line === undefined) return null
  return { kind: 'seen', body: { bank, epoch, size: held.size, root: held.root, signature: line.bytes } }
}

export function originHash(origin: string): Bytes {
  return sha256(new Uint8Array(Buffer.from(origin, 'utf8')))
}

function merged(first: readonly string[], then: readonly string[]): string[] {
  return [...new Set([...first, ...then])].slice(0, LIMITS.recordAddresses)
}
