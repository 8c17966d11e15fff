import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dateOf, dayAt } from '../../src/register/calendar.ts'
import { end } from '../http/served.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { type DeskBank, deskBank, fieldsIn, formsIn } from './served-pages.ts'

let bank: DeskBank
beforeAll(async () => {
  bank = await deskBank('Harbour', { zone: 'UTC' })
  for (const [name, number] of [
    ['Ada Marsh', 'A-1'],
    ['Edna Whitlock', 'E-1'],
    ['Bo Lind', 'B-1'],
    ['Bo Karlsson', 'B-2'],
  ] as const)
    await bank.add({ name, number })
})
afterAll(() => end(bank))

const PATH = '/desk/slips'
const ONE = { helped: 'ada', helper: 'edna', hours: '1', minutes: '15' }

describe('slips of paper', () => {
  test('[EX-24] one press saves, the next form is empty with the day kept and the first field ready', async () => {
    const { desk, node } = bank
    const yesterday = dateOf(dayAt(Math.floor(Date.now() / 1000)) - 1)
    const [year = '', month = '', day = ''] = yesterday.split('-')
    const size = node.head.size
    const first = await desk.fill(PATH, { ...ONE, day, month, year: year.slice(2), note: 'soup' })
    expect(first.text).toContain('Edna Whitlock helped Ada Marsh for 1 hour 15 minutes on')
    expect(first.text).toContain(': soup.')
    expect(fieldsIn(first.html)).toMatchObject({ helped: '', helper: '', hours: '', note: '' })
    expect(fieldsIn(first.html)).toMatchObject({
      day: String(Number(day)),
      month: String(Number(month)),
      year,
    })
    expect(first.html).toMatch(/id="helped"[^>]*autofocus/)
    expect(node.own.entryOf('exchange', size).body).toMatchObject({ channel: 4, auths: [{ reason: 4 }] })
    const second = await desk.press(first, PATH, { ...ONE, helper: 'B-1', minutes: '', hours: '2' })
    expect(second.text).toMatch(
      /Bo Lind helped Ada Marsh for 2 hours.*Edna Whitlock helped Ada Marsh for 1 hour 15/,
    )
    expect(await bank.balance('A-1')).toBe(-195)
  })

  test('[EX-24] a slip is taken back on the spot, and stays on the page struck through', async () => {
    const { desk, node } = bank
    const saved = await desk.fill(PATH, { ...ONE, helped: 'E-1', helper: 'A-1' })
    const before = await bank.balance('A-1')
    const forms = formsIn(saved.html)
    const size = node.head.size
    const back = await desk.follow(await desk.post(PATH, forms[1] ?? {}))
    expect(back.text).toContain('Taken back')
    expect(back.html).toContain('ch-struck')
    expect(await bank.balance('A-1')).toBe(before - 75)
    const twice = await desk.follow(await desk.post(PATH, forms[1] ?? {}))
    expect(twice.status).toBe(200)
    expect(node.head.size).toBe(size + 1)
    const other = await desk.post(PATH, { ...forms[1], nonce: 'ab'.repeat(16) })
    expect(other.status).toBe(422)
    expect(other.text).toContain('This was taken back already.')
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[EX-7] [EX-24] pressed twice it is one record; the last ten are shown', async () => {
    const { desk, node } = bank
    let seen = await desk.get(PATH)
    const size = node.head.size
    for (let i = 1; i <= 12; i++) {
      const fields = { ...fieldsIn(seen.html), ...ONE, minutes: String(i) }
      const [one, two] = await Promise.all([desk.post(PATH, fields), desk.post(PATH, fields)])
      expect([one, two].filter(({ to }) => to?.endsWith('&again'))).toHaveLength(1)
      seen = await desk.follow(one)
    }
    expect(node.head.size).toBe(size + 12)
    expect(seen.html.match(/id="take-\d+"/g)).toHaveLength(10)
    expect(seen.text).toContain('1 hour 12 minutes')
    expect(seen.text).not.toContain('1 hour 2 minutes')
  })

  test('[EX-24] who could be two people is asked, and one press later it is saved', async () => {
    const { desk } = bank
    const which = await desk.fill(PATH, { ...ONE, helper: 'bo', note: 'kept' })
    expect(which.text).toContain('Who helped: which “bo”?')
    const left = await desk.press(which, PATH)
    expect(left.status).toBe(422)
    const saved = await desk.press(left, PATH, { helper: 'B-2' })
    expect(saved.text).toContain('Bo Karlsson helped Ada Marsh for 1 hour 15 minutes')
    expect(saved.text).toContain(': kept.')
  })

  test.each([
    ['nobody', { helped: '', helper: '' }, 'Type who was helped'],
    ['a stranger', { helper: 'Zed' }, 'Nobody here fits “Zed”'],
    ['the same person', { helper: 'ada marsh' }, 'Both are the same person'],
    ['no length', { hours: '', minutes: '' }, 'Type how long the help took'],
    ['a length in words', { hours: 'one' }, 'Type hours and minutes as whole numbers'],
    ['no day', { day: '' }, 'Type day, month and year as numbers'],
    ['no such day', { day: '31', month: '2' }, 'There is no such day'],
    ['a day long ago', { year: '2001' }, 'That day is more than a year ago'],
    ['a long text', { note: 'x'.repeat(3000) }, 'That text is too long to keep'],
  ] as const)('[EX-24] %s: said, kept and not recorded', async (_, wrong, said) => {
    const { desk, node } = bank
    const size = node.head.size
    const typed = { ...ONE, ...wrong }
    const seen = await desk.fill(PATH, typed)
    expect(seen.status).toBe(422)
    expect(seen.text).toContain(said)
    expect(seen.html).toContain('govuk-error-summary')
    expect(fieldsIn(seen.html)).toMatchObject(typed)
    expect(node.head.size).toBe(size)
  })

  test('[EX-24] silly addresses show an empty page and nothing else', async () => {
    const { desk } = bank
    for (const query of ['?saved=999999.x.-1.1', '?on=yesterday', `?saved=${'1.'.repeat(500)}`]) {
      const seen = await desk.get(PATH + query)
      expect(seen.status).toBe(200)
      expect(seen.text).toContain('None yet.')
    }
    expect((await desk.post(PATH, { take: '999999', nonce: 'ab'.repeat(16) })).text).toContain(
      'do not find this record',
    )
  })

  test('[EX-24] eight blank slips to print, with the bank’s name and telephone', async () => {
    const seen = await bank.desk.get(`${PATH}/print`)
    expect(seen.html.match(/class="ch-slip"/g)).toHaveLength(8)
    expect(seen.text.match(/Harbour Time Bank/g)).toHaveLength(8)
    expect(seen.text).toContain('ring 020 7946 0900')
    expect(seen.text).toContain('I sign here')
  })
})
