/**
 * Test side: writes whole exports by hand, entry by entry, for two banks with a line. Every entry of the story has a
 * label; a test may change, drop or double one of them, and everything after it stays consistent with that.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode } from '../../src/core/codec.ts'
import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import {
  type Body,
  type Entry,
  type EntryOf,
  encodeEntry,
  KINDS,
  type Kind,
  type Ref,
} from '../../src/core/entry.ts'
import { sha256 } from '../../src/core/hash.ts'
import { type Bytes, originOf, toBase32, toHex } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import type { Field } from '../../src/core/schema.ts'
import {
  bankIdOf,
  bundleOf,
  devicePreimage,
  exchangeIdOf,
  exchangePreimage,
  lineIdOf,
  orderPreimage,
  paymentIdOf,
} from '../../src/core/sign.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { attemptId, encodeOrder, type Order } from '../../src/core/transfer/order.ts'
import { printHeadText, signCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { KEY_TYPE, printVkey } from '../../src/log/note.ts'
import { encodeBundle, printTilePath, tilesOf } from '../../src/log/tiles.ts'
import { type LogTree, openTree } from '../../src/log/tree.ts'

export const START = 1_800_000_000
export const TODAY = Math.floor(START / 86_400)

/** Bytes that depend on the label alone. */
export function bytesFor(label: string, length: number): Bytes {
  return sha256(Buffer.from(label)).slice(0, length)
}

const id16 = (label: string) => bytesFor(label, 16)

/** What happens to one labelled entry; the default is `push(entry)`. */
export type Edit = (push: (entry: Entry) => number, entry: Entry, world: World) => void
export type Edits = Readonly<Record<string, Edit>>

/** An edit that changes fields of an entry of this kind. */
export function change<K extends Kind>(kind: K, changes: (body: Body<K>) => Partial<Body<K>>): Edit {
  return (push, entry) => {
    if (entry.kind !== kind) throw new Error(`${entry.kind} is not ${kind}`)
    const body = entry.body as Body<K>
    push({ ...entry, body: { ...body, ...changes(body) } } as Entry)
  }
}

/** An edit that appends an entry after the labelled one. */
export function follow<K extends Kind>(kind: K, bodyOf: (world: World) => Body<K>): Edit {
  return (push, entry, world) => {
    push(entry)
    push({ kind, time: entry.time, body: bodyOf(world) } as Entry)
  }
}

export const drop: Edit = () => {}

export class BankLog {
  readonly name: string
  readonly key: SigningKey
  readonly entries: Bytes[] = []
  readonly leaves: Bytes[] = []
  readonly labels = new Map<string, number>()
  bank: Bytes = new Uint8Array(20)
  chain = { seq: 0, sum: 0, leaf: new Uint8Array(32) as Bytes }
  inSeq = 0

  constructor(name: string) {
    this.name = name
    this.key = signingKey(bytesFor(`${name} log key`, 32))
  }

  push(entry: Entry): number {
    this.append(encodeEntry(entry as EntryOf<Kind>))
    if (entry.kind === 'found') {
      const body = (KINDS.found.body as Field<Body<'found'>>).write(entry.body)
      this.bank = bankIdOf(encode(body))
    }
    return this.entries.length - 1
  }

  /** Logs any bytes. */
  append(raw: Bytes): void {
    this.entries.push(raw)
    this.leaves.push(leafHash(raw))
  }

  /** Another entry in the place of one that is logged; what follows stays as it is. */
  replace(index: number, entry: Entry): void {
    this.replaceRaw(index, encodeEntry(entry as EntryOf<Kind>))
  }

  replaceRaw(index: number, raw: Bytes): void {
    this.entries[index] = raw
    this.leaves[index] = leafHash(raw)
  }

  get id(): string {
    return toBase32(this.bank)
  }

  get origin(): string {
    return originOf(this.bank, 0)
  }

  /** Index of a label; a number far inside the log where the entry was dropped. */
  at(label: string): number {
    return this.labels.get(label) ?? 3
  }

  ref(label: string): Ref {
    const index = this.labels.get(label)
    const leaf = index === undefined ? bytesFor(`no ${label}`, 32) : (this.leaves[index] as Bytes)
    return { bank: this.bank, epoch: 0, index: index ?? 3, leaf }
  }

  tree(size = this.entries.length): LogTree {
    const full = new Map<string, Bytes>()
    const loadHash = () => {
      throw new Error('no hash is stored by itself')
    }
    const tree = openTree({ size: 0, loadHash, loadTile: (level, n) => full.get(`${level}/${n}`) })
    for (let at = 0; at < size; at += 256) {
      const growth = tree.append(this.leaves.slice(at, Math.min(size, at + 256)))
      for (const { level, n, bytes } of growth.full) full.set(`${level}/${n}`, bytes)
    }
    return tree
  }

  /** The signed head at the present size, as a `seen` entry quotes it. */
  seen(): Body<'seen'> {
    const size = this.entries.length
    const root = this.tree().root()
    const signature = this.key.sign(printHeadText({ origin: this.origin, size, root }))
    return { bank: this.bank, epoch: 0, size, root, signature }
  }

  checkpoint(size = this.entries.length): Bytes {
    return signCheckpoint({ origin: this.origin, size, root: this.tree(size).root(), key: this.key })
  }

  /** The part of the next commit on the one line, and the chain moved on as if it were logged next. */
  outPart(line: Bytes, minutes: number): Body<'pay.commit'>['parts'][number] {
    return {
      line,
      minutes,
      outSeq: this.chain.seq + 1,
      outSum: this.chain.sum + minutes,
      prevOut: this.chain.leaf,
    }
  }

  /** Files of the export by their path below the export's folder. */
  files(size = this.entries.length): Map<string, Bytes> {
    const tree = this.tree(size)
    const base = `tlog/${this.id}/0`
    const files = new Map<string, Bytes>()
    files.set(`${base}/checkpoint`, this.checkpoint(size))
    const vkey = printVkey({ name: this.origin, type: KEY_TYPE.log, key: this.key.publicKey })
    files.set(`${base}/vkey`, new Uint8Array(Buffer.from(`${vkey}\n`)))
    for (const name of tilesOf(size)) {
      const bytes =
        name.kind === 'tile'
          ? (tree.tile(name.level, name.n, name.width) as Bytes)
          : encodeBundle(this.entries.slice(name.n * 256, name.n * 256 + name.width))
      files.set(`${base}${printTilePath(name)}`, bytes)
    }
    return files
  }
}

/** Writes the files of an export under a folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, Bytes>): void {
  for (const [path, bytes] of files) {
    const full = join(folder, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, bytes)
  }
}

/** The path of a kept head of this log, and its note. */
export function keptHead(log: BankLog, size: number): [string, Bytes] {
  const root = toHex(log.tree(size).root()).slice(0, 16)
  const origin = toHex(sha256(Buffer.from(log.origin)))
  return [`heads/${origin}/${size}-${root}`, log.checkpoint(size)]
}

export interface WorldOptions {
  readonly edits?: Edits
  /** Further exchanges at Harbour, each agreed to by Ada's device. */
  readonly filler?: number
  /** First limit of both directions, in minutes. */
  readonly limit?: number
  /** Where the story ends. */
  readonly until?: 'line' | 'closed' | 'payments' | 'silence' | 'invoices'
  /** Seconds from the order to the deadline of a payment, by its label. */
  readonly ahead?: Readonly<Record<string, number>>
}

export class World {
  readonly harbour = new BankLog('Harbour')
  readonly millbrook = new BankLog('Millbrook')
  readonly ada = id16('Ada')
  readonly cleo = id16('Cleo')
  readonly dora = id16('Dora')
  readonly bo = id16('Bo')
  readonly phone = signingKey(bytesFor('phone of Ada', 32))
  readonly tablet = signingKey(bytesFor('tablet of Bo', 32))
  /** Coordinators: Dora at Harbour with a colleague, one at Millbrook. */
  readonly desk = id16('desk')
  readonly colleague = id16('colleague')
  readonly millDesk = id16('mill desk')
  /** The payment that is on its way at the end of the story. */
  flying: Payment | null = null
  line: Bytes = new Uint8Array(16)
  terms: Bytes = new Uint8Array()
  time = START
  readonly ahead: Readonly<Record<string, number>>
  readonly #edits: Edits
  readonly #used = new Set<string>()

  constructor(options: WorldOptions = {}) {
    this.#edits = options.edits ?? {}
    this.ahead = options.ahead ?? {}
    this.found(this.harbour)
    this.found(this.millbrook)
    this.people()
    for (let i = 0; i < (options.filler ?? 0); i++) this.helped(`filler ${i}`, 1)
    this.openLine(options.limit ?? 2_400)
    if (options.until === 'closed') this.closeLine()
    else if (options.until !== 'line') this.payments()
    if (options.until === 'silence') this.silence()
    if (options.until === 'invoices') this.invoices()
    for (const label of Object.keys(this.#edits)) {
      if (!this.#used.has(label)) throw new Error(`no entry is called ${label}`)
    }
  }

  add<K extends Kind>(log: BankLog, label: string, kind: K, body: Body<K>): void {
    this.time += 10
    const entry = { kind, time: this.time, body } as Entry
    this.#used.add(label)
    const edit: Edit = this.#edits[label] ?? ((push, one) => push(one))
    let first = true
    edit(
      (one) => {
        const index = log.push(one)
        if (first) log.labels.set(label, index)
        first = false
        if (one.kind === 'pay.commit') this.moveChain(log, one.body)
        return index
      },
      entry,
      this,
    )
  }

  private moveChain(log: BankLog, body: Body<'pay.commit'>): void {
    const part = body.parts[0]
    if (part !== undefined)
      log.chain = { seq: part.outSeq, sum: part.outSum, leaf: log.leaves.at(-1) as Bytes }
  }

  private found(log: BankLog): void {
    const { name } = log
    const row = (no: number, stopLow: number | null, stopHigh: number | null) => ({
      class: no,
      stopLow,
      nudgeLow: -1200,
      nudgeHigh: 1200,
      stopHigh,
    })
    this.add(log, `${name} found`, 'found', {
      nonce: bytesFor(`${name} nonce`, 32),
      name,
      logKey: log.key.publicKey,
      recoveryHash: bytesFor(`${name} recovery`, 32),
      unit: 1,
    })
    this.add(log, `${name} rules`, 'rules', {
      version: 1,
      classes: [row(1, null, 1_000), row(2, null, null), row(3, -60_000, 60_000), row(4, -6_000, 0)],
      crossingLow: -600,
      rounding: 15,
      secondOver: 500,
      publicEntries: false,
      sealEvery: 0,
      retentionMonths: 84,
      smallestCell: 5,
      confirmDays: 14,
    })
    this.add(log, `${name} card`, 'card', {
      name,
      witnessKey: bytesFor(`${name} witness`, 32),
      peerId: bytesFor(`${name} peer`, 32),
      publicUrl: null,
    })
  }

  private people(): void {
    const { harbour, millbrook } = this
    this.open(harbour, 'Harbour fund', id16('Harbour fund'), 3)
    this.open(harbour, 'Ada', this.ada, 1)
    this.open(harbour, 'Cleo', this.cleo, 1)
    this.open(harbour, 'Dora', this.dora, 1)
    this.open(harbour, 'Ivy', id16('Ivy'), 1)
    this.open(harbour, 'before', id16('before'), 5)
    this.open(millbrook, 'Millbrook fund', id16('Millbrook fund'), 3)
    this.open(millbrook, 'Bo', this.bo, 1)
    this.open(millbrook, 'Mia', id16('Mia'), 1)
    this.grant(harbour, 'grant desk', this.desk, this.dora, null)
    this.grant(harbour, 'grant colleague', this.colleague, id16('Ivy'), null)
    this.grant(harbour, 'grant short', id16('short'), this.cleo, START + 60)
    this.grant(millbrook, 'grant mill desk', this.millDesk, id16('Mia'), null)
    this.device(harbour, 'phone', this.ada, this.phone)
    this.device(millbrook, 'tablet', this.bo, this.tablet)
    this.opening()
    this.helped('help 1', 90)
    this.takenBack()
    const legs = [
      { acct: this.cleo, minutes: -30 },
      { acct: this.ada, minutes: 30 },
    ]
    this.add(harbour, 'help 2', 'exchange', {
      intent: this.intent('help 2', legs),
      channel: 2,
      auths: [{ form: 2, actor: this.desk, onBehalfOf: this.cleo, reason: 2, second: null }],
      refs: [],
    })
    this.add(harbour, 'suspend Ivy', 'acct.suspend', {
      acct: id16('Ivy'),
      on: true,
      cause: 1,
      nonce: id16('suspend'),
    })
    this.add(harbour, 'resume Ivy', 'acct.suspend', {
      acct: id16('Ivy'),
      on: false,
      cause: 1,
      nonce: id16('resume'),
    })
  }

  /** A record of the colleague that was wrong, and its reversal. */
  private takenBack(): void {
    const { harbour } = this
    const legs = [
      { acct: this.cleo, minutes: -45 },
      { acct: this.ada, minutes: 45 },
    ]
    const intent = this.intent('help 3', legs)
    const auth = { form: 2 as const, actor: this.colleague, reason: 2, second: null }
    this.add(harbour, 'help 3', 'exchange', {
      intent,
      channel: 2,
      auths: [{ ...auth, onBehalfOf: this.cleo }],
      refs: [],
    })
    this.add(harbour, 'take back', 'reverse', {
      index: harbour.at('help 3'),
      id: exchangeIdOf(intent),
      cause: 2,
      auths: [{ ...auth, onBehalfOf: this.ada, reason: 6 }],
      commitment: bytesFor('memo take back', 32),
      nonce: id16('take back'),
    })
  }

  private opening(): void {
    const legs = [
      { acct: this.cleo, minutes: -120 },
      { acct: this.ada, minutes: 300 },
      { acct: id16('before'), minutes: -180 },
    ]
    this.add(this.harbour, 'opening', 'exchange', {
      intent: this.intent('opening', legs),
      channel: 6,
      auths: [{ form: 2, actor: this.desk, onBehalfOf: null, reason: 7, second: null }],
      refs: [{ type: 5, value: bytesFor('file', 32) }],
    })
  }

  private open(log: BankLog, label: string, acct: Bytes, kind: number): void {
    this.add(log, `open ${label}`, 'acct.open', { acct, class: kind, nonce: id16(`open ${label}`) })
  }

  private grant(log: BankLog, label: string, actor: Bytes, ownAcct: Bytes, until: number | null): void {
    this.add(log, label, 'role.grant', { actor, role: 1, ownAcct, until, nonce: id16(label) })
  }

  device(log: BankLog, label: string, acct: Bytes, key: SigningKey): void {
    const device = id16(label)
    const possession = key.sign(devicePreimage({ bank: log.bank, acct, device, key: key.publicKey }))
    this.add(log, label, 'dev.add', {
      acct,
      device,
      key: key.publicKey,
      possession,
      introducedBy: null,
      nonce: id16(`add ${label}`),
    })
  }

  intent(
    label: string,
    legs: readonly { acct: Bytes; minutes: number }[],
    { bank = this.harbour.bank, day = TODAY }: { bank?: Bytes; day?: number } = {},
  ): Bytes {
    return encodeIntent({
      version: 1,
      bank,
      day,
      category: 3,
      legs,
      commitment: bytesFor(`memo ${label}`, 32),
      nonce: id16(label),
    })
  }

  deviceAuth(label: string, key: SigningKey, message: Bytes) {
    return { form: 1 as const, device: id16(label), signature: key.sign(message) }
  }

  /** Cleo helped Ada; Ada's phone agrees. */
  helped(label: string, minutes: number): void {
    const intent = this.intent(label, [
      { acct: this.cleo, minutes },
      { acct: this.ada, minutes: -minutes },
    ])
    const auth = this.deviceAuth('phone', this.phone, exchangePreimage(intent))
    this.add(this.harbour, label, 'exchange', { intent, channel: 1, auths: [auth], refs: [] })
  }

  private openLine(limit: number): void {
    const { harbour, millbrook } = this
    const limits = { minutes: limit, openCap: 240, parkCap: 240 }
    const [lower, higher] =
      Buffer.compare(harbour.bank, millbrook.bank) < 0 ? [harbour, millbrook] : [millbrook, harbour]
    this.terms = encodeTerms({
      version: 1,
      lower: lower.bank,
      higher: higher.bank,
      lowerMayOwe: limits,
      higherMayOwe: limits,
      statementEvery: 100,
      nonce: id16('line'),
    })
    this.line = lineIdOf(this.terms)
    this.add(harbour, 'propose', 'line.open', { terms: this.terms, peerEntry: null })
    this.add(millbrook, 'Millbrook sees', 'seen', harbour.seen())
    this.add(millbrook, 'accept', 'line.open', { terms: this.terms, peerEntry: harbour.ref('propose') })
    this.add(harbour, 'Harbour sees', 'seen', millbrook.seen())
    this.add(harbour, 'confirm', 'line.open', { terms: this.terms, peerEntry: millbrook.ref('accept') })
  }

  private payments(): void {
    const { harbour, millbrook } = this
    const out = {
      from: harbour,
      to: millbrook,
      payer: this.ada,
      payee: this.bo,
      device: 'phone',
      key: this.phone,
    }
    const back = {
      from: millbrook,
      to: harbour,
      payer: this.bo,
      payee: this.ada,
      device: 'tablet',
      key: this.tablet,
    }
    const paid = new Payment(this, 'paid', out, 60)
    paid.hold().promise().commit().credit().done()
    const returned = new Payment(this, 'returned', out, 30)
    returned.hold().promise().commit().waive('answer').giveBack()
    const aborted = new Payment(this, 'aborted', out, 20)
    aborted.hold().promise().abort().release()
    const postal = new Payment(this, 'postal', out, 15, true)
    postal.hold().commit().credit().done()
    const reverse = new Payment(this, 'reverse', back, 10)
    reverse.hold().promise().commit().credit().done()
    const crossed = new Payment(this, 'crossed', out, 12)
    crossed.hold().promise().waive('early').commit().bounce().giveBack()
    this.changeLimit()
    const flying = new Payment(this, 'flying', out, 25, false, 2)
    flying.hold().promise().commit()
    this.flying = flying
    this.add(millbrook, 'Millbrook sees at last', 'seen', harbour.seen())
    this.add(harbour, 'Harbour sees at last', 'seen', millbrook.seen())
  }

  /** Nobody owes anything: Harbour wishes to end the line, Millbrook does, Harbour cites that. */
  private closeLine(): void {
    const { harbour, millbrook, line } = this
    const body = { line, cause: 1, lastStatement: 0 }
    this.add(harbour, 'wish', 'line.close', { ...body, peerEntry: null })
    this.add(millbrook, 'closed', 'line.close', { ...body, peerEntry: harbour.ref('wish') })
    this.add(harbour, 'closed too', 'line.close', { ...body, peerEntry: millbrook.ref('closed') })
  }

  /** Members of a board, by their number. */
  boardOf(log: BankLog, ...numbers: readonly number[]): Bytes[] {
    return numbers.map((number) => id16(`${log.name} board ${number}`))
  }

  /**
   * A month without a word: each board gives the other bank up, Harbour pays back what is on its way, Millbrook writes
   * its claim off. Then both are back, and everything is set right.
   */
  private silence(): void {
    const { harbour, millbrook, line, flying } = this
    if (flying === null) throw new Error('the payments come first')
    for (const log of [harbour, millbrook]) {
      for (const [i, actor] of this.boardOf(log, 1, 2, 3).entries()) {
        const label = `${log.name} board ${i + 1}`
        const own = log === harbour ? this.dora : id16('Mia')
        this.add(log, label, 'role.grant', {
          actor,
          role: 2,
          ownAcct: own,
          until: null,
          nonce: id16(`${label} grant`),
        })
      }
      const [, , left] = this.boardOf(log, 1, 2, 3)
      this.add(log, `${log.name} leaves`, 'role.revoke', {
        actor: left as Bytes,
        cause: 1,
        nonce: id16(`${log.name} leaves`),
      })
    }
    this.time += 31 * 86_400
    const [ours, theirs] = [this.boardOf(harbour, 1, 2), this.boardOf(millbrook, 1, 2)]
    this.add(harbour, 'give up', 'line.dead', { line, board: ours })
    this.add(harbour, 'cover', 'pay.cover', { id: flying.id, line, board: ours })
    this.add(millbrook, 'given up', 'line.dead', { line, board: theirs })
    this.add(millbrook, 'write off', 'line.writeoff', { line, minutes: 65, board: theirs })
    this.add(millbrook, 'pot bears', 'susp.settle', { line, minutes: 40, board: theirs })
    flying.credit().done()
    this.add(millbrook, 'claim again', 'line.writeoff', { line, minutes: -65, board: theirs })
    const thaw = { line, cause: 3, accepted: null }
    this.add(millbrook, 'taken up', 'line.thaw', { ...thaw, board: theirs })
    this.add(millbrook, 'pot gets back', 'susp.settle', { line, minutes: -40, board: theirs })
    this.add(harbour, 'take up', 'line.thaw', { ...thaw, board: ours })
  }

  /** Bo asks for an hour, and Cleo pays it; then he asks whoever will, and of two who pay one is too late. */
  private invoices(): void {
    const { harbour, millbrook, flying } = this
    flying?.credit().done()
    const way = {
      from: harbour,
      to: millbrook,
      payer: this.ada,
      payee: this.bo,
      device: 'phone',
      key: this.phone,
    }
    const asks = (label: string, minutes: number | null, uses: number): Partial<Order> => {
      const handle = id16(`handle of ${label}`)
      const terms = { category: 2, day: null, expires: this.time + 86_400, commitment: null }
      this.add(millbrook, label, 'rcv.invoice', { handle, minutes, uses, ...terms })
      return { handle, invoice: millbrook.ref(label) }
    }
    const once = asks('request', 60, 1)
    const asked = new Payment(this, 'asked', way, 60, false, 2, once)
    asked.hold().commit()
    const late = new Payment(this, 'late', way, 60, false, 2, once)
    late.hold().commit()
    asked.credit().done()
    late.waive('answer').giveBack()
    const twice = asks('wall', null, 2)
    for (const [i, minutes] of [10, 25].entries())
      new Payment(this, `wall ${i}`, way, minutes, false, 2, twice).hold().commit().credit().done()
    this.add(millbrook, 'Millbrook sees the end', 'seen', harbour.seen())
    this.add(harbour, 'Harbour sees the end', 'seen', millbrook.seen())
  }

  /** Millbrook lets Harbour owe more; Harbour acknowledges; Millbrook cites that. */
  private changeLimit(): void {
    const { harbour, millbrook, line } = this
    const limit = { minutes: 3_000, openCap: 240, parkCap: 240 }
    this.add(millbrook, 'raise', 'line.limit', {
      line,
      direction: 1,
      version: 2,
      limit,
      fromOutSeq: null,
      peerEntry: null,
    })
    const fromOutSeq = harbour.chain.seq + 1
    this.add(harbour, 'acknowledge', 'line.limit', {
      line,
      direction: 2,
      version: 2,
      limit,
      fromOutSeq,
      peerEntry: millbrook.ref('raise'),
    })
    this.add(millbrook, 'raised', 'line.limit', {
      line,
      direction: 1,
      version: 2,
      limit,
      fromOutSeq,
      peerEntry: harbour.ref('acknowledge'),
    })
  }
}

interface Way {
  readonly from: BankLog
  readonly to: BankLog
  readonly payer: Bytes
  readonly payee: Bytes
  readonly device: string
  readonly key: SigningKey
}

/** One payment, told step by step; each step is an entry labelled `<payment> <step>`. */
export class Payment {
  readonly world: World
  readonly label: string
  readonly way: Way
  readonly order: Order
  readonly orderBytes: Bytes
  readonly id: Bytes
  readonly aid: Bytes
  readonly version: number

  constructor(
    world: World,
    label: string,
    way: Way,
    minutes: number,
    postal = false,
    version = 1,
    more: Partial<Order> = {},
  ) {
    this.world = world
    this.label = label
    this.way = way
    this.version = version
    this.order = {
      version: 1,
      payerBank: way.from.bank,
      payer: way.payer,
      payeeBank: way.to.bank,
      handle: id16('handle'),
      minutes,
      category: 2,
      day: TODAY,
      commitment: bytesFor(`memo ${label}`, 32),
      decideBy: world.time + (world.ahead[label] ?? 600),
      postal,
      invoice: null,
      refs: [],
      nonce: id16(`order ${label}`),
      ...more,
    }
    this.orderBytes = encodeOrder(this.order)
    this.id = paymentIdOf(this.orderBytes)
    this.aid = attemptId(this.id, [way.from.bank, way.to.bank], id16(`attempt ${label}`))
  }

  private add<K extends Kind>(log: BankLog, step: string, kind: K, body: Body<K>): this {
    this.world.add(log, `${this.label} ${step}`, kind, body)
    return this
  }

  hold(): this {
    const { way, order, aid, world } = this
    const auth = world.deviceAuth(way.device, way.key, orderPreimage(this.orderBytes))
    return this.add(way.from, 'hold', 'pay.hold', {
      order: this.orderBytes,
      aid,
      mode: order.postal ? 2 : order.invoice === null ? 1 : 4,
      channel: 1,
      auths: [auth],
      parts: [{ line: world.line, lineVersion: this.version, minutes: order.minutes }],
    })
  }

  promise(): this {
    const { id, aid, order, world, way } = this
    return this.add(way.to, 'promise', 'rcv.promise', {
      id,
      aid,
      payee: way.payee,
      minutes: order.minutes,
      category: order.category,
      day: order.day,
      decideBy: order.decideBy,
      parts: [
        {
          line: world.line,
          lineVersion: this.version,
          minutes: order.minutes,
          offerHash: bytesFor('offer', 32),
        },
      ],
    })
  }

  commit(): this {
    const { id, aid, order, world, way } = this
    const { minutes, decideBy } = order
    const promised = way.to.ref(`${this.label} promise`).leaf
    const asked = order.postal || order.invoice !== null
    const bundle = asked ? null : bundleOf(encode([promised]))
    const parts = [way.from.outPart(world.line, minutes)]
    return this.add(way.from, 'commit', 'pay.commit', { id, aid, minutes, decideBy, bundle, parts })
  }

  abort(): this {
    return this.add(this.way.from, 'abort', 'pay.abort', { id: this.id, aid: this.aid, cause: 1 })
  }

  credit(): this {
    const { id, aid, order, world, way } = this
    const { minutes, category, day } = order
    const inSeq = ++way.to.inSeq
    return this.add(way.to, 'credit', 'rcv.credit', {
      id,
      aid,
      payee: way.payee,
      minutes,
      category,
      day,
      commit: way.from.ref(`${this.label} commit`),
      parts: [{ line: world.line, minutes, inSeq, postRef: null }],
    })
  }

  waive(when: 'answer' | 'early'): this {
    const { id, aid, world, way } = this
    const answer = when === 'answer'
    const inSeq = answer ? ++way.to.inSeq : null
    return this.add(way.to, 'waive', 'rcv.waive', {
      id,
      aid,
      cause: answer ? 1 : 3,
      parts: [{ line: world.line, inSeq }],
      commit: answer ? way.from.ref(`${this.label} commit`) : null,
    })
  }

  bounce(): this {
    const { id, aid, world, way } = this
    const commit = way.from.ref(`${this.label} commit`)
    return this.add(way.to, 'bounce', 'rcv.bounce', {
      id,
      aid,
      line: world.line,
      inSeq: ++way.to.inSeq,
      commit,
    })
  }

  release(): this {
    const evidence = this.way.from.ref(`${this.label} abort`)
    return this.add(this.way.to, 'release', 'rcv.release', { id: this.id, aid: this.aid, evidence })
  }

  done(): this {
    const credit = this.way.to.ref(`${this.label} credit`)
    return this.add(this.way.from, 'done', 'pay.done', { id: this.id, aid: this.aid, credit })
  }

  giveBack(): this {
    const { id, aid, world, way } = this
    const waive = way.to.ref(`${this.label} waive`)
    return this.add(way.from, 'return', 'pay.return', { id, aid, line: world.line, waive })
  }
}
