/**
 * Bo helped Ada, each with a telephone and a bank of their own: a code is shown and scanned, three presses, and both read the
 * same receipt. Then every other way a code goes: typed, with the length left open, on a wall, inside one bank, late, twice.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addMember } from '../../src/register/people.ts'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, type Look, pressTwice } from './journey.ts'
import { Keys } from './keys.ts'
import { heading, press, sentence, unturned } from './member-walk.ts'
import { between, type Pair, readCrossing } from './pair.ts'
import { done, type WebBank } from './town.ts'

describeInBrowser('[EX-17] [EX-20] Ada was helped by Bo of the neighbouring bank', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await between(browser(), look, async (pair) => {
      const ada = await pair.device(pair.harbour, 'Ada Marsh')
      const bo = await pair.device(pair.millbrook, 'Bo Lind')
      await scanned(pair, { ada, bo })
      await typedAndOpen(pair, { ada, bo })
      await saidNo(pair, { ada, bo })
      await takenBack(pair, { ada, bo })
      await onAWall(pair, ada)
      await insideOneBank(pair, bo)
    })
  })
})

describeInBrowser('[A11Y-1] the same by keyboard alone', (browser) => {
  test('a code is typed, the length is said, and yes is pressed', async () => {
    const look = LOOKS.find(({ name }) => name === 'without script, on a desk, in en') as Look
    await between(browser(), look, async (pair) => {
      const { harbour, millbrook, say } = pair
      const [ada, bo] = [await pair.device(harbour, 'Ada Marsh'), await pair.device(millbrook, 'Bo Lind')]
      await bo.goto(`${millbrook.url}/me`)
      const his = new Keys(bo)
      await his.tabTo(/^a .*href="\/helped"/)
      await his.follow('Enter')
      await his.tabTo(/^a .*href="\/codes\/new"/)
      await his.follow('Enter')
      await his.tabTo(/^input note$/)
      await his.type('gardening')
      await his.follow('Enter')
      expect(await heading(bo)).toBe(say('own_code.title'))
      const code = (await bo.locator('.ch-code').textContent()) ?? ''
      await ada.goto(`${harbour.url}/me`)
      const hers = new Keys(ada)
      await hers.tabTo(/^a .*href="\/collect"/)
      await hers.follow('Enter')
      await hers.tabTo(/^input code$/)
      await hers.type(code)
      await hers.tabTo(/^input bank$/)
      await hers.press('ArrowDown')
      await hers.follow('Enter')
      await hers.tabTo(/^input minutes$/)
      await hers.type('40')
      await hers.tabTo(/^button yes$/)
      await hers.follow('Space')
      await readCrossing(pair, ada, 'crossing.paid.title')
    })
  })
})

interface Both {
  readonly ada: Page
  readonly bo: Page
}

async function reloaded<T>(page: Page, look: (page: Page) => Promise<T>): Promise<T> {
  await page.reload()
  return look(page)
}

/** Shows a code; gives the link under it. */
async function showCode(
  { say }: Pair,
  page: Page,
  bank: WebBank,
  help: { hours?: string; minutes?: string; note?: string },
): Promise<string> {
  await page.goto(`${bank.url}/helped`)
  await follow(page.locator('main a[href="/codes/new"]'))
  await page.fill('#hours', help.hours ?? '')
  await page.fill('#minutes', help.minutes ?? '')
  await page.fill('#note', help.note ?? '')
  await pressTwice(page, 'main button.govuk-button', /\/codes\/[2-9A-Z]{8}$/)
  expect(await heading(page)).toBe(say('own_code.title'))
  expect(await page.locator('svg.ch-qr path').getAttribute('d')).toMatch(/^M\d+ \d+h1v1h-1z/)
  return (await page.locator('.ch-link').textContent()) ?? ''
}

async function scanned(pair: Pair, { ada, bo }: Both): Promise<void> {
  const { say, speech, harbour, millbrook } = pair
  const link = await showCode(pair, bo, millbrook, { hours: '1', minutes: '30', note: 'gardening' })
  expect(link).toMatch(new RegExp(`^${millbrook.url}/r/[2-9A-Z]{8}$`))
  await ada.goto(link)
  // A stranger at this bank: it names the bank and the length, and nobody.
  expect(await heading(ada)).toBe(say('opened.title', { bank: 'Millbrook' }))
  expect(await ada.locator('main').textContent()).toContain(say('opened.lead', { length: speech.hours(90) }))
  expect(await ada.content()).not.toMatch(/Bo L/)
  await follow(ada.getByRole('link', { name: 'Harbour', exact: true }))
  expect(ada.url()).toContain(`${harbour.url}/collect/`)
  expect(await heading(ada)).toBe(say('collect.check.title'))
  const helper = say('party.at', { name: 'Bo L.', bank: 'Millbrook' })
  const facts = { helper, length: speech.hours(90), words: 'gardening', said: 'yes' }
  expect(unturned(await sentence(ada))).toBe(unturned(say('collect.sentence', facts)))
  const size = harbour.node.head.size
  await pressTwice(ada, 'button[name=yes]', /\/crossings\//)
  const hers = await readCrossing(pair, ada, 'crossing.paid.title')
  // One hold, one commit and one receipt, however often it was pressed.
  expect(harbour.node.head.size).toBeLessThanOrEqual(size + 5)
  expect(unturned(hers.sentence ?? '')).toContain('Ada Marsh')
  await expect.poll(() => reloaded(bo, heading), { timeout: 30_000 }).toBe(say('own_code.used.title'))
  expect(await bo.locator('.ch-phrase').first().textContent()).toBe(hers.phrase)
  await follow(bo.locator('.ch-card a'))
  const his = await readCrossing(pair, bo, 'crossing.credited.title')
  expect(his.phrase).toBe(hers.phrase)
  expect(unturned(his.sentence ?? '')).toContain('gardening')
  // The same code again leads to the same record, and a stranger reads that it is over.
  await ada.goBack()
  await ada.goto(link)
  expect(await ada.locator('main').textContent()).toContain(say('refusal.request_used'))
  for (const page of [ada, bo]) {
    const bank = page === ada ? harbour : millbrook
    await page.goto(`${bank.url}/hours`)
    await follow(page.locator('.ch-cards a').first())
    expect(await page.locator('.ch-phrase').first().textContent()).toBe(hers.phrase)
  }
}

async function typeCode(
  { say }: Pair,
  page: Page,
  bank: WebBank,
  typed: string,
  from: string,
): Promise<void> {
  await page.goto(`${bank.url}/me`)
  await follow(page.locator('main a[href="/collect"]'))
  await press(page)
  expect(await page.locator('#code-error').textContent()).toContain(say('collect.code.missing'))
  await page.fill('#code', typed)
  await page.getByLabel(from, { exact: true }).check()
  await press(page)
}

async function typedAndOpen(pair: Pair, { ada, bo }: Both): Promise<void> {
  const { say, speech, harbour, millbrook } = pair
  const link = await showCode(pair, bo, millbrook, {})
  const code = link.slice(-8)
  await typeCode(pair, ada, harbour, `${code.slice(0, 4)} - ${code.slice(4).toLowerCase()}`, 'Millbrook')
  await follow(ada.locator('button[name=yes]'))
  expect(await ada.locator('#hours-error').textContent()).toContain(say('help.length.missing'))
  await ada.fill('#minutes', '45')
  await follow(ada.locator('button[name=yes]'))
  await readCrossing(pair, ada, 'crossing.paid.title')
  expect(unturned((await sentence(ada)) ?? '')).toContain(unturned(speech.hours(45)))
}

async function saidNo(pair: Pair, { ada, bo }: Both): Promise<void> {
  const { say, harbour, millbrook } = pair
  const link = await showCode(pair, bo, millbrook, { hours: '2' })
  await typeCode(pair, ada, harbour, link.slice(-8), 'Millbrook')
  const sizes = [harbour.node.head.size, millbrook.node.head.size]
  await follow(ada.locator('button[name=no]'))
  expect(await heading(ada)).toBe(say('collect.said_no.title'))
  expect([harbour.node.head.size, millbrook.node.head.size]).toEqual(sizes)
}

async function takenBack(pair: Pair, { ada, bo }: Both): Promise<void> {
  const { say, harbour, millbrook } = pair
  const link = await showCode(pair, bo, millbrook, { hours: '3' })
  await follow(bo.locator('button[name=withdraw]'))
  expect(await heading(bo)).toBe(say('own_code.withdrawn.title'))
  await typeCode(pair, ada, harbour, link.slice(-8), 'Millbrook')
  expect(await heading(ada)).toBe(say('collect.failed.title'))
  expect(await ada.locator('main').textContent()).toContain(say('refusal.request_withdrawn'))
}

/** The desk of Millbrook hangs up a code for a workshop; Ada uses it twice, for it happened twice. */
async function onAWall(pair: Pair, ada: Page): Promise<void> {
  const { say, harbour, millbrook, bo } = pair
  const desk = await pair.desk(millbrook)
  await desk.goto(`${millbrook.url}/desk/people/${bo.number}`)
  await follow(desk.locator(`main a[href$="/request"]`))
  await desk.getByLabel(say('desk_code.kind.wall')).check()
  await press(desk)
  expect(await desk.locator('#hours-error').textContent()).toContain(say('desk_code.length.wall'))
  await desk.fill('#minutes', '30')
  await desk.fill('#days', '7')
  await press(desk)
  const link = (await desk.locator('.ch-link').textContent()) ?? ''
  for (let times = 0; times < 2; times++) {
    await typeCode(pair, ada, harbour, link.slice(-8), 'Millbrook')
    await follow(ada.locator('button[name=yes]'))
    await readCrossing(pair, ada, 'crossing.paid.title')
  }
  await expect
    .poll(() => reloaded(desk, (page) => page.locator('.ch-card').count()), { timeout: 30_000 })
    .toBe(2)
}

async function insideOneBank(pair: Pair, bo: Page): Promise<void> {
  const { say, millbrook } = pair
  done(await addMember(millbrook.node, millbrook.people, { name: 'Cleo Ray', kind: 'member' }))
  const cleo = await pair.device(millbrook, 'Cleo Ray')
  const link = await showCode(pair, bo, millbrook, { hours: '1' })
  await cleo.goto(link)
  expect(await heading(cleo)).toBe(say('collect.check.title'))
  await follow(cleo.locator('button[name=yes]'))
  expect(await heading(cleo)).toBe(say('own_record.done'))
  const phrase = await cleo.locator('.ch-phrase').textContent()
  await bo.reload()
  expect(await bo.locator('.ch-phrase').first().textContent()).toBe(phrase)
}
