/**
 * Which requests have members made? A member who helped asks for the hours: a code for whoever pays, good for so many
 * payments and so long. The words rest here; another bank sees an endorsed entry, a name and the words ([EX-20]).
 */

import { encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, fromHex, HASH_BYTES, sameBytes } from '../core/ids.ts'
import { accountOf } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import { dayAt, dayOf } from './calendar.ts'
import { dayInRange, personOf } from './exchanges.ts'
import type { People } from './people.ts'
import type { Press } from './presses.ts'
import { newCode, readCode } from './request-codes.ts'
import type { Request } from './request-rows.ts'
import { fits, words } from './texts.ts'

export type RequestState = 'open' | 'used' | 'expired' | 'withdrawn'

/** A request and what became of it: payments and exchanges that used it, oldest first, each with when. */
export interface RequestView extends Request {
  readonly state: RequestState
  readonly used: readonly { readonly record: Bytes; readonly time: number }[]
}

export interface NewRequest {
  /** Member number of whoever helped. */
  readonly number: string
  /** Null: the payer says how long it was. */
  readonly minutes?: number | null
  readonly category?: number | null
  /** YYYY-MM-DD. */
  readonly day?: string | null
  readonly what?: string | null
  /** Payments it is good for; one unless said otherwise. */
  readonly uses?: number | null
  /** Seconds it is good for; a day unless said otherwise. */
  readonly seconds?: number | null
  /** 32 hex digits that the form has had since it was shown: two presses make one code. */
  readonly nonce?: string | null
}

/** For whom the desk asks, where it is not for one help: the most minutes, and rows that go with the request's own. */
export interface AskedByDesk {
  readonly most: number
  readonly rows: (handle: Bytes) => readonly Write[]
}

const ONE_HELP: AskedByDesk = { most: LIMITS.recordMinutes, rows: () => [] }

/**
 * A request of a member, durable before its code is shown. Refuses `account_unknown`, `account_closed`,
 * `account_suspended`, `requests_too_many`, `request_limits`, and what is wrong with minutes, day, category and words.
 */
export async function makeRequest(
  node: Node,
  people: People,
  asked: NewRequest,
  how: AskedByDesk = ONE_HELP,
): Promise<Outcome<RequestView>> {
  const nonce = typeof asked.nonce === 'string' ? fromHex(asked.nonce, 16) : null
  if (nonce === null) return make(node, people, asked, how, null)
  const { number, minutes, category, day, what, uses, seconds } = asked
  const said = sha256(
    encode([
      number,
      minutes ?? null,
      category ?? null,
      day ?? null,
      words(what ?? ''),
      uses ?? null,
      seconds ?? null,
    ]),
  )
  const press = { nonce, said }
  return people.presses.once(
    press,
    () => make(node, people, asked, how, press),
    (id) => requestByCode(node, people, codeOf(id)),
  )
}

/** A press leads to 32 bytes: of a request, its code and zeros behind. */
function idOf(code: string): Bytes {
  const id = new Uint8Array(HASH_BYTES)
  id.set(new TextEncoder().encode(code))
  return id
}

function codeOf(id: Bytes): string {
  return new TextDecoder().decode(id.subarray(0, LIMITS.requestCodeLetters))
}

async function make(
  node: Node,
  people: People,
  asked: NewRequest,
  how: AskedByDesk,
  press: Press | null,
): Promise<Outcome<RequestView>> {
  const person = personOf(people, asked.number)
  if (!person.ok) return person
  const read = readRequest(asked, node.logTime(), how.most)
  if (!read.ok) return read
  const { seconds, ...terms } = read.value
  const salt = (): Bytes => node.random.bytes(32)
  const salts = [salt(), salt(), salt()] as const
  const outcome = await node.commit<Request>((book, now) => {
    const { account } = person.value
    const state = accountOf(book, account)?.state
    if (state !== 'open') return refuse(state === 'suspended' ? 'account_suspended' : 'account_closed')
    const { requests } = people
    const rows = requests.tidy(now)
    const open = requests.of(account).filter((one) => one.withdrawn === null && one.expires >= now)
    const waiting = open.filter(({ handle }) => node.handles.look(handle, now).ok)
    if (waiting.length >= LIMITS.requestsOpen)
      return refuse('requests_too_many', { most: LIMITS.requestsOpen })
    const issued = node.handles.issue(account, { uses: terms.uses, now, seconds })
    if (!issued.ok) return issued
    const { handle, expires, row } = issued.value
    let code = newCode(node.random)
    while (requests.byCode(code) !== null) code = newCode(node.random)
    const request = { ...terms, handle, code, account, salts, created: now, expires, withdrawn: null }
    const pressed = press === null ? [] : [people.presses.row(press, idOf(code))]
    const all = [...rows, row, requests.keep(request), ...pressed, ...how.rows(handle)]
    return accept({ entries: [], rows: all, value: request })
  })
  return outcome.ok ? accept({ ...outcome.value.value, state: 'open', used: [] }) : outcome
}

type Terms = Pick<Request, 'minutes' | 'category' | 'day' | 'what' | 'uses'> & { readonly seconds: number }

function readRequest(asked: NewRequest, now: number, most: number): Outcome<Terms> {
  const minutes = asked.minutes ?? null
  if (minutes !== null && !Number.isInteger(minutes)) return refuse('minutes_not_whole')
  if (minutes !== null && (minutes < 1 || minutes > most))
    return refuse('minutes_out_of_range', { leastMinutes: 1, mostMinutes: most })
  const day = typeof asked.day === 'string' ? dayOf(asked.day) : null
  if (day === null && typeof asked.day === 'string') return refuse('request_malformed', { field: 'day' })
  if (day !== null && !dayInRange(day, dayAt(now))) return refuse('day_out_of_range')
  const category = asked.category ?? 0
  if (!Number.isInteger(category) || category < 0 || category > 999) return refuse('category_unknown')
  const what = words(asked.what ?? '')
  if (!fits(what, LIMITS.noteBytes))
    return refuse('text_too_long', { field: 'what', mostBytes: LIMITS.noteBytes })
  const [uses, seconds] = [asked.uses ?? 1, asked.seconds ?? LIMITS.requestSeconds]
  const sound =
    Number.isInteger(uses) &&
    Number.isInteger(seconds) &&
    uses >= 1 &&
    uses <= LIMITS.requestUses &&
    seconds >= 1 &&
    seconds <= LIMITS.requestLongestSeconds
  return sound ? accept({ minutes, category, day, what, uses, seconds }) : refuse('request_limits', LIMITS_OF)
}

const LIMITS_OF = {
  mostUses: LIMITS.requestUses,
  mostDays: LIMITS.requestLongestSeconds / 86_400,
} as const

/** Takes a request back: nothing more is paid under it. One that is over stays as it is. Refuses `request_unknown`. */
export async function withdrawRequest(
  node: Node,
  people: People,
  typed: string,
): Promise<Outcome<RequestView>> {
  const found = knownRequest(people, typed)
  if (!found.ok) return found
  const outcome = await node.commit<null>((_book, now) => {
    const request = people.requests.byCode(found.value.code)
    if (request === null) return refuse('request_unknown')
    const stands = request.withdrawn === null && node.handles.look(request.handle, now).ok
    if (!stands) return accept({ entries: [], value: null })
    const rows = [
      ...node.handles.end(request.handle, now),
      people.requests.keep({ ...request, withdrawn: now }),
    ]
    return accept({ entries: [], rows, value: null })
  })
  return outcome.ok ? requestByCode(node, people, typed) : outcome
}

/** A request of this bank by its code as somebody typed it. Refuses `request_unknown`. */
export async function requestByCode(
  node: Node,
  people: People,
  typed: string,
): Promise<Outcome<RequestView>> {
  const found = knownRequest(people, typed)
  return found.ok ? accept(await viewOf(node, found.value)) : found
}

/** The request of this account under this handle; null when it is remembered no more. */
export async function requestByHandle(
  node: Node,
  people: People,
  { account, handle }: { readonly account: Bytes; readonly handle: Bytes },
): Promise<RequestView | null> {
  const known = people.requests.of(account).find((one) => sameBytes(one.handle, handle))
  return known === undefined ? null : viewOf(node, known)
}

/** The requests of a member, newest first. Refuses `account_unknown`. */
export async function requestsOf(
  node: Node,
  people: People,
  number: string,
): Promise<Outcome<RequestView[]>> {
  const person = personOf(people, number)
  if (!person.ok) return person
  const requests = people.requests.of(person.value.account).reverse()
  return accept(await Promise.all(requests.map((one) => viewOf(node, one))))
}

/** The same request once it was used again or is over, or as it is after `seconds`. Refuses `request_unknown`. */
export async function requestPaid(
  node: Node,
  people: People,
  typed: string,
  seconds: number,
): Promise<Outcome<RequestView>> {
  const before = await requestByCode(node, people, typed)
  if (!before.ok || before.value.state !== 'open' || seconds <= 0) return before
  const used = node.used(before.value.handle, seconds)
  const now = await requestByCode(node, people, typed)
  // It may have been used between the look and the wait.
  if (now.ok && (now.value.used.length > before.value.used.length || now.value.state !== 'open')) return now
  await used
  return requestByCode(node, people, typed)
}

function knownRequest(people: People, typed: string): Outcome<Request> {
  const code = readCode(typed)
  const request = code === null ? null : people.requests.byCode(code)
  return request === null ? refuse('request_unknown') : accept(request)
}

async function viewOf(node: Node, known: Request): Promise<RequestView> {
  const used = await node.handles.uses(known.handle)
  const now = node.logTime()
  return { ...known, used, state: stateOf(known, used.length, now) }
}

function stateOf(request: Request, used: number, now: number): RequestState {
  if (used >= request.uses) return 'used'
  if (request.withdrawn !== null) return 'withdrawn'
  return request.expires < now ? 'expired' : 'open'
}
