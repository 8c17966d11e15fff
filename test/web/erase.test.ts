import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { end } from '../http/served.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { Browser, type DeskBank, deskBank, fieldsIn } from './served-pages.ts'

let bank: DeskBank
beforeAll(async () => {
  bank = await deskBank('Harbour', { zone: 'UTC' })
  await bank.add({ name: 'Edna Whitlock', number: 'E-1' })
  await bank.add({ name: 'Bo Lind', number: 'B-1' })
})
afterAll(() => end(bank))

const PATH = '/desk/people/E-1/erase'

describe('being forgotten', () => {
  test.each([
    ['no reason', { confirm: 'Edna Whitlock' }, 'reason', 'Choose why'],
    ['a reason there is not', { confirm: 'Edna Whitlock', reason: 'spite' }, 'reason', 'Choose why'],
    ['no name', { reason: 'asked' }, 'confirm', 'Type the name'],
    ['another name', { reason: 'asked', confirm: 'Bo Lind' }, 'confirm', 'That is not the name of this page'],
    [
      'a part of the name',
      { reason: 'asked', confirm: 'Edna' },
      'confirm',
      'That is not the name of this page',
    ],
  ] as const)('[PRIV-27] %s: nobody is erased, and what was typed stays', async (_, typed, field, said) => {
    const { desk, people } = bank
    const seen = await desk.fill(PATH, typed)
    expect(seen.status).toBe(422)
    expect(seen.text).toContain(said)
    expect(seen.html).toContain(`id="${field}-error"`)
    if ('confirm' in typed) expect(fieldsIn(seen.html)).toMatchObject({ confirm: typed.confirm })
    expect(people.byNumber('E-1')?.name).toBe('Edna Whitlock')
  })

  test('[PRIV-27] the name typed once more: nothing of it is on any page, the hours add up, a second press finds nobody', async () => {
    const { desk, node } = bank
    const slip = { helped: 'B-1', helper: 'E-1', hours: '1', note: 'lighthouse soup' }
    const saved = await desk.fill('/desk/slips', slip)
    const record = /href="(\/desk\/records\/\d+)"/.exec(saved.html)?.[1] ?? ''
    const shown = await desk.get(PATH)
    expect(shown.text).toContain('Edna Whitlock can still use 1 hour. They will go to the community pot.')
    expect(shown.html).toContain('href="/desk/people/E-1/leave"')
    const done = await desk.press(shown, PATH, { reason: 'asked', confirm: 'Edna Whitlock' })
    expect(done.text).toContain('Nothing of this person is kept any more.')
    const pages = ['/desk', '/desk/people', '/desk/people/B-1', '/desk/acts', record]
    pages.push(record.replace('/desk/records', '/desk/letters/receipt'), '/desk/letters/for/B-1/statement')
    for (const page of pages) {
      const seen = await desk.get(page)
      expect(seen.status, page).toBe(200)
      expect(seen.html, page).not.toMatch(/Edna|Whitlock|E-1|lighthouse/)
    }
    expect((await desk.get('/desk/people/B-1')).text).toContain('Was helped by someone who was erased')
    expect((await desk.get('/desk/acts')).text).toContain('Erased a person')
    expect(await bank.balance('POT')).toBe(60)
    const size = node.head.size
    const twice = await desk.press(shown, PATH, { reason: 'asked', confirm: 'Edna Whitlock' })
    expect(twice.status).toBe(404)
    expect(twice.text).toContain('Nobody is here')
    expect(node.head.size).toBe(size)
    for (const page of ['', '/change', '/note', '/helpers', '/account', '/leave', '/erase'])
      expect((await desk.get(`/desk/people/E-1${page}`)).status, page).toBe(404)
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[PRIV-26] nobody but a coordinator erases, and never the bank’s own accounts', async () => {
    const { desk, people } = bank
    const typed = { reason: 'asked', confirm: 'Bo Lind' }
    expect((await new Browser(bank.url).post('/desk/people/B-1/erase', typed)).to).toBe('/sign-in/desk')
    expect((await desk.post('/desk/people/B-1/erase', typed, 'https://evil.example')).status).toBe(403)
    expect((await desk.post('/desk/people/POT/erase', { ...typed, confirm: 'Community pot' })).status).toBe(
      404,
    )
    expect([people.byNumber('B-1')?.name, people.byNumber('POT')?.name]).toEqual(['Bo Lind', 'Community pot'])
  })
})
