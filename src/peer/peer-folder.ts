/**
 * Where does the network remember whom it has met? One LevelDB beside the bank's own, shared by libp2p's peer store
 * and the address book ([DISC-6]). It is disposable: a folder that is damaged is made anew and reported, never fatal.
 */

import { mkdir, rm } from 'node:fs/promises'
import { LevelDatastore } from 'datastore-level'
import { Level } from 'level'
import { Fault, reasonOf } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'

/** Rows beside libp2p's own. Their keys are text and start with `/commonhour/`. */
export interface PeerRows {
  get(key: string): Promise<Bytes | null>
  /** All rows whose key starts so, in order of their keys. */
  under(start: string): AsyncIterable<readonly [key: string, value: Bytes]>
  /** Sets rows, and removes those whose value is null, all at once. Not synced: losing the last ones is no loss. */
  write(changes: ReadonlyMap<string, Bytes | null>): Promise<void>
}

export interface PeerFolder {
  /** For the host; it must be stopped before `close`. */
  readonly datastore: LevelDatastore
  readonly rows: PeerRows
  close(): Promise<void>
}

type Database = Level<string, Uint8Array>

/**
 * Opens the folder, made if missing. It belongs to this program alone: whatever in it LevelDB cannot open is
 * removed and begun again. Throws Fault `folder_in_use` when another process has it open, and `disk_low` when its disk is
 * full.
 */
export async function openPeerFolder(path: string, report: (problem: string) => void): Promise<PeerFolder> {
  try {
    return folderOf(await openDatabase(path))
  } catch (error) {
    if (isLocked(error)) {
      throw new Fault('folder_in_use', `Another program works in ${path}. End it first.`, { cause: error })
    }
    // A full disk damages nothing, and what it cannot hold now must not be thrown away.
    if (isFull(error)) {
      throw new Fault(
        'disk_low',
        `The disk of ${path} is full. Make room, then start again; what was recorded before is kept.`,
        { cause: error },
      )
    }
    report(`the memory of the network in ${path} was damaged and is begun anew (${reasonOf(causeOf(error))})`)
  }
  await rm(path, { recursive: true, force: true })
  return folderOf(await openDatabase(path))
}

/** The rows of a process that keeps none: a bank that only tries things out. */
export function memoryRows(): PeerRows {
  const rows = new Map<string, Bytes>()
  return {
    get: async (key) => rows.get(key) ?? null,
    async *under(start) {
      for (const key of [...rows.keys()].sort()) {
        if (key.startsWith(start)) yield [key, rows.get(key) as Bytes] as const
      }
    },
    async write(changes) {
      for (const [key, value] of changes) {
        if (value === null) rows.delete(key)
        else rows.set(key, value.slice())
      }
    },
  }
}

async function openDatabase(path: string): Promise<Database> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const database: Database = new Level(path, { keyEncoding: 'utf8', valueEncoding: 'view' })
  await database.open()
  return database
}

function folderOf(database: Database): PeerFolder {
  return {
    datastore: new LevelDatastore(database),
    rows: {
      get: async (key) => plain(await database.get(key)),
      async *under(start) {
        // The upper end lies above every text that starts so: keys are ASCII.
        for await (const [key, value] of database.iterator({ gte: start, lt: `${start}\x7f` })) {
          yield [key, new Uint8Array(value)] as const
        }
      },
      write: (changes) =>
        database.batch(
          [...changes].map(([key, value]) =>
            value === null ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
          ),
        ),
    },
    close: () => database.close(),
  }
}

/** LevelDB hands out Buffers, whose `slice` shares memory. */
function plain(value: Uint8Array | undefined): Bytes | null {
  return value === undefined ? null : new Uint8Array(value)
}

/** LevelDB's own word stands behind the wrapper's. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}

function isLocked(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
}

function isFull(error: unknown): boolean {
  return /No space left|quota exceeded|not enough space|ENOSPC|EDQUOT/i.test(
    `${reasonOf(error)} ${reasonOf(causeOf(error))}`,
  )
}
