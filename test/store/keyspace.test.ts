import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareBytes, toHex } from '../../src/core/ids.ts'
import * as keys from '../../src/store/keyspace.ts'

const hash = (fill: number) => new Uint8Array(32).fill(fill)
const within = (key: Uint8Array, range: { from: Uint8Array; to: Uint8Array }) =>
  compareBytes(key, range.from) >= 0 && compareBytes(key, range.to) < 0

const epochs = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(255, 256, 2 ** 31, 2 ** 32 - 1))
const numbers = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
)
const levels = fc.integer({ min: 0, max: 63 })

describe('keys', () => {
  test('[CRASH-12] have the layout that is written down', () => {
    expect(toHex(keys.entryKey(0x102, 0x0102030405))).toBe('652f000001020000000102030405')
    expect(toHex(keys.edgeKey(1, 2, 3))).toBe('682f00000001020000000000000003')
    expect(toHex(keys.tileKey(1, 2, 3))).toBe('742f00000001020000000000000003')
    expect(toHex(keys.headKey(1))).toBe('662f00000001')
    expect(toHex(keys.checkpointKey(1, 70_000))).toBe('632f000000010000000000011170')
    expect(toHex(keys.seenHeadKey(hash(7), 1, hash(9)))).toBe(
      `6e2f${'07'.repeat(32)}0000000000000001${'09'.repeat(32)}`,
    )
    expect(toHex(keys.proofKey(hash(1)))).toBe(`782f${'01'.repeat(32)}`)
    expect(Buffer.from(keys.privateKey('setting', 'quorum')).toString()).toBe('p/setting/quorum')
    expect(Buffer.from(keys.formatKey).toString()).toBe('m/format')
    expect(toHex(keys.pieceId(Uint8Array.of(9, 9), 258))).toBe('090900000102')
  })

  test('[CRASH-12] sort as their numbers do', () => {
    fc.assert(
      fc.property(epochs, numbers, epochs, numbers, (e1, n1, e2, n2) => {
        const order = Math.sign(e1 - e2) || Math.sign(n1 - n2)
        for (const build of [keys.entryKey, keys.checkpointKey]) {
          expect(Math.sign(compareBytes(build(e1, n1), build(e2, n2)))).toBe(order)
        }
      }),
    )
  })

  test('are read back as they were built', () => {
    fc.assert(
      fc.property(epochs, levels, numbers, (epoch, level, n) => {
        expect(keys.indexOfEntryKey(keys.entryKey(epoch, n))).toBe(n)
        expect(keys.sizeOfCheckpointKey(keys.checkpointKey(epoch, n))).toBe(n)
        expect(keys.epochOfHeadKey(keys.headKey(epoch))).toBe(epoch)
        expect(keys.parseEdgeKey(keys.edgeKey(epoch, level, n))).toEqual({ level, index: n })
        expect(keys.parseTileKey(keys.tileKey(epoch, level, n))).toEqual({ level, n })
        const seen = { originHash: hash(level), size: n, root: hash(1) }
        expect(keys.parseSeenHeadKey(keys.seenHeadKey(seen.originHash, n, seen.root))).toEqual(seen)
        expect(keys.privateIdOf('memo', keys.privateKey('memo', hash(level)))).toEqual(hash(level))
      }),
    )
    expect(keys.bundleIdOfProofKey(keys.proofKey(hash(3)))).toEqual(hash(3))
  })

  test('lie inside their own range and outside the range of every neighbour', () => {
    fc.assert(
      fc.property(epochs, levels, numbers, (epoch, level, n) => {
        const places: [Uint8Array, { from: Uint8Array; to: Uint8Array }][] = [
          [keys.entryKey(epoch, n), keys.entryRange(epoch)],
          [keys.edgeKey(epoch, level, n), keys.edgeRange(epoch)],
          [keys.tileKey(epoch, level, n), keys.tileRange(epoch)],
          [keys.checkpointKey(epoch, n), keys.checkpointRange(epoch)],
          [keys.headKey(epoch), keys.headRange],
          [keys.seenHeadKey(hash(255), n, hash(255)), keys.seenHeadRange(hash(255))],
          [keys.seenHeadKey(hash(254), n, hash(255)), keys.seenHeadRange(hash(254))],
          [keys.proofKey(hash(255)), keys.proofRange],
          ...keys.PRIVATE_KINDS.map(
            (kind) =>
              [keys.privateKey(kind, hash(255)), keys.privateRange(kind)] as [
                Uint8Array,
                typeof keys.allPrivate,
              ],
          ),
        ]
        places.forEach(([key], i) => {
          expect(within(key, keys.everything)).toBe(true)
          places.forEach(([, range], j) => {
            expect(within(key, range)).toBe(i === j)
          })
        })
      }),
      { numRuns: 30 },
    )
  })

  test('ranges have exact bounds', () => {
    const range = keys.entryRange(4, 10, 12)
    expect([9, 10, 11, 12].map((n) => within(keys.entryKey(4, n), range))).toEqual([false, true, true, false])
    expect(within(keys.entryKey(5, 0), keys.entryRange(4, 10))).toBe(false)
    expect(within(keys.checkpointKey(4, 9), keys.checkpointRange(4, 10))).toBe(false)
    const digest = Uint8Array.of(1, 255)
    const pieces = keys.privateRange('archive', digest)
    expect(within(keys.privateKey('archive', keys.pieceId(digest, 7)), pieces)).toBe(true)
    expect(within(keys.privateKey('archive', keys.pieceId(Uint8Array.of(2, 0), 0)), pieces)).toBe(false)
    expect(within(keys.privateKey('memo', 'a'), keys.allPrivate)).toBe(true)
    expect(within(keys.tileKey(0, 0, 0), keys.allPrivate)).toBe(false)
    expect(within(keys.seenHeadKey(hash(9), 0, hash(0)), keys.seenHeadRange())).toBe(true)
  })

  test.each([
    ['an index below zero', () => keys.entryKey(0, -1)],
    ['an index that is not safe', () => keys.entryKey(0, 2 ** 53)],
    ['a fraction', () => keys.entryKey(0, 0.5)],
    ['an epoch of five bytes', () => keys.entryKey(2 ** 32, 0)],
    ['level 64', () => keys.tileKey(0, 64, 0)],
    ['a short root', () => keys.seenHeadKey(hash(0), 0, new Uint8Array(31))],
    ['an origin that is no hash', () => keys.seenHeadKey(new Uint8Array(20), 0, hash(0))],
    ['a private part without id', () => keys.privateKey('memo', '')],
    ['a key of another kind', () => keys.indexOfEntryKey(keys.checkpointKey(0, 0))],
    ['a key of another private kind', () => keys.privateIdOf('memo', keys.privateKey('member', 'x'))],
    ['a key cut short', () => keys.indexOfEntryKey(keys.entryKey(0, 0).subarray(1))],
  ])('refuse %s as a bug', (_, build) => {
    expect(build).toThrow('broken assertion')
  })
})
