/** Is there anybody in a report for strangers? A bank full of people and secrets, and a log full of them too. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logLines, MESSAGES } from '../../src/cli/bugreport/log-lines.ts'
import { redacted } from '../../src/cli/bugreport/redact.ts'
import { toBase32, toHex } from '../../src/core/ids.ts'
import { end, openLine, type TestBank, testBank } from '../http/served.ts'
import { told } from './told.ts'

const ADA = {
  name: 'Ada Lovejoy',
  number: 'HB-2593-M',
  phone: '020 7946 0958',
  email: 'ada.lovejoy@mail.example',
  area: 'Cinderbrook',
  note: 'rings only after supper',
}
const PATH = '/home/priya/secret-plans'

let harbour: TestBank
let millbrook: TestBank
let base: string
/** Everything that must not be in a report, by what it is. */
let planted: Record<string, string>

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'commonhour-report-'))
  ;[harbour, millbrook] = await Promise.all([
    testBank('Harbourmouth', {}, { publicUrl: 'https://harbourmouth.example' }),
    testBank('Millbrook Hollow'),
  ])
  await openLine(harbour, millbrook)
  const { name, number, ...rest } = ADA
  expect((await harbour.call('POST', '/members', { name, number })).status).toBe(201)
  expect((await harbour.call('PATCH', `/members/${number}`, rest)).status).toBe(200)
  const keys = await Promise.all(
    ['log', 'peer', 'witness'].map((role) => readFile(join(harbour.folder, 'keys', `${role}.key`), 'utf8')),
  )
  const { invite } = (await harbour.call('POST', '/invitations')).json
  const link = await linkOf(harbour)
  const { peer_id, addresses, root } = (await harbour.call('GET', '/status')).json
  planted = {
    ...ADA,
    firstName: 'Ada',
    coordinator: 'Priya',
    bank: 'Harbourmouth',
    neighbour: 'Millbrook Hollow',
    bankId: harbour.id,
    bankIdAsHex: toHex(harbour.node.bank),
    neighbourId: millbrook.id,
    neighbourIdAsHex: toHex(millbrook.node.bank),
    account: toBase32(harbour.people.byNumber(number)?.account ?? new Uint8Array(16)),
    accountAsHex: toHex(harbour.people.byNumber(number)?.account ?? new Uint8Array(16)),
    token: harbour.token,
    ...Object.fromEntries(keys.map((key, i) => [`key ${i}`, key.trim()])),
    words: harbour.words.join(' '),
    invite,
    link,
    peerId: peer_id,
    multiaddr: addresses[0],
    root,
    url: harbour.url,
    publicUrl: 'harbourmouth.example',
    folder: harbour.folder,
    path: PATH,
    ip: '81.2.69.142',
    ip6: '2a02:8071:22c:9300:aa:bb:cc:dd',
    proxy: '192.168.17.5',
    announced: '/dns4/harbourmouth.example/tcp/7601',
  }
})
afterAll(async () => {
  await end(harbour, millbrook)
  await rm(base, { recursive: true, force: true })
})

async function linkOf(bank: TestBank): Promise<string> {
  const { json } = await bank.call('POST', '/coordinators/Priya/link')
  return (
    Object.values(json as Record<string, string>).find((value) => String(value).includes('/setup/')) ?? ''
  )
}

/** Every plant in every place of a log line where something may stand. */
function plantedLog(): string {
  const time = '2026-11-22T10:00:00.000Z'
  const lines = Object.values(planted).flatMap((plant) => [
    { level: 40, time, problem: plant, msg: 'network' },
    {
      level: 40,
      time,
      problem: `dial to ${plant} ECONNREFUSED (${plant})`,
      neighbour: plant,
      msg: 'session_refused',
    },
    { level: 30, time, url: plant, bank: plant, peer: plant, [plant]: plant, msg: 'serving' },
    { level: 30, time: plant, entries: plant, code: plant, by: plant, method: plant, msg: plant },
    { level: plant, time, route: plant, reason: plant, seconds: plant, msg: `the ${plant} did` },
  ])
  const odd = [`Ada rang ${ADA.phone}`, JSON.stringify([ADA.name]), JSON.stringify(ADA.email), 'null']
  return [...lines.map((line) => JSON.stringify(line)), ...odd, ''].join('\n')
}

function expectNobody(text: string): void {
  for (const [what, plant] of Object.entries(planted)) {
    expect(plant.length, what).toBeGreaterThan(2)
    expect(text.toLowerCase().includes(plant.toLowerCase()), `${what}: ${plant}`).toBe(false)
  }
  // Nor a part of them.
  for (const part of [
    ...ADA.name.split(' '),
    'lovejoy',
    '7946',
    'cinder',
    'supper',
    'hollow',
    harbour.words.slice(0, 2).join(' '),
  ])
    expect(new RegExp(`\\b${part}\\b`, 'i').test(text), part).toBe(false)
}

describe('[CLI-7] a report for whoever helps', () => {
  test('has nobody and no secret in it, whatever the bank, its settings and its log hold', async () => {
    const config = [
      'http-host = "127.0.0.1"',
      'p2p-host = "192.168.17.5"',
      'http-name = ["harbourmouth.example"]',
      'http-proxy = ["192.168.17.5"]',
      'p2p-announce = ["/dns4/harbourmouth.example/tcp/7601"]',
      `bootstrap = ["${planted.multiaddr}"]`,
    ].join('\n')
    await writeFile(join(harbour.folder, 'commonhour.toml'), config)
    const log = join(base, 'bank.log')
    await writeFile(log, plantedLog())
    const { code, out, err } = await told([
      'bugreport',
      '--dir',
      harbour.folder,
      '--log',
      log,
      '--lines',
      '1000',
    ])
    expect([code, err]).toEqual([0, ''])
    expectNobody(out)
    // And it still says what it is for.
    expect(out).toMatch(/commonhour +\d+\.\d+\.\d+/)
    expect(out).toMatch(/p2p-host +another address \(file\)/)
    expect(out).toMatch(/p2p-announce +1 given \(file\)/)
    expect(out).toMatch(/members +1\n/)
    expect(out).toMatch(/neighbour\.fine +fine\n/)
    expect(out).toContain('2026-11-22T10:00:00.000Z warn session_refused problem=ECONNREFUSED neighbour=#')
  })

  test('has nobody in it when the settings are wrong and say so with what was typed', async () => {
    await writeFile(
      join(harbour.folder, 'commonhour.toml'),
      `http-host = 7\n"${ADA.name}" = "${ADA.email}"\n`,
    )
    const { out } = await told(['bugreport', '--json', '--dir', harbour.folder])
    await rm(join(harbour.folder, 'commonhour.toml'))
    expectNobody(out)
    expect(JSON.parse(out).report).toMatch(/settings\.wrong +wrong/)
  })

  test('is shown, and written only after a yes, for its owner alone, and never over another file', async () => {
    const file = join(base, 'report.txt')
    const args = ['bugreport', '--dir', harbour.folder, '-o', file]
    const nobody = await told(args)
    expect([nobody.code, nobody.out]).toEqual([64, ''])
    expect((await told([...args, '--no-input'], { ask: async () => 'y' })).code).toBe(64)
    const asked: string[] = []
    const no = await told(args, { ask: async (question) => (asked.push(question) === 0 ? 'y' : 'n') })
    expect([no.code, asked.length]).toEqual([1, 1])
    expect(no.out).toContain('What the doctor found')
    await expect(stat(file)).rejects.toThrow('ENOENT')
    const yes = await told(args, { ask: async () => 'y' })
    expect(yes.code).toBe(0)
    expect(await readFile(file, 'utf8')).toContain('What the doctor found')
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await told([...args, '--yes'])).code).toBe(64)
    const other = join(base, 'second.txt')
    expect((await told([...args.slice(0, -1), other, '--yes'])).code).toBe(0)
  })

  test('is made of a stopped bank too', async () => {
    const bank = await testBank('Stopped')
    await bank.close()
    const { code, out } = await told(['bugreport', '--dir', bank.folder])
    await rm(bank.folder, { recursive: true, force: true })
    expect(code).toBe(0)
    expect(out).toMatch(/running\.stopped +wrong/)
    expect(out).toContain('does not run, or does not answer')
  })
})

describe('what a stranger may read of the log', () => {
  test('knows every message that the program has', async () => {
    const [serve = '', command = '', ports = ''] = await Promise.all(
      ['src/serve.ts', 'src/cli/commands/serve.ts', 'src/node/ports.ts'].map((path) =>
        readFile(path, 'utf8'),
      ),
    )
    const said = [
      ...[...(serve + command).matchAll(/log\.(?:info|warn|error)\((?:[^()]|\([^()]*\))*?'([a-z_ ]+)'/g)].map(
        ([, one]) => one,
      ),
      ...[...serve.matchAll(/later\('([^']+)'\)/g)].map(([, one]) => one),
      ...[
        ...((ports.split('export type Notice')[1] ?? '').split('\n\n')[0]?.matchAll(/'([a-z_]+)'/g) ?? []),
      ].map(([, one]) => one),
      ...[...command.matchAll(/'(stopping[a-z_]*)'/g)].map(([, one]) => one),
    ]
    expect(said.length).toBeGreaterThan(25)
    expect(said.filter((one) => !MESSAGES.includes(one ?? ''))).toEqual([])
  })

  test('is the end of it, and one neighbour is one number', () => {
    const line = (neighbour: string, entries: number) =>
      JSON.stringify({
        level: 30,
        time: '2026-11-22T10:00:00.000Z',
        neighbour,
        entries,
        msg: 'session_opened',
      })
    const text = [line('a', 1), line('b', 2), line('c', 3), line('b', 4)].join('\n')
    expect(logLines(text, 3)).toEqual([
      '2026-11-22T10:00:00.000Z info session_opened neighbour=#1 entries=2',
      '2026-11-22T10:00:00.000Z info session_opened neighbour=#2 entries=3',
      '2026-11-22T10:00:00.000Z info session_opened neighbour=#1 entries=4',
    ])
  })
})

describe('the second lock', () => {
  test.each([
    ['commonhour:invite?b=abc&p=12D3Koo&t=xyz', '[invitation]'],
    ['https://ada:secret@harbour.example:7600/setup/abc?x=1', '[web address]'],
    [
      '/ip4/81.2.69.142/tcp/7601/p2p/12D3KooWGjMbXfNWYZbcQRdxi2PJYbHh5v5mAWDGcLuVJmZhQpTo',
      '[network address]',
    ],
    ['/dns4/harbour.example/tcp/7601', '[network address]'],
    ['12D3KooWGjMbXfNWYZbcQRdxi2PJYbHh5v5mAWDGcLuVJmZhQpTo', '[peer id]'],
    ['ada.lovejoy+x@mail.example', '[e-mail]'],
    ['0123456789abcdef0123456789abcdef', '[key]'],
    ['abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst', '[key]'],
    ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIiOiIx', '[key]'],
    ['81.2.69.142', '[IP address]'],
    ['2a02:8071:22c:9300:aa:bb:cc:dd', '[IP address]'],
    ['fe80::1', '[IP address]'],
    ['::1', '[IP address]'],
    ['HB-2593-M', '[member number]'],
    ['M-0001', '[member number]'],
    ['/home/edna/bank', '[path]'],
    ['C:\\Users\\Edna\\bank', '[path]'],
    ['020 7946 0958', '[telephone]'],
    ['+44 (20) 7946-0958', '[telephone]'],
    ['5550100', '[telephone]'],
  ])('%s becomes %s', (plant, word) => {
    expect(redacted(`before ${plant} after`)).toBe(`before ${word} after`)
  })

  test.each([
    '2026-11-22',
    '2026-11-22T10:00:00.000Z',
    '24.21.0',
    'neighbour.fine',
    '70349 MB',
    'ECONNREFUSED',
    'entries=50000',
  ])('%s stays', (text) => {
    expect(redacted(`a ${text} b`)).toBe(`a ${text} b`)
  })
})
