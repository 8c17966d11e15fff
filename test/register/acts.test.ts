import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { DESK_ACTS, type DeskAct } from '../../src/register/acts.ts'
import { correct, takeBack } from '../../src/register/corrections.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { leaveBank } from '../../src/register/leaving.ts'
import { issueHandle, setMemberState } from '../../src/register/members.ts'
import {
  actingCoordinator,
  addCoordinator,
  listCoordinators,
  removeCoordinator,
} from '../../src/register/office.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { addToBoard, removeFromBoard } from '../../src/register/seats.ts'
import { deskActWords } from '../../src/words/desk-acts.ts'
import { ok, random, refusalOf } from '../node/town.ts'
import { type LoneBank, logContentOf, openLoneBank } from './lone-bank.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<LoneBank & { ada: Person; cy: Person }> {
  const bank = await openLoneBank()
  open.push(bank)
  const { node, people, coordinator } = bank
  const ada = ok(await addMember(node, people, { name: 'Ada', number: 'H-1' }, coordinator))
  const cy = ok(await addMember(node, people, { name: 'Cy', number: 'H-2' }, coordinator))
  return Object.assign(bank, { ada, cy })
}

const whats = (acts: readonly { what: DeskAct }[]): DeskAct[] => acts.map(({ what }) => what)

describe('what the desk did', () => {
  test('[DESK-12] each act of a coordinator is kept with it, the newest first, for whom and by whom', async () => {
    const bank = await harbour()
    const { node, people, coordinator, act, ada, cy } = bank
    const help = { provider: 'H-2', recipient: 'H-1', minutes: 60, nonce: 'ab'.repeat(16) }
    const record = ok(await recordHelp(node, people, help, act)).id
    ok(await recordHelp(node, people, help, act))
    ok(await correct(node, people, { record, cause: 'wrong_length', replacement: { minutes: 30 } }, act))
    const other = ok(await recordHelp(node, people, { ...help, nonce: null }, act)).id
    ok(await takeBack(node, people, { record: other }, act))
    ok(await setMemberState(node, people, 'H-1', 'suspend', coordinator))
    ok(await setMemberState(node, people, 'H-1', 'suspend', coordinator))
    ok(await setMemberState(node, people, 'H-1', 'resume', coordinator))
    ok(await issueHandle(node, people, { number: 'H-2', uses: 1, days: 1 }, coordinator))
    ok(await leaveBank(node, people, 'H-1', act))
    const about = await people.acts.about(ada.account)
    expect(whats(about)).toEqual([
      'left',
      'resumed',
      'suspended',
      'took_back',
      'recorded',
      'corrected',
      'recorded',
      'added',
    ])
    expect(about[5]).toMatchObject({ record, accounts: [ada.account, cy.account].sort(Buffer.compare) })
    expect(whats(await people.acts.about(cy.account))).toContain('code_given')
    expect(await people.acts.by(coordinator.actor)).toHaveLength(10)
    expect(await people.acts.by(random.bytes(16))).toEqual([])
    await bank.restart()
    expect(await bank.people.acts.about(ada.account)).toEqual(about)
  })

  test('[DESK-12] what is refused, or done by no coordinator, leaves no act', async () => {
    const { node, people, coordinator, act } = await harbour()
    const before = (await people.acts.recent({ most: 99 })).acts
    expect(
      refusalOf(await recordHelp(node, people, { provider: 'H-2', recipient: 'H-1', minutes: 0 }, act)),
    ).toBe('minutes_out_of_range')
    const stranger = { ...act, coordinator: { actor: random.bytes(16), name: 'Mallory' } }
    const help = { provider: 'H-2', recipient: 'H-1', minutes: 5 }
    expect(refusalOf(await recordHelp(node, people, help, stranger))).toBe('coordinator_unknown')
    ok(await addMember(node, people, { name: 'Dee' }))
    expect(refusalOf(await addMember(node, people, { name: 'Eve', number: 'H-1' }, coordinator))).toBe(
      'number_taken',
    )
    expect((await people.acts.recent({ most: 99 })).acts).toEqual(before)
  })

  test('[DESK-12] are read page by page, and numbers go on after a restart', async () => {
    const bank = await harbour()
    for (const name of ['Dee', 'Eve', 'Fay'])
      ok(await addMember(bank.node, bank.people, { name }, bank.coordinator))
    await bank.restart()
    ok(await addToBoard(bank.node, bank.people, { name: 'Owen' }, bank.coordinator))
    ok(await removeFromBoard(bank.node, bank.people, 'Owen', bank.coordinator))
    const { acts } = bank.people
    const first = await acts.recent({ most: 3 })
    expect(first.acts.map(({ no }) => no)).toEqual([7, 6, 5])
    const rest = await acts.recent({ most: 9, before: first.next })
    expect([rest.acts.map(({ no }) => no), rest.next]).toEqual([[4, 3, 2, 1], null])
    expect(whats(first.acts).slice(0, 2)).toEqual(['board_removed', 'board_added'])
  })

  test('[DESK-12] are kept for 24 months', async () => {
    const bank = await harbour()
    bank.clock.offset += LIMITS.actsKeptSeconds - 10
    ok(await addMember(bank.node, bank.people, { name: 'Dee' }, bank.coordinator))
    await bank.people.acts.prune(bank.node)
    expect((await bank.people.acts.recent({ most: 9 })).acts).toHaveLength(3)
    bank.clock.offset += 20
    await bank.people.acts.prune(bank.node)
    expect((await bank.people.acts.recent({ most: 9 })).acts.map(({ no }) => no)).toEqual([3])
    await bank.restart()
    ok(await addMember(bank.node, bank.people, { name: 'Eve' }, bank.coordinator))
    expect((await bank.people.acts.recent({ most: 9 })).acts.map(({ no }) => no)).toEqual([4, 3])
  })

  test('[PRIV-1] nothing of them stands in the log; each is told in words', async () => {
    const { store, people } = await harbour()
    const before = await logContentOf(store)
    expect(before).not.toContain('p/act')
    expect((await people.acts.recent({ most: 9 })).acts).toHaveLength(2)
    for (const what of DESK_ACTS) expect(deskActWords(what)).toMatch(/^[a-z]/)
  })
})

describe('coordinators', () => {
  test('[DESK-3] [LOG-7] a further one acts; on the own account only the others do', async () => {
    const bank = await harbour()
    const { node, people, coordinator, act } = bank
    const sam = ok(await addCoordinator(node, people, { name: ' Sam ', ownNumber: 'h-1' }, coordinator))
    expect(sam.name).toBe('Sam')
    const bySam = { ...act, coordinator: sam }
    const help = { provider: 'H-2', recipient: 'H-1', minutes: 60 }
    expect(refusalOf(await recordHelp(node, people, help, bySam))).toBe('not_covered')
    ok(await recordHelp(node, people, help, act))
    ok(await recordHelp(node, people, { ...help, provider: 'H-1', recipient: 'H-2' }, bySam))
    ok(await removeCoordinator(node, people, 'SAM', coordinator))
    expect(
      refusalOf(await recordHelp(node, people, { ...help, provider: 'H-1', recipient: 'H-2' }, bySam)),
    ).toBe('coordinator_unknown')
    expect(whats(await people.acts.by(coordinator.actor)).filter((what) => what.startsWith('coord'))).toEqual(
      ['coordinator_removed', 'coordinator_added'],
    )
  })

  test('[SIGN-8] the last one who stands stays; the one in office longest acts for the token', async () => {
    const bank = await harbour()
    const { node, people } = bank
    expect(refusalOf(await removeCoordinator(node, people, 'Priya'))).toBe('last_coordinator')
    const sam = ok(await addCoordinator(node, people, { name: 'Sam' }))
    expect(await actingCoordinator(node, people)).toMatchObject({ name: 'Priya' })
    ok(await removeCoordinator(node, people, 'Priya'))
    expect(await actingCoordinator(node, people)).toMatchObject(sam)
    expect(refusalOf(await removeCoordinator(node, people, 'Sam'))).toBe('last_coordinator')
    expect(refusalOf(await removeCoordinator(node, people, 'Priya'))).toBe('coordinator_unknown')
    await bank.restart()
    const all = await listCoordinators(bank.node, bank.people)
    expect(all.map(({ name, state }) => [name, state])).toEqual([
      ['Priya', 'removed'],
      ['Sam', 'in_office'],
    ])
    ok(await addCoordinator(bank.node, bank.people, { name: 'priya' }))
  })

  test.each([
    ['nobody', { name: ' ' }, 'name_missing'],
    ['a long name', { name: 'x'.repeat(81) }, 'text_too_long'],
    ['somebody of the name', { name: 'PRIYA' }, 'coordinator_known'],
    ['a member nobody knows', { name: 'Sam', ownNumber: 'H-9' }, 'account_unknown'],
  ])('%s is refused', async (_, wanted, code) => {
    const { node, people } = await harbour()
    expect(refusalOf(await addCoordinator(node, people, wanted))).toBe(code)
  })

  test('two of one name at the same moment: one is taken', async () => {
    const { node, people } = await harbour()
    const both = await Promise.all(['Sam', 'sam'].map((name) => addCoordinator(node, people, { name })))
    expect(both.map(refusalOf).sort()).toEqual(['accepted', 'coordinator_known'])
  })
})
