/**
 * Ada of Harbour reads that hours went to Bo of Millbrook, and it was another Bo: she says so. Both desks talk, Harbour's
 * reads out a code, Millbrook's types it while Harbour is away, and when it is back both pages say the same. Then the same by
 * telephone: Edna's desk says it for her, thinks again, and asks anew.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, pressTwice } from './journey.ts'
import { heading, press, sentence, unturned } from './member-walk.ts'
import { backAgain, between, type Pair, readCrossing } from './pair.ts'

const WHY = 'I rang you both. It was another Bo.'

/** One payment, as the four who read it come to it. */
interface Wrong {
  readonly id: string
  readonly phrase: string
}

describeInBrowser('[DESK-8] [DESK-13] [DESK-14] hours that moved between two banks were wrong', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await between(browser(), look, async (pair) => {
      const ada = await pair.device(pair.harbour, 'Ada Marsh')
      const bo = await pair.device(pair.millbrook, 'Bo Lind')
      const harbour = await pair.desk(pair.harbour)
      const millbrook = await pair.desk(pair.millbrook)
      const first = await sends(pair, ada)
      await saysWrong(pair, ada, first)
      const code = await asksBack(pair, harbour, first)
      await givesBack(pair, { millbrook, bo }, first, code)
      await readsTheSame(pair, { ada, bo, harbour, millbrook }, first)
      const second = await sends(pair, ada)
      await thinksAgain(pair, { harbour, millbrook }, second)
    })
  })
})

async function sends(pair: Pair, ada: Page): Promise<Wrong> {
  const { harbour, bo } = pair
  await ada.goto(`${harbour.url}/record/neighbour`)
  if ((await ada.locator('#known_far').count()) > 0) await ada.getByLabel(pair.say('across.other')).check()
  await ada.fill('#number', bo.number)
  await ada.fill('#hours', '2')
  await ada.fill('#note', 'carried the piano')
  await press(ada)
  await follow(ada.locator('button[name=save]'))
  await readCrossing(pair, ada, 'crossing.paid.title')
  const id = /\/crossings\/([0-9a-f]{64})$/.exec(ada.url())?.[1] ?? ''
  const phrase = receiptPhrase(Buffer.from(id, 'hex'))
  expect(await ada.locator('.ch-phrase').first().textContent()).toBe(phrase)
  return { id, phrase }
}

/** She says what is wrong; a second try, and what others try, leads to nothing. */
async function saysWrong(pair: Pair, ada: Page, { id }: Wrong): Promise<void> {
  const { say, harbour } = pair
  const words = 'It was the other Bo, <b>not</b> this one.'
  await follow(ada.locator('main a[href$="/wrong"]'))
  expect(await ada.locator('main').textContent()).toContain(say('wrong.across', { bank: 'Millbrook' }))
  await ada.fill('#words', words)
  await press(ada)
  expect(await ada.locator('#what-error').textContent()).toContain(say('wrong.missing'))
  expect(await ada.inputValue('#words')).toBe(words)
  await ada.getByLabel(say('wrong.what.not_me')).check()
  await pressTwice(ada, 'main button.govuk-button', new RegExp(`/crossings/${id}$`))
  expect(await inset(ada)).toContain(unturned(say('case.open')))
  expect(await inset(ada)).toContain(unturned(say('case.open.across', { bank: 'Millbrook' })))
  expect(await ada.locator('main a[href$="/wrong"]').count()).toBe(0)
  await ada.goto(`${harbour.url}/crossings/${id}/wrong`)
  expect(new URL(ada.url()).pathname).toBe(`/crossings/${id}`)
}

/** Harbour's desk finds it on its list, asks for the hours, and reads the code out. */
async function asksBack(pair: Pair, desk: Page, { id, phrase }: Wrong): Promise<string> {
  const { say, harbour } = pair
  await desk.goto(`${harbour.url}/desk`)
  expect(await desk.locator('.ch-card h3').first().textContent()).toBe(
    say('today.case.title', { name: 'Ada Marsh' }),
  )
  await follow(desk.locator(`main a[href="/desk/crossings/${id}/case"]`))
  const read = unturned((await desk.locator('main dl').textContent()) ?? '')
  expect(read).toContain('It was the other Bo, <b>not</b> this one.')
  expect(read).toContain(unturned(say('party.at', { name: 'Bo L.', bank: 'Millbrook' })))
  expect(read).toContain(phrase)
  await desk.fill('#answer', WHY)
  await pressTwice(desk, 'button[name=ask]', /\/case$/)
  expect(await desk.locator('main').textContent()).toContain(say('put_right.asked', { bank: 'Millbrook' }))
  return ((await desk.locator('.ch-code').textContent()) ?? '').trim()
}

/** Millbrook's desk types the code; Harbour falls silent before the yes. */
async function givesBack(
  pair: Pair,
  { millbrook: desk, bo }: { millbrook: Page; bo: Page },
  { id, phrase }: Wrong,
  code: string,
): Promise<void> {
  const { say, millbrook } = pair
  await desk.goto(`${millbrook.url}/desk/crossings/${id}`)
  await follow(desk.locator('main a[href$="/back"]'))
  await desk.fill('#code', '2222-2222')
  await press(desk)
  expect(await desk.locator('#code-error').count()).toBe(1)
  expect(await desk.inputValue('#code')).toBe('2222-2222')
  await desk.fill('#code', code)
  await press(desk)
  expect(await heading(desk)).toBe(say('give_back.check.title'))
  expect(unturned(await sentence(desk))).toContain(
    unturned(say('party.at', { name: 'Ada M.', bank: 'Harbour' })),
  )
  const why = unturned((await desk.locator('main dl').textContent()) ?? '')
  expect(why).toContain(phrase)
  expect(why).toContain(WHY)
  await pair.harbour.close()
  await expect.poll(() => isConnected(pair), { timeout: 30_000 }).toBe(false)
  await pressTwice(desk, 'button[name=save]', /\/desk\/crossings\//)
  await readCrossing(pair, desk, 'crossing.sent.title')
  expect(new URL(desk.url()).pathname).not.toContain(id)
  // Not struck through before it has arrived.
  await bo.goto(`${millbrook.url}/crossings/${id}`)
  expect(await heading(bo)).toBe(say('crossing.credited.title'))
  expect(await inset(bo)).toContain(unturned(say('case.on_its_way', { bank: 'Harbour' })))
  expect(await bo.locator('.ch-struck').count()).toBe(0)
  await desk.goto(`${millbrook.url}/desk/crossings/${id}/case`)
  expect(await desk.locator('main button').count()).toBe(0)
  await desk.goto(`${millbrook.url}/desk/crossings/${id}/back`)
  expect(new URL(desk.url()).pathname).not.toContain(id)
  pair.harbour = await backAgain(pair.harbour)
}

/** Everybody reads the same of the old one and of what put it right, and nobody has hours left of it. */
async function readsTheSame(
  pair: Pair,
  { ada, bo, harbour, millbrook }: Readonly<Record<'ada' | 'bo' | 'harbour' | 'millbrook', Page>>,
  { id, phrase }: Wrong,
): Promise<void> {
  const { say } = pair
  const read = [
    { page: ada, bank: pair.harbour, below: '/crossings' },
    { page: bo, bank: pair.millbrook, below: '/crossings' },
    { page: harbour, bank: pair.harbour, below: '/desk/crossings' },
    { page: millbrook, bank: pair.millbrook, below: '/desk/crossings' },
  ]
  const said = new Set<string>()
  for (const { page, bank, below } of read) {
    await page.goto(`${bank.url}${below}/${id}`)
    expect((await readCrossing(pair, page, 'crossing.changed.title')).phrase).toBe(phrase)
    expect(await page.locator('.ch-sentence.ch-struck').count()).toBe(1)
    const text = await inset(page)
    expect(text).toContain(unturned(say('case.corrected')))
    expect(text).toContain(WHY)
    said.add(text)
    await follow(page.locator('.govuk-inset-text a'))
    const back = /([0-9a-f]{64})$/.exec(page.url())?.[1] ?? ''
    expect(back).not.toBe(id)
    expect(await page.locator('.ch-sentence.ch-struck').count()).toBe(0)
    said.add(back)
    await follow(page.locator(`main dl a[href="${below}/${id}"]`))
    expect(new URL(page.url()).pathname).toBe(`${below}/${id}`)
  }
  expect(said.size).toBe(2)
  for (const { page, bank, below } of read.slice(0, 2)) {
    await page.goto(`${bank.url}/hours`)
    expect(await page.locator('.ch-cards .ch-struck').count()).toBe(1)
    await follow(page.locator(`main a[href="${below}/${id}"]`))
    expect(await heading(page)).toBe(say('crossing.changed.title'))
  }
  for (const { page, bank } of read.slice(2)) {
    await page.goto(`${bank.url}/desk`)
    expect(await page.locator('main a[href$="/case"]').count()).toBe(0)
  }
}

/** Edna rings Harbour's desk; it takes the code back, ends the case, and opens another one that goes through. */
async function thinksAgain(
  pair: Pair,
  { harbour: desk, millbrook: theirs }: { harbour: Page; millbrook: Page },
  { id }: Wrong,
): Promise<void> {
  const { say, harbour, millbrook } = pair
  const begins = async (): Promise<void> => {
    await desk.goto(`${harbour.url}/desk/crossings/${id}`)
    await follow(desk.locator('main a[href$="/wrong"]'))
    await desk.getByLabel(say('wrong.what.length')).check()
    await press(desk)
    expect(await heading(desk)).toBe(say('case.title'))
  }
  const asks = async (): Promise<string> => {
    await follow(desk.locator('button[name=ask]'))
    return ((await desk.locator('.ch-code').textContent()) ?? '').trim()
  }
  await begins()
  const first = await asks()
  await follow(desk.locator('button[name=withdraw]'))
  expect(await desk.locator('main').textContent()).toContain(say('put_right.lapsed'))
  await theirs.goto(`${millbrook.url}/desk/crossings/${id}/back`)
  await theirs.fill('#code', first)
  await press(theirs)
  expect(await theirs.locator('#code-error').count()).toBe(1)
  await desk.fill('#answer', 'It was right after all.')
  await follow(desk.locator('button[name=stands]'))
  expect(await desk.locator('main button').count()).toBe(0)
  await begins()
  const second = await asks()
  await theirs.fill('#code', second)
  await press(theirs)
  await follow(theirs.locator('button[name=save]'))
  await readCrossing(pair, theirs, 'crossing.paid.title')
  await desk.goto(`${harbour.url}/desk/crossings/${id}`)
  await readCrossing(pair, desk, 'crossing.changed.title')
}

function isConnected({ harbour, millbrook }: Pair): boolean {
  return millbrook.node.contacts.link(harbour.node.bank)?.connected ?? false
}

/** What the page says about the case, blanks joined and without the signs that turn a piece of text around. */
async function inset(page: Page): Promise<string> {
  const texts = await page.locator('.govuk-inset-text p').allTextContents()
  return unturned(texts.map((text) => text.trim()).join(' '))
}
