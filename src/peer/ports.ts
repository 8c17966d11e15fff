/**
 * What does a bank need from a network? Ordered frames with one neighbour, one question and one answer with
 * anybody, and hints where a bank may be. Adapters: libp2p in production, simulated ones in tests.
 *
 * Nothing that comes in here is believed: frames are bytes, addresses are hearsay, and the peer id of a session
 * is the only fact the network proves (by its handshake).
 */

/** Where a peer may be reached: its peer id as text, and addresses as multiaddr texts, best first. */
export interface Whereabouts {
  readonly peerId: string
  readonly addresses: readonly string[]
}

/**
 * One settle stream with one peer. Frames arrive whole and in the order in which they were sent; a session that
 * ends loses frames in flight, in both directions, and that is all it may do.
 */
export interface Session {
  /** Peer id of the other side, proven by the handshake. */
  readonly peerId: string
  /** Address over which the other side was reached, when we dialled; null when it dialled us. */
  readonly address: string | null
  /**
   * Resolves once the frame is handed on; waits while the peer reads slowly. Throws Fault `peer_unreachable` when the
   * session ended. Frames keep the order of the calls; an empty or too long one is a bug.
   */
  send(frame: Uint8Array): Promise<void>
  /**
   * Frames of the other side, each 1 to `LIMITS.frameBytes` long; ends when the session ends, and leaving the loop
   * ends the session. May be read once, by one reader only.
   */
  frames(): AsyncIterable<Uint8Array>
  /** What was wrong with the peer's bytes, when the session ended for that; null otherwise ([ADMIT-6]). */
  problem(): string | null
  /** Ends the session; what was sent before is still handed on. Idempotent. */
  close(): Promise<void>
}

export interface Transport {
  readonly peerId: string
  /** Addresses under which this bank listens, as multiaddr texts without the peer id. */
  addresses(): readonly string[]
  /**
   * Opens a settle stream, over an existing connection where there is one. Throws Fault `peer_unreachable` when no
   * address leads to the peer, and `timed_out` after `LIMITS.dialSeconds` or when `signal` aborts.
   */
  open(target: Whereabouts, signal: AbortSignal): Promise<Session>
  /** Called for every settle stream that a peer opens. Set once, before `start`. */
  onSession(accept: (session: Session) => void): void
  /**
   * One question, one answer, on the record protocol, over an existing connection where there is one. Throws Fault
   * `peer_unreachable`, also when the peer ends without an answer, `peer_misbehaved` for bytes that are no frame,
   * and `timed_out` after `LIMITS.answerSeconds` or when `signal` aborts.
   */
  ask(target: Whereabouts, question: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
  /**
   * Peer ids of line partners: places are kept for their connections, and they are never dropped for a stranger's.
   * The last call counts; unknown text is passed over.
   */
  favour(peerIds: readonly string[]): Promise<void>
  /** Answers questions; null closes the stream without an answer. Set once, before `start`. */
  onQuestion(answer: (question: Uint8Array, peerId: string) => Uint8Array | null): void
  start(): Promise<void>
  close(): Promise<void>
}

/** Provider records of a DHT: hearsay about who may know a key. Keys are preimages; the adapter hashes them. */
export interface Directory {
  /**
   * Says "I am here" under this key, now and whenever it would run out. Resolves when it was said, or when nobody is
   * there to hear it: then it is said as soon as somebody is. May fail silently later.
   */
  announce(preimage: Uint8Array): Promise<void>
  /**
   * Peers that say they are under this key, each once and never ourselves; ends at the walk's end, after
   * `LIMITS.findCandidates` or `LIMITS.findSeconds`, or when `signal` aborts, and never throws.
   */
  find(preimage: Uint8Array, signal: AbortSignal): AsyncIterable<Whereabouts>
  /**
   * Makes contact with peers from which the rest of the network can be learned; without targets, with peers met in
   * earlier runs. Throws Fault `peer_unreachable` when there were targets and none was reached.
   */
  join(targets: readonly Whereabouts[], signal: AbortSignal): Promise<void>
  /** Number of peers in the routing table. */
  known(): number
}

/** What is remembered of a bank met before. Hearsay like all else here: a record is checked again before it counts. */
export interface Acquaintance {
  /** Peer id as text. */
  readonly peerId: string
  /** Signed bytes of its last record; null when we have none. */
  readonly record: Uint8Array | null
  /** Addresses that worked, the latest first, at most `LIMITS.recordAddresses`; times in seconds since 1970 UTC. */
  readonly addresses: readonly { readonly address: string; readonly workedAt: number }[]
  /** When it was last heard, in seconds since 1970 UTC. */
  readonly heardAt: number
}

/**
 * Banks met before, by bank id: at most `LIMITS.addressBookBanks`, the longest unheard go first ([DISC-6]). The book
 * is disposable: losing it costs a lookup, never an hour, so nothing here fails for want of a disk. What cannot be
 * written is reported where the book was opened, and forgotten with the process.
 */
export interface AddressBook {
  /** Bank ids, the last heard first. */
  banks(): readonly Uint8Array[]
  look(bank: Uint8Array): Promise<Acquaintance | null>
  /** The bank gave this record; `at` in seconds. A new peer id drops the addresses of the old one. */
  hear(
    bank: Uint8Array,
    heard: { readonly peerId: string; readonly record: Uint8Array; readonly at: number },
  ): Promise<void>
  /** The bank was reached at this address; `at` in seconds. */
  worked(
    bank: Uint8Array,
    where: { readonly peerId: string; readonly address: string; readonly at: number },
  ): Promise<void>
}
