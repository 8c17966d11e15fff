/**
 * What does one bank of the model remember, and what does each entry of its log change? The effects repeat the postings
 * and counters of the ledger in the few figures that the rules speak of; the states come from the tables.
 */

import { Impossible } from './explore.ts'
import type { Line, PayeeEntry, PayeeState, PayerEntry, PayerState } from './tables.ts'

/** A payment somebody may order in a run. */
export interface Plan {
  readonly id: string
  readonly from: Name
  readonly minutes: number
  readonly postal?: boolean
  /** The request of the payee that it answers, by name. */
  readonly invoice?: string
  /** The hour of the bank's clock in which its deadline lies; later hours are too late. */
  readonly due: number
  /** The order that it takes the place of, in one commit ([PAY-12]). */
  readonly replaces?: string
}

/** A request that the payee's bank may endorse. */
export interface Request {
  readonly by: Name
  readonly uses: number
  /** Null: left open. */
  readonly minutes: number | null
  /** The last hour by which a payment under it may have its deadline. */
  readonly until: number
}

export type Name = 'A' | 'B'

/** A payment as one bank knows it. `log` holds its entries in order, so that history can be judged too. */
export interface Row {
  readonly state: string
  readonly aid: string
  /** Sequence number of the posting sent, or consumed; 0 before. */
  readonly seq: number
  readonly log: string
}

export interface Direction {
  seq: number
  sum: number
  returned: number
  reserved: number
  limit: number
  version: number
}

/** What a bank's log says, as far as one line goes. Minutes. */
export interface Side {
  pays: Record<string, Row>
  gets: Record<string, Row>
  out: Direction
  in: Direction
  /** The last posting sent and the last one consumed, by name. */
  outChain: string
  inChain: string
  /** Payment ids by the sequence number of their posting, less one. */
  posts: string[]
  receipted: number
  /** Uses of each endorsed request, by its name. */
  used: Record<string, number>
  steps: { from: number; minutes: number }[]
  pendingLimit: { minutes: number; version: number } | null
  /** The newest acknowledgement of the peer's limit, as it is said. */
  acknowledged: string
  frozen: boolean
  line: 'open' | 'closing' | 'dead' | 'closed'
  writtenOff: number
  /**
   * Balances: the members', the pot's, what is set aside, what was written off and nobody bore yet, and the position
   * with the neighbour (+ = owed to it).
   */
  members: number
  fund: number
  hold: number
  susp: number
  clr: number
  /** The one member's account is closed. */
  closed: boolean
  /** Log time: the hour of the newest entry, kept only where clocks may jump back. */
  time: number
}

export function freshSide(mayOwe: number, peerMayOwe: number): Side {
  const direction = (limit: number): Direction => ({
    seq: 0,
    sum: 0,
    returned: 0,
    reserved: 0,
    limit,
    version: 1,
  })
  return {
    pays: {},
    gets: {},
    out: direction(mayOwe),
    in: direction(peerMayOwe),
    outChain: '-',
    inChain: '-',
    posts: [],
    receipted: 0,
    used: {},
    steps: [{ from: 1, minutes: peerMayOwe }],
    pendingLimit: null,
    acknowledged: '',
    frozen: false,
    line: 'open',
    writtenOff: 0,
    members: 0,
    fund: 0,
    hold: 0,
    susp: 0,
    clr: 0,
    closed: false,
    time: 0,
  }
}

export function copySide(side: Side): Side {
  return {
    ...side,
    pays: { ...side.pays },
    gets: { ...side.gets },
    out: { ...side.out },
    in: { ...side.in },
    posts: [...side.posts],
    used: { ...side.used },
    steps: [...side.steps],
  }
}

export const NO_ROW: Row = { state: 'none', aid: '', seq: 0, log: '' }

export const asPayer = (side: Side, id: string): Row & { state: PayerState } =>
  (side.pays[id] ?? NO_ROW) as Row & { state: PayerState }

export const asPayee = (side: Side, id: string): Row & { state: PayeeState } =>
  (side.gets[id] ?? NO_ROW) as Row & { state: PayeeState }

const NOBODY = new Uint8Array(0)

const TERMS: Line['terms'] = {
  version: 1,
  lower: NOBODY,
  higher: NOBODY,
  lowerMayOwe: { minutes: 0, openCap: 0, parkCap: 0 },
  higherMayOwe: { minutes: 0, openCap: 0, parkCap: 0 },
  statementEvery: 0,
  nonce: NOBODY,
}

const OPEN = ['held', 'sent', 'covered', 'promised']

/** Ids that wait for somebody, in either role. */
export function openIds(side: Side): number {
  let open = 0
  for (const rows of [side.pays, side.gets])
    for (const { state } of Object.values(rows)) if (OPEN.includes(state)) open += 1
  return open
}

/** The side as the line that the program's own arithmetic reads. */
export function lineOf(side: Side): Line {
  return {
    number: 0,
    id: NOBODY,
    peer: NOBODY,
    terms: TERMS,
    termsBytes: NOBODY,
    first: 0,
    answer: 0,
    state: side.line,
    closing: -1,
    heard: 0,
    writtenOff: side.writtenOff,
    susp: side.susp,
    peerEntry: null,
    out: { ...side.out, chain: NOBODY },
    in: { ...side.in, chain: NOBODY },
    receipted: side.receipted,
    steps: [...side.steps],
    pendingLimit: side.pendingLimit === null ? null : { ...side.pendingLimit, index: 0 },
    acknowledged: 0,
    frozen: side.frozen,
    refused: null,
    freezeIndex: -1,
    posts: [],
    open: openIds(side),
    seen: null,
    peerEpochs: [],
  }
}

/** The name of a posting; the chain of a direction is made of them. */
export const postingName = (id: string, aid: string): string => `${id}.${aid}`

interface Written {
  readonly id: string
  readonly minutes: number
  readonly aid: string
  readonly next: string
}

const noted = (row: Row, entry: string, next: string): Row => ({
  ...row,
  state: next,
  log: row.log === '' ? entry : `${row.log} ${entry}`,
})

/** Every entry of the payer's role: its postings and counters, as core/ledger/apply-payer.ts has them. */
const PAYER_EFFECTS: Readonly<Record<string, (side: Side, written: Written) => void>> = {
  'pay.hold'(side, { minutes }) {
    side.members -= minutes
    side.hold += minutes
    side.out.reserved += minutes
  },
  'pay.commit'(side, { id, aid, minutes }) {
    side.hold -= minutes
    side.clr += minutes
    side.out.reserved -= minutes
    side.out.seq += 1
    side.out.sum += minutes
    side.outChain = postingName(id, aid)
    side.posts.push(id)
    side.pays[id] = { ...asPayer(side, id), seq: side.out.seq }
  },
  'pay.abort'(side, { id, minutes }) {
    // Of an id that nobody ordered nothing was held (R7).
    if (asPayer(side, id).state === 'none') return
    side.members += minutes
    side.hold -= minutes
    side.out.reserved -= minutes
  },
  'pay.cover'(side, { minutes }) {
    side.fund -= minutes
    side.members += minutes
  },
  'pay.return'(side, { id, minutes }) {
    side.clr -= minutes
    // What the pot has paid, and what comes back to a closed account, goes to the pot ([PAY-14]).
    if (side.closed || asPayer(side, id).log.includes('pay.cover')) side.fund += minutes
    else side.members += minutes
    side.out.returned += minutes
    if (asPayer(side, id).state === 'paid') side.receipted -= minutes
  },
  'pay.done'(side, { minutes }) {
    side.receipted += minutes
  },
}

/** The entry joins the log of this bank; gives what the table says about it, or null when the table refuses. */
export function writePayer(
  side: Side,
  entry: PayerEntry,
  written: Omit<Written, 'next'>,
  next: string,
): void {
  const effect = PAYER_EFFECTS[entry]
  if (effect === undefined) throw new Error(`the model knows no postings of ${entry}`)
  const { id, aid } = written
  effect(side, { ...written, next })
  side.pays[id] = noted({ ...asPayer(side, id), aid }, entry, next)
}

/** Every entry of the payee's role, as core/ledger/apply-payee.ts has them; `posting` is consumed by it, if any. */
export function writePayee(
  side: Side,
  entry: PayeeEntry,
  written: Omit<Written, 'next'> & {
    readonly posting: { readonly seq: number; readonly name: string } | null
  },
  next: string,
): void {
  const { id, aid, minutes, posting } = written
  const held = asPayee(side, id)
  const promised = held.state === 'promised'
  switch (entry) {
    case 'rcv.promise':
      side.in.reserved += minutes
      break
    case 'rcv.credit':
      side.clr -= minutes
      side.members += minutes
      side.in.sum += minutes
      if (promised) side.in.reserved -= minutes
      break
    case 'rcv.waive':
    case 'rcv.release':
      if (promised) side.in.reserved -= minutes
      break
    case 'rcv.bounce':
      break
    default:
      throw new Error(`the model knows no postings of ${String(entry)}`)
  }
  let { seq } = held
  if (posting !== null) {
    if (entry === 'rcv.promise' || entry === 'rcv.release')
      throw new Impossible(`${entry} consumes no posting`)
    side.in.seq = posting.seq
    side.inChain = posting.name
    seq = posting.seq
  }
  side.gets[id] = noted({ ...held, aid, seq }, entry, next)
}
