/**
 * What may other banks learn of our people? The register answers these few questions; the node itself knows accounts and
 * handles, never a person or a word of one.
 */

import type { Bytes } from '../core/ids.ts'
import type { Words } from '../core/memo.ts'
import type { Write } from '../store/store.ts'

/** A member whom another bank may pay: the account, and the name a payer is to check ("Bo M."). */
export interface Known {
  readonly account: Bytes
  readonly name: string
}

/** A request of a member, as another bank may see it. */
export interface Asked extends Known {
  /** Handle that was given out for this request alone. */
  readonly handle: Bytes
  /** Null when the payer is to say. */
  readonly minutes: number | null
  readonly category: number
  /** Days since 1970-01-01; null when it was not said. */
  readonly day: number | null
  /** Seconds. */
  readonly expires: number
  readonly uses: number
  readonly words: Words
  /** When it was taken back, in seconds; null while it stands. */
  readonly withdrawn: number | null
}

/** What a member asks (1) or offers (2), as another bank may read it. */
export interface PostedNotice {
  readonly id: Bytes
  /** Stays here. */
  readonly account: Bytes
  readonly kind: number
  readonly text: string
  readonly category: number
  /** Seconds. */
  readonly until: number
}

/** A neighbour's member can do what a member here asks, or would like what is offered. */
export interface Interest {
  readonly bank: Bytes
  /** The same however often it is said. */
  readonly question: Bytes
  readonly notice: Bytes
  /** "Bo M.", sound. */
  readonly who: string
  readonly phone: string | null
}

export interface Reception {
  /** What neighbours may read, the newest first; `now` in seconds. */
  notices(now: number): readonly PostedNotice[]
  /**
   * The rows that keep it, none when it is kept already; null when there is no such notice for neighbours, or when it has
   * answers enough. Called inside the decision that nothing refuses any more.
   */
  interest(heard: Interest, now: number): readonly Write[] | null
  /** Telephone of the desk, for the desk of a neighbour. */
  phone(): string | null
  /** Whom this number stands for; null for a number nobody has, and for whoever is not to be found. */
  member(number: string): Known | null
  /** The request under this code, or null. */
  request(code: string): Asked | null
  /** The words of a payment, or null when there are none here. */
  words(id: Bytes): Words | null
  /** The row that keeps the words of a payment that came to us. */
  wordsRow(id: Bytes, words: Words): Write
}
