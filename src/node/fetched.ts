/**
 * Which requests of other banks' members do we hold? What a neighbour endorsed is looked at once, when it arrives, and
 * remembered for whoever pays it; forgotten, it is fetched again.
 */

import type { Body, Ref } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { memoCommitment, type Words } from '../core/memo.ts'
import { unpackWords } from '../core/packed-words.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { hasLetterOrNumber, isSeen } from '../core/unseen.ts'
import type { Endorsed } from './questions.ts'

/** A request of another bank's member, as its bank endorsed it. */
export interface FetchedRequest {
  readonly bank: Bytes
  readonly code: string
  /** The entry by which an order cites it, and what it says. */
  readonly ref: Ref
  readonly invoice: Body<'rcv.invoice'>
  /** Whose it is, as the payer is to read: never more than a name. */
  readonly payee: string
  /** The words behind its commitment; null without one. */
  readonly words: Words | null
}

/** Characters that a sound name never holds beside unseen ones: controls, those that turn the direction of writing, and markup. */
const UNSOUND = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff<>]/u

/** Whether a name from another bank may be shown as it is. */
export function isSoundName(name: string): boolean {
  return hasLetterOrNumber(name) && !UNSOUND.test(name) && isSeen(name)
}

export class Fetched {
  /** By leaf hash of the entry, the oldest first. */
  readonly #byLeaf = new Map<string, FetchedRequest>()

  /** What this neighbour endorsed under a code, if it is in order; `now` in seconds of log time. */
  take(
    asked: { readonly bank: Bytes; readonly code: string },
    endorsed: Endorsed,
    now: number,
  ): Outcome<FetchedRequest> {
    const { message, entry, ref } = endorsed
    const invoice = entry.body
    const words = message.words === null ? null : unpackWords(message.words)
    const problem = problemOf(invoice, words, { payee: message.payee, now })
    if (problem !== null) return refuse('answer_not_sound', { what: problem })
    if (invoice.expires < now) return refuse('request_expired', { at: invoice.expires })
    const fetched = { ...asked, ref, invoice, payee: message.payee, words }
    this.#keep(fetched)
    return accept(fetched)
  }

  /** The request with this entry, or null. */
  byRef(ref: Ref): FetchedRequest | null {
    const known = this.#byLeaf.get(toHex(ref.leaf))
    const same = known !== undefined && known.ref.epoch === ref.epoch && known.ref.index === ref.index
    return same && sameBytes(known.ref.bank, ref.bank) ? known : null
  }

  /** The request under this code of this bank that was fetched last, or null. */
  byCode(bank: Bytes, code: string): FetchedRequest | null {
    return (
      [...this.#byLeaf.values()].findLast((one) => one.code === code && sameBytes(one.bank, bank)) ?? null
    )
  }

  #keep(fetched: FetchedRequest): void {
    const name = toHex(fetched.ref.leaf)
    this.#byLeaf.delete(name)
    this.#byLeaf.set(name, fetched)
    const [oldest] = this.#byLeaf.keys()
    if (this.#byLeaf.size > LIMITS.requestsFetched && oldest !== undefined) this.#byLeaf.delete(oldest)
  }
}

/** What is wrong with an endorsed request, in a word; or null. */
function problemOf(
  invoice: Body<'rcv.invoice'>,
  words: Words | null,
  { payee, now }: { readonly payee: string; readonly now: number },
): string | null {
  if (!isSoundName(payee)) return 'name'
  if (invoice.expires > now + LIMITS.requestLongestSeconds + LIMITS.decideAheadSlackSeconds) return 'end'
  const { commitment } = invoice
  if (commitment === null || words === null) return commitment === null && words === null ? null : 'words'
  return sameBytes(memoCommitment(words.texts, words.salts), commitment) ? null : 'words'
}
