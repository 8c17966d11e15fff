import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/ids.ts'
import { bookSum } from '../../../src/core/ledger/book.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { clearing, roomToSend } from '../../../src/core/line.ts'
import type { Order } from '../../../src/core/transfer/order.ts'
import {
  BookLog,
  COORDINATOR,
  commitOf,
  expectRefused,
  holdOf,
  id16,
  id32,
  idOf,
  intentOf,
  joinBanks,
  orderFrom,
  RULES,
  word,
} from './books.ts'

interface Sending {
  a: BookLog
  b: BookLog
  ada: Bytes
  order: (minutes: number, more?: Partial<Order>) => Order
}

function sending(limit = 600, rules: Parameters<typeof BookLog.founded>[1] = {}): Sending {
  const a = BookLog.founded(1, rules)
  const b = BookLog.founded(2)
  joinBanks(a, b, limit, limit)
  const ada = a.member(1)
  let nonce = 100
  const order = (minutes: number, more: Partial<Order> = {}): Order =>
    orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, minutes, {
      nonce: id16(nonce++),
      ...more,
    })
  return { a, b, ada, order }
}

/** Held and committed; gives the order's id. */
function sent({ a, b }: Sending, order: Order): Bytes {
  a.add('pay.hold', holdOf(a, b, order))
  a.add('pay.commit', commitOf(a, b, idOf(order)))
  return idOf(order)
}

const from = (bank: BookLog, index = 0) => ({ bank: bank.book.bank, epoch: 0, index, leaf: id32(8) })

describe('a hold', () => {
  test('[PAY-8] sets the minutes aside, reserves the line, and posts nothing to the neighbour', () => {
    const all = sending()
    const { a, b, ada, order } = all
    a.add('pay.hold', holdOf(a, b, order(60)))
    expect(a.account(ada)).toMatchObject({ balance: -60, open: 1 })
    expect(a.book.hold).toBe(60)
    expect(a.line(b)).toMatchObject({ open: 1, out: { reserved: 60, sum: 0, seq: 0 } })
    expect([clearing(a.line(b)), bookSum(a.book)]).toEqual([0, 0])
  })

  test('[LINE-3] takes what the line has room for and not a minute more', () => {
    const { a, b, order } = sending(100)
    a.add('pay.hold', holdOf(a, b, order(60)))
    expectRefused(a, 'pay.hold', holdOf(a, b, order(41)), /line_full/)
    a.add('pay.hold', holdOf(a, b, order(40)))
    expect(roomToSend(a.line(b))).toBe(0)
    expectRefused(a, 'pay.hold', holdOf(a, b, order(1)), /line_full/)
  })

  test('[PAY-14] is checked against the stop of the class, else against that of crossings', () => {
    const stop = { ...RULES.classes[0]!, stopLow: -50 }
    const rules = { classes: [stop, ...RULES.classes.slice(1)] }
    const strict = sending(600, rules)
    expectRefused(strict.a, 'pay.hold', holdOf(strict.a, strict.b, strict.order(51)), /payer_stop/)
    strict.a.add('pay.hold', holdOf(strict.a, strict.b, strict.order(50)))
    const usual = sending(6_000)
    expectRefused(usual.a, 'pay.hold', holdOf(usual.a, usual.b, usual.order(2_401)), /payer_stop/)
    usual.a.add('pay.hold', holdOf(usual.a, usual.b, usual.order(2_400)))
    const none = sending(6_000, { crossingLow: null })
    none.a.add('pay.hold', holdOf(none.a, none.b, none.order(6_000)))
  })

  test('[PAY-19] [R5] its deadline lies between now and eight days ahead', () => {
    const { a, b, order } = sending()
    const by = (decideBy: number) => holdOf(a, b, order(5, { decideBy }))
    expectRefused(a, 'pay.hold', by(a.time - 1), /order_expired/)
    expectRefused(a, 'pay.hold', by(a.time + LIMITS.decideAheadSeconds + 1), /deadline_too_far/)
    a.add('pay.hold', by(a.time))
    a.add('pay.hold', by(a.time + LIMITS.decideAheadSeconds))
  })

  test('[LINE-11] an id is open on the line until it is decided and answered; 512 of them fill it', () => {
    const { a, b, order } = sending()
    a.line(b).open = LIMITS.openIdsPerLine
    expectRefused(a, 'pay.hold', holdOf(a, b, order(1)), /line_too_busy/)
    a.line(b).open = LIMITS.openIdsPerLine - 1
    a.add('pay.hold', holdOf(a, b, order(1)))
  })

  test('[PAY-5] an id is held once', () => {
    const { a, b, order } = sending()
    const one = order(5)
    a.add('pay.hold', holdOf(a, b, one))
    expectRefused(a, 'pay.hold', holdOf(a, b, one), /known already/)
  })

  test('[TEST-2] is refused for every other reason by name', () => {
    const { a, b, ada, order } = sending()
    const body = (more: Partial<Order> = {}) => holdOf(a, b, order(5, more))
    const { auths: _, ...unsigned } = body()
    expectRefused(a, 'pay.hold', { ...body(), order: new Uint8Array(9) }, /malformed/)
    expectRefused(a, 'pay.hold', body({ payer: id16(77) }), /account_unknown/)
    expectRefused(a, 'pay.hold', body({ payerBank: b.book.bank }), /account_unknown/)
    expectRefused(a, 'pay.hold', body({ payeeBank: a.book.bank }), /own_bank/)
    expectRefused(a, 'pay.hold', body({ payeeBank: new Uint8Array(20) }), /line_missing/)
    expectRefused(a, 'pay.hold', { ...unsigned, auths: [] }, /not_covered/)
    expectRefused(a, 'pay.hold', { ...unsigned, auths: [word(id16(77))] }, /not_covered/)
    const [part] = body().parts
    const parts = (more: object) => ({ ...body(), parts: [{ ...part!, ...more }] })
    expectRefused(a, 'pay.hold', parts({ line: id16(77) }), /part is not the order's/)
    expectRefused(a, 'pay.hold', parts({ minutes: 6 }), /part is not the order's/)
    expectRefused(a, 'pay.hold', parts({ lineVersion: 2 }), /another version/)
    expectRefused(a, 'pay.hold', { ...body(), parts: [part!, part!] }, /one part/)
    expectRefused(a, 'pay.hold', { ...body(), mode: 2 }, /mode is not the order's/)
    expectRefused(a, 'pay.hold', { ...body({ postal: true }), mode: 1 }, /mode is not the order's/)
    expectRefused(a, 'pay.hold', { ...body({ invoice: b.ref(0) }), mode: 1 }, /mode is not the order's/)
    expectRefused(a, 'pay.hold', { ...body(), mode: 4 }, /mode is not the order's/)
    expectRefused(a, 'pay.hold', { ...body(), channel: 6 }, /never imported/)
    a.add('acct.suspend', { acct: ada, on: true, cause: 1, nonce: id16(9) })
    expectRefused(a, 'pay.hold', body(), /account_suspended/)
    a.add('acct.close', { acct: ada, cause: 1, nonce: id16(9) })
    expectRefused(a, 'pay.hold', body(), /account_closed/)
  })

  test("[INV-2] a request it cites is one of the payee's bank, and what cites one goes by post never", () => {
    const { a, b, order } = sending()
    const elsewhere = { ...b.ref(0), bank: a.book.bank }
    expectRefused(a, 'pay.hold', holdOf(a, b, order(5, { invoice: elsewhere })), /order_malformed/)
    const both = order(5, { invoice: b.ref(0), postal: true })
    expectRefused(a, 'pay.hold', holdOf(a, b, both), /order_malformed/)
    const asked = order(5, { invoice: b.ref(0) })
    a.add('pay.hold', holdOf(a, b, asked))
    a.add('pay.commit', commitOf(a, b, idOf(asked)))
    expect(a.book.asPayer.get(idOf(asked))).toMatchObject({ state: 'sent', mode: 4, seq: 1 })
  })

  test('[LINE-10] none passes a line that is proposed, paused or closed', () => {
    const { a, b, order } = sending()
    const body = holdOf(a, b, order(5))
    a.add('line.freeze', { line: a.line(b).id, cause: 1, evidence: null })
    expectRefused(a, 'pay.hold', body, /line_paused/)
    a.line(b).state = 'proposed'
    expectRefused(a, 'pay.hold', body, /line_proposed/)
    a.line(b).state = 'closed'
    expectRefused(a, 'pay.hold', body, /line_closed/)
  })

  test('[LOG-7] above the bound of the rules it needs a second coordinator', () => {
    const { a, b, ada, order } = sending(600, { secondOver: 60 })
    a.add('role.grant', { actor: id16(20), role: 1, ownAcct: null, until: null, nonce: id16(9) })
    const large = holdOf(a, b, order(61))
    expectRefused(a, 'pay.hold', large, /coordinator_unknown/)
    expectRefused(
      a,
      'pay.hold',
      { ...large, auths: [word(ada, { second: COORDINATOR })] },
      /coordinator_unknown/,
    )
    a.add('pay.hold', { ...large, auths: [word(ada, { second: id16(20) })] })
  })
})

describe('a commit', () => {
  test('[LINE-2] posts what was held, as the next link of the chain', () => {
    const all = sending()
    const { a, b, ada, order } = all
    sent(all, order(60))
    const first = a.placed.at(-1)!
    sent(all, order(30))
    expect(a.line(b).out).toMatchObject({ seq: 2, sum: 90, reserved: 0 })
    expect(a.line(b).out.chain).toEqual(a.placed.at(-1)!.leaf)
    expect(a.line(b).posts).toEqual([a.book.size - 3, a.book.size - 1])
    expect(first.leaf).not.toEqual(a.line(b).out.chain)
    expect([clearing(a.line(b)), a.book.hold, bookSum(a.book)]).toEqual([90, 0, 0])
    expect(a.account(ada)).toMatchObject({ balance: -90, received: 90, open: 2 })
  })

  test('[R5] counts up to its deadline and not a second later', () => {
    const { a, b, order } = sending()
    const one = order(5)
    a.add('pay.hold', holdOf(a, b, one))
    a.time = one.decideBy + 1
    expectRefused(a, 'pay.commit', commitOf(a, b, idOf(one)), /after its deadline/)
    const in_ = sending()
    const other = in_.order(5)
    in_.a.add('pay.hold', holdOf(in_.a, in_.b, other))
    in_.a.time = other.decideBy
    in_.a.add('pay.commit', commitOf(in_.a, in_.b, idOf(other)))
  })

  test('[R3] of commit and abort there is one per id', () => {
    const all = sending()
    const { a, b, order } = all
    const id = sent(all, order(5))
    const again = { ...a.placed.at(-1)!.entry.body } as ReturnType<typeof commitOf>
    expectRefused(a, 'pay.commit', again, /does not follow sent/)
    expectRefused(a, 'pay.abort', { id, aid: null, cause: 1 }, /does not follow sent/)
    const other = order(5)
    a.add('pay.hold', holdOf(a, b, other))
    const late = commitOf(a, b, idOf(other))
    a.add('pay.abort', { id: idOf(other), aid: null, cause: 1 })
    expectRefused(a, 'pay.commit', late, /does not follow dead/)
    expectRefused(a, 'pay.abort', { id: idOf(other), aid: null, cause: 1 }, /does not follow dead/)
    expectRefused(a, 'pay.commit', { ...late, id: id32(77) }, /does not follow none/)
  })

  test('[LINE-2] names the terms of its hold and follows the last posting', () => {
    const { a, b, order } = sending()
    const one = order(60)
    a.add('pay.hold', holdOf(a, b, one))
    const good = commitOf(a, b, idOf(one))
    const part = good.parts[0]!
    for (const more of [{ aid: id32(77) }, { minutes: 61 }, { decideBy: good.decideBy + 1 }]) {
      expectRefused(a, 'pay.commit', { ...good, ...more }, /other terms/)
    }
    for (const more of [{ line: id16(77) }, { minutes: 61 }]) {
      expectRefused(a, 'pay.commit', { ...good, parts: [{ ...part, ...more }] }, /not the hold's/)
    }
    for (const more of [{ outSeq: 2 }, { outSum: 61 }, { prevOut: id32(1) }]) {
      expectRefused(
        a,
        'pay.commit',
        { ...good, parts: [{ ...part, ...more }] },
        /does not follow the last one/,
      )
    }
    expectRefused(a, 'pay.commit', { ...good, parts: [part, part] }, /one part/)
    expectRefused(a, 'pay.commit', { ...good, bundle: null }, /bundle/)
    const post = order(60, { postal: true })
    a.add('pay.hold', holdOf(a, b, post))
    expectRefused(a, 'pay.commit', { ...commitOf(a, b, idOf(post)), bundle: id32(1) }, /bundle/)
    const asked = order(60, { invoice: b.ref(0) })
    a.add('pay.hold', holdOf(a, b, asked))
    expectRefused(a, 'pay.commit', { ...commitOf(a, b, idOf(asked)), bundle: id32(1) }, /bundle/)
  })
})

describe('an abort', () => {
  test('[PAY-8] gives everything back, and the id is dead for ever', () => {
    const { a, b, ada, order } = sending()
    const one = order(60)
    a.add('pay.hold', holdOf(a, b, one))
    expectRefused(a, 'pay.abort', { id: idOf(one), aid: id32(77), cause: 1 }, /another attempt/)
    a.add('pay.abort', { id: idOf(one), aid: id32(42), cause: 1 })
    expect(a.account(ada)).toMatchObject({ balance: 0, open: 0, received: 0 })
    expect([a.book.hold, roomToSend(a.line(b)), a.line(b).open]).toEqual([0, 600, 0])
    expectRefused(a, 'pay.hold', holdOf(a, b, one), /known already/)
  })

  test('[R7] of an id nobody ordered posts nothing, and nobody can order it later', () => {
    const { a, b, order } = sending()
    const one = order(60)
    a.add('pay.abort', { id: idOf(one), aid: id32(42), cause: 4 })
    expect([a.book.hold, a.line(b).open, bookSum(a.book)]).toEqual([0, 0, 0])
    expect(a.book.asPayer.get(idOf(one))).toMatchObject({ state: 'dead', account: -1, line: -1 })
    expectRefused(a, 'pay.hold', holdOf(a, b, one), /known already/)
    expectRefused(a, 'pay.commit', { ...commitOfAny(a, b), id: idOf(one) }, /does not follow dead/)
  })

  test('[PAY-14] no stop, pause or suspension blocks it', () => {
    const { a, b, ada, order } = sending()
    const one = order(60)
    a.add('pay.hold', holdOf(a, b, one))
    a.add('line.freeze', { line: a.line(b).id, cause: 1, evidence: null })
    a.add('acct.suspend', { acct: ada, on: true, cause: 1, nonce: id16(9) })
    a.add('pay.abort', { id: idOf(one), aid: null, cause: 3 })
    expect(a.account(ada).balance).toBe(0)
  })
})

function commitOfAny(a: BookLog, b: BookLog): ReturnType<typeof commitOf> {
  const line = a.line(b)
  const part = { line: line.id, minutes: 5, outSeq: 1, outSum: 5, prevOut: line.out.chain }
  return { id: id32(1), aid: id32(42), minutes: 5, decideBy: a.time, bundle: id32(1), parts: [part] }
}

describe('done and returned', () => {
  test('[R6] a receipt is information: it moves nothing, and makes the minutes firm', () => {
    const all = sending()
    const { a, b, ada, order } = all
    const id = sent(all, order(60))
    expectRefused(a, 'pay.done', { id, aid: id32(77), credit: from(b) }, /another attempt/)
    expectRefused(a, 'pay.done', { id, aid: id32(42), credit: from(a) }, /not the payee's bank's/)
    a.add('pay.done', { id, aid: id32(42), credit: from(b) })
    expectRefused(a, 'pay.done', { id, aid: id32(42), credit: from(b) }, /does not follow paid/)
    expect(a.line(b)).toMatchObject({ receipted: 60, open: 0 })
    expect([clearing(a.line(b)), a.account(ada).balance, a.account(ada).open]).toEqual([60, -60, 0])
  })

  test('[PAY-11] a waiver brings the hours home once', () => {
    const all = sending()
    const { a, b, ada, order } = all
    const id = sent(all, order(60))
    const body = { id, aid: id32(42), line: a.line(b).id, waive: from(b) }
    expectRefused(a, 'pay.return', { ...body, aid: id32(77) }, /another attempt/)
    expectRefused(a, 'pay.return', { ...body, line: id16(77) }, /another attempt/)
    expectRefused(a, 'pay.return', { ...body, waive: from(a) }, /not the payee's bank's/)
    expectRefused(a, 'pay.return', { ...body, id: id32(77) }, /does not follow none/)
    a.add('pay.return', body)
    expectRefused(a, 'pay.return', body, /does not follow returned/)
    expectRefused(a, 'pay.done', { id, aid: id32(42), credit: from(b) }, /does not follow returned/)
    expect(a.account(ada)).toMatchObject({ balance: 0, received: 0, open: 0 })
    expect(a.line(b).out).toMatchObject({ sum: 60, returned: 60, seq: 1 })
    expect([clearing(a.line(b)), bookSum(a.book)]).toEqual([0, 0])
  })

  test('[PAY-14] a return to an account that was closed since goes to the pot', () => {
    const all = sending()
    const { a, b, ada, order } = all
    const id = sent(all, order(60))
    a.add('pay.done', { id, aid: id32(42), credit: from(b) })
    const bo = a.member(2)
    const intent = intentOf(a, [
      [ada, 60],
      [bo, -60],
    ])
    a.add('exchange', { intent, channel: 2, auths: [word(bo)], refs: [] })
    a.add('acct.close', { acct: ada, cause: 1, nonce: id16(9) })
    a.add('pay.return', { id, aid: id32(42), line: a.line(b).id, waive: from(b) })
    expect(a.account(ada).balance).toBe(0)
    expect(a.book.fund?.balance).toBe(60)
    expect(bookSum(a.book)).toBe(0)
  })

  test('[BYZ-5] a waiver of what was receipted is honoured only while the other bank stays within its limit', () => {
    const all = sending(100)
    const { a, b, order } = all
    const ids: Bytes[] = []
    for (let round = 0; round < 3; round++) {
      // Their members pay ours back in between, so that the line never fills.
      const id = sent(all, order(100))
      a.add('pay.done', { id, aid: id32(42), credit: from(b) })
      a.line(b).in.sum += 100
      a.account(id16(1)).balance += 100
      a.book.balances += 100
      ids.push(id)
    }
    const back = (id: Bytes) => ({ id, aid: id32(42), line: a.line(b).id, waive: from(b) })
    expect(clearing(a.line(b))).toBe(0)
    a.add('pay.return', back(ids[0]!))
    expect(clearing(a.line(b))).toBe(-100)
    expectRefused(a, 'pay.return', back(ids[1]!), /exceeds the limit/)
    expect(a.line(b).receipted).toBe(200)
    // The same waiver of what was not receipted never depends on the limit.
    const open = sent(all, order(100))
    a.add('pay.return', back(open))
  })

  test('[BYZ-5] what may still be waived or credited makes no room for a waiver of what was receipted', () => {
    const all = sending(100)
    const { a, b, order } = all
    const receipted = sent(all, order(100))
    a.add('pay.done', { id: receipted, aid: id32(42), credit: from(b) })
    a.line(b).in.sum += 150
    a.account(id16(1)).balance += 150
    a.book.balances += 150
    const underWay = sent(all, order(50))
    const back = (id: Bytes) => ({ id, aid: id32(42), line: a.line(b).id, waive: from(b) })
    // Nothing is owed now. But 50 of our minutes may be given back yet, and then 150 would be owed over a limit of 100.
    expect(clearing(a.line(b))).toBe(0)
    expectRefused(a, 'pay.return', back(receipted), /exceeds the limit/)
    a.add('pay.return', back(underWay))
    expect(clearing(a.line(b))).toBe(-50)
  })

  test('[BYZ-5] nor does a waiver of what was receipted take the room that is promised to the other bank', () => {
    const all = sending(100)
    const { a, b, order } = all
    const id = sent(all, order(100))
    a.add('pay.done', { id, aid: id32(42), credit: from(b) })
    a.line(b).in.sum += 100
    a.account(id16(1)).balance += 100
    a.book.balances += 100
    const back = { id, aid: id32(42), line: a.line(b).id, waive: from(b) }
    a.line(b).in.reserved += 1
    expectRefused(a, 'pay.return', back, /exceeds the limit/)
    a.line(b).in.reserved -= 1
    a.add('pay.return', back)
    expect(clearing(a.line(b))).toBe(-100)
  })
})
