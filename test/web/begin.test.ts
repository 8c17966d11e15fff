/** What does somebody see who has no bank yet? The first pages, as a browser and a stranger meet them. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Begun, begin } from '../../src/begin.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { serve } from '../../src/serve.ts'
import { Beginning } from '../../src/web/begin/begin.ts'
import type { Sights } from '../../src/web/begin/first.ts'
import { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { EN } from '../../src/words/languages/en.ts'
import { logInto } from '../http/served.ts'
import { random } from '../node/town.ts'
import { describeInBrowser, SCREEN_SIZES } from './browser.ts'
import { Caller } from './caller.ts'
import { findSideways, findSmallTargets, findViolations, postForm } from './in-page.ts'
import { PSEUDO } from './pseudo-language.ts'
import { inLargeLetters } from './shown.ts'

const { say } = new Speech(LANGUAGES[0] as (typeof LANGUAGES)[number], EN)
const SIGHTS: Sights = {
  doors: ['Harbour', 'Millbrook', 'Northgate'].map((bank, i) => ({
    bank,
    url: `http://127.0.0.1:${7700 + i}`,
    coordinator: 'Priya',
    password: 'three words in a row',
    number: 'HB-4827-K',
    member: 'Mrs Featherstonehaugh-Cholmondeley',
    pin: '2583',
  })),
}

let base: string
let begun: Begun
let open: (sights: Sights) => void
let said: string[]
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'commonhour-begin-'))
  const looking = Promise.withResolvers<Sights>()
  open = looking.resolve
  said = []
  begun = await begin({
    folder: join(base, 'bank'),
    http: { host: '127.0.0.1', port: 0 },
    p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], announce: [], network: 'lan' },
    bootstrap: [],
    publicHead: 'usual',
    languages: [...LANGUAGES, PSEUDO],
    log: logInto(said),
    onFatal: () => undefined,
    founded: async () => undefined,
    lookAround: () => looking.promise,
  })
})
afterAll(async () => {
  await begun?.close()
  await rm(base, { recursive: true, force: true })
})

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

describeInBrowser('the first pages', (browser) => {
  const PAGES: readonly (readonly [
    name: string,
    below: string,
    fields?: Readonly<Record<string, string>>,
  ])[] = [
    ['three ways on', ''],
    ['two questions', '/new'],
    ['two questions without an answer', '/new', { name: '', coordinator: 'x'.repeat(300) }],
    ['how a bank comes back', '/restore'],
    ['a look around', '/look'],
    ['no link', '/../0'],
  ]

  test.each([...LANGUAGES, PSEUDO])('[A11Y-1] [A11Y-5] for everybody, in $tag', async (language) => {
    const context = await browser().newContext()
    await context.addCookies([{ name: 'language', value: language.tag, url: begun.url }])
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text())
    })
    const check = async (name: string): Promise<void> => {
      await page.evaluate(axe.source)
      for (const [size, window] of Object.entries(SCREEN_SIZES)) {
        await page.setViewportSize(window)
        expect(await page.evaluate(findSideways), `${name}, ${size}`).toEqual([])
        expect(await page.evaluate(findSmallTargets), `${name}, ${size}`).toEqual([])
        expect(await inLargeLetters(page, () => page.evaluate(findSideways)), `${name}, ${size}`).toEqual([])
        expect(await page.evaluate(findViolations, RULES), `${name}, ${size}`).toEqual([])
      }
    }
    for (const [name, below, fields] of PAGES) {
      await page.goto(begun.url + below)
      if (fields !== undefined) {
        const path = new URL(begun.url + below).pathname
        await Promise.all([page.waitForNavigation(), page.evaluate(postForm, { path, fields })])
        expect(await page.locator('.govuk-error-summary li').count()).toBe(2)
      }
      expect(await page.locator('html').getAttribute('dir')).toBe(language.direction)
      await check(name)
    }
    await context.close()
    expect(complaints).toEqual([])
  })

  test('[A11Y-3] a look around opens while somebody waits, and tells who may come in where', async () => {
    const context = await browser().newContext()
    const page = await context.newPage()
    await page.goto(`${begun.url}/look`)
    await page.locator('main button').click()
    await page.getByText(say('begin.look.opening')).waitFor()
    open(SIGHTS)
    await page.getByText('Mrs Featherstonehaugh-Cholmondeley').first().waitFor()
    expect(await page.locator('.ch-card').count()).toBe(3)
    await page.evaluate(axe.source)
    await page.setViewportSize(SCREEN_SIZES.phone)
    expect(await page.evaluate(findSideways)).toEqual([])
    expect(await page.evaluate(findViolations, RULES)).toEqual([])
    await context.close()
  })
})

describe('[OPS-1] the one door', () => {
  const stranger = (): Caller => new Caller(new URL(begun.url).origin)
  const path = (): string => new URL(begun.url).pathname

  test.each([
    '/',
    '/desk',
    '/setup/',
    `/setup/${'a'.repeat(32)}`,
    `/setup/${'a'.repeat(32)}/new`,
    '/sign-in',
  ])('a stranger at %s learns that the bank is being set up', async (asked) => {
    const { status, text } = await stranger().look(asked)
    expect([status, text.includes(say('setup.not_yet.title'))]).toEqual([503, true])
  })

  test('the API is not there either, and health says why', async () => {
    const origin = new URL(begun.url).origin
    expect((await fetch(`${origin}/api/v1/status`)).status).toBe(503)
    expect((await fetch(`${origin}/livez`)).status).toBe(200)
    const ready = await fetch(`${origin}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, reasons: ['folder_not_set_up'] },
    ])
  })

  test('a form without the link, or of another site, makes nothing', async () => {
    const answers = { name: 'Harbour', coordinator: 'Priya' }
    const without = await stranger().post(`/setup/${'a'.repeat(32)}/new`, answers)
    expect([without.status, without.text.includes(say('setup.not_yet.title'))]).toEqual([503, true])
    const foreign = await fetch(`${begun.url}/new`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: new URLSearchParams(answers),
    })
    expect(foreign.status).toBe(403)
    expect(await readdir(base)).toEqual([])
  })

  test.each([
    ['nothing', { name: ' ', coordinator: '' }, 2],
    ['a name that is too long', { name: 'x'.repeat(LIMITS.nameBytes + 1), coordinator: 'Priya' }, 1],
    ['no name of a person', { name: 'Harbour', coordinator: '\u0007' }, 1],
  ])('%s is asked again, and makes nothing', async (_, answers, errors) => {
    const { status, text } = await stranger().post(`${path()}/new`, answers)
    expect([status, text.match(/govuk-error-message/g)?.length]).toEqual([422, errors])
    expect(await readdir(base)).toEqual([])
  })

  test('the language that was chosen is kept', async () => {
    const caller = stranger()
    const chosen = await caller.post('/language', { language: 'es', back: path() })
    expect([chosen.status, chosen.to]).toEqual([303, path()])
    expect((await caller.look(path())).text).toContain('lang="es"')
    expect((await caller.post('/language', { language: 'es', back: 'https://elsewhere.example' })).to).toBe(
      '/',
    )
  })

  test('[EX-7] pressed twice it is one bank, and the link leads on to the password', async () => {
    const answers = { name: 'Harbour', coordinator: 'Priya' }
    const [once, again] = await Promise.all([
      stranger().post(`${path()}/new`, answers),
      stranger().post(`${path()}/new`, answers),
    ])
    expect([once?.status, again?.status]).toEqual([303, 303])
    expect(once?.to).toBe(again?.to)
    const bank = await begun.bank
    expect(await bank.node.read(({ book }) => book.name)).toBe('Harbour')
    expect(said.filter((line) => line.startsWith('serving'))).toHaveLength(1)
    // The first coordinator is somebody in the bank as well.
    expect(bank.people.all().map(({ name }) => name)).toContain('Priya')
    const late = await stranger().post(`${path()}/new`, { name: 'Another', coordinator: 'Owen' })
    expect([late.status, late.to]).toEqual([303, once?.to])
    expect((await stranger().look(path())).to).toBe(once?.to)
    expect((await stranger().look(once?.to ?? '')).text).toContain('Priya')
    // Beside the link everything is the bank's own.
    expect((await stranger().look('/livez')).status).toBe(200)
    expect((await fetch(`${new URL(begun.url).origin}/readyz`)).status).toBe(200)
  })
})

test('[OPS-1] stopped while the bank is being made: it is closed too, and opens at the next start', async () => {
  const folder = join(base, 'stopped')
  const held = Promise.withResolvers<void>()
  const made = Promise.withResolvers<void>()
  const options = {
    folder,
    http: { host: '127.0.0.1', port: 0 },
    p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], announce: [], network: 'lan' as const },
    bootstrap: [],
    publicHead: 'usual' as const,
    log: logInto([]),
    onFatal: () => undefined,
  }
  const one = await begin({
    ...options,
    lookAround: async () => SIGHTS,
    founded: () => {
      made.resolve()
      return held.promise
    },
  })
  const { origin, pathname } = new URL(one.url)
  const pressed = new Caller(origin).post(`${pathname}/new`, { name: 'Harbour', coordinator: 'Priya' })
  await made.promise
  const closed = one.close()
  held.resolve()
  await Promise.all([closed, pressed.catch(() => undefined)])
  await expect(fetch(origin)).rejects.toThrow()
  // Nobody holds the folder any more.
  const again = await serve(options)
  expect(await again.node.read(({ book }) => book.name)).toBe('Harbour')
  await again.close()
})

describe('[OPS-1] what stands in the way', () => {
  let tries: number
  let beginning: Beginning
  const reported: string[] = []
  beforeEach(() => {
    tries = 0
    beginning = new Beginning({
      languages: LANGUAGES,
      found: async () => {
        tries += 1
        if (tries === 1) throw new Error('the port is taken')
        return '/setup/next'
      },
      lookAround: async () => {
        tries += 1
        if (tries === 1) throw new Error('no room')
        return SIGHTS
      },
      random: random.bytes,
      report: (problem) => reported.push(problem),
    })
  })
  const at = (below: string, body?: URLSearchParams): Promise<Response> | Response => {
    const url = `http://127.0.0.1:7600${beginning.path}${below}`
    if (body === undefined) return beginning.fetch(new Request(url))
    const headers = { origin: 'http://127.0.0.1:7600', host: '127.0.0.1:7600' }
    return beginning.fetch(new Request(url, { method: 'POST', body, headers }))
  }

  test('is told on the page and to the operator, and may be tried again', async () => {
    const body = (): URLSearchParams => new URLSearchParams({ name: 'Harbour', coordinator: 'Priya' })
    const first = await at('/new', body())
    expect([first.status, (await first.text()).includes(say('begin.failed'))]).toEqual([503, true])
    expect(reported.at(-1)).toBe('the port is taken')
    const second = await at('/new', body())
    expect([second.status, second.headers.get('location')]).toEqual([303, '/setup/next'])
  })

  test('a look around that fails says so, and may be tried again', async () => {
    await at('/look', new URLSearchParams())
    const failed = await (await at('/look')).text()
    expect(failed).toContain(say('begin.look.failed'))
    expect(reported.at(-1)).toBe('no room')
    await at('/look', new URLSearchParams())
    expect(await (await at('/look')).text()).toContain('Millbrook')
  })
})
