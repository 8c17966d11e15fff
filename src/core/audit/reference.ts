/**
 * Does the entry that a log names stand where it says, with the bytes it says? References run between the logs at
 * hand; whatever touches another log is noted as missing, never judged.
 */

import { sameBytes } from '../ids.ts'
import { type Book, bytesOf, type Cited, type Key, keyOf, placeOf, positionOf } from './book.ts'
import type { EntryRule, Facts, Finding, Place } from './finding.ts'

/** A log whose entries are authentic, as the proof layer hands it over. */
export interface HeldLog {
  readonly book: Book
  /** Leaf hash of an entry, 32 bytes; the index counts through all epochs. */
  leafAt(index: number): Uint8Array
  /** Some other log proves or claims that this one goes on beyond what is shown. */
  readonly cut: boolean
}

/** A reference to be followed. */
export interface Claim {
  readonly cited: Cited
  readonly peer: HeldLog
  /** Where in the other log the entry that is meant stands; empty when there is none. */
  readonly expected: readonly number[]
  /** Broken when there is none. */
  readonly rule: EntryRule
  readonly facts: Facts
}

export class References {
  readonly #logs = new Map<Key, HeldLog>()
  readonly #report: (finding: Finding) => void
  /** Hex ids of payments that break a rule somewhere. */
  readonly blamed: Set<string>
  /** Banks whose log is needed and not at hand, or shown cut. */
  readonly missing = new Set<Key>()

  constructor(
    logs: readonly HeldLog[],
    options: { blamed: ReadonlySet<string>; report: (finding: Finding) => void },
  ) {
    for (const log of logs) this.#logs.set(keyOf(log.book.bank), log)
    this.blamed = new Set(options.blamed)
    this.#report = options.report
  }

  /** The other bank's log when it is at hand in full; otherwise the bank is noted as missing. */
  full(bank: Key): HeldLog | null {
    const log = this.#logs.get(bank)
    if (log !== undefined && !log.cut) return log
    this.missing.add(bank)
    return null
  }

  /**
   * True when the named entry is one of those expected and has the very leaf hash named. No such entry at all breaks
   * the rule of the claim; one that stands elsewhere, or has other bytes, is a history told twice.
   */
  follow(log: HeldLog, index: number, claim: Claim): boolean {
    const { cited, peer, expected } = claim
    const at = positionOf(peer.book, cited)
    if (at === null) {
      this.missing.add(keyOf(peer.book.bank))
      return true
    }
    if (expected.includes(at) && sameBytes(peer.leafAt(at), bytesOf(cited.leaf))) return true
    const rule = expected.length === 0 ? claim.rule : 'AUD-1.log_rewritten'
    const other = { bank: peer.book.bank, epoch: cited.epoch, index: cited.index }
    this.say(log, rule, index, claim.facts, other)
    return false
  }

  say(log: HeldLog, rule: EntryRule, index: number | null, facts: Facts, other: Place | null = null): void {
    if (typeof facts.id === 'string') this.blamed.add(facts.id)
    const { book } = log
    const { bank, epoch, index: at } = placeOf(book, index ?? book.times.length)
    this.#report({ rule, bank, epoch, index: index === null ? null : at, facts, other })
  }
}

export function placeIn(log: HeldLog, index: number): Place {
  return placeOf(log.book, index)
}
