/** Do hours that moved between two banks go back once, by both desks' leave, whoever is away, tries twice or comes late? */

import { afterEach, describe, expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { Activity } from '../../src/register/activity.ts'
import { readCaseRow } from '../../src/register/case-rows.ts'
import { Cases } from '../../src/register/cases.ts'
import { eraseMember } from '../../src/register/erasure.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { readMemo } from '../../src/register/memos.ts'
import { payRequest } from '../../src/register/paying-requests.ts'
import { addMember } from '../../src/register/people.ts'
import {
  askBack,
  collectForBack,
  endWithoutMoving,
  giveBack,
  stageOf,
  takeCodeBack,
} from '../../src/register/putting-right.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { todayItems } from '../../src/register/today.ts'
import { privateKey } from '../../src/store/keyspace.ts'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { isAtRest } from '../node/pair.ts'
import { ok, random, refusalOf, until } from '../node/town.ts'
import { closeDesks, type Desk, type TwoDesks, twoDesks } from './two-desks.ts'

let all: TwoDesks | null = null
afterEach(async () => {
  await closeDesks(all)
  all = null
})

interface Side extends Desk {
  cases: Cases
  readonly node: Desk['bank']['node']
}

async function sideOf(desk: Desk): Promise<Side> {
  const cases = await Cases.open(desk.bank.node)
  return {
    cases,
    act: desk.act,
    bank: desk.bank,
    get people() {
      return desk.people
    },
    get node() {
      return desk.bank.node
    },
  }
}

/** Bo of Millbrook helped Ada of Harbour, as it seems: her hours are with him. */
async function paidAcross(minutes = 90): Promise<{
  harbour: Side
  millbrook: Side
  id: Uint8Array
  /** Ada, or Harbour's desk for her, calls it wrong. */
  called: () => Promise<void>
  /** What the two of them have. */
  balances: () => Promise<readonly number[]>
}> {
  all = await twoDesks(6_000)
  const [harbour, millbrook] = [await sideOf(all.harbour), await sideOf(all.millbrook)]
  const made = ok(
    await makeRequest(
      millbrook.node,
      millbrook.people,
      { number: 'M-1', minutes, what: 'gardening' },
      { most: LIMITS.crossingMinutes, rows: () => [] },
    ),
  )
  const wanted = { payer: 'H-1', bank: millbrook.node.bank, code: made.code }
  const paid = ok(await payRequest(harbour.node, harbour.people, wanted, harbour.act))
  if (!paid.across) throw new Error('two banks')
  const { id } = paid.payment
  expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
  const ada = harbour.people.find('H-1')
  const called = async (): Promise<void> => {
    ok(
      await harbour.cases.begin({
        ...{ record: id, about: 'payment', index: 1, by: ok(ada).account },
        ...{ what: 'not_me', words: 'It was somebody else.' },
      }),
    )
  }
  const balances = async (): Promise<readonly number[]> =>
    Promise.all(
      [[harbour, 'H-1'] as const, [millbrook, 'M-1'] as const].map(
        async ([side, number]) => ok(await memberStatement(side.node, side.people, number)).balanceMinutes,
      ),
    )
  return { harbour, millbrook, id, called, balances }
}

const what = (id: Uint8Array): string => `Put right: ${receiptPhrase(id)}. I rang you both.`

async function asks(side: Side, id: Uint8Array): Promise<string> {
  return ok(await askBack(side, id, what(id), side.act)).code
}

function gives(
  side: Side,
  id: Uint8Array,
  code: string,
  nonce = toHex(random.bytes(16)),
): ReturnType<typeof giveBack> {
  return giveBack(side, id, { code, nonce }, side.act.coordinator)
}

async function stage(side: Side, id: Uint8Array): Promise<string | null> {
  await side.cases.catchUp()
  const one = side.cases.find(id)
  return one === null ? null : (await stageOf(side, one)).stage
}

async function inOrder(): Promise<void> {
  const { harbour, millbrook } = all as TwoDesks
  await until(() => isAtRest({ harbour: harbour.bank, millbrook: millbrook.bank } as never))
  expect(brokenRules([logOf(harbour.bank.node), logOf(millbrook.bank.node)])).toEqual([])
}

/** More than one record of help may have. */
const LONG = LIMITS.recordMinutes + 500

describe('hours that moved between two banks and were wrong', () => {
  test('[DESK-13] [DESK-14] go back by a payment of their own when both desks agree; both banks hold the link and the reason', async () => {
    const { harbour, millbrook, id, called, balances } = await paidAcross()
    expect(await balances()).toEqual([-90, 90])
    await called()
    expect(await stage(harbour, id)).toBe('open')
    const code = await asks(harbour, id)
    expect(await stage(harbour, id)).toBe('asked')
    const back = ok(await gives(millbrook, id, code))
    expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
    for (const side of [harbour, millbrook]) {
      await until(async () => (await stage(side, id)) === 'corrected')
      const one = side.cases.find(id)
      expect(one).toMatchObject({ state: 'corrected', back, about: 'payment' })
      expect(side.cases.putRightBy(back)).toEqual(id)
      expect(side.cases.putRightBy(id)).toBeNull()
      expect(readMemo(side.node.store, back)?.texts[0]).toBe(what(id))
      expect(side.cases.waiting()).toEqual([])
    }
    expect(harbour.cases.find(id)).toMatchObject({ from: 'member', what: 'not_me' })
    expect(millbrook.cases.find(id)).toMatchObject({ from: 'neighbour', words: what(id) })
    expect(await balances()).toEqual([0, 0])
    // Nothing of it stands in a row that a restart would lose.
    for (const side of [harbour, millbrook]) {
      const again = await Cases.open(side.node)
      expect(again.find(id)).toEqual(side.cases.find(id))
      expect(again.putRightBy(back)).toEqual(id)
    }
    await inOrder()
  })

  test('[DESK-14] the coordinator answers for it in the log, and the desk keeps who asked', async () => {
    const { harbour, millbrook, id, called } = await paidAcross()
    await called()
    const back = ok(await gives(millbrook, id, await asks(harbour, id)))
    const hold = await millbrook.node.read(({ book, own }) =>
      own.entryOf('pay.hold', book.asPayer.get(back)?.first ?? -1),
    )
    expect(hold.body.auths).toMatchObject([{ form: 2, actor: millbrook.act.coordinator.actor, reason: 6 }])
    const { acts } = await harbour.people.acts.recent({ most: 1 })
    expect(acts).toMatchObject([{ what: 'asked_back', record: id }])
  })

  test('[DESK-13] as many minutes as a payment can have, for as long as a request can be good', async () => {
    const { harbour, millbrook, id, called } = await paidAcross(LONG)
    await called()
    const request = ok(await askBack(harbour, id, what(id), harbour.act))
    expect(request).toMatchObject({ minutes: LONG, uses: 1 })
    expect(request.expires - request.created).toBe(LIMITS.requestLongestSeconds)
    const back = ok(await gives(millbrook, id, request.code))
    expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
  })

  test('[EX-7] [DESK-13] pressed twice, at once or later, there is one code and one payment back', async () => {
    const { harbour, millbrook, id, called, balances } = await paidAcross()
    await called()
    const codes = await Promise.all([asks(harbour, id), asks(harbour, id)])
    expect(new Set([...codes, await asks(harbour, id)]).size).toBe(1)
    const nonce = toHex(random.bytes(16))
    const [code = ''] = codes
    const backs = await Promise.all([
      gives(millbrook, id, code, nonce),
      gives(millbrook, id, code, nonce),
      gives(millbrook, id, code),
    ])
    const back = ok(backs[0])
    for (const one of backs) expect(ok(one)).toEqual(back)
    expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
    expect(ok(await gives(millbrook, id, code, nonce))).toEqual(back)
    await until(async () => (await balances()).every((minutes) => minutes === 0))
    expect(refusalOf(await askBack(harbour, id, what(id), harbour.act))).toBe('claim_answered')
  })

  test('[DESK-14] a code for other minutes, for another exchange, for many, or of nobody is refused, and nothing moves', async () => {
    const { harbour, millbrook, id, called } = await paidAcross()
    await called()
    const other = async (more: object): Promise<string> =>
      ok(
        await makeRequest(harbour.node, harbour.people, {
          ...{ number: 'H-1', minutes: 90, what: what(id) },
          ...more,
        }),
      ).code
    const size = millbrook.node.head.size
    for (const more of [
      { minutes: 60 },
      { minutes: null },
      { what: 'shopping' },
      { what: `Put right: ${receiptPhrase(random.bytes(32))}` },
      { uses: 2 },
    ])
      expect(refusalOf(await gives(millbrook, id, await other(more)))).toBe('invoice_differs')
    const own = ok(
      await makeRequest(millbrook.node, millbrook.people, { number: 'M-2', minutes: 90, what: what(id) }),
    ).code
    for (const code of [own, '22222222', ''])
      expect(refusalOf(await gives(millbrook, id, code))).toBe('request_unknown')
    expect(millbrook.node.head.size).toBe(size)
    expect(millbrook.cases.find(id)).toBeNull()
    // The payer's bank has nothing to give back, and nobody gives back what they sent.
    expect(refusalOf(await gives(harbour, id, await asks(harbour, id)))).toBe('payment_unknown')
    expect(refusalOf(await gives(millbrook, random.bytes(32), own))).toBe('payment_unknown')
  })

  test('[DESK-13] only the bank whose member gets them back asks, and only about what somebody calls wrong', async () => {
    const { harbour, millbrook, id } = await paidAcross()
    expect(refusalOf(await askBack(harbour, id, what(id), harbour.act))).toBe('record_unknown')
    const bo = ok(millbrook.people.find('M-1'))
    const said = {
      record: id,
      about: 'payment',
      index: 1,
      by: bo.account,
      what: 'length',
      words: '',
    } as const
    ok(await millbrook.cases.begin(said))
    expect(refusalOf(await askBack(millbrook, id, what(id), millbrook.act))).toBe('claim_answered')
    expect(refusalOf(await askBack(harbour, random.bytes(32), '', harbour.act))).toBe('payment_unknown')
    // Bo's case is the one that is put right.
    const ada = ok(harbour.people.find('H-1'))
    ok(await harbour.cases.begin({ ...said, by: ada.account }))
    const back = ok(await gives(millbrook, id, await asks(harbour, id)))
    expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
    expect(await stage(millbrook, id)).toBe('corrected')
    expect(millbrook.cases.find(id)).toMatchObject({ from: 'member', what: 'length', back })
  })
})

describe('until the hours are back', () => {
  test('[DESK-13] a code is taken back, another one is made, and the first is good for nothing', async () => {
    const { harbour, millbrook, id, called } = await paidAcross()
    await called()
    const first = await asks(harbour, id)
    ok(await takeCodeBack(harbour, id))
    expect(await stage(harbour, id)).toBe('lapsed')
    expect(refusalOf(await gives(millbrook, id, first))).toBe('request_withdrawn')
    const second = await asks(harbour, id)
    expect(second).not.toBe(first)
    expect(harbour.cases.find(id)?.asked).toHaveLength(2)
    const back = ok(await gives(millbrook, id, second))
    expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
    await until(async () => (await stage(harbour, id)) === 'corrected')
  })

  test('[DESK-13] a code that ran out is followed by another one, up to a bound', async () => {
    const { harbour, id, called } = await paidAcross()
    await called()
    for (let i = 0; i < LIMITS.caseRequests; i++) {
      await asks(harbour, id)
      ok(await takeCodeBack(harbour, id))
    }
    expect(refusalOf(await askBack(harbour, id, what(id), harbour.act))).toBe('requests_too_many')
    expect(await stage(harbour, id)).toBe('lapsed')
  })

  test.each(['stands', 'withdrawn'] as const)(
    '[DESK-13] it ends as %s, and the code with it',
    async (state) => {
      const { harbour, millbrook, id, called, balances } = await paidAcross()
      await called()
      const code = await asks(harbour, id)
      ok(await endWithoutMoving(harbour, id, state, 'We talked.'))
      expect(refusalOf(await gives(millbrook, id, code))).toBe('request_withdrawn')
      expect(await stage(harbour, id)).toBe(state)
      expect(refusalOf(await endWithoutMoving(harbour, id, 'stands', ''))).toBe('claim_answered')
      expect(await balances()).toEqual([-90, 90])
      // Both desks may think again.
      await called()
      const back = ok(await gives(millbrook, id, await asks(harbour, id)))
      expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
      await until(async () => (await stage(harbour, id)) === 'corrected')
    },
  )

  test('[DESK-14] the other bank is away: on its way, sent once, and nothing ends it; then it arrives', async () => {
    const { harbour, millbrook, id, called, balances } = await paidAcross()
    await called()
    const code = await asks(harbour, id)
    ok(await collectForBack(millbrook, { id, bank: harbour.node.bank, minutes: 90 }, code))
    await harbour.bank.stop()
    await until(() => millbrook.node.contacts.link(harbour.node.bank)?.connected !== true)
    const back = ok(await gives(millbrook, id, code))
    expect(await stage(millbrook, id)).toBe('on_its_way')
    expect(millbrook.cases.putRightBy(back)).toEqual(id)
    expect(ok(await gives(millbrook, id, code))).toEqual(back)
    expect(refusalOf(await endWithoutMoving(millbrook, id, 'stands', ''))).toBe('claim_answered')
    await harbour.bank.start()
    harbour.cases = await Cases.open(harbour.node)
    expect(ok(await millbrook.node.settled(back, 30)).state).toBe('paid')
    for (const side of [harbour, millbrook]) await until(async () => (await stage(side, id)) === 'corrected')
    expect(await balances()).toEqual([0, 0])
    await inOrder()
  })

  test('[DESK-14] hours that came back are not there: the old payment stands, and another code tries again', async () => {
    const { harbour, millbrook, id, called, balances } = await paidAcross()
    await called()
    const first = await asks(harbour, id)
    ok(await collectForBack(millbrook, { id, bank: harbour.node.bank, minutes: 90 }, first))
    const mend = cutOff(harbour, millbrook)
    // Somebody inside Harbour answers the code meanwhile: it is used, and nothing is put right by that.
    const inside = { payer: 'H-2', bank: harbour.node.bank, code: first }
    ok(await payRequest(harbour.node, harbour.people, inside, harbour.act))
    expect(await stage(harbour, id)).toBe('lapsed')
    const back = ok(await gives(millbrook, id, first))
    mend()
    expect(ok(await millbrook.node.settled(back, 30)).state).toBe('returned')
    expect(await stage(millbrook, id)).toBe('came_back')
    expect(millbrook.cases.find(id)?.state).toBe('open')
    expect(await stage(harbour, id)).toBe('lapsed')
    expect(refusalOf(await gives(millbrook, id, first))).toBe('request_used')
    const again = ok(await gives(millbrook, id, await asks(harbour, id)))
    expect(ok(await millbrook.node.settled(again, 20)).state).toBe('paid')
    await until(async () => (await stage(harbour, id)) === 'corrected')
    expect(millbrook.cases.putRightBy(again)).toEqual(id)
    expect(await balances()).toEqual([90, 0])
  })

  test('[DESK-13] hours that were sent while the code was good count, whatever was said of it since', async () => {
    const { harbour, millbrook, id, called, balances } = await paidAcross()
    await called()
    const code = await asks(harbour, id)
    ok(await collectForBack(millbrook, { id, bank: harbour.node.bank, minutes: 90 }, code))
    const mend = cutOff(harbour, millbrook)
    const back = ok(await gives(millbrook, id, code))
    harbour.bank.clock.offset += 60
    ok(await endWithoutMoving(harbour, id, 'stands', ''))
    expect(await stage(harbour, id)).toBe('stands')
    mend()
    expect(ok(await millbrook.node.settled(back, 30)).state).toBe('paid')
    expect(await stage(harbour, id)).toBe('corrected')
    expect(await balances()).toEqual([0, 0])
  })
})

/** Nothing passes between the two any more, until what this gives is called. */
function cutOff(harbour: Side, millbrook: Side): () => void {
  const peers = [harbour.node.transport.peerId, millbrook.node.transport.peerId] as const
  all?.network.cut(...peers)
  return () => all?.network.mend(...peers)
}

describe('the desk', () => {
  test('[DESK-1] [DESK-8] Today names the bank, and forgets what was put right', async () => {
    const { harbour, millbrook, id, called } = await paidAcross()
    await called()
    const desk = { ...harbour, people: harbour.people, node: harbour.node }
    const listed = async () =>
      (
        await todayItems(
          { ...desk, claims: { unanswered: () => [] } as never, joiners: { all: () => [] } as never },
          harbour.node.logTime(),
        )
      ).filter(({ kind }) => kind === 'case')
    expect(await listed()).toMatchObject([{ about: { record: id }, bank: millbrook.node.bank }])
    const back = ok(await gives(millbrook, id, await asks(harbour, id)))
    ok(await millbrook.node.settled(back, 20))
    await until(async () => (await stage(harbour, id)) === 'corrected')
    expect(await listed()).toEqual([])
  })

  test('[REP-3] totals that everybody reads count no hours that went back as help', async () => {
    const { harbour, millbrook, id, called } = await paidAcross()
    await called()
    const back = ok(await gives(millbrook, id, await asks(harbour, id)))
    expect(ok(await millbrook.node.settled(back, 20)).state).toBe('paid')
    await until(async () => (await stage(harbour, id)) === 'corrected')
    for (const side of [harbour, millbrook]) {
      const { node, people, act } = side
      const numbers: string[] = []
      for (let i = 0; i < 6; i++) numbers.push(ok(await addMember(node, people, { name: `M${i}` })).number)
      for (const [i, provider] of numbers.entries()) {
        const recipient = numbers[(i + 1) % 6] ?? ''
        ok(await recordHelp(node, people, { provider, recipient, minutes: 10 }, act))
      }
      side.bank.clock.offset += 86_400
      // Sixty minutes inside the bank and the ninety that were wrong, once.
      expect((await new Activity(node).figures()).yearMinutes).toBe(60 + 90)
    }
  })

  test('[PRIV-27] whoever is erased takes the case along: words, codes and link', async () => {
    const { harbour, millbrook, id, called } = await paidAcross()
    await called()
    const back = ok(await gives(millbrook, id, await asks(harbour, id)))
    ok(await millbrook.node.settled(back, 20))
    for (const [side, number] of [[harbour, 'H-1'] as const, [millbrook, 'M-1'] as const]) {
      await until(async () => (await stage(side, id)) === 'corrected')
      const { name: confirm } = ok(side.people.find(number))
      ok(await eraseMember(side.node, side.people, { number, confirm, reason: 'asked' }, side.act))
      const left = side.node.store.get(privateKey('case', id))
      expect(left ?? Uint8Array.of(0)).toEqual(Uint8Array.of(0))
      await side.cases.catchUp()
      expect(side.cases.find(id)).toBeNull()
      expect(side.cases.putRightBy(back)).toBeNull()
      expect((await Cases.open(side.node)).find(id)).toBeNull()
    }
  })
})

test('[DESK-8] rows of programs that knew records alone are read as they are', () => {
  const [id, by] = [random.bytes(32), random.bytes(16)]
  const old = encode([1, 7, by, 0, 'It was half an hour.', 5, 9, 2, null])
  expect(readCaseRow(id, old)).toEqual({
    ...{ record: id, about: 'record', index: 7, by, from: 'member', what: 'length' },
    ...{ words: 'It was half an hour.', opened: 5, due: 9, state: 'corrected', answer: '' },
    ...{ asked: [], back: null },
  })
  for (const bytes of [undefined, Uint8Array.of(0), encode([2, 7, by]), encode([3])])
    expect(readCaseRow(id, bytes)).toBeNull()
})
