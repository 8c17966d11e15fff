import { describe, expect, test } from 'vitest'
import type { Body } from '../../../src/core/entry.ts'
import { type Bytes, toHex } from '../../../src/core/ids.ts'
import { bookSum, lineWith } from '../../../src/core/ledger/book.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { clearing, owed } from '../../../src/core/line.ts'
import { lineIdOf } from '../../../src/core/sign.ts'
import {
  BookLog,
  COORDINATOR,
  commitOf,
  creditOf,
  expectRefused,
  holdOf,
  id16,
  id32,
  idOf,
  joinBanks,
  orderFrom,
  promiseOf,
  termsBetween,
} from './books.ts'

const ANNE = id16(901)
const BEN = id16(902)
const CARO = id16(903)
const BOARD = [ANNE, BEN]
const SILENCE = LIMITS.deadSilenceSeconds

interface Pair {
  readonly a: BookLog
  readonly b: BookLog
  readonly line: Bytes
  readonly ada: Bytes
}

/** Two banks with a line; the first has a board of three, of whom one has left it. */
function pair(): Pair {
  const [a, b] = [BookLog.founded(1), BookLog.founded(2)]
  const line = lineIdOf(joinBanks(a, b))
  for (const [i, actor] of [ANNE, BEN, CARO].entries())
    a.add('role.grant', { actor, role: 2, ownAcct: null, until: null, nonce: id16(910 + i) })
  a.add('role.revoke', { actor: CARO, cause: 1, nonce: id16(920) })
  return { a, b, line, ada: a.member(1) }
}

function sent({ a, b, ada }: Pair, minutes: number, nonce = 71): Bytes {
  const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, minutes, {
    nonce: id16(nonce),
  })
  a.add('pay.hold', holdOf(a, b, order))
  a.add('pay.commit', commitOf(a, b, idOf(order)))
  return idOf(order)
}

/** The neighbour's members are helped here: it owes us. */
function received({ a, b, ada }: Pair, minutes: number, id = id32(5)): void {
  a.add('rcv.promise', promiseOf(a, b, { id, payee: ada, minutes }))
  a.add('rcv.credit', creditOf(a, b, { id, payee: ada, minutes }))
}

/** Thirty days later the board gives the other bank up. */
function givenUp({ a, line }: Pair): void {
  a.time += SILENCE
  a.add('line.dead', { line, board: BOARD })
}

const close = (line: Bytes, peerEntry: Body<'line.close'>['peerEntry'] = null): Body<'line.close'> => ({
  line,
  cause: 1,
  lastStatement: 0,
  peerEntry,
})
const thaw = (line: Bytes, cause: number, board: readonly Bytes[] | null = null): Body<'line.thaw'> => ({
  line,
  cause,
  board,
  accepted: null,
})
const back = ({ b, line }: Pair, id: Bytes): Body<'pay.return'> => ({
  id,
  aid: id32(42),
  line,
  waive: b.ref(0),
})

describe('closing', () => {
  test('[LINE-10] one wishes, the other cites it, the first cites that; then a new line may be opened', () => {
    const { a, b, line } = pair()
    const wish = a.add('line.close', close(line))
    expect(a.line(b)).toMatchObject({ state: 'closing', closing: wish })
    expectRefused(a, 'line.close', close(line), /waits for the peer already/)
    const answer = b.add('line.close', close(line, a.ref(wish)))
    expect(lineWith(b.book, a.book.bank)).toBeNull()
    a.add('line.close', close(line, b.ref(answer)))
    expect(lineWith(a.book, b.book.bank)).toBeNull()
    expectRefused(a, 'line.close', close(line, b.ref(answer)), /no such line to close/)
    const terms = termsBetween(a, b, 600, 600, 2)
    const proposed = a.add('line.open', { terms, peerEntry: null })
    b.add('line.open', { terms, peerEntry: a.ref(proposed) })
  })

  test('[LINE-10] two wishes that cross answer each other', () => {
    const { a, b, line } = pair()
    const [ours, theirs] = [a.add('line.close', close(line)), b.add('line.close', close(line))]
    a.add('line.close', close(line, b.ref(theirs)))
    b.add('line.close', close(line, a.ref(ours)))
    for (const log of [a, b]) expect(log.book.lineByPeer.size).toBe(0)
  })

  test('[LINE-10] nothing is closed while anything is owed or on its way, and nothing new passes while it closes', () => {
    const all = pair()
    const { a, b, line, ada } = all
    const id = sent(all, 60)
    expectRefused(a, 'line.close', close(line), /nothing is owed and nothing is open/)
    a.add('pay.return', back(all, id))
    const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 5, { nonce: id16(72) })
    const hold = holdOf(a, b, order)
    const promise = promiseOf(a, b, { id: id32(5), payee: ada, minutes: 5 })
    const credit = creditOf(a, b, { id: id32(5), payee: ada, minutes: 5 })
    a.add('line.close', close(line))
    expectRefused(a, 'pay.hold', hold, /line_closing/)
    expectRefused(a, 'rcv.promise', promise, /line_closing/)
    expectRefused(a, 'rcv.credit', credit, /only an open line/)
    expectRefused(a, 'line.freeze', { line, cause: 1, evidence: null }, /no such open line/)
  })

  test('[LINE-10] a close without answer is taken back by whoever wrote it', () => {
    const { a, b, line } = pair()
    expectRefused(a, 'line.thaw', thaw(line, 2), /no close of ours/)
    a.add('line.close', close(line))
    expectRefused(a, 'line.thaw', thaw(line, 2, BOARD), /board has no part/)
    const index = a.add('line.thaw', thaw(line, 2))
    expect(a.line(b)).toMatchObject({ state: 'open', closing: index, frozen: false })
    a.add('line.close', close(line))
    a.add('line.close', close(line, b.ref(0)))
    expectRefused(a, 'line.thaw', thaw(line, 2), /no close of ours/)
  })

  test('[LINE-10] a late commit on a closed line is waived, and its number is consumed', () => {
    const { a, b, line, ada } = pair()
    const commit = { bank: b.book.bank, epoch: 0, index: 77, leaf: id32(8) }
    const late = { id: id32(5), aid: id32(42), cause: 1, parts: [{ line, inSeq: 1 }], commit }
    const credit = creditOf(a, b, { id: id32(5), payee: ada, minutes: 5 })
    a.add('line.close', close(line))
    a.add('line.close', close(line, b.ref(0)))
    expectRefused(a, 'rcv.credit', credit, /only an open line/)
    a.add('rcv.waive', late)
    expect(a.book.lines[0]).toMatchObject({ state: 'closed', in: { seq: 1 } })
    expect(a.book.asPayee.stateOf(id32(5))).toBe('waived')
  })
})

describe('a bank that stays silent', () => {
  test('[LINE-10] is given up by two to five of the board, each once and in office, after thirty days', () => {
    const { a, b, line } = pair()
    a.time += SILENCE - 1
    expectRefused(a, 'line.dead', { line, board: BOARD }, /silent for long enough/)
    a.time += 1
    expectRefused(a, 'line.dead', { line, board: [ANNE, ANNE] }, /board_too_few/)
    expectRefused(a, 'line.dead', { line, board: [ANNE, COORDINATOR] }, /board_unknown/)
    expectRefused(a, 'line.dead', { line, board: [ANNE, CARO] }, /board_unknown/)
    expectRefused(a, 'line.dead', { line, board: [ANNE, id16(77)] }, /board_unknown/)
    expectRefused(a, 'line.dead', { line: id16(77), board: BOARD }, /no such open line/)
    const index = a.add('line.dead', { line, board: BOARD })
    expect(a.line(b)).toMatchObject({ state: 'dead', freezeIndex: index })
    expectRefused(a, 'line.dead', { line, board: BOARD }, /no such open line/)
  })

  test('[LINE-10] silence is counted from the newest entry that shows a word of the other bank', () => {
    const all = pair()
    const { a, b, line } = all
    a.time += SILENCE
    received(all, 10)
    expect(a.line(b).heard).toBe(a.time)
    expectRefused(a, 'line.dead', { line, board: BOARD }, /silent for long enough/)
    a.time += SILENCE
    a.add('seen', { bank: b.book.bank, epoch: 0, size: 9, root: id32(1), signature: new Uint8Array(64) })
    expectRefused(a, 'line.dead', { line, board: BOARD }, /silent for long enough/)
    const id = sent(all, 5)
    a.time += SILENCE
    a.add('pay.done', { id, aid: id32(42), credit: b.ref(0) })
    expectRefused(a, 'line.dead', { line, board: BOARD }, /silent for long enough/)
    a.time += SILENCE
    a.add('line.dead', { line, board: BOARD })
  })

  test('[LINE-10] takes no new hours, and what it was promised is honoured', () => {
    const all = pair()
    const { a, b, line, ada } = all
    const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 5)
    a.add('rcv.promise', promiseOf(a, b, { id: id32(5), payee: ada, minutes: 60 }))
    givenUp(all)
    const late = { ...order, decideBy: a.time + 60 }
    expectRefused(a, 'pay.hold', holdOf(a, b, late), /line_dead/)
    const promise = promiseOf(a, b, { id: id32(6), payee: ada, minutes: 5 })
    expectRefused(a, 'rcv.promise', promise, /line_dead/)
    expectRefused(a, 'line.close', close(line), /no such line to close/)
    expectRefused(
      a,
      'rcv.credit',
      creditOf(a, b, { id: id32(7), payee: ada, minutes: 5 }),
      /only an open line/,
    )
    a.add('rcv.credit', creditOf(a, b, { id: id32(5), payee: ada, minutes: 60 }))
    expect([a.account(ada).balance, clearing(a.line(b)), bookSum(a.book)]).toEqual([60, -60, 0])
  })

  test('[LINE-10] its debt is written off at most as far as it goes, and borne by the pot towards zero', () => {
    const all = pair()
    const { a, b, line } = all
    received(all, 100)
    expectRefused(a, 'line.writeoff', { line, minutes: 100, board: BOARD }, /claim of a dead line/)
    expectRefused(a, 'susp.settle', { line, minutes: 1, board: BOARD }, /towards zero/)
    givenUp(all)
    expectRefused(a, 'line.writeoff', { line, minutes: 101, board: BOARD }, /more is written off/)
    expectRefused(a, 'line.writeoff', { line, minutes: -1, board: BOARD }, /more is taken back/)
    expectRefused(a, 'line.writeoff', { line, minutes: 100, board: [ANNE, CARO] }, /board_unknown/)
    a.add('line.writeoff', { line, minutes: 70, board: BOARD })
    expectRefused(a, 'line.writeoff', { line, minutes: 31, board: BOARD }, /more is written off/)
    a.add('line.writeoff', { line, minutes: 30, board: BOARD })
    expect(a.line(b)).toMatchObject({ writtenOff: 100, susp: -100 })
    expect([clearing(a.line(b)), owed(a.line(b)), bookSum(a.book)]).toEqual([0, -100, 0])
    for (const minutes of [-1, 101])
      expectRefused(a, 'susp.settle', { line, minutes, board: BOARD }, /towards zero/)
    expectRefused(a, 'susp.settle', { line: id16(77), minutes: 1, board: BOARD }, /no such line/)
    a.add('susp.settle', { line, minutes: 60, board: BOARD })
    expect([a.line(b).susp, a.book.fund?.balance, bookSum(a.book)]).toEqual([-40, -60, 0])
  })

  test('[LINE-10] is taken up again by the board once nothing written off is left, and the pot gets its part back', () => {
    const all = pair()
    const { a, b, line } = all
    received(all, 100)
    a.add('line.freeze', { line, cause: 3, evidence: null })
    givenUp(all)
    a.add('line.writeoff', { line, minutes: 100, board: BOARD })
    a.add('susp.settle', { line, minutes: 60, board: BOARD })
    expectRefused(a, 'line.thaw', thaw(line, 3, BOARD), /written off is taken back first/)
    expectRefused(a, 'line.writeoff', { line, minutes: -101, board: BOARD }, /more is taken back/)
    a.add('line.writeoff', { line, minutes: -100, board: BOARD })
    expectRefused(a, 'line.thaw', thaw(line, 3), /board_too_few/)
    expectRefused(a, 'line.thaw', thaw(line, 3, [ANNE, CARO]), /board_unknown/)
    a.add('line.thaw', thaw(line, 3, BOARD))
    expect(a.line(b)).toMatchObject({ state: 'open', frozen: false, writtenOff: 0, susp: 60 })
    expect(clearing(a.line(b))).toBe(-100)
    expectRefused(a, 'line.thaw', thaw(line, 3, BOARD), /only a dead line/)
    for (const minutes of [1, -61])
      expectRefused(a, 'susp.settle', { line, minutes, board: BOARD }, /towards zero/)
    a.add('susp.settle', { line, minutes: -60, board: BOARD })
    expect([a.line(b).susp, a.book.fund?.balance, bookSum(a.book)]).toEqual([0, 0, 0])
  })

  test('[LINE-10] that was being closed is given up too, and comes back open', () => {
    const all = pair()
    const { a, b, line } = all
    a.add('line.close', close(line))
    givenUp(all)
    a.add('line.thaw', thaw(line, 3, BOARD))
    expect(a.line(b).state).toBe('open')
  })
})

describe('hours on their way to a bank that was given up', () => {
  const cover = (line: Bytes, id: Bytes, board = BOARD): Body<'pay.cover'> => ({ id, line, board })

  test('[PAY-18] the pot pays the payer back, once; then the account may be closed', () => {
    const all = pair()
    const { a, b, line, ada } = all
    const id = sent(all, 60)
    expectRefused(a, 'pay.cover', cover(line, id), /only a payment on a dead line/)
    givenUp(all)
    expectRefused(a, 'pay.cover', cover(id16(77), id), /names another line/)
    expectRefused(a, 'pay.cover', cover(line, id, [ANNE, CARO]), /board_unknown/)
    expectRefused(a, 'pay.cover', cover(line, id32(99)), /does not follow none/)
    a.add('pay.cover', cover(line, id))
    expectRefused(a, 'pay.cover', cover(line, id), /does not follow covered/)
    expect(a.account(ada)).toMatchObject({ balance: 0, received: 0, open: 0 })
    expect([a.book.fund?.balance, clearing(a.line(b)), a.line(b).open]).toEqual([-60, 60, 1])
    expect([...a.book.asPayer.open()].map((one) => toHex(one.id))).toEqual([toHex(id)])
    a.add('acct.close', { acct: ada, cause: 1, nonce: id16(9) })
    expect(bookSum(a.book)).toBe(0)
  })

  test('[PAY-18] a credit that comes all the same makes it done, and the pot has paid for it', () => {
    const all = pair()
    const { a, b, line, ada } = all
    const id = sent(all, 60)
    givenUp(all)
    a.add('pay.cover', cover(line, id))
    a.add('pay.done', { id, aid: id32(42), credit: b.ref(0) })
    expect(a.book.asPayer.get(id)).toMatchObject({ state: 'paid', covered: true })
    expect(a.line(b)).toMatchObject({ open: 0, receipted: 60 })
    expectRefused(a, 'pay.cover', cover(line, id), /does not follow paid/)
    // A waiver after the receipt is the pot's as well.
    a.add('pay.return', back(all, id))
    expect([a.account(ada).balance, a.book.fund?.balance]).toEqual([0, 0])
    expect([a.account(ada).open, a.line(b).open, a.line(b).receipted, bookSum(a.book)]).toEqual([0, 0, 0, 0])
  })

  test('[PAY-18] a waiver gives the hours to the pot, which paid the payer back, and never to the payer twice', () => {
    const all = pair()
    const { a, b, line, ada } = all
    const id = sent(all, 60)
    givenUp(all)
    a.add('pay.cover', cover(line, id))
    a.add('pay.return', back(all, id))
    expect([a.account(ada).balance, a.account(ada).received, a.book.fund?.balance]).toEqual([0, 0, 0])
    expect([clearing(a.line(b)), a.line(b).open, bookSum(a.book)]).toEqual([0, 0, 0])
  })

  test('[BYZ-5] what was written off does not widen the limit for late waivers', () => {
    const all = pair()
    const { a, b, line } = all
    const id = sent(all, 300)
    a.add('pay.done', { id, aid: id32(42), credit: b.ref(0) })
    received(all, 600, id32(5))
    received(all, 200, id32(6))
    givenUp(all)
    a.add('line.writeoff', { line, minutes: 500, board: BOARD })
    expect([owed(a.line(b)), clearing(a.line(b))]).toEqual([-500, 0])
    expectRefused(a, 'pay.return', back(all, id), /exceeds the limit/)
  })
})

describe('the board', () => {
  test('[LINE-10] a role ends once; an actor id is never granted again', () => {
    const { a } = pair()
    expectRefused(a, 'role.revoke', { actor: CARO, cause: 1, nonce: id16(9) }, /no such role/)
    expectRefused(a, 'role.revoke', { actor: id16(77), cause: 1, nonce: id16(9) }, /no such role/)
    const again = { actor: CARO, role: 2, ownAcct: null, until: null, nonce: id16(9) }
    expectRefused(a, 'role.grant', again, /used already/)
  })

  test('[LOG-7] a coordinator who was revoked agrees for nobody', () => {
    const all = pair()
    const { a, b, ada } = all
    const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 5)
    a.add('role.revoke', { actor: COORDINATOR, cause: 1, nonce: id16(9) })
    expectRefused(a, 'pay.hold', holdOf(a, b, order), /coordinator_unknown/)
  })

  test('[LINE-10] a seat that ran out counts no more', () => {
    const { a, line } = pair()
    const late = id16(950)
    a.add('role.grant', { actor: late, role: 2, ownAcct: null, until: a.time + 5, nonce: id16(951) })
    a.time += SILENCE
    expectRefused(a, 'line.dead', { line, board: [ANNE, late] }, /board_unknown/)
  })
})
