/**
 * How does the tree of one log epoch grow, and where is each of its hashes? The tree is kept as tiles of 256 hashes
 * ([TILE-2]): full ones are stored whole, hashes right of them one by one ([CRASH-12]), and whoever opened the tree
 * does the storing. Only the last tile of each level and a bounded number of full ones are in memory.
 */

import { Fault, must } from '../core/fault.ts'
import { type Bytes, HASH_BYTES, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type HashReader, nodeHash, treeRoot } from './merkle.ts'
import { TILE_WIDTH, tileWidth } from './tiles.ts'

/** A hash of a level of tiles; `index` counts from the left of the whole level, not of its tile. */
export type EdgePlace = { readonly level: number; readonly index: number }

/** What one append changed. All of it belongs in the batch that makes the new entries durable. */
export type TreeGrowth = {
  readonly size: number
  readonly root: Bytes
  /** New hashes of tiles that are still partial. */
  readonly edges: readonly (EdgePlace & { readonly hash: Bytes })[]
  /** Tiles that became full, 8,192 bytes each. */
  readonly full: readonly { readonly level: number; readonly n: number; readonly bytes: Bytes }[]
  /** Hashes stored one by one before, which a full tile now holds. */
  readonly dropped: readonly EdgePlace[]
}

export type LogTree = {
  readonly size: number
  root(): Bytes
  /** Root the log had at an older size. */
  rootAt(size: number): Bytes
  /** Reads any complete subtree inside `size`. What an unfinished batch added is readable too: prove to durable heads. */
  readonly read: HashReader
  /** Adds leaf hashes in memory at once; after a batch that failed the tree is ahead of the disk and must be left. */
  append(leaves: readonly Bytes[]): TreeGrowth
  /** The first `width` hashes of a tile, cut from whatever holds them ([TILE-4]); null beyond the size. */
  tile(level: number, n: number, width: number): Bytes | null
}

/** Stored hashes of a tree. Both throw when the disk does; a full tile that is not there is `undefined`. */
export type TreeStore = {
  readonly size: number
  loadHash(tileLevel: number, index: number): Bytes
  loadTile(tileLevel: number, n: number): Bytes | undefined
}

/** Levels of the binary tree between a tile's hashes and the one hash that stands for it a level above. */
const TILE_HEIGHT = 8

/**
 * Opens the tree of a log with `size` entries from its stored hashes; size 0 needs none. Throws the fault
 * `log_invalid` when stored hashes are missing or do not fit together, now or when an older tile is first read.
 */
export function openTree(store: TreeStore): LogTree {
  return new StoredTree(store)
}

class StoredTree implements LogTree {
  readonly #store: TreeStore
  #size: number
  /** The last, partial tile of each level; never evicted, so that proofs of recent entries cost no hashing. */
  readonly #edges: Tile[] = []
  readonly #cached = new Map<number, Tile>()

  constructor(store: TreeStore) {
    must(Number.isSafeInteger(store.size) && store.size >= 0, 'a tree size is an integer from 0 to 2^53-1')
    this.#store = store
    this.#size = store.size
    for (let level = 0; ; level++) {
      const hashes = Math.floor(store.size / TILE_WIDTH ** level)
      if (hashes === 0) return
      const tile = new Tile(level, Math.floor(hashes / TILE_WIDTH))
      for (let at = tile.n * TILE_WIDTH; at < hashes; at++) tile.push(storedHash(store, level, at))
      this.#edges.push(tile)
    }
  }

  get size(): number {
    return this.#size
  }

  root(): Bytes {
    return this.rootAt(this.#size)
  }

  rootAt(size: number): Bytes {
    must(size <= this.#size, 'a tree knows only the roots it has had')
    return treeRoot(size, this.read)
  }

  readonly read: HashReader = (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT)
    const height = level % TILE_HEIGHT
    const nodesInTile = TILE_WIDTH / 2 ** height
    const tile = this.#tileAt(tileLevel, Math.floor(index / nodesInTile))
    return tile.node(height, index % nodesInTile).slice()
  }

  append(leaves: readonly Bytes[]): TreeGrowth {
    const startWidths = this.#edges.map((tile) => tile.width)
    const full: Tile[] = []
    for (const leaf of leaves) this.#push(0, leaf, full)
    this.#size += leaves.length
    const dropped: EdgePlace[] = []
    const grown = new Set<number>()
    for (const { level, n } of full) {
      if (grown.has(level)) continue
      grown.add(level)
      for (let i = 0; i < (startWidths[level] ?? 0); i++) dropped.push({ level, index: n * TILE_WIDTH + i })
    }
    const edges = this.#edges.flatMap((tile) => {
      const from = grown.has(tile.level) ? 0 : (startWidths[tile.level] ?? 0)
      return tile.placesFrom(from)
    })
    return {
      size: this.#size,
      root: this.root(),
      edges,
      full: full.map((tile) => ({ level: tile.level, n: tile.n, bytes: tile.bytes(TILE_WIDTH) })),
      dropped,
    }
  }

  tile(level: number, n: number, width: number): Bytes | null {
    if (width < 1 || width > tileWidth(level, n, this.#size)) return null
    const held = this.#held(level, n)
    return held === null
      ? new Uint8Array(this.#load(level, n).subarray(0, width * HASH_BYTES))
      : held.bytes(width)
  }

  #push(level: number, hash: Bytes, full: Tile[]): void {
    let tile = this.#edges[level]
    if (tile === undefined) {
      tile = new Tile(level, 0)
      this.#edges.push(tile)
    }
    tile.push(hash)
    if (tile.width < TILE_WIDTH) return
    full.push(tile)
    this.#keep(tile)
    this.#edges[level] = new Tile(level, tile.n + 1)
    this.#push(level + 1, tile.node(TILE_HEIGHT, 0), full)
  }

  #tileAt(level: number, n: number): Tile {
    const held = this.#held(level, n)
    if (held !== null) return held
    must(tileWidth(level, n, this.#size) === TILE_WIDTH, 'a subtree that is read lies inside the tree')
    const tile = new Tile(level, n)
    const bytes = this.#load(level, n)
    for (let at = 0; at < bytes.length; at += HASH_BYTES) tile.push(bytes.subarray(at, at + HASH_BYTES))
    // The level above holds the root of this tile: bytes that rotted on the disk never reach a proof.
    if (!sameBytes(tile.node(TILE_HEIGHT, 0), this.read((level + 1) * TILE_HEIGHT, n))) {
      throw new Fault('log_invalid', `stored tile ${level}/${n} does not fit the tile above it`, {
        fatal: true,
      })
    }
    this.#keep(tile)
    return tile
  }

  #held(level: number, n: number): Tile | null {
    const edge = this.#edges[level]
    if (edge?.n === n) return edge
    const key = cacheKey(level, n)
    const tile = this.#cached.get(key)
    if (tile === undefined) return null
    // Taken out and put back, it stands last in the map's order: the first is always the longest unused.
    this.#cached.delete(key)
    this.#cached.set(key, tile)
    return tile
  }

  #keep(tile: Tile): void {
    this.#cached.set(cacheKey(tile.level, tile.n), tile)
    const oldest = this.#cached.keys().next()
    if (this.#cached.size > LIMITS.tilesCached && !oldest.done) this.#cached.delete(oldest.value)
  }

  #load(level: number, n: number): Bytes {
    const bytes = this.#store.loadTile(level, n)
    if (bytes?.length === TILE_WIDTH * HASH_BYTES) return bytes
    throw new Fault('log_invalid', `stored tile ${level}/${n} is missing or has the wrong length`, {
      fatal: true,
    })
  }
}

/**
 * One tile with its inner nodes, each computed once, when its right child arrives. Row h of the tile (the nodes over
 * 2^h of its hashes) follows row h-1 in one buffer; what is written there never changes.
 */
class Tile {
  readonly level: number
  readonly n: number
  width = 0
  readonly #nodes = new Uint8Array((2 * TILE_WIDTH - 1) * HASH_BYTES)

  constructor(level: number, n: number) {
    this.level = level
    this.n = n
  }

  push(hash: Bytes): void {
    must(hash.length === HASH_BYTES && this.width < TILE_WIDTH, 'a tile takes 256 hashes of 32 bytes')
    let at = this.width * HASH_BYTES
    this.#nodes.set(hash, at)
    this.width++
    for (let height = 1, index = this.width; index % 2 === 0; height++) {
      const parent = nodeHash(
        this.#nodes.subarray(at - HASH_BYTES, at),
        this.#nodes.subarray(at, at + HASH_BYTES),
      )
      index /= 2
      at = offset(height, index - 1)
      this.#nodes.set(parent, at)
    }
  }

  /** A view into the tile of the node over hashes index * 2^height up to (index + 1) * 2^height. */
  node(height: number, index: number): Bytes {
    must((index + 1) * 2 ** height <= this.width, 'a node that is read is complete')
    const at = offset(height, index)
    return this.#nodes.subarray(at, at + HASH_BYTES)
  }

  bytes(width: number): Bytes {
    return this.#nodes.slice(0, width * HASH_BYTES)
  }

  placesFrom(from: number): (EdgePlace & { hash: Bytes })[] {
    const places = []
    for (let i = from; i < this.width; i++) {
      places.push({ level: this.level, index: this.n * TILE_WIDTH + i, hash: this.node(0, i).slice() })
    }
    return places
  }
}

/** Where node `index` of row `height` begins: the rows below hold 512 - 512 / 2^height nodes. */
function offset(height: number, index: number): number {
  return (2 * TILE_WIDTH - (2 * TILE_WIDTH) / 2 ** height + index) * HASH_BYTES
}

/** One number for a tile's place: below 2^53 entries there are 7 levels. */
function cacheKey(level: number, n: number): number {
  return n * TILE_HEIGHT + level
}

function storedHash(store: TreeStore, level: number, index: number): Bytes {
  const hash = store.loadHash(level, index)
  if (hash.length === HASH_BYTES) return hash
  throw new Fault('log_invalid', `stored hash ${level}/${index} has ${hash.length} bytes, not 32`, {
    fatal: true,
  })
}
