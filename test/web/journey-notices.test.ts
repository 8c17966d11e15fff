/**
 * Bo at Millbrook asks for help, Ada at Harbour reads it and presses "I can", and the two desks bring them together; then
 * the same inside one bank, where somebody rings. Nobody is named on a noticeboard.
 */
import type { Browser, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { keepBankFacts, NO_FACTS } from '../../src/register/bank-facts.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { end, openLine, until } from '../http/served.ts'
import { describeInBrowser } from './browser.ts'
import { expectAudited, follow, LOOKS, type Look, pageFor, pressTwice, speechOf } from './journey.ts'
import { atDesk, comeIn, heading, press, type Walk } from './member-walk.ts'
import { done, openWebBank } from './town.ts'

interface Joining {
  readonly name: string
  readonly phone: string
}

interface Towns {
  readonly harbour: Walk
  readonly millbrook: Walk
}

describeInBrowser('[DIR-5] [DIR-9] [DIR-12] [DIR-13] an ask, from one bank to the next', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    const [harbour, millbrook] = await Promise.all([
      open(browser(), look, 'Harbour', '020 7946 0900', [
        { name: 'Ada Marsh', phone: '020 7946 0991' },
        { name: 'Edna Whitlock', phone: '020 7946 0993' },
      ]),
      open(browser(), look, 'Millbrook', '01632 960 960', [{ name: 'Bo Lind', phone: '01632 960 992' }]),
    ])
    try {
      await openLine(harbour.walk.bank, millbrook.walk.bank)
      await across({ harbour: harbour.walk, millbrook: millbrook.walk })
      await inside(harbour.walk)
      await expectAudited(harbour.walk.bank)
      await expectAudited(millbrook.walk.bank)
    } finally {
      await harbour.close()
      await millbrook.close()
    }
  })
})

async function across({ harbour, millbrook }: Towns): Promise<void> {
  const bo = await comeIn(millbrook, 'Bo Lind', '90817')
  const text = 'Somebody to hold the ladder on Saturday'
  const notice = await asks(millbrook, bo, text)
  const owen = await atDesk(millbrook)
  await looksAtIt(millbrook, owen, text)
  const ada = await comeIn(harbour, 'Ada Marsh', '2583')
  await adaCan({ harbour, millbrook }, ada, text)
  await until(() => harbour.bank.people.notices.sent()[0]?.state === 'heard')
  await harbourRings(harbour, text)
  await millbrookRings(millbrook, owen, { notice, text, bo })
}

/** A newcomer's: on the own board at once, outside when somebody has looked. Nothing typed is lost on the way. */
async function asks({ bank, say }: Walk, page: Page, text: string): Promise<string> {
  await page.goto(`${bank.url}/me`)
  expect(await page.locator('.ch-card h2').textContent()).toBe(say('own.near.none'))
  await follow(page.locator('.ch-card a[href="/ask"]'))
  await press(page)
  expect(await page.locator('#text-error').textContent()).toContain(say('notice.missing'))
  await page.fill('#text', `${text}, ring 01632 960 992`)
  await page.getByLabel(say('notice.reach.neighbours'), { exact: true }).check()
  await press(page)
  expect(await page.locator('#text-error').textContent()).toContain(say('refusal.notice_shows_contact'))
  expect(await page.inputValue('#text')).toBe(`${text}, ring 01632 960 992`)
  await page.fill('#text', text)
  await pressTwice(page, 'main form button', /\/notices\//)
  expect(await page.locator('.ch-sentence').textContent()).toBe(text)
  expect(bank.people.notices.standing()).toHaveLength(1)
  return page.url()
}

async function looksAtIt({ say }: Walk, desk: Page, text: string): Promise<void> {
  const card = desk.locator('.ch-card', { hasText: text })
  expect(await card.locator('h3').textContent()).toBe(say('today.notice_waits.title', { name: 'Bo Lind' }))
  await follow(card.locator('a'))
  await follow(desk.locator('button[name=out]'))
  expect(await desk.locator('button[name=out]').count()).toBe(0)
}

/** The first thing that Ada, who is new, sees at home; she need not know where to look. */
async function adaCan({ harbour, millbrook }: Towns, ada: Page, text: string): Promise<void> {
  const { bank, say } = harbour
  await until(async () => {
    await ada.goto(`${bank.url}/me`)
    return ada.locator('.ch-card', { hasText: text }).isVisible()
  })
  const card = ada.locator('.ch-card').first()
  expect(await card.locator('h2').textContent()).toBe(say('own.near'))
  expect(await card.textContent()).toContain(say('board.at', { bank: 'Millbrook' }))
  expect(await ada.content()).not.toContain('Lind')
  await ada.goto(`${bank.url}/board`)
  expect(await ada.locator('main').textContent()).toContain(say('board.named', { name: 'Ada M.' }))
  expect(await ada.content()).not.toContain('Lind')
  await pressTwice(ada, '.ch-card button', /\/board\?answered=elsewhere$/)
  expect(await ada.locator('.govuk-inset-text').textContent()).toBe(say('board.thanks.elsewhere'))
  expect(harbour.bank.people.notices.sent()).toHaveLength(1)
  await until(() => millbrook.bank.people.notices.unanswered().length === 1)
}

async function harbourRings(walk: Walk, text: string): Promise<void> {
  const { say } = walk
  const priya = await atDesk(walk)
  const title = say('sent.title.ask', { name: 'Ada Marsh', bank: 'Millbrook' })
  const card = priya.locator('.ch-card', { hasText: text })
  expect(await card.locator('h3').textContent()).toBe(title)
  await follow(card.locator('a'))
  expect(await heading(priya)).toBe(title)
  const telephones = await priya.locator('main a[href^="tel:"]').allTextContents()
  expect(telephones).toEqual(['020 7946 0991', '01632 960 960'])
  await press(priya)
  expect(await priya.locator('.ch-card', { hasText: text }).count()).toBe(0)
}

async function millbrookRings(
  { bank, say }: Walk,
  owen: Page,
  { notice, text, bo }: { notice: string; text: string; bo: Page },
): Promise<void> {
  const name = say('notice.name_at', { name: 'Ada M.', bank: 'Harbour' })
  await bo.goto(`${bank.url}/me`)
  expect(await bo.locator('.ch-card h2').allTextContents()).toContain(say('own.answered.ask', { name }))
  await owen.goto(`${bank.url}/desk`)
  const card = owen.locator('.ch-card', { hasText: text })
  expect(await card.locator('h3').textContent()).toBe(
    say('today.notice_answer.title.ask', { name, owner: 'Bo Lind' }),
  )
  await follow(card.locator('a'))
  const read = await owen.locator('main').textContent()
  expect(read).toContain('01632 960 992')
  expect(read).toContain(say('desk_notice.ring_desk', { bank: 'Harbour', name: 'Ada M.' }))
  expect(await owen.locator('.ch-card a[href^="tel:"]').textContent()).toBe('020 7946 0900')
  expect(read).not.toContain('Marsh')
  await follow(owen.locator('.ch-card button'))
  await owen.goto(`${bank.url}/desk`)
  expect(await owen.locator('.ch-card', { hasText: text }).count()).toBe(0)
  await bo.goto(notice)
  expect(await bo.locator('main').textContent()).not.toContain(say('notice.answer.waits', { name }))
  await follow(bo.locator('button[name=down]'))
  expect(await bo.locator('main button').count()).toBe(0)
}

/** Edna, who has no computer, rings and offers something; Ada would like it, and the desk has both numbers. */
async function inside(walk: Walk): Promise<void> {
  const { bank, say } = walk
  const priya = await atDesk(walk)
  const text = 'I can ring someone for a chat'
  await priya.goto(`${bank.url}/desk/notices/new`)
  await press(priya)
  expect(await priya.locator('.govuk-error-summary__list li').count()).toBe(3)
  await priya.fill('#who', 'edna')
  await priya.getByLabel(say('desk_notice.kind.offer'), { exact: true }).check()
  await priya.fill('#text', text)
  await press(priya)
  expect(await heading(priya)).toBe(say('desk_notice.title.offer', { name: 'Edna Whitlock' }))
  const page = priya.url()
  const ada = await walk.device()
  await ada.goto(`${bank.url}/sign-in`)
  await ada.fill('#number', walk.person('Ada Marsh').number)
  await ada.fill('#pin', '2583')
  await press(ada)
  await ada.goto(`${bank.url}/board`)
  expect(await ada.content()).not.toContain('Edna')
  await follow(ada.locator('.ch-card', { hasText: text }).locator('button'))
  expect(await ada.locator('.ch-card', { hasText: text }).textContent()).toContain(say('board.answered'))
  await priya.goto(`${bank.url}/desk`)
  await follow(priya.locator('.ch-card', { hasText: text }).locator('a'))
  expect(priya.url()).toBe(page)
  const read = await priya.locator('main').textContent()
  expect(read).toContain('020 7946 0993')
  expect(read).toContain(say('desk_notice.ring', { name: 'Ada Marsh' }))
  expect(await priya.locator('.ch-card a[href^="tel:"]').textContent()).toBe('020 7946 0991')
  await follow(priya.locator('.ch-card button'))
  expect(await priya.locator('.ch-card button').count()).toBe(0)
  await ednaRings(walk, priya)
}

/** Edna rings once more: she can do what somebody at the next bank asks, and the desk says so for her. */
async function ednaRings({ bank, say }: Walk, priya: Page): Promise<void> {
  await priya.goto(`${bank.url}/desk/notices`)
  await follow(priya.locator('.ch-card', { hasText: 'ladder' }).locator('a'))
  await priya.fill('#who', 'edna')
  await press(priya)
  const facts = { name: 'Edna Whitlock', bank: 'Millbrook' }
  expect(await heading(priya)).toBe(say('sent.title.ask', facts))
  // Bo has taken it down since, which the noticeboard here does not know for an hour.
  await until(() => bank.people.notices.sent().some(({ state }) => state === 'over'))
  await priya.reload()
  expect(await priya.locator('main').textContent()).toContain(say('sent.over', facts))
  expect(await priya.locator('main button').count()).toBe(0)
}

/** A bank with these people, whose desk can be rung, and what a walk through its pages needs. */
async function open(
  browser: Browser,
  look: Look,
  name: string,
  phone: string,
  joining: readonly Joining[],
): Promise<{ walk: Walk; close(): Promise<void> }> {
  const bank = await openWebBank(name)
  const pages: Page[] = []
  const speech = speechOf(look)
  done(await keepBankFacts(bank.node, { ...NO_FACTS, phone }))
  const people = new Map<string, Person>()
  for (const one of joining) people.set(one.name, done(await addMember(bank.node, bank.people, one)))
  const walk: Walk = {
    bank,
    speech,
    say: speech.say,
    device: async () => {
      const page = await pageFor(browser, look)
      pages.push(page)
      await page.context().addCookies([{ name: 'language', value: look.language.tag, url: bank.url }])
      return page
    },
    person: (wanted) => {
      const found = people.get(wanted)
      if (found === undefined) throw new Error(`nobody is called ${wanted}`)
      return found
    },
  }
  const close = async (): Promise<void> => {
    for (const page of pages) await page.context().close()
    await end(bank)
  }
  return { walk, close }
}
