/** Is a bank record believed when all of it holds, and never when one clause does not? */

import { describe, expect, test } from 'vitest'
import { type Cbor, decode, encode } from '../../src/core/codec.ts'
import type { SigningKey } from '../../src/core/ed25519.ts'
import { sha256 } from '../../src/core/hash.ts'
import { compareBytes } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { bankIdOf, recordPreimage } from '../../src/core/sign.ts'
import {
  type BankRecord,
  laterRecord,
  makeRecord,
  nextSeq,
  type RecordParts,
  readRecord,
} from '../../src/peer/bank-record.ts'
import { peerIdBytesOf, peerIdOf, peerKeyOf, peerKeyOfText } from '../../src/peer/peer-id.ts'
import { DESCRIPTION, NOW, testBank } from './banks.ts'

const bank = testBank(1)
const other = testBank(2)
const at = { now: NOW }

function good(parts: Partial<RecordParts> = {}, key: SigningKey = bank.peerKey): BankRecord {
  const read = readRecord(makeRecord({ ...bank.parts, ...parts }, key), at)
  if (!read.ok) throw new Error(read.problem)
  return read.record
}

const problemOf = (signed: Uint8Array): string => {
  const read = readRecord(signed, at)
  return read.ok ? 'none' : read.problem
}

/** The record's fields as they stand, changed and signed anew: whatever the makers of records would not make. */
function forged(change: (fields: readonly Cbor[]) => readonly Cbor[]): Uint8Array {
  const outer = decode(makeRecord(bank.parts, bank.peerKey))
  const inner = decode((outer.ok ? (outer.value as readonly Cbor[])[0] : null) as Uint8Array)
  const unsigned = encode(change((inner.ok ? inner.value : []) as readonly Cbor[]))
  return encode([unsigned, bank.peerKey.sign(recordPreimage(unsigned))])
}

/** A record of a bank that was founded by these bytes. */
const founded = (body: Uint8Array): Uint8Array => forged((f) => f.with(1, bankIdOf(body)).with(2, [body]))

test('[REC-1] a record in which all holds says who the bank is and where', () => {
  const signed = makeRecord(bank.parts, bank.peerKey)
  const record = good()
  expect(record).toMatchObject({
    bank: bank.id,
    foundingBody: bank.foundingBody,
    description: DESCRIPTION,
    addresses: bank.parts.addresses,
    seq: NOW,
    expires: NOW + 86_400,
    peerId: peerIdOf(bank.peerKey.publicKey),
    signed,
  })
  expect(record.logKey.raw).toEqual(bank.logKey.publicKey)
  expect(record.founding.name).toBe('Harbour')
  expect(record.card.peerId).toEqual(peerIdBytesOf(bank.peerKey.publicKey))
  expect(record.cardArtefact.head).toMatchObject({ origin: record.origin, size: 3 })
})

describe('[REC-1] one clause that does not hold is enough', () => {
  const cases: [string, () => Uint8Array, string][] = [
    ['the id is another bank\u2019s', () => forged((f) => f.with(1, other.id)), 'not that of this bank'],
    [
      'the founding body is another bank\u2019s',
      () => forged((f) => f.with(2, [other.foundingBody])),
      'not that of this bank',
    ],
    [
      'the card stands in another bank\u2019s log',
      () => forged((f) => f.with(3, other.parts.card)),
      'under the log key',
    ],
    [
      'the card is signed by another key',
      () => makeRecord({ ...bank.parts, card: bank.artefact(bank.card(), other.logKey) }, bank.peerKey),
      'under the log key',
    ],
    ['the founding body is none', () => founded(encode(['Harbour'])), 'founding body does not fit'],
    [
      'the log key is of low order',
      () => founded(encode([new Uint8Array(32), 'Harbour', new Uint8Array(32), new Uint8Array(32), 1])),
      'log key is no key',
    ],
    ['the card is no artefact', () => forged((f) => f.with(3, encode([1]))), 'under the log key'],
    [
      'the entry is no card',
      () => {
        const entry = {
          kind: 'acct.open',
          time: NOW,
          body: { acct: new Uint8Array(16), class: 1, nonce: new Uint8Array(16) },
        } as const
        return makeRecord({ ...bank.parts, card: bank.artefact(entry) }, bank.peerKey)
      },
      'is none',
    ],
    [
      'the card names no Ed25519 peer',
      () =>
        makeRecord(
          { ...bank.parts, card: bank.artefact(bank.card({ peerId: new Uint8Array(34).fill(18) })) },
          bank.peerKey,
        ),
      'peer id of the card',
    ],
    [
      'the card names a peer key of low order',
      () => {
        const card = bank.artefact(bank.card({ peerId: peerIdBytesOf(new Uint8Array(32)) }))
        return makeRecord({ ...bank.parts, card }, bank.peerKey)
      },
      'peer id of the card',
    ],
    ['another peer has signed it', () => makeRecord(bank.parts, other.peerKey), 'not signed by the peer key'],
    ['the log key has signed it', () => makeRecord(bank.parts, bank.logKey), 'not signed by the peer key'],
    ['it has run out', () => makeRecord({ ...bank.parts, expires: NOW }, bank.peerKey), 'has expired'],
    [
      'it runs out too far ahead',
      () => makeRecord({ ...bank.parts, expires: NOW + LIMITS.recordSeconds + 1 }, bank.peerKey),
      'seven days',
    ],
    ['a field is missing', () => forged((f) => f.slice(0, -1)), 'do not fit'],
    ['a field is too many', () => forged((f) => [...f, 0]), 'do not fit'],
    ['nine addresses', () => forged((f) => f.with(5, Array(9).fill('/ip4/9.9.9.9/tcp/1'))), 'do not fit'],
    ['an address of 201 bytes', () => forged((f) => f.with(5, ['/'.repeat(201)])), 'do not fit'],
    ['no chain', () => forged((f) => f.with(2, [])), 'do not fit'],
    ['a door that is neither', () => forged((f) => f.with(4, ['Harbour', null, [], 3, []])), 'do not fit'],
    [
      'a point instead of a cell',
      () => forged((f) => f.with(4, ['Harbour', 'u33dbf', [], 0, []])),
      'do not fit',
    ],
    ['it is no array', () => encode([encode('record'), new Uint8Array(64)]), 'do not fit'],
    ['nothing at all', () => new Uint8Array(0), 'no signed record'],
    [
      'something behind it',
      () => Buffer.concat([makeRecord(bank.parts, bank.peerKey), Buffer.from([0])]),
      'no signed record',
    ],
  ]
  test.each(cases)('%s', (_, make, problem) => {
    expect(problemOf(make())).toContain(problem)
  })

  test('one byte flipped anywhere', () => {
    const signed = makeRecord(bank.parts, bank.peerKey)
    for (let i = 0; i < signed.length; i++) {
      const flipped = signed.slice()
      flipped[i] = (flipped[i] as number) ^ (1 << (i % 8))
      expect(readRecord(flipped, at).ok).toBe(false)
    }
  })

  test('the last second of a record counts, and its last second ahead', () => {
    expect(good({ expires: NOW + 1 }).expires).toBe(NOW + 1)
    expect(good({ expires: NOW + LIMITS.recordSeconds }).expires).toBe(NOW + LIMITS.recordSeconds)
  })
})

test('[REC-1] a change of the log key is proven or refused; a later form of record asks for a newer program', () => {
  const rotated = readRecord(
    forged((f) => f.with(2, [bank.foundingBody, encode([1])])),
    at,
  )
  expect(rotated).toMatchObject({
    ok: false,
    newer: false,
    problem: expect.stringContaining('cannot be read'),
  })
  const later = readRecord(
    forged((f) => f.with(0, 2)),
    at,
  )
  expect(later).toMatchObject({ ok: false, newer: true, problem: expect.stringContaining('newer version') })
})

test('[REC-3] seq never falls behind, and the later record is kept', () => {
  expect([nextSeq(0, NOW), nextSeq(NOW, NOW), nextSeq(NOW + 50, NOW)]).toEqual([NOW, NOW + 1, NOW + 51])
  const first = good()
  const bySeq = good({ seq: NOW + 1, expires: NOW + 5 })
  const byExpiry = good({ expires: NOW + 86_401 })
  const byHash = good({ addresses: [] })
  for (const [a, b] of [
    [first, bySeq],
    [first, byExpiry],
  ] as const) {
    expect(laterRecord(a, b)).toBe(b)
    expect(laterRecord(b, a)).toBe(b)
  }
  const smaller = compareBytes(sha256(first.signed), sha256(byHash.signed)) < 0 ? first : byHash
  expect(laterRecord(first, byHash)).toBe(smaller)
  expect(laterRecord(byHash, first)).toBe(smaller)
})

test('[REC-4] a description and a record have their bounds, in writing and in reading', () => {
  const long = { ...DESCRIPTION, name: 'x'.repeat(80), languages: Array(8).fill('y'.repeat(12)) }
  expect(good({ description: long }).description).toEqual(long)
  expect(() =>
    makeRecord({ ...bank.parts, description: { ...DESCRIPTION, name: 'x'.repeat(81) } }, bank.peerKey),
  ).toThrow()
  expect(() =>
    makeRecord({ ...bank.parts, card: new Uint8Array(LIMITS.recordBytes) }, bank.peerKey),
  ).toThrow()
  const huge = encode([new Uint8Array(LIMITS.recordBytes - 70), new Uint8Array(64)])
  expect(problemOf(Buffer.concat([huge, Buffer.alloc(100)]))).toContain('at most')
})

test('a peer id is the card\u2019s bytes, the network\u2019s text and the key, one for one', () => {
  const key = bank.peerKey.publicKey
  expect(peerKeyOf(peerIdBytesOf(key))).toEqual(key)
  expect(peerKeyOfText(peerIdOf(key))).toEqual(key)
  expect(peerIdOf(new Uint8Array(32))).toMatch(/^12D3Koo/)
  expect(peerIdOf(new Uint8Array(32).fill(255))).toHaveLength(52)
  for (const text of [
    '',
    '12D3Koo',
    `${peerIdOf(key)}1`,
    peerIdOf(key).slice(1),
    'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
  ]) {
    expect(peerKeyOfText(text)).toBeNull()
  }
  for (const bytes of [key, new Uint8Array(38), peerIdBytesOf(key).slice(0, 37)])
    expect(peerKeyOf(bytes)).toBeNull()
})
