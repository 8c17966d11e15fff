/**
 * How does a network fail in front of a bank? Every byte from and to other banks passes this TCP proxy, which cuts
 * connections, forwards nothing for a while in one direction or both, forwards late, or lets nobody in.
 */

import { connect, createServer, type Server, type Socket } from 'node:net'

export type Direction = 'in' | 'out'
const DIRECTIONS: readonly Direction[] = ['in', 'out']

/** One direction of one connection. */
class Flow {
  readonly #from: Socket
  readonly #to: Socket
  readonly #door: Door
  readonly #direction: Direction
  /** What was read and has not been passed on; null is the end. */
  readonly #late: { readonly at: number; readonly chunk: Buffer | null }[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(door: Door, direction: Direction, sockets: { from: Socket; to: Socket }) {
    this.#from = sockets.from
    this.#to = sockets.to
    this.#door = door
    this.#direction = direction
    this.#from.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#from.on('end', () => this.#take(null))
    this.#to.on('drain', () => this.move())
    this.move()
  }

  #take(chunk: Buffer | null): void {
    this.#late.push({ at: performance.now() + this.#door.delayMs, chunk })
    this.move()
  }

  /** Passes on what is due, or stops reading while the door is stalled. */
  move(): void {
    if (this.#door.isStalled(this.#direction)) return void this.#from.pause()
    for (let next = this.#late[0]; next !== undefined; next = this.#late[0]) {
      const wait = next.at - performance.now()
      if (wait > 0) {
        this.#timer ??= setTimeout(() => {
          this.#timer = null
          this.move()
        }, wait)
        break
      }
      this.#late.shift()
      if (next.chunk === null) this.#to.end()
      else {
        this.#door.bytes += next.chunk.length
        if (this.#to.writable && !this.#to.write(next.chunk)) return void this.#from.pause()
      }
    }
    this.#from.resume()
  }

  stop(): void {
    clearTimeout(this.#timer ?? undefined)
    this.#late.length = 0
  }
}

interface Passage {
  readonly sockets: readonly [Socket, Socket]
  readonly flows: readonly [Flow, Flow]
  /** One side has gone; the other hears of it when the door is not stalled. */
  gone: boolean
}

export class Door {
  /** The port others are told. */
  readonly port: number
  /** Milliseconds by which every byte is late. */
  delayMs = 0
  bytes = 0
  readonly #target: number
  readonly #stalled = new Set<Direction>()
  readonly #passages = new Set<Passage>()
  readonly #server: Server
  #shut = false

  constructor(port: number, target: number) {
    this.port = port
    this.#target = target
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#enter(socket))
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.port, '127.0.0.1', resolve)
    })
  }

  get connections(): number {
    return this.#passages.size
  }

  isStalled(direction: Direction): boolean {
    return this.#stalled.has(direction)
  }

  /** Accepts, and forwards nothing in these directions until `heal`. */
  stall(directions: readonly Direction[]): void {
    for (const direction of directions) this.#stalled.add(direction)
    this.#moveAll()
  }

  /** Nobody gets in until `heal`, and who was in is thrown out; gives how many that were. */
  shut(): number {
    this.#shut = true
    return this.cut(() => true)
  }

  /** Cuts the chosen connections in the middle of whatever they say; gives how many there were. */
  cut(chosen: (n: number) => boolean): number {
    const cut = [...this.#passages].filter((_, n) => chosen(n))
    for (const passage of cut) this.#end(passage)
    return cut.length
  }

  /** As if nothing had been: what was held back goes on its way. */
  heal(): void {
    this.#shut = false
    this.delayMs = 0
    this.#stalled.clear()
    this.#moveAll()
  }

  async close(): Promise<void> {
    this.shut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #moveAll(): void {
    for (const passage of [...this.#passages]) {
      if (passage.gone && DIRECTIONS.every((one) => !this.isStalled(one))) this.#end(passage)
      else for (const flow of passage.flows) flow.move()
    }
  }

  #enter(outer: Socket): void {
    outer.on('error', () => undefined)
    if (this.#shut) return void outer.resetAndDestroy()
    const inner = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    inner.on('error', () => undefined)
    const passage: Passage = {
      sockets: [outer, inner],
      flows: [
        new Flow(this, 'in', { from: outer, to: inner }),
        new Flow(this, 'out', { from: inner, to: outer }),
      ],
      gone: false,
    }
    this.#passages.add(passage)
    const left = (): void => {
      passage.gone = true
      if (DIRECTIONS.every((one) => !this.isStalled(one))) this.#end(passage)
    }
    outer.on('close', left)
    inner.on('close', left)
  }

  #end(passage: Passage): void {
    if (!this.#passages.delete(passage)) return
    for (const flow of passage.flows) flow.stop()
    for (const socket of passage.sockets) socket.destroy()
  }
}
