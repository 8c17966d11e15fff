/**
 * A bank that runs the real node and lies around it: what leaves is withheld, kept for hours or said again, and the
 * same keys keep two books, on two disks that are put in by turns.
 */

import { toHex } from '../../src/core/ids.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { decodeFrame, encodeFrame, type MessageName } from '../../src/peer/messages.ts'
import type { Session, Transport } from '../../src/peer/ports.ts'
import { entryRange, indexOfEntryKey } from '../../src/store/keyspace.ts'
import type { MemoryDisk } from '../../src/store/memory-store.ts'
import type { Write } from '../../src/store/store.ts'
import { Desk } from './desk.ts'
import type { Dice } from './dice.ts'
import { type Trick, toldLie } from './liar-lies.ts'
import { SimBank } from './sim-bank.ts'
import type { Town, World } from './world.ts'

/** Kinds of messages that it may never send, and the lie that this is. */
const WITHHELD: Partial<Record<MessageName, Trick>> = {
  receipt: 'withholds receipts',
  waive: 'withholds waivers',
  promise: 'withholds promises',
  abort: 'withholds aborts',
}

const FRAMES_KEPT = 60

export class TwistedLiar {
  readonly name = 'Twisted'
  readonly bank: SimBank
  readonly town: Town
  readonly desk: Desk
  /** Seconds by which its clock is off. */
  clockOff = 0
  readonly victims: { readonly town: Town }[] = []
  /** Every entry that it ever had on a disk, by leaf hash in hex. */
  readonly #entries = new Map<string, { readonly index: number; readonly raw: Uint8Array }>()
  readonly #world: World
  readonly #dice: Dice
  readonly #withheld: ReadonlySet<MessageName>
  readonly #replays: number
  readonly #delays: number
  /** `twins`: two books go on side by side. `older`: now and then an older copy is put in. */
  readonly #books: 'one' | 'twins' | 'older'
  readonly #said = new Map<string, Uint8Array[]>()
  readonly #sessions = new Map<string, Session>()
  /** Copies of disks that are not in the machine now, the oldest first. */
  #copies: MemoryDisk[] = []
  /** Heads that others name are kept from the node, or it would see what was done to it. */
  #blind = false
  /** Until lies begin, everything leaves as the node says it. */
  #lies = false
  #over = false
  #silent = false

  constructor(world: World, dice: Dice) {
    this.#world = world
    this.#dice = dice
    this.bank = new SimBank({
      name: this.name,
      agenda: world.agenda,
      network: world.network,
      dice: dice.stream('bank'),
      twist: (transport) => this.#twisted(transport),
    })
    this.town = { bank: this.bank, members: [], handles: [], devices: new Map() }
    this.desk = new Desk(world, this.town, dice.stream('desk'))
    this.bank.disk.committed = (batch) => this.#note(batch)
    const kinds = Object.keys(WITHHELD) as MessageName[]
    this.#withheld = new Set(kinds.filter(() => dice.oneIn(4)))
    this.#replays = dice.pick([0, 0.1, 0.4])
    this.#delays = dice.pick([0, 0.03, 0.2])
    this.#books = dice.pick(['one', 'twins', 'twins', 'older'])
  }

  #note(batch: readonly Write[]): void {
    const { from, to } = entryRange(0)
    for (const write of batch) {
      if ('del' in write || Buffer.compare(write.put, from) < 0 || Buffer.compare(write.put, to) >= 0)
        continue
      const raw = write.value.slice()
      this.#entries.set(toHex(leafHash(raw)), { index: indexOfEntryKey(write.put), raw })
    }
  }

  /** Founds the bank and opens its line to each honest one, while it still behaves. */
  async found(): Promise<void> {
    const { world, town } = { world: this.#world, town: this.town }
    await world.call(this.bank.found())
    await world.call(this.bank.start())
    for (let i = 0; i < 2; i++) await world.addMember(town, this.#dice)
  }

  async openLine(town: Town, mayOwe: number, theyMayOwe: number): Promise<void> {
    await this.#world.connect(this.town, town, { aMayOwe: mayOwe, bMayOwe: theyMayOwe })
    this.victims.push({ town })
  }

  begin(): void {
    this.#lies = true
    const { agenda } = this.#world
    const { skew } = this.bank
    this.clockOff = this.#dice.pick([0, 0, 0, 0, 5 * 3_600, 2 * 86_400])
    skew.offset = this.clockOff
    if (this.clockOff !== 0) this.#told('clock far off')
    this.bank.ended = () => {
      if (!this.#over && !this.#silent) agenda.after(this.#dice.between(50, 8_000), () => this.#start())
    }
    const again = (): void => {
      if (this.#over) return
      if (!this.#silent) this.#act()
      agenda.after(this.#dice.between(500, 6_000), again)
    }
    agenda.after(1_000, again)
    if (this.#books === 'one') return
    const change = (): void => {
      if (this.#over) return
      if (!this.#silent) this.#changeBooks()
      agenda.after(this.#dice.between(6_000, 30_000), change)
    }
    agenda.after(this.#dice.between(2_000, 12_000), change)
  }

  #start(): void {
    const { bank } = this
    if (this.#over || this.#silent || bank.process?.alive === true) return
    bank.start().then(
      () => {
        // Two books may not fit together so badly that it opens no more: then it goes on with the other one.
        if (bank.damage !== null && !this.#over) this.#changeBooks()
      },
      () => undefined,
    )
  }

  /** Its members pay, as members do. */
  #act(): void {
    const dice = this.#dice
    const to = dice.pick(this.victims).town
    const postal = dice.oneIn(2)
    this.desk.pay(to, dice.pick([5, 30, 60, 120]), { postal, seconds: dice.pick([30, 600, 7 * 86_400]) })
    if (dice.oneIn(4) && this.desk.wishes.length > 0) this.desk.cancel(dice.pick(this.desk.wishes))
  }

  /** The disk in the machine is exchanged, its guard with it, and the node starts as if nothing had been. */
  #changeBooks(): void {
    const { disk } = this.bank
    const now = disk.copy()
    const other = this.#books === 'twins' ? this.#copies.shift() : this.#dice.pick([...this.#copies, now])
    this.#copies.push(now)
    if (this.#copies.length > 6) this.#copies.splice(1, 1)
    this.bank.kill()
    disk.putBack(other ?? now)
    disk.slots = [null, null]
    this.#blind = true
    if (other !== undefined)
      this.#told(this.#books === 'twins' ? 'twin process' : 'comes back with an older copy')
  }

  #told(trick: Trick): void {
    toldLie(this.#world.coverage, trick)
    this.#world.say(this.name, trick)
  }

  #twisted(transport: Transport): Transport {
    return {
      peerId: transport.peerId,
      addresses: () => transport.addresses(),
      onSession: (accept) => transport.onSession((session) => accept(this.#wrapped(session))),
      onQuestion: (answer) => transport.onQuestion(answer),
      favour: (peers) => transport.favour(peers),
      start: () => transport.start(),
      open: async (target, signal) => this.#wrapped(await transport.open(target, signal)),
      ask: (target, question, signal) => transport.ask(target, question, signal),
      close: () => transport.close(),
    }
  }

  #wrapped(session: Session): Session {
    this.#sessions.set(session.peerId, session)
    return {
      peerId: session.peerId,
      address: session.address,
      send: (frame) => this.#send(session, frame),
      frames: () => this.#blinded(session),
      problem: () => session.problem(),
      close: () => session.close(),
    }
  }

  /** What the node hears: everything, but for the head of its own that the other names. */
  async *#blinded(session: Session): AsyncIterable<Uint8Array> {
    for await (const raw of session.frames()) {
      const read = this.#blind ? decodeFrame(raw) : null
      if (read?.ok !== true) yield raw
      else {
        const messages = read.frame.messages.map((one) =>
          one.name === 'hello' ? { ...one, yours: null } : one,
        )
        yield encodeFrame({ ...read.frame, messages })
      }
    }
  }

  async #send(session: Session, raw: Uint8Array): Promise<void> {
    if (!this.#lies) return session.send(raw)
    const dice = this.#dice
    const frame = this.#withoutWithheld(raw)
    const old = this.#said.get(session.peerId) ?? []
    this.#said.set(session.peerId, [...old.slice(1 - FRAMES_KEPT), frame])
    if (dice.chance(this.#delays)) {
      this.#told('frame hours late')
      this.#world.agenda.after(dice.pick([3_000, 60_000, 5 * 3_600_000]), () =>
        this.#late(session.peerId, frame),
      )
      return
    }
    await session.send(frame)
    if (old.length > 0 && dice.chance(this.#replays)) {
      this.#told('old frame again')
      await session.send(dice.pick(old))
    }
  }

  #withoutWithheld(raw: Uint8Array): Uint8Array {
    const read = decodeFrame(raw)
    if (!read.ok || this.#withheld.size === 0) return raw
    const { messages } = read.frame
    const kept = messages.filter(({ name }) => !this.#withheld.has(name))
    if (kept.length === messages.length) return raw
    for (const { name } of messages) {
      const trick = WITHHELD[name]
      if (trick !== undefined && this.#withheld.has(name)) this.#told(trick)
    }
    return encodeFrame({ ...read.frame, messages: kept })
  }

  #late(peerId: string, frame: Uint8Array): void {
    if (this.#over || this.#silent || this.bank.process?.alive !== true) return
    this.#sessions
      .get(peerId)
      ?.send(frame)
      .catch(() => undefined)
  }

  fallSilent(): void {
    this.#silent = true
    this.bank.kill()
  }

  end(): void {
    this.#over = true
    this.bank.ended = () => {}
    this.bank.kill()
  }

  disks(): MemoryDisk[] {
    return [this.bank.disk.copy(), ...this.#copies]
  }

  entry(leaf: Uint8Array): { readonly index: number; readonly raw: Uint8Array } | null {
    return this.#entries.get(toHex(leaf)) ?? null
  }
}
