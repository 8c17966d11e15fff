/** Does what a member asks or offers stay the member's: shown while it is meant, bounded, sound, and gone when erased? */

import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { eraseMember, resumeErasures } from '../../src/register/erasure.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { setMemberState } from '../../src/register/members.ts'
import { answerNotice, introduced } from '../../src/register/notice-answers.ts'
import type { Notice } from '../../src/register/notice-rows.ts'
import {
  letOutside,
  makeNotice,
  type NewNotice,
  type NoticeHand,
  renewNotice,
  shownNotices,
  stateOf,
  takeDown,
} from '../../src/register/notices.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { todayItems } from '../../src/register/today.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

interface Harbour extends LoneBank {
  readonly ada: Person
  readonly bo: Person
}

async function harbour(): Promise<Harbour> {
  const bank = await openLoneBank()
  open.push(bank)
  const joins = async (name: string, number: string): Promise<Person> =>
    ok(await addMember(bank.node, bank.people, { name, number }))
  return Object.assign(bank, { ada: await joins('Ada Marsh', 'H-1'), bo: await joins('Bo Lind', 'H-2') })
}

const wish = (number: string, more: Partial<NewNotice> = {}): NewNotice => ({
  number,
  kind: 'ask',
  text: 'Somebody to mend a kitchen chair',
  category: 50,
  reach: 'bank',
  nonce: toHex(random.bytes(16)),
  ...more,
})

function asks(bank: Harbour, more: Partial<NewNotice> = {}, hand: NoticeHand = { member: bank.ada }) {
  return makeNotice(bank.node, bank.people, wish('H-1', more), hand)
}

const shown = async ({ node, people }: LoneBank): Promise<string[]> =>
  (await shownNotices(node, people)).map(({ text }) => text)

describe('[DIR-5] an ask or an offer', () => {
  test('is one sentence, shown at once, and nothing of it stands in the log', async () => {
    const bank = await harbour()
    const before = bank.node.head.size
    const ask = ok(await asks(bank, { text: '  Somebody to\nmend   a chair ' }))
    expect(ask).toMatchObject({ text: 'Somebody to mend a chair', reach: 'bank', outside: null, down: null })
    expect(await shown(bank)).toEqual(['Somebody to mend a chair'])
    expect(bank.node.head.size).toBe(before)
    expect(await logContentOf(bank.store)).not.toContain('chair')
    await bank.restart()
    expect(await shown(bank)).toEqual(['Somebody to mend a chair'])
    expect(bank.people.notices.byId(ask.id)).toEqual(ask)
  })

  test('[EX-7] pressed twice is one; a form used again for something else is refused', async () => {
    const bank = await harbour()
    const form = wish('H-1')
    const press = (more: Partial<NewNotice> = {}) =>
      makeNotice(bank.node, bank.people, { ...form, ...more }, { member: bank.ada })
    const [a, b] = await Promise.all([press(), press()])
    expect(ok(a).id).toEqual(ok(b).id)
    expect(await shown(bank)).toHaveLength(1)
    expect(refusalOf(await press({ text: 'something else' }))).toBe('request_malformed')
    const others = { ...form, number: 'H-2' }
    expect(refusalOf(await makeNotice(bank.node, bank.people, others, { member: bank.bo }))).toBe(
      'request_malformed',
    )
    expect(refusalOf(await press({ nonce: 'x' }))).toBe('request_malformed')
  })

  test.each<[string, Partial<NewNotice>, string]>([
    ['without words', { text: ' \n ' }, 'notice_missing'],
    ['of marks alone', { text: '\u202e<>\u0000' }, 'notice_missing'],
    ['of ten kilobytes', { text: 'ab '.repeat(3_414) }, 'text_too_long'],
    ['a byte too long', { text: 'x'.repeat(LIMITS.noticeBytes + 1) }, 'text_too_long'],
    ['a letter too long, in letters of three bytes', { text: '語'.repeat(134) }, 'text_too_long'],
    ['of a kind that no list has', { category: 1_000 }, 'category_unknown'],
    ['of nobody', { number: 'H-9' }, 'account_unknown'],
    ['of somebody else', { number: 'H-2' }, 'not_covered'],
  ])('%s is refused, and nothing is kept', async (_, more, code) => {
    const bank = await harbour()
    const before = await contentOf(bank.store)
    expect(refusalOf(await asks(bank, more))).toBe(code)
    expect(await contentOf(bank.store)).toBe(before)
  })

  test('is kept without markup and without marks that turn the order of letters', async () => {
    const bank = await harbour()
    const text = 'A lift\u202e to <b>town</b>\u0007, “please” & thanks 語\u2066'
    expect(ok(await asks(bank, { text })).text).toBe('A lift to b town /b , “please” & thanks 語')
  })

  test.each([
    'ring 020 7946 0991',
    'ring ０２０７９４６０９９１',
    'write to ada@example.org',
    'see https://example.org',
    'www.example.org',
  ])('[DIR-7] %j stays inside the bank', async (text) => {
    const bank = await harbour()
    expect(refusalOf(await asks(bank, { text, reach: 'neighbours' }))).toBe('notice_shows_contact')
    expect(ok(await asks(bank, { text, reach: 'bank' })).reach).toBe('bank')
  })

  test.each(['12 chairs for 2026', 'Tuesday 21/11 at 10.30', 'flat 4, 2nd floor'])(
    '[DIR-7] %j goes outside',
    async (text) => {
      expect(ok(await asks(await harbour(), { text, reach: 'neighbours' })).text).toBe(text)
    },
  )

  test('is one of twenty at most, and of a member whose account is open', async () => {
    const bank = await harbour()
    const all: Notice[] = []
    for (let i = 0; i < LIMITS.noticesOfMember; i++) all.push(ok(await asks(bank, { text: `ask ${i}` })))
    expect(refusalOf(await asks(bank))).toBe('notices_too_many')
    ok(await takeDown(bank.node, bank.people, all[0]!.id, { member: bank.ada }))
    ok(await asks(bank, { text: 'one more' }))
    ok(await setMemberState(bank.node, bank.people, 'H-1', 'suspend'))
    expect(await shown(bank)).toEqual([])
    expect(refusalOf(await asks(bank))).toBe('account_suspended')
    ok(await setMemberState(bank.node, bank.people, 'H-1', 'resume'))
    expect(await shown(bank)).toHaveLength(LIMITS.noticesOfMember)
  })
})

describe('[DIR-6] ninety days', () => {
  test('later it sleeps, is still there, and wakes up at one press', async () => {
    const bank = await harbour()
    const { node, people, clock } = bank
    const { id } = ok(await asks(bank))
    clock.offset += LIMITS.noticeSeconds + 60
    expect(await shown(bank)).toEqual([])
    expect(stateOf(people.notices.byId(id)!, node.logTime())).toBe('asleep')
    expect(refusalOf(await answerNotice(node, people, id, bank.bo))).toBe('notice_unknown')
    clock.offset += 3 * LIMITS.noticeSeconds
    // Whatever is tidied away meanwhile, this is not.
    ok(await makeNotice(node, people, wish('H-2'), { member: bank.bo }))
    await bank.restart()
    const renewed = ok(await renewNotice(bank.node, bank.people, id, { member: bank.ada }))
    expect(renewed.until).toBe(bank.node.logTime() + LIMITS.noticeSeconds)
    expect(await shown(bank)).toHaveLength(2)
  })

  test('taken down by its owner or by the desk, which says why; later it is forgotten', async () => {
    const bank = await harbour()
    const { node, people, coordinator } = bank
    const first = ok(await asks(bank, { text: 'CanaryAsk' }))
    const second = ok(await asks(bank))
    expect(refusalOf(await takeDown(node, people, first.id, { member: bank.bo }))).toBe('notice_unknown')
    expect(refusalOf(await takeDown(node, people, first.id, { coordinator }))).toBe('reason_missing')
    expect(refusalOf(await takeDown(node, people, first.id, { coordinator }, 'x'.repeat(2_001)))).toBe(
      'text_too_long',
    )
    const down = ok(await takeDown(node, people, first.id, { coordinator }, 'It names somebody.'))
    expect(down.down).toMatchObject({ by: 'desk', reason: 'It names somebody.' })
    ok(await takeDown(node, people, second.id, { member: bank.ada }))
    expect(await shown(bank)).toEqual([])
    expect(refusalOf(await renewNotice(node, people, first.id, { member: bank.ada }))).toBe('notice_unknown')
    expect((await people.acts.by(coordinator.actor)).map(({ what }) => what)[0]).toBe('notice_taken_down')
    bank.clock.offset += LIMITS.noticeDownSeconds + 60
    ok(await asks(bank))
    expect(await contentOf(bank.store)).not.toContain('CanaryAsk')
    expect(people.notices.of(bank.ada.account)).toHaveLength(1)
  })
})

describe('[DIR-13] a newcomer', () => {
  test('is seen here at once, and outside once a coordinator has looked', async () => {
    const bank = await harbour()
    const { node, people, coordinator } = bank
    const ask = ok(await asks(bank, { reach: 'neighbours' }))
    expect([ask.outside, stateOf(ask, node.logTime())]).toEqual([null, 'to_look_at'])
    expect(await shown(bank)).toHaveLength(1)
    const items = await todayOf(bank)
    expect(items).toMatchObject([{ kind: 'notice_waits', notice: { id: ask.id } }])
    const seen = ok(await letOutside(node, people, ask.id, coordinator))
    expect([seen.outside, stateOf(seen, node.logTime())]).toEqual([seen.outside, 'shown'])
    expect(await todayOf(bank)).toEqual([])
    const inside = ok(await asks(bank))
    expect(ok(await letOutside(node, people, inside.id, coordinator)).outside).toBe(null)
  })

  test('who has helped or been helped, and whom the desk writes for, waits for nobody', async () => {
    const bank = await harbour()
    const { node, people, coordinator, act } = bank
    const typed = ok(await asks(bank, { reach: 'neighbours' }, { coordinator }))
    expect(typed.outside).not.toBe(null)
    ok(await recordHelp(node, people, { provider: 'H-2', recipient: 'H-1', minutes: 60 }, act))
    expect(ok(await asks(bank, { reach: 'neighbours' })).outside).not.toBe(null)
  })
})

describe('[DIR-9] who answers', () => {
  test('is kept once, is a thing to do for the desk, and ends with an introduction', async () => {
    const bank = await harbour()
    const { node, people, coordinator } = bank
    const { id } = ok(await asks(bank))
    const press = () => answerNotice(node, people, id, bank.bo)
    const [a, b] = await Promise.all([press(), press()])
    expect(ok(a)).toEqual(ok(b))
    expect(refusalOf(await answerNotice(node, people, id, bank.ada))).toBe('notice_own')
    expect(refusalOf(await answerNotice(node, people, random.bytes(16), bank.bo))).toBe('notice_unknown')
    expect(await todayOf(bank)).toMatchObject([
      { kind: 'notice_answer', notice: { id }, answer: { account: bank.bo.account } },
    ])
    await bank.restart()
    expect(ok(await answerNotice(bank.node, bank.people, id, bank.bo))).toEqual(ok(a))
    const done = ok(await introduced(bank.node, bank.people, ok(a), coordinator))
    expect(ok(await introduced(bank.node, bank.people, ok(a), coordinator))).toEqual(done)
    expect(await todayOf(bank)).toEqual([])
    const acts = await bank.people.acts.by(coordinator.actor)
    expect(acts.filter(({ what }) => what === 'introduced')).toHaveLength(1)
  })

  test('are at most twenty for one notice, and twenty of one member', async () => {
    const bank = await harbour()
    const { node, people } = bank
    const { id } = ok(await asks(bank))
    for (let i = 0; i < LIMITS.noticeAnswersMost; i++) {
      const one = ok(await addMember(node, people, { name: `Member ${i}` }))
      ok(await answerNotice(node, people, id, one))
      const theirs = ok(await makeNotice(node, people, wish(one.number), { member: one }))
      if (i < LIMITS.noticeAnswersOfMember - 1) ok(await answerNotice(node, people, theirs.id, bank.bo))
    }
    expect(refusalOf(await answerNotice(node, people, id, bank.bo))).toBe('too_many_waiting')
    const [twentieth, beyond] = [ok(await asks(bank)), ok(await asks(bank, { text: 'beyond' }))]
    const last = ok(await answerNotice(node, people, twentieth.id, bank.bo))
    expect(refusalOf(await answerNotice(node, people, beyond.id, bank.bo))).toBe('too_many_waiting')
    ok(await introduced(node, people, last, bank.coordinator))
    ok(await answerNotice(node, people, beyond.id, bank.bo))
  })
})

describe('[TEST-11] erased', () => {
  const gone = async (bank: LoneBank): Promise<void> => {
    const content = await contentOf(bank.store)
    for (const canary of ['CanaryAsk', 'CanaryReason', 'CanaryAway']) expect(content).not.toContain(canary)
  }

  /** Ada's words in every kind of row: a notice, one that was taken down, an answer of each side, one to a neighbour. */
  async function filled(): Promise<Harbour> {
    const bank = await harbour()
    const { node, people, coordinator } = bank
    const { id } = ok(await asks(bank, { text: 'CanaryAsk' }))
    const down = ok(await asks(bank, { text: 'CanaryAsk two' }))
    ok(await takeDown(node, people, down.id, { coordinator }, 'CanaryReason'))
    ok(await answerNotice(node, people, id, bank.bo))
    const his = ok(await makeNotice(node, people, wish('H-2'), { member: bank.bo }))
    ok(await answerNotice(node, people, his.id, bank.ada))
    const sent = {
      ...{
        id: random.bytes(32),
        account: bank.ada.account,
        bank: random.bytes(20),
        notice: random.bytes(16),
      },
      ...({ kind: 'ask', state: 'waiting' } as const),
      ...{ text: 'CanaryAway', made: 1, phone: null, done: null },
    }
    const rows = [people.notices.keepSent(sent)]
    ok(await node.commit(() => ({ ok: true, value: { entries: [], rows, value: null } })))
    return bank
  }
  const erase = ({ node, people, act }: LoneBank) =>
    eraseMember(node, people, { number: 'H-1', confirm: 'Ada Marsh', reason: 'asked' }, act)

  test('the words are gone from every row, and the desk is told of none', async () => {
    const bank = await filled()
    expect(await contentOf(bank.store)).toContain('CanaryAsk')
    ok(await erase(bank))
    await gone(bank)
    expect(await shown(bank)).toEqual(['Somebody to mend a kitchen chair'])
    expect([bank.people.notices.unanswered(), bank.people.notices.sent()]).toEqual([[], []])
    await bank.restart()
    await gone(bank)
    expect([bank.people.notices.unanswered(), bank.people.notices.sent()]).toEqual([[], []])
  })

  test.each([1, 2, 3, 4, 5].flatMap((n) => [[n, 'kept'] as const, [n, 'lost'] as const]))(
    'cut short at write %i (%s): the next start ends it',
    async (n, lastWrite) => {
      const bank = await filled()
      bank.dieAt(n, lastWrite)
      await erase(bank).catch(() => null)
      await bank.restart()
      await resumeErasures(bank.node, bank.people)
      if (bank.people.byNumber('H-1') !== null) ok(await erase(bank))
      await gone(bank)
    },
  )
})

async function todayOf({ node, people }: LoneBank) {
  const empty = { waiting: () => [], unanswered: () => [], all: () => [] } as never
  const items = await todayItems(
    { node, people, cases: empty, claims: empty, joiners: empty },
    node.logTime(),
  )
  return items.filter(({ kind }) => kind.startsWith('notice_'))
}
