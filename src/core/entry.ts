/**
 * What can stand in the log? The closed union of entries, each with its number, its fields in order, and what
 * the fields mean. An entry is the tb-cbor array [version, kind, time, body]; its bytes are the entry.
 */

import { type Cbor, decode, encode } from './codec.ts'
import { LIMITS } from './limits.ts'
import {
  anyInteger,
  b16,
  b20,
  b32,
  bool,
  bytes,
  day,
  either,
  type Field,
  integer,
  list,
  literal,
  optional,
  type RecordOf,
  record,
  sig,
  signedMinutes,
  type TypeOf,
  text,
  time,
  u,
} from './schema.ts'

export const ENTRY_VERSION = 1

/** An entry in some bank's log: who, which epoch, where, and its leaf hash. */
export const refField = record({ bank: b20, epoch: u, index: u, leaf: b32 })
export type Ref = TypeOf<typeof refField>

/** Minutes a line may reach, and the caps of open and parked offers. */
export const limitField = record({ minutes: u, openCap: u, parkCap: u })
export type LineLimit = TypeOf<typeof limitField>

const deviceAuth = record({ form: literal(1), device: b16, signature: sig })
const coordinatorAuth = record({
  form: literal(2),
  actor: b16,
  onBehalfOf: optional(b16),
  reason: integer(1, 8),
  second: optional(b16),
})
/** Ways a member proved to the bank to be oneself, by their number in the log. */
export const SIGN_IN_METHODS = ['pin', 'passkey', 'code', 'paper_note'] as const
export type SignInMethod = (typeof SIGN_IN_METHODS)[number]
const sessionAuth = record({
  form: literal(3),
  acct: b16,
  onBehalfOf: optional(b16),
  method: integer(1, SIGN_IN_METHODS.length),
})
export type DeviceAuth = TypeOf<typeof deviceAuth>
export type CoordinatorAuth = TypeOf<typeof coordinatorAuth>
export type SessionAuth = TypeOf<typeof sessionAuth>
/**
 * Who agreed: a registered device by its signature; or by the bank's word a coordinator, or a member who was signed in,
 * each for oneself or for somebody else ([LOG-7]).
 */
export type Auth = DeviceAuth | CoordinatorAuth | SessionAuth
export const authField: Field<Auth> = either<Auth>(
  [deviceAuth as Field<Auth>, coordinatorAuth as Field<Auth>, sessionAuth as Field<Auth>],
  (auth) => auth.form - 1,
)

/** Reasons a coordinator acts for somebody, by their number in the log. */
export const COORDINATOR_REASONS = [
  'no_device',
  'telephoned',
  'at_the_desk',
  'on_paper',
  'group_sheet',
  'correction',
  'import',
  'guardian',
] as const
export type CoordinatorReason = (typeof COORDINATOR_REASONS)[number]

/** Ways a record reached the bank, by their number in the log. */
export const CHANNELS = ['web', 'call', 'desk', 'paper', 'text', 'import'] as const
export type Channel = (typeof CHANNELS)[number]
const channel = integer(1, CHANNELS.length)

/** Classes of accounts, by their number in the log. */
export const CLASSES = ['member', 'organisation', 'fund', 'netting', 'before'] as const
export type AccountClass = (typeof CLASSES)[number]

export const ABORT_CAUSES = [
  'cancelled',
  'refused',
  'too_late',
  'unknown_id',
  'board',
  'key_rotation',
] as const
export type AbortCause = (typeof ABORT_CAUSES)[number]
export const WAIVE_CAUSES = [
  'cannot_take',
  'commit_not_valid',
  'recalled',
  'account_closing',
  'grace_over',
  'abort_seen',
  'unknown_here',
] as const
export type WaiveCause = (typeof WAIVE_CAUSES)[number]
/** Why a record of help is taken back, by their number in the log. */
export const REVERSE_CAUSES = [
  'taken_back',
  'wrong_people',
  'wrong_length',
  'wrong_day',
  'recorded_twice',
  'not_happened',
  'other',
] as const
export type ReverseCause = (typeof REVERSE_CAUSES)[number]
export const FREEZE_CAUSES = ['board', 'proof', 'head_behind', 'statement_differs', 'stale'] as const

/** Smallest and largest legs of an exchange, and of what a board writes off or settles at a time. */
export const legMinutes = signedMinutes(LIMITS.exchangeMinutes)
/** Members of the board who decided something together, by their actor ids. */
const board = list(b16, LIMITS.boardLeast, LIMITS.boardMost)

/** Why something private was erased, by their number in the log. */
export const ERASE_REASONS = ['asked', 'retention', 'wrongly_written', 'legal_order'] as const
export type EraseReason = (typeof ERASE_REASONS)[number]

const redactedEntries = list(u, 1, LIMITS.redactedEntries)
const redactedAccounts = list(b16, 1, LIMITS.redactedAccounts)
type Redacted = TypeOf<typeof redactedEntries> | TypeOf<typeof redactedAccounts>
const redacted: Field<Redacted> = either<Redacted>(
  [redactedEntries as Field<Redacted>, redactedAccounts as Field<Redacted>],
  (targets) => (typeof targets[0] === 'number' ? 0 : 1),
)

const minutes = integer(1, LIMITS.crossingMinutes)
/** Ref types: 1 replaces, 2 request, 3 note, 4 event, 5 import digest (imports alone), 6 gives back (orders alone). */
export const refsField = list(record({ type: integer(1, 6), value: b32 }), 0, 4)
const classRow = record({
  class: integer(1, 4),
  stopLow: optional(anyInteger),
  nudgeLow: anyInteger,
  nudgeHigh: anyInteger,
  stopHigh: optional(anyInteger),
})
const heldParts = list(record({ line: b16, lineVersion: u, minutes }), 1, 4)
const postedParts = list(
  record({ line: b16, minutes, outSeq: integer(1, 2 ** 32 - 1), outSum: u, prevOut: b32 }),
  1,
  4,
)
const promisedParts = list(record({ line: b16, lineVersion: u, minutes, offerHash: b32 }), 1, 4)
const creditedParts = list(
  record({ line: b16, minutes, inSeq: optional(u), postRef: optional(refField) }),
  1,
  4,
)
const waivedParts = list(record({ line: b16, inSeq: optional(u) }), 1, 4)

/**
 * Body layouts: name of the kind -> number and fields in order. Minutes are whole, times are seconds, days are
 * counted from 1970-01-01. A nonce is 16 random bytes published nowhere else, so that a public leaf hash about a
 * person cannot be guessed ([PRIV-4]).
 */
export const KINDS = {
  /** Index 0 of epoch 0. The first 20 bytes of SHA-256 of its body bytes are the bank id. */
  found: {
    no: 1,
    body: record({
      nonce: b32,
      name: text(LIMITS.nameBytes),
      logKey: b32,
      recoveryHash: b32,
      unit: literal(1),
    }),
  },
  /** Last entry of an epoch, under its key: which key begins the next one. */
  'rotate.out': { no: 2, body: record({ epoch: u, logKey: b32, cause: integer(1, 4) }) },
  /**
   * Index 0 of every later epoch, under its new key: what is carried on. `recovery` is null when a `rotate.out` names
   * the key; else it is the recovery key and its signature over all fields before it (`rotationStatement`).
   */
  'rotate.in': {
    no: 3,
    body: record({
      bank: b20,
      epoch: u,
      logKey: b32,
      oldEpoch: u,
      oldSize: u,
      oldRoot: b32,
      keptSize: u,
      cause: integer(1, 4),
      recoveryHash: b32,
      recovery: optional(record({ key: b32, signature: sig })),
    }),
  },
  /** Present public keys and address of the bank. */
  card: {
    no: 4,
    body: record({
      name: text(LIMITS.nameBytes),
      witnessKey: b32,
      peerId: bytes(64),
      publicUrl: optional(text(LIMITS.addressBytes)),
    }),
  },
  /** The bank's own rules; valid from their own index on. */
  rules: {
    no: 5,
    body: record({
      version: u,
      classes: list(classRow, 4, 4),
      crossingLow: optional(anyInteger),
      rounding: u,
      secondOver: optional(u),
      publicEntries: bool,
      sealEvery: u,
      retentionMonths: u,
      smallestCell: u,
      confirmDays: u,
    }),
  },
  /** A neighbour's head with its own log signature: this log alone proves what the neighbour signed. */
  seen: { no: 6, body: record({ bank: b20, epoch: u, size: u, root: b32, signature: sig }) },
  /**
   * The private part of those entries (scope 1), or the person behind those accounts (scope 2), was erased. Indices count
   * through all epochs, ascending; accounts stand in the order of their bytes.
   */
  redact: {
    no: 8,
    body: record({
      scope: integer(1, 2),
      reason: integer(1, ERASE_REASONS.length),
      targets: redacted,
      nonce: b16,
    }),
  },
  'acct.open': { no: 10, body: record({ acct: b16, class: integer(1, 5), nonce: b16 }) },
  /** Balance 0 and nothing open; final. */
  'acct.close': { no: 11, body: record({ acct: b16, cause: u, nonce: b16 }) },
  /** While on: no new hold, promise or negative leg. What is promised is honoured. */
  'acct.suspend': { no: 12, body: record({ acct: b16, on: bool, cause: u, nonce: b16 }) },
  'dev.add': {
    no: 14,
    body: record({
      acct: b16,
      device: b16,
      key: b32,
      possession: sig,
      introducedBy: optional(record({ device: b16, signature: sig })),
      nonce: b16,
    }),
  },
  'dev.remove': { no: 15, body: record({ device: b16, cause: u, nonce: b16 }) },
  /** Roles: 1 coordinator, 2 board, 3 operator, 4 reader. */
  'role.grant': {
    no: 16,
    body: record({
      actor: b16,
      role: integer(1, 4),
      ownAcct: optional(b16),
      until: optional(time),
      nonce: b16,
    }),
  },
  /** From here on the actor's word counts for nothing; an actor id is never granted again. */
  'role.revoke': { no: 17, body: record({ actor: b16, cause: u, nonce: b16 }) },
  /** Help inside one bank; the intent holds the legs (core/intent.ts). */
  exchange: {
    no: 20,
    body: record({ intent: bytes(8192), channel, auths: list(authField, 1, 100), refs: refsField }),
  },
  /**
   * Takes back one `exchange` of this bank in full, once: the exact negation of its legs. `index` counts through all
   * epochs of the log. Only coordinators agree to it; the commitment is to a private reason.
   */
  reverse: {
    no: 21,
    body: record({
      index: u,
      id: b32,
      cause: integer(1, REVERSE_CAUSES.length),
      auths: list(coordinatorAuth, 1, 4),
      commitment: b32,
      nonce: b16,
    }),
  },
  'line.open': { no: 30, body: record({ terms: bytes(512), peerEntry: optional(refField) }) },
  /**
   * Direction 1: the peer owes me (I decide); direction 2: I owe the peer (I acknowledge, naming the first outSeq
   * under it). The creditor repeats direction 1 citing the acknowledgement once it holds it.
   */
  'line.limit': {
    no: 31,
    body: record({
      line: b16,
      direction: integer(1, 2),
      version: u,
      limit: limitField,
      fromOutSeq: optional(u),
      peerEntry: optional(refField),
    }),
  },
  /** The evidence names what was refused: with cause 3 the leaf hash of a `rotate.in` that leaves entries out. */
  'line.freeze': { no: 32, body: record({ line: b16, cause: integer(1, 5), evidence: optional(b32) }) },
  /** The board gives a silent bank up: nothing new passes, and what it owes may be written off. */
  'line.dead': { no: 33, body: record({ line: b16, board }) },
  /**
   * Causes: 1 the own freeze is lifted, 2 the own close is taken back, 3 a dead line whose bank came back is taken up
   * again by the board, 4 the board accepts a recovery of the peer that was refused, and cites its `rotate.in`.
   */
  'line.thaw': {
    no: 35,
    body: record({
      line: b16,
      cause: integer(1, 4),
      board: optional(board),
      accepted: optional(refField),
    }),
  },
  /**
   * Ends a line on which nothing is owed and nothing is open: the first to write it names none and waits; the other
   * cites that, and the first cites the answer. It also withdraws a proposal that no bank has accepted.
   */
  'line.close': {
    no: 36,
    body: record({ line: b16, cause: u, lastStatement: u, peerEntry: optional(refField) }),
  },
  /** clr(peer) +m, susp(peer) -m: a claim on a dead bank is given up, or below 0 taken back. */
  'line.writeoff': { no: 38, body: record({ line: b16, minutes: legMinutes, board }) },
  /** susp(peer) +m, fund -m: the pot bears what was written off, or below 0 gets it back. */
  'susp.settle': { no: 39, body: record({ line: b16, minutes: legMinutes, board }) },
  /** payer -m, hold +m. Modes: 1 direct, 2 postal, 4 by invoice. */
  'pay.hold': {
    no: 40,
    body: record({
      order: bytes(2048),
      aid: b32,
      mode: integer(1, 4),
      channel,
      auths: list(authField, 0, 2),
      parts: heldParts,
    }),
  },
  /** The decision. hold -m, clr(next) +m. */
  'pay.commit': {
    no: 41,
    body: record({ id: b32, aid: b32, minutes, decideBy: time, bundle: optional(b32), parts: postedParts }),
  },
  /** hold -m, payer +m; nothing when nothing was held. The id is dead for ever. */
  'pay.abort': {
    no: 42,
    body: record({ id: b32, aid: optional(b32), cause: integer(1, ABORT_CAUSES.length) }),
  },
  /** clr(next) -m, payer +m (the fund when it paid the payer already, or the payer's account is closed). */
  'pay.return': { no: 43, body: record({ id: b32, aid: b32, line: b16, waive: refField }) },
  /** Information only. */
  'pay.done': { no: 44, body: record({ id: b32, aid: b32, credit: refField }) },
  /** fund -m, payer +m: what is on its way to a dead bank is paid back at this bank's own risk, once. */
  'pay.cover': { no: 46, body: record({ id: b32, line: b16, board }) },
  /** Reserves room on the line and at the payee; no postings. */
  'rcv.promise': {
    no: 50,
    body: record({
      id: b32,
      aid: b32,
      payee: b16,
      minutes,
      category: integer(0, 999),
      day,
      decideBy: time,
      parts: promisedParts,
    }),
  },
  /** clr(previous) -m, payee +m. Once per id, and final. */
  'rcv.credit': {
    no: 51,
    body: record({
      id: b32,
      aid: b32,
      payee: b16,
      minutes,
      category: integer(0, 999),
      day,
      commit: refField,
      parts: creditedParts,
    }),
  },
  /** The claim is renounced; no postings. */
  'rcv.waive': {
    no: 52,
    body: record({
      id: b32,
      aid: b32,
      cause: integer(1, WAIVE_CAUSES.length),
      parts: waivedParts,
      commit: optional(refField),
    }),
  },
  /** A promise is freed by the abort it cites. */
  'rcv.release': { no: 53, body: record({ id: b32, aid: b32, evidence: refField }) },
  /** A commit for what was waived before; keeps inSeq free of gaps. */
  'rcv.bounce': { no: 54, body: record({ id: b32, aid: b32, line: b16, inSeq: u, commit: refField }) },
  /**
   * A payee's request, endorsed: it stands in for offer and promise of `uses` orders that cite it, name its handle and
   * its minutes (null: left open), and decide by `expires` at the latest. Reserves nothing.
   */
  'rcv.invoice': {
    no: 56,
    body: record({
      handle: b16,
      minutes: optional(minutes),
      category: integer(0, 999),
      day: optional(day),
      expires: time,
      uses: integer(1, LIMITS.handleUses),
      commitment: optional(b32),
    }),
  },
} as const

export type Kind = keyof typeof KINDS
export type Body<K extends Kind> = TypeOf<(typeof KINDS)[K]['body']>
export type EntryOf<K extends Kind> = { readonly kind: K; readonly time: number; readonly body: Body<K> }
/** Any entry of the log, decoded. */
export type Entry = { [K in Kind]: EntryOf<K> }[Kind]

const BY_NUMBER = new Map<number, Kind>(Object.entries(KINDS).map(([kind, { no }]) => [no, kind as Kind]))

/** Fields of `rotate.in` that the recovery key signs. */
const STATED_FIELDS = 9

/** tb-cbor of the first nine fields of a `rotate.in`: what the recovery key signs under its label ([KEY-4]). */
export function rotationStatement(body: Omit<Body<'rotate.in'>, 'recovery'>): Uint8Array {
  const written = KINDS['rotate.in'].body.write({ ...body, recovery: null })
  return encode((written as readonly Cbor[]).slice(0, STATED_FIELDS))
}

/** What reading an entry gives: the entry, or why its bytes are none. */
export type ReadEntry =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly problem: string; readonly newer: boolean }

/** Whether a body built from what somebody sent has the shapes and ranges of its kind. */
export function bodyFits<K extends Kind>(kind: K, body: Body<K>): boolean {
  const field = KINDS[kind].body as Field<Body<K>>
  return field.read(field.write(body)) !== undefined
}

/** Entry bytes of a decoded entry. A body that does not fit its kind is a bug of the caller. */
export function encodeEntry<K extends Kind>(entry: EntryOf<K>): Uint8Array {
  const kind = KINDS[entry.kind]
  const body = (kind.body as Field<Body<K>>).write(entry.body)
  return encode([ENTRY_VERSION, kind.no, entry.time, body])
}

/**
 * Reads entry bytes: canonical encoding, version, kind, then the fields of the kind ([ENC-12]). `newer` says that
 * the bytes are well-formed but of a version or kind that this program does not know ([LOG-9]).
 */
export function decodeEntry(raw: Uint8Array): ReadEntry {
  if (raw.length === 0 || raw.length > LIMITS.entryBytes)
    return bad(`an entry has 1 to ${LIMITS.entryBytes} bytes`)
  const decoded = decode(raw)
  if (!decoded.ok) return bad(`${decoded.problem.clause}: ${decoded.problem.what}`)
  return readEntry(decoded.value)
}

/** The schema alone, for a reader that brings its own decoder (the independent audit). */
export function readEntry(value: Cbor): ReadEntry {
  if (!Array.isArray(value) || value.length !== 4) return bad('an entry is an array of four')
  const [version, number, at, rawBody] = value as readonly Cbor[]
  if (typeof version !== 'number' || typeof number !== 'number') return bad('version and kind are integers')
  const kind = BY_NUMBER.get(number)
  if (version !== ENTRY_VERSION || kind === undefined) {
    return {
      ok: false,
      problem: `version ${version}, kind ${number}: a newer version of the program is needed`,
      newer: true,
    }
  }
  const when = time.read(at as Cbor)
  if (when === undefined) return bad('the time is out of range')
  const body = (KINDS[kind].body as Field<unknown>).read(rawBody as Cbor)
  if (body === undefined) return bad(`the fields do not fit ${kind}`)
  return { ok: true, entry: { kind, time: when, body } as Entry }
}

function bad(problem: string): ReadEntry {
  return { ok: false, problem, newer: false }
}

export type { RecordOf }
