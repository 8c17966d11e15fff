import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signingKey } from '../../src/core/ed25519.ts'
import { BANK_ID_BYTES, type Bytes, fromBase32, fromHex, toHex } from '../../src/core/ids.ts'
import { memoCommitment } from '../../src/core/memo.ts'
import { devicePreimage, orderPreimage } from '../../src/core/sign.ts'
import { encodeOrder } from '../../src/core/transfer/order.ts'
import { neighboursShape } from '../../src/http/shapes/neighbours.ts'
import { paymentShape, paymentsShape, sentPaymentShape } from '../../src/http/shapes/payments.ts'
import { end, openLine, type TestBank, testBank, twoBanks, until } from './served.ts'

let harbour: TestBank
let millbrook: TestBank
let ada: string
let bo: { number: string; handle: string }

const random = (length: number): Bytes => new Uint8Array(randomBytes(length))

beforeAll(async () => {
  ;({ harbour, millbrook } = await twoBanks())
  ada = (await harbour.call('POST', '/members', { name: 'Ada' })).json.number
  const { number } = (await millbrook.call('POST', '/members', { name: 'Bo' })).json
  const { handle } = (await millbrook.call('POST', `/members/${number}/handles`, { uses: 100 })).json
  bo = { number, handle }
})
afterAll(() => end(harbour, millbrook))

function pay(minutes: unknown, more: object = {}): ReturnType<TestBank['call']> {
  return harbour.call('POST', '/payments', {
    by: 'coordinator',
    payer: ada,
    bank: millbrook.id,
    handle: bo.handle,
    minutes,
    channel: 'call',
    reason: 'telephoned',
    ...more,
  })
}

describe('neighbours', () => {
  test('are listed with their line, in the shape that is promised', async () => {
    const { json } = await harbour.call('GET', '/neighbours')
    expect(neighboursShape.parse(json)).toEqual(json)
    expect(json.neighbours).toMatchObject([
      {
        bank_id: millbrook.id,
        name: 'Millbrook',
        line_state: 'open',
        room_to_send_minutes: 2_400,
        paused_here: false,
      },
    ])
  })

  test('are found by id at an address', async () => {
    const { addresses } = (await millbrook.call('GET', '/status')).json
    const found = await harbour.call('POST', '/neighbours/find', { bank_id: millbrook.id, addresses })
    expect(found).toMatchObject({ status: 200, json: { name: 'Millbrook', bank_id: millbrook.id } })
    const own = await harbour.call('POST', '/neighbours/find', { bank_id: harbour.id })
    expect([own.status, own.json.code]).toEqual([422, 'own_bank'])
    const bad = await harbour.call('POST', '/neighbours/find', {
      bank_id: millbrook.id,
      addresses: ['/ip4/127.0.0.1/tcp/1'],
    })
    expect([bad.json.code, bad.json.facts.field]).toEqual(['request_malformed', 'addresses'])
  })

  test('one line is enough, and an unknown name is no bank', async () => {
    expect((await harbour.call('POST', '/neighbours', { bank_id: millbrook.id })).json.code).toBe(
      'line_exists',
    )
    expect((await harbour.call('POST', '/neighbours/Nowhere/pause', {})).json.code).toBe('bank_unknown')
    expect((await harbour.call('POST', '/neighbours', {})).json.facts.field).toBe('bank_id')
    expect((await harbour.call('POST', `/neighbours/${millbrook.id}/accept`, {})).json.code).toBe(
      'proposal_unknown',
    )
  })

  test('are paused and resumed by name', async () => {
    expect((await harbour.call('POST', '/neighbours/millbrook/pause', {})).json.paused_here).toBe(true)
    expect((await pay(30)).json.code).toBe('line_paused')
    expect((await harbour.call('POST', '/neighbours/millbrook/pause', {})).json.code).toBe('line_paused')
    expect((await harbour.call('POST', '/neighbours/millbrook/resume', {})).json.paused_here).toBe(false)
    expect((await harbour.call('POST', '/neighbours/millbrook/resume', {})).json.code).toBe('not_paused')
  })

  test('a limit counts once the neighbour has acknowledged it', async () => {
    const set = await harbour.call('POST', '/neighbours/millbrook/limit', { they_may_owe_minutes: 3_000 })
    expect(set.status).toBe(200)
    await until(
      async () =>
        (await harbour.call('GET', '/neighbours')).json.neighbours[0].they_may_owe_minutes === 3_000,
    )
    const wrong = await harbour.call('POST', '/neighbours/millbrook/limit', { they_may_owe_minutes: -1 })
    expect([wrong.status, wrong.json.code]).toEqual([422, 'limit_out_of_range'])
  })
})

describe('payments by a coordinator', () => {
  test('are done, and both banks tell it', async () => {
    const sent = await pay(90, { note: 'gardening', category: 7 })
    expect(sent.status).toBe(202)
    expect(sentPaymentShape.parse(sent.json)).toEqual(sent.json)
    const ended = await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)
    expect(paymentShape.parse(ended.json)).toEqual(ended.json)
    expect(ended.json).toMatchObject({
      state: 'paid',
      word: 'Done',
      ended: true,
      minutes: 90,
      number: ada,
      bank_name: 'Millbrook',
    })
    const there = await millbrook.call('GET', `/payments/${sent.json.id}`)
    expect(there.json).toMatchObject({ role: 'payee', state: 'credited', word: 'Done', number: bo.number })
    const statement = (await millbrook.call('GET', `/members/${bo.number}`)).json
    expect(statement.lines.at(-1)).toMatchObject({
      what: 'received',
      minutes: 90,
      bank_id: harbour.id,
      bank_name: 'Harbour',
    })
    expect((await harbour.call('GET', `/members/${ada}`)).json.lines.at(-1)).toMatchObject({
      what: 'sent',
      minutes: -90,
    })
  })

  test('[EX-7] the same form is the same payment', async () => {
    const nonce = 'cd'.repeat(16)
    const [first, second] = [await pay(15, { nonce }), await pay(15, { nonce })]
    expect(second.json).toMatchObject({ id: first.json.id, record: 'known' })
    await harbour.call('GET', `/payments/${first.json.id}?wait=20`)
  })

  test.each([
    [{ payer: 'M-9999' }, 404, 'account_unknown'],
    [{ bank: 'Nowhere' }, 404, 'bank_unknown'],
    [{ bank: 'a'.repeat(32) }, 409, 'line_missing'],
    [{ minutes: 0 }, 422, 'minutes_out_of_range'],
    [{ minutes: 7.5 }, 422, 'minutes_not_whole'],
    [{ minutes: 100_000 }, 422, 'minutes_out_of_range'],
    [{ minutes: 2_500, bank: 'Millbrook' }, 409, 'payer_stop'],
    [{ reason: null }, 422, 'reason_missing'],
    [{ decide_within_seconds: 10_000_000 }, 422, 'deadline_too_far'],
    [{ decide_within_seconds: -1 }, 409, 'order_expired'],
    [{ handle: 'short' }, 400, 'request_malformed'],
  ])('%j is refused and moves nothing', async (more, status, code) => {
    const before = (await harbour.call('GET', `/members/${ada}`)).json.balance_minutes
    const answer = await pay(30, more)
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect((await harbour.call('GET', `/members/${ada}`)).json.balance_minutes).toBe(before)
  })

  test('the own bank is no neighbour', async () => {
    expect((await pay(30, { bank: harbour.id })).json.code).toBe('own_bank')
  })

  test('a code that the other bank does not know ends it, and the hours are free again', async () => {
    const before = (await harbour.call('GET', `/members/${ada}`)).json.balance_minutes
    const sent = await pay(30, { handle: 'a'.repeat(26) })
    const ended = await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)
    expect(ended.json).toMatchObject({
      state: 'dead',
      ended: true,
      reason: 'handle_unknown',
      word: 'Did not go through',
    })
    expect((await harbour.call('GET', `/members/${ada}`)).json.balance_minutes).toBe(before)
  })

  test('an unknown payment is unknown, and a done one cannot be cancelled', async () => {
    const id = 'ef'.repeat(32)
    expect((await harbour.call('GET', `/payments/${id}`)).json.code).toBe('payment_unknown')
    expect((await harbour.call('POST', `/payments/${id}/cancel`)).json.code).toBe('payment_unknown')
    expect((await harbour.call('GET', '/payments/xyz')).json.code).toBe('request_malformed')
    const sent = await pay(15)
    await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)
    expect((await harbour.call('POST', `/payments/${sent.json.id}/cancel`)).json.code).toBe('not_cancellable')
  })
})

describe('payments by a device', () => {
  async function device(): Promise<{ id: Bytes; key: ReturnType<typeof signingKey>; account: Bytes }> {
    const { account } = (await harbour.call('GET', `/members/${ada}`)).json
    const acct = fromHex(account, 16) as Bytes
    const key = signingKey(random(32))
    const id = random(16)
    const bank = fromBase32(harbour.id, BANK_ID_BYTES) as Bytes
    const registered = await harbour.call('POST', `/members/${ada}/devices`, {
      device: toHex(id),
      key: toHex(key.publicKey),
      possession: toHex(key.sign(devicePreimage({ bank, acct, device: id, key: key.publicKey }))),
    })
    expect(registered.status).toBe(201)
    return { id, key, account: acct }
  }

  async function order(by: { id: Bytes; key: ReturnType<typeof signingKey>; account: Bytes }, note: string) {
    const { time } = (await harbour.call('GET', '/status')).json
    const texts = ['', '', note] as const
    const salts = [random(32), random(32), random(32)] as const
    const bytes = encodeOrder({
      version: 1,
      payerBank: fromBase32(harbour.id, BANK_ID_BYTES) as Bytes,
      payer: by.account,
      payeeBank: fromBase32(millbrook.id, BANK_ID_BYTES) as Bytes,
      handle: fromBase32(bo.handle, 16) as Bytes,
      minutes: 20,
      category: 0,
      day: Math.floor(time / 86_400),
      commitment: memoCommitment(texts, salts),
      decideBy: time + 60,
      postal: false,
      invoice: null,
      refs: [],
      nonce: random(16),
    })
    return {
      by: 'device',
      order: toHex(bytes),
      device: toHex(by.id),
      signature: toHex(by.key.sign(orderPreimage(bytes))),
      memo: { texts, salts: salts.map(toHex) },
    }
  }

  test('are done with the signature of the member, once', async () => {
    const body = await order(await device(), 'tea')
    const sent = await harbour.call('POST', '/payments', body)
    expect(sent.status).toBe(202)
    expect((await harbour.call('POST', '/payments', body)).json).toMatchObject({
      id: sent.json.id,
      record: 'known',
    })
    expect((await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)).json.state).toBe('paid')
    expect((await harbour.call('GET', `/members/${ada}`)).json.lines.at(-1).note).toBe('tea')
  })

  test('a wrong signature, other words, and a removed device are refused', async () => {
    const mine = await device()
    const body = await order(mine, 'tea')
    const signature = `${body.signature.slice(0, -2)}${body.signature.endsWith('00') ? '01' : '00'}`
    expect((await harbour.call('POST', '/payments', { ...body, signature })).json.code).toBe(
      'signature_wrong',
    )
    const memo = { ...body.memo, texts: ['', '', 'coffee'] }
    expect((await harbour.call('POST', '/payments', { ...body, memo })).json.code).toBe('request_malformed')
    expect((await harbour.call('POST', '/payments', { ...body, order: 'c0ffee' })).json.code).toBe(
      'order_malformed',
    )
    const path = `/members/${ada}/devices/${toHex(mine.id)}`
    expect((await harbour.call('DELETE', path)).json).toEqual({ device: toHex(mine.id) })
    expect((await harbour.call('POST', '/payments', body)).json.code).toBe('device_removed')
    expect((await harbour.call('DELETE', path)).json.code).toBe('device_removed')
  })
})

describe('when the other bank is away', () => {
  test('a payment waits, is seen, cancelled, sent anyway, and does not keep whoever asks', async () => {
    const away = await testBank('Northgate')
    try {
      await openLine(harbour, away)
      const { number } = (await away.call('POST', '/members', { name: 'Edna' })).json
      const { handle } = (await away.call('POST', `/members/${number}/handles`, { uses: 9 })).json
      await away.close()

      const held = await pay(10, { bank: away.id, handle })
      expect(held.json).toMatchObject({ state: 'held', word: 'Waiting', ended: false })
      const asked = performance.now()
      expect((await harbour.call('GET', `/payments/${held.json.id}?wait=1`)).json.state).toBe('held')
      expect(performance.now() - asked).toBeLessThan(10_000)
      const open = (await harbour.call('GET', '/payments')).json
      expect(paymentsShape.parse(open)).toEqual(open)
      expect(open.payments.map((one: { id: string }) => one.id)).toContain(held.json.id)
      expect((await harbour.call('POST', `/payments/${held.json.id}/cancel`)).json).toMatchObject({
        word: 'Cancelled',
      })

      const second = await pay(10, { bank: away.id, handle })
      const acting = { channel: 'call', reason: 'telephoned' }
      const waiting = await harbour.call('POST', `/payments/${second.json.id}/wait`, acting)
      expect(waiting).toMatchObject({ status: 202, json: { state: 'held', record: 'new' } })
      const anyway = await harbour.call('POST', `/payments/${waiting.json.id}/send-anyway`, acting)
      expect(anyway).toMatchObject({
        status: 202,
        json: { state: 'sent', word: 'On its way', mode: 'postal' },
      })
      expect((await harbour.call('POST', `/payments/${anyway.json.id}/cancel`)).json.code).toBe(
        'not_cancellable',
      )
      expect((await harbour.call('POST', `/payments/${anyway.json.id}/wait`, {})).json.code).toBe(
        'request_malformed',
      )
    } finally {
      await end(away)
    }
  })

  test('an invitation opens a line with nobody asking again, once', async () => {
    const inviting = await testBank('Inviting')
    try {
      const made = await inviting.call('POST', '/invitations')
      expect(made.status).toBe(201)
      const { invite } = made.json
      expect((await harbour.call('POST', '/neighbours', { invite })).status).toBe(201)
      await until(async () =>
        (await harbour.call('GET', '/neighbours')).json.neighbours.some(isOpenWith(inviting.id)),
      )
      expect((await millbrook.call('POST', '/neighbours', { invite })).status).toBe(201)
      await until(async () => (await inviting.call('GET', '/neighbours')).json.proposals.length === 1)
      expect(
        (await harbour.call('POST', '/neighbours', { invite: 'commonhour:invite?b=x' })).json.facts.field,
      ).toBe('invite')
    } finally {
      await end(inviting)
    }
  })

  test('two neighbours of one name are told apart by their ids alone', async () => {
    const twin = await testBank('Millbrook')
    try {
      const { addresses } = (await twin.call('GET', '/status')).json
      await harbour.call('POST', '/neighbours', { bank_id: twin.id, addresses })
      const answer = await pay(10, { bank: 'Millbrook' })
      expect([answer.status, answer.json.code]).toEqual([409, 'bank_ambiguous'])
      expect(answer.json.detail).toContain(twin.id)
      expect(answer.json.detail).toContain(millbrook.id)
      expect((await pay(10, { bank: twin.id })).json.code).toBe('line_proposed')
    } finally {
      await end(twin)
    }
  })
})

function isOpenWith(id: string) {
  return (one: { bank_id: string; line_state: string }): boolean =>
    one.bank_id === id && one.line_state === 'open'
}
