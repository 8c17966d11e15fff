/** Do two banks read each other's asks and offers, and nothing more; and does "I can" arrive once, whoever is away? */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { soundNotices } from '../../src/node/noticeboard.ts'
import type { MessageOf } from '../../src/peer/messages.ts'
import { keepBankFacts, NO_FACTS } from '../../src/register/bank-facts.ts'
import { eraseMember } from '../../src/register/erasure.ts'
import { setMemberState } from '../../src/register/members.ts'
import { introduced } from '../../src/register/notice-answers.ts'
import type { Notice } from '../../src/register/notice-rows.ts'
import { letOutside, makeNotice, type NewNotice, takeDown } from '../../src/register/notices.ts'
import { Elsewhere, type NoticeElsewhere } from '../../src/register/notices-elsewhere.ts'
import { todayItems } from '../../src/register/today.ts'
import { isWell, Liar } from '../node/liar.ts'
import { ok, random, refusalOf, until } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { contentOf } from './lone-bank.ts'
import { closeDesks, type Desk, openDesk, type TwoDesks, twoDesks } from './two-desks.ts'

/** Typed by the desk, so that nobody has to look at it first. */
async function posts(desk: Desk, number: string, more: Partial<NewNotice> = {}): Promise<Notice> {
  const nonce = toHex(random.bytes(16))
  const wanted = {
    number,
    kind: 'ask',
    text: 'Somebody to mend a chair',
    category: 50,
    reach: 'neighbours',
  } as const
  return ok(await makeNotice(desk.bank.node, desk.people, { ...wanted, nonce, ...more }, desk.act as never))
}

describe('between two banks', () => {
  let all: TwoDesks
  let here: Elsewhere
  const opened: Elsewhere[] = []
  const elsewhereOf = (desk: Desk): Elsewhere => {
    const elsewhere = new Elsewhere(desk.bank.node, desk.people)
    opened.push(elsewhere)
    return elsewhere
  }
  beforeEach(async () => {
    all = await twoDesks()
    here = elsewhereOf(all.harbour)
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) one.close()
    await closeDesks(all)
  })

  /** Looks until it sees so many; a look that came to nothing is made again a minute later. */
  async function sees(count: number, looker = here): Promise<readonly NoticeElsewhere[]> {
    let seen: readonly NoticeElsewhere[] = []
    await until(async () => {
      seen = await looker.look()
      if (seen.length !== count) passTime(LIMITS.noticeFreshSeconds + 1)
      return seen.length === count
    })
    return seen
  }
  const passTime = (seconds: number): void => {
    for (const { bank } of [all.harbour, all.millbrook]) bank.clock.offset += seconds
  }
  const itemsOf = async ({ bank, people }: Desk) => {
    const none = { waiting: () => [], unanswered: () => [], all: () => [] } as never
    const items = await todayItems(
      { node: bank.node, people, cases: none, claims: none, joiners: none },
      bank.node.logTime(),
    )
    return items.filter(({ kind }) => kind === 'notice_answer' || kind === 'notice_sent')
  }
  const ada = () => all.harbour.people.byNumber('H-1')!

  test('[DIR-12] a member reads what a neighbour asks: kind, sentence, category, end and a random id', async () => {
    const { millbrook, harbour } = all
    const ask = await posts(millbrook, 'M-1')
    await posts(millbrook, 'M-2', { kind: 'offer', text: 'I can ring someone for a chat', category: 11 })
    await posts(millbrook, 'M-1', { text: 'CanaryInside', reach: 'bank' })
    const frames: Buffer[] = []
    millbrook.bank.spy = (frame) => frames.push(Buffer.from(frame))
    const seen = await sees(2)
    expect(seen.find(({ kind }) => kind === 'ask')).toEqual({
      ...{
        bank: millbrook.bank.bank,
        id: ask.id,
        kind: 'ask',
        text: ask.text,
        category: 50,
        until: ask.until,
      },
    })
    const sent = Buffer.concat(frames)
    expect(sent.includes('chair')).toBe(true)
    const { account } = millbrook.people.byNumber('M-1')!
    for (const canary of ['CanaryInside', 'Mei', 'Bo M', 'M-1', Buffer.from(account)])
      expect(sent.includes(canary)).toBe(false)
    expect(await contentOf(harbour.bank.node.store)).not.toContain('chair')
  })

  test('[DIR-12] nothing of it is written at either bank, and a look an hour later asks again', async () => {
    const { millbrook, harbour } = all
    await posts(millbrook, 'M-1')
    await sees(1)
    const before = [await contentOf(harbour.bank.node.store), await contentOf(millbrook.bank.node.store)]
    let looks = 0
    harbour.bank.spy = () => {
      looks += 1
    }
    for (let i = 0; i < 20; i++) await here.look()
    expect(looks).toBe(0)
    expect([await contentOf(harbour.bank.node.store), await contentOf(millbrook.bank.node.store)]).toEqual(
      before,
    )
    await posts(millbrook, 'M-2', { text: 'a lift' })
    passTime(LIMITS.noticeFreshSeconds + 1)
    await sees(2)
  })

  test('[DIR-12] shown for a day while the neighbour is away, and never longer than a notice lasts', async () => {
    const { millbrook } = all
    await posts(millbrook, 'M-1')
    await sees(1)
    await millbrook.bank.stop()
    passTime(LIMITS.noticeFreshSeconds + 1)
    expect(await here.look()).toHaveLength(1)
    passTime(LIMITS.noticeStaleSeconds - LIMITS.noticeFreshSeconds - 60)
    expect(await here.look()).toHaveLength(1)
    passTime(120)
    expect(await here.look()).toEqual([])
    await millbrook.bank.start()
    await sees(1)
    all.harbour.bank.clock.offset += LIMITS.noticeSeconds
    expect(await here.look()).toEqual([])
  })

  test('[DIR-12] what a page waits for is a moment: a neighbour that does not answer leaves it empty', async () => {
    const { millbrook } = all
    await posts(millbrook, 'M-1')
    await millbrook.bank.stop()
    const before = performance.now()
    expect(await here.look()).toEqual([])
    expect(performance.now() - before).toBeLessThan(2_000)
    expect(here.find(millbrook.bank.bank, random.bytes(16))).toBe(null)
  })

  test('[DIR-7] [DIR-13] neither what stays inside, sleeps, is down or waits for a look, nor of whoever rests', async () => {
    const { millbrook } = all
    const { node } = millbrook.bank
    const { people, act } = millbrook
    const bo = people.byNumber('M-1')!
    const waits = ok(
      await makeNotice(
        node,
        people,
        {
          number: 'M-1',
          kind: 'ask',
          text: 'newcomer',
          category: 0,
          reach: 'neighbours',
          nonce: 'a'.repeat(32),
        },
        { member: bo },
      ),
    )
    const down = await posts(millbrook, 'M-1', { text: 'down' })
    ok(await takeDown(node, people, down.id, { member: bo }))
    await posts(millbrook, 'M-2', { text: 'suspended' })
    ok(await setMemberState(node, people, 'M-2', 'suspend'))
    await posts(millbrook, 'M-1', { text: 'inside', reach: 'bank' })
    const shown = await posts(millbrook, 'M-1', { text: 'outside' })
    expect((await sees(1)).map(({ id }) => id)).toEqual([shown.id])
    ok(await letOutside(node, people, waits.id, act.coordinator!))
    await sees(2)
    passTime(LIMITS.noticeSeconds + 60)
    expect(await here.look()).toEqual([])
  })

  test('[DIR-12] a line that is paused shows nothing, on either side', async () => {
    const { harbour, millbrook } = all
    await posts(millbrook, 'M-1')
    await sees(1)
    ok(await harbour.bank.node.pauseNeighbour(millbrook.bank.bank, 'pause'))
    expect(await here.look()).toEqual([])
    ok(await harbour.bank.node.pauseNeighbour(millbrook.bank.bank, 'resume'))
    ok(await millbrook.bank.node.pauseNeighbour(harbour.bank.bank, 'pause'))
    expect(refusalOf(await harbour.bank.node.look(millbrook.bank.bank))).toBe('notice_unknown')
  })

  test('[DIR-12] every half hour is enough: beyond it BUSY, and a day later it goes on', async () => {
    const { harbour, millbrook } = all
    await posts(millbrook, 'M-1')
    const look = () => harbour.bank.node.look(millbrook.bank.bank)
    for (let i = 0; i < LIMITS.noticeLooksPerDay; i++) expect(ok(await look())).toHaveLength(1)
    const refused = await look()
    expect(refused).toMatchObject({ refusal: { code: 'asked_too_often', facts: { retrySeconds: 86_400 } } })
    expect(await here.look()).toEqual([])
    passTime(86_401)
    expect(ok(await look())).toHaveLength(1)
  })

  test('[DIR-12] a hundred of the longest fit a frame, the newest first', async () => {
    const { harbour, millbrook } = all
    const { node } = millbrook.bank
    const { notices } = millbrook.people
    const { account } = millbrook.people.byNumber('M-1')!
    const now = node.logTime()
    const rows = Array.from({ length: LIMITS.noticesOutside + 20 }, (_, i) =>
      notices.keep({
        ...{ id: random.bytes(16), account, kind: 'ask', category: 999, reach: 'neighbours' },
        ...{ text: '語'.repeat(133), outside: now, made: now, until: now + 60 + i * 60, down: null },
      }),
    )
    ok(await node.commit(() => ({ ok: true, value: { entries: [], rows, value: null } })))
    const seen = ok(await harbour.bank.node.look(millbrook.bank.bank))
    expect(seen).toHaveLength(LIMITS.noticesOutside)
    expect(Math.min(...seen.map(({ until }) => until))).toBe(now + 60 + 20 * 60)
  })

  test('[DIR-10] "I can" reaches the other desk once, with a short name and where to ring', async () => {
    const { harbour, millbrook } = all
    for (const [desk, phone] of [[harbour, '020 7946 0900'] as const, [millbrook, '01632 960 960'] as const])
      ok(await keepBankFacts(desk.bank.node, { ...NO_FACTS, phone }))
    const ask = await posts(millbrook, 'M-1')
    await sees(1)
    const press = () => here.answer(millbrook.bank.bank, ask.id, ada())
    const [a, b] = await Promise.all([press(), press()])
    expect(ok(a).id).toEqual(ok(b).id)
    await until(() => harbour.people.notices.sent()[0]?.state === 'heard')
    expect(ok(await press()).state).toBe('heard')
    expect(await itemsOf(harbour)).toMatchObject([
      { kind: 'notice_sent', person: { number: 'H-1' }, sent: { phone: '01632 960 960', text: ask.text } },
    ])
    const items = await itemsOf(millbrook)
    expect(items).toMatchObject([
      {
        kind: 'notice_answer',
        person: { number: 'M-1' },
        answer: { name: 'Ada L.', phone: '020 7946 0900', bank: harbour.bank.bank, account: null },
      },
    ])
    const [item] = items
    if (item?.kind !== 'notice_answer') return expect.unreachable()
    ok(await introduced(millbrook.bank.node, millbrook.people, item.answer, millbrook.act.coordinator!))
    expect(await itemsOf(millbrook)).toEqual([])
    const content = await contentOf(millbrook.bank.node.store)
    for (const canary of ['Lovelace', 'H-1']) expect(content).not.toContain(canary)
  })

  test('[DIR-10] the neighbour is away, then back; either is started anew meanwhile: it arrives all the same', async () => {
    const { harbour, millbrook } = all
    const ask = await posts(millbrook, 'M-1')
    await sees(1)
    await millbrook.bank.stop()
    expect(ok(await here.answer(millbrook.bank.bank, ask.id, ada())).state).toBe('waiting')
    here.close()
    await harbour.bank.stop()
    await harbour.bank.start()
    elsewhereOf(harbour).start()
    await millbrook.bank.start()
    await until(() => harbour.people.notices.sent()[0]?.state === 'heard')
    expect(await itemsOf(millbrook)).toHaveLength(1)
    await millbrook.bank.stop()
    await millbrook.bank.start()
    expect(await itemsOf(millbrook)).toHaveLength(1)
  })

  test('[DIR-10] an answer whose acknowledgement is lost is said again, and is one answer', async () => {
    const { harbour, millbrook } = all
    const ask = await posts(millbrook, 'M-1')
    const question = random.bytes(32)
    const interest = { question, notice: ask.id, who: 'Ada L.', phone: null }
    for (let i = 0; i < LIMITS.noticeAnswersPerDay + 5; i++)
      expect(ok(await harbour.bank.node.tellInterest(millbrook.bank.bank, interest)).kept).toBe(true)
    expect(await itemsOf(millbrook)).toHaveLength(1)
  })

  test('[DIR-10] too late: the notice is down, the member is told, and no desk has anything to do', async () => {
    const { harbour, millbrook } = all
    const ask = await posts(millbrook, 'M-1')
    await sees(1)
    const { node } = millbrook.bank
    ok(await takeDown(node, millbrook.people, ask.id, { member: millbrook.people.byNumber('M-1')! }))
    ok(await here.answer(millbrook.bank.bank, ask.id, ada()))
    await until(() => harbour.people.notices.sent()[0]?.state === 'over')
    expect([await itemsOf(harbour), await itemsOf(millbrook)]).toEqual([[], []])
  })

  test('[DIR-10] after a week it is given up, and the desk is told', async () => {
    const { harbour, millbrook } = all
    const ask = await posts(millbrook, 'M-1')
    await sees(1)
    await millbrook.bank.stop()
    ok(await here.answer(millbrook.bank.bank, ask.id, ada()))
    harbour.bank.clock.offset += LIMITS.noticeAnswerSeconds + 60
    await until(() => harbour.people.notices.sent()[0]?.state === 'given_up')
    expect(await itemsOf(harbour)).toMatchObject([{ kind: 'notice_sent', sent: { state: 'given_up' } }])
  })

  test('[DIR-10] nobody answers what was never shown, and nobody answers without end', async () => {
    const { harbour, millbrook } = all
    const answer = (bank: Uint8Array, id: Uint8Array) => here.answer(bank, id, ada())
    expect(refusalOf(await answer(millbrook.bank.bank, random.bytes(16)))).toBe('notice_unknown')
    expect(refusalOf(await answer(random.bytes(20), random.bytes(16)))).toBe('notice_unknown')
    for (let i = 0; i <= LIMITS.noticeAnswersOfMember; i++)
      await posts(millbrook, i < 15 ? 'M-1' : 'M-2', { text: `ask ${i}` })
    const seen = await sees(LIMITS.noticeAnswersOfMember + 1)
    const codes: string[] = []
    for (const { id } of seen) codes.push(refusalOf(await answer(millbrook.bank.bank, id)))
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(LIMITS.noticeAnswersOfMember)
    expect(codes.at(-1)).toBe('too_many_waiting')
    ok(await setMemberState(harbour.bank.node, harbour.people, 'H-1', 'suspend'))
    expect(refusalOf(await answer(millbrook.bank.bank, seen[0]!.id))).toBe('account_suspended')
  })

  test('[TEST-11] whoever is erased leaves no word of it: here what was sent, there what was answered', async () => {
    const { harbour, millbrook } = all
    const ask = await posts(millbrook, 'M-1', { text: 'CanaryAsk' })
    await sees(1)
    ok(await here.answer(millbrook.bank.bank, ask.id, ada()))
    await until(() => harbour.people.notices.sent()[0]?.state === 'heard')
    const erase = ({ bank, people, act }: Desk, number: string, confirm: string) =>
      eraseMember(bank.node, people, { number, confirm, reason: 'asked' }, act)
    ok(await erase(harbour, 'H-1', 'Ada Lovelace'))
    expect(await contentOf(harbour.bank.node.store)).not.toContain('CanaryAsk')
    ok(await erase(millbrook, 'M-1', 'Bo Mei Lin'))
    for (const canary of ['CanaryAsk', 'Ada L.'])
      expect(await contentOf(millbrook.bank.node.store)).not.toContain(canary)
  })
})

describe('a neighbour that lies', () => {
  let desk: Desk
  let liar: Liar
  let here: Elsewhere
  beforeEach(async () => {
    const network = new MemoryNetwork()
    desk = await openDesk(network, 'Harbour', ['Ada Lovelace', 'Carl Gauss'])
    liar = new Liar(network, desk.bank)
    await liar.scripted.transport.start()
    await liar.openLine()
    here = new Elsewhere(desk.bank.node, desk.people)
  })
  afterEach(async () => {
    here.close()
    await isWell(desk.bank)
    await desk.bank.stop()
    await liar.scripted.transport.close()
  })

  type Told = MessageOf<'notices'>['notices'][number]
  const told = (more: Partial<Told> = {}): Told => ({
    ...{ id: random.bytes(16), kind: 1, text: 'a lift', category: 20, until: liar.log.time + 3_600 },
    ...more,
  })
  /** What the desk sees after this answer to its question. */
  async function answered(notices: readonly Told[]): Promise<readonly NoticeElsewhere[]> {
    const looking = here.look()
    const { question } = await liar.talk.next('look')
    await liar.talk.say([{ name: 'notices', question, notices }])
    await looking
    return here.look()
  }

  test('[DIR-12] markup, turned letters, blanks, and ends in the past or next year are passed over', async () => {
    const good = told({ text: 'mend “a chair” & a table' })
    const lies = [
      told({ text: '<b>a lift</b>' }),
      told({ text: 'a lift\u202e tfil a' }),
      told({ text: 'two\u2028lines' }),
      told({ text: '   ' }),
      told({ until: liar.log.time - 60 }),
      told({ until: liar.log.time + 366 * 86_400 }),
      told({ id: good.id, text: 'the same id' }),
    ]
    expect((await answered([good, ...lies])).map(({ text }) => text)).toEqual([good.text])
    expect(soundNotices(lies.slice(0, 6), liar.log.time)).toEqual([])
  })

  test.each<[string, () => readonly Told[]]>([
    ['ten kilobytes', () => [told({ text: 'x'.repeat(10_240) })]],
    ['a kind that does not exist', () => [told({ kind: 3 })]],
    ['a hundred and one of them', () => Array.from({ length: LIMITS.noticesOutside + 1 }, () => told())],
  ])('[DIR-12] %s: the session ends, and nothing is kept', async (_, notices) => {
    await liar.talk.say([{ name: 'notices', question: random.bytes(32), notices: notices() }])
    await until(() => liar.talk.over)
    expect(here.find(liar.scripted.bank, random.bytes(16))).toBe(null)
  })

  test('[DIR-12] an answer that nobody asked for is passed over', async () => {
    await liar.talk.say([{ name: 'notices', question: random.bytes(32), notices: [told()] }])
    await liar.talk.say([{ name: 'noted', question: random.bytes(32), outcome: 1, phone: null }])
    expect(here.find(liar.scripted.bank, random.bytes(16))).toBe(null)
    expect(await answered([told()])).toHaveLength(1)
  })

  const interest = (notice: Uint8Array, more: Partial<MessageOf<'interest'>> = {}) =>
    ({ name: 'interest', question: random.bytes(32), notice, who: 'Eve M.', phone: null, ...more }) as const

  test('[DIR-10] names that are not sound are not kept; nor answers to what it was not shown', async () => {
    const shown = await posts(desk, 'H-1')
    const inside = await posts(desk, 'H-1', { reach: 'bank' })
    await liar.talk.say([
      interest(shown.id, { who: '\u202eevE' }),
      interest(shown.id, { who: '<b>Eve</b>' }),
      interest(shown.id, { phone: '<1>' }),
      interest(inside.id),
      interest(random.bytes(16)),
    ])
    await liar.talk.next('noted', 5)
    expect(liar.talk.all('noted').map(({ outcome }) => outcome)).toEqual([2, 2, 2, 2, 2])
    expect(desk.people.notices.unanswered()).toEqual([])
  })

  test('[DIR-10] a flood keeps twenty for a notice and fifty a day, and then it is BUSY', async () => {
    const [one, two, three] = [await posts(desk, 'H-1'), await posts(desk, 'H-2'), await posts(desk, 'H-2')]
    const flood = (id: Uint8Array, count: number) => Array.from({ length: count }, () => interest(id))
    await liar.talk.say([...flood(one.id, 25), ...flood(two.id, 15), ...flood(three.id, 60)])
    await until(() => liar.talk.all('noted').length + liar.talk.all('busy').length === 100)
    expect(liar.talk.all('noted')).toHaveLength(LIMITS.noticeAnswersPerDay)
    expect(desk.people.notices.unanswered()).toHaveLength(20 + 15 + 10)
    expect(liar.talk.all('busy').every(({ about }) => about === 28)).toBe(true)
  })

  test('[DIR-12] BUSY about one question says nothing about another', async () => {
    const looking = desk.bank.node.look(liar.scripted.bank)
    const { question } = await liar.talk.next('look')
    for (const about of [18, 22, 28, 10, 1]) await liar.talk.say([{ name: 'busy', about, retrySeconds: 5 }])
    await liar.talk.say([{ name: 'notices', question, notices: [told()] }])
    expect(ok(await looking)).toHaveLength(1)
  })
})
