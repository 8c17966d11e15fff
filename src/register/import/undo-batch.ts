/**
 * What does taking one batch of a list away write? Its opening record taken back in full; or, where somebody of it
 * stays, a record the other way for those who go. Then their accounts are closed, all in one commit ([IMP-12]).
 */

import { type CoordinatorAuth, REVERSE_CAUSES } from '../../core/entry.ts'
import { type Bytes, toHex } from '../../core/ids.ts'
import { encodeIntent, type Leg } from '../../core/intent.ts'
import { reverseRefusal } from '../../core/ledger/apply-exchange.ts'
import { coverRefusal } from '../../core/ledger/authority.ts'
import { type Account, accountOf, type Book } from '../../core/ledger/book.ts'
import { accept, type Outcome, type Refusal, refuse } from '../../core/refusal.ts'
import { exchangeIdOf } from '../../core/sign.ts'
import type { Decide, Draft } from '../../node/commit.ts'
import type { Node } from '../../node/node.ts'
import type { Write } from '../../store/store.ts'
import { dayAt } from '../calendar.ts'
import { channelNumber } from '../exchanges.ts'
import { commitmentOf, memoRow, newMemo } from '../memos.ts'
import type { People } from '../people.ts'
import { batchRow, type WrittenBatch } from './batch-rows.ts'
import { DIGEST_REF, type ImportBy, importAuth } from './by.ts'

/** Accounts of a batch, by what becomes of them. */
export interface Parting {
  readonly going: readonly Bytes[]
  readonly staying: readonly Bytes[]
}

interface UndoWork {
  readonly node: Node
  readonly people: People
  readonly by: ImportBy
  readonly digest: Bytes
}

/** Who of a batch goes and who stays. Whoever was erased since is neither. */
export function partingOf(batch: WrittenBatch, book: Book, people: People): Parting {
  const opening = batch.opening === null ? -1 : book.exchanges.find(batch.opening)
  const openedAt = opening < 0 ? -1 : book.exchanges.indexOf(opening)
  const there = batch.accounts.filter((account) => people.byAccount(account) !== null)
  const stays = (id: Bytes): boolean => {
    const account = accountOf(book, id)
    return account === null || hasActed(account, openedAt, book) || hasOffice(id, book, people)
  }
  return { going: there.filter((id) => !stays(id)), staying: there.filter(stays) }
}

/** Whether anything but the opening balance moved or is about to move these hours. */
function hasActed(account: Account, openedAt: number, book: Book): boolean {
  if (account.open > 0 || account.promised > 0) return true
  for (const index of book.postings.newestFirst(account.lastPosting)) if (index !== openedAt) return true
  return false
}

function hasOffice(account: Bytes, book: Book, people: People): boolean {
  return people.coordinators
    .actorsOf(book, account)
    .some((actor) => book.roles.get(toHex(actor))?.revoked === false)
}

/** Takes one batch away; refuses what the ledger says of whoever does it. */
export function decideUndo(batch: WrittenBatch, work: UndoWork): Decide<Parting> {
  return (book, now) => {
    const { people, by, digest, node } = work
    const parting = partingOf(batch, book, people)
    const hours = hoursBack(batch, parting, { ...work, book, now })
    if (!hours.ok) return hours
    const closes = parting.going.flatMap((id): Draft[] => {
      if (accountOf(book, id)?.state === 'closed') return []
      return [{ kind: 'acct.close', body: { acct: id, cause: 1, nonce: node.random.bytes(16) } }]
    })
    return accept({
      entries: [...hours.value.entries, ...closes],
      rows: [
        ...hours.value.rows,
        ...people.acts.keep(by.coordinator, { what: 'import_undone', accounts: parting.going }, now),
        batchRow(digest, { ...batch, accounts: parting.going, staying: parting.staying, undone: true }),
      ],
      value: parting,
    })
  }
}

interface Written {
  readonly entries: readonly Draft[]
  readonly rows: readonly Write[]
}

type Undoing = UndoWork & { readonly book: Book; readonly now: number }

function hoursBack(batch: WrittenBatch, parting: Parting, work: Undoing): Outcome<Written> {
  const { book } = work
  const row = batch.opening === null ? -1 : book.exchanges.find(batch.opening)
  if (row < 0 || book.exchanges.reversedAt(row) >= 0) return accept({ entries: [], rows: [] })
  const legs = book.exchanges.legsOf(row).map(({ account, minutes }) => {
    const { id, state, class: kind } = book.accounts[account] as Account
    return { acct: id, minutes, state, kind }
  })
  const going = new Set(parting.going.map(toHex))
  const back = legs.filter(({ acct, kind }) => kind === 'fund' || going.has(toHex(acct)))
  const others = legs.filter((leg) => leg.kind !== 'before' && !back.includes(leg))
  if (others.length === 0) return reversal(batch.opening as Bytes, row, work)
  return back.length === 0 ? accept({ entries: [], rows: [] }) : opposite(back, work)
}

/** The whole opening record is taken back: as if it had not been made. */
function reversal(id: Bytes, row: number, { node, book, by, now }: Undoing): Outcome<Written> {
  const index = book.exchanges.indexOf(row)
  const auths = [importAuth(by, 'correction')]
  const refused = reverseRefusal(book, { index, id, auths }, now)
  if (refused !== null) return { ok: false, refusal: refused }
  const memo = newMemo(['', '', ''], node.random)
  const commitment = commitmentOf(memo)
  const cause = REVERSE_CAUSES.indexOf('taken_back') + 1
  const body = { index, id, cause, auths, commitment, nonce: node.random.bytes(16) }
  return accept({ entries: [{ kind: 'reverse', body }], rows: [memoRow(commitment, memo)] })
}

/** A record the other way for some of a batch: a reversal is of all of it or of nothing. */
function opposite(
  back: readonly (Leg & { readonly state: Account['state'] })[],
  { node, book, by, digest, now }: Undoing,
): Outcome<Written> {
  const auth = importAuth(by, 'import')
  const refused = oppositeRefusal(book, auth, back, now)
  if (refused !== null) return { ok: false, refusal: refused }
  const memo = newMemo(['', '', ''], node.random)
  const legs = back.map(({ acct, minutes }) => ({ acct, minutes: -minutes }))
  const rest = back.reduce((sum, { minutes }) => sum + minutes, 0)
  const intent = encodeIntent({
    version: 1,
    bank: node.bank,
    day: dayAt(now),
    category: 0,
    legs: [...legs, { acct: (book.before as Account).id, minutes: rest }],
    commitment: commitmentOf(memo),
    nonce: node.random.bytes(16),
  })
  // A suspended account gives nothing away: it may act again for as long as that takes.
  const resumes = back
    .filter(({ state, minutes }) => state === 'suspended' && minutes > 0)
    .map(({ acct }): Draft => {
      const body = { acct, on: false, cause: 1, nonce: node.random.bytes(16) }
      return { kind: 'acct.suspend', body }
    })
  const refs = [{ type: DIGEST_REF, value: digest }]
  const body = { intent, channel: channelNumber('import'), auths: [auth], refs }
  return accept({
    entries: [...resumes, { kind: 'exchange', body }],
    rows: [memoRow(exchangeIdOf(intent), memo)],
  })
}

/** Why opening balances cannot be taken back in part, or null; the ledger would say the same. */
function oppositeRefusal(
  book: Book,
  auth: CoordinatorAuth,
  back: readonly Leg[],
  time: number,
): Refusal | null {
  const minutes = back.reduce((sum, leg) => sum + Math.abs(leg.minutes), 0)
  if (book.lines.length === 0) return coverRefusal(book, [auth], [], { time, minutes })
  const uncovered = coverRefusal(book, [auth], [], { time, minutes, second: 'always' })
  return uncovered?.facts.second === undefined ? uncovered : refuse('import_after_line').refusal
}
