/**
 * What would a bank that rewrites its own history look like? Takes an exported log, makes one credit an hour larger,
 * and signs the whole log again with the bank's real key: alone it looks flawless, beside its neighbour's log it does
 * not. For the demo, so that a reader can find it with `audit`.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SigningKey } from '../../core/ed25519.ts'
import { decodeEntry, encodeEntry } from '../../core/entry.ts'
import { must } from '../../core/fault.ts'
import { type Bytes, toHex } from '../../core/ids.ts'
import { parseHeadText, signCheckpoint } from '../../log/checkpoint.ts'
import { leafHash } from '../../log/merkle.ts'
import { parseNote } from '../../log/note.ts'
import { decodeBundle, encodeBundle, printTilePath, TILE_WIDTH, tilesOf } from '../../log/tiles.ts'
import { openTree } from '../../log/tree.ts'

const EXTRA_MINUTES = 60

/** Plants the fraud in the log of one epoch (the folder that holds `checkpoint`); `pick` chooses among its credits. */
export async function plantFraud(
  logFolder: string,
  key: SigningKey,
  pick: number,
): Promise<{ index: number }> {
  const note = parseNote(await bytesOf(join(logFolder, 'checkpoint')))
  const head = note === null ? null : parseHeadText(note.text)
  must(head !== null, 'an export holds the head it was made from')
  const entries = await readEntries(logFolder, head.size)
  const credits = creditsByPost(entries)
  const index = credits[pick % credits.length]
  must(index !== undefined, 'the log holds a credit from another bank')
  entries[index] = enlarged(entries[index] as Bytes)
  await writeLog(logFolder, entries, head.origin, key)
  return { index }
}

/** Credits without a promise of the same bank before them: nothing in the log itself contradicts a larger one. */
function creditsByPost(entries: readonly Bytes[]): number[] {
  const promised = new Set<string>()
  const credits: number[] = []
  for (const [index, raw] of entries.entries()) {
    const read = decodeEntry(raw)
    if (!read.ok) continue
    const { entry } = read
    if (entry.kind === 'rcv.promise') promised.add(toHex(entry.body.id))
    if (entry.kind === 'rcv.credit' && !promised.has(toHex(entry.body.id))) credits.push(index)
  }
  return credits
}

function enlarged(raw: Bytes): Bytes {
  const read = decodeEntry(raw)
  must(read.ok && read.entry.kind === 'rcv.credit', 'a credit is enlarged')
  const { body } = read.entry
  const minutes = body.minutes + EXTRA_MINUTES
  return encodeEntry({
    ...read.entry,
    body: { ...body, minutes, parts: body.parts.map((part) => ({ ...part, minutes })) },
  })
}

async function readEntries(logFolder: string, size: number): Promise<Bytes[]> {
  const entries: Bytes[] = []
  for (const tile of tilesOf(size)) {
    if (tile.kind !== 'entries') continue
    const bundle = decodeBundle(await bytesOf(join(logFolder, printTilePath(tile))))
    must(bundle !== null, 'an exported bundle can be read')
    for (const entry of bundle) entries.push(entry.slice())
  }
  return entries
}

/** Every file of the log anew: bundles, tiles and a checkpoint that verifies. */
async function writeLog(
  logFolder: string,
  entries: readonly Bytes[],
  origin: string,
  key: SigningKey,
): Promise<void> {
  const tree = openTree({ size: 0, loadHash: () => new Uint8Array(32), loadTile: () => undefined })
  const tiles = new Map<string, Bytes>()
  // Leaf by leaf, so that no full tile has left the tree's memory before it is written here.
  for (const entry of entries) {
    for (const { level, n, bytes } of tree.append([leafHash(entry)]).full) tiles.set(`${level}/${n}`, bytes)
  }
  for (const tile of tilesOf(entries.length)) {
    const first = tile.n * TILE_WIDTH
    const bytes =
      tile.kind === 'entries'
        ? encodeBundle(entries.slice(first, first + tile.width))
        : (tiles.get(`${tile.level}/${tile.n}`) ?? tree.tile(tile.level, tile.n, tile.width))
    must(bytes !== null, 'every tile of the tree can be cut')
    await put(join(logFolder, printTilePath(tile)), bytes)
  }
  await put(
    join(logFolder, 'checkpoint'),
    signCheckpoint({ origin, size: entries.length, root: tree.root(), key }),
  )
}

async function put(path: string, bytes: Bytes): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

const bytesOf = async (path: string): Promise<Bytes> => new Uint8Array(await readFile(path))
