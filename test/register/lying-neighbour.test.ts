/** What can a neighbour do that lies about members, requests and words? It is refused by name, and nobody loses an hour. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Body } from '../../src/core/entry.ts'
import type { Bytes } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { memoCommitment, type Words } from '../../src/core/memo.ts'
import { packWords } from '../../src/core/packed-words.ts'
import { encodeOrder, type Order, orderId } from '../../src/core/transfer/order.ts'
import { encodeFrame, type Message, type MessageOf } from '../../src/peer/messages.ts'
import { readMemo } from '../../src/register/memos.ts'
import { collectRequest, lookUp, payRequest } from '../../src/register/paying-requests.ts'
import { makeRequest, requestByCode } from '../../src/register/requests.ts'
import { isFrozen, isWell, Liar } from '../node/liar.ts'
import { ok, orderTo, random, refusalOf, requestFor, until } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { type Desk, openDesk } from './two-desks.ts'

let network: MemoryNetwork
let desk: Desk
let liar: Liar
beforeEach(async () => {
  network = new MemoryNetwork()
  desk = await openDesk(network, 'Harbour', ['Ada Lovelace', 'Carl Gauss'])
  liar = new Liar(network, desk.bank)
  await liar.scripted.transport.start()
  await liar.openLine()
})
afterEach(async () => {
  await isWell(desk.bank)
  await desk.bank.stop()
  await liar.scripted.transport.close()
})

const CODE = '7K3QX9M2'
const WORDS: Words = {
  texts: ['gardening', '', ''],
  salts: [random.bytes(32), random.bytes(32), random.bytes(32)],
}
const commitmentOf = ({ texts, salts }: Words): Bytes => memoCommitment(texts, salts)

const balanceOf = (number: string): Promise<number> =>
  desk.bank.node.read(({ book }) => {
    const account = desk.people.byNumber(number)?.account.toString()
    return book.accounts.find(({ id }) => id.toString() === account)?.balance ?? Number.NaN
  })

describe('[INV-2] [INV-6] an answer that is a lie is refused by name, and nothing is held', () => {
  /** An invoice of the liar's, with whatever it should say instead; gives its index. */
  const endorse = (more: Partial<Body<'rcv.invoice'>> = {}): number =>
    liar.log.write('rcv.invoice', {
      handle: random.bytes(16),
      minutes: 60,
      category: 0,
      day: null,
      expires: liar.log.time + 3_600,
      uses: 1,
      commitment: commitmentOf(WORDS),
      ...more,
    })
  const endorsed = (question: Bytes, more: Partial<MessageOf<'endorsed'>> = {}): MessageOf<'endorsed'> => ({
    name: 'endorsed',
    question,
    entry: 0,
    payee: 'Bo M.',
    words: packWords(WORDS),
    ...more,
  })

  const LIES: Readonly<Record<string, { code: string; say: (question: Bytes) => Promise<void> }>> = {
    'a name that turns the direction of writing': {
      code: 'answer_not_sound',
      say: (q) => liar.talk.say([endorsed(q, { payee: '\u202eoB' })], { show: [endorse()] }),
    },
    'a name with markup': {
      code: 'answer_not_sound',
      say: (q) => liar.talk.say([endorsed(q, { payee: '<b>Bo</b>' })], { show: [endorse()] }),
    },
    'a blank name': {
      code: 'answer_not_sound',
      say: (q) => liar.talk.say([endorsed(q, { payee: ' ' })], { show: [endorse()] }),
    },
    'a name of 10 KB': {
      code: 'neighbour_away',
      say: (q) => liar.talk.say([endorsed(q, { payee: 'x'.repeat(10_240) })], { show: [endorse()] }),
    },
    'words that are not those of the entry': {
      code: 'answer_not_sound',
      say: (q) => {
        const words = packWords({ ...WORDS, texts: ['something else', '', ''] })
        return liar.talk.say([endorsed(q, { words })], { show: [endorse()] })
      },
    },
    'no words for a commitment': {
      code: 'answer_not_sound',
      say: (q) => liar.talk.say([endorsed(q, { words: null })], { show: [endorse()] }),
    },
    'words without a commitment': {
      code: 'answer_not_sound',
      say: (q) => liar.talk.say([endorsed(q)], { show: [endorse({ commitment: null })] }),
    },
    'a request that is good for a year': {
      code: 'answer_not_sound',
      say: (q) => {
        const expires = liar.log.time + 366 * 86_400
        return liar.talk.say([endorsed(q)], { show: [endorse({ expires })] })
      },
    },
    'a request that has run out': {
      code: 'request_expired',
      say: (q) => liar.talk.say([endorsed(q)], { show: [endorse({ expires: liar.log.time - 60 })] }),
    },
    'another entry of its log': {
      code: 'neighbour_away',
      say: (q) => liar.talk.say([endorsed(q)], { show: [1] }),
    },
    'an entry of another bank': {
      code: 'neighbour_away',
      say: async (q) => {
        const other = new Liar(network, desk.bank, 'Other')
        other.log.write('rcv.invoice', { ...INVOICE, expires: other.log.time + 60 })
        const index = other.log.size - 1
        const entry = { index, entry: other.log.raws[index]!, proof: other.log.proof(index) }
        const head = liar.log.head()
        await liar.talk.sayRaw(encodeFrame({ head, link: null, entries: [entry], messages: [endorsed(q)] }))
      },
    },
    'a handle where a request is asked for': {
      code: 'answer_not_sound',
      say: (question) =>
        liar.talk.say([
          {
            name: 'handle',
            question,
            handle: random.bytes(16),
            uses: 1,
            expires: liar.log.time,
            payee: 'Bo',
          },
        ]),
    },
    'nothing at all': {
      code: 'request_unknown',
      say: (id) => liar.talk.say([{ name: 'nothing', id }]),
    },
    'that it was asked too often': {
      code: 'asked_too_often',
      say: () => liar.talk.say([{ name: 'busy', about: 22, retrySeconds: 10 }]),
    },
    'that it is over, nobody knows since when': {
      code: 'request_withdrawn',
      say: (question) => liar.talk.say([{ name: 'over', question, cause: 3, at: null }]),
    },
    'an end of the session': { code: 'neighbour_away', say: () => liar.talk.session.close() },
  }
  const INVOICE = {
    handle: new Uint8Array(16),
    minutes: 60,
    category: 0,
    day: null,
    uses: 1,
    commitment: null,
  } as const

  test.each(Object.entries(LIES))('%s', async (_what, { code, say }) => {
    const { bank } = liar.scripted
    const asked = collectRequest(desk.bank.node, desk.people, bank, CODE)
    const { question, code: wanted } = await liar.talk.next('request')
    expect(wanted).toBe(CODE)
    await say(question)
    expect(refusalOf(await asked)).toBe(code)
    expect(desk.bank.node.fetched.byCode(bank, CODE)).toBeNull()
    expect(await balanceOf('H-1')).toBe(0)
  })

  test('an answer to a question that nobody asked is passed over, and so is a second answer', async () => {
    const { bank } = liar.scripted
    const index = endorse()
    await liar.talk.say([endorsed(random.bytes(32))], { show: [index] })
    const asked = collectRequest(desk.bank.node, desk.people, bank, CODE)
    const { question } = await liar.talk.next('request')
    const other = endorsed(question, { payee: 'Somebody else' })
    await liar.talk.say([endorsed(question), other], { show: [index] })
    expect(ok(await asked).payee).toBe('Bo M.')
    expect(liar.talk.over).toBe(false)
  })

  test('what is paid is what was endorsed: the order keeps to it, and cites it', async () => {
    const { bank } = liar.scripted
    const index = endorse({ minutes: null, day: 20_500, category: 4 })
    const today = Math.floor(liar.log.time / 86_400)
    const asked = collectRequest(desk.bank.node, desk.people, bank, CODE)
    const { question } = await liar.talk.next('request')
    const invoice = endorse({ minutes: 45, day: today, category: 4 })
    expect(index).toBeLessThan(invoice)
    await liar.talk.say([endorsed(question)], { show: [invoice] })
    ok(await asked)
    const request = { payer: 'H-1', bank, code: CODE }
    expect(
      refusalOf(await payRequest(desk.bank.node, desk.people, { ...request, minutes: 44 }, desk.act)),
    ).toBe('invoice_differs')
    ok(await payRequest(desk.bank.node, desk.people, request, desk.act))
    const { order } = await liar.talk.next('commit')
    const memo = await liar.talk.next('memo')
    expect(memo.order).toEqual(order)
    expect(liar.talk.heard.map(({ name }) => name).slice(-2)).toEqual(['memo', 'commit'])
    expect(await balanceOf('H-1')).toBe(-45)
  })

  test('an order on a request that was never fetched is not sent', async () => {
    const account = desk.people.byNumber('H-1')?.account as Bytes
    const to = { bank: liar.scripted.bank, handle: random.bytes(16) }
    const order = { ...orderTo({ bank: desk.bank, account }, to, 60), invoice: liar.log.ref(endorse()) }
    expect(refusalOf(await desk.bank.node.pay(requestFor(desk.bank, order)))).toBe('invoice_not_held')
    const postal = { ...order, postal: true }
    expect(refusalOf(await desk.bank.node.pay(requestFor(desk.bank, postal)))).toBe('order_malformed')
    expect(await balanceOf('H-1')).toBe(0)
    expect(liar.talk.all('commit')).toEqual([])
  })

  test.each([
    ['a handle that has run out', { expires: -60 }, 'answer_not_sound'],
    ['a handle without uses', { uses: 0 }, 'answer_not_sound'],
    ['a name that turns the direction of writing', { payee: 'Bo\u2066' }, 'answer_not_sound'],
  ] as const)('asked about a member: %s', async (_what, lie, code) => {
    const asked = lookUp(desk.bank.node, liar.scripted.bank, 'ML-4827-K')
    const { question, number } = await liar.talk.next('who')
    expect(number).toBe('ML-4827-K')
    const good = { handle: random.bytes(16), uses: 1, payee: 'Bo M.' }
    const expires = liar.log.time + ('expires' in lie ? lie.expires : 600)
    await liar.talk.say([{ name: 'handle', question, ...good, ...lie, expires }])
    expect(refusalOf(await asked)).toBe(code)
  })
})

describe("[INV-3] [INV-4] a lying payer's bank", () => {
  /** Ada asks for an hour, and the liar fetches the request. */
  async function fetched(uses = 1) {
    const made = ok(
      await makeRequest(desk.bank.node, desk.people, { number: 'H-1', minutes: 60, what: 'a lift', uses }),
    )
    const before = liar.talk.all('endorsed').length
    const question = random.bytes(32)
    await liar.talk.say([{ name: 'request', question, code: made.code }])
    await liar.talk.next('endorsed', before + 1)
    const index = (await sizeOfLog()) - 1
    const invoice = desk.bank.node.own.ref(index)
    return {
      made,
      invoice,
      order: (more: Partial<Order> = {}) => liar.order(made.handle, 60, { invoice, ...more }),
    }
  }
  const sizeOfLog = (): Promise<number> => desk.bank.node.read(({ book }) => book.size)
  const sends = async (order: Order, ahead: readonly Message[] = []): Promise<void> => {
    const index = liar.commit(order, random.bytes(32), { bundle: null })
    const commit = { name: 'commit', entry: 0, order: encodeOrder(order) } as const
    await liar.talk.say([...ahead, commit], { show: [index] })
  }

  type Asked = Awaited<ReturnType<typeof fetched>>
  const WRONG: Readonly<Record<string, (asked: Asked) => Partial<Order>>> = {
    'more minutes than were asked for': () => ({ minutes: 61 }),
    'a deadline after the end of the request': () => ({ decideBy: liar.log.time + 2 * 86_400 }),
    'a handle that the request does not name': () => ({ handle: random.bytes(16) }),
    'an entry that is no request': () => ({ invoice: desk.bank.node.own.ref(0) }),
    'the request under another leaf hash': ({ invoice }) => ({
      invoice: { ...invoice, leaf: random.bytes(32) },
    }),
    'the request in another epoch': ({ invoice }) => ({ invoice: { ...invoice, epoch: 1 } }),
    'an entry of its own log': ({ invoice }) => ({ invoice: { ...invoice, bank: liar.scripted.bank } }),
    'by post as well': () => ({ postal: true }),
  }
  test.each(Object.entries(WRONG))('%s: given back, reported, and the line stops', async (_what, lie) => {
    const asked = await fetched()
    await sends(asked.order(lie(asked)))
    await liar.talk.next('waive')
    expect(await balanceOf('H-1')).toBe(0)
    await until(() => isFrozen(desk.bank))
    const view = ok(await requestByCode(desk.bank.node, desk.people, asked.made.code))
    expect(view).toMatchObject({ state: 'open', used: [] })
  })

  test('a request for one, used three times: one is credited, the others come back, nobody is accused', async () => {
    const { order, made } = await fetched()
    for (let i = 0; i < 3; i++) await sends(order())
    await liar.talk.next('waive', 2)
    expect(liar.talk.all('receipt')).toHaveLength(1)
    expect(await balanceOf('H-1')).toBe(60)
    expect(await isFrozen(desk.bank)).toBe(false)
    expect(ok(await requestByCode(desk.bank.node, desk.people, made.code)).used).toHaveLength(1)
  })

  test('a request that was never fetched stands for nothing', async () => {
    const made = ok(await makeRequest(desk.bank.node, desk.people, { number: 'H-1', minutes: 60 }))
    await sends(liar.order(made.handle, 60, { invoice: desk.bank.node.own.ref(3) }))
    await liar.talk.next('waive')
    expect(await balanceOf('H-1')).toBe(0)
  })

  test('[INV-5] words that are not those of their order, of another bank, or no text: passed over, reported once', async () => {
    const { order } = await fetched(4)
    const good = order({ commitment: commitmentOf(WORDS) })
    const memo = (one: Order, words = packWords(WORDS)): Message => ({
      name: 'memo',
      order: encodeOrder(one),
      words,
    })
    const utf8 = { texts: [Uint8Array.of(0xff), new Uint8Array(0), new Uint8Array(0)], salts: WORDS.salts }
    const wrong = [
      memo(order()),
      memo({ ...good, payerBank: random.bytes(20) }),
      memo({ ...good, payeeBank: liar.scripted.bank }),
      memo(good, utf8),
      { name: 'memo', order: random.bytes(40), words: packWords(WORDS) } as const,
    ]
    const bare = order({ commitment: commitmentOf(WORDS) })
    const others = packWords({ ...WORDS, texts: ['nothing of the kind', '', ''] })
    await sends(bare, [...wrong, memo(bare, others)])
    await liar.talk.next('receipt')
    expect(readMemo(desk.bank.node.store, orderId(encodeOrder(bare)))).toBeNull()
    const told = desk.bank.notices.filter(({ facts }) => String(facts.what).startsWith('words'))
    expect(told).toHaveLength(1)
    await sends(good, [memo(good)])
    await liar.talk.next('receipt', 2)
    expect(readMemo(desk.bank.node.store, orderId(encodeOrder(good)))).toEqual(WORDS)
    expect(await isFrozen(desk.bank)).toBe(false)
  })

  test('[INV-5] words without a commit are forgotten: a flood keeps 16 of them and no row', async () => {
    const { order } = await fetched(2)
    const memos = Array.from({ length: 100 }, () => order({ commitment: commitmentOf(WORDS) }))
    const first = memos[0] as Order
    await liar.talk.say(
      memos.map((one) => ({ name: 'memo', order: encodeOrder(one), words: packWords(WORDS) })),
    )
    await sends(first)
    await liar.talk.next('receipt')
    expect(readMemo(desk.bank.node.store, orderId(encodeOrder(first)))).toBeNull()
    const last = memos.at(-1) as Order
    await sends(last)
    await liar.talk.next('receipt', 2)
    expect(readMemo(desk.bank.node.store, orderId(encodeOrder(last)))).toEqual(WORDS)
  })
})

describe('[INV-6] a neighbour that walks through our numbers and codes', () => {
  const guesses = (count: number, make: (question: Bytes) => Message): Promise<void> =>
    liar.talk.say(Array.from({ length: count }, () => make(random.bytes(32))))

  test('is answered 30 times a day, in one frame or in many, and nothing is written for it', async () => {
    const size = await desk.bank.node.read(({ book }) => book.size)
    await guesses(100, (question) => ({ name: 'who', question, number: 'H-1' }))
    await until(() => liar.talk.all('busy').length === 70)
    expect(liar.talk.all('handle')).toHaveLength(LIMITS.questionsPerDay)
    expect(new Set(liar.talk.all('handle').map(({ payee }) => payee))).toEqual(new Set(['Ada L.']))
    await guesses(50, (question) => ({ name: 'request', question, code: 'AAAAAAAA' }))
    await until(() => liar.talk.all('busy').length === 120)
    expect(liar.talk.all('nothing')).toEqual([])
    expect(await desk.bank.node.read(({ book }) => book.size)).toBe(size)
  })

  test('guessing codes costs as much as asking for numbers', async () => {
    await guesses(100, (question) => ({ name: 'request', question, code: 'AAAAAAAA' }))
    await until(() => liar.talk.all('busy').length === 70)
    expect(liar.talk.all('nothing')).toHaveLength(LIMITS.questionsPerDay)
    const made = ok(await makeRequest(desk.bank.node, desk.people, { number: 'H-1', minutes: 5 }))
    await liar.talk.say([{ name: 'request', question: random.bytes(32), code: made.code }])
    await until(() => liar.talk.all('busy').length === 71)
    expect(liar.talk.all('endorsed')).toEqual([])
  })

  test.each(['who', 'request', 'look', 'interest'] as const)(
    'a bank without a line is not heard with a %s',
    async (name) => {
      const stranger = new Liar(network, desk.bank, 'Stranger')
      await stranger.scripted.transport.start()
      await stranger.call()
      const question = random.bytes(32)
      const messages: Readonly<Record<typeof name, Message>> = {
        who: { name: 'who', question, number: 'H-1' },
        request: { name: 'request', question, code: CODE },
        look: { name: 'look', question },
        interest: { name: 'interest', question, notice: random.bytes(16), who: 'Eve', phone: null },
      }
      await stranger.talk.say([messages[name]])
      await until(() => stranger.talk.over)
      for (const answer of ['handle', 'notices', 'noted'] as const)
        expect(stranger.talk.all(answer)).toEqual([])
      await stranger.scripted.transport.close()
    },
  )
})
