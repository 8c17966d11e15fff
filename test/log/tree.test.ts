import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { LIMITS } from '../../src/core/limits.ts'
import {
  consistencyProof,
  inclusionProof,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../src/log/merkle.ts'
import { tilesOf, tileWidth } from '../../src/log/tiles.ts'
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot } from './naive-tree.ts'
import { TreeDisk } from './tree-disk.ts'

const leaves = Array.from({ length: 70_000 }, (_, i) => naiveLeaf(i))

function grown(size: number): TreeDisk {
  const disk = new TreeDisk()
  disk.grow(disk.open(), leaves.slice(0, size))
  return disk
}

/** What a disk must hold of a tree of this size, and nothing besides. */
function expectStored(disk: TreeDisk, size: number): void {
  const tiles = [...tilesOf(size)].filter((name) => name.kind === 'tile')
  const full = tiles.filter((name) => name.width === 256)
  const partial = tiles.filter((name) => name.width < 256)
  expect([...disk.tiles.keys()].sort()).toEqual(full.map(({ level, n }) => `${level}/${n}`).sort())
  const places = partial.flatMap(({ level, n, width }) =>
    Array.from({ length: width }, (_, i) => `${level}/${n * 256 + i}`),
  )
  expect([...disk.hashes.keys()].sort()).toEqual(places.sort())
}

describe('growth', () => {
  test('[TEST-3] every size to 130, one entry at a time, opened anew each time', () => {
    const disk = new TreeDisk()
    for (let size = 1; size <= 130; size++) {
      const growth = disk.open().append(leaves.slice(size - 1, size))
      expect(growth.root).toEqual(naiveRoot(0, size))
      expect(growth.edges.length).toBe(1)
      disk.write(growth)
      const tree = disk.open()
      expect([tree.size, tree.root()]).toEqual([size, naiveRoot(0, size)])
      for (let index = 0; index < size; index++) {
        expect(inclusionProof(index, size, tree.read)).toEqual(naivePath(index, 0, size))
        expect(consistencyProof(index, size, tree.read)).toEqual(naiveConsistency(index, size))
      }
    }
  })

  test.each([255, 256, 257, 65_535, 65_536, 65_537, 70_000])(
    '[TEST-3] [CRASH-12] size %i: roots, stored tiles and edges, proofs, before and after it is opened anew',
    (size) => {
      const disk = new TreeDisk()
      const tree = disk.open()
      disk.grow(tree, leaves.slice(0, size))
      expectStored(disk, size)
      const root = naiveRoot(0, size)
      for (const one of [tree, disk.open()]) {
        expect(one.root()).toEqual(root)
        for (const index of [0, 1, 254, 255, 256, 65_534, 65_535, 65_536, size - 2, size - 1]) {
          if (index >= size) continue
          const proof = inclusionProof(index, size, one.read)
          expect(proof).toEqual(naivePath(index, 0, size))
          expect(verifyInclusion({ leaf: naiveLeaf(index), index, size, proof, root })).toBe(true)
          const older = { oldSize: index, oldRoot: one.rootAt(index), newSize: size, newRoot: root }
          expect(older.oldRoot).toEqual(naiveRoot(0, index))
          expect(verifyConsistency({ ...older, proof: consistencyProof(index, size, one.read) })).toBe(true)
        }
      }
    },
  )

  test('[CRASH-12] commits of any length leave the same hashes on the disk', () => {
    const whole = grown(1_500)
    for (const commit of [1, 7, 255, 256, 1_500]) {
      const disk = new TreeDisk()
      disk.grow(disk.open(), leaves.slice(0, 1_500), commit)
      expect(disk.hashes).toEqual(whole.hashes)
      expect(disk.tiles).toEqual(whole.tiles)
    }
  })

  test('[CRASH-12] appending nothing changes nothing', () => {
    const tree = grown(300).open()
    expect(tree.append([])).toEqual({ size: 300, root: naiveRoot(0, 300), edges: [], full: [], dropped: [] })
  })

  test('[CRASH-12] one entry costs one edge hash, and the 256th turns its edges into a tile', () => {
    const disk = grown(255)
    const growth = disk.open().append(leaves.slice(255, 256))
    expect(growth.edges).toEqual([{ level: 1, index: 0, hash: naiveRoot(0, 256) }])
    expect(growth.full.map(({ level, n, bytes }) => [level, n, bytes.length])).toEqual([[0, 0, 8_192]])
    expect(growth.dropped).toEqual(Array.from({ length: 255 }, (_, index) => ({ level: 0, index })))
  })

  test('[TILE-1] roots of older sizes stay what they were', () => {
    const tree = grown(2_000).open()
    expect(tree.rootAt(0)).toEqual(treeRoot(0, tree.read))
    for (let size = 1; size <= 2_000; size += 37) expect(tree.rootAt(size)).toEqual(naiveRoot(0, size))
    expect(() => tree.rootAt(2_001)).toThrow('broken assertion')
  })
})

describe('tiles for serving', () => {
  test('[TEST-3] [TILE-4] every partial width is cut from whatever holds the hashes', () => {
    const size = 600
    const disk = grown(size)
    for (const tree of [disk.open(), disk.open()]) {
      for (const n of [0, 1, 2, 3]) {
        for (let width = 1; width <= 256; width++) {
          const expected = leaves.slice(n * 256, n * 256 + width).flatMap((leaf) => [...leaf])
          const within = width <= tileWidth(0, n, size)
          expect(tree.tile(0, n, width)).toEqual(within ? new Uint8Array(expected) : null)
        }
      }
    }
    const tree = disk.open()
    expect(tree.tile(1, 0, 2)).toEqual(new Uint8Array([...naiveRoot(0, 256), ...naiveRoot(256, 512)]))
    expect(tree.tile(1, 0, 3)).toBeNull()
    expect(tree.tile(2, 0, 1)).toBeNull()
    expect(tree.tile(0, 0, 0)).toBeNull()
  })

  test('[TILE-2] a served tile and a proof are copies: whoever changes one cannot change the tree', () => {
    const tree = grown(300).open()
    for (const bytes of [
      tree.tile(0, 0, 256),
      tree.tile(0, 1, 44),
      tree.read(0, 299),
      tree.read(3, 0),
      tree.root(),
    ]) {
      bytes?.fill(0)
    }
    expect(inclusionProof(298, 300, tree.read)).toEqual(naivePath(298, 0, 300))
    expect(tree.root()).toEqual(naiveRoot(0, 300))
  })
})

describe('memory and disk', () => {
  test('[COST-2] recent entries are proven without reading a tile, and few full tiles are kept', () => {
    const disk = grown(70_000)
    const tree = disk.open()
    inclusionProof(69_999, 70_000, tree.read)
    inclusionProof(69_900, 70_000, tree.read)
    expect(disk.tilesRead).toBe(0)
    const walk = () => {
      disk.tilesRead = 0
      for (let n = 0; n < LIMITS.tilesCached - 2; n++) tree.read(0, n * 256)
      return disk.tilesRead
    }
    walk()
    expect(walk()).toBe(0)
    for (let n = 0; n < 273; n++) tree.read(0, n * 256)
    expect(walk()).toBe(LIMITS.tilesCached - 2)
  })

  test('[CRASH-6] a stored tile that is missing, short or changed in one bit never reaches a proof', () => {
    const disk = grown(70_000)
    const good = disk.tiles.get('0/5') as Uint8Array
    const changed = good.slice()
    changed[4_000] = (changed[4_000] as number) ^ 4
    for (const bad of [undefined, good.slice(32), changed]) {
      if (bad === undefined) disk.tiles.delete('0/5')
      else disk.tiles.set('0/5', bad)
      const tree = disk.open()
      expect(() => inclusionProof(5 * 256 + 3, 70_000, tree.read)).toThrow(Fault)
      expect(inclusionProof(69_990, 70_000, tree.read)).toEqual(naivePath(69_990, 0, 70_000))
    }
  })

  test('[CRASH-6] a tree whose edge hashes are missing does not open', () => {
    const disk = grown(300)
    disk.hashes.delete('0/260')
    expect(() => disk.open()).toThrow(Fault)
  })

  test('[CRASH-12] reading beyond the size is a bug, not an answer', () => {
    const tree = grown(300).open()
    for (const [level, index] of [
      [0, 300],
      [0, 100_000],
      [2, 75],
      [8, 1],
      [9, 0],
    ] as const) {
      expect(() => tree.read(level, index)).toThrow('broken assertion')
    }
  })
})
