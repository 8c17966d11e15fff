/**
 * Which bytes are ever hashed under a label or signed? All of them are listed here, and nothing else builds bytes
 * for a signature. A label is ASCII followed by one zero byte; a checkpoint text holds no zero byte, so no label
 * can be mistaken for one ([LOG-2]).
 */

import { labelled as joined, labelledHash, sha256 } from './hash.ts'
import { BANK_ID_BYTES, type Bytes, compareBytes, LINE_ID_BYTES } from './ids.ts'

const LABELS = {
  order: 'commonhour.order.v1',
  attempt: 'commonhour.attempt.v1',
  exchange: 'commonhour.exchange.v1',
  device: 'commonhour.device.v1',
  memo: 'commonhour.memo.v1',
  bundle: 'commonhour.bundle.v1',
  recovery: 'commonhour.recovery.v1',
  rotate: 'commonhour.rotate.v1',
  record: 'commonhour.record.v1',
  findBank: 'commonhour.find.bank.v1',
  words: 'commonhour.words.v1',
} as const

/** The bytes label, zero, parts. */
export function labelled(label: keyof typeof LABELS, ...parts: readonly Bytes[]): Bytes {
  return joined(LABELS[label], parts)
}

/** Bank id: first 20 bytes of SHA-256 of the founding entry's body bytes. */
export function bankIdOf(foundingBody: Bytes): Bytes {
  return sha256(foundingBody).slice(0, BANK_ID_BYTES)
}

/** Line id: first 16 bytes of SHA-256 of the terms. */
export function lineIdOf(terms: Bytes): Bytes {
  return sha256(terms).slice(0, LINE_ID_BYTES)
}

/** Payment id of order bytes; a device signs `orderPreimage` of the same bytes ([LOG-6]). */
export function paymentIdOf(order: Bytes): Bytes {
  return labelledHash(LABELS.order, order)
}

/** What a device signs when it pays. */
export function orderPreimage(order: Bytes): Bytes {
  return labelled('order', order)
}

/** Exchange id of intent bytes ([LOG-6]). */
export function exchangeIdOf(intent: Bytes): Bytes {
  return labelledHash(LABELS.exchange, intent)
}

/** What a device signs when it agrees to an exchange inside its bank. */
export function exchangePreimage(intent: Bytes): Bytes {
  return labelled('exchange', intent)
}

/** What a device signs when it is registered. */
export function devicePreimage(parts: { bank: Bytes; acct: Bytes; device: Bytes; key: Bytes }): Bytes {
  return labelled('device', parts.bank, parts.acct, parts.device, parts.key)
}

/** Id of one attempt; `described` is tb-cbor [id, [[bank]] the paths, nonce]. */
export function attemptIdOf(described: Bytes): Bytes {
  return labelledHash(LABELS.attempt, described)
}

/** Bundle of a commit; `leaves` is the tb-cbor list of the leaf hashes it rests on. */
export function bundleOf(leaves: Bytes): Bytes {
  return labelledHash(LABELS.bundle, leaves)
}

/** Hash of the recovery key that a founding entry commits to. */
export function recoveryHashOf(recoveryKey: Bytes): Bytes {
  return labelledHash(LABELS.recovery, recoveryKey)
}

/** What a recovery key signs; `statement` as `rotationStatement` gives it. */
export function rotatePreimage(statement: Bytes): Bytes {
  return labelled('rotate', statement)
}

/** What a peer key signs over the bytes of a bank record. */
export function recordPreimage(recordBytes: Bytes): Bytes {
  return labelled('record', recordBytes)
}

/** The key's preimage under which a bank is found in the DHT. */
export function findBankPreimage(bank: Bytes): Bytes {
  return labelled('findBank', bank)
}

/** What the six words that two banks read to each other are drawn from; the ids in the order of their bytes ([REC-7]). */
export function sixWordsHash(one: Bytes, other: Bytes): Bytes {
  const [lower, higher] = compareBytes(one, other) < 0 ? [one, other] : [other, one]
  return labelledHash(LABELS.words, lower, higher)
}

/** Preimage prefix of the commitment to private texts (core/memo.ts). */
export const memoPreimage = (...parts: readonly Bytes[]): Bytes => labelled('memo', ...parts)

/** HKDF info of one of the secrets of the recovery sheet. */
export const recoveryInfo = (purpose: 'rotate' | 'open' | 'fetch'): Bytes =>
  labelled('recovery', new Uint8Array(Buffer.from(purpose, 'ascii')))
