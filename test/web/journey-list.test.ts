/**
 * Priya's people live in a spreadsheet. She pastes it, names its columns, leaves out a name that is there twice, says yes,
 * and takes it away again; then the same list comes as an old file, two of it help one another, and those two stay.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { recordHelp } from '../../src/register/exchanges.ts'
import { MESSY, windows1252 } from '../register/import/messy.ts'
import { describeInBrowser } from './browser.ts'
import { follow, LOOKS } from './journey.ts'
import { MESSY_CHOICES } from './list-states.ts'
import { atDesk, heading, type Walk, walk } from './member-walk.ts'
import { done } from './town.ts'

/** One way to look is enough: the pages themselves are looked at in every way elsewhere. */
const [LOOK] = LOOKS.filter(({ script, size }) => script === 'without script' && size === 'phone')

describeInBrowser('[IMP-13] a list of people that is pasted', (browser) => {
  test('comes in once its columns are named, and goes again', async () => {
    if (LOOK === undefined) throw new Error('there is a telephone without script')
    await walk(browser(), LOOK, [], async (on) => {
      const { bank, say } = on
      const desk = await atDesk(on)
      await follow(desk.locator('nav a[href="/desk/people"]').first())
      await follow(desk.locator('main a[href="/desk/lists"]'))
      await follow(desk.locator('main form button'))
      expect(await problems(desk)).toEqual([say('lists.from.missing'), say('lists.text.missing')])
      await desk.fill('#text', MESSY)
      await desk.getByLabel(say('lists.from.sheet')).check()
      await follow(desk.locator('main form button'))
      await nameColumns(on, desk)
      expect(await heading(desk)).toBe(say('lists.check.title', { count: 7 }))
      expect(await numbersOf(desk)).toHaveLength(7)
      await desk.getByLabel(say('lists.same.line', { line: 9, name: 'MARIA GARCIA', firstLine: 8 })).check()
      await follow(desk.locator('button[name=again]'))
      expect(await heading(desk)).toBe(say('lists.check.title', { count: 6 }))
      const shown = await numbersOf(desk)
      await accept(desk, 'Millbrook')
      expect(await problems(desk)).toEqual([say('refusal.name_not_typed')])
      expect(bank.people.all()).toHaveLength(1)
      await accept(desk, 'Harbour')
      expect(await heading(desk)).toBe(say('lists.done.new', { count: 6 }))
      const members = bank.people.all().filter(({ kind }) => kind === 'member')
      expect(members.map(({ number }) => number).sort()).toEqual(shown.toSorted())
      const list = desk.url()
      await accept(desk, 'Harbour')
      expect(await heading(desk)).toBe(say('lists.undone.title', { count: 6 }))
      expect(bank.people.all().some(({ kind }) => kind === 'member')).toBe(false)
      expect((await desk.goto(list))?.status()).toBe(404)

      await desk.goto(`${bank.url}/desk/lists`)
      const buffer = Buffer.from(windows1252(MESSY))
      await desk.setInputFiles('#file', { name: 'socios.csv', mimeType: 'text/csv', buffer })
      await desk.getByLabel(say('lists.from.sheet')).check()
      await follow(desk.locator('main form button'))
      await nameColumns(on, desk)
      await accept(desk, 'Harbour')
      expect(await heading(desk)).toBe(say('lists.done.new', { count: 7 }))
      const act = { coordinator: bank.coordinator, channel: 'call', reason: 'telephoned' } as const
      const help = { provider: numberOf(on, 'Edna'), recipient: numberOf(on, 'Begoña Iñíguez'), minutes: 30 }
      done(await recordHelp(bank.node, bank.people, help, act))
      await accept(desk, 'Harbour')
      expect(await heading(desk)).toBe(say('lists.undone.title', { count: 5 }))
      const staying = await desk.locator('main ul a').allTextContents()
      expect(staying.map((name) => name.trim()).sort()).toEqual(['Begoña Iñíguez', 'Edna'])
    })
  })
})

async function nameColumns({ say }: Walk, desk: Page): Promise<void> {
  expect(await heading(desk)).toBe(say('lists.columns.title'))
  // What the headings say is chosen beforehand, and no unit is.
  expect(await desk.inputValue('#heading')).toBe('4')
  expect(await desk.inputValue('#column-7')).toBe('hours')
  expect(await desk.locator('input[name=unit]:checked').count()).toBe(0)
  const { heading: _, unit, dates: __, ...columns } = MESSY_CHOICES
  await desk.selectOption('#column-1', '')
  for (const [name, field] of Object.entries(columns)) await desk.selectOption(`#${name}`, field)
  await follow(desk.getByRole('button', { name: say('lists.columns.go') }))
  expect(await problems(desk)).toEqual([say('lists.unit.missing')])
  expect(await desk.inputValue('#column-5')).toBe('email')
  await desk.locator(`input[name=unit][value=${unit}]`).check()
  await follow(desk.getByRole('button', { name: say('lists.columns.go') }))
}

async function accept(desk: Page, name: string): Promise<void> {
  await desk.fill('#name', name)
  await follow(desk.locator('main form:has(#name) button'))
}

function problems(desk: Page): Promise<string[]> {
  return desk.locator('.govuk-error-summary li').allTextContents()
}

function numbersOf(desk: Page): Promise<string[]> {
  return desk.locator('main tbody td:first-of-type span').allTextContents()
}

function numberOf({ bank }: Walk, name: string): string {
  return bank.people.all().find((person) => person.name === name)?.number ?? ''
}
