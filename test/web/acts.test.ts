import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepLook } from '../../src/register/looks.ts'
import { addCoordinator, removeCoordinator } from '../../src/register/office.ts'
import { end } from '../http/served.ts'
import { ok } from '../node/town.ts'
import { Browser, type DeskBank, deskBank } from './served-pages.ts'

let bank: DeskBank
beforeAll(async () => {
  bank = await deskBank('Harbour', { zone: 'Europe/London' })
})
afterAll(() => end(bank))

describe('what we did', () => {
  test('[DESK-12] an empty bank, then each act with who, what, for whom, and the way to the record', async () => {
    const { desk } = bank
    expect((await desk.get('/desk/acts')).text).toContain('Nothing yet.')
    for (const [name, phone] of [
      ['Ada Marsh', '020 7946 0991'],
      ['Bo <b>Lind</b>', ''],
    ] as const)
      await desk.fill('/desk/people/new', { name, phone })
    const fields = { helped: 'ada', helper: 'bo', hours: '1', known: 'here' }
    const check = await desk.fill('/desk/record', fields)
    await desk.press(check, '/desk/record', { save: 'yes' })
    const seen = await desk.get('/desk/acts')
    expect(seen.text).toMatch(
      /at \d\d:\d\d Priya Recorded help Bo <b>Lind<\/b> Ada Marsh .* Priya Added a person Bo/,
    )
    expect(seen.html).not.toContain('<b>')
    expect(seen.html).toMatch(/<a[^>]*href="\/desk\/records\/\d+"[^>]*>Recorded help/)
    const person = await desk.get('/desk/people?who=ada').then((found) => desk.follow(found))
    expect(person.text).toMatch(
      /What the desk did What the desk did When Who What .* Recorded help .* Added a person/,
    )
  })

  test('[DESK-12] a sheet of many names three and counts the rest', async () => {
    const { desk } = bank
    for (let i = 1; i <= 5; i++) await bank.add({ name: `Neighbour ${i}`, number: `N-${i}` })
    const lines = Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`who-${i}`, `N-${i}`]))
    const check = await desk.fill('/desk/sheet', {
      side: 'pot',
      direction: 'they_helped',
      hours: '1',
      ...lines,
    })
    await desk.press(check, '/desk/sheet', { save: 'yes' })
    expect((await desk.get('/desk/acts')).text).toContain('and 3 more')
  })

  test('[DESK-12] pages of fifty, and silly addresses show the newest', async () => {
    const { desk, node, people } = bank
    const [priya] = await node.read(({ book }) => people.coordinators.inOffice(book, node.logTime()))
    const ada = people.all().find(({ name }) => name === 'Ada Marsh')
    const about = { what: 'opened_person', accounts: [ada?.account ?? new Uint8Array(16)] } as const
    for (let i = 0; i < 120 && priya !== undefined; i++) ok(await keepLook(node, people, priya, about))
    let seen = await desk.get('/desk/acts')
    let rows = 0
    for (let page = 0; page < 10; page++) {
      rows += (seen.html.match(/<tr class="govuk-table__row"><td/g) ?? []).length
      const next = /href="(\/desk\/acts\?before=\d+)"/.exec(seen.html)?.[1]
      if (next === undefined) break
      seen = await desk.get(next)
    }
    expect(rows).toBe((await people.acts.recent({ most: 1000 })).acts.length)
    expect(rows).toBeGreaterThan(120)
    expect(seen.text).toContain('The newest')
    for (const before of ['-1', 'x', '1e99', '0'])
      expect((await desk.get(`/desk/acts?before=${before}`)).status).toBe(200)
  })

  test('[DESK-12] [PRIV-26] coordinators alone read it, and one who is none any more is out at once', async () => {
    const { desk, node, people } = bank
    expect((await new Browser(bank.url).get('/desk/acts')).to).toBe('/sign-in/desk?to=%2Fdesk%2Facts')
    expect((await desk.post('/desk/acts', {})).status).toBe(404)
    ok(await addCoordinator(node, people, { name: 'Owen' }))
    ok(await removeCoordinator(node, people, 'Priya'))
    expect((await desk.get('/desk/acts')).to).toBe('/sign-in/desk?to=%2Fdesk%2Facts')
  })
})
