/**
 * Can everything end? The production tables are walked: each of their steps is written into a real log, and wherever
 * no step leads on, nothing is left reserved. The states of a line follow, each with a way out that is carried out.
 */

import { describe, expect, test } from 'vitest'
import { type Bytes, toHex } from '../../../src/core/ids.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import type { Line, LineState } from '../../../src/core/line.ts'
import { lineIdOf } from '../../../src/core/sign.ts'
import { PAYEE, type PayeeEntry, type PayeeInput, type PayeeState } from '../../../src/core/transfer/payee.ts'
import { PAYER, type PayerEntry, type PayerInput, type PayerState } from '../../../src/core/transfer/payer.ts'
import {
  BookLog,
  commitOf,
  creditOf,
  holdOf,
  id16,
  id32,
  idOf,
  joinBanks,
  orderFrom,
  promiseOf,
  termsBetween,
} from '../ledger/books.ts'

const BOARD = [id16(901), id16(902)]

class Scene {
  readonly a = BookLog.founded(1)
  readonly b = BookLog.founded(2)
  readonly ada: Bytes

  constructor() {
    joinBanks(this.a, this.b)
    for (const [i, actor] of BOARD.entries())
      this.a.add('role.grant', { actor, role: 2, ownAcct: null, until: null, nonce: id16(910 + i) })
    this.ada = this.a.member(1)
  }

  get line(): Line {
    return this.a.line(this.b)
  }

  giveUp(): void {
    if (this.line.state === 'dead') return
    this.a.time += LIMITS.deadSilenceSeconds
    this.a.add('line.dead', { line: this.line.id, board: BOARD })
  }

  /** What is set aside or counted for payments that are not over. */
  get reserved(): readonly number[] {
    const { hold } = this.a.book
    const { open, out, in: incoming } = this.line
    const { open: waiting, promised } = this.a.account(this.ada)
    return [hold, open, out.reserved, incoming.reserved, waiting, promised]
  }
}

/** A table as data: what every state does about every input. */
type Table<S extends string, I extends string> = {
  readonly [X in S]: { readonly [Y in I]?: { readonly next: S } }
}

/** Every way of at most four inputs from `none` to each state. */
function waysTo<S extends string, I extends string>(table: Table<S, I>, state: S): I[][] {
  const found: I[][] = []
  const walk = (at: S, way: I[]): void => {
    if (at === state) found.push(way)
    if (way.length === 4) return
    for (const [input, step] of Object.entries(table[at]) as [I, { next: S }][])
      if (step.next !== at) walk(step.next, [...way, input])
  }
  walk('none' as S, [])
  return found
}

/** Whether a bank alone may wait no more: a state from which some way leads to one where nothing waits. */
function leadsOut<S extends string, I extends string>(
  table: Table<S, I>,
  from: S,
  waits: ReadonlySet<S>,
): boolean {
  const seen = new Set<S>()
  const look = (state: S): boolean => {
    if (!waits.has(state)) return true
    if (seen.has(state)) return false
    seen.add(state)
    return Object.values<{ next: S }>(table[state] as Record<string, { next: S }>).some(({ next }) =>
      look(next),
    )
  }
  return look(from)
}

describe("every step of the payer's bank's table is written, and what is over holds nothing", () => {
  function write(scene: Scene, id: Bytes, entry: PayerEntry, input: PayerInput): string | null {
    const { a, b, line } = scene
    const aid = id32(42)
    switch (entry) {
      case 'pay.hold':
        return a.try('pay.hold', holdOf(a, b, orderOf(scene, input)))
      case 'pay.commit':
        return a.try('pay.commit', commitOf(a, b, id))
      case 'pay.abort':
        return a.try('pay.abort', { id, aid: null, cause: 1 })
      case 'pay.cover':
        scene.giveUp()
        return a.try('pay.cover', { id, line: line.id, board: BOARD })
      case 'pay.return':
        return a.try('pay.return', { id, aid, line: line.id, waive: b.ref(0) })
      case 'pay.done':
        return a.try('pay.done', { id, aid, credit: b.ref(0) })
    }
  }
  const orderOf = ({ a, b, ada }: Scene, input: PayerInput) =>
    orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 60, {
      postal: input === 'orderByPost',
      invoice: input === 'orderByInvoice' ? b.ref(0) : null,
    })

  function follow(way: readonly PayerInput[]): { scene: Scene; id: Bytes; broken: string | null } {
    const scene = new Scene()
    const id = idOf(orderOf(scene, way[0] ?? 'order'))
    let state: PayerState = 'none'
    let broken: string | null = null
    for (const input of way) {
      const step: { readonly entries: readonly PayerEntry[]; readonly next: PayerState } =
        PAYER[state][input]!
      for (const entry of step.entries) broken ??= write(scene, id, entry, input)
      state = step.next
      if (broken === null) expect(scene.a.book.asPayer.stateOf(id)).toBe(state)
      expect(bookSum(scene.a.book)).toBe(0)
    }
    return { scene, id, broken }
  }

  const waits = new Set<PayerState>(['none', 'held', 'sent', 'covered'])
  for (const state of Object.keys(PAYER) as PayerState[]) {
    test(`[PAY-18] ${state}`, () => {
      const ways = waysTo<PayerState, PayerInput>(PAYER, state)
      expect(ways.length).toBeGreaterThan(0)
      for (const input of Object.keys(PAYER[state]) as PayerInput[]) {
        const outcomes = ways.map((way) => follow([...way, input]).broken)
        expect(outcomes, input).toContain(null)
      }
      expect(leadsOut<PayerState, PayerInput>(PAYER, state, waits)).toBe(true)
      for (const way of ways) {
        const { scene, id } = follow(way)
        const open = [...scene.a.book.asPayer.open()].some((one) => toHex(one.id) === toHex(id))
        expect(open).toBe(waits.has(state) && state !== 'none')
        if (!open) expect(scene.reserved).toEqual([0, 0, 0, 0, 0, 0])
      }
      if (!waits.has(state)) return
      // Whoever is named as waited for may be gone for ever: the bank gets there alone, with its board at worst.
      const alone: readonly PayerInput[] = ['cancel', 'overdue', 'cover']
      const own = Object.keys(PAYER[state]).some((input) => alone.includes(input as PayerInput))
      expect(own || state === 'none' || state === 'covered').toBe(true)
    })
  }
})

describe("every step of the payee's bank's table is written, and what is over holds nothing", () => {
  const id = id32(5)
  const unasked: readonly PayeeInput[] = ['graceOver', 'recall', 'closing']

  function write(scene: Scene, entry: PayeeEntry, input: PayeeInput): string | null {
    const { a, b, ada, line } = scene
    const [aid, commit, inSeq] = [id32(42), b.ref(0), line.in.seq + 1]
    const terms = { id, payee: ada, minutes: 60 }
    switch (entry) {
      case 'rcv.promise':
        return a.try('rcv.promise', promiseOf(a, b, terms))
      case 'rcv.credit':
        return a.try('rcv.credit', creditOf(a, b, terms))
      case 'rcv.waive': {
        const answers = !unasked.includes(input)
        const parts = [{ line: line.id, inSeq: answers ? inSeq : null }]
        return a.try('rcv.waive', { id, aid, cause: 1, parts, commit: answers ? commit : null })
      }
      case 'rcv.release':
        return a.try('rcv.release', { id, aid, evidence: b.ref(0) })
      case 'rcv.bounce':
        return a.try('rcv.bounce', { id, aid, line: line.id, inSeq, commit })
    }
  }

  function follow(way: readonly PayeeInput[]): { scene: Scene; broken: string | null } {
    const scene = new Scene()
    let state: PayeeState = 'none'
    let broken: string | null = null
    for (const input of way) {
      const step: { readonly entry: PayeeEntry; readonly next: PayeeState } = PAYEE[state][input]!
      broken ??= write(scene, step.entry, input)
      state = step.next
      if (broken === null) expect(scene.a.book.asPayee.stateOf(id)).toBe(state)
      expect(bookSum(scene.a.book)).toBe(0)
    }
    return { scene, broken }
  }

  const waits = new Set<PayeeState>(['none', 'promised'])
  for (const state of Object.keys(PAYEE) as PayeeState[]) {
    test(`[PAY-18] ${state}`, () => {
      const ways = waysTo<PayeeState, PayeeInput>(PAYEE, state)
      expect(ways.length).toBeGreaterThan(0)
      for (const input of Object.keys(PAYEE[state]) as PayeeInput[]) {
        const outcomes = ways.map((way) => follow([...way, input]).broken)
        expect(outcomes, input).toContain(null)
      }
      expect(leadsOut<PayeeState, PayeeInput>(PAYEE, state, waits)).toBe(true)
      for (const way of ways) {
        const { scene } = follow(way)
        const open = [...scene.a.book.asPayee.open()].length > 0
        expect(open).toBe(state === 'promised')
        if (!open) expect(scene.reserved).toEqual([0, 0, 0, 0, 0, 0])
      }
    })
  }
})

/** How a line in each state is left, down to `closed` or `open`; a new state does not compile without a way. */
const LINE_EXITS: Readonly<Record<LineState, readonly ((scene: Scene) => LineState)[]>> = {
  proposed: [
    () => {
      const [a, b] = [BookLog.founded(1), BookLog.founded(2)]
      const terms = termsBetween(a, b, 600, 600)
      a.add('line.open', { terms, peerEntry: null })
      a.add('line.close', { line: lineIdOf(terms), cause: 1, lastStatement: 0, peerEntry: null })
      return a.book.lines[0]!.state
    },
  ],
  open: [
    ({ a, line }) => {
      a.add('line.close', { line: line.id, cause: 1, lastStatement: 0, peerEntry: null })
      return line.state
    },
    (scene) => {
      const { line } = scene
      scene.giveUp()
      return line.state
    },
  ],
  closing: [
    ({ a, b, line }) => {
      a.add('line.close', { line: line.id, cause: 1, lastStatement: 0, peerEntry: null })
      a.add('line.close', { line: line.id, cause: 1, lastStatement: 0, peerEntry: b.ref(0) })
      return line.state
    },
    ({ a, line }) => {
      a.add('line.close', { line: line.id, cause: 1, lastStatement: 0, peerEntry: null })
      a.add('line.thaw', { line: line.id, cause: 2, board: null, accepted: null })
      return line.state
    },
    (scene) => {
      const { a, line } = scene
      a.add('line.close', { line: line.id, cause: 1, lastStatement: 0, peerEntry: null })
      scene.giveUp()
      return line.state
    },
  ],
  dead: [
    (scene) => {
      const { a, line } = scene
      scene.giveUp()
      a.add('line.thaw', { line: line.id, cause: 3, board: BOARD, accepted: null })
      return line.state
    },
  ],
  closed: [],
}

describe('every state of a line is left, or is the end with nothing owed and nothing open', () => {
  for (const [state, ways] of Object.entries(LINE_EXITS)) {
    test(`[PAY-18] [LINE-10] ${state}`, () => {
      const reached = ways.map((way) => way(new Scene()))
      for (const next of reached) expect(next).not.toBe(state)
      expect(ways.length > 0).toBe(state !== 'closed')
    })
  }

  test('[PAY-18] [LINE-10] what a dead bank owes leaves the books through the pot, and the rest by cover', () => {
    const scene = new Scene()
    const { a, b, ada, line } = scene
    a.add('rcv.promise', promiseOf(a, b, { id: id32(5), payee: ada, minutes: 90 }))
    a.add('rcv.credit', creditOf(a, b, { id: id32(5), payee: ada, minutes: 90 }))
    const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 60)
    a.add('pay.hold', holdOf(a, b, order))
    a.add('pay.commit', commitOf(a, b, idOf(order)))
    scene.giveUp()
    a.add('pay.cover', { id: idOf(order), line: line.id, board: BOARD })
    a.add('line.writeoff', { line: line.id, minutes: 30, board: BOARD })
    a.add('susp.settle', { line: line.id, minutes: 30, board: BOARD })
    expect([a.account(ada).balance, a.book.fund?.balance, line.susp]).toEqual([90, -90, 0])
    expect([a.account(ada).open, bookSum(a.book)]).toEqual([0, 0])
  })
})
