/**
 * Bo of Millbrook helped Ada, and Millbrook falls silent: she reads what is so, waits or cancels or sends it anyway, presses
 * again, and when it is back everything ends in one record or in none. Then the same by telephone, through both desks.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, pressTwice } from './journey.ts'
import { heading, press, sentence, unturned } from './member-walk.ts'
import { backAgain, between, type Pair, readCrossing } from './pair.ts'

describeInBrowser('[EX-17] [PAY-12] the neighbouring bank is away', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await between(browser(), look, async (pair) => {
      const ada = await pair.device(pair.harbour, 'Ada Marsh')
      await lookedUp(pair, ada)
      await waitsAndIsCancelled(pair, ada)
      await sentAnyway(pair, ada)
      await notAnswering(pair, ada)
    })
  })
})

describeInBrowser('[DESK-2] Edna rings, and whoever helped belongs to another bank', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await between(browser(), look, async (pair) => {
      const desk = await pair.desk(pair.harbour)
      await byNumber(pair, desk)
      await byCode(pair, desk)
    })
  })
})

/** Fills in that Bo helped, up to the sentence; the number is typed or Bo is chosen from those met before. */
async function tellOfBo(pair: Pair, ada: Page, how: { minutes: string; met?: boolean }): Promise<void> {
  const { harbour, bo, say } = pair
  await ada.goto(`${harbour.url}/record`)
  await follow(ada.locator('main a[href="/record/neighbour"]'))
  if (how.met === true) {
    await ada.getByLabel(say('party.at', { name: 'Bo L.', bank: 'Millbrook' })).check()
  } else {
    if ((await ada.locator('#known_far').count()) > 0) await ada.getByLabel(say('across.other')).check()
    await ada.fill('#number', bo.number)
  }
  await ada.fill('#minutes', how.minutes)
  await ada.fill('#note', 'the roof')
  await press(ada)
}

/** The bank is there: its name for the number, then done at once. */
async function lookedUp(pair: Pair, ada: Page): Promise<void> {
  const { say, harbour } = pair
  await ada.goto(`${harbour.url}/record/neighbour`)
  await press(ada)
  expect(await ada.locator('#number-error').textContent()).toContain(say('across.number.missing'))
  await ada.fill('#number', 'M-9999')
  await ada.fill('#minutes', '10')
  await press(ada)
  expect(unturned((await ada.locator('#number-error').textContent()) ?? '')).toContain(
    unturned(say('across.unknown', { bank: 'Millbrook', typed: 'M-9999' })),
  )
  await tellOfBo(pair, ada, { minutes: '20' })
  expect(await heading(ada)).toBe(say('tell.check.title'))
  expect(unturned(await sentence(ada))).toContain(
    unturned(say('party.at', { name: 'Bo L.', bank: 'Millbrook' })),
  )
  await pressTwice(ada, 'button[name=save]', /\/crossings\//)
  const hers = await readCrossing(pair, ada, 'crossing.paid.title')
  expect(unturned(hers.sentence ?? '')).toContain(
    unturned(say('party.at', { name: 'Bo L.', bank: 'Millbrook' })),
  )
}

/** The bank falls silent between the sentence and the press. */
async function waitsAndIsCancelled(pair: Pair, ada: Page): Promise<void> {
  const { say, speech, harbour } = pair
  await tellOfBo(pair, ada, { minutes: '30' })
  await pair.millbrook.close()
  await expect.poll(() => isConnected(pair), { timeout: 30_000 }).toBe(false)
  await pressTwice(ada, 'button[name=save]', /\/crossings\//)
  await readCrossing(pair, ada, 'crossing.held.title', { bank: 'Millbrook' })
  const said = await ada.locator('main').textContent()
  expect(said).toContain(say('crossing.held.text', { length: speech.hours(30) }))
  expect(said).toContain(say('crossing.held.away', { bank: 'Millbrook' }))
  const first = ada.url()
  await follow(ada.locator('button[name=wait]'))
  await readCrossing(pair, ada, 'crossing.held.title', { bank: 'Millbrook' })
  // Whoever goes back to the old one is led to what took its place.
  const second = ada.url()
  expect(second).not.toBe(first)
  await ada.goto(first)
  expect(ada.url()).toBe(second)
  await follow(ada.locator('button[name=cancel]'))
  await readCrossing(pair, ada, 'crossing.cancelled.title')
  expect(harbour.node.head.size).toBeGreaterThan(0)
}

/** She sends it all the same; it ends when the other bank is back. */
async function sentAnyway(pair: Pair, ada: Page): Promise<void> {
  const { say } = pair
  // Whom she met before can be chosen while their bank is away.
  await tellOfBo(pair, ada, { minutes: '50', met: true })
  await follow(ada.locator('button[name=save]'))
  await readCrossing(pair, ada, 'crossing.held.title', { bank: 'Millbrook' })
  await follow(ada.locator('button[name=send]'))
  const hers = await readCrossing(pair, ada, 'crossing.sent.title')
  expect(await ada.locator('button[name=cancel]').count()).toBe(0)
  expect(await ada.locator('main').textContent()).toContain(say('crossing.sent.text', { bank: 'Millbrook' }))
  pair.millbrook = await backAgain(pair.millbrook)
  expect((await readCrossing(pair, ada, 'crossing.paid.title')).phrase).toBe(hers.phrase)
  const bo = await pair.device(pair.millbrook, 'Bo Lind')
  await bo.goto(`${pair.millbrook.url}/hours`)
  await follow(bo.locator('.ch-cards a').first())
  expect((await readCrossing(pair, bo, 'crossing.credited.title')).phrase).toBe(hers.phrase)
}

/** A number cannot be looked up at a bank that is away: nothing is recorded, and nothing typed is lost. */
async function notAnswering(pair: Pair, ada: Page): Promise<void> {
  const { say, harbour } = pair
  await pair.millbrook.close()
  await expect.poll(() => isConnected(pair), { timeout: 30_000 }).toBe(false)
  const size = harbour.node.head.size
  await tellOfBo(pair, ada, { minutes: '15' })
  expect(await ada.locator('.govuk-error-summary').textContent()).toContain(
    say('across.away', { bank: 'Millbrook' }),
  )
  expect(await ada.inputValue('#minutes')).toBe('15')
  expect(harbour.node.head.size).toBe(size)
  pair.millbrook = await backAgain(pair.millbrook)
}

function isConnected({ harbour, millbrook }: Pair): boolean {
  return harbour.node.contacts.link(millbrook.node.bank)?.connected ?? false
}

async function byNumber(pair: Pair, desk: Page): Promise<void> {
  const { say, speech, harbour, ada, bo } = pair
  await desk.goto(`${harbour.url}/desk/record`)
  await follow(desk.locator('main a[href="/desk/record/neighbour"]'))
  await press(desk)
  expect(await desk.locator('#helped-error').textContent()).toContain(say('record.helped.missing'))
  await desk.fill('#helped', 'ada')
  await desk.getByLabel('Millbrook').check()
  await desk.fill('#number', bo.number)
  await desk.fill('#hours', '2')
  await desk.getByLabel(say('record.known.voice')).check()
  await press(desk)
  expect(await heading(desk)).toBe(say('record.check.title'))
  expect(unturned(await sentence(desk))).toContain(
    unturned(say('party.at', { name: 'Bo L.', bank: 'Millbrook' })),
  )
  await pressTwice(desk, 'button[name=save]', /\/desk\/crossings\//)
  const read = await readCrossing(pair, desk, 'crossing.paid.title')
  expect(unturned(read.sentence ?? '')).toContain(unturned(speech.hours(120)))
  await desk.goto(`${harbour.url}/desk/people/${ada.number}`)
  await follow(desk.locator('main a[href^="/desk/crossings/"]').first())
  expect(await desk.locator('.ch-phrase').first().textContent()).toBe(read.phrase)
}

/** Millbrook's desk makes a code for Bo and reads it out; Harbour's types it for Ada. */
async function byCode(pair: Pair, desk: Page): Promise<void> {
  const { say, harbour, millbrook, bo } = pair
  const theirs = await pair.desk(millbrook)
  await theirs.goto(`${millbrook.url}/desk/people/${bo.number}/request`)
  await theirs.fill('#hours', '1')
  await theirs.fill('#note', 'shopping')
  await press(theirs)
  const code = (await theirs.locator('.ch-code').textContent()) ?? ''
  await desk.goto(`${harbour.url}/desk/record/neighbour`)
  await desk.fill('#helped', 'ada')
  await desk.getByLabel('Millbrook').check()
  await desk.fill('#code', code)
  await desk.fill('#hours', '3')
  await desk.getByLabel(say('record.known.here')).check()
  await press(desk)
  // The code asks for one hour.
  expect(await desk.locator('#hours-error').count()).toBe(1)
  await desk.fill('#hours', '')
  await press(desk)
  expect(unturned(await sentence(desk))).toContain('shopping')
  await follow(desk.locator('button[name=save]'))
  const read = await readCrossing(pair, desk, 'crossing.paid.title')
  await expect
    .poll(
      async () => {
        await theirs.reload()
        return theirs.locator('.ch-card .ch-phrase').textContent()
      },
      { timeout: 30_000 },
    )
    .toBe(read.phrase)
}
