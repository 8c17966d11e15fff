/**
 * Does a directory keep the promises of its port? Every implementation passes a world of places and must pass every
 * case.
 */
import { afterEach, describe, expect, test } from 'vitest'
import type { Directory, Transport, Whereabouts } from '../../src/peer/ports.ts'

export type DirectoryPlace = { readonly transport: Transport; readonly directory: Directory }

/** Makes a place whose transport is started, and can close them all. */
export interface DirectoryWorld {
  create(): Promise<DirectoryPlace>
  close(): Promise<void>
}

const soon = (): AbortSignal => AbortSignal.timeout(20_000)
const key = (text: string): Uint8Array => new TextEncoder().encode(text)
export const whereIs = ({ transport }: DirectoryPlace): Whereabouts => ({
  peerId: transport.peerId,
  addresses: transport.addresses(),
})

/** Everybody found under a key. */
export async function found(place: DirectoryPlace, name: string): Promise<Whereabouts[]> {
  const all: Whereabouts[] = []
  for await (const one of place.directory.find(key(name), soon())) all.push(one)
  return all
}

/** Looks until the key is found, as a bank does that was told of another; the test's time limit bounds it. */
export async function lookUntilFound(place: DirectoryPlace, name: string): Promise<Whereabouts> {
  for (;;) {
    for await (const one of place.directory.find(key(name), soon())) return one
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const announce = (place: DirectoryPlace, name: string): Promise<void> =>
  place.directory.announce(key(name))

export function directoryConformance(name: string, newWorld: () => Promise<DirectoryWorld>): void {
  describe(`${name} keeps the contract of a directory`, () => {
    const worlds: DirectoryWorld[] = []

    async function places(count: number): Promise<DirectoryPlace[]> {
      const world = await newWorld()
      worlds.push(world)
      return Promise.all(Array.from({ length: count }, () => world.create()))
    }

    afterEach(async () => {
      for (const world of worlds.splice(0)) await world.close()
    })

    test('who says it is there is found by the others, once each, with its addresses', async () => {
      const [a, b, c] = (await places(3)) as [DirectoryPlace, DirectoryPlace, DirectoryPlace]
      for (const one of [b, c]) await one.directory.join([whereIs(a)], soon())
      await Promise.all([announce(a, 'both'), announce(b, 'both')])
      await announce(b, 'both')
      expect(await lookUntilFound(a, 'both')).toEqual(whereIs(b))
      expect(await lookUntilFound(b, 'both')).toEqual(whereIs(a))
      const byC = await found(c, 'both')
      expect(byC.map(({ peerId }) => peerId).sort()).toEqual([a.transport.peerId, b.transport.peerId].sort())
    })

    test('nobody is found under a key that nobody has named, nor ourselves under our own', async () => {
      const [a, b] = (await places(2)) as [DirectoryPlace, DirectoryPlace]
      await b.directory.join([whereIs(a)], soon())
      await announce(b, 'mine')
      expect(await found(b, 'mine')).toEqual([])
      expect(await found(a, 'other')).toEqual([])
    })

    test('a search ends when its signal aborts, and when its reader leaves', async () => {
      const [a, b] = (await places(2)) as [DirectoryPlace, DirectoryPlace]
      await b.directory.join([whereIs(a)], soon())
      await announce(b, 'key')
      const late: Whereabouts[] = []
      for await (const one of a.directory.find(key('key'), AbortSignal.abort())) late.push(one)
      expect(late).toEqual([])
      expect((await lookUntilFound(a, 'key')).peerId).toBe(b.transport.peerId)
    })

    test('joining makes contact on both sides; joining nobody is no fault, reaching nobody is', async () => {
      const [a, b] = (await places(2)) as [DirectoryPlace, DirectoryPlace]
      await a.directory.join([], AbortSignal.timeout(200))
      const gone = whereIs(b)
      await b.directory.join([whereIs(a)], soon())
      expect(b.directory.known()).toBe(1)
      await b.transport.close()
      const [c] = (await places(1)) as [DirectoryPlace]
      await expect(c.directory.join([gone], soon())).rejects.toMatchObject({ code: 'peer_unreachable' })
    })
  })
}
