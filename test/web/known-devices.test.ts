/** Does somebody come in at home while strangers guess? With real cookies, and addresses as a proxy tells them. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { keepBankFacts, NO_FACTS } from '../../src/register/bank-facts.ts'
import { MemberKeys } from '../../src/register/member-keys.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { end } from '../http/served.ts'
import { type Answer, Caller, newNonce } from './caller.ts'
import { done, openWebBank, PASSWORD, type WebBank } from './town.ts'

const PIN = '2583'
let bank: WebBank
let ada: Person
beforeEach(async () => {
  bank = await openWebBank('Harbour', { http: { host: '127.0.0.1', port: 0, proxies: ['127.0.0.1'] } })
  ada = done(await addMember(bank.node, bank.people, { name: 'Ada Marsh' }))
  const keys = new MemberKeys(bank.node)
  const { code } = done(await keys.makeCode(ada.account, 'said'))
  done(await keys.choosePin(ada.account, PIN, { code }))
})
afterEach(() => end(bank))

const from = (address: string) => ({ origin: bank.url, 'x-forwarded-for': address })

function enter(caller: Caller, pin: string, more: Record<string, string> = {}): Promise<Answer> {
  return caller.post('/sign-in', { number: ada.number, pin, ...more }, from('81.2.69.142'))
}

/** A stranger guesses until the door of this number waits. */
async function shut(): Promise<void> {
  for (let i = 0; i < LIMITS.guesses; i++)
    await new Caller(bank.url).post('/sign-in', { number: ada.number, pin: '0000' }, from('81.2.69.1'))
  expect((await enter(new Caller(bank.url), PIN)).text).toContain('too many wrong tries')
}

test('[SIGN-13] after signing out the owner comes in again where they were, whoever else guesses', async () => {
  const home = new Caller(bank.url)
  expect((await enter(home, PIN)).to).toBe('/me')
  await home.post('/sign-out')
  await shut()
  expect((await enter(home, PIN)).to).toBe('/me')
  expect((await home.look('/me')).status).toBe(200)
})

test('[SIGN-13] a device on which they are signed in since before marks is known as well', async () => {
  const old = new Caller(bank.url)
  await enter(old, PIN)
  old.cookies.delete('device')
  await shut()
  expect((await enter(old, PIN)).to).toBe('/me')
})

test('[SIGN-13] a computer that others use keeps no mark, and a mark of one’s own making opens nothing', async () => {
  const shared = new Caller(bank.url)
  await enter(shared, PIN, { shared: 'yes' })
  expect([...shared.cookies.keys()]).toEqual(['commonhour'])
  await shut()
  const forged = new Caller(bank.url, { device: 'A'.repeat(43) })
  expect((await enter(forged, PIN)).status).toBe(422)
})

test('[SIGN-13] a new code forgets every device, as after a lost telephone', async () => {
  const lost = new Caller(bank.url)
  await enter(lost, PIN)
  const { code } = done(await new MemberKeys(bank.node).makeCode(ada.account, 'said'))
  const fresh = new Caller(bank.url)
  const typed = { number: ada.number, code, pin: '741038', again: '741038' }
  expect((await fresh.post('/sign-in/code', typed)).to).toBe('/me?new')
  await fresh.post('/sign-out')
  await shut()
  expect((await enter(lost, '741038')).status).toBe(422)
  expect((await enter(fresh, '741038')).to).toBe('/me')
})

test('[SIGN-13] whoever works at the desk has a known device too', async () => {
  const desk = new Caller(bank.url)
  const signIn = (caller: Caller, password: string): Promise<Answer> =>
    caller.post('/sign-in/desk', { name: 'Priya', password })
  expect((await signIn(desk, PASSWORD)).to).toBe('/desk')
  await desk.post('/sign-out')
  for (let i = 0; i < LIMITS.guesses; i++) await signIn(new Caller(bank.url), `wrong ${i}`)
  expect((await signIn(new Caller(bank.url), PASSWORD)).status).toBe(422)
  expect((await signIn(desk, PASSWORD)).to).toBe('/desk')
})

test('[DESK-5] whoever asks to join again and again is given the telephone number, and others go on', async () => {
  const { node } = bank
  done(await keepBankFacts(node, { ...NO_FACTS, phone: '01234 567 890' }))
  const join = (address: string): Promise<Answer> => {
    const fields = { name: 'Cleo Parr', phone: '020 7946 0995', agreed: '1', nonce: newNonce() }
    return new Caller(bank.url).post('/join', fields, from(address))
  }
  for (let i = 0; i < LIMITS.joinsOfAddress; i++) expect((await join('81.2.69.1')).to).toBe('/join?done')
  const shutOut = await join('81.2.69.1')
  expect([shutOut.status, shutOut.text]).toEqual([422, expect.stringContaining('Ring us on 01234 567 890')])
  expect((await join('81.2.69.2')).to).toBe('/join?done')
})

test('[SIGN-12] whoever tries one PIN at each of many numbers is stopped by the address', async () => {
  const guess = (i: number, address: string): Promise<Answer> =>
    new Caller(bank.url).post('/sign-in', { number: `H-${i}`, pin: '1929' }, from(address))
  for (let i = 0; i < LIMITS.guessesOfAddress; i++)
    expect((await guess(i, '2a02:8071:22c:9300::1')).text).not.toContain('too many wrong tries')
  for (const house of [
    '2a02:8071:22c:9300::2',
    '2a02:8071:22c:9300:aaaa::',
    '9.9.9.9, 2a02:8071:22c:9300::1',
  ])
    expect((await guess(99, house)).text).toContain('too many wrong tries')
  expect((await guess(99, '2a02:8071:22c:9301::1')).text).not.toContain('too many wrong tries')
})
