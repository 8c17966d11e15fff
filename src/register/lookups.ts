/**
 * How often may one member ask a neighbour in vain, and was a form's word really the neighbour's? Wrong codes and numbers count
 * against the bank as a whole, so no member may use them up for everybody; and what a bank answered goes through the form
 * sealed, so that nobody writes another name under a payment.
 */

import { encode } from '../core/codec.ts'
import { hmacSha256, sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, HASH_BYTES, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'

const SECONDS_PER_DAY = 86_400

/** Known for as long as the program runs; a form from before is looked up again. */
export class Lookups {
  readonly #node: Pick<Node, 'clock'>
  readonly #key: Bytes
  /** Times of what was asked in vain within a day, by account. Seconds on the machine's counter. */
  readonly #failed = new Map<string, number[]>()

  constructor(node: Pick<Node, 'clock' | 'random'>) {
    this.#node = node
    this.#key = node.random.bytes(32)
  }

  /** Asks for this member, unless too much was asked in vain today. Refuses `asked_too_often` and what `ask` refuses. */
  async ask<T>(account: Bytes, ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const now = this.#node.clock.uptime()
    const name = toHex(account)
    const recent = (this.#failed.get(name) ?? []).filter((time) => now - time < SECONDS_PER_DAY)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= LIMITS.failedLookupsPerDay)
      return refuse('asked_too_often', { retrySeconds: SECONDS_PER_DAY - (now - oldest) })
    const answer = await ask()
    if (!answer.ok && IN_VAIN.has(answer.refusal.code)) recent.push(now)
    if (recent.length === 0) this.#failed.delete(name)
    else this.#failed.set(name, recent)
    return answer
  }

  /** Proves to `isSealed` that these are the words of this bank's own earlier step. */
  seal(words: readonly (string | number)[]): string {
    return toHex(hmacSha256(this.#key, encode([...words])))
  }

  isSealed(words: readonly (string | number)[], seal: string): boolean {
    const given = fromHex(seal, HASH_BYTES)
    // Compared by hashes of hashes: how long that takes tells nothing about the seal.
    return given !== null && sameBytes(sha256(given), sha256(hmacSha256(this.#key, encode([...words]))))
  }
}

/** Answers that count at the neighbour as guesses. */
const IN_VAIN: ReadonlySet<string> = new Set([
  'member_not_found',
  'request_unknown',
  'request_expired',
  'request_used',
  'request_withdrawn',
])
