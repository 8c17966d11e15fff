/**
 * Is this leaf, or this older tree, inside that tree? The Merkle tree of RFC 6962 section 2.1 with SHA-256: roots,
 * inclusion proofs and consistency proofs, built from a reader of complete subtrees and verified by the loops of
 * RFC 9162 sections 2.1.3.2 and 2.1.4.2 ([TILE-1]).
 *
 * Sizes and indices are integers below 2^53, so they are halved by division: a 32-bit operator on a size would
 * silently wrap. A verifier answers false to anything malformed and never throws.
 */

import { must } from '../core/fault.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, HASH_BYTES, sameBytes } from '../core/ids.ts'

/** Root of the complete subtree of 2^level leaves that begins at leaf index * 2^level. */
export type HashReader = (level: number, index: number) => Bytes

const LEAF_PREFIX = Uint8Array.of(0)

/** One node's preimage, 01 and two hashes; hashing is synchronous, so one buffer serves every call. */
const preimage = new Uint8Array(1 + 2 * HASH_BYTES)
preimage[0] = 1

/** Root of the tree without leaves: SHA-256 of nothing ([CKPT-7]). */
export const EMPTY_ROOT: Bytes = sha256()

/** SHA-256(00, entry bytes). */
export function leafHash(entry: Bytes): Bytes {
  return sha256(LEAF_PREFIX, entry)
}

/** SHA-256(01, left, right) of two 32-byte hashes. */
export function nodeHash(left: Bytes, right: Bytes): Bytes {
  preimage.set(left, 1)
  preimage.set(right, 1 + HASH_BYTES)
  return sha256(preimage)
}

/** Root of the first `size` leaves. */
export function treeRoot(size: number, read: HashReader): Bytes {
  must(isSize(size), 'a tree size is an integer from 0 to 2^53-1')
  return size === 0 ? EMPTY_ROOT : rangeRoot(0, size, read)
}

/** Hashes from the leaf's sibling upwards that lead leaf `index` to the root at `size` (RFC 6962 section 2.1.1). */
export function inclusionProof(index: number, size: number, read: HashReader): Bytes[] {
  must(isSize(index) && isSize(size) && index < size, 'a proven leaf lies inside the tree')
  const proof: Bytes[] = []
  climb(index, { last: size - 1, level: 0, size }, read, proof)
  return proof
}

/** Whether `leaf` (a leaf hash) stands at `index` in the tree of `size` leaves with this root. */
export function verifyInclusion(claim: {
  leaf: Bytes
  index: number
  size: number
  proof: readonly Bytes[]
  root: Bytes
}): boolean {
  const { index, size, proof } = claim
  if (!isSize(index) || !isSize(size) || index >= size) return false
  if (claim.leaf.length !== HASH_BYTES || !allHashes(proof)) return false
  const path = new PathWalk(index, size - 1)
  let root = claim.leaf
  for (const hash of proof) {
    if (path.atTop()) return false
    root = path.siblingIsLeft() ? nodeHash(hash, root) : nodeHash(root, hash)
    path.up()
  }
  return path.atTop() && sameBytes(root, claim.root)
}

/** Hashes showing that the first `oldSize` leaves are a prefix of the tree of `newSize` (RFC 6962 section 2.1.2). */
export function consistencyProof(oldSize: number, newSize: number, read: HashReader): Bytes[] {
  must(isSize(oldSize) && isSize(newSize) && oldSize <= newSize, 'a tree only grows')
  if (oldSize === 0 || oldSize === newSize) return []
  let level = 0
  let index = oldSize - 1
  let last = newSize - 1
  while (index % 2 === 1) {
    index = half(index)
    last = half(last)
    level++
  }
  // At index 0 the old tree is one complete subtree, whose root the verifier already holds.
  const proof = index === 0 ? [] : [read(level, index)]
  climb(index, { last, level, size: newSize }, read, proof)
  return proof
}

/** Whether the tree (oldSize, oldRoot) is a prefix of (newSize, newRoot). The empty tree is a prefix of every tree. */
export function verifyConsistency(claim: {
  oldSize: number
  oldRoot: Bytes
  newSize: number
  newRoot: Bytes
  proof: readonly Bytes[]
}): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize || !allHashes([oldRoot, newRoot, ...proof]))
    return false
  if (oldSize === 0 && !sameBytes(oldRoot, EMPTY_ROOT)) return false
  if (oldSize === newSize) return proof.length === 0 && sameBytes(oldRoot, newRoot)
  if (oldSize === 0) return proof.length === 0
  const path = new PathWalk(oldSize - 1, newSize - 1)
  path.skipRightTurns()
  const hashes = path.index === 0 ? [oldRoot, ...proof] : proof
  const first = hashes[0]
  if (first === undefined) return false
  let shownOld = first
  let shownNew = first
  for (const hash of hashes.slice(1)) {
    if (path.atTop()) return false
    if (path.siblingIsLeft()) {
      shownOld = nodeHash(hash, shownOld)
      shownNew = nodeHash(hash, shownNew)
    } else {
      shownNew = nodeHash(shownNew, hash)
    }
    path.up()
  }
  return path.atTop() && sameBytes(shownOld, oldRoot) && sameBytes(shownNew, newRoot)
}

/** The pair (fn, sn) of RFC 9162: where the path stands in its level, and the last node of that level. */
class PathWalk {
  index: number
  #last: number

  constructor(index: number, last: number) {
    this.index = index
    this.#last = last
  }

  atTop(): boolean {
    return this.#last === 0
  }

  siblingIsLeft(): boolean {
    return this.index % 2 === 1 || this.index === this.#last
  }

  /** One step up, and past the levels where the last node stands without a sibling. */
  up(): void {
    if (this.index === this.#last) while (this.index % 2 === 0 && this.index !== 0) this.#halve()
    this.#halve()
  }

  skipRightTurns(): void {
    while (this.index % 2 === 1) this.#halve()
  }

  #halve(): void {
    this.index = half(this.index)
    this.#last = half(this.#last)
  }
}

/** Adds the siblings of the node (level, index) and of all its ancestors to `proof`, up to the root. */
function climb(
  index: number,
  from: { last: number; level: number; size: number },
  read: HashReader,
  proof: Bytes[],
): void {
  let { last, level } = from
  for (; last > 0; level++) {
    if (index % 2 === 1) {
      proof.push(read(level, index - 1))
    } else if (index < last) {
      const width = 2 ** level
      const start = (index + 1) * width
      proof.push(rangeRoot(start, Math.min(width, from.size - start), read))
    }
    index = half(index)
    last = half(last)
  }
}

/** Root over `count` leaves from `start`, which is a multiple of a power of two not below `count`. */
function rangeRoot(start: number, count: number, read: HashReader): Bytes {
  let root: Bytes | null = null
  for (let level = 0; count > 0; level++) {
    if (count % 2 === 1) {
      const subtree = read(level, start / 2 ** level + count - 1)
      root = root === null ? subtree : nodeHash(subtree, root)
    }
    count = half(count)
  }
  must(root !== null, 'a range of leaves is never empty')
  return root
}

function half(value: number): number {
  return Math.floor(value / 2)
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function allHashes(hashes: readonly Bytes[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES)
}
