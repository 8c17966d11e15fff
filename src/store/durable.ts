/**
 * How do a small file and its name become durable? A file's bytes are synced through the file, its name and its
 * removal through the folder that holds it; one without the other can vanish with the power.
 */
import { copyFile, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { codeOf } from './disk-fault.ts'

/** Only the user who runs the bank may read what it keeps. */
export const PRIVATE_FILE = 0o600
export const PRIVATE_FOLDER = 0o700

/** Makes the names in a folder durable. Windows offers no such call, and keeps names in its own journal. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Creates or replaces a file. It is not atomic: after a crash the file may be there without its text. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', PRIVATE_FILE)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncFolder(dirname(path))
}

/** Removes a file and answers whether it was there. */
export async function removeDurably(path: string): Promise<boolean> {
  try {
    await unlink(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
  await syncFolder(dirname(path))
  return true
}

/** Copies the bytes of a file; the caller syncs the folder the copy lies in. */
export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  const handle = await open(to, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
