/** How long does somebody stay signed in? Few at a time, none past its end, and none that a new PIN was to shut out. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { MemberKeys } from '../../src/register/member-keys.ts'
import { Elsewhere } from '../../src/register/notices-elsewhere.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import type { SignedWho } from '../../src/register/sign-ins.ts'
import { LIVE_LOOK, LIVE_SCRIPT, LOOK_HEADER } from '../../src/web/live-script.ts'
import { openPages } from '../../src/web/pages.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { ON_PAPER } from '../http/on-paper.ts'
import { end, StandingClock, until } from '../http/served.ts'
import { contentOf } from '../register/lone-bank.ts'
import { Caller } from './caller.ts'
import { done, openWebBank, type WebBank } from './town.ts'

let bank: WebBank
let clock: StandingClock
let ada: Person
let who: SignedWho
beforeEach(async () => {
  clock = new StandingClock()
  bank = await openWebBank('Harbour', { clock })
  ada = done(await addMember(bank.node, bank.people, { name: 'Ada Marsh' }))
  who = { role: 'member', id: ada.account }
})
afterEach(() => end(bank))

async function comeIn({ shared }: { shared: boolean }): Promise<Caller> {
  const token = done(await bank.signIns.open(who, { onSharedComputer: shared, device: 'a test' }))
  return new Caller(bank.url, { commonhour: token })
}

const comesIn = async (caller: Caller): Promise<boolean> => (await caller.look('/me')).status === 200

test('[SIGN-10] a PIN chosen with a code ends every other sign-in of that member, and of nobody else', async () => {
  const old = await comeIn({ shared: false })
  const bo = done(await addMember(bank.node, bank.people, { name: 'Bo Lind' }))
  const other = { role: 'member', id: bo.account } as const
  done(await bank.signIns.open(other, { onSharedComputer: false, device: 'a test' }))
  const { code } = done(await new MemberKeys(bank.node).makeCode(ada.account, 'said'))
  const fresh = new Caller(bank.url)
  const typed = { number: ada.number, code, pin: '2583', again: '2583' }
  expect((await fresh.post('/sign-in/code', typed)).to).toBe('/me?new')
  expect([await comesIn(fresh), await comesIn(old)]).toEqual([true, false])
  expect(await bank.signIns.of(who)).toHaveLength(1)
  expect(await bank.signIns.of(other)).toHaveLength(1)
})

test('[SIGN-10] one person has so many sign-ins, and the one unused longest ends first', async () => {
  const first = await comeIn({ shared: false })
  clock.offset += 1
  const second = await comeIn({ shared: false })
  for (let i = 2; i < LIMITS.signInsOfPerson; i++) await comeIn({ shared: false })
  expect([await comesIn(first), await comesIn(second)]).toEqual([true, true])
  clock.offset += 1
  await comeIn({ shared: false })
  expect([await comesIn(first), await comesIn(second)]).toEqual([false, true])
  expect(await bank.signIns.of(who)).toHaveLength(LIMITS.signInsOfPerson)
})

test('[SIGN-10] a page that looks again by itself keeps no sign-in on a shared computer from ending', async () => {
  expect(LIVE_SCRIPT).toContain(`{ '${LOOK_HEADER}': '${LIVE_LOOK}' }`)
  const [alone, used] = [await comeIn({ shared: true }), await comeIn({ shared: true })]
  for (let passed = 0; passed <= LIMITS.signInSharedSeconds; passed += 300) {
    expect((await alone.look('/me', { [LOOK_HEADER]: LIVE_LOOK })).status).toBe(200)
    expect(await comesIn(used)).toBe(true)
    await until(async () => (await bank.signIns.of(who)).some(({ seen }) => clock.now() - seen < 60))
    clock.offset += 300
  }
  expect([await comesIn(alone), await comesIn(used)]).toEqual([false, true])
})

test('[SIGN-10] what has ended is removed when the pages open', async () => {
  await comeIn({ shared: true })
  await comeIn({ shared: false })
  const rows = async (): Promise<number> =>
    (await contentOf(bank.node.store)).split('\n').filter((row) => row.includes('Browser')).length
  expect(await rows()).toBe(2)
  clock.offset += LIMITS.signInSharedSeconds + 1
  const { node, people } = bank
  const elsewhere = new Elsewhere(node, people)
  const report = (): void => undefined
  const pages = await openPages({
    node,
    people,
    elsewhere,
    sheet: ON_PAPER,
    surroundings: { network: 'lan', isPrivate: () => true, proxies: 0 },
    languages: LANGUAGES,
    zone: 'UTC',
    version: '0',
    report,
  })
  await until(async () => (await rows()) === 1)
  expect(await rows()).toBe(1)
  pages.close()
})
