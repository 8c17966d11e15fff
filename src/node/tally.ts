/**
 * How much of what has this bank recorded, and what did it notice since it started? Counts for its operator, kept while
 * the log is read and while it grows, so that whoever asks costs nothing. They hold kinds and bank ids, never a person.
 */

import { CHANNELS, type Channel, type Entry, type Kind } from '../core/entry.ts'
import type { Clock, Notice, Report } from './ports.ts'

/** A call to a neighbour that came to nothing. */
export interface FailedCall {
  /** Seconds since 1970 UTC. */
  readonly at: number
  /** In the words of the machine, for whoever looks after it. */
  readonly problem: string
}

export class Tally {
  readonly #clock: Clock
  readonly #entries = new Map<Kind, number>()
  readonly #channels = new Map<Channel, number>()
  readonly #notices = new Map<Notice, number>()
  /** By bank id as hex: line partners alone, so there are no more than lines. */
  readonly #failedCalls = new Map<string, FailedCall>()
  #outgoingFailed = 0
  #calledAt: number | null = null
  #guardMissed = false
  #guardMisses = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Entries of the log by kind, over all epochs. */
  get entries(): ReadonlyMap<Kind, number> {
    return this.#entries
  }

  /** Records of help inside this bank by the way in which they came. */
  get channels(): ReadonlyMap<Channel, number> {
    return this.#channels
  }

  /** Since the start. */
  get notices(): ReadonlyMap<Notice, number> {
    return this.#notices
  }

  /** Calls to neighbours that reached nobody, since the start. */
  get outgoingFailed(): number {
    return this.#outgoingFailed
  }

  /** When a neighbour last called this bank by itself, in seconds since 1970 UTC; null when none did since the start. */
  get calledAt(): number | null {
    return this.#calledAt
  }

  /** The newest head stands in the database alone: the guard could not be written. */
  get guardMissed(): boolean {
    return this.#guardMissed
  }

  /** The newest call to this neighbour that failed; null when none did since it was last reached. */
  failedCall(bank: string): FailedCall | null {
    return this.#failedCalls.get(bank) ?? null
  }

  /** An entry of the log, read at the start or durable just now. */
  count({ kind, body }: Entry): void {
    more(this.#entries, kind)
    if (kind !== 'exchange') return
    const channel = CHANNELS[body.channel - 1]
    if (channel !== undefined) more(this.#channels, channel)
  }

  /** Entries that are durable, told after their head was written beside them. */
  recorded(recorded: readonly { readonly entry: Entry }[]): void {
    for (const { entry } of recorded) this.count(entry)
    this.#guardMissed = this.#guardMisses
    this.#guardMisses = false
  }

  /** Counts what is reported, and hands it on. */
  hearing(report: Report): Report {
    return (notice, facts) => {
      more(this.#notices, notice)
      if (notice === 'guard_not_written') this.#guardMisses = true
      if (typeof facts.neighbour === 'string') this.#heardOf(facts.neighbour, notice, facts)
      report(notice, facts)
    }
  }

  #heardOf(neighbour: string, notice: Notice, facts: Readonly<Record<string, string | number>>): void {
    const at = this.#clock.now()
    if (notice === 'session_refused') {
      this.#outgoingFailed += 1
      this.#failedCalls.set(neighbour, { at, problem: String(facts.problem ?? '') })
    }
    if (notice !== 'session_opened') return
    this.#failedCalls.delete(neighbour)
    if (facts.by === 'them') this.#calledAt = at
  }
}

function more<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
