/**
 * How does a member come in? With number and PIN; the first time, and whenever a telephone is lost, with a code from a
 * letter or read out by the desk, which leads to a new PIN ([SIGN-4], [SIGN-5]). Nobody needs an e-mail address.
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b32, integer, list, literal, optional, record, type TypeOf, time } from '../core/schema.ts'
import type { Committed, Decided } from '../node/commit.ts'
import type { Node } from '../node/node.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { Devices } from './devices.ts'
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
import { Turns } from './turns.ts'
import { guessesFrom, STRANGE_PINS, UNKNOWN_PLACE, type Whence } from './whence.ts'

/** `said`: six digits, read out or shown at the desk, for a quarter of an hour. `letter`: ten characters, for two weeks. */
export const CODE_KINDS = ['said', 'letter'] as const
export type CodeKind = (typeof CODE_KINDS)[number]

const codeField = record({ kind: integer(0, CODE_KINDS.length - 1), hash: b32, ends: time })
const rowField = record({
  version: literal(1),
  pin: optional(hashedField),
  codes: list(codeField, 0, LIMITS.memberCodes),
})
type Row = TypeOf<typeof rowField>
const EMPTY: Row = { version: 1, pin: null, codes: [] }

const LETTER_CHARACTERS = 10
const SAID_DIGITS = 6

export class MemberKeys {
  readonly #node: Node
  readonly #tries: Tries
  readonly #devices: Devices
  readonly #turns = new Turns()

  constructor(node: Node, rates?: Rates) {
    this.#node = node
    this.#tries = new Tries(node, rates)
    this.#devices = new Devices(node)
  }

  hasPin(account: Bytes): boolean {
    return this.#row(account).pin !== null
  }

  /**
   * A new code that lets this member in once, as it is said or printed; `rows` of this log time become durable with it.
   * Older codes stay good until they end ([SIGN-4]).
   */
  async makeCode(
    account: Bytes,
    kind: CodeKind,
    rows: (now: number) => readonly Write[] = () => [],
  ): Promise<Outcome<{ code: string; ends: number }>> {
    const { random, clock } = this.#node
    const code = kind === 'said' ? digits(random.bytes(8)) : randomCode(LETTER_CHARACTERS, random)
    const now = clock.now()
    const ends = now + (kind === 'said' ? LIMITS.saidCodeSeconds : LIMITS.letterCodeSeconds)
    const kept = await this.#commit(account, (time) => {
      const row = this.#row(account)
      const made = { kind: CODE_KINDS.indexOf(kind), hash: hashOf(account, code), ends }
      const codes = [...row.codes.filter((one) => one.ends > now), made].slice(-LIMITS.memberCodes)
      return accept({ entries: [], rows: [...rows(time), write(account, { ...row, codes })], value: null })
    })
    return kept.ok ? accept({ code: kind === 'said' ? code : groupedCode(code), ends }) : kept
  }

  /**
   * Whether this code lets this member in now; it is used up by `choosePin`. Refuses `code_wrong`, `code_over` and
   * `tried_too_often`; for nobody too, by the number that was `asked`.
   */
  async tryCode(account: Bytes | null, typed: string, asked = ''): Promise<Outcome<null>> {
    if (account === null) {
      const taken = await this.#tries.takeOfNobody(`code ${asked}`)
      return taken.ok ? refuse('code_wrong') : taken
    }
    const door = codeDoor(account)
    const taken = await this.#tries.take(door)
    if (!taken.ok) return taken
    const found = this.#find(account, typed)
    if (found === null) return refuse('code_wrong')
    const back = await this.#node.commit(() =>
      accept({ entries: [], rows: this.#tries.giveBack(door), value: null }),
    )
    if (!back.ok) return back
    return found.ends >= this.#node.clock.now() ? accept(null) : refuse('code_over', { ended: found.ends })
  }

  /**
   * Sets the PIN behind a code, which is used up with all others, or behind the present PIN. Refuses `pin_unfit`, and
   * what `tryCode` or `enter` refuses.
   */
  async choosePin(
    account: Bytes,
    pin: string,
    by: { readonly code: string } | { readonly pin: string },
  ): Promise<Outcome<null>> {
    if (!isFitPin(pin)) return refuse('pin_unfit')
    const may = 'code' in by ? await this.tryCode(account, by.code) : await this.enter(account, by.pin)
    if (!may.ok) return may
    const hashed = await hashSecret(pin, this.#node.random)
    if (!hashed.ok) return hashed
    // Whoever comes in by a code may have lost a telephone, and its mark with it.
    const devices = 'code' in by ? await this.#devices.forget(account) : []
    const kept = await this.#commit(account, () => {
      // Looked at again: of two presses with one code the second finds it used.
      if ('code' in by && this.#find(account, by.code) === null) return refuse('code_wrong')
      const forgotten = [...this.#tries.forget(codeDoor(account)), ...this.#tries.forget(pinDoor(account))]
      const rows = [...devices, ...forgotten, write(account, { version: 1, pin: hashed.value, codes: [] })]
      return accept({ entries: [], rows, value: null })
    })
    return kept.ok ? accept(null) : kept
  }

  /**
   * Whether this is the member's PIN. Refuses `sign_in_wrong`, `tried_too_often`, `new_devices_wait` and `too_busy`; for
   * nobody too, by the number that was `asked`, so that no answer and no wait tells which numbers exist.
   */
  async enter(
    account: Bytes | null,
    pin: string,
    asked = '',
    whence: Whence = UNKNOWN_PLACE,
  ): Promise<Outcome<{ rows: Write[] }>> {
    if (isHashingFull()) return refuse('too_busy')
    if (account === null) return this.#enterNobody(`pin ${asked}`, pin, strangePlaces(whence))
    const known = whence.doorOf(account)
    const door = known ?? pinDoor(account)
    // A device that its owner knows waits for its own wrong guesses alone, whatever goes on elsewhere.
    const places = known === null ? strangePlaces(whence) : []
    const taken = await this.#tries.take(door, places)
    if (!taken.ok) return taken
    const right = await checkSecret(this.#row(account).pin, pin)
    if (right.ok)
      return right.value ? accept({ rows: this.#tries.forget(door, places) }) : refuse('sign_in_wrong')
    await this.#tries.release(door, places)
    return right
  }

  /**
   * Whether this is the PIN of a member who is signed in already, asked once more before many hours leave ([SIGN-15]). It is the
   * same door: wrong ones count together, and a right one forgets them. Refuses what `enter` refuses.
   */
  async confirm(account: Bytes, pin: string, whence: Whence = UNKNOWN_PLACE): Promise<Outcome<null>> {
    const entered = await this.enter(account, pin, '', whence)
    if (!entered.ok) return entered
    const { rows } = entered.value
    const kept = await this.#node.commit(() => accept({ entries: [], rows, value: null }))
    return kept.ok ? accept(null) : kept
  }

  async #enterNobody(door: string, pin: string, places: readonly Rate[]): Promise<Outcome<never>> {
    const taken = await this.#tries.takeOfNobody(door, places)
    if (!taken.ok) return taken
    const compared = await checkSecret(null, pin)
    if (compared.ok) return refuse('sign_in_wrong')
    await this.#tries.releaseOfNobody(door, places)
    return compared
  }

  /** The row that takes PIN and codes away, for a commit: a lost telephone, or somebody who leaves. */
  forget(account: Bytes): Write {
    return { del: privateKey('member-key', account) }
  }

  /** Changes of one member's row wait for one another: each finds on the disk what the last one left. */
  #commit<T>(account: Bytes, decide: (now: number) => Outcome<Decided<T>>): Promise<Outcome<Committed<T>>> {
    return this.#turns.alone(account, () => this.#node.commit((_, now) => decide(now)))
  }

  #find(account: Bytes, typed: string): Row['codes'][number] | null {
    const hash = hashOf(account, typedCode(typed))
    return this.#row(account).codes.find((one) => sameBytes(one.hash, hash)) ?? null
  }

  #row(account: Bytes): Row {
    const bytes = this.#node.store.get(privateKey('member-key', account))
    const decoded = bytes === undefined ? null : decode(bytes)
    return (decoded?.ok ? rowField.read(decoded.value) : undefined) ?? EMPTY
  }
}

/**
 * Four to six digits, and none of those tried first: even steps up or down, doubled digits, parts said again, years of
 * birth, and what many people choose.
 */
export function isFitPin(pin: string): boolean {
  if (!/^\d{4,6}$/.test(pin) || OFTEN_CHOSEN.has(pin)) return false
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])))
  const isPattern = /^(\d{2,3})\1+$/.test(pin) || /^(\d)\1(\d)\2(?:(\d)\3)?$/.test(pin)
  const isYear = /^(?:19[3-9]|20[0-2])\d$/.test(pin)
  return steps.size > 1 && !isPattern && !isYear
}

/** Lines and shapes on a telephone's keys, dates, and digits in an order that comes to mind, beside the patterns above. */
const OFTEN_CHOSEN: ReadonlySet<string> = new Set(
  [
    '1004 1001 2112 1221 1331 1236 1245 1230 1231 1232 1233 1123 1224 1342 1379 1397 6996 0001 0007 0911 0110',
    '2580 0852 1470 0741 7410 1478 7412 3690 0963 9630 1590 0159 9510 3570 0753 1593 3571 7539 9517 5683 5150 1225',
    '02580 12321 12344 12340 11223 14789 15963 112211 123321 123654 123789 321654 654123 147258 258456 159753 159357',
    '357159 789456 456123 741852 852963 963852 147852 102030 101112 520131 142536 192837 112358 314159 123450',
  ].flatMap((some) => some.split(' ')),
)

function codeDoor(account: Bytes): string {
  return `code ${toHex(account)}`
}

function pinDoor(account: Bytes): string {
  return `pin ${toHex(account)}`
}

/** Where a wrong PIN is counted that comes from no known device. */
function strangePlaces(whence: Whence): Rate[] {
  return [...guessesFrom(whence), STRANGE_PINS]
}

/** Codes are short, so each is hashed with its owner: nobody looks through all of them at once. */
function hashOf(account: Bytes, code: string): Bytes {
  return hashedCode(`${toHex(account)} ${code}`)
}

function write(account: Bytes, row: Row): Write {
  return { put: privateKey('member-key', account), value: encode(rowField.write(row)) }
}

/** Six digits, evenly drawn from 64 bits. */
function digits(bytes: Bytes): string {
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) % 10n ** BigInt(SAID_DIGITS)
  return String(number).padStart(SAID_DIGITS, '0')
}
