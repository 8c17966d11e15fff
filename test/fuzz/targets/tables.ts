/** Which decoders read tables of people and hours, and whole exports of other banks? */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { auditPaths } from '../../../src/audit/audit.ts'
import { must } from '../../../src/core/fault.ts'
import type { Bytes } from '../../../src/core/ids.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { REFUSALS } from '../../../src/core/refusal.ts'
import { readCell, writeCell } from '../../../src/register/import/cells.ts'
import { archiveRow, readArchiveRow, readExchangesFile } from '../../../src/register/import/exchanges-file.ts'
import { readFiles } from '../../../src/register/import/files.ts'
import { readMembersFile, readMinutes } from '../../../src/register/import/members-file.ts'
import { readNumber } from '../../../src/register/numbers.ts'
import { keptHead, World } from '../../audit/log-builder.ts'
import { SMALL } from '../../register/import/files.ts'
import { entries, once, world } from '../material.ts'
import { edits, itemInputs, withEdits } from '../shaped.ts'
import { textInputs } from '../shaped-text.ts'
import { bytesOf, NO, orNull, type Target, textOf } from '../target.ts'
import { inFolder } from './files.ts'

const OF_FILES = REFUSALS.filter((code) => code.startsWith('file_'))
const USUAL = { refusals: OF_FILES, mostBytes: 200_000, mostMs: 1_000, inTest: 300 } as const

const MEMBERS = [
  SMALL.members,
  'member_number;name;kind;joined_on;status;phone;phone_2;email;area;language;channel;balance_minutes;note\r\n' +
    'H-1;"Ada; of ""Harbour""";member;2020-02-29;active;+44 1;;ada@example.com;North;en;post;+90;"two\r\nlines"\r\n' +
    'H-2;Bo;organisation;;suspended;;;;;;;-90;\r\n',
  'member_number,name,balance_minutes,kind,password\nBANK:x,,-5,neighbour,1\nBEFORE,,5,before,2\n',
]
const EXCHANGES = [
  SMALL.exchanges,
  'source_id,happened_on,provider_number,recipient_number,minutes,category,description,kind,corrects\n' +
    'x,1999-12-31,A,B,525600,Garden,"a, b",gift,y\ny,2020-01-01,B,A,1,,,,\n',
]
const HEADINGS = [
  'member_number',
  'balance_minutes',
  'closed',
  'fund',
  '2020-02-30',
  'minutes',
  '525601',
  "'=1",
]

const members: Target = {
  ...USUAL,
  name: 'members-csv',
  covers: ['register/import/members-file.ts readMembersFile', 'register/import/table.ts readTable'],
  corpus: () => MEMBERS.map(bytesOf),
  inputs: textInputs(() => MEMBERS.map(bytesOf), HEADINGS),
  tell(input) {
    const [left, kept] = [readMembersFile(input, 'leave'), readMembersFile(input, 'keep')]
    must(left.ok === kept.ok, 'a note decides nothing about a file')
    if (!left.ok) return { refused: left.refusal.code }
    for (const row of left.value.rows) {
      must(Math.abs(row.balanceMinutes) <= LIMITS.exchangeMinutes, 'minutes are in range')
      must(row.person === null || row.person.note === null, 'no note without a tick')
    }
    return { accepted: left.value }
  },
}

const exchanges: Target = {
  ...USUAL,
  name: 'exchanges-csv',
  covers: [
    'register/import/exchanges-file.ts readExchangesFile',
    'register/import/exchanges-file.ts readArchiveRow',
  ],
  corpus: () => EXCHANGES.map(bytesOf),
  inputs: textInputs(() => EXCHANGES.map(bytesOf), HEADINGS),
  tell(input) {
    const read = readExchangesFile(input)
    if (!read.ok) return { refused: read.refusal.code }
    for (const [n, row] of read.value.rows.slice(0, 50).entries()) {
      const kept = archiveRow(new Uint8Array(32), n, row)
      const again = 'put' in kept ? readArchiveRow(kept.value) : null
      must(JSON.stringify(again) === JSON.stringify(row), 'what is archived is what was read')
    }
    return { accepted: read.value }
  },
}

/** A row of the archive, as it lies on the disk. */
const archive: Target = {
  ...USUAL,
  name: 'archive-row',
  covers: ['register/import/exchanges-file.ts readArchiveRow'],
  corpus: once(() => {
    const read = readExchangesFile(bytesOf(EXCHANGES[1] as string))
    must(read.ok, 'it is a file of exchanges')
    return read.value.rows.flatMap((row, n) => {
      const kept = archiveRow(new Uint8Array(32), n, row)
      return 'put' in kept ? [kept.value] : []
    })
  }),
  inputs: () => itemInputs(archive.corpus)(),
  tell: (input) => orNull(readArchiveRow(input)),
  refusals: [NO],
}

const SEAM = '\n--- exchanges ---\n'

/** Both files as one input, with a seam between them. */
const both: Target = {
  ...USUAL,
  name: 'import-files',
  covers: ['register/import/files.ts readFiles'],
  corpus: () => MEMBERS.map((text) => bytesOf(text + SEAM + EXCHANGES[0])),
  inputs: () => textInputs(both.corpus, [...HEADINGS, SEAM])(),
  tell(input) {
    const at = Buffer.from(input).indexOf(SEAM)
    const [head, tail] = at < 0 ? [input, null] : [input.subarray(0, at), input.subarray(at + SEAM.length)]
    const read = readFiles({ members: head, exchanges: tail, notes: 'keep' })
    if (!read.ok) return { refused: read.refusals[0]?.code ?? 'none' }
    for (const { rows } of read.value.batches) {
      const sum = rows.reduce((total, row) => total + row.balanceMinutes, 0)
      must(
        rows.length < LIMITS.exchangeLegs && Math.abs(sum) <= LIMITS.exchangeMinutes,
        'a batch fits one exchange',
      )
    }
    return { accepted: [read.value.digest, read.value.batches.length, read.value.skipped] }
  },
  inTest: 150,
}

const cell: Target = {
  ...USUAL,
  name: 'cell',
  covers: ['register/import/cells.ts readCell', 'register/import/members-file.ts readMinutes'],
  corpus: () => ["'=1+1", 'plain', '-90', '+525600'].map(bytesOf),
  inputs: () => textInputs(cell.corpus)(),
  tell(input) {
    const text = textOf(input)
    must(readCell(writeCell(text)) === text, 'a cell comes back as it went')
    const minutes = readMinutes(text)
    return typeof minutes === 'number' ? { accepted: [readCell(text), minutes] } : { refused: minutes }
  },
  refusals: ['minutes_not_whole', 'minutes_out_of_range'],
}

/** A number that was typed: whatever is read as one is one, and is read as itself again. */
const memberNumber: Target = {
  ...USUAL,
  name: 'member-number',
  covers: ['register/numbers.ts readNumber'],
  corpus: () => ['HB-4827-K', 'hb4827k', ' 4827 k', '4827', 'M-0001', 'HB-48275-K'].map(bytesOf),
  inputs: () => textInputs(memberNumber.corpus)(),
  tell(input) {
    const read = readNumber(textOf(input), 'HB')
    if (read.kind !== 'number') return { refused: read.kind }
    const again = readNumber(read.number, 'HB')
    must(/[01]/.test(read.number) || again.kind === 'number', 'a number that was read is a number')
    must(again.kind !== 'number' || again.number === read.number, 'a number is read as itself')
    return { accepted: read.number }
  },
  refusals: ['mistyped', 'other'],
}

/** The story of two banks as one zip file. */
const wholeExport = once(() => zipped(filesOf(world())))

function filesOf({ harbour, millbrook }: World): Map<string, Bytes> {
  const [path, note] = keptHead(harbour, 3)
  return new Map([...harbour.files(), ...millbrook.files(), [path, note]])
}

function zipped(files: ReadonlyMap<string, Bytes>): Bytes {
  return zipSync(Object.fromEntries(files), { level: 1, mtime: Date.UTC(2000, 0, 2) })
}

/** Logs whose bank signed what nobody should sign: some entries are wrong, and every hash and signature is right. */
function wrongLogs(): fc.Arbitrary<Bytes> {
  const { harbour } = world()
  const labels = [...harbour.labels.keys()]
  return fc
    .record({ label: fc.constantFrom(...labels), changes: edits, all: fc.boolean() })
    .map(({ label, changes, all }) => {
      const copy = new World()
      const index = copy.harbour.at(label)
      const raw = withEdits(copy.harbour.entries[index] as Bytes, changes, entries()).subarray(0, 60_000)
      copy.harbour.replaceRaw(index, raw)
      return zipped(all ? filesOf(copy) : copy.harbour.files())
    })
}

/** Exports in which single files are changed, missing, or lie elsewhere. */
function wrongFiles(): fc.Arbitrary<Bytes> {
  const files = [...filesOf(world())]
  const change = fc.record({
    at: fc.nat(files.length - 1),
    act: fc.constantFrom('drop', 'cut', 'flip', 'move', 'empty'),
    n: fc.nat(5_000),
  })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const made = new Map(files)
    for (const { at, act, n } of changes) {
      const [path, bytes] = files[at] as [string, Bytes]
      made.delete(path)
      if (act === 'cut') made.set(path, bytes.slice(0, n % (bytes.length + 1)))
      else if (act === 'empty') made.set(path, new Uint8Array(0))
      else if (act === 'move') made.set(path.replace(/\d(?=[^/]*$)/, String(n % 10)), bytes)
      else if (act === 'flip')
        made.set(
          path,
          bytes.map((byte, i) => (i === n % bytes.length ? byte ^ 4 : byte)),
        )
    }
    return zipped(made)
  })
}

/** The plain audit and the independent one find the same in the same files, whatever these are ([SIG-4]). */
const wholeAudit = inFolder(
  {
    ...USUAL,
    name: 'export',
    covers: ['audit/source.ts findSources', 'audit/integrity.ts openLog', 'audit/audit.ts auditPaths'],
    corpus: () => [wholeExport()],
    inputs: () => fc.oneof(wrongLogs(), wrongFiles()),
    refusals: [],
    faults: ['export_invalid'],
    mostMs: 4_000,
    inTest: 30,
  },
  async (folder, input) => {
    const path = join(folder, 'export.zip')
    await writeFile(path, input)
    const plain = await auditPaths([path], { independent: 'no' })
    const independent = await auditPaths([path], { independent: 'yes' })
    const [one, two] = [plain, independent].map((report) => JSON.stringify(withoutWords(report)))
    must(one === two, `both audits find the same: ${one} ${two}`)
    return { accepted: one }
  },
)

/** The two decoders word a "no" differently. */
function withoutWords(report: Awaited<ReturnType<typeof auditPaths>>) {
  return {
    ...report,
    findings: report.findings.map(({ what, facts, ...rest }) => ({
      ...rest,
      facts: { ...facts, problem: '' },
    })),
  }
}

export const TABLES: readonly Target[] = [members, exchanges, archive, both, cell, memberNumber, wholeAudit]
