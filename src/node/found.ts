/**
 * How does a bank begin? One first commit holds its founding entry, rules and card, the community pot and the first
 * coordinator with an account of the own; the bank id is the hash of the founding entry's body ([CKPT-7]).
 */

import type { SigningKey } from '../core/ed25519.ts'
import { verifyingKey } from '../core/ed25519.ts'
import { CLASSES } from '../core/entry.ts'
import { Fault, must } from '../core/fault.ts'
import { ACCOUNT_ID_BYTES, type Bytes } from '../core/ids.ts'
import { emptyBook } from '../core/ledger/book.ts'
import { accept } from '../core/refusal.ts'
import { openTree } from '../log/tree.ts'
import { headKey } from '../store/keyspace.ts'
import type { HeadGuard, Store, Write } from '../store/store.ts'
import { type Draft, Writer } from './commit.ts'
import type { Clock, Random, Report } from './ports.ts'

export interface Founding {
  readonly store: Store
  readonly guard: HeadGuard
  readonly clock: Clock
  readonly random: Random
  readonly report: Report
  readonly logKey: SigningKey
  readonly witnessKey: Bytes
  /** Peer id as the card holds it. */
  readonly peerId: Bytes
  readonly recoveryHash: Bytes
  readonly name: string
  readonly publicUrl: string | null
  /** Private rows of the first coordinator, given the actor id and the coordinator's own account. */
  readonly rows: (coordinator: Bytes, account: Bytes) => readonly Write[]
}

/** Founds a bank in an empty store. Throws Fault `folder_set_up` when there is one already. */
export async function foundBank(
  parts: Founding,
): Promise<{ bank: Bytes; coordinator: Bytes; account: Bytes }> {
  const { store, guard, clock, random, report, logKey } = parts
  refuseFounded(store)
  const key = verifyingKey(logKey.publicKey)
  must(key !== null, 'a key made from random bytes may be used')
  const book = emptyBook()
  const tree = openTree({ size: 0, loadHash: () => new Uint8Array(32), loadTile: () => undefined })
  let failure: unknown = null
  const writer = new Writer({
    store,
    guard,
    key: logKey,
    verifyingKey: key,
    book,
    tree,
    head: null,
    epoch: 0,
    clock,
    report,
    gate: () => null,
    onFatal: (fault) => {
      failure = fault
    },
  })
  const coordinator = random.bytes(ACCOUNT_ID_BYTES)
  const account = random.bytes(ACCOUNT_ID_BYTES)
  const outcome = await writer.commit(() =>
    accept({
      entries: firstEntries(parts, coordinator, account),
      rows: parts.rows(coordinator, account),
      value: null,
    }),
  )
  must(outcome.ok && failure === null, 'nothing refuses a founding')
  return { bank: book.bank, coordinator, account }
}

/** Throws Fault `folder_set_up` when there is a bank in this store. */
export function refuseFounded(store: Pick<Store, 'get'>): void {
  if (store.get(headKey(0)) === undefined) return
  throw new Fault(
    'folder_set_up',
    'There is a bank in this folder already. Choose another folder for a new one.',
  )
}

/** The coordinator is a member as well, with an account of the own: the audit shows who acts for oneself. */
function firstEntries(parts: Founding, coordinator: Bytes, account: Bytes): Draft[] {
  const { random, logKey, name } = parts
  return [
    {
      kind: 'found',
      body: {
        nonce: random.bytes(32),
        name,
        logKey: logKey.publicKey,
        recoveryHash: parts.recoveryHash,
        unit: 1,
      },
    },
    { kind: 'rules', body: FIRST_RULES },
    {
      kind: 'card',
      body: { name, witnessKey: parts.witnessKey, peerId: parts.peerId, publicUrl: parts.publicUrl },
    },
    {
      kind: 'acct.open',
      body: {
        acct: random.bytes(ACCOUNT_ID_BYTES),
        class: CLASSES.indexOf('fund') + 1,
        nonce: random.bytes(16),
      },
    },
    {
      kind: 'acct.open',
      body: { acct: account, class: CLASSES.indexOf('member') + 1, nonce: random.bytes(16) },
    },
    {
      kind: 'role.grant',
      body: { actor: coordinator, role: 1, ownAcct: account, until: null, nonce: random.bytes(16) },
    },
  ]
}

/** Minutes. Members and organisations have no stop inside the bank; a crossing stops at 40 hours below zero. */
const FIRST_RULES = {
  version: 1,
  classes: [
    { class: 1, stopLow: null, nudgeLow: -1_200, nudgeHigh: 1_200, stopHigh: null },
    { class: 2, stopLow: null, nudgeLow: -1_200, nudgeHigh: 1_200, stopHigh: null },
    { class: 3, stopLow: -60_000, nudgeLow: -30_000, nudgeHigh: 30_000, stopHigh: 60_000 },
    { class: 4, stopLow: -6_000, nudgeLow: -6_000, nudgeHigh: 0, stopHigh: 0 },
  ],
  crossingLow: -2_400,
  rounding: 15,
  secondOver: null,
  publicEntries: false,
  sealEvery: 0,
  retentionMonths: 84,
  smallestCell: 5,
  confirmDays: 14,
} as const
