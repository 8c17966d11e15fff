/**
 * What would the tree be if nothing were clever? RFC 6962 section 2.1 word for word, recursive, on slices of leaves:
 * the measure the product's tree is held against.
 */

import { createHash } from 'node:crypto'

const HASHES = new Map<string, Uint8Array>()

function sha256(...parts: Uint8Array[]): Uint8Array {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return new Uint8Array(digest.digest())
}

/** Leaf hash of leaf `i` of the test log, whose entry is its number in decimal. */
export function naiveLeaf(i: number): Uint8Array {
  return sha256(Uint8Array.of(0), Buffer.from(String(i)))
}

/** MTH(D[from:to]); results are kept because the tests ask for the same ranges many times. */
export function naiveRoot(from: number, to: number): Uint8Array {
  const key = `${from}-${to}`
  const known = HASHES.get(key)
  if (known !== undefined) return known
  let root: Uint8Array
  if (to === from) root = sha256()
  else if (to - from === 1) root = naiveLeaf(from)
  else {
    const middle = from + split(to - from)
    root = sha256(Uint8Array.of(1), naiveRoot(from, middle), naiveRoot(middle, to))
  }
  HASHES.set(key, root)
  return root
}

/** PATH(m, D[from:to]), section 2.1.1. */
export function naivePath(m: number, from: number, to: number): Uint8Array[] {
  if (to - from <= 1) return []
  const middle = from + split(to - from)
  return m < middle
    ? [...naivePath(m, from, middle), naiveRoot(middle, to)]
    : [...naivePath(m, middle, to), naiveRoot(from, middle)]
}

/** PROOF(m, D[0:n]), section 2.1.2. */
export function naiveConsistency(m: number, n: number): Uint8Array[] {
  return m === 0 ? [] : subproof(m, 0, n, true)
}

function subproof(m: number, from: number, to: number, complete: boolean): Uint8Array[] {
  if (m === to) return complete ? [] : [naiveRoot(from, to)]
  const middle = from + split(to - from)
  return m <= middle
    ? [...subproof(m, from, middle, complete), naiveRoot(middle, to)]
    : [...subproof(m, middle, to, false), naiveRoot(from, middle)]
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
