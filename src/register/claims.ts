/**
 * What did somebody say that the other has not agreed to yet? "I helped someone" asks whoever was helped, once; they
 * agree, say another length once, or say no. Silence moves nothing: what waits long is for the desk ([EX-6]).
 */

import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, sameBytes, toHex } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { accountOf } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { dateOf } from './calendar.ts'
import { type Claim, type ClaimState, claimRow, readClaimRow } from './claim-rows.ts'
import {
  type HelpRecord,
  type HelpRequest,
  personOf,
  readTerms,
  recordHelp,
  type SignedInAct,
} from './exchanges.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

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
        const claim = readClaimRow(privateIdOf('claim', key), value)
        if (claim !== null && WAITING.has(claim.state)) claims.#waiting.set(toHex(claim.id), claim)
      }
    }
    return claims
  }

  /** What the register holds is what counts: whatever was erased there is not remembered here. */
  find(id: Bytes): Claim | null {
    const bytes = this.#node.store.get(privateKey('claim', id))
    const kept = readClaimRow(id, bytes)
    if (bytes !== undefined && kept === null) this.#waiting.delete(toHex(id))
    return this.#waiting.get(toHex(id)) ?? kept
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
    const kept = await this.#node.commit<Claim>((book) => {
      if (accountOf(book, helper.account)?.state !== 'open') return refuse('account_suspended')
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
    const index = made === null ? null : await this.#indexOfSame(claim, made)
    if (index === null) return claim
    const ended = await this.#change(claim, { state: 'agreed', index })
    return ended.ok ? ended.value : claim
  }

  /** Where the record stands that this press made, if it says what the claim says: anybody may have used the number before. */
  #indexOfSame({ helper, helped, minutes }: Claim, made: Bytes): Promise<number | null> {
    return this.#node.read(({ book, own }) => {
      const row = book.exchanges.find(made)
      const index = row < 0 ? null : book.exchanges.indexOf(row)
      const entry = index === null ? null : own.entry(index)
      const legs = entry?.kind === 'exchange' ? (decodeIntent(entry.body.intent)?.legs ?? []) : []
      const has = (account: Bytes, moved: number): boolean =>
        legs.some((leg) => sameBytes(leg.acct, account) && leg.minutes === moved)
      return legs.length === 2 && has(helper, minutes) && has(helped, -minutes) ? index : null
    })
  }

  async #change(claim: Claim, to: Partial<Claim>): Promise<Outcome<Claim>> {
    const changed = { ...claim, ...to }
    const kept = await this.#node.commit<Claim>(() =>
      this.find(claim.id) === null
        ? refuse('record_unknown')
        : accept({ entries: [], rows: [this.#keep(changed)], value: changed }),
    )
    return kept.ok ? accept(kept.value.value) : kept
  }

  #keep(claim: Claim): Write {
    if (WAITING.has(claim.state)) this.#waiting.set(toHex(claim.id), claim)
    else this.#waiting.delete(toHex(claim.id))
    return claimRow(claim)
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
