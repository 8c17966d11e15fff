import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { eraseMember } from '../../src/register/erasure.ts'
import { houseRulesOf, keepHouseRules, readHouseRules } from '../../src/register/house-rules.ts'
import { Joiners, type JoinRequest, welcomeNonce } from '../../src/register/joiners.ts'
import { addMember } from '../../src/register/people.ts'
import { Rates } from '../../src/register/rates.ts'
import { ok, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const DAY = 86_400
const CANARIES = [
  'CanaryName',
  'CanaryPhone',
  'CanaryReach',
  'CanaryArea',
  'CanaryCan',
  'CanaryWants',
] as const
const [name, phone, reach, area, can, wants] = CANARIES
const ASKS: JoinRequest = { name, phone, reach, area, can, wants }

async function atDesk(): Promise<{ bank: LoneBank; joiners: Joiners }> {
  const bank = await openLoneBank()
  open.push(bank)
  return { bank, joiners: await Joiners.open(bank.node, bank.people) }
}

let count = 0
const given = (rules = 1): { nonce: string; rules: number } => ({
  nonce: (++count).toString(16).padStart(32, '0'),
  rules,
})

describe('[DESK-5] somebody who would like to join', () => {
  test('is asked, met, welcomed or not now, and stays so over a restart', async () => {
    const { bank, joiners } = await atDesk()
    const joiner = ok(await joiners.ask(ASKS, given()))
    expect(joiner).toMatchObject({ ...ASKS, state: 'asked', rules: 1, account: null })
    expect(ok(await joiners.move(joiner.id, 'met')).state).toBe('met')
    expect(ok(await joiners.move(joiner.id, 'not_now')).state).toBe('not_now')
    await bank.restart()
    const again = await Joiners.open(bank.node, bank.people)
    expect(again.all().map(({ state }) => state)).toEqual(['not_now'])
    ok(await again.move(joiner.id, 'asked'))
    const ada = ok(await addMember(bank.node, bank.people, { name: 'Ada', nonce: welcomeNonce(joiner) }))
    ok(await again.welcomed(joiner.id, ada.account))
    expect(again.all()).toEqual([])
    expect(ok(await again.move(joiner.id, 'not_now')).state).toBe('welcomed')
    // What was said is kept with the member now; here stays what was agreed to.
    expect(again.find(joiner.id)).toMatchObject({ name: '', phone: null, can: null, rules: 1 })
    expect(again.agreedBy(ada.account)?.rules).toBe(1)
  })

  test('is one, however often the form is sent', async () => {
    const { joiners } = await atDesk()
    const once = given()
    const all = await Promise.all([1, 2, 3].map(() => joiners.ask(ASKS, once)))
    expect(new Set(all.map((one) => Buffer.from(ok(one).id).toString('hex'))).size).toBe(1)
    expect(joiners.all()).toHaveLength(1)
    expect(refusalOf(await joiners.ask({ ...ASKS, name: '  ' }, given()))).toBe('name_missing')
    expect(refusalOf(await joiners.ask({ ...ASKS, can: 'x'.repeat(700) }, given()))).toBe('text_too_long')
    expect(refusalOf(await joiners.ask(ASKS, { nonce: 'none', rules: 1 }))).toBe('request_malformed')
  })

  test('finds the door shut after very many in a day, also after a restart, and open on the next', async () => {
    const { bank, joiners } = await atDesk()
    for (let i = 0; i < LIMITS.joinsPerDay; i++) ok(await joiners.ask({ ...ASKS, name: `N${i}` }, given()))
    expect(refusalOf(await joiners.ask(ASKS, given()))).toBe('joins_too_many')
    await bank.restart()
    const again = await Joiners.open(bank.node, bank.people)
    expect(refusalOf(await again.ask(ASKS, given()))).toBe('joins_too_many')
    bank.clock.offset += DAY + 1
    ok(await again.ask(ASKS, given()))
  })

  test('from one address is one of few, also after a restart, and keeps nobody else out', async () => {
    const { bank } = await atDesk()
    const open = async () => Joiners.open(bank.node, bank.people, await Rates.open(bank.node))
    const from = (address: string | null) => ({ ...given(), address })
    let joiners = await open()
    for (let i = 0; i < LIMITS.joinsOfAddress; i++) {
      const once = from('81.2.69.142')
      for (let pressed = 0; pressed < 3; pressed++) ok(await joiners.ask(ASKS, once))
    }
    expect(refusalOf(await joiners.ask(ASKS, from('81.2.69.142')))).toBe('joins_too_many')
    await bank.restart()
    joiners = await open()
    expect(refusalOf(await joiners.ask(ASKS, from('81.2.69.142')))).toBe('joins_too_many')
    for (const address of ['81.2.69.143', null]) ok(await joiners.ask(ASKS, from(address)))
    expect(joiners.all()).toHaveLength(LIMITS.joinsOfAddress + 2)
    bank.clock.offset += LIMITS.joinOfAddressSeconds
    ok(await joiners.ask(ASKS, from('81.2.69.142')))
  })

  test('may be here already: by name or by telephone, however it is written', async () => {
    const { bank, joiners } = await atDesk()
    const { node, people } = bank
    ok(await addMember(node, people, { name: 'Ada Marsh', number: 'H-1' }))
    ok(await addMember(node, people, { name: 'Bo', number: 'H-2', phone2: '020 7946-0992' }))
    ok(await addMember(node, people, { name: 'Cy', number: 'H-3', phone: '12' }))
    const like = (name: string, phone: string | null): string[] =>
      joiners.alike({ name, phone }).map(({ number }) => number)
    expect(like('ADA marsh', null)).toEqual(['H-1'])
    expect(like('Robert', '+44 20 7946 0992')).toEqual(['H-2'])
    expect(like('Somebody', '12')).toEqual([])
  })
})

describe('[PRIV-30] what somebody said who did not join', () => {
  test('falls away after 90 days without a word, from every row', async () => {
    const { bank, joiners } = await atDesk()
    const joiner = ok(await joiners.ask(ASKS, given()))
    bank.clock.offset += 80 * DAY
    ok(await joiners.move(joiner.id, 'not_now'))
    bank.clock.offset += 89 * DAY
    await joiners.prune()
    expect(joiners.find(joiner.id)).not.toBeNull()
    bank.clock.offset += 2 * DAY
    expect(joiners.find(joiner.id)).toBeNull()
    expect(joiners.all()).toEqual([])
    expect(refusalOf(await joiners.move(joiner.id, 'met'))).toBe('record_unknown')
    await joiners.prune()
    await expectGone(bank)
  })

  test('is erased at once when they wish so', async () => {
    const { bank, joiners } = await atDesk()
    const joiner = ok(await joiners.ask(ASKS, given()))
    expect(await contentOf(bank.store)).toContain('CanaryName')
    await joiners.erase(joiner.id)
    expect(joiners.find(joiner.id)).toBeNull()
    await expectGone(bank)
  })

  test('[PRIV-27] what a member agreed to goes with the member', async () => {
    const { bank, joiners } = await atDesk()
    const { node, people, act } = bank
    const joiner = ok(await joiners.ask(ASKS, given()))
    const person = ok(
      await addMember(node, people, { name, phone, number: 'H-7', nonce: welcomeNonce(joiner) }),
    )
    ok(await joiners.welcomed(joiner.id, person.account))
    ok(await eraseMember(node, people, { number: 'H-7', confirm: name, reason: 'asked' }, act))
    expect(joiners.agreedBy(person.account)).toBeNull()
    await expectGone(bank)
  })

  async function expectGone({ store }: LoneBank): Promise<void> {
    const content = await contentOf(store)
    for (const canary of CANARIES) expect(content).not.toContain(canary)
  }
})

describe('[DESK-5] rules that somebody agrees to', () => {
  test('have versions, and every version can be read', async () => {
    const { bank, joiners } = await atDesk()
    const { node } = bank
    expect(readHouseRules(node.store)).toEqual({ version: 1, text: null, since: null })
    expect(ok(await keepHouseRules(node, 'Be kind.')).version).toBe(2)
    expect(ok(await keepHouseRules(node, '  Be kind.\n')).version).toBe(2)
    expect(ok(await keepHouseRules(node, 'Be kind, and ring.')).version).toBe(3)
    // Without words the last ones stay.
    expect(ok(await keepHouseRules(node, '')).version).toBe(3)
    expect(refusalOf(await keepHouseRules(node, 'x'.repeat(LIMITS.houseRulesBytes + 1)))).toBe(
      'text_too_long',
    )
    expect([1, 2, 3, 4].map((version) => houseRulesOf(node.store, version)?.text)).toEqual([
      ...[null, 'Be kind.', 'Be kind, and ring.'],
      undefined,
    ])
    expect(ok(await joiners.ask(ASKS, given(2))).rules).toBe(2)
    expect(ok(await joiners.ask(ASKS, given(99))).rules).toBe(3)
  })
})
