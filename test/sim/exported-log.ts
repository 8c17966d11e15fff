/**
 * What would a bank hand to an auditor? The files of its log, made from nothing but the rows on its disk, so that the
 * second judge of a simulated world reads what a stranger would read.
 */

import type { HeadFile, LogSource, Sources } from '../../src/audit/source.ts'
import { decodeEntry } from '../../src/core/entry.ts'
import { type Bytes, originOf, toBase32, toHex } from '../../src/core/ids.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { KEY_TYPE, printVkey } from '../../src/log/note.ts'
import { encodeBundle, printTilePath, TILE_WIDTH, tilesOf } from '../../src/log/tiles.ts'
import { openTree } from '../../src/log/tree.ts'
import {
  entryKey,
  entryRange,
  epochOfHeadKey,
  headKey,
  headRange,
  parseSeenHeadKey,
  seenHeadRange,
} from '../../src/store/keyspace.ts'
import type { MemoryDisk } from '../../src/store/memory-store.ts'

/** One bank's disk, and what its log is called. */
export interface ExportedBank {
  readonly bank: Bytes
  readonly logKey: Bytes
  readonly disk: MemoryDisk
}

export function exported(banks: readonly ExportedBank[]): Sources {
  const logs = banks
    .flatMap(logsOf)
    .sort((a, b) => (a.bank < b.bank ? -1 : a.bank > b.bank ? 1 : a.epoch - b.epoch))
  return { logs, heads: banks.flatMap(headsOf) }
}

/** Its epochs, each with the key that its first entry names. */
function logsOf(bank: ExportedBank): LogSource[] {
  return bank.disk.rowsOf(headRange).map(([key]) => {
    const epoch = epochOfHeadKey(key)
    const first = decodeEntry(bank.disk.get(entryKey(epoch, 0)) ?? new Uint8Array(0))
    const named = first.ok && first.entry.kind === 'rotate.in' ? first.entry.body.logKey : bank.logKey
    return logOf({ ...bank, logKey: named }, epoch)
  })
}

function logOf({ bank, logKey, disk }: ExportedBank, epoch: number): LogSource {
  const raws = disk.rowsOf(entryRange(epoch)).map(([, raw]) => raw)
  const tree = openTree({ size: 0, loadHash: () => new Uint8Array(32), loadTile: () => undefined })
  tree.append(raws.map((raw) => leafHash(raw)))
  const files = new Map<string, Bytes>()
  const put = (path: string, bytes: Bytes | null | undefined): void => {
    if (bytes !== null && bytes !== undefined) files.set(path, bytes)
  }
  put('checkpoint', disk.get(headKey(epoch)))
  const name = originOf(bank, epoch)
  put('vkey', new Uint8Array(Buffer.from(`${printVkey({ name, type: KEY_TYPE.log, key: logKey })}\n`)))
  for (const tile of tilesOf(raws.length)) {
    const first = tile.n * TILE_WIDTH
    const bytes =
      tile.kind === 'tile'
        ? tree.tile(tile.level, tile.n, tile.width)
        : encodeBundle(raws.slice(first, first + tile.width))
    put(printTilePath(tile).replace(/^\//, ''), bytes)
  }
  return {
    label: toBase32(bank),
    bank: toBase32(bank),
    epoch,
    paths: new Set(files.keys()),
    read: (path) => files.get(path)?.slice() ?? null,
  }
}

function headsOf({ disk, bank }: ExportedBank): HeadFile[] {
  return disk.rowsOf(seenHeadRange()).map(([key, bytes]) => ({
    label: `kept by ${toBase32(bank)}`,
    originHash: toHex(parseSeenHeadKey(key).originHash),
    bytes,
  }))
}
