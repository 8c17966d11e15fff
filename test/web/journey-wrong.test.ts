/** Ada reads her hours and says "this is wrong"; the desk looks, rings, and takes it back; Ada and Bo read the same. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS } from './journey.ts'
import { atDesk, comeIn, heading, press, readNewest, standing, tell, type Walk, walk } from './member-walk.ts'

const ANSWER = 'I rang you both. It was Bo Karlsson who came.'

describeInBrowser('[DESK-8] [EX-8] something is wrong', (browser) => {
  test.each(LOOKS)('$name', async (look) => {
    await walk(browser(), look, ['Ada Marsh', 'Bo Lind', 'Bo Karlsson'], async (on) => {
      const { bank, say } = on
      const ada = await comeIn(on, 'Ada Marsh', '2583')
      const bo = await comeIn(on, 'Bo Lind', '90817')
      const desk = await atDesk(on)
      await tell(on, ada, '/record', { other: 'Bo Lind', hours: '2', note: 'carried the piano' })
      await follow(ada.locator('button[name=save]'))
      const size = bank.node.head.size

      const record = await readNewest(on, ada)
      await follow(ada.locator('main a[href$="/wrong"]'))
      await press(ada)
      expect(await ada.locator('#what-error').textContent()).toContain(say('wrong.missing'))
      await ada.getByLabel(say('wrong.what.not_me')).check()
      await ada.fill('#words', 'It was the other Bo, <b>not</b> this one.')
      await press(ada)
      expect(await inset(ada)).toContain(say('case.open'))
      expect(await ada.locator('main a[href$="/wrong"]').count()).toBe(0)
      // Bo reads so too, and cannot begin it again.
      await readNewest(on, bo)
      expect(await inset(bo)).toBe(await inset(ada))

      await openCase(on, desk)
      await follow(desk.locator('button[name=corrected]'))
      expect(await heading(desk)).toBe(say('case.title'))
      expect(await desk.locator('main button').count()).toBe(0)
      expect(bank.node.head.size).toBe(size + 1)

      for (const page of [ada, bo]) {
        expect(await readNewest(on, page)).toEqual(record)
        expect(await heading(page)).toBe(say('record.state.taken_back'))
        expect(await page.locator('.ch-sentence.ch-struck').count()).toBe(1)
        expect(await inset(page)).toBe(`${say('case.corrected')} ${ANSWER}`)
        expect(await standing(on, page)).toBe(say('own.standing.none'))
      }
      await desk.goto(`${bank.url}/desk`)
      expect(await desk.locator('main a[href^="/desk/cases/"]').count()).toBe(0)
    })
  })
})

async function openCase({ bank, say }: Walk, desk: Page): Promise<void> {
  await desk.goto(`${bank.url}/desk`)
  expect(await desk.locator('.ch-card h3').first().textContent()).toBe(
    say('today.case.title', { name: 'Ada Marsh' }),
  )
  await follow(desk.locator('main a[href^="/desk/cases/"]'))
  expect(await desk.locator('main dl').textContent()).toContain('It was the other Bo, <b>not</b> this one.')
  await desk.fill('#answer', ANSWER)
}

/** What the page says about the case, blanks joined. */
async function inset(page: Page): Promise<string> {
  const texts = await page.locator('.govuk-inset-text p').allTextContents()
  return texts.map((text) => text.trim()).join(' ')
}
