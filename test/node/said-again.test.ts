import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signingKey } from '../../src/core/ed25519.ts'
import { type Bytes, originOf } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { encodeOrder, orderId } from '../../src/core/transfer/order.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { hearHello, helloOf } from '../../src/node/hello.ts'
import { Resend } from '../../src/node/resend.ts'
import { isFrozen, isWell, payLiar, type Scene, scene, sizeOf } from './liar.ts'
import { ok, random, until } from './town.ts'

let stage: Scene
beforeEach(async () => {
  stage = await scene()
})
afterEach(async () => {
  await stage.stop()
})

const aidOf = (): Bytes => random.bytes(32)
const stateOf = async (id: Bytes): Promise<string> => ok(await stage.bank.node.payment(id)).state

/** What the node answers to this HELLO of the neighbour, before any time passes. */
function answersTo(hello: { inSeq?: number; inChain?: Bytes; open?: readonly Bytes[] }) {
  const { bank, liar } = stage
  return bank.node.read(({ book, own }) => {
    const { neighbour } = bank.node.contacts.link(liar.scripted.bank)!
    const counters = { inSeq: 0, inChain: new Uint8Array(32), open: [], ...hello }
    // Their side of what ours would say.
    const theirs = { ...helloOf(book, neighbour, bank.clock.now()), yours: bank.node.head.note, ...counters }
    const { messages } = hearHello({ book, own, neighbour, hello: theirs, head: bank.node.head })
    return messages.map(({ message, entry }) => ({ name: message.name, entry }))
  })
}

describe('what HELLO brings back', () => {
  test('[LINE-9] every posting above the counter that it names, in order', async () => {
    const { bank } = stage
    const ids: Bytes[] = []
    for (let i = 0; i < 3; i++) ids.push((await payLiar(stage, 10, { postal: true })).id)
    const posts = await bank.node.read(({ book }) => book.lines[0]!.posts)
    expect(posts).toHaveLength(3)
    const commits = async (hello: Parameters<typeof answersTo>[0]) =>
      (await answersTo(hello)).filter(({ name }) => name === 'commit').map(({ entry }) => entry)
    expect(await commits({})).toEqual(posts)
    const inChain = bank.node.own.ref(posts[0]!).leaf
    expect(await commits({ inSeq: 1, inChain })).toEqual(posts.slice(1))
  })

  test('[R4] the offer of what is still held', async () => {
    await payLiar(stage, 10)
    expect((await answersTo({})).map(({ name }) => name)).toContain('offer')
  })

  test('[PAY-4] the stored answer to each id that is listed as open, and to no other', async () => {
    const { liar, handle } = stage
    const kept = liar.order(handle, 10, { postal: true })
    const back = liar.order(random.bytes(16), 10, { postal: true })
    for (const order of [kept, back]) await liar.post(liar.commit(order, aidOf()), order)
    await liar.talk.next('receipt')
    await liar.talk.next('waive')
    const [keptId, backId] = [kept, back].map((order) => orderId(encodeOrder(order))) as [Bytes, Bytes]
    const names = async (open: readonly Bytes[]) =>
      (await answersTo({ open }))
        .map(({ name }) => name)
        .filter((name) => name === 'receipt' || name === 'waive')
    expect(await names([keptId, backId])).toEqual(['receipt', 'waive'])
    expect(await names([backId])).toEqual(['waive'])
    expect(await names([random.bytes(32)])).toEqual([])
  })
})

describe('what is said again without being asked', () => {
  test('[R4] an offer and a commit that were lost on a session that stands', async () => {
    const { bank, liar } = stage
    await payLiar(stage, 10)
    await payLiar(stage, 20, { postal: true })
    const before = [liar.talk.all('offer').length, liar.talk.all('commit').length] as const
    bank.clock.offset += 5
    await liar.talk.next('offer', before[0] + 1)
    await liar.talk.next('commit', before[1] + 1)
    // The same session; HELLO was said once and brought nothing back.
    expect(liar.talk.all('hello')).toHaveLength(1)
  })

  test('[LINE-9] the waits between two repetitions double up to ten minutes', () => {
    const resend = new Resend()
    const id = random.bytes(32)
    const times: number[] = []
    resend.said(id, 0)
    for (let now = 1; now <= 4_000; now++) if (resend.due(id, now)) times.push(now)
    const waits = times.map((time, i) => time - (times[i - 1] ?? 0))
    expect(waits.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    expect(new Set(waits.slice(10))).toEqual(new Set([LIMITS.resendLongestSeconds]))
    resend.settled(id)
    expect(resend.size).toBe(0)
  })
})

describe('what comes too late or from the wrong one', () => {
  test('[PAY-2] DECLINE after the commit changes nothing: it binds nobody', async () => {
    const { bank, liar } = stage
    const { id, order } = await payLiar(stage, 30)
    const offer = await liar.talk.next('offer')
    await liar.show('promise', liar.promise(offer, order))
    await liar.talk.next('commit')
    expect(await stateOf(id)).toBe('sent')
    const size = await sizeOf(bank)
    const decline = { name: 'decline', id, aid: offer.aid, code: 'line_full' } as const
    for (let i = 0; i < 3; i++) await liar.talk.say([decline])
    const [aid, posted] = await bank.node.read(({ book }) => {
      const row = book.asPayer.get(id)!
      return [row.aid, row.answer] as const
    })
    await liar.show('receipt', liar.credit(id, aid, 30, bank.node.own.ref(posted)))
    await until(async () => (await stateOf(id)) === 'paid')
    expect(await sizeOf(bank)).toBe(size + 1)
  })

  test("[PAY-18] a promise whose payer's bank stays away is given up when its grace is over", async () => {
    const { bank, liar, handle } = stage
    const order = liar.order(handle, 30)
    await liar.talk.say([liar.offer(order, aidOf())])
    await liar.talk.next('promise')
    const id = orderId(encodeOrder(order))
    const promised = () => bank.node.read(({ book }) => book.asPayee.stateOf(id))
    await liar.talk.session.close()
    const asleep = order.decideBy + LIMITS.waiveGraceSeconds - bank.clock.now()
    bank.clock.offset += asleep - 100
    // Days passed at once: the operator says that the clock is right.
    bank.node.gate.confirmClock()
    await isWell(bank)
    expect(await promised()).toBe('promised')
    bank.clock.offset += 200
    await until(async () => (await promised()) === 'waived')
    expect(await bank.node.read(({ book }) => book.lines[0]!.in.reserved)).toBe(0)
  })

  test('[R8] [CRASH-8] a larger head under our own name that another key signed stops nothing', async () => {
    const { bank, liar } = stage
    const origin = originOf(bank.bank, 0)
    const size = bank.node.head.size + 1_000
    const key = signingKey(random.bytes(32))
    const forged = signCheckpoint({ origin, size, root: random.bytes(32), key })
    bank.clock.offset += 5
    await liar.talk.hello({ line: liar.line, yours: forged })
    // A session later it has been read.
    await liar.call()
    expect(bank.node.gate.state()).toBeNull()
    await isWell(bank)
    expect(await isFrozen(bank)).toBe(false)
  })
})
