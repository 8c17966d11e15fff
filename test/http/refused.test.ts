/** Can a bank that asks for a line be told no for good, and may it ask again later? By machines, ids and names. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { neighboursShape } from '../../src/http/shapes/neighbours.ts'
import { end, type TestBank, testBank, until } from './served.ts'

let harbour: TestBank
let stranger: TestBank

beforeAll(async () => {
  ;[harbour, stranger] = await Promise.all([testBank('Harbour'), testBank('Hillside')])
})
afterAll(() => end(harbour, stranger))

const proposals = async (): Promise<unknown[]> =>
  (await harbour.call('GET', '/neighbours')).json.proposals as unknown[]

async function asks(): Promise<void> {
  const { addresses } = (await harbour.call('GET', '/status')).json
  const asked = await stranger.call('POST', '/neighbours', { bank_id: harbour.id, addresses })
  expect(asked.status).toBe(201)
}

test('[LINE-13] a bank that asks is refused for good, listed, and let ask again', async () => {
  const early = await harbour.call('POST', `/neighbours/${stranger.id}/refuse`, {})
  expect([early.status, early.json.code]).toEqual([404, 'proposal_unknown'])
  await asks()
  await until(async () => (await proposals()).length === 1)
  const { json } = await harbour.call('POST', '/neighbours/hillside/refuse', {})
  expect(neighboursShape.parse(json)).toEqual(json)
  expect(json).toMatchObject({ proposals: [], refused: [{ bank_id: stranger.id, name: 'Hillside' }] })
  expect((await harbour.call('POST', `/neighbours/${stranger.id}/accept`, {})).json.code).toBe(
    'proposal_unknown',
  )
  expect((await harbour.call('POST', '/neighbours/Nowhere/let-ask', {})).json.code).toBe('bank_unknown')
  const let1 = await harbour.call('POST', '/neighbours/HILLSIDE/let-ask', {})
  expect([let1.status, let1.json.refused]).toEqual([200, []])
  // Whoever may ask already is no mistake by its id.
  expect((await harbour.call('POST', `/neighbours/${stranger.id}/let-ask`, {})).status).toBe(200)
  expect((await stranger.call('POST', '/neighbours/Harbour/close', {})).status).toBe(200)
  await asks()
  await until(async () => (await proposals()).length === 1)
})
