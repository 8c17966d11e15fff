import { afterEach, expect, test } from 'vitest'
import { Cases } from '../../src/register/cases.ts'
import { Claims } from '../../src/register/claims.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { Joiners } from '../../src/register/joiners.ts'
import { addMember } from '../../src/register/people.ts'
import { putOff, todayItems } from '../../src/register/today.ts'
import { ok } from '../node/town.ts'
import { type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const DAY = 86_400

test('[DESK-1] what waits is listed, and what is put off comes back on its day', async () => {
  const bank = await openLoneBank()
  open.push(bank)
  const { node, people } = bank
  const ada = ok(await addMember(node, people, { name: 'Ada', number: 'H-1' }))
  const bo = ok(await addMember(node, people, { name: 'Bo', number: 'H-2' }))
  ok(await addMember(node, people, { name: 'Edna', number: 'H-3' }))
  const help = { provider: 'H-2', recipient: 'H-1', minutes: 1_260 }
  const { id, index } = ok(await recordHelp(node, people, help, bank.act))
  const [claims, cases] = [await Claims.open(node, people), await Cases.open(node)]
  const joiners = await Joiners.open(node, people)
  const listed = async (now: number) => {
    const items = await todayItems({ node, people, claims, cases, joiners }, now)
    return items.map((item) => ('person' in item ? `${item.kind} ${item.person.name}` : item.kind))
  }
  const now = node.clock.now()
  expect(await listed(now)).toEqual(['past_nudge Ada', 'past_nudge Bo'])
  ok(await cases.begin({ record: id, index: index!, by: ada.account, what: 'length', words: '' }))
  ok(await claims.make(bo, { recipient: 'H-3', minutes: 60, nonce: '11'.repeat(16) }))
  expect(await listed(now)).toEqual(['case', 'past_nudge Ada', 'past_nudge Bo'])
  expect(await listed(now + 3 * DAY)).toContain('claim')
  expect(await listed(now + 15 * DAY)).toContain('no_exchange_yet Edna')
  expect(await listed(now + 61 * DAY)).toContain('quiet Ada')
  const [first] = await todayItems({ node, people, claims, cases, joiners }, now)
  ok(await putOff(node, first!.name, now + 7 * DAY))
  expect(await listed(now)).not.toContain('case')
  expect(await listed(now + 7 * DAY)).toContain('case')
})
