/**
 * Who may know a key? The Directory port over the DHT of a host. Provider records only, and all of it hearsay
 * ([DISC-2], [DISC-3]).
 */

import { randomBytes } from 'node:crypto'
import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as digestOf } from 'multiformats/hashes/digest'
import { Fault, reasonOf } from '../core/fault.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Host, KAD_PROTOCOL } from './libp2p-host.ts'
import { connect } from './libp2p-transport.ts'
import { peerKeyOfText } from './peer-id.ts'
import type { Directory, Whereabouts } from './ports.ts'
import { isPrivateAddress } from './private-address.ts'

/** Multihash code of SHA-256, the one hash whose keys survive the wire. */
const SHA2_256 = 0x12
/** How often `join` looks whether somebody has made it into the routing table. */
const LOOK_MS = 20
/** Walks of a refresh besides the one towards ourselves. */
const RANDOM_WALKS = 3
/** Newcomers come in groups; after the first of them this passes before our keys are said again. */
const NEWCOMER_MS = 250

/** The Directory of a host that is started, or soon will be. It rests when the host stops. */
export function libp2pDirectory(host: Host): Directory {
  return new DhtDirectory(host)
}

class DhtDirectory implements Directory {
  private readonly host: Host
  private readonly announced = new Map<string, { key: CID; heardBy: number }>()
  private tending: NodeJS.Timeout | null = null
  private tendingDue = Number.POSITIVE_INFINITY
  private readonly stopped = new AbortController()

  constructor(host: Host) {
    this.host = host
    host.node.addEventListener('start', () => this.tendWithin(LIMITS.tableRefreshSeconds * 1_000))
    host.node.addEventListener('peer:identify', ({ detail }) => {
      if (detail.protocols.includes(KAD_PROTOCOL)) this.tendWithin(NEWCOMER_MS)
    })
    host.node.addEventListener('stop', () => {
      this.stopped.abort()
      if (this.tending !== null) clearTimeout(this.tending)
    })
  }

  known(): number {
    return this.dht.routingTable.size
  }

  async announce(preimage: Bytes): Promise<void> {
    const one = { key: keyOf(preimage), heardBy: 0 }
    this.announced.set(toHex(preimage), one)
    await this.say(one)
  }

  async *find(preimage: Bytes, signal: AbortSignal): AsyncIterable<Whereabouts> {
    const enough = new AbortController()
    const limit = this.within(LIMITS.findSeconds, signal, enough.signal)
    const seen = new Set([this.host.peerId])
    try {
      await this.firstPeer(limit)
      if (this.known() === 0) return
      for await (const event of this.dht.findProviders(keyOf(preimage), { signal: limit })) {
        if (event.name !== 'PROVIDER') continue
        for (const provider of event.providers) {
          const peerId = provider.id.toString()
          if (seen.has(peerId) || peerKeyOfText(peerId) === null) continue
          seen.add(peerId)
          yield { peerId, addresses: this.usable(provider.multiaddrs) }
          if (seen.size > LIMITS.findCandidates || limit.aborted) return
        }
      }
    } catch {
      // A walk that fails has found what it has found: the DHT is one way of three, and owes us nothing.
    } finally {
      enough.abort()
    }
  }

  async join(targets: readonly Whereabouts[], signal: AbortSignal): Promise<void> {
    const limit = this.within(LIMITS.findSeconds, signal)
    const asked = targets.length > 0 ? targets : await this.met(limit)
    const reasons = await this.reach(asked, limit)
    if (targets.length > 0 && reasons.length === targets.length) {
      throw new Fault('peer_unreachable', `No bank of the network was reached: ${reasons.join('; ')}`)
    }
    if (reasons.length < asked.length) await this.firstPeer(limit)
    await this.refresh(limit)
    await this.sayAgain()
  }

  /** Waits a little for somebody in the table: a peer gets there some moments after it was reached. */
  private async firstPeer(limit: AbortSignal): Promise<void> {
    const until = AbortSignal.any([limit, AbortSignal.timeout(LIMITS.dialSeconds * 1_000)])
    while (this.known() === 0 && !until.aborted) await pause(LOOK_MS, until)
  }

  /** Dials each target, a few at a time, until the table is no longer small. Returns why the others failed. */
  private async reach(targets: readonly Whereabouts[], limit: AbortSignal): Promise<string[]> {
    const reasons: string[] = []
    const waiting = [...targets]
    const dial = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !limit.aborted; next = waiting.shift()) {
        try {
          await connect(
            this.host,
            next,
            AbortSignal.any([limit, AbortSignal.timeout(LIMITS.dialSeconds * 1_000)]),
          )
        } catch (error) {
          reasons.push(`${next.peerId} (${reasonOf(error)})`)
        }
        if (this.known() >= LIMITS.tableSmall) return
      }
    }
    await Promise.all(Array.from({ length: LIMITS.findDials }, dial))
    return reasons
  }

  /** Peers of earlier runs that spoke our DHT. Their addresses stand in the peer store. */
  private async met(limit: AbortSignal): Promise<Whereabouts[]> {
    const peers = await this.host.node.peerStore.all({
      filters: [(peer) => peer.protocols.includes(KAD_PROTOCOL) && peer.addresses.length > 0],
      limit: LIMITS.addressBookBanks,
      signal: limit,
    })
    return peers.map((peer) => ({ peerId: peer.id.toString(), addresses: [] }))
  }

  /**
   * Walks towards ourselves, which fills the table with our own neighbourhood, and in random directions. libp2p's own
   * refresh is not asked for: each call of it leaves one more timer behind that repeats for ever.
   */
  private async refresh(limit: AbortSignal): Promise<void> {
    const own = peerIdFromString(this.host.peerId).toMultihash().bytes
    for (const towards of [own, ...Array.from({ length: RANDOM_WALKS }, () => randomBytes(32))]) {
      if (this.known() === 0 || limit.aborted) return
      try {
        for await (const _ of this.dht.getClosestPeers(towards, { signal: limit }));
      } catch {
        // Whom the walk has met stands in the table all the same, and there is another walk soon.
      }
    }
  }

  /** While the table is small it is refreshed every minute ([DISC-7]); newcomers hear our keys soon. */
  private tendWithin(ms: number): void {
    const due = performance.now() + ms
    if (this.stopped.signal.aborted || due >= this.tendingDue) return
    if (this.tending !== null) clearTimeout(this.tending)
    this.tendingDue = due
    this.tending = setTimeout(() => void this.tend(), ms)
    this.tending.unref()
  }

  private async tend(): Promise<void> {
    this.tendingDue = Number.POSITIVE_INFINITY
    if (this.known() < LIMITS.tableSmall) await this.refresh(this.within(LIMITS.tableRefreshSeconds))
    await this.sayAgain()
    this.tendWithin(LIMITS.tableRefreshSeconds * 1_000)
  }

  /** A small network changes whom a key is kept by with every newcomer, so what few have heard is said again. */
  private async sayAgain(): Promise<void> {
    const hearers = Math.min(this.known(), LIMITS.tableSmall)
    for (const one of this.announced.values()) if (one.heardBy < hearers) await this.say(one)
  }

  /** Says a key to the peers nearest to it. libp2p says it again before it runs out, also after a restart. */
  private async say(one: { key: CID; heardBy: number }): Promise<void> {
    if (this.known() === 0) return
    let heardBy = 0
    try {
      for await (const event of this.dht.provide(one.key, { signal: this.within(LIMITS.findSeconds) })) {
        if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') heardBy++
      }
    } catch {
      // As above: what was heard counts, and the rest is said in the next round.
    }
    one.heardBy = heardBy
  }

  private usable(addresses: readonly { toString(): string }[]): string[] {
    const texts = addresses
      .map((address) => address.toString())
      .filter((text) => text.length <= LIMITS.addressBytes)
    const open = this.host.network === 'lan' ? texts : texts.filter((text) => !isPrivateAddress(text))
    return [...new Set(open)].slice(0, LIMITS.recordAddresses)
  }

  private within(seconds: number, ...signals: AbortSignal[]): AbortSignal {
    return AbortSignal.any([this.stopped.signal, AbortSignal.timeout(seconds * 1_000), ...signals])
  }

  private get dht() {
    return this.host.node.services.dht
  }
}

/** CIDv1, raw, of the SHA-256 of the preimage. */
function keyOf(preimage: Bytes): CID {
  return CID.createV1(raw.code, digestOf(SHA2_256, sha256(preimage)))
}

/** Resolves after so many milliseconds, or at once when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
  })
}
