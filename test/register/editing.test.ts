import { afterEach, describe, expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { accept } from '../../src/core/refusal.ts'
import { dateOf, dayAt } from '../../src/register/calendar.ts'
import { addDeputy, editMember, privateNoteOf, removeDeputy } from '../../src/register/editing.ts'
import { addMember, nameAccount, People } from '../../src/register/people.ts'
import { mayActFor } from '../../src/register/person.ts'
import { privateKey } from '../../src/store/keyspace.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { contentOf, type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  for (const [name, number] of [
    ['Ada', 'H-1'],
    ['Cy', 'H-2'],
    ['Dee', 'H-3'],
  ] as const)
    ok(await addMember(bank.node, bank.people, { name, number }))
  return bank
}

describe('what is known of a person', () => {
  test('[SIGN-2] changes field by field, is found under the new number, and outlives a restart', async () => {
    const bank = await harbour()
    const all = {
      name: 'Ada Thorne',
      number: 'h-77',
      phone: '020 7946 0000',
      phone2: '020 7946 0001',
      email: 'ada@harbour.example',
      area: 'Quay',
      language: 'es',
      channel: 'post',
      note: 'rings\ntwice',
      phoneWord: 'heron',
      printLarge: true,
      paper: true,
      joinedOn: '2020-02-29',
    }
    const kept = ok(await editMember(bank.node, bank.people, 'H-1', all, bank.coordinator))
    expect(kept).toMatchObject(all)
    expect(bank.people.byNumber('H-1')).toBeNull()
    await bank.restart()
    expect(bank.people.byNumber('H-77')).toEqual(kept)
    const less = ok(await editMember(bank.node, bank.people, 'H-77', { phone: null, paper: false }))
    expect(less).toEqual({ ...kept, phone: null, paper: false })
    expect(await logContentOf(bank.store)).not.toContain('heron')
  })

  test.each([
    ['no name', { name: ' ' }, 'name_missing'],
    ['no number', { number: ' ' }, 'request_malformed'],
    ["somebody else's number", { number: 'h-2' }, 'number_taken'],
    ['a number of the bank', { number: 'pot' }, 'number_taken'],
    ['a long word', { phoneWord: 'x'.repeat(255) }, 'text_too_long'],
    ['a day that is none', { joinedOn: '2026-02-30' }, 'request_malformed'],
  ])('%s is refused and writes nothing', async (_, changes, code) => {
    const { node, people, store } = await harbour()
    const before = await contentOf(store)
    expect(refusalOf(await editMember(node, people, 'H-1', changes))).toBe(code)
    expect(refusalOf(await editMember(node, people, 'H-9', changes))).toBe('account_unknown')
    expect(await contentOf(store)).toBe(before)
  })

  test('[SIGN-2] the row of an older program is read', async () => {
    const { node, people, store } = await harbour()
    const { account } = people.byNumber('H-1')!
    const row = [1, 'H-1', 'Ada', 0, '2020-01-01', '1', null, 'a@b', null, 'en', 'call', 'old note']
    const rows = [{ put: privateKey('member', account), value: encode(row) }]
    await node.commit(() => accept({ entries: [], rows, value: null }))
    const read = (await People.open(store)).byNumber('H-1')
    expect(read).toMatchObject({
      phone: '1',
      note: 'old note',
      phoneWord: null,
      printLarge: false,
      helpers: [],
    })
  })

  test('[DESK-4] opening the private note is kept', async () => {
    const { node, people, coordinator } = await harbour()
    ok(await editMember(node, people, 'H-1', { note: 'has a key to the hall' }))
    const opened = ok(await privateNoteOf(node, people, 'H-1', coordinator))
    expect(opened.note).toBe('has a key to the hall')
    const acts = await people.acts.about(opened.account)
    expect(acts.map(({ what }) => what)).toEqual(['opened_notes'])
    expect(refusalOf(await privateNoteOf(node, people, 'H-9', coordinator))).toBe('account_unknown')
  })

  test('[SIGN-9] the account founded with the bank gets its person once', async () => {
    const { node, people, coordinator } = await harbour()
    const own = await node.read(({ book }) => [...book.roles.values()][0]!.ownAccount!)
    const named = ok(await nameAccount(node, people, own, { name: 'Priya' }, coordinator))
    expect(named).toMatchObject({ name: 'Priya', account: own })
    expect(refusalOf(await nameAccount(node, people, own, { name: 'Mallory' }))).toBe('number_taken')
    expect(refusalOf(await nameAccount(node, people, random.bytes(16), { name: 'Eve' }))).toBe(
      'account_unknown',
    )
  })
})

describe('who may act for somebody', () => {
  test('[EX-15] from a day until a day, for everything or for one thing, until it is ended', async () => {
    const bank = await harbour()
    const { node, people, coordinator } = bank
    const today = dayAt(node.logTime())
    const [cy, dee] = ['H-2', 'H-3'].map((number) => people.byNumber(number)!.account)
    const terms = {
      helper: 'H-2',
      from: dateOf(today + 1),
      until: dateOf(today + 3),
      forWhat: 'record',
    } as const
    ok(await addDeputy(node, people, 'H-1', terms, coordinator))
    ok(await addDeputy(node, people, 'H-1', { helper: 'H-3', forWhat: 'all' }, coordinator))
    await bank.restart()
    const ada = () => bank.people.byNumber('H-1')!
    const may = (who: Uint8Array, day: number, forWhat: 'all' | 'record') =>
      mayActFor(ada(), who, { day: today + day, forWhat })
    expect([0, 1, 3, 4].map((day) => may(cy!, day, 'record'))).toEqual([false, true, true, false])
    expect(may(cy!, 1, 'all')).toBe(false)
    expect([may(dee!, 0, 'all'), may(dee!, 5_000, 'record'), may(dee!, -1, 'all')]).toEqual([
      true,
      true,
      false,
    ])
    ok(await addDeputy(bank.node, bank.people, 'H-1', { helper: 'H-2', forWhat: 'all' }))
    expect([ada().helpers.length, may(cy!, 0, 'all')]).toEqual([2, true])
    ok(await removeDeputy(bank.node, bank.people, 'H-1', 'H-3', coordinator))
    ok(await removeDeputy(bank.node, bank.people, 'H-1', 'H-3', coordinator))
    expect(may(dee!, 0, 'all')).toBe(false)
    const acts = await bank.people.acts.about(ada().account)
    expect(acts.map(({ what }) => what)).toEqual(['helper_removed', 'helper_added', 'helper_added'])
  })

  test.each([
    [{ helper: 'H-9' }, 'account_unknown'],
    [{ helper: 'H-1' }, 'payer_is_payee'],
    [{ from: '2026-02-30' }, 'request_malformed'],
    [{ from: '2030-01-02', until: '2030-01-01' }, 'request_malformed'],
    [{ until: 'never' }, 'request_malformed'],
  ])('%o is refused', async (more, code) => {
    const { node, people } = await harbour()
    const wanted = { helper: 'H-2', forWhat: 'all' as const, ...more }
    expect(refusalOf(await addDeputy(node, people, 'H-1', wanted))).toBe(code)
  })

  test('[EX-15] at most ten for one member', async () => {
    const { node, people } = await harbour()
    for (let i = 0; i < LIMITS.helpersMost + 1; i++) {
      ok(await addMember(node, people, { name: `Carer ${i}`, number: `C-${i}` }))
      const outcome = await addDeputy(node, people, 'H-1', { helper: `C-${i}`, forWhat: 'all' })
      expect(refusalOf(outcome)).toBe(i < LIMITS.helpersMost ? 'accepted' : 'too_many_helpers')
    }
    ok(await addDeputy(node, people, 'H-1', { helper: 'C-0', forWhat: 'record' }))
  })
})
