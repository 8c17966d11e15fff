import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryGuard, openFileGuard, SLOT_BYTES } from '../../src/store/head-guard.ts'
import type { HeadGuard } from '../../src/store/store.ts'

let folder: string
let path: string
const guards: HeadGuard[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonhour-guard-'))
  path = join(folder, 'guard')
})

afterEach(async () => {
  for (const guard of guards.splice(0)) await guard.close()
  await rm(folder, { recursive: true, force: true })
})

/** A note stands for a signed checkpoint: a size, and a checksum in the place of a signature. */
function noteOf(size: number, body = 'root'): Uint8Array {
  const text = `${size}\n${body}\n`
  return new TextEncoder().encode(`${text}${sumOf(text)}\n`)
}

function verify(note: Uint8Array): number | null {
  const text = new TextDecoder().decode(note)
  const match = /^(([0-9]+)\n[^\n]*\n)([0-9]+)\n$/.exec(text)
  return match !== null && match[3] === sumOf(match[1] as string) ? Number(match[2]) : null
}

function sumOf(text: string): string {
  let sum = 7
  for (const letter of text) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003
  return String(sum)
}

function guardAt(at = path): HeadGuard {
  const guard = openFileGuard({ path: at, verify })
  guards.push(guard)
  return guard
}

async function sizeRead(guard: HeadGuard): Promise<number | null> {
  const note = await guard.read()
  return note === null ? null : verify(note)
}

/** The sizes in the two slots, null for a slot that does not verify. */
async function slots(): Promise<(number | null)[]> {
  const bytes = await readFile(path)
  expect(bytes.length).toBe(2 * SLOT_BYTES)
  return [0, 1].map((slot) => {
    const part = bytes.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES)
    return verify(part.subarray(0, part.indexOf(0)))
  })
}

async function change(at: number, bytes: Uint8Array): Promise<void> {
  const whole = await readFile(path)
  whole.set(bytes, at)
  await writeFile(path, whole)
}

describe('the head guard in a file', () => {
  test('[CRASH-5] a missing guard reads as null and is not made by reading', async () => {
    expect(await guardAt().read()).toBeNull()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  test('[CRASH-5] two slots of 4,096 bytes are written in turn, padded with zero bytes', async () => {
    const guard = guardAt()
    const seen: (number | null)[][] = []
    for (const size of [1, 2, 3, 4]) {
      await guard.write(noteOf(size))
      expect(await guard.read()).toEqual(noteOf(size))
      seen.push(await slots())
    }
    expect(seen).toEqual([
      [1, null],
      [1, 2],
      [3, 2],
      [3, 4],
    ])
    const bytes = await readFile(path)
    expect(bytes.subarray(noteOf(3).length, SLOT_BYTES).every((byte) => byte === 0)).toBe(true)
    expect((await stat(path)).mode & 0o077).toBe(0)
  })

  test('[CRASH-5] a guard opened again goes on with the slot that does not hold the newest', async () => {
    for (const size of [5, 6, 7]) {
      const guard = guardAt()
      await guard.write(noteOf(size))
      await guard.close()
    }
    expect(await slots()).toEqual([7, 6])
    expect(await sizeRead(guardAt())).toBe(7)
  })

  test.each([0, 1, 10, 511, 512, 4070])(
    '[CRASH-5] a slot torn after %i bytes leaves the other',
    async (kept) => {
      const guard = guardAt()
      await guard.write(noteOf(8, 'a'.repeat(4000)))
      await guard.write(noteOf(9, 'b'.repeat(4000)))
      const torn = new Uint8Array(SLOT_BYTES)
      torn.set(noteOf(10, 'c'.repeat(4070)).subarray(0, kept))
      torn.set((await readFile(path)).subarray(kept, SLOT_BYTES), kept)
      await change(0, torn)
      const again = guardAt()
      expect(await sizeRead(again)).toBe(9)
      await again.write(noteOf(11))
      expect(await slots()).toEqual([11, 9])
    },
  )

  test('[CRASH-5] a flipped byte, wherever it lies in the newest slot, leaves the other', async () => {
    const guard = guardAt()
    await guard.write(noteOf(20))
    await guard.write(noteOf(21))
    const whole = await readFile(path)
    for (const at of [0, 3, noteOf(21).length - 2, noteOf(21).length, SLOT_BYTES - 1]) {
      const byte = whole[SLOT_BYTES + at] as number
      await change(SLOT_BYTES + at, Uint8Array.of(byte ^ 0x11))
      expect(await sizeRead(guardAt())).toBe(20)
      await writeFile(path, whole)
    }
    expect(await sizeRead(guardAt())).toBe(21)
  })

  test('[CRASH-5] with both slots bad there is no guard, and the next write makes one', async () => {
    const guard = guardAt()
    await guard.write(noteOf(1))
    await guard.write(noteOf(2))
    await change(0, Uint8Array.of(0x39, 0x39))
    await change(SLOT_BYTES, new Uint8Array(SLOT_BYTES).fill(0xff))
    const again = guardAt()
    expect(await again.read()).toBeNull()
    await again.write(noteOf(3))
    expect(await sizeRead(again)).toBe(3)
  })

  test.each([0, 1, 4095, 5000, 8191])(
    '[CRASH-5] a file cut to %i bytes is read as far as it goes',
    async (length) => {
      const guard = guardAt()
      await guard.write(noteOf(1))
      await guard.write(noteOf(2))
      await writeFile(path, (await readFile(path)).subarray(0, length))
      const again = guardAt()
      expect(await sizeRead(again)).toBe(length < 50 ? null : length < 5000 ? 1 : 2)
      await again.write(noteOf(3))
      expect(await sizeRead(guardAt())).toBe(3)
    },
  )

  test('[CRASH-5] a failed write is a fault that is not fatal, and the next one tries again', async () => {
    const device = join(folder, 'device')
    const guard = guardAt(join(device, 'guard'))
    await expect(guard.write(noteOf(1))).rejects.toMatchObject({ code: 'store_failed', fatal: false })
    expect(await guard.read()).toBeNull()
    await mkdir(device)
    await guard.write(noteOf(2))
    expect(await sizeRead(guard)).toBe(2)
    await rename(device, `${device}-gone`)
    await guard.close()
    const again = guardAt(join(device, 'guard'))
    await expect(again.write(noteOf(3))).rejects.toMatchObject({ code: 'store_failed', fatal: false })
    await rename(`${device}-gone`, device)
    expect(await sizeRead(again)).toBe(2)
  })

  test('[CRASH-5] a device that answers with an error is told apart from a missing guard', async () => {
    const guard = guardAt(folder) // A folder in place of the file: reading it is an error.
    await expect(guard.read()).rejects.toMatchObject({ code: 'store_failed', fatal: false })
    await expect(guard.write(noteOf(1))).rejects.toMatchObject({ code: 'store_failed', fatal: false })
  })

  test('[CRASH-5] a device without room: the write fails as a fault and is not fatal', async () => {
    const guard = guardAt('/dev/full')
    await expect(guard.write(noteOf(1))).rejects.toMatchObject({ code: 'store_failed', fatal: false })
    await expect(guard.write(noteOf(1))).rejects.toThrow('ENOSPC')
  })

  test('a note that is too long, empty or holds a zero byte is a bug', async () => {
    const guard = guardAt()
    for (const note of [
      new Uint8Array(SLOT_BYTES + 1).fill(65),
      new Uint8Array(0),
      Uint8Array.of(65, 0, 65),
    ]) {
      await expect(guard.write(note)).rejects.toThrow('broken assertion')
    }
    await guard.write(noteOf(1, 'x'.repeat(SLOT_BYTES - noteOf(1, '').length - 3)))
    expect(await sizeRead(guard)).toBe(1)
  })

  test('a second write before the first has ended is a bug, and does not touch the first', async () => {
    const guard = guardAt()
    const first = guard.write(noteOf(1))
    await expect(guard.write(noteOf(2))).rejects.toThrow('broken assertion: one write of the guard at a time')
    await first
    expect(await sizeRead(guard)).toBe(1)
  })

  test('an error of the verifier is a bug and is not told as a fault of the disk', async () => {
    await guardAt().write(noteOf(1))
    const throwing = openFileGuard({
      path,
      verify: () => {
        throw new Error('broken verifier')
      },
    })
    guards.push(throwing)
    await expect(throwing.read()).rejects.toThrow(/^broken verifier$/)
  })
})

describe('the head guard in memory', () => {
  test('gives back the last note, and copies in both directions', async () => {
    const guard = memoryGuard()
    expect(await guard.read()).toBeNull()
    const note = noteOf(4)
    await guard.write(note)
    note.fill(0)
    const first = await guard.read()
    first?.fill(0)
    expect(await sizeRead(guard)).toBe(4)
  })
})
