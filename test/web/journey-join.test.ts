/**
 * Cleo would like to join: she answers five questions on a borrowed computer, the desk rings, meets and welcomes her. Who is
 * here already stands beside her, and pressing twice makes nobody twice.
 */
import type { Browser, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addMember } from '../../src/register/people.ts'
import type { Speech } from '../../src/words/language.ts'
import { end } from '../http/served.ts'
import { describeInBrowser } from './browser.ts'
import { expectAudited, follow, LOOKS, type Look, pageFor, pressTwice, speechOf } from './journey.ts'
import { signIn } from './shown.ts'
import { cookiesOf, done, openWebBank, type WebBank } from './town.ts'

const BUTTON = 'main .govuk-button'

interface Visit {
  readonly bank: WebBank
  readonly page: Page
  readonly speech: Speech
  readonly look: Look
}

describeInBrowser('[DESK-5] [A11Y-2] [EX-7] joining', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await atBank(browser(), look, async (visit) => {
      const { bank } = visit
      await answerQuestions(visit)
      expect(bank.people.all().some(({ name }) => name === 'Cleo Parr')).toBe(false)
      await welcome(visit)
      await erase(visit)
    })
  })
})

async function atBank(browser: Browser, look: Look, work: (visit: Visit) => Promise<void>): Promise<void> {
  const bank = await openWebBank('Harbour')
  const page = await pageFor(browser, look)
  try {
    done(await addMember(bank.node, bank.people, { name: 'Cleo Parr-Jones', phone: '020 7946 0995' }))
    await page.context().addCookies([{ name: 'language', value: look.language.tag, url: bank.url }])
    await work({ bank, page, speech: speechOf(look), look })
    await expectAudited(bank)
  } finally {
    await page.context().close()
    await end(bank)
  }
}

async function answerQuestions({ bank, page, speech }: Visit): Promise<void> {
  await page.goto(bank.url)
  await follow(page.locator('main a[href="/join"]'))
  await page.fill('#name', 'Cleo Parr')
  await page.fill('#can', 'read aloud')
  await follow(page.locator(BUTTON))
  expect(await page.locator('.govuk-error-summary li').allTextContents()).toEqual([
    speech.say('join.phone.missing'),
    speech.say('join.agreed.missing'),
  ])
  expect([await page.inputValue('#name'), await page.inputValue('#can')]).toEqual(['Cleo Parr', 'read aloud'])
  await page.fill('#phone', '+44 20 7946 0995')
  await page.check('#agreed')
  await pressTwice(page, BUTTON, /\/join\?done$/)
  expect(await page.locator('h1').textContent()).toBe(speech.say('join.done.title'))
}

async function welcome(visit: Visit): Promise<void> {
  const { bank, page, speech, look } = visit
  const cookies = { ...(await cookiesOf(bank, 'coordinator')), language: look.language.tag }
  await signIn(page.context(), bank.url, cookies)
  await page.goto(`${bank.url}/desk`)
  const card = page.locator('.ch-card', { hasText: speech.say('today.joiner.title', { name: 'Cleo Parr' }) })
  expect(await card.count()).toBe(1)
  await follow(card.locator('a'))
  expect(await page.locator('main h2').textContent()).toBe(speech.say('joiner.alike', { count: 1 }))
  await follow(page.locator('form:has(input[value=met]) button'))
  expect(await page.locator('main dd').first().textContent()).toBe(speech.say('joiner.state.met'))
  const before = bank.people.all().length
  await pressTwice(page, 'form:has(input[value=welcome]) button', /\/desk\/people\/[^/]+\?new$/)
  expect(bank.people.all()).toHaveLength(before + 1)
  expect(await page.locator('h1').textContent()).toBe('Cleo Parr')
  expect(await page.locator('main dt').allTextContents()).toContain(speech.say('person.rules'))
  await page.goto(`${bank.url}/desk/join`)
  expect(await page.locator('main tbody tr').count()).toBe(0)
}

/** Somebody else asks, and would rather not after all. */
async function erase({ bank, page, speech }: Visit): Promise<void> {
  await page.goto(`${bank.url}/join`)
  await page.fill('#name', 'Dai Pugh')
  await page.fill('#reach', 'the lighthouse')
  await page.check('#agreed')
  await follow(page.locator(BUTTON))
  await page.goto(`${bank.url}/desk/join`)
  await follow(page.locator('main tbody a'))
  await follow(page.locator('form:has(input[value=erase]) button'))
  expect(await page.locator('h1').textContent()).toBe(speech.say('joiner.erase.title', { name: 'Dai Pugh' }))
  await follow(page.locator('.govuk-button--warning'))
  expect(await page.locator('main tbody tr').count()).toBe(0)
}
