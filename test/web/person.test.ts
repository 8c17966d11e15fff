import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordHelp } from '../../src/register/exchanges.ts'
import { end } from '../http/served.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { ok } from '../node/town.ts'
import { Browser, type DeskBank, deskBank, fieldsIn, formsIn } from './served-pages.ts'

let bank: DeskBank
beforeAll(async () => {
  bank = await deskBank('Harbour', { zone: 'UTC' })
  for (const [name, number] of [
    ['Ada Marsh', 'A-1'],
    ['Bo Lind', 'B-1'],
    ['Bo Karlsson', 'B-2'],
    ['Edna Whitlock', 'E-1'],
    ['Cy Barnes', 'C-1'],
  ] as const)
    await bank.add({ name, number })
})
afterAll(() => end(bank))

const at = (number: string, page = ''): string => `/desk/people/${number}${page}`

async function help(provider: string, recipient: string, minutes: number): Promise<void> {
  const { node, people } = bank
  const [coordinator] = await node.read(({ book }) => people.coordinators.inOffice(book, node.logTime()))
  if (coordinator === undefined) throw new Error('Priya is in office')
  const act = { coordinator, channel: 'call', reason: 'telephoned' } as const
  ok(await recordHelp(node, people, { provider, recipient, minutes }, act))
}

describe('adding somebody', () => {
  test('[EX-7] [SIGN-1] two presses at once, or one after the other, are one person', async () => {
    const { desk, people } = bank
    const fields = { ...fieldsIn((await desk.get('/desk/people/new')).html), name: 'Zoë Novák' }
    const [one, two] = await Promise.all([
      desk.post('/desk/people/new', fields),
      desk.post('/desk/people/new', fields),
    ])
    const three = await desk.post('/desk/people/new', fields)
    expect(new Set([one.to, two.to, three.to]).size).toBe(1)
    expect(people.all().filter(({ name }) => name === 'Zoë Novák')).toHaveLength(1)
    const again = await desk.fill('/desk/people/new', { name: 'zoë novák' })
    expect(again.text).toContain('Somebody of this name is here already.')
    await desk.press(again, '/desk/people/new')
    expect(people.all().filter(({ name }) => /zoë/i.test(name))).toHaveLength(2)
  })
})

describe('changing what is known', () => {
  test('[SIGN-2] the form shows what is known; what is changed is changed, what is emptied goes, and it is noted', async () => {
    const { desk, people } = bank
    const path = at('A-1', '/change')
    const seen = await desk.fill(path, {
      name: 'Ada Marsh-Lee',
      phone: '020 7946 0991',
      email: 'ada@example.org',
      letters: ['paper', 'printLarge'],
      channel: 'letter',
      phoneWord: 'lighthouse',
    })
    expect(seen.text).toContain('Saved.')
    expect(seen.text).toContain('Ada Marsh-Lee')
    expect(seen.text).toContain('Changed details')
    expect(people.byNumber('A-1')).toMatchObject({
      name: 'Ada Marsh-Lee',
      phone: '020 7946 0991',
      email: 'ada@example.org',
      printLarge: true,
      paper: true,
      phoneWord: 'lighthouse',
    })
    expect(fieldsIn((await desk.get(path)).html)).toMatchObject({
      name: 'Ada Marsh-Lee',
      phone: '020 7946 0991',
    })
    expect(fieldsIn((await desk.get('/desk/letters?who=A-1')).html)).toMatchObject({ print: 'large' })
    await desk.fill(path, { email: '', name: 'Ada Marsh' })
    expect(people.byNumber('A-1')).toMatchObject({ name: 'Ada Marsh', email: null, phone: '020 7946 0991' })
  })

  test('[SIGN-1] a new number leads to the new page, and the old one to nobody', async () => {
    const { desk } = bank
    const seen = await desk.fill(at('C-1', '/change'), { number: 'C-9' })
    expect(seen.text).toContain('C-9')
    expect((await desk.get(at('C-1'))).status).toBe(404)
    await desk.fill(at('C-9', '/change'), { number: 'C-1' })
  })

  test.each([
    ['no name', { name: '' }, 'name', 'Type a name'],
    ['no number', { number: '' }, 'number', 'Type a number'],
    ['a number of somebody else', { number: 'b-1' }, 'number', 'belongs to someone else'],
    ['a number of the bank', { number: 'POT' }, 'number', 'belongs to someone else'],
    ['a long telephone', { phone: '1'.repeat(600) }, 'phone', 'too long to keep'],
  ] as const)(
    '[SIGN-2] %s: said beside the field, kept, and nothing changes',
    async (_, wrong, field, said) => {
      const { desk, people } = bank
      const before = people.byNumber('A-1')
      const seen = await desk.fill(at('A-1', '/change'), { area: 'kept', ...wrong })
      expect(seen.status).toBe(422)
      expect(seen.text).toContain(said)
      expect(seen.html).toContain(`id="${field}-error"`)
      expect(fieldsIn(seen.html)).toMatchObject({ area: 'kept', ...wrong })
      expect(people.byNumber('A-1')).toBe(before)
    },
  )
})

describe('the private note', () => {
  test('[DESK-4] [DESK-12] it is read by a press that the person can see, and by nothing else', async () => {
    const { desk } = bank
    expect((await desk.get(at('E-1'))).text).toContain('Note for the desk None')
    const written = await desk.fill(at('E-1', '/note'), { note: 'Two cats.\nRing twice.' })
    expect(written.text).toContain('There is one')
    for (const page of ['', '/note', '/change', '/helpers', '/account'])
      expect((await desk.get(at('E-1', page))).text, page).not.toContain('Two cats')
    expect((await desk.get(at('E-1'))).text).not.toContain('Read the note Priya')
    const read = await desk.fill(at('E-1', '/note'), { open: 'yes' })
    expect(read.text).toContain('Two cats.')
    expect((await desk.get(at('E-1'))).text).toMatch(/Priya Read the note/)
    const long = await desk.press(read, at('E-1', '/note'), { note: 'x'.repeat(9000) })
    expect(long.status).toBe(422)
    expect(fieldsIn(long.html).note).toHaveLength(9000)
    const gone = await desk.press(read, at('E-1', '/note'), { note: '' })
    expect(gone.text).toContain('Note for the desk None')
  })
})

describe('who may act for somebody', () => {
  const path = at('E-1', '/helpers')
  const BO = { helper: 'B-1', reach: 'record', agreed: 'yes' }

  test('[EX-15] named with the person’s word, until a day and for what; ended in one press', async () => {
    const { desk, people } = bank
    const year = String(new Date().getUTCFullYear() + 1)
    const seen = await desk.fill(path, { ...BO, day: '1', month: '5', year })
    expect(seen.text).toMatch(new RegExp(`Bo Lind Recording help, nothing else From .* to 1 May ${year}`))
    expect((await desk.get(at('E-1'))).text).toContain('Who may act for them Bo Lind')
    await desk.fill(path, { ...BO, helper: 'ada', reach: 'all' })
    expect(people.byNumber('E-1')?.helpers.map(({ forWhat, until }) => [forWhat, until])).toEqual([
      ['record', `${year}-05-01`],
      ['all', null],
    ])
    const [endBo] = formsIn((await desk.get(path)).html)
    const ended = await desk.follow(await desk.post(path, endBo ?? {}))
    expect(ended.text).not.toContain('Recording help, nothing else From')
    expect((await desk.follow(await desk.post(path, endBo ?? {}))).status).toBe(200)
    expect((await desk.get(at('E-1'))).text).toMatch(/Ended that somebody acts for them .* Let somebody act/)
  })

  test('[EX-15] two people of a name are told apart, and what was typed stays', async () => {
    const { desk, people } = bank
    const which = await desk.fill(at('A-1', '/helpers'), { ...BO, helper: 'bo' })
    expect(which.text).toContain('Which “bo”?')
    await desk.press(which, at('A-1', '/helpers'), { helper: 'B-2' })
    const [helper] = people.byNumber('A-1')?.helpers ?? []
    expect(helper?.account).toEqual(people.byNumber('B-2')?.account)
  })

  test.each([
    ['nobody', { helper: '' }, 'helper', 'Type who may act'],
    ['the person', { helper: 'E-1' }, 'helper', 'acts alone already'],
    ['not for what', { reach: '' }, 'reach', 'Choose for what'],
    ['half a day', { day: '3' }, 'day', 'Type day, month and year'],
    ['a day long over', { day: '3', month: '3', year: '2020' }, 'day', 'That day is over'],
    ['not asked', { agreed: '' }, 'agreed', 'Ask Edna Whitlock first'],
  ] as const)('[EX-15] %s: said beside the field and not kept', async (_, wrong, field, said) => {
    const { desk, people } = bank
    const before = people.byNumber('E-1')?.helpers
    const typed: Record<string, string> = { ...BO, day: '', month: '', year: '', ...wrong }
    if (typed.agreed === '') delete typed.agreed
    const seen = await desk.fill(path, typed)
    expect(seen.status).toBe(422)
    expect(seen.text).toContain(said)
    expect(seen.html).toContain(`id="${field}-error"`)
    expect(people.byNumber('E-1')?.helpers).toEqual(before)
  })
})

describe('resting and leaving', () => {
  test('[EX-11] an account rests and wakes up; meanwhile no hours leave it, and the desk reads why', async () => {
    const { desk } = bank
    const path = at('C-1', '/account')
    const resting = await desk.fill(path, {}, { act: 'suspend' })
    expect(resting.text).toContain('This account rests.')
    const check = await desk.fill('/desk/record', { helped: 'C-1', helper: 'A-1', hours: '1', known: 'here' })
    expect((await desk.press(check, '/desk/record', { save: 'yes' })).text).toContain(
      'account rests just now',
    )
    expect((await desk.fill(path, {}, { act: 'resume' })).text).not.toContain('rests')
    expect((await desk.post(path, { act: 'explode' })).status).toBe(404)
  })

  test('[EX-11] hours go to whoever is named, it is read over first, and the account closes once', async () => {
    const { desk, node } = bank
    await help('C-1', 'A-1', 90)
    const path = at('C-1', '/leave')
    const form = await desk.get(path)
    expect(form.text).toContain('Cy Barnes can still use 1 hour 30 minutes.')
    const missing = await desk.press(form, path, {})
    expect(missing.text).toContain('Choose who gets the hours')
    expect(missing.text).toContain('Choose how you know it is them')
    const self = await desk.press(form, path, { rest: 'person', who: 'C-1', known: 'here' })
    expect(self.text).toContain('Cy Barnes leaves. Choose somebody else')
    const which = await desk.press(form, path, { rest: 'person', who: 'bo', known: 'here' })
    const size = node.head.size
    const check = await desk.press(which, path, { who: 'B-1' })
    expect(check.text).toContain('1 hour 30 minutes will go from Cy Barnes to Bo Lind.')
    expect(node.head.size).toBe(size)
    const before = await bank.balance('B-1')
    const left = await desk.press(check, path, { save: 'yes' })
    expect(left.text).toContain('Cy Barnes has left.')
    expect(await bank.balance('B-1')).toBe(before + 90)
    const after = node.head.size
    const twice = await desk.press(check, path, { save: 'yes' })
    expect(twice.text).toContain('Cy Barnes has left.')
    expect(node.head.size).toBe(after)
    expect((await desk.get(at('C-1', '/account'))).text).toContain('Cy Barnes has left.')
    expect((await desk.fill(at('B-2', '/leave'), { known: 'here' })).text).toContain(
      'No hours are left to pass on.',
    )
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[EX-10] [EX-11] whoever was helped more leaves as kindly: the pot evens it out', async () => {
    const { desk } = bank
    await help('E-1', 'B-2', 60)
    const form = await desk.get(at('B-2', '/leave'))
    expect(form.text).toContain('The community pot evens it out, and nobody asks anything back.')
    const heir = await desk.fill(at('E-1', '/leave'), { rest: 'person', who: 'C-1', known: 'here' })
    expect(heir.text).toContain('This person has left')
    const check = await desk.press(form, at('B-2', '/leave'), { known: 'paper' })
    const before = await bank.balance('POT')
    await desk.press(check, at('B-2', '/leave'), { save: 'yes' })
    expect([await bank.balance('B-2'), await bank.balance('POT')]).toEqual([0, before - 60])
  })

  test('[PRIV-26] none of these pages is for anybody but coordinators, or about the bank’s own accounts', async () => {
    const { desk } = bank
    for (const page of ['/change', '/note', '/helpers', '/account', '/leave']) {
      expect((await new Browser(bank.url).get(at('A-1', page))).to, page).toMatch(/^\/sign-in\/desk/)
      expect((await new Browser(bank.url).post(at('A-1', page), {})).to, page).toBe('/sign-in/desk')
      for (const number of ['POT', 'BEFORE', 'Z-99'])
        expect((await desk.get(at(number, page))).status, page).toBe(404)
      expect((await desk.post(at('POT', page), { act: 'suspend', save: 'yes', end: 'A-1' })).status).toBe(404)
    }
  })
})
