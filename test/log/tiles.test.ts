import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeBundle,
  encodeBundle,
  parseTilePath,
  printTilePath,
  TILE_WIDTH,
  type TileName,
  tilesOf,
  tileWidth,
} from '../../src/log/tiles.ts'
import outside from '../vectors/outside/signed-notes.json' with { type: 'json' }

describe('paths', () => {
  test('[TEST-4] the index printed in the tile specification', () => {
    const name: TileName = { kind: 'entries', n: outside.tiles.index, width: TILE_WIDTH }
    expect(printTilePath(name)).toBe(`/tile/entries/${outside.tiles.path}`)
    expect(parseTilePath(`/tile/entries/${outside.tiles.path}`)).toEqual(name)
  })

  test('[HTTP-1] every name reads back as it was printed', () => {
    const n = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.maxSafeNat())
    const width = fc.integer({ min: 1, max: 256 })
    const name = fc.oneof(
      fc.record({ kind: fc.constant('tile' as const), level: fc.integer({ min: 0, max: 63 }), n, width }),
      fc.record({ kind: fc.constant('entries' as const), n, width }),
    )
    fc.assert(
      fc.property(name, (given) => {
        expect(parseTilePath(printTilePath(given))).toEqual(given)
      }),
    )
  })

  test.each([
    '/tile/0/000',
    '/tile/63/999.p/255',
    '/tile/entries/x001/000.p/1',
    '/tile/2/x009/x007/x199/x254/x740/991',
  ])('[HTTP-1] %s is a path', (path) => {
    const name = parseTilePath(path)
    expect(name === null ? null : printTilePath(name)).toBe(path)
  })

  test.each([
    '',
    'tile/0/000',
    '/tile/0/000/',
    '/tile/0/000\n',
    '/tile/0/0',
    '/tile/0/0000',
    '/tile/00/000',
    '/tile/01/000',
    '/tile/64/000',
    '/tile/-1/000',
    '/tile/0/x000/001',
    '/tile/0/001/234',
    '/tile/0/x001/x234',
    '/tile/0/X001/234',
    '/tile/0/000.p/0',
    '/tile/0/000.p/01',
    '/tile/0/000.p/256',
    '/tile/0/000.p/',
    '/tile/0/000.p',
    '/tile/0/000?x',
    '/tile/0/%30%30%30',
    '/tile/0/x009/x007/x199/x254/x740/992',
    '/tile/0/x001/x000/x000/x000/x000/x000/000',
    '/tile/8/data/000',
    '/tile/8/0/000',
    '/tile/data/000',
  ])('[HTTP-1] %j is no path', (path) => {
    expect(parseTilePath(path)).toBeNull()
  })
})

describe('widths', () => {
  test('[TILE-2] the sizes printed in the tile specification', () => {
    for (const [level, [full, partial]] of outside.tiles.widths.entries()) {
      const widths = [...tilesOf(outside.tiles.size)].flatMap((name) =>
        name.kind === 'tile' && name.level === level ? [name.width] : [],
      )
      expect(widths).toEqual([...Array(full).fill(256), partial])
    }
    const names = [...tilesOf(256)].map(printTilePath)
    expect(names).toEqual(['/tile/0/000', '/tile/1/000.p/1', '/tile/entries/000'])
    expect([...tilesOf(0)]).toEqual([])
  })

  test('[TILE-2] the last tile of a level is floor(size / 256^level) mod 256 wide, and width 0 does not exist', () => {
    for (const size of [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000, 2 ** 53 - 1]) {
      for (let level = 0; level < 8; level++) {
        const hashes = Math.floor(size / 256 ** level)
        expect(tileWidth(level, Math.floor(hashes / 256), size)).toBe(hashes % 256)
        expect(tileWidth(level, Math.floor(hashes / 256) + 1, size)).toBe(0)
        if (hashes >= 256) expect(tileWidth(level, 0, size)).toBe(256)
      }
    }
    expect([...tilesOf(65_536)].every((name) => name.width > 0)).toBe(true)
  })
})

describe('entry bundles', () => {
  test('[TILE-3] each entry stands behind its length as big-endian uint16', () => {
    const bundle = encodeBundle([Uint8Array.of(9), new Uint8Array(), new Uint8Array(258).fill(1)])
    expect([...bundle.subarray(0, 8)]).toEqual([0, 1, 9, 0, 0, 1, 2, 1])
    expect(bundle.length).toBe(2 + 1 + 2 + 2 + 258)
  })

  test('[TEST-3] bundles read back, empty and 16 KiB entries included', () => {
    const entry = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constant(new Uint8Array(16_384).fill(1)),
      fc.constant(new Uint8Array(65_535).fill(2)),
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
        expect(decodeBundle(encodeBundle(entries))).toEqual(entries)
      }),
      { numRuns: 50 },
    )
  })

  test('[TILE-3] a bundle cut anywhere inside an entry, or with 257 entries, is refused', () => {
    const bundle = encodeBundle([Uint8Array.of(1, 2), Uint8Array.of(3)])
    for (const length of [1, 2, 3, 5, 6]) expect(decodeBundle(bundle.subarray(0, length))).toBeNull()
    expect(decodeBundle(bundle.subarray(0, 4))).toEqual([Uint8Array.of(1, 2)])
    expect(decodeBundle(new Uint8Array(2 * 256))?.length).toBe(256)
    expect(decodeBundle(new Uint8Array(2 * 257))).toBeNull()
  })
})
