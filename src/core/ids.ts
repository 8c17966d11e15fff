/**
 * What do the names of banks, accounts, lines, payments and hashes look like, as bytes and as text?
 *
 * Every id is a byte string of fixed length inside the program. Text exists at the edges only: bank ids are
 * 32 characters of lower-case base32 without padding (RFC 4648 alphabet), handles 26 of the same, all else hex.
 */

export type Bytes = Uint8Array

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

export const BANK_ID_BYTES = 20
export const ACCOUNT_ID_BYTES = 16
export const LINE_ID_BYTES = 16
export const HANDLE_BYTES = 16
export const HASH_BYTES = 32
export const KEY_BYTES = 32
export const SIGNATURE_BYTES = 64

/** Node's own hex writer, called on the bytes as they are: a Buffer around them would cost as much again. */
const hexSlice: (this: Bytes, from: number, to: number) => string = Reflect.get(Buffer.prototype, 'hexSlice')

/** Lower-case hex of any bytes. */
export function toHex(bytes: Bytes): string {
  return hexSlice.call(bytes, 0, bytes.length)
}

/** Bytes of a lower-case hex text of exactly `length` bytes, or null when the text is anything else. */
export function fromHex(text: string, length: number): Bytes | null {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/.test(text)) return null
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** RFC 4648 base32, lower case, without padding. */
export function toBase32(bytes: Bytes): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(held >>> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  if (bits > 0) text += BASE32[(held << (5 - bits)) & 31]
  return text
}

/** Bytes of a base32 text of exactly `length` bytes; null for a foreign letter, a wrong length or stray bits. */
export function fromBase32(text: string, length: number): Bytes | null {
  if (text.length !== Math.ceil((length * 8) / 5)) return null
  const bytes = new Uint8Array(length)
  let bits = 0
  let held = 0
  let at = 0
  for (const letter of text) {
    const value = BASE32.indexOf(letter)
    if (value < 0) return null
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >>> bits) & 255
    }
    held &= (1 << bits) - 1
  }
  return held === 0 ? bytes : null
}

/** Same length and same bytes. */
export function sameBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Order of two byte strings, as LevelDB and tb-cbor order them: bytewise, the shorter first when one is a prefix. */
export function compareBytes(a: Bytes, b: Bytes): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Origin of a bank's log in one epoch; it is the name of the log key as well ([LOG-1]). */
export function originOf(bank: Bytes, epoch: number): string {
  return `commonhour/${toBase32(bank)}/${epoch}`
}

const ORIGIN = /^commonhour\/([a-z2-7]{32})\/(0|[1-9][0-9]{0,5})$/

/** Bank id and epoch of an origin, or null when the text is no origin of a bank ([LOG-1]). */
export function parseOrigin(origin: string): { bank: Bytes; epoch: number } | null {
  const match = ORIGIN.exec(origin)
  const bank = match === null ? null : fromBase32(match[1] as string, BANK_ID_BYTES)
  return match === null || bank === null ? null : { bank, epoch: Number(match[2]) }
}
