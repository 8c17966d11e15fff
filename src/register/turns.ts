/**
 * Who goes first? What is asked under one key at the same moment is done one after another: the second finds on the disk
 * what the first one left there.
 */

import { type Bytes, toHex } from '../core/ids.ts'

export class Turns {
  readonly #underway = new Map<string, Promise<unknown>>()

  /** Runs `work` once whatever runs under this key has ended. */
  async alone<T>(key: Bytes, work: () => Promise<T>): Promise<T> {
    const name = toHex(key)
    for (let earlier = this.#underway.get(name); earlier !== undefined; earlier = this.#underway.get(name)) {
      await earlier.catch(() => undefined) // Its own caller is told; here only its end matters.
    }
    const running = work()
    this.#underway.set(name, running)
    try {
      return await running
    } finally {
      if (this.#underway.get(name) === running) this.#underway.delete(name)
    }
  }
}
