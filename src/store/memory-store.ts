/**
 * How are the store's promises kept without a disk? For tests and the simulator: the same contract, on a sorted
 * list that outlives the store as a disk outlives a process.
 */
import { Fault, must } from '../core/fault.ts'
import { compareBytes } from '../core/ids.ts'
import { type KeyRange, type ReadRange, type Row, type Store, type Write, walkEnded } from './store.ts'

/**
 * What lies on a disk in memory: whole batches, and nothing that was not yet acknowledged or about to be. A crash
 * is a second `openMemoryStore` on the same disk; the store before it can then write no more.
 */
export class MemoryDisk {
  /** Bytes the store will report as free; the bound of a full disk is tried by lowering it. */
  freeBytes = Infinity

  /** Ascending by key. A row is never changed, only replaced. */
  readonly #rows: Row[] = []

  /** The rows of a range as of now, ascending; later batches do not reach them. */
  rowsOf(range: KeyRange): Row[] {
    const first = firstAtOrAbove(this.#rows, range.from)
    return this.#rows.slice(first, Math.max(first, firstAtOrAbove(this.#rows, range.to)))
  }

  /** The value itself and not a copy, as in `rowsOf`. */
  get(key: Uint8Array): Uint8Array | undefined {
    const row = this.#rows[firstAtOrAbove(this.#rows, key)]
    return row !== undefined && compareBytes(row[0], key) === 0 ? row[1] : undefined
  }

  /** Takes over the bytes of the batch: nobody else may hold them. */
  commit(batch: readonly Write[]): void {
    for (const write of batch) {
      const key = 'del' in write ? write.del : write.put
      const at = firstAtOrAbove(this.#rows, key)
      const there = this.#rows[at]
      const held = there !== undefined && compareBytes(there[0], key) === 0 ? 1 : 0
      if ('del' in write) this.#rows.splice(at, held)
      else this.#rows.splice(at, held, [key, write.value])
    }
  }
}

/** Which store was opened last on a disk. */
const owners = new WeakMap<MemoryDisk, symbol>()

/** Opens a store on a disk in memory; without one, on an empty disk of its own. */
export function openMemoryStore(disk: MemoryDisk = new MemoryDisk()): Store {
  const self = Symbol('store')
  owners.set(disk, self)
  let open = true
  let appending: Promise<void> | null = null

  async function commitCopy(copy: readonly Write[]): Promise<void> {
    await null // A batch is never visible before its caller has waited, as on a real disk.
    if (owners.get(disk) !== self) throw replaced()
    disk.commit(copy)
  }

  async function append(batch: readonly Write[]): Promise<void> {
    must(open, 'the store is open')
    must(appending === null, 'one append at a time')
    if (owners.get(disk) !== self) throw replaced()
    if (batch.length === 0) return
    appending = commitCopy(batch.map(copyOf))
    try {
      await appending
    } finally {
      appending = null
    }
  }

  /** The rows are taken here and not at the first step: they are the point in time that is read. */
  function pages(range: ReadRange, pageSize: number): AsyncIterable<readonly Row[]> {
    must(open, 'the store is open')
    must(Number.isSafeInteger(pageSize) && pageSize > 0, 'a page has at least one row')
    const rows = disk.rowsOf(range)
    return walk(range.order === 'descending' ? rows.reverse() : rows, pageSize)
  }

  async function* walk(rows: readonly Row[], pageSize: number): AsyncGenerator<readonly Row[]> {
    for (let at = 0; at < rows.length; at += pageSize) {
      await null
      if (!open) throw walkEnded()
      yield rows.slice(at, at + pageSize).map(([key, value]) => [key.slice(), value.slice()] as const)
    }
  }

  return {
    append,
    pages,
    get: (key) => {
      must(open, 'the store is open')
      return disk.get(key)?.slice()
    },
    freeBytes: async () => disk.freeBytes,
    compact: async () => must(open, 'the store is open'),
    close: async () => {
      open = false
      await appending?.catch(() => {}) // Its caller is told; here only its end matters.
    },
  }
}

/** Index of the first row whose key is not below `key`; the number of rows when all are. */
function firstAtOrAbove(rows: readonly Row[], key: Uint8Array): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareBytes((rows[middle] as Row)[0], key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function copyOf(write: Write): Write {
  const key = 'del' in write ? write.del : write.put
  must(key.length > 0, 'a key is not empty')
  return 'del' in write ? { del: key.slice() } : { put: key.slice(), value: write.value.slice() }
}

function replaced(): Fault {
  return new Fault('commit_unknown', 'Another store was opened on this disk.', { fatal: true })
}
