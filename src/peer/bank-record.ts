/**
 * Who is this bank, where is it reached, and who says so? The bank's signed account of itself (docs/spec/discovery.md,
 * "The bank record"), written and checked. Nothing in it is believed before every clause of [REC-1] holds.
 *
 *     signed      = [record bytes, signature of the peer key over "commonhour.record.v1" 00, record bytes]
 *     record      = [1, bank, chain, card artefact, description, addresses, seq, expires]
 *     description = [name, cell?, languages, door, welcomes]
 */

import { type Cbor, decode, encode } from '../core/codec.ts'
import { type SigningKey, type VerifyingKey, verify, verifyingKey } from '../core/ed25519.ts'
import { type Body, decodeEntry, KINDS } from '../core/entry.ts'
import { must } from '../core/fault.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, compareBytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import {
  b20,
  bytes,
  day,
  integer,
  list,
  literal,
  optional,
  record,
  sig,
  type TypeOf,
  text,
  time,
  u,
} from '../core/schema.ts'
import { bankIdOf, recordPreimage } from '../core/sign.ts'
import { decodeArtefact, type OpenedArtefact, openArtefact } from '../log/artefact.ts'
import type { Head } from '../log/checkpoint.ts'
import { type Lineage, openOf, presentOf, readLineage } from '../log/lineage.ts'
import { peerIdOf, peerKeyOf } from './peer-id.ts'

/** Whether newcomers are welcome, by its number in a record. */
export const DOORS = ['not_said', 'open', 'closed'] as const
export type Door = (typeof DOORS)[number]

const descriptionField = record({
  name: text(LIMITS.nameBytes),
  /** Geohash of up to 5 characters, about 5 km; never a point ([DISC-1]). */
  cell: optional(text(5)),
  languages: list(text(12), 0, 8),
  door: integer(0, DOORS.length - 1),
  /** The next welcome sessions and the places left at each. */
  welcomes: list(record({ day, room: u }), 0, 3),
})
export type Description = Omit<TypeOf<typeof descriptionField>, 'door'> & { readonly door: Door }

const recordField = record({
  version: literal(1),
  bank: b20,
  /** The founding body, then the artefacts of every rotation of the log key. */
  chain: list(bytes(LIMITS.recordBytes), 1, LIMITS.identityChain),
  card: bytes(LIMITS.recordBytes),
  description: descriptionField,
  addresses: list(text(LIMITS.addressBytes), 0, LIMITS.recordAddresses),
  seq: u,
  expires: time,
})
const signedField = record({ record: bytes(LIMITS.recordBytes), signature: sig })

/** A bank record that holds. Name and door are shown only when the bank itself gave it ([REC-2]). */
export interface BankRecord {
  readonly bank: Bytes
  readonly founding: Body<'found'>
  readonly foundingBody: Bytes
  /** Epochs of its log; the key and the origin are those of the last. */
  readonly lineage: Lineage
  readonly logKey: VerifyingKey
  readonly origin: string
  /** A head of the last epoch that the bank has signed. */
  readonly head: Head
  readonly card: Body<'card'>
  /** Entry, index and the head of the card, in whatever epoch it stands. */
  readonly cardArtefact: OpenedArtefact
  /** Peer id as text, for the Transport. */
  readonly peerId: string
  readonly description: Description
  readonly addresses: readonly string[]
  readonly seq: number
  /** Seconds since 1970 UTC. */
  readonly expires: number
  /** The signed bytes, to keep and to hand on as they are. */
  readonly signed: Bytes
}

/** The record, or why the bytes are none that holds. `newer`: this program is too old to judge. */
export type ReadRecord =
  | { readonly ok: true; readonly record: BankRecord }
  | { readonly ok: false; readonly problem: string; readonly newer: boolean }

export interface RecordParts {
  readonly bank: Bytes
  readonly foundingBody: Bytes
  /** Artefacts of every change of the log key, oldest first. */
  readonly rotations?: readonly Bytes[]
  /** Artefact bytes of the newest card. */
  readonly card: Bytes
  readonly description: Description
  readonly addresses: readonly string[]
  readonly seq: number
  readonly expires: number
}

/** The signed bytes of our own record. Parts that do not fit are a bug: whoever lets them in has checked them. */
export function makeRecord(parts: RecordParts, peerKey: SigningKey): Bytes {
  const { foundingBody, rotations = [], description, ...rest } = parts
  const door = DOORS.indexOf(description.door)
  const described = descriptionField.write({ ...description, door })
  must(encode(described).length <= LIMITS.descriptionBytes, 'a description of a bank is short')
  const written = recordField.write({
    version: 1,
    chain: [foundingBody, ...rotations],
    ...rest,
    description: { ...description, door },
  })
  must(recordField.read(written) !== undefined, 'the parts of a bank record fit their fields')
  const unsigned = encode(written)
  const signed = encode([unsigned, peerKey.sign(recordPreimage(unsigned))])
  must(signed.length <= LIMITS.recordBytes, `a signed bank record has at most ${LIMITS.recordBytes} bytes`)
  return signed
}

/** Checks a record by [REC-1] and [REC-4]. `now` in seconds since 1970 UTC. */
export function readRecord(signed: Bytes, { now }: { readonly now: number }): ReadRecord {
  if (signed.length > LIMITS.recordBytes)
    return bad(`a signed record has at most ${LIMITS.recordBytes} bytes`)
  const outer = signedField.read(decodedOrNull(signed))
  if (outer === undefined) return bad('the bytes are no signed record')
  const value = decodedOrNull(outer.record)
  if (Array.isArray(value) && typeof value[0] === 'number' && value[0] > 1)
    return newer(`the record has form ${value[0]}`)
  const fields = recordField.read(value)
  if (fields === undefined) return bad('the fields of the record do not fit')
  if (encode(descriptionField.write(fields.description)).length > LIMITS.descriptionBytes) {
    return bad(`a description has at most ${LIMITS.descriptionBytes} bytes`)
  }
  if (fields.expires <= now) return bad('the record has expired')
  if (fields.expires > now + LIMITS.recordSeconds) return bad('the record expires more than seven days ahead')
  return identify(signed, outer, fields)
}

/** From the bank id over founding body, log key, card and peer key to the signature: each proves the next. */
function identify(
  signed: Bytes,
  outer: TypeOf<typeof signedField>,
  fields: TypeOf<typeof recordField>,
): ReadRecord {
  const { bank, chain, description, addresses, seq, expires } = fields
  const foundingBody = chain[0] as Bytes
  if (!sameBytes(bankIdOf(foundingBody), bank)) return bad('the founding body is not that of this bank')
  const founding = KINDS.found.body.read(decodedOrNull(foundingBody))
  if (founding === undefined) return bad('the founding body does not fit its fields')
  const read = readLineage({ bank, ...founding }, chain.slice(1))
  if (!read.ok) return bad(read.problem)
  const { lineage } = read
  const { key: logKey, origin, began } = presentOf(lineage)
  const cardArtefact = openCard(lineage, fields.card)
  if (cardArtefact === null) return bad('the card does not verify under the log key')
  const card = cardOf(cardArtefact.entry)
  if (card === null) return bad('the entry shown as card is none')
  const rawPeerKey = peerKeyOf(card.peerId)
  const peerKey = rawPeerKey === null ? null : verifyingKey(rawPeerKey)
  if (peerKey === null) return bad('the peer id of the card holds no key that may be used')
  if (!verify(peerKey, recordPreimage(outer.record), outer.signature)) {
    return bad('the record is not signed by the peer key of the card')
  }
  return {
    ok: true,
    record: {
      bank,
      founding,
      foundingBody,
      lineage,
      logKey,
      origin,
      head: began === null || cardArtefact.head.origin === origin ? cardArtefact.head : began.head,
      card,
      cardArtefact,
      addresses,
      seq,
      expires,
      signed,
      peerId: peerIdOf(peerKey.raw),
      description: { ...description, door: DOORS[description.door] as Door },
    },
  }
}

/** The card under the key of the epoch whose head proves it. */
function openCard(lineage: Lineage, bytes: Bytes): OpenedArtefact | null {
  const artefact = decodeArtefact(bytes)
  const epoch = artefact === null ? null : (openOf(lineage, artefact.checkpoint)?.epoch ?? null)
  return artefact === null || epoch === null ? null : openArtefact(artefact, epoch)
}

/** `seq` of the next record: a restored bank never falls behind itself ([REC-3]). `now` in seconds. */
export function nextSeq(last: number, now: number): number {
  return Math.max(last + 1, now)
}

/** Which of two records of one bank a reader keeps: seq, then expiry, then the smaller hash ([REC-3]). */
export function laterRecord(a: BankRecord, b: BankRecord): BankRecord {
  must(sameBytes(a.bank, b.bank), 'records of two banks are not compared')
  const order = a.seq - b.seq || a.expires - b.expires || compareBytes(sha256(b.signed), sha256(a.signed))
  return order >= 0 ? a : b
}

function cardOf(entryBytes: Bytes): Body<'card'> | null {
  const read = decodeEntry(entryBytes)
  return read.ok && read.entry.kind === 'card' ? read.entry.body : null
}

/** Undecodable bytes become null, which fits no field that is read here. */
function decodedOrNull(raw: Bytes): Cbor {
  const decoded = decode(raw)
  return decoded.ok ? decoded.value : null
}

function bad(problem: string): ReadRecord {
  return { ok: false, problem, newer: false }
}

function newer(what: string): ReadRecord {
  return { ok: false, problem: `${what}: a newer version of the program is needed`, newer: true }
}
