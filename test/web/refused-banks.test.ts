/** What does a coordinator press when a bank that nobody knows keeps asking, and how is that taken back? */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { end, type TestBank, testBank, until } from '../http/served.ts'
import type { Caller } from './caller.ts'
import { callerOf, openWebBank, type WebBank } from './town.ts'

let bank: WebBank
let stranger: TestBank
let priya: Caller
const NAME = 'Hillside <b>&</b> Co'

beforeAll(async () => {
  ;[bank, stranger] = await Promise.all([openWebBank('Harbour'), testBank(NAME)])
  priya = await callerOf(bank, 'coordinator')
})
afterAll(() => end(bank, stranger))

async function asks(): Promise<void> {
  const { addresses } = (await bank.call('GET', '/status')).json
  const asked = await stranger.call('POST', '/neighbours', { bank_id: bank.id, addresses })
  expect(asked.status).toBe(201)
  await until(() => bank.node.proposals().length === 1)
}

const shown = async (path = '/run/neighbours'): Promise<string> => (await priya.look(path)).text

test('[LINE-13] [OPS-13] one press refuses for good, one press takes it back, each as often as one likes', async () => {
  await asks()
  const path = `/run/neighbours/${stranger.id}`
  for (const page of ['/run/neighbours', path])
    expect(await shown(page)).toContain('No, and do not ask again')
  expect(await shown('/desk')).toContain('Hillside')
  expect(await shown()).not.toContain('Banks that may not ask')
  for (let i = 0; i < 2; i++) {
    const answer = await priya.post(path, { act: 'refuse' })
    expect([answer.status, answer.to]).toEqual([303, '/run/neighbours'])
  }
  expect(bank.node.proposals()).toEqual([])
  expect(await shown('/desk')).not.toContain('Hillside')
  expect((await priya.look(path)).status).toBe(404)
  expect((await priya.post(path, { act: 'agree' })).status).toBe(404)
  const list = await shown()
  expect(list).toContain('Banks that may not ask')
  expect(list).toContain(`name="may_ask" value="${stranger.id}"`)
  expect(list).toContain('Let Hillside')
  expect(list).not.toContain('<b>')
  for (const may_ask of ['', 'nobody', stranger.id, stranger.id]) {
    const answer = await priya.post('/run/neighbours', { may_ask })
    expect([answer.status, answer.to]).toEqual([303, '/run/neighbours'])
  }
  expect(await shown()).not.toContain('Hillside')
  expect((await stranger.call('POST', `/neighbours/${bank.id}/close`, {})).status).toBe(200)
  await asks()
  expect(await shown()).toContain('would like to be our neighbour')
})

test('[LINE-13] nobody but a coordinator refuses a bank or lets one ask', async () => {
  const before = [bank.node.proposals().length, bank.node.neighbourhood.refused().length]
  for (const kind of ['nobody', 'member'] as const) {
    const caller = await callerOf(bank, kind)
    await caller.post(`/run/neighbours/${stranger.id}`, { act: 'refuse' })
    await caller.post('/run/neighbours', { may_ask: stranger.id })
  }
  expect([bank.node.proposals().length, bank.node.neighbourhood.refused().length]).toEqual(before)
})
