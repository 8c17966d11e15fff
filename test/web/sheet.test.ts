import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { end } from '../http/served.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { Browser, type DeskBank, deskBank, type Fields, fieldsIn } from './served-pages.ts'

let bank: DeskBank
beforeAll(async () => {
  bank = await deskBank()
  await bank.add({ name: 'The Old School', number: 'ORG', kind: 'organisation' })
  for (let i = 1; i <= 24; i++) await bank.add({ name: `Neighbour Number${i}`, number: `H-${i}` })
  await bank.add({ name: 'Bo Lind', number: 'B-1', area: 'Mill Lane' })
  await bank.add({ name: 'Bo Karlsson', number: 'B-2', area: 'Quay' })
})
afterAll(() => end(bank))

const PATH = '/desk/sheet'
const HEAD: Fields = {
  side: 'someone',
  other: 'old school',
  direction: 'they_helped',
  hours: '1',
  minutes: '30',
}

describe('the group sheet', () => {
  test('[EX-12] 22 people: three pages of lines, read over with totals, one record', async () => {
    const { desk, node } = bank
    const first = await desk.get(PATH)
    expect(first.html.match(/id="who-\d+"/g)).toHaveLength(10)
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`who-${i + 1}`, `H-${i + 1}`]))
    const second = await desk.press(first, PATH, { ...HEAD, ...ten, note: 'Beach', more: 'yes' })
    expect(second.html.match(/id="who-\d+"/g)).toHaveLength(20)
    expect(fieldsIn(second.html)).toMatchObject({
      'who-10': 'H-10',
      note: 'Beach',
      hours: '1',
      other: 'old school',
    })
    const third = await desk.press(second, PATH, { more: 'yes' })
    const rest = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`who-${i + 13}`, `number${i + 11}`]),
    )
    const size = node.head.size
    const check = await desk.press(third, PATH, { ...rest, 'hours-24': '3', 'minutes-24': '' })
    expect(check.text).toContain('22 people helped The Old School for 34 hours 30 minutes altogether on')
    expect(check.text).toContain('Neighbour Number22 H-22 3 hours')
    expect(check.text).toContain(
      '34 hours 30 minutes altogether will go from The Old School to these 22 people.',
    )
    expect(node.head.size).toBe(size)
    const saved = await desk.press(check, PATH, { save: 'yes' })
    expect(saved.text).toContain('Done. It is recorded')
    expect(saved.text).toContain('By Priya, on paper')
    expect(saved.text).toContain('Neighbour Number1 H-1 1 hour 30 minutes')
    expect(node.head.size).toBe(size + 1)
    expect([await bank.balance('ORG'), await bank.balance('H-1'), await bank.balance('H-22')]).toEqual([
      -2070, 90, 180,
    ])
    const again = await desk.press(check, PATH, { save: 'yes' })
    expect(again.text).toContain('Already recorded. It counts once')
    expect(node.head.size).toBe(size + 1)
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[EX-12] the other direction, the pot, and a sheet that people signed here', async () => {
    const { desk, node } = bank
    const check = await desk.fill(PATH, {
      ...HEAD,
      side: 'pot',
      other: '',
      direction: 'were_helped',
      source: 'here',
      'who-3': 'H-23',
    })
    expect(check.text).toContain(
      'The community pot helped Neighbour Number23 for 1 hour 30 minutes altogether on',
    )
    expect(check.text).toContain('will go from this person to the community pot.')
    const size = node.head.size
    const saved = await desk.press(check, PATH, { save: 'yes' })
    expect(saved.text).toContain('at the desk')
    expect(saved.text).toContain('The community pot helped Neighbour Number23 for 1 hour 30 minutes on')
    expect(node.own.entryOf('exchange', size).body).toMatchObject({ channel: 3, auths: [{ reason: 5 }] })
    expect(await bank.balance('POT')).toBe(90)
  })

  test('[EX-12] whoever could be two people is asked about, and nothing typed is lost', async () => {
    const { desk } = bank
    const which = await desk.fill(PATH, { ...HEAD, 'who-1': 'bo', 'who-2': 'H-24', note: 'Tea & cake' })
    expect(which.text).toContain('Which “bo”?')
    expect(which.text).toContain('B-1, Mill Lane')
    const check = await desk.press(which, PATH, { 'who-1': 'B-2' })
    expect(check.text).toContain('Bo Karlsson B-2 1 hour 30 minutes')
    expect(check.text).toContain('Tea & cake')
    const form = await desk.press(check, PATH, { change: 'yes' })
    expect(fieldsIn(form.html)).toMatchObject({
      'who-1': 'B-2',
      'who-2': 'H-24',
      note: 'Tea & cake',
      'hours-1': '',
    })
    const unanswered = await desk.press(which, PATH)
    expect(unanswered.status).toBe(422)
    expect(unanswered.text).toContain('Choose which “bo” it is')
    expect((await desk.press(unanswered, PATH, { 'who-1': 'B-1' })).text).toContain('Bo Lind B-1')
  })

  test.each([
    [
      'an empty form',
      { hours: '', side: '', direction: '' },
      ['Choose who is on the other side', 'Choose who helped whom', 'Type at least one person'],
    ],
    ['no organisation', { other: '' }, ['Type the organisation or person on the other side']],
    ['an unknown organisation', { other: 'Nowhere' }, ['nobody here fits “Nowhere”']],
    ['nobody knows them', { 'who-2': 'Zed' }, ['Line 2: nobody here fits “Zed”']],
    [
      'twice',
      { 'who-2': 'number1', 'who-3': 'H-2', 'who-4': 'h-2' },
      ['Line 4: Neighbour Number2 is on line 3 already'],
    ],
    ['both sides', { 'who-2': 'ORG' }, ['Line 2: The Old School is on the other side already']],
    ['a length and nobody', { 'hours-5': '2' }, ['Line 5 has a length and nobody']],
    ['a length in words', { 'hours-1': 'two' }, ['Line 1: type hours and minutes as whole numbers']],
    ['no length', { hours: '', minutes: '' }, ['Type how long it took, for everybody or on each line']],
    ['a length of nothing', { 'minutes-1': '0' }, ['Line 1: type how long it took']],
    ['a length for a week', { 'hours-1': '168' }, ['Line 1: one person can have at most 24 hours']],
    ['a length for all of a week', { hours: '168' }, ['One record can hold at most 24 hours']],
    ['a day to come', { when: 'other', day: '1', month: '1', year: '2999' }, ['That day has not come yet']],
  ] as const)(
    '[EX-12] %s: said above and beside the field, and what was typed stays',
    async (_, wrong, said) => {
      const { desk, node } = bank
      const size = node.head.size
      const typed: Record<string, string> = {
        ...(HEAD as Record<string, string>),
        'who-1': 'H-3',
        note: 'kept',
        ...wrong,
      }
      if ('side' in wrong) typed['who-1'] = ''
      const seen = await desk.fill(PATH, typed)
      expect(seen.status).toBe(422)
      expect(seen.html).toContain('govuk-error-summary')
      for (const words of said) {
        expect(seen.text.toLowerCase()).toContain(words.toLowerCase())
        const field = new RegExp(`<a href="#([\\w-]+)">[^<]*${words.slice(0, 20)}`, 'i').exec(seen.html)?.[1]
        expect(seen.html).toContain(`id="${field}"`)
        expect(seen.html).toContain(`id="${field}-error"`)
      }
      for (const [name, value] of Object.entries(typed))
        if (value !== '') expect(fieldsIn(seen.html)).toMatchObject({ [name]: value })
      expect(node.head.size).toBe(size)
    },
  )

  test('[SIGN-1] a number is found without its dashes and letter; a slip in the letter is told apart', async () => {
    const { desk } = bank
    const eve = await bank.add({ name: 'Eve Novak' })
    const [, digits = '', letter = ''] = eve.number.split('-')
    for (const typed of [digits, `${digits}${letter}`.toLowerCase(), eve.number]) {
      const check = await desk.fill(PATH, { ...HEAD, 'who-1': typed })
      expect(check.text, typed).toContain('Eve Novak helped The Old School')
    }
    const wrong = await desk.fill(PATH, { ...HEAD, 'who-1': `${digits}${letter === 'A' ? 'B' : 'A'}` })
    expect(wrong.text).toContain('Line 1: There is a slip in the number')
  })

  test('[EX-12] 99 lines and no more; the button goes when they are there', async () => {
    const { desk } = bank
    const seen = await desk.fill(PATH, { lines: '95' }, { more: 'yes' })
    expect(seen.html.match(/id="who-\d+"/g)).toHaveLength(99)
    expect(seen.text).not.toContain('More lines')
    const silly = await desk.fill(PATH, { lines: '999999', ...HEAD, 'who-1': 'H-1', 'who-100': 'H-2' })
    expect(silly.text).toContain('Neighbour Number1 helped The Old School')
  })

  test('[PRIV-26] the sheet is for coordinators; another site cannot send it', async () => {
    const stranger = new Browser(bank.url)
    expect((await stranger.get(PATH)).to).toBe('/sign-in/desk?to=%2Fdesk%2Fsheet')
    expect((await stranger.post(PATH, HEAD)).to).toBe('/sign-in/desk')
    expect((await bank.desk.post(PATH, HEAD, 'https://evil.example')).status).toBe(403)
  })
})
