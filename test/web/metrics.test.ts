/** What do figures for programs tell of a busy town? Counts and neighbours, to whom they are for, and nobody in them. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBase32, toHex } from '../../src/core/ids.ts'
import { type ReadSample, readSamples } from '../http/samples.ts'
import { end, serveFolder, type TestBank, testBank } from '../http/served.ts'
import { type Banks, closeBanks, openBanks } from './town.ts'

let banks: Banks
let shut: TestBank
let open: TestBank
beforeAll(async () => {
  ;[banks, shut, open] = await Promise.all([
    openBanks({ metrics: 'token' }),
    testBank('Off'),
    testBank('Loopback', { metrics: 'loopback', http: { host: '127.0.0.1', port: 0, proxies: [] } }),
  ])
})
afterAll(async () => {
  await closeBanks(banks)
  await end(shut, open)
})

async function scraped(): Promise<{ text: string; samples: readonly ReadSample[] }> {
  const answer = await banks.town.ask('/metrics', {
    headers: { authorization: `Bearer ${banks.town.token}` },
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return { text: answer.text, samples: readSamples(answer.text) }
}

/** As a program may send it that chooses every header itself. */
function askAs(bank: TestBank, headers: IncomingHttpHeaders): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${bank.url}/metrics`, { headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.once('error', reject)
    asked.end()
  })
}

describe('[OPS-5] figures for programs', () => {
  test('are off unless somebody asked for them, also for the token', async () => {
    expect((await shut.ask('/metrics')).status).toBe(404)
    const headers = { authorization: `Bearer ${shut.token}` }
    expect((await shut.ask('/metrics', { headers })).status).toBe(404)
  })

  test('for the token alone: another one, or none, is told so', async () => {
    expect((await banks.town.ask('/metrics')).status).toBe(401)
    const headers = { authorization: `Bearer ${banks.near.token}` }
    const wrong = await banks.town.ask('/metrics', { headers })
    expect([wrong.status, wrong.json.code]).toEqual([401, 'token_wrong'])
    expect(wrong.text).not.toContain('commonhour_')
  })

  test.each<[string, IncomingHttpHeaders, number]>([
    ['this machine', {}, 200],
    ['this machine by name', { host: 'localhost' }, 200],
    ['a page of another site in a browser of this machine', { host: 'evil.example' }, 404],
    ['a name that only looks like this machine', { host: '127.0.0.1.evil.example' }, 404],
    ['a visitor behind a proxy of this machine', { 'x-forwarded-for': '81.2.69.142' }, 404],
    ['one that says it is this machine', { 'x-forwarded-for': '127.0.0.1' }, 404],
    ['one behind a proxy that speaks RFC 7239', { forwarded: 'for=81.2.69.142' }, 404],
    ['one behind a proxy that names itself', { via: '1.1 cache' }, 404],
  ])('for this machine alone: %s', async (_, headers, status) => {
    expect(await askAs(open, headers)).toBe(status)
  })

  test('count what the log has and how the neighbours are', async () => {
    const { samples } = await scraped()
    const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
      samples.find(
        (one) =>
          one.name === name && Object.entries(labels).every(([key, wanted]) => one.labels[key] === wanted),
      )?.value
    const sum = (name: string): number =>
      samples.filter((one) => one.name === name).reduce((total, one) => total + one.value, 0)
    const { node } = banks.town
    const size = await node.read(({ book }) => book.size)
    expect(sum('commonhour_entries_total')).toBe(size)
    expect(sum('commonhour_records_total')).toBe(value('commonhour_entries_total', { type: 'exchange' }))
    expect(value('commonhour_commit_seconds_count')).toBeGreaterThan(0)
    expect(value('commonhour_commit_seconds_bucket', { le: '+Inf' })).toBe(
      value('commonhour_commit_seconds_count'),
    )
    expect(value('commonhour_checkpoint_age_seconds')).toBeGreaterThanOrEqual(0)
    expect(value('commonhour_ready')).toBe(1)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(sum('commonhour_desk_items')).toBeGreaterThan(5)
    const near = { neighbour: banks.near.id }
    expect(value('commonhour_neighbour_info', { ...near, name: 'Millbrook' })).toBe(1)
    expect(value('commonhour_neighbour_connected', near)).toBe(1)
    const owed = await node.read(({ book }) => book.lineByPeer.get(toHex(banks.near.node.bank)))
    expect(owed).toBeDefined()
    expect(samples.filter(({ name }) => name === 'commonhour_neighbour_net_minutes')).toHaveLength(2)
    expect(value('commonhour_neighbour_heard_seconds', near)).toBeLessThan(600)
    expect(value('commonhour_job_last_run_seconds', { job: 'neighbours' })).toBeGreaterThan(1_600_000_000)
  })

  test('count on with the log', async () => {
    const count = async (): Promise<number> =>
      (await scraped()).samples.find(({ labels }) => labels.type === 'exchange')?.value ?? 0
    const before = await count()
    const { ada, edna } = banks.town
    const body = {
      by: 'coordinator',
      provider: ada.number,
      recipient: edna.number,
      minutes: 30,
      channel: 'call',
      reason: 'telephoned',
    }
    expect((await banks.town.call('POST', '/exchanges', body)).status).toBe(201)
    expect(await count()).toBe(before + 1)
  })

  test('count after a start what was recorded before it', async () => {
    const kinds = async (bank: Pick<TestBank, 'ask'>) =>
      readSamples((await bank.ask('/metrics')).text).filter(({ name }) => name === 'commonhour_entries_total')
    const bank = await testBank('Restarted', { metrics: 'loopback' })
    await bank.call('POST', '/members', { name: 'Ada' })
    const before = await kinds(bank)
    await bank.close()
    const again = await serveFolder(bank.folder, 'Restarted', { metrics: 'loopback' })
    expect(before.length).toBeGreaterThan(3)
    expect(await kinds(again)).toEqual(before)
    await end(again)
  })

  test('name no person, number, telephone or account', async () => {
    const { text } = await scraped()
    const words = wordsOf(text)
    // A member may live in a place by whose name a bank goes.
    for (const { labels } of readSamples(text))
      for (const word of wordsOf(labels.name ?? '')) words.delete(word)
    const { people } = banks.town
    let looked = 0
    for (const person of people.all()) {
      const { name, number, phone, phone2, email, area, note, phoneWord, account } = person
      const told = [number, phone, phone2, email, note, toHex(account), toBase32(account)]
      for (const one of told.filter((text) => text !== null && text !== '')) {
        expect(text.toLowerCase()).not.toContain((one as string).toLowerCase())
        looked += 1
      }
      if (person.kind !== 'member') continue
      // Of a name each word for itself, as a label could have it.
      for (const word of [name, area, phoneWord].flatMap((one) => one?.split(/\s+/) ?? [])) {
        expect(words).not.toContain(word.toLowerCase())
        looked += 1
      }
    }
    expect(looked).toBeGreaterThan(50)
    for (const joiner of ['Priya', 'Sam Okafor']) expect(text).not.toContain(joiner)
  })
})

function wordsOf(text: string): Set<string> {
  return new Set(text.split(/[^\p{L}\p{N}]+/u).map((word) => word.toLowerCase()))
}
