/**
 * A disk that crashes with its machine, fills up, rots and errs. A batch is on it as a whole or not at all; whether
 * one that was under way at a crash is there, nobody knows before.
 */

import { Fault, must } from '../../src/core/fault.ts'
import { everything } from '../../src/store/keyspace.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import type { HeadGuard, Store, Write } from '../../src/store/store.ts'
import type { Dice } from './dice.ts'
import type { Process } from './process.ts'

/** What a write does to the machine instead of succeeding. */
export type CrashPoint =
  /** the machine dies before the disk sees the batch */
  | 'before'
  /** the disk has seen it and not synced it: after the crash it is gone */
  | 'lost'
  /** it is on the disk, and the machine dies before anybody is told */
  | 'after'

export interface DiskFaults {
  /** Chance that an append fails with an input/output error; the batch is there or not. */
  io: number
  /** Chance that a write of the head guard fails, and that a crash in it leaves half a slot. */
  guard: number
  /** Milliseconds a sync takes: at least, and at most. */
  sync: readonly [number, number]
}

export const SOUND_DISK: DiskFaults = { io: 0, guard: 0, sync: [1, 8] }

const FILE_MS = 4

export class SimDisk {
  rows = new MemoryDisk()
  /** All that was ever durable, untouched by rot and by old copies: what a perfect backup would hold. */
  readonly whole = new MemoryDisk()
  slots: (Uint8Array | null)[] = [null, null]
  faults: DiskFaults = SOUND_DISK
  full = false
  /** Durable writes so far: batches and writes of the guard. */
  writes = 0
  /** Asked before each write; the batch is null when the guard is written, and empty for another file. */
  crash: (write: number, batch: readonly Write[] | null) => CrashPoint | null = () => null
  /** Told when a batch is durable, before its writer knows. */
  committed: (batch: readonly Write[]) => void = () => {}
  /** The machine dies. */
  die: () => void = () => {}
  readonly #dice: Dice
  #underWay: readonly Write[] | null = null

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** What the crash leaves of a batch under way: it is there in one case of two. */
  crashed(): void {
    const batch = this.#underWay
    this.#underWay = null
    if (batch !== null && this.#dice.oneIn(2)) this.#commit(batch)
  }

  #commit(batch: readonly Write[]): void {
    this.rows.commit(batch.map(copyOf))
    this.whole.commit(batch.map(copyOf))
    this.committed(batch)
  }

  /** The store as a process sees it. Only the newest process has the disk. */
  open(process: Process): Store {
    const disk = this.rows
    const reading = openMemoryStore(disk)
    let broken: Fault | null = null

    const append = (batch: readonly Write[]): Promise<void> => {
      // What a dead process still has on its mind reaches no disk.
      if (!process.alive) return never()
      if (broken !== null) return Promise.reject(broken)
      must(this.#underWay === null, 'one append at a time')
      if (batch.length === 0) return Promise.resolve()
      const copy = batch.map(copyOf)
      const { io, sync } = this.faults
      const crash = this.crash(++this.writes, copy)
      if (crash === 'before') {
        this.die()
        return never()
      }
      const fails = crash === null && (this.full || this.#dice.chance(io))
      this.#underWay = copy
      return new Promise((resolve, reject) => {
        process.after(this.#dice.between(sync[0], sync[1]), () => {
          this.#underWay = null
          if (crash === 'lost') return this.die()
          const written = !fails || (!this.full && this.#dice.oneIn(2))
          if (written) this.#commit(copy)
          if (crash === 'after') return this.die()
          if (!fails) return resolve()
          broken = new Fault('commit_unknown', 'The disk answered with an error.', { fatal: true })
          reject(broken)
        })
      })
    }

    return {
      append,
      get: (key) => reading.get(key),
      pages: (range, pageSize) => reading.pages(range, pageSize),
      freeBytes: async () => (this.full ? 0 : Number.POSITIVE_INFINITY),
      compact: async () => {},
      close: () => reading.close(),
    }
  }

  /** The guard as a process sees it; `sizeOf` tells which of two notes is the larger. */
  openGuard(process: Process, sizeOf: (note: Uint8Array) => number | null): HeadGuard {
    const newest = (): number => {
      const sizes = this.slots.map((slot) => (slot === null ? -1 : (sizeOf(slot) ?? -1)))
      return (sizes[1] as number) > (sizes[0] as number) ? 1 : 0
    }
    return {
      read: async () => {
        const note = this.slots[newest()] ?? null
        return note === null || sizeOf(note) === null ? null : note.slice()
      },
      write: (note) => {
        if (!process.alive) return never()
        const crash = this.crash(++this.writes, null)
        const copy = note.slice()
        const slot = 1 - newest()
        if (crash !== null) {
          if (crash === 'after') this.slots[slot] = copy
          // Half a slot, which no signature fits.
          if (crash === 'lost') this.slots[slot] = copy.slice(0, copy.length >> 1)
          this.die()
          return never()
        }
        if (this.#dice.chance(this.faults.guard)) {
          if (this.#dice.oneIn(2)) this.slots[slot] = copy.slice(0, copy.length >> 1)
          return Promise.reject(new Fault('store_failed', 'The head guard could not be written.'))
        }
        return new Promise((resolve) => {
          process.after(1, () => {
            this.slots[slot] = copy
            resolve()
          })
        })
      },
      close: async () => {},
    }
  }

  /** A file beside the database, which is replaced as a whole or not at all. Its write is a durable one without rows. */
  writeFile(process: Process, change: () => void): Promise<void> {
    if (!process.alive) return never()
    const crash = this.crash(++this.writes, [])
    if (crash !== null) {
      if (crash === 'after') change()
      this.die()
      return never()
    }
    return new Promise((resolve) => {
      process.after(FILE_MS, () => {
        change()
        // Whoever dies of it hears no more.
        if (process.alive) resolve()
      })
    })
  }

  /** One byte of one row is no longer what it was. */
  rot(): void {
    const rows = this.rows.rowsOf(everything)
    const [key, value] = this.#dice.pick(rows) ?? []
    if (key === undefined || value === undefined || value.length === 0) return
    const bad = value.slice()
    bad[this.#dice.below(bad.length)]! ^= 1 << this.#dice.below(8)
    this.rows.commit([{ put: key.slice(), value: bad }])
  }

  /** A copy of what lies on the disk now, to be put back later. */
  copy(): MemoryDisk {
    return copyOfDisk(this.rows)
  }

  /** An older copy is put back. */
  putBack(copy: MemoryDisk): void {
    this.rows = copyOfDisk(copy)
  }

  /** All that was ever durable is on the disk again, as from a backup that lacks nothing. */
  repair(): void {
    this.rows = copyOfDisk(this.whole)
    this.full = false
  }
}

function copyOfDisk(from: MemoryDisk): MemoryDisk {
  const copy = new MemoryDisk()
  copy.commit(from.rowsOf(everything).map(([key, value]) => ({ put: key.slice(), value: value.slice() })))
  return copy
}

function copyOf(write: Write): Write {
  return 'del' in write ? { del: write.del.slice() } : { put: write.put.slice(), value: write.value.slice() }
}

/** Nobody is told of what happens after a death. */
function never(): Promise<never> {
  return new Promise(() => {})
}
