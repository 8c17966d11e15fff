import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { readCell } from '../../src/register/import/cells.ts'
import { statementCsv } from '../../src/register/statement-csv.ts'
import type { MemberLine } from '../../src/register/statements.ts'

const LINE: MemberLine = {
  index: 7,
  time: 20_000 * 86_400 + 5,
  day: 19_999,
  minutes: -90,
  what: 'exchange',
  category: 40,
  channel: 'web',
  id: new Uint8Array(32),
  others: [],
  bank: null,
  reversedAt: null,
  correction: null,
  with: [],
  note: null,
} as unknown as MemberLine

function rowsOf(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true })
}

describe('[EX-21] a statement as a file', () => {
  test('of nothing has its headings', () => {
    expect(statementCsv([])).toBe('date,what,minutes,entry,state\n')
  })

  test.each([
    ['helped', { minutes: 90 }, { date: '2024-10-03', minutes: '90', entry: '7', state: '' }],
    ['was helped', {}, { date: '2024-10-03', minutes: '-90', entry: '7', state: '' }],
    ['a day that nobody said', { day: null }, { date: '2024-10-04' }],
    ['the first entry and the first day', { index: 0, day: 0 }, { entry: '0', date: '1970-01-01' }],
  ] as const)('%s', (_, more, cells) => {
    expect(
      rowsOf(statementCsv([{ line: { ...LINE, ...more }, words: 'Helped Bo', isStruck: false }])),
    ).toMatchObject([{ what: 'Helped Bo', ...cells }])
  })

  test('what was taken back', () => {
    expect(rowsOf(statementCsv([{ line: LINE, words: '', isStruck: true }]))).toMatchObject([
      { state: 'taken back' },
    ])
  })

  test.each(['=HYPERLINK("https://evil.example")', '+1', '-1', '@SUM(A1)', '\t=1', '＝1', "'=1"])(
    'words that begin as %j are no formula',
    (words) => {
      const [row] = rowsOf(statementCsv([{ line: LINE, words, isStruck: false }]))
      expect(row?.what).toMatch(/^'/)
      expect(readCell(row?.what ?? '')).toBe(words)
    },
  )

  test.each(['a, b', 'a "b"', 'a\nb', 'Zoë 蓮 \u202e'])('%j comes back as it was', (words) => {
    const rows = rowsOf(statementCsv([LINE, LINE].map((line) => ({ line, words, isStruck: false }))))
    expect(rows.map(({ what }) => what)).toEqual([words, words])
  })
})
