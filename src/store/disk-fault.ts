/**
 * Which fault is an error of the file system or of LevelDB, and what should the operator do about it?
 *
 * The file system gives codes; LevelDB passes on the operating system's sentence, so both are looked at.
 */
import { statfs } from 'node:fs/promises'
import { Fault, reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'

const MIB = 1024 * 1024

const FULL = /No space left|quota exceeded|not enough space/i
const READ_ONLY = /Read-only file system|Permission denied|not permitted|Access is denied/i

/**
 * What to throw for an error met while a data folder is claimed, opened or closed: a Fault, or the error itself
 * when it is a Fault already, or has no code and so is a bug of ours.
 */
export async function folderFault(folder: string, cause: unknown): Promise<unknown> {
  if (cause instanceof Fault) return cause
  const codes = new Set<string>()
  const reasons: string[] = []
  for (let error = cause; error !== undefined && error !== null; error = causeOf(error)) {
    if (codeOf(error) !== '') codes.add(codeOf(error))
    reasons.push(reasonOf(error))
  }
  if (codes.size === 0) return cause
  const reason = reasons.at(-1) ?? 'no reason given'
  if (codes.has('ENOSPC') || codes.has('EDQUOT') || FULL.test(reason)) return diskLow(folder, cause)
  if (codes.has('LEVEL_LOCKED')) return databaseLocked(folder, cause)
  if (codes.has('EROFS') || codes.has('EACCES') || codes.has('EPERM') || READ_ONLY.test(reason)) {
    return new Fault(
      'folder_read_only',
      `The data folder ${folder} cannot be written: ${reason}. Make it writable for the user who runs this bank, then start again.`,
      { cause },
    )
  }
  if (codes.has('ENOTDIR') || codes.has('EEXIST')) {
    return new Fault(
      'folder_not_set_up',
      `${folder} cannot be a data folder, because a file lies there: ${reason}. Name another folder, then start again.`,
      { cause },
    )
  }
  if ([...codes].some((code) => code.startsWith('LEVEL_'))) return databaseDamaged(folder, reason, cause)
  return new Fault('store_failed', `The data folder ${folder} cannot be used: ${reason}.`, { cause })
}

/** The database does not open, or gives back damaged bytes. */
export function databaseDamaged(folder: string, reason: string, cause?: unknown): Fault {
  return new Fault(
    'store_failed',
    `The database in ${folder} cannot be read: ${reason}. Nothing was changed. Keep a copy of the whole folder, then restore this bank from a backup.`,
    { cause, fatal: true },
  )
}

/** The `code` of an error, an empty text when it has none. */
export function codeOf(error: unknown): string {
  const coded = typeof error === 'object' && error !== null && 'code' in error
  return coded && typeof error.code === 'string' ? error.code : ''
}

/** Bytes an ordinary user may still write on the disk of a path. */
export async function freeBytesAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

function databaseLocked(folder: string, cause: unknown): Fault {
  return new Fault(
    'folder_in_use',
    `The database in ${folder} is open in another process, perhaps in another container. Stop that process, then start again.`,
    { cause },
  )
}

async function diskLow(folder: string, cause: unknown): Promise<Fault> {
  const free = await freeBytesAt(folder).then(
    (bytes) => `; ${(bytes / MIB).toFixed(1)} MiB are free`,
    () => '',
  )
  return new Fault(
    'disk_low',
    `The disk of ${folder} is full. This bank needs at least ${LIMITS.diskFreeBytes / MIB} MiB of free space${free}. Make room, then start again; what was recorded before is kept.`,
    { cause },
  )
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}
