/**
 * What does `commonhour serve` do where no bank is yet? It shows pages that make one, and, to whoever wants to look around
 * first, the three banks of the demo ([OPS-1]).
 */

import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasonOf } from '../core/fault.ts'
import type { ServeOptions } from '../serve.ts'
import type { Sights } from '../web/begin/first.ts'
import { CONFIG_FILE, configText, type Flags } from './config.ts'
import type { DemoBank } from './demo/bank.ts'
import { DEMO_PASSWORD, DEMO_PIN, openDoors } from './demo/doors.ts'
import { tellStory } from './demo/story.ts'

/** What a set-up that was cut short has left, and what may be there before one. */
const OURS = new Set([CONFIG_FILE, 'db', 'keys', 'api-token', 'lock', 'clean', 'lost+found'])

/**
 * Whether a folder in which no bank was found waits for one: it is not there, or has nothing in it but what is ours. A
 * database without keys is a bank that has lost them, and no place for another.
 */
export async function isUnused(folder: string): Promise<boolean> {
  try {
    const names = await readdir(folder)
    return names.every((name) => OURS.has(name)) && (!names.includes('db') || names.includes('keys'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true
    throw error
  }
}

/** Serves the first pages, and then the bank that they make. `flags` become its settings. */
export async function beginHere(
  options: ServeOptions,
  flags: Flags,
  show: (url: string) => void,
): Promise<{ close(): Promise<void> }> {
  const { begin } = await import('../begin.ts')
  const sights = new Demo()
  const begun = await begin({
    ...options,
    async founded() {
      await keepSettings(join(options.folder, CONFIG_FILE), flags)
      // Not waited for: a small machine has room for one bank, and whoever makes one has seen enough.
      void sights.close().catch((thrown) => options.log.warn({ problem: reasonOf(thrown) }, 'looking_around'))
    },
    lookAround: () => sights.open((step) => options.log.info({ step }, 'looking_around')),
  })
  show(begun.url)
  return {
    async close() {
      await sights.close()
      await begun.close()
    },
  }
}

/** Settings that somebody wrote beforehand stay as they are. */
async function keepSettings(path: string, flags: Flags): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (!isThere) await writeFile(path, configText(flags), { mode: 0o600 })
}

/** The banks of the demo, in a folder that goes with them. */
class Demo {
  #folder: string | null = null
  #opening: Promise<readonly DemoBank[]> | null = null

  async open(say: (line: string) => void): Promise<Sights> {
    this.#opening = this.#tell(say)
    const { doors } = await openDoors(await this.#opening)
    return { doors: doors.map((door) => ({ ...door, password: DEMO_PASSWORD, pin: DEMO_PIN })) }
  }

  async #tell(say: (line: string) => void): Promise<readonly DemoBank[]> {
    const folder = await mkdtemp(join(tmpdir(), 'commonhour-look-'))
    try {
      const { banks } = await tellStory(folder, 1, say)
      this.#folder = folder
      return banks
    } catch (thrown) {
      // A story that fails has ended its banks itself.
      await rm(folder, { recursive: true, force: true })
      throw thrown
    }
  }

  /** Waits for banks that are being opened, for they would stay. A second call finds none. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = null
    const banks = (await opening?.catch(() => null)) ?? []
    await Promise.all(banks.map((bank) => bank.stop()))
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true })
    this.#folder = null
  }
}
