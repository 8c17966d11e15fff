/**
 * How does a coordinator come in? With a password of the own choice; with one of ten printed recovery codes when it is
 * forgotten; and the very first time by a link that the program itself prints ([SIGN-8], [SIGN-9]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b32, list, literal, record, type TypeOf, time } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import type { Rate, Rates } from './rates.ts'
import {
  checkSecret,
  groupedCode,
  hashedCode,
  hashedField,
  hashSecret,
  isHashingFull,
  randomCode,
  typedCode,
} from './secrets.ts'
import { Tries } from './tries.ts'
import { guessesFrom, UNKNOWN_PLACE, type Whence } from './whence.ts'

const rowField = record({
  version: literal(1),
  password: hashedField,
  recovery: list(b32, 0, 20),
  changed: time,
})
type Row = TypeOf<typeof rowField>

export interface Recovered {
  readonly actor: Bytes
  /** Codes that still open. */
  readonly left: number
}

/** A door that opens once. */
export interface SetUpLink {
  /** Below the address of the pages. */
  readonly path: string
  /** Seconds. */
  readonly ends: number
}

/** Characters of a recovery code: 12 of 30 letters are 58 bits. */
const RECOVERY_CHARACTERS = 12
const LINK_BYTES = 24

export class Logins {
  readonly #node: Node
  readonly #tries: Tries
  /** Links that were made and not used: hash of the token to actor and end, in seconds. A restart forgets them. */
  readonly #links = new Map<string, { actor: Bytes; ends: number }>()
  /** One after the other, so that no code opens twice and none comes back. */
  #recovering: Promise<unknown> = Promise.resolve()

  constructor(node: Node, rates?: Rates) {
    this.#node = node
    this.#tries = new Tries(node, rates)
  }

  /** Whether anybody can sign in here at all; until then a link is the only door. */
  async anybody(): Promise<boolean> {
    for await (const page of this.#node.store.pages(privateRange('login'), 1))
      if (page.length > 0) return true
    return false
  }

  has(actor: Bytes): boolean {
    return this.#row(actor) !== null
  }

  /** Lets this coordinator choose a password, once and for half an hour. It ends the one that was made before. */
  link(actor: Bytes): SetUpLink {
    const token = Buffer.from(this.#node.random.bytes(LINK_BYTES)).toString('base64url')
    const now = this.#node.clock.now()
    for (const [key, one] of this.#links)
      if (one.ends < now || sameBytes(one.actor, actor)) this.#links.delete(key)
    const ends = now + LIMITS.coordinatorLinkSeconds
    this.#links.set(toHex(hashedCode(token)), { actor, ends })
    return { path: `/setup/${token}`, ends }
  }

  /** For whom this link is, while it is good. */
  linked(token: string): Bytes | null {
    const link = this.#links.get(toHex(hashedCode(token)))
    return link !== undefined && link.ends >= this.#node.clock.now() ? link.actor : null
  }

  /**
   * Sets the password behind a link or for somebody who is signed in, and gives ten new recovery codes; the link is
   * used up. Refuses `password_short` and what the writer refuses. `rows` become durable with it.
   */
  async choose(
    actor: Bytes,
    password: string,
    { token = null, rows = [] }: { token?: string | null; rows?: readonly Write[] } = {},
  ): Promise<Outcome<readonly string[]>> {
    if ([...password.normalize('NFKC')].length < LIMITS.passwordCharacters)
      return refuse('password_short', { leastCharacters: LIMITS.passwordCharacters })
    if (Buffer.byteLength(password) > LIMITS.passwordBytes)
      return refuse('text_too_long', { field: 'password', mostBytes: LIMITS.passwordBytes })
    const codes = Array.from({ length: LIMITS.recoveryCodes }, () =>
      randomCode(RECOVERY_CHARACTERS, this.#node.random),
    )
    const hashed = await hashSecret(password, this.#node.random)
    if (!hashed.ok) return hashed
    const row: Row = {
      version: 1,
      password: hashed.value,
      recovery: codes.map(hashedCode),
      changed: this.#node.clock.now(),
    }
    const forgotten = this.#tries.forget(doorOf(actor))
    const kept = await this.#node.commit(() =>
      accept({ entries: [], rows: [...rows, ...forgotten, write(actor, row)], value: null }),
    )
    if (!kept.ok) return kept
    if (token !== null) this.#links.delete(toHex(hashedCode(token)))
    return accept(codes.map(groupedCode))
  }

  /**
   * Who of these coordinators has this password; several may bear one name. Gives rows that belong to the sign-in.
   * Refuses `sign_in_wrong`, `tried_too_often` and `too_busy`; for nobody too, by the name that was `asked`, so that no
   * answer and no wait tells which names exist.
   */
  async enter(
    actors: readonly Bytes[],
    password: string,
    asked = '',
    whence: Whence = UNKNOWN_PLACE,
  ): Promise<Outcome<{ actor: Bytes; rows: Write[] }>> {
    if (isHashingFull()) return refuse('too_busy')
    if (actors.length === 0) return this.#enterNobody(`login ${asked}`, password, guessesFrom(whence))
    let waits: Outcome<never> | null = null
    const others: { door: string; places: readonly Rate[] }[] = []
    for (const actor of actors) {
      const known = whence.doorOf(actor)
      const door = known ?? doorOf(actor)
      const places = known === null ? guessesFrom(whence) : []
      const taken = await this.#tries.take(door, places)
      if (!taken.ok) {
        waits = taken
        continue
      }
      const right = await checkSecret(this.#row(actor)?.password ?? null, password)
      if (!right.ok) {
        // At the doors before this one something was compared: those tries stay taken.
        await this.#tries.release(door, places)
        return right
      }
      if (right.value) {
        // Somebody else of the same name is not kept out by this one's right password.
        const rows = [
          ...this.#tries.forget(door, places),
          ...others.flatMap((one) => this.#tries.giveBack(one.door, one.places)),
        ]
        return accept({ actor, rows })
      }
      others.push({ door, places })
    }
    return waits ?? refuse('sign_in_wrong')
  }

  async #enterNobody(door: string, password: string, places: readonly Rate[]): Promise<Outcome<never>> {
    const taken = await this.#tries.takeOfNobody(door, places)
    if (!taken.ok) return taken
    const compared = await checkSecret(null, password)
    if (compared.ok) return refuse('sign_in_wrong')
    await this.#tries.releaseOfNobody(door, places)
    return compared
  }

  /** A recovery code opens once; whoever comes in by it is to choose a new password. Refuses as `enter` does. */
  recover(actors: readonly Bytes[], typed: string, asked = ''): Promise<Outcome<Recovered>> {
    const mine = this.#recovering.then(() => this.#recover(actors, typed, asked))
    this.#recovering = mine.catch(() => undefined)
    return mine
  }

  async #recover(actors: readonly Bytes[], typed: string, asked: string): Promise<Outcome<Recovered>> {
    const hash = hashedCode(typedCode(typed))
    if (actors.length === 0) {
      const taken = await this.#tries.takeOfNobody(`login ${asked} recovery`)
      // The look for the code is a turn at the writer as well.
      const looked = taken.ok ? await this.#node.commit(() => accept({ entries: [], value: null })) : taken
      return looked.ok ? refuse('sign_in_wrong') : looked
    }
    for (const actor of actors) {
      const door = `${doorOf(actor)} recovery`
      const taken = await this.#tries.take(door)
      if (!taken.ok) return taken
      const used = await this.#node.commit<number | null>(() => {
        const row = this.#row(actor)
        const left = row?.recovery.filter((code) => !sameBytes(code, hash))
        if (row === null || left === undefined || left.length === row.recovery.length)
          return accept({ entries: [], value: null })
        const rows = [write(actor, { ...row, recovery: left }), ...this.#tries.forget(door)]
        return accept({ entries: [], rows, value: left.length })
      })
      if (!used.ok) return used
      if (used.value.value !== null) return accept({ actor, left: used.value.value })
    }
    return refuse('sign_in_wrong')
  }

  #row(actor: Bytes): Row | null {
    const bytes = this.#node.store.get(privateKey('login', actor))
    const decoded = bytes === undefined ? null : decode(bytes)
    return (decoded?.ok ? rowField.read(decoded.value) : undefined) ?? null
  }
}

function write(actor: Bytes, row: Row): Write {
  return { put: privateKey('login', actor), value: encode(rowField.write(row)) }
}

function doorOf(actor: Bytes): string {
  return `login ${toHex(actor)}`
}
