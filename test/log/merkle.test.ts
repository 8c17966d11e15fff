import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consistencyProof,
  EMPTY_ROOT,
  type HashReader,
  inclusionProof,
  leafHash,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../src/log/merkle.ts'
import outside from '../vectors/outside/merkle-proofs.json' with { type: 'json' }
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot } from './naive-tree.ts'

const read: HashReader = (level, index) => naiveRoot(index * 2 ** level, (index + 1) * 2 ** level)
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex')
const flipped = (hash: Uint8Array) => hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte))

describe('hashes', () => {
  test('[TILE-1] the empty tree is SHA-256 of nothing, and the leaf of an empty entry is something else', () => {
    expect(hex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(treeRoot(0, read)).toEqual(EMPTY_ROOT)
    expect(hex(leafHash(new Uint8Array()))).toBe(outside.roots[1])
  })

  test('[TEST-3] an entry of 16 KiB is hashed behind its zero byte', () => {
    const entry = new Uint8Array(16_384).fill(7)
    const digest = createHash('sha256').update(Uint8Array.of(0)).update(entry).digest('hex')
    expect(hex(leafHash(entry))).toBe(digest)
  })

  test('[TILE-1] roots of the published eight-leaf tree at every size', () => {
    const leaves = outside.leaves.map((leaf) => leafHash(new Uint8Array(Buffer.from(leaf, 'hex'))))
    const subtree: HashReader = (level, index) =>
      level === 0
        ? (leaves[index] as Uint8Array)
        : nodeHash(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))
    expect(outside.roots.map((_, size) => hex(treeRoot(size, subtree)))).toEqual(outside.roots)
  })
})

describe('proofs against the naive tree', () => {
  test('[TEST-3] every inclusion proof of every size to 130 is built as defined and verifies', () => {
    for (let size = 1; size <= 130; size++) {
      const root = treeRoot(size, read)
      expect(root).toEqual(naiveRoot(0, size))
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, read)
        expect(proof).toEqual(naivePath(index, 0, size))
        expect(verifyInclusion({ leaf: naiveLeaf(index), index, size, proof, root })).toBe(true)
      }
    }
  })

  test('[TEST-3] every consistency proof between sizes to 130 is built as defined and verifies', () => {
    for (let newSize = 0; newSize <= 130; newSize++) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(oldSize, newSize, read)
        expect(proof).toEqual(naiveConsistency(oldSize, newSize))
        const claim = {
          oldSize,
          oldRoot: naiveRoot(0, oldSize),
          newSize,
          newRoot: naiveRoot(0, newSize),
          proof,
        }
        expect(verifyConsistency(claim)).toBe(true)
      }
    }
  })

  test('[TILE-1] no inclusion proof verifies for another leaf, index, size or root, or with a changed hash', () => {
    const size = 77
    const root = naiveRoot(0, size)
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, read)
      const good = { leaf: naiveLeaf(index), index, size, proof, root }
      expect(verifyInclusion({ ...good, leaf: naiveLeaf(index + 1) })).toBe(false)
      expect(verifyInclusion({ ...good, root: naiveRoot(0, size - 1) })).toBe(false)
      expect(verifyInclusion({ ...good, proof: proof.slice(1) })).toBe(false)
      expect(verifyInclusion({ ...good, proof: proof.slice(0, -1) })).toBe(false)
      expect(verifyInclusion({ ...good, proof: [...proof, root] })).toBe(false)
      for (let other = 0; other < size; other++) {
        if (other !== index) expect(verifyInclusion({ ...good, index: other })).toBe(false)
      }
      for (let i = 0; i < proof.length; i++) {
        const changed = proof.map((hash, at) => (at === i ? flipped(hash) : hash))
        expect(verifyInclusion({ ...good, proof: changed })).toBe(false)
      }
    }
  })

  test('[TILE-1] no consistency proof verifies with a changed, missing or added hash or a foreign root', () => {
    const newSize = 67
    const newRoot = naiveRoot(0, newSize)
    for (let oldSize = 1; oldSize < newSize; oldSize++) {
      const proof = consistencyProof(oldSize, newSize, read)
      const good = { oldSize, oldRoot: naiveRoot(0, oldSize), newSize, newRoot, proof }
      expect(verifyConsistency({ ...good, oldRoot: flipped(good.oldRoot) })).toBe(false)
      expect(verifyConsistency({ ...good, newRoot: flipped(newRoot) })).toBe(false)
      expect(verifyConsistency({ ...good, oldSize: newSize, newSize: oldSize })).toBe(false)
      expect(verifyConsistency({ ...good, proof: proof.slice(1) })).toBe(false)
      expect(verifyConsistency({ ...good, proof: proof.slice(0, -1) })).toBe(false)
      expect(verifyConsistency({ ...good, proof: [...proof, newRoot] })).toBe(false)
      for (let i = 0; i < proof.length; i++) {
        const changed = proof.map((hash, at) => (at === i ? flipped(hash) : hash))
        expect(verifyConsistency({ ...good, proof: changed })).toBe(false)
      }
    }
  })
})

describe('the verifiers and the world', () => {
  test.each(outside.inclusion)('[TILE-1] published inclusion case $name', (vector) => {
    const claim = {
      leaf: bytes(vector.leafHash),
      index: vector.leafIdx,
      size: vector.treeSize,
      proof: vector.proof.map(bytes),
      root: bytes(vector.root),
    }
    expect(verifyInclusion(claim)).toBe(vector.good)
  })

  test.each(outside.consistency)('[TILE-1] published consistency case $name', (vector) => {
    const claim = {
      oldSize: vector.size1,
      oldRoot: bytes(vector.root1),
      newSize: vector.size2,
      newRoot: bytes(vector.root2),
      proof: vector.proof.map(bytes),
    }
    // One accepted case has a root of 12 bytes; to us a root has 32.
    expect(verifyConsistency(claim)).toBe(vector.good && claim.oldRoot.length === 32)
  })

  test('[TILE-1] sizes near 2^53 are proven without wrapping', () => {
    // A log whose leaves are all alike needs one hash a level, so its subtrees can be read at any size.
    const level: Uint8Array[] = [naiveLeaf(0)]
    for (let i = 0; i < 53; i++) level.push(nodeHash(level[i] as Uint8Array, level[i] as Uint8Array))
    const alike: HashReader = (height) => level[height] as Uint8Array
    const size = 2 ** 53 - 1
    const root = treeRoot(size, alike)
    for (const index of [0, 2 ** 31, 2 ** 32 + 1, 2 ** 52 - 1, 2 ** 52, size - 1]) {
      const proof = inclusionProof(index, size, alike)
      expect(verifyInclusion({ leaf: naiveLeaf(0), index, size, proof, root })).toBe(true)
      if (index === 0) continue
      const grown = consistencyProof(index, size, alike)
      const claim = {
        oldSize: index,
        oldRoot: treeRoot(index, alike),
        newSize: size,
        newRoot: root,
        proof: grown,
      }
      expect(verifyConsistency(claim)).toBe(true)
      expect(verifyConsistency({ ...claim, oldSize: index - 1 })).toBe(false)
    }
  })

  test('[TILE-1] malformed claims are false, never an exception', () => {
    const number = fc.oneof(fc.integer({ min: -3, max: 300 }), fc.double(), fc.constant(2 ** 53))
    const hash = fc.uint8Array({ minLength: 31, maxLength: 33 })
    fc.assert(
      fc.property(number, number, hash, hash, fc.array(hash, { maxLength: 70 }), (a, b, one, two, proof) => {
        expect(verifyInclusion({ leaf: one, index: a, size: b, proof, root: two })).toBe(false)
        expect(verifyConsistency({ oldSize: a, oldRoot: one, newSize: b, newRoot: two, proof })).toBe(false)
      }),
    )
  })
})
