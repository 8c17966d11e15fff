/**
 * Under which key does each thing lie? Every prefix stands in one table, and a key is built and read only here.
 * Integers are big-endian and of fixed width, so that LevelDB's bytewise order is their order ([CRASH-12]).
 */
import { must } from '../core/fault.ts'
import { type Bytes, HASH_BYTES } from '../core/ids.ts'
import type { KeyRange } from './store.ts'

/**
 * What follows a prefix: epoch 4 bytes, index and size 8, level 1, hash 32, and nothing between them, since each
 * width is known. Two prefixes are never the beginning of one another.
 */
const PREFIX = {
  /** checkpoints of this bank: epoch, size */
  checkpoint: 'c/',
  /** entries: epoch, index */
  entry: 'e/',
  /** frontier and head, one value an epoch: epoch */
  head: 'f/',
  /** hashes of the tree's right edge, until their full tile is written: epoch, level, index */
  edge: 'h/',
  /** facts about the store itself: a name */
  meta: 'm/',
  /** heads of other banks: SHA-256 of the origin, size, root */
  seenHead: 'n/',
  /** private, erasable parts: kind, '/', id */
  privatePart: 'p/',
  /** full tiles: epoch, level, number */
  tile: 't/',
  /** proof bundles: SHA-256 of the bundle */
  proof: 'x/',
} as const

type Prefix = (typeof PREFIX)[keyof typeof PREFIX]

/** What lies among the private parts, with the id that follows the kind. One more kind is one more line. */
export const PRIVATE_KINDS = [
  'act', // what a coordinator did: number of the act (`numberId`)
  'archive', // row of an imported history: digest of the files, number (`pieceId`)
  'case', // a record or payment that somebody calls wrong: id of the record or payment
  'claim', // help that waits for the other's word: nonce of its form
  'coordinator', // name behind an actor id: actor id
  'board', // name behind the actor id of a member of the board: actor id
  'device', // that somebody came in on a device before: account or actor id, SHA-256 of it and the device's mark
  'handle', // handle to account, uses, expiry: handle
  'heard', // when a neighbour was last on the wire: bank id
  'lineage', // epochs of a neighbour's log, as the artefacts that prove them: bank id
  'invitation', // an invitation to another bank that was not used yet: SHA-256 of its token
  'joiner', // somebody who asked to join: SHA-256 of the nonce of its form
  'import', // an import that was made: digest; a batch of one: digest, number (`pieceId`); who filled the pot: 'pot'
  'later', // until when an item of the desk's list is put off: SHA-256 of its name
  'login', // password and recovery codes of a coordinator, hashed: actor id
  'member', // the private row of an account: account id
  'member-key', // PIN and codes of a member, hashed: account id
  'memo', // texts and salts of an order: payment id
  'neighbour', // what is known of a bank beside the log: bank id
  'notice', // what a member asks or offers in a sentence: 16 random bytes
  'notice-answer', // who answered it: id of the notice, id of the answer
  'notice-sent', // an answer of a member to a notice of a neighbour: id of the answer
  'offer', // handle of an order promised or credited here: payment id
  'party', // who was at the other bank: account, payment id
  'press', // what one press of a button became, so that the second press finds it: nonce of the request
  'rate', // how much came from one place lately: SHA-256 of the place
  'request', // a member's request that others may pay: its handle
  'use', // when a request was used: its handle, id of the payment or exchange
  'reason', // why a payment of ours ended, as the other bank said: payment id
  'proposal', // a bank that asks for a line: bank id
  'refused', // a bank that may not ask for a line: bank id
  'setting', // a setting of the bank: its name
  'sign-in', // who is signed in where: SHA-256 of what the browser holds
  'tries', // wrong guesses at a door: SHA-256 of the door's name
] as const

export type PrivateKind = (typeof PRIVATE_KINDS)[number]

/** Kinds whose ids begin with an account: all of them go when the person behind it is erased. */
export const KINDS_OF_ACCOUNTS: readonly PrivateKind[] = ['member', 'member-key', 'device', 'party']

/** Those whose rows name an account among other things: 16 bytes that chance made, so that finding them is finding it. */
export const KINDS_NAMING_ACCOUNTS = [
  'case',
  'claim',
  'notice',
  'notice-answer',
  'notice-sent',
  'joiner',
  'request',
  'sign-in',
] as const satisfies readonly PrivateKind[]

const PREFIX_BYTES = 2
const EPOCH_BYTES = 4
const NUMBER_BYTES = 8
const LEVEL_BYTES = 1
const PIECE_BYTES = 4
const U32 = 2 ** 32
/** Levels of tiles and of hashes reach from 0 to 63 ([TILE-2]); a log below 2^53 entries stays under 54. */
const LEVELS = 64

export function entryKey(epoch: number, index: number): Bytes {
  return logKey(PREFIX.entry, epoch, index)
}

export function indexOfEntryKey(key: Bytes): number {
  expect(key, PREFIX.entry, EPOCH_BYTES + NUMBER_BYTES)
  return readNumber(key, PREFIX_BYTES + EPOCH_BYTES)
}

/** Entries from index `from`, included, to `to`, excluded; without `to` to the end of the epoch. */
export function entryRange(epoch: number, from = 0, to?: number): KeyRange {
  const last = to === undefined ? after(epochPrefix(PREFIX.entry, epoch)) : entryKey(epoch, to)
  return { from: entryKey(epoch, from), to: last }
}

export function edgeKey(epoch: number, level: number, index: number): Bytes {
  return levelKey(PREFIX.edge, epoch, level, index)
}

export function parseEdgeKey(key: Bytes): { level: number; index: number } {
  return readLevelKey(key, PREFIX.edge)
}

/** All right-edge hashes of an epoch, lower levels first. */
export function edgeRange(epoch: number): KeyRange {
  return under(epochPrefix(PREFIX.edge, epoch))
}

export function tileKey(epoch: number, level: number, n: number): Bytes {
  return levelKey(PREFIX.tile, epoch, level, n)
}

export function parseTileKey(key: Bytes): { level: number; n: number } {
  const { level, index } = readLevelKey(key, PREFIX.tile)
  return { level, n: index }
}

/** All full tiles of an epoch, lower levels first. */
export function tileRange(epoch: number): KeyRange {
  return under(epochPrefix(PREFIX.tile, epoch))
}

export function headKey(epoch: number): Bytes {
  return epochPrefix(PREFIX.head, epoch)
}

export function epochOfHeadKey(key: Bytes): number {
  expect(key, PREFIX.head, EPOCH_BYTES)
  return readU32(key, PREFIX_BYTES)
}

/** The heads of all epochs, oldest first. */
export const headRange: KeyRange = under(ascii(PREFIX.head))

export function checkpointKey(epoch: number, size: number): Bytes {
  return logKey(PREFIX.checkpoint, epoch, size)
}

export function sizeOfCheckpointKey(key: Bytes): number {
  expect(key, PREFIX.checkpoint, EPOCH_BYTES + NUMBER_BYTES)
  return readNumber(key, PREFIX_BYTES + EPOCH_BYTES)
}

/** Checkpoints of size `from` and above. */
export function checkpointRange(epoch: number, from = 0): KeyRange {
  return { from: checkpointKey(epoch, from), to: after(epochPrefix(PREFIX.checkpoint, epoch)) }
}

/** `originHash` is the SHA-256 of the origin's text, so that every origin takes the same width. */
export function seenHeadKey(originHash: Bytes, size: number, root: Bytes): Bytes {
  must(root.length === HASH_BYTES, 'a root is a hash')
  const key = concat(seenHeadPrefix(originHash), new Uint8Array(NUMBER_BYTES + HASH_BYTES))
  writeNumber(key, PREFIX_BYTES + HASH_BYTES, size)
  key.set(root, PREFIX_BYTES + HASH_BYTES + NUMBER_BYTES)
  return key
}

export function parseSeenHeadKey(key: Bytes): { originHash: Bytes; size: number; root: Bytes } {
  expect(key, PREFIX.seenHead, HASH_BYTES + NUMBER_BYTES + HASH_BYTES)
  const sizeAt = PREFIX_BYTES + HASH_BYTES
  return {
    originHash: key.slice(PREFIX_BYTES, sizeAt),
    size: readNumber(key, sizeAt),
    root: key.slice(sizeAt + NUMBER_BYTES),
  }
}

/** Heads of one origin, the smallest first; without an origin those of all. */
export function seenHeadRange(originHash?: Bytes): KeyRange {
  return under(originHash === undefined ? ascii(PREFIX.seenHead) : seenHeadPrefix(originHash))
}

export function proofKey(bundleId: Bytes): Bytes {
  must(bundleId.length === HASH_BYTES, 'a bundle id is a hash')
  return concat(ascii(PREFIX.proof), bundleId)
}

export function bundleIdOfProofKey(key: Bytes): Bytes {
  expect(key, PREFIX.proof, HASH_BYTES)
  return key.slice(PREFIX_BYTES)
}

export const proofRange: KeyRange = under(ascii(PREFIX.proof))

/** A text id, the name of a setting for one, is written as UTF-8. */
export function privateKey(kind: PrivateKind, id: Bytes | string): Bytes {
  must(id.length > 0, 'a private part has an id')
  return concat(privatePrefix(kind), typeof id === 'string' ? new TextEncoder().encode(id) : id)
}

/** The id in a key of that kind. */
export function privateIdOf(kind: PrivateKind, key: Bytes): Bytes {
  const prefix = privatePrefix(kind)
  must(
    key.length > prefix.length && prefix.every((byte, at) => key[at] === byte),
    `a key of kind ${kind} is expected`,
  )
  return key.slice(prefix.length)
}

/** Private parts of one kind whose id begins with `idStart`; without it all of that kind. */
export function privateRange(kind: PrivateKind, idStart: Bytes = new Uint8Array(0)): KeyRange {
  return under(concat(privatePrefix(kind), idStart))
}

/** Every private part: what erasure compacts ([PRIV-8]) and a backup seals apart. */
export const allPrivate: KeyRange = under(ascii(PREFIX.privatePart))

/** Id of the n-th piece of something named by a digest. */
export function pieceId(digest: Bytes, n: number): Bytes {
  const id = concat(digest, new Uint8Array(PIECE_BYTES))
  writeU32(id, digest.length, n)
  return id
}

/** Id of the n-th of something that is only added to; ids are in the order of their numbers. */
export function numberId(n: number): Bytes {
  const id = new Uint8Array(NUMBER_BYTES)
  writeNumber(id, 0, n)
  return id
}

export function numberOfId(id: Bytes): number {
  must(id.length === NUMBER_BYTES, 'the id is a number')
  return readNumber(id, 0)
}

/** Where the version of this layout stands. */
export const formatKey: Bytes = ascii(`${PREFIX.meta}format`)

/** How long starts on this log have asked neighbours in vain. */
export const askedKey: Bytes = ascii(`${PREFIX.meta}asked`)

/** Every key that is not empty, for a copy or a count of the whole store. */
export const everything: KeyRange = { from: Uint8Array.of(0), to: Uint8Array.of(0xff) }

function logKey(prefix: Prefix, epoch: number, number: number): Bytes {
  const key = startKey(prefix, epoch, NUMBER_BYTES)
  writeNumber(key, PREFIX_BYTES + EPOCH_BYTES, number)
  return key
}

function levelKey(prefix: Prefix, epoch: number, level: number, index: number): Bytes {
  must(Number.isInteger(level) && level >= 0 && level < LEVELS, 'a level lies in 0..63')
  const key = startKey(prefix, epoch, LEVEL_BYTES + NUMBER_BYTES)
  key[PREFIX_BYTES + EPOCH_BYTES] = level
  writeNumber(key, PREFIX_BYTES + EPOCH_BYTES + LEVEL_BYTES, index)
  return key
}

function readLevelKey(key: Bytes, prefix: Prefix): { level: number; index: number } {
  expect(key, prefix, EPOCH_BYTES + LEVEL_BYTES + NUMBER_BYTES)
  const at = PREFIX_BYTES + EPOCH_BYTES
  return { level: key[at] as number, index: readNumber(key, at + LEVEL_BYTES) }
}

function epochPrefix(prefix: Prefix, epoch: number): Bytes {
  return startKey(prefix, epoch, 0)
}

function seenHeadPrefix(originHash: Bytes): Bytes {
  must(originHash.length === HASH_BYTES, 'an origin is keyed by its hash')
  return concat(ascii(PREFIX.seenHead), originHash)
}

function privatePrefix(kind: PrivateKind): Bytes {
  return ascii(`${PREFIX.privatePart}${kind}/`)
}

/** A key with prefix and epoch written and `more` bytes left to fill. */
function startKey(prefix: Prefix, epoch: number, more: number): Bytes {
  const key = new Uint8Array(PREFIX_BYTES + EPOCH_BYTES + more)
  key[0] = prefix.charCodeAt(0)
  key[1] = prefix.charCodeAt(1)
  writeU32(key, PREFIX_BYTES, epoch)
  return key
}

function expect(key: Bytes, prefix: Prefix, more: number): void {
  const fits =
    key.length === PREFIX_BYTES + more && key[0] === prefix.charCodeAt(0) && key[1] === prefix.charCodeAt(1)
  must(fits, `a key under ${prefix} is expected`)
}

function under(prefix: Bytes): KeyRange {
  return { from: prefix, to: after(prefix) }
}

/** The smallest key above every key that begins with `prefix`. A prefix begins with a letter, so there is one. */
function after(prefix: Bytes): Bytes {
  let length = prefix.length
  while (prefix[length - 1] === 0xff) length--
  const bound = prefix.slice(0, length)
  bound[length - 1] = (bound[length - 1] as number) + 1
  return bound
}

function ascii(text: string): Bytes {
  return new TextEncoder().encode(text)
}

function concat(a: Bytes, b: Bytes): Bytes {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

function writeNumber(bytes: Bytes, at: number, value: number): void {
  must(Number.isSafeInteger(value) && value >= 0, 'an index or size in a key is a safe integer, not below 0')
  writeU32(bytes, at, Math.floor(value / U32))
  writeU32(bytes, at + 4, value % U32)
}

function readNumber(bytes: Bytes, at: number): number {
  return readU32(bytes, at) * U32 + readU32(bytes, at + 4)
}

function writeU32(bytes: Bytes, at: number, value: number): void {
  must(Number.isInteger(value) && value >= 0 && value < U32, 'a number in a key fits its width')
  bytes[at] = value >>> 24
  bytes[at + 1] = (value >>> 16) & 255
  bytes[at + 2] = (value >>> 8) & 255
  bytes[at + 3] = value & 255
}

function readU32(bytes: Bytes, at: number): number {
  const low = ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  return (bytes[at] as number) * 2 ** 24 + low
}
