/**
 * Bo helped Ada and says so; Ada agrees on her own telephone, says another length once, and says no once. Both always
 * read the same, and nothing moves before a yes.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, pressTwice } from './journey.ts'
import {
  comeIn,
  heading,
  openWaiting,
  readNewest,
  readRecordPage,
  sentence,
  standing,
  tell,
  unturned,
  type Walk,
  walk,
} from './member-walk.ts'

interface Both {
  readonly ada: Page
  readonly bo: Page
}

describeInBrowser('[EX-3] [EX-6] two members tell each other', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await walk(browser(), look, ['Ada Marsh', 'Bo Lind', 'Edna Whitlock'], async (on) => {
      const both = { ada: await comeIn(on, 'Ada Marsh', '2583'), bo: await comeIn(on, 'Bo Lind', '90817') }
      await agree(on, both)
      await anotherLength(on, both)
      await sayNo(on, both)
      await takeBackTheQuestion(on, both)
      await doneAtOnce(on, both)
    })
  })
})

async function agree(on: Walk, { ada, bo }: Both): Promise<void> {
  const { bank, say, speech } = on
  const none = say('own.standing.none')
  expect([await standing(on, ada), await standing(on, bo)]).toEqual([none, none])
  const asked = await tell(on, bo, '/helped', {
    other: 'Ada Marsh',
    hours: '1',
    minutes: '30',
    note: 'gardening',
  })
  const size = bank.node.head.size
  // An impatient hand presses twice; one is asked.
  await pressTwice(bo, 'button[name=save]', /\/agree\//)
  expect(await heading(bo)).toBe(say('claim.asked.title'))
  // Nothing is shared yet, so the page that stays says no more of her than a number would.
  expect(await sentence(bo)).toBe(asked.replace('Ada Marsh', 'Ada M.'))
  expect(bank.node.head.size).toBe(size)
  expect(await openWaiting(on, ada)).toBe(asked)
  await pressTwice(ada, 'button[name=yes]', /\/records\//)
  expect(await heading(ada)).toBe(say('own_record.done'))
  expect(bank.node.head.size).toBe(size + 1)
  const hers = await readRecordPage(ada)
  expect(hers.sentence).toBe(asked)
  expect(hers.phrase).toMatch(/^[A-Z]+-[A-Z]+-\d+$/)
  expect(await readNewest(on, bo)).toEqual(hers)
  const half = speech.hours(90)
  const nothing = speech.hours(0)
  const facts = { given: half, received: nothing, left: half, done: 'given' }
  expect(await standing(on, bo)).toBe(say('own.standing.hours_waiting', facts))
  expect(await standing(on, ada)).toBe(
    say('own.standing.welcome', { given: nothing, received: half, left: half, done: 'received' }),
  )
  expect(await ada.locator('.ch-card').count()).toBe(0)
}

/** Bo says two hours, Ada an hour and three quarters; Bo agrees, and cannot say another one. */
async function anotherLength(on: Walk, { ada, bo }: Both): Promise<void> {
  const { bank, say, speech } = on
  await tell(on, bo, '/helped', { other: on.person('Ada Marsh').number.toLowerCase(), hours: '2' })
  await follow(bo.locator('button[name=save]'))
  const claim = bo.url()
  const size = bank.node.head.size
  await openWaiting(on, ada)
  await ada.locator('summary').click()
  await follow(ada.locator('button[name=other]'))
  // Nothing was typed; the field is still open, and it says so.
  expect(await ada.locator('#hours-error').textContent()).toContain(say('help.length.missing'))
  await ada.fill('#hours', '1')
  await ada.fill('#minutes', '45')
  // The enter key means what was typed, and never yes.
  await Promise.all([ada.waitForURL(`${bank.url}/me`), ada.locator('#minutes').press('Enter')])
  expect(await ada.locator('.ch-card').count()).toBe(0)
  expect(bank.node.head.size).toBe(size)
  await ada.goto(claim)
  expect(await heading(ada)).toBe(say('claim.countered.title'))
  const said = await openWaiting(on, bo)
  expect(unturned(said)).toContain(unturned(speech.hours(105)))
  expect(await bo.locator('main').textContent()).toContain(say('claim.first', { length: speech.hours(120) }))
  expect(await bo.locator('summary').count()).toBe(0)
  await follow(bo.locator('button[name=yes]'))
  expect(bank.node.head.size).toBe(size + 1)
  const his = await readRecordPage(bo)
  expect(his.sentence).toBe(said)
  expect(await readNewest(on, ada)).toEqual(his)
}

async function sayNo(on: Walk, { ada, bo }: Both): Promise<void> {
  const { bank, say } = on
  await tell(on, bo, '/helped', { other: 'ada marsh', hours: '3' })
  await follow(bo.locator('button[name=save]'))
  const claim = bo.url()
  const before = [bank.node.head.size, await standing(on, ada)]
  await openWaiting(on, ada)
  await follow(ada.locator('button[name=no]'))
  expect(await heading(ada)).toBe(say('claim.declined.own'))
  expect(await ada.locator('main button').count()).toBe(0)
  await bo.goto(claim)
  expect(await heading(bo)).toBe(say('claim.declined.title'))
  expect([bank.node.head.size, await standing(on, ada)]).toEqual(before)
}

/** Bo asks Edna, who has no telephone, and takes it back; it is nobody else's business. */
async function takeBackTheQuestion(on: Walk, { ada, bo }: Both): Promise<void> {
  const { say } = on
  await tell(on, bo, '/helped', { other: 'Edna Whitlock', hours: '', minutes: '20' })
  await follow(bo.locator('button[name=save]'))
  const claim = bo.url()
  await ada.goto(claim)
  expect(await heading(ada)).toBe(say('error.not_here.title'))
  await follow(bo.locator('button[name=no]'))
  expect(await heading(bo)).toBe(say('claim.withdrawn.title'))
}

/** "Someone helped me" needs nobody's yes, and is thanked by the same words; a second press finds the same record. */
async function doneAtOnce(on: Walk, { ada, bo }: Both): Promise<void> {
  const { bank, say } = on
  const said = await tell(on, ada, '/record', { other: 'Bo Lind', hours: '', minutes: '10', note: 'a lift' })
  const size = bank.node.head.size
  await pressTwice(ada, 'button[name=save]', /\/records\//)
  expect([say('own_record.done'), say('record.state.again')]).toContain(await heading(ada))
  const hers = await readRecordPage(ada)
  expect(hers.sentence).toBe(said)
  expect(await readNewest(on, bo)).toEqual(hers)
  expect(bank.node.head.size).toBe(size + 1)
}
