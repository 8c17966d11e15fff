/**
 * Which banks ask for a line and wait for our operator, and which may not ask? A proposal nobody invited waits unlogged, at
 * most 20 of them ([LINE-12]).
 */

import { decode, encode } from '../core/codec.ts'
import { refField } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b20, bool, bytes, record } from '../core/schema.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Proposal } from './lines.ts'
import { RefusedBanks } from './refused-banks.ts'

const olderRow = record({ peer: b20, terms: bytes(512), ref: refField })
const rowField = record({ peer: b20, terms: bytes(512), ref: refField, invited: bool })

/** A proposal that waits; `invited` when it brought an invitation of ours ([REC-6]). */
export interface WaitingProposal extends Proposal {
  readonly invited: boolean
}

export class Proposals {
  readonly refused: RefusedBanks
  readonly #waiting = new Map<string, WaitingProposal>()

  private constructor(refused: RefusedBanks) {
    this.refused = refused
  }

  /** Reads what waited before the restart. */
  static async open(store: Store): Promise<Proposals> {
    const proposals = new Proposals(await RefusedBanks.open(store))
    for await (const page of store.pages(privateRange('proposal'), LIMITS.waitingProposals)) {
      for (const [, value] of page) {
        const proposal = readRow(value)
        if (proposal !== null) proposals.#waiting.set(toHex(proposal.peer), proposal)
      }
    }
    return proposals
  }

  get(peer: Bytes): WaitingProposal | null {
    return this.#waiting.get(toHex(peer)) ?? null
  }

  all(): readonly WaitingProposal[] {
    return [...this.#waiting.values()]
  }

  /**
   * The rows that keep it, none when it waits already, or null when too many wait. A newer proposal of the same bank
   * replaces its older one. Those we invited are bounded by the invitations we made.
   */
  keep(proposal: WaitingProposal): Write[] | null {
    const key = toHex(proposal.peer)
    const waiting = this.#waiting.get(key)
    const isFull = this.#waiting.size >= LIMITS.waitingProposals
    if (waiting === undefined && isFull && !proposal.invited) return null
    const same = waiting !== undefined && sameBytes(waiting.terms, proposal.terms)
    if (same && (waiting.invited || !proposal.invited)) return []
    this.#waiting.set(key, proposal)
    return [{ put: privateKey('proposal', proposal.peer), value: encode(rowField.write(proposal)) }]
  }

  /** The row of a proposal that waits no more; `forget` follows once that is durable. */
  dropRow(peer: Bytes): Write {
    return { del: privateKey('proposal', peer) }
  }

  /** Accepted, refused, or withdrawn by the bank that made it. */
  forget(peer: Bytes): void {
    this.#waiting.delete(toHex(peer))
  }
}

/** The proposal in a row; those of older programs knew no invitations. Null when the row cannot be read. */
function readRow(value: Uint8Array): WaitingProposal | null {
  const decoded = decode(value)
  if (!decoded.ok) return null
  const older = olderRow.read(decoded.value)
  return rowField.read(decoded.value) ?? (older === undefined ? null : { ...older, invited: false })
}
