import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkImport, type ImportPlan } from '../../../src/register/import/check.ts'
import type { ImportFiles } from '../../../src/register/import/source.ts'
import { addMember } from '../../../src/register/people.ts'
import { ok } from '../../node/town.ts'
import { contentOf, type LoneBank, openLoneBank } from '../lone-bank.ts'
import { bytesOf, filesOf, HEADING, HISTORY_HEADING, SMALL, small } from './files.ts'

let bank: LoneBank
beforeAll(async () => {
  bank = await openLoneBank()
})
afterAll(() => bank.close())

const check = (files: ImportFiles): Promise<ImportPlan> => checkImport(files, bank.node, bank.people)
/** The one refusal of a members file, as its code and facts. */
const refusalIn = async (members: string | Uint8Array): Promise<unknown> => {
  const plan = await check({ members: typeof members === 'string' ? bytesOf(members) : members })
  expect(plan.refusals).toHaveLength(1)
  return plan.refusals[0]
}

describe('[IMP-1] a dry run', () => {
  test('writes nothing and says everything', async () => {
    const before = await contentOf(bank.store)
    const plan = await check(small)
    expect(await contentOf(bank.store)).toBe(before)
    expect(plan).toMatchObject({ bankName: 'Harbour', done: false, refusals: [], skipped: [], notFound: [] })
    expect(plan.totals).toEqual({
      newMembers: 3,
      addedBefore: 0,
      openingMinutes: 120,
      owedMinutes: 120,
      beforeMinutes: 0,
      fileSumMinutes: 0,
      differing: 0,
      differingMinutes: 0,
      archived: 2,
      archivedMinutes: 120,
    })
  })

  test('lists every line it would leave out, with reason and line number', async () => {
    const rows = [
      ['H-1', 'Ada', 'member', '90', null],
      ['', 'Nobody', 'member', '0', 'number_missing'],
      ['H-2', '', 'member', '0', 'name_missing'],
      ['H-3', 'Cy', 'robot', '0', 'kind_unknown'],
      ['H-4', 'Cy', 'member', '1:30', 'minutes_not_whole'],
      ['H-5', 'Cy', 'member', '1.5', 'minutes_not_whole'],
      ['H-6', 'Cy', 'member', '', 'minutes_not_whole'],
      ['H-7', 'Cy', 'member', '525601', 'minutes_out_of_range'],
      ['before', 'Cy', 'member', '0', 'number_reserved'],
      ['H-8', 'x'.repeat(81), 'member', '0', 'text_too_long'],
      ['h-9'.repeat(9), 'Cy', 'member', '0', 'text_too_long'],
      ['P', 'Pot', 'fund', '0', null],
      ['Q', 'Second pot', 'fund', '5', 'pot_twice'],
    ]
    const text = `${HEADING}\n${rows.map((row) => row.slice(0, 4).join(',')).join('\n')}\nH-10,Cy,member\nH-11,Cy,member,0,9\nH-12,Dee,member,0\n`
    const plan = await check(filesOf(text))
    const expected = rows.flatMap(([number, , , , reason], i) =>
      reason === null ? [] : [[i + 2, reason, number || null]],
    )
    expect(plan.skipped.map(({ line, reason, number }) => [line, reason, number])).toEqual([
      ...expected,
      [15, 'cells_missing', null],
      [16, 'cells_too_many', null],
    ])
    expect(plan.totals.newMembers).toBe(2)
  })

  test('counts lines as an editor does: blank lines, and line breaks inside a cell', async () => {
    const text = `${HEADING}\r\n\r\nH-1,"Ada\r\nThorne",member,0\r\n,,,\r\nH-2,,member,0\r\n`
    const plan = await check(filesOf(text))
    expect(plan.skipped).toEqual([{ file: 'members', line: 6, reason: 'name_missing', number: 'H-2' }])
    expect(plan.sheet.map(({ line, name }) => [line, name])).toEqual([[3, 'Ada Thorne']])
  })

  test('a status or a day it does not know, and a closed member, are left out; history rows too', async () => {
    const members = `member_number,name,balance_minutes,status,joined_on\nA,Ada,0,dormant,\nB,Bo,0,,2026-02-30\nC,Cy,0,closed,\nD,Dee,0,suspended,2020-01-01\n`
    const exchanges = `${HISTORY_HEADING}\n1,yesterday,C,D,5,\n2,2020-01-01,C,C,5,\n3,2020-01-01,,D,5,\n4,2020-01-01,C,D,0,\n5,2020-01-01,C,D,-5,\n6,2020-01-01,C,D,5,\n6,2020-01-01,C,D,5,\n7,2020-01-01,C,D,half,\n8,2020-01-01,C,D,5,${'w'.repeat(2001)}\n`
    const plan = await check(filesOf(members, exchanges))
    expect(plan.skipped.map(({ file, line, reason }) => `${file} ${line} ${reason}`)).toEqual([
      'members 2 status_unknown',
      'members 3 date_malformed',
      'members 4 member_closed',
      'exchanges 2 date_malformed',
      'exchanges 3 same_person',
      'exchanges 4 person_missing',
      'exchanges 5 minutes_out_of_range',
      'exchanges 6 minutes_out_of_range',
      'exchanges 8 source_twice',
      'exchanges 9 minutes_not_whole',
      'exchanges 10 text_too_long',
    ])
  })

  test('a member who is in the register already is left out', async () => {
    const house = await openLoneBank()
    ok(await addMember(house.node, house.people, { name: 'Ada', number: 'h-2' }))
    const plan = await checkImport(small, house.node, house.people)
    expect(plan.skipped).toEqual([{ file: 'members', line: 3, reason: 'number_taken', number: 'H-2' }])
    expect(plan.totals).toMatchObject({ newMembers: 2, owedMinutes: 0, beforeMinutes: -120 })
    await house.close()
  })
})

describe('[IMP-2] the reconciliation sheet', () => {
  test('has the balance in the file, by the history, the difference, and who was not found', async () => {
    const exchanges = `${SMALL.exchanges}3,2020-06-01,X-9,H-1,15,\n4,2020-06-01,bank:abc,H-2,5,\n`
    const plan = await check(filesOf(SMALL.members, exchanges))
    expect(
      plan.sheet.map((one) => [one.number, one.fileMinutes, one.historyMinutes, one.differenceMinutes]),
    ).toEqual([
      ['H-1', 90, 75, 15],
      ['H-2', -120, -125, 5],
      ['H-3', 0, 0, 0],
      ['POT', 30, 30, 0],
    ])
    expect(plan.notFound).toEqual([{ number: 'X-9', minutes: 15 }])
    expect(plan.totals).toMatchObject({ differing: 2, differingMinutes: 20 })
  })

  test('without a history it says that there is none', async () => {
    const plan = await check(filesOf(SMALL.members))
    expect(plan.sheet[0]).toMatchObject({ historyMinutes: null, differenceMinutes: null })
  })

  test('[IMP-3] balances that do not sum to zero stay in `before`, and are said', async () => {
    const plan = await check(filesOf(`${HEADING}\nH-1,Ada,member,90\nH-2,Cy,member,-30\n`))
    expect(plan.refusals).toEqual([])
    expect(plan.totals).toMatchObject({ fileSumMinutes: 60, beforeMinutes: -60 })
  })

  test('[IMP-3] a whole book that does not sum to zero has lost rows and is refused', async () => {
    const text = `${HEADING}\nH-1,Ada,member,90\nBEFORE,Before,before,-60\n`
    expect(await refusalIn(text)).toEqual({
      code: 'file_not_balanced',
      facts: { file: 'members', sumMinutes: 30 },
    })
  })
})

describe('[IMP-4] what is not taken', () => {
  test('columns with secrets and identity numbers are dropped unread, unknown ones are listed, notes wait for a tick', async () => {
    const columns = [
      'Password',
      'user_password_hash',
      'PIN',
      'Secret Question',
      'IdNo',
      'NI_nino',
      'passport-no',
      'DOB',
      'Date of Birth',
      'Favourite colour',
      'Spinning',
      'note',
    ]
    const text = `${HEADING},${columns.join(',')}\nH-1,Ada,member,0${columns.map(() => ',x').join('')}\n`
    const plan = await check(filesOf(text))
    expect(plan.leftColumns.map(({ column, why }) => [column, why])).toEqual([
      ['password', 'secret'],
      ['user_password_hash', 'secret'],
      ['pin', 'secret'],
      ['secret_question', 'secret'],
      ['idno', 'secret'],
      ['ni_nino', 'secret'],
      ['passport_no', 'secret'],
      ['dob', 'secret'],
      ['date_of_birth', 'secret'],
      ['favourite_colour', 'unknown'],
      ['spinning', 'unknown'],
      ['note', 'unticked'],
    ])
    const ticked = await check({ ...filesOf(text), notes: 'keep' })
    expect(ticked.leftColumns.map(({ column }) => column)).not.toContain('note')
  })

  test('an address that some program made up is dropped and listed', async () => {
    const addresses = [
      'user12@example.com',
      'a@b.example.org',
      'a@b.invalid',
      'me@localhost',
      'ada@harbour.example',
      'ada@gmail.com',
    ]
    const text = `member_number,name,balance_minutes,email\n${addresses.map((one, i) => `H-${i},Ada,0,${one}`).join('\n')}\n`
    expect((await check(filesOf(text))).dummyEmails).toEqual([2, 3, 4, 5])
  })
})

describe('[IMP-6] damaged and foreign files', () => {
  test('with a byte order mark, with semicolons, with CR LF, in any order and spelling of headings: the same members', async () => {
    const plain = await check(filesOf(SMALL.members))
    const mark = await check(filesOf(`\ufeff${SMALL.members}`))
    const semicolons = await check(filesOf(SMALL.members.replaceAll(',', ';').replaceAll('\n', '\r\n')))
    const turned = await check(
      filesOf(SMALL.members.replace(HEADING, 'Member Number, NAME ,Kind,Balance-Minutes')),
    )
    for (const plan of [mark, semicolons, turned]) {
      expect(plan.refusals).toEqual([])
      expect(plan.sheet).toEqual(plain.sheet)
      expect(plan.totals).toEqual(plain.totals)
    }
  })

  test.each([
    [
      'Windows-1252',
      new Uint8Array([...bytesOf(`${HEADING}\nH-1,Zo`), 0xeb, ...bytesOf(',member,0\n')]),
      'file_not_utf8',
      {},
    ],
    ['UTF-16', new Uint8Array(Buffer.from(SMALL.members, 'utf16le')), 'file_not_utf8', {}],
    ['cut in the middle of a row', SMALL.members.slice(0, -8), 'file_truncated', { line: 5 }],
    ['cut inside quotes', `${HEADING}\nH-1,"Ada`, 'file_truncated', { line: 2 }],
    ['cut in the middle of a letter', bytesOf(`${HEADING}\nH-1,Zoë`).slice(0, -1), 'file_not_utf8', {}],
    ['a stray quote', `${HEADING}\nH-1,Ada"x,member,0\nH-2,Cy,member,0\n`, 'file_rows_wrong', { line: 2 }],
    ['a quote that closes too early', `${HEADING}\nH-1,"A"da,member,0\n`, 'file_rows_wrong', { line: 2 }],
    ['empty', '', 'file_heading_missing', { column: 'member_number' }],
    ['no balances', 'member_number,name\nH-1,Ada\n', 'file_heading_missing', { column: 'balance_minutes' }],
    ['no heading at all', 'H-1,Ada,member,0\n', 'file_heading_unknown', { column: 'h_1' }],
    [
      'one heading twice',
      `${HEADING},name\nH-1,Ada,member,0,Cy\n`,
      'file_heading_unknown',
      { column: 'name' },
    ],
    [
      'a number twice',
      `${HEADING}\nH-1,Ada,member,0\nH-2,Bo,member,0\nh-1,Cy,member,5\n`,
      'file_rows_wrong',
      { line: 4, firstLine: 2, number: 'h-1' },
    ],
    [
      'too long',
      new Uint8Array(8 * 1024 * 1024 + 1).fill(65),
      'file_too_large',
      { mostBytes: 8 * 1024 * 1024 },
    ],
    [
      'too many rows',
      `member_number,name,balance_minutes\n${'a,b,0\n'.repeat(100_001)}`,
      'file_too_large',
      { mostRows: 100_000 },
    ],
  ])('%s', async (_, members, code, facts) => {
    expect(await refusalIn(members)).toEqual({ code, facts: { file: 'members', ...facts } })
  })

  test('both files are looked at: every refusal is told at once', async () => {
    const plan = await check(filesOf('name\nAda\n', 'minutes\n5\n'))
    expect(plan.refusals.map(({ code, facts }) => [code, facts.file])).toEqual([
      ['file_heading_missing', 'members'],
      ['file_heading_missing', 'exchanges'],
    ])
  })

  test('an unfinished history is refused too', async () => {
    const plan = await check(filesOf(SMALL.members, `${HISTORY_HEADING}\n1,2020-01-01,H-1\n`))
    expect(plan.refusals).toEqual([{ code: 'file_truncated', facts: { file: 'exchanges', line: 2 } }])
  })
})
