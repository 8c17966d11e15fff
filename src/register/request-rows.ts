/**
 * Where do the requests of members rest? In private rows under their handles, and in memory by code, for a code that is
 * typed is answered at once.
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b16, b32, type Field, integer, literal, optional, record, text, time } from '../core/schema.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { fits } from './texts.ts'

/** A request as it rests in the register. */
export interface Request {
  /** 16 random bytes, given out for this request alone. */
  readonly handle: Bytes
  /** Eight letters, without a dash. */
  readonly code: string
  readonly account: Bytes
  /** Null when the payer says how long it was. */
  readonly minutes: number | null
  readonly category: number
  /** Days since 1970-01-01; null when it was not said. */
  readonly day: number | null
  readonly what: string
  /** 32 bytes; with two texts that stay empty it hides the words behind their commitment. */
  readonly salts: readonly [Bytes, Bytes, Bytes]
  /** Seconds. */
  readonly created: number
  readonly expires: number
  readonly uses: number
  /** When it was taken back; null while it stands. */
  readonly withdrawn: number | null
}

const anyText: Field<string> = {
  read: (value) => (typeof value === 'string' && fits(value, LIMITS.noteBytes) ? value : undefined),
  write: (value) => value,
}

const rowField = record({
  version: literal(1),
  code: text(LIMITS.requestCodeLetters),
  account: b16,
  minutes: optional(integer(1, LIMITS.crossingMinutes)),
  category: integer(0, 999),
  day: optional(integer(0, 2 ** 24)),
  what: anyText,
  saltOfWhat: b32,
  saltOfPlace: b32,
  saltOfNote: b32,
  created: time,
  expires: time,
  uses: integer(1, LIMITS.requestUses),
  withdrawn: optional(time),
})

const PRIVATE = { controlCharacters: 'allowed' } as const
const PAGE = 512

/** All requests that are remembered, by code. */
export class Requests {
  readonly #byCode = new Map<string, Request>()

  static async open(store: Store): Promise<Requests> {
    const requests = new Requests()
    for await (const page of store.pages(privateRange('request'), PAGE)) {
      for (const [key, value] of page) {
        const request = readRow(privateIdOf('request', key), value)
        // A row of one zero byte is a request whose words are being erased.
        if (request !== null) requests.#byCode.set(request.code, request)
      }
    }
    return requests
  }

  byCode(code: string): Request | null {
    return this.#byCode.get(code) ?? null
  }

  /** Requests of one account, in the order in which they were made. */
  of(account: Bytes): Request[] {
    return [...this.#byCode.values()].filter((one) => sameBytes(one.account, account))
  }

  /** The row of a request, for a commit; from here on it is known. Called when nothing refuses any more. */
  keep(request: Request): Write {
    this.#byCode.set(request.code, request)
    const { handle, salts, ...rest } = request
    const [saltOfWhat, saltOfPlace, saltOfNote] = salts
    const row = rowField.write({ version: 1, ...rest, saltOfWhat, saltOfPlace, saltOfNote })
    return { put: privateKey('request', handle), value: encode(row, PRIVATE) }
  }

  /** Nobody asks any more who was erased. */
  forget(account: Bytes): void {
    for (const { code } of this.of(account)) this.#byCode.delete(code)
  }

  /** Forgets what ended long ago; `now` in seconds. */
  tidy(now: number): Write[] {
    const rows: Write[] = []
    for (const { code, handle, expires } of this.#byCode.values()) {
      if (expires + LIMITS.requestKeptSeconds >= now) continue
      this.#byCode.delete(code)
      rows.push({ del: privateKey('request', handle) })
    }
    return rows
  }
}

function readRow(handle: Bytes, value: Uint8Array): Request | null {
  const decoded = decode(value, PRIVATE)
  const row = decoded.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, saltOfWhat, saltOfPlace, saltOfNote, ...rest } = row
  return { handle, ...rest, salts: [saltOfWhat, saltOfPlace, saltOfNote] }
}
