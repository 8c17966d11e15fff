/**
 * Which bank answers the requests of strangers? The real app over a real node of one seed, with people, a device, a
 * line to a neighbour that never answers, and payments in several states.
 */

import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, fromBase32, toBase32, toHex } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import { bookSum } from '../../src/core/ledger/book.ts'
import { devicePreimage, exchangePreimage, orderPreimage } from '../../src/core/sign.ts'
import { encodeOrder } from '../../src/core/transfer/order.ts'
import { makeApp } from '../../src/http/app.ts'
import { commitDurations } from '../../src/http/metrics.ts'
import { nothingHere } from '../../src/http/public-log.ts'
import { letIn } from '../../src/register/letting-in.ts'
import { Logins } from '../../src/register/logins.ts'
import { commitmentOf } from '../../src/register/memos.ts'
import { ensureFund, People } from '../../src/register/people.ts'
import { ON_PAPER } from '../http/on-paper.ts'
import { orderTo, random, type TestBank } from '../node/town.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'
import { ScriptedBank } from '../sim/scripted-bank.ts'
import { type StepClock, seededBank, settled } from './bank.ts'
import { openLine } from './open-line.ts'
import { readRequest, type Wire, withToken, writeRequest } from './request.ts'

export const BANK_TOKEN = 'a'.repeat(52)

/** What a request may name and this bank knows, by the name of the field. */
export type Names = Readonly<Record<string, readonly string[]>>

export class AskedBank {
  readonly clock: StepClock
  readonly bank: TestBank
  names: Names = {}
  /** Valid requests of every kind, in an order in which they make sense. */
  readonly requests: Uint8Array[] = []
  /** What the app reported as thrown, the newest last. */
  readonly thrown: string[] = []
  readonly #fetch: (request: Request) => Response | Promise<Response>
  readonly #stop: () => Promise<void>
  /** Log keys made so far. */
  #keys = 100

  private constructor(bank: TestBank, clock: StepClock, people: People, stop: () => Promise<void>) {
    this.bank = bank
    this.clock = clock
    this.#stop = stop
    const logins = new Logins(bank.node)
    const app = makeApp({
      node: bank.node,
      people,
      coordinator: { actor: bank.coordinator, name: 'Priya' },
      surroundings: { network: 'lan', isPrivate: () => true, proxies: 0 },
      version: '0',
      stopping: new AbortController().signal,
      token: BANK_TOKEN,
      publicHead: 'usual',
      changeKey: () => bank.node.changeKey(signingKey(new Uint8Array(32).fill(++this.#keys))),
      letIn: (name, by) => letIn({ node: bank.node, people, logins }, name, by),
      sheet: ON_PAPER,
      report: (problem) => this.thrown.push(problem),
      // The pages have a program of their own, since their files need a compiler.
      metrics: { for: 'token', commits: commitDurations(), residentBytes: () => 0 },
      pages: { fetch: () => nothingHere(), deskCounts: async () => new Map() },
    })
    this.#fetch = (request) => app.fetch(request)
  }

  /** Under the seed of `turn`. */
  static async open(clock: StepClock, company: 'neighbour' | 'alone'): Promise<AskedBank> {
    const network = new MemoryNetwork()
    const bank = await seededBank(network, 'Harbour', clock)
    const peer = new ScriptedBank(network, 'Millbrook')
    await peer.transport.start()
    if (company === 'neighbour') await openLine(bank, peer, clock)
    const people = await People.open(bank.node.store)
    await settled(clock, ensureFund(bank.node, people))
    const asked = new AskedBank(bank, clock, people, async () => {
      await bank.stop()
      await peer.transport.close()
    })
    await asked.#settle(people, company === 'neighbour' ? peer : null)
    return asked
  }

  /** The answer, with time passing for as long as it waits. Null when nobody could send this. */
  async answer(
    input: Uint8Array,
  ): Promise<{ method: string; path: string; response: Response; body: Uint8Array } | null> {
    const read = readRequest(input, BANK_TOKEN)
    if (read === null) return null
    const whole = async () => {
      const response = await this.#fetch(read.request)
      return { response, body: new Uint8Array(await response.arrayBuffer()) }
    }
    return { ...read, ...(await settled(this.clock, whole())) }
  }

  /** What must hold however much was asked. */
  async sound(): Promise<string | null> {
    const { node, faults } = this.bank
    if (faults.length > 0) return `a fault: ${String(faults[0])}`
    const sum = await node.read(({ book }) => bookSum(book))
    return sum === 0 ? null : `the book sums to ${sum}`
  }

  close(): Promise<void> {
    return this.#stop()
  }

  async #do(wire: Wire): Promise<Record<string, string>> {
    const request = writeRequest(wire)
    this.requests.push(request)
    const answer = await this.answer(request)
    const text = Buffer.from(answer?.body ?? []).toString()
    must(
      answer !== null && answer.response.status < 300,
      `${wire.method} ${wire.path} is answered well: ${text}`,
    )
    return JSON.parse(text) as Record<string, string>
  }

  /** People, a device, help, payments: what the requests of others may name. */
  async #settle(people: People, peer: ScriptedBank | null): Promise<void> {
    const added = { name: 'Ada', joined_on: '2020-02-29', note: 'x' }
    const { number: ada = '' } = await this.#do(withToken('POST', '/members', added))
    const { number: bo = '' } = await this.#do(
      withToken('POST', '/members', { name: 'Bo', kind: 'organisation', number: 'B-7' }),
    )
    const key = signingKey(random.bytes(32))
    const device = toHex(random.bytes(16))
    const account = accountBehind(people, ada)
    const registration = { bank: this.bank.bank, acct: account, device: bytesIn(device), key: key.publicKey }
    const possession = toHex(key.sign(devicePreimage(registration)))
    await this.#do(
      withToken('POST', `/members/${ada}/devices`, { device, key: toHex(key.publicKey), possession }),
    )
    const { handle = '' } = await this.#do(withToken('POST', `/members/${bo}/handles`, { uses: 2, days: 3 }))
    const helped = { ...BY_COORDINATOR, provider: bo, recipient: ada, minutes: 30, note: 'soup' }
    const nonce = toHex(random.bytes(16))
    const { id: record = '' } = await this.#do(withToken('POST', '/exchanges', { ...helped, nonce }))
    const other = await this.#do(withToken('POST', '/exchanges', helped))
    await this.#do(withToken('POST', `/records/${other.id}/reverse`, {}))
    const salts = [random.bytes(32), random.bytes(32), random.bytes(32)] as const
    const commitment = commitmentOf({ texts: ['', '', 'n'], salts })
    const phone = { by: 'device', device, memo: { texts: ['', '', 'n'], salts: salts.map(toHex) } }
    const member: Member = { ada, bo, account, bill: accountBehind(people, bo), key, phone, commitment }
    const agreed = await this.#helpBySelf(member)
    const paid = peer === null ? NOTHING_PAID : await this.#pay(member, peer)
    const banks = [toBase32(peer?.bank ?? random.bytes(20)), 'Millbrook', toBase32(this.bank.bank)]
    this.names = {
      ...DATES,
      number: [ada, bo, 'POT', 'BEFORE', 'm-0001', 'none'],
      provider: [ada, bo, 'POT'],
      recipient: [ada, bo, 'BEFORE'],
      payer: [ada, bo],
      bank: banks,
      bank_id: [...banks.filter((one) => fromBase32(one, 20) !== null), toBase32(random.bytes(20))],
      handle: [handle, ...paid.handles],
      device: [device, toHex(random.bytes(16))],
      key: [toHex(key.publicKey), '01'.padEnd(64, '0'), 'f'.repeat(64)],
      id: [record, ...paid.ids, toHex(random.bytes(32))],
      intent: [agreed.intent, '80', '00'],
      order: [...paid.orders, '80'],
      signature: [agreed.signature, ...paid.signatures, possession],
      possession: [possession],
      nonce: [nonce, toHex(random.bytes(16))],
      name: ['Harbour', 'Cleo', 'Millbrook'],
      invite: [...paid.invites, 'commonhour:invite?'],
      addresses: [`/ip4/127.0.0.1/tcp/1/p2p/${this.bank.node.transport.peerId}`],
      root: [toHex(this.bank.node.head.root).slice(0, 8)],
    }
  }

  /** Help that Ada's own device agrees to. */
  async #helpBySelf({ ada, bo, account, bill, key, phone, commitment }: Member) {
    const legs = [
      { acct: account, minutes: -15 },
      { acct: bill, minutes: 15 },
    ]
    const day = Math.floor(this.clock.now() / 86_400)
    const about = { version: 1 as const, bank: this.bank.bank, day, category: 3, legs, commitment }
    const intent = encodeIntent({ ...about, nonce: random.bytes(16) })
    const agreed = { signature: toHex(key.sign(exchangePreimage(intent))), intent: toHex(intent) }
    const said = { ...phone, ...agreed, provider: bo, recipient: ada, minutes: 15 }
    await this.#do(withToken('POST', '/exchanges', said))
    return agreed
  }

  /** Payments to the neighbour: one that waits, one by post, one of Ada's own device; and an invitation. */
  async #pay({ ada, account, key, phone, commitment }: Member, peer: ScriptedBank): Promise<Paid> {
    const theirs = { bank: peer.bank, handle: random.bytes(16) }
    const to = { bank: toBase32(peer.bank), handle: toBase32(theirs.handle), minutes: 20 }
    const paying = { ...BY_COORDINATOR, payer: ada, ...to }
    const held = await this.#do(withToken('POST', '/payments', paying))
    const byPost = { ...paying, postal: true, decide_within_seconds: 900 }
    const posted = await this.#do(withToken('POST', '/payments', byPost))
    const order = encodeOrder({ ...orderTo({ bank: this.bank, account }, theirs, 10), commitment })
    const signature = toHex(key.sign(orderPreimage(order)))
    const own = await this.#do(withToken('POST', '/payments', { ...phone, order: toHex(order), signature }))
    const { invite = '' } = await this.#do(withToken('POST', '/invitations', {}))
    return {
      ids: [held, posted, own].map(({ id = '' }) => id),
      handles: [to.handle],
      orders: [toHex(order), toHex(order.slice(0, 40))],
      signatures: [signature],
      invites: [invite],
    }
  }
}

const BY_COORDINATOR = { by: 'coordinator', channel: 'call', reason: 'telephoned' }

const DATES = {
  day: ['2026-03-20', '2026-03-21', '2020-01-01', '0000-00-00', '9999-12-31'],
  joined_on: ['2020-02-29', '2021-02-29', '0000-01-01'],
  wait: ['0', '1', '60', '1e9', '-1', 'NaN'],
}

interface Member {
  readonly ada: string
  readonly bo: string
  readonly account: Bytes
  readonly bill: Bytes
  readonly key: SigningKey
  /** What a request says that Ada's device signed. */
  readonly phone: object
  readonly commitment: Bytes
}

interface Paid {
  readonly ids: readonly string[]
  readonly handles: readonly string[]
  readonly orders: readonly string[]
  readonly signatures: readonly string[]
  readonly invites: readonly string[]
}

const NOTHING_PAID: Paid = { ids: [], handles: [], orders: [], signatures: [], invites: [] }

function accountBehind(people: People, number: string): Bytes {
  const account = people.byNumber(number)?.account
  must(account !== undefined, 'a member has an account')
  return account
}

function bytesIn(hex: string): Bytes {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
