/**
 * Did that bank log this entry? An artefact is an entry with its index, an inclusion proof and a signed checkpoint;
 * it binds the bank at once and for good ([CKPT-8]). As bytes it is the tb-cbor array
 * [entry bytes, index, [hash, ...], checkpoint bytes].
 */

import { type Cbor, decode, encode } from '../core/codec.ts'
import type { VerifyingKey } from '../core/ed25519.ts'
import { type Bytes, HASH_BYTES } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Head, openCheckpoint } from './checkpoint.ts'
import { leafHash, verifyInclusion } from './merkle.ts'

export type Artefact = {
  readonly entry: Bytes
  readonly index: number
  /** Hashes from the leaf's sibling upwards. */
  readonly proof: readonly Bytes[]
  readonly checkpoint: Bytes
}

/** What an artefact proves. */
export type OpenedArtefact = {
  readonly entry: Bytes
  readonly index: number
  /** Leaf hash of the entry, by which references name it. */
  readonly leaf: Bytes
  readonly head: Head
}

/** tb-cbor bytes of an artefact. */
export function encodeArtefact(artefact: Artefact): Bytes {
  return encode([artefact.entry, artefact.index, artefact.proof, artefact.checkpoint])
}

/** An artefact of these shapes and bounds, nothing verified; null otherwise. */
export function decodeArtefact(bytes: Bytes): Artefact | null {
  const decoded = decode(bytes)
  if (!decoded.ok || !isArray(decoded.value) || decoded.value.length !== 4) return null
  const [entry, index, proof, checkpoint] = decoded.value
  if (!(entry instanceof Uint8Array) || entry.length === 0 || entry.length > LIMITS.entryBytes) return null
  if (typeof index !== 'number' || index < 0 || !isProof(proof) || !(checkpoint instanceof Uint8Array))
    return null
  return { entry, index, proof, checkpoint }
}

/** The entry a bank signed; null when the checkpoint is not this log's or the entry is not under it. */
export function openArtefact(
  artefact: Artefact,
  log: { origin: string; key: VerifyingKey },
): OpenedArtefact | null {
  const head = openCheckpoint(artefact.checkpoint, log)
  if (head === null) return null
  const { entry, index, proof } = artefact
  const leaf = leafHash(entry)
  const included = verifyInclusion({ leaf, index, size: head.size, proof, root: head.root })
  return included ? { entry, index, leaf, head } : null
}

function isProof(value: Cbor | undefined): value is readonly Bytes[] {
  if (!isArray(value) || value.length > LIMITS.proofHashes) return false
  return value.every((hash) => hash instanceof Uint8Array && hash.length === HASH_BYTES)
}

function isArray(value: Cbor | undefined): value is readonly Cbor[] {
  return Array.isArray(value)
}
