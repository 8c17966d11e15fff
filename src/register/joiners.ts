/**
 * Who would like to join? Whoever answers five questions, or rings, is kept apart from the members until the desk has met
 * and welcomed them ([DESK-5]). Rows are private, can be erased at once, and fall away 90 days after the last word.
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, integer, literal, optional, record, text, time, u } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { readHouseRules } from './house-rules.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import { Rates } from './rates.ts'
import { fits, line, lineOrNull, wordsOrNull } from './texts.ts'
import { joinsFrom } from './whence.ts'
import { wipeRows } from './wiping.ts'

export const JOIN_STATES = ['asked', 'met', 'welcomed', 'not_now'] as const
export type JoinState = (typeof JOIN_STATES)[number]

/** What somebody says who would like to join. */
export interface JoinRequest {
  readonly name: string
  readonly phone: string | null
  /** Another way to reach them: an e-mail address, or where to write to. */
  readonly reach: string | null
  readonly area: string | null
  readonly can: string | null
  readonly wants: string | null
}

export interface Joiner extends JoinRequest {
  /** 16 bytes. */
  readonly id: Bytes
  /** Version of the rules that was agreed to. */
  readonly rules: number
  /** Seconds: when it was asked, and when its state changed. */
  readonly made: number
  readonly changed: number
  readonly state: JoinState
  /** Who they are here, once they were welcomed. */
  readonly account: Bytes | null
}

const short = optional(text(LIMITS.contactBytes))
const rowField = record({
  version: literal(1),
  name: text(LIMITS.nameBytes),
  phone: short,
  reach: short,
  area: short,
  can: optional(text(LIMITS.noteBytes)),
  wants: optional(text(LIMITS.noteBytes)),
  rules: u,
  made: time,
  changed: time,
  state: integer(0, JOIN_STATES.length - 1),
  account: optional(b16),
})
const PRIVATE = { controlCharacters: 'allowed' } as const
const PAGE = 256
const DAY = 86_400
/** Both answers and another way to be reached fit into the note of a member. */
const WORDS_BYTES = Math.floor(LIMITS.noteBytes / 3)
const NOBODY: JoinRequest = { name: '', phone: null, reach: null, area: null, can: null, wants: null }

export class Joiners {
  readonly #node: Node
  readonly #people: People
  readonly #rates: Rates
  readonly #known = new Map<string, Joiner>()

  private constructor(node: Node, people: People, rates: Rates) {
    this.#node = node
    this.#people = people
    this.#rates = rates
  }

  static async open(node: Node, people: People, rates = new Rates()): Promise<Joiners> {
    const joiners = new Joiners(node, people, rates)
    for await (const page of node.store.pages(privateRange('joiner'), PAGE)) {
      for (const [key, value] of page) {
        const joiner = readRow(privateIdOf('joiner', key), value)
        if (joiner !== null) joiners.#known.set(toHex(joiner.id), joiner)
      }
    }
    return joiners
  }

  /** Those whom the desk has not welcomed, the newest first; not those who fell away. */
  all(): readonly Joiner[] {
    const now = this.#node.clock.now()
    return [...this.#known.values()]
      .filter((one) => one.state !== 'welcomed' && !isOver(one, now))
      .sort((a, b) => b.made - a.made)
  }

  find(id: Bytes): Joiner | null {
    const joiner = this.#known.get(toHex(id)) ?? null
    return joiner === null || isOver(joiner, this.#node.clock.now()) ? null : joiner
  }

  /** What this member agreed to when joining; null for whoever came in another way, or was erased. */
  agreedBy(account: Bytes): Pick<Joiner, 'rules' | 'made'> | null {
    const hex = toHex(account)
    const found = [...this.#known.values()].find((one) => one.account !== null && toHex(one.account) === hex)
    // Erasing a person takes this row along.
    const there = found !== undefined && (this.#node.store.get(keyOf(found.id))?.length ?? 0) > 1
    return there ? found : null
  }

  /**
   * Somebody asks to join; the same nonce again finds the first. `rules` is the version that was shown. So many are
   * taken from one address, so that one machine keeps nobody else out, and then so many of all. Refuses `name_missing`, `text_too_long`, `request_malformed` and `joins_too_many`.
   */
  async ask(
    request: JoinRequest,
    given: { readonly nonce: string; readonly rules: number; readonly address?: string | null },
  ): Promise<Outcome<Joiner>> {
    const nonce = fromHex(given.nonce, 16)
    if (nonce === null) return refuse('request_malformed', { field: 'nonce' })
    const read = readRequest(request)
    if (!read.ok) return read
    const id = idOf(nonce)
    const kept = await this.#node.commit<Joiner>((_, now) => {
      const known = this.#known.get(toHex(id))
      if (known !== undefined) return accept({ entries: [], value: known })
      const rules = Math.min(given.rules, readHouseRules(this.#node.store).version)
      const today = [...this.#known.values()].filter(({ made }) => made > now - DAY)
      if (today.length >= LIMITS.joinsPerDay) return refuse('joins_too_many', { most: LIMITS.joinsPerDay })
      const counted = this.#rates.take(joinsFrom(given.address ?? null), this.#node.clock.now())
      if (!counted.ok) return counted
      const joiner = {
        ...read.value,
        id,
        rules,
        made: now,
        changed: now,
        state: 'asked' as const,
        account: null,
      }
      return accept({ entries: [], rows: [this.#keep(joiner), ...counted.value], value: joiner })
    })
    return kept.ok ? accept(kept.value.value) : kept
  }

  /** The desk has met them, or it is not for now, or they were asked again. Refuses `record_unknown`. */
  move(id: Bytes, state: Exclude<JoinState, 'welcomed'>): Promise<Outcome<Joiner>> {
    return this.#change(id, (joiner, now) =>
      joiner.state === state || joiner.state === 'welcomed' ? joiner : { ...joiner, state, changed: now },
    )
  }

  /** They are this member now: what they said is kept there, and here only what they agreed to. */
  welcomed(id: Bytes, account: Bytes): Promise<Outcome<Joiner>> {
    return this.#change(id, (joiner, now) =>
      joiner.state === 'welcomed'
        ? joiner
        : { ...joiner, ...NOBODY, state: 'welcomed', account, changed: now },
    )
  }

  /** Nothing is kept of them any more. */
  async erase(id: Bytes): Promise<void> {
    this.#known.delete(toHex(id))
    await wipeRows(this.#node, [keyOf(id)])
  }

  /** Erases whoever fell away. */
  async prune(): Promise<void> {
    const now = this.#node.clock.now()
    const over = [...this.#known.values()].filter((one) => isOver(one, now))
    for (const { id } of over) this.#known.delete(toHex(id))
    if (over.length > 0)
      await wipeRows(
        this.#node,
        over.map(({ id }) => keyOf(id)),
      )
  }

  /** Members who may be the same person: by name or by telephone. */
  alike({ name, phone }: Pick<Joiner, 'name' | 'phone'>): readonly Person[] {
    const [spelled, digits] = [name.toLowerCase(), digitsOf(phone)]
    return this.#people.all().filter((person) => {
      const phones = [person.phone, person.phone2].map(digitsOf)
      return person.name.toLowerCase() === spelled || (digits !== '' && phones.includes(digits))
    })
  }

  async #change(id: Bytes, change: (joiner: Joiner, now: number) => Joiner): Promise<Outcome<Joiner>> {
    const kept = await this.#node.commit<Joiner>((_, now) => {
      const joiner = this.find(id)
      if (joiner === null) return refuse('record_unknown')
      const changed = change(joiner, now)
      return accept({ entries: [], rows: changed === joiner ? [] : [this.#keep(changed)], value: changed })
    })
    return kept.ok ? accept(kept.value.value) : kept
  }

  #keep(joiner: Joiner): Write {
    this.#known.set(toHex(joiner.id), joiner)
    const { id, state, ...rest } = joiner
    const row = rowField.write({ version: 1, ...rest, state: JOIN_STATES.indexOf(state) })
    return { put: keyOf(id), value: encode(row, PRIVATE) }
  }
}

/** What was said as it is kept, or `name_missing` and `text_too_long`. */
function readRequest(given: JoinRequest): Outcome<JoinRequest> {
  const read: JoinRequest = {
    name: line(given.name),
    phone: lineOrNull(given.phone),
    reach: lineOrNull(given.reach),
    area: lineOrNull(given.area),
    can: wordsOrNull(given.can),
    wants: wordsOrNull(given.wants),
  }
  if (read.name === '') return refuse('name_missing')
  for (const [field, value] of Object.entries(read)) {
    const isLong = field === 'can' || field === 'wants'
    const mostBytes = field === 'name' ? LIMITS.nameBytes : isLong ? WORDS_BYTES : LIMITS.contactBytes
    if (!fits(value, mostBytes)) return refuse('text_too_long', { field, mostBytes })
  }
  return accept(read)
}

/** The nonce of the form in which this joiner becomes a person: pressed twice, or after a crash, it is one person. */
export function welcomeNonce({ id }: Joiner): string {
  return toHex(sha256(Buffer.concat([new TextEncoder().encode('welcome '), id])).slice(0, 16))
}

function idOf(nonce: Bytes): Bytes {
  return sha256(Buffer.concat([new TextEncoder().encode('joiner '), nonce])).slice(0, 16)
}

function isOver({ state, changed }: Joiner, now: number): boolean {
  return state !== 'welcomed' && now > changed + LIMITS.joinerSeconds
}

/** The last digits of a telephone number, which are the same with and without the country's own. */
function digitsOf(phone: string | null): string {
  const digits = (phone ?? '').replace(/\D/g, '')
  return digits.length < 6 ? '' : digits.slice(-9)
}

function keyOf(id: Bytes): Bytes {
  return privateKey('joiner', id)
}

function readRow(id: Bytes, value: Uint8Array): Joiner | null {
  const decoded = decode(value, PRIVATE)
  const row = decoded.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, state, ...rest } = row
  return { id, ...rest, state: JOIN_STATES[state] as JoinState }
}
