import { zipSync } from 'fflate'
import { afterEach, describe, expect, test } from 'vitest'
import { applyImport } from '../../../src/register/import/apply.ts'
import { checkImport, type ImportPlan } from '../../../src/register/import/check.ts'
import type { ImportFiles } from '../../../src/register/import/source.ts'
import { ok } from '../../node/town.ts'
import { balances, contentOf, type LoneBank, openLoneBank } from '../lone-bank.ts'
import { bytesOf, filesOf, SMALL } from './files.ts'
import { CES, KOMUNITIN, LAYOUT, TIMEOVERFLOW } from './foreign.ts'

const open: LoneBank[] = []
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.close()
})
async function harbour(): Promise<LoneBank> {
  const bank = await openLoneBank()
  open.push(bank)
  return bank
}

const apply = (bank: LoneBank, files: ImportFiles) =>
  applyImport(files, bank.node, bank.people, { coordinator: bank.coordinator }, 'Harbour')
const check = (bank: LoneBank, files: ImportFiles): Promise<ImportPlan> =>
  checkImport(files, bank.node, bank.people)
const sheetOf = ({ sheet }: ImportPlan) =>
  sheet.map(({ number, name, fileMinutes, historyMinutes }) => [number, name, fileMinutes, historyMinutes])
const leftOut = ({ skipped }: ImportPlan) =>
  skipped.map(({ file, line, reason }) => `${file} ${line} ${reason}`)

/** What holds for every program: it can be checked without a trace, is brought in once, and its history is kept. */
async function broughtIn(files: ImportFiles): Promise<{ bank: LoneBank; plan: ImportPlan }> {
  const bank = await harbour()
  const empty = await contentOf(bank.store)
  const plan = await check(bank, files)
  expect(await contentOf(bank.store)).toBe(empty)
  expect(plan.refusals).toEqual([])
  ok(await apply(bank, files))
  const content = await contentOf(bank.store)
  expect(ok(await apply(bank, files)).changed).toBe(false)
  expect(await contentOf(bank.store)).toBe(content)
  const sum = Object.values(await balances(bank)).reduce((total, one) => total + one, 0)
  expect(sum).toBe(0)
  return { bank, plan }
}

describe('[IMP-11] TimeOverflow', () => {
  test('what it exports: members in seconds, transfers beside them, dummy addresses dropped', async () => {
    const { bank, plan } = await broughtIn(TIMEOVERFLOW)
    expect(sheetOf(plan)).toEqual([
      ['1', 'Ángela Núñez', 90, 90],
      ['2', 'Bo', -61, -60],
      ['7', 'Edna', 0, 0],
    ])
    expect(plan.remainders).toEqual([{ line: 3, seconds: 20 }])
    expect(plan.dummyEmails).toEqual([4])
    // The history names the bank itself and somebody who is gone: it cannot be replayed in full.
    expect(plan.notFound).toEqual([
      { number: 'BANCO DEL PUERTO', minutes: -45 },
      { number: 'DELETED_USER', minutes: 15 },
    ])
    expect(leftOut(plan)).toEqual(['exchanges 6 minutes_out_of_range'])
    expect(bank.people.byNumber('1')).toMatchObject({
      joinedOn: '2019-05-01',
      phone: '600111222',
      phone2: '952000111',
      language: 'es',
    })
    expect(bank.people.byNumber('7')?.email).toBeNull()
  })

  test('its zip as it is: the tables are known by their shapes, whatever they are called', async () => {
    const offers = bytesOf(',Tipo,Etiquetas,Usuario,Creado\nJardín,,,,\n,Offer,,Bo (2),2020-01-01\n')
    const tables = {
      'Socios_2025.csv': TIMEOVERFLOW.members,
      'A_Ofertas.csv': offers,
      'Transferencias.csv': TIMEOVERFLOW.exchanges ?? offers,
      'leeme.txt': bytesOf('x'.repeat(50)),
    }
    const zip: ImportFiles = { from: 'timeoverflow', members: zipSync(tables) }
    const { plan } = await broughtIn(zip)
    const loose = await check(await harbour(), TIMEOVERFLOW)
    expect(sheetOf(plan)).toEqual(sheetOf(loose))
    expect(plan.totals).toEqual(loose.totals)
    const refusalOf = async (members: Uint8Array): Promise<unknown> =>
      (await check(await harbour(), { ...zip, members })).refusals[0]
    expect(await refusalOf(zipSync({ 'a.csv': offers }))).toMatchObject({ code: 'file_shape_unknown' })
    expect(await refusalOf(zip.members.slice(0, 60))).toMatchObject({ code: 'file_rows_wrong' })
    const large = zipSync({ 'a.csv': new Uint8Array(9 * 1024 * 1024) })
    expect(large.length).toBeLessThan(100_000)
    expect(await refusalOf(large)).toMatchObject({ code: 'file_too_large' })
  })

  test('what it takes in: no headings, balances by the transfers, its own account as the pot', async () => {
    const { bank, plan } = await broughtIn(LAYOUT)
    expect(sheetOf(plan)).toEqual([
      ['1', 'Ángela Núñez Soto', 60, 60],
      ['2', 'Bo', -90, -90],
      ['POT', '', 30, 30],
    ])
    expect((await balances(bank)).POT).toBe(30)
    expect(await contentOf(bank.store)).not.toContain('1950-01-31')
    // An older file has no days: hours are taken, and its rows do not get into the archive.
    expect(leftOut(plan)).toEqual(['exchanges 3 date_malformed'])
  })
})

describe('[IMP-11] CES', () => {
  test('users, trades and balances in Windows-1252; no password and no identity number is read', async () => {
    const { bank, plan } = await broughtIn(CES)
    expect(sheetOf(plan)).toEqual([
      ['HARB0001', 'Zoë Brönte', 150, 150],
      ['HARB0002', 'Harbour Library Trust', -90, -90],
      ['HARBVIRT', '', -60, 0],
      ['HARB0003', 'Cy Vane', 0, 0],
      ['HARB0004', 'Dee Old', 0, 0],
    ])
    expect(plan.leftColumns.map(({ column, why }) => [column, why])).toEqual([
      ['Password', 'secret'],
      ['DOB', 'secret'],
      ['IdNo', 'secret'],
    ])
    expect(leftOut(plan)).toEqual(['members 6 member_closed'])
    expect(plan.notFound).toEqual([{ number: 'MILLVIRT', minutes: -60 }])
    for (const word of ['hunter2', '850101', 'NoteCanary'])
      expect(await contentOf(bank.store)).not.toContain(word)
    expect(bank.people.byNumber('HARB0001')).toMatchObject({
      phone: '07700 900001',
      phone2: '01700 2',
      area: 'North',
    })
    expect(bank.people.byNumber('HARB0002')?.kind).toBe('organisation')
    // What another exchange owes belongs to nobody here.
    expect(await balances(bank)).toMatchObject({ HARB0001: 150, HARB0002: -90, BEFORE: -60 })
  })

  test('[IMP-5] a note that was ticked comes as plain text, and the newer table of trades is read too', async () => {
    const bank = await harbour()
    const trades =
      'txid,type,seller,buyer,seller_amount,buyer_amount,base_amount,description,date_entered\n5,sess,HARB0001,HARB0002,1.5,1.5,1.5,Soup,2024-05-01 10:00:00\n'
    const plan = await check(bank, { ...CES, exchanges: bytesOf(trades), notes: 'keep' })
    expect(plan.totals).toMatchObject({ archived: 1, archivedMinutes: 90 })
    ok(await apply(bank, { ...CES, notes: 'keep' }))
    expect(bank.people.byNumber('HARB0001')?.note).toBe('NoteCanary & more\nTwo < three')
  })

  test('the unit is said by a person, or nothing is read', async () => {
    const bank = await harbour()
    const { unit: _, ...without } = CES
    expect((await check(bank, without)).refusals).toEqual([
      { code: 'columns_wrong', facts: { what: 'unit' } },
    ])
    const plan = await check(bank, { ...CES, unit: 'minutes' })
    expect(plan.sheet.map(({ fileMinutes }) => fileMinutes)).toEqual([3, -2, -1, 0, 0])
  })
})

describe('[IMP-11] Komunitin', () => {
  test('accounts by their codes, and only transfers that were committed', async () => {
    const { bank, plan } = await broughtIn(KOMUNITIN)
    expect(sheetOf(plan)).toEqual([
      ['HARB0000', 'HARB0000', 90, 90],
      ['HARB0001', 'HARB0001', -90, -90],
      ['HARB0002', 'HARB0002', 0, 0],
    ])
    expect(leftOut(plan)).toEqual(['members 4 member_closed', 'exchanges 3 not_committed'])
    expect(bank.people.byNumber('HARB0000')?.joinedOn).toBe('2024-02-01')
  })
})

describe('[IMP-11] a file of another program than was said', () => {
  test.each([
    ['timeoverflow', SMALL.members],
    ['ces', SMALL.members],
    ['komunitin', SMALL.members],
    ['timeoverflow', ''],
    ['ces', ''],
    ['komunitin', ''],
  ] as const)('is none of %s', async (from, text) => {
    const plan = await check(await harbour(), { ...filesOf(text), from, unit: 'hours' })
    expect(plan.refusals).toEqual([{ code: 'file_shape_unknown', facts: { file: 'members', from } }])
  })

  test.each([
    ['timeoverflow', TIMEOVERFLOW],
    ['its other layout', LAYOUT],
    ['ces', CES],
    ['komunitin', KOMUNITIN],
  ] as const)(
    'a history that is none of %s is refused, and one that ends in the middle',
    async (_, files) => {
      const bank = await harbour()
      const [other] = (await check(bank, { ...files, exchanges: bytesOf('a,b,c\n1,2,3\n') })).refusals
      expect(other).toMatchObject({ code: 'file_shape_unknown', facts: { file: 'exchanges' } })
      const members = files.members.slice(0, files.members.length - 40)
      const cut = (await check(bank, { ...files, members })).refusals.map(({ code }) => code)
      expect(cut).toEqual(['file_truncated'])
    },
  )
})
