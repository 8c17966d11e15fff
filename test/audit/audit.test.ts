import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { lawOf, renderReport } from '../../src/audit/report-text.ts'
import { Fault } from '../../src/core/fault.ts'
import { keptHead, World, writeFiles } from './log-builder.ts'

const root = mkdtempSync(join(tmpdir(), 'audit-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

function folderOf(...files: ReadonlyMap<string, Uint8Array>[]): string {
  const folder = join(root, String(folders++))
  for (const one of files) writeFiles(folder, one)
  return folder
}

describe('two banks in order', () => {
  const world = new World()
  const { harbour, millbrook } = world
  const heads = new Map([keptHead(harbour, 12), keptHead(harbour, harbour.entries.length)])
  const folder = folderOf(harbour.files(), millbrook.files(), heads)

  test('[RES-1] [AUD-12] a valid network passes without a finding', async () => {
    const report = await auditPaths([folder], { independent: 'no' })
    expect(report.findings).toEqual([])
    expect(report.not_checked).toEqual([])
    expect(report.verdict).toBe('pass')
    expect(report.payments).toEqual({ paid: 3, returned: 2, never: 1, in_transit: 1, undecided: 0 })
    expect(report.in_flight.map(({ minutes, state }) => [minutes, state])).toEqual([[25, 'in_transit']])
    expect(report.sum).toBe(-25)
    expect(report.lines.map(({ equal, in_flight }) => [equal, in_flight])).toEqual([[true, 25]])
    expect(lawOf(report)).toBe(
      'members + fund + hold = -25 with 25 minutes in transit; mirrors equal on every line but for the minutes in transit.',
    )
    expect(renderReport(report)).toContain('Harbour')
  })

  test('[ENC-13] [ENC-14] [SIG-4] the independent path gives the same report', async () => {
    const plain = await auditPaths([folder], { independent: 'no' })
    const independent = await auditPaths([folder], { independent: 'yes' })
    expect(JSON.stringify(independent)).toBe(JSON.stringify(plain))
  })

  test('[RES-1] a zip file, two folders, or the tlog folder itself give the same report', async () => {
    const plain = await auditPaths([folder], { independent: 'no' })
    const files = new Map([...harbour.files(), ...millbrook.files(), ...heads])
    const zip = join(root, 'export.zip')
    const inner = [...files].map(([path, bytes]) => [`some/where/${path}`, bytes] as const)
    writeFileSync(
      zip,
      zipSync(Object.fromEntries([...inner, ['some/where/register.csv', new Uint8Array(9)]])),
    )
    const apart = [folderOf(millbrook.files()), folderOf(harbour.files(), heads)]
    for (const paths of [[zip], apart, [join(folder, 'tlog')]]) {
      expect(await auditPaths(paths, { independent: 'no' })).toEqual(plain)
    }
  })

  test('[AUD-11] with one log missing the rest is checked and the gap is named', async () => {
    const report = await auditPaths([folderOf(harbour.files())], { independent: 'no' })
    expect(report.findings).toEqual([])
    expect(report.not_checked).toEqual([
      { bank: millbrook.id, what: 'cannot be checked against this bank: its log is not among the files' },
    ])
    expect(report.payments).toEqual({ paid: 3, returned: 2, never: 1, in_transit: 1, undecided: 0 })
    expect(report.lines.map(({ equal }) => equal)).toEqual([null])
  })

  test('[AUD-9] age is judged against the time given', async () => {
    const report = await auditPaths([folder], { independent: 'no', now: world.time + 8 * 86_400 })
    expect(report.findings.map(({ rule, bank, index }) => [rule, bank, index])).toEqual([
      ['AUD-9.unanswered', millbrook.id, millbrook.at('Millbrook sees at last')],
    ])
    expect(report.verdict).toBe('warn')
  })

  test('[AUD-1] the same log given twice counts once, an older copy included', async () => {
    const older = folderOf(harbour.files(20))
    const report = await auditPaths([folder, older, folder], { independent: 'no' })
    expect(report).toEqual(await auditPaths([folder], { independent: 'no' }))
  })

  test('progress reaches the number of entries', async () => {
    const seen: [number, number][] = []
    await auditPaths([folder], { independent: 'no', progress: (done, total) => seen.push([done, total]) })
    const total = harbour.entries.length + millbrook.entries.length
    expect(seen.at(-1)).toEqual([total, total])
  })

  test('[CLI-5] nothing to audit is a fault, not a finding', async () => {
    const empty = folderOf(new Map([['readme.txt', new Uint8Array(3)]]))
    const broken = join(root, 'broken.zip')
    writeFileSync(broken, new Uint8Array(100))
    for (const path of [empty, broken, join(root, 'not-there')]) {
      await expect(auditPaths([path], { independent: 'no' })).rejects.toThrow(Fault)
    }
  })
})
