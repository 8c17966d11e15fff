/**
 * Who was it at the other bank? The name by which that bank answered for its member is kept beside the payment, with the
 * payer's own rows, so that a statement names people and a regular need not be looked up again ([SIGN-11], [PRIV-25]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b16, b20, literal, optional, record, text, time } from '../core/schema.ts'
import { isSoundName } from '../node/fetched.ts'
import type { Node } from '../node/node.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'

/** Somebody of another bank, as that bank named them. */
export interface Party {
  readonly bank: Bytes
  /** "Bo M." */
  readonly name: string
  /** Where hours for them were sent, and until when in seconds it is good; null for what a code asked for. */
  readonly handle: Bytes | null
  readonly expires: number
  /** Seconds of the payment. */
  readonly time: number
}

const rowField = record({
  version: literal(1),
  bank: b20,
  name: text(LIMITS.nameBytes),
  handle: optional(b16),
  expires: time,
  time,
})

/** The row that becomes durable with the payment of this id. */
export function partyRow(account: Bytes, id: Bytes, { bank, name, handle, expires, time }: Party): Write {
  const value = encode(rowField.write({ version: 1, bank, name, handle, expires, time }))
  return { put: keyOf(account, id), value }
}

/** Whom this payment of the account went to, or null when nobody said. */
export function partyOf(store: Store, account: Bytes, id: Bytes): Party | null {
  const row = store.get(keyOf(account, id))
  return row === undefined ? null : readRow(row)
}

/** People of other banks this account sent hours to, the latest first, each once. */
export async function partiesOf(node: Node, account: Bytes, most: number): Promise<readonly Party[]> {
  const all: Party[] = []
  for await (const page of node.store.pages(privateRange('party', account), PAGE))
    for (const [, row] of page) {
      const party = readRow(row)
      if (party !== null) all.push(party)
    }
  const met = new Map<string, Party>()
  for (const party of all.sort((a, b) => b.time - a.time)) {
    const key = `${toHex(party.bank)} ${party.name}`
    if (!met.has(key)) met.set(key, party)
  }
  return [...met.values()].slice(0, most)
}

const PAGE = 256

function keyOf(account: Bytes, id: Bytes): Bytes {
  return privateKey('party', new Uint8Array([...account, ...id]))
}

function readRow(row: Bytes): Party | null {
  const decoded = decode(row)
  const party = decoded.ok ? rowField.read(decoded.value) : undefined
  return party === undefined || !isSoundName(party.name) ? null : party
}
