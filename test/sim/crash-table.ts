/**
 * Has every crash and every fate of a message been met? Each row of the table of crash points, as spec/transfer.md
 * tells it, with the counters that show it; and those rows that nothing can reach yet, with what they wait for.
 */

export interface Row {
  readonly row: string
  /** Counters of `Coverage`; what they count is added up. */
  readonly counters: readonly string[]
}

const frame = (fates: readonly string[], ...messages: string[]): string[] =>
  messages.flatMap((message) => fates.map((fate) => `frame ${fate}: ${message}`))

const dies = (kind: string, ...points: string[]): string[] => points.map((point) => `crash: ${kind} ${point}`)

export const CRASH_TABLE: readonly Row[] = [
  { row: "payer's bank dies before the hold is durable", counters: dies('pay.hold', 'before', 'lost') },
  { row: "payer's bank dies after the hold, before OFFER", counters: dies('pay.hold', 'after') },
  { row: 'OFFER refused', counters: ['abort: refused'] },
  { row: 'OFFER lost', counters: frame(['lost', 'broken'], 'offer') },
  { row: 'OFFER doubled or overtaken', counters: frame(['doubled', 'overtaken'], 'offer') },
  { row: "payer's bank dies while swapping an order", counters: dies('swap', 'before', 'lost', 'after') },
  { row: "payee's bank dies before the promise is durable", counters: dies('rcv.promise', 'before', 'lost') },
  { row: "payee's bank dies after the promise, before PROMISE", counters: dies('rcv.promise', 'after') },
  { row: 'PROMISE lost', counters: frame(['lost', 'broken'], 'promise') },
  { row: 'PROMISE doubled or late', counters: frame(['doubled', 'overtaken'], 'promise') },
  { row: "payer's bank dies before the commit is durable", counters: dies('pay.commit', 'before', 'lost') },
  { row: "payer's bank dies after the commit, before COMMIT", counters: dies('pay.commit', 'after') },
  { row: 'COMMIT lost', counters: frame(['lost', 'broken'], 'commit') },
  { row: 'COMMIT doubled or overtaken', counters: frame(['doubled', 'overtaken'], 'commit') },
  { row: "payee's bank dies before the credit is durable", counters: dies('rcv.credit', 'before', 'lost') },
  { row: "payee's bank dies after the credit, before RECEIPT", counters: dies('rcv.credit', 'after') },
  { row: 'RECEIPT lost', counters: frame(['lost', 'broken'], 'receipt') },
  { row: 'WAIVE lost', counters: frame(['lost', 'broken'], 'waive') },
  { row: 'WAIVE doubled', counters: frame(['doubled'], 'waive') },
  { row: "payer's bank dies around the return", counters: dies('pay.return', 'before', 'lost', 'after') },
  { row: "payee's bank dies around the waiver", counters: dies('rcv.waive', 'before', 'lost', 'after') },
  { row: "payer's bank dies around the abort", counters: dies('pay.abort', 'before', 'lost', 'after') },
  { row: "payee's bank away for days after its promise", counters: ['days: payee away after promise'] },
  { row: "payee's bank away for days after the commit", counters: ['days: payee away in transit'] },
  { row: "payer's bank away for days after the promise", counters: ['days: payer away after promise'] },
  {
    row: "payee's bank gone for ever after the commit: covered",
    counters: ['board: a payment on its way there is covered'],
  },
  {
    row: "payer's bank gone for ever after its commit arrived: written off",
    counters: ['board: what it owed is written off'],
  },
  { row: 'the head guard is torn', counters: dies('guard', 'lost') },
  { row: 'the tail of the log is lost: the guard tells', counters: ['old copy put back, guard kept'] },
  { row: 'the tail of the log is lost: a neighbour tells', counters: ['old copy put back, guard removed'] },
  { row: 'a damaged disk is found at the start', counters: ['damage found at the start'] },
]

const diesAt = (kind: string): string[] =>
  ['before', 'lost', 'after'].map((point) => `key: dies at ${kind}, ${point}`)

/** What a change of the log key meets; only seeds draw it. */
export const KEY_TABLE: readonly Row[] = [
  { row: 'the log key changes', counters: ['key: changed'] },
  { row: 'the log key changes while payments are held', counters: ['key: changed with held payments'] },
  {
    row: 'a bank dies when only the file of the next key is there',
    counters: ['key: dies after the file of the next key'],
  },
  { row: "a bank dies around the old key's last word", counters: diesAt('rotate.out') },
  {
    row: 'a bank dies between the file of the next key and its first entry',
    counters: [
      'key: dies at rotate.out, after',
      'key: dies at rotate.in, before',
      'key: dies at rotate.in, lost',
    ],
  },
  { row: "a bank dies around the new key's first word", counters: diesAt('rotate.in') },
  {
    row: 'a bank dies before the next key takes its place',
    counters: ['key: dies before the next key takes its place'],
  },
  {
    row: 'a bank dies after the next key took its place',
    counters: ['key: dies after the next key took its place'],
  },
  {
    row: 'a neighbour is away during a change and learns it later',
    counters: ['key: learned by a neighbour that was away'],
  },
  { row: 'two changes while a neighbour is away', counters: ['key: two changes while a neighbour was away'] },
  {
    row: 'a copy from before a change is put back',
    counters: ['old copy put back, of an epoch that is over'],
  },
  { row: 'a lost key is replaced with the sheet', counters: ['key: recovered, lost'] },
  { row: 'a stolen key is replaced with the sheet', counters: ['key: recovered, stolen'] },
  { row: 'a recovery ends held payments', counters: ['key: recovered with held payments'] },
  {
    row: 'a bank dies in a recovery',
    counters: ['rotate.in', 'pay.abort'].flatMap((kind) =>
      ['before', 'lost', 'after'].map((point) => `key: dies in a recovery at ${kind}, ${point}`),
    ),
  },
]

/** Rows that no seed can reach yet, and the feature that each waits for. */
export const WAITING: readonly { readonly row: string; readonly feature: string }[] = [
  { row: 'another path after a refused OFFER', feature: 'payments over several banks' },
]

/** Rows that were never met, by these counters. */
export function unmet(rows: readonly Row[], counts: Readonly<Record<string, number>>): string[] {
  return rows.filter(({ counters }) => timesMet(counters, counts) === 0).map(({ row }) => row)
}

export function timesMet(counters: readonly string[], counts: Readonly<Record<string, number>>): number {
  return counters.reduce((sum, counter) => sum + (counts[counter] ?? 0), 0)
}
