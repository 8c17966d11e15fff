/** Opens a state of a screen in a browser, in a language, as its visitor, and lays it out in windows of all sizes. */

import type { BrowserContext, Page } from 'playwright-core'
import type { Language } from '../../src/words/language.ts'
import { postForm } from './in-page.ts'
import type { State } from './state.ts'
import { type Banks, cookiesOf } from './town.ts'

export interface Shown {
  readonly status: number
  /** Addresses that were asked for, the page's own first. */
  readonly requests: readonly string[]
  /** What the browser complained about, as of something that the content policy forbids. */
  readonly complaints: readonly string[]
}

/** Opens the page as the state's visitor sees it; one that a form led to is reached by posting that form. */
export async function open(
  page: Page,
  state: State,
  { banks, language }: { banks: Banks; language: Language },
): Promise<Shown> {
  const bank = banks[state.bank]
  await signIn(page.context(), bank.url, {
    ...(await cookiesOf(bank, state.as, state.member)),
    language: language.tag,
  })
  const path = await state.path(banks)
  if (state.form !== undefined) await page.goto(`${bank.url}/accessibility`)
  const requests: string[] = []
  const complaints: string[] = []
  page.removeAllListeners('request')
  page.removeAllListeners('console')
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => {
    // That a page answers "not here" is no complaint.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  const fields = state.form?.(banks)
  const response =
    fields === undefined
      ? await page.goto(bank.url + path)
      : (await Promise.all([page.waitForNavigation(), page.evaluate(postForm, { path, fields })]))[0]
  return { status: response?.status() ?? 0, requests, complaints }
}

/** Cookies are kept by host and not by port, so those of one bank would reach another. */
export async function signIn(
  context: BrowserContext,
  url: string,
  cookies: Readonly<Record<string, string>>,
): Promise<void> {
  await context.clearCookies()
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url })))
}

/** Lays the page out in a window of this size. */
export async function layOut(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height })
}

const USUAL_LETTERS = 16

/** Does something while the browser's own letters are so many times as large, as people set them who see little. */
export async function withLetters<T>(page: Page, times: number, work: () => Promise<T>): Promise<T> {
  const session = await page.context().newCDPSession(page)
  const set = (standard: number): Promise<unknown> =>
    session.send('Page.setFontSizes', { fontSizes: { standard } })
  await set(USUAL_LETTERS * times)
  try {
    return await work()
  } finally {
    await set(USUAL_LETTERS)
    await session.detach()
  }
}
