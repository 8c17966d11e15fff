import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyingKey } from '../../src/core/ed25519.ts'
import { originOf } from '../../src/core/ids.ts'
import { type Head, openCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash, verifyInclusion } from '../../src/log/merkle.ts'
import { parseVkey } from '../../src/log/note.ts'
import { parseReceipt } from '../../src/log/receipt.ts'
import { decodeBundle } from '../../src/log/tiles.ts'
import { type Answer, end, MovableClock, serveFolder, type TestBank, testBank } from './served.ts'

const HOUR = 3_600
const DAY = 86_400
let harbour: TestBank
let clock: MovableClock
let log: string
/** Entries of the founding commit, and after five members more. */
let founded: number
let size: number

beforeAll(async () => {
  clock = new MovableClock()
  harbour = await testBank('Harbour', { clock })
  log = `/tlog/${harbour.id}/0`
  founded = harbour.node.head.size
  size = founded + 5
  for (let i = 0; i < 5; i++) await harbour.call('POST', '/members', { name: `Person ${i}` })
})
afterAll(() => end(harbour))

const withToken = (path: string): Promise<Answer> =>
  harbour.ask(path, { headers: { authorization: `Bearer ${harbour.token}` } })

async function headOf(answer: Answer): Promise<Head> {
  const vkey = parseVkey((await harbour.ask(`${log}/vkey`)).text.trim())
  expect(vkey?.name).toBe(originOf(harbour.node.bank, 0))
  const head = openCheckpoint(answer.bytes, {
    origin: vkey?.name ?? '',
    key: verifyingKey(vkey?.key ?? new Uint8Array())!,
  })
  expect(head).not.toBeNull()
  return head as Head
}

describe('the head', () => {
  test('[CKPT-11] strangers see a public head, holders of the token the newest one', async () => {
    const strangers = await headOf(await harbour.ask(`${log}/checkpoint`))
    const holders = await headOf(await withToken(`${log}/checkpoint`))
    expect(strangers.size).toBe(founded)
    expect(holders.size).toBe(size)
    expect((await harbour.ask('/checkpoint')).text).toBe((await harbour.ask(`${log}/checkpoint`)).text)
  })

  test('is text, never cached, and the same for whoever asks', async () => {
    const answer = await harbour.ask(`${log}/checkpoint`, { headers: { cookie: 'a=b' } })
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect((await harbour.ask(`${log}/checkpoint`)).text).toBe(answer.text)
  })

  test('a wrong token sees what strangers see', async () => {
    const answer = await harbour.ask(`${log}/checkpoint`, { headers: { authorization: 'Bearer nonsense' } })
    expect((await headOf(answer)).size).toBe(founded)
  })
})

describe('tiles and proofs', () => {
  test('hash tiles are public up to the public head and cached for good', async () => {
    const tile = await harbour.ask(`${log}/tile/0/000.p/${founded}`)
    expect(tile.status).toBe(200)
    expect(tile.bytes).toHaveLength(founded * 32)
    expect(tile.headers.get('content-type')).toBe('application/octet-stream')
    expect(tile.headers.get('cache-control')).toBe('public, max-age=604800, immutable')
    expect((await harbour.ask(`${log}/tile/0/000.p/2`)).bytes).toEqual(tile.bytes.slice(0, 64))
    expect((await harbour.ask(`/tile/0/000.p/${founded}`)).bytes).toEqual(tile.bytes)
    expect((await harbour.ask(`${log}/tile/0/000.p/${founded + 1}`)).status).toBe(404)
    expect((await withToken(`${log}/tile/0/000.p/${size}`)).bytes).toHaveLength(size * 32)
    expect((await withToken(`${log}/tile/0/000.p/${size + 1}`)).status).toBe(404)
  })

  test('[PRIV-6] entries need the token', async () => {
    const stranger = await harbour.ask(`${log}/tile/entries/000.p/${founded}`)
    expect([stranger.status, stranger.json.code]).toEqual([401, 'token_missing'])
    const wrong = await harbour.ask(`${log}/tile/entries/000.p/${founded}`, {
      headers: { authorization: 'Bearer nonsense' },
    })
    expect([wrong.status, wrong.json.code]).toEqual([401, 'token_wrong'])
    const holder = await withToken(`${log}/tile/entries/000.p/${size}`)
    expect(holder.headers.get('cache-control')).toBe('private, max-age=604800, immutable')
    const entries = decodeBundle(holder.bytes) ?? []
    const tile = (await withToken(`${log}/tile/0/000.p/${size}`)).bytes
    expect(entries.map((entry) => Buffer.from(leafHash(entry)).toString('hex')).join('')).toBe(
      Buffer.from(tile).toString('hex'),
    )
  })

  test('[HTTP-2] a receipt proves an entry of the public head, without showing it', async () => {
    const receipt = parseReceipt((await harbour.ask(`${log}/proof/3`)).bytes)
    const entries = decodeBundle((await withToken(`${log}/tile/entries/000.p/${size}`)).bytes) ?? []
    const head = await headOf(await harbour.ask(`${log}/checkpoint`))
    expect(receipt?.entry).toBeNull()
    const proven = {
      index: 3,
      size: head.size,
      leaf: leafHash(entries[3] as Uint8Array),
      proof: receipt?.proof ?? [],
      root: head.root,
    }
    expect(verifyInclusion(proven)).toBe(true)
    expect((await harbour.ask(`${log}/proof/${founded}`)).status).toBe(404)
    expect((await withToken(`${log}/proof/${size - 1}`)).status).toBe(200)
  })

  test.each([
    '/tile/0/000.p/0',
    '/tile/0/000.p/05',
    '/tile/0/000.p/256',
    '/tile/0/000',
    '/tile/00/000.p/1',
    '/tile/0/0.p/1',
    '/tile/0/x000/000.p/1',
    '/tile/64/000.p/1',
    '/tile/-1/000.p/1',
    '/tile/0/001.p/1',
    '/tile/1/000.p/1',
    '/tile/data/000.p/1',
    '/tile/8/data/000.p/1',
    '/tile/0/000.p/1/',
    '/tile/0/%300.p/1',
    '/tile//0/000.p/1',
    '/Checkpoint',
    '/checkpoint/',
    '/proof/-1',
    '/proof/01',
    '/proof/9007199254740993',
    '/proof/',
    '/vkey2',
    '/',
  ])('[HTTP-1] %s is not there, and is not remembered', async (path) => {
    const answer = await harbour.ask(log + path)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store'])
  })

  test('the log of another bank or epoch is not here', async () => {
    expect((await harbour.ask(`/tlog/${'a'.repeat(32)}/0/checkpoint`)).status).toBe(404)
    expect((await harbour.ask(`/tlog/${harbour.id}/1/checkpoint`)).status).toBe(404)
    expect((await harbour.ask(`/tlog/${harbour.id}/00/checkpoint`)).status).toBe(404)
  })
})

describe('[CKPT-11] the public head moves', () => {
  test('once a day in a small bank, and a restart shows the same one', async () => {
    clock.offset += DAY - (clock.now() % DAY) + HOUR
    await harbour.call('POST', '/clock/confirm')
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(size)
    await harbour.call('POST', '/members', { name: 'Late' })
    clock.offset += 2 * HOUR
    await harbour.call('POST', '/clock/confirm')
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(size)
    await harbour.close()
    const { id, words, name, folder } = harbour
    harbour = { ...(await serveFolder(folder, name, { clock })), id, words }
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(size)
  })

  test('once an hour when 20 accounts were active', async () => {
    const numbers: string[] = []
    for (let i = 0; i < 20; i++)
      numbers.push((await harbour.call('POST', '/members', { name: `Active ${i}` })).json.number)
    for (let i = 0; i < 20; i += 2) {
      const body = {
        by: 'coordinator',
        provider: numbers[i],
        recipient: numbers[i + 1],
        minutes: 30,
        channel: 'desk',
        reason: 'at_the_desk',
      }
      expect((await harbour.call('POST', '/exchanges', body)).status).toBe(201)
    }
    const { size: active } = (await harbour.call('GET', '/status')).json
    // The pace is decided at the start of a day, so the day in which they were active is still a slow one.
    clock.offset += DAY - (clock.now() % DAY) + 60
    await harbour.call('POST', '/clock/confirm')
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(active)
    await harbour.call('POST', '/members', { name: 'Later' })
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(active)
    clock.offset += HOUR
    await harbour.call('POST', '/clock/confirm')
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(active + 1)
  })

  test('never back, even when the clock does', async () => {
    const before = (await headOf(await harbour.ask('/checkpoint'))).size
    clock.offset -= 30 * DAY
    expect((await headOf(await harbour.ask('/checkpoint'))).size).toBe(before)
  })

  test('at once where the bank says so', async () => {
    const open = await testBank('Open', { publicHead: 0 })
    try {
      await open.call('POST', '/members', { name: 'Ada' })
      expect((await open.ask(`/tlog/${open.id}/0/tile/0/000.p/${founded + 1}`)).status).toBe(200)
    } finally {
      await end(open)
    }
  })
})
