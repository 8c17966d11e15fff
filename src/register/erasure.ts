/**
 * How is a person erased? What the register holds of them goes: first it is overwritten, then it is gone from every file
 * of the database, and last the log says so. Hours, order and proofs stay ([PRIV-7], [PRIV-8], [PRIV-27]).
 *
 * The words of a record go for everybody in it: they are about all of them, and cannot be cut in two. Whoever else was
 * in it keeps minutes, day and kind. A crash leaves rows of one zero byte, and the next start goes on from there; a copy
 * that was put back is erased again before anything is served ([PRIV-9]).
 */

import { ERASE_REASONS, type EraseReason } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { accountOf } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import {
  allPrivate,
  KINDS_NAMING_ACCOUNTS,
  KINDS_OF_ACCOUNTS,
  privateKey,
  privateRange,
} from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { erasedAgain, erasedArchiveRows } from './archive.ts'
import type { Coordinator } from './coordinators.ts'
import { type Act, personOf } from './exchanges.ts'
import { leaveBank } from './leaving.ts'
import { endRoles, signOutDevices } from './parting.ts'
import type { People } from './people.ts'
import { erasedRow, reasonInRow } from './person.ts'
import { memoKeyOf, recordsOf, redactedIn, redactions } from './redactions.ts'
import { words } from './texts.ts'

export interface EraseRequest {
  readonly number: string
  /** The person's name once more, so that nobody is erased by a slip. */
  readonly confirm: string
  readonly reason: EraseReason
  /** Number of whoever gets the hours that are left; else the pot. */
  readonly restTo?: string | null
}

export interface Erased {
  readonly account: Bytes
  /** Closed, or suspended while payments of it are on their way. */
  readonly state: 'closed' | 'suspended'
  readonly waiting: number
  /** Minutes that went on; below 0 the pot gave them. */
  readonly restMinutes: number
  /** `later`: somebody still read the old content; the next start finishes it, and nobody sees the person meanwhile. */
  readonly finished: 'now' | 'later'
}

/**
 * Erases a person. What is under way ends or is waited for as for anybody who leaves. Refuses `account_unknown`,
 * `number_mistyped`, `name_not_typed`, `last_coordinator`, and what `leaveBank` refuses.
 */
export async function eraseMember(
  node: Node,
  people: People,
  request: EraseRequest,
  by: Act,
): Promise<Outcome<Erased>> {
  const person = personOf(people, request.number)
  if (!person.ok) return person
  const { account, kind, name } = person.value
  if (kind === 'fund') return refuse('account_unknown', { number: person.value.number })
  if (words(request.confirm) !== name) return refuse('name_not_typed', { person: 1 })
  return people.presses.alone(LOCK, async () => {
    const ended = await endRoles(node, people, account)
    if (!ended.ok) return ended
    const left = await leave(node, people, request, account, by)
    if (!left.ok) return left
    const devices = await signOutDevices(node, account)
    if (!devices.ok) return devices
    await overwrite(node, people, account, request.reason)
    const finished = await finish(node, people, [account], by.coordinator)
    const { waiting, restMinutes } = left.value
    const state = waiting > 0 ? 'suspended' : 'closed'
    return accept({ account, state, waiting, restMinutes, finished })
  })
}

/**
 * Erases people whose accounts are closed already, all at once: what a list had brought in and is taken away again. Each
 * of them has no office and no payment on its way.
 */
export function eraseClosed(
  node: Node,
  people: People,
  accounts: readonly Bytes[],
  by: Coordinator,
): Promise<'now' | 'later'> {
  return people.presses.alone(LOCK, async () => {
    for (const account of accounts)
      if (people.byAccount(account) !== null) await overwrite(node, people, account, 'wrongly_written')
    const erasing = new Set(people.erasing().map(toHex))
    const begun = accounts.filter((account) => erasing.has(toHex(account)))
    return finish(node, people, begun, by)
  })
}

/** One erasure at a time: each of them rewrites all private parts. */
const LOCK = privateKey('setting', 'erasing')

async function leave(
  node: Node,
  people: People,
  { number, restTo }: EraseRequest,
  account: Bytes,
  by: Act,
): Promise<Outcome<{ waiting: number; restMinutes: number }>> {
  const state = await node.read(({ book }) => accountOf(book, account)?.state)
  if (state === 'closed') return accept({ waiting: 0, restMinutes: 0 })
  return leaveBank(node, people, number, by, restTo ?? null)
}

/**
 * Goes on with erasures that a crash cut short: rows of one zero byte say whose. Called at every start; it writes to the
 * log, so it waits until the bank may record.
 */
export async function resumeErasures(node: Node, people: People): Promise<void> {
  await people.presses.alone(LOCK, async () => {
    const known = await node.read(({ book }) =>
      people.erasing().filter((account) => accountOf(book, account) !== null),
    )
    for (const one of ERASE_REASONS) {
      const alike = known.filter((account) => reasonOf(node, account) === one)
      for (let from = 0; from < alike.length; from += LIMITS.redactedAccounts)
        await finish(node, people, alike.slice(from, from + LIMITS.redactedAccounts), null)
    }
  })
}

/**
 * Erases again whoever the log says was erased and is there all the same, as on a copy that was put back. Needs nobody's
 * leave to record; called before anything is served.
 */
export async function reapplyErasures(node: Node, people: People): Promise<void> {
  const { accounts, memos } = await node.read(({ book, own, store }) => {
    const named = redactedIn(book, own)
    const there = named.accounts.filter((account) => people.byAccount(account) !== null)
    const keys = named.entries.flatMap((index) => memoKeyOf(own, index) ?? [])
    return { accounts: there, memos: keys.filter((key) => store.get(key) !== undefined) }
  })
  if (accounts.length === 0 && memos.length === 0) return
  await node.sweep(memos.map((put) => ({ put, value: ZERO })))
  for (const account of accounts) await overwrite(node, people, account, 'asked')
  await node.store.compact(allPrivate)
  const markers = accounts.map((account) => privateKey('member', account))
  const rows: Write[] = [...memos, ...markers].map((del) => ({ del }))
  for (const account of accounts) rows.push(...(await rowsToRemove(node, people, account)))
  await node.sweep(rows)
  for (const account of accounts) people.forgotten(account)
  await node.store.compact(allPrivate)
}

const ZERO = Uint8Array.of(0)

/** From here on nobody finds the person any more: every row is one zero byte, durably, in one batch. */
async function overwrite(node: Node, people: People, account: Bytes, reason: EraseReason): Promise<void> {
  const number = people.byAccount(account)?.number ?? null
  const actors = await node.read(({ book }) => people.coordinators.actorsOf(book, account))
  people.erase(account)
  for (const actor of actors) {
    people.coordinators.forget(actor)
    people.board.forget(actor)
  }
  const keys = await keysOf(node, people, account)
  const archive = number === null ? [] : await erasedArchiveRows(node.store, number)
  const marker = { put: privateKey('member', account), value: erasedRow(reason) }
  await node.sweep([...keys.map((put) => ({ put, value: ZERO })), ...archive, marker])
}

/**
 * Compacts, removes, compacts and says so in the log, for people who go for one reason. A person's own row stays as one zero byte until the entry stands,
 * in the batch of which it goes: so a crash at any moment leaves something to go on from.
 */
async function finish(
  node: Node,
  people: People,
  accounts: readonly Bytes[],
  by: Coordinator | null,
): Promise<'now' | 'later'> {
  if (accounts.length === 0) return 'now'
  const markers = accounts.map((account) => privateKey('member', account))
  const reason = reasonOf(node, accounts[0] as Bytes)
  if ((await compacted(node)) === 'later') return 'later'
  // Written once more, so that the second compaction meets the old value wherever the first has left it.
  const noted = markers.map((put) => ({ put, value: erasedRow(reason) }))
  const removed: Write[] = []
  for (const account of accounts) removed.push(...(await rowsToRemove(node, people, account)))
  await node.sweep([...noted, ...removed])
  if ((await compacted(node)) === 'later') return 'later'
  const { unsaid, records } = await node.read(({ book, own }) => {
    // On a copy that was put back it is said already.
    const said = new Set(redactedIn(book, own).accounts.map(toHex))
    const left = accounts.filter((account) => !said.has(toHex(account)))
    const indices = new Set(left.flatMap((account) => recordsOf(book, own, account)))
    return { unsaid: left, records: [...indices].sort((a, b) => a - b) }
  })
  const nonces = Array.from({ length: records.length / LIMITS.redactedEntries + 2 }, () =>
    node.random.bytes(16),
  )
  const outcome = await node.commit((_book, now) => {
    const entries = unsaid.length === 0 ? [] : redactions(unsaid, records, { reason, nonces })
    const acted = unsaid.flatMap((account) =>
      people.acts.keep(by, { what: 'erased', accounts: [account] }, now),
    )
    return accept({ entries, rows: [...markers.map((del) => ({ del })), ...acted], value: null })
  })
  if (!outcome.ok) return 'later'
  for (const account of accounts) people.forgotten(account)
  return 'now'
}

function reasonOf(node: Node, account: Bytes): EraseReason {
  return reasonInRow(node.store.get(privateKey('member', account)))
}

/** Compacts, or gives up waiting for whoever still reads the old content. */
async function compacted(node: Node): Promise<'done' | 'later'> {
  const { promise, resolve } = Promise.withResolvers<'later'>()
  const cancel = node.clock.after(LIMITS.eraseWaitSeconds * 1_000, () => resolve('later'))
  const done = node.store.compact(allPrivate).then(() => 'done' as const)
  try {
    return await Promise.race([done, promise])
  } finally {
    cancel()
    done.catch(() => undefined) // Told above, unless nobody waits for it any more.
  }
}

/** Rows that the second step removes, and rows of others that it writes once more. */
async function rowsToRemove(node: Node, people: People, account: Bytes): Promise<Write[]> {
  const marker = toHex(privateKey('member', account))
  const keys = (await keysOf(node, people, account)).filter((key) => toHex(key) !== marker)
  return [...keys.map((del) => ({ del })), ...(await erasedAgain(node.store))]
}

/** Keys of everything that the register holds of this person, in whatever step of being erased. */
async function keysOf(node: Node, people: People, account: Bytes): Promise<Bytes[]> {
  const keys = await node.read(({ book, own }) => {
    const memos = recordsOf(book, own, account).flatMap((index) => memoKeyOf(own, index) ?? [])
    const roles = people.coordinators
      .actorsOf(book, account)
      .flatMap((actor) => [privateKey('coordinator', actor), privateKey('board', actor)])
    return [...memos, ...roles].filter((key) => node.store.get(key) !== undefined)
  })
  const ranges = KINDS_OF_ACCOUNTS.map((kind) => privateRange(kind, account))
  const actors = await node.read(({ book }) => people.coordinators.actorsOf(book, account))
  for (const range of [...ranges, ...actors.map((actor) => privateRange('device', actor))]) {
    for await (const page of node.store.pages(range, PAGE)) for (const [key] of page) keys.push(key)
  }
  for (const kind of KINDS_NAMING_ACCOUNTS) {
    for await (const page of node.store.pages(privateRange(kind), PAGE))
      for (const [key, value] of page) if (Buffer.from(value).includes(Buffer.from(account))) keys.push(key)
  }
  return [...keys, ...(await node.handles.forget(account))]
}

const PAGE = 512
