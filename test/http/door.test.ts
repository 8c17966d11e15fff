import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { end, type TestBank, testBank } from './served.ts'

let harbour: TestBank

beforeAll(async () => {
  harbour = await testBank('Harbour')
})
afterAll(() => end(harbour))

describe('the token', () => {
  test.each(ROUTES.map((route) => [route.method, route.path] as const))(
    '%s %s answers nobody without it',
    async (method, path) => {
      const url = `/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}`
      const none = await harbour.ask(url, { method: method.toUpperCase() })
      expect([none.status, none.json.code]).toEqual([401, 'token_missing'])
      expect(none.headers.get('www-authenticate')).toMatch(/^Bearer /)
      const wrong = await harbour.ask(url, {
        method: method.toUpperCase(),
        headers: { authorization: 'Bearer nonsense' },
      })
      expect([wrong.status, wrong.json.code]).toEqual([401, 'token_wrong'])
    },
  )

  test('a token that begins rightly is wrong, and the right one opens', async () => {
    const almost = await harbour.ask('/api/v1/status', {
      headers: { authorization: `Bearer ${harbour.token.slice(0, -1)}` },
    })
    expect(almost.json.code).toBe('token_wrong')
    expect((await harbour.call('GET', '/status')).status).toBe(200)
  })

  test('what does not exist is not told apart without the token', async () => {
    expect((await harbour.ask('/api/v1/nothing')).json.code).toBe('token_missing')
    expect((await harbour.call('GET', '/nothing')).json.code).toBe('nothing_here')
  })
})

describe('what is sent', () => {
  test('a path of the API that it does not have is not there; outside of it are the pages', async () => {
    const answer = await harbour.ask('/api/v2/members')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    const below = await harbour.call('GET', '/wp-login.php')
    expect([below.status, below.json.code]).toEqual([404, 'nothing_here'])
    expect(below.headers.get('content-type')).toBe('application/problem+json')
  })

  test('a body over the limit is refused, announced or not', async () => {
    const announced = await harbour.call('POST', '/members', { name: 'x'.repeat(LIMITS.httpBodyBytes) })
    expect([announced.status, announced.json.code]).toEqual([413, 'body_too_large'])
    expect(await sendInChunks(harbour, LIMITS.httpBodyBytes + 1)).toBe(413)
    expect((await harbour.call('GET', '/status')).status).toBe(200)
  })

  test.each([
    ['{"name": ', '', /not JSON/],
    ['[]', '', /expected object/],
    ['{"name": 7}', 'name', /expected string/],
    ['{"name": "Ada", "nmae": "Ada"}', 'nmae', /no such field/],
    ['{"name": "Ada", "joined_on": "21/11/2026"}', 'joined_on', /YYYY-MM-DD/],
    ['{"name": "Ada", "__proto__": {"kind": "fund"}}', '__proto__', /no such field/],
  ])('%s is malformed, and the field is named', async (body, field, problem) => {
    const answer = await harbour.ask('/api/v1/members', {
      method: 'POST',
      headers: { authorization: `Bearer ${harbour.token}` },
      body,
    })
    expect([answer.status, answer.json.code]).toEqual([400, 'request_malformed'])
    expect(answer.json.facts.field ?? '').toBe(field)
    expect(answer.json.detail).toMatch(problem)
  })

  test('bytes that are no text are malformed', async () => {
    const answer = await harbour.ask('/api/v1/members', {
      method: 'POST',
      headers: { authorization: `Bearer ${harbour.token}` },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    })
    expect(answer.json.code).toBe('request_malformed')
  })

  test('a question that is unknown is malformed', async () => {
    const answer = await harbour.call('GET', '/export?poeple=no')
    expect([answer.status, answer.json.facts.field]).toEqual([400, 'poeple'])
  })

  test('nothing was written by all this', async () => {
    const { members } = (await harbour.call('GET', '/members')).json
    expect(members.map((one: { kind: string }) => one.kind)).toEqual(['fund'])
  })
})

/** `fetch` always says how long a body is; a chunked one is sent by hand. */
function sendInChunks(bank: TestBank, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bank.token}`, 'transfer-encoding': 'chunked' }
    const sent = request(`${bank.url}/api/v1/members`, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    for (let left = bytes; left > 0; left -= 65_536) sent.write(Buffer.alloc(Math.min(left, 65_536), 0x20))
    sent.end()
  })
}
