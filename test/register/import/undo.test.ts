import { afterEach, describe, expect, test } from 'vitest'
import { type Bytes, toHex } from '../../../src/core/ids.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { recordHelp } from '../../../src/register/exchanges.ts'
import { applyImport, type ImportResult } from '../../../src/register/import/apply.ts'
import { madeImports } from '../../../src/register/import/batch-rows.ts'
import { checkImport } from '../../../src/register/import/check.ts'
import { readColumns } from '../../../src/register/import/columns.ts'
import type { ImportFiles } from '../../../src/register/import/source.ts'
import { checkUndo, undoImport } from '../../../src/register/import/undo.ts'
import { setMemberState } from '../../../src/register/members.ts'
import { addCoordinator } from '../../../src/register/office.ts'
import { addMember } from '../../../src/register/people.ts'
import { ok, random, refusalOf } from '../../node/town.ts'
import { balances, contentOf, type LoneBank, openLoneBank } from '../lone-bank.ts'
import { bytesOf, filesOf, HEADING, HISTORY_HEADING, manyMembers, small } from './files.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})
async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

const apply = async (bank: LoneBank, files: ImportFiles): Promise<ImportResult> =>
  ok(await applyImport(files, bank.node, bank.people, { coordinator: bank.coordinator }, 'Harbour'))
const undo = (bank: LoneBank, digest: Bytes, typed = 'Harbour') =>
  undoImport(digest, bank.node, bank.people, { coordinator: bank.coordinator }, typed)
const help = (bank: LoneBank, provider: string, recipient: string, minutes: number) =>
  recordHelp(bank.node, bank.people, { provider, recipient, minutes }, bank.act)
const numbersOf = (bank: LoneBank): string[] => bank.people.all().map(({ number }) => number)

describe('[IMP-12] a list is taken away again', () => {
  test('people, hours, pot and history go; the same file may come in again', async () => {
    const bank = await harbour()
    const { digest } = await apply(bank, small)
    expect(await madeImports(bank.store)).toMatchObject([{ digest, time: expect.any(Number) }])
    expect(ok(await checkUndo(digest, bank.node, bank.people))).toMatchObject({ removed: 3, staying: [] })
    expect(refusalOf(await undo(bank, digest, 'Millbrook'))).toBe('name_not_typed')
    expect(ok(await undo(bank, digest))).toEqual({ removed: 3, staying: [], finished: 'now' })
    expect(await balances(bank)).toEqual({ BEFORE: 0, POT: 0 })
    expect(await bank.node.read(({ book }) => bookSum(book))).toBe(0)
    for (const word of ['Gardening', 'Library', 'H-1'])
      expect(await contentOf(bank.store)).not.toContain(word)
    expect(await madeImports(bank.store)).toEqual([])
    expect(refusalOf(await undo(bank, digest))).toBe('import_unknown')
    const acts = await bank.people.acts.by(bank.coordinator.actor)
    expect(acts.filter(({ what }) => what === 'import_undone')).toHaveLength(3)

    expect(await apply(bank, small)).toMatchObject({ membersAdded: 3, openingMinutes: 240, changed: true })
    expect(await balances(bank)).toEqual({ 'H-1': 90, 'H-2': -120, 'H-3': 0, POT: 30, BEFORE: 0 })
    await bank.restart()
    expect(await balances(bank)).toEqual({ 'H-1': 90, 'H-2': -120, 'H-3': 0, POT: 30, BEFORE: 0 })
  })

  test('whoever gave or received since stays with the hours, and is named; everybody else goes', async () => {
    const bank = await harbour()
    ok(await addMember(bank.node, bank.people, { name: 'Dee', number: 'D' }))
    const text = `${HEADING}\nA,Ada,member,90\nB,Bo,member,30\nC,Cy,member,-60\nE,Eve,member,-30\nZ,Zoe,member,0\nY,Yan,member,0\nPOT,Pot,fund,-30\n`
    const { digest } = await apply(bank, filesOf(text))
    ok(await help(bank, 'A', 'D', 15))
    ok(await help(bank, 'D', 'Z', 45))
    ok(await setMemberState(bank.node, bank.people, 'B', 'suspend'))
    ok(await setMemberState(bank.node, bank.people, 'E', 'suspend'))
    const plan = ok(await checkUndo(digest, bank.node, bank.people))
    expect(plan.removed).toBe(4)
    const undone = ok(await undo(bank, digest))
    expect(undone.staying.map(({ number }) => number).sort()).toEqual(['A', 'Z'])
    expect(plan.staying).toEqual(undone.staying)
    expect(await balances(bank)).toEqual({ A: 105, Z: -45, D: 30, BEFORE: -90, POT: 0 })
    expect(await bank.node.read(({ book }) => bookSum(book))).toBe(0)
    // The same list again: whoever stayed is here already.
    const again = await checkImport(filesOf(text), bank.node, bank.people)
    expect(again.skipped.map(({ number, reason }) => [number, reason])).toEqual([
      ['A', 'number_taken'],
      ['Z', 'number_taken'],
    ])
    expect(await apply(bank, filesOf(text))).toMatchObject({ membersAdded: 4, changed: true })
  })

  test('somebody in office stays, somebody who was closed by hand goes, and two lists do not touch', async () => {
    const bank = await harbour()
    const first = await apply(bank, filesOf(`${HEADING}\nA,Ada,member,0\nB,Bo,member,0\nC,Cy,member,60\n`))
    const second = await apply(bank, filesOf(`${HEADING}\nD,Dee,member,60\n`))
    ok(await addCoordinator(bank.node, bank.people, { name: 'Ada', ownNumber: 'A' }))
    ok(await setMemberState(bank.node, bank.people, 'B', 'close'))
    expect(ok(await undo(bank, first.digest)).staying.map(({ number }) => number)).toEqual(['A'])
    expect(numbersOf(bank)).toEqual(['A', 'BEFORE', 'D', 'POT'])
    expect(await madeImports(bank.store)).toMatchObject([{ digest: second.digest }])
    expect(ok(await undo(bank, second.digest))).toMatchObject({ removed: 1, staying: [] })
  })

  test('a stranger takes nothing away, and neither does anybody what was never brought in', async () => {
    const bank = await harbour()
    const { digest } = await apply(bank, small)
    const before = await contentOf(bank.store)
    const stranger = { coordinator: { actor: random.bytes(16), name: 'Mallory' } }
    expect(refusalOf(await undoImport(digest, bank.node, bank.people, stranger, 'Harbour'))).toBe(
      'coordinator_unknown',
    )
    expect(refusalOf(await undo(bank, random.bytes(32)))).toBe('import_unknown')
    expect(await contentOf(bank.store)).toBe(before)
  })

  test('numbers that were given out are the same when the list comes in again', async () => {
    const bank = await harbour()
    const files: ImportFiles = {
      from: 'sheet',
      members: bytesOf('Name\tHours\nAda\t1\nBo\t-1\n'),
      columns: ok(readColumns({ name: 1, hours: 2, unit: 'hours' })),
    }
    const { digest } = await apply(bank, files)
    const numbers = numbersOf(bank)
    ok(await undo(bank, digest))
    await apply(bank, files)
    expect(numbersOf(bank)).toEqual(numbers)
  })
})

describe('[IMP-12] killed while a list is taken away', () => {
  const history = `${HISTORY_HEADING}\n${Array.from({ length: 30 }, (_, i) => `${i},2020-01-01,B-00001,B-00002,5,Words ${i}`).join('\n')}\n`
  const files = filesOf(`${manyMembers(110)}POT,Pot,fund,30\n`, history)

  async function broughtIn(): Promise<{ bank: LoneBank; digest: Bytes }> {
    const bank = await harbour()
    const { digest } = await apply(bank, files)
    ok(await help(bank, 'B-00002', 'B-00005', 10))
    return { bank, digest }
  }

  const ends = async (bank: LoneBank): Promise<void> => {
    expect(numbersOf(bank)).toEqual(['B-00002', 'B-00005', 'BEFORE', 'POT'])
    expect(await balances(bank)).toMatchObject({ 'B-00002': 70, 'B-00005': 53, POT: 0 })
    expect(await bank.node.read(({ book }) => bookSum(book))).toBe(0)
    expect(await contentOf(bank.store)).not.toContain('Words 1')
    expect(await madeImports(bank.store)).toEqual([])
  }

  test.each(
    [1, 2, 40, 101, 102, 104, 105, 107, 150].flatMap((n) => [[n, 'kept'] as const, [n, 'lost'] as const]),
  )('at write %i, %s: a second run finishes', async (n, last) => {
    const { bank, digest } = await broughtIn()
    bank.dieAt(n, last)
    await expect(undo(bank, digest)).rejects.toThrow()
    await bank.restart()
    const undone = ok(await undo(bank, digest))
    expect(undone.staying.map(({ number }) => number)).toEqual(['B-00002', 'B-00005'])
    await ends(bank)
  })

  test('or bringing the same list in again finishes it first', async () => {
    const { bank, digest } = await broughtIn()
    bank.dieAt(150, 'kept')
    await expect(undo(bank, digest)).rejects.toThrow()
    await bank.restart()
    expect(await apply(bank, files)).toMatchObject({ membersAdded: 328, changed: true })
    expect(await bank.node.read(({ book }) => bookSum(book))).toBe(0)
    expect(toHex((await madeImports(bank.store))[0]?.digest ?? new Uint8Array())).toBe(toHex(digest))
  })
})
