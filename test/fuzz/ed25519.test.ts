import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { verifyIndependently } from '../../src/audit/second-verifier.ts'
import { ED25519_FILE, type Ed25519Vector, ed25519Vectors } from './ed25519-vectors.ts'
import { allVerdicts, digestOf, readVectors, verdictOf } from './ed25519-verdicts.ts'

/** What Node 22, 24 and 26 say of every vector and of what damage makes of it; `npm run fuzz -- --nodes` asks them anew. */
const DIGEST = '639d764c9ca02427e927e730be2dc8eadd0f9acbeaaf6926c6dd3ec04576350a'

const vectors = readVectors<Ed25519Vector>()
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const kindOf = ({ what }: Ed25519Vector): string => what.replace(/[\d].*|,.*/, '').trim()

describe('[SIG-1] [SIG-2] Ed25519 vectors', () => {
  test('the file is what the rule gives today', () => {
    const { vectors: kept } = JSON.parse(readFileSync(ED25519_FILE, 'utf8'))
    expect(kept).toEqual(ed25519Vectors())
  })

  test('there are some of every kind: the 14 low-order encodings as key and as R, y of p and more, S of L and more, lengths', () => {
    const count = (kind: RegExp): number => vectors.filter(({ what }) => kind.test(what)).length
    expect(count(/^low-order key \d/)).toBe(14)
    expect(count(/^low-order R \d/)).toBe(14)
    expect(count(/^low-order key and R/)).toBe(14)
    expect(count(/^key of y = p/)).toBe(38)
    expect(count(/^R of y = p/)).toBe(38)
    expect(count(/^S \+ \d+ L/)).toBe(15)
    expect(count(/^a signature of \d+ bytes/)).toBe(9)
    expect(count(/^a key of \d+ bytes/)).toBe(5)
    expect(vectors.filter(({ what, counts }) => counts && /^RFC 8032 [^,]*$/.test(what)).length).toBe(5)
    expect(vectors.filter(({ counts }) => counts).length).toBeGreaterThan(40)
  })

  test.each([...new Set(vectors.map(kindOf))])('%s: the verdict is that of the rule', (kind) => {
    for (const vector of vectors.filter((one) => kindOf(one) === kind)) {
      const said = verdictOf(bytes(vector.key), bytes(vector.message), bytes(vector.signature))
      expect(said === 'y', vector.what).toBe(vector.counts)
    }
  })

  test('[SIG-4] the second verifier says the same, and more only where a low-order rest vanishes', () => {
    for (const vector of vectors) {
      const said = verifyIndependently(bytes(vector.key), bytes(vector.message), bytes(vector.signature))
      expect(said, vector.what).toBe(vector.cofactored)
      expect(vector.cofactored || !vector.counts, vector.what).toBe(true)
    }
    // Nobody but the owner of a key can make these.
    const apart = vectors.filter(({ counts, cofactored }) => counts !== cofactored)
    expect(new Set(apart.map(kindOf))).toEqual(
      new Set(['a low-order part in the key', 'a low-order part in R']),
    )
  })

  test('this Node gives every verdict that the others give', () => {
    expect(digestOf(allVerdicts())).toBe(DIGEST)
  })
})
