/**
 * Can everybody use every screen? Each state in a real browser: axe finds nothing, nothing is scrolled found at any
 * size, and nothing is loaded from elsewhere. With a folder test/web/screenshots there, it is filled with pictures.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Language } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { describeInBrowser, SCREEN_SIZES } from './browser.ts'
import { findSideways, findSmallTargets, findViolations } from './in-page.ts'
import { PSEUDO } from './pseudo-language.ts'
import { layOut, open, withLetters } from './shown.ts'
import { SHOWN } from './states.ts'
import { type Banks, closeBanks, openBanks } from './town.ts'

const PICTURES = fileURLToPath(new URL('screenshots', import.meta.url))
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const MOST_REQUESTS = 5

/** Where nothing may have to be scrolled sideways, beside the two sizes themselves. */
const ROOMS: Readonly<Record<string, { width: number; height: number; letters?: number }>> = {
  // A window of 1280 x 1024 at 400 % has room for a quarter of it.
  'at 400 %': { width: 320, height: 256 },
  'on a tablet': { width: 768, height: 1024 },
  'on a telephone with letters of double size': { width: 360, height: 640, letters: 2 },
  'on a desk with letters of double size': { width: 1280, height: 800, letters: 2 },
}

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

  const spoken: readonly Language[] = [...LANGUAGES, PSEUDO]
  const cases = SHOWN.flatMap((state) =>
    spoken.map((language) => ({ state, language, name: state.name, tag: language.tag })),
  ).filter(({ state, tag }) => state.name !== 'setup-done' || tag === 'en')

  test.each(cases)('[A11Y-1] [A11Y-5] $name in $tag', async ({ state, language }) => {
    const shown = await open(page, state, { banks, language })
    expect(shown.status).toBe(state.status)
    expect(shown.complaints).toEqual([])
    expect(shown.requests.length).toBeLessThanOrEqual(MOST_REQUESTS)
    expect(shown.requests.filter((url) => !url.startsWith(`${banks[state.bank].url}/`))).toEqual([])
    expect(await page.locator('html').getAttribute('dir')).toBe(language.direction)

    await page.evaluate(axe.source)
    const found: Record<string, string[]> = {}
    for (const [size, { width, height }] of Object.entries(SCREEN_SIZES)) {
      await layOut(page, width, height)
      found[size] = await page.evaluate(findSideways)
      found[`${size}, targets`] = await page.evaluate(findSmallTargets)
      await picture(`${state.name}-${language.tag}-${size}`)
      if (size === 'phone' || language.direction === 'ltr')
        found[`${size}, axe`] = await page.evaluate(findViolations, RULES)
    }
    for (const [where, { width, height, letters = 1 }] of Object.entries(ROOMS)) {
      await layOut(page, width, height)
      found[where] = await withLetters(page, letters, () => page.evaluate(findSideways))
    }
    await page.emulateMedia({ media: 'print' })
    await layOut(page, 794, 1123)
    found['on paper'] = await page.evaluate(findSideways)
    await page.emulateMedia({ media: null })
    expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([])
  })

  async function picture(name: string): Promise<void> {
    if (existsSync(PICTURES)) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
  }
})
