/**
 * Which size and root did a bank sign for its log? Checkpoints of c2sp.org/tlog-checkpoint with the strict rules for
 * banks ([CKPT-3] to [CKPT-7]), and how two heads of one log relate ([FORK-3]).
 */

import { type VerifyingKey, verify } from '../core/ed25519.ts'
import { must } from '../core/fault.ts'
import { type Bytes, HASH_BYTES, parseOrigin, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { EMPTY_ROOT, verifyConsistency } from './merkle.ts'
import {
  buildNote,
  fromBase64,
  KEY_TYPE,
  keyId,
  type NoteSignature,
  parseNote,
  privateNoteOf,
  toBase64,
  utf8,
  type Verifier,
} from './note.ts'

/** What a checkpoint says: the log's origin, its size in entries and its root. */
export type HeadText = { readonly origin: string; readonly size: number; readonly root: Bytes }

/** A verified head. Its identity is (origin, size, root); `note` is one of many byte strings that carry it. */
export type Head = HeadText & { readonly note: Bytes }

/** How a head relates to one we hold. `older` and `extends` are proven by a consistency proof, never assumed. */
export type HeadRelation = 'same' | 'extends' | 'older' | 'fork' | 'unproven'

const SIZE = /^(0|[1-9][0-9]{0,15})$/
const LONGEST_ORIGIN = 64

/** The signed checkpoint of a log: three lines and the one signature of the log key, whose name is the origin. */
export function signCheckpoint(head: {
  origin: string
  size: number
  root: Bytes
  key: { readonly publicKey: Bytes; sign(message: Bytes): Bytes }
}): Bytes {
  must(parseOrigin(head.origin) !== null, 'a checkpoint is signed for the origin of a bank')
  must(Number.isSafeInteger(head.size) && head.size > 0, 'a head of size 0 is never signed')
  const text = printHeadText(head)
  const id = keyId({ name: head.origin, type: KEY_TYPE.log, key: head.key.publicKey })
  return buildNote(text, [{ name: head.origin, id, bytes: head.key.sign(text) }])
}

/**
 * The head a bank's checkpoint signs; null unless the note is well-formed, its text is exactly that of a head of this
 * origin, and the log key's signature is good. Lines of other keys are neither needed nor verified.
 */
export function openCheckpoint(note: Bytes, log: { origin: string; key: VerifyingKey }): Head | null {
  if (parseOrigin(log.origin) === null) return null
  const opened = privateNoteOf(note, [logVerifier(log)])
  const text = opened === null ? null : parseHeadText(opened.text)
  return text === null || text.origin !== log.origin ? null : { ...text, note }
}

/** The origin a note claims, unverified, to find the key to open it with; null when it is not the origin of a bank. */
export function peekOrigin(note: Bytes): string | null {
  const [origin = ''] = Buffer.from(note.subarray(0, LONGEST_ORIGIN)).toString('latin1').split('\n', 1)
  return parseOrigin(origin) === null ? null : origin
}

/**
 * The head with the one line of its log's key (32 bytes) first and at most 12 of these cosignature lines after it
 * ([CKPT-3]). Whatever other lines the head's note carries are left out.
 */
export function withCosignatures(head: Head, key: Bytes, cosignatures: readonly NoteSignature[]): Bytes {
  const id = keyId({ name: head.origin, type: KEY_TYPE.log, key })
  const parsed = parseNote(head.note)
  const own = parsed?.signatures.find((signature) => signature.name === head.origin && signature.id === id)
  must(parsed !== null && own !== undefined, 'a verified head carries the line of its log')
  const others = cosignatures.filter((signature) => signature.name !== head.origin)
  return buildNote(parsed.text, [own, ...others.slice(0, LIMITS.cosignatures)])
}

/** Same origin, size and root, whatever the notes look like. */
export function sameHead(a: HeadText, b: HeadText): boolean {
  return a.origin === b.origin && a.size === b.size && sameBytes(a.root, b.root)
}

/**
 * Relation of `next` to the head we hold of the same log ([FORK-3]). The proof runs from the smaller to the larger
 * size, null when there is none; it must come from the log itself or be built from its tiles, because a proof that
 * fails reads as a fork.
 */
export function compareHeads(held: HeadText, next: HeadText, proof: readonly Bytes[] | null): HeadRelation {
  must(held.origin === next.origin, 'heads of two logs are not compared')
  if (held.size === next.size) return sameBytes(held.root, next.root) ? 'same' : 'fork'
  if (proof === null) return 'unproven'
  const [older, newer] = held.size < next.size ? [held, next] : [next, held]
  const consistent = verifyConsistency({
    oldSize: older.size,
    oldRoot: older.root,
    newSize: newer.size,
    newRoot: newer.root,
    proof,
  })
  if (!consistent) return 'fork'
  return newer === next ? 'extends' : 'older'
}

/** The three signed lines. */
export function printHeadText(head: HeadText): Bytes {
  must(head.root.length === HASH_BYTES, 'a root has 32 bytes')
  return new Uint8Array(Buffer.from(`${head.origin}\n${head.size}\n${toBase64(head.root)}\n`, 'utf8'))
}

/** Reads exactly three lines, of any log's origin; null otherwise. Size 0 goes with the root of the empty tree only. */
export function parseHeadText(text: Bytes): HeadText | null {
  const lines = utf8(text)?.split('\n')
  if (lines?.length !== 4) return null
  const [origin = '', decimal = '', base64 = '', end] = lines
  const size = Number(decimal)
  const root = fromBase64(base64)
  if (origin === '' || end !== '' || !SIZE.test(decimal) || !Number.isSafeInteger(size)) return null
  if (root?.length !== HASH_BYTES || (size === 0 && !sameBytes(root, EMPTY_ROOT))) return null
  return { origin, size, root }
}

/** Verifier of a log's own line; the key name is the origin. */
export function logVerifier(log: { origin: string; key: VerifyingKey }): Verifier {
  return {
    name: log.origin,
    id: keyId({ name: log.origin, type: KEY_TYPE.log, key: log.key.raw }),
    verify: (text, signature) => verify(log.key, text, signature),
  }
}
