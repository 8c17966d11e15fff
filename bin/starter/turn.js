/**
 * How do two starters on one clone keep out of each other's way? Whoever installs or builds holds a lock
 * folder that names its process; a lock whose process has ended is broken by the next in line.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Halt, say } from './run.js'

const ASK_AGAIN_MS = 200
/** Longer than the slowest install we expect, so that a wait without end shows itself. */
const GIVE_UP_MS = 15 * 60_000
/** A lock without a process number was left by a process that ended within these few moments. */
const NAMELESS_MS = 5_000

/**
 * Does the work while holding the lock of a folder.
 * @template T
 * @param {string} folder is made if missing
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTurn(folder, work) {
  const lock = join(folder, 'turn')
  mkdirSync(folder, { recursive: true })
  await take(lock)
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** @param {string} lock */
async function take(lock) {
  const begun = Date.now()
  let told = false
  while (!tryToTake(lock)) {
    if (breakIfLeft(lock)) continue
    if (Date.now() - begun > GIVE_UP_MS) {
      throw new Halt(`another start has held ${lock} for too long: end it, or delete that folder.`)
    }
    if (!told) say(`waiting for another start to finish (process ${holderOf(lock) ?? 'unknown'})`)
    told = true
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

/** @param {string} lock */
function tryToTake(lock) {
  try {
    mkdirSync(lock)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(lock, 'pid'), String(process.pid))
  return true
}

/**
 * Removes a lock whose holder has ended. Two that find the same dead lock must not break it one after the
 * other, for the second would break the first one's new lock: so they look again inside a lock of their own.
 * @param {string} lock
 */
function breakIfLeft(lock) {
  if (!isLeft(lock)) return false
  const breaking = `${lock}.breaking`
  if (!tryToTake(breaking)) {
    if (isLeft(breaking)) rmSync(breaking, { recursive: true, force: true })
    return false
  }
  if (isLeft(lock)) rmSync(lock, { recursive: true, force: true })
  rmSync(breaking, { recursive: true, force: true })
  return true
}

/** @param {string} lock */
function isLeft(lock) {
  const holder = holderOf(lock)
  if (holder !== undefined) return !isAlive(holder)
  const made = statSync(lock, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > NAMELESS_MS
}

/** @param {string} lock */
function holderOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8')) || undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Anything but "no such process", for example "not permitted", means that there is one.
    return codeOf(error) !== 'ESRCH'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
