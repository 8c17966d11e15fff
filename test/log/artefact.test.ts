import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { decodeArtefact, encodeArtefact, openArtefact } from '../../src/log/artefact.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { artefactOf, checkpointAt, entries, keyOf, LOG } from './bank-log.ts'

const GOOD = artefactOf(123, 257)
const HASH = new Uint8Array(32)

describe('artefacts', () => {
  test('[CKPT-8] an artefact travels as bytes and proves its entry', () => {
    for (const [index, size] of [
      [0, 1],
      [0, 257],
      [256, 257],
      [299, 300],
    ] as const) {
      const artefact = artefactOf(index, size)
      const decoded = decodeArtefact(encodeArtefact(artefact))
      expect(decoded).toEqual(artefact)
      const opened = decoded === null ? null : openArtefact(decoded, LOG)
      expect(opened).toMatchObject({ entry: entries[index], index, head: { size, origin: LOG.origin } })
      expect(opened?.leaf).toEqual(leafHash(artefact.entry))
    }
  })

  test('[CKPT-8] another entry, index, proof, checkpoint or key proves nothing', () => {
    expect(openArtefact(GOOD, LOG)).not.toBeNull()
    expect(openArtefact({ ...GOOD, entry: entries[124] as Uint8Array }, LOG)).toBeNull()
    expect(openArtefact({ ...GOOD, index: 124 }, LOG)).toBeNull()
    expect(openArtefact({ ...GOOD, index: 257 }, LOG)).toBeNull()
    expect(openArtefact({ ...GOOD, proof: GOOD.proof.slice(1) }, LOG)).toBeNull()
    expect(openArtefact({ ...GOOD, checkpoint: checkpointAt(258) }, LOG)).toBeNull()
    expect(openArtefact({ ...GOOD, checkpoint: GOOD.checkpoint.slice(1) }, LOG)).toBeNull()
    expect(openArtefact(GOOD, { ...LOG, key: keyOf(2).open })).toBeNull()
    expect(openArtefact(GOOD, { ...LOG, origin: LOG.origin.replace('/0', '/1') })).toBeNull()
  })

  test.each([
    ['not an array', new Map([['entry', 1]])],
    ['three items', [GOOD.entry, 1, [HASH]]],
    ['five items', [GOOD.entry, 1, [HASH], GOOD.checkpoint, null]],
    ['no entry bytes', ['entry', 1, [HASH], GOOD.checkpoint]],
    ['an empty entry', [new Uint8Array(), 1, [HASH], GOOD.checkpoint]],
    ['an entry over 16 KiB', [new Uint8Array(16_385), 1, [HASH], GOOD.checkpoint]],
    ['a negative index', [GOOD.entry, -1, [HASH], GOOD.checkpoint]],
    ['no index', [GOOD.entry, null, [HASH], GOOD.checkpoint]],
    ['one hash for a list', [GOOD.entry, 1, HASH, GOOD.checkpoint]],
    ['a short hash', [GOOD.entry, 1, [HASH.slice(1)], GOOD.checkpoint]],
    ['65 hashes', [GOOD.entry, 1, Array(65).fill(HASH), GOOD.checkpoint]],
    ['a checkpoint as text', [GOOD.entry, 1, [HASH], 'checkpoint']],
  ])('[CKPT-8] refused: %s', (_, value) => {
    expect(decodeArtefact(encode(value))).toBeNull()
  })

  test('[CKPT-8] an entry of 16 KiB and 64 hashes fit', () => {
    const largest = { ...GOOD, entry: new Uint8Array(16_384), proof: Array(64).fill(HASH) }
    expect(decodeArtefact(encodeArtefact(largest))).toEqual(largest)
  })

  test('[CKPT-8] cut, changed and random bytes never prove anything else, and never throw', () => {
    const bytes = encodeArtefact(GOOD)
    const proves = (changed: Uint8Array) => {
      const decoded = decodeArtefact(changed)
      return decoded !== null && openArtefact(decoded, LOG) !== null
    }
    expect(proves(bytes)).toBe(true)
    for (let at = 0; at < bytes.length; at++) {
      expect(proves(bytes.slice(0, at))).toBe(false)
      expect(proves(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBe(false)
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (random) => !proves(random)))
  })
})
