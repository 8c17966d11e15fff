/**
 * Which faults happen when? Seeded tracks beside one another: kills at an even pace until all have happened, pauses of
 * processes, faults of the network at each bank's door, and a disk that gets full and free again.
 */

import { Chance } from '../../src/cli/demo/chance.ts'
import type { SoakBank } from './bank.ts'
import type { SmallDisk } from './disk.ts'
import type { Door } from './door.ts'
import { pause } from './trouble.ts'

/** How hard it gets. Gaps and lengths are seconds, from and to. */
export interface Weather {
  readonly seconds: number
  readonly kills: number
  readonly stopGap: readonly [number, number]
  readonly stopLong: readonly [number, number]
  readonly networkGap: readonly [number, number]
  readonly stallLong: readonly [number, number]
  readonly diskGap: readonly [number, number]
}

export interface Faults {
  cuts: number
  stalls: number
  outages: number
  delays: number
  diskFull: number
  longestStopSeconds: number
}

export interface ChaosParts {
  readonly weather: Weather
  readonly seed: number
  readonly banks: readonly SoakBank[]
  readonly doors: readonly Door[]
  readonly disk: SmallDisk | null
  /** Ends everything early. */
  readonly abandoned: AbortSignal
}

/** Of two lengths the shorter is the usual one. */
const SHORT_SHARE = 0.6
const CATCH_UP_MS = 400
const AGAIN_MS = 200
const REFILL_MS = 50

export class Chaos {
  readonly faults: Faults = {
    cuts: 0,
    stalls: 0,
    outages: 0,
    delays: 0,
    diskFull: 0,
    longestStopSeconds: 0,
  }
  /** When the small disk was last full, on the clock of `performance`. */
  diskFullAt = Number.NEGATIVE_INFINITY
  readonly #parts: ChaosParts
  readonly #over = new AbortController()

  constructor(parts: ChaosParts) {
    this.#parts = parts
    parts.abandoned.addEventListener('abort', () => this.#over.abort())
  }

  get kills(): number {
    return this.#parts.banks.reduce((sum, bank) => sum + bank.kills, 0)
  }

  /** Runs until the time is over and every kill has happened, and heals everything. Gives when the healing began. */
  async run(): Promise<number> {
    const { banks, doors, disk, seed } = this.#parts
    const chance = (stream: number): Chance => new Chance(seed * 1_000 + stream)
    const tracks = [
      this.#stops(chance(2)),
      ...doors.map((door, n) => this.#network(door, chance(10 + n))),
      disk === null ? Promise.resolve() : this.#fillings(disk, chance(3)),
    ]
    let healedAt = performance.now()
    try {
      await this.#kills(chance(1))
    } finally {
      healedAt = performance.now()
      this.#over.abort()
      await Promise.all(tracks)
      for (const door of doors) door.heal()
      for (const bank of banks) {
        bank.thaw()
        bank.start()
      }
    }
    return healedAt
  }

  /** The k-th kill is due in the k-th part of the time; a pace that was lost on a slow machine is caught up. */
  async #kills(chance: Chance): Promise<void> {
    const { weather, banks } = this.#parts
    const start = performance.now()
    const each = (weather.seconds * 1_000) / Math.max(1, weather.kills)
    while (this.kills < weather.kills && !this.#over.signal.aborted) {
      const due = start + (this.kills + chance.part()) * each
      await pause(Math.max(CATCH_UP_MS, due - performance.now()), this.#over.signal)
      const running = banks.filter((bank) => bank.isRunning)
      const victim = running.length === 0 ? null : chance.of(running)
      // A pause is mostly left to last as long as it was meant to.
      if (victim === null || (victim.paused && chance.part() < 0.8)) continue
      if (this.#over.signal.aborted) break
      await victim.kill(downMs(chance))
    }
    await pause(start + weather.seconds * 1_000 - performance.now(), this.#over.signal)
  }

  async #stops(chance: Chance): Promise<void> {
    const { weather, banks } = this.#parts
    const { signal } = this.#over
    for (;;) {
      await pause(between(chance, weather.stopGap) * 1_000, signal)
      const bank = chance.of(banks)
      const seconds = shortOrLong(chance, weather.stopLong)
      while (!signal.aborted && !bank.freeze()) await pause(AGAIN_MS, signal)
      if (signal.aborted) return
      const start = performance.now()
      const pid = bank.pid
      while (performance.now() - start < seconds * 1_000 && bank.pid === pid && !signal.aborted)
        await pause(100, signal)
      this.faults.longestStopSeconds = Math.max(
        this.faults.longestStopSeconds,
        (performance.now() - start) / 1_000,
      )
      if (bank.pid === pid) bank.thaw()
    }
  }

  async #network(door: Door, chance: Chance): Promise<void> {
    const { weather } = this.#parts
    const { signal } = this.#over
    for (;;) {
      await pause(between(chance, weather.networkGap) * 1_000, signal)
      if (signal.aborted) return
      const kind = chance.weighted([4, 2, 2, 2, 3, 2])
      while (kind < 2 && door.connections === 0 && !signal.aborted) await pause(AGAIN_MS, signal)
      switch (kind) {
        case 0: {
          const one = chance.below(door.connections)
          this.faults.cuts += door.cut((n) => n === one || chance.part() < 0.4)
          continue
        }
        case 1:
          this.faults.cuts += door.cut(() => true)
          continue
        case 2:
          this.faults.stalls += 1
          door.stall(['in', 'out'])
          break
        case 3:
          this.faults.stalls += 1
          door.stall([chance.part() < 0.5 ? 'in' : 'out'])
          break
        case 4:
          this.faults.delays += 1
          door.delayMs = 20 + chance.below(800)
          break
        case 5:
          this.faults.outages += 1
          this.faults.cuts += door.shut()
          break
      }
      await pause(shortOrLong(chance, weather.stallLong) * 1_000, signal)
      // What was held back arrives late, or never.
      if (chance.part() < 0.3) this.faults.cuts += door.cut(() => true)
      door.heal()
    }
  }

  async #fillings(disk: SmallDisk, chance: Chance): Promise<void> {
    const { signal } = this.#over
    for (;;) {
      await pause(between(chance, this.#parts.weather.diskGap) * 1_000, signal)
      if (signal.aborted) return
      // Now and then the bank sees it coming; otherwise the last byte is gone in the middle of its work.
      const freeMib = chance.part() < 0.3 ? 4 + chance.below(56) : 0
      const until = performance.now() + (1 + chance.part() * 7) * 1_000
      this.faults.diskFull += 1
      // What the bank gives back by tidying up is taken again.
      while (performance.now() < until && !signal.aborted) {
        await disk.fill(freeMib)
        this.diskFullAt = performance.now()
        await pause(REFILL_MS, signal)
      }
      await disk.free()
      this.diskFullAt = performance.now()
    }
  }
}

function between(chance: Chance, [from, to]: readonly [number, number]): number {
  return from + chance.part() * (to - from)
}

function shortOrLong(chance: Chance, [shortest, longest]: readonly [number, number]): number {
  const most = chance.part() < SHORT_SHARE ? shortest + (longest - shortest) / 8 : longest
  return between(chance, [shortest, most])
}

/** Mostly started again at once, as a supervisor does; now and then the bank stays away a while. */
function downMs(chance: Chance): number {
  const kind = chance.part()
  return kind < 0.7 ? 0 : kind < 0.9 ? chance.part() * 1_000 : chance.part() * 6_000
}
