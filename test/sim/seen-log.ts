/**
 * What is true of a bank's log as a whole? One history, epoch after epoch: nothing follows the last word of a key, the
 * next key is the one that it named or one that the sheet gave, and no epoch is begun before the old one is counted.
 */

import type { Entry } from '../../src/core/entry.ts'
import { toHex } from '../../src/core/ids.ts'

/** More entries than an epoch will ever have. */
const EPOCH_SIZE = 2 ** 40

/** Where a log ends, as one number: later epochs are further than any entry of an earlier one. */
export function reach(epoch: number, size: number): number {
  return epoch * EPOCH_SIZE + size
}

export class SeenLog {
  /** Leaf of each index ever durable, by epoch. */
  readonly epochs: string[][] = [[]]
  /** Key that the last entry of the present epoch names; null while it lasts. */
  #named: string | null = null

  /** The epoch that is being written. */
  get epoch(): number {
    return this.epochs.length - 1
  }

  /** Whether this entry is news, or what is wrong with its place. */
  add(epoch: number, index: number, leaf: string): 'new' | 'known' | { readonly wrong: string } {
    const known = this.epochs[epoch]?.[index]
    if (known === leaf) return 'known'
    if (known !== undefined) return { wrong: `has a second entry ${index}` }
    if (epoch === this.epochs.length && index === 0) this.epochs.push([])
    const leaves = this.epochs[epoch]
    if (leaves === undefined || epoch !== this.epoch || index !== leaves.length)
      return { wrong: `skips to entry ${index} of epoch ${epoch}` }
    leaves.push(leaf)
    return 'new'
  }

  /** What is wrong with this entry as a change of the key, or null; asked of each entry once it is added. */
  keysProblem(entry: Entry): string | null {
    const leaves = this.epochs[this.epoch] as string[]
    if (entry.kind === 'rotate.in') return this.#begins(entry)
    if (this.#named !== null) return 'goes on after the last word of its key'
    if (this.epoch > 0 && leaves.length === 1) return 'begins an epoch with something else'
    if (entry.kind === 'rotate.out') this.#named = toHex(entry.body.logKey)
    return null
  }

  #begins({ body }: Extract<Entry, { kind: 'rotate.in' }>): string | null {
    const named = this.#named
    this.#named = null
    const before = this.epochs[this.epoch - 1]
    if (before === undefined || this.epochs[this.epoch]?.length !== 1) return 'begins an epoch inside another'
    if (body.epoch !== this.epoch || body.oldSize !== before.length)
      return 'leaves out entries of the old key'
    if (body.recovery !== null) return null
    return named === toHex(body.logKey) ? null : 'goes on with a key that the old one did not name'
  }
}
