/**
 * What would an import do? The plan says it all before anything is written: what is refused, every line left out,
 * and the reconciliation sheet that a person accepts by typing the bank's name ([IMP-1], [IMP-2]).
 */

import type { Bytes } from '../../core/ids.ts'
import type { Book } from '../../core/ledger/book.ts'
import type { Refusal } from '../../core/refusal.ts'
import { refuse } from '../../core/refusal.ts'
import type { Node } from '../../node/node.ts'
import type { Store } from '../../store/store.ts'
import { isReserved, type People } from '../people.ts'
import { batchKey, doneKey, potKey } from './batch-rows.ts'
import { type Batch, type ReadFiles, readFiles, replayed } from './files.ts'
import { numbersAhead } from './given-numbers.ts'
import type { MemberRow, Remainder, RowKind } from './members-file.ts'
import { type SameName, sameNames } from './same-names.ts'
import type { SkippedLine } from './skipped.ts'
import type { ImportFiles } from './source.ts'
import type { LeftColumn } from './table.ts'

/** One account of the reconciliation sheet. Minutes; the history's columns are null without an exchanges file. */
export interface SheetLine {
  readonly line: number
  readonly number: string
  readonly name: string
  readonly kind: RowKind
  readonly fileMinutes: number
  readonly historyMinutes: number | null
  /** Balance in the file less balance by the history. */
  readonly differenceMinutes: number | null
}

export interface ImportTotals {
  /** People who get an account, organisations among them. */
  readonly newMembers: number
  /** People whom an earlier run of the same files had added. */
  readonly addedBefore: number
  /** Minutes of opening balances still to be written, above and below zero. */
  readonly openingMinutes: number
  readonly owedMinutes: number
  /** What the account `before` has afterwards: the other side of all opening balances. */
  readonly beforeMinutes: number
  /** Sum of all balances in the file; what is not 0 stays in `before` and is to be explained. */
  readonly fileSumMinutes: number
  /** Accounts whose history gives another balance than the file, and by how much in all. */
  readonly differing: number
  readonly differingMinutes: number
  readonly archived: number
  readonly archivedMinutes: number
}

export interface ImportPlan {
  readonly bankName: string
  readonly digest: Bytes | null
  /** Whether these files were imported to the end; doing it again adds nothing ([IMP-7]). */
  readonly done: boolean
  /** Why nothing can be imported as it is; empty when it can. */
  readonly refusals: readonly Refusal[]
  readonly skipped: readonly SkippedLine[]
  readonly leftColumns: readonly LeftColumn[]
  /** Lines whose e-mail address some program had made up; it is not taken. */
  readonly dummyEmails: readonly number[]
  /** Lines of which the nearest whole minute is taken. */
  readonly remainders: readonly Remainder[]
  /** Lines without a number that may be somebody twice; they are two people unless a line is left out. */
  readonly sameNames: readonly SameName[]
  readonly sheet: readonly SheetLine[]
  /** Numbers in the history that are neither in the file nor in the register, with their minutes by it. */
  readonly notFound: readonly { readonly number: string; readonly minutes: number }[]
  readonly totals: ImportTotals
}

/** Reads the files and this bank, and writes nothing. */
export async function checkImport(files: ImportFiles, node: Node, people: People): Promise<ImportPlan> {
  const read = readFiles(files)
  const look = await node.read(({ book, store }) => ({
    bankName: nameOf(book),
    line: book.lines.length > 0,
    before: book.before?.balance ?? 0,
    view: read.ok ? viewOf(read.value, people, store, nameOf(book)) : null,
  }))
  if (!read.ok || look.view === null) return refusedPlan(look.bankName, read.ok ? [] : read.refusals)
  const { value } = read
  const { view } = look
  const sheet = sheetOf(value, view.numbers)
  const totals = totalsOf(value, view, sheet, look.before)
  const afterLine = look.line && (totals.openingMinutes > 0 || totals.owedMinutes > 0)
  return {
    bankName: look.bankName,
    digest: value.digest,
    done: view.done,
    refusals: afterLine && !view.done ? [refuse('import_after_line').refusal] : [],
    skipped: [...value.skipped, ...view.skipped].sort(byPlace),
    leftColumns: value.left,
    dummyEmails: value.dummyEmails,
    remainders: value.remainders,
    sameNames: sameNames(view.ahead, people),
    sheet,
    notFound: notFound(value, people),
    totals,
  }
}

/** The bank's name as its present card has it. */
export function nameOf(book: Book): string {
  return book.card?.name ?? book.name
}

/** Whether the batch was written by an earlier run of the same files. */
export function batchDone(store: Store, digest: Bytes, batch: Batch): boolean {
  return store.get(batchKey(digest, batch.n)) !== undefined
}

/** Why this row of a batch that is not written yet adds nothing, or null; asked again when it is written. */
export function rowReason(
  row: MemberRow,
  people: People,
  store: Store,
): 'number_taken' | 'pot_filled' | null {
  if (row.kind === 'fund') return store.get(potKey) === undefined ? null : 'pot_filled'
  return people.byNumber(row.number) === null ? null : 'number_taken'
}

interface View {
  readonly done: boolean
  readonly skipped: readonly SkippedLine[]
  /** Rows still to be written. */
  readonly ahead: readonly MemberRow[]
  readonly addedBefore: number
  /** Numbers that are given out, by line. */
  readonly numbers: ReadonlyMap<number, string>
}

function viewOf(files: ReadFiles, people: People, store: Store, bankName: string): View {
  const { digest, batches, members } = files
  const skipped: SkippedLine[] = []
  const ahead: MemberRow[] = []
  let addedBefore = 0
  const leave = ({ line, number }: MemberRow, reason: SkippedLine['reason']): void => {
    skipped.push({ file: 'members', line, reason, number: number === '' ? null : number })
  }
  for (const row of members) if (row.status === 'closed') leave(row, 'member_closed')
  for (const batch of batches) {
    const written = batchDone(store, digest, batch)
    for (const row of batch.rows) {
      if (written) {
        addedBefore += row.kind === 'fund' ? 0 : 1
        continue
      }
      const reason = rowReason(row, people, store)
      if (reason === null) ahead.push(row)
      else leave(row, reason)
    }
  }
  const numbers = numbersAhead(files, people, store, bankName)
  return { done: store.get(doneKey(digest)) !== undefined, skipped, ahead, addedBefore, numbers }
}

function sheetOf({ members, exchanges }: ReadFiles, numbers: View['numbers']): SheetLine[] {
  const history = exchanges === null ? null : replayed(exchanges)
  return members.map(({ line, number: named, person, kind, balanceMinutes: fileMinutes }) => {
    const number = named === '' ? (numbers.get(line) ?? '') : named
    const historyMinutes = history === null ? null : (history.get(number.toUpperCase()) ?? 0)
    const differenceMinutes = historyMinutes === null ? null : fileMinutes - historyMinutes
    return { line, number, name: person?.name ?? '', kind, fileMinutes, historyMinutes, differenceMinutes }
  })
}

function totalsOf(
  { members, exchanges }: ReadFiles,
  view: View,
  sheet: readonly SheetLine[],
  before: number,
): ImportTotals {
  const sum = (minutes: readonly number[]): number => minutes.reduce((total, one) => total + one, 0)
  const balances = view.ahead.map((row) => row.balanceMinutes)
  const openingMinutes = sum(balances.filter((one) => one > 0))
  const owedMinutes = sum(balances.filter((one) => one < 0).map(Math.abs))
  const differences = sheet.map((one) => one.differenceMinutes ?? 0).filter((one) => one !== 0)
  return {
    newMembers: view.ahead.filter((row) => row.person !== null).length,
    addedBefore: view.addedBefore,
    openingMinutes,
    owedMinutes,
    beforeMinutes: before - openingMinutes + owedMinutes,
    fileSumMinutes: sum(members.map((row) => row.balanceMinutes)),
    differing: differences.length,
    differingMinutes: sum(differences.map(Math.abs)),
    archived: exchanges?.length ?? 0,
    archivedMinutes: sum((exchanges ?? []).map((one) => one.minutes)),
  }
}

/** Neighbouring banks in a history are named by id and are not people. */
const BANK = /^BANK:/

function notFound({ members, exchanges }: ReadFiles, people: People): { number: string; minutes: number }[] {
  if (exchanges === null) return []
  const known = new Set(members.map((row) => row.number.toUpperCase()))
  const absent = [...replayed(exchanges)].filter(([number]) => {
    return !known.has(number) && people.byNumber(number) === null && !isReserved(number) && !BANK.test(number)
  })
  return absent.map(([number, minutes]) => ({ number, minutes }))
}

function byPlace(a: SkippedLine, b: SkippedLine): number {
  if (a.file !== b.file) return a.file > b.file ? -1 : 1
  return a.line - b.line
}

function refusedPlan(bankName: string, refusals: readonly Refusal[]): ImportPlan {
  const totals = {
    newMembers: 0,
    addedBefore: 0,
    openingMinutes: 0,
    owedMinutes: 0,
    beforeMinutes: 0,
    fileSumMinutes: 0,
    differing: 0,
    differingMinutes: 0,
    archived: 0,
    archivedMinutes: 0,
  }
  return {
    bankName,
    digest: null,
    done: false,
    refusals,
    skipped: [],
    leftColumns: [],
    dummyEmails: [],
    remainders: [],
    sameNames: [],
    sheet: [],
    notFound: [],
    totals,
  }
}
