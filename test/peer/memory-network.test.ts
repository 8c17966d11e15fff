/** Is the network of the simulator as honest as the real one, and can its links be cut? */

import { expect, test } from 'vitest'
import { directoryConformance } from '../conformance/directory.ts'
import { transportConformance } from '../conformance/transport.ts'
import { MemoryNetwork } from '../sim/memory-network.ts'

let seeds = 0
const seed = (): Uint8Array => new Uint8Array(32).fill(1 + (seeds++ % 250))

transportConformance('the memory network', async () => {
  const network = new MemoryNetwork()
  return {
    create: async () => network.place(seed()).transport,
    nobody: async (peerId) => ({ peerId, addresses: ['/ip4/127.0.0.1/tcp/9'] }),
    silent: async (peerId) => network.silent(peerId),
    close: async () => {},
  }
})

directoryConformance('the memory network', async () => {
  const network = new MemoryNetwork()
  return {
    create: async () => {
      const place = network.place(seed())
      await place.transport.start()
      return place
    },
    close: async () => {},
  }
})

test('a cut link loses what is unread, lets nothing through, and can be mended', async () => {
  const network = new MemoryNetwork()
  const [a, b] = [network.place(seed()).transport, network.place(seed()).transport]
  const got: number[] = []
  b.onSession(async (session) => {
    for await (const frame of session.frames()) got.push(frame[0] as number)
  })
  await Promise.all([a.start(), b.start()])
  const there = { peerId: b.peerId, addresses: b.addresses() }
  const first = await a.open(there, new AbortController().signal)
  void first.send(Uint8Array.of(1))
  network.cut(a.peerId, b.peerId)
  await expect(first.send(Uint8Array.of(2))).rejects.toMatchObject({ code: 'peer_unreachable' })
  await expect(a.open(there, new AbortController().signal)).rejects.toMatchObject({
    code: 'peer_unreachable',
  })
  network.mend(b.peerId, a.peerId)
  const second = await a.open(there, new AbortController().signal)
  await second.send(Uint8Array.of(3))
  await second.close()
  await Promise.resolve()
  expect(got).toEqual([3])
})

test('the same calls give the same run', async () => {
  const run = async (): Promise<string[]> => {
    const network = new MemoryNetwork()
    const places = [1, 2, 3].map((n) => network.place(new Uint8Array(32).fill(n)).transport)
    const events: string[] = []
    for (const [i, place] of places.entries()) {
      place.onSession(async (session) => {
        for await (const frame of session.frames()) events.push(`${i} hears ${frame[0]}`)
        events.push(`${i} ends`)
      })
      await place.start()
    }
    await Promise.all(
      places.map(async (place, i) => {
        const next = places[(i + 1) % 3] ?? place
        const session = await place.open({ peerId: next.peerId, addresses: [] }, new AbortController().signal)
        for (let n = 0; n < 5; n++) await session.send(Uint8Array.of(i * 10 + n))
        await session.close()
      }),
    )
    // Microtasks are all it takes, so one turn of the event loop later nothing is under way.
    await new Promise((resolve) => setImmediate(resolve))
    return events
  }
  const once = await run()
  expect(await run()).toEqual(once)
  expect(once).toHaveLength(18)
})
