/**
 * A network with weather: frames are late, lost, doubled, overtaken, damaged and cut short; links fall silent in one
 * direction or both, or clog; connections break, and each side learns of it when it learns of it.
 *
 * It is worse than a real one on purpose. TCP and noise lose no frame inside a session that lives on, and deliver no
 * damaged one; that no hour depends on it is what is shown here.
 */

import { signingKey } from '../../src/core/ed25519.ts'
import { Fault, must, reasonOf } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { peerIdOf } from '../../src/peer/peer-id.ts'
import type { Directory, Session, Transport, Whereabouts } from '../../src/peer/ports.ts'
import type { Agenda } from './agenda.ts'
import type { Dice } from './dice.ts'
import type { Process } from './process.ts'

/** Chances per frame, and milliseconds on the way. */
export interface Weather {
  late: readonly [number, number]
  lost: number
  doubled: number
  overtaken: number
  damaged: number
  cut: number
  /** Chance per frame that the connection breaks instead. */
  broken: number
}

export const CALM: Weather = {
  late: [5, 40],
  lost: 0,
  doubled: 0,
  overtaken: 0,
  damaged: 0,
  cut: 0,
  broken: 0,
}

/**
 * What a script lets happen to a frame: gone, there twice, so many milliseconds late and overtaken meanwhile, or
 * another one in its place.
 */
export type Fate = 'lost' | 'doubled' | { readonly late: number } | { readonly instead: Uint8Array }

export type NetworkFault = Exclude<keyof Weather, 'late'> | 'one_way' | 'two_way' | 'clogged'

/** Bytes a reader may leave unread before its peer must wait. */
const UNREAD_BYTES = 2 * LIMITS.frameBytes

/** Milliseconds between two frames of one session that come together: what happens at one time has no order. */
const LEAST = 0.001

interface Place {
  readonly peerId: string
  readonly address: string
  process: Process | null
  accept: ((session: Session) => void) | null
  answer: ((question: Uint8Array, peerId: string) => Uint8Array | null) | null
  readonly pipes: Set<Pipe>
}

export class SimNetwork {
  weather: Weather = CALM
  /** How often each fault was met. */
  readonly met: Partial<Record<NetworkFault, number>> = {}
  /** A script decides about this frame before chance does: null leaves it to chance. */
  script: (from: string, to: string, frame: Uint8Array) => Fate | null = () => null
  /** Told of a frame that chance did something to. */
  harmed: (fault: NetworkFault, frame: Uint8Array) => void = () => {}
  readonly agenda: Agenda
  readonly dice: Dice
  readonly #places: Place[] = []
  /** Directions in which nothing passes, `from>to` by peer id. */
  readonly #silent = new Set<string>()
  /** Extra milliseconds in a direction. */
  readonly #clogged = new Map<string, number>()
  readonly #announced = new Map<string, Place[]>()

  constructor(agenda: Agenda, dice: Dice) {
    this.agenda = agenda
    this.dice = dice
  }

  /** The place of this peer key's seed (32 bytes), taken by a process; whoever had it before is gone. */
  take(seed: Uint8Array, process: Process): { transport: Transport; directory: Directory } {
    const peerId = peerIdOf(signingKey(seed).publicKey)
    const address = `/ip4/127.0.0.1/tcp/${this.#places.length + 1}`
    const known = this.#places.find((one) => one.peerId === peerId)
    const place = known ?? { peerId, address, process: null, accept: null, answer: null, pipes: new Set() }
    if (known === undefined) this.#places.push(place)
    Object.assign(place, { process: null, accept: null, answer: null })
    return { transport: this.#transportOf(place, process), directory: this.#directoryOf(place, process) }
  }

  /** A process is gone: the other sides learn it, sooner or later. */
  gone(peerId: string): void {
    const place = this.#placeOf(peerId)
    if (place === undefined) return
    place.process = null
    for (const pipe of [...place.pipes]) this.breakOff(pipe, 'the peer went away')
  }

  silence(from: string, to: string): void {
    this.#count('one_way')
    this.#silent.add(`${from}>${to}`)
  }

  clog(from: string, to: string, milliseconds: number): void {
    this.#count('clogged')
    this.#clogged.set(`${from}>${to}`, milliseconds)
  }

  /** Everything passes again, everywhere. */
  clear(): void {
    this.#silent.clear()
    this.#clogged.clear()
  }

  mend(from: string, to: string): void {
    this.#silent.delete(`${from}>${to}`)
    this.#clogged.delete(`${from}>${to}`)
  }

  passes(from: string, to: string): boolean {
    return !this.#silent.has(`${from}>${to}`)
  }

  /** Breaks every connection between the two. */
  hangUp(a: string, b: string): void {
    for (const pipe of [...(this.#placeOf(a)?.pipes ?? [])]) {
      if (pipe.other.owner.peerId === b) this.breakOff(pipe, 'the connection broke')
    }
  }

  /** Milliseconds from one to the other, now. */
  way(from: string, to: string): number {
    const [least, most] = this.weather.late
    return this.dice.between(least, most) + (this.#clogged.get(`${from}>${to}`) ?? 0)
  }

  /** Ends both halves, each when its side notices; what is on the way is lost. */
  breakOff(pipe: Pipe, why: string): void {
    for (const half of [pipe, pipe.other]) {
      half.lost = true
      const notices = this.dice.oneIn(4) ? this.dice.between(1_000, 60_000) : this.dice.between(1, 200)
      const { process } = half
      process.after(notices, () => half.end(why))
      if (!process.alive) half.end(why)
    }
  }

  /** A frame leaves; what becomes of it is chance. */
  carry(pipe: Pipe, frame: Uint8Array): void {
    const { dice, weather } = this
    const from = pipe.owner.peerId
    const there = pipe.other
    const to = there.owner.peerId
    if (pipe.lost) return
    const fate = this.script(from, to, frame)
    if (fate === 'lost') return
    if (this.#meets('broken', weather.broken, frame)) return this.breakOff(pipe, 'the connection broke')
    if (!this.passes(from, to) || this.#meets('lost', weather.lost, frame)) return
    let carried = fate !== null && fate !== 'doubled' && 'instead' in fate ? fate.instead : frame.slice()
    if (this.#meets('damaged', weather.damaged, frame)) {
      carried[dice.below(carried.length)]! ^= 1 << dice.below(8)
      // Noise notices in one case of two, and that is the end of the connection.
      if (dice.oneIn(2)) return this.breakOff(pipe, 'damaged bytes came')
    }
    if (carried.length > 1 && this.#meets('cut', weather.cut, frame)) {
      carried = carried.slice(0, 1 + dice.below(carried.length - 1))
    }
    const held = fate !== null && fate !== 'doubled' && 'late' in fate ? fate.late : 0
    const overtaken = this.#meets('overtaken', weather.overtaken, frame) || held > 0
    const soon = this.agenda.now + this.way(from, to) + held
    const at = overtaken ? soon + dice.between(0, 2_000) : Math.max(soon, pipe.arrives + LEAST)
    if (!overtaken) pipe.arrives = at
    const times = this.#meets('doubled', weather.doubled, frame) || fate === 'doubled' ? 2 : 1
    there.unread += carried.length * times
    for (let i = 0; i < times; i++) {
      const late = i === 0 ? 0 : dice.between(0, 3_000)
      this.agenda.after(at + late - this.agenda.now, () => there.arrive(carried))
    }
  }

  #meets(fault: NetworkFault, chance: number, frame: Uint8Array): boolean {
    if (!this.dice.chance(chance)) return false
    this.#count(fault)
    this.harmed(fault, frame)
    return true
  }

  #count(fault: NetworkFault): void {
    this.met[fault] = (this.met[fault] ?? 0) + 1
  }

  #placeOf(peerId: string): Place | undefined {
    return this.#places.find((place) => place.peerId === peerId)
  }

  #transportOf(place: Place, process: Process): Transport {
    const isOurs = (): boolean => place.process === process
    return {
      peerId: place.peerId,
      addresses: () => [place.address],
      onSession: (accept) => {
        place.accept = accept
      },
      onQuestion: (answer) => {
        place.answer = answer
      },
      favour: async () => {},
      start: async () => {
        place.process = process
      },
      open: async (target, signal) => {
        const there = await this.#reach(place, process, target, signal)
        const ours = new Pipe(place, process, this)
        const theirs = new Pipe(there, there.process as Process, this)
        ours.other = theirs
        theirs.other = ours
        const accept = there.accept
        const session = sessionOf(theirs, null)
        theirs.process.reach(() => (accept === null ? void session.close() : accept(session)))
        return sessionOf(ours, there.address)
      },
      ask: async (target, question, signal) => {
        must(question.length > 0 && question.length <= LIMITS.frameBytes, 'a question is a frame')
        const there = await this.#reach(place, process, target, signal)
        const reply = answered(there, question.slice(), place.peerId)
        await this.#travel(process, this.way(there.peerId, place.peerId), signal)
        if (reply === null || !this.passes(there.peerId, place.peerId)) {
          throw new Fault('peer_unreachable', 'the question was not answered')
        }
        return reply.slice()
      },
      close: async () => {
        if (!isOurs()) return
        place.process = null
        for (const pipe of [...place.pipes]) pipe.close('the peer went away')
      },
    }
  }

  #directoryOf(place: Place, process: Process): Directory {
    return {
      announce: async (preimage) => {
        const under = this.#announced.get(toHex(preimage)) ?? []
        if (!under.includes(place)) this.#announced.set(toHex(preimage), [...under, place])
      },
      find: async function* (this: SimNetwork, preimage: Uint8Array, signal: AbortSignal) {
        const under = (this.#announced.get(toHex(preimage)) ?? []).filter((one) => one !== place)
        for (const one of under.slice(0, LIMITS.findCandidates)) {
          if (signal.aborted) return
          yield { peerId: one.peerId, addresses: [one.address] }
        }
      }.bind(this),
      join: async (targets, signal) => {
        const met = await Promise.allSettled(
          targets.map((target) => this.#reach(place, process, target, signal)),
        )
        const lost = met.filter(({ status }) => status === 'rejected')
        if (targets.length > 0 && lost.length === targets.length)
          throw new Fault('peer_unreachable', 'nobody was reached')
      },
      known: () => this.#places.filter((other) => other !== place && other.process !== null).length,
    }
  }

  /** The other's place, once a question could have come there and back. */
  async #reach(from: Place, process: Process, target: Whereabouts, signal: AbortSignal): Promise<Place> {
    const there = this.#placeOf(target.peerId)
    const trip = there === undefined ? 20 : this.way(from.peerId, there.peerId) * 2
    await this.#travel(process, trip, signal)
    if (
      there !== undefined &&
      !(this.passes(from.peerId, there.peerId) && this.passes(there.peerId, from.peerId))
    ) {
      // Nothing comes back, neither yes nor no.
      await this.#travel(process, 3_600_000, signal)
    }
    if (there?.process?.alive !== true || from.process !== process) {
      throw new Fault('peer_unreachable', 'nobody answers there')
    }
    return there
  }

  #travel(process: Process, milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(gaveUp(signal))
      const stop = (): void => {
        cancel()
        forget()
        reject(gaveUp(signal))
      }
      const cancel = process.after(milliseconds, () => {
        signal.removeEventListener('abort', stop)
        forget()
        resolve()
      })
      // A signal that somebody listens to is kept by the machine for ever, and all that it knows with it.
      const forget = process.atDeath(() => signal.removeEventListener('abort', stop))
      signal.addEventListener('abort', stop, { once: true })
    })
  }
}

/** One direction of reading: what its owner has not read yet. */
export class Pipe {
  readonly owner: Place
  readonly process: Process
  other: Pipe = this
  over: string | null = null
  /** Whatever is still on the way will not arrive. */
  lost = false
  /** When the last frame that keeps its place arrives at the other side; milliseconds. */
  arrives = 0
  /** Bytes on their way here or not yet read. */
  unread = 0
  readonly #network: SimNetwork
  readonly #inbox: Uint8Array[] = []
  #arrived: PromiseWithResolvers<void> | null = null
  #room: PromiseWithResolvers<void> | null = null

  constructor(owner: Place, process: Process, network: SimNetwork) {
    this.owner = owner
    this.process = process
    this.#network = network
    owner.pipes.add(this)
  }

  async send(frame: Uint8Array): Promise<void> {
    must(frame.length > 0 && frame.length <= LIMITS.frameBytes, 'a frame is neither empty nor too long')
    if (!this.process.alive) return never()
    if (this.over === null) this.#network.carry(this, frame)
    while (this.over === null && !this.lost && this.other.unread > UNREAD_BYTES) {
      this.#room ??= Promise.withResolvers()
      await this.#room.promise
    }
    if (this.over !== null) throw new Fault('peer_unreachable', `the session is over: ${this.over}`)
  }

  async *frames(): AsyncIterable<Uint8Array> {
    try {
      for (;;) {
        const frame = this.#inbox.shift()
        if (frame !== undefined) {
          this.unread -= frame.length
          if (this.unread <= UNREAD_BYTES) this.other.wakeSender()
          yield frame
        } else if (this.over !== null) return
        else {
          this.#arrived = Promise.withResolvers()
          await this.#arrived.promise
        }
      }
    } finally {
      this.close('its reader left')
    }
  }

  arrive(frame: Uint8Array): void {
    this.process.reach(() => {
      if (this.over !== null || this.lost) return
      this.#inbox.push(frame)
      this.#arrived?.resolve()
    })
  }

  /** This side is done; the other learns it after what was sent before. */
  close(why: string): void {
    if (this.over !== null) return
    const { other } = this
    const network = this.#network
    const late = Math.max(
      network.way(this.owner.peerId, other.owner.peerId),
      this.arrives - network.agenda.now,
    )
    this.end(why)
    other.process.after(late + 1, () => other.end(why))
  }

  end(why: string): void {
    if (this.over !== null) return
    this.over = why
    this.owner.pipes.delete(this)
    this.#arrived?.resolve()
    this.wakeSender()
  }

  wakeSender(): void {
    this.#room?.resolve()
    this.#room = null
  }
}

function sessionOf(pipe: Pipe, address: string | null): Session {
  return {
    peerId: pipe.other.owner.peerId,
    address,
    send: (frame) => pipe.send(frame),
    frames: () => pipe.frames(),
    problem: () => null,
    close: async () => pipe.close('it was closed'),
  }
}

/** A mistake of the answerer costs the asker its answer and nobody else anything. */
function answered(there: Place, question: Uint8Array, peerId: string): Uint8Array | null {
  if (there.process?.asleep !== false) return null
  try {
    return there.answer?.(question, peerId) ?? null
  } catch (error) {
    throw new Fault('peer_unreachable', `the question was not answered: ${reasonOf(error)}`)
  }
}

function gaveUp(signal: AbortSignal): Fault {
  return new Fault('timed_out', 'the wait for the peer was given up', { cause: signal.reason })
}

/** Nobody is told of what happens after a death. */
function never(): Promise<never> {
  return new Promise(() => {})
}
