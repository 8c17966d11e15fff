import { describe, expect, test } from 'vitest'
import { signingKey, verifyingKey } from '../../src/core/ed25519.ts'
import { Fault } from '../../src/core/fault.ts'
import { originOf } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { type Head, openCheckpoint } from '../../src/log/checkpoint.ts'
import type { Neighbour } from '../../src/node/neighbour.ts'
import { type Outgoing, plainMessage } from '../../src/node/outbox.ts'
import type { OwnLog } from '../../src/node/own-log.ts'
import { PeerSession } from '../../src/node/session.ts'
import { decodeFrame, type Frame, type Message } from '../../src/peer/messages.ts'
import type { Session } from '../../src/peer/ports.ts'
import { bytesOf, id20, id32 } from '../core/ledger/books.ts'
import { ScriptedLog } from '../sim/scripted-bank.ts'

/** A session of a bank with a log of its own to a neighbour that only takes frames in. */
function open(send: (frame: Uint8Array) => Promise<void>) {
  const key = signingKey(bytesOf(32, 1))
  const log = new ScriptedLog(key)
  log.bank = id20(1)
  for (let i = 0; i < 700; i++) log.writeRaw(bytesOf(300, i))
  const origin = { origin: originOf(log.bank, 0), key: verifyingKey(key.publicKey)! }
  const head = openCheckpoint(log.head(), origin) as Head
  const broken: unknown[] = []
  const stream: Session = {
    peerId: 'them',
    address: null,
    send,
    frames: async function* () {},
    problem: () => null,
    close: async () => {},
  }
  const own = {
    epoch: 0,
    place: (index: number) => ({ epoch: 0, index }),
    raw: (i: number) => log.raws[i]!,
    proof: log.proof.bind(log),
    link: log.link.bind(log),
  }
  const neighbour = { bank: id20(2) } as Neighbour
  const session = new PeerSession(
    {
      stream,
      neighbour,
      own: own as unknown as OwnLog,
      head: () => head,
      frameMessages: LIMITS.frameMessages,
      ahead: () => null,
      broken: (thrown) => broken.push(thrown),
    },
    0,
  )
  return { session, broken, log }
}

const nothing = (number: number): Outgoing => plainMessage({ name: 'nothing', id: id32(number) })
const hello = plainMessage({
  name: 'hello',
  line: null,
  outSeq: 0,
  outChain: id32(0),
  inSeq: 0,
  inChain: id32(0),
  yours: null,
  now: 1,
  open: [],
})
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await Promise.resolve()
}

function collect(): {
  frames: Frame[]
  bytes: number[]
  messages: () => Message[]
  send: (frame: Uint8Array) => Promise<void>
} {
  const frames: Frame[] = []
  const bytes: number[] = []
  const send = async (raw: Uint8Array): Promise<void> => {
    const decoded = decodeFrame(raw)
    if (!decoded.ok) throw new Error(decoded.problem)
    frames.push(decoded.frame)
    bytes.push(raw.length)
  }
  return { frames, bytes, messages: () => frames.flatMap(({ messages }) => [...messages]), send }
}

describe('messages in line for a neighbour', () => {
  test("[LINE-9] HELLO leaves first, and nothing else before the other side's HELLO", async () => {
    const seen = collect()
    const { session } = open(seen.send)
    session.send(nothing(1))
    session.sayHello(hello, null)
    session.send(nothing(2))
    await turns(20)
    expect(seen.messages().map(({ name }) => name)).toEqual(['hello'])
    session.heardHello(100)
    session.send(nothing(3))
    await turns(20)
    expect(seen.messages()).toHaveLength(2)
    expect(seen.frames[1]?.link?.from).toBe(100)
  })

  test('[PAY-4] none is left behind, at whatever moment it is put in line', async () => {
    const seen = collect()
    const { session } = open(async (frame) => {
      await turns(3)
      await seen.send(frame)
    })
    session.sayHello(hello, null)
    session.heardHello(0)
    await turns(20)
    for (let gap = 0; gap < 60; gap++) {
      session.send(nothing(gap))
      await turns(gap % 15)
    }
    await turns(100)
    const ids = seen.messages().flatMap((one) => (one.name === 'nothing' ? [one.id] : []))
    expect(ids).toEqual(Array.from({ length: 60 }, (_, i) => id32(i)))
  })

  test('[LINE-11] frames keep their bounds however much there is to say, and each proof goes on from the last', async () => {
    const seen = collect()
    const { session } = open(seen.send)
    session.sayHello(hello, null)
    await turns(20)
    session.heardHello(5)
    const offers = Array.from({ length: 1_500 }, (_, i) =>
      plainMessage({
        name: 'offer',
        order: bytesOf(400, i),
        line: bytesOf(16, 1),
        lineVersion: 1,
        aid: id32(i),
        epoch: 0,
        logKey: id32(1),
      }),
    )
    const shown = Array.from(
      { length: 700 },
      (_, entry): Outgoing => ({ message: { name: 'receipt', entry: 0 }, entry }),
    )
    session.send(...offers, ...shown)
    await turns(300)
    expect(seen.messages()).toHaveLength(1 + 1_500 + 700)
    expect(Math.max(...seen.bytes)).toBeLessThanOrEqual(LIMITS.frameBytes)
    expect(Math.max(...seen.frames.map(({ messages }) => messages.length))).toBeLessThanOrEqual(
      LIMITS.frameMessages,
    )
    expect(seen.frames.slice(1).map(({ link }) => link?.from)).toEqual([
      5,
      ...Array(seen.frames.length - 2).fill(700),
    ])
    const receipts = seen.frames.flatMap(({ messages, entries }) =>
      messages.flatMap((one) => (one.name === 'receipt' ? [entries[one.entry]!.index] : [])),
    )
    expect(receipts).toEqual(Array.from({ length: 700 }, (_, i) => i))
  })

  test('[ADMIT-5] a neighbour that does not read ends the session before it fills the memory', async () => {
    const { session, broken } = open(() => new Promise(() => {}))
    session.sayHello(hello, null)
    session.heardHello(0)
    for (let i = 0; i < LIMITS.sessionBacklog * 2 && broken.length === 0; i++) session.send(nothing(i))
    expect(broken).toHaveLength(1)
    expect(session.backlog).toBe(0)
  })

  test('[R4] a session that breaks forgets what was in line; the next one derives it again', async () => {
    const { session, broken } = open(() => Promise.reject(new Fault('peer_unreachable', 'gone')))
    session.sayHello(hello, null)
    session.heardHello(0)
    session.send(nothing(1), nothing(2))
    await turns(20)
    expect(broken[0]).toMatchObject({ code: 'peer_unreachable' })
    expect(session.backlog).toBe(0)
  })
})
