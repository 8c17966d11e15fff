/**
 * What may a program that watches over the bank know of it? Counts, ages and sums, in names of Prometheus ([OPS-5]).
 * Neighbouring banks are named, persons never; nothing here walks the log or everybody at each question.
 */

import { toBase32 } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import type { Node } from '../node/node.ts'
import { type NeighbourView, neighbours } from '../register/neighbours.ts'
import { Durations, EXPOSITION_TYPE, exposition, type Metric, type Sample } from './exposition.ts'

/** Upper bounds in seconds of how long a synced write may take: a fast disk, a card in an old computer, a sick one. */
const COMMIT_BOUNDS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** How long synced writes take, to be counted from the start. */
export function commitDurations(): Durations {
  return new Durations(COMMIT_BOUNDS)
}

/** Who may read them. */
export type MetricsFor = 'off' | 'loopback' | 'token'

export interface MetricsParts {
  readonly for: MetricsFor
  /** How long synced writes took. */
  readonly commits: Durations
  /** Memory of this process, in bytes. */
  readonly residentBytes: () => number
}

/** How many things wait at the desk, by kind. */
export type DeskCounts = () => Promise<ReadonlyMap<string, number>>

export class Metrics {
  readonly #node: Node
  readonly #parts: MetricsParts
  readonly #countDesk: DeskCounts
  #desk: { readonly at: number; readonly counts: Promise<ReadonlyMap<string, number>> } | null = null

  constructor(node: Node, parts: MetricsParts, countDesk: DeskCounts) {
    this.#node = node
    this.#parts = parts
    this.#countDesk = countDesk
  }

  async answer(): Promise<Response> {
    const { commits, residentBytes } = this.#parts
    const banks = await neighbours(this.#node)
    const metrics = [
      ...(await this.#logMetrics()),
      {
        name: 'commonhour_commit_seconds',
        help: 'Seconds that synced writes to the disk took.',
        type: 'histogram' as const,
        samples: commits.samples(),
      },
      ...neighbourMetrics(banks, this.#node.clock.now()),
      ...(await this.#operatorMetrics()),
      {
        name: 'process_resident_memory_bytes',
        help: 'Resident memory size in bytes.',
        type: 'gauge' as const,
        samples: [{ value: residentBytes() }],
      },
    ]
    return new Response(exposition(metrics), {
      headers: { 'content-type': EXPOSITION_TYPE, 'cache-control': 'no-store' },
    })
  }

  async #logMetrics(): Promise<Metric[]> {
    const { tally, clock } = this.#node
    const look = await this.#node.read(({ book, own }) => {
      // The entry with the lowest index is the oldest, so that one alone is decoded.
      let first = Number.POSITIVE_INFINITY
      for (const payment of book.asPayer.open())
        if (payment.state !== 'held' && payment.first < first) first = payment.first
      return { time: book.time, oldest: Number.isFinite(first) ? own.entry(first).time : null }
    })
    return [
      counter('commonhour_entries_total', 'Entries of the log by kind.', byLabel('type', tally.entries)),
      counter(
        'commonhour_records_total',
        'Records of help inside this bank, by the way in which they came.',
        byLabel('channel', tally.channels),
      ),
      gauge('commonhour_checkpoint_age_seconds', 'Seconds since the newest head was signed.', [
        { value: since(look.time, clock.now()) },
      ]),
      gauge(
        'commonhour_in_transit_oldest_seconds',
        'Seconds for which the oldest payment has been on its way to another bank; 0 when none is.',
        [{ value: look.oldest === null ? 0 : since(look.oldest, clock.now()) }],
      ),
    ]
  }

  async #operatorMetrics(): Promise<Metric[]> {
    const { tally, jobs, gate, store } = this.#node
    return [
      gauge('commonhour_ready', '1 when the bank may record.', [{ value: gate.state() === null ? 1 : 0 }]),
      gauge('commonhour_disk_free_bytes', 'Bytes that the bank may still write.', [
        { value: await store.freeBytes() },
      ]),
      gauge(
        'commonhour_desk_items',
        'Things that wait at the desk, by kind.',
        byLabel('kind', await this.#deskItems()),
      ),
      counter(
        'commonhour_notices_total',
        'What the bank has noticed since it started.',
        byLabel('notice', tally.notices),
      ),
      counter('commonhour_outbox_failures_total', 'Calls to neighbours that failed since the bank started.', [
        { value: tally.outgoingFailed },
      ]),
      gauge(
        'commonhour_job_last_run_seconds',
        'When a job last ran, in seconds since 1970 UTC.',
        jobs.all().flatMap(({ job, at }) => (at === null ? [] : [{ labels: { job }, value: at }])),
      ),
    ]
  }

  /** Counting looks at everybody, so one count does for some minutes. */
  async #deskItems(): Promise<ReadonlyMap<string, number>> {
    const now = this.#node.clock.uptime()
    if (this.#desk === null || now - this.#desk.at >= LIMITS.deskCountSeconds)
      this.#desk = { at: now, counts: this.#countDesk() }
    try {
      return await this.#desk.counts
    } catch (thrown) {
      // The next question counts anew.
      this.#desk = null
      throw thrown
    }
  }
}

function neighbourMetrics(banks: readonly NeighbourView[], now: number): Metric[] {
  const of = ({ bank }: NeighbourView) => ({ neighbour: toBase32(bank) })
  const lines = banks.flatMap((one) => (one.line === null ? [] : [{ ...one, line: one.line }]))
  return [
    gauge(
      'commonhour_neighbour_info',
      'The names that neighbouring banks give themselves; always 1.',
      banks.map((one) => ({ labels: { ...of(one), name: one.name }, value: 1 })),
    ),
    gauge(
      'commonhour_neighbour_connected',
      '1 while a session with the neighbour is up.',
      lines.map((one) => ({ labels: of(one), value: one.connected ? 1 : 0 })),
    ),
    gauge(
      'commonhour_neighbour_heard_seconds',
      'Seconds since a neighbour was last heard.',
      lines.flatMap((one) =>
        one.lastHeard === null ? [] : [{ labels: of(one), value: since(one.lastHeard, now) }],
      ),
    ),
    gauge(
      'commonhour_neighbour_net_minutes',
      'Minutes that this bank owes a neighbour; below 0 the neighbour owes it.',
      lines.map((one) => ({ labels: of(one), value: one.line.weOweMinutes })),
    ),
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples }
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'counter', samples }
}

function byLabel(label: string, counts: ReadonlyMap<string, number>): readonly Sample[] {
  return [...counts].map(([name, value]) => ({ labels: { [label]: name }, value }))
}

/** A clock that went back shows no age below zero. */
function since(then: number, now: number): number {
  return Math.max(0, now - then)
}
