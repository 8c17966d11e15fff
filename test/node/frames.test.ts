import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { signingKey } from '../../src/core/ed25519.ts'
import { originOf } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { originHash } from '../../src/node/neighbour.ts'
import { encodeFrame, type Message } from '../../src/peer/messages.ts'
import { seenHeadRange } from '../../src/store/keyspace.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { ScriptedLog } from '../sim/scripted-bank.ts'
import { isFrozen, isWell, Liar, type Scene, scene, sizeOf } from './liar.ts'
import { openBank, random, type TestBank, until } from './town.ts'

let stage: Scene
beforeEach(async () => {
  stage = await scene()
})
afterEach(() => stage.stop())

const ask: Message = { name: 'ask', id: new Uint8Array(32), promise: 0 }
const offer: Message = {
  name: 'offer',
  order: new Uint8Array(9),
  line: new Uint8Array(16),
  lineVersion: 1,
  aid: new Uint8Array(32),
  epoch: 0,
  logKey: new Uint8Array(32),
}

/** What is wrong with a frame, and its bytes. */
const BAD: Record<string, (liar: Liar) => Uint8Array> = {
  'bytes that are no tb-cbor': () => Uint8Array.of(0xff, 0x00, 0x01),
  'one byte after the end': ({ log }) =>
    Uint8Array.of(...encodeFrame({ head: log.head(), link: null, entries: [], messages: [] }), 0),
  'another version': () => encode([2, null, null, [], []]),
  'a frame without messages': () => encode([1, null, null, []]),
  'a message nobody knows': () => encode([1, null, null, [], [[99, 1]]]),
  'a message with a field too many': () => encode([1, null, null, [], [[4, new Uint8Array(32), 0]]]),
  'a head of another key': ({ log }) => {
    const stranger = new ScriptedLog(signingKey(random.bytes(32)))
    stranger.bank = log.bank
    stranger.writeRaw(random.bytes(40))
    return encodeFrame({ head: stranger.head(), link: null, entries: [], messages: [] })
  },
  'a head that is no checkpoint': () =>
    encodeFrame({ head: random.bytes(99), link: null, entries: [], messages: [] }),
  'entries without a head': ({ log }) =>
    encodeFrame({
      head: null,
      link: null,
      entries: [{ index: 0, entry: log.raws[0]!, proof: [] }],
      messages: [],
    }),
  'an entry that is not under the head': ({ log }) =>
    encodeFrame({
      head: log.head(),
      link: null,
      entries: [{ index: 1, entry: log.raws[0]!, proof: log.proof(1) }],
      messages: [],
    }),
  'an entry under the head that is none': ({ log }) => {
    const index = log.writeRaw(encode([1, 10, 5, []]))
    const entries = [{ index, entry: log.raws[index]!, proof: log.proof(index) }]
    return encodeFrame({ head: log.head(), link: null, entries, messages: [] })
  },
  'a message that names an entry which is not there': ({ log }) =>
    encodeFrame({ head: log.head(), link: null, entries: [], messages: [ask] }),
  'a message that names an entry of another kind': ({ log }) =>
    encodeFrame({
      head: log.head(),
      link: null,
      entries: [{ index: 0, entry: log.raws[0]!, proof: log.proof(0) }],
      messages: [{ name: 'commit', entry: 0, order: null }],
    }),
}

describe('bad bytes', () => {
  test.each(Object.keys(BAD))(
    '[ADMIT-6] %s: the session ends, nothing is written, and the bank is well',
    async (what) => {
      const { bank, liar } = stage
      const size = await sizeOf(bank)
      await liar.talk.sayRaw(BAD[what]!(liar))
      await until(() => liar.talk.over)
      await until(() =>
        bank.notices.some(({ notice, facts }) => notice === 'session_refused' && 'neighbour' in facts),
      )
      expect(await sizeOf(bank)).toBe(size)
      expect(await isFrozen(bank)).toBe(false)
      await isWell(bank)
    },
  )

  test('[ADMIT-6] what comes before HELLO ends the session', async () => {
    const { bank, liar } = stage
    const talk = await liar.scripted.call(bank.node.transport.peerId)
    await talk.next('hello')
    await talk.say([{ name: 'nothing', id: new Uint8Array(32) }])
    await until(() => talk.over)
    await isWell(bank)
  })

  test('[ADMIT-6] the third bad session within an hour closes the door, to a line partner for a minute', async () => {
    const { bank, liar } = stage
    const isClosed = (): boolean => bank.notices.some(({ notice }) => notice === 'door_closed')
    // The bank calls as well: of two sessions it hears one, and nobody is blamed for the other's end.
    let calls = 0
    while (!isClosed() && calls++ < 5 * LIMITS.badSessions) {
      const heard = liar.scripted.talks.findLast(({ over }) => !over)
      const talk = heard ?? (await liar.scripted.call(bank.node.transport.peerId))
      await talk.sayRaw(Uint8Array.of(0)).catch(() => undefined)
      await until(() => talk.over)
    }
    expect([isClosed(), calls >= LIMITS.badSessions]).toEqual([true, true])
    const shut = await liar.scripted.call(bank.node.transport.peerId)
    await until(() => shut.over)
    expect(shut.heard).toEqual([])
    bank.clock.offset += LIMITS.partnerShutSeconds + 1
    await liar.call()
    expect(liar.talk.over).toBe(false)
  })
})

describe('a bank without a line', () => {
  let bank: TestBank
  let stranger: Liar
  beforeEach(async () => {
    const network = new MemoryNetwork()
    bank = await openBank(network, 'Harbour')
    stranger = new Liar(network, bank)
    await stranger.scripted.transport.start()
    await stranger.call()
  })
  afterEach(async () => {
    await bank.stop()
    await stranger.scripted.transport.close()
  })

  test('[ADMIT-3] [LINE-12] is heard for a proposal alone; whatever else it says ends the session and is not logged', async () => {
    const size = await sizeOf(bank)
    const promise = stranger.log.write('rcv.promise', {
      id: random.bytes(32),
      aid: random.bytes(32),
      payee: random.bytes(16),
      minutes: 5,
      category: 0,
      day: 1,
      decideBy: stranger.log.time + 60,
      parts: [{ line: random.bytes(16), lineVersion: 1, minutes: 5, offerHash: random.bytes(32) }],
    })
    for (const message of [{ name: 'promise' as const, entry: 0 }, offer]) {
      await stranger.call()
      await stranger.talk.say([message], { show: [promise] })
      await until(() => stranger.talk.over)
    }
    expect(await sizeOf(bank)).toBe(size)
  })

  test('[ADMIT-3] its frames are short', async () => {
    const filler: Message[] = Array.from({ length: 150 }, () => ({ name: 'nothing', id: random.bytes(32) }))
    await stranger.talk.say(filler)
    await until(() => stranger.talk.over)
    await isWell(bank)
  })

  test('[ADMIT-4] nothing of it is kept when it hangs up, unless it has proposed a line', async () => {
    expect(bank.node.contacts.all()).toHaveLength(1)
    await stranger.talk.session.close()
    await until(() => bank.node.contacts.all().length === 0)
    await stranger.openLine()
    await stranger.talk.session.close()
    await until(() => stranger.talk.over)
    expect(bank.node.contacts.all()).toHaveLength(1)
  })

  test('[PAY-16] two of them cannot stop the clock', async () => {
    const network = new MemoryNetwork()
    const lone = await openBank(network, 'Millbrook')
    for (const name of ['A', 'B', 'C']) {
      const one = new Liar(network, lone, name)
      await one.scripted.transport.start()
      await one.call({ now: Math.floor(Date.now() / 1000) + 50_000 })
      await one.talk.say([{ name: 'nothing', id: random.bytes(32) }])
    }
    await isWell(lone)
    await lone.stop()
  })
})

describe('two histories', () => {
  const storedHeads = async (bank: TestBank, liar: Liar): Promise<number> => {
    let count = 0
    for await (const page of bank.node.store.pages(
      seenHeadRange(originHash(originOf(liar.scripted.bank, 0))),
      16,
    ))
      count += page.length
    return count
  }

  test('[FORK-2] [FORK-3] of one size: the line is paused at once, both heads are kept, signed artefacts still count', async () => {
    const { bank, liar, handle } = stage
    const other = liar.log.fork(liar.log.size)
    liar.log.write('acct.open', { acct: random.bytes(16), class: 1, nonce: random.bytes(16) })
    other.write('acct.open', { acct: random.bytes(16), class: 1, nonce: random.bytes(16) })
    await liar.talk.say([])
    await liar.talk.say([], { log: other, link: null })
    await until(() => isFrozen(bank))
    expect(bank.notices.filter(({ notice }) => notice === 'breach')).toHaveLength(1)
    // A head that was kept in passing may lie beside the two.
    expect(await storedHeads(bank, liar)).toBeGreaterThanOrEqual(2)
    // A commit that is signed is honoured all the same.
    const order = liar.order(handle, 30, { postal: true })
    await liar.post(liar.commit(order, random.bytes(32)), order)
    await liar.talk.next('receipt')
    await isWell(bank)
  })

  test('[FORK-3] of another size, with a proof that fails: paused; again and again: written down once', async () => {
    const { bank, liar } = stage
    const other = liar.log.fork(2)
    for (let i = 0; i < 20; i++)
      other.write('acct.open', { acct: random.bytes(16), class: 1, nonce: random.bytes(16) })
    const from = liar.talk.linked as number
    const size = await sizeOf(bank)
    for (let i = 0; i < 10; i++) {
      other.write('acct.open', { acct: random.bytes(16), class: 1, nonce: random.bytes(16) })
      await liar.talk.say([], { log: other, link: { from, proof: other.link(from) } })
    }
    await until(() => isFrozen(bank))
    await liar.talk.say([
      {
        name: 'hello',
        line: null,
        outSeq: 0,
        outChain: new Uint8Array(32),
        inSeq: 0,
        inChain: new Uint8Array(32),
        yours: null,
        now: liar.log.time,
        open: [],
      },
    ])
    expect((await sizeOf(bank)) - size).toBe(1)
    expect(await storedHeads(bank, liar)).toBe(2)
  })

  test('[FORK-3] nothing new begins under a head that is not proven to extend the one we hold', async () => {
    const { bank, liar, handle } = stage
    const size = await sizeOf(bank)
    const other = liar.log.fork(2)
    for (let i = 0; i < 5; i++)
      other.write('acct.open', { acct: random.bytes(16), class: 1, nonce: random.bytes(16) })
    const order = liar.order(handle, 30)
    await liar.talk.say([liar.offer(order, random.bytes(32))], { log: other, link: null })
    expect(await liar.talk.next('busy')).toMatchObject({ about: 10 })
    expect(await sizeOf(bank)).toBe(size)
    await liar.talk.say([liar.offer(order, random.bytes(32))])
    await liar.talk.next('promise')
  })
})
