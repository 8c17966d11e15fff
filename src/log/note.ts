/**
 * Who signed this text? Signed notes as c2sp.org/signed-note defines them: a text, a blank line, signature lines.
 * This file knows the format and key names, but no keys: verifiers are passed in ([CKPT-1], [CKPT-2], [CKPT-4]).
 *
 * Notes are malleable. What a note says is its text; never compare, count or index note bytes ([CKPT-6]).
 */

import { must } from '../core/fault.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, KEY_BYTES, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'

/** One signature line. `id` is the key id as 8 lower-case hex digits; `bytes` is what follows it in the line. */
export type NoteSignature = { readonly name: string; readonly id: string; readonly bytes: Bytes }

/** A note taken apart, nothing verified. `text` ends with a line feed and is what was signed. */
export type Note = { readonly text: Bytes; readonly signatures: readonly NoteSignature[] }

/** A known key: (name, id) says which lines are its own, `verify` whether such a line is good. */
export type Verifier = {
  readonly name: string
  readonly id: string
  verify(text: Bytes, signature: Bytes): boolean
}

/** Type byte of a key: 01 an Ed25519 key that signs the text, 04 a witness key that signs text and time. */
export const KEY_TYPE = { log: 1, cosignature: 4 } as const
export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE]

/** A public key with its name, as a vkey text carries it; the key is 32 bytes and not yet tested as a point. */
export type NamedKey = { readonly name: string; readonly type: KeyType; readonly key: Bytes }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const LINE_FEED = 10
const KEY_ID_BYTES = 4
const LINE_START = '\u2014 '
const CONTROL = /[^\P{Cc}\n]/u
const NOT_IN_NAMES = /[\p{White_Space}\p{Cc}+]/u
const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/

/** The note `text` with these signature lines. The text ends with a line feed. */
export function buildNote(text: Bytes, signatures: readonly NoteSignature[]): Bytes {
  must(text.at(-1) === LINE_FEED && signatures.length > 0, 'a note is a text of whole lines with a signature')
  const lines = signatures.map(printLine).join('')
  return new Uint8Array(Buffer.concat([text, Buffer.from(`\n${lines}`, 'utf8')]))
}

/** Takes a note apart at its last blank line; null when it is malformed or has more than 100 signature lines. */
export function parseNote(note: Bytes): Note | null {
  const whole = utf8(note)
  if (whole === null || CONTROL.test(whole)) return null
  const blank = Buffer.from(note.buffer, note.byteOffset, note.length).lastIndexOf('\n\n')
  if (blank < 0 || note.at(-1) !== LINE_FEED) return null
  const lines = whole.slice(whole.lastIndexOf('\n\n') + 2, -1).split('\n', LIMITS.noteSignatures + 1)
  if (lines.length > LIMITS.noteSignatures) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const signature = parseLine(line)
    if (signature === null) return null
    signatures.push(signature)
  }
  return { text: note.slice(0, blank + 1), signatures }
}

/**
 * The note with only the signatures of known keys, each verified; null when it is malformed, when any line of a known
 * key fails, or when no line is of a known key. Lines of unknown keys are ignored.
 */
export function privateNoteOf(note: Bytes, verifiers: readonly Verifier[]): Note | null {
  const parsed = parseNote(note)
  if (parsed === null) return null
  const signatures: NoteSignature[] = []
  for (const signature of parsed.signatures) {
    const known = verifiers.filter(
      (verifier) => verifier.name === signature.name && verifier.id === signature.id,
    )
    if (!known.every((verifier) => verifier.verify(parsed.text, signature.bytes))) return null
    if (known.length > 0) signatures.push(signature)
  }
  return signatures.length === 0 ? null : { text: parsed.text, signatures }
}

/** First 4 bytes of SHA-256(name, 0A, type, key), as 8 hex digits ([CKPT-2]). */
export function keyId(key: NamedKey): string {
  const digest = sha256(Buffer.from(`${key.name}\n`, 'utf8'), Uint8Array.of(key.type), key.key)
  return toHex(digest.subarray(0, KEY_ID_BYTES))
}

/** vkey text: name, key id and typed key, joined by plus signs. */
export function printVkey(key: NamedKey): string {
  must(isKeyName(key.name) && key.key.length === KEY_BYTES, 'a vkey has a key name and 32 bytes of key')
  return `${key.name}+${keyId(key)}+${toBase64(Buffer.concat([Uint8Array.of(key.type), key.key]))}`
}

/** The key of a vkey text of type 01 or 04; null for anything else, a key id that does not fit included. */
export function parseVkey(text: string): NamedKey | null {
  const match = VKEY.exec(text)
  if (match === null) return null
  const [, name = '', id, base64 = ''] = match
  const typed = fromBase64(base64)
  if (typed?.length !== 1 + KEY_BYTES || !isKeyName(name)) return null
  const type = Object.values(KEY_TYPE).find((known) => known === typed[0])
  if (type === undefined) return null
  const key = { name, type, key: typed.slice(1) }
  return keyId(key) === id ? key : null
}

/** Standard padded base64. */
export function toBase64(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

/**
 * Bytes of standard padded base64. The decoder also takes url-safe letters, missing padding, blanks and stray bits,
 * so its answer counts only if it encodes to the same text again ([CKPT-5]).
 */
export function fromBase64(text: string): Bytes | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null
}

/** The text of well-formed UTF-8; null for other bytes. A byte order mark is kept as a character. */
export function utf8(bytes: Bytes): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

function isKeyName(name: string): boolean {
  return name.length > 0 && !NOT_IN_NAMES.test(name)
}

function printLine(signature: NoteSignature): string {
  must(
    isKeyName(signature.name) && signature.bytes.length > 0,
    'a signature line has a key name and a signature',
  )
  const typed = Buffer.concat([Buffer.from(signature.id, 'hex'), signature.bytes])
  must(typed.length === KEY_ID_BYTES + signature.bytes.length, 'a key id has 8 hex digits')
  return `${LINE_START}${signature.name} ${typed.toString('base64')}\n`
}

function parseLine(line: string): NoteSignature | null {
  const [name = '', base64, ...rest] = line.startsWith(LINE_START)
    ? line.slice(LINE_START.length).split(' ')
    : []
  if (!isKeyName(name) || base64 === undefined || rest.length > 0) return null
  const typed = fromBase64(base64)
  if (typed === null || typed.length <= KEY_ID_BYTES) return null
  return { name, id: toHex(typed.subarray(0, KEY_ID_BYTES)), bytes: typed.subarray(KEY_ID_BYTES) }
}
