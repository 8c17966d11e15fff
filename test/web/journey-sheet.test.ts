/** Twenty-two people cleaned the library's garden and signed a sheet; Priya types it once, and each reads the own part. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { readRecord } from '../../src/register/records.ts'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS, pressTwice } from './journey.ts'
import { atDesk, heading, press, sentence, unturned, type Walk, walk } from './member-walk.ts'
import { done } from './town.ts'

const PEOPLE = Array.from({ length: 22 }, (_, i) => `Neighbour Number${i + 1}`)

describeInBrowser('[EX-12] a group sheet of 22 people', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await walk(browser(), look, [...PEOPLE, 'Harbour Library'], async (on) => {
      const { bank, say, speech } = on
      const desk = await atDesk(on)
      await desk.goto(`${bank.url}/desk/sheet`)
      await typeHead(on, desk)
      await typeLines(on, desk, 1, 10)
      await follow(desk.locator('button[name=more]'))
      await typeLines(on, desk, 11, 20)
      await follow(desk.locator('button[name=more]'))
      await typeLines(on, desk, 21, 22)
      // Two stayed longer than the others, and one was forgotten at first.
      await desk.fill('#hours-21', '2')
      await desk.fill('#minutes-22', '45')
      await desk.fill('#who-7', 'Nobody Here')
      await press(desk)
      const summary = await desk.locator('.govuk-error-summary li a').allTextContents()
      expect(summary).toEqual([expect.stringContaining('Nobody Here')])
      expect(await desk.inputValue('#who-22')).toBe('Number22')
      expect(await desk.inputValue('#minutes-22')).toBe('45')
      await desk.fill('#who-7', on.person('Neighbour Number7').number)
      await press(desk)

      expect(await heading(desk)).toBe(say('sheet.check.title'))
      const said = await sentence(desk)
      const total = 20 * 90 + 120 + 45
      expect(unturned(said)).toContain(unturned(speech.hours(total)))
      expect(await desk.locator('main tbody tr').count()).toBe(22)
      expect(await desk.locator('main tfoot').textContent()).toContain(speech.hours(total))
      const size = bank.node.head.size
      await pressTwice(desk, 'button[name=save]', /\/desk\/records\//)
      expect(bank.node.head.size).toBe(size + 1)
      expect(await sentence(desk)).toBe(said)
      expect(await desk.locator('main tbody tr').count()).toBe(22)
      const record = done(await readRecord(bank.node, bank.people, size))
      expect(record.channel).toBe('paper')
      const lengths = Object.fromEntries(record.parts.map(({ person, minutes }) => [person?.name, minutes]))
      expect(lengths).toMatchObject({ 'Neighbour Number1': 90, 'Neighbour Number21': 120 })
      expect(lengths).toMatchObject({ 'Neighbour Number22': 45, 'Harbour Library': -total })
    })
  })
})

async function typeHead({ say }: Walk, desk: Page): Promise<void> {
  await desk.getByLabel(say('sheet.other.someone')).check()
  await desk.fill('#other', 'harbour lib')
  await desk.getByLabel(say('sheet.direction.they_helped')).check()
  await desk.fill('#note', 'tidied the garden')
  await desk.fill('#hours', '1')
  await desk.fill('#minutes', '30')
}

async function typeLines({ person }: Walk, desk: Page, from: number, to: number): Promise<void> {
  // `Number1` and `Number2` begin several names, so these say the number on the card.
  for (let line = from; line <= to; line++)
    await desk.fill(`#who-${line}`, line <= 2 ? person(`Neighbour Number${line}`).number : `Number${line}`)
}
