/**
 * Do the node's reducer and the audit's, written apart, say the same? A walk over everything a bank may write about
 * help, lines, payments, its board and accounts that leave: what the one accepts the other finds in order, with the
 * same figures; and what is taken back, and how a line or an account ends: what the one refuses the other names as a
 * finding.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Bench,
  hexOf,
  type Book as Judged,
  keyOf,
  openBook,
  type Sent,
} from '../../src/core/audit/book.ts'
import type { Finding } from '../../src/core/audit/finding.ts'
import { judgeEntry, totalsOf } from '../../src/core/audit.ts'
import { decode } from '../../src/core/codec.ts'
import type { Body, Entry, Kind } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { accountOf, lineOf, lineWith } from '../../src/core/ledger/book.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { clearing } from '../../src/core/line.ts'
import type { PayerState } from '../../src/core/transfer/payer.ts'
import {
  BookLog,
  COORDINATOR,
  commitOf,
  creditOf,
  FUND,
  holdOf,
  id16,
  id20,
  id32,
  idOf,
  intentOf,
  joinBanks,
  orderFrom,
  promiseOf,
  termsBetween,
  word,
} from './ledger/books.ts'

const BOARD = [id16(901), id16(902)]
const GONE = id16(903)
const BOARDS = [
  BOARD,
  [...BOARD, id16(904)],
  [id16(901), id16(901)],
  [id16(901), COORDINATOR],
  [id16(901), GONE],
]
const DAY = 86_400

/** What the audit must name whenever the ledger refuses it. */
const JUDGED_ALIKE: readonly Kind[] = [
  'role.revoke',
  'redact',
  'acct.close',
  'reverse',
  'line.dead',
  'line.thaw',
  'line.close',
  'line.writeoff',
  'susp.settle',
  'pay.cover',
  'rcv.invoice',
]

class Audit {
  readonly book: Judged
  readonly findings: Finding[] = []
  readonly #bench: Bench = {
    decode(bytes) {
      const decoded = decode(bytes)
      return decoded.ok ? decoded.value : undefined
    },
    report: (finding) => this.findings.push(finding),
    verify: () => {},
  }

  constructor(bank: Bytes) {
    this.book = openBook(bank, 0)
  }

  judge(entry: Entry, leaf: Bytes): void {
    judgeEntry(this.book, this.#bench, entry, leaf)
  }
}

/** One bank's log with everything it may meet, and its audit beside it. */
class Walk {
  readonly a = BookLog.founded(1)
  readonly b = BookLog.founded(2)
  readonly members: readonly Bytes[]
  readonly accepted = new Map<Kind, number>()
  readonly refused = new Map<Kind, number>()
  #audit: Audit
  #judged = 0
  #number = 100
  #endorsed: Bytes = id16(99)

  constructor() {
    const { a, b } = this
    joinBanks(a, b)
    for (const [i, actor] of [...BOARD, GONE, id16(904)].entries())
      a.add('role.grant', { actor, role: 2, ownAcct: null, until: null, nonce: id16(910 + i) })
    a.add('role.revoke', { actor: GONE, cause: 1, nonce: id16(920) })
    this.members = [a.member(1), a.member(2)]
    this.#audit = new Audit(a.book.bank)
    this.#judgeNew()
  }

  try<K extends Kind>(kind: K, body: Body<K> | null): void {
    if (body === null) return
    const broken = this.a.try(kind, body)
    const counts = broken === null ? this.accepted : this.refused
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    if (broken === null) return this.#judgeNew()
    if (!JUDGED_ALIKE.includes(kind)) return
    const second = new Audit(this.a.book.bank)
    for (const { entry, leaf } of this.a.placed) second.judge(entry, leaf)
    second.judge({ kind, time: this.a.time, body } as Entry, id32(1))
    expect(second.findings.length, `${broken}: ${JSON.stringify(body)}`).toBeGreaterThan(0)
  }

  #judgeNew(): void {
    const { placed } = this.a
    for (; this.#judged < placed.length; this.#judged++) {
      const { entry, leaf } = placed[this.#judged]!
      this.#audit.judge(entry, leaf)
    }
    const named = this.#audit.findings.filter(({ rule }) => rule !== 'AUD-3.coordinator_without_account')
    expect(named, placed.at(-1)!.entry.kind).toEqual([])
    this.#compare()
  }

  #compare(): void {
    const { book } = this.a
    const judged = this.#audit.book
    for (const one of judged.accounts.values()) {
      const { state, balance, open, promised } = accountOf(book, bytesFrom(one.key))!
      const ours = { closed: state === 'closed', suspended: state === 'suspended', balance, open, promised }
      const suspended = one.suspended && !one.closed
      expect({ ...pick(one, ['closed', 'balance', 'open', 'promised']), suspended }).toEqual(ours)
    }
    for (const one of judged.lines.values()) {
      const line = book.lineById.get(hexOf(one.key))!
      const { state, frozen, heard, writtenOff, susp, open, receipted } = line
      const ours = { state, frozen, heard, writtenOff, susp, open, receipted, clr: clearing(line) }
      expect(pick(one, Object.keys(ours) as (keyof typeof ours)[])).toEqual(ours)
      expect([one.reserved, one.promised]).toEqual([line.out.reserved, line.in.reserved])
    }
    for (const one of judged.sent.values()) expect(book.asPayer.stateOf(bytesFrom(one.id))).toBe(stateOf(one))
    const { own, clr, hold, susp } = totalsOf(judged)
    expect([own + clr, hold, susp]).toEqual([
      0,
      book.hold,
      book.lines.reduce((sum, one) => sum + one.susp, 0),
    ])
  }

  fresh(): number {
    return this.#number++
  }

  /** A request under this handle, or under the one of the last request. */
  endorse(handle: Bytes | null, terms: Pick<Body<'rcv.invoice'>, 'minutes' | 'expires' | 'uses'>): void {
    const used = handle ?? this.#endorsed
    this.#endorsed = used
    this.try('rcv.invoice', { ...terms, handle: used, category: 7, day: null, commitment: null })
    const judged = this.#audit.book.invoices
    expect(judged.size).toBe(this.a.book.invoices.size)
    for (const [index, one] of judged) {
      const { minutes, expires, uses } = one
      const ours = this.a.book.invoices.get(bytesFrom(one.handle))
      expect(ours).toMatchObject({ index, minutes, expires, uses, leaf: this.a.placed[index]!.leaf })
    }
  }

  /** Payments in one of these states. */
  paying(...states: PayerState[]) {
    const { asPayer } = this.a.book
    const rows = Array.from({ length: asPayer.size }, (_, row) => asPayer.at(row))
    return rows.filter((one) => states.includes(one.state) && one.line >= 0)
  }

  receiving(...states: string[]) {
    const { asPayee } = this.a.book
    const rows = Array.from({ length: asPayee.size }, (_, row) => asPayee.at(row))
    return rows.filter((one) => states.includes(one.state))
  }

  lineIdOf(payment: { readonly line: number }): Bytes {
    return this.a.book.lines[payment.line]!.id
  }

  /** Some line that was ever opened, most often the newest. */
  someLine(pick: number): Bytes {
    const { lines } = this.a.book
    return lines[pick % 4 === 3 ? 0 : lines.length - 1]!.id
  }
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>
}

const bytesFrom = (key: string): Bytes => new Uint8Array(Buffer.from(key, 'latin1'))

function stateOf(sent: Sent): PayerState {
  if (sent.abort >= 0) return 'dead'
  if (sent.commit < 0) return 'held'
  if (sent.returned >= 0) return 'returned'
  if (sent.done >= 0) return 'paid'
  return sent.cover >= 0 ? 'covered' : 'sent'
}

const at = <T>(list: readonly T[], n: number): T | null => (list.length === 0 ? null : list[n % list.length]!)

/** What may happen next; `x` and `y` choose the particulars. */
const STEPS: readonly ((walk: Walk, x: number, y: number) => void)[] = [
  function order(walk, x, y) {
    const { a, b } = walk
    if (lineWith(a.book, b.book.bank) === null) return
    const postal = x % 2 === 0
    const invoice = !postal && y % 3 === 0 ? b.ref(0) : null
    const one = orderFrom(
      { bank: a, account: walk.members[y % 2]! },
      { bank: b, handle: id16(7) },
      1 + (x % 90),
      {
        postal,
        invoice,
        nonce: id16(walk.fresh()),
      },
    )
    walk.try('pay.hold', holdOf(a, b, one))
    if ((postal || invoice !== null) && a.book.asPayer.stateOf(idOf(one)) === 'held')
      walk.try('pay.commit', commitOf(a, b, idOf(one)))
  },
  function commit(walk, x) {
    const held = at(walk.paying('held'), x)
    if (held !== null && held.decideBy >= walk.a.time)
      walk.try('pay.commit', commitOf(walk.a, walk.b, held.id))
  },
  function abort(walk, x) {
    const held = at(walk.paying('held'), x)
    if (held !== null) walk.try('pay.abort', { id: held.id, aid: held.aid, cause: 1 })
  },
  function done(walk, x) {
    const one = at(walk.paying('sent', 'covered'), x)
    if (one !== null) walk.try('pay.done', { id: one.id, aid: one.aid, credit: walk.b.ref(0) })
  },
  function giveBack(walk, x) {
    const one = at(walk.paying('sent', 'covered', 'paid'), x)
    if (one === null) return
    walk.try('pay.return', { id: one.id, aid: one.aid, line: walk.lineIdOf(one), waive: walk.b.ref(0) })
  },
  function promise(walk, x, y) {
    const { a, b } = walk
    if (lineWith(a.book, b.book.bank) === null) return
    const terms = { id: id32(walk.fresh()), payee: walk.members[y % 2]!, minutes: 1 + (x % 90) }
    walk.try('rcv.promise', promiseOf(a, b, terms))
  },
  function credit(walk, x, y) {
    const { a, b } = walk
    if (lineWith(a.book, b.book.bank) === null) return
    const held = y % 3 === 0 ? null : at(walk.receiving('promised'), x)
    const fresh = { id: id32(walk.fresh()), payee: walk.members[y % 2]!, minutes: 1 + (x % 90) }
    const kept = held && { id: held.id, payee: a.book.accounts[held.account]!.id, minutes: held.minutes }
    walk.try('rcv.credit', creditOf(a, b, kept ?? fresh))
  },
  function waive(walk, x, y) {
    const { a, b } = walk
    const held = at(walk.receiving('promised'), x)
    const id = held?.id ?? id32(walk.fresh())
    const line = held === null ? walk.someLine(x) : walk.lineIdOf(held)
    const answers = held === null || y % 2 === 0
    const inSeq = (lineOf(a.book, line)?.in.seq ?? 0) + 1
    walk.try('rcv.waive', {
      id,
      aid: id32(42),
      cause: 1 + (y % 7),
      parts: [{ line, inSeq: answers ? inSeq : null }],
      commit: answers ? b.ref(0) : null,
    })
  },
  function release(walk, x) {
    const held = at(walk.receiving('promised'), x)
    if (held !== null) walk.try('rcv.release', { id: held.id, aid: held.aid, evidence: walk.b.ref(0) })
  },
  function bounce(walk, x) {
    const one = at(
      walk.receiving('waived').filter(({ seq }) => seq === 0),
      x,
    )
    if (one === null) return
    const line = walk.a.book.lines[one.line]!
    const body = { id: one.id, aid: one.aid, line: line.id, inSeq: line.in.seq + 1, commit: walk.b.ref(0) }
    walk.try('rcv.bounce', body)
  },
  function endorse(walk, x, y) {
    const known = y % 3 === 0 && walk.a.book.invoices.size > 0
    const expires =
      walk.a.time + [0, 60, LIMITS.requestLongestSeconds, LIMITS.requestLongestSeconds + 1, -1][x % 5]!
    const minutes = x % 2 === 0 ? null : 1 + (x % 90)
    walk.endorse(known ? null : id16(walk.fresh()), { minutes, expires, uses: 1 + (y % 4) })
  },
  function wishToClose(walk, x) {
    walk.try('line.close', { line: walk.someLine(x), cause: 1, lastStatement: 0, peerEntry: null })
  },
  function close(walk, x) {
    walk.try('line.close', { line: walk.someLine(x), cause: 1, lastStatement: 0, peerEntry: walk.b.ref(0) })
  },
  function openAgain(walk, x) {
    const { a, b } = walk
    const terms = termsBetween(a, b, 600, 600, walk.fresh())
    if (lineWith(a.book, b.book.bank) !== null) return
    walk.try('line.open', { terms, peerEntry: x % 2 === 0 ? b.ref(0) : null })
    walk.try('line.open', { terms, peerEntry: b.ref(0) })
  },
  function thaw(walk, x, y) {
    const board = y % 3 === 0 ? null : at(BOARDS, y)
    const accepted = y % 7 === 6 ? walk.b.ref(0) : null
    walk.try('line.thaw', { line: walk.someLine(y), cause: 1 + (x % 3), board, accepted })
  },
  function comeBack(walk) {
    const line = lineWith(walk.a.book, walk.b.book.bank)
    if (line === null) return
    const all = { line: line.id, minutes: -line.writtenOff, board: BOARD }
    if (line.writtenOff > 0) walk.try('line.writeoff', all)
    walk.try('line.thaw', { line: line.id, cause: 3, board: BOARD, accepted: null })
  },
  function freeze(walk, x) {
    const line = lineWith(walk.a.book, walk.b.book.bank)
    if (line !== null && !line.frozen)
      walk.try('line.freeze', { line: line.id, cause: 1 + (x % 5), evidence: null })
  },
  function giveUp(walk, x, y) {
    if (x % 3 > 0) walk.a.time += LIMITS.deadSilenceSeconds
    walk.try('line.dead', { line: walk.someLine(x), board: BOARDS[x % 2 === 0 ? 0 : y % BOARDS.length]! })
  },
  function writeOff(walk, x, y) {
    const line = lineWith(walk.a.book, walk.b.book.bank)
    const claim = line === null ? 5 : y % 2 === 0 ? -clearing(line) : -line.writtenOff
    const minutes = x % 3 === 0 ? claim : claim - 3 + (x % 7)
    if (minutes === 0) return
    walk.try('line.writeoff', { line: walk.someLine(y), minutes, board: BOARDS[x % 4 === 0 ? y % 5 : 0]! })
  },
  function settle(walk, x, y) {
    const line = walk.someLine(y)
    const due = -(lineOf(walk.a.book, line)?.susp ?? 0)
    const minutes = x % 3 === 0 ? due : due - 3 + (x % 7)
    if (minutes !== 0) walk.try('susp.settle', { line, minutes, board: BOARDS[x % 4 === 0 ? y % 5 : 0]! })
  },
  function cover(walk, x, y) {
    const one = at(
      y % 3 === 0 ? walk.paying('held', 'covered', 'paid', 'returned', 'dead') : walk.paying('sent'),
      x,
    )
    const id = one?.id ?? id32(99)
    const line = one === null || y % 5 === 4 ? walk.someLine(y) : walk.lineIdOf(one)
    walk.try('pay.cover', { id, line, board: BOARDS[x % 4 === 0 ? y % 5 : 0]! })
  },
  function revoke(walk, x, y) {
    const actor = at([GONE, id16(904), id16(77), COORDINATOR], x)!
    if (y % 4 === 0) walk.try('role.revoke', { actor, cause: 1, nonce: id16(walk.fresh()) })
  },
  function leave(walk, x, y) {
    const account = accountOf(walk.a.book, walk.members[x % 2]!)!
    if (account.state !== 'closed' && y % 5 > 0) return
    if (account.state === 'closed') return walk.try('acct.close', closing(walk, account.id))
    if (account.balance !== 0 && account.state === 'open') {
      const legs = [[account.id, -account.balance] as const, [FUND, account.balance] as const]
      const intent = intentOf(walk.a, legs, { nonce: walk.fresh(), day: Math.floor(walk.a.time / DAY) })
      walk.try('exchange', { intent, channel: 2, auths: [word(null)], refs: [] })
    }
    walk.try('acct.close', closing(walk, account.id))
  },
  function help(walk, x, y) {
    const { a } = walk
    const [from, to] = x % 2 === 0 ? walk.members : [...walk.members].reverse()
    const minutes = 1 + (y % 90)
    const legs = [[from!, -minutes] as const, [to!, minutes] as const]
    const intent = intentOf(a, legs, { nonce: walk.fresh(), day: Math.floor(a.time / DAY) })
    const { exchanges } = a.book
    const old = y % 3 === 0 && exchanges.size > 0 ? exchanges.at(x % exchanges.size) : null
    const refs = old === null ? [] : [{ type: 1, value: old }]
    walk.try('exchange', { intent, channel: 2, auths: [word(null)], refs })
  },
  function takeBack(walk, x, y) {
    const { exchanges } = walk.a.book
    if (exchanges.size === 0) return
    const row = y % 2 === 0 ? exchanges.size - 1 : x % exchanges.size
    const actor = y % 7 === 6 ? GONE : COORDINATOR
    walk.try('reverse', {
      index: exchanges.indexOf(row) + (x % 11 === 10 ? 1 : 0),
      id: x % 13 === 12 ? id32(99) : exchanges.at(row),
      cause: 1 + (x % 7),
      auths: [{ form: 2, actor, onBehalfOf: y % 5 === 4 ? walk.members[0]! : null, reason: 6, second: null }],
      commitment: id32(60),
      nonce: id16(walk.fresh()),
    })
  },
  function redact(walk, x, y) {
    const { size } = walk.a.book
    const near = size - 5 + (x % 6)
    const targets =
      y % 2 === 0 ? [x % size, near].slice(0, 1 + (x % 2)) : [at([...walk.members, id16(77)], x)!]
    walk.try('redact', {
      scope: x % 9 === 8 ? 2 - (y % 2) : 1 + (y % 2),
      reason: 1 + (x % 4),
      targets: targets as number[] | Bytes[],
      nonce: id16(walk.fresh()),
    })
  },
  function suspend(walk, x) {
    const account = accountOf(walk.a.book, walk.members[x % 2]!)!
    if (account.state === 'closed') return
    const on = account.state === 'open'
    walk.try('acct.suspend', { acct: account.id, on, cause: 2, nonce: id16(walk.fresh()) })
  },
  function seen(walk) {
    const signature = new Uint8Array(64)
    const bank = walk.a.time % 2 === 0 ? walk.b.book.bank : id20(3)
    walk.try('seen', { bank, epoch: 0, size: 9, root: id32(1), signature })
  },
  function later(walk, x) {
    walk.a.time += [1, 3_601, 8 * DAY, LIMITS.deadSilenceSeconds][x % 4]!
  },
  // A bank that owes and goes silent is rare by chance alone.
  function loss(walk, x, y) {
    const { a, b } = walk
    const line = lineWith(a.book, b.book.bank)
    if (line?.state !== 'open' || y % 3 !== 0) return
    STEPS[0]!(walk, x * 2, y)
    walk.try(
      'rcv.credit',
      creditOf(a, b, { id: id32(walk.fresh()), payee: walk.members[0]!, minutes: 90 + (x % 90) }),
    )
    a.time += LIMITS.deadSilenceSeconds
    walk.try('line.dead', { line: line.id, board: BOARD })
  },
]

const closing = (walk: Walk, acct: Bytes): Body<'acct.close'> => ({
  acct,
  cause: 1,
  nonce: id16(walk.fresh()),
})

test('[AUD-2] both reducers agree on every entry a bank may write about help, lines, payments and its board', () => {
  const met = { accepted: new Map<Kind, number>(), refused: new Map<Kind, number>() }
  const step = fc.noBias(fc.tuple(fc.nat(STEPS.length - 1), fc.nat(999), fc.nat(999)))
  fc.assert(
    fc.property(fc.array(step, { minLength: 120, maxLength: 130 }), (steps) => {
      const walk = new Walk()
      for (const [n, x, y] of steps) STEPS[n]!(walk, x, y)
      for (const how of ['accepted', 'refused'] as const)
        for (const [kind, count] of walk[how]) met[how].set(kind, (met[how].get(kind) ?? 0) + count)
    }),
    { numRuns: 200, seed: 2_026 },
  )
  for (const kind of JUDGED_ALIKE) {
    expect(met.accepted.get(kind) ?? 0, `${kind} accepted`).toBeGreaterThan(5)
    expect(met.refused.get(kind) ?? 0, `${kind} refused`).toBeGreaterThan(5)
  }
})

test('what a walk compares it would notice: a figure that is off is a failure', () => {
  const walk = new Walk()
  expect(keyOf(walk.a.book.bank).length).toBe(20)
  lineWith(walk.a.book, walk.b.book.bank)!.open += 1
  const { id } = walk.a.book.lines[0]!
  expect(() => walk.try('line.freeze', { line: id, cause: 1, evidence: null })).toThrow(/open/)
  expect(toHex(id)).toHaveLength(32)
})
