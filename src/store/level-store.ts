/**
 * How are the store's promises kept on a real disk? With LevelDB: one atomic batch with `sync: true` an append, in
 * a folder that is claimed first and whose last stop is looked at before the database opens.
 *
 *   <folder>/db      LevelDB's files       <folder>/lock    who works here
 *   <folder>/clean   the last stop was     <folder>/aside   write-ahead files as they were
 *                    in order                               after the last three crashes
 *
 * LevelDB's binding offers no paranoid checks: a damaged write-ahead file loses its tail in silence, and a damaged
 * table may be read as it is. The replay of the whole log and the head guard notice both for what the log covers.
 */
import { join } from 'node:path'
import { type Iterator, Level } from 'level'
import { Fault, must, reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'
import { databaseIn, dropCrashCopies, keepCrashCopy, markCleanStop, takeCleanStop } from './clean-stop.ts'
import { type Claim, claimFolder } from './data-folder.ts'
import { codeOf, databaseDamaged, folderFault, freeBytesAt } from './disk-fault.ts'
import { type ReadRange, type Row, type Store, type Write, walkEnded } from './store.ts'

/** Keys and values are bytes and stay so; the encoding LevelDB's binding assumes otherwise mangles them. */
type Database = Level<Uint8Array, Uint8Array>

/** Files that LevelDB counts as open beside its tables. */
const OTHER_FILES = 10

/** A store on disk. `crashCopy` is where the files of a crash were copied at this start, null after a clean stop. */
export type LevelStore = Store & { readonly crashCopy: string | null }

interface LevelStoreOptions {
  readonly folder: string
  /** Hears how many seconds each append took, whether it went well or not. */
  readonly took?: ((seconds: number) => void) | undefined
}

/**
 * Opens the database of a data folder, which is made if it is missing, and holds the folder until `close`.
 *
 * Throws Fault `folder_unsafe`, `folder_in_use`, `folder_read_only`, `folder_not_set_up` (a file lies in its
 * place), `disk_low`, or `store_failed`, fatal, for a damaged database; nothing stays claimed then.
 */
export async function openLevelStore({ folder, took }: LevelStoreOptions): Promise<LevelStore> {
  let claim: Claim | null = null
  try {
    claim = await claimFolder(folder)
    const { database, crashCopy } = await openDatabase(claim.folder)
    return levelStore(claim, database, { crashCopy, took })
  } catch (error) {
    await claim?.release()
    throw await folderFault(folder, error)
  }
}

async function openDatabase(folder: string): Promise<{ database: Database; crashCopy: string | null }> {
  const path = join(folder, 'db')
  const found = await databaseIn(path)
  if (found === 'broken') throw databaseDamaged(folder, 'its file CURRENT is missing')
  const stoppedCleanly = await takeCleanStop(folder)
  const crashCopy = found === 'some' && !stoppedCleanly ? await keepCrashCopy(folder, path) : null
  const database = new Level<Uint8Array, Uint8Array>(path, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    createIfMissing: found === 'none',
    maxFileSize: LIMITS.storeTableBytes,
    maxOpenFiles: LIMITS.storeOpenTables + OTHER_FILES,
  })
  await database.open()
  return { database, crashCopy }
}

function levelStore(
  claim: Claim,
  database: Database,
  { crashCopy, took }: Pick<LevelStore, 'crashCopy'> & Pick<LevelStoreOptions, 'took'>,
): LevelStore {
  let open = true
  let appending: Promise<void> | null = null
  let failure: Fault | null = null
  /** Ends of the walks under way: until then their point in time is kept in the files. */
  const walks = new Set<Promise<void>>()

  async function append(batch: readonly Write[]): Promise<void> {
    must(open, 'the store is open')
    must(appending === null, 'one append at a time')
    if (failure !== null) throw failure
    if (batch.length === 0) return
    const began = performance.now()
    appending = writeSynced(database, batch)
    try {
      await appending
    } catch (cause) {
      failure = unknownOutcome(claim.folder, cause)
      throw failure
    } finally {
      appending = null
      took?.((performance.now() - began) / 1000)
    }
  }

  function get(key: Uint8Array): Uint8Array | undefined {
    must(open, 'the store is open')
    try {
      const value = database.getSync(key)
      return value === undefined ? undefined : plain(value)
    } catch (cause) {
      throw databaseDamaged(claim.folder, reasonOf(cause), cause)
    }
  }

  /** The iterator is made here and not at the first step: it fixes the point in time that is read. */
  function pages(range: ReadRange, pageSize: number): AsyncIterable<readonly Row[]> {
    must(open, 'the store is open')
    must(Number.isSafeInteger(pageSize) && pageSize > 0, 'a page has at least one row')
    const iterator = iteratorOver(database, range)
    const ended = Promise.withResolvers<void>()
    walks.add(ended.promise)
    return walk(claim.folder, iterator, pageSize, () => {
      walks.delete(ended.promise)
      ended.resolve()
    })
  }

  async function close(): Promise<void> {
    if (!open) return
    open = false
    await appending?.catch(() => {}) // Its caller is told; here only its end matters.
    try {
      await database.close()
      if (failure === null) await markCleanStop(claim.folder)
    } catch (error) {
      throw await folderFault(claim.folder, error)
    } finally {
      await claim.release()
    }
  }

  return {
    crashCopy,
    append,
    get,
    pages,
    close,
    freeBytes: () => freeBytesAt(claim.folder),
    compact: async ({ from, to }) => {
      must(open, 'the store is open')
      must(canCompact(database), 'LevelDB can compact a range')
      await Promise.all(walks)
      must(open, 'the store is open')
      await database.compactRange(from, to)
      await dropCrashCopies(claim.folder)
    },
  }
}

/** Copies the batch, then writes it: when this returns its promise the caller's bytes are no longer looked at. */
function writeSynced(database: Database, batch: readonly Write[]): Promise<void> {
  const writes = database.batch()
  for (const write of batch) {
    const key = 'del' in write ? write.del : write.put
    must(key.length > 0, 'a key is not empty')
    if ('del' in write) writes.del(key)
    else writes.put(key, write.value)
  }
  return writes.write({ sync: true })
}

type Rows = Iterator<Database, Uint8Array, Uint8Array>

function iteratorOver(database: Database, range: ReadRange): Rows {
  return database.iterator({
    gte: range.from,
    lt: range.to,
    reverse: range.order === 'descending',
    highWaterMarkBytes: LIMITS.storePageBytes,
  })
}

async function* walk(
  folder: string,
  iterator: Rows,
  pageSize: number,
  ended: () => void,
): AsyncGenerator<readonly Row[]> {
  // The next page is read on LevelDB's thread while the reader works on this one.
  let ahead = nextRows(folder, iterator, pageSize)
  try {
    for (;;) {
      const rows = await ahead
      if (rows.length === 0) return
      ahead = nextRows(folder, iterator, pageSize)
      ahead.catch(() => {}) // Thrown when its turn comes; a reader that leaves early never asks.
      // The pairs were made for this page alone: they are handed on, and only what is in them is put in other hands.
      for (const row of rows) {
        row[0] = plain(row[0])
        row[1] = plain(row[1])
      }
      yield rows
    }
  } finally {
    await ahead.catch(() => {})
    await iterator.close().finally(ended)
  }
}

async function nextRows(
  folder: string,
  iterator: Rows,
  pageSize: number,
): Promise<[Uint8Array, Uint8Array][]> {
  try {
    return await iterator.nextv(pageSize)
  } catch (cause) {
    if (codeOf(cause) === 'LEVEL_ITERATOR_NOT_OPEN') throw walkEnded()
    throw databaseDamaged(folder, reasonOf(cause), cause)
  }
}

/** The binding answers with a Buffer, whose `slice` shares memory; a plain array of the same bytes does not. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function unknownOutcome(folder: string, cause: unknown): Fault {
  return new Fault(
    'commit_unknown',
    `Writing to the database in ${folder} failed: ${reasonOf(cause)}. Whether the last records were kept is not known until this bank starts again and reads its disk. Check the disk, then start again.`,
    { cause, fatal: true },
  )
}

type Compactable = { compactRange(from: Uint8Array, to: Uint8Array): Promise<void> }

/** The types of `level` name only what browsers can do as well; compaction is LevelDB's own. */
function canCompact(database: object): database is Compactable {
  return 'compactRange' in database && typeof database.compactRange === 'function'
}
