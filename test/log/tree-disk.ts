/** Where does a tree under test keep its hashes? In maps that are changed by what each append returns, and no more. */

import { LIMITS } from '../../src/core/limits.ts'
import { type LogTree, openTree, type TreeGrowth, type TreeStore } from '../../src/log/tree.ts'

export class TreeDisk implements TreeStore {
  size = 0
  tilesRead = 0
  readonly hashes = new Map<string, Uint8Array>()
  readonly tiles = new Map<string, Uint8Array>()

  open(): LogTree {
    return openTree(this)
  }

  /** Appends in commits of the largest size and stores each. */
  grow(tree: LogTree, leaves: readonly Uint8Array[], commit: number = LIMITS.commitEntries): void {
    for (let at = 0; at < leaves.length; at += commit) this.write(tree.append(leaves.slice(at, at + commit)))
  }

  write(growth: TreeGrowth): void {
    for (const { level, index, hash } of growth.edges) this.hashes.set(`${level}/${index}`, hash)
    for (const { level, n, bytes } of growth.full) this.tiles.set(`${level}/${n}`, bytes)
    for (const { level, index } of growth.dropped) {
      if (!this.hashes.delete(`${level}/${index}`))
        throw new Error(`${level}/${index} was dropped, never stored`)
    }
    this.size = growth.size
  }

  loadHash(level: number, index: number): Uint8Array {
    return this.hashes.get(`${level}/${index}`) ?? new Uint8Array()
  }

  loadTile(level: number, n: number): Uint8Array | undefined {
    this.tilesRead++
    return this.tiles.get(`${level}/${n}`)
  }
}
