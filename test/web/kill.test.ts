/**
 * Either bank is killed in the middle of the last press: after the restart both screens end in the same words, and an hour
 * moved once or not at all. Real processes, real signals, real pages.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { addMember } from '../../src/register/people.ts'
import { build, commonhour, type Serving, serve } from '../cli/program.ts'
import { end, openLine } from '../http/served.ts'
import { describeInBrowser } from './browser.ts'
import { postForm } from './in-page.ts'
import { follow, LOOKS, type Look, pageFor, speechOf } from './journey.ts'
import { heading } from './member-walk.ts'
import { freePort } from './pair.ts'
import { cookiesOf, done, openWebBank, type WebBank } from './town.ts'

/** After so many milliseconds from the press: before anything is written, in the middle, and after. */
const MOMENTS_MS = [0, 15, 60]
const LONGEST_MS = 60_000

const look = LOOKS.find(({ name }) => name === 'with script, on a phone, in en') as Look
const { say } = speechOf(look)

describeInBrowser('[EX-17] [CRASH-8] a bank is killed in the middle of a press', (browser) => {
  const banks: WebBank[] = []
  const serving = new Map<string, Serving>()
  const pages: Page[] = []
  let p2pPorts = { harbour: 0, millbrook: 0 }
  beforeEach(async () => {
    await build()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    for (const one of serving.values()) await one.stop('SIGKILL')
    serving.clear()
    await end(...banks.splice(0))
  })

  async function start(name: 'harbour' | 'millbrook', folder: string): Promise<string> {
    const [p2p, host] = ['--p2p-port', '--p2p-host']
    const ports = ['--http-port', '0', p2p, String(p2pPorts[name]), host, '127.0.0.1', '--network', 'lan']
    serving.set(name, await serve(folder, ports))
    return JSON.parse(await readFile(join(folder, 'api.json'), 'utf8')).url
  }

  test.each(['harbour', 'millbrook'] as const)('%s', { timeout: 240_000 }, async (killed) => {
    // A bank comes back where its neighbour knows it.
    p2pPorts = { harbour: await freePort(), millbrook: await freePort() }
    const at = (port: number) => ({
      p2p: { listen: [`/ip4/127.0.0.1/tcp/${port}`], announce: [], network: 'lan' as const },
    })
    const [harbour, millbrook] = await Promise.all([
      openWebBank('Harbour', at(p2pPorts.harbour)),
      openWebBank('Millbrook', at(p2pPorts.millbrook)),
    ])
    banks.push(harbour, millbrook)
    await openLine(harbour, millbrook)
    const ada = done(await addMember(harbour.node, harbour.people, { name: 'Ada Marsh', kind: 'member' }))
    const bo = done(await addMember(millbrook.node, millbrook.people, { name: 'Bo Lind', kind: 'member' }))
    const cookies = [
      await cookiesOf(harbour, 'member', ada.name),
      await cookiesOf(millbrook, 'member', bo.name),
    ]
    await harbour.close()
    await millbrook.close()
    const folders = { harbour: harbour.folder, millbrook: millbrook.folder }
    const urls = {
      harbour: await start('harbour', folders.harbour),
      millbrook: await start('millbrook', folders.millbrook),
    }
    const [hers, his] = [await pageFor(browser(), look), await pageFor(browser(), look)]
    pages.push(hers, his)
    /** Ports change with each start, and cookies are kept by host. */
    const cookie = (page: Page, which: 0 | 1): Promise<void> =>
      page
        .context()
        .addCookies(
          Object.entries(cookies[which] ?? {}).map(([name, value]) => ({ name, value, url: urls.harbour })),
        )
    await cookie(hers, 0)
    await cookie(his, 1)
    for (const moment of MOMENTS_MS) {
      await his.goto(`${urls.millbrook}/codes/new`)
      await his.fill('#minutes', '30')
      await follow(his.locator('main button.govuk-button').first())
      const code = his.url().slice(-8)
      await hers.goto(`${urls.harbour}/collect`)
      await hers.fill('#code', code)
      await hers.getByLabel('Millbrook', { exact: true }).check()
      await openCheck(hers)
      const check = new URL(hers.url()).pathname
      const fields = await formOf(hers)
      const pressed = hers
        .locator('button[name=yes]')
        .click({ noWaitAfter: true })
        .catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, moment))
      await serving.get(killed)?.stop('SIGKILL')
      await pressed
      urls[killed] = await start(killed, folders[killed])
      // Nobody knows what became of it; pressing again never counts twice.
      await pressAgain(hers, { url: urls.harbour, check, fields })
      await expect.poll(() => reloaded(hers), { timeout: LONGEST_MS }).toBe(say('crossing.paid.title'))
      await his.goto(`${urls.millbrook}/codes/${code}`)
      await expect.poll(() => reloaded(his), { timeout: LONGEST_MS }).toBe(say('own_code.used.title'))
      expect(await his.locator('.ch-card').count()).toBe(1)
      expect(await his.locator('.ch-phrase').first().textContent()).toBe(
        await hers.locator('.ch-phrase').first().textContent(),
      )
    }
    const zips: string[] = []
    for (const name of ['harbour', 'millbrook'] as const) {
      zips.push(join(folders[name], 'export.zip'))
      const args = ['export', 'all', '-o', join(folders[name], 'export.zip'), '--dir', folders[name]]
      expect((await commonhour(args)).code).toBe(0)
    }
    const report = await auditPaths(zips, { independent: 'no' })
    expect([report.verdict, report.findings]).toEqual(['pass', []])
    expect(await hoursOf(hers, urls.harbour)).toBe(MOMENTS_MS.length)
  })
})

/** A neighbour that has just started may not be found yet. */
async function openCheck(page: Page): Promise<void> {
  await follow(page.locator('main button.govuk-button').first())
  await expect
    .poll(
      async () => {
        if ((await heading(page)) !== say('collect.check.title')) await page.goto(page.url())
        return heading(page)
      },
      { timeout: LONGEST_MS },
    )
    .toBe(say('collect.check.title'))
}

async function formOf(page: Page): Promise<Record<string, string>> {
  return {
    nonce: await page.inputValue('input[name=nonce]'),
    shown: await page.inputValue('input[name=shown]'),
  }
}

/** The same form once more, as the back button and another press would send it. */
async function pressAgain(
  page: Page,
  { url, check, fields }: { url: string; check: string; fields: Record<string, string> },
): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.goto(`${url}/me`)
        await page.evaluate(postForm, { path: check, fields: { ...fields, yes: 'yes' } })
        await page.waitForURL((now) => now.pathname !== '/me')
        return new URL(page.url()).pathname
      },
      { timeout: LONGEST_MS, interval: 500 },
    )
    .toMatch(/^\/crossings\//)
}

async function reloaded(page: Page): Promise<string | null> {
  await page.reload()
  return heading(page)
}

async function hoursOf(page: Page, url: string): Promise<number> {
  await page.goto(`${url}/hours`)
  return page.locator('.ch-cards .ch-card').count()
}
