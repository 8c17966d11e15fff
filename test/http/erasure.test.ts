import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { allPrivate } from '../../src/store/keyspace.ts'
import { end, serveFolder, type TestBank, testBank } from './served.ts'

const open: TestBank[] = []
afterEach(() => end(...open.splice(0)))

/** 48 random letters and digits: nothing in a file is them by chance, and nothing makes them shorter. */
const secret = (): string => randomBytes(36).toString('base64url')

interface Secrets {
  readonly name: string
  readonly note: string
  readonly words: string
  readonly phone: string
}

/** Ada, of whom everything is secret, Bo who was helped by her, and the record of it. */
async function harbour(): Promise<{ bank: TestBank; secrets: Secrets }> {
  const bank = await testBank('Harbour')
  open.push(bank)
  const secrets = { name: secret(), note: secret(), words: secret(), phone: secret() }
  const ada = { name: secrets.name, number: 'H-1', note: secrets.note, phone: secrets.phone }
  for (const body of [ada, { name: 'Bo', number: 'H-2' }])
    expect((await bank.call('POST', '/members', body)).status).toBe(201)
  await helped(bank, secrets.words)
  await bank.call('POST', '/members/H-1/handles', {})
  return { bank, secrets }
}

async function helped(bank: TestBank, note: string, provider = 'H-1'): Promise<void> {
  const help = { by: 'coordinator', provider, recipient: 'H-2', minutes: 30, note }
  const answer = await bank.call('POST', '/exchanges', { ...help, channel: 'call', reason: 'telephoned' })
  expect(answer.status).toBe(201)
}

const erase = (bank: TestBank, secrets: Secrets, more = {}) =>
  bank.call('POST', '/members/H-1/erase', { confirm: secrets.name, ...more })

/** Files of the bank's folder in which one of these texts stands. */
async function filesHolding(folder: string, texts: readonly string[]): Promise<string[]> {
  const holding: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (texts.some((text) => bytes.includes(text))) holding.push(path)
  }
  return holding
}

async function restarted(bank: TestBank): Promise<TestBank> {
  await bank.close()
  const again = { ...bank, ...(await serveFolder(bank.folder, bank.name)) }
  open.splice(open.indexOf(bank), 1, again)
  return again
}

async function expectGone(bank: TestBank, secrets: Secrets): Promise<void> {
  expect(await filesHolding(bank.folder, Object.values(secrets))).toEqual([])
  expect((await bank.call('GET', '/members/H-1')).status).toBe(404)
  const { lines, balance_minutes } = (await bank.call('GET', '/members/H-2')).json
  expect(balance_minutes).toBeLessThan(0)
  expect(lines[0]).toMatchObject({ minutes: -30, note: null, with: [] })
  const zip = join(bank.folder, 'export.zip')
  await writeFile(zip, (await bank.call('GET', '/export')).bytes)
  expect((await auditPaths([zip], { independent: 'no' })).findings).toEqual([])
}

describe('an erased person on a real disk', () => {
  test('[TEST-11] [PRIV-7] erased at once: in no file of the database, and the log still adds up', async () => {
    const { bank, secrets } = await harbour()
    expect(await filesHolding(bank.folder, Object.values(secrets))).not.toEqual([])
    const answer = await erase(bank, secrets)
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { state: 'closed', rest_minutes: 30, waiting_payments: 0, finished: 'now' },
    ])
    await expectGone(bank, secrets)
    expect((await bank.call('GET', '/acts')).json.acts[0]).toMatchObject({ what: 'erased', members: [] })
  })

  test('[TEST-11] erased later, after much else was written, and after a restart', async () => {
    const { bank, secrets } = await harbour()
    for (let i = 0; i < 40; i++) await helped(bank, secret())
    const again = await restarted(bank)
    await helped(again, secrets.words)
    expect((await erase(again, secrets)).json.finished).toBe('now')
    await expectGone(again, secrets)
    await expectGone(await restarted(again), secrets)
  })

  test('[TEST-11] [PRIV-8] erased while somebody reads: whoever reads is waited for', async () => {
    const { bank, secrets } = await harbour()
    const walk = bank.node.store.pages(allPrivate, 1)[Symbol.asyncIterator]()
    await walk.next()
    let ended = false
    const erasing = erase(bank, secrets).finally(() => {
      ended = true
    })
    while ((await bank.call('GET', '/members/H-1')).status !== 404) expect(ended).toBe(false)
    for (let n = 0; n < 5; n++) await helped(bank, secret(), 'POT')
    expect(ended).toBe(false)
    await walk.return?.()
    expect((await erasing).json.finished).toBe('now')
    await expectGone(bank, secrets)
  })

  test('[TEST-11] a copy of a crash that holds the text goes as well, and so does a copy that was put back', async () => {
    const { bank, secrets } = await harbour()
    const rows: { put: Uint8Array; value: Uint8Array }[] = []
    for await (const page of bank.node.store.pages(allPrivate, 100))
      for (const [put, value] of page) rows.push({ put, value })
    expect((await erase(bank, secrets)).status).toBe(200)
    await bank.node.sweep(rows)
    expect(await filesHolding(bank.folder, [secrets.words])).not.toEqual([])
    await expectGone(await restarted(bank), secrets)
  })

  test.each([
    ['another name', { confirm: 'Ada' }, 422, 'name_not_typed'],
    ['no reason of the list', { reason: 'bored' }, 400, 'request_malformed'],
    ['an heir nobody knows', { rest_to: 'H-9' }, 404, 'account_unknown'],
  ])('%s is refused', async (_, more, status, code) => {
    const { bank, secrets } = await harbour()
    const answer = await erase(bank, secrets, more)
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect((await bank.call('GET', '/members/H-1')).status).toBe(200)
  })
})
