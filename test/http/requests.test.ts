/** Do the addresses of the API make, show, fetch and pay requests, and name every "no"? */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sentPaymentShape } from '../../src/http/shapes/payments.ts'
import {
  fetchedRequestShape,
  foundMemberShape,
  requestShape,
  requestsShape,
} from '../../src/http/shapes/requests.ts'
import { end, type TestBank, twoBanks } from './served.ts'

let harbour: TestBank
let millbrook: TestBank
let ada: string
let bo: string

beforeAll(async () => {
  ;({ harbour, millbrook } = await twoBanks())
  ada = (await harbour.call('POST', '/members', { name: 'Ada Lovelace' })).json.number
  bo = (await millbrook.call('POST', '/members', { name: 'Bo Mei' })).json.number
})
afterAll(() => end(harbour, millbrook))

const asks = (more: object = {}) =>
  millbrook.call('POST', '/requests', { number: bo, minutes: 90, what: 'gardening', ...more })
const acting = { channel: 'call', reason: 'telephoned' }
const pays = (more: object) =>
  harbour.call('POST', '/payments', { by: 'coordinator', payer: ada, bank: 'Millbrook', ...acting, ...more })

describe('requests by code', () => {
  test('[EX-20] are made, fetched, paid and seen as paid, in the shapes that are promised', async () => {
    const made = await asks()
    expect(made.status).toBe(201)
    expect(requestShape.parse(made.json)).toEqual(made.json)
    expect(made.json).toMatchObject({ state: 'open', number: bo, uses: 1, used: [] })
    const { shown, code } = made.json
    const read = await harbour.call('GET', `/neighbours/Millbrook/requests/${shown}`)
    expect(fetchedRequestShape.parse(read.json)).toEqual(read.json)
    expect(read.json).toMatchObject({
      payee: 'Bo M.',
      minutes: 90,
      what: 'gardening',
      bank_name: 'Millbrook',
    })
    const waits = millbrook.call('GET', `/requests/${code}?wait=20`)
    const sent = await pays({ request: shown })
    expect(sent.status).toBe(202)
    expect(sentPaymentShape.parse(sent.json)).toEqual(sent.json)
    expect(sent.json).toMatchObject({ mode: 'invoice', record: 'new', minutes: 90 })
    const seen = await waits
    expect(seen.json).toMatchObject({ state: 'used', used: [{ id: sent.json.id }] })
    const ended = await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)
    expect(ended.json).toMatchObject({ state: 'paid', word: 'Done' })
    const again = await harbour.call('GET', `/neighbours/Millbrook/requests/${code}`)
    expect([again.status, again.json.code]).toEqual([409, 'request_used'])
    const bos = await millbrook.call('GET', `/members/${bo}`)
    expect(bos.json.lines[0]).toMatchObject({ what: 'received', note: 'gardening' })
  })

  test('[EX-20] are listed and taken back', async () => {
    const { code } = (await asks({ minutes: null, uses: 5 })).json
    const list = await millbrook.call('GET', `/members/${bo}/requests`)
    expect(requestsShape.parse(list.json)).toEqual(list.json)
    expect(list.json.requests[0]).toMatchObject({ code, state: 'open', minutes: null })
    const back = await millbrook.call('DELETE', `/requests/${code}`)
    expect(back.json).toMatchObject({ state: 'withdrawn' })
    const paid = await pays({ request: code, minutes: 5 })
    expect([paid.status, paid.json.code]).toEqual([409, 'request_withdrawn'])
  })

  test('[EX-20] inside one bank they are paid under their own address', async () => {
    const cy = (await millbrook.call('POST', '/members', { name: 'Cy' })).json.number
    const { code } = (await asks({ minutes: 20 })).json
    const paid = await millbrook.call('POST', `/requests/${code}/pay`, { payer: cy, ...acting })
    expect([paid.status, paid.json.record]).toEqual([201, 'new'])
    const own = await millbrook.call('POST', '/payments', {
      by: 'coordinator',
      payer: cy,
      bank: millbrook.id,
      request: (await asks()).json.code,
      ...acting,
    })
    expect([own.status, own.json.code]).toEqual([422, 'own_bank'])
    expect((await millbrook.call('POST', `/requests/${code}/pay`, { payer: bo, ...acting })).json.code).toBe(
      'payer_is_payee',
    )
  })

  test.each([
    ['two payees', { request: 'AAAAAAAA', number: 'M-0001', minutes: 5 }, 'request_malformed'],
    ['no payee', { minutes: 5 }, 'request_malformed'],
    ['no such code', { request: 'AAAAAAAA' }, 'request_unknown'],
    ['no such number', { number: 'M-9999', minutes: 5 }, 'member_not_found'],
    ['no such bank', { bank: 'Nowhere', request: 'AAAAAAAA' }, 'bank_unknown'],
    ['no minutes', { number: 'M-0001' }, 'minutes_out_of_range'],
  ])('[EX-20] %s is refused by name', async (_what, more, code) => {
    expect((await pays(more)).json.code).toBe(code)
  })
})

describe('members of another bank', () => {
  test('[INV-6] are found by number and paid by it', async () => {
    const found = await harbour.call('GET', `/neighbours/Millbrook/members/${bo}`)
    expect(foundMemberShape.parse(found.json)).toEqual(found.json)
    expect(found.json).toMatchObject({ payee: 'Bo M.', bank_id: millbrook.id })
    const sent = await pays({ number: bo, minutes: 15, note: 'tea' })
    expect(sent.status).toBe(202)
    const ended = await harbour.call('GET', `/payments/${sent.json.id}?wait=20`)
    expect(ended.json.state).toBe('paid')
    const nobody = await harbour.call('GET', '/neighbours/Millbrook/members/M-9999')
    expect([nobody.status, nobody.json.code]).toEqual([404, 'member_not_found'])
  })
})
