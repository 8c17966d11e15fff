import { afterEach, describe, expect, test } from 'vitest'
import { accountOf, bookSum } from '../../../src/core/ledger/book.ts'
import { accept } from '../../../src/core/refusal.ts'
import { applyImport } from '../../../src/register/import/apply.ts'
import { checkImport } from '../../../src/register/import/check.ts'
import { readArchiveRow } from '../../../src/register/import/exchanges-file.ts'
import type { ImportFiles } from '../../../src/register/import/source.ts'
import { setMemberState } from '../../../src/register/members.ts'
import { addMember } from '../../../src/register/people.ts'
import { memberStatement } from '../../../src/register/statements.ts'
import { privateRange } from '../../../src/store/keyspace.ts'
import { ok, openBank, openLine, random, refusalOf } from '../../node/town.ts'
import { MemoryNetwork } from '../../sim/memory-network.ts'
import { balances, contentOf, type LoneBank, openLoneBank } from '../lone-bank.ts'
import { filesOf, HEADING, HISTORY_HEADING, manyMembers, SMALL, small } from './files.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})

async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

const apply = (bank: LoneBank, files: ImportFiles, more: { digest?: Uint8Array; typed?: string } = {}) =>
  applyImport(
    files,
    bank.node,
    bank.people,
    { coordinator: bank.coordinator, digest: more.digest ?? null },
    more.typed ?? 'Harbour',
  )

describe('[IMP-3] an import', () => {
  test('gives everybody an account, and balances against the account `before`, tied to the files by their digest', async () => {
    const bank = await harbour()
    const first = bank.node.head.size
    const result = ok(await apply(bank, small))
    expect(result).toMatchObject({
      membersAdded: 3,
      openings: 2,
      openingMinutes: 240,
      archived: 2,
      changed: true,
    })
    expect(await balances(bank)).toEqual({ 'H-1': 90, 'H-2': -120, 'H-3': 0, POT: 30, BEFORE: 0 })
    const openings = await bank.node.read(({ book, own }) =>
      Array.from({ length: book.size - first }, (_, i) => own.entry(first + i)).filter(
        (entry) => entry.kind === 'exchange',
      ),
    )
    expect(openings).toHaveLength(2)
    for (const { body } of openings) {
      expect(body).toMatchObject({
        channel: 6,
        auths: [{ form: 2, reason: 7 }],
        refs: [{ type: 5, value: result.digest }],
      })
    }
    expect(await bank.node.read(({ book }) => bookSum(book))).toBe(0)
    const ada = ok(await memberStatement(bank.node, bank.people, 'H-1'))
    expect(ada.lines.map(({ what, minutes }) => [what, minutes])).toEqual([['opening', 90]])
    expect(bank.people.byNumber('H-3')?.kind).toBe('organisation')
  })

  test('keeps the history as a read-only archive under the same digest', async () => {
    const bank = await harbour()
    const { digest } = ok(await apply(bank, small))
    const rows: unknown[] = []
    for await (const page of bank.store.pages(privateRange('archive', digest), 10)) {
      for (const [, value] of page) rows.push(readArchiveRow(value))
    }
    expect(rows).toMatchObject([
      { line: 2, sourceId: '1', provider: 'H-1', recipient: 'H-2', minutes: 90, description: 'Gardening' },
      { line: 3, sourceId: '2', provider: 'POT', recipient: 'H-2', minutes: 30, description: 'A gift' },
    ])
    expect(ok(await memberStatement(bank.node, bank.people, 'H-1')).receivedMinutes).toBe(0)
  })

  test('what cannot be tied to a person stays in `before`', async () => {
    const bank = await harbour()
    ok(await apply(bank, filesOf(`${HEADING}\nH-1,Ada,member,90\nH-2,Cy,member,-30\n`)))
    expect(await balances(bank)).toEqual({ 'H-1': 90, 'H-2': -30, POT: 0, BEFORE: -60 })
  })

  test('a suspended member comes suspended, also below zero; a closed one does not come', async () => {
    const bank = await harbour()
    ok(
      await apply(
        bank,
        filesOf(
          'member_number,name,balance_minutes,status\nA,Ada,-60,suspended\nB,Bo,60,active\nC,Cy,0,closed\n',
        ),
      ),
    )
    const states = await bank.node.read(({ book }) =>
      Object.fromEntries(
        bank.people.all().map(({ number, account }) => [number, accountOf(book, account)?.state]),
      ),
    )
    expect(states).toEqual({ A: 'suspended', B: 'open', BEFORE: 'open', POT: 'open' })
  })

  test('[IMP-4] no password, no dummy address and no unticked note gets into the store; a ticked note does', async () => {
    const text =
      'member_number,name,balance_minutes,password,email,note\nA,Ada,5,hunter2,user1@example.com,CanaryNote\n'
    const bank = await harbour()
    ok(await apply(bank, filesOf(text)))
    for (const word of ['hunter2', 'user1@', 'CanaryNote'])
      expect(await contentOf(bank.store)).not.toContain(word)
    const other = await harbour()
    ok(await apply(other, { ...filesOf(text), notes: 'keep' }))
    expect(other.people.byNumber('A')).toMatchObject({ note: 'CanaryNote', email: null })
  })

  test('more members than one entry holds come in several entries, one sign each', async () => {
    const bank = await harbour()
    const files = filesOf(manyMembers(150))
    const result = ok(await apply(bank, files))
    expect(result).toMatchObject({ membersAdded: 450, openings: 4 })
    const found = await balances(bank)
    expect(Object.values(found).reduce((sum, one) => sum + one, 0)).toBe(0)
    expect(found.BEFORE).toBe(0)
    expect(found['B-00449']).toBe(60 + 447)
  })

  test('balances so large that their sum would not fit one leg are split', async () => {
    const bank = await harbour()
    ok(
      await apply(
        bank,
        filesOf(`${HEADING}\nA,Ada,member,525600\nB,Bo,member,525600\nC,Cy,member,-525600\n`),
      ),
    )
    expect(await balances(bank)).toEqual({ A: 525600, B: 525600, C: -525600, POT: 0, BEFORE: -525600 })
  })
})

describe('[IMP-2] an import is accepted by typing the name', () => {
  test.each([['harbour'], ['Millbrook'], [''], ['yes']])('"%s" is not the name', async (typed) => {
    const bank = await harbour()
    const before = await contentOf(bank.store)
    expect(refusalOf(await apply(bank, small, { typed }))).toBe('name_not_typed')
    expect(await contentOf(bank.store)).toBe(before)
  })

  test('files that changed since they were checked, and refused ones, change nothing', async () => {
    const bank = await harbour()
    const before = await contentOf(bank.store)
    const { digest } = await checkImport(small, bank.node, bank.people)
    expect(refusalOf(await apply(bank, filesOf(SMALL.members), { digest: digest! }))).toBe('file_changed')
    expect(refusalOf(await apply(bank, filesOf('name\nAda\n')))).toBe('file_heading_missing')
    const stranger = { coordinator: { actor: random.bytes(16), name: 'Mallory' } }
    expect(refusalOf(await applyImport(small, bank.node, bank.people, stranger, 'Harbour'))).toBe(
      'coordinator_unknown',
    )
    expect(await contentOf(bank.store)).toBe(before)
    ok(await apply(bank, small, { digest: digest! }))
  })

  test('once a line to another bank stands, opening balances need a second coordinator', async () => {
    const network = new MemoryNetwork()
    const [a, b] = [await openBank(network, 'Harbour'), await openBank(network, 'Millbrook')]
    await openLine(a, b)
    const house = await openLoneBank()
    open.push(house)
    const by = { coordinator: { actor: a.coordinator, name: 'Priya' } }
    expect((await checkImport(small, a.node, house.people)).refusals.map(({ code }) => code)).toEqual([
      'import_after_line',
    ])
    const withSecond = async (actor: Uint8Array | null) => {
      const second = actor === null ? null : { actor, name: 'Owen' }
      return refusalOf(await applyImport(small, a.node, house.people, { ...by, second }, 'Harbour'))
    }
    expect(await withSecond(null)).toBe('import_after_line')
    expect(await withSecond(a.coordinator)).toBe('import_after_line')
    expect(await withSecond(random.bytes(16))).toBe('import_after_line')
    const owen = random.bytes(16)
    const grant = { actor: owen, role: 1, ownAcct: null, until: null, nonce: random.bytes(16) }
    ok(await a.node.commit(() => accept({ entries: [{ kind: 'role.grant', body: grant }], value: null })))
    expect(await withSecond(owen)).toBe('accepted')
    await a.stop()
    await b.stop()
  })
})

describe('[IMP-7] the same file twice', () => {
  test('adds nothing, before and after a restart, and says so', async () => {
    const bank = await harbour()
    ok(await apply(bank, small))
    const before = await contentOf(bank.store)
    expect(ok(await apply(bank, small))).toMatchObject({
      membersAdded: 0,
      openings: 0,
      archived: 0,
      changed: false,
    })
    await bank.restart()
    expect(ok(await apply(bank, small)).changed).toBe(false)
    expect(await contentOf(bank.store)).toBe(before)
    expect(await checkImport(small, bank.node, bank.people)).toMatchObject({
      done: true,
      skipped: [],
      totals: { newMembers: 0, addedBefore: 3, beforeMinutes: 0 },
    })
  })

  test('at the same moment adds once', async () => {
    const bank = await harbour()
    const both = (await Promise.all([apply(bank, small), apply(bank, small)])).map(ok)
    expect(both.map((one) => one.membersAdded)).toEqual([3, 0])
    expect(await balances(bank)).toEqual({ 'H-1': 90, 'H-2': -120, 'H-3': 0, POT: 30, BEFORE: 0 })
  })

  test('with one more member adds that member alone; neither members nor pot are filled again', async () => {
    const bank = await harbour()
    ok(await apply(bank, small))
    const more = filesOf(`${SMALL.members}H-4,Dee,member,45\n`, SMALL.exchanges)
    const plan = await checkImport(more, bank.node, bank.people)
    expect(plan.skipped.map(({ reason, number }) => [reason, number])).toEqual([
      ['number_taken', 'H-1'],
      ['number_taken', 'H-2'],
      ['number_taken', 'H-3'],
      ['pot_filled', 'POT'],
    ])
    expect(ok(await apply(bank, more))).toMatchObject({ membersAdded: 1, openingMinutes: 45 })
    expect(await balances(bank)).toEqual({
      'H-1': 90,
      'H-2': -120,
      'H-3': 0,
      'H-4': 45,
      POT: 30,
      BEFORE: -45,
    })
    expect(plan.totals.beforeMinutes).toBe(-45)
  })

  test('somebody with that number who joined by hand keeps the own hours', async () => {
    const bank = await harbour()
    ok(await addMember(bank.node, bank.people, { name: 'Other', number: 'H-2' }))
    ok(await apply(bank, small))
    expect(await balances(bank)).toMatchObject({ 'H-1': 90, 'H-2': 0, BEFORE: -120 })
    expect(bank.people.byNumber('H-2')?.name).toBe('Other')
  })
})

describe('[IMP-7] killed in the middle and run again', () => {
  const members = `${manyMembers(120)}POT,Pot,fund,0\n`
  const history = `${HISTORY_HEADING}\n${Array.from({ length: 4500 }, (_, i) => `${i},2020-01-01,B-00001,B-00002,5,Words ${i}`).join('\n')}\n`
  const files = filesOf(members, history)
  /** Six batches of members, three of archive, and the row that says it is done. */
  const WRITES = 10

  test.each(
    Array.from({ length: WRITES }, (_, i) => i + 1).flatMap(
      (n) =>
        [
          [n, 'kept'],
          [n, 'lost'],
        ] as const,
    ),
  )('at write %i, %s', async (n, lastWrite) => {
    const bank = await harbour()
    bank.dieAt(n, lastWrite)
    await expect(apply(bank, files)).rejects.toThrow()
    await bank.restart()
    const plan = await checkImport(files, bank.node, bank.people)
    expect(plan.skipped).toEqual([])
    expect(plan.totals.newMembers + plan.totals.addedBefore).toBe(360)
    ok(await apply(bank, files))
    const found = await balances(bank)
    expect(Object.keys(found)).toHaveLength(362)
    expect(found).toMatchObject({
      'B-00000': -60,
      'B-00001': 0,
      'B-00002': 60,
      'B-00359': 417,
      BEFORE: 0,
      POT: 0,
    })
    let archived = 0
    for await (const page of bank.store.pages(privateRange('archive'), 1000)) archived += page.length
    expect(archived).toBe(4500)
    expect(ok(await apply(bank, files)).changed).toBe(false)
  })

  test('the whole takes exactly that many writes', async () => {
    const bank = await harbour()
    bank.dieAt(WRITES + 1, 'lost')
    ok(await apply(bank, files))
  })

  test('a member whose account was closed in between is not opened again', async () => {
    const bank = await harbour()
    bank.dieAt(6, 'kept')
    await expect(apply(bank, files)).rejects.toThrow()
    await bank.restart()
    ok(await setMemberState(bank.node, bank.people, 'B-00001', 'close'))
    ok(await apply(bank, files))
    expect(bank.people.all()).toHaveLength(362)
  })
})
