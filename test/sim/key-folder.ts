/**
 * Which files of log keys lie in the folder of a simulated bank? Each change of a file takes a moment and is there as a
 * whole or not at all, so a machine can die before it, after it and in between, as it can with a real folder.
 */

import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import type { LogKeyFiles } from '../../src/node/key-change.ts'
import type { Dice } from './dice.ts'
import type { Process } from './process.ts'
import type { SimDisk } from './sim-disk.ts'

export interface KeysKept {
  /** Null when the file is lost. */
  readonly log: SigningKey | null
  readonly next: SigningKey | null
}

export class KeyFolder {
  log: SigningKey | null
  next: SigningKey | null = null
  /** Recovery keys of all sheets that were ever shown, oldest first; somebody keeps them in a drawer. */
  readonly drawer: SigningKey[]
  /** Told which file has just become durable, and when the first entry of an epoch has. */
  changed: (what: 'made' | 'taken' | 'begun') => void = () => {}
  /** The files as they were when an older folder took their place. */
  #replaced: KeysKept | null = null
  readonly #disk: SimDisk
  readonly #dice: Dice

  constructor(disk: SimDisk, dice: Dice, log: SigningKey) {
    this.#disk = disk
    this.#dice = dice
    this.log = log
    this.drawer = [this.fresh()]
  }

  fresh(): SigningKey {
    return signingKey(this.#dice.bytes(32))
  }

  /** The folder as a process sees it. */
  files(process: Process): LogKeyFiles {
    const durably = (change: () => void): Promise<void> => this.#disk.writeFile(process, change)
    return {
      next: async () => this.next,
      makeNext: async () => {
        const key = this.fresh()
        await durably(() => {
          this.next = key
          this.changed('made')
        })
        return key
      },
      takeNext: () =>
        durably(() => {
          this.log = this.next ?? this.log
          this.next = null
          this.changed('taken')
        }),
    }
  }

  copy(): KeysKept {
    return { log: this.log, next: this.next }
  }

  /** The files of an earlier day are put back. */
  putBack({ log, next }: KeysKept): void {
    this.#replaced ??= this.copy()
    this.log = log
    this.next = next
  }

  /** What an older folder had replaced is there again. */
  repair(): void {
    if (this.#replaced === null) return
    const { log, next } = this.#replaced
    this.log = log
    this.next = next
    this.#replaced = null
  }

  /** Nobody has these files any more. */
  lose(): void {
    this.log = null
    this.next = null
  }
}
