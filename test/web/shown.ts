/** Opens a state of a screen in a browser, in a language, as its visitor, in letters of any size. */

import type { BrowserContext, CDPSession, Page } from 'playwright-core'
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

type Cookies = Readonly<Record<string, string>>
/** One sign-in for all pages, as people have. */
const signedIn = new WeakMap<Banks, Map<string, Cookies>>()

/** Opens the page as the state's visitor sees it; one that a form led to is reached by posting that form. */
export async function open(
  page: Page,
  state: State,
  { banks, language }: { banks: Banks; language: Language },
): Promise<Shown> {
  const bank = banks[state.bank]
  const key = `${state.bank} ${state.as} ${state.member ?? ''}`
  const known = signedIn.get(banks) ?? new Map<string, Cookies>()
  const cookies = known.get(key) ?? (await cookiesOf(bank, state.as, state.member))
  signedIn.set(banks, known.set(key, cookies))
  await signIn(page.context(), bank.url, { ...cookies, language: language.tag })
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

const USUAL_LETTERS = 16
const sessions = new WeakMap<Page, CDPSession>()

/** Does something while the browser's own letters are twice as large, as people set them who see little. */
export async function inLargeLetters<T>(page: Page, work: () => Promise<T>): Promise<T> {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  const set = (standard: number): Promise<unknown> =>
    session.send('Page.setFontSizes', { fontSizes: { standard } })
  await set(2 * USUAL_LETTERS)
  try {
    return await work()
  } finally {
    await set(USUAL_LETTERS)
  }
}
