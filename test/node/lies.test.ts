import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decodeEntry } from '../../src/core/entry.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { encodeOrder, orderId } from '../../src/core/transfer/order.ts'
import { decideClose, decideSuspend } from '../../src/node/accounts.ts'
import { encodeFrame, type Message } from '../../src/peer/messages.ts'
import { privateKey } from '../../src/store/keyspace.ts'
import { balanceOf, isFrozen, isWell, Liar, payLiar, type Scene, scene, sizeOf } from './liar.ts'
import { addAccount, addHandle, ok, random, until } from './town.ts'

let stage: Scene
beforeEach(async () => {
  stage = await scene()
})
afterEach(async () => {
  await isWell(stage.bank)
  await stage.stop()
})

const idOf = (order: Parameters<typeof encodeOrder>[0]): Bytes => orderId(encodeOrder(order))
const aidOf = (): Bytes => random.bytes(32)

/** The node takes nothing more of what was said: its log has grown by so many entries since. */
async function grew(by: number, from: number): Promise<void> {
  // A question that is always answered shows that all before it was served.
  const { liar, bank } = stage
  const asked = liar.talk.all('decline').length
  const order = liar.order(random.bytes(16), 1)
  await liar.talk.say([liar.offer(order, aidOf())])
  await liar.talk.next('decline', asked + 1)
  expect((await sizeOf(bank)) - from).toBe(by)
}

describe("a lying payer's bank", () => {
  test('[PAY-2] an offer and its commit in one frame, before the promise was seen: promised and credited, once', async () => {
    const { bank, liar, ada, handle } = stage
    const order = liar.order(handle, 30)
    const aid = aidOf()
    const index = liar.commit(order, aid)
    const commit: Message = { name: 'commit', entry: 0, order: null }
    await liar.talk.say([liar.offer(order, aid), commit, commit], { show: [index] })
    await liar.talk.next('receipt')
    expect(await balanceOf(bank, ada)).toBe(30)
    expect(await isFrozen(bank)).toBe(false)
  })

  test('[PRIV-3] an offer and its abort in one frame: the handle has its use again', async () => {
    const { bank, liar, ada } = stage
    const once = await addHandle(bank, ada, 1)
    for (let round = 0; round < 3; round++) {
      const order = liar.order(once, 30)
      const aid = aidOf()
      const abort = liar.log.write('pay.abort', { id: idOf(order), aid, cause: 1 })
      await liar.talk.say([liar.offer(order, aid), { name: 'abort', entry: 0 }], { show: [abort] })
      await until(() => bank.node.read(({ book }) => book.asPayee.stateOf(idOf(order)) === 'released'))
    }
    const order = liar.order(once, 30, { postal: true })
    await liar.post(liar.commit(order, aidOf()), order)
    await liar.talk.next('receipt')
    const again = liar.order(once, 30)
    await liar.talk.say([liar.offer(again, aidOf())])
    expect(await liar.talk.next('decline')).toMatchObject({ code: 'handle_used_up' })
  })

  test('[R3] [BYZ-2] one payment posted twice: answered once, the line paused, the second never booked', async () => {
    const { bank, liar, ada, handle } = stage
    for (const [payee, answer] of [
      [handle, 'receipt'],
      [random.bytes(16), 'waive'],
    ] as const) {
      const order = liar.order(payee, 30, { postal: true })
      const aid = aidOf()
      await liar.post(liar.commit(order, aid), order)
      await liar.talk.next(answer)
      const size = await sizeOf(bank)
      await liar.post(liar.commit(order, aid), order)
      await until(() => isFrozen(bank))
      await liar.talk.next('line', 1)
      // The pause is one entry; the double is none.
      expect((await sizeOf(bank)) - size).toBe(1)
      expect(await balanceOf(bank, ada)).toBe(30)
      ok(await bank.node.pauseNeighbour(liar.scripted.bank, 'resume'))
      await liar.talk.next('line')
      liar.seq -= 1
      liar.sum -= 30
      liar.prev = await bank.node.read(({ book }) => book.lines[0]!.in.chain)
    }
  })

  test('[LINE-2] a number out of order waits and is asked for; when the gap is filled both are booked', async () => {
    const { bank, liar, ada, handle } = stage
    const [first, second] = [
      liar.order(handle, 10, { postal: true }),
      liar.order(handle, 20, { postal: true }),
    ]
    const one = liar.commit(first, aidOf())
    const two = liar.commit(second, aidOf())
    await liar.post(two, second)
    // Says HELLO again, so that everything above what it consumed is repeated.
    expect(await liar.talk.next('hello', 2)).toMatchObject({ inSeq: 0 })
    expect(await balanceOf(bank, ada)).toBe(0)
    await liar.post(one, first)
    await liar.post(two, second)
    await liar.talk.next('receipt', 2)
    expect(await balanceOf(bank, ada)).toBe(30)
    expect(await isFrozen(bank)).toBe(false)
  })

  const BROKEN: Record<string, (liar: Liar, handle: Bytes) => Promise<void>> = {
    'a chain that does not follow': async (liar, handle) => {
      const order = liar.order(handle, 30, { postal: true })
      await liar.post(liar.commit(order, aidOf(), { part: { prevOut: random.bytes(32) } }), order)
    },
    'a part with other minutes': async (liar, handle) => {
      const order = liar.order(handle, 30, { postal: true })
      await liar.post(liar.commit(order, aidOf(), { part: { minutes: 31 } }), order)
    },
    'another line': async (liar, handle) => {
      const order = liar.order(handle, 30, { postal: true })
      await liar.post(liar.commit(order, aidOf(), { part: { line: random.bytes(16) } }), order)
    },
    'a number that was consumed': async (liar, handle) => {
      const order = liar.order(handle, 30, { postal: true })
      await liar.post(liar.commit(order, aidOf()), order)
      await liar.talk.next('receipt')
      const other = liar.order(handle, 30, { postal: true })
      await liar.post(liar.commit(other, aidOf(), { part: { outSeq: 1 } }), other)
    },
  }

  test.each(Object.keys(BROKEN))(
    '[LINE-2] a posting with %s: nothing answers it, and the line is paused',
    async (what) => {
      const { bank, liar, ada, handle } = stage
      const before = await balanceOf(bank, ada)
      await BROKEN[what]!(liar, handle)
      await until(() => isFrozen(bank))
      expect([before, before + 30]).toContain(await balanceOf(bank, ada))
      expect(liar.talk.all('waive')).toHaveLength(0)
    },
  )

  /** What a commit says that is not so; it is given back, and the line is paused. */
  const GIVEN_BACK: Record<string, { cause: number; frozen: boolean; run: (s: Scene) => Promise<void> }> = {
    'after its deadline': {
      cause: 2,
      frozen: true,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30, { postal: true, decideBy: liar.log.time - 5 })
        await liar.post(liar.commit(order, aidOf()), order)
      },
    },
    'above the limit of the line': {
      cause: 1,
      frozen: true,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 601, { postal: true })
        await liar.post(liar.commit(order, aidOf()), order)
      },
    },
    'with other minutes than its order': {
      cause: 2,
      frozen: true,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30, { postal: true })
        await liar.post(liar.commit(order, aidOf(), { minutes: 31, part: { minutes: 31 } }), order)
      },
    },
    'with other minutes than was promised': {
      cause: 2,
      frozen: true,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30)
        const aid = aidOf()
        await liar.talk.say([liar.offer(order, aid)])
        await liar.talk.next('promise')
        await liar.post(liar.commit(order, aid, { minutes: 90, part: { minutes: 90 } }), null)
      },
    },
    'with another attempt than was promised': {
      cause: 2,
      frozen: true,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30)
        await liar.talk.say([liar.offer(order, aidOf())])
        await liar.talk.next('promise')
        await liar.post(liar.commit(order, aidOf()), null)
      },
    },
    'after its own abort': {
      cause: 6,
      frozen: true,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30)
        const aid = aidOf()
        await liar.talk.say([liar.offer(order, aid)])
        await liar.talk.next('promise')
        await liar.show('abort', liar.log.write('pay.abort', { id: idOf(order), aid, cause: 1 }))
        await liar.post(liar.commit(order, aid), null)
      },
    },
    'of an id that was never offered': {
      cause: 7,
      frozen: false,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30)
        await liar.post(liar.commit(order, aidOf()), null)
      },
    },
    'by post with the order of another payment beside it': {
      cause: 7,
      frozen: false,
      run: async ({ liar, handle }) => {
        const order = liar.order(handle, 30, { postal: true })
        await liar.post(liar.commit(order, aidOf()), liar.order(handle, 30, { postal: true }))
      },
    },
    'by post to a handle nobody knows': {
      cause: 1,
      frozen: false,
      run: async ({ liar }) => {
        const order = liar.order(random.bytes(16), 30, { postal: true })
        await liar.post(liar.commit(order, aidOf()), order)
      },
    },
  }

  test.each(Object.keys(GIVEN_BACK))(
    '[PAY-2] [R5] [LINE-4] a commit %s is given back, and its number consumed',
    async (what) => {
      const { cause, frozen, run } = GIVEN_BACK[what]!
      const { bank, liar, ada } = stage
      await run(stage)
      await liar.talk.next('waive')
      const read = decodeEntry(liar.talk.entryOf('waive').entry)
      expect(read).toMatchObject({
        ok: true,
        entry: { kind: 'rcv.waive', body: { cause, parts: [{ inSeq: 1 }] } },
      })
      if (frozen) await until(() => isFrozen(bank))
      else expect(await isFrozen(bank)).toBe(false)
      expect(await balanceOf(bank, ada)).toBe(0)
      expect(await bank.node.read(({ book }) => [book.lines[0]!.open, book.lines[0]!.in.reserved])).toEqual([
        0, 0,
      ])
    },
  )

  test('[PAY-4] the same frame fifty times: one entry, and fifty times the same bytes of it', async () => {
    const { bank, liar, handle } = stage
    const order = liar.order(handle, 30, { postal: true })
    const index = liar.commit(order, aidOf())
    const size = await sizeOf(bank)
    for (let i = 0; i < 50; i++) {
      await liar.post(index, order)
      await liar.talk.next('receipt', i + 1)
    }
    expect((await sizeOf(bank)) - size).toBe(1)
    const answers = liar.talk.frames.flatMap(({ messages, entries }) =>
      messages
        .filter(({ name }) => name === 'receipt')
        .map((one) => toHex(entries[(one as { entry: number }).entry]!.entry)),
    )
    expect(new Set(answers).size).toBe(1)
  })

  const DECLINED: Record<string, { code: string; run: (s: Scene) => Promise<Message> }> = {
    'an unknown handle': {
      code: 'handle_unknown',
      run: async ({ liar }) => liar.offer(liar.order(random.bytes(16), 5), aidOf()),
    },
    'a handle that ran out': {
      code: 'handle_expired',
      run: async ({ bank, liar, ada }) => {
        const issued = ok(bank.node.handles.issue(ada, { uses: 1, now: bank.clock.now() - 100, seconds: 10 }))
        return liar.offer(liar.order(issued.handle, 5), aidOf())
      },
    },
    'a suspended payee': {
      code: 'payee_cannot_take',
      run: async ({ bank, liar, ada, handle }) => {
        ok(await bank.node.commit(decideSuspend(ada, 'suspend', random.bytes(16))))
        return liar.offer(liar.order(handle, 5), aidOf())
      },
    },
    'a closed payee': {
      code: 'payee_cannot_take',
      run: async ({ bank, liar, ada, handle }) => {
        ok(await bank.node.commit(decideClose(ada, random.bytes(16))))
        return liar.offer(liar.order(handle, 5), aidOf())
      },
    },
    'more than the line has room for': {
      code: 'line_full',
      run: async ({ liar, handle }) => liar.offer(liar.order(handle, 601), aidOf()),
    },
    'a paused line': {
      code: 'line_paused',
      run: async ({ bank, liar, handle }) => {
        ok(await bank.node.pauseNeighbour(liar.scripted.bank, 'pause'))
        return liar.offer(liar.order(handle, 5), aidOf())
      },
    },
    'another line': {
      code: 'line_missing',
      run: async ({ liar, handle }) => ({
        ...liar.offer(liar.order(handle, 5), aidOf()),
        line: random.bytes(16),
      }),
    },
    'a deadline that is past': {
      code: 'order_expired',
      run: async ({ liar, handle }) =>
        liar.offer(liar.order(handle, 5, { decideBy: liar.log.time - 100 }), aidOf()),
    },
    'a deadline too far ahead': {
      code: 'deadline_too_far',
      run: async ({ liar, handle }) =>
        liar.offer(liar.order(handle, 5, { decideBy: liar.log.time + 9 * 86_400 }), aidOf()),
    },
    'bytes that are no order': {
      code: 'order_malformed',
      run: async ({ liar, handle }) => ({
        ...liar.offer(liar.order(handle, 5), aidOf()),
        order: random.bytes(50),
      }),
    },
    'an order by post': {
      code: 'order_malformed',
      run: async ({ liar, handle }) => liar.offer(liar.order(handle, 5, { postal: true }), aidOf()),
    },
    'an order of another bank': {
      code: 'order_malformed',
      run: async ({ liar, handle }) =>
        liar.offer(liar.order(handle, 5, { payerBank: random.bytes(20) }), aidOf()),
    },
    'an order to another bank': {
      code: 'bank_unknown',
      run: async ({ liar, handle }) =>
        liar.offer(liar.order(handle, 5, { payeeBank: random.bytes(20) }), aidOf()),
    },
    'another log key': {
      code: 'order_malformed',
      run: async ({ liar, handle }) => ({
        ...liar.offer(liar.order(handle, 5), aidOf()),
        logKey: random.bytes(32),
      }),
    },
  }

  test.each(Object.keys(DECLINED))(
    '[LINE-11] an offer with %s is declined by name and not logged',
    async (what) => {
      const { code, run } = DECLINED[what]!
      const message = await run(stage)
      const size = await sizeOf(stage.bank)
      await stage.liar.talk.say([message])
      expect(await stage.liar.talk.next('decline')).toMatchObject({ code })
      expect(await sizeOf(stage.bank)).toBe(size)
    },
  )

  test('[LINE-11] 512 open ids fill a line; the next offer is told so', async () => {
    await stage.stop()
    stage = await scene(6_000)
    const { liar, handle } = stage
    for (let round = 0; round < 4; round++) {
      const offers = Array.from({ length: 128 }, () => liar.offer(liar.order(handle, 1), aidOf()))
      await liar.talk.say(offers)
      await liar.talk.next('promise', 128 * (round + 1))
    }
    await liar.talk.say([liar.offer(liar.order(handle, 1), aidOf())])
    expect(await liar.talk.next('decline')).toMatchObject({ code: 'line_too_busy' })
  })
})

describe("a lying payee's bank", () => {
  test('[R7] a promise for an id nobody ordered is answered with an abort, once logged and the same for ever', async () => {
    const { bank, liar } = stage
    const fake = liar.order(random.bytes(16), 30, { payerBank: bank.bank })
    const index = liar.promise(liar.offer(fake, aidOf()), fake)
    const size = await sizeOf(bank)
    for (const name of ['promise', 'ask'] as const) {
      const message: Message = name === 'ask' ? { name, id: idOf(fake), promise: 0 } : { name, entry: 0 }
      await liar.talk.say([message], { show: [index] })
      await liar.talk.next('abort', name === 'ask' ? 2 : 1)
    }
    expect((await sizeOf(bank)) - size).toBe(1)
    const read = decodeEntry(liar.talk.entryOf('abort').entry)
    expect(read).toMatchObject({ entry: { body: { cause: 4 } } })
  })

  test('[LINE-11] a thousand of them a day are written, and then the answer is BUSY; real payments go on', async () => {
    const { bank, liar } = stage
    const fake = liar.order(random.bytes(16), 30)
    const size = await sizeOf(bank)
    const most = LIMITS.fruitlessEntriesPerDay
    for (let sent = 0; sent < most + 200; sent += 100) {
      const show = Array.from({ length: 100 }, () =>
        liar.promise(liar.offer(liar.order(random.bytes(16), 30), aidOf()), fake),
      )
      await liar.talk.say(
        show.map((_, entry) => ({ name: 'promise', entry })),
        { show },
      )
    }
    await liar.talk.next('busy')
    await until(() => liar.talk.all('abort').length + liar.talk.all('busy').length >= most + 200)
    expect((await sizeOf(bank)) - size).toBeLessThan(most + 100)
    const { id, order } = await payLiar(stage, 30)
    await liar.show('promise', liar.promise(liar.talk.all('offer').at(-1)!, order))
    await liar.talk.next('commit')
    expect(ok(await bank.node.payment(id)).state).toBe('sent')
    bank.clock.offset += 90_000
    const index = liar.promise(liar.offer(fake, aidOf()), fake, { id: random.bytes(32) })
    const aborts = liar.talk.all('abort').length
    await liar.show('promise', index)
    await liar.talk.next('abort', aborts + 1)
  })

  test('[R7] a promise that names a line of somebody else, or an id dead already, makes us write nothing', async () => {
    const { bank, liar } = stage
    const fake = liar.order(random.bytes(16), 30)
    const size = await sizeOf(bank)
    const part = { line: random.bytes(16), lineVersion: 1, minutes: 30, offerHash: random.bytes(32) }
    await liar.show('promise', liar.promise(liar.offer(fake, aidOf()), fake, { parts: [part] }))
    await grew(0, size)
    expect(liar.talk.all('abort')).toHaveLength(0)
  })

  const WRONG: Record<string, object> = {
    'other minutes': { minutes: 31 },
    'another offer': { parts: 'hash' },
  }

  test.each(Object.keys(WRONG))(
    '[PAY-2] a promise with %s decides nothing, and the line is paused',
    async (what) => {
      const { bank, liar } = stage
      const { id, order } = await payLiar(stage, 30)
      const offer = await liar.talk.next('offer')
      const part = { line: liar.line, lineVersion: 1, minutes: 30, offerHash: random.bytes(32) }
      const more = what === 'another offer' ? { parts: [part] } : WRONG[what]!
      await liar.show('promise', liar.promise(offer, order, more))
      await until(() => isFrozen(bank))
      expect(ok(await bank.node.payment(id)).state).toBe('held')
    },
  )

  test('[PAY-4] a promise for another attempt is no answer, and nobody talks for ever about it', async () => {
    const { bank, liar } = stage
    const { id, order } = await payLiar(stage, 30)
    const offer = await liar.talk.next('offer')
    const size = await sizeOf(bank)
    for (let i = 0; i < 5; i++)
      await liar.show('promise', liar.promise(offer, order, { aid: random.bytes(32) }))
    await grew(0, size)
    expect(ok(await bank.node.payment(id)).state).toBe('held')
    expect(liar.talk.all('offer').length).toBeLessThan(4)
  })

  /** Held and committed; gives what a credit or waiver must name. */
  async function committed(
    minutes: number,
  ): Promise<{ id: Bytes; aid: Bytes; commit: { bank: Bytes; epoch: number; index: number; leaf: Bytes } }> {
    const { bank } = stage
    const { id } = await payLiar(stage, minutes, { postal: true, seconds: 3_600 })
    const payment = await bank.node.read(({ book }) => book.asPayer.get(id))
    return { id, aid: payment!.aid, commit: bank.node.own.ref(payment!.answer) }
  }

  test('[BYZ-2] a credit of what was never sent pays nobody and pauses the line', async () => {
    const { bank, liar } = stage
    const { id } = await payLiar(stage, 30)
    const { aid } = await liar.talk.next('offer')
    await liar.show('receipt', liar.credit(id, aid, 30, bank.node.own.ref(0)))
    await until(() => isFrozen(bank))
    expect(ok(await bank.node.payment(id)).state).toBe('held')
    expect(ok(await bank.node.cancel(id)).state).toBe('dead')
  })

  test('[BYZ-2] a credit with other minutes or another attempt changes nothing and pauses the line', async () => {
    const { bank, liar } = stage
    const one = await committed(30)
    await liar.show('receipt', liar.credit(one.id, one.aid, 31, one.commit))
    await until(() => isFrozen(bank))
    await liar.show('receipt', liar.credit(one.id, random.bytes(32), 30, one.commit))
    await liar.show('receipt', liar.credit(one.id, one.aid, 30, one.commit))
    await until(async () => ok(await bank.node.payment(one.id)).state === 'paid')
  })

  test('[BYZ-5] waivers after credits are honoured up to the limit of who waives, and not a minute beyond', async () => {
    const { bank, liar, ada, handle } = stage
    const sent: Awaited<ReturnType<typeof committed>>[] = []
    for (let i = 0; i < 3; i++) {
      const one = await committed(400)
      await liar.show('receipt', liar.credit(one.id, one.aid, 400, one.commit, i + 1))
      await until(async () => ok(await bank.node.payment(one.id)).state === 'paid')
      sent.push(one)
      // Its members pay back, so that the line never fills.
      const back = liar.order(handle, 400, { postal: true })
      await liar.post(liar.commit(back, aidOf()), back)
      await liar.talk.next('receipt', i + 1)
    }
    expect(await balanceOf(bank, ada)).toBe(0)
    await liar.show('waive', liar.waive(sent[0]!.id, sent[0]!.aid, sent[0]!.commit))
    await until(async () => ok(await bank.node.payment(sent[0]!.id)).state === 'returned')
    await until(() => isFrozen(bank))
    expect(await balanceOf(bank, ada)).toBe(400)
    const size = await sizeOf(bank)
    await liar.show('waive', liar.waive(sent[1]!.id, sent[1]!.aid, sent[1]!.commit))
    await grew(0, size)
    expect(ok(await bank.node.payment(sent[1]!.id)).state).toBe('paid')
    expect(await balanceOf(bank, ada)).toBe(400)
  })

  test('[PAY-11] a waiver comes home once; a credit after it is a contradiction', async () => {
    const { bank, liar, ada } = stage
    const one = await committed(30)
    const waived = liar.waive(one.id, one.aid)
    for (let i = 0; i < 5; i++) await liar.show('waive', waived)
    await until(async () => ok(await bank.node.payment(one.id)).state === 'returned')
    expect(await balanceOf(bank, ada)).toBe(0)
    expect(await isFrozen(bank)).toBe(false)
    await liar.show('receipt', liar.credit(one.id, one.aid, 30, one.commit))
    await until(() => isFrozen(bank))
    expect(ok(await bank.node.payment(one.id)).state).toBe('returned')
  })

  test('[PAY-4] a posting that was given back before it was consumed is repeated when the neighbour names its counter', async () => {
    const { bank, liar } = stage
    const one = await committed(30)
    const two = await committed(20)
    await liar.show('waive', liar.waive(one.id, one.aid))
    await until(async () => ok(await bank.node.payment(one.id)).state === 'returned')
    const before = liar.talk.all('commit').length
    bank.clock.offset += 5
    await liar.talk.hello({ line: liar.line, inSeq: 0, yours: bank.node.head.note })
    await liar.talk.next('commit', before + 2)
    expect(ok(await bank.node.payment(two.id)).state).toBe('sent')
  })

  test('[PAY-9] a reason that is none of ours is not kept for the member to read', async () => {
    const { bank, liar } = stage
    const { id } = await payLiar(stage, 30)
    const { aid } = await liar.talk.next('offer')
    await liar.talk.say([{ name: 'decline', id, aid, code: 'call 0900 for your hours' }])
    await until(async () => ok(await bank.node.payment(id)).state === 'dead')
    expect(ok(await bank.node.payment(id)).reason).toBe('refused')
    expect(bank.node.store.get(privateKey('reason', id))).toBeUndefined()
  })
})

describe('counters and clocks', () => {
  test('[LINE-9] a HELLO that consumed what was never posted pauses the line; one that repeats itself is told to wait', async () => {
    const { bank, liar } = stage
    bank.clock.offset += 5
    await liar.talk.hello({
      line: liar.line,
      inSeq: 3,
      inChain: random.bytes(32),
      yours: bank.node.head.note,
    })
    await until(() => isFrozen(bank))
    for (let i = 0; i < 20; i++) await liar.talk.hello({ line: liar.line, yours: bank.node.head.note })
    await liar.talk.next('busy')
    expect(liar.talk.all('busy').at(-1)).toMatchObject({ about: 1 })
  })

  test('[R8] [CRASH-7] a bank without its guard blames nobody for a posting it may have lost, and waits', async () => {
    const { bank, liar } = stage
    await bank.stop()
    await bank.guard.write(Uint8Array.of(1))
    await bank.start()
    const asked = { line: liar.line, inSeq: 3, inChain: random.bytes(32), yours: bank.node.head.note }
    // The bank calls its partner by itself.
    await until(() => liar.scripted.last !== liar.talk)
    liar.talk = liar.scripted.last
    await liar.talk.next('hello')
    await liar.talk.hello(asked)
    await until(() => bank.node.gate.state() !== 'wait')
    expect(bank.node.gate.state()).toMatchObject({ code: 'start_waits' })
    expect(await isFrozen(bank)).toBe(false)
    expect(bank.notices.filter(({ notice }) => notice === 'breach')).toEqual([])
    // It knows of nothing more after all; from then on the bank knows what it has posted.
    bank.clock.offset += 5
    await liar.talk.hello({ line: liar.line, yours: bank.node.head.note })
    await until(() => bank.node.gate.state() === null)
    bank.clock.offset += 5
    await liar.talk.hello(asked)
    await until(() => isFrozen(bank))
  })

  test('[LINE-9] a HELLO that consumed another posting than ours pauses the line', async () => {
    const { bank, liar } = stage
    await payLiar(stage, 30, { postal: true })
    bank.clock.offset += 5
    await liar.talk.hello({
      line: liar.line,
      inSeq: 1,
      inChain: random.bytes(32),
      yours: bank.node.head.note,
    })
    await until(() => isFrozen(bank))
  })

  test('[R8] [WIT-6] a head of ours that our key did not sign stops nothing', async () => {
    const { bank, liar } = stage
    const forged = encodeFrame({ head: liar.log.head(), link: null, entries: [], messages: [] })
    bank.clock.offset += 5
    await liar.talk.hello({ line: liar.line, yours: forged.slice(0, 300) })
    await liar.talk.hello({ line: liar.line, yours: liar.log.head() })
    await isWell(bank)
    expect(bank.node.gate.state()).toBeNull()
  })
})

describe("somebody else's business", () => {
  test('[PRIV-6] [BYZ-1] another neighbour has no say in a payment it is no party of, and is shown nothing of it', async () => {
    const { bank, liar, network, ada, handle } = stage
    const meddler = new Liar(network, bank, 'Meddler')
    await meddler.scripted.transport.start()
    await meddler.openLine()
    const aid = aidOf()
    const promised = liar.order(handle, 30)
    await liar.talk.say([liar.offer(promised, aid)])
    await liar.talk.next('promise')
    const posted = liar.order(handle, 40, { postal: true })
    await liar.post(liar.commit(posted, aidOf()), posted)
    await liar.talk.next('receipt')
    const held = await payLiar(stage, 10)
    const sent = await payLiar(stage, 20, { postal: true, seconds: 3_600 })
    const rows = await bank.node.read(({ book }) => [book.asPayer.get(held.id)!, book.asPayer.get(sent.id)!])
    const size = await sizeOf(bank)
    const line = liar.line
    const offer = liar.talk.all('offer').at(-1)!
    const commit = bank.node.own.ref(rows[1]!.answer)
    const part = { line, lineVersion: 1, minutes: 10, offerHash: random.bytes(32) }
    const limit = { minutes: 9_000, openCap: 240, parkCap: 240 }
    const log = meddler.log
    const entries: [Message['name'], number][] = [
      ['abort', log.write('pay.abort', { id: idOf(promised), aid, cause: 1 })],
      ['receipt', meddler.credit(sent.id, rows[1]!.aid, 20, commit)],
      ['waive', meddler.waive(sent.id, rows[1]!.aid, commit)],
      ['waive', meddler.waive(held.id, rows[0]!.aid)],
      ['promise', meddler.promise(offer, held.order, { parts: [part] })],
      ['promise', meddler.promise(offer, held.order)],
      [
        'line',
        log.write('line.limit', { line, direction: 1, version: 2, limit, fromOutSeq: null, peerEntry: null }),
      ],
      [
        'line',
        log.write('line.limit', { line, direction: 2, version: 2, limit, fromOutSeq: 1, peerEntry: commit }),
      ],
      ['line', log.write('line.close', { line, cause: 1, lastStatement: 0, peerEntry: null })],
      ['line', log.write('line.freeze', { line, cause: 1, evidence: null })],
    ]
    for (const [name, index] of entries) {
      const message = name === 'line' ? { name, entry: 0, token: null } : { name, entry: 0 }
      await meddler.talk.say([message as Message], { show: [index] })
    }
    await meddler.talk.say([{ name: 'decline', id: held.id, aid: rows[0]!.aid, code: 'line_full' }])
    bank.clock.offset += 5
    const heardBefore = meddler.talk.heard.length
    await meddler.talk.hello({
      line: meddler.line,
      open: [idOf(promised), idOf(posted)],
      yours: bank.node.head.note,
    })
    const probe = meddler.order(random.bytes(16), 1)
    await meddler.talk.say([meddler.offer(probe, aidOf())])
    await meddler.talk.next('decline')
    expect((await sizeOf(bank)) - size).toBe(0)
    const names = meddler.talk.heard.slice(heardBefore).map(({ name }) => name)
    expect(names.filter((name) => ['promise', 'receipt', 'waive', 'commit', 'offer'].includes(name))).toEqual(
      [],
    )
    // A commit of the promised payment over the meddler's own line books nothing either.
    await meddler.talk.say([{ name: 'commit', entry: 0, order: null }], {
      show: [meddler.commit(promised, aid)],
    })
    await until(() => isFrozen(bank))
    expect(await bank.node.read(({ book }) => book.asPayee.stateOf(idOf(promised)))).toBe('promised')
    await liar.post(liar.commit(promised, aid), null)
    await liar.talk.next('receipt', 2)
    expect(await balanceOf(bank, ada)).toBe(30 + 40 - 10 - 20)
    await meddler.scripted.transport.close()
  })

  test("[PRIV-3] two members with a handle each: one cannot be paid by the other's", async () => {
    const { bank, liar } = stage
    const eve = await addAccount(bank)
    const handle = await addHandle(bank, eve)
    const order = liar.order(handle, 25, { postal: true })
    await liar.post(liar.commit(order, aidOf()), order)
    await liar.talk.next('receipt')
    expect([await balanceOf(bank, eve), await balanceOf(bank, stage.ada)]).toEqual([25, 0])
  })
})
