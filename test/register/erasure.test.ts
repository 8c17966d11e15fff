import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { accountOf, bookSum } from '../../src/core/ledger/book.ts'
import { accept } from '../../src/core/refusal.ts'
import { correct } from '../../src/register/corrections.ts'
import { editMember } from '../../src/register/editing.ts'
import { eraseMember, reapplyErasures, resumeErasures } from '../../src/register/erasure.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { applyImport } from '../../src/register/import/apply.ts'
import { exportPeople } from '../../src/register/import/export.ts'
import { issueHandle, setMemberState } from '../../src/register/members.ts'
import { addCoordinator, listCoordinators } from '../../src/register/office.ts'
import { addMember } from '../../src/register/people.ts'
import { addToBoard } from '../../src/register/seats.ts'
import { memberStatement } from '../../src/register/statements.ts'
import { allPrivate, privateKey, privateRange } from '../../src/store/keyspace.ts'
import type { Store } from '../../src/store/store.ts'
import { brokenRules, logOf } from '../node/judge.ts'
import { ok, refusalOf } from '../node/town.ts'
import { filesOf } from './import/files.ts'
import { balances, contentOf, type LoneBank, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

const CANARIES = [
  'CanaryName',
  'CanaryPhone',
  'CanaryNote',
  'CanaryGarden',
  'CanaryReason',
  'CanaryWord',
  'CN-17',
]

/** Ada, whose every trace is a canary, and Cy, who stays; they helped each other. */
async function harbour(): Promise<LoneBank & { ask: { number: string; confirm: string; reason: 'asked' } }> {
  const bank = await openLoneBank()
  open.push(bank)
  const { node, people, act } = bank
  const ada = { name: 'CanaryName', number: 'CN-17', phone: 'CanaryPhone', note: 'CanaryNote' }
  ok(await addMember(node, people, ada))
  ok(await editMember(node, people, 'CN-17', { phoneWord: 'CanaryWord' }))
  ok(await addMember(node, people, { name: 'Cy', number: 'H-2' }))
  const help = { provider: 'CN-17', recipient: 'H-2', minutes: 60, note: 'CanaryGarden' }
  const { id } = ok(await recordHelp(node, people, help, act))
  const wrong = {
    record: id,
    cause: 'wrong_length',
    reason: 'CanaryReason',
    replacement: { minutes: 90 },
  } as const
  ok(await correct(node, people, wrong, act))
  ok(await issueHandle(node, people, { number: 'CN-17', uses: 5, days: 30 }))
  return Object.assign(bank, { ask: { number: 'CN-17', confirm: 'CanaryName', reason: 'asked' as const } })
}

async function kinds(store: Store, kind: 'member' | 'memo' | 'handle'): Promise<number> {
  let rows = 0
  for await (const page of store.pages(privateRange(kind), 100)) rows += page.length
  return rows
}

const redactions = (bank: LoneBank) =>
  logOf(bank.node).placed.flatMap(({ entry }) => (entry.kind === 'redact' ? [entry.body] : []))

/** What must hold once nobody knows Ada any more. */
async function expectGone(bank: LoneBank): Promise<void> {
  const content = await contentOf(bank.store)
  for (const canary of CANARIES) expect(content).not.toContain(canary)
  expect([await kinds(bank.store, 'member'), await kinds(bank.store, 'memo')]).toEqual([2, 0])
  expect(await kinds(bank.store, 'handle')).toBe(0)
  expect(bank.people.erasing()).toEqual([])
  expect(refusalOf(bank.people.find('CN-17'))).toBe('account_unknown')
  expect(brokenRules([logOf(bank.node)])).toEqual([])
  expect(await bank.node.read(({ book }) => bookSum(book))).toBe(0)
}

describe('erasing a person', () => {
  test('[PRIV-7] [PRIV-27] everything that leads to the person goes; hours, order and the other side stay', async () => {
    const bank = await harbour()
    const { node, people, act, coordinator } = bank
    const { account } = people.byNumber('CN-17')!
    const erased = ok(await eraseMember(node, people, bank.ask, act))
    expect(erased).toMatchObject({ account, state: 'closed', restMinutes: 90, waiting: 0, finished: 'now' })
    await expectGone(bank)
    expect(await balances(bank)).toEqual({ 'H-2': -90, POT: 90 })
    const [person, entries] = redactions(bank)
    expect(person).toMatchObject({ scope: 2, reason: 1, targets: [account] })
    expect(entries).toMatchObject({ scope: 1, reason: 1 })
    expect(entries?.targets).toHaveLength(4)
    const { lines } = ok(await memberStatement(node, people, 'H-2'))
    expect(lines.map(({ minutes, note, with: others }) => [minutes, note, others])).toEqual([
      [-60, null, []],
      [60, null, []],
      [-90, null, []],
    ])
    expect((await people.acts.by(coordinator.actor)).map(({ what }) => what).slice(0, 2)).toEqual([
      'erased',
      'left',
    ])
    expect(refusalOf(await eraseMember(node, people, bank.ask, act))).toBe('account_unknown')
    await bank.restart()
    await reapplyErasures(bank.node, bank.people)
    await resumeErasures(bank.node, bank.people)
    await expectGone(bank)
    expect(redactions(bank)).toHaveLength(2)
  })

  test('[EX-11] the hours that are left go to whoever the owner named', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    ok(await addMember(node, people, { name: 'Dee', number: 'H-3' }))
    const own = await eraseMember(node, people, { ...bank.ask, restTo: 'cn-17' }, act)
    expect(refusalOf(own)).toBe('payer_is_payee')
    ok(await eraseMember(node, people, { ...bank.ask, restTo: 'H-3' }, act))
    expect(await balances(bank)).toEqual({ 'H-2': -90, 'H-3': 90, POT: 0 })
    const { lines } = ok(await memberStatement(node, people, 'H-3'))
    expect(lines).toMatchObject([{ minutes: 90, with: [] }])
  })

  test('[PRIV-27] nobody is erased by a slip, and the pot is nobody', async () => {
    const bank = await harbour()
    const { node, people, act } = bank
    const before = await contentOf(bank.store)
    const by = (more: object) => eraseMember(node, people, { ...bank.ask, ...more }, act)
    expect(refusalOf(await by({ confirm: 'Canary' }))).toBe('name_not_typed')
    expect(refusalOf(await by({ number: 'H-9' }))).toBe('account_unknown')
    expect(refusalOf(await by({ number: 'POT', confirm: 'Community pot' }))).toBe('account_unknown')
    expect(refusalOf(await eraseMember(node, people, bank.ask, { ...act, reason: null }))).toBe(
      'reason_missing',
    )
    expect(await contentOf(bank.store)).toBe(before)
  })

  test('[PRIV-27] a coordinator who goes leaves the office and the board; the last one stays', async () => {
    const bank = await harbour()
    const { node, people, act, coordinator } = bank
    ok(await addCoordinator(node, people, { name: 'CanaryName', ownNumber: 'CN-17' }, coordinator))
    ok(await addToBoard(node, people, { name: 'CanaryName', member: 'CN-17' }))
    ok(await eraseMember(node, people, bank.ask, act))
    await expectGone(bank)
    expect((await listCoordinators(node, people)).map(({ name }) => name)).toEqual(['Priya'])
    const standing = await node.read(
      ({ book }) => [...book.roles.values()].filter((role) => !role.revoked).length,
    )
    expect(standing).toBe(1)
    ok(await setMemberState(node, people, 'H-2', 'suspend'))
    await bank.restart()
    await expectGone(bank)
  })

  test('[PRIV-27] the only coordinator cannot be erased before there is another', async () => {
    const bank = await openLoneBank()
    open.push(bank)
    const { node, people, act } = bank
    ok(await addMember(node, people, { name: 'Sam', number: 'H-1' }))
    ok(await addCoordinator(node, people, { name: 'Sam', ownNumber: 'H-1' }))
    const priya = (await listCoordinators(node, people))[0]!
    const sam = { ...act, coordinator: (await listCoordinators(node, people))[1]! }
    ok(
      await node.commit(
        (await import('../../src/node/accounts.ts')).decideRevoke(priya.actor, new Uint8Array(16)),
      ),
    )
    const erasing = await eraseMember(node, people, { number: 'H-1', confirm: 'Sam', reason: 'asked' }, sam)
    expect(refusalOf(erasing)).toBe('last_coordinator')
    expect(people.byNumber('H-1')?.name).toBe('Sam')
  })

  test('[PRIV-27] an imported history loses the number and the words, and keeps the hours of the other side', async () => {
    const bank = await openLoneBank()
    open.push(bank)
    const { node, people, act, coordinator } = bank
    const files = filesOf(
      'member_number,name,balance_minutes\nCN-17,CanaryName,60\nH-2,Cy,-60\n',
      'source_id,happened_on,provider_number,recipient_number,minutes,description\n1,2020-01-01,cn-17,H-2,60,CanaryGarden\n2,2020-01-02,H-2,H-3,5,tea\n',
    )
    ok(await applyImport(files, node, people, { coordinator, digest: null }, 'Harbour'))
    expect(await contentOf(bank.store)).toContain('CanaryGarden')
    ok(await eraseMember(node, people, { number: 'CN-17', confirm: 'CanaryName', reason: 'asked' }, act))
    const content = await contentOf(bank.store)
    for (const canary of CANARIES) expect(content.toUpperCase()).not.toContain(canary.toUpperCase())
    expect(content).toContain('bank:erased')
    expect(content).toContain('tea')
    await exportPeople(people, node)
  })
})

describe('an erasure that is cut short', () => {
  /** Suspend, farewell, overwrite, remove, say so; and one that never comes. */
  const WRITES = [1, 2, 3, 4, 5, 6]

  test.each(WRITES.flatMap((n) => [[n, 'kept'] as const, [n, 'lost'] as const]))(
    '[PRIV-8] at write %i (%s): the next start ends it in the same state',
    async (n, lastWrite) => {
      const bank = await harbour()
      bank.dieAt(n, lastWrite)
      const first = await eraseMember(bank.node, bank.people, bank.ask, bank.act).catch(() => null)
      await bank.restart()
      await reapplyErasures(bank.node, bank.people)
      await resumeErasures(bank.node, bank.people)
      if (first?.ok !== true && bank.people.byNumber('CN-17') !== null)
        ok(await eraseMember(bank.node, bank.people, bank.ask, bank.act))
      await expectGone(bank)
      expect(redactions(bank).map(({ scope }) => scope)).toEqual([2, 1])
      expect(await balances(bank)).toEqual({ 'H-2': -90, POT: 90 })
    },
  )

  test('[PRIV-8] [TEST-11] whoever reads on and on is not waited for for ever; the next start finishes it', async () => {
    const bank = await harbour()
    bank.store.compact = () => new Promise(() => {})
    const erased = ok(await eraseMember(bank.node, bank.people, bank.ask, bank.act))
    expect(erased.finished).toBe('later')
    expect(refusalOf(bank.people.find('CN-17'))).toBe('account_unknown')
    expect([redactions(bank), bank.people.erasing().length]).toEqual([[], 1])
    await bank.restart()
    expect(refusalOf(bank.people.find('CN-17'))).toBe('account_unknown')
    await resumeErasures(bank.node, bank.people)
    await expectGone(bank)
  })

  test('[PRIV-8] the reason is not forgotten, and a row of a newer program is left alone', async () => {
    const bank = await harbour()
    bank.dieAt(4, 'kept')
    const { account } = bank.people.byNumber('H-2')!
    await eraseMember(bank.node, bank.people, { ...bank.ask, reason: 'legal_order' }, bank.act).catch(
      () => null,
    )
    await bank.restart()
    const rows = [{ put: privateKey('member', account), value: Uint8Array.of(0x82, 0x18, 0x63, 0) }]
    await bank.node.commit(() => accept({ entries: [], rows, value: null }))
    await bank.restart()
    expect(bank.people.erasing().map(toHex)).not.toContain(toHex(account))
    await resumeErasures(bank.node, bank.people)
    expect(bank.store.get(privateKey('member', account))).toEqual(rows[0]?.value)
    expect(redactions(bank).map(({ reason }) => reason)).toEqual([4, 4])
  })
})

describe('a copy that was put back', () => {
  test('[PRIV-9] is erased again before anything is served, and the log says it once', async () => {
    const bank = await harbour()
    const old: [Uint8Array, Uint8Array][] = []
    for await (const page of bank.store.pages(allPrivate, 100))
      for (const [key, value] of page) old.push([key, value])
    ok(await eraseMember(bank.node, bank.people, bank.ask, bank.act))
    const rows = old.map(([put, value]) => ({ put, value }))
    await bank.node.sweep(rows)
    await bank.restart()
    expect(bank.people.byNumber('CN-17')?.name).toBe('CanaryName')
    await reapplyErasures(bank.node, bank.people)
    await expectGone(bank)
    await bank.restart()
    await expectGone(bank)
    expect(redactions(bank)).toHaveLength(2)
  })

  test('[PRIV-9] also where only some rows came back, or the bank died over it', async () => {
    const bank = await harbour()
    const { id } = ok(
      await recordHelp(
        bank.node,
        bank.people,
        { provider: 'H-2', recipient: 'CN-17', minutes: 5, note: 'CanaryNote' },
        bank.act,
      ),
    )
    const memo = { put: privateKey('memo', id), value: bank.store.get(privateKey('memo', id))! }
    const { account } = bank.people.byNumber('CN-17')!
    const member = {
      put: privateKey('member', account),
      value: bank.store.get(privateKey('member', account))!,
    }
    ok(await eraseMember(bank.node, bank.people, bank.ask, bank.act))
    await bank.node.sweep([memo])
    await reapplyErasures(bank.node, bank.people)
    await expectGone(bank)
    for (const n of [1, 2, 3]) {
      await bank.node.sweep([memo, member])
      await bank.restart()
      bank.dieAt(n, 'kept')
      await reapplyErasures(bank.node, bank.people).catch(() => null)
      await bank.restart()
      await reapplyErasures(bank.node, bank.people)
      await resumeErasures(bank.node, bank.people)
      await expectGone(bank)
    }
    expect(redactions(bank)).toHaveLength(2)
    expect(await bank.node.read(({ book }) => accountOf(book, account)?.state)).toBe('closed')
  })
})
