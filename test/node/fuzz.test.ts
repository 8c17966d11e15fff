import { expect, test } from 'vitest'
import type { Body, Kind } from '../../src/core/entry.ts'
import { type Bytes, compareBytes } from '../../src/core/ids.ts'
import { bookSum } from '../../src/core/ledger/book.ts'
import { clearing } from '../../src/core/line.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { encodeOrder, orderId } from '../../src/core/transfer/order.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { type Message, offerHash } from '../../src/peer/messages.ts'
import { snapshot } from '../core/ledger/books.ts'
import { type Liar, scene } from './liar.ts'
import { ok, orderTo, random, requestFor, until } from './town.ts'

/** Numbers that come again with the same seed (Marsaglia's xorshift32). */
function drawing(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

type Draw = ReturnType<typeof drawing>
const pick = <T>(draw: Draw, from: readonly T[]): T => from[draw(from.length)] as T

/** What a liar may know and put anywhere: ids that are real, and some that are not. */
interface Known {
  readonly ids: Bytes[]
  readonly aids: Bytes[]
  readonly lines: Bytes[]
  readonly orders: Bytes[]
  readonly hashes: Bytes[]
}

type Maker = (draw: Draw, known: Known, liar: Liar) => [Kind, object, Message['name']]

const OFTEN: readonly Maker[] = [
  (draw, known, liar) => {
    const follows = draw(3) > 0
    const minutes = 1 + draw(40)
    const outSeq = follows ? liar.seq + 1 : 1 + draw(20)
    const part = {
      line: pick(draw, known.lines),
      minutes: draw(5) === 0 ? 1 + draw(40) : minutes,
      outSeq,
      outSum: draw(2_000),
      prevOut: follows ? liar.prev : pick(draw, known.hashes),
    }
    const decideBy = liar.log.time + draw(1_000) - 100
    const bundle = draw(2) === 0 ? null : random.bytes(32)
    const body = {
      id: pick(draw, known.ids),
      aid: pick(draw, known.aids),
      minutes,
      decideBy,
      bundle,
      parts: [part],
    }
    return ['pay.commit', body, 'commit']
  },
  (draw, known) => [
    'pay.abort',
    { id: pick(draw, known.ids), aid: draw(2) === 0 ? null : pick(draw, known.aids), cause: 1 + draw(6) },
    'abort',
  ],
  (draw, known, liar) => {
    const minutes = 1 + draw(40)
    const part = {
      line: pick(draw, known.lines),
      lineVersion: 1,
      minutes,
      offerHash: pick(draw, known.hashes),
    }
    const terms = {
      payee: random.bytes(16),
      minutes,
      category: 1,
      day: 1,
      decideBy: liar.log.time + draw(900),
    }
    return [
      'rcv.promise',
      { id: pick(draw, known.ids), aid: pick(draw, known.aids), ...terms, parts: [part] },
      'promise',
    ]
  },
  (draw, known, liar) => {
    const minutes = pick(draw, [5, 10, 1 + draw(40)])
    const commit = { bank: liar.node.bank, epoch: 0, index: draw(30), leaf: pick(draw, known.hashes) }
    const part = { line: pick(draw, known.lines), minutes, inSeq: draw(9), postRef: null }
    const terms = { payee: random.bytes(16), minutes, category: 1, day: 1, commit, parts: [part] }
    return ['rcv.credit', { id: pick(draw, known.ids), aid: pick(draw, known.aids), ...terms }, 'receipt']
  },
  (draw, known) => {
    const parts = [{ line: pick(draw, known.lines), inSeq: null }]
    return [
      'rcv.waive',
      { id: pick(draw, known.ids), aid: pick(draw, known.aids), cause: 1 + draw(7), parts, commit: null },
      'waive',
    ]
  },
  (draw, known, liar) => {
    const limit = { minutes: draw(900), openCap: 1, parkCap: 1 }
    const cited =
      draw(2) === 0
        ? null
        : { bank: liar.node.bank, epoch: 0, index: draw(9), leaf: pick(draw, known.hashes) }
    const from = draw(2) === 0 ? null : draw(9)
    const body = {
      line: pick(draw, known.lines),
      direction: 1 + draw(2),
      version: 1 + draw(6),
      limit,
      fromOutSeq: from,
      peerEntry: cited,
    }
    return ['line.limit', body, 'line']
  },
  (draw, known) => [
    'line.freeze',
    { line: pick(draw, known.lines), cause: 1 + draw(5), evidence: null },
    'line',
  ],
  (draw, known) => [
    'line.thaw',
    { line: pick(draw, known.lines), cause: 1 + draw(4), board: null, accepted: null },
    'line',
  ],
  (draw, known, liar) => {
    const banks = [liar.scripted.bank, liar.node.bank].sort(
      draw(4) === 0 ? (a, b) => compareBytes(b, a) : compareBytes,
    )
    const limit = { minutes: pick(draw, [0, 300, 2 ** 50]), openCap: 1, parkCap: 1 }
    const nonce = new Uint8Array(16).fill(draw(3))
    const [lower, higher] = banks as [Bytes, Bytes]
    const terms = encodeTerms({
      version: 1,
      lower,
      higher,
      lowerMayOwe: limit,
      higherMayOwe: limit,
      statementEvery: 0,
      nonce,
    })
    const cited =
      draw(2) === 0
        ? null
        : { bank: liar.node.bank, epoch: 0, index: draw(9), leaf: pick(draw, known.hashes) }
    return ['line.open', { terms, peerEntry: cited }, 'line']
  },
]

/** Ends a line that is idle, so it is drawn seldom. */
const closes: Maker = (draw, known) => [
  'line.close',
  { line: pick(draw, known.lines), cause: 1, lastStatement: 0, peerEntry: null },
  'line',
]

const ENTRIES: readonly Maker[] = [...Array.from({ length: 12 }, () => OFTEN).flat(), closes]

function plain(draw: Draw, known: Known, liar: Liar): Message {
  const id = pick(draw, known.ids)
  const order = pick(draw, known.orders)
  const none = new Uint8Array(32)
  return pick<Message>(draw, [
    { name: 'nothing', id },
    { name: 'busy', about: draw(40), retrySeconds: draw(9) },
    { name: 'decline', id, aid: pick(draw, known.aids), code: pick(draw, ['line_full', 'x']) },
    {
      ...liar.offer(liar.order(random.bytes(16), 1), pick(draw, known.aids)),
      order,
      line: pick(draw, known.lines),
    },
    {
      name: 'hello',
      line: pick(draw, known.lines),
      outSeq: draw(9),
      outChain: none,
      inSeq: draw(4),
      inChain: pick(draw, known.hashes),
      yours: null,
      now: liar.log.time,
      open: [id],
    },
  ])
}

test.each([1, 2, 3, 4])(
  '[BYZ-1] [ADMIT-7] [PAY-7] seed %i: whatever a neighbour signs and sends, the writer lives, the book adds up, and a replay agrees',
  async (seed) => {
    const stage = await scene()
    const { bank, liar, handle, ada } = stage
    const draw = drawing(seed * 7_919)
    const orders = Array.from({ length: 12 }, (_, i) =>
      encodeOrder(liar.order(i === 0 ? random.bytes(16) : handle, 5 + draw(20), { postal: i % 2 === 0 })),
    )
    const known: Known = {
      ids: [random.bytes(32), ...orders.map(orderId)],
      aids: Array.from({ length: 3 }, () => random.bytes(32)),
      lines: [liar.line, liar.line, liar.line, random.bytes(16)],
      orders,
      hashes: [new Uint8Array(32), random.bytes(32)],
    }
    for (let round = 0; round < 150; round++) {
      if (round % 10 === 0) {
        const to = { bank: liar.scripted.bank, handle: random.bytes(16) }
        const order = orderTo({ bank, account: ada }, to, pick(draw, [5, 10]), {
          postal: draw(2) === 0,
          seconds: 600,
        })
        const paid = await bank.node.pay(requestFor(bank, order))
        if (paid.ok) {
          const { aid } = (await bank.node.read(({ book }) => book.asPayer.get(paid.value.value.id)))!
          known.ids.push(paid.value.value.id)
          known.aids.push(aid)
          for (const offer of liar.talk.all('offer').slice(-1)) known.hashes.push(offerHash(offer))
        }
        // Whoever looks after the bank lifts the pause again and again.
        await bank.node.pauseNeighbour(liar.scripted.bank, 'resume')
        const proposal = bank.node.proposals()[0]
        if (proposal !== undefined) await bank.node.acceptNeighbour(proposal.peer)
      }
      if (liar.talk.over) await liar.call()
      bank.clock.offset += draw(3)
      const show: number[] = []
      const messages: Message[] = []
      for (let i = 0; i < 1 + draw(6); i++) {
        if (draw(4) === 0) {
          messages.push(plain(draw, known, liar))
          continue
        }
        const [kind, body, name] = pick(draw, ENTRIES)(draw, known, liar)
        const index = liar.log.write(kind, body as Body<Kind>)
        if (kind === 'pay.commit') {
          known.hashes.push(leafHash(liar.log.raws[index]!))
          if (draw(2) === 0) {
            liar.seq = (body as Body<'pay.commit'>).parts[0]!.outSeq
            liar.prev = leafHash(liar.log.raws[index]!)
          }
        }
        show.push(index)
        const entry = show.length - 1
        if (name === 'commit')
          messages.push({ name, entry, order: draw(2) === 0 ? null : pick(draw, orders) })
        else if (name === 'line') messages.push({ name, entry, token: null })
        else if (name === 'promise' && draw(2) === 0)
          messages.push({ name: 'ask', id: (body as Body<'rcv.promise'>).id, promise: entry })
        else messages.push({ name, entry } as Message)
      }
      await liar.talk.say(messages, { show }).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 0))
      liar.seq = await bank.node.read(({ book }) => book.lines[0]!.in.seq)
      liar.prev = await bank.node.read(({ book }) => book.lines[0]!.in.chain)
    }
    await until(async () => bank.node.gate.state() === null)
    expect(bank.faults).toEqual([])
    const before = await bank.node.read(({ book }) => {
      expect(bookSum(book)).toBe(0)
      for (const line of book.lines) expect(-clearing(line)).toBeLessThanOrEqual(900)
      return [book.size, snapshot(book)]
    })
    const kinds: Record<string, number> = {}
    for (let i = 0; i < (before[0] as number); i++)
      kinds[bank.node.own.entry(i).kind] = (kinds[bank.node.own.entry(i).kind] ?? 0) + 1
    console.log(
      kinds,
      bank.notices
        .filter((n) => n.notice === 'session_refused')
        .map((n) => n.facts['problem'])
        .slice(-3),
      bank.node.contacts.all().length,
    )
    expect(before[0]).toBeGreaterThan(60)
    await bank.stop()
    await bank.start()
    const after = await bank.node.read(({ book }) => [book.size, snapshot(book)])
    if (after[0] === before[0]) expect(after).toEqual(before)
    ok(await bank.node.commit(() => ({ ok: true, value: { entries: [], value: null } })))
    await stage.stop()
  },
)
