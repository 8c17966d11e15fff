/**
 * How do values become `tb-cbor` bytes, and bytes values?
 *
 * This is the only file that touches cbor-x. Its encoder is kept from writing anything outside the profile by a
 * closed set of inputs before it and by the scanner behind it; its decoder never sees bytes that were not scanned.
 */

// The entry point without native string reading: one path on every machine, and for our short items no slower.
import { Encoder } from 'cbor-x/encode'
import { must } from './fault.ts'
import { LIMITS } from './limits.ts'
import { type ScanOptions, type ScanProblem, scan } from './scan.ts'

/** Everything the profile can say. Numbers are integers from -(2^53-1) to 2^53-1 ([ENC-1]). */
export type Cbor = number | Uint8Array | string | boolean | null | readonly Cbor[] | ReadonlyMap<string, Cbor>

export type Decoded =
  | { readonly ok: true; readonly value: Cbor }
  | { readonly ok: false; readonly problem: ScanProblem }

/**
 * The canonical bytes of a value, in memory of their own. Maps may come in any order. Text must be in NFC already;
 * nothing here changes it. Throws when the value lies outside the profile or breaks `options` (as for `scan`):
 * whoever builds a value answers for it.
 */
export function encode(value: Cbor, options: ScanOptions = {}): Uint8Array {
  // cbor-x hands out views of a pool it goes on writing to, so the bytes are copied before anything else happens.
  const bytes = new Uint8Array(codec.encode(handOver(value, 0)))
  const problem = scan(bytes, options)
  if (problem !== null)
    must(false, `${problem.clause} in what we encoded, at ${problem.offset}: ${problem.what}`)
  return bytes
}

/**
 * The value of bytes that `scan` passes, otherwise what is wrong with them. Byte strings are copies, maps are
 * `Map`s in the order of their keys, and -0 does not occur.
 */
export function decode(bytes: Uint8Array, options: ScanOptions = {}): Decoded {
  const problem = scan(bytes, options)
  if (problem !== null) return { ok: false, problem }
  // A fresh view, because cbor-x hangs a property on the array it reads, and makes a Buffer's parts Buffers.
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { ok: true, value: holdsMark(view) ? new MarkKeepingReader(view).item() : codec.decode(view) }
}

/** The one encoder and decoder, set up by [ENC-9]. Every option here averts one deviation from the profile. */
const codec = new Encoder({
  useRecords: false,
  variableMapSize: true,
  tagUint8Array: false,
  useTag259ForMaps: false,
  mapsAsObjects: false,
  int64AsNumber: true,
  copyBuffers: true,
} as ConstructorParameters<typeof Encoder>[0])

const LOWEST_NUMBER = -(2 ** 32)
const HIGHEST_NUMBER = 2 ** 32 - 1

/**
 * The value as cbor-x must get it: a copy whose integers are numbers inside 32 bits and bigints outside
 * ([ENC-10]), because it writes other numbers as floats and other bigints in nine bytes.
 */
function handOver(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'number':
      must(Number.isSafeInteger(value), 'only safe integers are encoded')
      return value >= LOWEST_NUMBER && value <= HIGHEST_NUMBER ? value : BigInt(value)
    case 'string':
      must(value.isWellFormed(), 'text with a lone surrogate is not encoded')
      return value
    case 'boolean':
      return value
    case 'object':
      if (value === null || value instanceof Uint8Array) return value
      must(depth < LIMITS.cborDepth, 'a value nested too deeply is not encoded')
      if (Array.isArray(value)) return handOverArray(value, depth + 1)
      must(value instanceof Map, 'of objects only arrays, byte strings and maps are encoded')
      return handOverMap(value, depth + 1)
    default:
      must(false, `a value of type ${typeof value} is not encoded`)
  }
}

function handOverArray(array: readonly unknown[], depth: number): unknown[] {
  const copy = new Array<unknown>(array.length)
  for (let i = 0; i < array.length; i++) copy[i] = handOver(array[i], depth)
  return copy
}

/** Sorted by encoded bytes ([ENC-4]): for ASCII keys the shorter comes first, then the lower letters. */
function handOverMap(map: ReadonlyMap<unknown, unknown>, depth: number): Map<string, unknown> {
  const pairs: [string, unknown][] = []
  for (const [key, value] of map) {
    must(typeof key === 'string' && /^\p{ASCII}+$/u.test(key), 'a map key is non-empty ASCII text')
    pairs.push([key, handOver(value, depth)])
  }
  pairs.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
  return new Map(pairs)
}

/** U+FEFF in UTF-8. cbor-x drops it from the front of a long text, as if it were a byte order mark. */
const MARK = new Uint8Array([0xef, 0xbb, 0xbf])

function holdsMark(bytes: Uint8Array): boolean {
  return Buffer.prototype.indexOf.call(bytes, MARK) >= 0
}

const KEEPING_MARKS = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the few items that hold U+FEFF, so that text is never shortened. Expects bytes the scanner has passed. */
class MarkKeepingReader {
  private at = 0
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  item(): Cbor {
    const first = this.bytes[this.at++] as number
    if (first === 0xf6) return null
    if (first === 0xf4 || first === 0xf5) return first === 0xf5
    const argument = this.argument(first & 0x1f)
    switch (first >> 5) {
      case 0:
        return argument
      case 1:
        return -1 - argument
      case 2:
        return this.take(argument).slice()
      case 3:
        return KEEPING_MARKS.decode(this.take(argument))
      case 4:
        return Array.from({ length: argument }, () => this.item())
      default:
        return new Map(Array.from({ length: argument }, () => [this.item() as string, this.item()]))
    }
  }

  private argument(information: number): number {
    if (information < 24) return information
    let argument = 0
    for (const byte of this.take(1 << (information - 24))) argument = argument * 256 + byte
    return argument
  }

  private take(length: number): Uint8Array {
    const start = this.at
    this.at += length
    return this.bytes.subarray(start, this.at)
  }
}
