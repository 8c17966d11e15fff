/**
 * How much may come from one place in a while? So many at once, and after that one more each so many seconds. Whoever
 * knocks at many doors a little is counted here, where no single door notices ([SIGN-12]); a restart forgets nothing.
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, HASH_BYTES, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, type RefusalCode, refuse } from '../core/refusal.ts'
import { record, time } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'

/** A place, how much it may send, and what somebody there is told once it is too much. */
export interface Rate {
  /** Kept as its hash alone. */
  readonly name: string
  readonly atOnce: number
  /** For each one more. */
  readonly seconds: number
  readonly refusal: RefusalCode
}

/** `free`: from when on nothing of this place counts any more, in seconds. */
const rowField = record({ free: time })
const PAGE = 256

export class Rates {
  /** By the hash of the place, the longest unheard first: what is on the disk, and what is on its way there. */
  readonly #free = new Map<string, number>()

  /** With what was counted before a restart. */
  static async open(node: Node): Promise<Rates> {
    const rates = new Rates()
    const kept: [string, number][] = []
    for await (const page of node.store.pages(privateRange('rate'), PAGE)) {
      for (const [key, value] of page) {
        const decoded = decode(value)
        const row = decoded.ok ? rowField.read(decoded.value) : undefined
        kept.push([toHex(privateIdOf('rate', key)), row?.free ?? 0])
      }
    }
    for (const [place, free] of kept.sort((a, b) => a[1] - b[1])) rates.#free.set(place, free)
    return rates
  }

  /** Counts one at all of these places, or at none; for the decision of a commit, with its rows. Refuses as the first says. */
  take(places: readonly Rate[], now: number): Outcome<Write[]> {
    for (const { name, atOnce, seconds, refusal } of places) {
      const waitSeconds = this.#from(name, now) + seconds - now - atOnce * seconds
      if (waitSeconds > 0) return refuse(refusal, { waitSeconds })
    }
    const rows = places.map(({ name, seconds }) => this.#keep(name, this.#from(name, now) + seconds))
    return accept([...rows, ...this.forgotten(now)])
  }

  /** The rows that take one back, which was no harm after all. */
  giveBack(places: readonly Rate[]): Write[] {
    return places.map(({ name, seconds }) => this.#keep(name, (this.#free.get(placeOf(name)) ?? 0) - seconds))
  }

  /** The rows of places that count no more, and of those beyond the bound; each is told once. */
  forgotten(now: number): Write[] {
    const over: string[] = []
    for (const [place, free] of this.#free) {
      const isTooMany = this.#free.size - over.length > LIMITS.placesCounted
      if (free <= now || isTooMany) over.push(place)
    }
    for (const place of over) this.#free.delete(place)
    return over.map((place) => ({ del: keyOf(place) }))
  }

  #from(name: string, now: number): number {
    return Math.max(now, this.#free.get(placeOf(name)) ?? 0)
  }

  #keep(name: string, free: number): Write {
    const place = placeOf(name)
    this.#free.delete(place)
    this.#free.set(place, Math.max(0, free))
    return { put: keyOf(place), value: encode(rowField.write({ free: Math.max(0, free) })) }
  }
}

/** A place may be an address, and nothing of that stands in a key. */
function placeOf(name: string): string {
  return toHex(sha256(new TextEncoder().encode(name)))
}

function keyOf(place: string): Bytes {
  return privateKey('rate', fromHex(place, HASH_BYTES) as Bytes)
}
