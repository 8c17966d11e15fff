import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addCoordinator } from '../../src/register/office.ts'
import { SignIns } from '../../src/register/sign-ins.ts'
import { end } from '../http/served.ts'
import { ok } from '../node/town.ts'
import { Browser, type DeskBank, deskBank, formsIn, PASSWORD } from './served-pages.ts'

const PATH = '/desk/me'
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
const CODE = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g

let bank: DeskBank
beforeAll(async () => {
  bank = await deskBank()
})
afterAll(() => end(bank))

/** Priya, on another device. */
async function elsewhere(password = PASSWORD): Promise<Browser> {
  const browser = new Browser(bank.url, FIREFOX)
  const seen = await browser.post('/sign-in/desk', { name: 'priya', password })
  expect(seen.to).toBe('/desk')
  return browser
}

const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/desk')).status === 200

describe('a coordinator’s own page', () => {
  test('[SIGN-10] the name leads there; each device is listed and can be signed out, and all others at once', async () => {
    const { desk } = bank
    expect((await desk.get('/desk')).html).toMatch(/<a[^>]*href="\/desk\/me"[^>]*>\s*Priya, coordinator/)
    const [one, two, three] = [await elsewhere(), await elsewhere(), await elsewhere()]
    const seen = await desk.get(PATH)
    expect(seen.text).toContain('Firefox, Linux')
    expect(seen.text).toContain('This one, which you use now')
    const ends = formsIn(seen.html).filter((form) => 'end' in form)
    expect(ends).toHaveLength(3)
    const after = await desk.follow(await desk.post(PATH, ends[0] ?? {}))
    expect(after.text).toContain('Signed out there.')
    expect([await isIn(one), await isIn(two), await isIn(three)].filter(Boolean)).toHaveLength(2)
    expect((await desk.follow(await desk.post(PATH, ends[0] ?? {}))).status).toBe(200)
    expect((await desk.follow(await desk.post(PATH, { others: 'yes' }))).text).toContain(
      'signed in nowhere else',
    )
    expect([await isIn(one), await isIn(two), await isIn(three), await isIn(desk)]).toEqual([
      false,
      false,
      false,
      true,
    ])
  })

  test('[SIGN-10] nobody ends a sign-in of somebody else', async () => {
    const { desk, node, people } = bank
    const owen = ok(await addCoordinator(node, people, { name: 'Owen' }))
    const priya = await elsewhere()
    const name = formsIn((await desk.get(PATH)).html).find((form) => 'end' in form)
    const browser = new Browser(bank.url)
    expect((await browser.get(PATH)).to).toBe('/sign-in/desk?to=%2Fdesk%2Fme')
    const who = { role: 'coordinator', id: owen.actor } as const
    browser.hold(
      'commonhour',
      ok(await new SignIns(node).open(who, { onSharedComputer: false, device: 'Owen' })),
    )
    expect((await browser.post(PATH, name ?? {})).to).toBe('/desk/me')
    expect(await isIn(priya)).toBe(true)
    expect((await browser.get(PATH)).text).toContain('Owen, coordinator')
    await desk.post(PATH, { others: 'yes' })
    expect(await isIn(browser)).toBe(true)
  })

  test.each([
    ['the wrong one', { old: 'four other words now' }, 'old', 'That is not your password now'],
    ['a short one', { password: 'short', again: 'short' }, 'password', 'Use at least 12 characters'],
    ['two that differ', { again: 'something else again' }, 'again', 'The two passwords differ'],
    ['a huge one', { password: 'x'.repeat(5000), again: 'x'.repeat(5000) }, 'old', 'too long to keep'],
  ] as const)(
    '[SIGN-8] a new password, but %s: nothing changes and nothing secret comes back',
    async (_, wrong, field, said) => {
      const { desk } = bank
      const typed = {
        old: PASSWORD,
        password: 'a whole new sentence',
        again: 'a whole new sentence',
        ...wrong,
      }
      const seen = await desk.post(PATH, typed)
      expect(seen.status).toBe(422)
      expect(seen.text).toContain(said)
      expect(seen.html).toContain(`id="${field}-error"`)
      expect(seen.html).not.toContain('a whole new sentence')
      expect(await isIn(await elsewhere())).toBe(true)
    },
  )

  test('[SIGN-8] with the old password a new one: other devices are out, the old one opens nothing', async () => {
    const { desk } = bank
    const other = await elsewhere()
    const fresh = 'a whole new sentence'
    const seen = await desk.post(PATH, { old: PASSWORD, password: fresh, again: fresh })
    expect(seen.text.match(CODE)).toHaveLength(10)
    expect([await isIn(desk), await isIn(other)]).toEqual([true, false])
    const stranger = new Browser(bank.url)
    expect((await stranger.post('/sign-in/desk', { name: 'Priya', password: PASSWORD })).status).toBe(422)
    expect(await isIn(await elsewhere(fresh))).toBe(true)
    const back = await desk.post(PATH, { old: fresh, password: PASSWORD, again: PASSWORD })
    expect(back.status).toBe(200)
  })

  test('[SIGN-8] new recovery codes: the old ones end, the password stays', async () => {
    const { desk } = bank
    const first = (await desk.post(PATH, { now: PASSWORD })).text.match(CODE) ?? []
    expect((await desk.post(PATH, { now: 'wrong words here now' })).text).toContain(
      'That is not your password now',
    )
    const second = (await desk.post(PATH, { now: PASSWORD })).text.match(CODE) ?? []
    expect(second).toHaveLength(10)
    const lost = new Browser(bank.url)
    expect((await lost.post('/sign-in/recovery', { name: 'Priya', code: first[0] ?? '' })).status).toBe(422)
    expect((await lost.post('/sign-in/recovery', { name: 'Priya', code: second[0] ?? '' })).to).toMatch(
      /^\/setup\//,
    )
    expect(await isIn(await elsewhere())).toBe(true)
  })

  test('[SIGN-8] wrong passwords are counted here as at the door', async () => {
    const { desk } = bank
    let last = ''
    for (let i = 0; i < 7; i++) last = (await desk.post(PATH, { now: `wrong words number ${i}` })).text
    expect(last).toContain('too many wrong tries')
    expect((await desk.post(PATH, { now: PASSWORD })).status).toBe(422)
    expect(await isIn(desk)).toBe(true)
  })
})
