/**
 * Which libp2p node does a bank run? TCP, noise and yamux, our own names for the protocols, a DHT that holds
 * provider records alone, and the limits that strangers meet. Transport and Directory share one such host.
 */

import { noise } from '@chainsafe/libp2p-noise'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { type Identify, identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { kadDHT, passthroughMapper, removePrivateAddressesMapper, type SingleKadDHT } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Ping, ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { LevelDatastore } from 'datastore-level'
import { createLibp2p } from 'libp2p'
import { Fault, must, reasonOf } from '../core/fault.ts'
import { type Bytes, KEY_BYTES } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Network, StrangerGate } from './libp2p-gate.ts'
import { type Circuit, type Listening, Relays } from './libp2p-relays.ts'
import { peerKeyOfText } from './peer-id.ts'
import { isPrivateAddress, publicLookup } from './private-address.ts'
import { isRelayed } from './relayed-address.ts'

const PREFIX = 'commonhour'
export const KAD_PROTOCOL = '/commonhour/kad/1.0.0'
const LINE_TAG = 'commonhour-line'
/** The highest value there is; libp2p gives half of it to the peers that it would like to keep. */
const FAVOUR = { [LINE_TAG]: { value: 100 } }
const HOURLY_MS = 3_600_000

export interface HostOptions {
  /** Ed25519 seed of the peer key, 32 bytes. */
  readonly seed: Bytes
  /** `lan` allows private addresses, of others and of our own; `internet` neither dials nor tells them ([NAT-4]). */
  readonly network: Network
  /** Multiaddr texts to listen on, such as `/ip4/0.0.0.0/tcp/7601`. */
  readonly listen: readonly string[]
  /** Multiaddr texts under which others reach us, when the operator knows better than this machine. */
  readonly announce?: readonly string[]
  /** Hears what is wrong with the ways through others. */
  readonly report?: (problem: string) => void
  /** Where libp2p remembers peers; in memory when not given. Whoever opened it closes it, after the host. */
  readonly datastore?: LevelDatastore
}

type Services = { identify: Identify; ping: Ping; dht: SingleKadDHT; relay: unknown; listening: unknown }

export interface Host {
  readonly peerId: string
  readonly network: Network
  readonly node: Libp2p<Services>
  /** Addresses that others may use, as multiaddr texts without the peer id. */
  addresses(): readonly string[]
  /** Ways through line partners to a peer that no address leads to. */
  waysTo(peerId: string): Multiaddr[]
  /** Looks for places at line partners now, and not at the next turn. */
  look(): Promise<void>
  /** Peer ids of line partners. */
  favoured(): readonly string[]
  /** As `favour` of the Transport port. */
  favour(peerIds: readonly string[]): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** A node that is configured and not started; whoever has registered its protocols starts it. */
export async function createHost(options: HostOptions): Promise<Host> {
  must(options.seed.length === KEY_BYTES, 'a peer key is made of a seed of 32 bytes')
  const gate = new StrangerGate(options.network)
  const makeDht = dhtOf(options.network)
  const circuit = Promise.withResolvers<Circuit>()
  const listening = Promise.withResolvers<Listening>()
  const node = await createLibp2p<Services>({
    ...(await nodeOptions(options, gate, circuit.resolve)),
    services: {
      relay: circuitRelayServer({
        maxInboundHopStreams: LIMITS.relayStreams,
        maxOutboundHopStreams: LIMITS.relayStreams,
        maxOutboundStopStreams: LIMITS.relayStreams,
        // The gate lets line partners in and nobody else, and between them hours pass for as long as it takes.
        reservations: { maxReservations: LIMITS.relayGuests, applyDefaultLimit: false },
      }),
      /** Not a service: the one place where libp2p hands over the part that listens. */
      listening: (components: Listening) => {
        listening.resolve(components)
        return {}
      },
      identify: identify({ protocolPrefix: PREFIX }),
      // A ping that finds no free stream would end the connection, as if the peer were away.
      ping: ping({
        protocolPrefix: PREFIX,
        maxInboundStreams: LIMITS.pingStreams,
        maxOutboundStreams: LIMITS.pingStreams,
      }),
      // What is made has a routing table; only the declared type leaves it out.
      dht: (components: Parameters<typeof makeDht>[0]) => makeDht(components) as SingleKadDHT,
    },
  })
  gate.watch(() => node.getConnections())
  const relays = new Relays({
    node,
    gate,
    circuit: await circuit.promise,
    listening: await listening.promise,
    direct: () => ownAddresses(node, options.network).filter((address) => !isRelayed(address)),
    report: options.report ?? (() => undefined),
  })
  return {
    peerId: node.peerId.toString(),
    network: options.network,
    node,
    addresses: () => ownAddresses(node, options.network),
    waysTo: (peerId) => relays.waysTo(peerId),
    look: () => relays.look(),
    favoured: () => [...gate.favoured],
    async favour(peerIds) {
      await favour(node, gate, peerIds)
      // Not waited for: a partner that gives no place may take its time to say so.
      void relays.look()
    },
    async start() {
      await node.start()
      relays.start()
    },
    async stop() {
      relays.stop()
      await node.stop()
    },
  }
}

/** Starts the node, once. Throws Fault `port_in_use` when another program listens there. */
export async function startHost(host: Host): Promise<void> {
  try {
    await host.start()
  } catch (error) {
    const reason = reasonOf(error)
    const [code, advice] = reason.includes('EADDRINUSE')
      ? (['port_in_use', 'Another program listens on this port: end it, or set another port.'] as const)
      : (['config_invalid', 'Check the addresses to listen on.'] as const)
    throw new Fault(code, `The network could not be opened. ${advice} (${reason})`, { cause: error })
  }
}

async function nodeOptions(
  { seed, network, listen, announce, datastore }: HostOptions,
  gate: StrangerGate,
  made: (circuit: Circuit) => void,
) {
  const dialMs = LIMITS.dialSeconds * 1_000
  return {
    privateKey: await generateKeyPairFromSeed('Ed25519', seed),
    start: false,
    nodeInfo: { name: PREFIX, version: '1' },
    addresses: {
      listen: [...listen],
      announce: [...(announce ?? [])],
      announceFilter: (addresses: Multiaddr[]) => tellable(addresses, network),
    },
    transports: [tcp({ dialOpts: socketOptions(network) }), circuitOf(made)],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        streamOptions: {
          // What a reader that has paused must hold: libp2p resets a stream that holds 4 MiB, and by itself grants 16.
          maxStreamWindowSize: LIMITS.streamWindowBytes,
          // A settle stream may say nothing for days. Whether the peer is there, the pings on the connection tell.
          inactivityTimeout: 2 ** 31 - 1,
        },
      }),
    ],
    connectionManager: {
      maxConnections: LIMITS.connections,
      maxIncomingPendingConnections: LIMITS.connectionsPending,
      inboundConnectionThreshold: LIMITS.connectionsPerSecond,
      inboundUpgradeTimeout: dialMs,
      dialTimeout: dialMs,
      // Addresses are tried one after another, best first: dead ones must leave time for the last.
      addressDialTimeout: dialMs / 4,
      addressSorter: (): 0 => 0,
      maxPeerAddrsToDial: LIMITS.recordAddresses,
      // A /dnsaddr of a stranger would make us look up whatever it names.
      resolvers: {},
    },
    // A small machine that is busy for some seconds is slow and not away: a ping may take as long as a dial.
    connectionMonitor: { protocolPrefix: PREFIX, pingTimeout: { minTimeout: dialMs } },
    connectionGater: gate,
    peerStore: { maxAddressAge: LIMITS.peerAgeSeconds * 1_000, maxPeerAge: LIMITS.peerAgeSeconds * 1_000 },
    ...(datastore === undefined ? {} : { datastore }),
  }
}

/** The transport through relays, and a hand on it: libp2p takes places by itself only where it pleases. */
function circuitOf(made: (circuit: Circuit) => void) {
  const make = circuitRelayTransport({ reservationConcurrency: 1 })
  return (components: Parameters<typeof make>[0]) => {
    const circuit = make(components)
    must(hasPlaces(circuit), 'the transport through relays keeps its places')
    made(circuit)
    return circuit
  }
}

/** The class is not exported, and what is made of it has more than its type says. */
function hasPlaces<T extends object>(transport: T): transport is T & Circuit {
  return 'reservationStore' in transport
}

/**
 * A DHT of provider records. Every value record is refused: one value for a key would hide that a log has forked
 * ([DISC-2]).
 */
function dhtOf(network: Network): ReturnType<typeof kadDHT> {
  const announcedMs = LIMITS.announcedSeconds * 1_000
  return kadDHT({
    protocol: KAD_PROTOCOL,
    clientMode: false,
    peerInfoMapper: network === 'lan' ? passthroughMapper : removePrivateAddressesMapper,
    // Every search waits for the first walk towards ourselves, and the default of a second is long for a person.
    initialQuerySelfInterval: 100,
    validators: refusedNames(() => {
      throw new Error('value records are refused')
    }),
    selectors: refusedNames(() => {
      throw new Error('value records are refused')
    }),
    reprovide: {
      validity: announcedMs,
      threshold: announcedMs - LIMITS.announceSeconds * 1_000,
      interval: HOURLY_MS,
    },
  })
}

/**
 * The DHT looks the first part of a key up in a plain object, so `pk` must be overwritten, and with it every name
 * that a plain object has by itself: a function like `toString` would pass for a validator that accepts.
 */
function refusedNames<T>(refuse: T): Record<string, T> {
  const inherited = Object.getOwnPropertyNames(Object.prototype)
  return Object.fromEntries(['pk', ...inherited].map((name) => [name, refuse]))
}

/** `lookup` is an option of the socket that libp2p's own type leaves out, and hands on. */
function socketOptions(network: Network): { noDelay: boolean } {
  return network === 'lan' ? { noDelay: true } : { noDelay: true, ...{ lookup: publicLookup } }
}

function tellable(addresses: readonly Multiaddr[], network: Network): Multiaddr[] {
  return addresses.filter((address) => network === 'lan' || !isPrivateAddress(address.toString()))
}

function ownAddresses(node: Libp2p<Services>, network: Network): readonly string[] {
  const end = `/p2p/${node.peerId.toString()}`
  return tellable(node.getMultiaddrs(), network).map((address) => {
    const text = address.toString()
    return text.endsWith(end) ? text.slice(0, -end.length) : text
  })
}

async function favour(node: Libp2p<Services>, gate: StrangerGate, peerIds: readonly string[]): Promise<void> {
  const now = peerIds.filter((text) => peerKeyOfText(text) !== null)
  const before = gate.favoured
  gate.favoured = new Set(now)
  for (const text of now) {
    if (before.has(text)) continue
    await node.peerStore.merge(peerIdFromString(text), { tags: FAVOUR })
  }
  for (const text of before) {
    if (gate.favoured.has(text)) continue
    await node.peerStore.merge(peerIdFromString(text), { tags: { [LINE_TAG]: undefined } })
  }
}
