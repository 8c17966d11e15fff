/** What a journey through the pages needs: a page in some window, the sentences it shows, and an audit at its end. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { type Language, Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { EN } from '../../src/words/languages/en.ts'
import type { TestBank } from '../http/served.ts'
import { SCREEN_SIZES, type ScreenSize } from './browser.ts'
import { PSEUDO } from './pseudo-language.ts'

/** How somebody looks at the pages. */
export interface Look {
  readonly script: 'with script' | 'without script'
  readonly size: ScreenSize
  readonly language: Language
  /** Names the look in a test's title. */
  readonly name: string
}

/** Every way that a journey is made in: the first language, and the one that proves the layout. */
export const LOOKS: readonly Look[] = (['with script', 'without script'] as const).flatMap((script) =>
  (['phone', 'desk'] as const).flatMap((size) =>
    [...LANGUAGES.slice(0, 1), PSEUDO].map((language) => ({
      script,
      size,
      language,
      name: `${script}, on a ${size}, in ${language.tag}`,
    })),
  ),
)

/** A page of a browser that asks for the look's language and has no cookies. */
export async function pageFor(browser: Browser, { script, size, language }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: SCREEN_SIZES[size],
    javaScriptEnabled: script === 'with script',
    extraHTTPHeaders: { 'accept-language': language.tag },
  })
  return context.newPage()
}

export function speechOf({ language }: Look): Speech {
  return new Speech(language, EN)
}

/** The logs as the banks export them have nothing that an auditor would mention, alone or together. */
export async function expectAudited(...banks: readonly TestBank[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-web-'))
  try {
    const paths = banks.map((_, i) => join(folder, `bank-${i}.zip`))
    for (const [i, bank] of banks.entries())
      await writeFile(paths[i] as string, (await bank.call('GET', '/export?people=no')).bytes)
    const report = await auditPaths(paths, { independent: 'no' })
    expect(report.findings).toEqual([])
    expect(report.verdict).toBe('pass')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const LONGEST_MS = 20_000

/** Presses what leads on, and waits for the page that comes: a busy browser says late that one is on its way. */
export async function follow(what: Locator): Promise<void> {
  await Promise.all([what.page().waitForEvent('load', { timeout: LONGEST_MS }), what.click()])
}

/**
 * An impatient hand presses twice. The browser gives the first answer up when the second press comes before it, so what
 * counts is where it has come to in the end.
 */
export async function pressTwice(page: Page, button: string, to: RegExp): Promise<void> {
  await page.locator(button).dblclick({ noWaitAfter: true })
  await expect.poll(() => page.url(), { timeout: LONGEST_MS }).toMatch(to)
  await page.waitForLoadState('networkidle')
}
