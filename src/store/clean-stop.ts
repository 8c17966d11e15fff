/**
 * Did the last run end cleanly, and if not, what did LevelDB's files look like before it repaired them?
 *
 * LevelDB reads its write-ahead files when it opens, drops in silence what it cannot read, and deletes them. After
 * a stop that was not clean they are therefore copied first ([CRASH-6]): only they can show, and perhaps give back,
 * entries that were lost to a damaged disk.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LIMITS } from '../core/limits.ts'
import { codeOf } from './disk-fault.ts'
import { copyDurably, PRIVATE_FOLDER, removeDurably, syncFolder, writeDurably } from './durable.ts'

const MARK = 'clean'
const COPIES = 'aside'
/** Of LevelDB's files those that recovery replaces: write-ahead files, and what names the current state. */
const REPLACED = /^([0-9]+\.log|MANIFEST-[0-9]+|CURRENT)$/
const COPY_NAME = /^[1-9][0-9]{0,8}$/

/** Says that everything was closed in order. Called last, when the database is shut. */
export async function markCleanStop(folder: string): Promise<void> {
  await writeDurably(join(folder, MARK), 'stopped cleanly\n')
}

/**
 * Removes the mark of a clean stop, durably, before the database is touched; from now on every end but a close
 * is a crash. Answers whether the mark was there.
 */
export async function takeCleanStop(folder: string): Promise<boolean> {
  return await removeDurably(join(folder, MARK))
}

/** Copies what recovery will replace and answers with the folder of the copy. The newest copies are kept. */
export async function keepCrashCopy(folder: string, database: string): Promise<string> {
  const copies = join(folder, COPIES)
  await mkdir(copies, { recursive: true, mode: PRIVATE_FOLDER })
  const numbers = await dropOldCopies(copies, LIMITS.crashCopies - 1)
  const copy = join(copies, String((numbers.at(-1) ?? 0) + 1))
  const unfinished = `${copy}.part`
  await mkdir(unfinished, { mode: PRIVATE_FOLDER })
  for (const name of await readdir(database)) {
    if (REPLACED.test(name)) await copyDurably(join(database, name), join(unfinished, name))
  }
  await syncFolder(unfinished)
  await rename(unfinished, copy)
  await syncFolder(copies)
  await syncFolder(folder)
  return copy
}

/** Removes every crash copy: they hold private texts that an erasure must reach too. */
export async function dropCrashCopies(folder: string): Promise<void> {
  await rm(join(folder, COPIES), { recursive: true, force: true })
  await syncFolder(folder)
}

/** Keeps the newest `kept` copies, removes the others and any that was never finished; answers with their numbers. */
async function dropOldCopies(copies: string, kept: number): Promise<number[]> {
  const names = await readdir(copies)
  const numbers = names
    .filter((name) => COPY_NAME.test(name))
    .map(Number)
    .sort((a, b) => a - b)
  const old = numbers.slice(0, Math.max(0, numbers.length - kept)).map(String)
  const unfinished = names.filter((name) => name.endsWith('.part'))
  for (const name of [...old, ...unfinished]) await rm(join(copies, name), { recursive: true, force: true })
  return numbers
}

/**
 * Whether a folder holds a database. Throws nothing for a first start that was cut short: it left no data. A
 * database whose CURRENT is missing is `broken`: LevelDB would take it for new and delete what is there.
 */
export async function databaseIn(database: string): Promise<'none' | 'broken' | 'some'> {
  let names: string[]
  try {
    names = await readdir(database)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'none'
    throw error
  }
  if (names.includes('CURRENT')) return 'some'
  return names.some((name) => /\.(log|ldb|sst)$/.test(name)) ? 'broken' : 'none'
}
