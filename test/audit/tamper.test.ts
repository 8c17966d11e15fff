import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { lawOf } from '../../src/audit/report-text.ts'
import { decodeEntry, type Entry } from '../../src/core/entry.ts'
import type { Bytes } from '../../src/core/ids.ts'
import { encodeBundle } from '../../src/log/tiles.ts'
import { bytesFor, change, drop, keptHead, World, writeFiles } from './log-builder.ts'

const root = mkdtempSync(join(tmpdir(), 'audit-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

type Files = Map<string, Bytes>

async function audit(...exports: readonly Files[]) {
  const folder = join(root, String(folders++))
  for (const one of exports) writeFiles(folder, one)
  const report = await auditPaths([folder], { independent: 'no' })
  return { report, found: report.findings.map(({ rule, index }) => [rule, index]) }
}

function flip(bytes: Bytes, at: number, bit = 0): Bytes {
  const other = bytes.slice()
  other[at] = (other[at] as number) ^ (1 << bit)
  return other
}

/** Files of Harbour's export with one of them changed; `path` is below the epoch. */
function withFile(world: World, path: string, bytesOf: (bytes: Bytes) => Bytes | null): Files {
  const files = world.harbour.files()
  const full = `tlog/${world.harbour.id}/0/${path}`
  const before = files.get(full)
  if (before === undefined) throw new Error(`there is no ${full}`)
  const after = bytesOf(before)
  if (after === null) files.delete(full)
  else files.set(full, after)
  return files
}

/** Where entry `i` of a bundle begins, its two bytes of length included. */
function offsetOf(bundle: Bytes, i: number): number {
  let at = 0
  for (let k = 0; k < i; k++) at += 2 + (bundle[at] as number) * 256 + (bundle[at + 1] as number)
  return at
}

describe('files that were changed', () => {
  const world = new World({ filler: 300 })
  const { harbour, millbrook } = world
  const size = harbour.entries.length
  const last = `tile/entries/001.p/${size - 256}`

  test('[AUD-1] a log of several tiles passes', async () => {
    expect((await audit(harbour.files(), millbrook.files())).found).toEqual([])
  })

  test('[AUD-1] a byte of an entry', async () => {
    for (const index of [0, 1, 100, 255, 256, size - 1]) {
      const path = index < 256 ? 'tile/entries/000' : last
      const place = (bundle: Bytes) => offsetOf(bundle, index % 256)
      const inside = withFile(world, path, (bundle) => flip(bundle, place(bundle) + 12))
      const length = withFile(world, path, (bundle) => flip(bundle, place(bundle) + 1))
      for (const files of [inside, length]) {
        const { report, found } = await audit(files)
        expect(found).toHaveLength(1)
        expect(['AUD-1.entry_differs', 'AUD-1.entries_cut']).toContain(found[0]?.[0])
        expect(found[0]?.[1]).toBe(index)
        expect(report.verdict).toBe('fail')
        expect(report.not_checked.map(({ bank }) => bank)).toContain(harbour.id)
      }
    }
  })

  test('[TILE-2] a byte of a tile, of either level', async () => {
    const leaf = withFile(world, 'tile/0/000', (tile) => flip(tile, 32 * 77 + 3))
    expect((await audit(leaf)).found).toEqual([['AUD-1.tile_differs', 77]])
    const upper = withFile(world, 'tile/1/000.p/1', (tile) => flip(tile, 9))
    expect((await audit(upper)).found).toEqual([['AUD-1.tile_differs', 0]])
  })

  test('[CKPT-4] a byte of the checkpoint, text or signature line', async () => {
    const length = (harbour.files().get(`tlog/${harbour.id}/0/checkpoint`) as Bytes).length
    for (let at = 0; at < length; at += 7) {
      const { report } = await audit(withFile(world, 'checkpoint', (note) => flip(note, at)))
      expect(report.verdict).toBe('fail')
      const [finding] = report.findings
      expect(finding?.rule.startsWith('AUD-1.checkpoint')).toBe(true)
      expect(finding?.facts.file).toBe('checkpoint')
      expect([null, size - 1, finding?.index]).toContain(finding?.index)
    }
    const digit = withFile(world, 'checkpoint', (note) => flip(note, Buffer.from(note).indexOf('\n') + 2))
    expect((await audit(digit)).found[0]?.[0]).toBe('AUD-1.checkpoint_signature')
  })

  test('[AUD-1] files that are missing, cut, too wide or foreign', async () => {
    const without = (path: string) => withFile(world, path, () => null)
    const cut = (path: string, to: number) => withFile(world, path, (bytes) => bytes.subarray(0, to))
    const more = (path: string, bytes: Bytes) =>
      new Map([...harbour.files(), [`tlog/${harbour.id}/0/${path}`, bytes]])
    const lastTile = `tile/0/001.p/${size - 256}`
    const cases: [Files, [string, number | null][], string][] = [
      [without('checkpoint'), [['AUD-1.checkpoint_missing', null]], 'fail'],
      [without('tile/entries/000'), [['AUD-1.entries_missing', 0]], 'fail'],
      [without(last), [['AUD-1.entries_missing', 256]], 'fail'],
      [without(lastTile), [['AUD-1.tile_missing', 256]], 'warn'],
      [without('vkey'), [['AUD-1.vkey_missing', null]], 'warn'],
      [cut('checkpoint', 60), [['AUD-1.checkpoint_malformed', null]], 'fail'],
      [cut('checkpoint', 0), [['AUD-1.checkpoint_malformed', null]], 'fail'],
      [cut('tile/entries/000', 0), [['AUD-1.entries_cut', 0]], 'fail'],
      [cut(last, 10), [['AUD-1.entries_cut', 256]], 'fail'],
      [cut(lastTile, 40), [['AUD-1.tile_differs', 257]], 'fail'],
      [cut('vkey', 20), [['AUD-1.vkey_differs', null]], 'fail'],
      [more('tile/entries/002.p/9', new Uint8Array(9)), [['AUD-1.beyond_head', 512]], 'fail'],
      [more(`tile/0/001.p/${size - 255}`, new Uint8Array(9)), [['AUD-1.beyond_head', size]], 'fail'],
      [more('tile/0/000.p/3', new Uint8Array(96)), [['AUD-1.tile_differs', 0]], 'fail'],
      [more('tile/entries/000.p/1', encodeBundle([new Uint8Array(9)])), [['AUD-1.entry_differs', 0]], 'fail'],
      [more('notes.txt', new Uint8Array(9)), [['AUD-1.file_extra', null]], 'pass'],
      [more('tile/0/01', new Uint8Array(9)), [['AUD-1.file_extra', null]], 'pass'],
    ]
    for (const [files, expected, verdict] of cases) {
      const { report, found } = await audit(files)
      expect(found).toEqual(expected)
      expect(report.verdict).toBe(verdict)
    }
  })

  test('[LOG-10] an entry dropped, or two changed over, under the old head', async () => {
    const swapped = new World({ filler: 300 })
    swapEntries(swapped, 40, 41)
    const files = swapped.harbour.files()
    files.set(`tlog/${harbour.id}/0/checkpoint`, harbour.checkpoint())
    expect((await audit(files)).found).toEqual([['AUD-1.root_differs', size - 1]])

    const bundles = withFile(world, 'tile/entries/000', () =>
      encodeBundle(swapped.harbour.entries.slice(0, 256)),
    )
    expect((await audit(bundles)).found).toEqual([
      ['AUD-1.entry_differs', 40],
      ['AUD-1.entry_differs', 41],
    ])

    const dropped = withFile(world, last, () => encodeBundle(harbour.entries.slice(257)))
    expect((await audit(dropped)).found).toEqual([['AUD-1.entry_differs', 256]])
  })

  test('[AUD-1] any flipped bit of entries, tiles or checkpoint is found, and the place is named', async () => {
    const names = [...harbour.files().keys()].filter((path) => !path.endsWith('vkey'))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 7 }),
        async (path, where, bit) => {
          const files = harbour.files()
          const bytes = files.get(path) as Bytes
          files.set(path, flip(bytes, Math.floor(where * bytes.length), bit))
          const { report } = await audit(files)
          expect(report.verdict).toBe('fail')
          const [finding] = report.findings
          expect(finding?.index !== null || finding?.facts.file === 'checkpoint').toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})

/** Two entries of Harbour's log in each other's place, the tree built anew over them. */
function swapEntries(world: World, a: number, b: number): void {
  const { entries, leaves } = world.harbour
  for (const list of [entries, leaves]) {
    const [one, two] = [list[a] as Bytes, list[b] as Bytes]
    list[a] = two
    list[b] = one
  }
}

describe('logs that are whole in themselves, and false', () => {
  const world = new World()
  const { harbour, millbrook } = world

  test('[FORK-7] a log signed again with one amount changed is betrayed by the head its neighbour noted', async () => {
    const rewritten = new World()
    const at = rewritten.harbour.at('help 2')
    const read = decodeEntry(rewritten.harbour.entries[at] as Bytes)
    if (!read.ok || read.entry.kind !== 'exchange') throw new Error('an exchange is changed')
    const intent = world.intent('help 2', [
      { acct: world.cleo, minutes: -300 },
      { acct: world.ada, minutes: 300 },
    ])
    rewritten.harbour.replace(at, { ...read.entry, body: { ...read.entry.body, intent } })
    expect((await audit(rewritten.harbour.files())).found).toEqual([])
    const { report, found } = await audit(rewritten.harbour.files(), millbrook.files())
    const noted = millbrook.at('Millbrook sees')
    const size = harbour.at('propose') + 1
    expect(found).toEqual([['AUD-1.log_rewritten', size - 1]])
    expect(report.findings[0]?.bank).toBe(harbour.id)
    expect(report.findings[0]?.other).toEqual({ bank: millbrook.id, epoch: 0, index: noted })
  })

  test('[FORK-7] a payment signed again over fewer minutes is betrayed by the credit that names it', async () => {
    const rewritten = new World({
      edits: {
        'postal commit': change('pay.commit', ({ parts }) => ({
          minutes: 14,
          parts: parts.map((one) => ({ ...one, minutes: 14 })),
        })),
      },
    })
    const { report } = await audit(rewritten.harbour.files(), millbrook.files())
    const credit = report.findings.find(
      ({ rule, bank }) => rule === 'AUD-1.log_rewritten' && bank === millbrook.id,
    )
    expect(credit?.index).toBe(millbrook.at('postal credit'))
    expect(credit?.other).toEqual({ bank: harbour.id, epoch: 0, index: harbour.at('postal commit') })
  })

  test('[CRASH-8] a tail cut off is betrayed by the neighbour, and by kept heads', async () => {
    const shown = harbour.at('crossed return') + 1
    const { report, found } = await audit(harbour.files(shown), millbrook.files())
    expect(found).toEqual([['AUD-1.log_cut', shown - 1]])
    expect(report.findings[0]?.facts).toEqual({ shown, known: harbour.at('flying commit') + 1 })
    expect(report.not_checked).toEqual([
      { bank: harbour.id, what: 'cannot be checked against this bank: its log is not shown to its end' },
    ])
    expect(report.lines.every(({ equal }) => equal === null)).toBe(true)

    const kept = new Map([keptHead(harbour, harbour.entries.length)])
    expect((await audit(harbour.files(shown), kept)).found).toEqual([['AUD-1.log_cut', shown - 1]])
  })

  test('[FORK-3] two copies of one log that differ', async () => {
    const fork = new World({ edits: { 'help 2': drop } })
    const one = join(root, String(folders++))
    const two = join(root, String(folders++))
    writeFiles(one, harbour.files())
    writeFiles(two, fork.harbour.files())
    const report = await auditPaths([one, two], { independent: 'no' })
    expect(report.findings.map(({ rule }) => rule)).toEqual(['AUD-1.log_rewritten'])
    expect(report.verdict).toBe('fail')
  })

  test('[FORK-2] a kept head that is not well signed, or of a bank that is not here', async () => {
    const [path, note] = keptHead(harbour, 9)
    const { report, found } = await audit(harbour.files(), new Map([[path, flip(note, note.length - 20)]]))
    expect(found).toEqual([['AUD-1.head_signature', null]])
    expect(report.verdict).toBe('warn')
    const foreign = await audit(harbour.files(), new Map([keptHead(millbrook, 9)]))
    expect(foreign.found).toEqual([])
    expect(foreign.report.not_checked.at(-1)).toEqual({
      bank: null,
      what: '1 kept heads of banks whose logs are not among the files',
    })
  })

  test('[LOG-1] a log filed under another bank', async () => {
    const moved = new Map<string, Bytes>()
    for (const [path, bytes] of harbour.files()) moved.set(path.replace(harbour.id, millbrook.id), bytes)
    expect((await audit(moved)).found).toEqual([['AUD-1.checkpoint_origin', harbour.entries.length - 1]])
  })

  test('[LOG-1] a founding entry that does not belong to the bank it is filed and signed for', async () => {
    const other = new World()
    other.harbour.bank = bytesFor('other', 20)
    expect((await audit(other.harbour.files())).found).toEqual([['AUD-1.bank_id', 0]])
  })

  test('[ENC-14] an entry with any bit flipped, signed anew: no crash, and both paths agree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 7 }), async (entry, byte, bit) => {
        const other = new World().harbour
        const index = 1 + (entry % (other.entries.length - 1))
        const raw = other.entries[index] as Bytes
        other.replaceRaw(index, flip(raw, byte % raw.length, bit))
        const folder = join(root, String(folders++))
        writeFiles(folder, other.files())
        const plain = await auditPaths([folder], { independent: 'no' })
        const independent = await auditPaths([folder], { independent: 'yes' })
        const brief = (report: typeof plain) => report.findings.map(({ rule, index: at }) => [rule, at])
        expect(brief(independent)).toEqual(brief(plain))
        expect(independent.banks).toEqual(plain.banks)
      }),
      { numRuns: 40 },
    )
  })

  test('[LOG-9] an entry of a kind to come is named, and nothing is guessed about what follows', async () => {
    const { report, found } = await audit(
      withRaw(new World(), [0x84, 0x01, 0x16, 0x1a, 0x6b, 0x49, 0xd2, 0x00, 0x80]),
    )
    expect(found).toEqual([['AUD-1.entry_newer', harbour.entries.length]])
    expect(report.banks[0]?.proven).toBe(false)
    expect(report.verdict).toBe('warn')
  })

  test('[LOG-9] an entry of a reserved kind is passed over, and that is said', async () => {
    const { report, found } = await audit(
      withRaw(new World(), [0x84, 0x01, 0x18, 0xc8, 0x1a, 0x6b, 0x49, 0xd2, 0x00, 0x80]),
    )
    expect(found).toEqual([['AUD-1.entry_newer', harbour.entries.length]])
    expect(report.banks[0]?.proven).toBe(true)
  })

  test('[ENC-12] bytes that are no entry are named, though the tree over them is right', async () => {
    for (const raw of [[0x84, 0x01], [0x84, 0x01, 0x18, 0x04, 0x00, 0x80], [0xf6]]) {
      const { report, found } = await audit(withRaw(new World(), raw))
      expect(found).toEqual([['AUD-1.entry_unreadable', harbour.entries.length]])
      expect(report.verdict).toBe('fail')
    }
  })

  test('[AUD-5] hours made from nothing show in the sum and never as a bare zero', async () => {
    const minted = new World({
      edits: {
        'help 2': (push, entry, w) => {
          if (entry.kind !== 'exchange') throw new Error('an exchange is changed')
          const intent = w.intent('help 2', [
            { acct: w.cleo, minutes: -30 },
            { acct: w.ada, minutes: 130 },
          ])
          push({ ...entry, body: { ...entry.body, intent } } as Entry)
        },
      },
    })
    const { report } = await audit(minted.harbour.files(), minted.millbrook.files())
    expect(report.sum).toBe(75)
    expect(lawOf(report)).toContain('members + fund + hold = 75 with 25 minutes in transit')
    expect(report.findings.map(({ rule }) => rule)).toEqual(['AUD-2.postings_not_zero'])
  })
})

/** Harbour's export with one more entry of these raw bytes at its end. */
function withRaw(world: World, raw: readonly number[]): Files {
  const bytes = Uint8Array.from(raw)
  expect(decodeEntry(bytes).ok).toBe(false)
  world.harbour.append(bytes)
  return world.harbour.files()
}
