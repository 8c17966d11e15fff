/** Is a bank reached that nobody can dial? Real nodes: two behind closed doors, and line partners with an open one. */
import { afterEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import type { Session } from '../../src/peer/ports.ts'
import { type Node, seedOf, startedNode, whereabouts } from './nodes.ts'

const HANG_MS = 240_000
const CLOSED = { listen: [] } as const

let seeds = 0
const nodes: Node[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(({ transport }) => transport.close()))
})

async function node(more: Parameters<typeof startedNode>[1] = {}): Promise<Node> {
  const made = await startedNode(seedOf(1 + (seeds++ % 250)), more)
  nodes.push(made)
  return made
}

const soon = (): AbortSignal => AbortSignal.timeout(30_000)

/** They hold each other for line partners, and the second is connected to the first. */
async function partners(open: Node, ...others: readonly Node[]): Promise<void> {
  const idsOf = (all: readonly Node[]): string[] => all.map(({ transport }) => transport.peerId)
  await open.transport.favour([...open.host.favoured(), ...idsOf(others)])
  for (const other of others) {
    await other.transport.favour([...other.host.favoured(), open.transport.peerId])
    await other.transport.open(whereabouts(open), soon())
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const isReached = (one: Node): boolean =>
  one.transport.addresses().some((address) => address.includes('p2p-circuit'))

/** What this node was sent on sessions that others opened. */
function heard(one: Node): string[] {
  const said: string[] = []
  const read = async (session: Session): Promise<void> => {
    for await (const frame of session.frames()) said.push(Buffer.from(frame).toString())
  }
  one.transport.onSession((session) => void read(session))
  return said
}

describe('[NAT-2] [NAT-3] two banks behind closed doors', { timeout: HANG_MS }, () => {
  test('meet through a line partner of both, with nothing known of the other but its peer id', async () => {
    const open = await node()
    const [ada, bo] = [await node(CLOSED), await node(CLOSED)]
    const said = heard(bo)
    expect(bo.transport.addresses()).toEqual([])
    await partners(open, ada, bo)
    await until(() => isReached(bo))
    const session = await ada.transport.open({ peerId: bo.transport.peerId, addresses: [] }, soon())
    expect(session.peerId).toBe(bo.transport.peerId)
    await session.send(Buffer.from('ninety minutes'))
    await until(() => said.length > 0)
    expect(said).toEqual(['ninety minutes'])
    // Nothing ends it after some seconds or bytes, as libp2p would by itself.
    await session.send(Buffer.alloc(LIMITS.frameBytes, 'x'))
    await until(() => said.length > 1)
    expect(
      ada.host.node.getConnections().find((one) => one.remotePeer.toString() === bo.transport.peerId)?.limits,
    ).toBeUndefined()
  })

  test('a dead address of the other does not use up the time', async () => {
    const open = await node()
    const [ada, bo] = [await node(CLOSED), await node(CLOSED)]
    heard(bo)
    await partners(open, ada, bo)
    await until(() => isReached(bo))
    const dead = ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2']
    const session = await ada.transport.open({ peerId: bo.transport.peerId, addresses: dead }, soon())
    expect(session.peerId).toBe(bo.transport.peerId)
  })

  test('a relay that vanishes is replaced by another line partner', async () => {
    const [first, second] = [await node(), await node()]
    const [ada, bo] = [await node(CLOSED), await node(CLOSED)]
    const said = heard(bo)
    await partners(first, ada, bo)
    await until(() => isReached(bo))
    const session = await ada.transport.open({ peerId: bo.transport.peerId, addresses: [] }, soon())
    const ended = (async () => {
      for await (const _ of session.frames());
    })()
    await first.transport.close()
    await ended
    await partners(second, ada, bo)
    await until(() => isReached(bo))
    const again = await ada.transport.open({ peerId: bo.transport.peerId, addresses: [] }, soon())
    await again.send(Buffer.from('once more'))
    await until(() => said.length > 0)
    expect(said).toEqual(['once more'])
  })

  test('keeps places at two, and the second serves when the first has gone', async () => {
    const open = [await node(), await node(), await node()]
    const [ada, bo] = [await node(CLOSED), await node(CLOSED)]
    heard(bo)
    for (const one of open) await partners(one, ada, bo)
    const relaysOf = (): string[] =>
      open
        .map(({ transport }) => transport.peerId)
        .filter((id) => bo.transport.addresses().some((text) => text.includes(id)))
    await until(() => relaysOf().length === LIMITS.relayPlaces)
    await bo.host.look()
    expect(relaysOf()).toHaveLength(LIMITS.relayPlaces)
    const [gone] = open.filter(({ transport }) => relaysOf().includes(transport.peerId))
    await gone?.transport.close()
    await until(() => !relaysOf().includes(gone?.transport.peerId ?? ''))
    const session = await ada.transport.open({ peerId: bo.transport.peerId, addresses: [] }, soon())
    expect(session.peerId).toBe(bo.transport.peerId)
    // The third takes the place of the one that has gone.
    await bo.host.look()
    await until(() => relaysOf().length === LIMITS.relayPlaces)
  })
})

describe('[NAT-2] strangers', { timeout: HANG_MS }, () => {
  test('get no place, and no way to those who have one', async () => {
    const open = await node()
    const [bo, stranger] = [await node(CLOSED), await node(CLOSED)]
    await partners(open, bo)
    await until(() => isReached(bo))
    // It takes the relay for a line partner; the relay knows nothing of it.
    await stranger.transport.favour([open.transport.peerId])
    await stranger.transport.ask(whereabouts(open), new Uint8Array([1]), soon()).catch(() => undefined)
    await until(() => stranger.reports.length > 0)
    expect(stranger.reports.join()).toMatch(/no place to be reached/)
    expect(isReached(stranger)).toBe(false)
    const asked = stranger.transport.open({ peerId: bo.transport.peerId, addresses: [] }, soon())
    await expect(asked).rejects.toMatchObject({ code: 'peer_unreachable' })
    // With the address in hand, as from an invitation, it is the same.
    const { addresses } = whereabouts(bo)
    await expect(
      stranger.transport.open({ peerId: bo.transport.peerId, addresses }, soon()),
    ).rejects.toMatchObject({
      code: 'peer_unreachable',
    })
  })

  test('a bank that an address leads to asks nobody for a place', async () => {
    const [open, other] = [await node(), await node()]
    await partners(open, other)
    await other.host.look()
    expect(isReached(other)).toBe(false)
  })
})
