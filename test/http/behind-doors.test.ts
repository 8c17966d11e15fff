/**
 * Two time banks behind home routers, which nobody can dial: they become neighbours and exchange hours through a bank with
 * an open door, which can go in the middle of it. Served as `commonhour serve` does, over real libp2p.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { end, openLine, type TestBank, testBank, until } from './served.ts'

const HANG_MS = 240_000
/** Dials out, and listens nowhere: what a router that drops whatever comes in leaves of a bank. */
const BEHIND_A_ROUTER = { p2p: { listen: [], announce: [], network: 'lan' as const } }

const banks: TestBank[] = []
afterEach(() => end(...banks.splice(0)))

async function bank(name: string, more: Parameters<typeof testBank>[1] = {}): Promise<TestBank> {
  const made = await testBank(name, more)
  banks.push(made)
  return made
}

/** The home bank asks the open one for a line; nobody can ask the other way. */
async function lineFromHome(home: TestBank, open: TestBank): Promise<void> {
  await openLine(home, open)
}

const addressesOf = async (one: TestBank): Promise<string[]> =>
  (await one.call('GET', '/status')).json.addresses

/** By an invitation of the one, which names the way through the open bank. */
async function becomeNeighbours(one: TestBank, other: TestBank): Promise<void> {
  await until(async () => (await addressesOf(one)).some((text) => text.includes('p2p-circuit')), 120)
  const { invite } = (await one.call('POST', '/invitations')).json
  const added = await other.call('POST', '/neighbours', {
    invite,
    we_may_owe_minutes: 2_400,
    they_may_owe_minutes: 2_400,
  })
  expect([added.status, added.text]).toEqual([201, expect.any(String)])
  await until(
    async () =>
      (await other.call('GET', '/neighbours')).json.neighbours.some(
        (line: { bank_id: string; line_state: string }) =>
          line.bank_id === one.id && line.line_state === 'open',
      ),
    120,
  )
}

let handles = 0
async function pays(from: TestBank, to: TestBank): Promise<string> {
  const n = ++handles
  await from.call('POST', '/members', { name: `Ada ${n}`, number: `A-${n}` })
  await to.call('POST', '/members', { name: `Bo ${n}`, number: `B-${n}` })
  const { handle } = (await to.call('POST', `/members/B-${n}/handles`, {})).json
  const paid = await from.call('POST', '/payments', {
    by: 'coordinator',
    payer: `A-${n}`,
    bank: to.id,
    handle,
    minutes: 60,
    postal: true,
    channel: 'call',
    reason: 'telephoned',
  })
  expect(paid.status, paid.text).toBeLessThan(300)
  return paid.json.id
}

async function settled(at: TestBank, id: string): Promise<void> {
  await until(async () => (await at.call('GET', `/payments/${id}`)).json.state === 'paid', 120)
}

describe('[NAT-1] [NAT-3] behind home routers', { timeout: HANG_MS }, () => {
  test('two banks become neighbours through a third, and exchange hours both ways', async () => {
    const [open, harbour, millbrook] = [
      await bank('Northgate'),
      await bank('Harbour', BEHIND_A_ROUTER),
      await bank('Millbrook', BEHIND_A_ROUTER),
    ]
    expect(await addressesOf(harbour)).toEqual([])
    await lineFromHome(harbour, open)
    await lineFromHome(millbrook, open)
    await becomeNeighbours(harbour, millbrook)
    await settled(harbour, await pays(harbour, millbrook))
    await settled(millbrook, await pays(millbrook, harbour))
  })

  test('the relay goes while hours are on their way: another line partner takes its place, and they arrive', async () => {
    const [first, second, harbour, millbrook] = [
      await bank('Northgate'),
      await bank('Quayside'),
      await bank('Harbour', BEHIND_A_ROUTER),
      await bank('Millbrook', BEHIND_A_ROUTER),
    ]
    for (const open of [first, second]) {
      await lineFromHome(harbour, open)
      await lineFromHome(millbrook, open)
    }
    await becomeNeighbours(harbour, millbrook)
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push(await pays(harbour, millbrook))
    const more = Promise.all(Array.from({ length: 5 }, () => pays(harbour, millbrook)))
    await first.close()
    ids.push(...(await more))
    for (const id of ids) await settled(harbour, id)
  })
})
