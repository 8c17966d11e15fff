/**
 * How does a small disk get full? A data folder on a tmpfs of its own, which a ballast file fills and frees. Mounting
 * needs root, so for anybody else there is no such disk, and the soak says so.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../../src/core/fault.ts'

const MIB = 2 ** 20
/** Three times what the bank wants to have free, so that only the ballast can fill it. */
const SIZE_MIB = 192
const PIECE = new Uint8Array(MIB)

export class SmallDisk {
  readonly folder: string
  readonly #ballast: string
  #mounted = true

  private constructor(folder: string) {
    this.folder = folder
    this.#ballast = join(folder, 'ballast')
  }

  /** The disk, or why there is none on this machine. */
  static mount(folder: string): SmallDisk | string {
    if (process.platform !== 'linux') return `a small disk needs Linux, and this is ${process.platform}`
    if (process.getuid?.() !== 0) return 'mounting a small disk needs root'
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      const options = `size=${SIZE_MIB}m,mode=0700`
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'commonhour-soak', folder], { stdio: 'pipe' })
    } catch (thrown) {
      rmSync(folder, { recursive: true, force: true })
      return `this machine does not mount: ${reasonOf(thrown).trim()}`
    }
    return new SmallDisk(folder)
  }

  /** Fills the disk up to so many free MiB; 0 fills it to the last byte. Again and again fills what was freed. */
  async fill(freeMib: number): Promise<void> {
    const file = await open(this.#ballast, 'a', 0o600)
    try {
      for (;;) {
        const { bavail, bsize } = await statfs(this.folder)
        const left = bavail * bsize - freeMib * MIB
        if (left <= 0) return
        await file.write(PIECE, 0, Math.min(left, MIB))
      }
    } catch (thrown) {
      // Somebody else took the last bytes: then it is full all the same.
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown
    } finally {
      await file.close()
    }
  }

  async free(): Promise<void> {
    await rm(this.#ballast, { force: true })
  }

  /**
   * Synchronous, for a program that is about to end. `at_once` lets go of a disk that processes still hold, which are
   * ending themselves.
   */
  unmount(how: 'in_order' | 'at_once'): void {
    if (!this.#mounted) return
    execFileSync('umount', how === 'at_once' ? ['-l', this.folder] : [this.folder], { stdio: 'pipe' })
    this.#mounted = false
  }
}
