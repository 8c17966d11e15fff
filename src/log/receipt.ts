/**
 * What does the receipt look like that a member takes home? The text file c2sp.org/tlog-proof ([HTTP-2]): index,
 * inclusion proof and checkpoint of one entry. A member's own receipt carries the entry's bytes as `extra`, so that it
 * can be checked without asking anybody; a public one does not.
 */

import { must } from '../core/fault.ts'
import { type Bytes, HASH_BYTES } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import type { Artefact } from './artefact.ts'
import { fromBase64, toBase64, utf8 } from './note.ts'

/** Everything of an artefact, and its entry only where the holder may have it. */
export type Receipt = Omit<Artefact, 'entry'> & { readonly entry: Bytes | null }

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
const EXTRA = 'extra '
const INDEX = /^index (0|[1-9][0-9]{0,15})$/

/** The receipt file. */
export function printReceipt(receipt: Receipt): Bytes {
  must(Number.isSafeInteger(receipt.index) && receipt.index >= 0, 'an index is an integer from 0 to 2^53-1')
  const lines = [
    FIRST_LINE,
    ...(receipt.entry === null ? [] : [EXTRA + toBase64(receipt.entry)]),
    `index ${receipt.index}`,
    ...receipt.proof.map(toBase64),
    '',
    '',
  ]
  return new Uint8Array(Buffer.concat([Buffer.from(lines.join('\n'), 'utf8'), receipt.checkpoint]))
}

/** A receipt file taken apart, nothing verified; null when it is malformed. The checkpoint's bytes stay as they are. */
export function parseReceipt(file: Bytes): Receipt | null {
  const end = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf('\n\n')
  const lines = end < 0 ? undefined : utf8(file.subarray(0, end))?.split('\n')
  if (lines?.shift() !== FIRST_LINE) return null
  let entry: Bytes | null = null
  if (lines[0]?.startsWith(EXTRA)) {
    entry = fromBase64(lines.shift()?.slice(EXTRA.length) ?? '')
    if (entry === null || entry.length === 0 || entry.length > LIMITS.entryBytes) return null
  }
  const index = Number(INDEX.exec(lines.shift() ?? '')?.[1] ?? Number.NaN)
  const proof = lines.map(fromBase64)
  if (!Number.isSafeInteger(index) || proof.length > LIMITS.proofHashes || !proof.every(isHash)) return null
  return { entry, index, proof, checkpoint: file.slice(end + 2) }
}

function isHash(bytes: Bytes | null): bytes is Bytes {
  return bytes?.length === HASH_BYTES
}
