/**
 * Writes the public shape of a bank's log into a folder, as an export holds it, straight from an open node.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { originOf } from '../../src/core/ids.ts'
import { KEY_TYPE, printVkey } from '../../src/log/note.ts'
import { encodeBundle, printTilePath, TILE_WIDTH, tilesOf } from '../../src/log/tiles.ts'
import type { Node } from '../../src/node/node.ts'

export async function writeExport(node: Node, out: string): Promise<void> {
  const origin = originOf(node.bank, 0)
  const base = join(out, 'tlog', ...origin.split('/').slice(1))
  const key = await node.read(({ book }) => book.logKey)
  await put(join(base, 'checkpoint'), node.head.note)
  await put(join(base, 'vkey'), Buffer.from(`${printVkey({ name: origin, type: KEY_TYPE.log, key })}\n`))
  for (const tile of tilesOf(node.head.size)) {
    const first = tile.n * TILE_WIDTH
    const bytes =
      tile.kind === 'tile'
        ? node.tree.tile(tile.level, tile.n, tile.width)
        : encodeBundle(Array.from({ length: tile.width }, (_, i) => node.own.raw(first + i)))
    if (bytes !== null) await put(join(base, printTilePath(tile)), bytes)
  }
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}
