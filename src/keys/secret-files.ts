/**
 * How is a secret kept in a file? Written whole or not at all, readable by the bank's own user alone, and refused
 * when somebody else could read it ([OPS-3]).
 */

import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { Fault } from '../core/fault.ts'

const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700
const OTHERS = 0o077

/** Makes a folder that only its owner can enter. */
export async function makeSecretFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER })
  await refuseLoosePermissions(path, '700')
}

/** Creates or replaces the file; after a crash it holds the old text or the new one. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  const handle = await open(temporary, 'w', PRIVATE_FILE)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  // A leftover of an earlier try keeps its own bits when it is written again.
  await chmod(temporary, PRIVATE_FILE)
  await rename(temporary, path)
  await syncFolder(dirname(path))
}

/** Puts a secret in the place of another; after a crash the place holds the one or the other. */
export async function moveSecret(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** The secret is nowhere any more once this resolves, as far as a disk forgets. */
export async function dropSecret(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

/** The text, or null when there is no such file. Throws Fault `folder_unsafe` when others can read it. */
export async function readSecret(path: string): Promise<string | null> {
  try {
    await refuseLoosePermissions(dirname(path), '700')
    await refuseLoosePermissions(path, '600')
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Windows keeps no such bits, and answers with made-up ones. */
async function refuseLoosePermissions(path: string, wanted: '600' | '700'): Promise<void> {
  const { mode } = await stat(path)
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return
  throw new Fault(
    'folder_unsafe',
    `Other users of this machine can read ${path} (mode ${(mode & 0o777).toString(8)}), which holds a secret of this bank. ` +
      `Run: chmod ${wanted} ${path}`,
  )
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
