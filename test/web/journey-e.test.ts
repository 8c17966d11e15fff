/**
 * Edna rings: Bo drove her to the hospital for two hours. From the first link of a new bank to the line on her
 * statement, taken back once and recorded again, as people with every kind of screen do it.
 */
import type { Browser, Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { CATEGORIES } from '../../src/core/categories.ts'
import { dayAt } from '../../src/register/calendar.ts'
import { readRecord } from '../../src/register/records.ts'
import type { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { end, type TestBank, testBank } from '../http/served.ts'
import { describeInBrowser } from './browser.ts'
import { expectAudited, follow, LOOKS, type Look, pageFor, pressTwice, speechOf } from './journey.ts'
import { Keys } from './keys.ts'
import { PSEUDO } from './pseudo-language.ts'
import { done, PASSWORD } from './town.ts'

const BUTTON = 'main .govuk-button'
const LIFTS = Number(Object.entries(CATEGORIES).find(([, name]) => name === 'lifts')?.[0])

/** Somebody at the pages of a bank. */
interface Desk {
  readonly bank: TestBank
  readonly page: Page
  readonly speech: Speech
}

describeInBrowser('[DESK-2] [DESK-3] [A11Y-3] Edna rings', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await atDesk(browser(), look, async (desk) => {
      await openBank(desk)
      for (const name of ['Edna Whitlock', 'Bo Lind', 'Bo Karlsson', 'Ada Marsh']) await addPerson(desk, name)
      const index = await recordByPhone(desk)
      await readStatement(desk, index)
      await takeBack(desk, index)
      await recordFromPersonPage(desk)
      await signOutAndIn(desk)
    })
  })

  test('with the keyboard alone, in less than a minute', async () => {
    const look = LOOKS.find(({ name }) => name === 'without script, on a desk, in en') as Look
    await atDesk(browser(), look, async (desk) => {
      await openBank(desk)
      for (const name of ['Edna Whitlock', 'Bo Lind', 'Bo Karlsson']) await addPerson(desk, name)
      await desk.page.goto(`${desk.bank.url}/desk`)
      const keys = new Keys(desk.page)
      const before = desk.bank.node.head.size
      await recordByKeys(keys)
      expect(desk.bank.node.head.size).toBe(before + 1)
      const record = done(await readRecord(desk.bank.node, desk.bank.people, before))
      // Parts stand in order of random ids, and so do the two Bos to choose from.
      const parts = record.parts.map(({ person, minutes }) => [person?.name, minutes] as const)
      expect(parts.toSorted(([, a], [, b]) => a - b)).toEqual([
        ['Edna Whitlock', -120],
        [expect.stringMatching(/^Bo (Lind|Karlsson)$/), 120],
      ])
      expect([record.channel, record.category]).toEqual(['call', LIFTS])
      expect(await desk.page.title()).toContain(desk.speech.say('record.done.title'))
      process.stdout.write(
        `by keyboard: ${keys.pressed} keys, ${keys.seconds().toFixed(1)} s of typing by a script\n`,
      )
      // Four keys a second leave half of the minute for talking.
      expect(keys.pressed).toBeLessThan(120)
      await takeBackByKeys(keys, desk)
    })
  })
})

/** Runs in a new bank; whatever happens, its log is sound at the end. */
async function atDesk(browser: Browser, look: Look, work: (desk: Desk) => Promise<void>): Promise<void> {
  const bank = await testBank('Northgate', { languages: [...LANGUAGES, PSEUDO] })
  const page = await pageFor(browser, look)
  try {
    await page.context().addCookies([{ name: 'language', value: look.language.tag, url: bank.url }])
    await work({ bank, page, speech: speechOf(look) })
    await expectAudited(bank)
  } finally {
    await page.context().close()
    await end(bank)
  }
}

async function openBank({ bank, page, speech }: Desk): Promise<void> {
  await page.goto(bank.url)
  expect(await heading(page)).toBe(speech.say('setup.not_yet.title'))
  await page.goto(bank.setupUrl ?? '')
  await follow(page.locator(BUTTON))
  expect(await page.locator('.govuk-error-summary li').count()).toBe(2)
  await page.fill('#password', PASSWORD)
  await page.fill('#again', PASSWORD)
  await page.fill('#phone', '01234 567 890')
  await follow(page.locator(BUTTON))
  expect(await heading(page)).toBe(speech.say('codes.title'))
  const codes = await page.locator('.ch-phrase').allTextContents()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^([2-9A-HJKMNP-TV-Z]{4}-){2}[2-9A-HJKMNP-TV-Z]{4}$/)
  await follow(page.locator(BUTTON))
  expect(new URL(page.url()).pathname).toBe('/desk')
  // The link is used up.
  await page.goto(bank.setupUrl ?? '')
  expect(await heading(page)).toBe(speech.say('setup.over.title'))
}

async function addPerson({ bank, page, speech }: Desk, name: string): Promise<void> {
  await page.goto(`${bank.url}/desk/people`)
  await follow(page.locator('a[href="/desk/people/new"]'))
  await page.fill('#name', name)
  await follow(page.locator(BUTTON))
  expect(await heading(page)).toBe(name)
  const [number = ''] = await page.locator('dd span[dir=ltr]').allTextContents()
  expect(await page.locator('.govuk-inset-text').textContent()).toBe(
    speech.say('person.new.done', { name, number }),
  )
}

/** Gives the place of the record. */
async function recordByPhone(desk: Desk): Promise<number> {
  const { bank, page, speech } = desk
  await page.goto(`${bank.url}/desk`)
  await follow(page.locator('main a[href="/desk/record"]'))
  await page.fill('#helped', 'whit')
  await page.fill('#helper', 'bo')
  await page.fill('#hours', '2')
  await page.selectOption('#category', { label: speech.alone(speech.say('category.lifts')) })
  await page.fill('#note', 'to the hospital')
  await follow(page.locator(BUTTON))
  // One thing was forgotten; nothing that was typed is.
  expect(await page.locator('.govuk-error-summary li').allTextContents()).toEqual([
    speech.say('record.known.missing'),
  ])
  // The browser moves the focus there by itself, when it has drawn the page.
  await page.locator('.govuk-error-summary:focus').waitFor()
  expect(await page.inputValue('#note')).toBe('to the hospital')
  await page.getByLabel(speech.say('record.known.call_back')).check()
  await follow(page.locator(BUTTON))
  // Two are called Bo.
  expect(await heading(page)).toBe(speech.say('record.which.title'))
  const offered = await page.locator('.govuk-radios__item label').allTextContents()
  expect(offered.sort()).toEqual(['Bo Karlsson', 'Bo Lind'])
  await page.getByLabel('Bo Lind').check()
  await follow(page.locator(BUTTON))
  expect(await heading(page)).toBe(speech.say('record.check.title'))
  const sentence = await page.locator('.ch-sentence').textContent()
  expect(sentence).toBe(sentenceOf(desk))
  const before = bank.node.head.size
  // An impatient hand presses twice.
  await pressTwice(page, 'button[name=save]', /\/desk\/records\//)
  expect(bank.node.head.size).toBe(before + 1)
  expect(await page.locator('.ch-sentence').textContent()).toBe(sentence)
  const record = done(await readRecord(bank.node, bank.people, before))
  expect(await page.locator('.ch-phrase').textContent()).toBe(receiptPhrase(record.id))
  expect([record.channel, record.reason, record.category]).toEqual(['call', 'telephoned', LIFTS])
  return before
}

/** What is read aloud. */
function sentenceOf({ speech, bank }: Desk): string {
  const today = dayAt(bank.node.logTime())
  const facts = {
    helper: 'Bo Lind',
    helped: 'Edna Whitlock',
    length: speech.hours(120),
    day: speech.day(today, today),
  }
  return speech.say('record.sentence_with', { ...facts, words: 'to the hospital' })
}

async function readStatement(desk: Desk, index: number): Promise<void> {
  const { bank, page, speech } = desk
  await findPerson(desk, 'edna')
  const words = speech.say('line.was_helped', { others: 'Bo Lind', said: 'yes', words: 'to the hospital' })
  expect(await lately(page).locator('tbody tr').count()).toBe(1)
  expect((await lately(page).locator('td').allTextContents()).slice(1, 3)).toEqual([words, speech.hours(120)])
  expect(await page.locator('main .govuk-body-l').textContent()).not.toMatch(/[-−]\d/)
  await follow(lately(page).locator('td a'))
  expect(page.url()).toBe(`${bank.url}/desk/records/${index}`)
}

async function takeBack(desk: Desk, index: number): Promise<void> {
  const { bank, page, speech } = desk
  const before = bank.node.head.size
  await follow(page.locator('.govuk-button--warning'))
  expect(await heading(page)).toBe(speech.say('record.state.taken_back'))
  expect(await page.locator('.ch-sentence.ch-struck').count()).toBe(1)
  expect(await page.locator('.govuk-button--warning').count()).toBe(0)
  expect(bank.node.head.size).toBe(before + 1)
  expect(done(await readRecord(bank.node, bank.people, index)).reversedAt).toBe(before)
  await findPerson(desk, 'edna')
  expect(await lately(page).locator('td.ch-struck').count()).toBe(1)
}

/** The right one this time, begun from Edna's own page, for somebody of a name that is there once. */
async function recordFromPersonPage(desk: Desk): Promise<void> {
  const { bank, page, speech } = desk
  await follow(page.locator('main a[href^="/desk/record?helped="]'))
  expect(await page.inputValue('#helped')).toBe(
    bank.people.all().find(({ name }) => name === 'Edna Whitlock')?.number,
  )
  await page.fill('#helper', 'marsh')
  await page.fill('#hours', '1')
  await page.fill('#minutes', '30')
  await page.getByLabel(speech.say('help.day.yesterday')).check()
  await page.getByLabel(speech.say('record.known.voice')).check()
  await follow(page.locator(BUTTON))
  await follow(page.locator('button[name=change]'))
  expect(await page.inputValue('#minutes')).toBe('30')
  await page.fill('#minutes', '45')
  await follow(page.locator(BUTTON))
  await follow(page.locator('button[name=save]'))
  expect(await heading(page)).toBe(speech.say('record.done.title'))
  await findPerson(desk, 'marsh')
  const standing = {
    name: 'Ada Marsh',
    given: speech.hours(105),
    received: speech.hours(0),
    left: speech.hours(105),
    done: 'given',
  }
  expect(await page.locator('main .govuk-body-l').textContent()).toBe(
    speech.say('standing.hours_waiting', standing),
  )
}

async function signOutAndIn({ bank, page }: Desk): Promise<void> {
  await follow(page.locator('header button'))
  expect(page.url()).toBe(`${bank.url}/`)
  await page.goto(`${bank.url}/desk/people`)
  expect(page.url()).toBe(`${bank.url}/sign-in/desk?to=%2Fdesk%2Fpeople`)
  await page.fill('#name', 'priya')
  await page.fill('#password', PASSWORD)
  await follow(page.locator(BUTTON))
  expect(page.url()).toBe(`${bank.url}/desk/people`)
}

async function findPerson({ bank, page }: Desk, typed: string): Promise<void> {
  await page.goto(`${bank.url}/desk`)
  await page.fill('#who', typed)
  await follow(page.locator('search button'))
}

/** What happened to a person lately; below it stands what the desk did. */
function lately(page: Page): Locator {
  return page.locator('main table').first()
}

async function heading(page: Page): Promise<string | null> {
  return page.locator('h1').textContent()
}

async function recordByKeys(keys: Keys): Promise<void> {
  await keys.tabTo(/^a .*href="\/desk\/record"/)
  await keys.follow('Enter')
  // The focus is in the first field already.
  await keys.standsAt('helped')
  await keys.type('edna')
  await keys.tabTo(/^input helper$/)
  await keys.type('bo')
  await keys.tabTo(/^input hours$/)
  await keys.type('2')
  await keys.tabTo(/^select category$/)
  await keys.type('a l')
  await keys.tabTo(/^input known$/)
  await keys.press('Space')
  await keys.press('ArrowDown')
  await keys.follow('Enter')
  await keys.tabTo(/^input helper$/)
  await keys.press('Space')
  await keys.press('ArrowDown')
  await keys.follow('Enter')
  await keys.tabTo(/^button save$/)
  await keys.follow('Space')
}

async function takeBackByKeys(keys: Keys, { page, speech }: Desk): Promise<void> {
  await keys.tabTo(/^button .*govuk-button--warning/)
  await keys.follow('Enter')
  expect(await heading(page)).toBe(speech.say('record.state.taken_back'))
}
