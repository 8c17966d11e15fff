import { afterEach, describe, expect, test } from 'vitest'
import { signingKey } from '../../src/core/ed25519.ts'
import { toHex } from '../../src/core/ids.ts'
import { devicePreimage, orderPreimage } from '../../src/core/sign.ts'
import { decodeOrder, encodeOrder } from '../../src/core/transfer/order.ts'
import { addDeputy, removeDeputy } from '../../src/register/editing.ts'
import type { Act } from '../../src/register/exchanges.ts'
import { issueHandle, registerDevice, setMemberState } from '../../src/register/members.ts'
import { commitmentOf, newMemo, readMemo } from '../../src/register/memos.ts'
import { type CrossingRequest, cancelPayment, payAcross, payWithDevice } from '../../src/register/payments.ts'
import { addMember, People } from '../../src/register/people.ts'
import { waitOrSendAnyway } from '../../src/register/sending-again.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { ok, openBank, openLine, orderTo, random, refusalOf, type TestBank } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'

const open: TestBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.stop()
})

interface Desk {
  bank: TestBank
  people: People
  act: Act
}

async function desk(network: MemoryNetwork, name: string, member: string): Promise<Desk> {
  const bank = await openBank(network, name)
  open.push(bank)
  const people = await People.open(bank.node.store)
  ok(await addMember(bank.node, people, { name: member, number: `${name.charAt(0)}-1` }))
  return {
    bank,
    people,
    act: { coordinator: { actor: bank.coordinator, name: 'Priya' }, channel: 'call', reason: 'telephoned' },
  }
}

async function pair() {
  const network = new MemoryNetwork()
  const harbour = await desk(network, 'Harbour', 'Ada')
  const millbrook = await desk(network, 'Millbrook', 'Bo')
  await openLine(harbour.bank, millbrook.bank)
  const { handle } = ok(
    await issueHandle(millbrook.bank.node, millbrook.people, { number: 'M-1', uses: 10, days: 30 }),
  )
  const request = (more: Partial<CrossingRequest> = {}): CrossingRequest => {
    return { payer: 'H-1', bank: millbrook.bank.bank, handle, minutes: 90, postal: false, ...more }
  }
  const pay = (more: Partial<CrossingRequest> = {}, act: Act = harbour.act) =>
    payAcross(harbour.bank.node, harbour.people, request(more), act)
  return { network, harbour, millbrook, handle, request, pay }
}

describe('[EX-15] whoever was let', () => {
  test('and is taken off the list while the press waits sends nothing', async () => {
    const { harbour, request, pay } = await pair()
    const { node } = harbour.bank
    const { people } = harbour
    const cy = ok(await addMember(node, people, { name: 'Cy', number: 'H-2' }))
    ok(await addDeputy(node, people, 'H-1', { helper: 'H-2', forWhat: 'record' }))
    const by = { member: cy, method: 'pin', channel: 'web' } as const
    const nonce = random.bytes(16)
    let letGo = (): void => undefined
    const turn = people.presses.alone(nonce, () => new Promise<void>((resolve) => (letGo = resolve)))
    const paying = payAcross(node, people, request({ nonce: toHex(nonce) }), by)
    ok(await removeDeputy(node, people, 'H-1', 'H-2'))
    const size = node.head.size
    letGo()
    await turn
    expect(refusalOf(await paying)).toBe('not_covered')
    expect(node.head.size).toBe(size)
    // The form is as good as before for whoever may.
    ok(await pay({ nonce: toHex(nonce) }))
  })
})

describe('help between two banks', () => {
  test("[EX-17] [PAY-5] Ada was helped by Bo: paid, and both statements say so without the other's name", async () => {
    const { harbour, millbrook, pay } = await pair()
    const now = harbour.bank.node.logTime()
    const asked = ok(await pay({ note: 'A lift', category: 2 }))
    expect(asked).toMatchObject({ state: 'held', record: 'new' })
    expect(asked.decideBy - now).toBeGreaterThanOrEqual(60)
    expect(ok(await harbour.bank.node.settled(asked.id, 20)).state).toBe('paid')
    const ada = ok(await memberStatement(harbour.bank.node, harbour.people, 'H-1'))
    const bo = ok(await memberStatement(millbrook.bank.node, millbrook.people, 'M-1'))
    expect(ada).toMatchObject({
      balanceMinutes: -90,
      lines: [{ what: 'sent', minutes: -90, note: 'A lift', bank: millbrook.bank.bank }],
    })
    expect(bo).toMatchObject({
      balanceMinutes: 90,
      lines: [{ what: 'received', minutes: 90, bank: harbour.bank.bank, with: [], note: null }],
    })
  })

  test.each([
    ['half a minute', { minutes: 0.5 }, 'minutes_not_whole'],
    ['more than 100 hours', { minutes: 6001 }, 'minutes_out_of_range'],
    ['a day long ago', { day: '2019-01-01' }, 'day_out_of_range'],
    ['a payer nobody knows', { payer: 'H-2' }, 'account_unknown'],
    ['a handle that is none', { handle: new Uint8Array(3) }, 'handle_unknown'],
    ['a bank id that is none', { bank: new Uint8Array(3) }, 'bank_unknown'],
    ['a bank without a line', { bank: new Uint8Array(20) }, 'line_missing'],
    ['a deadline nine days off', { decideWithinSeconds: 9 * 86_400 }, 'deadline_too_far'],
    ['a deadline gone by', { decideWithinSeconds: -1 }, 'order_expired'],
    ['a deadline of half a second', { decideWithinSeconds: 0.5 }, 'request_malformed'],
    ['more than the payer may owe', { minutes: 2401 }, 'payer_stop'],
  ])('[EX-18] %s is refused before anything is written', async (_, more, code) => {
    const { harbour, pay } = await pair()
    const size = harbour.bank.node.head.size
    expect(refusalOf(await pay(more))).toBe(code)
    expect(harbour.bank.node.head.size).toBe(size)
  })

  test('[EX-2] a coordinator gives a reason; the own bank is not another bank', async () => {
    const { harbour, pay } = await pair()
    expect(refusalOf(await pay({}, { ...harbour.act, reason: null }))).toBe('reason_missing')
    expect(refusalOf(await pay({ bank: harbour.bank.bank }))).toBe('own_bank')
  })

  test('[EX-7] the same press twice is one payment, also when both come at once', async () => {
    const { harbour, pay } = await pair()
    const nonce = 'ab'.repeat(16)
    const [a, b] = (await Promise.all([pay({ nonce }), pay({ nonce })])).map(ok)
    await harbour.bank.node.settled(a!.id, 20)
    const c = ok(await pay({ nonce }))
    expect([a?.record, b?.record, c.record, c.state]).toEqual(['new', 'known', 'known', 'paid'])
    expect(refusalOf(await pay({ nonce, minutes: 30 }))).toBe('request_malformed')
    expect(ok(await memberStatement(harbour.bank.node, harbour.people, 'H-1')).balanceMinutes).toBe(-90)
  })

  test('[PAY-12] send anyway: the held order dies and one by post takes its place, with the same words; twice is once', async () => {
    const { harbour, millbrook, pay } = await pair()
    await millbrook.bank.stop()
    const { node } = harbour.bank
    const held = ok(await pay({ note: 'A lift', decideWithinSeconds: 600 }))
    const swap = (postal: boolean, id = held.id, act = harbour.act) =>
      waitOrSendAnyway(node, harbour.people, id, { postal }, act)
    expect(refusalOf(await swap(true, held.id, { ...harbour.act, reason: null }))).toBe('reason_missing')
    expect(refusalOf(await swap(true, random.bytes(32)))).toBe('payment_unknown')
    const [sent, again] = (await Promise.all([swap(true), swap(true)])).map(ok)
    expect([sent?.record, again?.record, sent?.state]).toEqual(['new', 'known', 'sent'])
    expect(again?.id).toEqual(sent?.id)
    expect(refusalOf(await swap(false))).toBe('not_cancellable')
    expect(readMemo(node.store, sent!.id)?.texts).toEqual(['', '', 'A lift'])
    expect(readMemo(node.store, sent!.id)?.salts).not.toEqual(readMemo(node.store, held.id)?.salts)
    expect(ok(await node.payment(held.id))).toMatchObject({ state: 'dead', reason: 'cancelled' })
    expect(sent!.decideBy).toBeGreaterThan(node.logTime() + 6 * 86_400)
    await millbrook.bank.start()
    expect(ok(await node.settled(sent!.id, 20)).state).toBe('paid')
  })

  test('[PAY-12] wait: held on under a later deadline, then cancelled; a cancelled one is not cancelled again', async () => {
    const { harbour, millbrook, pay } = await pair()
    await millbrook.bank.stop()
    const { node } = harbour.bank
    const held = ok(await pay({ decideWithinSeconds: 600 }))
    const waiting = ok(await waitOrSendAnyway(node, harbour.people, held.id, { postal: false }, harbour.act))
    expect(waiting).toMatchObject({ state: 'held', record: 'new' })
    expect(waiting.decideBy).toBeGreaterThan(held.decideBy + 86_400)
    expect(ok(await cancelPayment(node, harbour.people, waiting.id))).toMatchObject({
      state: 'dead',
      reason: 'cancelled',
    })
    expect(ok(await memberStatement(node, harbour.people, 'H-1')).balanceMinutes).toBe(0)
    expect(refusalOf(await cancelPayment(node, harbour.people, random.bytes(32)))).toBe('payment_unknown')
    await millbrook.bank.start()
  })

  test('[EX-2] [PAY-5] a device signs the order, with its words behind the commitment', async () => {
    const { harbour, millbrook, handle } = await pair()
    const { node } = harbour.bank
    const ada = harbour.people.byNumber('H-1')!
    const key = signingKey(random.bytes(32))
    const device = random.bytes(16)
    const possession = key.sign(
      devicePreimage({ bank: node.bank, acct: ada.account, device, key: key.publicKey }),
    )
    ok(await registerDevice(node, harbour.people, { number: 'H-1', device, key: key.publicKey, possession }))
    const memo = newMemo(['A lift', 'to town', ''], random)
    const to = { bank: millbrook.bank.bank, handle }
    const order = encodeOrder({
      ...orderTo({ bank: harbour.bank, account: ada.account }, to, 45),
      commitment: commitmentOf(memo),
    })
    const signature = key.sign(orderPreimage(order))
    const send = (more = {}) =>
      payWithDevice(node, harbour.people, { order, device, signature, memo, channel: 'web', ...more })
    expect(refusalOf(await send({ memo: newMemo(['A lift', 'to town', ''], random) }))).toBe(
      'request_malformed',
    )
    expect(refusalOf(await send({ memo: { ...memo, texts: ['x'.repeat(2001), '', ''] } }))).toBe(
      'text_too_long',
    )
    expect(refusalOf(await send({ order: Uint8Array.of(1) }))).toBe('order_malformed')
    expect(refusalOf(await send({ signature: random.bytes(64) }))).toBe('signature_wrong')
    const old = encodeOrder({ ...decodeOrder(order)!, day: 100 })
    expect(refusalOf(await send({ order: old, signature: key.sign(orderPreimage(old)) }))).toBe(
      'day_out_of_range',
    )
    const sent = ok(await send())
    expect(ok(await send()).record).toBe('known')
    expect(ok(await node.settled(sent.id, 20)).state).toBe('paid')
    expect(readMemo(node.store, sent.id)?.texts).toEqual(['A lift', 'to town', ''])
  })
})

describe('[PRIV-3] handles', () => {
  test('are durable before they are shown, and random', async () => {
    const { millbrook } = await pair()
    const { node } = millbrook.bank
    const issue = async () =>
      ok(await issueHandle(node, millbrook.people, { number: 'M-1', uses: 1, days: 1 }))
    const [a, b] = [await issue(), await issue()]
    expect(a.handle).not.toEqual(b.handle)
    expect(a.expires - node.logTime()).toBeGreaterThan(86_000)
    expect(node.store.get(new Uint8Array([...Buffer.from('p/handle/'), ...a.handle]))).toBeDefined()
  })

  test.each([
    [{ uses: 0 }, 'handle_limits'],
    [{ uses: 1.5 }, 'handle_limits'],
    [{ uses: 100_001 }, 'handle_limits'],
    [{ days: 0 }, 'handle_limits'],
    [{ days: 367 }, 'handle_limits'],
    [{ number: 'M-2' }, 'account_unknown'],
  ])('%o is refused: %s', async (more, code) => {
    const network = new MemoryNetwork()
    const { bank, people } = await desk(network, 'Millbrook', 'Bo')
    expect(
      refusalOf(await issueHandle(bank.node, people, { number: 'M-1', uses: 1, days: 1, ...more })),
    ).toBe(code)
  })

  test('a suspended or closed member gets none', async () => {
    const { bank, people } = await desk(new MemoryNetwork(), 'Millbrook', 'Bo')
    for (const [act, code] of [
      ['suspend', 'account_suspended'],
      ['close', 'account_closed'],
    ] as const) {
      ok(await setMemberState(bank.node, people, 'M-1', act))
      expect(refusalOf(await issueHandle(bank.node, people, { number: 'M-1', uses: 1, days: 1 }))).toBe(code)
    }
  })
})
