/** What members and the desk do again and again on a journey: come in, tell, answer, read. */

import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import type { Speech } from '../../src/words/language.ts'
import { end } from '../http/served.ts'
import { expectAudited, follow, type Look, pageFor, speechOf } from './journey.ts'
import { readOutCode } from './member-town.ts'
import { callerOf, done, openWebBank, PASSWORD, type WebBank } from './town.ts'

/** A bank with these people, and somebody's words to read its pages by. */
export interface Walk {
  readonly bank: WebBank
  readonly speech: Speech
  readonly say: Speech['say']
  /** A device of somebody, where nobody has signed in yet. */
  device(): Promise<Page>
  person(name: string): Person
}

/** Runs in a new bank; whatever was done, its log is sound at the end. */
export async function walk(
  browser: Browser,
  look: Look,
  names: readonly string[],
  work: (walk: Walk) => Promise<void>,
): Promise<void> {
  const bank = await openWebBank('Harbour')
  const pages: Page[] = []
  const speech = speechOf(look)
  try {
    const people = new Map<string, Person>()
    for (const name of names) {
      const kind = name.includes('Library') ? 'organisation' : 'member'
      people.set(name, done(await addMember(bank.node, bank.people, { name, kind })))
    }
    await work({
      bank,
      speech,
      say: speech.say,
      device: async () => {
        const page = await pageFor(browser, look)
        pages.push(page)
        await page.context().addCookies([{ name: 'language', value: look.language.tag, url: bank.url }])
        return page
      },
      person: (name) => {
        const found = people.get(name)
        if (found === undefined) throw new Error(`nobody is called ${name}`)
        return found
      },
    })
    await expectAudited(bank)
  } finally {
    for (const page of pages) await page.context().close()
    await end(bank)
  }
}

/** Comes in on a new device with a code that the desk has just read out, and chooses this PIN. */
export async function comeIn(walk: Walk, name: string, pin: string): Promise<Page> {
  const code = await readOutCode(await callerOf(walk.bank, 'coordinator'), walk.person(name))
  const page = await walk.device()
  await typeCode(walk, page, { name, code, pin })
  expect(new URL(page.url()).pathname).toBe('/me')
  return page
}

export async function typeCode(
  { bank, say, person }: Walk,
  page: Page,
  { name, code, pin }: { name: string; code: string; pin: string },
): Promise<void> {
  await page.goto(`${bank.url}/sign-in/code`)
  await page.fill('#number', person(name).number)
  await page.fill('#code', code)
  await press(page)
  expect(await heading(page)).toBe(say('pin.title', { name }))
  await page.fill('#pin', pin)
  await page.fill('#again', pin)
  await press(page)
}

/** Signs in with number and PIN. */
export async function signIn({ bank, person }: Walk, page: Page, name: string, pin: string): Promise<void> {
  await page.goto(`${bank.url}/sign-in`)
  await page.fill('#number', person(name).number)
  await page.fill('#pin', pin)
  await press(page)
}

export async function atDesk({ bank, device }: Walk): Promise<Page> {
  const page = await device()
  await page.goto(`${bank.url}/desk`)
  await page.fill('#name', 'Priya')
  await page.fill('#password', PASSWORD)
  await press(page)
  expect(page.url()).toBe(`${bank.url}/desk`)
  return page
}

export interface Told {
  readonly other: string
  readonly hours: string
  readonly minutes?: string
  readonly note?: string
}

/** Fills in what happened and goes on to the sentence, from the home page; gives the sentence. */
export async function tell({ bank, say }: Walk, page: Page, to: string, told: Told): Promise<string> {
  await page.goto(`${bank.url}/me`)
  await follow(page.locator(`main a[href="${to}"]`))
  if ((await page.locator('#who').count()) > 0) await page.getByLabel(say('tell.who.other')).check()
  await page.fill('#other', told.other)
  await page.fill('#hours', told.hours)
  await page.fill('#minutes', told.minutes ?? '')
  await page.fill('#note', told.note ?? '')
  await press(page)
  expect(await heading(page)).toBe(say('tell.check.title'))
  return sentence(page)
}

/** Opens the one thing that waits at home; gives its sentence. */
export async function openWaiting({ bank, say }: Walk, page: Page): Promise<string> {
  await page.goto(`${bank.url}/me`)
  const said = (await page.locator('.ch-card .govuk-body').first().textContent()) ?? ''
  await follow(page.locator('.ch-card .govuk-button'))
  expect(await heading(page)).toBe(say('claim.ask.title'))
  expect(await sentence(page)).toBe(said)
  return said
}

/** What somebody reads of the newest record in the own hours: its sentence and the phrase to compare. */
export async function readNewest(
  { bank }: Walk,
  page: Page,
): Promise<{ sentence: string; phrase: string | null }> {
  await page.goto(`${bank.url}/hours`)
  await follow(page.locator('.ch-cards a').first())
  return readRecordPage(page)
}

export async function readRecordPage(page: Page): Promise<{ sentence: string; phrase: string | null }> {
  return { sentence: await sentence(page), phrase: await page.locator('.ch-phrase').textContent() }
}

/** What stands first at home: the hours in a sentence. */
export async function standing({ bank }: Walk, page: Page): Promise<string | null> {
  await page.goto(`${bank.url}/me`)
  return page.locator('main .govuk-body-l').textContent()
}

/** Presses the first button of the page's form. */
export async function press(page: Page): Promise<void> {
  await follow(page.locator('main button.govuk-button').first())
}

export async function sentence(page: Page): Promise<string> {
  return (await page.locator('.ch-sentence').textContent()) ?? ''
}

/** Without the signs that turn a piece of text around: what is said inside a sentence is told without its own. */
export function unturned(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

export async function heading(page: Page): Promise<string | null> {
  return page.locator('h1').textContent()
}
