/**
 * What happens next, and when? One list of what is to come, in virtual time. Nothing in a simulated world waits for
 * a real clock: the next thing on the list happens, and the time is what stood beside it.
 *
 * After each thing all promises it has settled are followed to their end before the next one begins. So a run is a
 * function of its seed: one thread, no timers, no threads of the operating system.
 */

import type { Dice } from './dice.ts'

interface Item {
  readonly at: number
  /** Order among those of the same time: drawn, so that no order of arrival is taken for granted. */
  readonly turn: number
  readonly run: () => void
  live: boolean
}

export class Agenda {
  /** Milliseconds since the world began. */
  now = 0
  /** Of them, milliseconds that passed in leaps. */
  leapt = 0
  /** Things that have happened. */
  happened = 0
  readonly #dice: Dice
  readonly #heap: Item[] = []

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** Runs `run` after so many milliseconds; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void {
    const item = { at: this.now + Math.max(0, milliseconds), turn: this.#dice.next(), run, live: true }
    this.#push(item)
    return () => {
      item.live = false
    }
  }

  /** Lets the next thing happen; false when nothing is to come before `until` (milliseconds). */
  async step(until: number): Promise<boolean> {
    for (;;) {
      const item = this.#heap[0]
      if (item === undefined || item.at > until) return false
      this.#pop()
      if (!item.live) continue
      this.now = Math.max(this.now, item.at)
      this.happened += 1
      item.run()
      await settled()
      return true
    }
  }

  /** Lets everything happen up to this time. */
  async runUntil(until: number): Promise<void> {
    while (await this.step(until));
    this.now = Math.max(this.now, until)
  }

  /** Time passes and nobody wakes: what was due meanwhile happens afterwards, late, as after a night with the lid shut. */
  leap(milliseconds: number): void {
    this.now += milliseconds
    this.leapt += milliseconds
  }

  /** Milliseconds in which somebody was awake. */
  get awake(): number {
    return this.now - this.leapt
  }

  #push(item: Item): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (!before(item, heap[parent] as Item)) break
      heap[at] = heap[parent] as Item
      at = parent
    }
    heap[at] = item
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop() as Item
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Item, heap[child] as Item)) child += 1
      if (!before(heap[child] as Item, last)) break
      heap[at] = heap[child] as Item
      at = child
    }
    heap[at] = last
  }
}

function before(a: Item, b: Item): boolean {
  return a.at < b.at || (a.at === b.at && a.turn < b.turn)
}

/** All promises that are settled have been followed: a turn of the event loop comes after every microtask. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
