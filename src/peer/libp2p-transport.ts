/**
 * How do frames get to a neighbour and back? The Transport port over libp2p: one long-lived stream for each settle
 * session, and one short stream for each question about bank records.
 */

import type { Connection, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { Fault, reasonOf } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { FrameStream } from './libp2p-frames.ts'
import { type Host, startHost } from './libp2p-host.ts'
import { peerKeyOfText } from './peer-id.ts'
import type { Session, Transport, Whereabouts } from './ports.ts'

export const SETTLE_PROTOCOL = '/commonhour/settle/1.0.0'
export const RECORD_PROTOCOL = '/commonhour/record/1.0.0'

/** The Transport of a host. Its `close` stops the host; `report` hears what an answerer of ours threw. */
export function libp2pTransport(host: Host, report: (problem: string) => void): Transport {
  let accept: ((session: Session) => void) | null = null
  let answer: ((question: Bytes, peerId: string) => Bytes | null) | null = null

  /** A bug that a peer's bytes lay bare costs that peer its stream, and nobody else anything ([ADMIT-7]). */
  const guarded = (stream: FrameStream, act: () => void): void => {
    try {
      act()
    } catch (error) {
      report(`a peer's stream was ended by a mistake of ours: ${reasonOf(error)}`)
      stream.refuse('our mistake')
    }
  }

  const onSettle = (stream: Stream, connection: Connection): void => {
    const frames = new FrameStream(stream)
    guarded(frames, () => {
      if (accept === null) frames.refuse('nobody listens')
      else accept(sessionOf(frames, { peerId: connection.remotePeer.toString(), address: null }))
    })
  }

  const onRecord = async (stream: Stream, connection: Connection): Promise<void> => {
    const frames = new FrameStream(stream)
    const question = await within(frames, LIMITS.answerSeconds)
    if (question === null) return frames.refuse('no question came')
    guarded(frames, () => {
      const reply = answer?.(question, connection.remotePeer.toString()) ?? null
      // A send that fails has ended the stream, and the one who asked has gone: nobody is left to tell.
      if (reply !== null) frames.send(reply).catch(() => {})
    })
    await frames.close()
  }

  return {
    peerId: host.peerId,
    addresses: host.addresses,
    onSession: (listener) => {
      accept = listener
    },
    onQuestion: (listener) => {
      answer = listener
    },
    favour: host.favour,
    async start() {
      const streams = { runOnLimitedConnection: true }
      const settle = {
        ...streams,
        maxInboundStreams: LIMITS.settleStreams,
        maxOutboundStreams: LIMITS.settleStreams,
      }
      const record = {
        ...streams,
        maxInboundStreams: LIMITS.recordStreams,
        maxOutboundStreams: LIMITS.recordStreams,
      }
      await host.node.handle(SETTLE_PROTOCOL, onSettle, settle)
      await host.node.handle(RECORD_PROTOCOL, onRecord, record)
      await startHost(host)
    },
    async open(target, signal) {
      const wait = waiting(signal, LIMITS.dialSeconds)
      return wait(async (limit) => {
        const connection = await connect(host, target, limit)
        const stream = await connection.newStream(SETTLE_PROTOCOL, {
          signal: limit,
          runOnLimitedConnection: true,
        })
        return sessionOf(new FrameStream(stream), { peerId: target.peerId, address: addressOf(connection) })
      })
    },
    async ask(target, question, signal) {
      const wait = waiting(signal, LIMITS.answerSeconds)
      return wait(async (limit) => {
        const connection = await connect(host, target, AbortSignal.any([limit, after(LIMITS.dialSeconds)]))
        const stream = await connection.newStream(RECORD_PROTOCOL, {
          signal: limit,
          runOnLimitedConnection: true,
        })
        return askOver(new FrameStream(stream), question, limit)
      })
    },
    close: () => host.stop(),
  }
}

function sessionOf(stream: FrameStream, peer: { peerId: string; address: string | null }): Session {
  return {
    ...peer,
    send: (frame) => stream.send(frame),
    async *frames() {
      try {
        for (let frame = await stream.next(); frame !== null; frame = await stream.next()) yield frame
      } finally {
        await stream.close()
      }
    },
    problem: () => stream.problem,
    close: () => stream.close(),
  }
}

/** Sends the question and reads the one answer. Ends the stream in any case. */
async function askOver(stream: FrameStream, question: Bytes, limit: AbortSignal): Promise<Bytes> {
  const stop = (): void => stream.refuse('nobody waits for the answer any more')
  limit.addEventListener('abort', stop)
  try {
    limit.throwIfAborted()
    await stream.send(question)
    const reply = await stream.next()
    limit.throwIfAborted()
    if (reply !== null) return reply
    const code = stream.problem === null ? 'peer_unreachable' : 'peer_misbehaved'
    throw new Fault(code, `the question was not answered: ${stream.problem ?? stream.over}`)
  } finally {
    limit.removeEventListener('abort', stop)
    void stream.close()
  }
}

/** The first frame, or null when none came in time. */
async function within(stream: FrameStream, seconds: number): Promise<Bytes | null> {
  const late = setTimeout(() => stream.refuse('nothing came in time'), seconds * 1_000)
  try {
    return await stream.next()
  } finally {
    clearTimeout(late)
  }
}

/** An open connection to the peer, the one there is or a new one to one of the addresses, in their order. */
export async function connect(host: Host, target: Whereabouts, signal: AbortSignal): Promise<Connection> {
  if (peerKeyOfText(target.peerId) === null)
    throw new Fault('peer_unreachable', 'this is no peer id of a bank')
  const peer = peerIdFromString(target.peerId)
  const open = host.node.getConnections(peer).find((connection) => connection.status === 'open')
  if (open !== undefined) return open
  const addresses = dialable(target)
  const through = host.waysTo(target.peerId)
  try {
    // What is left of the time belongs to the way through others.
    const direct = through.length === 0 ? signal : AbortSignal.any([signal, after(LIMITS.dialSeconds / 2)])
    return await host.node.dial(addresses.length === 0 ? peer : addresses, { signal: direct })
  } catch (error) {
    if (through.length === 0) throw error
    return host.node.dial(through, { signal })
  }
}

/** Addresses that parse, each ending in the peer id, which the handshake must then prove. */
function dialable({ peerId, addresses }: Whereabouts): Multiaddr[] {
  const end = `/p2p/${peerId}`
  const parsed: Multiaddr[] = []
  for (const text of addresses.slice(0, LIMITS.recordAddresses)) {
    try {
      parsed.push(multiaddr(text.endsWith(end) ? text : text + end))
    } catch {
      // An address is hearsay; one that is none is passed over like one that nobody answers at.
    }
  }
  return parsed
}

/** Null for a connection that the peer opened: the port it came from leads nowhere. */
function addressOf(connection: Connection): string | null {
  if (connection.direction === 'inbound') return null
  const text = connection.remoteAddr.toString()
  return text.slice(0, text.lastIndexOf('/p2p/'))
}

function after(seconds: number): AbortSignal {
  return AbortSignal.timeout(seconds * 1_000)
}

/** A dial may end by a shorter limit inside the longer one. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

/** Runs an act under the caller's signal and a deadline, and turns what libp2p throws into our faults. */
function waiting(
  signal: AbortSignal,
  seconds: number,
): <T>(act: (limit: AbortSignal) => Promise<T>) => Promise<T> {
  return async (act) => {
    const limit = AbortSignal.any([signal, after(seconds)])
    try {
      limit.throwIfAborted()
      return await act(limit)
    } catch (error) {
      if (signal.aborted) throw new Fault('timed_out', 'the wait for the peer was given up', { cause: error })
      if (limit.aborted || isTimeout(error))
        throw new Fault('timed_out', `the peer did not answer in ${seconds} s`, { cause: error })
      if (error instanceof Fault) throw error
      throw new Fault('peer_unreachable', `the peer was not reached: ${reasonOf(error)}`, { cause: error })
    }
  }
}
