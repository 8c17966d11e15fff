import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../src/http/routes.ts'
import { statusShape } from '../../src/http/shapes/bank.ts'
import { membersShape, statementShape } from '../../src/http/shapes/members.ts'
import { VERSION } from '../../src/version.ts'
import { type Answer, end, type TestBank, testBank } from './served.ts'

let harbour: TestBank

beforeAll(async () => {
  harbour = await testBank('Harbour')
})
afterAll(() => end(harbour))

async function added(name: string): Promise<string> {
  const answer = await harbour.call('POST', '/members', { name })
  expect(answer.status).toBe(201)
  return answer.json.number
}

function help(provider: string, recipient: string, minutes: unknown, more: object = {}): Promise<Answer> {
  const body = {
    by: 'coordinator',
    provider,
    recipient,
    minutes,
    channel: 'call',
    reason: 'telephoned',
    ...more,
  }
  return harbour.call('POST', '/exchanges', body)
}

describe('health and status', () => {
  test('[OPS-4] alive and ready', async () => {
    expect(await harbour.ask('/livez')).toMatchObject({ status: 200, json: { alive: true } })
    expect(await harbour.ask('/readyz')).toMatchObject({ status: 200, json: { ready: true, reasons: [] } })
  })

  test('status is that of the bank', async () => {
    const { json, headers } = await harbour.call('GET', '/status')
    expect(statusShape.parse(json)).toEqual(json)
    expect(json).toMatchObject({
      bank_id: harbour.id,
      name: 'Harbour',
      coordinator: 'Priya',
      version: VERSION,
      signing: 'yes',
      sum_minutes: 0,
    })
    expect(json.addresses[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3Koo/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('the clock of the machine can be confirmed', async () => {
    expect((await harbour.call('POST', '/clock/confirm')).json).toEqual({ done: true })
  })
})

describe('members', () => {
  test('are added with a name alone, listed, and looked at', async () => {
    const number = await added('Ada')
    const list = (await harbour.call('GET', '/members')).json
    expect(membersShape.parse(list)).toEqual(list)
    expect(list.members.map((one: { name: string }) => one.name)).toContain('Ada')
    const one = (await harbour.call('GET', `/members/${number.toLowerCase()}`)).json
    expect(statementShape.parse(one)).toEqual(one)
    expect(one).toMatchObject({ name: 'Ada', number, state: 'open', balance_minutes: 0, lines: [] })
  })

  test.each([
    [{ name: ' ' }, 422, 'name_missing'],
    [{ name: 'x'.repeat(200) }, 422, 'text_too_long'],
    [{ name: 'Pot', number: 'pot' }, 409, 'number_taken'],
    [{ name: 'Ada', joined_on: '2026-02-31' }, 400, 'request_malformed'],
  ])('%j is refused', async (body, status, code) => {
    const answer = await harbour.call('POST', '/members', body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  test('an unknown number is told as it was typed', async () => {
    const answer = await harbour.call('GET', '/members/M-9999')
    expect([answer.status, answer.json.code, answer.json.facts]).toEqual([
      404,
      'account_unknown',
      { number: 'M-9999' },
    ])
  })

  test('suspended, resumed, closed', async () => {
    const [number, other] = [await added('Edna'), await added('Sam')]
    const act = (to: string) => harbour.call('POST', `/members/${number}/state`, { act: to })
    expect((await act('suspend')).json.state).toBe('suspended')
    expect(await help(other, number, 30)).toMatchObject({ status: 409, json: { code: 'account_suspended' } })
    expect((await act('resume')).json.state).toBe('open')
    expect((await help(other, number, 30)).status).toBe(201)
    expect((await act('close')).json).toMatchObject({
      code: 'balance_not_zero',
      facts: { balanceMinutes: -30 },
    })
    expect((await help(number, other, 30)).status).toBe(201)
    expect((await act('close')).json.state).toBe('closed')
    expect((await act('resume')).json.code).toBe('account_closed')
    expect((await act('kill')).json.code).toBe('request_malformed')
  })

  test('a code for payers elsewhere has its limits', async () => {
    const number = await added('Bo')
    const issued = await harbour.call('POST', `/members/${number}/handles`, { uses: 2, days: 7 })
    expect(issued.status).toBe(201)
    expect(issued.json.to).toBe(`${harbour.id}/${issued.json.handle}`)
    expect((await harbour.call('POST', `/members/${number}/handles`)).status).toBe(201)
    expect((await harbour.call('POST', `/members/${number}/handles`, { uses: 0 })).json.code).toBe(
      'handle_limits',
    )
    expect((await harbour.call('POST', `/members/${number}/handles`, { days: 1.5 })).json.code).toBe(
      'handle_limits',
    )
  })
})

describe('help inside the bank', () => {
  test('[EX-7] is recorded once, however often the form is sent', async () => {
    const [ada, bo] = [await added('Ada'), await added('Bo')]
    const nonce = 'ab'.repeat(16)
    const first = await help(bo, ada, 90, { nonce, note: 'gardening', category: 7 })
    const second = await help(bo, ada, 90, { nonce, note: 'gardening', category: 7 })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.json).toEqual({ ...first.json, record: 'known' })
    const statement = (await harbour.call('GET', `/members/${bo}`)).json
    expect(statement).toMatchObject({ balance_minutes: 90, given_minutes: 90, received_minutes: 0 })
    expect(statement.lines).toHaveLength(1)
    expect(statement.lines[0]).toMatchObject({
      minutes: 90,
      what: 'exchange',
      note: 'gardening',
      category: 7,
      channel: 'call',
      id: first.json.id,
      index: first.json.index,
      with: [{ number: ada, name: 'Ada' }],
      bank_id: null,
    })
  })

  test('[EX-8] [DESK-3] is taken back in one press, or corrected; the statement tells both', async () => {
    const [ada, bo] = [await added('Ada'), await added('Bo')]
    const [one, two] = [(await help(bo, ada, 90)).json, (await help(bo, ada, 30)).json]
    const press = { nonce: 'cd'.repeat(16) }
    const back = (await harbour.call('POST', `/records/${one.id}/reverse`, press)).json
    expect(back).toMatchObject({ record: 'new', id: one.id, index: one.index, replaced_by: null })
    const again = (await harbour.call('POST', `/records/${one.id}/reverse`, press)).json
    expect(again).toEqual({ ...back, record: 'known' })
    const put = await harbour.call('POST', `/records/${two.id}/correct`, {
      cause: 'wrong_length',
      reason: 'It was an hour',
      replacement: { minutes: 60 },
    })
    const { lines, balance_minutes } = (await harbour.call('GET', `/members/${bo}`)).json
    expect(balance_minutes).toBe(60)
    const marks = lines.map((line: Record<string, unknown>) => [line.what, line.minutes, line.reversed_at])
    expect(marks).toEqual([
      ['exchange', 90, back.reversed_at],
      ['exchange', 30, put.json.reversed_at],
      ['reversed', -90, null],
      ['reversed', -30, null],
      ['exchange', 60, null],
    ])
    expect(lines[3]).toMatchObject({
      note: 'It was an hour',
      correction: { id: two.id, cause: 'wrong_length', replaced_by: put.json.replaced_by },
    })
    expect(lines[4].replaces).toBe(two.id)
  })

  test.each([
    ['ee'.repeat(32), 'reverse', {}, 404, 'record_unknown'],
    ['zz', 'reverse', {}, 400, 'request_malformed'],
    ['ee'.repeat(32), 'correct', {}, 400, 'request_malformed'],
    ['ee'.repeat(32), 'correct', { cause: 'bad_luck' }, 400, 'request_malformed'],
  ])('record %s, %s: %o is refused', async (id, act, body, status, code) => {
    const answer = await harbour.call('POST', `/records/${id}/${act}`, body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  test.each([
    [0, 422, 'minutes_out_of_range'],
    [-5, 422, 'minutes_out_of_range'],
    [1_000_000, 422, 'minutes_out_of_range'],
    [1.5, 422, 'minutes_not_whole'],
    ['90', 400, 'request_malformed'],
  ])('%j minutes: %i %s', async (minutes, status, code) => {
    const [ada, bo] = [await added('Ada'), await added('Bo')]
    expect(await help(bo, ada, minutes)).toMatchObject({ status, json: { code } })
  })

  test('what is missing or wrong is refused by name', async () => {
    const [ada, bo] = [await added('Ada'), await added('Bo')]
    const codes = await Promise.all([
      help('M-9999', ada, 30),
      help(bo, bo, 30),
      help(bo, ada, 30, { reason: null }),
      help(bo, ada, 30, { day: '2019-01-01' }),
      help(bo, ada, 30, { category: 5_000 }),
      help(bo, ada, 30, { note: 'x'.repeat(3_000) }),
      help(bo, ada, 30, { channel: 'pigeon' }),
    ])
    expect(codes.map(({ json }) => json.code)).toEqual([
      'account_unknown',
      'payer_is_payee',
      'reason_missing',
      'day_out_of_range',
      'category_unknown',
      'text_too_long',
      'request_malformed',
    ])
    expect((await harbour.call('GET', `/members/${ada}`)).json.lines).toEqual([])
  })

  test('a person never appears in the log of the operator', () => {
    expect(harbour.said.join('\n')).not.toMatch(/Ada|Bo\b|Edna|gardening/)
  })
})

describe('the OpenAPI document', () => {
  test('[OPS-14] is there without a token and holds every route, with its refusals', async () => {
    const { json, status } = await harbour.ask('/api/v1/openapi.json')
    expect([status, json.openapi]).toEqual([200, '3.1.0'])
    const documented = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, { operationId: string }>).map(
        ([method, one]) => `${one.operationId} ${method} ${path}`,
      ),
    )
    expect(documented.sort()).toEqual(
      ROUTES.map(({ id, method, path }) => `${id} ${method} /api/v1${path}`).sort(),
    )
    expect(json.paths['/api/v1/payments'].post.responses[409].description).toContain('line_full')
    expect(json.paths['/api/v1/import/check'].post.requestBody.content).toHaveProperty('multipart/form-data')
  })

  test('every reference in it leads somewhere, and every path parameter is described', async () => {
    const { json, text } = await harbour.ask('/api/v1/openapi.json')
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name as string)
    expect(names.length).toBeGreaterThan(20)
    for (const name of names) expect(json.components.schemas, name).toHaveProperty(name)
    for (const [path, methods] of Object.entries(
      json.paths as Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>,
    )) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const one of Object.values(methods)) {
        const described = (one.parameters ?? []).filter((each) => each.in === 'path').map((each) => each.name)
        expect(described.sort(), path).toEqual([...named].sort())
      }
    }
  })

  test('[EX-1] no rate, weight or price stands in any shape', async () => {
    const { text } = await harbour.ask('/api/v1/openapi.json')
    expect(text).not.toMatch(/"[a-z_]*(rate|weight|multiplier|price|currency|fee)[a-z_]*":/)
  })
})
