/** Which bank do the proof tests speak of? One with a key from a fixed seed and a small log, signed at any size. */

import { signingKey, type VerifyingKey, verifyingKey } from '../../src/core/ed25519.ts'
import { originOf } from '../../src/core/ids.ts'
import type { Artefact } from '../../src/log/artefact.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { inclusionProof, leafHash, treeRoot } from '../../src/log/merkle.ts'
import { openTree } from '../../src/log/tree.ts'

export function keyOf(seed: number): {
  publicKey: Uint8Array
  sign(m: Uint8Array): Uint8Array
  open: VerifyingKey
} {
  const key = signingKey(new Uint8Array(32).fill(seed))
  const open = verifyingKey(key.publicKey)
  if (open === null) throw new Error('the key of a seed is a good key')
  return { publicKey: key.publicKey, sign: (message) => key.sign(message), open }
}

export const ORIGIN = originOf(new Uint8Array(20).fill(1), 0)
export const KEY = keyOf(1)
export const LOG = { origin: ORIGIN, key: KEY.open }

export const entries = Array.from({ length: 300 }, (_, i) => new Uint8Array(Buffer.from(`entry ${i}`)))

const tree = openTree({ size: 0, loadHash: () => new Uint8Array(), loadTile: () => undefined })
tree.append(entries.map(leafHash))
export const read = tree.read

export function checkpointAt(size: number): Uint8Array {
  return signCheckpoint({ origin: ORIGIN, size, root: treeRoot(size, read), key: KEY })
}

export function artefactOf(index: number, size: number): Artefact {
  const entry = entries[index]
  if (entry === undefined) throw new Error('the test log has 300 entries')
  return { entry, index, proof: inclusionProof(index, size, read), checkpoint: checkpointAt(size) }
}

/** A note from its text. */
export function note(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'))
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
