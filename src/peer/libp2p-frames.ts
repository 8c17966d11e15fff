/**
 * How do frames travel over one libp2p stream? Whole, in order, and no faster than they are read: `send` waits while
 * the other side reads slowly, and what nobody reads here is soon not taken in any more.
 */

import type { Stream, StreamCloseEvent } from '@libp2p/interface'
import { Fault, reasonOf } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { FrameCutter, frameBytes } from './framing.ts'

/** Bytes held unread above which the stream is paused; the peer's window bounds what still comes after that. */
const PAUSE_AT = 2 * FrameCutter.enough
/** Bytes that are written at once, without waiting for more; one noise message holds about as many. */
const BATCH_BYTES = 64 * 1024

export class FrameStream {
  /** Why the stream is over; null while it is open. */
  over: string | null = null
  private readonly stream: Stream
  private readonly cutter = new FrameCutter()
  private queue: Bytes[] = []
  private queueBytes = 0
  private flushSoon: NodeJS.Immediate | null = null
  private paused = false
  private resuming = false
  private arrived: PromiseWithResolvers<void> | null = null
  private drained: PromiseWithResolvers<void> | null = null

  constructor(stream: Stream) {
    this.stream = stream
    stream.addEventListener('message', ({ data }) => this.takeIn(data instanceof Uint8Array ? [data] : data))
    stream.addEventListener('drain', () => this.wakeSenders())
    stream.addEventListener('end', () => this.end('the peer ended it'))
    stream.addEventListener('close', (event) => this.end(reasonOfClose(event)))
    if (stream.readableEnded || stream.status !== 'open') this.end('it was closed at once')
  }

  /** What was wrong with the peer's bytes; null when nothing was. */
  get problem(): string | null {
    return this.cutter.problem
  }

  /**
   * Queues a frame at once, so that frames leave in the order of the calls, and resolves when there is room for
   * another. Throws Fault `peer_unreachable` when the stream is over, or ends because the peer takes nothing in.
   */
  async send(frame: Bytes): Promise<void> {
    const bytes = frameBytes(frame)
    if (this.over === null) {
      this.queue.push(bytes)
      this.queueBytes += bytes.length
      if (this.queueBytes >= BATCH_BYTES) this.flush()
      else this.flushSoon ??= setImmediate(() => this.flush())
    }
    // An event may come for less than all that waits, so the stream's own word counts, not the event.
    while (this.over === null && this.stream.writableNeedsDrain) await this.room()
    if (this.over !== null) throw new Fault('peer_unreachable', `the stream is over: ${this.over}`)
  }

  /** The next frame; null when the stream is over and all that arrived has been read. One caller at a time. */
  async next(): Promise<Bytes | null> {
    for (;;) {
      const frame = this.cutter.next()
      if (this.cutter.problem !== null) this.refuse(this.cutter.problem)
      if (this.paused && this.cutter.held < FrameCutter.enough) this.resume()
      if (frame !== null) return frame
      if (this.over !== null) return null
      this.arrived = Promise.withResolvers()
      await this.arrived.promise
    }
  }

  /** Sends what is queued, then ends. What the peer sends after this is dropped. Idempotent. */
  async close(): Promise<void> {
    this.flush()
    this.end('we closed it')
    if (this.stream.status !== 'open') return
    try {
      await this.stream.close({ signal: AbortSignal.timeout(LIMITS.dialSeconds * 1_000) })
    } catch {
      this.stream.abort(new Error('the peer did not take in what was left'))
      return
    }
    if (this.stream.status === 'open') this.dropLater()
  }

  /** Ends at once; queued frames are lost. */
  refuse(problem: string): void {
    this.end(problem)
    this.stream.abort(new Error(problem))
  }

  /** What was queued in one turn of the event loop is encrypted and written as one piece: that is most of the cost. */
  private flush(): void {
    clearImmediate(this.flushSoon ?? undefined)
    this.flushSoon = null
    const pieces = this.queue
    this.queue = []
    this.queueBytes = 0
    if (pieces.length === 0 || this.stream.writeStatus !== 'writable') return
    try {
      this.stream.send(pieces.length === 1 ? (pieces[0] as Bytes) : Buffer.concat(pieces))
    } catch (error) {
      this.end(reasonOf(error))
    }
  }

  private takeIn(pieces: Iterable<Bytes>): void {
    if (this.over !== null) return
    for (const piece of pieces) this.cutter.push(piece)
    this.arrived?.resolve()
    // Not while resuming: the stream hands over what it held inside `resume`, and pausing there would be undone.
    if (!this.resuming && this.cutter.held > PAUSE_AT) this.pause()
  }

  private pause(): void {
    if (this.paused || this.stream.readStatus !== 'readable') return
    this.stream.pause()
    this.paused = true
  }

  private resume(): void {
    this.paused = false
    if (this.stream.readStatus !== 'paused') return
    this.resuming = true
    this.stream.resume()
    this.resuming = false
    if (this.cutter.held > PAUSE_AT) this.pause()
  }

  /** Waits until the stream moves. A peer that takes nothing for a whole while is given up. */
  private async room(): Promise<void> {
    this.drained ??= Promise.withResolvers()
    const stalled = setTimeout(() => this.refuse('the peer takes nothing in'), LIMITS.stalledSeconds * 1_000)
    try {
      await this.drained.promise
    } finally {
      clearTimeout(stalled)
    }
  }

  private wakeSenders(): void {
    this.drained?.resolve()
    this.drained = null
  }

  private end(why: string): void {
    if (this.over !== null) return
    this.over = why
    this.arrived?.resolve()
    this.wakeSenders()
  }

  /** A peer that never ends its own half would keep the stream for the life of the connection. */
  private dropLater(): void {
    const drop = setTimeout(() => {
      if (this.stream.status === 'open') this.stream.abort(new Error('the peer did not end its half'))
    }, LIMITS.dialSeconds * 1_000)
    drop.unref()
  }
}

function reasonOfClose(event: StreamCloseEvent): string {
  return event.error === undefined ? 'the connection was closed' : event.error.message
}
