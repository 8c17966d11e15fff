import { afterEach, describe, expect, test } from 'vitest'
import type { Entry } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { bookSum, lineWith } from '../../src/core/ledger/book.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { clearing } from '../../src/core/line.ts'
import { accept } from '../../src/core/refusal.ts'
import {
  decideCover,
  decideGiveUp,
  decideSeat,
  decideSettleLoss,
  decideTakeUp,
  decideUnseat,
  decideWriteOff,
} from '../../src/node/board-acts.ts'
import { decidePromise } from '../../src/node/pay.ts'
import { BookLog, holdOf, id16, idOf, joinBanks, orderFrom, promiseOf } from '../core/ledger/books.ts'
import { brokenRules, logOf } from './judge.ts'
import { Liar, scene } from './liar.ts'
import { adaPays, boPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import { addHandle, balance, ok, openLine, random, refusalOf, type TestBank, until } from './town.ts'

let pair: Pair | null = null
afterEach(async () => {
  await stopAll(pair)
  pair = null
})

async function start(minutes?: number): Promise<Pair> {
  pair = await twoBanks({}, minutes)
  return pair
}

const stateWith = (bank: TestBank, peer: TestBank): Promise<string> =>
  bank.node.read(({ book }) => lineWith(book, peer.bank)?.state ?? 'none')
const lineAt = (bank: TestBank, peer: TestBank) =>
  bank.node.read(({ book }) => {
    const line = lineWith(book, peer.bank)!
    const { writtenOff, susp, open, frozen } = line
    return { clr: clearing(line), writtenOff, susp, open, frozen }
  })
const fundOf = (bank: TestBank): Promise<number> =>
  bank.node.read(({ book }) => book.fund?.balance ?? Number.NaN)
const sumOf = (bank: TestBank): Promise<number> => bank.node.read(({ book }) => bookSum(book))
const kindsOf = (bank: TestBank): string[] =>
  logOf(bank.node).placed.map(({ entry }: { entry: Entry }) => entry.kind)
const cut = ({ network, harbour, millbrook }: Pair): void =>
  network.cut(harbour.node.transport.peerId, millbrook.node.transport.peerId)
const mend = ({ network, harbour, millbrook }: Pair): void =>
  network.mend(harbour.node.transport.peerId, millbrook.node.transport.peerId)

/** Both logs are in order, each alone and both together. */
function expectInOrder({ harbour, millbrook }: Pair): void {
  expect(brokenRules([logOf(harbour.node), logOf(millbrook.node)])).toEqual([])
}

async function seats(bank: TestBank, count = 2): Promise<Bytes[]> {
  const actors: Bytes[] = []
  for (let i = 0; i < count; i++) {
    const actor = random.bytes(16)
    ok(await bank.node.commit(decideSeat({ actor, ownAccount: null, nonce: random.bytes(16) }, [])))
    actors.push(actor)
  }
  return actors
}

const heardAt = (bank: TestBank, peer: TestBank): number =>
  bank.node.contacts.link(peer.bank)?.neighbour.heardAt ?? 0

/** Millbrook goes away, a month passes everywhere, and Harbour's board gives it up. */
async function givenUp({ harbour, millbrook }: Pair, board: readonly Bytes[]): Promise<void> {
  await millbrook.stop()
  aMonthPasses(harbour, millbrook)
  ok(await harbour.node.commit(decideGiveUp(millbrook.bank, board, heardAt(harbour, millbrook))))
}

function aMonthPasses(...banks: TestBank[]): void {
  for (const bank of banks) bank.clock.offset += LIMITS.deadSilenceSeconds + 60
}

/** Everybody looks again at once, however long the waits have grown. */
function wakeUp({ harbour, millbrook }: Pair): void {
  for (const bank of [harbour, millbrook]) bank.clock.offset += LIMITS.resendLongestSeconds + 5
}

describe('closing', () => {
  test('[LINE-10] one wishes, the other follows, both are done; a new line may be opened over which hours pass', async () => {
    const all = await start()
    const { harbour, millbrook, ada } = all
    ok(await harbour.node.closeNeighbour(millbrook.bank))
    await until(async () => (await stateWith(harbour, millbrook)) === 'none')
    expect(await stateWith(millbrook, harbour)).toBe('none')
    const closes = [harbour, millbrook].map((bank) => kindsOf(bank).filter((kind) => kind === 'line.close'))
    expect(closes.map((list) => list.length)).toEqual([2, 1])
    expectInOrder(all)
    expect(refusalOf(await harbour.node.closeNeighbour(millbrook.bank))).toBe('line_missing')
    await openLine(millbrook, harbour)
    await until(async () => (await stateWith(harbour, millbrook)) === 'open')
    const id = await adaPays(all, 30)
    expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
    expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(-30)
    expectInOrder(all)
  })

  test('[LINE-10] nothing is closed while hours are owed; when they have come back it is', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    await harbour.node.settled(await adaPays(all, 30), 20)
    const refused = await harbour.node.closeNeighbour(millbrook.bank)
    expect(refused).toMatchObject({
      refusal: { code: 'line_not_settled', facts: { owedMinutes: 30, open: 0 } },
    })
    await millbrook.node.settled(await boPays(all, 30), 20)
    await until(() => isAtRest(all))
    ok(await millbrook.node.closeNeighbour(harbour.bank))
    await until(async () => (await stateWith(millbrook, harbour)) === 'none')
    expect(await stateWith(harbour, millbrook)).toBe('none')
    expectInOrder(all)
  })

  test('[LINE-10] two wishes that cross answer each other', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    cut(all)
    ok(await harbour.node.closeNeighbour(millbrook.bank))
    ok(await millbrook.node.closeNeighbour(harbour.bank))
    expect(await stateWith(harbour, millbrook)).toBe('closing')
    mend(all)
    wakeUp(all)
    await until(async () => (await stateWith(harbour, millbrook)) === 'none')
    await until(async () => (await stateWith(millbrook, harbour)) === 'none')
    expectInOrder(all)
  })

  test('[LINE-10] a close is asked for over a restart, and taken back with everything as it was', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    await millbrook.stop()
    ok(await harbour.node.closeNeighbour(millbrook.bank))
    expect(refusalOf(await harbour.node.closeNeighbour(millbrook.bank))).toBe('line_closing')
    expect(refusalOf(await harbour.node.pauseNeighbour(millbrook.bank, 'pause'))).toBe('line_closing')
    expect(refusalOf(await harbour.node.limitNeighbour(millbrook.bank, 900))).toBe('line_closing')
    await expect(adaPays(all, 30)).rejects.toThrow(/line_closing/)
    await harbour.stop()
    await harbour.start()
    ok(await harbour.node.pauseNeighbour(millbrook.bank, 'resume'))
    expect(refusalOf(await harbour.node.pauseNeighbour(millbrook.bank, 'resume'))).toBe('not_paused')
    await millbrook.start()
    const id = await adaPays(all, 30)
    expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
    expectInOrder(all)
  })

  test('[LINE-10] a close that was answered while it was taken back: what was sent since comes back, then it ends', async () => {
    const all = await start()
    const { harbour, millbrook, ada } = all
    cut(all)
    const wish = ok(await harbour.node.closeNeighbour(millbrook.bank))
    const { line } = wish.value
    // The answer is written, and the link was cut before it left.
    const peerEntry = harbour.node.own.ref(wish.recorded[0]!.index)
    const body = { line, cause: 1, lastStatement: 0, peerEntry }
    ok(await millbrook.node.commit(() => accept({ entries: [{ kind: 'line.close', body }], value: null })))
    ok(await harbour.node.pauseNeighbour(millbrook.bank, 'resume'))
    const id = await adaPays(all, 30, { postal: true, seconds: 86_400 })
    mend(all)
    wakeUp(all)
    await until(async () => ok(await harbour.node.payment(id)).state === 'returned')
    expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(0)
    wakeUp(all)
    await until(async () => (await stateWith(harbour, millbrook)) === 'none')
    expectInOrder(all)
  })

  test('[LINE-12] a proposal is withdrawn by the same act, at once', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    ok(await harbour.node.closeNeighbour(millbrook.bank))
    await until(async () => (await stateWith(harbour, millbrook)) === 'none')
    const there = { peerId: millbrook.node.transport.peerId, addresses: millbrook.node.transport.addresses() }
    const found = ok(await harbour.node.contacts.find(millbrook.bank, [there], new AbortController().signal))
    ok(await harbour.node.addNeighbour(found, { weMayOwe: 60, theyMayOwe: 60 }, null))
    await until(() => millbrook.node.proposals().length === 1)
    ok(await harbour.node.closeNeighbour(millbrook.bank))
    await until(() => millbrook.node.proposals().length === 0)
    expectInOrder(all)
  })
})

describe('a bank that is gone', () => {
  test('[LINE-10] is given up after thirty days without a word, by a board in office, and not while it is there', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const board = await seats(harbour)
    const [first] = board as [Bytes]
    const giveUp = (names: readonly Bytes[]) =>
      harbour.node.commit(decideGiveUp(millbrook.bank, names, heardAt(harbour, millbrook)))
    aMonthPasses(harbour, millbrook)
    await until(() => heardAt(harbour, millbrook) > harbour.clock.now() - 60)
    const refused = await giveUp(board)
    expect(refused).toMatchObject({ refusal: { code: 'line_not_silent' } })
    await millbrook.stop()
    // That it was there idle for a month stands on the disk, and nowhere in the log.
    await harbour.stop()
    await harbour.start()
    expect(heardAt(harbour, millbrook)).toBeGreaterThan(harbour.clock.now() - 86_400)
    expect(refusalOf(await giveUp(board))).toBe('line_not_silent')
    aMonthPasses(harbour, millbrook)
    expect(refusalOf(await giveUp([first]))).toBe('board_too_few')
    expect(refusalOf(await giveUp([first, first]))).toBe('board_too_few')
    expect(refusalOf(await giveUp([first, harbour.coordinator]))).toBe('board_unknown')
    const [gone] = (await seats(harbour, 1)) as [Bytes]
    ok(await harbour.node.commit(decideUnseat(gone, random.bytes(16))))
    expect(refusalOf(await giveUp([first, gone]))).toBe('board_unknown')
    expect(refusalOf(await harbour.node.commit(decideUnseat(gone, random.bytes(16))))).toBe('board_unknown')
    expect(refusalOf(await harbour.node.commit(decideUnseat(harbour.coordinator, random.bytes(16))))).toBe(
      'board_unknown',
    )
    ok(await giveUp(board))
    expect(refusalOf(await giveUp(board))).toBe('line_dead')
    await expect(adaPays(all, 30)).rejects.toThrow(/line_dead/)
    expect(refusalOf(await harbour.node.closeNeighbour(millbrook.bank))).toBe('line_dead')
    expect(brokenRules([logOf(harbour.node)])).toEqual([])
    await millbrook.start()
  })

  test('[PAY-18] what was held for it ends, what was on its way is covered; when it comes back and credits, the pot has paid', async () => {
    const all = await start()
    const { harbour, millbrook, ada, bo } = all
    const board = await seats(harbour)
    await millbrook.stop()
    const sent = await adaPays(all, 60, { postal: true, seconds: 86_400 })
    expect(refusalOf(await harbour.node.commit(decideCover(sent, board)))).toBe('line_not_dead')
    aMonthPasses(harbour, millbrook)
    const held = await adaPays(all, 25, { seconds: 600 })
    ok(await harbour.node.commit(decideGiveUp(millbrook.bank, board, heardAt(harbour, millbrook))))
    await until(async () => ok(await harbour.node.payment(held)).state === 'dead')
    expect(ok(await harbour.node.payment(held)).reason).toBe('board')
    expect(refusalOf(await harbour.node.commit(decideCover(held, board)))).toBe('not_coverable')
    expect(refusalOf(await harbour.node.commit(decideCover(random.bytes(32), board)))).toBe('payment_unknown')
    expect(refusalOf(await harbour.node.commit(decideCover(sent, [board[0]!])))).toBe('board_too_few')
    ok(await harbour.node.commit(decideCover(sent, board)))
    expect(ok(await harbour.node.payment(sent)).state).toBe('covered')
    expect(refusalOf(await harbour.node.commit(decideCover(sent, board)))).toBe('not_coverable')
    expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(0)
    expect([await fundOf(harbour), await sumOf(harbour)]).toEqual([-60, 0])
    expect(refusalOf(await harbour.node.commit(decideTakeUp(millbrook.bank, board, 'unknown')))).toBe(
      'heads_not_compared',
    )
    // Back after all: the commit is repeated as ever.
    await millbrook.start()
    wakeUp(all)
    await until(async () => ok(await harbour.node.payment(sent)).state === 'paid')
    expect(await millbrook.node.read(({ book }) => balance(book, bo))).toBe(60)
    const link = harbour.node.contacts.link(millbrook.bank)!
    await until(() => link.agreed)
    ok(await harbour.node.commit(decideTakeUp(millbrook.bank, board, 'agree')))
    expect(refusalOf(await harbour.node.commit(decideTakeUp(millbrook.bank, board, 'agree')))).toBe(
      'line_not_dead',
    )
    await until(() => millbrook.node.contacts.link(harbour.bank)?.neighbour.pausedThere === false)
    const again = { ...all, boHandle: await addHandle(millbrook, bo) }
    expect(ok(await harbour.node.settled(await adaPays(again, 10), 20)).state).toBe('paid')
    expect(await fundOf(harbour)).toBe(-60)
    expectInOrder(all)
  })

  test('[PAY-18] a waiver that comes back after the cover is the pot’s, and the payer has the hours once', async () => {
    const all = await start()
    const { harbour, millbrook, ada } = all
    const board = await seats(harbour)
    await millbrook.stop()
    const unknown = { ...all, boHandle: random.bytes(16) }
    const sent = await adaPays(unknown, 60, { postal: true, seconds: 86_400 })
    aMonthPasses(harbour, millbrook)
    ok(await harbour.node.commit(decideGiveUp(millbrook.bank, board, heardAt(harbour, millbrook))))
    ok(await harbour.node.commit(decideCover(sent, board)))
    await millbrook.start()
    wakeUp(all)
    await until(async () => ok(await harbour.node.payment(sent)).state === 'returned')
    expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(0)
    expect([await fundOf(harbour), await sumOf(harbour)]).toEqual([0, 0])
    expect(await lineAt(harbour, millbrook)).toMatchObject({ clr: 0, open: 0 })
    expectInOrder(all)
  })

  test('[LINE-10] what it owed is written off and borne by the pot; back again, all is claimed in the commit of the thaw', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    await millbrook.node.settled(await boPays(all, 90), 20)
    await until(() => isAtRest(all))
    const board = await seats(harbour)
    const writeOff = (minutes: number) => harbour.node.commit(decideWriteOff(millbrook.bank, minutes, board))
    const settle = (minutes: number) => harbour.node.commit(decideSettleLoss(millbrook.bank, minutes, board))
    expect(refusalOf(await writeOff(10))).toBe('line_not_dead')
    await givenUp(all, board)
    expect(await writeOff(91)).toMatchObject({
      refusal: { code: 'amount_too_large', facts: { mostMinutes: 90 } },
    })
    expect([refusalOf(await writeOff(0)), refusalOf(await writeOff(1.5))]).toEqual([
      'minutes_out_of_range',
      'minutes_not_whole',
    ])
    expect(refusalOf(await settle(5))).toBe('amount_too_large')
    ok(await writeOff(90))
    expect(refusalOf(await settle(91))).toBe('amount_too_large')
    ok(await settle(50))
    expect(await lineAt(harbour, millbrook)).toMatchObject({ clr: 0, writtenOff: 90, susp: -40 })
    expect([await fundOf(harbour), await sumOf(harbour)]).toEqual([-50, 0])
    await harbour.stop()
    await harbour.start()
    expect(await lineAt(harbour, millbrook)).toMatchObject({ clr: 0, writtenOff: 90, susp: -40 })
    await millbrook.start()
    wakeUp(all)
    const link = harbour.node.contacts.link(millbrook.bank)!
    await until(() => link.agreed)
    const { recorded } = ok(await harbour.node.commit(decideTakeUp(millbrook.bank, board, 'agree')))
    expect(recorded.map(({ entry }) => entry.kind)).toEqual(['line.writeoff', 'line.thaw'])
    expect(await lineAt(harbour, millbrook)).toMatchObject({ clr: -90, writtenOff: 0, susp: 50 })
    ok(await settle(50))
    expect([await fundOf(harbour), await sumOf(harbour)]).toEqual([0, 0])
    expect(refusalOf(await settle(1))).toBe('amount_too_large')
    expectInOrder(all)
  })
})

test('[LINE-10] a promise of a bank that was given up since sends nothing more', () => {
  const [a, b] = [BookLog.founded(1), BookLog.founded(2)]
  joinBanks(a, b)
  const board = [id16(901), id16(902)]
  for (const actor of board)
    a.add('role.grant', { actor, role: 2, ownAcct: null, until: null, nonce: id16(910) })
  const ada = a.member(1)
  a.time += LIMITS.deadSilenceSeconds
  const order = orderFrom({ bank: a, account: ada }, { bank: b, handle: id16(7) }, 60)
  a.add('pay.hold', holdOf(a, b, order))
  const promise = promiseOf(b, a, { id: idOf(order), payee: b.member(1), minutes: 60 })
  const proof = { ref: b.ref(0), offerHash: () => promise.parts[0]!.offerHash }
  const answer = () => ok(decidePromise(promise, proof, () => [])(a.book, a.time)).entries
  expect(answer().map(({ kind }) => kind)).toEqual(['pay.commit'])
  a.add('line.dead', { line: a.line(b).id, board })
  expect(answer()).toMatchObject([{ kind: 'pay.abort', body: { cause: 5 } }])
})

describe('asking back', () => {
  test('[PAY-18] a promise is given up when the payer’s bank asks for it; what is credited stays, and a stranger has no say', async () => {
    const stage = await scene()
    const { bank, liar, handle, network } = stage
    const order = liar.order(handle, 30)
    await liar.talk.say([liar.offer(order, random.bytes(32))])
    await liar.talk.next('promise')
    const other = new Liar(network, bank, 'Other')
    await other.scripted.transport.start()
    await other.openLine()
    const { id } = await bank.node.read(({ book }) => [...book.asPayee.open()][0]!)
    await other.talk.say([{ name: 'recall', id }])
    await liar.talk.say([{ name: 'recall', id: random.bytes(32) }])
    await liar.talk.say([{ name: 'recall', id }])
    await liar.talk.next('waive')
    const waived = logOf(bank.node)
      .placed.map(({ entry }) => entry)
      .filter((entry) => entry.kind === 'rcv.waive')
    expect(waived.map((entry) => [toHex(entry.body.id), entry.body.cause])).toEqual([[toHex(id), 3]])
    await stage.stop()
    await other.scripted.transport.close()
  })

  test('[PAY-18] is for what is on its way and whoever is there', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const paid = await adaPays(all, 30)
    expect(ok(await harbour.node.settled(paid, 20)).state).toBe('paid')
    expect(await harbour.node.recall(paid)).toMatchObject({
      refusal: { code: 'not_recallable', facts: { state: 'paid' } },
    })
    expect(refusalOf(await harbour.node.recall(random.bytes(32)))).toBe('payment_unknown')
    await millbrook.stop()
    const sent = await adaPays(all, 30, { postal: true, seconds: 86_400 })
    await until(() => harbour.node.contacts.link(millbrook.bank)?.connected === false)
    expect(await harbour.node.recall(sent)).toMatchObject({ refusal: { facts: { away: 1 } } })
    await millbrook.start()
    wakeUp(all)
    await until(async () => ok(await harbour.node.payment(sent)).state === 'paid')
  })
})
