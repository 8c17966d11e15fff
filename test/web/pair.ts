/**
 * Two neighbouring banks for the journeys between them: each served on an address that stands on its card, with a line, a
 * coordinator who can sign in, and somebody who helps or is helped.
 */

import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { must } from '../../src/core/fault.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import type { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { end, openLine, serveFolder } from '../http/served.ts'
import { expectAudited, follow, type Look, pageFor, speechOf } from './journey.ts'
import { heading } from './member-walk.ts'
import { PSEUDO } from './pseudo-language.ts'
import { cookiesOf, done, openWebBank, PASSWORD, type WebBank } from './town.ts'

export interface Pair {
  readonly speech: Speech
  readonly say: Speech['say']
  harbour: WebBank
  millbrook: WebBank
  readonly ada: Person
  readonly bo: Person
  /** A device of a member who is signed in at that bank. */
  device(bank: WebBank, member: string | null): Promise<Page>
  /** The desk of that bank. */
  desk(bank: WebBank): Promise<Page>
}

/** An address that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  must(typeof address === 'object' && address !== null, 'a server has a port')
  server.close()
  await once(server, 'close')
  return address.port
}

async function openAtAddress(name: string): Promise<WebBank> {
  const port = await freePort()
  const options = { http: { host: '127.0.0.1', port } }
  return openWebBank(name, options, { publicUrl: `http://127.0.0.1:${port}` })
}

/** Runs between two new banks; whatever was done, both logs are sound at the end. */
export async function between(
  browser: Browser,
  look: Look,
  work: (pair: Pair) => Promise<void>,
): Promise<void> {
  const [harbour, millbrook] = await Promise.all([openAtAddress('Harbour'), openAtAddress('Millbrook')])
  await openLine(harbour, millbrook)
  const speech = speechOf(look)
  const pages: Page[] = []
  const newPage = async (bank: WebBank, cookies: Readonly<Record<string, string>>): Promise<Page> => {
    const page = await pageFor(browser, look)
    pages.push(page)
    const all = Object.entries({ ...cookies, language: look.language.tag })
    await page.context().addCookies(all.map(([name, value]) => ({ name, value, url: bank.url })))
    return page
  }
  const pair: Pair = {
    speech,
    say: speech.say,
    harbour,
    millbrook,
    ada: done(await addMember(harbour.node, harbour.people, { name: 'Ada Marsh', kind: 'member' })),
    bo: done(await addMember(millbrook.node, millbrook.people, { name: 'Bo Lind', kind: 'member' })),
    device: async (bank, member) =>
      newPage(bank, member === null ? {} : await cookiesOf(bank, 'member', member)),
    desk: async (bank) => {
      const page = await newPage(bank, {})
      await page.goto(`${bank.url}/desk`)
      await page.fill('#name', 'Priya')
      await page.fill('#password', PASSWORD)
      await follow(page.locator('main button.govuk-button').first())
      expect(page.url()).toBe(`${bank.url}/desk`)
      return page
    },
  }
  try {
    await work(pair)
    await expectAudited(pair.harbour)
    await expectAudited(pair.millbrook)
  } finally {
    for (const page of pages) await page.context().close()
    await end(pair.harbour, pair.millbrook)
  }
}

/** Serves a bank again on its folder and at its old address; its neighbour finds it by itself. */
export async function backAgain(bank: WebBank): Promise<WebBank> {
  const port = Number(new URL(bank.url).port)
  const options = { http: { host: '127.0.0.1', port }, languages: [...LANGUAGES, PSEUDO] }
  return { ...bank, ...(await serveFolder(bank.folder, bank.name, options)) }
}

/** What somebody reads on the page of a payment, once it says this. */
export async function readCrossing(
  { say }: Pair,
  page: Page,
  title: Parameters<Speech['say']>[0],
  facts: Readonly<Record<string, string>> = {},
): Promise<{ sentence: string | null; phrase: string | null }> {
  await expect
    .poll(
      async () => {
        if ((await heading(page)) !== say(title, facts)) await page.reload()
        return heading(page)
      },
      { timeout: 30_000, interval: 300 },
    )
    .toBe(say(title, facts))
  return {
    sentence: await page.locator('.ch-sentence').textContent(),
    phrase: (await page.locator('.ch-phrase').allTextContents())[0] ?? null,
  }
}
