/**
 * Can everybody use every screen? Each state in a real browser: axe finds nothing, nothing is scrolled sideways at any
 * size, and nothing is loaded from elsewhere. With a folder test/web/screenshots there, it is filled with pictures.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Language } from '../../src/words/language.ts'
import { describeInBrowser, SCREEN_SIZES } from './browser.ts'
import { findSideways, findSmallTargets, findViolations } from './in-page.ts'
import { inLargeLetters, open } from './shown.ts'
import type { State } from './state.ts'
import { SHOWN } from './states.ts'
import { type Banks, closeBanks, openBanks } from './town.ts'

const PICTURES = fileURLToPath(new URL('screenshots', import.meta.url))
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const MOST_REQUESTS = 5

/** Windows that are no usual screen: one of 1280 x 1024 pixels at 400 % has room for a quarter of it. */
const OTHER_WINDOWS = { 'at 400 %': { width: 320, height: 256 }, 'on a tablet': { width: 768, height: 1024 } }
/** As wide as a sheet of paper without its margins. */
const PAPER = { width: 718, height: 1123 }

/** The tests of these states in these languages, with banks and a browser of their own. */
export function lookAtEveryState(languages: readonly Language[], states: readonly State[] = SHOWN): void {
  describeInBrowser('every state of every screen', (browser) => {
    let banks: Banks
    let context: BrowserContext
    let page: Page
    beforeAll(async () => {
      banks = await openBanks()
      context = await browser().newContext()
      page = await context.newPage()
    })
    afterAll(() => closeBanks(banks))

    const cases = states
      .flatMap((state) =>
        languages.map((language) => ({ state, language, name: state.name, tag: language.tag })),
      )
      .filter(({ state, language }) => state.name !== 'setup-done' || language === languages[0])

    test.each(cases)('[A11Y-1] [A11Y-5] $name in $tag', async ({ state, language }) => {
      const shown = await open(page, state, { banks, language })
      expect(shown.status).toBe(state.status)
      expect(shown.complaints).toEqual([])
      expect(shown.requests.length).toBeLessThanOrEqual(MOST_REQUESTS)
      expect(shown.requests.filter((url) => !url.startsWith(`${banks[state.bank].url}/`))).toEqual([])
      expect(await page.locator('html').getAttribute('dir')).toBe(language.direction)

      await page.evaluate(axe.source)
      const found: Record<string, string[]> = {}
      for (const [size, window] of Object.entries(SCREEN_SIZES)) {
        await page.setViewportSize(window)
        found[size] = await page.evaluate(findSideways)
        found[`${size}, targets`] = await page.evaluate(findSmallTargets)
        await picture(`${state.name}-${language.tag}-${size}`)
        if (size === 'phone' || language.direction === 'ltr')
          found[`${size}, axe`] = await page.evaluate(findViolations, RULES)
        found[`${size}, letters of double size`] = await inLargeLetters(page, () =>
          page.evaluate(findSideways),
        )
      }
      for (const [where, window] of Object.entries(OTHER_WINDOWS)) {
        await page.setViewportSize(window)
        found[where] = await page.evaluate(findSideways)
      }
      if ((await page.locator('.ch-letter').count()) > 0) {
        await page.emulateMedia({ media: 'print' })
        await page.setViewportSize(PAPER)
        found['on paper'] = await page.evaluate(findSideways)
        await page.emulateMedia({ media: null })
      }
      expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([])
    })

    async function picture(name: string): Promise<void> {
      if (existsSync(PICTURES)) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
    }
  })
}
