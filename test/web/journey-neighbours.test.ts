/**
 * Two banks that nobody has used yet become neighbours and exchange their first hour: Priya makes an invitation at
 * Harbour, Owen pastes it at Millbrook and presses Agree. Presses and seconds are counted.
 */
import type { Browser, Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { lineWith } from '../../src/core/ledger/book.ts'
import { addMember } from '../../src/register/people.ts'
import type { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { sixWords } from '../../src/words/six-words.ts'
import { end, type TestBank, testBank } from '../http/served.ts'
import { describeInBrowser } from './browser.ts'
import { expectAudited, follow, LOOKS, type Look, pageFor, speechOf } from './journey.ts'
import { PSEUDO } from './pseudo-language.ts'
import { done, PASSWORD } from './town.ts'

const BUTTON = 'main .govuk-button'
/** From the invitation to the line, beside what is typed; a coordinator does it in less than a minute. */
const MOST_PRESSES = 10

/** A coordinator at the pages of a bank; presses of both are counted together. */
interface Desk {
  readonly bank: TestBank
  readonly page: Page
  readonly speech: Speech
  readonly counted: { presses: number }
}

describeInBrowser('[REC-6] [REC-7] [PRIV-31] inviting a bank', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await betweenTwo(browser(), look, async (harbour, millbrook) => {
      const begun = performance.now()
      await setUp(harbour)
      await setUp(millbrook)
      const fresh = { seconds: secondsSince(begun), presses: harbour.counted.presses }
      const link = await invite(harbour)
      await pasteSomethingElse(millbrook)
      await accept(millbrook, link)
      await readSixWords(harbour, millbrook)
      const agreed = harbour.counted.presses - fresh.presses
      expect(agreed).toBeLessThanOrEqual(MOST_PRESSES)
      await firstHour(harbour, millbrook)
      const seconds = secondsSince(begun)
      process.stdout.write(
        `two fresh banks, first hour after ${seconds.toFixed(1)} s by a script: ${fresh.presses} presses and ` +
          `${fresh.seconds.toFixed(1)} s to set both up, ${agreed} presses to become neighbours, ${look.name}\n`,
      )
      await readActivity(harbour)
      await pauseAndEnd(harbour, millbrook)
      await useTwice(millbrook, link)
    })
  })
})

async function betweenTwo(
  browser: Browser,
  look: Look,
  work: (harbour: Desk, millbrook: Desk) => Promise<void>,
): Promise<void> {
  const languages = [...LANGUAGES, PSEUDO]
  const banks = await Promise.all([testBank('Harbour', { languages }), testBank('Millbrook', { languages })])
  const counted = { presses: 0 }
  const pages = await Promise.all(banks.map(() => pageFor(browser, look)))
  for (const [i, { url }] of banks.entries())
    await pages[i]?.context().addCookies([{ name: 'language', value: look.language.tag, url }])
  try {
    const [harbour, millbrook] = banks.map((bank, i) => ({
      bank,
      page: pages[i] as Page,
      speech: speechOf(look),
      counted,
    })) as [Desk, Desk]
    await work(harbour, millbrook)
    await expectAudited(...banks)
  } finally {
    for (const page of pages) await page.context().close()
    await end(...banks)
  }
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000
}

async function setUp(desk: Desk): Promise<void> {
  const { bank, page } = desk
  await page.goto(bank.setupUrl ?? '')
  await page.fill('#password', PASSWORD)
  await page.fill('#again', PASSWORD)
  await page.fill('#phone', '01234 567 890')
  await press(desk, BUTTON)
  await press(desk, BUTTON)
  expect(new URL(page.url()).pathname).toBe('/desk')
}

async function press({ page, counted }: Desk, what: string): Promise<void> {
  counted.presses += 1
  await follow(page.locator(what))
}

const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent()

async function invite(desk: Desk): Promise<string> {
  const { page, speech, bank } = desk
  await press(desk, '.ch-nav a[href="/run/neighbours"]')
  expect(await heading(page)).toBe(speech.say('neighbours.title'))
  await press(desk, 'main a[href="/run/neighbours/invite"]')
  await press(desk, BUTTON)
  expect(await heading(page)).toBe(speech.say('invite.made.title'))
  const link = await page.inputValue('#link')
  expect(await seenByCamera(page)).toBe(link)
  expect(link).toMatch(new RegExp(`^commonhour:invite\\?b=${bank.id}&`))
  return link
}

/** What a camera reads in the picture: its squares, four points each. */
async function seenByCamera(page: Page): Promise<string> {
  const picture = page.locator('svg.ch-qr')
  const squares = (await picture.locator('path').getAttribute('d')) ?? ''
  const side = Number((await picture.getAttribute('viewBox'))?.split(' ')[2])
  const [width, height] = [4 * side, 4 * side]
  const data = new Uint8Array(width * height * 4).fill(255)
  for (const [, x, y] of squares.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let dy = 0; dy < 4; dy++)
      for (let dx = 0; dx < 4; dx++)
        data.set([0, 0, 0, 255], ((4 * Number(y) + dy) * width + 4 * Number(x) + dx) * 4)
  return decodeQR({ width, height, data })
}

async function pasteSomethingElse({ bank, page, speech }: Desk): Promise<void> {
  await page.goto(`${bank.url}/run/neighbours/add`)
  await page.fill('#link', 'https://example.org/')
  await follow(page.locator(BUTTON))
  expect(await page.locator('.govuk-error-summary li').allTextContents()).toEqual([
    speech.say('add_neighbour.link.wrong'),
  ])
  expect(await page.inputValue('#link')).toBe('https://example.org/')
  await page.goto(`${bank.url}/desk`)
}

async function accept(desk: Desk, link: string): Promise<void> {
  const { page, speech } = desk
  await press(desk, '.ch-nav a[href="/run/neighbours"]')
  await press(desk, 'main a[href="/run/neighbours/add"]')
  await page.fill('#link', link)
  await press(desk, BUTTON)
  expect(await heading(page)).toBe(speech.say('add_neighbour.check.title', { bank: 'Harbour' }))
  expect(await page.inputValue('#hours')).toBe('40')
  await press(desk, BUTTON)
  expect(await heading(page)).toBe('Harbour')
  await seeRoom(desk, 'Harbour', 40 * 60, 40 * 60)
}

/** Reads the page again until it says so: the two banks talk with each other meanwhile. */
async function seeRoom({ page, speech }: Desk, bank: string, here: number, there: number): Promise<void> {
  const wanted = [
    speech.say('neighbour.room.here', { bank, length: speech.hours(here) }),
    speech.say('neighbour.room.there', { length: speech.hours(there) }),
  ]
  const read = async (): Promise<string[]> => {
    await page.reload()
    return page.locator('main ul.govuk-list--bullet > li').allTextContents()
  }
  await expect.poll(read, { timeout: 20_000 }).toEqual(wanted)
}

async function readSixWords(harbour: Desk, millbrook: Desk): Promise<void> {
  const words: (string | null)[] = []
  for (const { bank, page } of [harbour, millbrook]) {
    const other = bank === harbour.bank ? millbrook.bank : harbour.bank
    await page.goto(`${bank.url}/run/neighbours/${other.id}`)
    await page.locator('summary').click()
    words.push(await page.locator('details .ch-phrase').textContent())
  }
  expect(words[0]).toBe(sixWords(harbour.bank.node.bank, millbrook.bank.node.bank).join(' '))
  expect(words[1]).toBe(words[0])
}

/** Ada at Harbour was helped by Bo at Millbrook for an hour. */
async function firstHour(harbour: Desk, millbrook: Desk): Promise<void> {
  const ada = done(await addMember(harbour.bank.node, harbour.bank.people, { name: 'Ada Marsh' }))
  const bo = done(await addMember(millbrook.bank.node, millbrook.bank.people, { name: 'Bo Lind' }))
  const { page, bank, speech } = harbour
  await page.goto(`${bank.url}/desk/record`)
  await follow(page.locator('main a[href="/desk/record/neighbour"]'))
  await page.fill('#helped', ada.number)
  await page.getByLabel('Millbrook').check()
  await page.fill('#number', bo.number)
  await page.fill('#hours', '1')
  await page.getByLabel(speech.say('record.known.voice')).check()
  await press(harbour, BUTTON)
  await press(harbour, 'button[name=save]')
  await expect
    .poll(
      async () => {
        await page.reload()
        return heading(page)
      },
      { timeout: 30_000 },
    )
    .toBe(speech.say('crossing.paid.title'))
  await harbour.page.goto(`${harbour.bank.url}/run/neighbours/${millbrook.bank.id}`)
  await seeRoom(harbour, 'Millbrook', 39 * 60, 41 * 60)
  await seeRoom(millbrook, 'Harbour', 41 * 60, 39 * 60)
  expect(await harbour.page.locator('main dd').allTextContents()).toContain(
    harbour.speech.say('neighbour.standing.they_helped', {
      bank: 'Millbrook',
      length: harbour.speech.hours(60),
    }),
  )
}

/** The neighbour is named to everybody, and the one hour of two people is not told. */
async function readActivity({ bank, page, speech }: Desk): Promise<void> {
  await page.goto(`${bank.url}/activity`)
  expect(await page.locator('main li').allTextContents()).toEqual([
    speech.say('activity.neighbours.few', { bank: 'Millbrook' }),
  ])
  expect(await page.locator('main .govuk-body-l').textContent()).toBe(speech.say('activity.year.few'))
}

/** A pause, a new limit, and the end that is asked for once more and cannot be had while one side is ahead. */
async function pauseAndEnd(harbour: Desk, millbrook: Desk): Promise<void> {
  const { page, bank, speech } = harbour
  const own = `${bank.url}/run/neighbours/${millbrook.bank.id}`
  const has = (act: string): string => `form:has(input[value=${act}]) button`
  await page.goto(own)
  await follow(page.locator(has('pause')))
  expect(await page.locator('main .govuk-inset-text').allTextContents()).toContain(
    speech.say('neighbour.state.paused_here'),
  )
  await follow(page.locator(has('resume')))
  await page.fill('#hours', 'many')
  await follow(page.locator(has('limit')))
  expect(await page.locator('.govuk-error-summary li').count()).toBe(1)
  expect(await page.inputValue('#hours')).toBe('many')
  await page.fill('#hours', '50')
  await follow(page.locator(has('limit')))
  await page.goto(own)
  await seeRoom(harbour, 'Millbrook', 39 * 60, 51 * 60)
  await follow(page.locator(`main a[href$="/end"]`))
  expect(await heading(page)).toBe(speech.say('neighbour.end.title', { bank: 'Millbrook' }))
  await follow(page.locator('main button'))
  expect(await page.locator('.govuk-error-summary li').allTextContents()).toEqual([
    speech.say('refusal.line_not_settled'),
  ])
  const state = await bank.node.read(({ book }) => lineWith(book, millbrook.bank.node.bank)?.state)
  expect(state).toBe('open')
}

/** Pressed again, the invitation leads to the line there is. */
async function useTwice({ bank, page }: Desk, link: string): Promise<void> {
  const before = bank.node.head.size
  await page.goto(`${bank.url}/run/neighbours/add`)
  await page.fill('#link', link)
  await follow(page.locator(BUTTON))
  expect(await heading(page)).toBe('Harbour')
  expect(bank.node.head.size).toBe(before)
}
