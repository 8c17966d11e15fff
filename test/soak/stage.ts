/**
 * What does a soak stand on? A folder with a copy of the program, three banks with a door in front of each, and a small
 * disk under the last of them; made at the beginning, and cleared away at the end.
 */

import { rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SoakBank } from './bank.ts'
import { SmallDisk } from './disk.ts'
import { Door } from './door.ts'
import { quietPort } from './ports.ts'
import { copyProgram, type Program, runWell } from './program.ts'
import type { Troubles } from './trouble.ts'

const NAMES = ['Harbour', 'Millbrook', 'Northgate'] as const
/** The bank on the small disk. */
const CRAMPED = 'Northgate'
const START_WAIT_SECONDS = 1

export interface StageParts {
  readonly disk: 'small' | 'none'
  readonly troubles: Troubles
  /** When the small disk was last full, on the clock of `performance`. */
  readonly diskFullAt: () => number
}

export class Stage {
  readonly folder: string
  readonly banks: SoakBank[] = []
  readonly doors: Door[] = []
  readonly disk: SmallDisk | null
  /** Why there is no small disk; null when there is one, or none was asked for. */
  readonly diskSkipped: string | null
  readonly #parts: StageParts
  #cleared = false

  private constructor(folder: string, parts: StageParts) {
    this.folder = folder
    this.#parts = parts
    const disk = parts.disk === 'none' ? null : SmallDisk.mount(join(folder, CRAMPED.toLowerCase()))
    this.disk = typeof disk === 'string' ? null : disk
    this.diskSkipped = typeof disk === 'string' ? disk : null
  }

  static async lay(parts: StageParts): Promise<Stage> {
    return new Stage(await mkdtemp(join(tmpdir(), 'commonhour-soak-')), parts)
  }

  /** Makes and starts three banks, each with a door in front of it under whose address alone it is known. */
  async build(): Promise<Program> {
    const program = await copyProgram(join(this.folder, 'program'))
    await mkdir(join(this.folder, 'logs'))
    for (const name of NAMES) this.banks.push(await this.#layOut(program, name))
    await Promise.all(
      this.banks.map(async (bank) => {
        await runWell(program, ['init', '--dir', bank.folder, ...bank.settings])
        bank.start()
      }),
    )
    return program
  }

  async #layOut(program: Program, name: string): Promise<SoakBank> {
    const [httpPort, p2pPort, doorPort] = [await quietPort(), await quietPort(), await quietPort()]
    const door = new Door(doorPort, p2pPort)
    await door.open()
    this.doors.push(door)
    const settings: Readonly<Record<string, string | number>> = {
      name,
      coordinator: 'Priya',
      'http-port': httpPort,
      'p2p-host': '127.0.0.1',
      'p2p-port': p2pPort,
      'p2p-announce': `/ip4/127.0.0.1/tcp/${doorPort}`,
      network: 'lan',
      'start-wait-seconds': START_WAIT_SECONDS,
    }
    return new SoakBank({
      program,
      name,
      folder: join(this.folder, name.toLowerCase()),
      logFile: join(this.folder, 'logs', `${name.toLowerCase()}.log`),
      settings: Object.entries(settings).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
      httpPort,
      troubles: this.#parts.troubles,
      diskFullAt: name === CRAMPED ? this.#parts.diskFullAt : () => Number.NEGATIVE_INFINITY,
    })
  }

  /** Stops every process in order and closes the doors; after this nothing starts again. */
  async close(): Promise<void> {
    for (const bank of this.banks) {
      bank.thaw()
      await bank.stop()
      bank.destroy()
    }
    for (const door of this.doors) await door.close()
    await this.disk?.free()
  }

  /** After `close`: lets go of the small disk, and keeps what lay on it in its place, or removes everything. */
  async clear(folders: 'kept' | 'removed'): Promise<void> {
    if (this.disk !== null) {
      const { folder } = this.disk
      const copy = `${folder}.copy`
      if (folders === 'kept') await cp(folder, copy, { recursive: true })
      this.disk.unmount('in_order')
      if (folders === 'kept') await cp(copy, folder, { recursive: true })
      await rm(copy, { recursive: true, force: true })
    }
    if (folders === 'removed') await rm(this.folder, { recursive: true, force: true })
    this.#cleared = true
  }

  /** Synchronous, for a program that is about to end: no process, no mount and no folder stays behind. */
  destroy(): void {
    if (this.#cleared) return
    for (const bank of this.banks) bank.destroy()
    this.disk?.unmount('at_once')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}
