/**
 * Where are the files of a log? Exported folders and zip files are searched for `tlog/<bank-id>/<epoch>/` and
 * `heads/<origin hash>/`, wherever these lie; all other files are none of the audit's business.
 *
 * Nothing in the files is believed here. A file that is not there or cannot be read is `null`; only a path that is
 * no folder and no zip at all is a fault.
 */

import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { unzipSync } from 'fflate'
import { Fault } from '../core/fault.ts'
import { type Bytes, compareBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'

/** The files of one epoch of one bank's log, by their path below the epoch: `checkpoint`, `tile/0/000.p/7`. */
export interface LogSource {
  /** For messages: where it was found. */
  readonly label: string
  /** 32 characters of base32, as the folder is called. */
  readonly bank: string
  readonly epoch: number
  readonly paths: ReadonlySet<string>
  /** Bytes of a file; null when it is missing, too large for its kind, or cannot be read. */
  read(path: string): Bytes | null
}

/** A note of another bank's head that somebody kept. */
export interface HeadFile {
  readonly label: string
  readonly originHash: string
  readonly bytes: Bytes
}

export interface Sources {
  readonly logs: readonly LogSource[]
  readonly heads: readonly HeadFile[]
}

/** Path inside its archive -> how to read it. */
type Files = ReadonlyMap<string, () => Bytes | null>

const LOG_FILE = /(?:^|\/)tlog\/([a-z2-7]{32})\/(0|[1-9][0-9]{0,5})\/(.+)$/
const HEAD_FILE = /(?:^|\/)heads\/([0-9a-f]{64})\/[^/]+$/

/** Finds the logs and kept heads in folders and zip files. Throws the fault `export_invalid` when there are none. */
export function findSources(paths: readonly string[]): Sources {
  const logs: LogSource[] = []
  const heads: HeadFile[] = []
  for (const path of paths) {
    const files = filesOf(path)
    const found = sortOut(path, files)
    logs.push(...found.logs)
    heads.push(...found.heads)
  }
  if (logs.length === 0) {
    throw new Fault(
      'export_invalid',
      `no log was found in ${paths.join(', ')}: name a folder or zip file of an export`,
    )
  }
  logs.sort((a, b) => (a.bank < b.bank ? -1 : a.bank > b.bank ? 1 : a.epoch - b.epoch))
  heads.sort((a, b) =>
    a.originHash < b.originHash ? -1 : a.originHash > b.originHash ? 1 : compareBytes(a.bytes, b.bytes),
  )
  return { logs, heads }
}

function sortOut(path: string, files: Files): Sources {
  const logs = new Map<
    string,
    { bank: string; epoch: number; label: string; files: Map<string, () => Bytes | null> }
  >()
  const heads: HeadFile[] = []
  for (const [name, read] of files) {
    const match = LOG_FILE.exec(name)
    const head = match === null ? HEAD_FILE.exec(name) : null
    if (match !== null) {
      const [, bank = '', epoch = '', inner = ''] = match
      const root = name.slice(0, name.length - inner.length)
      const log = logs.get(root) ?? { bank, epoch: Number(epoch), label: `${path}:${root}`, files: new Map() }
      log.files.set(inner, read)
      logs.set(root, log)
    } else if (head !== null) {
      const bytes = read()
      if (bytes !== null) heads.push({ label: `${path}:${name}`, originHash: head[1] as string, bytes })
    }
  }
  return {
    logs: [...logs.values()].map(({ bank, epoch, label, files: own }) => ({
      bank,
      epoch,
      label,
      paths: new Set(own.keys()),
      read: (inner) => own.get(inner)?.() ?? null,
    })),
    heads,
  }
}

function filesOf(path: string): Files {
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
  } catch (cause) {
    throw new Fault('export_invalid', `there is no ${path}: name a folder or zip file of an export`, {
      cause,
    })
  }
  return isFolder ? folderFiles(path) : zipFiles(path)
}

function folderFiles(path: string): Files {
  const files = new Map<string, () => Bytes | null>()
  const base = resolve(path)
  // The whole path counts, so that the folder `tlog` itself, or one inside it, may be named as well.
  const above = base.split(sep).slice(-3).join('/')
  for (const entry of readFolder(base)) {
    const full = join(entry.parentPath, entry.name)
    const name = `${above}/${relative(base, full).split(sep).join('/')}`
    if (entry.isFile() && isWanted(name)) files.set(name, () => readFile(full))
  }
  return files
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
  } catch (cause) {
    throw new Fault('export_invalid', `${path} cannot be read: check its permissions`, { cause })
  }
}

function readFile(path: string): Bytes | null {
  try {
    return statSync(path).size > LIMITS.auditFileBytes ? null : new Uint8Array(readFileSync(path))
  } catch {
    // A file that vanished or cannot be read is reported as missing, by its name, where it is needed.
    return null
  }
}

function zipFiles(path: string): Files {
  const files = new Map<string, () => Bytes | null>()
  let room = LIMITS.auditZipBytes
  try {
    const unpacked = unzipSync(new Uint8Array(readFileSync(path)), {
      filter: ({ name, originalSize }) => {
        if (!isWanted(name) || originalSize > LIMITS.auditFileBytes) return false
        room -= originalSize
        if (room < 0) throw new Error(`more than ${LIMITS.auditZipBytes} bytes when unpacked`)
        return true
      },
    })
    for (const [name, bytes] of Object.entries(unpacked)) files.set(name, () => bytes)
  } catch (cause) {
    throw new Fault(
      'export_invalid',
      `${path} is no zip file that can be read whole: unpack it and name the folder`,
      { cause },
    )
  }
  return files
}

function isWanted(name: string): boolean {
  return LOG_FILE.test(name) || HEAD_FILE.test(name)
}
