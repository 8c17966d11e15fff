/** Does anything lead elsewhere, or count, because of a host or a cookie that somebody made up? */
import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { addMember } from '../../src/register/people.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { end } from '../http/served.ts'
import { Caller } from './caller.ts'
import { cookiesOf, done, openWebBank, PASSWORD, type WebBank } from './town.ts'

let bank: WebBank | undefined
afterEach(() => end(bank))

const HTTPS = { 'x-forwarded-proto': 'https' }

async function signedInOverHttps(at: WebBank): Promise<Caller> {
  const caller = new Caller(at.url)
  const headers = { ...HTTPS, origin: at.url }
  expect((await caller.post('/sign-in/desk', { name: 'Priya', password: PASSWORD }, headers)).to).toBe(
    '/desk',
  )
  return caller
}

/** The page of a code as a browser gets it that asked for this host. */
async function codePage(at: WebBank, host: string): Promise<string> {
  const cookie = `commonhour=${(await cookiesOf(at, 'member')).commonhour}`
  const ada = at.people.all().find(({ name }) => name === 'Ada Marsh')
  const wanted = { number: ada?.number ?? '', minutes: 45, what: 'shelves' }
  const { code } = done(await makeRequest(at.node, at.people, wanted))
  const { hostname, port } = new URL(at.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: `/codes/${code}`, headers: { host, cookie } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
}

test('[SIGN-14] over https the cookies have names that only this host can set, and no others count', async () => {
  bank = await openWebBank('Harbour')
  const caller = await signedInOverHttps(bank)
  expect([...caller.cookies.keys()].sort()).toEqual(['__Host-commonhour', '__Host-device'])
  expect((await caller.look('/desk', HTTPS)).status).toBe(200)
  // Somebody else's sign-in, planted by a page of a neighbouring name.
  const planted = new Caller(bank.url, { commonhour: caller.cookies.get('__Host-commonhour') ?? '' })
  expect((await planted.look('/desk', HTTPS)).status).toBe(303)
  expect((await planted.look('/desk')).status).toBe(303)
  await caller.post('/sign-out', {}, { ...HTTPS, origin: bank.url })
  expect([...caller.cookies.keys()]).toEqual(['__Host-device'])
})

test('[SIGN-14] each of them is for https alone, for this host and for every path', async () => {
  bank = await openWebBank('Harbour')
  const headers = { ...HTTPS, origin: bank.url }
  const fields = { name: 'Priya', password: PASSWORD }
  const { headers: answered } = await new Caller(bank.url).post('/sign-in/desk', fields, headers)
  expect(answered.getSetCookie()).toHaveLength(2)
  for (const line of answered.getSetCookie()) {
    expect(line).toMatch(/^__Host-(commonhour|device)=/)
    for (const one of ['; Path=/', '; Secure', '; HttpOnly', '; SameSite=Lax']) expect(line).toContain(one)
    expect(line).not.toContain('Domain')
  }
})

test('[SIGN-14] a sign-in from before goes on, is moved, and then counts under its new name alone', async () => {
  bank = await openWebBank('Harbour')
  const before = await cookiesOf(bank, 'coordinator')
  const caller = new Caller(bank.url, before)
  expect((await caller.look('/desk', HTTPS)).status).toBe(200)
  expect([...caller.cookies.keys()]).toEqual(['__Host-commonhour'])
  // The answer may have been lost on the way: until the new one comes back, the old one opens.
  expect((await new Caller(bank.url, before).look('/desk', HTTPS)).status).toBe(200)
  expect((await caller.look('/desk', HTTPS)).status).toBe(200)
  await expect
    .poll(async () => (await new Caller(bank?.url ?? '', before).look('/desk', HTTPS)).status)
    .toBe(303)
  expect((await caller.look('/desk', HTTPS)).status).toBe(200)
})

test('[SIGN-14] the public address says https where no proxy does, and plain http keeps its names', async () => {
  bank = await openWebBank('Harbour', {}, { publicUrl: 'https://bank.example' })
  await addMember(bank.node, bank.people, { name: 'Ada Marsh' })
  const near = new Caller(bank.url)
  await near.post('/sign-in/desk', { name: 'Priya', password: PASSWORD })
  expect([...near.cookies.keys()].sort()).toEqual(['commonhour', 'device'])
  const { hostname, port } = new URL(bank.url)
  const cookies = await new Promise<string[] | undefined>((resolve, reject) => {
    const headers = {
      host: 'bank.example',
      origin: 'https://bank.example',
      'content-type': 'application/x-www-form-urlencoded',
    }
    request({ hostname, port, path: '/sign-in/desk', method: 'POST', headers }, (answer) => {
      answer.resume()
      resolve(answer.headers['set-cookie'])
    })
      .on('error', reject)
      .end(String(new URLSearchParams({ name: 'Priya', password: PASSWORD })))
  })
  expect(cookies?.every((line) => line.startsWith('__Host-') && line.includes('; Secure'))).toBe(true)
  expect(cookies).toHaveLength(2)
})

test('[PRIV-34] a made-up host is in no link and no picture, and the page says so', async () => {
  const http = { host: '127.0.0.1', port: 0, names: ['bank.example'] }
  bank = await openWebBank('Harbour', { http })
  done(await addMember(bank.node, bank.people, { name: 'Ada Marsh' }))
  for (const host of [
    'evil.example',
    'bank.example.evil.example',
    'evil.example:7600',
    '127.0.0.1.evil.example',
    '81.2.69.142',
  ]) {
    const text = await codePage(bank, host)
    expect(text).toContain('There is no link here')
    expect(text).not.toContain(host)
    expect(text).not.toContain('<svg class="ch-qr')
  }
  for (const host of [
    'bank.example',
    '127.0.0.1:7600',
    'localhost',
    '192.168.1.7:7600',
    'bank.local',
    '[::1]:7600',
  ]) {
    const text = await codePage(bank, host)
    expect(text).toContain(`http://${host}/r/`)
    expect(text).not.toContain('There is no link here')
  }
})

test('[PRIV-34] with a public address the link names it, whatever host was asked for', async () => {
  bank = await openWebBank('Harbour', {}, { publicUrl: 'https://bank.example/pages/' })
  done(await addMember(bank.node, bank.people, { name: 'Ada Marsh' }))
  for (const host of ['evil.example', 'localhost'])
    expect(await codePage(bank, host)).toContain('https://bank.example/pages/r/')
})
