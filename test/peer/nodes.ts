/** Which real nodes do the tests of this folder run? libp2p over TCP on this machine, with keys from fixed seeds. */

import { createServer, type Server, type Socket } from 'node:net'
import { libp2pDirectory } from '../../src/peer/libp2p-directory.ts'
import { createHost, type Host, type HostOptions } from '../../src/peer/libp2p-host.ts'
import { libp2pTransport } from '../../src/peer/libp2p-transport.ts'
import type { Directory, Transport, Whereabouts } from '../../src/peer/ports.ts'

export interface Node {
  readonly host: Host
  readonly transport: Transport
  readonly directory: Directory
  /** What the transport reported. */
  readonly reports: string[]
}

export const seedOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)

/** A node on a free port of the loopback interface, not started. */
export async function newNode(seed: Uint8Array, more: Partial<HostOptions> = {}): Promise<Node> {
  const reports: string[] = []
  const report = (problem: string): number => reports.push(problem)
  const host = await createHost({ seed, network: 'lan', listen: ['/ip4/127.0.0.1/tcp/0'], report, ...more })
  const transport = libp2pTransport(host, (problem) => reports.push(problem))
  return { host, transport, directory: libp2pDirectory(host), reports }
}

export async function startedNode(seed: Uint8Array, more: Partial<HostOptions> = {}): Promise<Node> {
  const node = await newNode(seed, more)
  await node.transport.start()
  return node
}

export const whereabouts = ({ transport }: Pick<Node, 'transport'>): Whereabouts => ({
  peerId: transport.peerId,
  addresses: transport.addresses(),
})

/** A port at which connections are taken and nothing is ever said. */
export async function silentServer(): Promise<{ address: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: addressOf(server),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** An address at which nobody listens any more. */
export async function closedAddress(): Promise<string> {
  const { address, close } = await silentServer()
  await close()
  return address
}

function addressOf(server: Server): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server listens on a port')
  return `/ip4/127.0.0.1/tcp/${bound.port}`
}
