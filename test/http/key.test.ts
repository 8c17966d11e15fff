import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { recover } from '../../src/serve.ts'
import { type Told, told } from '../cli/told.ts'
import { end, serveFolder, type TestBank, twoBanks, until } from './served.ts'

let harbour: TestBank
let millbrook: TestBank
let folder: string
let [ada, handle] = ['', '']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonhour-key-'))
  ;({ harbour, millbrook } = await twoBanks())
  ada = (await harbour.call('POST', '/members', { name: 'Ada' })).json.number
  const bo = (await millbrook.call('POST', '/members', { name: 'Bo' })).json.number
  handle = (await millbrook.call('POST', `/members/${bo}/handles`, { uses: 99 })).json.handle
})
afterAll(async () => {
  await end(harbour, millbrook)
  await rm(folder, { recursive: true, force: true })
})

const pays = async (minutes: number): Promise<string> => {
  const sent = await harbour.call('POST', '/payments', {
    by: 'coordinator',
    payer: ada,
    bank: millbrook.id,
    handle,
    minutes,
    channel: 'call',
    reason: 'telephoned',
  })
  return (await harbour.call('GET', `/payments/${sent.json.id}?wait=30`)).json.state
}

/** The program, with what it printed and what was typed into it. */
function run(args: readonly string[], typed = ''): Promise<Told> {
  return told(args, { typed: async () => typed })
}

/** Exports of both banks, on disk. */
async function exportsOf(...banks: TestBank[]): Promise<string[]> {
  const paths: string[] = []
  for (const bank of banks) {
    const path = join(folder, `${bank.name}.zip`)
    await writeFile(path, (await bank.call('GET', '/export')).bytes)
    paths.push(path)
  }
  return paths
}

async function expectClean(): Promise<void> {
  for (const independent of ['no', 'yes'] as const) {
    const report = await auditPaths(await exportsOf(harbour, millbrook), { independent })
    expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
    expect(report.lines.map(({ equal }) => equal)).toEqual([true])
  }
}

const connected = () =>
  until(async () => (await harbour.call('GET', '/neighbours')).json.neighbours[0].connected === true, 40)

describe('a new log key', () => {
  test('[KEY-3] key rotate changes it while the bank runs; hours go on and the export is whole', async () => {
    expect(await pays(60)).toBe('paid')
    const before = await readFile(join(harbour.folder, 'keys', 'log.key'), 'utf8')
    const ran = await run(['key', 'rotate', '--dir', harbour.folder])
    expect([ran.code, ran.out]).toEqual([0, expect.stringMatching(/signs with a new key \(epoch 1\)/)])
    expect(await readFile(join(harbour.folder, 'keys', 'log.key'), 'utf8')).not.toBe(before)
    expect((await readdir(join(harbour.folder, 'keys'))).sort()).toEqual([
      'log.key',
      'peer.key',
      'witness.key',
    ])
    expect((await harbour.call('GET', '/status')).json).toMatchObject({ epoch: 1, signing: 'yes' })
    await connected()
    expect(await pays(30)).toBe('paid')
    await expectClean()
  }, 90_000)

  test('[KEY-6] [HTTP-1] the log of every epoch is served under its number', async () => {
    const get = async (path: string) => (await harbour.ask(`/tlog/${harbour.id}/${path}`)).text
    for (const epoch of ['0', '1']) {
      expect((await get(`${epoch}/checkpoint`)).split('\n')[0]).toBe(`commonhour/${harbour.id}/${epoch}`)
      expect(await get(`${epoch}/vkey`)).toMatch(new RegExp(`^commonhour/${harbour.id}/${epoch}\\+`))
      expect((await harbour.ask(`/tlog/${harbour.id}/${epoch}/proof/0`)).status).toBe(200)
      expect((await harbour.ask(`/tlog/${harbour.id}/${epoch}/tile/0/000.p/1`)).status).toBe(200)
    }
    expect((await harbour.ask('/checkpoint')).text.split('\n')[0]).toBe(`commonhour/${harbour.id}/1`)
    for (const path of ['2/checkpoint', '01/checkpoint', '0x/checkpoint'])
      expect((await harbour.ask(`/tlog/${harbour.id}/${path}`)).status).toBe(404)
  })

  test('[AUD-1] an export without one of its epochs is not taken for whole', async () => {
    const [path] = await exportsOf(harbour)
    const { unzipSync, zipSync } = await import('fflate')
    const files = unzipSync(await readFile(path as string))
    const without = (epoch: number) =>
      Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes(`/${harbour.id}/${epoch}/`)))
    const rules = async (epoch: number): Promise<string[]> => {
      const [whole] = await exportsOf(millbrook)
      const cut = join(folder, 'cut.zip')
      await writeFile(cut, zipSync(without(epoch)))
      const report = await auditPaths([cut, whole as string], { independent: 'no' })
      return report.findings.filter(({ severity }) => severity === 'fail').map(({ rule }) => rule)
    }
    expect(await rules(0)).toEqual(['AUD-1.epoch_missing'])
    // Millbrook's entries name entries of the epoch that is left out.
    expect(await rules(1)).toEqual(['AUD-1.epoch_missing'])
  })

  test('[KEY-4] key recover takes the words of the sheet, keeps a new one, and the old one is used up', async () => {
    const words = harbour.words.join(' ')
    const sheet = join(folder, 'sheet.txt')
    const args = ['key', 'recover', '--dir', harbour.folder, '--because', 'lost', '--new-sheet', sheet]
    const busy = await run([...args, '--words', '-'], words)
    expect([busy.code, busy.err]).toEqual([11, expect.stringMatching(/in use by process/)])
    await harbour.close()
    await rm(join(harbour.folder, 'keys', 'log.key'))
    for (const wrong of ['not 24 words', words.replace(harbour.words[0] as string, 'zoo')])
      expect(await run([...args, '--words', '-'], wrong)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/not those of the recovery sheet/),
      })
    await expect(stat(sheet)).rejects.toThrow(/ENOENT/)
    const file = join(folder, 'words.txt')
    await writeFile(file, harbour.words.map((word, i) => `${i + 1}. ${word.toUpperCase()}\n`).join(''))
    const ran = await run([...args, '--words', file, '--json'])
    expect([ran.code, JSON.parse(ran.out)]).toMatchObject([0, { epoch: 2, aborted_payments: 0 }])
    expect((await stat(sheet)).mode & 0o777).toBe(0o600)
    expect((await run([...args, '--words', file])).code).toBe(1)
    harbour = { ...harbour, ...(await serveFolder(harbour.folder, 'Harbour')) }
    await until(async () => (await harbour.call('GET', '/status')).json.signing === 'yes', 40)
    await connected()
    expect(await pays(15)).toBe('paid')
    await expectClean()
    // The new sheet is one.
    const next = (await readFile(sheet, 'utf8')).match(/[a-z]+/g) ?? []
    await harbour.close()
    const again = await recover({
      folder: harbour.folder,
      words: next.join(' '),
      cause: 'stolen',
      show: async (shown) => expect(shown).toHaveLength(24),
    })
    expect(again).toMatchObject({ ok: true, value: { epoch: 3 } })
    harbour = { ...harbour, ...(await serveFolder(harbour.folder, 'Harbour')) }
  }, 120_000)

  test('there is nothing to accept where no recovery was refused', async () => {
    for (const name of ['Anne', 'Ben']) await millbrook.call('POST', '/board', { name })
    const { status, json } = await millbrook.call('POST', `/neighbours/${harbour.id}/accept-recovery`, {
      board: ['Anne', 'Ben'],
    })
    expect([status, json.code]).toEqual([409, 'no_recovery_refused'])
  })
})
