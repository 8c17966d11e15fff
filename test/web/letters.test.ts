import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeBack } from '../../src/register/corrections.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { end, StandingClock } from '../http/served.ts'
import { ok } from '../node/town.ts'
import { Browser, type DeskBank, deskBank, fieldsIn } from './served-pages.ts'

const PATH = '/desk/letters'
const DAY = 86_400
const ARABIC = {
  tag: 'ar',
  name: 'العربية',
  direction: 'rtl',
  messages: { 'letter.dear': 'مرحبا {name}،' },
} as const

let bank: DeskBank
const clock = new StandingClock()
beforeAll(async () => {
  bank = await deskBank('Harbour', { clock, zone: 'UTC', languages: [...LANGUAGES, ARABIC] })
  await bank.add({ name: 'Ada Marsh', number: 'A-1' })
  await bank.add({ name: 'Bo & Lind', number: 'B-1' })
  await bank.add({ name: 'Bo Karlsson', number: 'B-2', language: 'ar' })
  await bank.add({ name: 'Carmen Ruiz', number: 'C-1', language: 'es' })
  await bank.add({ name: 'Diego Sanz', number: 'D-1', language: 'es' })
  await bank.add({ name: 'Edna Whitlock', number: 'E-1' })
})
afterAll(() => end(bank))

async function help(provider: string, recipient: string, minutes: number, note = '') {
  const { node, people } = bank
  const [coordinator] = await node.read(({ book }) => people.coordinators.inOffice(book, node.logTime()))
  if (coordinator === undefined) throw new Error('Priya is in office')
  const act = { coordinator, channel: 'call', reason: 'telephoned' } as const
  const done = ok(await recordHelp(node, people, { provider, recipient, minutes, note }, act))
  return { ...done, act }
}

describe('letters', () => {
  test('[DESK-9] welcome: the number, how it works, whom to ring; that it was made is noted for the person', async () => {
    const { desk } = bank
    const chosen = await desk.get(`${PATH}?who=A-1`)
    expect(fieldsIn(chosen.html)).toMatchObject({ who: 'A-1' })
    const letter = await desk.press(chosen, PATH, { letter: 'welcome' })
    expect(letter.text).toContain(
      'Harbour Time Bank The Old School, Harbour Road Telephone 020 7946 0900 (Tuesday',
    )
    expect(letter.text).toContain('Dear Ada Marsh,')
    expect(letter.text).toMatch(/Your number is A-1/)
    expect(letter.text).toContain('Priya, for Harbour Time Bank')
    expect(letter.html).not.toContain('ch-letter--large')
    expect((await desk.get('/desk/people/A-1')).text).toContain('Made a letter')
  })

  test('[A11Y-8] large print, and from one size to the other', async () => {
    const { desk } = bank
    const large = await desk.fill(PATH, { who: 'ada', letter: 'statement', period: 'all', print: 'large' })
    expect(large.html).toContain('class="ch-letter ch-letter--large"')
    const link = /href="([^"]*print=normal[^"]*)"/.exec(large.html)?.[1]?.replaceAll('&amp;', '&')
    const normal = await desk.get(link ?? '')
    expect(normal.html).toContain('class="ch-letter"')
    expect(normal.text).toContain('Dear Ada Marsh,')
  })

  test('[EX-10] [EX-21] statement: two tallies in a sentence, every line, and how to object', async () => {
    const { desk, node, people } = bank
    const empty = await desk.fill(PATH, { who: 'E-1', letter: 'statement', period: 'all' })
    expect(empty.text).toContain('You have not helped and not been helped yet.')
    expect(empty.text).toContain('Nothing was recorded in this time.')
    await help('E-1', 'A-1', 90, 'Soup & bread')
    await help('B-1', 'E-1', 120)
    const wrong = await help('E-1', 'B-1', 600, 'A slip')
    ok(await takeBack(node, people, { record: wrong.id }, wrong.act))
    const seen = await desk.fill(PATH, { who: 'E-1', letter: 'statement', period: 'all' })
    expect(seen.text).toContain(
      'You have helped for 1 hour 30 minutes and been helped for 2 hours. You are welcome',
    )
    expect(seen.text).toMatch(/Helped Ada Marsh: Soup & bread 1 hour 30 minutes/)
    expect(seen.text).toMatch(/Was helped by Bo & Lind 2 hours/)
    expect(seen.html).toMatch(/ch-struck"[^>]*>Helped Bo &amp; Lind: A slip/)
    expect(seen.text).toContain('Ring 020 7946 0900 within 14 days')
    expect(seen.html).not.toContain('/desk/records/')
    const ada = await desk.fill(PATH, { who: 'B-1', letter: 'statement', period: 'all' })
    expect(ada.text).toContain('You can still use 2 hours.')
    for (const word of ['balance', 'debt', 'owe', 'pay', 'credit', '-90'])
      expect(seen.text).not.toContain(word)
  })

  test('[EX-21] a month: what was recorded in it and no more, taken-back help not counted', async () => {
    const { desk } = bank
    const thisMonth = new Date(clock.now() * 1000).toISOString().slice(0, 7)
    clock.offset += 40 * DAY
    await help('A-1', 'E-1', 15, 'Later')
    const later = await desk.get(PATH)
    const months = [...later.html.matchAll(/<option value="(\d{4}-\d{2})"/g)].map(([, month]) => month)
    expect(months).toHaveLength(13)
    expect(months).toContain(thisMonth)
    const first = await desk.fill(PATH, { who: 'E-1', letter: 'statement', period: thisMonth })
    expect(first.text).toMatch(/In \w+ \d{4} you helped for 1 hour 30 minutes and were helped for 2 hours\./)
    expect(first.text).not.toContain('Later')
    const now = await desk.fill(PATH, { who: 'E-1', letter: 'statement', period: months[0] ?? '' })
    expect(now.text).toContain('you helped for 0 minutes and were helped for 15 minutes.')
    expect(now.text).toContain('Later')
    expect(now.text).not.toContain('Soup')
    for (const period of ['2026-99', '<b>', '../..'])
      expect(
        (await desk.get(`${PATH}/for/E-1/statement?period=${encodeURIComponent(period)}`)).text,
      ).toContain('Soup')
  })

  test('[A11Y-7] a letter speaks the language of the person, the page around it that of the desk', async () => {
    const { desk } = bank
    const seen = await desk.fill(PATH, { who: 'B-2', letter: 'welcome' })
    expect(seen.html).toContain('<html lang="en" dir="ltr"')
    expect(seen.html).toContain('class="ch-letter" lang="ar" dir="rtl"')
    expect(seen.text).toContain('مرحبا Bo Karlsson،')
    expect(seen.text).toContain('Print this page.')
  })

  test('[A11Y-7] welcome, statement and the way in, in Spanish for whom it is the own language', async () => {
    const { desk } = bank
    await help('C-1', 'A-1', 45)
    const welcome = await desk.fill(PATH, { who: 'C-1', letter: 'welcome' })
    expect(welcome.html).toContain('class="ch-letter" lang="es" dir="ltr"')
    expect(welcome.text).toContain('Hola, Carmen Ruiz: Nos alegra que esté aquí.')
    const statement = await desk.fill(PATH, { who: 'C-1', letter: 'statement', period: 'all' })
    expect(statement.text).toContain('Todavía puede usar 45 minutos.')
    expect(statement.text).toContain('Ayudó a Ada Marsh')
    const code = await desk.fill('/desk/people/C-1/code', {}, { letter: 'yes' })
    expect(code.html).toContain('class="ch-letter" lang="es" dir="ltr"')
    expect(code.text).toContain('Elija un PIN que solo sepa usted.')
  })

  test('[A11Y-7] a receipt is in the language of both people, and where they differ in that of the page', async () => {
    const { desk } = bank
    const ofBoth = await help('C-1', 'D-1', 30)
    expect((await desk.get(`${PATH}/receipt/${ofBoth.index}`)).text).toContain(
      'Carmen Ruiz ayudó a Diego Sanz durante 30 minutos el',
    )
    const ofOne = await help('C-1', 'A-1', 30)
    expect((await desk.get(`${PATH}/receipt/${ofOne.index}`)).text).toContain(
      'Carmen Ruiz helped Ada Marsh for 30 minutes on',
    )
  })

  test('[EX-19] a receipt: the sentence, the phrase, the reference and whom to ring; struck through when taken back', async () => {
    const { desk, node, people } = bank
    const done = await help('A-1', 'B-1', 45, 'Shopping')
    const record = await desk.get(`/desk/records/${done.index}`)
    expect(record.html).toContain(`href="/desk/letters/receipt/${done.index}"`)
    const receipt = await desk.get(`${PATH}/receipt/${done.index}?print=large`)
    expect(receipt.text).toContain('Ada Marsh helped Bo & Lind for 45 minutes on')
    expect(receipt.text).toContain(receiptPhrase(done.id))
    expect(receipt.text).toContain('Ring 020 7946 0900 within 14 days.')
    expect(receipt.html).toContain('ch-letter--large')
    ok(await takeBack(node, people, { record: done.id }, done.act))
    expect((await desk.get(`${PATH}/receipt/${done.index}`)).text).toContain('This was taken back.')
  })

  test.each([
    ['nobody', { who: '', letter: 'welcome' }, 'who', 'Type who the letter is for'],
    ['a stranger', { who: 'Zed', letter: 'welcome' }, 'who', 'Nobody here fits “Zed”'],
    ['no letter', { who: 'A-1' }, 'letter', 'Choose a letter'],
    ['a letter there is not', { who: 'A-1', letter: 'summons' }, 'letter', 'Choose a letter'],
  ] as const)('[A11Y-2] %s: said above and beside the field', async (_, typed, field, said) => {
    const seen = await bank.desk.fill(PATH, { ...typed, print: 'large' })
    expect(seen.status).toBe(422)
    expect(seen.text).toContain(said)
    expect(seen.html).toContain(`id="${field}-error"`)
    expect(fieldsIn(seen.html)).toMatchObject({ who: typed.who, print: 'large' })
  })

  test('[DESK-9] two people of a name are asked about; no letters to the bank itself or to nobody', async () => {
    const { desk } = bank
    const which = await desk.fill(PATH, { who: 'bo', letter: 'welcome', print: 'large' })
    expect(which.text).toContain('Which “bo”?')
    const letter = await desk.press(which, PATH, { who: 'B-1' })
    expect(letter.text).toContain('Dear Bo & Lind,')
    expect(letter.html).toContain('ch-letter--large')
    for (const path of [
      'for/POT/welcome',
      'for/BEFORE/statement',
      'for/Z-9/welcome',
      'for/A-1/summons',
      'receipt/0',
      'receipt/x',
    ])
      expect((await desk.get(`${PATH}/${path}`)).status, path).toBe(404)
    for (const path of ['', '/for/A-1/statement', '/receipt/12'])
      expect((await new Browser(bank.url).get(PATH + path)).to).toMatch(/^\/sign-in\/desk/)
  })
})
