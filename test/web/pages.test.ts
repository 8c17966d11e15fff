/** Is every page that the screens can answer with well made? Looked at as the server sends it, in every state. */
import { get } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { HtmlValidate } from 'html-validate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ASSETS } from '../../src/web/assets.ts'
import { SCREENS } from '../../src/web/screens.ts'
import { type Answer, Caller } from './caller.ts'
import { COMING, HTML_RULES_NOT_KEPT } from './exceptions.ts'
import type { State } from './state.ts'
import { SHOWN, STATES } from './states.ts'
import { type Banks, closeBanks, cookiesOf, openBanks } from './town.ts'

const KIB = 1_024
/** Bytes on the wire of a page with everything it loads ([A11Y-9]). */
const PAGE_BUDGET = 60 * KIB
const DESK_BUDGET = 150 * KIB
const HTML_BUDGET = 14 * KIB
const STYLE_BUDGET = 18 * KIB

let banks: Banks
const answers = new Map<string, Answer>()
beforeAll(async () => {
  banks = await openBanks()
  for (const state of STATES) answers.set(state.name, await reach(state))
})
afterAll(() => closeBanks(banks))

async function reach({ bank, as, member, path, form }: State): Promise<Answer> {
  const at = banks[bank]
  // First, for a path may need a sign-in of its own: somebody has twenty, and of those of one second any may end.
  const to = await path(banks)
  const caller = new Caller(at.url, await cookiesOf(at, as, member))
  return form === undefined ? caller.look(to) : caller.post(to, form(banks))
}

/** The bytes of an answer as they come over the wire to a browser. */
function fetchedBytes(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip, deflate, br' } }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => resolve(Buffer.concat(pieces)))
    }).on('error', reject)
  })
}

function pageOf({ name }: Pick<State, 'name'>): string {
  return answers.get(name)?.text ?? ''
}

describe('the list of states', () => {
  test('has rows for every screen, and none for a screen that is gone', () => {
    const rows = new Set(STATES.flatMap(({ screen }) => (screen === null ? [] : [screen])))
    expect([...rows].sort()).toEqual(SCREENS.map(({ path }) => path).sort())
  })

  test('has a state with an error for every screen that can be posted to and shows a form', () => {
    const without = SCREENS.filter(({ path, post }) => {
      const states = SHOWN.filter(({ screen }) => screen === path)
      const asks = states.some((state) => /<form [^>]*novalidate/.test(pageOf(state)))
      return post !== undefined && asks && !states.some(({ status }) => status === 422)
    })
    expect(without.map(({ path }) => path)).toEqual([])
  })

  test('names every state once', () => {
    expect(new Set(STATES.map(({ name }) => name)).size).toBe(STATES.length)
  })

  test.each(STATES)('$name answers $status', ({ name, status }) => {
    expect(answers.get(name)?.status).toBe(status)
  })
})

describe('the markup', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: Object.fromEntries(Object.keys(HTML_RULES_NOT_KEPT).map((rule) => [rule, 'off'])),
  })

  test.each(SHOWN)('of $name has nothing that html-validate would mend', async (state) => {
    const report = await validator.validateString(pageOf(state))
    const found = report.results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
    )
    expect(found).toEqual([])
  })

  test('no rule is put aside that no page breaks', async () => {
    const strict = new HtmlValidate({ extends: ['html-validate:recommended'] })
    const broken = new Set<string>()
    for (const state of SHOWN) {
      const report = await strict.validateString(pageOf(state))
      for (const { messages } of report.results) for (const { ruleId } of messages) broken.add(ruleId)
    }
    expect(Object.keys(HTML_RULES_NOT_KEPT).sort()).toEqual([...broken].sort())
  })

  test.each(SHOWN)(
    'of $name has one heading of the first level, and the title names page and bank',
    (state) => {
      const page = pageOf(state)
      const headings = [...page.matchAll(/<h1[^>]*>(.*?)<\/h1>/gs)].map(([, text]) => text)
      expect(headings).toHaveLength(1)
      const bank = {
        town: 'Harbour',
        near: 'Millbrook',
        away: 'Quayside',
        empty: 'Northgate',
        fresh: 'Newtown',
        young: 'Newtown',
        busy: 'Northgate',
      }[state.bank]
      const wrong = page.includes('govuk-error-summary') ? 'There is a problem: ' : ''
      expect(page).toContain(`<title>${wrong}${headings[0]} – ${bank}</title>`)
    },
  )

  test.each(SHOWN)('[A11Y-2] each error of $name leads to the field it is about', (state) => {
    const page = pageOf(state)
    const summary = /govuk-error-summary__list">(.*?)<\/ul>/s.exec(page)?.[1] ?? ''
    expect(summary !== '').toBe(page.includes('govuk-error-summary'))
    const targets = [...summary.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
    for (const id of targets)
      expect(page).toMatch(new RegExp(`<(input|select|textarea|button)[^>]* id="${id}"`))
  })

  test.each(SHOWN)('[A11Y-2] $name shows beside each field what is wrong with it', (state) => {
    const page = pageOf(state)
    const messages = page.match(/govuk-error-message/g)?.length ?? 0
    const summary = /govuk-error-summary__list">(.*?)<\/ul>/s.exec(page)?.[1] ?? ''
    expect(messages).toBe(summary.match(/href="#/g)?.length ?? 0)
  })

  test.each(SHOWN)('[PRIV-31] $name has no style, script or address from elsewhere in it', (state) => {
    const page = pageOf(state)
    expect(page).not.toMatch(/\sstyle="|\son\w+="|<script(?![^>]*\ssrc="\/)|javascript:/)
    expect([...page.matchAll(/\s(?:src|href|action|formaction)="([^"]*)"/g)].map(([, to]) => to)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^(https?:)?\/\//)]),
    )
  })
})

describe('the ways on', () => {
  const isScreen = (path: string): boolean =>
    SCREENS.some((screen) =>
      new RegExp(`^${screen.path.replaceAll(/:\w+/g, '[^/]+').replaceAll('/', '\\/')}$`).test(path),
    )
  const isComing = (path: string): boolean => COMING.some((one) => one.test(path))

  test.each(SHOWN)('[P-9] every link and form of $name leads to a screen', (state) => {
    const targets = [...pageOf(state).matchAll(/\s(?:href|action)="(\/[^"#?]*)/g)].map(
      ([, path]) => path ?? '',
    )
    expect(targets.length).toBeGreaterThan(0)
    const dead = targets.filter((path) => !isScreen(path) && !ASSETS.has(path) && !isComing(path))
    expect(dead).toEqual([])
  })

  test('nothing is called coming that is there, or that nothing leads to', () => {
    const targets = SHOWN.flatMap((state) =>
      [...pageOf(state).matchAll(/\s(?:href|action)="(\/[^"#?]*)/g)].map(([, path]) => path ?? ''),
    )
    for (const one of COMING) {
      const led = targets.filter((path) => one.test(path))
      expect([String(one), led.length > 0, led.filter(isScreen)]).toEqual([String(one), true, []])
    }
  })
})

describe('[A11Y-9] the bytes', () => {
  const zipped = (text: string): number => gzipSync(text).length
  /** What a page weighs on the wire: the page as it is, and what it loads as a browser gets it. */
  const weighed = (html: string): number => Buffer.byteLength(html) + loaded
  let loaded = 0
  beforeAll(async () => {
    for (const path of ASSETS.keys()) loaded += (await fetchedBytes(`${banks.town.url}${path}`)).length
  })

  test('that a page loads come compressed, and whole', async () => {
    for (const [path, { body }] of ASSETS) {
      const bytes = await fetchedBytes(`${banks.town.url}${path}`)
      if (body.length < KIB) continue
      expect([path, gunzipSync(bytes).toString('utf8') === body]).toEqual([path, true])
      expect(bytes.length).toBeLessThan(body.length / 2)
    }
  })

  test('of the style sheet fit', () => {
    const [style] = [...ASSETS.values()].filter(({ type }) => type.startsWith('text/css'))
    expect(zipped(style?.body ?? '')).toBeLessThan(STYLE_BUDGET)
    expect(style?.body).not.toMatch(/url\(|@import|@font-face/)
  })

  test.each(SHOWN)('of $name fit', (state) => {
    const html = zipped(pageOf(state))
    expect(html).toBeGreaterThan(0)
    expect(html).toBeLessThan(HTML_BUDGET)
    expect(weighed(pageOf(state))).toBeLessThan(state.as === 'coordinator' ? DESK_BUDGET : PAGE_BUDGET)
  })

  test('are listed', () => {
    const rows = SHOWN.map((state) => ({ page: state.name, bytes: weighed(pageOf(state)) }))
    const most = [...rows].sort((a, b) => b.bytes - a.bytes)
    process.stdout.write(
      `bytes on the wire, all in: ${most.map(({ page, bytes }) => `${page} ${bytes}`).join(', ')}\n`,
    )
    expect(most[0]?.bytes).toBeLessThan(DESK_BUDGET)
  })
})
