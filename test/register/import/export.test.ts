import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../../src/core/ids.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import {
  decideCover,
  decideGiveUp,
  decideSeat,
  decideSettleLoss,
  decideWriteOff,
} from '../../../src/node/board-acts.ts'
import { correct } from '../../../src/register/corrections.ts'
import { recordHelp } from '../../../src/register/exchanges.ts'
import { applyImport } from '../../../src/register/import/apply.ts'
import { readCell, writeCell } from '../../../src/register/import/cells.ts'
import { checkImport } from '../../../src/register/import/check.ts'
import { exportPeople, type PeopleExport } from '../../../src/register/import/export.ts'
import { issueHandle, setMemberState } from '../../../src/register/members.ts'
import { cancelPayment, payAcross } from '../../../src/register/payments.ts'
import { addMember, ensureFund, People } from '../../../src/register/people.ts'
import type { Person } from '../../../src/register/person.ts'
import { waitOrSendAnyway } from '../../../src/register/sending-again.ts'
import { ok, openBank, openLine, random } from '../../node/town.ts'
import { MemoryNetwork } from '../../sim/memory-network.ts'
import { balances, type LoneBank, openLoneBank } from '../lone-bank.ts'
import { small } from './files.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

type Cells = Record<string, string>
const rowsOf = (bytes: Uint8Array): Cells[] => parse<Cells>(Buffer.from(bytes), { columns: true })

/** Puts an export into a new bank of another name. */
async function moved({ members, exchanges }: PeopleExport): Promise<LoneBank> {
  const bank = await openLoneBank('New Harbour')
  open.push(bank)
  const files = { members, exchanges, notes: 'keep' as const }
  const plan = await checkImport(files, bank.node, bank.people)
  expect(plan.refusals).toEqual([])
  expect(plan.notFound).toEqual([])
  expect(plan.sheet.filter((one) => one.differenceMinutes !== 0)).toEqual([])
  expect(plan.totals.fileSumMinutes).toBe(0)
  ok(await applyImport(files, bank.node, bank.people, { coordinator: bank.coordinator }, 'New Harbour'))
  return bank
}

const peopleOf = (people: People): Omit<Person, 'account'>[] =>
  people.all().map(({ account: _, ...person }) => person)

describe('[IMP-9] an export', () => {
  test('brought into a new bank gives the same people and the same balances', async () => {
    const old = await harbour()
    ok(await applyImport(small, old.node, old.people, { coordinator: old.coordinator }, 'Harbour'))
    const odd = {
      name: '=HYPERLINK("http://x")',
      number: 'H-4',
      phone: '+44 1632 960301',
      email: "'@x",
      area: 'a;b,"c"\n d',
      note: "-1\n'=2",
      kind: 'organisation' as const,
      joinedOn: '1968-05-01',
    }
    ok(await addMember(old.node, old.people, odd))
    ok(
      await recordHelp(
        old.node,
        old.people,
        { provider: 'H-4', recipient: 'H-1', minutes: 45, note: '=1+1' },
        old.act,
      ),
    )
    ok(await setMemberState(old.node, old.people, 'H-2', 'suspend'))
    const taken = await exportPeople(old.people, old.node)
    const fresh = await moved(taken)
    const person = fresh.people.byNumber('H-4')
    expect(person).toMatchObject({ ...odd, area: 'a;b,"c" d' })
    expect(peopleOf(fresh.people)).toEqual(peopleOf(old.people))
    const before = await balances(old)
    expect(await balances(fresh)).toEqual(before)
    expect(rowsOf((await exportPeople(fresh.people, fresh.node)).members)).toEqual(rowsOf(taken.members))
  })

  test('neutralises cells that a spreadsheet would run, and leaves minutes alone', async () => {
    const bank = await harbour()
    for (const [i, name] of ['=A1', '+1', '-1', '@x', "'=A1", 'Ada'].entries()) {
      ok(await addMember(bank.node, bank.people, { name, number: `H-${i}` }))
    }
    ok(
      await recordHelp(
        bank.node,
        bank.people,
        { provider: 'H-1', recipient: 'H-0', minutes: 60, note: '@SUM' },
        bank.act,
      ),
    )
    const taken = await exportPeople(bank.people, bank.node)
    const members = rowsOf(taken.members).filter((row) => row.kind === 'member')
    expect(members.map((row) => row.name)).toEqual(["'=A1", "'+1", "'-1", "'@x", "''=A1", 'Ada'])
    expect(members.map((row) => row.balance_minutes).slice(0, 2)).toEqual(['-60', '60'])
    expect(rowsOf(taken.exchanges)).toMatchObject([{ minutes: '60', description: "'@SUM", kind: 'help' }])
  })

  test('[EX-8] what was taken back stays, with a row the other way, and the sums hold in the next bank', async () => {
    const bank = await harbour()
    for (const number of ['H-1', 'H-2']) ok(await addMember(bank.node, bank.people, { name: number, number }))
    const help = { provider: 'H-1', recipient: 'H-2', minutes: 60 }
    const { id } = ok(await recordHelp(bank.node, bank.people, help, bank.act))
    const request = { record: id, cause: 'wrong_length', replacement: { minutes: 45 } } as const
    ok(await correct(bank.node, bank.people, request, bank.act))
    const taken = await exportPeople(bank.people, bank.node)
    expect(rowsOf(taken.exchanges)).toMatchObject([
      { kind: 'help', minutes: '60', provider_number: 'H-1' },
      { kind: 'correction', minutes: '60', provider_number: 'H-2', corrects: toHex(id) },
      { kind: 'help', minutes: '45', provider_number: 'H-1', corrects: '' },
    ])
    const fresh = await moved(taken)
    expect(await balances(fresh)).toMatchObject({ 'H-1': 45, 'H-2': -45 })
  })

  test('every text comes back from its cell', () => {
    const texts = fc.string({
      unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\uff1d', 'a', ' '),
    })
    fc.assert(fc.property(texts, (text) => readCell(writeCell(text)) === text))
    for (const text of ['=', '+', '-', '@', '\t', '\r']) expect(writeCell(text).startsWith("'")).toBe(true)
  })

  test('hours at neighbouring banks, set aside, sent, come back and received, are named, so that all sums to zero', async () => {
    const network = new MemoryNetwork()
    const [a, b] = [await openBank(network, 'Harbour'), await openBank(network, 'Millbrook')]
    open.push({ close: () => a.stop() })
    await openLine(a, b)
    const [here, there] = [await People.open(a.node.store), await People.open(b.node.store)]
    await ensureFund(a.node, here)
    ok(await addMember(a.node, here, { name: 'Ada', number: 'H-1' }))
    ok(await addMember(b.node, there, { name: 'Bo', number: 'M-1' }))
    const handle = ok(await issueHandle(b.node, there, { number: 'M-1', uses: 9, days: 1 })).handle
    const back = ok(await issueHandle(a.node, here, { number: 'H-1', uses: 9, days: 1 })).handle
    const act = (actor: Uint8Array) =>
      ({ coordinator: { actor, name: 'Priya' }, channel: 'desk', reason: 'at_the_desk' }) as const
    const pay = async (minutes: number, more = {}) =>
      ok(
        await payAcross(
          a.node,
          here,
          { payer: 'H-1', bank: b.bank, handle, minutes, postal: false, decideWithinSeconds: 3600, ...more },
          act(a.coordinator),
        ),
      )
    await a.node.settled((await pay(90)).id, 20)
    const received = ok(
      await payAcross(
        b.node,
        there,
        { payer: 'M-1', bank: a.bank, handle: back, minutes: 30, postal: false },
        act(b.coordinator),
      ),
    )
    await b.node.settled(received.id, 20)
    const lost = await pay(15, { postal: true, handle: new Uint8Array(16) })
    expect(ok(await a.node.settled(lost.id, 20)).state).toBe('returned')
    await b.stop()
    await cancelPayment(a.node, here, (await pay(7)).id)
    ok(await waitOrSendAnyway(a.node, here, (await pay(11)).id, { postal: true }, act(a.coordinator)))
    await pay(5)
    const taken = await exportPeople(here, a.node)
    expect(rowsOf(taken.exchanges).map(({ kind, minutes }) => [kind, minutes])).toEqual([
      ['sent', '90'],
      ['received', '30'],
      ['sent', '15'],
      ['came_back', '15'],
      ['sent', '11'],
      ['set_aside', '5'],
    ])
    const fresh = await moved(taken)
    expect(await balances(fresh)).toEqual({ 'H-1': -76, POT: 0, BEFORE: 76 })
  })

  test('[IMP-9] hours that the pot paid back, and losses it bore, are named, so that all sums to zero', async () => {
    const network = new MemoryNetwork()
    const [a, b] = [await openBank(network, 'Harbour'), await openBank(network, 'Millbrook')]
    open.push({ close: () => a.stop() })
    await openLine(a, b)
    const [here, there] = [await People.open(a.node.store), await People.open(b.node.store)]
    await ensureFund(a.node, here)
    ok(await addMember(a.node, here, { name: 'Ada', number: 'H-1' }))
    ok(await addMember(b.node, there, { name: 'Bo', number: 'M-1' }))
    const { handle } = ok(await issueHandle(a.node, here, { number: 'H-1', uses: 9, days: 1 }))
    const act = (actor: Uint8Array) =>
      ({ coordinator: { actor, name: 'Priya' }, channel: 'desk', reason: 'at_the_desk' }) as const
    const request = { payer: 'M-1', bank: a.bank, handle, minutes: 90, postal: false }
    const came = ok(await payAcross(b.node, there, request, act(b.coordinator)))
    await b.node.settled(came.id, 20)
    await b.stop()
    const post = { payer: 'H-1', bank: b.bank, handle, minutes: 30, postal: true }
    const sent = ok(await payAcross(a.node, here, post, act(a.coordinator)))
    const board = [random.bytes(16), random.bytes(16)]
    for (const actor of board)
      ok(await a.node.commit(decideSeat({ actor, ownAccount: null, nonce: random.bytes(16) }, [])))
    a.clock.offset += LIMITS.deadSilenceSeconds + 60
    ok(await a.node.commit(decideGiveUp(b.bank, board, 0)))
    ok(await a.node.commit(decideCover(sent.id, board)))
    ok(await a.node.commit(decideWriteOff(b.bank, 60, board)))
    ok(await a.node.commit(decideSettleLoss(b.bank, 45, board)))
    const taken = await exportPeople(here, a.node)
    expect(rowsOf(taken.exchanges).map(({ kind, minutes }) => [kind, minutes])).toEqual([
      ['received', '90'],
      ['sent', '30'],
      ['covered', '30'],
      ['loss', '45'],
    ])
    const fresh = await moved(taken)
    expect(await balances(fresh)).toEqual({ 'H-1': 90, POT: -75, BEFORE: -15 })
  })

  test('a member who is being erased leaves hours and no name', async () => {
    const bank = await harbour()
    for (const [name, number] of [
      ['Ada', 'M-0001'],
      ['CanaryName', 'M-0002'],
    ] as const)
      ok(await addMember(bank.node, bank.people, { name, number }))
    ok(
      await recordHelp(
        bank.node,
        bank.people,
        { provider: 'M-0001', recipient: 'M-0002', minutes: 60 },
        bank.act,
      ),
    )
    const gone = bank.people.byNumber('M-0002')!
    const key = new Uint8Array([...Buffer.from('p/member/'), ...gone.account])
    await bank.node.commit(() => ({ ok: true, value: { entries: [], rows: [{ del: key }], value: null } }))
    await bank.restart()
    const taken = await exportPeople(bank.people, bank.node)
    expect(Buffer.from(taken.members).toString()).not.toContain('CanaryName')
    expect(await balances(await moved(taken))).toEqual({ 'M-0001': 60, POT: 0, BEFORE: -60 })
  })
})
