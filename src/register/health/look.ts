/** What does a running bank know of its own health? Everything that is looked at, gathered once, with nobody in it. */

import { toHex } from '../../core/ids.ts'
import { bookSum } from '../../core/ledger/book.ts'
import type { RefusalCode } from '../../core/refusal.ts'
import type { GuardFinding } from '../../node/gate.ts'
import type { JobRun } from '../../node/jobs.ts'
import type { Node } from '../../node/node.ts'
import { webAddress } from '../neighbour-banks.ts'
import { neighbours } from '../neighbours.ts'

/** What the settings and the network layer say, and a bank by itself cannot know. */
export interface Surroundings {
  readonly network: 'internet' | 'lan'
  /** Whether an address leads into somebody's own network. */
  readonly isPrivate: (address: string) => boolean
  /** Proxies before the pages that are named. */
  readonly proxies: number
}

export interface NeighbourLook {
  readonly name: string
  readonly connected: boolean
  /** Seconds; null when it was never heard. */
  readonly lastHeard: number | null
  /** Why the newest call failed, in the words of the machine. */
  readonly problem: string | null
}

export interface Look {
  /** Why nothing is recorded; `wait` while the neighbours are asked after a start. */
  readonly shut: RefusalCode | 'wait' | null
  readonly isReadable: boolean
  readonly freeBytes: number
  readonly guard: GuardFinding
  readonly guardMissed: boolean
  /** Seconds by which a neighbour's clock is ahead of ours; null when none was heard. */
  readonly clockOffset: number | null
  readonly sumMinutes: number
  readonly addresses: readonly string[]
  readonly surroundings: Surroundings
  /** Those with a line. */
  readonly neighbours: readonly NeighbourLook[]
  /** When one of them last called by itself; seconds, null when none did since the start. */
  readonly calledAt: number | null
  readonly publicUrl: string | null
  readonly jobs: readonly JobRun[]
  /** Seconds. */
  readonly now: number
}

export async function lookAt(node: Node, surroundings: Surroundings): Promise<Look> {
  const { gate, tally, jobs, clock, store, transport } = node
  const shut = gate.state()
  const read = await readOf(node)
  return {
    shut: shut === null || shut === 'wait' ? shut : shut.code,
    isReadable: read !== null,
    freeBytes: await store.freeBytes().catch(() => 0),
    guard: gate.guard,
    guardMissed: tally.guardMissed,
    clockOffset: gate.clockOffset,
    sumMinutes: read?.sum ?? 0,
    addresses: transport.addresses(),
    surroundings,
    neighbours: read?.neighbours ?? [],
    calledAt: tally.calledAt,
    publicUrl: read?.publicUrl ?? null,
    jobs: jobs.all(),
    now: clock.now(),
  }
}

/** Null when the bank cannot read its own records: then the rest is told without them. */
async function readOf(node: Node) {
  try {
    const all = await neighbours(node)
    const { sum, publicUrl } = await node.read(({ book, own }) => {
      own.raw(0)
      return { sum: bookSum(book), publicUrl: webAddress(book.card?.publicUrl ?? null) }
    })
    const partners = all.filter(
      ({ line }) => line !== null && line.state !== 'closed' && line.state !== 'dead',
    )
    const looks = partners.map(({ bank, name, connected, lastHeard }): NeighbourLook => {
      const problem = node.tally.failedCall(toHex(bank))?.problem ?? null
      return { name, connected, lastHeard, problem: connected ? null : problem }
    })
    return { sum, publicUrl, neighbours: looks }
  } catch {
    // The check says it in words, and the fault itself was told when it arose.
    return null
  }
}
