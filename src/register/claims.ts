/**
 * What did somebody say that the other has not agreed to yet? "I helped someone" asks whoever was helped, once; they
 * agree, say another length once, or say no. Silence moves nothing: what waits long is for the desk ([EX-6]).
 */

import { decode, encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, integer, literal, optional, record, type TypeOf, text, time, u } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { dateOf } from './calendar.ts'
import {
  type HelpRecord,
  type HelpRequest,
  indexOf,
  personOf,
  readTerms,
  recordHelp,
  type SignedInAct,
} from './exchanges.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

/** `asked`: whoever was helped is asked. `countered`: they said another length, and the helper is asked. */
export const CLAIM_STATES = ['asked', 'countered', 'agreed', 'declined', 'withdrawn'] as const
export type ClaimState = (typeof CLAIM_STATES)[number]

export interface Claim {
  /** The nonce that its form has had since it was shown; 16 bytes. */
  readonly id: Bytes
  readonly helper: Bytes
  readonly helped: Bytes
  readonly minutes: number
  /** What the helper had said, where another length was said since. */
  readonly firstMinutes: number | null
  /** Days since 1970-01-01. */
  readonly day: number
  readonly category: number
  readonly note: string
  /** Seconds. */
  readonly made: number
  readonly state: ClaimState
  /** Index of the record it became. */
  readonly index: number | null
}

const rowField = record({
  version: literal(1),
  helper: b16,
  helped: b16,
  minutes: u,
  firstMinutes: optional(u),
  day: u,
  category: u,
  note: optional(text(LIMITS.noteBytes)),
  made: time,
  state: integer(0, CLAIM_STATES.length - 1),
  index: optional(u),
})
type Row = TypeOf<typeof rowField>
const PRIVATE = { controlCharacters: 'allowed' } as const
const PAGE = 256
const WAITING: ReadonlySet<ClaimState> = new Set(['asked', 'countered'])

export class Claims {
  readonly #node: Node
  readonly #people: People
  /** Those that wait for somebody, by id in hex; the others are read when they are asked for. */
  readonly #waiting = new Map<string, Claim>()

  private constructor(node: Node, people: People) {
    this.#node = node
    this.#people = people
  }

  static async open(node: Node, people: People): Promise<Claims> {
    const claims = new Claims(node, people)
    for await (const page of node.store.pages(privateRange('claim'), PAGE)) {
      for (const [key, value] of page) {
        const claim = read(privateIdOf('claim', key), value)
        if (claim !== null && WAITING.has(claim.state)) claims.#waiting.set(toHex(claim.id), claim)
      }
    }
    return claims
  }

  find(id: Bytes): Claim | null {
    return this.#waiting.get(toHex(id)) ?? readClaim(this.#node.store, id)
  }

  /** What waits for this member's word, oldest first. */
  waitingFor(account: Bytes): readonly Claim[] {
    return this.#sorted((claim) => sameBytes(asked(claim), account))
  }

  /** What this member said and somebody else has to answer. */
  waitingOnOthers(account: Bytes): readonly Claim[] {
    return this.#sorted((claim) => sameBytes(told(claim), account))
  }

  /** All that nobody has answered, for the desk. */
  unanswered(): readonly Claim[] {
    return this.#sorted(() => true)
  }

  /**
   * "I helped": asks whoever was helped. The same nonce again finds the first. Refuses what `readTerms` refuses,
   * `account_unknown`, `payer_is_payee` and `too_many_waiting`.
   */
  async make(
    helper: Person,
    request: Omit<HelpRequest, 'provider'> & { readonly nonce: string },
  ): Promise<Outcome<Claim>> {
    const id = fromHex(request.nonce, 16)
    if (id === null) return refuse('request_malformed', { field: 'nonce' })
    const terms = readTerms(request, { most: LIMITS.recordMinutes, now: this.#node.logTime() })
    if (!terms.ok) return terms
    const helped = personOf(this.#people, request.recipient)
    if (!helped.ok) return helped
    if (sameBytes(helped.value.account, helper.account))
      return refuse('payer_is_payee', { number: helper.number })
    const { minutes, day, category, note } = terms.value
    const claim: Claim = {
      id,
      helper: helper.account,
      helped: helped.value.account,
      minutes,
      firstMinutes: null,
      day,
      category,
      note,
      made: this.#node.clock.now(),
      state: 'asked',
      index: null,
    }
    const kept = await this.#node.commit<Claim>(() => {
      const known = this.find(id)
      if (known !== null && !sameBytes(known.helper, helper.account))
        return refuse('request_malformed', { nonce: 1 })
      if (known !== null) return accept({ entries: [], value: known })
      if (this.waitingOnOthers(helper.account).length >= LIMITS.claimsWaiting)
        return refuse('too_many_waiting', { most: LIMITS.claimsWaiting })
      return accept({ entries: [], rows: [this.#keep(claim)], value: claim })
    })
    return kept.ok ? accept(kept.value.value) : kept
  }

  /**
   * Whoever is asked agrees; then it is recorded. By another length only whoever was helped has agreed to lose hours, and
   * so it is their word in the record. Refuses `claim_answered`, `not_covered` and what `recordHelp` refuses.
   */
  agree(id: Bytes, by: SignedInAct): Promise<Outcome<HelpRecord>> {
    return this.#alone(id, (claim) => this.#agree(claim, by))
  }

  async #agree(claim: Claim | null, by: SignedInAct): Promise<Outcome<HelpRecord>> {
    if (claim === null) return refuse('record_unknown')
    if (!sameBytes(asked(claim), by.member.account)) return refuse('not_covered')
    if (claim.state === 'agreed' && claim.index !== null)
      return accept({ id: claim.id, record: 'known', index: claim.index })
    if (!WAITING.has(claim.state)) return refuse('claim_answered')
    const [helper, helped] = [this.#people.byAccount(claim.helper), this.#people.byAccount(claim.helped)]
    if (helper === null || helped === null) return refuse('account_unknown')
    const recorded = await recordHelp(
      this.#node,
      this.#people,
      {
        provider: helper.number,
        recipient: helped.number,
        minutes: claim.minutes,
        day: dateOf(claim.day),
        category: claim.category,
        note: claim.note,
        nonce: toHex(recordNonce(claim)),
      },
      { ...by, member: helped },
    )
    if (!recorded.ok) return recorded
    const ended = await this.#change(claim, { state: 'agreed', index: recorded.value.index })
    return ended.ok ? recorded : ended
  }

  /** "No", or the helper takes it back; nothing moves. Refuses `claim_answered` and `not_covered`. */
  end(id: Bytes, who: Person): Promise<Outcome<Claim>> {
    return this.#alone(id, (claim) => this.#end(claim, who))
  }

  async #end(claim: Claim | null, who: Person): Promise<Outcome<Claim>> {
    if (claim === null) return refuse('record_unknown')
    if (!WAITING.has(claim.state)) return refuse('claim_answered')
    if (sameBytes(asked(claim), who.account)) return this.#change(claim, { state: 'declined' })
    if (sameBytes(told(claim), who.account)) return this.#change(claim, { state: 'withdrawn' })
    return refuse('not_covered')
  }

  /** Whoever was helped says another length, once; then the helper is asked. Refuses as `end` does, and a bad length. */
  counter(id: Bytes, who: Person, minutes: number): Promise<Outcome<Claim>> {
    return this.#alone(id, (claim) => this.#counter(claim, who, minutes))
  }

  async #counter(claim: Claim | null, who: Person, minutes: number): Promise<Outcome<Claim>> {
    if (claim === null) return refuse('record_unknown')
    if (claim.state !== 'asked') return refuse('claim_answered')
    if (!sameBytes(claim.helped, who.account)) return refuse('not_covered')
    if (!Number.isInteger(minutes)) return refuse('minutes_not_whole')
    if (minutes < 1 || minutes > LIMITS.recordMinutes)
      return refuse('minutes_out_of_range', { leastMinutes: 1, mostMinutes: LIMITS.recordMinutes })
    return this.#change(claim, { state: 'countered', minutes, firstMinutes: claim.minutes })
  }

  /** One answer counts: of two at once the second finds that there was one. */
  #alone<T>(id: Bytes, answer: (claim: Claim | null) => Promise<T>): Promise<T> {
    return this.#people.presses.alone(id, async () => {
      const claim = this.find(id)
      return answer(claim === null ? null : await this.#asRecorded(claim))
    })
  }

  /** A power cut between a record and its claim leaves the claim waiting; the record says that it was agreed to. */
  async #asRecorded(claim: Claim): Promise<Claim> {
    const made = WAITING.has(claim.state) ? this.#people.presses.made(recordNonce(claim)) : null
    if (made === null) return claim
    const ended = await this.#change(claim, { state: 'agreed', index: await indexOf(this.#node, made) })
    return ended.ok ? ended.value : claim
  }

  async #change(claim: Claim, to: Partial<Claim>): Promise<Outcome<Claim>> {
    const changed = { ...claim, ...to }
    const kept = await this.#node.commit<Claim>(() =>
      accept({ entries: [], rows: [this.#keep(changed)], value: changed }),
    )
    return kept.ok ? accept(kept.value.value) : kept
  }

  #keep(claim: Claim): Write {
    if (WAITING.has(claim.state)) this.#waiting.set(toHex(claim.id), claim)
    else this.#waiting.delete(toHex(claim.id))
    return write(claim)
  }

  #sorted(fits: (claim: Claim) => boolean): readonly Claim[] {
    // Nothing waits for or from somebody who was erased.
    const known = ({ helper, helped }: Claim): boolean =>
      this.#people.byAccount(helper) !== null && this.#people.byAccount(helped) !== null
    return [...this.#waiting.values()]
      .filter((claim) => known(claim) && fits(claim))
      .sort((a, b) => a.made - b.made)
  }
}

/** Who is asked now. */
function asked({ state, helper, helped }: Claim): Bytes {
  return state === 'countered' ? helper : helped
}

/** Who has said something and waits. */
function told({ state, helper, helped }: Claim): Bytes {
  return state === 'countered' ? helped : helper
}

/** A claim becomes one record however often somebody agrees. */
function recordNonce({ id }: Claim): Bytes {
  return sha256(Buffer.concat([new TextEncoder().encode('claim '), id])).slice(0, 16)
}

function write({ id, state, note, ...rest }: Claim): Write {
  const row: Row = {
    version: 1,
    ...rest,
    note: note === '' ? null : note,
    state: CLAIM_STATES.indexOf(state),
  }
  return { put: privateKey('claim', id), value: encode(rowField.write(row), PRIVATE) }
}

function readClaim(store: Store, id: Bytes): Claim | null {
  return read(id, store.get(privateKey('claim', id)))
}

function read(id: Bytes, bytes: Bytes | undefined): Claim | null {
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  const row = decoded?.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, state, note, ...rest } = row
  return { id, ...rest, note: note ?? '', state: CLAIM_STATES[state] as ClaimState }
}
