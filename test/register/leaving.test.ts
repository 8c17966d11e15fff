import { afterEach, describe, expect, test } from 'vitest'
import { accountOf, bookSum } from '../../src/core/ledger/book.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { decideCover, decideGiveUp, decideSeat } from '../../src/node/board-acts.ts'
import type { Act } from '../../src/register/exchanges.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { leaveBank } from '../../src/register/leaving.ts'
import { issueHandle, setMemberState } from '../../src/register/members.ts'
import { payAcross } from '../../src/register/payments.ts'
import { addMember, ensureFund, People } from '../../src/register/people.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { Liar } from '../node/liar.ts'
import { ok, openBank, openLine, random, refusalOf, type TestBank, until } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { type LoneBank, openLoneBank } from './lone-bank.ts'

const lone: LoneBank[] = []
const banks: TestBank[] = []
afterEach(async () => {
  for (const bank of lone.splice(0)) await bank.close()
  for (const bank of banks.splice(0)) await bank.stop()
})

describe('leaving with nothing on the way', () => {
  async function two(): Promise<LoneBank> {
    const bank = await openLoneBank()
    lone.push(bank)
    for (const [name, number] of [
      ['Ada', 'M-0001'],
      ['Bo', 'M-0002'],
    ] as const)
      ok(await addMember(bank.node, bank.people, { name, number }))
    return bank
  }

  test.each([
    ['hours waiting go to the pot', 'M-0001', 90],
    ['hours more used than given come from the pot', 'M-0002', -90],
  ])('[PAY-14] %s, and the account is closed in the same commit', async (_, number, rest) => {
    const { node, people, act } = await two()
    const help = { provider: 'M-0001', recipient: 'M-0002', minutes: 90 }
    ok(await recordHelp(node, people, help, act))
    const left = ok(await leaveBank(node, people, number, act))
    expect([left.waiting, left.restMinutes]).toEqual([0, rest])
    const [state, fund, sum] = await node.read(({ book }) => [
      accountOf(book, left.person.account)?.state,
      book.fund?.balance,
      bookSum(book),
    ])
    expect([state, fund, sum]).toEqual(['closed', rest, 0])
    const kinds = logOf(node)
      .placed.slice(-4)
      .map(({ entry }) => entry.kind)
    expect(kinds).toEqual(['acct.suspend', 'acct.suspend', 'exchange', 'acct.close'])
    expect(brokenRules([logOf(node)])).toEqual([])
    expect(refusalOf(await leaveBank(node, people, number, act))).toBe('account_closed')
  })

  test('[EX-11] hours that are left go to whomever the member names', async () => {
    const { node, people, act } = await two()
    ok(await addMember(node, people, { name: 'Cy', number: 'M-0003' }))
    ok(await recordHelp(node, people, { provider: 'M-0001', recipient: 'M-0002', minutes: 90 }, act))
    const balance = (number: string) =>
      node.read(({ book }) => accountOf(book, people.byNumber(number)!.account)?.balance)
    const before = node.head.size
    for (const [heir, code] of [
      ['M-0001', 'payer_is_payee'],
      ['M-0099', 'account_unknown'],
    ] as const)
      expect(refusalOf(await leaveBank(node, people, 'M-0001', act, heir))).toBe(code)
    expect(node.head.size).toBe(before)
    ok(await leaveBank(node, people, 'M-0001', act, 'M-0003'))
    expect([await balance('M-0001'), await balance('M-0003'), await balance('POT')]).toEqual([0, 90, 0])
    // What was received beyond the own help is nobody's to inherit: the pot evens it out.
    ok(await leaveBank(node, people, 'M-0002', act, 'M-0003'))
    expect([await balance('M-0002'), await balance('M-0003'), await balance('POT')]).toEqual([0, 90, -90])
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[PAY-14] whoever is even, or suspended already, just leaves', async () => {
    const { node, people, act } = await two()
    ok(await setMemberState(node, people, 'M-0001', 'suspend'))
    expect(ok(await leaveBank(node, people, 'M-0001', act)).restMinutes).toBe(0)
    expect(ok(await leaveBank(node, people, 'M-0002', act)).restMinutes).toBe(0)
    expect(brokenRules([logOf(node)])).toEqual([])
  })

  test('[PAY-14] the pot stays, a reason is given, and a number is known', async () => {
    const { node, people, act } = await two()
    expect(refusalOf(await leaveBank(node, people, 'POT', act))).toBe('account_unknown')
    expect(refusalOf(await leaveBank(node, people, 'M-0099', act))).toBe('account_unknown')
    expect(refusalOf(await leaveBank(node, people, 'M-0001', { ...act, reason: null }))).toBe(
      'reason_missing',
    )
    const size = node.head.size
    const stranger = { ...act, coordinator: { actor: random.bytes(16), name: 'Nobody' } }
    ok(await recordHelp(node, people, { provider: 'M-0001', recipient: 'M-0002', minutes: 5 }, act))
    expect(refusalOf(await leaveBank(node, people, 'M-0001', stranger))).toBe('coordinator_unknown')
    expect(node.head.size).toBe(size + 2)
  })
})

describe('leaving with payments open', () => {
  interface Towns {
    readonly a: TestBank
    readonly b: TestBank
    readonly here: People
    readonly there: People
    readonly act: Act
    pay(minutes: number, postal: boolean): Promise<Uint8Array>
  }

  async function towns(): Promise<Towns> {
    const network = new MemoryNetwork()
    const [a, b] = [await openBank(network, 'Harbour'), await openBank(network, 'Millbrook')]
    banks.push(a, b)
    await openLine(a, b)
    const [here, there] = [await People.open(a.node.store), await People.open(b.node.store)]
    await ensureFund(a.node, here)
    ok(await addMember(a.node, here, { name: 'Ada', number: 'H-1' }))
    ok(await addMember(b.node, there, { name: 'Bo', number: 'M-1' }))
    const act = {
      coordinator: { actor: a.coordinator, name: 'Priya' },
      channel: 'desk',
      reason: 'at_the_desk',
    } as const
    const { handle } = ok(await issueHandle(b.node, there, { number: 'M-1', uses: 9, days: 300 }))
    const pay = async (minutes: number, postal: boolean) => {
      const request = { payer: 'H-1', bank: b.bank, handle, minutes, postal, decideWithinSeconds: 600_000 }
      return ok(await payAcross(a.node, here, request, act)).id
    }
    return { a, b, here, there, act, pay }
  }

  test('[PAY-14] what is held is cancelled, what is sent is waited for, and then the account ends', async () => {
    const { a, b, here, act, pay } = await towns()
    await b.stop()
    const held = await pay(20, false)
    const sent = await pay(30, true)
    const first = ok(await leaveBank(a.node, here, 'H-1', act))
    expect([first.waiting, first.restMinutes]).toEqual([1, 0])
    expect(ok(await a.node.payment(held)).state).toBe('dead')
    await expect(pay(5, true)).rejects.toThrow(/account_suspended/)
    expect(ok(await leaveBank(a.node, here, 'H-1', act)).waiting).toBe(1)
    expect(refusalOf(await setMemberState(a.node, here, 'H-1', 'close'))).toBe('payments_open')
    await b.start()
    a.clock.offset += LIMITS.resendLongestSeconds + 5
    await until(async () => ok(await a.node.payment(sent)).state === 'paid')
    const last = ok(await leaveBank(a.node, here, 'H-1', act))
    expect([last.waiting, last.restMinutes]).toEqual([0, -30])
    expect(brokenRules([logOf(a.node), logOf(b.node)])).toEqual([])
  })

  test('[PAY-14] [PAY-18] when the other bank is gone for good, the cover lets the member go', async () => {
    const { a, b, here, act, pay } = await towns()
    await b.stop()
    const sent = await pay(30, true)
    expect(ok(await leaveBank(a.node, here, 'H-1', act)).waiting).toBe(1)
    const board = [random.bytes(16), random.bytes(16)]
    for (const actor of board)
      ok(await a.node.commit(decideSeat({ actor, ownAccount: null, nonce: random.bytes(16) }, [])))
    for (const bank of [a, b]) bank.clock.offset += LIMITS.deadSilenceSeconds + 60
    ok(await a.node.commit(decideGiveUp(b.bank, board, 0)))
    ok(await a.node.commit(decideCover(sent, board)))
    expect(ok(await leaveBank(a.node, here, 'H-1', act))).toMatchObject({ waiting: 0, restMinutes: 0 })
    await b.start()
    for (const bank of [a, b]) bank.clock.offset += LIMITS.resendLongestSeconds + 5
    await until(async () => ok(await a.node.payment(sent)).state === 'paid')
    expect(await a.node.read(({ book }) => [book.fund?.balance, bookSum(book)])).toEqual([-30, 0])
    expect(brokenRules([logOf(a.node), logOf(b.node)])).toEqual([])
  })

  test('[PAY-18] what was promised to somebody who leaves is given up, and the use of the code is free again', async () => {
    const network = new MemoryNetwork()
    const bank = await openBank(network, 'Northgate')
    banks.push(bank)
    const people = await People.open(bank.node.store)
    await ensureFund(bank.node, people)
    ok(await addMember(bank.node, people, { name: 'Edna', number: 'N-1' }))
    const liar = new Liar(network, bank)
    await liar.scripted.transport.start()
    await liar.openLine()
    const { handle } = ok(await issueHandle(bank.node, people, { number: 'N-1', uses: 1, days: 30 }))
    await liar.talk.say([liar.offer(liar.order(handle, 30), random.bytes(32))])
    await liar.talk.next('promise')
    const coordinator = { actor: bank.coordinator, name: 'Priya' }
    const by = { coordinator, channel: 'call', reason: 'telephoned' } as const
    expect(ok(await leaveBank(bank.node, people, 'N-1', by))).toMatchObject({ waiting: 0, restMinutes: 0 })
    await liar.talk.next('waive')
    const waived = logOf(bank.node)
      .placed.map(({ entry }) => entry)
      .filter((entry) => entry.kind === 'rcv.waive')
    expect(waived.map((entry) => entry.body.cause)).toEqual([4])
    expect(ok(bank.node.handles.look(handle, bank.clock.now()))).toEqual(people.byNumber('N-1')?.account)
    expect(await bank.node.read(({ book }) => book.lines[0]?.open)).toBe(0)
    expect(brokenRules([logOf(bank.node)])).toEqual([])
    await liar.scripted.transport.close()
  })
})
