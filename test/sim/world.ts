/**
 * A world of banks that one seed decides. Here it is built and kept going: who exists, who has a line with whom, what
 * happens next, and how somebody outside waits for something inside.
 */

import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import { must } from '../../src/core/fault.ts'
import { type Bytes, toHex } from '../../src/core/ids.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import { devicePreimage } from '../../src/core/sign.ts'
import { decideAccount, decideDevice, decideDeviceRemoval, decideSuspend } from '../../src/node/accounts.ts'
import type { NodeSettings } from '../../src/node/node.ts'
import { Agenda } from './agenda.ts'
import { Coverage } from './coverage.ts'
import { Dice } from './dice.ts'
import { kindsIn } from './kinds-in.ts'
import { Seer } from './seer.ts'
import { SimBank } from './sim-bank.ts'
import { SimNetwork } from './sim-network.ts'

const NAMES = ['Harbour', 'Millbrook', 'Northgate', 'Riverside', 'Oakfield']

/** A line between two banks, by their places in `banks`, and what each may owe the other. Minutes. */
export interface Wire {
  readonly a: number
  readonly b: number
  readonly aMayOwe: number
  readonly bMayOwe: number
}

export interface Shape {
  readonly banks: number
  readonly wires: readonly Wire[]
  /** Members of each bank. */
  readonly members: number
  readonly settings?: Partial<NodeSettings>
  /** Whether somebody has the recovery sheets of the banks. */
  readonly sheets?: 'in a drawer' | 'nowhere'
}

/** A bank with its people. */
export interface Town {
  readonly bank: SimBank
  readonly members: Bytes[]
  /** Devices of members who have one, by account in hex. */
  readonly devices: Map<string, Device>
  /** Handles of its members that other banks know, with the account of each. */
  readonly handles: { readonly handle: Bytes; readonly account: Bytes }[]
}

/** A member's device: its name in the log, and the key it signs with. */
export interface Device {
  readonly device: Bytes
  readonly key: SigningKey
}

/** A line that is open, by its towns. */
export interface OpenWire {
  readonly a: Town
  readonly b: Town
}

export class World {
  readonly seed: string
  readonly dice: Dice
  readonly agenda: Agenda
  readonly network: SimNetwork
  readonly seer = new Seer()
  readonly coverage = new Coverage()
  readonly towns: Town[] = []
  readonly wires: OpenWire[] = []
  /** Banks whose disk was tampered with and is not mended yet: what they read out may be of an earlier day. */
  readonly tampered = new Set<Town>()
  /** Told what happens, for whoever looks for the cause of a failure. */
  trace: (line: string) => void = () => {}

  constructor(seed: string) {
    this.seed = seed
    this.dice = new Dice(seed)
    this.agenda = new Agenda(this.dice.stream('agenda'))
    this.network = new SimNetwork(this.agenda, this.dice.stream('network'))
  }

  /** Seconds since the world began. */
  get seconds(): number {
    return this.agenda.now / 1_000
  }

  /** Says what happens now. */
  say(who: string, what: string): void {
    this.trace(`${this.seconds.toFixed(3).padStart(12)}  ${who.padEnd(10)} ${what}`)
  }

  /** Founds the banks of a shape and opens their lines, while nothing goes wrong yet. */
  async build(shape: Shape): Promise<void> {
    for (let i = 0; i < shape.banks; i++) await this.#found(NAMES[i] as string, shape)
    for (const wire of shape.wires) await this.#wire(wire)
  }

  async #found(name: string, shape: Shape): Promise<void> {
    const bank = new SimBank({
      name,
      agenda: this.agenda,
      network: this.network,
      dice: this.dice.stream(name),
      ...(shape.settings === undefined ? {} : { settings: shape.settings }),
      ...(shape.sheets === undefined ? {} : { sheet: shape.sheets }),
    })
    const town: Town = { bank, members: [], devices: new Map(), handles: [] }
    const before: Parameters<typeof bank.disk.committed>[0][] = []
    bank.disk.committed = (batch) => void before.push(batch)
    await this.call(bank.found())
    this.seer.watch(bank.bank, name, true)
    bank.noticed = (notice, facts) => this.say(name, `notice: ${notice} ${JSON.stringify(facts)}`)
    bank.disk.committed = (batch) => {
      this.say(name, `durable: ${kindsIn(batch).join(' ') || 'no entry'}`)
      this.seer.committed(bank.bank, batch)
    }
    for (const batch of before) bank.disk.committed(batch)
    await this.call(bank.start())
    this.towns.push(town)
    const chance = this.dice.stream(`${name} members`)
    for (let i = 0; i < shape.members; i++) await this.addMember(town, chance)
  }

  /** A new member with a handle that can be paid often. */
  async addMember(town: Town, dice: Dice): Promise<void> {
    const { bank } = town
    const { node } = bank
    must(node !== null, 'the bank is up')
    const account = dice.bytes(16)
    ok(
      await this.call(
        node.commit(decideAccount({ id: account, class: 'member', nonce: dice.bytes(16) }, [])),
      ),
    )
    const now = node.clock.now()
    const issued = ok(node.handles.issue(account, { uses: 100_000, now, seconds: 30 * 86_400 }))
    ok(
      await this.call(
        node.commit(() => ({ ok: true, value: { entries: [], rows: [issued.row], value: null } })),
      ),
    )
    town.members.push(account)
    town.handles.push({ handle: issued.handle, account })
    if (dice.oneIn(2)) await this.addDevice(town, account, dice)
  }

  /** Registers a device for a member; its orders need no coordinator. */
  async addDevice(town: Town, account: Bytes, dice: Dice): Promise<void> {
    const { node } = town.bank
    must(node !== null, 'the bank is up')
    const device = dice.bytes(16)
    const key = signingKey(dice.bytes(32))
    const possession = key.sign(
      devicePreimage({ bank: node.bank, acct: account, device, key: key.publicKey }),
    )
    const registered = { account, device, key: key.publicKey, possession, nonce: dice.bytes(16) }
    ok(await this.call(node.commit(decideDevice(registered))))
    town.devices.set(toHex(account), { device, key })
  }

  /** A device is lost: its signatures count for nothing new. */
  removeDevice(town: Town, account: Bytes): void {
    const lost = town.devices.get(toHex(account))
    if (lost === undefined) return
    town.bank.node?.commit(decideDeviceRemoval(lost.device, this.dice.bytes(16))).catch(() => undefined)
  }

  /** A member may not begin anything for a while, or may again. */
  suspend(town: Town, account: Bytes, act: 'suspend' | 'resume'): void {
    town.bank.node?.commit(decideSuspend(account, act, this.dice.bytes(16))).catch(() => undefined)
  }

  /** One more handle of a member, for a few uses. */
  issueHandle(town: Town, account: Bytes, uses: number): void {
    const { node } = town.bank
    if (node === null) return
    const issued = node.handles.issue(account, { uses, now: node.clock.now(), seconds: 30 * 86_400 })
    if (!issued.ok) return
    const { row, handle } = issued.value
    node
      .commit(() => ({ ok: true, value: { entries: [], rows: [row], value: null } }))
      .then(() => town.handles.push({ handle, account }))
      .catch(() => undefined)
  }

  async #wire({ a, b, aMayOwe, bMayOwe }: Wire): Promise<void> {
    const [one, other] = [this.towns[a] as Town, this.towns[b] as Town]
    await this.connect(one, other, { aMayOwe, bMayOwe })
    this.wires.push({ a: one, b: other })
  }

  /** Opens a line between two banks, while nothing goes wrong. */
  async connect(one: Town, other: Town, { aMayOwe, bMayOwe }: Omit<Wire, 'a' | 'b'>): Promise<void> {
    const [from, to] = [one.bank.node, other.bank.node]
    must(from !== null && to !== null, 'both banks are up')
    const where = { peerId: other.bank.peerId, addresses: to.transport.addresses() }
    const found = ok(await this.call(from.contacts.find(to.bank, [where], new AbortController().signal)))
    ok(await this.call(from.addNeighbour(found, { weMayOwe: aMayOwe, theyMayOwe: bMayOwe }, null)))
    await this.until(() => to.proposals().some(({ peer }) => toHex(peer) === toHex(from.bank)), 120)
    ok(await this.call(to.acceptNeighbour(from.bank)))
    await this.until(async () => {
      const open = await from.read(({ book }) => book.lineByPeer.get(toHex(to.bank))?.state === 'open')
      return open && (await to.read(({ book }) => book.lineByPeer.get(toHex(from.bank))?.state === 'open'))
    }, 120)
  }

  /** Lets the world go on until the promise is settled. */
  async call<T>(promise: Promise<T>, seconds = 300): Promise<T> {
    let over = false
    const watched = promise.finally(() => {
      over = true
    })
    watched.catch(() => undefined)
    await this.#goOnUntil(() => over, seconds)
    return watched
  }

  /** Lets the world go on until the condition holds. */
  async until(holds: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
    const end = this.agenda.now + seconds * 1_000
    for (;;) {
      if (await this.ask(holds)) return
      must(await this.agenda.step(end), `within ${seconds} seconds of the world: ${holds.toString()}`)
    }
  }

  /** A question inside the world may need the world to go on: a read waits for the writer. */
  async ask<T>(question: () => T | Promise<T>): Promise<T> {
    const answer = question()
    return answer instanceof Promise ? this.call(answer) : answer
  }

  async #goOnUntil(holds: () => boolean, seconds: number): Promise<void> {
    const end = this.agenda.now + seconds * 1_000
    await turn()
    while (!holds())
      must(await this.agenda.step(end), `the answer comes within ${seconds} seconds of the world`)
  }

  townOf(bank: Bytes): Town | null {
    return this.towns.find((town) => toHex(town.bank.bank) === toHex(bank)) ?? null
  }
}

/** The value, or the refusal as a failed run. */
export function ok<T>(outcome: Outcome<T>): T {
  must(
    outcome.ok,
    `expected no refusal: ${outcome.ok ? '' : `${outcome.refusal.code} ${JSON.stringify(outcome.refusal.facts)}`}`,
  )
  return outcome.value
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
