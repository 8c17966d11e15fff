/**
 * What does this Node say to every Ed25519 vector? Prints one line: the version, how many cases, and a digest over
 * all verdicts, so that two Nodes can be compared by one word ([SIG-1], [SIG-2]).
 *
 *     node test/fuzz/ed25519-verdicts.ts
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { signatureShapeOk, verify, verifyingKey } from '../../src/core/ed25519.ts'
import { seeded } from '../core/trees.ts'
import { damaged } from './damage.ts'

interface Case {
  readonly key: string
  readonly message: string
  readonly signature: string
}

/** Cases made of each vector by damage, beside the vector itself. */
const DAMAGED_EACH = 8

export function readVectors<V extends Case>(): readonly V[] {
  const path = new URL('../vectors/ed25519-verdicts.json', import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { vectors: V[] }).vectors
}

/** One letter a case: k the key does not pass, s the shape of the signature does not, n no, y yes. */
export function verdictOf(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): 'k' | 's' | 'n' | 'y' {
  const known = verifyingKey(key)
  if (known === null) return 'k'
  if (verify(known, message, signature)) return 'y'
  return signatureShapeOk(signature) ? 'n' : 's'
}

/** All verdicts, as one text. */
export function allVerdicts(): string {
  const random = seeded(8_032)
  let said = ''
  for (const vector of readVectors()) {
    const [key, message, signature] = [vector.key, vector.message, vector.signature].map(
      (hex) => new Uint8Array(Buffer.from(hex, 'hex')),
    ) as [Uint8Array, Uint8Array, Uint8Array]
    said += verdictOf(key, message, signature)
    for (let i = 0; i < DAMAGED_EACH; i++) {
      const wrongKey = i % 2 === 0 ? key : damaged([key, signature], random, 64)
      said += verdictOf(wrongKey, message, damaged([signature, key], random, 128))
    }
  }
  return said
}

export function digestOf(verdicts: string): string {
  return createHash('sha256').update(verdicts).digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const verdicts = allVerdicts()
  process.stdout.write(`${process.version} ${verdicts.length} ${digestOf(verdicts)}\n`)
}
