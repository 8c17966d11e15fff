/**
 * How is the last signed checkpoint kept outside the database, so that a torn write never costs both the old and
 * the new one? In a file of two slots, written in turn ([CRASH-5]).
 *
 * A slot is 4,096 bytes: the checkpoint as text, then zero bytes. Which slot is newer is not written down: the
 * reader takes the larger size among those whose log signature verifies, so a torn or flipped slot counts for
 * nothing and the other one still stands.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault, must, reasonOf } from '../core/fault.ts'
import { codeOf } from './disk-fault.ts'
import { PRIVATE_FILE, syncFolder } from './durable.ts'
import type { HeadGuard } from './store.ts'

/** A page of the disk; a checkpoint with twelve cosignatures takes about 2,200 bytes. */
export const SLOT_BYTES = 4096
const SLOTS = 2

/**
 * The size a checkpoint commits to when its log signature verifies under this bank's own key, null for all else.
 * It is asked about whatever lies in a slot, so it must not throw on junk.
 */
export type VerifyNote = (note: Uint8Array) => number | null

/** A note and where it lies. */
type Kept = { readonly slot: number; readonly size: number; readonly note: Uint8Array }

/**
 * The guard in a file. Nothing is opened yet: a guard on a device that is missing must not stop the bank, so the
 * file is opened when it is first needed, made at the first write, and opened anew after an error.
 */
export function openFileGuard({ path, verify }: { path: string; verify: VerifyNote }): HeadGuard {
  let file: FileHandle | null = null
  /** The slot the next write may overwrite; null until the file was looked at. A failed write leaves it. */
  let next: number | null = null
  let writing = false
  let closed = false

  async function openFile(): Promise<FileHandle | null> {
    file ??= await openIfThere(path)
    return file
  }

  /** Turns an error of the system into a Fault; one without a code is a bug and stays what it is. */
  async function attempt<T>(act: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      if (codeOf(cause) === '') throw cause
      const broken = file
      file = null
      await broken?.close().catch(() => {}) // The error that broke it is the one to tell.
      throw guardFault(act, path, cause)
    }
  }

  return {
    async read() {
      must(!closed, 'the guard is open')
      return await attempt('read', async () => {
        const handle = await openFile()
        return handle === null ? null : ((await largest(handle, verify))?.note ?? null)
      })
    },

    async write(note) {
      must(!closed, 'the guard is open')
      must(!writing, 'one write of the guard at a time')
      const bytes = slotOf(note)
      writing = true
      try {
        await attempt('written', async () => {
          const handle = (await openFile()) ?? (await create(path))
          file = handle
          next ??= otherSlot(await largest(handle, verify))
          await writeSlot(handle, next, bytes)
          next = (next + 1) % SLOTS
        })
      } finally {
        writing = false
      }
    },

    async close() {
      closed = true
      const open = file
      file = null
      await open?.close()
    },
  }
}

/** The guard in memory; it outlives a store as a file would, and is handed to the next one. */
export function memoryGuard(): HeadGuard {
  let kept: Uint8Array | null = null
  return {
    read: async () => kept?.slice() ?? null,
    write: async (note) => {
      kept = note.slice()
    },
    close: async () => {},
  }
}

function slotOf(note: Uint8Array): Uint8Array {
  must(note.length > 0 && note.length <= SLOT_BYTES, 'a checkpoint fits one slot of the guard')
  must(!note.includes(0), 'a checkpoint holds no zero byte')
  const slot = new Uint8Array(SLOT_BYTES)
  slot.set(note)
  return slot
}

function otherSlot(kept: Kept | null): number {
  return kept === null ? 0 : (kept.slot + 1) % SLOTS
}

async function writeSlot(handle: FileHandle, slot: number, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < SLOT_BYTES) {
    const rest = SLOT_BYTES - written
    written += (await handle.write(bytes, written, rest, slot * SLOT_BYTES + written)).bytesWritten
  }
  await handle.datasync()
}

/** The note of the largest size that verifies, null when neither slot does. */
async function largest(handle: FileHandle, verify: VerifyNote): Promise<Kept | null> {
  const bytes = new Uint8Array(SLOTS * SLOT_BYTES)
  await handle.read(bytes, 0, bytes.length, 0)
  let best: Kept | null = null
  for (let slot = 0; slot < SLOTS; slot++) {
    const note = noteIn(bytes.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES))
    const size = note === null ? null : verify(note)
    if (note !== null && size !== null && (best === null || size > best.size)) best = { slot, size, note }
  }
  return best
}

/** The bytes before the padding; null for an empty slot, or one with bytes after the padding began. */
function noteIn(slot: Uint8Array): Uint8Array | null {
  const end = slot.indexOf(0)
  const length = end < 0 ? slot.length : end
  return length === 0 || slot.subarray(length).some((byte) => byte !== 0) ? null : slot.slice(0, length)
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Takes the room of both slots at once, so that a later write changes no metadata and `fdatasync` is enough. */
async function create(path: string): Promise<FileHandle> {
  const handle = await open(path, 'wx+', PRIVATE_FILE)
  try {
    await handle.write(new Uint8Array(SLOTS * SLOT_BYTES), 0, SLOTS * SLOT_BYTES, 0)
    await handle.sync()
    await syncFolder(dirname(path))
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

function guardFault(act: string, path: string, cause: unknown): Fault {
  return new Fault(
    'store_failed',
    `The head guard ${path} could not be ${act}: ${reasonOf(cause)}. Check that its device is there and has room.`,
    { cause },
  )
}
