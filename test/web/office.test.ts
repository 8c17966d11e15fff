/** How does a second coordinator come in, and one who has lost everything? By a link of a colleague, and by nobody else's. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { listCoordinators } from '../../src/register/office.ts'
import { end, StandingClock } from '../http/served.ts'
import { Browser, type DeskBank, deskBank, PASSWORD, type Seen } from './served-pages.ts'

const PATH = '/run/coordinators'
const SAM = 'four quiet words here'
const NEW = 'another five words of Sam'

let bank: DeskBank
let clock: StandingClock
beforeEach(async () => {
  clock = new StandingClock()
  bank = await deskBank('Harbour', { clock })
})
afterEach(() => end(bank))

const names = async (): Promise<string[]> =>
  (await listCoordinators(bank.node, bank.people))
    .filter(({ state }) => state === 'in_office')
    .map(({ name }) => name)

/** Where the link leads that this page shows. */
function linkIn({ html }: Pick<Seen, 'html'>): string {
  const [, path] = /http:\/\/127\.0\.0\.1:\d+(\/setup\/[\w-]+)/.exec(html) ?? []
  expect(path).toBeDefined()
  return path ?? ''
}

const addSam = (): Promise<Seen> => bank.desk.fill(PATH, { name: 'Sam Okafor', number: '', own: PASSWORD })

const pathOfSam = async (): Promise<string> => {
  const sam = (await listCoordinators(bank.node, bank.people)).find(({ name }) => name === 'Sam Okafor')
  return `${PATH}/${toHex(sam?.actor ?? new Uint8Array())}`
}

/** Somebody opens the link on a device of their own and chooses a password. */
async function chooses(link: string, password: string): Promise<{ browser: Browser; seen: Seen }> {
  const browser = new Browser(bank.url)
  await browser.get(link)
  return { browser, seen: await browser.post(link, { password, again: password }) }
}

const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/desk')).status === 200

async function comesIn(password: string): Promise<Browser> {
  const browser = new Browser(bank.url)
  expect((await browser.post('/sign-in/desk', { name: 'Sam Okafor', password })).to).toBe('/desk')
  return browser
}

describe('[SIGN-16] somebody new at the desk', () => {
  test('is added with the own password of a colleague, opens the link, and works', async () => {
    const { desk } = bank
    expect((await desk.get('/run/bank')).html).toContain(`href="${PATH}"`)
    const made = await addSam()
    expect([made.status, made.text]).toEqual([
      200,
      expect.stringContaining('Give this link to Sam Okafor alone'),
    ])
    const listed = await desk.get(PATH)
    expect(listed.text).toMatch(/Priya Has a password\..*Sam Okafor Has no password yet\./)
    const link = linkIn(made)
    const browser = new Browser(bank.url)
    const opened = await browser.get(link)
    expect(opened.text).toContain('Welcome, Sam Okafor')
    expect(opened.text).toContain('You work at the desk of Harbour Time Bank now.')
    expect(opened.text).not.toContain('Telephone number of the desk')
    const codes = await browser.post(link, { password: SAM, again: SAM })
    expect(codes.text.match(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g)).toHaveLength(LIMITS.recoveryCodes)
    expect((await browser.get('/desk')).html).toContain('Sam Okafor, coordinator')
    expect((await new Browser(bank.url).get(link)).status).toBe(404)
    expect((await browser.get(PATH)).text).toMatch(/Sam Okafor Has a password\./)
    const acts = (await desk.get('/desk/acts')).text
    expect(acts).toContain('Let a coordinator in again')
    expect(acts).toContain('Made somebody a coordinator')
  })

  test.each([
    ['no password', { own: '' }, 'Type your own password'],
    ['the wrong password', { own: 'not my password' }, 'That is not your password now'],
    ['no name', { name: '' }, 'Type the name of whoever is to work at the desk'],
    ['a name that is taken', { name: 'priya' }, 'Somebody of this name works at the desk already'],
    ['a number of nobody', { number: 'HB-0000-A' }, 'slip in it'],
  ])('not with %s: nothing is added, and what was typed stays', async (_, wrong, said) => {
    const seen = await bank.desk.fill(PATH, { name: 'Sam Okafor', number: '', own: PASSWORD, ...wrong })
    expect([seen.status, seen.text]).toEqual([422, expect.stringContaining(said)])
    expect(seen.html).not.toContain('/setup/')
    expect(seen.html).not.toContain(PASSWORD)
    if (!('name' in wrong)) expect(seen.html).toContain('value="Sam Okafor"')
    expect(await names()).toEqual(['Priya'])
  })
})

describe('[SIGN-16] a colleague who has lost everything', () => {
  test('gets a link; the old password and device end when it is used, and not before', async () => {
    await chooses(linkIn(await addSam()), SAM)
    const old = await comesIn(SAM)
    const shown = await bank.desk.get(await pathOfSam())
    expect(shown.text).toContain(
      'The old password, the old recovery codes and other devices end when it is used.',
    )
    const first = linkIn(await bank.desk.fill(await pathOfSam(), { own: PASSWORD, act: 'link' }))
    const link = linkIn(await bank.desk.fill(await pathOfSam(), { own: PASSWORD, act: 'link' }))
    expect(await isIn(old)).toBe(true)
    // The newer link has ended the older one.
    expect((await new Browser(bank.url).get(first)).status).toBe(404)
    expect((await new Browser(bank.url).get(link)).text).toContain('Choose a new password, Sam Okafor')
    const { browser } = await chooses(link, NEW)
    expect([await isIn(browser), await isIn(old)]).toEqual([true, false])
    expect(
      (await new Browser(bank.url).post('/sign-in/desk', { name: 'Sam Okafor', password: SAM })).status,
    ).toBe(422)
    await comesIn(NEW)
  })

  test('finds a link over after half an hour', async () => {
    const link = linkIn(await addSam())
    clock.offset += LIMITS.coordinatorLinkSeconds + 1
    expect((await new Browser(bank.url).get(link)).text).toContain('This link is used up')
  })

  test('not by a wrong password, which counts as at the door', async () => {
    await addSam()
    const path = await pathOfSam()
    for (let i = 0; i < LIMITS.guesses; i++) {
      const seen = await bank.desk.post(path, { own: `wrong ${i}`, act: 'link' })
      expect([seen.status, seen.html.includes('/setup/')]).toEqual([422, false])
    }
    const late = await bank.desk.post(path, { own: PASSWORD, act: 'link' })
    expect(late.text).toContain('There were too many wrong tries')
    expect((await bank.desk.post(path, { own: PASSWORD, act: 'remove' })).status).toBe(422)
    expect(await names()).toEqual(['Priya', 'Sam Okafor'])
  })
})

describe('[SIGN-16] the end of an office', () => {
  test('signs out everywhere at once, and the link and the door are shut', async () => {
    await chooses(linkIn(await addSam()), SAM)
    const sam = await comesIn(SAM)
    const path = await pathOfSam()
    const link = linkIn(await bank.desk.fill(path, { own: PASSWORD, act: 'link' }))
    expect((await bank.desk.post(path, { own: PASSWORD, act: 'remove' })).to).toBe(PATH)
    expect(await isIn(sam)).toBe(false)
    expect((await new Browser(bank.url).get(link)).status).toBe(404)
    expect(
      (await new Browser(bank.url).post('/sign-in/desk', { name: 'Sam Okafor', password: SAM })).status,
    ).toBe(422)
    expect((await bank.desk.post(path, { own: PASSWORD, act: 'link' })).status).toBe(404)
    expect(await names()).toEqual(['Priya'])
  })

  test('nobody ends their own here, nor makes a link for themselves', async () => {
    const [priya] = await listCoordinators(bank.node, bank.people)
    const own = `${PATH}/${toHex(priya?.actor ?? new Uint8Array())}`
    expect((await bank.desk.get(own)).status).toBe(404)
    expect((await bank.desk.post(own, { own: PASSWORD, act: 'remove' })).status).toBe(404)
    expect((await bank.desk.get(PATH)).html).toContain('href="/desk/me"')
    expect(await names()).toEqual(['Priya'])
  })
})
