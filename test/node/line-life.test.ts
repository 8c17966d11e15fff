import { afterEach, describe, expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { type Bytes, compareBytes } from '../../src/core/ids.ts'
import { lineWith } from '../../src/core/ledger/book.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { accept } from '../../src/core/refusal.ts'
import { lineIdOf } from '../../src/core/sign.ts'
import { RefusedBanks } from '../../src/node/refused-banks.ts'
import { everything } from '../../src/store/keyspace.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { Liar } from './liar.ts'
import { adaPays, boPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import {
  addAccount,
  addHandle,
  balance,
  ok,
  openBank,
  orderTo,
  random,
  refusalOf,
  requestFor,
  type TestBank,
  until,
} from './town.ts'

const open: TestBank[] = []
let pair: Pair | null = null
afterEach(async () => {
  for (const bank of open.splice(0)) await bank.stop()
  await stopAll(pair)
  pair = null
})

interface Two {
  network: MemoryNetwork
  /** The bank with the lower id, and the other. */
  low: TestBank
  high: TestBank
}

async function strangers(): Promise<Two> {
  const network = new MemoryNetwork()
  const [a, b] = [await openBank(network, 'Harbour'), await openBank(network, 'Millbrook')]
  open.push(a, b)
  const [low, high] = compareBytes(a.bank, b.bank) < 0 ? [a, b] : [b, a]
  return { network, low, high }
}

async function propose(
  from: TestBank,
  to: TestBank,
  minutes: number,
  token: Bytes | null = null,
): Promise<void> {
  const there = { peerId: to.node.transport.peerId, addresses: to.node.transport.addresses() }
  const found = ok(await from.node.contacts.find(to.bank, [there], new AbortController().signal))
  ok(await from.node.addNeighbour(found, { weMayOwe: minutes, theyMayOwe: minutes }, token))
}

const stateWith = (bank: TestBank, peer: TestBank): Promise<string> =>
  bank.node.read(({ book }) => lineWith(book, peer.bank)?.state ?? 'none')
const limits = (bank: TestBank, peer: TestBank): Promise<number[]> =>
  bank.node.read(({ book }) => {
    const line = lineWith(book, peer.bank)!
    return [line.out.limit, line.in.limit]
  })
const bothOpen = async (a: TestBank, b: TestBank): Promise<boolean> =>
  (await stateWith(a, b)) === 'open' && (await stateWith(b, a)) === 'open'

function aMonthPasses(...banks: TestBank[]): void {
  for (const bank of banks) bank.clock.offset += LIMITS.proposalSeconds + 1
}

const namesRefused = ({ node }: TestBank): string[] => node.neighbourhood.refused().map(({ name }) => name)

describe('proposals', () => {
  test('[LINE-12] one nobody invited waits, unlogged, over a restart, until the operator accepts it', async () => {
    const { low, high } = await strangers()
    await propose(low, high, 600)
    await until(() => high.node.proposals().length === 1)
    expect(await stateWith(high, low)).toBe('none')
    await high.stop()
    await high.start()
    expect(high.node.proposals()).toHaveLength(1)
    ok(await high.node.acceptNeighbour(low.bank))
    await until(() => bothOpen(low, high))
    expect(high.node.proposals()).toEqual([])
    expect(refusalOf(await high.node.acceptNeighbour(low.bank))).toBe('proposal_unknown')
  })

  test('[LINE-12] at most 20 wait; the 21st is told BUSY, and takes its turn when there is room', async () => {
    const network = new MemoryNetwork()
    const bank = await openBank(network, 'Harbour')
    open.push(bank)
    const { size } = bank.node.head
    const liars: Liar[] = []
    for (let i = 0; i < LIMITS.waitingProposals; i++) {
      const liar = new Liar(network, bank, `L${i}`)
      await liar.scripted.transport.start()
      await liar.call()
      liars.push(liar)
      liar.log.write('line.open', { terms: termsOf(liar), peerEntry: null })
      await liar.talk.say([{ name: 'line', entry: 0, token: null }], { show: [2] })
      await until(() => bank.node.proposals().length === i + 1)
    }
    const late = await openBank(network, 'Late')
    open.push(late)
    await propose(late, bank, 100)
    await until(() => late.node.contacts.link(bank.bank)?.connected === true)
    await until(() => bank.notices.filter(({ notice }) => notice === 'proposal_waits').length === 20)
    const first = liars[0]!
    first.log.write('line.close', { line: lineIn(first), cause: 1, lastStatement: 0, peerEntry: null })
    await first.talk.say([{ name: 'line', entry: 0, token: null }], { show: [3] })
    late.clock.offset += LIMITS.resendLongestSeconds + 5
    await until(() => bank.node.proposals().some(({ peer }) => compareBytes(peer, late.bank) === 0))
    expect(bank.node.proposals()).toHaveLength(20)
    expect(bank.node.head.size).toBe(size)
  })

  test('[REC-6] one that brings a token of ours is taken up at once, whichever session it comes on', async () => {
    const { network, low, high } = await strangers()
    const token = ok(await low.node.invite(low.clock.now() + 1_000))
    await propose(high, low, 600, token)
    await until(() => bothOpen(low, high))
    const third = await openBank(network, 'Northgate')
    open.push(third)
    await propose(third, low, 600, token)
    await until(() => low.node.proposals().length === 1)
    expect(await stateWith(low, third)).toBe('none')
  })

  test('[REC-6] an invitation lies on the disk as a hash, outlives a restart and is good once', async () => {
    const { network, low, high } = await strangers()
    const token = ok(await low.node.invite(low.clock.now() + 1_000))
    for await (const page of low.node.store.pages(everything, 512)) {
      for (const [key, value] of page)
        expect(Buffer.concat([key, Buffer.from('|'), value]).includes(Buffer.from(token))).toBe(false)
    }
    await low.stop()
    await low.start()
    const third = await openBank(network, 'Northgate')
    open.push(third)
    await Promise.all([propose(high, low, 600, token), propose(third, low, 600, token)])
    await until(async () => (await bothOpen(low, high)) || (await bothOpen(low, third)))
    await until(() => low.node.proposals().length === 1)
    expect(low.node.proposals().map(({ invited }) => invited)).toEqual([false])
  })

  test('[REC-6] one that ran out invites nobody, and no more than a few are good at a time', async () => {
    const { low, high } = await strangers()
    const old = ok(await low.node.invite(low.clock.now() + 10))
    for (const bank of [low, high]) bank.clock.offset += 11
    await propose(high, low, 600, old)
    await until(() => low.node.proposals().length === 1)
    expect(low.node.proposals().map(({ invited }) => invited)).toEqual([false])
    for (let i = 0; i < LIMITS.invitations; i++) ok(await low.node.invite(low.clock.now() + 10))
    expect(refusalOf(await low.node.invite(low.clock.now() + 10))).toBe('too_many_waiting')
    low.clock.offset += 11
    ok(await low.node.invite(low.clock.now() + 10))
  })

  test('[REC-6] whoever was invited and wants to be ahead by more than a first line waits for one press, also after a restart', async () => {
    const { low, high } = await strangers()
    const token = ok(await low.node.invite(low.clock.now() + 1_000))
    await propose(high, low, LIMITS.firstLineMinutes + 1, token)
    await until(() => low.node.proposals().length === 1)
    await low.stop()
    await low.start()
    expect(low.node.proposals().map(({ invited }) => invited)).toEqual([true])
    expect(await stateWith(low, high)).toBe('none')
    ok(await low.node.acceptNeighbour(high.bank))
    await until(() => bothOpen(low, high))
  })

  test('[LINE-12] two that cross with the same terms become the line of the lower bank, without anybody asked', async () => {
    const { network, low, high } = await strangers()
    network.cut(low.node.transport.peerId, high.node.transport.peerId)
    network.mend(low.node.transport.peerId, high.node.transport.peerId)
    await Promise.all([propose(low, high, 600), propose(high, low, 600)])
    await until(() => bothOpen(low, high))
    const ids = await Promise.all(
      [low, high].map((bank) =>
        bank.node.read(({ book }) => [...book.lineByPeer.values()].map(({ id }) => [...id])),
      ),
    )
    expect(ids[0]).toEqual(ids[1])
    expect(await low.node.read(({ book }) => book.lines.length)).toBe(1)
    expect(low.node.proposals()).toEqual([])
  })

  test('[LINE-12] two that cross with other terms: the higher bank takes its own back, and its operator is asked', async () => {
    const { low, high } = await strangers()
    await Promise.all([propose(low, high, 600), propose(high, low, 300)])
    await until(async () => high.node.proposals().length === 1 && (await stateWith(high, low)) === 'none')
    expect(await stateWith(low, high)).toBe('proposed')
    ok(await high.node.acceptNeighbour(low.bank))
    await until(() => bothOpen(low, high))
    expect(await limits(low, high)).toEqual([600, 600])
  })

  test("[LINE-12] one that nobody answers for 30 days is taken back, and leaves the other bank's list", async () => {
    const { low, high } = await strangers()
    await propose(low, high, 600)
    await until(() => high.node.proposals().length === 1)
    aMonthPasses(low, high)
    await until(async () => (await stateWith(low, high)) === 'none')
    await until(() => high.node.proposals().length === 0)
    await propose(low, high, 200)
    await until(() => high.node.proposals().length === 1)
  })

  test('[LINE-12] one that was taken back while it was accepted ends closed on both sides, and a new one can follow', async () => {
    const { network, low, high } = await strangers()
    await propose(low, high, 600)
    await until(() => high.node.proposals().length === 1)
    const peers = [low.node.transport.peerId, high.node.transport.peerId] as const
    network.cut(...peers)
    ok(await high.node.acceptNeighbour(low.bank))
    aMonthPasses(low, high)
    await until(async () => (await stateWith(low, high)) === 'none')
    // Its members use the line by post before they hear of it: the hours come back.
    const [ada, eve] = [await addAccount(high), await addAccount(low)]
    const handle = await addHandle(low, eve)
    const order = orderTo({ bank: high, account: ada }, { bank: low.bank, handle }, 30, {
      postal: true,
      seconds: 3_600,
    })
    const { id } = ok(await high.node.pay(requestFor(high, order))).value
    await propose(low, high, 200).catch(() => undefined)
    network.mend(...peers)
    expect(ok(await high.node.settled(id, 20)).state).toBe('returned')
    expect(await high.node.read(({ book }) => balance(book, ada))).toBe(0)
    network.cut(...peers)
    network.mend(...peers)
    await until(async () => (await stateWith(high, low)) === 'none')
    if ((await stateWith(low, high)) === 'none') await propose(low, high, 200)
    await until(() => high.node.proposals().length === 1)
    ok(await high.node.acceptNeighbour(low.bank))
    await until(() => bothOpen(low, high))
    expect(await limits(high, low)).toEqual([200, 200])
  })

  test('[LINE-13] one that was refused for good is not shown again, over restarts, until it may ask', async () => {
    const { low, high } = await strangers()
    expect(refusalOf(await high.node.neighbourhood.refuse(low.bank))).toBe('proposal_unknown')
    await propose(low, high, 600)
    await until(() => high.node.proposals().length === 1)
    const { size } = high.node.head
    ok(await high.node.neighbourhood.refuse(low.bank))
    expect(high.node.proposals()).toEqual([])
    expect(refusalOf(await high.node.acceptNeighbour(low.bank))).toBe('proposal_unknown')
    for (const bank of [high, low]) {
      await bank.stop()
      await bank.start()
    }
    expect(namesRefused(high)).toEqual([low.name])
    // Its own log still says that it proposes, so it asks again by itself.
    await until(() => low.node.contacts.link(high.bank)?.connected === true)
    expect([high.node.proposals(), high.node.head.size]).toEqual([[], size])
    ok(await high.node.neighbourhood.letAsk(low.bank))
    ok(await high.node.neighbourhood.letAsk(low.bank))
    expect(namesRefused(high)).toEqual([])
    low.clock.offset += LIMITS.resendLongestSeconds + 5
    await until(() => high.node.proposals().length === 1)
    await high.stop()
    await high.start()
    expect([high.node.proposals().length, namesRefused(high)]).toEqual([1, []])
    ok(await high.node.acceptNeighbour(low.bank))
    await until(() => bothOpen(low, high))
  })

  test('[LINE-13] whoever was refused is told BUSY, whatever it proposes and whatever it brings', async () => {
    const network = new MemoryNetwork()
    const bank = await openBank(network, 'Harbour')
    open.push(bank)
    const liar = new Liar(network, bank)
    await liar.scripted.transport.start()
    const asks = async (token: Bytes | null): Promise<void> => {
      const index = liar.log.write('line.open', { terms: termsOf(liar), peerEntry: null })
      await liar.talk.say([{ name: 'line', entry: 0, token }], { show: [index] })
    }
    await liar.call()
    await asks(null)
    await until(() => bank.node.proposals().length === 1)
    ok(await bank.node.neighbourhood.refuse(liar.scripted.bank))
    const { size } = bank.node.head
    await asks(null)
    expect(await liar.talk.next('busy', 1)).toBeDefined()
    await asks(random.bytes(16))
    await liar.talk.next('busy', 2)
    await bank.stop()
    await bank.start()
    await liar.call()
    await asks(null)
    await liar.talk.next('busy', 1)
    expect([bank.node.proposals(), bank.node.head.size]).toEqual([[], size])
    expect(namesRefused(bank)).toHaveLength(1)
    // A good invitation is another matter.
    await asks(ok(await bank.node.invite(bank.clock.now() + 1_000)))
    await liar.talk.next('line')
    expect(namesRefused(bank)).toEqual([])
  })

  test('[LINE-13] an invitation of ours overrules it, and so does a proposal of our own', async () => {
    const { low, high } = await strangers()
    await propose(high, low, 600)
    await until(() => low.node.proposals().length === 1)
    ok(await low.node.neighbourhood.refuse(high.bank))
    aMonthPasses(low, high)
    await until(async () => (await stateWith(high, low)) === 'none')
    await propose(high, low, 600, ok(await low.node.invite(low.clock.now() + 1_000)))
    await until(() => bothOpen(low, high))
    expect(namesRefused(low)).toEqual([])

    const others = await strangers()
    await propose(others.low, others.high, 600)
    await until(() => others.high.node.proposals().length === 1)
    ok(await others.high.node.neighbourhood.refuse(others.low.bank))
    await propose(others.high, others.low, 300)
    // The two cross with other terms: that of the lower bank stands, and ours is asked.
    await until(() => others.high.node.proposals().length === 1)
    expect(namesRefused(others.high)).toEqual([])
  })

  test('[LINE-13] the list is bounded and forgets the oldest, also after a restart', async () => {
    const bank = await openBank(new MemoryNetwork(), 'Harbour')
    open.push(bank)
    const refused = await RefusedBanks.open(bank.node.store)
    for (let i = 0; i < LIMITS.refusedBanks + 2; i++) {
      const id = new Uint8Array(20).fill(1)
      new DataView(id.buffer).setUint32(0, i)
      const rows = refused.keep({ bank: id, name: `Bank ${i}`, since: 1_000 + i })
      ok(await bank.node.commit(() => accept({ entries: [], rows, value: null })))
    }
    await bank.stop()
    await bank.start()
    const names = namesRefused(bank)
    expect([names.length, names[0], names.at(-1)]).toEqual([
      LIMITS.refusedBanks,
      `Bank ${LIMITS.refusedBanks + 1}`,
      'Bank 2',
    ])
  })

  test('[LINE-12] an old proposal that is said again after its line was closed is not shown again', async () => {
    const network = new MemoryNetwork()
    const bank = await openBank(network, 'Harbour')
    open.push(bank)
    const liar = new Liar(network, bank)
    await liar.scripted.transport.start()
    await liar.openLine(600)
    const close = liar.log.write('line.close', {
      line: liar.line,
      cause: 1,
      lastStatement: 0,
      peerEntry: null,
    })
    await liar.talk.say([{ name: 'line', entry: 0, token: null }], { show: [close] })
    await until(() => bank.node.read(({ book }) => book.lines[0]!.state === 'closed'))
    const heard = liar.talk.all('line').length
    await liar.talk.say([{ name: 'line', entry: 0, token: null }], { show: [2] })
    await liar.talk.next('line', heard + 1)
    expect(bank.node.proposals()).toEqual([])
    // Accepting what is not there any more is a plain no.
    expect(refusalOf(await bank.node.acceptNeighbour(liar.scripted.bank))).toBe('proposal_unknown')
  })
})

function termsOf(liar: Liar): Bytes {
  const { bank } = liar.scripted
  const limit = [600, 240, 240]
  const [lower, higher] =
    compareBytes(bank, liar.node.bank) < 0 ? [bank, liar.node.bank] : [liar.node.bank, bank]
  return encode([1, lower, higher, limit, limit, 0, bank.slice(0, 16)])
}

const lineIn = (liar: Liar): Bytes => lineIdOf(termsOf(liar))

describe('limits', () => {
  test('[LINE-1] raised and lowered by the creditor, acknowledged by the debtor, also when both restart in between', async () => {
    pair = await twoBanks({}, 600)
    const { harbour, millbrook } = pair
    const peers = [harbour.node.transport.peerId, millbrook.node.transport.peerId] as const
    for (const minutes of [900, 200]) {
      pair.network.cut(...peers)
      ok(await millbrook.node.limitNeighbour(harbour.bank, minutes))
      expect(refusalOf(await millbrook.node.limitNeighbour(harbour.bank, 77))).toBe('limit_waits')
      await millbrook.stop()
      await harbour.stop()
      pair.network.mend(...peers)
      await harbour.start()
      await millbrook.start()
      await until(async () => (await limits(harbour, millbrook))[0] === minutes)
      await until(async () => (await limits(millbrook, harbour))[1] === minutes)
      expect(await limits(harbour, millbrook)).toEqual([minutes, 600])
    }
    const order = orderTo(
      { bank: harbour, account: pair.ada },
      { bank: millbrook.bank, handle: pair.boHandle },
      201,
    )
    expect(refusalOf(await harbour.node.pay(requestFor(harbour, order)))).toBe('line_full')
    await adaPays(pair, 200)
    await until(() => isAtRest(pair!))
  })

  test('[LINE-1] what was held under the older limit stands when a lower one is acknowledged meanwhile', async () => {
    pair = await twoBanks({}, 600)
    const { harbour, millbrook } = pair
    const peers = [harbour.node.transport.peerId, millbrook.node.transport.peerId] as const
    pair.network.cut(...peers)
    const ids = [
      await adaPays(pair, 300, { postal: true, seconds: 3_600 }),
      await adaPays(pair, 250, { seconds: 3_600 }),
    ]
    ok(await millbrook.node.limitNeighbour(harbour.bank, 100))
    pair.network.mend(...peers)
    for (const id of ids.slice(0, 1)) expect(ok(await harbour.node.settled(id, 20)).state).toBe('paid')
    // The offer met the lower limit: refused, which binds nobody, or promised before it was acknowledged.
    expect(['paid', 'dead']).toContain(ok(await harbour.node.settled(ids[1]!, 20)).state)
    await until(() => isAtRest(pair!))
    expect(await limits(harbour, millbrook)).toEqual([100, 600])
    expect(millbrook.notices.filter(({ notice }) => notice === 'breach')).toEqual([])
  })

  test('[LINE-1] out of range, of a bank without a line, or of a line that is not open, it is refused by name', async () => {
    const { low, high } = await strangers()
    expect(refusalOf(await low.node.limitNeighbour(high.bank, 100))).toBe('line_missing')
    await propose(low, high, 600)
    expect(refusalOf(await low.node.limitNeighbour(high.bank, 100))).toBe('line_proposed')
    await until(() => high.node.proposals().length === 1)
    ok(await high.node.acceptNeighbour(low.bank))
    await until(() => bothOpen(low, high))
    for (const minutes of [-1, 0.5, LIMITS.lineMinutes + 1, Number.NaN]) {
      expect(refusalOf(await low.node.limitNeighbour(high.bank, minutes))).toBe('limit_out_of_range')
    }
  })
})

describe('pausing', () => {
  test('[LINE-10] [BYZ-6] one side suffices and stops what is new, either way; what is signed passes; a restart keeps it', async () => {
    pair = await twoBanks()
    const { harbour, millbrook } = pair
    const peers = [harbour.node.transport.peerId, millbrook.node.transport.peerId] as const
    pair.network.cut(...peers)
    const posted = await adaPays(pair, 20, { postal: true, seconds: 3_600 })
    ok(await millbrook.node.pauseNeighbour(harbour.bank, 'pause'))
    pair.network.mend(...peers)
    expect(ok(await harbour.node.settled(posted, 20)).state).toBe('paid')
    await until(() => harbour.node.contacts.link(millbrook.bank)!.neighbour.pausedThere)
    const here = orderTo(
      { bank: harbour, account: pair.ada },
      { bank: millbrook.bank, handle: pair.boHandle },
      5,
    )
    expect(refusalOf(await harbour.node.pay(requestFor(harbour, here)))).toBe('line_paused_there')
    const there = orderTo(
      { bank: millbrook, account: pair.bo },
      { bank: harbour.bank, handle: pair.adaHandle },
      5,
    )
    expect(refusalOf(await millbrook.node.pay(requestFor(millbrook, there)))).toBe('line_paused')
    expect(refusalOf(await millbrook.node.pauseNeighbour(harbour.bank, 'pause'))).toBe('line_paused')
    await harbour.stop()
    await harbour.start()
    expect(refusalOf(await harbour.node.pay(requestFor(harbour, here)))).toBe('line_paused_there')
    expect(refusalOf(await harbour.node.pauseNeighbour(millbrook.bank, 'resume'))).toBe('not_paused')
    ok(await millbrook.node.pauseNeighbour(harbour.bank, 'resume'))
    await until(() => !harbour.node.contacts.link(millbrook.bank)!.neighbour.pausedThere)
    const again = await boPays(pair, 5)
    expect(ok(await millbrook.node.settled(again, 20)).state).toBe('paid')
    await until(() => isAtRest(pair!))
  })
})
