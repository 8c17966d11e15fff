/** Does a member get the hours that were asked for by a code, once, with the words, whoever is away or tries twice? */

import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { issueHandle, setMemberState } from '../../src/register/members.ts'
import { commitmentOf, readMemo } from '../../src/register/memos.ts'
import { collectRequest, lookUp, type PaidRequest, payRequest } from '../../src/register/paying-requests.ts'
import { payAcross } from '../../src/register/payments.ts'
import { shownCode } from '../../src/register/request-codes.ts'
import {
  makeRequest,
  type NewRequest,
  requestByCode,
  requestPaid,
  requestsOf,
  withdrawRequest,
} from '../../src/register/requests.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { isAtRest } from '../node/pair.ts'
import { ok, random, refusalOf, until } from '../node/town.ts'
import { closeDesks, type Desk, type TwoDesks, twoDesks } from './two-desks.ts'

let all: TwoDesks | null = null
afterEach(async () => {
  await closeDesks(all)
  all = null
})

/** Bo asks; gives the code. */
async function asks(desk: Desk, more: Partial<NewRequest> = {}): Promise<string> {
  const { number, minutes, ...rest } = { number: 'M-1', minutes: 90, what: 'gardening', ...more }
  return ok(await makeRequest(desk.bank.node, desk.people, { number, minutes, ...rest })).code
}

const reads = ({ harbour, millbrook }: TwoDesks, code: string) =>
  collectRequest(harbour.bank.node, harbour.people, millbrook.bank.bank, code)

const pays = (
  { harbour, millbrook }: TwoDesks,
  code: string,
  more: { payer?: string; minutes?: number; note?: string; nonce?: string } = {},
) => {
  const request = { payer: 'H-1', bank: millbrook.bank.bank, code, ...more }
  return payRequest(harbour.bank.node, harbour.people, request, harbour.act)
}

const idOf = (paid: PaidRequest): Uint8Array => (paid.across ? paid.payment.id : paid.record.id)

/** How the payment of a request ended. */
async function ended({ harbour }: TwoDesks, paid: PaidRequest): Promise<string> {
  return ok(await harbour.bank.node.settled(idOf(paid), 20)).state
}

async function inOrder(desks: TwoDesks): Promise<void> {
  const { harbour, millbrook } = desks
  await until(() => isAtRest({ harbour: harbour.bank, millbrook: millbrook.bank } as never))
  expect(brokenRules([logOf(harbour.bank.node), logOf(millbrook.bank.node)])).toEqual([])
}

describe('a request by code', () => {
  test('[EX-20] [INV-2] [INV-4] [INV-5] Ada pays what Bo asks for: one press, one round trip, and both read what it was for', async () => {
    all = await twoDesks()
    const { harbour, millbrook } = all
    const code = await asks(millbrook)
    const read = ok(await reads(all, shownCode(code)))
    expect(read).toMatchObject({ payee: 'Bo L.', minutes: 90, what: 'gardening', uses: 1, code })
    const waits = requestPaid(millbrook.bank.node, millbrook.people, code, 20)
    const paid = ok(await pays(all, code, { note: 'and the hedge' }))
    expect(paid).toMatchObject({ across: true, payment: { state: 'sent', record: 'new' } })
    expect(await ended(all, paid)).toBe('paid')
    const seen = ok(await waits)
    expect(seen).toMatchObject({ state: 'used', used: [{ record: idOf(paid) }] })
    const here = readMemo(harbour.bank.node.store, idOf(paid))
    const there = readMemo(millbrook.bank.node.store, idOf(paid))
    expect(here?.texts).toEqual(['gardening', '', 'and the hedge'])
    expect(there).toEqual(here)
    const bo = ok(await memberStatement(millbrook.bank.node, millbrook.people, 'M-1'))
    expect(bo).toMatchObject({ balanceMinutes: 90, lines: [{ what: 'received', note: 'gardening' }] })
    const order = await harbour.bank.node.read(({ book, own }) =>
      own.entryOf('pay.hold', book.asPayer.get(idOf(paid))!.first),
    )
    expect(order.body.mode).toBe(4)
    expect(order.body.order.length).toBeLessThan(400)
    await inOrder(all)
  })

  test('[EX-20] a code is understood with blanks, small letters and the letters people confuse', async () => {
    all = await twoDesks()
    const code = await asks(all.millbrook)
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
    const typed = [...code.toLowerCase().replaceAll('q', '0').replaceAll('l', '1')].join(' ')
    expect(ok(await reads(all, ` ${typed} `)).code).toBe(code)
    for (const wrong of ['', code.slice(1), `${code}A`, '????????', 'Я'.repeat(8), 'A'.repeat(400)])
      expect(refusalOf(await reads(all, wrong))).toBe('request_unknown')
  })

  test('[INV-4] two pay on a request for one: one is paid, the other comes back, and nobody is to blame', async () => {
    all = await twoDesks()
    const code = await asks(all.millbrook)
    ok(await reads(all, code))
    const both = await Promise.all([pays(all, code), pays(all, code, { payer: 'H-2' })])
    const ends = await Promise.all(both.map((one) => ended(all!, ok(one))))
    expect(ends.sort()).toEqual(['paid', 'returned'])
    const { millbrook, harbour } = all
    expect(ok(await requestByCode(millbrook.bank.node, millbrook.people, code)).used).toHaveLength(1)
    expect(millbrook.bank.notices.filter(({ notice }) => notice === 'breach')).toEqual([])
    expect(await harbour.bank.node.read(({ book }) => book.lines[0]!.frozen)).toBe(false)
    expect(refusalOf(await reads(all, code))).toBe('request_used')
    await inOrder(all)
  })

  test('[EX-7] the same press twice is one payment, also when the code is used by then', async () => {
    all = await twoDesks()
    const code = await asks(all.millbrook)
    const nonce = toHex(random.bytes(16))
    const [a, b] = await Promise.all([pays(all, code, { nonce }), pays(all, code, { nonce })])
    expect(idOf(ok(b))).toEqual(idOf(ok(a)))
    expect(await ended(all, ok(a))).toBe('paid')
    const again = ok(await pays(all, code, { nonce }))
    expect(again).toMatchObject({ across: true, payment: { record: 'known', state: 'paid' } })
  })

  test('[EX-20] [EX-4] a length left open is said by the payer; a wall code has many uses and ends', async () => {
    all = await twoDesks()
    const { millbrook } = all
    const code = await asks(millbrook, { minutes: null, uses: 3, seconds: 7_200 })
    expect(ok(await reads(all, code))).toMatchObject({ minutes: null, uses: 3 })
    expect(refusalOf(await pays(all, code))).toBe('minutes_out_of_range')
    const ends: string[] = []
    for (const [payer, minutes] of [
      ['H-1', 30],
      ['H-2', 45],
      ['H-1', 15],
    ] as const)
      ends.push(await ended(all, ok(await pays(all, code, { payer, minutes }))))
    expect(ends).toEqual(['paid', 'paid', 'paid'])
    const view = ok(await requestByCode(millbrook.bank.node, millbrook.people, code))
    expect(view).toMatchObject({ state: 'used' })
    expect(view.used).toHaveLength(3)
    const invoices = logOf(millbrook.bank.node).placed.filter(({ entry }) => entry.kind === 'rcv.invoice')
    expect(invoices).toHaveLength(1)
    const fixed = await asks(millbrook, { minutes: 20 })
    expect(refusalOf(await pays(all, fixed, { minutes: 21 }))).toBe('invoice_differs')
    await inOrder(all)
  })

  test('[EX-20] a late code says when it ran out, one taken back when that was, a used one when it was used', async () => {
    all = await twoDesks()
    const { millbrook, harbour } = all
    const late = await asks(millbrook, { seconds: 60 })
    const back = await asks(millbrook)
    const used = await asks(millbrook)
    await ended(all, ok(await pays(all, used)))
    ok(await withdrawRequest(millbrook.bank.node, millbrook.people, back))
    for (const { bank } of [millbrook, harbour]) bank.clock.offset += 120
    const said = async (code: string) => {
      const outcome = await reads(all!, code)
      return outcome.ok ? null : [outcome.refusal.code, typeof outcome.refusal.facts.at]
    }
    expect(await said(late)).toEqual(['request_expired', 'number'])
    expect(await said(back)).toEqual(['request_withdrawn', 'number'])
    expect(await said(used)).toEqual(['request_used', 'number'])
    const states = ok(await requestsOf(millbrook.bank.node, millbrook.people, 'M-1'))
    expect(states.map(({ state }) => state).sort()).toEqual(['expired', 'used', 'withdrawn'])
    const own = (code: string) =>
      collectRequest(millbrook.bank.node, millbrook.people, millbrook.bank.bank, code)
    for (const code of [late, back, used])
      expect(refusalOf(await own(code))).toMatch(/^request_(exp|wit|use)/)
    expect(refusalOf(await own('AAAAAAAA'))).toBe('request_unknown')
  })

  test('[INV-4] what was sent on a request that was taken back meanwhile comes back', async () => {
    all = await twoDesks()
    const { millbrook } = all
    const code = await asks(millbrook)
    ok(await reads(all, code))
    millbrook.bank.clock.offset -= 5
    ok(await withdrawRequest(millbrook.bank.node, millbrook.people, code))
    expect(await ended(all, ok(await pays(all, code)))).toBe('returned')
    const view = ok(await requestByCode(millbrook.bank.node, millbrook.people, code))
    expect(view).toMatchObject({ state: 'withdrawn', used: [] })
    await inOrder(all)
  })

  test('[POST-2] [INV-4] a bank that went away after it was asked: sent at once, kept when it is back', async () => {
    all = await twoDesks()
    const { millbrook, harbour } = all
    const code = await asks(millbrook)
    const other = await asks(millbrook)
    ok(await reads(all, code))
    await millbrook.bank.stop()
    expect(ok(await reads(all, code))).toMatchObject({ payee: 'Bo L.' })
    expect(refusalOf(await reads(all, other))).toBe('neighbour_away')
    const paid = ok(await pays(all, code))
    expect(paid).toMatchObject({ across: true, payment: { state: 'sent' } })
    // It comes back long after the code ran out: it was sent in time.
    for (const { bank } of [millbrook, harbour]) bank.clock.offset += 3 * 86_400
    await millbrook.bank.start()
    expect(await ended(all, paid)).toBe('paid')
    expect(ok(await requestByCode(millbrook.bank.node, millbrook.people, code))).toMatchObject({
      state: 'used',
    })
    expect(readMemo(millbrook.bank.node.store, idOf(paid))?.texts[0]).toBe('gardening')
    await inOrder(all)
  })

  test('[INV-5] words of many payments at once, each as long as may be: all arrive with their hours', async () => {
    all = await twoDesks(6_000)
    const { harbour, millbrook } = all
    const { handle } = ok(
      await issueHandle(millbrook.bank.node, millbrook.people, { number: 'M-1', uses: 200, days: 30 }),
    )
    await millbrook.bank.stop()
    const notes = Array.from({ length: 150 }, (_, i) => `${i}`.padEnd(LIMITS.noteBytes, 'é').slice(0, 1_000))
    const paid = await Promise.all(
      notes.map((note) => {
        const request = { payer: 'H-1', bank: millbrook.bank.bank, handle, minutes: 5, postal: true, note }
        return payAcross(harbour.bank.node, harbour.people, request, harbour.act)
      }),
    )
    await millbrook.bank.start()
    await inOrder(all)
    for (const [i, one] of paid.entries())
      expect(readMemo(millbrook.bank.node.store, ok(one).id)?.texts[2]).toBe(notes[i])
  })

  test('[EX-20] inside one bank the same code makes a record of help, and is used as well', async () => {
    all = await twoDesks()
    const { bank, people, act } = all.millbrook
    const code = await asks(all.millbrook)
    const read = ok(await collectRequest(bank.node, people, bank.bank, code))
    expect(read).toMatchObject({ payee: 'Bo L.', minutes: 90, what: 'gardening' })
    const pay = (payer: string) => payRequest(bank.node, people, { payer, bank: bank.bank, code }, act)
    const waits = requestPaid(bank.node, people, code, 20)
    expect(refusalOf(await pay('M-1'))).toBe('payer_is_payee')
    const paid = ok(await pay('M-2'))
    expect(paid.across).toBe(false)
    expect(ok(await waits)).toMatchObject({ state: 'used', used: [{ record: idOf(paid) }] })
    expect(refusalOf(await pay('M-2'))).toBe('request_used')
    expect(readMemo(bank.node.store, idOf(paid))?.texts[0]).toBe('gardening')
    const kinds = logOf(bank.node).placed.map(({ entry }) => entry.kind)
    expect(kinds.filter((kind) => kind === 'rcv.invoice')).toEqual([])
  })

  test('[PAY-13] requests, their uses and what was taken back outlive a restart', async () => {
    all = await twoDesks()
    const { millbrook } = all
    const open = await asks(millbrook, { uses: 2 })
    const back = await asks(millbrook)
    ok(await withdrawRequest(millbrook.bank.node, millbrook.people, back))
    await ended(all, ok(await pays(all, open)))
    await millbrook.bank.stop()
    await millbrook.bank.start()
    const view = ok(await requestByCode(millbrook.bank.node, millbrook.people, open))
    expect(view).toMatchObject({ state: 'open', what: 'gardening', uses: 2 })
    expect(view.used).toHaveLength(1)
    expect(ok(await requestByCode(millbrook.bank.node, millbrook.people, back)).state).toBe('withdrawn')
    await until(async () => (await reads(all!, open)).ok)
    expect(await ended(all, ok(await pays(all, open, { payer: 'H-2' })))).toBe('paid')
  })

  test.each([
    ['half a minute', { minutes: 0.5 }, 'minutes_not_whole'],
    ['more than a day', { minutes: 1_441 }, 'minutes_out_of_range'],
    ['no minutes', { minutes: 0 }, 'minutes_out_of_range'],
    ['no such day', { day: '2026-02-30' }, 'request_malformed'],
    ['long ago', { day: '2001-01-01' }, 'day_out_of_range'],
    ['no category', { category: 1_000 }, 'category_unknown'],
    ['a book', { what: 'x'.repeat(2_001) }, 'text_too_long'],
    ['no uses', { uses: 0 }, 'request_limits'],
    ['a thousand and one uses', { uses: 1_001 }, 'request_limits'],
    ['no time', { seconds: 0 }, 'request_limits'],
    ['more than 31 days', { seconds: 31 * 86_400 + 1 }, 'request_limits'],
    ['nobody', { number: 'M-9' }, 'account_unknown'],
  ] as const)('[EX-20] %s is refused when it is asked for', async (_what, more, code) => {
    all = await twoDesks()
    const { bank, people } = all.millbrook
    const outcome = await makeRequest(bank.node, people, { number: 'M-1', minutes: 60, ...more })
    expect(refusalOf(outcome)).toBe(code)
  })

  test('[EX-20] a member has at most 20 requests open, and none when suspended', async () => {
    all = await twoDesks()
    const { bank, people } = all.millbrook
    const make = () => makeRequest(bank.node, people, { number: 'M-1', minutes: 60 })
    const made = []
    for (let i = 0; i < LIMITS.requestsOpen; i++) made.push(ok(await make()).code)
    expect(refusalOf(await make())).toBe('requests_too_many')
    ok(await withdrawRequest(bank.node, people, made[0]!))
    ok(await make())
    ok(await setMemberState(bank.node, people, 'M-2', 'suspend'))
    const other = await makeRequest(bank.node, people, { number: 'M-2', minutes: 60 })
    expect(refusalOf(other)).toBe('account_suspended')
    bank.clock.offset += 40 * 86_400
    ok(await make())
    expect(ok(await requestsOf(bank.node, people, 'M-1'))).toHaveLength(1)
  })
})

describe('a member of another bank, by number', () => {
  test('[INV-6] [SIGN-11] is found by name and handle, paid, and the words arrive', async () => {
    all = await twoDesks()
    const { harbour, millbrook } = all
    const { bank } = millbrook.bank
    const found = ok(await lookUp(harbour.bank.node, bank, ' m-1 '))
    expect(found).toMatchObject({ payee: 'Bo L.', uses: LIMITS.askedHandleUses })
    expect(ok(await lookUp(harbour.bank.node, bank, 'M-2')).payee).toBe('Dee')
    expect(refusalOf(await lookUp(harbour.bank.node, bank, 'M-9'))).toBe('member_not_found')
    const nonce = toHex(random.bytes(16))
    const request = {
      payer: 'H-1',
      bank,
      handle: { number: 'M-1' },
      minutes: 60,
      postal: false,
      note: 'a lift',
      nonce,
    }
    const paid = ok(await payAcross(harbour.bank.node, harbour.people, request, harbour.act))
    expect(ok(await harbour.bank.node.settled(paid.id, 20)).state).toBe('paid')
    const again = ok(await payAcross(harbour.bank.node, harbour.people, request, harbour.act))
    expect(again).toMatchObject({ id: paid.id, record: 'known' })
    const there = readMemo(millbrook.bank.node.store, paid.id)
    expect(there?.texts).toEqual(['', '', 'a lift'])
    const order = await harbour.bank.node.read(({ book, own }) =>
      own.entryOf('pay.hold', book.asPayer.get(paid.id)!.first),
    )
    expect(order.body.order).toBeDefined()
    expect(commitmentOf(there!)).toBeDefined()
  })

  test('[INV-6] 30 questions a day, and codes that fail count; a day later it goes on', async () => {
    all = await twoDesks()
    const { harbour, millbrook } = all
    const code = await asks(millbrook)
    for (let i = 0; i < 15; i++) {
      expect(refusalOf(await lookUp(harbour.bank.node, millbrook.bank.bank, `M-${i + 100}`))).toBe(
        'member_not_found',
      )
      expect(refusalOf(await reads(all, 'AAAAAAAA'))).toBe('request_unknown')
    }
    expect(refusalOf(await lookUp(harbour.bank.node, millbrook.bank.bank, 'M-1'))).toBe('asked_too_often')
    expect(refusalOf(await reads(all, code))).toBe('asked_too_often')
    millbrook.bank.clock.offset += 86_401
    harbour.bank.clock.offset += 86_401
    expect(ok(await lookUp(harbour.bank.node, millbrook.bank.bank, 'M-1')).payee).toBe('Bo L.')
  })

  test('[INV-6] codes that are good do not count', async () => {
    all = await twoDesks()
    const code = await asks(all.millbrook)
    for (let i = 0; i < LIMITS.questionsPerDay + 5; i++) ok(await reads(all, code))
  })

  test('[INV-6] unknown and unwilling are one answer: suspended, closed, or a paused line', async () => {
    all = await twoDesks()
    const { harbour, millbrook } = all
    const code = await asks(millbrook)
    ok(await setMemberState(millbrook.bank.node, millbrook.people, 'M-1', 'suspend'))
    ok(await setMemberState(millbrook.bank.node, millbrook.people, 'M-2', 'close'))
    const look = (number: string) => lookUp(harbour.bank.node, millbrook.bank.bank, number)
    for (const number of ['M-1', 'M-2', 'BEFORE', 'nobody'])
      expect(refusalOf(await look(number))).toBe('member_not_found')
    expect(refusalOf(await reads(all, code))).toBe('request_unknown')
    ok(await setMemberState(millbrook.bank.node, millbrook.people, 'M-1', 'resume'))
    ok(await millbrook.bank.node.pauseNeighbour(harbour.bank.bank, 'pause'))
    expect(refusalOf(await look('M-1'))).toBe('member_not_found')
    ok(await harbour.bank.node.pauseNeighbour(millbrook.bank.bank, 'pause'))
    expect(refusalOf(await look('M-1'))).toBe('line_paused')
    await millbrook.bank.stop()
    expect(refusalOf(await lookUp(harbour.bank.node, harbour.bank.bank, 'H-1'))).toBe('own_bank')
    expect(refusalOf(await lookUp(harbour.bank.node, random.bytes(20), 'H-1'))).toBe('line_missing')
  })
})
