/**
 * A bank that signs whatever it likes. It has real keys and a real log, or several, and nothing in it obeys a rule:
 * it answers as a bank would, or not at all, or otherwise, and now and then it does something nobody asked for.
 */

import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import type { Ref } from '../../src/core/entry.ts'
import { bodyBytes } from '../../src/core/entry-body.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, compareBytes, sameBytes, toHex } from '../../src/core/ids.ts'
import { bankIdOf, lineIdOf } from '../../src/core/sign.ts'
import { encodeTerms } from '../../src/core/terms.ts'
import { encodeOrder, type Order, orderId } from '../../src/core/transfer/order.ts'
import { encodeArtefact } from '../../src/log/artefact.ts'
import { makeRecord } from '../../src/peer/bank-record.ts'
import type { Frame, MessageOf } from '../../src/peer/messages.ts'
import { peerIdBytesOf } from '../../src/peer/peer-id.ts'
import type { Session, Transport } from '../../src/peer/ports.ts'
import { decodeRecordQuestion, encodeRecordAnswer } from '../../src/peer/record-messages.ts'
import { entryKey, headKey } from '../../src/store/keyspace.ts'
import { MemoryDisk } from '../../src/store/memory-store.ts'
import type { Dice } from './dice.ts'
import { answerFrame } from './liar-answers.ts'
import { type Trick, toldLie } from './liar-lies.ts'
import { type OurPayment, Talk, Victim } from './liar-talk.ts'
import { drawnTrick } from './liar-tricks.ts'
import { Process } from './process.ts'
import { ScriptedLog } from './scripted-bank.ts'
import { FIRST_SECOND, SimBank } from './sim-bank.ts'
import type { Town, World } from './world.ts'

export class ScriptedLiar {
  readonly name = 'Liar'
  readonly world: World
  readonly dice: Dice
  readonly logKey: SigningKey
  readonly victims: Victim[] = []
  /** Every history that it has ever signed; the first is the one it began with. */
  readonly histories: ScriptedLog[] = []
  /** What others pay to: no bank that runs, but its name and handles; it takes any. */
  readonly town: Town
  /** Chance that it answers as a bank should. */
  readonly manners: number
  /** Seconds by which its clock in HELLO is off; no honest clock is ever off by as much. */
  readonly clockOff: number
  /** How often it will make us write as much as we let it. */
  floods: number
  readonly peerId: string
  transport: Transport
  silent = false
  readonly #process: Process
  readonly #peerKey: SigningKey
  #seq = 0
  #over = false

  constructor(world: World, dice: Dice) {
    this.world = world
    this.dice = dice
    this.logKey = signingKey(dice.stream('log key').bytes(32))
    const peerSeed = dice.stream('peer key').bytes(32)
    this.#peerKey = signingKey(peerSeed)
    this.#process = new Process(world.agenda)
    this.transport = world.network.take(peerSeed, this.#process).transport
    this.peerId = this.transport.peerId
    this.manners = dice.pick([0.35, 0.6, 0.85])
    this.clockOff = dice.pick([0, 0, 0, -11_000, 11_000, 5 * 86_400, -400 * 86_400])
    this.floods = dice.oneIn(12) ? 2 : 0
    this.#found()
    const bank = new SimBank({
      name: this.name,
      agenda: world.agenda,
      network: world.network,
      dice: dice.stream('name'),
    })
    bank.bank = this.bank
    const handles = [0, 1].map(() => ({ handle: dice.bytes(16), account: dice.bytes(16) }))
    this.town = { bank, members: [], handles, devices: new Map() }
  }

  get bank(): Bytes {
    return this.main.bank
  }

  /** The history it calls its own at present. */
  get main(): ScriptedLog {
    return this.histories[0] as ScriptedLog
  }

  get now(): number {
    return Math.floor(FIRST_SECOND + this.world.agenda.now / 1_000)
  }

  #found(): void {
    const { dice, name } = this
    const log = new ScriptedLog(this.logKey)
    this.histories.push(log)
    log.time = this.now
    const founding = {
      nonce: dice.bytes(32),
      name,
      logKey: this.logKey.publicKey,
      recoveryHash: dice.bytes(32),
    }
    log.write('found', { ...founding, unit: 1 })
    log.bank = bankIdOf(bodyBytes(log.raws[0] as Bytes))
    const peerId = peerIdBytesOf(this.#peerKey.publicKey)
    log.write('card', { name, witnessKey: dice.bytes(32), peerId, publicUrl: null })
    this.transport.onSession((session) => this.#welcome(session))
    this.transport.onQuestion((question) => this.#answer(question))
  }

  /** Opens a line of these limits to an honest bank, while it still behaves. */
  async openLine(town: Town, mayOwe: number, theyMayOwe: number): Promise<void> {
    const { world, dice } = this
    await world.call(this.transport.start())
    const victim = new Victim(town, this.main)
    victim.mayOwe = mayOwe
    this.victims.push(victim)
    const [us, them] = [this.bank, town.bank.bank]
    const limit = (minutes: number) => ({ minutes, openCap: 240, parkCap: 240 })
    const weAreLower = compareBytes(us, them) < 0
    const [lower, higher] = weAreLower ? [us, them] : [them, us]
    const [low, high] = weAreLower ? [mayOwe, theyMayOwe] : [theyMayOwe, mayOwe]
    const terms = encodeTerms({
      version: 1,
      lower,
      higher,
      lowerMayOwe: limit(low),
      higherMayOwe: limit(high),
      statementEvery: 0,
      nonce: dice.bytes(16),
    })
    victim.line = lineIdOf(terms)
    this.call(victim)
    await world.until(() => victim.isOpen, 60)
    const proposed = this.write(victim).write('line.open', { terms, peerEntry: null })
    victim.say([{ name: 'line', entry: 0, token: null }], [proposed])
    const { node } = town.bank
    must(node !== null, 'the honest bank is up')
    await world.until(() => node.proposals().some(({ peer }) => sameBytes(peer, us)), 60)
    const accepted = await world.call(node.acceptNeighbour(us))
    must(accepted.ok, 'the proposal is accepted')
  }

  /** Lies begin. */
  begin(): void {
    const { agenda } = this.world
    const pace = this.dice.pick([400, 900, 2_500])
    const again = (): void => {
      if (this.#over) return
      if (!this.silent) {
        const victim = this.dice.pick(this.victims)
        if (this.#keepInTalk(victim)) this.#act(victim)
      }
      agenda.after(this.dice.between(pace >> 1, pace * 2), again)
    }
    agenda.after(pace, again)
  }

  #act(victim: Victim): void {
    const { name, play } = drawnTrick(this)
    if (!play(this, victim)) return
    this.world.say(this.name, `to ${victim.town.bank.name}: ${name ?? 'as a bank should'}`)
    if (name !== null) this.told(name)
  }

  told(trick: Trick): void {
    toldLie(this.world.coverage, trick)
  }

  /** Calls again where nobody listens; true when something can be said. */
  #keepInTalk(victim: Victim): boolean {
    if (victim.isOpen) return true
    const waits = victim.talk !== null && !victim.talk.over && this.now - victim.talk.since < 10
    if (!waits && this.dice.oneIn(3)) this.call(victim)
    return false
  }

  call(victim: Victim): void {
    const target = { peerId: victim.town.bank.peerId, addresses: [] }
    this.transport.open(target, new AbortController().signal).then(
      (session) => this.#talk(victim, session),
      () => undefined,
    )
  }

  #welcome(session: Session): void {
    const victim = this.victims.find(({ town }) => town.bank.peerId === session.peerId)
    if (victim === undefined || this.silent) void session.close()
    else this.#talk(victim, session)
  }

  #talk(victim: Victim, session: Session): void {
    const old = victim.talk
    const talk = new Talk(session, this.now)
    victim.talk = talk
    if (old !== null && !old.over) void old.session.close()
    talk.read((frame) => this.#hears(victim, talk, frame)).catch(() => undefined)
  }

  #hears(victim: Victim, talk: Talk, frame: Frame): void {
    if (this.#over || this.silent || victim.talk !== talk) return
    if (frame.head !== null) {
      victim.heads.push(frame.head)
      if (victim.heads.length > 12) victim.heads.splice(1, 1)
    }
    answerFrame(this, victim, frame)
  }

  /** The history this victim is shown, at the present time. */
  write(victim: Victim): ScriptedLog {
    victim.log.time = this.now
    return victim.log
  }

  /** A second history that is the same up to `size`. */
  fork(log: ScriptedLog, size: number): ScriptedLog {
    const other = log.fork(size)
    other.time = this.now
    this.histories.push(other)
    // The shorter one is a history of its own only with something in it that the other lacks.
    other.write('acct.open', { acct: this.dice.bytes(16), class: 1, nonce: this.dice.bytes(16) })
    return other
  }

  hello(victim: Victim, more: Partial<MessageOf<'hello'>> = {}): void {
    const { seq, prev, inSeq, inChain, line, talk } = victim
    if (talk !== null) talk.greeted = true
    const now = Math.max(0, this.now + this.clockOff)
    if (this.clockOff !== 0) this.told('clock far off')
    const isOpen = line.some((byte) => byte !== 0)
    const counters = { line: isOpen ? line : null, outSeq: seq, outChain: prev, inSeq, inChain }
    const yours = victim.heads.at(-1) ?? null
    victim.say([{ name: 'hello', ...counters, yours, now, open: this.#openHere(victim), ...more }])
  }

  #openHere(victim: Victim): Bytes[] {
    const open = [...victim.ours.values()].filter(({ decided }) => !decided)
    return open.slice(-100).map(({ id }) => id)
  }

  order(victim: Victim, more: Partial<Order> = {}): OurPayment {
    const { dice, now } = this
    const order: Order = {
      version: 1,
      payerBank: this.bank,
      payer: dice.bytes(16),
      payeeBank: victim.town.bank.bank,
      handle: dice.pick(victim.town.handles).handle,
      minutes: dice.pick([5, 15, 30, 60, 90]),
      category: 7,
      day: Math.floor(now / 86_400),
      commitment: dice.bytes(32),
      decideBy: now + dice.pick([60, 600, 7 * 86_400]),
      postal: false,
      invoice: null,
      refs: [],
      nonce: dice.bytes(16),
      ...more,
    }
    const bytes = encodeOrder(order)
    const payment = {
      order,
      bytes,
      id: orderId(bytes),
      aid: dice.bytes(32),
      promised: false,
      decided: order.postal,
    }
    victim.ours.set(toHex(payment.id), payment)
    return payment
  }

  offer(victim: Victim, { bytes, aid }: OurPayment): MessageOf<'offer'> {
    const { publicKey } = this.logKey
    return {
      name: 'offer',
      order: bytes,
      line: victim.line,
      lineVersion: 1,
      aid,
      epoch: 0,
      logKey: publicKey,
    }
  }

  ref(victim: Victim, shown: { readonly index: number; readonly leaf: Bytes }): Ref {
    return { bank: victim.town.bank.bank, epoch: 0, index: shown.index, leaf: shown.leaf }
  }

  #answer(question: Bytes): Bytes | null {
    const asked = decodeRecordQuestion(question)
    if (asked === null) return null
    const log = this.main
    const card = { entry: log.raws[1] as Bytes, index: 1, proof: log.proof(1), checkpoint: log.head() }
    const record = makeRecord(
      {
        bank: this.bank,
        foundingBody: bodyBytes(log.raws[0] as Bytes),
        card: encodeArtefact(card),
        description: { name: this.name, cell: null, languages: [], door: 'not_said', welcomes: [] },
        addresses: this.transport.addresses() as string[],
        seq: ++this.#seq,
        expires: this.now + 86_400,
      },
      this.#peerKey,
    )
    return encodeRecordAnswer({ request: asked.request, status: 'fine', records: [record] })
  }

  /** Hangs up everywhere and says nothing more. */
  fallSilent(): void {
    this.silent = true
    for (const { talk } of this.victims) if (talk !== null && !talk.over) void talk.session.close()
  }

  /** Nothing more comes of it. */
  end(): void {
    this.#over = true
    this.fallSilent()
    this.#process.kill()
  }

  /** What it would hand to an auditor: each of its histories, with the head that it signed for it. */
  disks(): MemoryDisk[] {
    return this.histories.map((log) => {
      const disk = new MemoryDisk()
      disk.commit(log.raws.map((raw, index) => ({ put: entryKey(0, index), value: raw })))
      disk.commit([{ put: headKey(0), value: log.head() }])
      return disk
    })
  }
}
