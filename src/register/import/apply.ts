/**
 * How does an import become real? Batch after batch: accounts, register rows and one opening exchange against the
 * account `before` in each, then the history as a read-only archive ([IMP-3]).
 *
 * A batch and the row that says it is done are one commit. Whoever runs the same files again, after a crash in the
 * middle or at leisure, walks past the batches that are done and adds nothing twice ([IMP-7]).
 */

import { type AccountClass, CLASSES, type CoordinatorAuth } from '../../core/entry.ts'
import { must } from '../../core/fault.ts'
import { ACCOUNT_ID_BYTES, type Bytes, sameBytes } from '../../core/ids.ts'
import { encodeIntent, type Leg } from '../../core/intent.ts'
import { coverRefusal } from '../../core/ledger/authority.ts'
import type { Book } from '../../core/ledger/book.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, type Refusal, refuse } from '../../core/refusal.ts'
import { exchangeIdOf } from '../../core/sign.ts'
import type { Decided, Draft } from '../../node/commit.ts'
import type { Node } from '../../node/node.ts'
import { privateKey } from '../../store/keyspace.ts'
import type { Write } from '../../store/store.ts'
import { dayAt } from '../calendar.ts'
import { channelNumber } from '../exchanges.ts'
import { commitmentOf, memoRow, newMemo } from '../memos.ts'
import { BEFORE_NUMBER, type People } from '../people.ts'
import { ownAccount } from '../person.ts'
import { words } from '../texts.ts'
import { batchRow, doneKey, doneRow, potKey } from './batch-rows.ts'
import { DIGEST_REF, type ImportBy, importAuth } from './by.ts'
import { batchDone, nameOf, rowReason } from './check.ts'
import { archiveRow } from './exchanges-file.ts'
import { type Batch, digestOf, readFiles } from './files.ts'
import { drawBeside, drawnFrom } from './given-numbers.ts'
import type { MemberRow } from './members-file.ts'
import type { ImportFiles } from './source.ts'
import { finishUndo } from './undo.ts'

/** What this run added. Minutes are opening balances, both signs counted up. */
export interface ImportResult {
  readonly digest: Bytes
  readonly membersAdded: number
  readonly openings: number
  readonly openingMinutes: number
  readonly archived: number
  /** False when the same files had been imported to the end before. */
  readonly changed: boolean
}

/**
 * Imports the files. Refuses `name_not_typed` unless the bank's name was typed, `file_changed`, the first refusal of
 * the plan, `import_after_line`, `coordinator_unknown`.
 */
export async function applyImport(
  files: ImportFiles,
  node: Node,
  people: People,
  by: ImportBy,
  typedName: string,
): Promise<Outcome<ImportResult>> {
  const name = await node.read(({ book }) => nameOf(book))
  if (words(typedName) !== words(name)) return refuse('name_not_typed', { name })
  const digest = digestOf(files)
  if (by.digest !== undefined && by.digest !== null && !sameBytes(by.digest, digest))
    return refuse('file_changed')
  // One import at a time: two at once could both find a batch, or the pot, not written yet.
  return people.presses.alone(privateKey('import', 'all'), () => run(files, node, people, by))
}

async function run(
  files: ImportFiles,
  node: Node,
  people: People,
  by: ImportBy,
): Promise<Outcome<ImportResult>> {
  const auth = importAuth(by, 'import')
  const read = readFiles(files)
  if (!read.ok) return { ok: false, refusal: read.refusals[0] as Refusal }
  const { digest, batches, exchanges, members } = read.value
  const result = { digest, membersAdded: 0, openings: 0, openingMinutes: 0, archived: 0, changed: false }
  // Taking it away again was cut short: that comes first, and then the list comes in anew.
  const cleared = await finishUndo(digest, node, people, by)
  if (!cleared.ok) return cleared
  if (node.store.get(doneKey(digest)) !== undefined) return accept(result)
  for (const batch of batches) {
    if (batchDone(node.store, digest, batch)) continue
    const outcome = await node.commit((book, now) =>
      decideBatch(batch, { node, people, auth, digest, members, book, now }),
    )
    if (!outcome.ok) return outcome
    const { added, minutes } = outcome.value.value
    result.membersAdded += added
    result.openings += minutes === 0 ? 0 : 1
    result.openingMinutes += minutes
  }
  const archive = exchanges ?? []
  for (let from = 0; from < archive.length; from += LIMITS.archiveBatch) {
    const rows = archive
      .slice(from, from + LIMITS.archiveBatch)
      .map((one, i) => archiveRow(digest, from + i, one))
    const outcome = await node.commit(() => accept({ entries: [], rows, value: null }))
    if (!outcome.ok) return outcome
  }
  const outcome = await node.commit((_book, now) =>
    accept({ entries: [], rows: [doneRow(digest, now, archive.length)], value: null }),
  )
  return outcome.ok ? accept({ ...result, archived: archive.length, changed: true }) : outcome
}

interface BatchWork {
  readonly node: Node
  readonly people: People
  readonly auth: CoordinatorAuth
  readonly digest: Bytes
  /** All rows of the file: a number that stands in one of them is given to nobody else. */
  readonly members: readonly MemberRow[]
  readonly book: Book
  /** Log time, seconds. */
  readonly now: number
}

interface BatchAdded {
  readonly added: number
  readonly minutes: number
}

/** One batch: whoever is not there yet gets an account and, with hours, a leg against `before`. */
function decideBatch(batch: Batch, work: BatchWork): Outcome<Decided<BatchAdded>> {
  const { node, people, digest, book } = work
  const rows = batch.rows.filter((row) => rowReason(row, people, node.store) === null)
  const refused = openingRefusal(rows, work)
  if (refused !== null) return { ok: false, refusal: refused }
  const placed = rows.map((row) => ({
    row,
    account: row.person === null ? potOf(book) : node.random.bytes(ACCOUNT_ID_BYTES),
  }))
  const numbered = placed.some(({ row }) => row.number === '') ? numbersFor(rows, work) : null
  const persons = placed.flatMap(({ row, account }) => {
    const number = numbered?.get(row.line) ?? row.number
    return row.person === null ? [] : [{ ...row.person, number, account }]
  })
  const suspended = placed.filter(({ row }) => row.status === 'suspended' && row.person !== null)
  const legs = placed
    .map(({ row, account }) => ({ acct: account, minutes: row.balanceMinutes }))
    .filter((leg) => leg.minutes !== 0)
  const opening = legs.length === 0 ? { entries: [], rows: [], id: null } : openingOf(legs, work)
  const accounts = persons.map(({ account }) => account)
  const potRow = persons.length < placed.length ? [{ put: potKey, value: digest }] : []
  return accept({
    entries: [
      ...persons.map(({ account, kind }) =>
        openDraft(account, kind === 'organisation' ? 'organisation' : 'member', node),
      ),
      ...opening.entries,
      ...suspended.map(({ account }) => suspendDraft(account, node)),
    ],
    rows: [
      ...people.acts.keep(work.auth, { what: 'imported', accounts: [] }, work.now),
      ...persons.map((person) => people.keep(person)),
      ...opening.rows,
      ...potRow,
      ...(numbered === null ? [] : [people.keepPrefix(nameOf(book))]),
      batchRow(digest, { n: batch.n, accounts, opening: opening.id, undone: false, staying: [] }),
    ],
    value: { added: persons.length, minutes: legs.reduce((sum, leg) => sum + Math.abs(leg.minutes), 0) },
  })
}

/** Numbers for the rows of a batch that name none, by line. */
function numbersFor(rows: readonly MemberRow[], work: BatchWork): ReadonlyMap<number, string> {
  const draw = drawBeside(work.members, work.people, nameOf(work.book))
  const without = rows.filter((row) => row.number === '' && row.person !== null)
  return new Map(without.map(({ line }) => [line, draw.draw(drawnFrom(work.digest, line))]))
}

/** Why these opening balances cannot be written now, or null; the ledger would say the same. */
function openingRefusal(rows: readonly MemberRow[], { book, auth, now }: BatchWork): Refusal | null {
  const moving = rows.filter((row) => row.balanceMinutes !== 0)
  if (moving.length === 0) return null
  const afterLine = book.lines.length > 0
  const minutes = moving.reduce((sum, row) => sum + Math.abs(row.balanceMinutes), 0)
  const act = { time: now, minutes }
  const uncovered = coverRefusal(book, [auth], [], afterLine ? { ...act, second: 'always' } : act)
  if (uncovered !== null) {
    return afterLine && uncovered.facts.second !== undefined ? refuse('import_after_line').refusal : uncovered
  }
  const potPays = moving.some((row) => row.person === null && row.balanceMinutes < 0)
  return potPays && book.fund?.state !== 'open' ? refuse('account_suspended').refusal : null
}

/** One exchange with all these legs and their other side, behind the account `before` if it is not open yet. */
function openingOf(
  legs: readonly Leg[],
  { node, people, auth, digest, book, now }: BatchWork,
): { entries: Draft[]; rows: Write[]; id: Bytes } {
  const before = book.before?.id ?? node.random.bytes(ACCOUNT_ID_BYTES)
  const entries: Draft[] = book.before === null ? [openDraft(before, 'before', node)] : []
  const rows: Write[] = []
  if (people.byAccount(before) === null) {
    const person = {
      ...ownAccount(before),
      number: BEFORE_NUMBER,
      name: 'Balances from before',
      kind: 'before' as const,
    }
    rows.push(people.keep(person))
  }
  const memo = newMemo(['', '', ''], node.random)
  const intent = encodeIntent({
    version: 1,
    bank: node.bank,
    day: dayAt(now),
    category: 0,
    legs: [...legs, { acct: before, minutes: -legs.reduce((sum, leg) => sum + leg.minutes, 0) }],
    commitment: commitmentOf(memo),
    nonce: node.random.bytes(16),
  })
  const refs = [{ type: DIGEST_REF, value: digest }]
  const body = { intent, channel: channelNumber('import'), auths: [auth], refs }
  entries.push({ kind: 'exchange', body })
  const id = exchangeIdOf(intent)
  rows.push(memoRow(id, memo))
  return { entries, rows, id }
}

function potOf(book: Book): Bytes {
  must(book.fund !== null, 'a bank is founded with its pot')
  return book.fund.id
}

function openDraft(account: Bytes, kind: AccountClass, node: Node): Draft {
  const body = { acct: account, class: CLASSES.indexOf(kind) + 1, nonce: node.random.bytes(16) }
  return { kind: 'acct.open', body }
}

function suspendDraft(account: Bytes, node: Node): Draft {
  return { kind: 'acct.suspend', body: { acct: account, on: true, cause: 1, nonce: node.random.bytes(16) } }
}
