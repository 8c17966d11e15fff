/**
 * Where does the bank of a folder answer while it runs? A small file beside the keys says it, for programs of the
 * same user; it is written once the port is taken and removed at the end.
 */

import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { writeSecret } from '../keys/secret-files.ts'

export interface RunningBank {
  readonly url: string
  readonly pid: number
}

/** Says that this process serves the folder at this address. */
export async function announceRunning(folder: string, url: string): Promise<void> {
  await writeSecret(pathOf(folder), `${JSON.stringify({ url, pid: process.pid })}\n`)
}

/** Removes what was said, unless a later process has said something else. */
export async function retractRunning(folder: string): Promise<void> {
  if ((await readFileOf(folder))?.pid === process.pid) await rm(pathOf(folder), { force: true })
}

/** The bank that runs on this folder, or null; a file left by a process that was killed counts for nothing. */
export async function findRunning(folder: string): Promise<RunningBank | null> {
  const said = await readFileOf(folder)
  return said !== null && isAlive(said.pid) ? said : null
}

async function readFileOf(folder: string): Promise<RunningBank | null> {
  try {
    const said: unknown = JSON.parse(await readFile(pathOf(folder), 'utf8'))
    return isRunningBank(said) ? said : null
  } catch {
    // No file, half a file or another's: in each case nobody is known to run here.
    return null
  }
}

function isRunningBank(said: unknown): said is RunningBank {
  return (
    typeof said === 'object' &&
    said !== null &&
    'url' in said &&
    typeof said.url === 'string' &&
    'pid' in said &&
    Number.isSafeInteger(said.pid)
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function pathOf(folder: string): string {
  return join(folder, 'api.json')
}
