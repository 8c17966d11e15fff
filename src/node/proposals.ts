/**
 * Which banks ask for a line and wait for our operator? A proposal nobody invited waits unlogged, at most 20 of
 * them ([LINE-12]).
 */

import { decode, encode } from '../core/codec.ts'
import { refField } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b20, bytes, record } from '../core/schema.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Proposal } from './lines.ts'

const rowField = record({ peer: b20, terms: bytes(512), ref: refField })

export class Proposals {
  readonly #waiting = new Map<string, Proposal>()

  /** Reads what waited before the restart. */
  static async open(store: Store): Promise<Proposals> {
    const proposals = new Proposals()
    for await (const page of store.pages(privateRange('proposal'), LIMITS.waitingProposals)) {
      for (const [, value] of page) {
        const decoded = decode(value)
        const proposal = decoded.ok ? rowField.read(decoded.value) : undefined
        if (proposal !== undefined) proposals.#waiting.set(toHex(proposal.peer), proposal)
      }
    }
    return proposals
  }

  get(peer: Bytes): Proposal | null {
    return this.#waiting.get(toHex(peer)) ?? null
  }

  all(): readonly Proposal[] {
    return [...this.#waiting.values()]
  }

  /**
   * The rows that keep it, none when it waits already, or null when too many wait. A newer proposal of the same bank
   * replaces its older one.
   */
  keep(proposal: Proposal): Write[] | null {
    const key = toHex(proposal.peer)
    const waiting = this.#waiting.get(key)
    if (waiting === undefined && this.#waiting.size >= LIMITS.waitingProposals) return null
    if (waiting !== undefined && sameBytes(waiting.terms, proposal.terms)) return []
    this.#waiting.set(key, proposal)
    return [{ put: privateKey('proposal', proposal.peer), value: encode(rowField.write(proposal)) }]
  }

  /** The row of a proposal that waits no more; `forget` follows once that is durable. */
  dropRow(peer: Bytes): Write {
    return { del: privateKey('proposal', peer) }
  }

  /** Accepted, or withdrawn by the bank that made it. */
  forget(peer: Bytes): void {
    this.#waiting.delete(toHex(peer))
  }
}
