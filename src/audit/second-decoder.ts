/**
 * What do an entry's bytes say, read a second time by other means?
 *
 * The auditor does not trust the node's scanner and decoder ([ENC-13]): here cborg reads, our own rules are laid on
 * each of its tokens, and the value is written again and compared byte by byte. Both paths must accept exactly the
 * same bytes ([ENC-14]), so this file shares no code with `core/codec.ts` and `core/scan.ts`.
 */

import { decode, encode, rfc8949EncodeOptions, Token, Tokenizer, Type } from 'cborg'
import { LIMITS } from '../core/limits.ts'

/** The same shape as the node's values, declared anew so that neither path leans on the other. */
export type AuditedValue =
  | number
  | Uint8Array
  | string
  | boolean
  | null
  | readonly AuditedValue[]
  | ReadonlyMap<string, AuditedValue>

export interface AuditedForm {
  /** Entries refuse control characters in text, as does the default; wire records allow them ([ENC-3]). */
  readonly controlCharacters?: 'refused' | 'allowed'
  /** Bytes the whole item may have at most ([ENC-7]). */
  readonly maxBytes?: number
}

/**
 * The value of bytes that are exactly one canonical `tb-cbor` item; null for all other bytes. The value stands in
 * an object of its own because it may be null itself. Never throws.
 */
export function decodeIndependently(
  bytes: Uint8Array,
  form: AuditedForm = {},
): { value: AuditedValue } | null {
  if (form.maxBytes !== undefined && bytes.length > form.maxBytes) return null
  let value: AuditedValue
  let again: Uint8Array
  try {
    // A plain view, because cborg cuts a Buffer's byte strings out as Buffers that share its memory.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const tokenizer = new ProfileTokenizer(plain, form.controlCharacters !== 'allowed')
    value = decode(plain, { ...STRICT, tokenizer })
    if (!keysOk(value)) return null
    again = encode(value, rfc8949EncodeOptions)
  } catch {
    // cborg, the tokenizer below and the UTF-8 decoder all say no by throwing; none of them keeps any state.
    return null
  }
  return Buffer.compare(again, bytes) === 0 ? { value } : null
}

/** Not enough alone: it passes unsorted keys, floats and malformed text. The tokenizer and re-encoding do the rest. */
const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
  retainStringBytes: true,
}

const ALLOWED = new Set(['uint', 'negint', 'bytes', 'string', 'array', 'map', 'false', 'true', 'null'])

/** Keeps U+FEFF at the front of a text, which cborg's own reading drops, and refuses malformed UTF-8. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** cborg's tokens, one by one, with everything refused that the profile does not know ([ENC-1], [ENC-3], [ENC-5]). */
class ProfileTokenizer extends Tokenizer {
  private readonly controlsRefused: boolean
  /** Items still to come in each open array or map, outermost first. */
  private readonly open: number[] = []

  constructor(bytes: Uint8Array, controlsRefused: boolean) {
    super(bytes, STRICT)
    this.controlsRefused = controlsRefused
  }

  override next(): Token {
    const token = super.next()
    const name = token.type.name
    if (!ALLOWED.has(name)) throw new Error(`an item of type ${name}`)
    if (name === 'array') this.enter(token.value)
    else if (name === 'map') this.enter(token.value * 2)
    else this.leave()
    return name === 'string' ? this.text(token) : token
  }

  private enter(items: number): void {
    if (this.open.length >= LIMITS.cborDepth) throw new Error('nested too deeply')
    if (items === 0) this.leave()
    else this.open.push(items)
  }

  /** One item is complete, and with it perhaps the arrays and maps that end here. */
  private leave(): void {
    while (this.open.length > 0) {
      const left = (this.open.pop() as number) - 1
      if (left > 0) {
        this.open.push(left)
        return
      }
    }
  }

  private text(token: Token): Token {
    // The empty text comes from a table inside cborg and carries no bytes.
    const text = token.byteValue === undefined ? '' : UTF8.decode(token.byteValue)
    if (this.controlsRefused && holdsControlCharacter(text)) throw new Error('a control character')
    return new Token(Type.string, text, token.encodedLength)
  }
}

/** [ENC-4] but for order and repetition, which re-encoding and cborg see. */
function keysOk(value: AuditedValue): boolean {
  if (Array.isArray(value)) return value.every(keysOk)
  if (!(value instanceof Map)) return true
  for (const [key, inner] of value) {
    if (typeof key !== 'string' || !/^\p{ASCII}+$/u.test(key) || !keysOk(inner)) return false
  }
  return true
}

/** Below U+0020, or U+007F. The C1 characters from U+0080 on are none in the sense of [ENC-3]. */
function holdsControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit === 0x7f) return true
  }
  return false
}
