/**
 * How do banks talk in a test that wants no sockets? Transport and Directory in memory: frames arrive whole and in
 * order, moved by microtasks alone, so the same calls give the same run every time. Links can be cut and mended.
 *
 * Deadlines need a clock, and there is none here: whoever waits for a silent peer waits for its own signal.
 */

import { signingKey } from '../../src/core/ed25519.ts'
import { Fault, must, reasonOf } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { peerIdOf } from '../../src/peer/peer-id.ts'
import type { Directory, Session, Transport, Whereabouts } from '../../src/peer/ports.ts'

/** Bytes a reader may leave unread before its peer must wait. */
const UNREAD_BYTES = 2 * LIMITS.frameBytes

type Answerer = (question: Uint8Array, peerId: string) => Uint8Array | null

interface Place {
  readonly peerId: string
  readonly address: string
  open: boolean
  accept: ((session: Session) => void) | null
  answer: Answerer | null
  readonly pipes: Set<Pipe>
}

export class MemoryNetwork {
  private readonly places: Place[] = []
  private readonly cuts = new Set<string>()
  private readonly announced = new Map<string, Place[]>()

  /** A place of the network; its peer id is that of the Ed25519 seed (32 bytes). */
  place(seed: Uint8Array): { transport: Transport; directory: Directory } {
    const place: Place = {
      peerId: peerIdOf(signingKey(seed).publicKey),
      address: `/ip4/127.0.0.1/tcp/${this.places.length + 1}`,
      open: false,
      accept: null,
      answer: null,
      pipes: new Set(),
    }
    this.places.push(place)
    return { transport: this.transportOf(place), directory: this.directoryOf(place) }
  }

  /** An address at which nobody ever answers, neither yes nor no. */
  silent(peerId: string): Whereabouts {
    return { peerId, addresses: ['/ip4/127.0.0.1/tcp/0'] }
  }

  /** Ends every session between the two, frames in flight are lost, and lets nothing through until `mend`. */
  cut(a: string, b: string): void {
    this.cuts.add(linkOf(a, b))
    for (const place of this.places) {
      for (const pipe of [...place.pipes]) {
        if (linkOf(place.peerId, pipe.other.owner.peerId) === linkOf(a, b)) pipe.break('the link was cut')
      }
    }
  }

  mend(a: string, b: string): void {
    this.cuts.delete(linkOf(a, b))
  }

  private transportOf(place: Place): Transport {
    return {
      peerId: place.peerId,
      addresses: () => (place.open ? [place.address] : []),
      onSession: (accept) => {
        place.accept = accept
      },
      onQuestion: (answer) => {
        place.answer = answer
      },
      favour: async () => {},
      start: async () => {
        place.open = true
      },
      open: async (target, signal) => {
        const there = await this.reach(place, target, signal)
        const [ours, theirs] = pipesBetween(place, there)
        accepted(there, sessionOf(theirs, null))
        return sessionOf(ours, there.address)
      },
      ask: async (target, question, signal) => {
        must(question.length > 0 && question.length <= LIMITS.frameBytes, 'a question is a frame')
        const there = await this.reach(place, target, signal)
        const reply = answered(there, question.slice(), place.peerId)
        await Promise.resolve()
        if (reply === null) throw new Fault('peer_unreachable', 'the question was not answered')
        return reply.slice()
      },
      close: async () => {
        place.open = false
        for (const pipe of [...place.pipes]) pipe.end('the peer went away')
      },
    }
  }

  private directoryOf(place: Place): Directory {
    const others = (): Place[] => {
      return this.places.filter((other) => other !== place && other.open && this.linked(place, other))
    }
    return {
      announce: async (preimage) => {
        const under = this.announced.get(toHex(preimage)) ?? []
        if (!under.includes(place)) this.announced.set(toHex(preimage), [...under, place])
      },
      find: async function* (this: MemoryNetwork, preimage: Uint8Array, signal: AbortSignal) {
        const under = (this.announced.get(toHex(preimage)) ?? []).filter((one) => one !== place)
        for (const one of under.slice(0, LIMITS.findCandidates)) {
          if (signal.aborted) return
          yield { peerId: one.peerId, addresses: [one.address] }
        }
      }.bind(this),
      join: async (targets, signal) => {
        const met = await Promise.allSettled(targets.map((target) => this.reach(place, target, signal)))
        const lost = met.filter(({ status }) => status === 'rejected')
        if (targets.length > 0 && lost.length === targets.length)
          throw new Fault('peer_unreachable', 'nobody was reached')
      },
      known: () => others().length,
    }
  }

  private async reach(from: Place, target: Whereabouts, signal: AbortSignal): Promise<Place> {
    if (signal.aborted) throw gaveUp(signal)
    if (target.addresses.includes('/ip4/127.0.0.1/tcp/0')) await aborted(signal)
    await Promise.resolve()
    const there = this.places.find((place) => place.peerId === target.peerId)
    const reached = target.addresses.length === 0 || target.addresses.includes(there?.address ?? '')
    if (there === undefined || !reached || !there.open || !from.open || !this.linked(from, there)) {
      throw new Fault('peer_unreachable', 'nobody answers there')
    }
    return there
  }

  private linked(a: Place, b: Place): boolean {
    return !this.cuts.has(linkOf(a.peerId, b.peerId))
  }
}

/** One direction of reading: what its owner has not read yet. */
class Pipe {
  readonly owner: Place
  other: Pipe = this
  over: string | null = null
  private readonly inbox: Uint8Array[] = []
  private unread = 0
  private arrived: PromiseWithResolvers<void> | null = null
  private room: PromiseWithResolvers<void> | null = null

  constructor(owner: Place) {
    this.owner = owner
    owner.pipes.add(this)
  }

  async send(frame: Uint8Array): Promise<void> {
    must(frame.length > 0 && frame.length <= LIMITS.frameBytes, 'a frame is neither empty nor too long')
    const there = this.other
    if (this.over === null) there.deliver(frame.slice())
    while (this.over === null && there.unread > UNREAD_BYTES) {
      there.room ??= Promise.withResolvers()
      await there.room.promise
    }
    if (this.over !== null) throw new Fault('peer_unreachable', `the session is over: ${this.over}`)
  }

  async *frames(): AsyncIterable<Uint8Array> {
    try {
      for (;;) {
        const frame = this.inbox.shift()
        if (frame !== undefined) {
          this.unread -= frame.length
          if (this.unread <= UNREAD_BYTES) this.wakeSender()
          yield frame
        } else if (this.over !== null) return
        else {
          this.arrived = Promise.withResolvers()
          await this.arrived.promise
        }
      }
    } finally {
      this.end('its reader left')
    }
  }

  /** Ends both halves; what has arrived may still be read. */
  end(why: string): void {
    for (const half of [this, this.other]) {
      if (half.over !== null) continue
      half.over = why
      half.owner.pipes.delete(half)
      half.arrived?.resolve()
      half.wakeSender()
    }
  }

  /** Ends both halves and loses what nobody has read. */
  break(why: string): void {
    for (const half of [this, this.other]) half.inbox.length = 0
    this.end(why)
  }

  private deliver(frame: Uint8Array): void {
    this.unread += frame.length
    this.inbox.push(frame)
    this.arrived?.resolve()
  }

  private wakeSender(): void {
    this.room?.resolve()
    this.room = null
  }
}

function pipesBetween(a: Place, b: Place): [Pipe, Pipe] {
  const pipes: [Pipe, Pipe] = [new Pipe(a), new Pipe(b)]
  pipes[0].other = pipes[1]
  pipes[1].other = pipes[0]
  return pipes
}

function sessionOf(pipe: Pipe, address: string | null): Session {
  return {
    peerId: pipe.other.owner.peerId,
    address,
    send: (frame) => pipe.send(frame),
    frames: () => pipe.frames(),
    problem: () => null,
    close: async () => pipe.end('it was closed'),
  }
}

function accepted(there: Place, session: Session): void {
  if (there.accept === null) void session.close()
  else there.accept(session)
}

/** A mistake of the answerer costs the asker its answer and nobody else anything. */
function answered(there: Place, question: Uint8Array, peerId: string): Uint8Array | null {
  try {
    return there.answer?.(question, peerId) ?? null
  } catch (error) {
    throw new Fault('peer_unreachable', `the question was not answered: ${reasonOf(error)}`)
  }
}

function linkOf(a: string, b: string): string {
  return [a, b].sort().join(' ')
}

function gaveUp(signal: AbortSignal): Fault {
  return new Fault('timed_out', 'the wait for the peer was given up', { cause: signal.reason })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(gaveUp(signal)), { once: true }),
  )
}
