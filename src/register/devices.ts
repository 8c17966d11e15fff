/**
 * On which devices did somebody come in before? The browser keeps a random mark, the register its hash with the owner's
 * id, so that no two people's marks can be held together. A mark opens nothing: it only leads to a door of its own, at
 * which nobody else can keep its owner waiting ([SIGN-13]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { literal, record, time } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { forgetDoor } from './tries.ts'

const rowField = record({ version: literal(1), seen: time })
const MARK_BYTES = 32
const MARK = /^[\w-]{43}$/
const PAGE = 256
const SECONDS_PER_DAY = 86_400

interface Kept {
  readonly key: Bytes
  readonly seen: number
}

export class Devices {
  readonly #node: Node

  constructor(node: Node) {
    this.#node = node
  }

  /** What a browser without one is to keep. */
  newMark(): string {
    return Buffer.from(this.#node.random.bytes(MARK_BYTES)).toString('base64url')
  }

  /** The door of this device to this account or office (16 bytes); null when its owner never came in here. */
  doorOf(owner: Bytes, mark: string | undefined): string | null {
    if (mark === undefined || !MARK.test(mark)) return null
    const key = keyOf(owner, mark)
    const seen = seenIn(this.#node.store.get(key))
    return seen === null || this.#isOver(seen) ? null : doorNamed(key)
  }

  /** The rows that remember this device, for the commit of a sign-in; the one unused longest goes beyond the bound. */
  async remember(owner: Bytes, mark: string): Promise<Write[]> {
    const key = keyOf(owner, mark)
    const others = (await this.#of(owner)).filter((one) => toHex(one.key) !== toHex(key))
    const kept = others.filter(({ seen }) => !this.#isOver(seen)).sort((a, b) => b.seen - a.seen)
    const most = new Set(kept.slice(0, LIMITS.deviceMarks - 1))
    const over = others.filter((one) => !most.has(one))
    const value = encode(rowField.write({ version: 1, seen: this.#node.clock.now() }))
    return [...over.flatMap(gone), { put: key, value }]
  }

  /** The rows that forget all devices of this owner: one of them may be in wrong hands. */
  async forget(owner: Bytes): Promise<Write[]> {
    return (await this.#of(owner)).flatMap(gone)
  }

  async #of(owner: Bytes): Promise<Kept[]> {
    const found: Kept[] = []
    for await (const page of this.#node.store.pages(privateRange('device', owner), PAGE))
      for (const [key, value] of page) found.push({ key, seen: seenIn(value) ?? 0 })
    return found
  }

  #isOver(seen: number): boolean {
    return this.#node.clock.now() - seen > LIMITS.deviceMarkDays * SECONDS_PER_DAY
  }
}

/** The mark goes with what was counted at its door. */
function gone({ key }: Kept): Write[] {
  return [{ del: key }, forgetDoor(doorNamed(key))]
}

function doorNamed(key: Bytes): string {
  return `device ${toHex(key)}`
}

function keyOf(owner: Bytes, mark: string): Bytes {
  const hash = sha256(Buffer.concat([owner, new TextEncoder().encode(mark)]))
  return privateKey('device', Buffer.concat([owner, hash]))
}

function seenIn(value: Uint8Array | undefined): number | null {
  const decoded = value === undefined ? null : decode(value)
  return decoded?.ok ? (rowField.read(decoded.value)?.seen ?? null) : null
}
