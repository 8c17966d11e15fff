/** Do frames get through real libp2p, and does a peer that breaks the rules lose no more than its own stream? */

import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { createHost, startHost } from '../../src/peer/libp2p-host.ts'
import { libp2pTransport, RECORD_PROTOCOL, SETTLE_PROTOCOL } from '../../src/peer/libp2p-transport.ts'
import type { Session } from '../../src/peer/ports.ts'
import { transportConformance } from '../conformance/transport.ts'
import { closedAddress, type Node, newNode, seedOf, silentServer, startedNode, whereabouts } from './nodes.ts'

let seeds = 0
const seed = (): Uint8Array => seedOf(1 + (seeds++ % 250))
const soon = (): AbortSignal => AbortSignal.timeout(8_000)

transportConformance('libp2p', async () => {
  const closers: (() => Promise<void>)[] = []
  return {
    create: async () => {
      const { transport } = await newNode(seed())
      closers.push(() => transport.close())
      return transport
    },
    nobody: async (peerId) => ({ peerId, addresses: [await closedAddress()] }),
    silent: async (peerId) => {
      const server = await silentServer()
      closers.push(server.close)
      return { peerId, addresses: [server.address] }
    },
    close: async () => {
      await Promise.all(closers.splice(0).map((close) => close()))
    },
  }
})

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function node(): Promise<Node> {
  const made = await startedNode(seed())
  closers.push(() => made.transport.close())
  return made
}

/** A bank with what it has been sent, and a stranger with a raw stream to it. */
async function rawStream(
  protocol: string,
): Promise<{ bank: Node; sessions: Session[]; stream: Stream; again(): Promise<Stream> }> {
  const sessions: Session[] = []
  const bank = await newNode(seed())
  closers.push(() => bank.transport.close())
  bank.transport.onSession((session) => sessions.push(session))
  bank.transport.onQuestion((question) => question)
  await bank.transport.start()
  const stranger = await node()
  const address = multiaddr(`${bank.transport.addresses()[0]}/p2p/${bank.transport.peerId}`)
  const open = (): Promise<Stream> => stranger.host.node.dialProtocol(address, protocol)
  return { bank, sessions, stream: await open(), again: open }
}

async function all(session: Session | undefined): Promise<Uint8Array[]> {
  const got: Uint8Array[] = []
  for await (const frame of session?.frames() ?? []) got.push(frame)
  return got
}

/** Resolves once the bank has taken up so many sessions. */
async function taken(sessions: readonly Session[], count: number): Promise<void> {
  while (sessions.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
}

const closed = (stream: Stream): Promise<unknown> =>
  stream.status === 'open'
    ? new Promise((resolve) => stream.addEventListener('close', resolve))
    : Promise.resolve()

test('a ping finds its stream while others are on their way: one that finds none would end the connection', async () => {
  const [one, other] = [await node(), await node()]
  const address = multiaddr(`${other.transport.addresses()[0]}/p2p/${other.transport.peerId}`)
  await one.host.node.dial(address)
  const both = [
    { from: one, to: other },
    { from: other, to: one },
  ]
  for (const { from, to } of both) {
    const { node: libp2p } = from.host
    const [connection] = libp2p.getConnections()
    for (let i = 1; i < LIMITS.pingStreams; i++)
      await connection?.newStream('/commonhour/ping/1.0.0', { signal: soon() })
    const peer = peerIdFromString(to.transport.peerId)
    expect(await libp2p.services.ping.ping(peer, { signal: soon() })).toBeGreaterThanOrEqual(0)
  }
})

describe('what a peer may not do', () => {
  const broken: [string, Uint8Array][] = [
    ['a frame one byte too long', Uint8Array.of(0x81, 0x80, 0x10)],
    ['a length of four bytes', Uint8Array.of(0xff, 0xff, 0xff, 0x01)],
    ['an empty frame', Uint8Array.of(0x00)],
    ['a length not in its shortest form', Uint8Array.of(0x81, 0x00)],
  ]
  test.each(broken)('[ADMIT-5] %s ends that session, and no other', async (_, bytes) => {
    const { sessions, stream, again } = await rawStream(SETTLE_PROTOCOL)
    const good = await again()
    stream.send(Uint8Array.of(1, 7))
    good.send(Uint8Array.of(1, 8))
    await taken(sessions, 2)
    stream.send(bytes)
    expect(await all(sessions[0])).toEqual([Uint8Array.of(7)])
    expect(sessions[0]?.problem()).toContain('frame')
    await closed(stream)
    good.send(Uint8Array.of(1, 9))
    await good.close()
    expect(await all(sessions[1])).toEqual([Uint8Array.of(8), Uint8Array.of(9)])
    expect(sessions[1]?.problem()).toBeNull()
  })

  test('a frame cut into single bytes is whole, and one that never ends is none', async () => {
    const { sessions, stream } = await rawStream(SETTLE_PROTOCOL)
    for (const byte of [3, 1, 2, 3, 2, 9]) stream.send(Uint8Array.of(byte))
    await stream.close()
    await taken(sessions, 1)
    expect(await all(sessions[0])).toEqual([Uint8Array.of(1, 2, 3)])
  })

  test('[ADMIT-5] a question that is no frame ends that question', async () => {
    const { bank, stream } = await rawStream(RECORD_PROTOCOL)
    stream.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
    await closed(stream)
    const other = await node()
    expect(await other.transport.ask(whereabouts(bank), Uint8Array.of(5), soon())).toEqual(Uint8Array.of(5))
  })

  test('an answer that is no frame is the fault of the one who gave it', async () => {
    const liar = await createHost({ seed: seed(), network: 'lan', listen: ['/ip4/127.0.0.1/tcp/0'] })
    closers.push(() => liar.stop())
    await liar.node.handle(RECORD_PROTOCOL, (stream) => void stream.send(Uint8Array.of(0)))
    await startHost(liar)
    const asker = await node()
    const target = { peerId: liar.peerId, addresses: liar.addresses() }
    await expect(asker.transport.ask(target, Uint8Array.of(1), soon())).rejects.toMatchObject({
      code: 'peer_misbehaved',
    })
  })

  test('[ADMIT-7] a mistake of ours that a question lays bare costs that question alone, and is reported', async () => {
    const bank = await newNode(seed())
    closers.push(() => bank.transport.close())
    bank.transport.onQuestion((question) => {
      if (question[0] === 1) throw new Error('broken assertion: a test')
      return question
    })
    await bank.transport.start()
    const asker = await node()
    const ask = (byte: number): Promise<Uint8Array> =>
      asker.transport.ask(whereabouts(bank), Uint8Array.of(byte), soon())
    await expect(ask(1)).rejects.toMatchObject({ code: 'peer_unreachable' })
    expect(bank.reports).toEqual([expect.stringContaining('a test')])
    expect(await ask(2)).toEqual(Uint8Array.of(2))
  })

  test('more settle streams at a time than a bank has use for are refused', async () => {
    const { sessions, stream, again } = await rawStream(SETTLE_PROTOCOL)
    for (let i = 1; i < LIMITS.settleStreams; i++) await again()
    await closed(await again())
    expect(stream.status).toBe('open')
    expect(sessions).toHaveLength(LIMITS.settleStreams)
  })
})

test('a peer that speaks another version of the protocol is refused', async () => {
  const later = await createHost({ seed: seed(), network: 'lan', listen: ['/ip4/127.0.0.1/tcp/0'] })
  closers.push(() => later.stop())
  await later.node.handle('/commonhour/settle/2.0.0', () => {})
  await startHost(later)
  const bank = await node()
  const target = { peerId: later.peerId, addresses: later.addresses() }
  await expect(bank.transport.open(target, soon())).rejects.toMatchObject({ code: 'peer_unreachable' })
})

test('[ADMIT-5] a dial to somebody who says nothing ends by itself', async () => {
  const server = await silentServer()
  closers.push(server.close)
  const bank = await node()
  const target = { ...whereabouts(await node()), addresses: [server.address] }
  const begun = performance.now()
  const open = bank.transport.open(target, new AbortController().signal)
  await expect(open).rejects.toMatchObject({ code: 'peer_unreachable' })
  expect(performance.now() - begun).toBeLessThan(LIMITS.dialSeconds * 1_000 + 500)
})

test('a port that is taken is said plainly', async () => {
  const bank = await node()
  const second = await createHost({ seed: seed(), network: 'lan', listen: [...bank.transport.addresses()] })
  const transport = libp2pTransport(second, () => {})
  await expect(transport.start()).rejects.toMatchObject({ code: 'port_in_use' })
})

describe('[NAT-4] outside a local network', () => {
  test('private addresses are neither dialled nor told', async () => {
    const near = await node()
    const far = await createHost({ seed: seed(), network: 'internet', listen: ['/ip4/127.0.0.1/tcp/0'] })
    const transport = libp2pTransport(far, () => {})
    closers.push(() => transport.close())
    await transport.start()
    expect(transport.addresses()).toEqual([])
    expect(far.node.getMultiaddrs()).toEqual([])
    const { peerId, addresses } = whereabouts(near)
    for (const address of [addresses[0], addresses[0]?.replace('/ip4/127.0.0.1', '/dns4/localhost')]) {
      const target = { peerId, addresses: [address ?? ''] }
      await expect(transport.open(target, soon())).rejects.toMatchObject({ code: 'peer_unreachable' })
    }
    expect(near.host.node.getConnections()).toEqual([])
  })

  test('addresses the operator names are told, unless they are private', async () => {
    const announce = ['/ip4/9.9.9.9/tcp/7601', '/dns4/hours.example.org/tcp/7601', '/ip4/10.0.0.1/tcp/7601']
    const host = await createHost({
      seed: seed(),
      network: 'internet',
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce,
    })
    const transport = libp2pTransport(host, () => {})
    closers.push(() => transport.close())
    await transport.start()
    expect(transport.addresses()).toEqual(announce.slice(0, 2))
  })
})
