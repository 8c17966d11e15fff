import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bench,
  type Book,
  keyOf,
  openBook,
  type Received,
  type Sent,
} from '../../src/core/audit/book.ts'
import type { Finding } from '../../src/core/audit/finding.ts'
import { joinLogs } from '../../src/core/audit/join.ts'
import { outcomeOf, type PaymentOutcome } from '../../src/core/audit/outcome.ts'
import { judgeEntry, totalsOf } from '../../src/core/audit.ts'
import { decode } from '../../src/core/codec.ts'
import { decodeEntry } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { type BankLog, World } from '../audit/log-builder.ts'

interface Judged {
  readonly book: Book
  readonly leaves: readonly Bytes[]
  readonly findings: Finding[]
}

/** Judges entries of a log in this order, and calls `each` after every one. */
function judge(log: BankLog, order: readonly number[], each: (book: Book) => void = () => {}): Judged {
  const book = openBook(log.bank, 0)
  const findings: Finding[] = []
  const bench: Bench = {
    decode(bytes) {
      const decoded = decode(bytes)
      return decoded.ok ? decoded.value : undefined
    },
    report: (finding) => findings.push(finding),
    verify: () => {},
  }
  const leaves: Bytes[] = []
  for (const index of order) {
    const read = decodeEntry(log.entries[index] as Bytes)
    if (!read.ok) throw new Error(read.problem)
    leaves.push(log.leaves[index] as Bytes)
    judgeEntry(book, bench, read.entry, log.leaves[index] as Bytes)
    each(book)
  }
  return { book, leaves, findings }
}

const inOrder = (log: BankLog) => log.entries.map((_, index) => index)

function join(judged: readonly Judged[], cut = false) {
  const findings: Finding[] = []
  const logs = judged.map(({ book, leaves }) => ({
    book,
    leafAt: (i: number) => leaves[i] ?? new Uint8Array(),
    cut,
  }))
  const joined = joinLogs(logs, { now: 0, blamed: new Set(), report: (finding) => findings.push(finding) })
  return { joined, findings }
}

describe('one book', () => {
  const { harbour, millbrook } = new World()

  test('[PAY-7] [LOG-3] every book sums to zero after every entry', () => {
    for (const log of [harbour, millbrook]) {
      const { findings } = judge(log, inOrder(log), (book) => {
        const { own, clr } = totalsOf(book)
        expect(own + clr).toBe(0)
      })
      expect(findings).toEqual([])
    }
  })

  test('[PAY-8] minutes are held only while the payer’s bank is undecided', () => {
    const story: [string, number][] = [
      ['paid hold', 60],
      ['paid commit', 0],
      ['aborted hold', 20],
      ['aborted abort', 0],
      ['flying hold', 25],
      ['flying commit', 0],
    ]
    for (const [label, held] of story) {
      const upTo = inOrder(harbour).slice(0, harbour.at(label) + 1)
      expect(judge(harbour, upTo).book.held).toBe(held)
    }
  })

  test('[LOG-14] the law holds over both books at the end of the story', () => {
    const totals = [harbour, millbrook].map((log) => totalsOf(judge(log, inOrder(log)).book))
    expect(totals.map(({ own }) => own)).toEqual([-90, 65])
    expect(totals.map(({ clr }) => clr)).toEqual([90, -65])
    expect(totals.map(({ outstanding, largestDebt }) => [outstanding, largestDebt])).toEqual([
      [150, 60],
      [65, 0],
    ])
  })
})

describe('two books', () => {
  const { harbour, millbrook } = new World()
  const books = () => [judge(harbour, inOrder(harbour)), judge(millbrook, inOrder(millbrook))]

  test('[AUD-5] mirrors are equal but for what is in flight', () => {
    const { joined, findings } = join(books())
    expect(findings).toEqual([])
    expect(joined.mirrors.map(({ difference, inFlight }) => [difference, inFlight])).toEqual([[0, 25]])
    expect(joined.missing.size).toBe(0)
  })

  test('[AUD-5] a book whose line does not follow from its payments is noticed', () => {
    const [one, two] = books()
    const line = [...(one?.book.lines.values() ?? [])][0]
    if (one === undefined || two === undefined || line === undefined) throw new Error('there is a line')
    line.clr += 5
    const { findings } = join([one, two])
    expect(findings.map(({ rule }) => rule)).toEqual(['AUD-5.mirror_differs'])
  })

  test('[AUD-11] logs that are cut are judged by nobody', () => {
    const { joined, findings } = join(books(), true)
    expect(findings).toEqual([])
    expect([...joined.missing].sort()).toEqual([harbour.bank, millbrook.bank].map(keyOf).sort())
  })

  test('entries in any order and number are judged without a crash', () => {
    const shuffled = (log: BankLog) => fc.shuffledSubarray(inOrder(log), { minLength: 1 })
    fc.assert(
      fc.property(shuffled(harbour), shuffled(millbrook), (one, two) => {
        const { joined } = join([judge(harbour, one), judge(millbrook, two)])
        expect(Object.values(joined.payments).every((count) => count >= 0)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('[PAY-1] the outcome of a payment, from two logs alone', () => {
  const id = toHex(new Uint8Array(32))
  const sentWith = (fields: Partial<Sent>): Sent => ({
    id,
    aid: id,
    line: null,
    payer: null,
    minutes: 60,
    category: 0,
    day: 0,
    decideBy: 1_000,
    mode: 1,
    invoice: null,
    hold: 5,
    commit: -1,
    abort: -1,
    cover: -1,
    returned: -1,
    done: -1,
    outSeq: 0,
    bundle: null,
    waive: null,
    credit: null,
    ...fields,
  })
  const book = judge(new World().millbrook, inOrder(new World().millbrook)).book
  const line = [...book.lines.values()][0]
  if (line === undefined) throw new Error('there is a line')
  const receivedWith = (fields: Partial<Received>): Received => ({
    id,
    aid: id,
    line,
    payee: null,
    minutes: 60,
    category: 0,
    day: 0,
    decideBy: 1_000,
    promise: 7,
    credit: -1,
    waive: -1,
    release: -1,
    bounce: -1,
    inSeq: 0,
    commit: null,
    evidence: null,
    earlier: null,
    ...fields,
  })
  const answered = { epoch: 0, index: 6, leaf: id }

  /** payer's bank, payee's bank, last entry of the payer's bank (null: log missing), outcome */
  const table: [Partial<Sent> | null, Partial<Received> | 'missing' | null, number | null, PaymentOutcome][] =
    [
      [{ commit: 6 }, { credit: 8 }, 2_000, 'paid'],
      [{ commit: 6 }, { waive: 8 }, 2_000, 'returning'],
      [{ commit: 6, returned: 9 }, { waive: 8 }, 2_000, 'returned'],
      [{ commit: 6, returned: 9 }, { credit: 8, waive: 9 }, 2_000, 'paid'],
      [{ commit: 6 }, {}, 2_000, 'in_transit'],
      [{ commit: 6 }, null, 2_000, 'in_transit'],
      [{ abort: 6 }, {}, 500, 'never'],
      [{ abort: 6 }, { credit: 8 }, 500, 'never'],
      [{}, {}, 1_001, 'never'],
      [{}, {}, 1_000, 'undecided'],
      [{}, null, 500, 'undecided'],
      [{ commit: 6, done: 9 }, 'missing', 2_000, 'paid'],
      [{ commit: 6, returned: 9 }, 'missing', 2_000, 'returned'],
      [{ commit: 6 }, 'missing', 2_000, 'in_transit'],
      [null, { credit: 8 }, null, 'paid'],
      [null, { waive: 8, commit: answered }, null, 'returned'],
      [null, { waive: 8 }, null, 'undecided'],
      [null, { release: 8 }, null, 'never'],
      [null, {}, null, 'undecided'],
      [null, {}, 1_001, 'never'],
    ]
  for (const [sent, received, ends, outcome] of table) {
    test(`${JSON.stringify(sent)} and ${JSON.stringify(received)} until ${ends}: ${outcome}`, () => {
      const logs = {
        sent: sent === null ? null : sentWith(sent),
        received: received === null || received === 'missing' ? null : receivedWith(received),
        payerLogEnds: ends,
        payeeLogHeld: received !== 'missing',
      }
      expect(outcomeOf(logs)).toBe(outcome)
    })
  }
})
