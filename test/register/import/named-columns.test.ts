import { afterEach, describe, expect, test } from 'vitest'
import { applyImport } from '../../../src/register/import/apply.ts'
import { checkImport, type ImportPlan } from '../../../src/register/import/check.ts'
import { type Columns, readColumns, writeColumns } from '../../../src/register/import/columns.ts'
import { digestOf } from '../../../src/register/import/files.ts'
import { readGrid } from '../../../src/register/import/grid.ts'
import { suggestColumns } from '../../../src/register/import/headings.ts'
import type { ImportFiles } from '../../../src/register/import/source.ts'
import { addMember } from '../../../src/register/people.ts'
import { ok, refusalOf } from '../../node/town.ts'
import { balances, contentOf, type LoneBank, openLoneBank } from '../lone-bank.ts'
import { bytesOf } from './files.ts'
import { MESSY, MESSY_COLUMNS, windows1252 } from './messy.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})
async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

const columnsOf = (said: unknown): Columns => ok(readColumns(said))
const sheet = (text: string | Uint8Array, said: unknown = MESSY_COLUMNS): ImportFiles => ({
  from: 'sheet',
  members: typeof text === 'string' ? bytesOf(text) : text,
  columns: columnsOf(said),
})
const check = (bank: LoneBank, files: ImportFiles): Promise<ImportPlan> =>
  checkImport(files, bank.node, bank.people)
const apply = (bank: LoneBank, files: ImportFiles) =>
  applyImport(files, bank.node, bank.people, { coordinator: bank.coordinator }, 'Harbour')
const reasons = ({ skipped }: ImportPlan) => skipped.map(({ line, reason }) => [line, reason])

describe('[IMP-8] a really messy sheet', () => {
  const LEFT_OUT = [
    [1, 'above_heading'],
    [2, 'above_heading'],
    [13, 'name_missing'],
    [14, 'hours_ambiguous'],
    [16, 'date_malformed'],
    [17, 'total_row'],
  ]

  test.each([
    ['Windows-1252', windows1252(MESSY)],
    ['UTF-8 with a mark', bytesOf(`\ufeff${MESSY}`)],
  ])('in %s: who stands in it, with which hours, and every line that is left out', async (_, bytes) => {
    const bank = await harbour()
    const files = sheet(bytes)
    const plan = await check(bank, files)
    expect(plan.refusals).toEqual([])
    expect(plan.sheet.map(({ line, name, fileMinutes }) => [line, name, fileMinutes])).toEqual([
      [5, 'Ángela Pérez Núñez', 150],
      [6, 'José Muñoz', 150],
      [8, 'María García', -105],
      [9, 'MARIA GARCIA', 60],
      [11, 'Edna', 45],
      [12, 'Begoña Iñíguez', 90],
      [15, 'Dee la Alta', 20],
    ])
    expect(reasons(plan)).toEqual(LEFT_OUT)
    expect(plan.sameNames).toEqual([{ line: 9, name: 'MARIA GARCIA', firstLine: 8 }])
    expect(plan.remainders).toEqual([{ line: 15, seconds: -12 }])
    expect(plan.dummyEmails).toEqual([8])
    expect(plan.leftColumns).toEqual([{ file: 'members', column: 'Nº', why: 'unknown' }])
    expect(plan.totals).toMatchObject({
      newMembers: 7,
      openingMinutes: 515,
      owedMinutes: 105,
      beforeMinutes: -410,
    })
    ok(await apply(bank, files))
    const people = bank.people.all().filter(({ kind }) => kind === 'member')
    expect(people.map(({ number, name }) => [number, name]).sort()).toEqual(
      plan.sheet.map(({ number, name }) => [number, name]).sort(),
    )
    expect(people.every(({ number }) => /^HB-[2-9]{4}-[A-Z]$/.test(number))).toBe(true)
    const [angela] = people.filter(({ name }) => name.startsWith('Ángela'))
    expect(angela).toMatchObject({
      phone: '600 111 222',
      email: 'angela@puerto.example',
      joinedOn: '2019-02-03',
    })
    expect((await balances(bank))[angela?.number ?? '']).toBe(150)
  })

  test('with its own numbers it keeps them, and a number that stands twice is left out', async () => {
    const bank = await harbour()
    const text = `${MESSY}1\tZoe\tDos\t\t\t\t1\r\n`
    const plan = await check(bank, sheet(text, { ...MESSY_COLUMNS, number: 1 }))
    expect(plan.sheet.map(({ number }) => number)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      plan.sheet[5]?.number,
      '9',
    ])
    expect(plan.sheet[5]?.number).toMatch(/^HB-/)
    expect(reasons(plan)).toEqual([...LEFT_OUT, [18, 'number_twice']])
    expect(plan.sameNames).toEqual([])
  })

  test('a line that a person leaves out stays out; nobody is left out or merged by name alone', async () => {
    const bank = await harbour()
    ok(await addMember(bank.node, bank.people, { name: 'Jose Munoz' }))
    const plan = await check(bank, sheet(MESSY))
    expect(plan.sameNames).toEqual([
      { line: 6, name: 'José Muñoz', firstLine: null },
      { line: 9, name: 'MARIA GARCIA', firstLine: 8 },
    ])
    const without = await check(bank, sheet(MESSY, { ...MESSY_COLUMNS, leave_out: [9, 6] }))
    expect(without.sameNames).toEqual([])
    expect(reasons(without)).toContainEqual([9, 'left_out'])
    expect(without.totals.newMembers).toBe(5)
  })
})

describe('[IMP-8] columns are named by a person', () => {
  test('headings in English and Spanish are only ever suggested', () => {
    const rows = ok(readGrid(bytesOf(MESSY), 'members'))
    expect(suggestColumns(rows)).toEqual({
      heading: 4,
      columns: { number: [1], name: [2, 3], phone: [4], joined_on: [6], hours: [7] },
    })
    const english = ok(readGrid(bytesOf('Full name;Mobile;E-mail;Town;Since;Hours;PIN\n'), 'members'))
    expect(suggestColumns(english).columns).toEqual({
      name: [1],
      phone: [2],
      email: [3],
      area: [4],
      joined_on: [5],
      hours: [6],
    })
    expect(suggestColumns(ok(readGrid(bytesOf('Ada\t2\nBo\t3\n'), 'members')))).toEqual({
      heading: 0,
      columns: {},
    })
  })

  test('without headings, with hours or without, by commas or semicolons', async () => {
    const bank = await harbour()
    const plain = await check(
      bank,
      sheet('Ada;1,5\nBo;2\n', { heading: 0, name: 1, hours: 2, unit: 'hours' }),
    )
    expect(plain.sheet.map(({ name, fileMinutes }) => [name, fileMinutes])).toEqual([
      ['Ada', 90],
      ['Bo', 120],
    ])
    const names = await check(bank, sheet('Name\nAda\nBo\n', { name: 'name' }))
    expect(names.totals).toMatchObject({ newMembers: 2, openingMinutes: 0 })
    const commas = await check(
      bank,
      sheet('Name,Min\n"Thorne, Ada",90\n', { name: 1, hours: 2, unit: 'minutes' }),
    )
    expect(commas.sheet[0]).toMatchObject({ name: 'Thorne, Ada', fileMinutes: 90 })
  })

  test.each([
    ['columns', null],
    ['name', { phone: 1 }],
    ['unit', { name: 1, hours: 2 }],
    ['unit', { name: 1, unit: 'hours' }],
    ['phone', { name: 1, phone: [2, 3] }],
    ['name', { name: [1, 1] }],
    ['heading', { name: 1, heading: -1 }],
    ['dates', { name: 1, dates: 'dym' }],
    ['leave_out', { name: 1, leave_out: ['2'] }],
    ['colour', { name: 1, colour: 2 }],
  ])('%s can be wrong in what is said', (what, said) => {
    expect(readColumns(said)).toEqual({ ok: false, refusal: { code: 'columns_wrong', facts: { what } } })
  })

  test('what is said is written and read again as it was', () => {
    const said = columnsOf({ ...MESSY_COLUMNS, leave_out: [9, 6, 9] })
    expect(columnsOf(writeColumns(said))).toEqual(said)
    expect(said.leaveOut).toEqual([6, 9])
  })

  test('a column that is not there, one that is there twice, and one that is taken twice', async () => {
    const bank = await harbour()
    const codeOf = async (said: unknown): Promise<unknown> =>
      (await check(bank, sheet('Name\tTel\tTel\nAda\t1\t2\n', said))).refusals[0]
    expect(await codeOf({ name: 'Nombre' })).toMatchObject({
      code: 'file_heading_missing',
      facts: { column: 'Nombre' },
    })
    expect(await codeOf({ name: 1, phone: 'tel' })).toMatchObject({ code: 'file_heading_unknown' })
    expect(await codeOf({ name: 1, phone: 1 })).toEqual({ code: 'columns_wrong', facts: { what: 'phone' } })
    expect(await codeOf({ name: 1, heading: 7 })).toEqual({
      code: 'columns_wrong',
      facts: { what: 'heading' },
    })
  })

  test('[IMP-4] notes wait for a tick, and a secret is never suggested', async () => {
    const bank = await harbour()
    const files = sheet('Name\tNotes\tPassword\nAda\tCanaryNote\thunter2\n', { name: 1, note: 2 })
    ok(await apply(bank, files))
    expect(await contentOf(bank.store)).not.toMatch(/CanaryNote|hunter2/)
    const plan = await check(await harbour(), { ...files, notes: 'keep' })
    expect(plan.leftColumns).toEqual([{ file: 'members', column: 'Password', why: 'secret' }])
  })
})

describe('[IMP-7] a sheet without numbers, twice', () => {
  test('adds nothing; the digest is of the bytes and of what was said about them', async () => {
    const bank = await harbour()
    const files = sheet(MESSY)
    ok(await apply(bank, files))
    const before = await contentOf(bank.store)
    expect(ok(await apply(bank, files)).changed).toBe(false)
    expect(await contentOf(bank.store)).toBe(before)
    const again = await check(bank, files)
    expect(again).toMatchObject({ done: true, sameNames: [], totals: { newMembers: 0, addedBefore: 7 } })
    const others = [
      sheet(`${MESSY}\r\n`),
      sheet(MESSY, { ...MESSY_COLUMNS, dates: 'mdy' }),
      sheet(MESSY, { ...MESSY_COLUMNS, leave_out: [9] }),
      { ...files, notes: 'keep' as const },
      { ...files, from: 'timeoverflow' as const },
      { members: files.members },
    ]
    const digests = [files, ...others].map((one) => Buffer.from(digestOf(one)).toString('hex'))
    expect(new Set(digests).size).toBe(digests.length)
  })

  const many = `Name\tHours\n${Array.from({ length: 250 }, (_, i) => `Person ${i}\t${(i % 5) - 2}`).join('\n')}\n`
  const files = sheet(many, { name: 1, hours: 2, unit: 'hours' })

  test.each([
    [1, 'kept'],
    [1, 'lost'],
    [2, 'kept'],
    [2, 'lost'],
    [3, 'lost'],
    [4, 'kept'],
  ] as const)(
    'the numbers that the check showed are given, also after a crash at write %i, %s',
    async (n, last) => {
      const bank = await harbour()
      const shown = (await check(bank, files)).sheet.map(({ number, name }) => `${number} ${name}`)
      expect(new Set(shown.map((one) => one.split(' ')[0])).size).toBe(250)
      bank.dieAt(n, last)
      await expect(apply(bank, files)).rejects.toThrow()
      await bank.restart()
      expect((await check(bank, files)).sheet.map(({ number, name }) => `${number} ${name}`)).toEqual(shown)
      ok(await apply(bank, files))
      const given = bank.people.all().filter(({ kind }) => kind === 'member')
      expect(given.map(({ number, name }) => `${number} ${name}`).sort()).toEqual(shown.toSorted())
    },
  )

  test('a file of another shape is not taken for a sheet: columns must be said', async () => {
    const bank = await harbour()
    const plain = { from: 'sheet' as const, members: bytesOf(MESSY) }
    expect(refusalOf(await apply(bank, plain))).toBe('columns_wrong')
  })
})
