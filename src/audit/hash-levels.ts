/**
 * Which root do these leaf hashes have, at any size? All hashes of the tile levels of one log, computed from its
 * leaves alone ([TILE-1], [TILE-2]); 32 bytes per entry and a little more.
 */

import { type Bytes, HASH_BYTES } from '../core/ids.ts'
import { nodeHash, treeRoot } from '../log/merkle.ts'
import { TILE_WIDTH } from '../log/tiles.ts'

/** Levels of the binary tree in one level of tiles. */
const TILE_HEIGHT = 8

export class HashLevels {
  readonly size: number
  /** Level by level, the hashes one after another; level 0 are the leaves. */
  readonly #levels: Bytes[]

  /** `leaves` are 32-byte leaf hashes one after another and must not change afterwards. */
  constructor(leaves: Bytes) {
    this.size = leaves.length / HASH_BYTES
    this.#levels = [leaves]
    for (let below = leaves; below.length >= TILE_WIDTH * HASH_BYTES; ) {
      const count = Math.floor(below.length / (TILE_WIDTH * HASH_BYTES))
      const above = new Uint8Array(count * HASH_BYTES)
      for (let i = 0; i < count; i++)
        above.set(this.#node(this.#levels.length - 1, TILE_HEIGHT, i), i * HASH_BYTES)
      this.#levels.push(above)
      below = above
    }
  }

  /** Levels of tiles that hold at least one hash. */
  get height(): number {
    return this.size === 0 ? 0 : this.#levels.length
  }

  leafAt(index: number): Bytes {
    return this.hash(0, index)
  }

  /** A view of hash `index` of a tile level. */
  hash(level: number, index: number): Bytes {
    const at = index * HASH_BYTES
    return (this.#levels[level] as Bytes).subarray(at, at + HASH_BYTES)
  }

  rootAt(size: number): Bytes {
    return treeRoot(size, (level, index) =>
      this.#node(Math.floor(level / TILE_HEIGHT), level % TILE_HEIGHT, index),
    )
  }

  /** Root over 2^height hashes of a tile level, beginning at index * 2^height. */
  #node(tileLevel: number, height: number, index: number): Bytes {
    if (height === 0) return this.hash(tileLevel, index)
    return nodeHash(
      this.#node(tileLevel, height - 1, index * 2),
      this.#node(tileLevel, height - 1, index * 2 + 1),
    )
  }
}
