/** Is there anything a visitor can send that the pages have no answer to? Any path, any fields, any cookie. */
import { request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Elsewhere } from '../../src/register/notices-elsewhere.ts'
import { ASSETS } from '../../src/web/assets.ts'
import { openPages, type Pages } from '../../src/web/pages.ts'
import { VISITORS } from '../../src/web/screen.ts'
import { SCREENS } from '../../src/web/screens.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { ON_PAPER } from '../http/on-paper.ts'
import { newNonce } from './caller.ts'
import { PSEUDO } from './pseudo-language.ts'
import { STATES } from './states.ts'
import { type Banks, closeBanks, cookiesOf, openBanks, type TownWithNeighbours } from './town.ts'

const VISITS = 1_200
const HANG_MS = 10_000

let banks: Banks
let town: TownWithNeighbours
let pages: Pages
let cookies: string[]
const reported: string[] = []

beforeAll(async () => {
  banks = await openBanks()
  town = banks.town
  const { node, people } = town
  const report = (problem: string): number => reported.push(problem)
  const languages = [...LANGUAGES, PSEUDO]
  const elsewhere = new Elsewhere(node, people)
  const surroundings = { network: 'lan', isPrivate: () => true, proxies: 0 } as const
  pages = await openPages({
    ...{
      node,
      people,
      elsewhere,
      sheet: ON_PAPER,
      surroundings,
      languages,
      zone: 'UTC',
      version: '0',
      report,
    },
  })
  cookies = await Promise.all(
    VISITORS.map(async (kind) => `commonhour=${(await cookiesOf(town, kind)).commonhour ?? 'x'}`),
  )
})
afterAll(() => {
  pages.close()
  return closeBanks(banks)
})

const ODD = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '999999',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '\u202e',
    '%',
    '../..',
  ),
  fc.constantFrom(
    '2026',
    '13',
    '31',
    '00',
    '1.5',
    'M-0001',
    'POT',
    'BEFORE',
    'bo',
    'today',
    'other',
    'voice',
    'yes',
  ),
)

/** Names of all fields that a form of ours has been given. */
function fieldNames(): string[] {
  const named = STATES.filter(({ name }) => name !== 'form-not-complete')
  const given = named.flatMap(({ form }) => Object.keys(form?.(banks) ?? {}))
  return [...new Set([...given, 'anyway', 'code', 'to', 'end', 'others', 'act'])]
}

const segment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...new Set(SCREENS.flatMap(({ path }) => path.split('/')))) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'M-0001',
      '0',
      '9',
      '12',
      '999999999999999',
      '%',
      '%2e%2e',
      '%00',
      '%ff',
      '..',
    ),
  },
  { weight: 1, arbitrary: ODD.map(encode) },
)
const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...SCREENS.map((screen) => screen.path)), ODD)
      .map(([to, part]) => to.replace(/:\w+/g, encode(part) || 'x')),
  },
  { weight: 2, arbitrary: fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`) },
)
const query = fc.dictionary(
  fc.constantFrom('who', 'from', 'to', 'new', 'again', 'helped', 'helper', 'x'),
  ODD,
  { maxKeys: 3 },
)
const cookie = fc.oneof(
  { weight: 5, arbitrary: fc.nat(2).map((i) => ({ kind: i, text: '' })) },
  {
    weight: 1,
    arbitrary: ODD.map((text) => ({ kind: -1, text: text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '') })),
  },
)

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

test(`${VISITS} visits of any kind are all answered, and none by a fault`, async () => {
  const answered = new Map<number, number>()
  const fields = fc.array(
    fc.tuple(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...fieldNames()) }, { weight: 1, arbitrary: ODD }),
      fc.oneof(ODD, fc.constantFrom('M-0001', '1', 'bo', 'lind', 'today', 'voice', 'yes', 'here')),
    ),
    { maxLength: 14 },
  )
  const visit = fc.record({
    path,
    query,
    fields,
    cookie,
    posts: fc.boolean(),
    nonce: fc.boolean(),
    language: fc.constantFrom('', 'en', 'ar-XB', 'xx', '*;q=0', 'ar,en;q=0.5'),
  })
  await fc.assert(
    fc.asyncProperty(visit, async (given) => {
      const asked = new URL(
        `http://harbour.example${given.path}?${new URLSearchParams(Object.entries(given.query))}`,
      )
      const body = new URLSearchParams(given.fields.map(([name, value]): [string, string] => [name, value]))
      if (given.nonce) body.set('nonce', newNonce())
      const headers = new Headers({
        host: 'harbour.example',
        origin: 'http://harbour.example',
        'accept-language': given.language,
      })
      headers.set(
        'cookie',
        given.cookie.kind < 0
          ? `commonhour=${given.cookie.text}; language=${given.cookie.text}`
          : `${cookies[given.cookie.kind]}; language=${given.language}`,
      )
      const answer = await answeredInTime(
        new Request(asked, given.posts ? { method: 'POST', body, headers } : { headers }),
      )
      answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1)
      expect(reported).toEqual([])
      expect([200, 303, 404, 422]).toContain(answer.status)
      if (answer.status === 303)
        expect(new URL(answer.headers.get('location') ?? '', asked).host).toBe(asked.host)
      else if (!answer.headers.get('content-type')?.startsWith('text/csv'))
        expect(await answer.text()).toMatch(/^<!doctype html>/)
    }),
    { numRuns: VISITS },
  )
  // The visits reach the screens, and are not all turned away.
  for (const status of [200, 303, 404, 422]) expect(answered.get(status) ?? 0).toBeGreaterThan(VISITS / 100)
})

async function answeredInTime(asked: Request): Promise<Response> {
  let timer: NodeJS.Timeout | undefined
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${asked.method} ${asked.url}`)), HANG_MS)
  })
  const answer = await Promise.race([pages.fetch(asked), hang])
  clearTimeout(timer)
  return answer
}

const RAW = [
  ...[
    '/%',
    '/%ff',
    '/%00',
    '/desk/people/%E0%A4%A',
    '/desk/people/%',
    '/desk/records/%2f',
    '/desk/records/-1',
  ],
  ...[
    '//',
    '//evil.example/',
    '/./desk',
    '/desk/../desk',
    '/desk/',
    '/DESK',
    '/desk;x',
    '/desk?%',
    '/?who=%ff',
  ],
  ...[
    '/assets/',
    '/assets/../desk',
    '/assets/%2e%2e/desk',
    '/assets/x.css',
    '/setup/',
    '/setup',
    '/setup/%00',
    '/\\',
  ],
]

test.each(RAW)('%s, sent as it is, has an answer', async (raw) => {
  const before = town.said.length
  const [status, type] = await sent(raw)
  expect([200, 303, 400, 404]).toContain(status)
  expect(type === undefined || type.startsWith('text/html')).toBe(true)
  expect(town.said.slice(before)).toEqual([])
})

test('a browser that kept the style sheet of an older release gets nothing instead of another one', async () => {
  for (const [path, { type }] of ASSETS) expect(await sent(path)).toEqual([200, type])
  expect((await sent('/assets/0123456789abcdef.css'))[0]).toBe(404)
})

/** The answer to a path that nothing has tidied up. */
function sent(path: string): Promise<[status: number | undefined, type: string | undefined]> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(town.url)
    const asked = request({ hostname, port, path, headers: { cookie: cookies[2] ?? '' } }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve([answer.statusCode, answer.headers['content-type']]))
    })
    asked.on('error', reject)
    asked.end()
  })
}
