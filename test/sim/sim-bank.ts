/**
 * A bank in a simulated world: the real node over a simulated disk, clock and network, with a supervisor that starts
 * it again when it ends, and people who call it.
 */

import { type SigningKey, signingKey, type VerifyingKey, verify } from '../../src/core/ed25519.ts'
import type { Auth } from '../../src/core/entry.ts'
import { Fault, reasonOf } from '../../src/core/fault.ts'
import { type Bytes, parseOrigin } from '../../src/core/ids.ts'
import { type Outcome, refuse } from '../../src/core/refusal.ts'
import { recoveryHashOf } from '../../src/core/sign.ts'
import { openCheckpoint, peekOrigin } from '../../src/log/checkpoint.ts'
import { foundBank } from '../../src/node/found.ts'
import { type KeyChanged, keyChange, settleNextKey } from '../../src/node/key-change.ts'
import { type Node, type NodeSettings, openNode, USUAL_SETTINGS } from '../../src/node/node.ts'
import type { Clock, Notice } from '../../src/node/ports.ts'
import type { Reception } from '../../src/node/reception.ts'
import { type Recovered, recoverBank } from '../../src/node/recover.ts'
import { peerIdBytesOf, peerIdOf } from '../../src/peer/peer-id.ts'
import type { Transport } from '../../src/peer/ports.ts'
import { memoRow } from '../../src/register/memos.ts'
import type { HeadGuard } from '../../src/store/store.ts'
import type { Agenda } from './agenda.ts'
import type { Dice } from './dice.ts'
import { KeyFolder } from './key-folder.ts'
import { Process } from './process.ts'
import { reach } from './seen-log.ts'
import { SimDisk } from './sim-disk.ts'
import type { SimNetwork } from './sim-network.ts'

/** Second of the world's beginning, in UTC: a day in March 2026. */
export const FIRST_SECOND = 1_774_000_000

/** How wrong a machine's clock is. */
export interface Skew {
  /** Seconds ahead of the world. */
  offset: number
  /** Seconds gained in each second, such as 0.0001. */
  drift: number
}

export interface SimBankParts {
  readonly name: string
  readonly agenda: Agenda
  readonly network: SimNetwork
  readonly dice: Dice
  readonly settings?: Partial<NodeSettings>
  /** Whether its founding names a recovery sheet that somebody has; one that nobody has unless said otherwise. */
  readonly sheet?: 'in a drawer' | 'nowhere'
  /** Puts something between the bank and the network; for banks that lie. */
  readonly twist?: (transport: Transport) => Transport
}

export class SimBank {
  readonly name: string
  readonly peerId: string
  readonly disk: SimDisk
  readonly skew: Skew = { offset: 0, drift: 0 }
  /** Log key of its first epoch. */
  readonly logKey: SigningKey
  readonly keys: KeyFolder
  readonly peerKey: SigningKey
  /** How often it noticed each thing. */
  readonly notices: Partial<Record<Notice, number>> = {}
  /** Faults that ended it, by code. */
  readonly ends: Record<string, number> = {}
  bank: Bytes = new Uint8Array(0)
  coordinator: Bytes = new Uint8Array(0)
  fund: Bytes = new Uint8Array(0)
  node: Node | null = null
  process: Process | null = null
  /** It will not be started again by itself. */
  held = false
  /** Its key is lost or stolen, and it is not started before its sheet has begun the next epoch. */
  recovering: 'lost' | 'stolen' | null = null
  /** A start that failed for what lies on the disk. */
  damage: string | null = null
  starts = 0
  /** Told whenever the process has ended, however. */
  ended: () => void = () => {}
  /** Told of everything it notices. */
  noticed: (notice: Notice, facts: Readonly<Record<string, string | number>>) => void = () => {}
  settings: Partial<NodeSettings>
  /** What its register says to other banks; nothing unless a scenario says something. */
  reception: Reception | null = null
  readonly dice: Dice
  readonly #parts: SimBankParts
  #changeKey: () => Promise<Outcome<KeyChanged>> = async () => refuse('too_busy')
  readonly #peerSeed: Bytes
  readonly #witness: SigningKey

  constructor(parts: SimBankParts) {
    this.#parts = parts
    const { name, dice } = parts
    this.name = name
    this.dice = dice
    this.settings = { startWaitSeconds: 15, ...parts.settings }
    this.logKey = signingKey(dice.stream('log key').bytes(32))
    this.#peerSeed = dice.stream('peer key').bytes(32)
    this.peerKey = signingKey(this.#peerSeed)
    this.#witness = signingKey(dice.stream('witness key').bytes(32))
    this.peerId = peerIdOf(this.peerKey.publicKey)
    this.disk = new SimDisk(dice.stream('disk'))
    this.keys = new KeyFolder(this.disk, dice.stream('key files'), this.logKey)
    this.disk.die = () => this.kill()
  }

  get up(): boolean {
    return this.node !== null && this.process?.alive === true
  }

  /** The bank's own clock as a process reads it. */
  clock(process: Process): Clock {
    const { agenda } = this.#parts
    return {
      now: () => Math.floor(FIRST_SECOND + this.skew.offset + (agenda.now / 1_000) * (1 + this.skew.drift)),
      uptime: () => Math.floor((agenda.now / 1_000) * (1 + this.skew.drift)),
      after: (milliseconds, run) => process.after(milliseconds, run),
    }
  }

  async found(): Promise<void> {
    const { dice, name } = this
    const process = new Process(this.#parts.agenda)
    const store = this.disk.open(process)
    const random = dice.stream('founding')
    const nowhere = random.bytes(32)
    const inDrawer = this.#parts.sheet === 'in a drawer'
    const founded = await foundBank({
      store,
      guard: this.#guard(process, []),
      clock: this.clock(process),
      random,
      report: () => undefined,
      logKey: this.logKey,
      witnessKey: this.#witness.publicKey,
      peerId: peerIdBytesOf(this.peerKey.publicKey),
      recoveryHash: inDrawer ? recoveryHashOf((this.keys.drawer[0] as SigningKey).publicKey) : nowhere,
      name,
      publicUrl: null,
      rows: () => [],
    })
    process.kill()
    this.bank = founded.bank
    this.coordinator = founded.coordinator
  }

  /** Only notes that one of these log keys signed count; the list may grow. */
  #guard(process: Process, keys: readonly VerifyingKey[]): HeadGuard {
    return this.disk.openGuard(process, (note) => {
      const origin = peekOrigin(note)
      const epoch = origin === null ? undefined : parseOrigin(origin)?.epoch
      if (origin === null || epoch === undefined) return null
      const sizes = keys.map((key) => openCheckpoint(note, { origin, key })?.size)
      const size = sizes.find((one) => one !== undefined)
      return size === undefined ? null : reach(epoch, size)
    })
  }

  /** Starts the process. What keeps it from opening is in `damage`. */
  async start(): Promise<void> {
    const { agenda, network } = this.#parts
    const process = new Process(agenda)
    this.process = process
    this.node = null
    this.damage = null
    this.starts += 1
    const place = network.take(this.#peerSeed, process)
    const chance = this.dice.stream(`run ${this.starts}`)
    const { log, next } = this.keys
    try {
      if (log === null)
        throw new Fault('key_invalid', 'The log key of this bank is missing.', { fatal: true })
      const node = await openNode({
        store: this.disk.open(process),
        guard: (keys) => this.#guard(process, keys),
        logKey: log,
        nextLogKey: next,
        peerKey: this.peerKey,
        transport: this.#parts.twist?.(place.transport) ?? place.transport,
        directory: place.directory,
        bootstrap: [],
        clock: this.clock(process),
        random: chance,
        verify: async (key, message, signature) => verify(key, message, signature),
        report: (notice, facts) => {
          this.noticed(notice, facts)
          this.notices[notice] = (this.notices[notice] ?? 0) + 1
        },
        settings: { ...USUAL_SETTINGS, ...this.settings },
        reception: {
          member: (number) => this.reception?.member(number) ?? null,
          request: (code) => this.reception?.request(code) ?? null,
          words: (id) => this.reception?.words(id) ?? null,
          wordsRow: memoRow,
          notices: () => [],
          interest: () => null,
          phone: () => null,
        },
        // A process that was told of a fatal fault ends; its supervisor starts it again.
        onFatal: (fault) => process.after(1, () => this.#end(process, fault)),
      })
      const files = this.keys.files(process)
      await settleNextKey(files, node).catch((thrown) => this.#end(process, thrown))
      if (!process.alive || this.process !== process) return
      this.#changeKey = keyChange(files, node)
      this.node = node
    } catch (thrown) {
      if (this.process !== process || !process.alive) return
      this.damage = reasonOf(thrown)
      this.#end(process, thrown)
    }
  }

  #end(process: Process, fault: unknown): void {
    if (this.process !== process || !process.alive) return
    // The writer wraps whatever stopped it; a mistake of ours stays one.
    const inner = fault instanceof Fault && fault.cause !== undefined ? fault.cause : fault
    const code = inner instanceof Fault ? inner.code : `bug: ${reasonOf(inner)}`
    this.ends[code] = (this.ends[code] ?? 0) + 1
    this.kill()
  }

  /** The operator changes the log key; null when nobody is there to be asked. */
  changeKey(): Promise<Outcome<KeyChanged>> | null {
    return this.node === null ? null : this.#changeKey()
  }

  /**
   * The operator of a bank that is not running begins its next epoch with the sheet, in a process of its own. A machine
   * that dies meanwhile answers nothing.
   */
  async recover(cause: 'lost' | 'stolen'): Promise<Outcome<Recovered>> {
    const process = new Process(this.#parts.agenda)
    this.process = process
    this.damage = null
    let outcome: Outcome<Recovered> = refuse('sheet_wrong')
    // After a try that was cut short nobody knows which sheet counts.
    for (const sheet of this.keys.drawer.toReversed()) {
      outcome = await this.#recoverWith(sheet, cause, process)
      if (outcome.ok || outcome.refusal.code !== 'sheet_wrong') break
    }
    process.kill()
    return outcome
  }

  async #recoverWith(
    sheet: SigningKey,
    cause: 'lost' | 'stolen',
    process: Process,
  ): Promise<Outcome<Recovered>> {
    const files = this.keys.files(process)
    const outcome = await recoverBank({
      store: this.disk.open(process),
      guard: (keys) => this.#guard(process, keys),
      clock: this.clock(process),
      report: () => undefined,
      sheet,
      cause,
      prepare: async () => {
        const logKey = await files.makeNext()
        const newSheet = this.keys.fresh()
        this.keys.drawer.push(newSheet)
        return { logKey, recoveryHash: recoveryHashOf(newSheet.publicKey) }
      },
    })
    if (outcome.ok) await files.takeNext()
    return outcome
  }

  /** As `kill -9`, or as the machine's power. */
  kill(): void {
    const { process } = this
    if (process === null || !process.alive) return
    process.kill()
    this.node = null
    this.disk.crashed()
    this.#parts.network.gone(this.peerId)
    this.ended()
  }

  /** Ends as a service does that is stopped in order. */
  async stop(): Promise<void> {
    const { node, process } = this
    if (node === null || process === null) return
    this.node = null
    await node.close()
    process.kill()
    this.#parts.network.gone(this.peerId)
    this.ended()
  }

  /** Its operator puts disk and keys right, as from a backup that lacks nothing. */
  repair(): void {
    this.disk.repair()
    this.keys.repair()
  }

  byCoordinator(account: Bytes | null): Auth {
    return { form: 2, actor: this.coordinator, onBehalfOf: account, reason: 2, second: null }
  }
}
