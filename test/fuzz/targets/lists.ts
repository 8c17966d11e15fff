/** Which decoders read lists of people that other programs wrote, or that somebody copied out of a spreadsheet? */

import { zipSync } from 'fflate'
import { must } from '../../../src/core/fault.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { REFUSALS } from '../../../src/core/refusal.ts'
import { readColumns, writeColumns } from '../../../src/register/import/columns.ts'
import { readFiles } from '../../../src/register/import/files.ts'
import { readGrid } from '../../../src/register/import/grid.ts'
import { suggestColumns } from '../../../src/register/import/headings.ts'
import { readLength } from '../../../src/register/import/lengths.ts'
import { readDay, readNamedColumns } from '../../../src/register/import/named-columns.ts'
import type { ImportFiles } from '../../../src/register/import/source.ts'
import { readZip } from '../../../src/register/import/zip.ts'
import { readForm } from '../../../src/web/form.ts'
import { CES, KOMUNITIN, LAYOUT, TIMEOVERFLOW } from '../../register/import/foreign.ts'
import { MESSY, MESSY_COLUMNS, windows1252 } from '../../register/import/messy.ts'
import { once } from '../material.ts'
import { itemInputs } from '../shaped.ts'
import { textInputs } from '../shaped-text.ts'
import { bytesOf, NO, type Target, textOf } from '../target.ts'

const OF_LISTS = REFUSALS.filter((code) => code.startsWith('file_') || code === 'columns_wrong')
const USUAL = { refusals: OF_LISTS, mostBytes: 200_000, mostMs: 1_000, inTest: 200 } as const

const columnsSaid: Target = {
  ...USUAL,
  name: 'columns-said',
  covers: ['register/import/columns.ts readColumns', 'http/routes/files.ts jsonOf'],
  corpus: () =>
    [MESSY_COLUMNS, { name: 1 }, { name: ['a', 'b'], leave_out: [3] }].map((one) =>
      bytesOf(JSON.stringify(one)),
    ),
  inputs: () => textInputs(columnsSaid.corpus, ['"__proto__"', '"unit":"minutes"', '500', '-1'])(),
  tell(input) {
    let value: unknown
    try {
      value = JSON.parse(textOf(input))
    } catch {
      value = undefined
    }
    const read = readColumns(value)
    if (!read.ok) return { refused: read.refusal.code }
    const again = readColumns(JSON.parse(JSON.stringify(writeColumns(read.value))))
    must(again.ok && JSON.stringify(again.value) === JSON.stringify(read.value), 'what is said is read again')
    return { accepted: read.value }
  },
}

const SHEETS = [bytesOf(MESSY), windows1252(MESSY), bytesOf('Name;Hours\n"A ""x""";2,5\nB;1:45\n')]

const namedColumns: Target = {
  ...USUAL,
  name: 'named-columns',
  covers: [
    'register/import/named-columns.ts readNamedColumns',
    'register/import/grid.ts readGrid',
    'register/import/table.ts parseRows',
  ],
  corpus: () => SHEETS,
  inputs: () => textInputs(() => SHEETS, ['\t', 'Total', '2h30', '"', '\u2212', ',', ';'])(),
  tell(input) {
    const grid = readGrid(input, 'members')
    if (!grid.ok) return { refused: grid.refusal.code }
    const { heading, columns } = suggestColumns(grid.value)
    const said = readColumns({
      ...columns,
      heading,
      name: columns.name ?? [1],
      ...(columns.hours === undefined ? {} : { unit: 'hours' }),
    })
    if (!said.ok) return { refused: said.refusal.code }
    const read = readNamedColumns(input, said.value, 'leave')
    if (!read.ok) return { refused: read.refusal.code }
    const { rows, skipped } = read.value
    must(
      rows.length + skipped.length === grid.value.length - (heading === 0 ? 0 : 1),
      'every row is taken or told',
    )
    must(
      rows.every(({ person }) => person !== null && person.note === null),
      'rows are people, without notes',
    )
    return { accepted: [rows.length, skipped] }
  },
}

const length: Target = {
  ...USUAL,
  name: 'written-length',
  covers: ['register/import/lengths.ts readLength', 'register/import/named-columns.ts readDay'],
  corpus: () => ['2h30', '-1:45', '1.234,5', '90 min', '3/2/2019', '2019-02-03'].map(bytesOf),
  inputs: () => textInputs(length.corpus, ['hours', ' and ', '999999999999'])(),
  refusals: [NO, 'hours_unclear', 'hours_ambiguous', 'minutes_out_of_range'],
  tell(input) {
    const text = textOf(input)
    const day = readDay(text, 'dmy')
    must(day === null || day === '' || /^\d{4}-\d{2}-\d{2}$/.test(day), 'a day is a day')
    const read = readLength(text, 'hours')
    if (typeof read === 'string') return { refused: read }
    must(
      Number.isInteger(read.minutes) && Math.abs(read.minutes) <= LIMITS.exchangeMinutes,
      'minutes are in range',
    )
    must(Math.abs(read.restSeconds) <= 30, 'the nearest minute is taken')
    return { accepted: read }
  },
}

const EDGE = 'edge-of-a-part'
const PARTS = [
  `--${EDGE}\r\ncontent-disposition: form-data; name="from"\r\n\r\nsheet\r\n--${EDGE}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\nName\r\nAda\r\n--${EDGE}--\r\n`,
  `--${EDGE}\r\ncontent-disposition: form-data; name="text"\r\n\r\na\tb\r\n--${EDGE}--\r\n`,
]

/** A form with files, as a browser posts it. */
const formWithFiles: Target = {
  ...USUAL,
  name: 'form-with-files',
  covers: ['web/form.ts readForm'],
  corpus: () => PARTS.map(bytesOf),
  inputs: textInputs(() => PARTS.map(bytesOf), [`--${EDGE}`, '\r\n\r\n', 'name="', 'filename="', '--']),
  refusals: ['request_malformed', 'body_too_large'],
  async tell(input) {
    const headers = { 'content-type': `multipart/form-data; boundary=${EDGE}` }
    const body = new Uint8Array(input)
    const request = new Request('http://bank.example/', { method: 'POST', headers, body })
    const read = await readForm(request, { files: 'taken' })
    if (!read.ok) return { refused: read.refusal.code }
    const file = read.value.file('file')
    must(file === null || (file.length > 0 && file.length <= input.length), 'a file is of what was sent')
    return { accepted: [read.value.entries(), file] }
  },
}

const SEAM = '\n--- next ---\n'

/** All files of a program as one input, with seams between them. */
function foreign(
  name: string,
  from: 'timeoverflow' | 'ces' | 'komunitin',
  shapes: readonly ImportFiles[],
  covers: readonly string[],
): Target {
  const corpus = (): Uint8Array[] =>
    shapes.map(({ members, exchanges, balances }) =>
      Buffer.concat([
        members,
        bytesOf(SEAM),
        exchanges ?? bytesOf(''),
        bytesOf(SEAM),
        balances ?? bytesOf(''),
      ]),
    )
  return {
    ...USUAL,
    name,
    covers,
    corpus,
    inputs: textInputs(corpus, [SEAM, 'member', 'organization', '-1', '1.5', '2020-01-01']),
    tell(input) {
      const [members = new Uint8Array(), exchanges = null, balances = null] = partsOf(input)
      const read = readFiles({ from, members, exchanges, balances, unit: 'hours', notes: 'keep' })
      if (!read.ok) return { refused: read.refusals[0]?.code ?? 'none' }
      must(
        read.value.members.every(({ balanceMinutes }) => Number.isInteger(balanceMinutes)),
        'minutes are whole',
      )
      return { accepted: [read.value.batches.length, read.value.skipped, read.value.remainders] }
    },
  }
}

function partsOf(input: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  let rest = Buffer.from(input)
  for (let at = rest.indexOf(SEAM); at >= 0 && parts.length < 2; at = rest.indexOf(SEAM)) {
    parts.push(rest.subarray(0, at))
    rest = rest.subarray(at + SEAM.length)
  }
  return [...parts, rest]
}

const zipped = once(() => [
  zipSync({ 'a.csv': TIMEOVERFLOW.members, 'b.csv': TIMEOVERFLOW.exchanges ?? bytesOf('') }),
  zipSync({ 'a.csv': TIMEOVERFLOW.members, 'b.txt': bytesOf('x') }, { level: 0 }),
])

/** The zip of a program, damaged in any way. */
const zip: Target = {
  ...USUAL,
  name: 'list-zip',
  covers: ['register/import/zip.ts readZip'],
  corpus: zipped,
  inputs: () => itemInputs(zipped)(),
  tell(input) {
    const read = readZip(input)
    if (!read.ok) return { refused: read.refusal.code }
    const bytes = read.value.reduce((sum, table) => sum + table.length, 0)
    must(bytes <= LIMITS.httpBodyBytes, 'no more is unpacked than a file may have')
    return { accepted: read.value.map((table) => table.length) }
  },
}

export const LISTS: readonly Target[] = [
  columnsSaid,
  namedColumns,
  length,
  formWithFiles,
  zip,
  foreign(
    'timeoverflow',
    'timeoverflow',
    [TIMEOVERFLOW, LAYOUT],
    [
      'register/import/timeoverflow.ts readTimeoverflow',
      'register/import/timeoverflow-layout.ts readTimeoverflowTransfers',
      'register/import/timeoverflow-layout.ts readTimeoverflowUsers',
      'register/import/source.ts readForeign',
    ],
  ),
  foreign('ces', 'ces', [CES], ['register/import/ces.ts readCes', 'register/import/headed.ts readHeaded']),
  foreign('komunitin', 'komunitin', [KOMUNITIN], ['register/import/komunitin.ts readKomunitin']),
]
