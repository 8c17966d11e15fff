/**
 * A real browser for the tests of the pages: Debian's Chromium, driven by playwright-core. Where there is none, the
 * tests that need it are skipped, and the closing count says so.
 */

import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { findChromium } from '../../bin/starter/programs.js'

const CHROMIUM = findChromium()

if (CHROMIUM === undefined)
  console.warn('No Chromium here: tests in a browser are SKIPPED. Type: sudo apt-get install -y chromium')

/** Nothing that a browser would fetch or report by itself. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const SCREEN_SIZES = {
  phone: { width: 360, height: 640 },
  desk: { width: 1280, height: 800 },
} as const
export type ScreenSize = keyof typeof SCREEN_SIZES

/** Ends a test that hangs: a journey takes ten seconds, on a machine that does nothing else. */
const HANG_MS = 240_000

/** Tests with one browser of their own, which is closed after the last of them. */
export function describeInBrowser(title: string, tests: (browser: () => Browser) => void): void {
  describe.skipIf(CHROMIUM === undefined)(title, { timeout: HANG_MS }, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS })
    }, HANG_MS)
    afterAll(() => browser?.close())
    tests(() => browser as Browser)
  })
}
