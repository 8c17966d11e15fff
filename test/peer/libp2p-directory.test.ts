/** Do banks find each other through a real DHT, also when the first one has gone, and can nobody store a value in it? */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { varint } from 'multiformats'
import { afterEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/hash.ts'
import { toBase32 } from '../../src/core/ids.ts'
import { openPeerFolder, type PeerFolder } from '../../src/peer/peer-folder.ts'
import { peerIdBytesOf, peerIdOf, peerKeyOfText } from '../../src/peer/peer-id.ts'
import { announce, directoryConformance, found, lookUntilFound } from '../conformance/directory.ts'
import { type Node, seedOf, startedNode, whereabouts } from './nodes.ts'

let seeds = 0
const seed = (): Uint8Array => seedOf(1 + (seeds++ % 250))
const soon = (): AbortSignal => AbortSignal.timeout(20_000)
const closers: (() => Promise<void>)[] = []

async function node(): Promise<Node> {
  const made = await startedNode(seed())
  closers.push(() => made.transport.close())
  return made
}

/** A node whose memory the test can look into. */
async function nodeWithFolder(): Promise<[Node, PeerFolder]> {
  const path = await mkdtemp(join(tmpdir(), 'commonhour-peers-'))
  const folder = await openPeerFolder(path, () => {})
  closers.push(async () => {
    await folder.close()
    await rm(path, { recursive: true })
  })
  const made = await startedNode(seed(), { datastore: folder.datastore })
  closers.push(() => made.transport.close())
  return [made, folder]
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

directoryConformance('the libp2p directory', async () => ({ create: node, close: async () => {} }))

describe('five banks and one invite', () => {
  test('all find all by key; with the first one gone they still do; a late one is found too', async () => {
    const names = ['harbour', 'millbrook', 'northgate', 'elm', 'quarry']
    const banks = await Promise.all(names.map(node))
    const [first, ...others] = banks as [Node, ...Node[]]
    // The first is alone when it speaks: it is heard as soon as somebody comes.
    await announce(first, 'harbour')
    for (const bank of others) await bank.directory.join([whereabouts(first)], soon())
    await Promise.all(others.map((bank, i) => announce(bank, names[i + 1] as string)))
    await expectAllFindAll(banks, names)

    await first.transport.close()
    await expectAllFindAll(others, names.slice(1))

    const late = await node()
    await late.directory.join([whereabouts(others[2] as Node)], soon())
    await announce(late, 'late')
    await expectAllFindAll([...others, late], [...names.slice(1), 'late'])
  })
})

async function expectAllFindAll(banks: readonly Node[], names: readonly string[]): Promise<void> {
  for (const bank of banks) {
    for (const [i, name] of names.entries()) {
      const there = banks[i] as Node
      if (there !== bank) expect(await lookUntilFound(bank, name)).toEqual(whereabouts(there))
    }
  }
}

test('[DISC-6] a bank that restarts without any address finds again by what its folder remembers', async () => {
  const path = await mkdtemp(join(tmpdir(), 'commonhour-peers-'))
  closers.push(() => rm(path, { recursive: true }))
  const own = seed()
  const [a, b] = [await node(), await node()]
  await b.directory.join([whereabouts(a)], soon())
  await announce(b, 'millbrook')
  const once = async (run: (bank: Node) => Promise<void>): Promise<void> => {
    const folder = await openPeerFolder(path, () => {})
    const bank = await startedNode(own, { datastore: folder.datastore })
    await run(bank)
    await bank.transport.close()
    await folder.close()
  }
  await once((bank) => bank.directory.join([whereabouts(a)], soon()))
  await a.transport.close()
  await once(async (bank) => {
    await bank.directory.join([], soon())
    expect(await lookUntilFound(bank, 'millbrook')).toEqual(whereabouts(b))
  })
})

test('[DISC-3] of many who claim a key, at most twenty are looked at', async () => {
  const [bank, folder] = await nodeWithFolder()
  const looker = await node()
  await looker.directory.join([whereabouts(bank)], soon())
  // A crowd as the bank's DHT would keep it: a row for each claim, and where each of them says it is.
  const digest = sha256(new TextEncoder().encode('crowded'))
  const under = `/dht/provider/${toBase32(Uint8Array.of(0x12, 0x20, ...digest))}`
  const now = varint.encodeTo(Date.now(), new Uint8Array(varint.encodingLength(Date.now())))
  for (let i = 0; i < 25; i++) {
    const peerId = peerIdOf(sha256(Uint8Array.of(i)))
    const multiaddrs = [multiaddr(`/ip4/127.0.0.1/tcp/${i + 1}`)]
    await bank.host.node.peerStore.merge(peerIdFromString(peerId), { multiaddrs })
    await folder.rows.write(new Map([[`${under}/${peerId}`, now]]))
  }
  const all = await found(looker, 'crowded')
  expect(all.length).toBe(20)
  expect(new Set(all.map(({ peerId }) => peerId)).size).toBe(20)
  expect(all.every(({ addresses }) => addresses.length === 1)).toBe(true)
})

describe('[DISC-2] value records', () => {
  const text = (name: string): Uint8Array => new TextEncoder().encode(name)
  // Names that a plain object answers to by itself must be refused like any other.
  const names = [
    'pk',
    'ipns',
    'commonhour',
    'constructor',
    'toString',
    '__proto__',
    'valueOf',
    'isPrototypeOf',
  ]

  test.each(names)('under /%s nobody can store one with us, nor make us believe one', async (name) => {
    const [bank, folder] = await nodeWithFolder()
    const liar = await node()
    await liar.directory.join([whereabouts(bank)], soon())

    // The liar keeps the value itself, and asks us to keep it: that is how this library puts.
    const liarKey = peerKeyOfText(liar.transport.peerId) as Uint8Array
    const key = Uint8Array.of(...text(`/${name}/`), ...(name === 'pk' ? peerIdBytesOf(liarKey) : text('x')))
    const asked: string[] = []
    for await (const event of liar.host.node.services.dht.put(key, text('a lie'), { signal: soon() })) {
      const { name: step } = event as { name: string }
      if (step === 'SEND_QUERY' || step === 'PEER_RESPONSE')
        asked.push((event as { messageName: string }).messageName + step)
    }
    expect(asked).toContain('PUT_VALUESEND_QUERY')
    expect(asked).not.toContain('PUT_VALUEPEER_RESPONSE')
    const kept: string[] = []
    for await (const row of folder.datastore.query({ prefix: '/dht/record' })) kept.push(row.key.toString())
    expect(kept).toEqual([])

    const believed: string[] = []
    const discarded: string[] = []
    for await (const event of bank.host.node.services.dht.get(key, { signal: soon() })) {
      if (event.name === 'VALUE') believed.push(new TextDecoder().decode(event.value))
      if (event.name === 'QUERY_ERROR') discarded.push(`${event.from}: ${event.error.message}`)
    }
    expect(discarded).toEqual([`${liar.transport.peerId}: invalid record received, discarded`])
    expect(believed).toEqual([])
  })
})
