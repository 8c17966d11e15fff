/**
 * The pictures in the documents: what the pages look like now, taken anew by every run. A folder test/web/screenshots keeps
 * them, and from there they are copied to docs/pictures when a page has changed its face.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { describeInBrowser } from './browser.ts'
import { open } from './shown.ts'
import { STATES } from './states.ts'
import { type Banks, closeBanks, openBanks } from './town.ts'

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url))
const TAKEN = fileURLToPath(new URL('screenshots', import.meta.url))
const MOST_BYTES = 80_000
const SIZES = { phone: { width: 360, height: 640 }, desk: { width: 1_000, height: 720 } } as const

/** States of the pages, each worth a look, by the size they are shown in. */
const PICTURES: Readonly<Record<string, keyof typeof SIZES>> = {
  'member-home': 'phone',
  'own-code': 'phone',
  collect: 'phone',
  'crossing-paid': 'phone',
  'crossing-held': 'phone',
  hours: 'phone',
  today: 'desk',
  'record-check': 'desk',
  person: 'desk',
  'activity-of-a-busy-bank': 'desk',
}

describeInBrowser('the pictures in the documents', (browser) => {
  let banks: Banks
  beforeAll(async () => {
    banks = await openBanks({ languages: LANGUAGES })
  })
  afterAll(() => closeBanks(banks))

  test.each(Object.entries(PICTURES))('%s can be taken', async (name, size) => {
    const state = STATES.find((one) => one.name === name)
    if (state === undefined) throw new Error(`no state is called ${name}`)
    const context = await browser().newContext({ viewport: SIZES[size] })
    const page = await context.newPage()
    expect((await open(page, state, { banks, language: LANGUAGES[0] as Language })).status).toBe(200)
    const picture = await page.screenshot(existsSync(TAKEN) ? { path: join(TAKEN, `docs-${name}.png`) } : {})
    expect(picture.length).toBeLessThan(MOST_BYTES)
    await context.close()
  })
})

describe('docs/pictures', () => {
  test('has these pictures, small ones, and each is shown somewhere', () => {
    const folder = join(DOCS, 'pictures')
    const names = Object.keys(PICTURES).map((name) => `${name}.png`)
    expect(readdirSync(folder).sort()).toEqual(names.sort())
    const page = readFileSync(join(DOCS, 'guides/the-pages.md'), 'utf8')
    for (const name of names) {
      expect(statSync(join(folder, name)).size).toBeLessThan(MOST_BYTES)
      expect(page).toContain(`../pictures/${name}`)
    }
  })
})
