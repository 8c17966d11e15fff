/**
 * How few presses are enough? From the lock screen of two telephones to "Done" on both, signing in included; with script both
 * pages say so by themselves.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, type Look } from './journey.ts'
import { readOutCode } from './member-town.ts'
import { heading } from './member-walk.ts'
import { between } from './pair.ts'
import { callerOf } from './town.ts'

/** Both people together. */
const MOST_TAPS = 9
/** Twenty times the two seconds within which both have it when both banks are up. */
const HANG_MS = 40_000

/** Counts what a finger does; a keyboard's letters are no taps, the fields they go into are. */
class Finger {
  taps = 0
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async tap(selector: string): Promise<void> {
    this.taps += 1
    await follow(this.page.locator(selector).first())
  }

  /** One tap into the first field; the keyboard's own key leads to the next and sends the form. */
  async typeInto(fields: Readonly<Record<string, string>>): Promise<void> {
    this.taps += 1
    const [first = '', ...rest] = Object.entries(fields)
    await this.page.fill(first[0] as string, first[1] as string)
    for (const [field, text] of rest) await this.page.fill(field, text)
    await this.page.locator(rest.at(-1)?.[0] ?? (first[0] as string)).press('Enter')
    await this.page.waitForLoadState()
  }
}

describeInBrowser('[EX-20] [A11Y-3] both telephones say Done', (browser) => {
  test(`with at most ${MOST_TAPS} taps together, and by themselves`, async () => {
    const look = LOOKS.find(({ name }) => name === 'with script, on a phone, in en') as Look
    await between(browser(), look, async (pair) => {
      const { harbour, millbrook, say } = pair
      const ada = new Finger(await pair.device(harbour, null))
      const bo = new Finger(await pair.device(millbrook, null))
      // Long before, each chose a PIN; today both are signed out.
      for (const [bank, person] of [
        [harbour, pair.ada],
        [millbrook, pair.bo],
      ] as const) {
        const desk = await callerOf(bank, 'coordinator')
        const code = await readOutCode(desk, person)
        const nobody = await callerOf(bank, 'nobody')
        await nobody.post('/sign-in/code', { number: person.number, code, pin: '2583', again: '2583' })
      }
      await bo.page.goto(`${millbrook.url}/codes/new`)
      await bo.typeInto({ '#number': pair.bo.number, '#pin': '2583' })
      await bo.typeInto({ '#hours': '1', '#minutes': '30' })
      expect(await heading(bo.page)).toBe(say('own_code.title'))
      // Ada points her camera at it.
      await ada.page.goto((await bo.page.locator('.ch-link').textContent()) ?? '')
      await ada.tap(`a[href^="${harbour.url}/"]`)
      await ada.typeInto({ '#number': pair.ada.number, '#pin': '2583' })
      expect(await heading(ada.page)).toBe(say('collect.check.title'))
      const pressed = performance.now()
      await ada.tap('button[name=yes]')
      const done = (page: Page, title: string): Promise<unknown> =>
        expect.poll(() => heading(page), { timeout: HANG_MS, interval: 20 }).toBe(title)
      await Promise.all([
        done(ada.page, say('crossing.paid.title')),
        done(bo.page, say('own_code.used.title')),
      ])
      const seconds = (performance.now() - pressed) / 1000
      expect(await bo.page.locator('.ch-phrase').first().textContent()).toBe(
        await ada.page.locator('.ch-phrase').first().textContent(),
      )
      console.log(`taps: Ada ${ada.taps}, Bo ${bo.taps}; both read Done after ${seconds.toFixed(1)} s`)
      expect(ada.taps + bo.taps).toBeLessThanOrEqual(MOST_TAPS)
    })
  })
})
