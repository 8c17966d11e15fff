/**
 * Are these bytes exactly one canonical `tb-cbor` item?
 *
 * The profile is RFC 8949 section 4.2.1 (core deterministic encoding) narrowed by ENC-1 to ENC-7 of
 * docs/spec/encoding.md. The scanner reads raw bytes without any library and builds no values. Every value has
 * one encoding only, so bytes that pass here are the bytes any honest writer would have made.
 */

import { LIMITS } from './limits.ts'

export type ScanClause = 'ENC-1' | 'ENC-2' | 'ENC-3' | 'ENC-4' | 'ENC-5' | 'ENC-6' | 'ENC-7'

/** The first thing that is wrong: where it is (bytes from the start), which clause it breaks, and what it is. */
export interface ScanProblem {
  readonly offset: number
  readonly clause: ScanClause
  readonly what: string
}

export interface ScanOptions {
  /** Text of entries holds no control characters; wire records and private parts may hold them ([ENC-3]). */
  readonly controlCharacters?: 'refused' | 'allowed'
  /** Bytes the whole item may have at most; without it the length is the caller's to bound ([ENC-7]). */
  readonly maxBytes?: number
}

/**
 * Null when the bytes are one canonical item and nothing else, otherwise the first problem. Without options the
 * stricter rule for the text of entries holds. Takes time linear in the bytes and never throws.
 */
export function scan(bytes: Uint8Array, options: ScanOptions = {}): ScanProblem | null {
  if (options.maxBytes !== undefined && bytes.length > options.maxBytes) {
    return { offset: options.maxBytes, clause: 'ENC-7', what: 'the item is longer than allowed' }
  }
  const scanner = new Scanner(bytes, options.controlCharacters === 'allowed')
  if (scanner.item(0) && scanner.at < bytes.length) {
    scanner.refuse(scanner.at, 'ENC-6', 'bytes follow the item')
  }
  return scanner.problem
}

const UNSIGNED = 0
const NEGATIVE = 1
const BYTE_STRING = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
const TAG = 6

/** Additional information 24 to 27 of a first byte announces 1, 2, 4 or 8 bytes of argument. */
const ONE_MORE = 24
const EIGHT_MORE = 27
const INDEFINITE = 31

/** A cursor over the bytes. Its methods answer false once a problem is noted, and nothing is read after that. */
class Scanner {
  at = 0
  problem: ScanProblem | null = null
  private readonly bytes: Uint8Array
  private readonly end: number
  private readonly controlsAllowed: boolean
  /** Argument of the head read last: a value, a length or a count. */
  private argument = 0

  constructor(bytes: Uint8Array, controlsAllowed: boolean) {
    this.bytes = bytes
    this.end = bytes.length
    this.controlsAllowed = controlsAllowed
  }

  refuse(offset: number, clause: ScanClause, what: string): false {
    this.problem = { offset, clause, what }
    return false
  }

  /** One item that lies inside `depth` arrays and maps. */
  item(depth: number): boolean {
    const start = this.at
    if (start >= this.end) return this.refuse(start, 'ENC-6', 'the bytes end where an item should begin')
    const first = this.byte(start)
    // false, true and null: the only items of major type 7, and the only ones that are whole in one byte.
    if (first >= 0xf4 && first <= 0xf6) {
      this.at = start + 1
      return true
    }
    if (first >= 0xe0)
      return this.refuse(start, 'ENC-1', 'a float, undefined, another simple value or a break')
    const major = first >> 5
    if (major === TAG) return this.refuse(start, 'ENC-1', 'a tag')
    if (!this.head(first)) return false
    const argument = this.argument
    switch (major) {
      case UNSIGNED:
        return argument <= Number.MAX_SAFE_INTEGER || this.refuse(start, 'ENC-1', 'an integer above 2^53-1')
      case NEGATIVE:
        // The value is -1 - argument, so the argument stays one below the largest safe integer.
        return argument < Number.MAX_SAFE_INTEGER || this.refuse(start, 'ENC-1', 'an integer below -(2^53-1)')
      case BYTE_STRING:
        if (argument > this.end - this.at)
          return this.refuse(start, 'ENC-6', 'a byte string runs past the end')
        this.at += argument
        return true
      case TEXT:
        if (argument > this.end - this.at) return this.refuse(start, 'ENC-6', 'a text runs past the end')
        return this.text(this.at + argument)
      case ARRAY:
        return this.array(start, argument, depth + 1)
      case MAP:
        return this.map(start, argument, depth + 1)
      default:
        return this.refuse(start, 'ENC-1', 'an unknown item')
    }
  }

  /** Bytes past the end read as 0; every caller has compared with `end` before. */
  private byte(offset: number): number {
    return this.bytes[offset] ?? 0
  }

  /** Reads the head that begins with `first`: leaves its argument in `argument` and `at` behind it. */
  private head(first: number): boolean {
    const start = this.at
    const information = first & 0x1f
    this.at = start + 1
    if (information < ONE_MORE) {
      this.argument = information
      return true
    }
    if (information > EIGHT_MORE) {
      const what = information === INDEFINITE ? 'an indefinite length' : 'a reserved head'
      return this.refuse(start, 'ENC-2', what)
    }
    const more = 1 << (information - ONE_MORE)
    if (start + more >= this.end) return this.refuse(start, 'ENC-6', 'the bytes end inside a head')
    let argument = 0
    // Beyond 2^53 the sum loses low bits but stays beyond 2^53, where integers and lengths are refused alike.
    for (let i = 1; i <= more; i++) argument = argument * 256 + this.byte(start + i)
    const least = more === 1 ? ONE_MORE : 256 ** (more / 2)
    if (argument < least) return this.refuse(start, 'ENC-2', 'a head longer than it needs to be')
    this.argument = argument
    this.at = start + 1 + more
    return true
  }

  /** `depth` counts this array ([ENC-5]); it is compared before anything inside is looked at. */
  private array(start: number, count: number, depth: number): boolean {
    if (depth > LIMITS.cborDepth) return this.refuse(start, 'ENC-5', 'nested too deeply')
    if (count > this.end - this.at)
      return this.refuse(start, 'ENC-6', 'more items are claimed than bytes are left')
    for (let i = 0; i < count; i++) if (!this.item(depth)) return false
    return true
  }

  private map(start: number, count: number, depth: number): boolean {
    if (depth > LIMITS.cborDepth) return this.refuse(start, 'ENC-5', 'nested too deeply')
    if (count * 2 > this.end - this.at)
      return this.refuse(start, 'ENC-6', 'more pairs are claimed than bytes are left')
    let previousStart = 0
    let previousEnd = 0
    for (let i = 0; i < count; i++) {
      const keyStart = this.at
      if (!this.key()) return false
      const keyEnd = this.at
      if (i > 0 && !this.sorted(previousStart, previousEnd, keyStart, keyEnd)) {
        return this.refuse(keyStart, 'ENC-4', 'map keys repeated or out of order')
      }
      previousStart = keyStart
      previousEnd = keyEnd
      if (!this.item(depth)) return false
    }
    return true
  }

  private key(): boolean {
    const start = this.at
    if (start >= this.end) return this.refuse(start, 'ENC-6', 'the bytes end where a map key should begin')
    if (this.byte(start) >> 5 !== TEXT) return this.refuse(start, 'ENC-4', 'a map key that is no text')
    if (!this.item(0)) return false
    if (this.argument === 0) return this.refuse(start, 'ENC-4', 'an empty map key')
    for (let i = this.at - this.argument; i < this.at; i++) {
      if (this.byte(i) >= 0x80) return this.refuse(i, 'ENC-4', 'a map key that is not ASCII')
    }
    return true
  }

  /** True when the first of two encoded keys comes strictly before the second, byte by byte. */
  private sorted(aStart: number, aEnd: number, bStart: number, bEnd: number): boolean {
    const shared = Math.min(aEnd - aStart, bEnd - bStart)
    for (let i = 0; i < shared; i++) {
      const difference = this.byte(aStart + i) - this.byte(bStart + i)
      if (difference !== 0) return difference < 0
    }
    // The head says the length, so one encoded key is never a proper beginning of another: these two are equal.
    return false
  }

  /** Well-formed UTF-8 from `at` to `end` (Unicode 15 table 3-7), with the rule about control characters. */
  private text(end: number): boolean {
    while (this.at < end) {
      const lead = this.byte(this.at)
      if (lead >= 0x80) {
        if (!this.sequence(lead, end)) return false
      } else {
        if ((lead < 0x20 || lead === 0x7f) && !this.controlsAllowed) {
          return this.refuse(this.at, 'ENC-3', 'a control character in text')
        }
        this.at += 1
      }
    }
    return true
  }

  /** One character of two to four bytes. The second byte's range shuts out long forms, surrogates and the rest. */
  private sequence(lead: number, end: number): boolean {
    const start = this.at
    if (lead < 0xc2 || lead > 0xf4)
      return this.refuse(start, 'ENC-3', 'a byte that begins no UTF-8 character')
    const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if (end - start < length) return this.refuse(start, 'ENC-3', 'a UTF-8 character cut short')
    const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    const second = this.byte(start + 1)
    if (second < lowest || second > highest)
      return this.refuse(start, 'ENC-3', 'text that is not well-formed UTF-8')
    for (let i = 2; i < length; i++) {
      if (this.byte(start + i) >> 6 !== 0b10)
        return this.refuse(start, 'ENC-3', 'text that is not well-formed UTF-8')
    }
    this.at = start + length
    return true
  }
}
