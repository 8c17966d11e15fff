/**
 * What is a tile or an entry bundle called, how wide is it, and what are its bytes? Paths and layouts of the tile
 * standard c2sp.org/tlog-tiles ([TILE-2], [TILE-3], [HTTP-1]); nothing here stores or serves one.
 */

import { must } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'

/** Hashes in a full tile, and entries in a full bundle. */
export const TILE_WIDTH = 256

/** A tile of hashes or a bundle of entries; width 1 to 256, and 256 stands for the full one. */
export type TileName =
  | { readonly kind: 'tile'; readonly level: number; readonly n: number; readonly width: number }
  | { readonly kind: 'entries'; readonly n: number; readonly width: number }

const HIGHEST_LEVEL = 63
const LONGEST_ENTRY = 0xffff
const PATH = /^\/tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** Path of a tile or bundle, as `/tile/0/x001/x234/067.p/12`. */
export function printTilePath(name: TileName): string {
  must(Number.isSafeInteger(name.n) && name.n >= 0, 'a tile index is an integer from 0 to 2^53-1')
  must(
    Number.isInteger(name.width) && name.width >= 1 && name.width <= TILE_WIDTH,
    'a tile has 1 to 256 hashes',
  )
  const suffix = name.width === TILE_WIDTH ? '' : `.p/${name.width}`
  return `/tile/${name.kind === 'tile' ? name.level : 'entries'}/${printIndex(name.n)}${suffix}`
}

/** The tile or bundle a path names, or null when it is not exactly what `printTilePath` writes. */
export function parseTilePath(path: string): TileName | null {
  const match = PATH.exec(path)
  if (match === null) return null
  const [, level, index = '', partial] = match
  const n = Number(index.replaceAll(/[x/]/g, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  if (!Number.isSafeInteger(n) || printIndex(n) !== index) return null
  if (partial !== undefined && width >= TILE_WIDTH) return null
  if (level === 'entries') return { kind: 'entries', n, width }
  return Number(level) > HIGHEST_LEVEL ? null : { kind: 'tile', level: Number(level), n, width }
}

/** Hashes that tile `n` of a level holds when the log has `size` entries: 0 to 256. Bundles are as wide as level 0. */
export function tileWidth(level: number, n: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level)
  return Math.min(TILE_WIDTH, Math.max(0, hashes - n * TILE_WIDTH))
}

/** Every tile, lowest level first, and then every bundle of a log of `size` entries. */
export function* tilesOf(size: number): Generator<TileName> {
  for (let level = 0; tileWidth(level, 0, size) > 0; level++) {
    for (const { n, width } of row(level, size)) yield { kind: 'tile', level, n, width }
  }
  for (const { n, width } of row(0, size)) yield { kind: 'entries', n, width }
}

/** Bytes of a bundle: for each entry its length as big-endian uint16, then its bytes. */
export function encodeBundle(entries: readonly Bytes[]): Bytes {
  must(entries.length <= TILE_WIDTH, 'a bundle has at most 256 entries')
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0))
  let at = 0
  for (const entry of entries) {
    must(entry.length <= LONGEST_ENTRY, 'an entry of a bundle has at most 65,535 bytes')
    bundle[at] = entry.length >>> 8
    bundle[at + 1] = entry.length & 0xff
    bundle.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bundle
}

/** Entries of a bundle, as views into it, or null when the bytes end inside an entry or hold more than 256. */
export function decodeBundle(bundle: Bytes): Bytes[] | null {
  const entries: Bytes[] = []
  let at = 0
  while (at < bundle.length) {
    const high = bundle[at]
    const low = bundle[at + 1]
    if (high === undefined || low === undefined || entries.length === TILE_WIDTH) return null
    const start = at + 2
    at = start + high * 256 + low
    if (at > bundle.length) return null
    entries.push(bundle.subarray(start, at))
  }
  return entries
}

function* row(level: number, size: number): Generator<{ n: number; width: number }> {
  for (let n = 0; ; n++) {
    const width = tileWidth(level, n, size)
    if (width === 0) return
    yield { n, width }
  }
}

/** 1234067 as `x001/x234/067`. */
function printIndex(n: number): string {
  const last = String(n % 1000).padStart(3, '0')
  let text = last
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    text = `x${String(rest % 1000).padStart(3, '0')}/${text}`
  }
  return text
}
