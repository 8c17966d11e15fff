/**
 * A volunteer starts the program on a fresh machine, reads only the screen, and writes down the first hour; then puts the
 * recovery sheet on paper, and may invite a neighbour. The program as it is, in a folder that is not there yet.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import type { Speech } from '../../src/words/language.ts'
import { build, commonhour, ON_FREE_PORTS } from '../cli/program.ts'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, pageFor, speechOf } from './journey.ts'
import { heading } from './member-walk.ts'
import { PASSWORD } from './town.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/commonhour.js', import.meta.url))
const BUTTON = 'main .govuk-button'
/** Where a page has more than one. */
const SENDS = 'main form button.govuk-button'
/** Somebody reads a page in ten seconds, fills a field in eight and presses in two. */
const SECONDS = { page: 10, field: 8, press: 2 }
const THREE_MINUTES = 180

/** Counts what a person has to do until the hour is recorded: a page is read before something on it is pressed. */
class Hands {
  pages = 0
  fields = 0
  presses = 0
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async type(field: string, text: string): Promise<void> {
    this.fields += 1
    await this.#page.fill(field, text)
  }

  async press(what: string): Promise<void> {
    this.presses += 1
    this.pages += 1
    await follow(this.#page.locator(what).first())
  }

  seconds(): number {
    return this.pages * SECONDS.page + this.fields * SECONDS.field + this.presses * SECONDS.press
  }
}

describeInBrowser('[OPS-1] a bank begins', (browser) => {
  let folder: string
  let running: ChildProcess
  beforeAll(() => build())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commonhour-begins-'))
  })
  afterEach(async () => {
    if (running?.exitCode === null) {
      running.kill('SIGKILL')
      await once(running, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })

  const looks = LOOKS.filter(({ name }) =>
    ['with script, on a phone, in en', 'without script, on a desk, in en'].includes(name),
  )

  test.each(looks)('$name: the first hour, the sheet, and then a neighbour', async (look) => {
    const bank = join(folder, 'bank')
    const args = [PROGRAM, 'serve', '--dir', bank, ...ON_FREE_PORTS]
    running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const page = await pageFor(browser(), look)
    const speech = speechOf(look)
    try {
      const link = await linkOf(running)
      const hands = new Hands(page)
      await page.goto(link)
      await firstHour(page, hands, speech)
      process.stdout.write(
        `first hour: ${hands.pages} pages, ${hands.fields} fields, ${hands.presses} presses: ${hands.seconds()} s at an easy pace\n`,
      )
      expect(hands.seconds()).toBeLessThan(THREE_MINUTES)
      await sheetOnPaper(page, speech, bank)
      await page.goto(new URL('/run/neighbours/invite', link).href)
      await follow(page.locator(BUTTON))
      expect(await heading(page)).toBe(speech.say('invite.made.title'))
      const out = join(folder, 'harbour.zip')
      expect((await commonhour(['export', 'all', '--dir', bank, '-o', out])).code).toBe(0)
      const report = await auditPaths([out], { independent: 'no' })
      expect([report.verdict, report.findings]).toEqual(['pass', []])
    } finally {
      await page.context().close()
    }
  })
})

async function linkOf(child: ChildProcess): Promise<string> {
  let out = ''
  for await (const data of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    out += data
    const link = /http:\S+/.exec(out)?.[0]
    if (link !== undefined) return link
  }
  throw new Error(`no link was printed: ${out}`)
}

/** From "Welcome" to "Done", pressing what the page offers first. */
async function firstHour(page: Page, hands: Hands, { say }: Speech): Promise<void> {
  expect(await heading(page)).toBe(say('begin.title'))
  await hands.press(BUTTON)
  await hands.type('#name', 'Harbour')
  await hands.type('#coordinator', 'Priya Shah')
  await hands.press(BUTTON)
  await hands.type('#password', PASSWORD)
  await hands.type('#again', PASSWORD)
  await hands.type('#phone', '01234 567 890')
  await hands.press(BUTTON)
  expect(await heading(page)).toBe(say('codes.title'))
  await hands.press(BUTTON)
  expect(await page.locator('main h2').allTextContents()).toEqual(
    expect.arrayContaining([say('young.people.title'), say('fix.title')]),
  )
  await hands.press('.ch-card .govuk-button')
  await hands.type('#name', 'Edna Whitlock')
  await hands.press(BUTTON)
  // From the page of whoever was just added.
  await hands.press(BUTTON)
  await hands.type('#helper', 'priya')
  await hands.type('#hours', '1')
  await page.getByLabel(say('record.known.voice')).check()
  hands.presses += 1
  await hands.press(BUTTON)
  await hands.press('button[name=save]')
  expect(await heading(page)).toBe(say('record.done.title'))
  expect(await page.locator('.ch-sentence').textContent()).toMatch(/Priya Shah.*Edna Whitlock/)
}

async function sheetOnPaper(page: Page, { say }: Speech, folder: string): Promise<void> {
  const origin = new URL(page.url()).origin
  await page.goto(`${origin}/desk`)
  expect(await page.getByText(say('young.hour.title')).count()).toBe(0)
  await page.goto(`${origin}/run/neighbours/invite`)
  expect(await heading(page)).toBe(say('sheet.first.title'))
  await follow(page.locator(BUTTON))
  await page.fill('#own', PASSWORD)
  await follow(page.locator(BUTTON))
  const words = await page.locator('.ch-words li').allTextContents()
  expect(words).toHaveLength(24)
  const kept = await readFile(join(folder, 'keys', 'recovery-sheet'), 'utf8')
  expect(kept.trim()).toBe(words.join(' '))
  await follow(page.locator(BUTTON))
  // The words are not on the page that asks for them.
  expect(await page.locator('.ch-words').count()).toBe(0)
  const fields = await page.locator('main input[type=text]').evaluateAll((all) => all.map(({ id }) => id))
  expect(fields).toHaveLength(2)
  const [first = '', second = ''] = fields
  const wordOf = (field: string): string => words[Number(field.slice('word-'.length)) - 1] ?? ''
  await page.fill(`#${first}`, wordOf(first))
  await page.fill(`#${second}`, wordOf(second) === 'hour' ? 'year' : 'hour')
  await follow(page.locator(SENDS))
  expect(await page.locator('.govuk-error-summary li').count()).toBe(1)
  await page.fill(`#${second}`, wordOf(second).toUpperCase())
  await follow(page.locator(SENDS))
  expect(await page.locator('main .govuk-body-l').textContent()).toBe(say('sheet.paper.done'))
  expect(await readdir(join(folder, 'keys'))).not.toContain('recovery-sheet')
  await page.goto(`${origin}/desk/acts`)
  for (const act of ['act.sheet_shown', 'act.sheet_on_paper'] as const)
    expect(await page.getByText(say(act)).count()).toBeGreaterThan(0)
}
