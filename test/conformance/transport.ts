/**
 * Does a transport keep the promises of its port? Every implementation passes a world of places and must pass every
 * case.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { LIMITS } from '../../src/core/limits.ts'
import type { Session, Transport, Whereabouts } from '../../src/peer/ports.ts'

export interface TransportWorld {
  /** A transport that is not started. */
  create(): Promise<Transport>
  /** An address of this machine at which nobody listens. */
  nobody(peerId: string): Promise<Whereabouts>
  /** An address at which somebody listens and never says a word. */
  silent(peerId: string): Promise<Whereabouts>
  close(): Promise<void>
}

/** A started transport that keeps the sessions opened to it. */
interface Bank {
  readonly transport: Transport
  readonly at: Whereabouts
  readonly sessions: Session[]
  /** The next session that somebody opens. */
  next(): Promise<Session>
}

const STRANGER = '12D3KooWGjMbXfNWYZbcQRdxi2PJYbHh5v5mAWDGcLuVJmZhQpTo'
const soon = (): AbortSignal => AbortSignal.timeout(8_000)
const frame = (length: number, fill = 0): Uint8Array => new Uint8Array(length).fill(fill)

function numbered(n: number, length = 8): Uint8Array {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}

const numberOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)

/** Reads so many frames, or fewer when the session ends before. */
async function take(frames: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array[]> {
  const taken: Uint8Array[] = []
  while (taken.length < count) {
    const { value, done } = await frames.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

const reader = (session: Session): AsyncIterator<Uint8Array> => session.frames()[Symbol.asyncIterator]()

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
  } catch (error) {
    return error instanceof Fault ? error.code : `no fault: ${error}`
  }
  return 'nothing was thrown'
}

export function transportConformance(name: string, newWorld: () => Promise<TransportWorld>): void {
  describe(`${name} keeps the contract of a transport`, () => {
    const worlds: TransportWorld[] = []

    async function fresh(): Promise<TransportWorld> {
      const world = await newWorld()
      worlds.push(world)
      return world
    }

    /** Started banks of a fresh world. */
    async function banks(count: number): Promise<Bank[]> {
      const world = await fresh()
      return Promise.all(Array.from({ length: count }, () => bankIn(world)))
    }

    afterEach(async () => {
      for (const world of worlds.splice(0)) await world.close()
    })

    frameCases(banks)
    endCases(banks)
    dialCases(fresh, banks)
    questionCases(banks)
  })
}

async function bankIn(world: TransportWorld): Promise<Bank> {
  const transport = await world.create()
  const sessions: Session[] = []
  const waiting: ((session: Session) => void)[] = []
  transport.onSession((session) => {
    sessions.push(session)
    waiting.shift()?.(session)
  })
  transport.onQuestion((question) => (question[0] === 0 ? null : question))
  await transport.start()
  return {
    transport,
    at: { peerId: transport.peerId, addresses: transport.addresses() },
    sessions,
    next: () => new Promise((resolve) => waiting.push(resolve)),
  }
}

/** A session between two banks, as both see it. */
async function between(a: Bank, b: Bank): Promise<[Session, Session]> {
  const accepted = b.next()
  return [await a.transport.open(b.at, soon()), await accepted]
}

type Banks = (count: number) => Promise<Bank[]>

function frameCases(banks: Banks): void {
  test('frames of every length arrive whole and in order, both ways', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    const lengths = [1, 127, 128, 16_383, 16_384, 65_536, LIMITS.frameBytes, 1]
    const sending = Promise.all(
      [ours, theirs].flatMap((one) => lengths.map((length, i) => one.send(frame(length, i)))),
    )
    for (const side of [theirs, ours]) {
      const got = await take(reader(side), lengths.length)
      expect(got.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual(
        lengths.map((l, i) => [l, i, i]),
      )
    }
    await sending
  })

  test('10,000 frames arrive in order', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    const sending = (async () => {
      for (let i = 0; i < 10_000; i++) await ours.send(numbered(i, 8 + (i % 700)))
    })()
    const got = await take(reader(theirs), 10_000)
    expect(got.map(numberOf)).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
    await sending
  })

  test('a slow reader makes the sender wait, and loses nothing', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    const count = 400
    let sent = 0
    const sending = (async () => {
      for (let i = 0; i < count; i++) {
        await ours.send(numbered(i, 65_536))
        sent++
      }
    })()
    let ahead = 0
    const frames = reader(theirs)
    for (let read = 0; read < count; read++) {
      // A turn of the event loop for each frame is ample for a sender that does not wait to be far ahead.
      await new Promise((resolve) => setImmediate(resolve))
      ahead = Math.max(ahead, sent - read)
      const { value } = await frames.next()
      expect(numberOf(value)).toBe(read)
    }
    await sending
    expect(ahead * 65_536).toBeLessThan(8 * 1024 * 1024)
  })

  test('what is sent may be changed after the call, and what arrives is the reader\u2019s own', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    const bytes = frame(10, 1)
    const sent = ours.send(bytes)
    bytes.fill(2)
    await sent
    expect(await take(reader(theirs), 1)).toEqual([frame(10, 1)])
  })

  test('an empty frame and one that is too long are bugs of the sender', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours] = await between(a, b)
    await expect(ours.send(frame(0))).rejects.toThrow('broken assertion')
    await expect(ours.send(frame(LIMITS.frameBytes + 1))).rejects.toThrow('broken assertion')
  })

  test('sessions do not mix, neither two with one peer nor those with two peers', async () => {
    const [a, b, c] = (await banks(3)) as [Bank, Bank, Bank]
    const [first, firstThere] = await between(a, b)
    const [second, secondThere] = await between(a, b)
    const [third, thirdThere] = await between(a, c)
    for (let i = 0; i < 3; i++)
      await Promise.all([first, second, third].map((one, n) => one.send(frame(5, n * 10 + i))))
    for (const [n, there] of [firstThere, secondThere, thirdThere].entries()) {
      const got = await take(reader(there), 3)
      expect(got.map(([byte]) => byte)).toEqual([n * 10, n * 10 + 1, n * 10 + 2])
    }
  })
}

function endCases(banks: Banks): void {
  test('a session that is closed hands on what was sent before, then ends on both sides', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    for (let i = 0; i < 200; i++) await ours.send(numbered(i, 1_000))
    await ours.close()
    await ours.close()
    const got = await take(reader(theirs), 1_000)
    expect(got.map(numberOf)).toEqual(Array.from({ length: 200 }, (_, i) => i))
    expect(await take(reader(ours), 1)).toEqual([])
    expect(await codeOf(ours.send(frame(1)))).toBe('peer_unreachable')
    expect(await codeOf(theirs.send(frame(1)))).toBe('peer_unreachable')
    expect([ours.problem(), theirs.problem()]).toEqual([null, null])
  })

  test('leaving the loop over its frames ends a session', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    await ours.send(frame(3))
    for await (const one of theirs.frames()) {
      expect(one.length).toBe(3)
      break
    }
    expect(await take(reader(ours), 1)).toEqual([])
  })

  test('a peer that goes away ends its sessions, and only those; a sender that waits is told', async () => {
    const [a, b, c] = (await banks(3)) as [Bank, Bank, Bank]
    const [toB] = await between(a, b)
    const [toC, fromA] = await between(a, c)
    const flood = (async () => {
      for (;;) await toB.send(frame(LIMITS.frameBytes))
    })()
    const [code] = await Promise.all([codeOf(flood), b.transport.close()])
    expect(code).toBe('peer_unreachable')
    expect(await take(reader(toB), 1)).toEqual([])
    await toC.send(frame(2, 9))
    expect(await take(reader(fromA), 1)).toEqual([frame(2, 9)])
  })

  test('a peer that went away and came back is reached again', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    await theirs.close()
    expect(await take(reader(ours), 1)).toEqual([])
    const [again, there] = await between(a, b)
    await again.send(frame(1, 7))
    expect(await take(reader(there), 1)).toEqual([frame(1, 7)])
  })
}

function dialCases(fresh: () => Promise<TransportWorld>, banks: Banks): void {
  test('both sides know the peer id of the other; the one that dialled knows the address', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    const [ours, theirs] = await between(a, b)
    expect(ours.peerId).toBe(b.transport.peerId)
    expect(theirs.peerId).toBe(a.transport.peerId)
    expect(b.transport.addresses()).toContain(ours.address)
    expect(theirs.address).toBeNull()
  })

  test('an address at which another peer answers, or nobody, or that is none, is not reached', async () => {
    const world = await fresh()
    const [a, b] = [await bankIn(world), await bankIn(world)]
    const open = (target: Whereabouts): Promise<string> => codeOf(a.transport.open(target, soon()))
    expect(await open({ peerId: STRANGER, addresses: b.at.addresses })).toBe('peer_unreachable')
    expect(await open(await world.nobody(STRANGER))).toBe('peer_unreachable')
    expect(await open({ peerId: STRANGER, addresses: ['over there'] })).toBe('peer_unreachable')
    expect(await open({ peerId: 'nobody', addresses: b.at.addresses })).toBe('peer_unreachable')
    expect(b.sessions).toEqual([])
  })

  test('one good address among bad ones is enough', async () => {
    const world = await fresh()
    const [a, b] = [await bankIn(world), await bankIn(world)]
    const nobody = await world.nobody(b.at.peerId)
    const addresses = ['over there', ...nobody.addresses, ...b.at.addresses]
    const session = await a.transport.open({ peerId: b.at.peerId, addresses }, soon())
    expect(b.at.addresses).toContain(session.address)
  })

  test('the wait for a peer that says nothing ends when its signal aborts', async () => {
    const world = await fresh()
    const a = await bankIn(world)
    const silent = await world.silent(STRANGER)
    expect(await codeOf(a.transport.open(silent, AbortSignal.timeout(50)))).toBe('timed_out')
    expect(await codeOf(a.transport.ask(silent, frame(1, 1), AbortSignal.timeout(50)))).toBe('timed_out')
    expect(await codeOf(a.transport.open(silent, AbortSignal.abort()))).toBe('timed_out')
  })

  test('line partners may be named before they are met, and names that are none are passed over', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    await a.transport.favour([b.at.peerId, STRANGER, 'nobody'])
    await a.transport.favour([b.at.peerId])
    const [ours] = await between(a, b)
    expect(ours.peerId).toBe(b.at.peerId)
  })
}

function questionCases(banks: Banks): void {
  test('a question has one answer, also while a session is busy and with many at once', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    await between(a, b)
    const questions = Array.from({ length: 12 }, (_, i) => frame(i === 0 ? LIMITS.frameBytes : 100, i + 1))
    const answers = await Promise.all(questions.map((question) => a.transport.ask(b.at, question, soon())))
    expect(answers).toEqual(questions)
  })

  test('a question that is refused, or asked of nobody, has no answer', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    expect(await codeOf(a.transport.ask(b.at, frame(1, 0), soon()))).toBe('peer_unreachable')
    expect(await codeOf(a.transport.ask({ ...b.at, peerId: STRANGER }, frame(1, 1), soon()))).toBe(
      'peer_unreachable',
    )
    expect(await a.transport.ask(b.at, frame(1, 1), soon())).toEqual(frame(1, 1))
  })

  test('the one who answers knows who asks', async () => {
    const [a, b] = (await banks(2)) as [Bank, Bank]
    b.transport.onQuestion((_, peerId) => new TextEncoder().encode(peerId))
    const answer = await a.transport.ask(b.at, frame(1, 1), soon())
    expect(new TextDecoder().decode(answer)).toBe(a.transport.peerId)
  })
}
