/**
 * May this process use this data folder? It exists or is made, nobody else can read it, and no other process works
 * in it: two programs on one folder would sign two different logs.
 *
 * The lock file says who works here, in words for the operator. LevelDB's own lock, which the kernel drops with the
 * process, stands behind it and decides where the file cannot: in a race for a stale lock, or between containers.
 */
import { type FileHandle, mkdir, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { Fault } from '../core/fault.ts'
import { codeOf } from './disk-fault.ts'
import { PRIVATE_FILE, PRIVATE_FOLDER } from './durable.ts'

/** A folder that is ours until `release`. */
export type Claim = { readonly folder: string; release(): Promise<void> }

/**
 * Who holds a lock. `since` is the running kernel and the process's start in its ticks, which tells a process from
 * a later one that was given the same pid; it is empty where the system does not say.
 */
type Holder = { readonly pid: number; readonly host: string; readonly since: string }

/** Opening a folder twice in one process would drop the kernel's lock for all others; so that is known here. */
const claimed = new Set<string>()

const OTHERS = 0o077

/**
 * Makes the folder if it is missing, checks it and takes its lock. Throws Fault `folder_unsafe` or `folder_in_use`,
 * and the file system's error as it is for anything else.
 */
export async function claimFolder(path: string): Promise<Claim> {
  await makeFolder(resolve(path))
  const folder = await realpath(path)
  await refuseLoosePermissions(folder)
  if (claimed.has(folder)) throw inUse(folder, await ownHolder())
  claimed.add(folder)
  try {
    const text = describe(await ownHolder())
    const lock = join(folder, 'lock')
    await takeLock(folder, lock, text)
    return {
      folder,
      release: async () => {
        if ((await readIfThere(lock)) === text) await removeIfThere(lock)
        claimed.delete(folder)
      },
    }
  } catch (error) {
    claimed.delete(folder)
    throw error
  }
}

/** Made step by step: asking Node for the whole path at once never ends where the system makes no folders (/proc). */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: PRIVATE_FOLDER })
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) === 'ENOENT' && parent !== path && !(await isFolder(parent))) {
      await makeFolder(parent)
      await makeFolder(path)
    } else if (!(await isFolder(path))) {
      throw error
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false // Whatever the reason, the error of making it is the one to tell.
  }
}

/** Windows keeps no such bits, and answers with made-up ones. */
async function refuseLoosePermissions(folder: string): Promise<void> {
  const { mode } = await stat(folder)
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return
  throw new Fault(
    'folder_unsafe',
    `Other users of this machine can enter the data folder ${folder} (mode ${(mode & 0o777).toString(8)}), which holds this bank's keys. Run: chmod 700 ${folder}`,
  )
}

async function takeLock(folder: string, lock: string, text: string): Promise<void> {
  while (!(await createLock(lock, text))) {
    const found = await readIfThere(lock)
    if (found === null) continue
    const holder = parseHolder(found)
    if (holder !== null && (await holds(holder))) throw inUse(folder, holder)
    await setAside(lock)
  }
}

/** Creates the lock file, or answers false when one is there. A file that could not be filled is removed again. */
async function createLock(lock: string, text: string): Promise<boolean> {
  let handle: FileHandle
  try {
    handle = await open(lock, 'wx', PRIVATE_FILE)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    await handle.writeFile(text)
    return true
  } catch (error) {
    await unlink(lock)
    throw error
  } finally {
    await handle.close()
  }
}

/** Removes a stale lock under a name of our own, so that of two takers one finds nothing left to move. */
async function setAside(lock: string): Promise<void> {
  const ours = `${lock}.stale-${process.pid}`
  try {
    await rename(lock, ours)
    await unlink(ours)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/**
 * Whether the holder may still be at work. On another host that cannot be seen, so it counts as working; under the
 * same kernel another host name is a container, whose pids mean nothing here, and LevelDB's lock decides.
 */
async function holds(holder: Holder): Promise<boolean> {
  const own = await ownHolder()
  if (holder.host !== own.host) return own.since === '' || kernelOf(holder) !== kernelOf(own)
  if (!isAlive(holder.pid)) return false
  const since = await sinceOf(holder.pid)
  if (since === '' || holder.since === '') return holder.pid !== process.pid
  return since === holder.since
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

async function ownHolder(): Promise<Holder> {
  return { pid: process.pid, host: hostname(), since: await sinceOf(process.pid) }
}

/** proc(5): field 22 of /proc/PID/stat is the start time; the second field may hold blanks and ends with ')'. */
async function sinceOf(pid: number): Promise<string> {
  const kernel = await readIfThere('/proc/sys/kernel/random/boot_id')
  const status = await readIfThere(`/proc/${pid}/stat`)
  const started = status?.slice(status.lastIndexOf(')') + 2).split(' ')[19]
  return kernel === null || started === undefined ? '' : `${kernel.trim()}/${started}`
}

function kernelOf(holder: Holder): string {
  return holder.since.slice(0, holder.since.indexOf('/'))
}

function describe({ pid, host, since }: Holder): string {
  return `pid ${pid}\nhost ${host}\nsince ${since}\n`
}

/** Null when the text is not whole: whoever wrote it died on the way, or LevelDB's lock will tell. */
function parseHolder(text: string): Holder | null {
  const match = /^pid ([1-9][0-9]{0,9})\nhost (.*)\nsince (.*)\n$/.exec(text)
  return match === null
    ? null
    : { pid: Number(match[1]), host: match[2] as string, since: match[3] as string }
}

function inUse(folder: string, holder: Holder): Fault {
  const here = holder.host === hostname()
  const who = `process ${holder.pid}${here ? '' : ` on ${holder.host}`}`
  const next = here
    ? `Stop that process (kill ${holder.pid}), or name another folder, then start again.`
    : `Stop it there. If ${holder.host} is gone for good, remove the file ${join(folder, 'lock')}, then start again.`
  return new Fault('folder_in_use', `The data folder ${folder} is in use by ${who}. ${next}`)
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return null
    throw error
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
