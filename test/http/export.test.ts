import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { sha256 } from '../../src/core/hash.ts'
import { toHex } from '../../src/core/ids.ts'
import { printTilePath, tilesOf } from '../../src/log/tiles.ts'
import { end, type TestBank, testBank, twoBanks } from './served.ts'

let harbour: TestBank
let millbrook: TestBank
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonhour-export-'))
  ;({ harbour, millbrook } = await twoBanks())
  const [ada, bo] = [await added(harbour, 'Ada'), await added(millbrook, 'Bo')]
  const { handle } = (await millbrook.call('POST', `/members/${bo}/handles`, {})).json
  const sent = await harbour.call('POST', '/payments', {
    by: 'coordinator',
    payer: ada,
    bank: millbrook.id,
    handle,
    minutes: 90,
    note: 'canary-of-the-note',
    channel: 'call',
    reason: 'telephoned',
  })
  expect((await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)).json.state).toBe('paid')
})
afterAll(async () => {
  await end(harbour, millbrook)
  await rm(folder, { recursive: true, force: true })
})

async function added(bank: TestBank, name: string): Promise<string> {
  return (await bank.call('POST', '/members', { name })).json.number
}

async function exported(bank: TestBank, query = ''): Promise<Record<string, Uint8Array>> {
  const answer = await bank.call('GET', `/export${query}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip'])
  return unzipSync(answer.bytes)
}

describe('the export', () => {
  test('[P-12] holds the whole log, what other banks showed, and the people', async () => {
    const files = await exported(harbour)
    const manifest = JSON.parse(Buffer.from(files['commonhour-export.json'] ?? []).toString())
    expect(manifest).toMatchObject({
      format: 1,
      bank_id: harbour.id,
      name: 'Harbour',
      size: harbour.node.head.size,
    })
    const log = `tlog/${harbour.id}/0`
    const wanted = [
      `${log}/checkpoint`,
      `${log}/vkey`,
      ...[...tilesOf(manifest.size)].map((name) => log + printTilePath(name)),
    ]
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([...wanted, 'register/members.csv', 'register/exchanges.csv']),
    )
    const origin = toHex(sha256(new Uint8Array(Buffer.from(`commonhour/${millbrook.id}/0`))))
    expect(Object.keys(files).some((path) => path.startsWith(`heads/${origin}/`))).toBe(true)
    expect(Buffer.from(files['register/members.csv'] ?? []).toString()).toContain('Ada')
  })

  test('the manifest lists every other file with its digest', async () => {
    const { 'commonhour-export.json': last, ...files } = await exported(harbour)
    const listed = JSON.parse(Buffer.from(last ?? []).toString()).files as { path: string; sha256: string }[]
    const digests = Object.entries(files).map(([path, bytes]) => ({
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }))
    expect(listed).toEqual(digests)
  })

  test('without people nobody is in it', async () => {
    const files = await exported(harbour, '?people=no')
    expect(Object.keys(files).filter((path) => path.startsWith('register/'))).toEqual([])
    const all = Buffer.concat(Object.values(files)).toString('latin1')
    expect(all).not.toMatch(/Ada|Priya|canary-of-the-note/)
  })

  test('[RES-1] is what the audit reads: two banks, nothing found', async () => {
    const paths: string[] = []
    for (const bank of [harbour, millbrook]) {
      const path = join(folder, `${bank.name}.zip`)
      await writeFile(path, (await bank.call('GET', '/export?people=no')).bytes)
      paths.push(path)
    }
    for (const independent of ['no', 'yes'] as const) {
      const report = await auditPaths(paths, { independent })
      expect(report.findings).toEqual([])
      expect(report).toMatchObject({ verdict: 'pass', sum: 0, payments: { paid: 1, in_transit: 0 } })
    }
  })

  test('[IMP-9] the people of one bank can be taken to a new one', async () => {
    const { 'register/members.csv': members } = await exported(harbour)
    const text = Buffer.from(members ?? [])
      .toString()
      .split('\n')
      .filter((line) => !line.includes('neighbour'))
      .join('\n')
    const next = await testBank('Next')
    try {
      const form = new FormData()
      form.set('members', new Blob([text]), 'members.csv')
      const headers = { authorization: `Bearer ${next.token}` }
      const plan = await next.ask('/api/v1/import/check', { method: 'POST', headers, body: form })
      expect(plan.status).toBe(200)
      expect(plan.json.sheet.map((line: { name: string }) => line.name)).toContain('Ada')
    } finally {
      await end(next)
    }
  })
})
