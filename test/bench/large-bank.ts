/**
 * What is a large bank made of? Fills the folder of a bank, through its one writer, with people, lines to other
 * banks, payments out and in, and exchanges. The other banks do not exist: what is cited of their logs is random
 * bytes, which no start looks behind.
 */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Auth, Ref } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, compareBytes, toHex } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import type { Book } from '../../src/core/ledger/book.ts'
import type { Line } from '../../src/core/line.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { encodeOrder, orderId } from '../../src/core/transfer/order.ts'
import type { Draft } from '../../src/node/commit.ts'
import type { ServedBank } from '../../src/serve.ts'
import type { Write } from '../../src/store/store.ts'

/** How large. Of 20 entries beyond people and lines 9 are payments out, 6 payments in, 5 exchanges. */
export interface LargeSize {
  readonly entries: number
  readonly people: number
  readonly neighbours: number
}

/** As many as a bank on a small computer must be able to hold ([OPS-8]): 300,000 payments and 247,000 exchanges. */
export const LARGE: LargeSize = { entries: 1_000_000, people: 5_000, neighbours: 50 }

const MINUTES = 15
const CYCLE_ENTRIES = 20
const CYCLES_AT_ONCE = 12
const bytes = (length: number): Bytes => new Uint8Array(randomBytes(length))
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** The program as it was built: its pages need a compiler, and this runs on Node alone. */
function built(): Promise<typeof import('../../src/serve.ts')> {
  return import(new URL('../../dist/serve.js', import.meta.url).href)
}

/** Makes the bank of a folder if there is none, and adds to its log until it has so many entries. */
export async function fillLargeBank(
  folder: string,
  size: LargeSize,
  told: (entries: number) => void = () => undefined,
): Promise<void> {
  const { init, serve } = await built()
  if (!existsSync(join(folder, 'keys'))) await init({ folder, name: 'Harbour', coordinator: 'Priya' })
  const bank = await serve({
    folder,
    http: { host: '127.0.0.1', port: 0 },
    p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], announce: [], network: 'lan' },
    bootstrap: [],
    publicHead: 'usual',
    node: { startWaitSeconds: 0, commitEntries: 4_096 },
    log: quiet,
    onFatal: (fault) => {
      throw fault
    },
  })
  try {
    await new Filling(bank, size).run(told)
  } finally {
    await bank.close()
  }
}

class Filling {
  readonly #bank: ServedBank
  readonly #size: LargeSize
  readonly #book: Book
  readonly #word: Auth
  #members: readonly Bytes[] = []
  #n = 0

  constructor(bank: ServedBank, size: LargeSize) {
    this.#bank = bank
    this.#size = size
    let book: Book | null = null
    // Between two commits the book is the one that stands on the disk; this loop makes every commit itself.
    void bank.node.read((reading) => {
      book = reading.book
    })
    must(book !== null, 'nothing is written yet')
    this.#book = book
    const [actor] = [...this.#book.roles.keys()]
    this.#word = {
      form: 2,
      actor: new Uint8Array(Buffer.from(actor as string, 'hex')),
      onBehalfOf: null,
      reason: 5,
      second: null,
    }
  }

  async run(told: (entries: number) => void): Promise<void> {
    const { entries, people, neighbours } = this.#size
    while (this.#book.lines.length < neighbours) await this.#write([() => this.#line()])
    for (let n = this.#book.devices.size; n < people; n++) await this.#person(n)
    this.#members = this.#book.accounts.filter((one) => one.class === 'member').map(({ id }) => id)
    while (this.#book.size < entries) {
      const steps: (() => Draft)[] = []
      const cycles = Math.min(CYCLES_AT_ONCE, Math.ceil((entries - this.#book.size) / CYCLE_ENTRIES))
      for (let i = 0; i < cycles; i++) steps.push(...this.#cycle(this.#n++))
      await this.#write(steps.slice(0, entries - this.#book.size))
      told(this.#book.size)
    }
  }

  /** Each step is decided on the book that the one before has left; all of them share one commit. */
  async #write(steps: readonly (() => Draft)[], rows: readonly Write[] = []): Promise<void> {
    const decisions = steps.map((step, i) =>
      this.#bank.node.commit(() => ({
        ok: true,
        value: { entries: [step()], rows: i === 0 ? rows : [], value: null },
      })),
    )
    for (const outcome of await Promise.all(decisions)) must(outcome.ok, 'nothing refuses the filling')
  }

  async #person(n: number): Promise<void> {
    const account = bytes(16)
    const contact = `${toHex(account)}@members.example`
    const row = this.#bank.people.keep({
      account,
      number: `M-${String(n + 1).padStart(4, '0')}`,
      name: `Member number ${n + 1}`,
      kind: 'member',
      joinedOn: '2026-01-02',
      phone: '+44 20 7946 0000',
      phone2: null,
      email: contact,
      area: 'North',
      language: 'en',
      channel: 'telephone',
      note: 'Likes gardens, has a ladder',
      phoneWord: 'heron',
      printLarge: false,
      paper: true,
      helpers: [],
    })
    await this.#write(
      [
        () => ({ kind: 'acct.open', body: { acct: account, class: 1, nonce: bytes(16) } }),
        () => ({
          kind: 'dev.add',
          body: {
            acct: account,
            device: bytes(16),
            key: bytes(32),
            possession: bytes(64),
            introducedBy: null,
            nonce: bytes(16),
          },
        }),
      ],
      [row],
    )
  }

  #line(): Draft {
    const { bank } = this.#book
    const peer = bytes(20)
    const [lower, higher] = compareBytes(bank, peer) < 0 ? [bank, peer] : [peer, bank]
    const limit = { minutes: 600_000, openCap: 240, parkCap: 240 }
    const terms = encodeTerms({
      version: 1,
      lower,
      higher,
      lowerMayOwe: limit,
      higherMayOwe: limit,
      statementEvery: 0,
      nonce: bytes(16),
    })
    return { kind: 'line.open', body: { terms, peerEntry: foreign(peer) } }
  }

  /** Three payments out that are received there, three that come in, and five exchanges; nothing stays open. */
  *#cycle(n: number): Iterable<() => Draft> {
    for (let i = 0; i < 3; i++) yield* this.#paymentOut(n * 3 + i)
    for (let i = 0; i < 3; i++) yield* this.#paymentIn(n * 3 + i)
    for (let i = 0; i < 5; i++) yield () => this.#exchange(n * 5 + i)
  }

  #member(n: number): Bytes {
    return this.#members[n % this.#members.length] as Bytes
  }

  *#paymentOut(n: number): Iterable<() => Draft> {
    const book = this.#book
    const line = book.lines[n % book.lines.length] as Line
    const payer = this.#member(n)
    const aid = bytes(32)
    const decideBy = this.#bank.node.logTime() + 3_600
    const order = encodeOrder({
      version: 1,
      payerBank: book.bank,
      payer,
      payeeBank: line.peer,
      handle: bytes(16),
      minutes: MINUTES,
      category: 1,
      day: Math.floor(decideBy / 86_400),
      commitment: bytes(32),
      decideBy,
      postal: false,
      invoice: null,
      refs: [],
      nonce: bytes(16),
    })
    const id = orderId(order)
    const part = { line: line.id, minutes: MINUTES }
    yield () => ({
      kind: 'pay.hold',
      body: {
        order,
        aid,
        mode: 1,
        channel: 3,
        auths: [this.#word],
        parts: [{ ...part, lineVersion: line.out.version }],
      },
    })
    yield () => {
      const { seq, sum, chain } = line.out
      const posted = { ...part, outSeq: seq + 1, outSum: sum + MINUTES, prevOut: chain }
      return {
        kind: 'pay.commit',
        body: { id, aid, minutes: MINUTES, decideBy, bundle: bytes(32), parts: [posted] },
      }
    }
    yield () => ({ kind: 'pay.done', body: { id, aid, credit: foreign(line.peer) } })
  }

  *#paymentIn(n: number): Iterable<() => Draft> {
    const line = this.#book.lines[n % this.#book.lines.length] as Line
    const payee = this.#member(n)
    const now = this.#bank.node.logTime()
    const terms = {
      id: bytes(32),
      aid: bytes(32),
      payee,
      minutes: MINUTES,
      category: 1,
      day: Math.floor(now / 86_400),
    }
    const part = { line: line.id, minutes: MINUTES }
    yield () => ({
      kind: 'rcv.promise',
      body: {
        ...terms,
        decideBy: now + 3_600,
        parts: [{ ...part, lineVersion: line.in.version, offerHash: bytes(32) }],
      },
    })
    yield () => ({
      kind: 'rcv.credit',
      body: {
        ...terms,
        commit: foreign(line.peer),
        parts: [{ ...part, inSeq: line.in.seq + 1, postRef: null }],
      },
    })
  }

  #exchange(n: number): Draft {
    const intent = encodeIntent({
      version: 1,
      bank: this.#book.bank,
      day: Math.floor(this.#bank.node.logTime() / 86_400),
      category: 1,
      legs: [
        { acct: this.#member(n), minutes: -MINUTES },
        { acct: this.#member(n + 1 + (n % (this.#members.length - 1))), minutes: MINUTES },
      ],
      commitment: bytes(32),
      nonce: bytes(16),
    })
    return { kind: 'exchange', body: { intent, channel: 3, auths: [this.#word], refs: [] } }
  }
}

/** An entry of a log that nobody here has seen. */
function foreign(bank: Bytes): Ref {
  return { bank, epoch: 0, index: 1, leaf: bytes(32) }
}
