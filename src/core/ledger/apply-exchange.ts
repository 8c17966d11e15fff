/**
 * What does help inside one bank change? One entry moves the legs of its intent, and at most one other negates them
 * again. No stop refuses either, for the help has happened or has not, and a log that says otherwise is false
 * ([LOG-8]); who may record it is checked all the same.
 */

import type { CoordinatorAuth, EntryOf } from '../entry.ts'
import { type Bytes, sameBytes } from '../ids.ts'
import { decodeIntent, type Intent } from '../intent.ts'
import { LIMITS } from '../limits.ts'
import { type Refusal, type RefusalCode, refuse } from '../refusal.ts'
import { exchangeIdOf } from '../sign.ts'
import { type Act, coverRefusal } from './authority.ts'
import { type Account, accountOf, type Book, post } from './book.ts'
import type { Moved } from './exchanges.ts'

const IMPORT_CHANNEL = 6
const REPLACES = 1
const IMPORT_DIGEST = 5
const GIVES_BACK = 6
const SECONDS_PER_DAY = 86_400

export function applyExchange(book: Book, entry: EntryOf<'exchange'>, index: number): string | null {
  const intent = decodeIntent(entry.body.intent)
  if (intent === null) return 'the intent is malformed or its legs do not sum to 0'
  const id = exchangeIdOf(entry.body.intent)
  if (book.exchanges.find(id) >= 0) return 'the exchange is recorded already'
  const refused = exchangeRefusal(book, intent, entry.body, entry.time)
  if (refused !== null) return `the exchange is refused: ${refused.code}`
  const replaced = replacedRefusal(book, entry.body.refs)
  if (replaced !== null) return `the exchange is refused: ${replaced.code}`
  // An opening balance is no help that this bank saw: it moves the standing, not the tallies.
  const opening = entry.body.channel === IMPORT_CHANNEL
  const legs: Moved[] = []
  for (const leg of intent.legs) {
    const account = accountOf(book, leg.acct) as Account
    legs.push({ account: account.number, minutes: leg.minutes })
    post(book, account, leg.minutes)
    if (!opening) tally(account, leg.minutes, 1)
  }
  const row = book.exchanges.add(id, { index, opening, legs })
  for (const ref of replacing(entry.body.refs)) book.exchanges.replace(book.exchanges.find(ref.value), row)
  return null
}

/** Minutes of help go up (1), or what went up comes down again (-1). */
function tally(account: Account, minutes: number, way: 1 | -1): void {
  if (minutes > 0) account.given += way * minutes
  else account.received -= way * minutes
}

/** The exact negation of a record that stands: balances and tallies as if it had not been made. */
export function applyReverse(book: Book, entry: EntryOf<'reverse'>, index: number): string | null {
  const refused = reverseRefusal(book, entry.body, entry.time)
  if (refused !== null) return `the record is not taken back: ${refused.code}`
  const row = book.exchanges.find(entry.body.id)
  const opening = book.exchanges.isOpening(row)
  for (const leg of book.exchanges.legsOf(row)) {
    const account = book.accounts[leg.account] as Account
    post(book, account, -leg.minutes)
    if (!opening) tally(account, leg.minutes, -1)
  }
  book.exchanges.reverse(row, index)
  return null
}

/** What a reversal names and who agrees to it. */
export interface Reversal {
  readonly index: number
  readonly id: Bytes
  readonly auths: readonly CoordinatorAuth[]
}

/**
 * Why this record may not be taken back at this time (seconds), or null; the writer asks the same. A suspended account
 * does not keep a wrong record. A closed one does: it ended at zero for good, and a reversal is exact or none.
 */
export function reverseRefusal(book: Book, { index, id, auths }: Reversal, time: number): Refusal | null {
  const row = book.exchanges.find(id)
  if (row < 0 || book.exchanges.indexOf(row) !== index) return no('record_unknown')
  if (book.exchanges.reversedAt(row) >= 0) return no('reversed_already')
  const paying: Account[] = []
  let minutes = 0
  for (const leg of book.exchanges.legsOf(row)) {
    const account = book.accounts[leg.account] as Account
    if (account.state === 'closed') return no('account_closed')
    if (leg.minutes < 0) continue
    paying.push(account)
    minutes += leg.minutes
  }
  return coverRefusal(book, auths, paying, { time, minutes })
}

type Refs = EntryOf<'exchange'>['body']['refs']

function replacing(refs: Refs): Refs {
  return refs.filter((ref) => ref.type === REPLACES)
}

/** Why a record may not say that it replaces these, or null: only what was taken back is replaced. */
export function replacedRefusal(book: Book, refs: Refs): Refusal | null {
  const standing = replacing(refs).some((ref) => {
    const row = book.exchanges.find(ref.value)
    return row < 0 || book.exchanges.reversedAt(row) < 0
  })
  return standing ? no('request_malformed', { what: 'refs' }) : null
}

/** Why this exchange may not be recorded at this time (seconds), or null; the writer asks the same. */
export function exchangeRefusal(
  book: Book,
  intent: Intent,
  how: Pick<EntryOf<'exchange'>['body'], 'auths' | 'channel' | 'refs'>,
  time: number,
): Refusal | null {
  if (!sameBytes(intent.bank, book.bank)) return no('request_malformed', { what: 'bank' })
  const paying: Account[] = []
  for (const leg of intent.legs) {
    const account = accountOf(book, leg.acct)
    if (account === null) return no('account_unknown')
    if (account.state === 'closed') return no('account_closed')
    if (leg.minutes < 0 && account.state === 'suspended') return no('account_suspended')
    if (leg.minutes < 0) paying.push(account)
  }
  const today = Math.floor(time / SECONDS_PER_DAY)
  if (intent.day > today + LIMITS.dayAhead) return no('day_out_of_range')
  const minutes = intent.legs.reduce((sum, leg) => sum + Math.max(0, leg.minutes), 0)
  if (how.refs.some((ref) => ref.type === GIVES_BACK)) return no('request_malformed', { what: 'refs' })
  if (how.channel === IMPORT_CHANNEL) return importRefusal(book, intent, how, { time, minutes })
  if (how.refs.some((ref) => ref.type === IMPORT_DIGEST)) return no('request_malformed', { what: 'refs' })
  if (intent.day < today - LIMITS.dayBack) return no('day_out_of_range')
  return coverRefusal(book, how.auths, paying, { time, minutes })
}

/**
 * Opening balances: a coordinator's act, against the account for them, tied to the file by its digest. Once a line
 * to another bank exists hours can leave, so opening balances come before ([IMP-3]).
 */
function importRefusal(
  book: Book,
  intent: Intent,
  how: Pick<EntryOf<'exchange'>['body'], 'auths' | 'refs'>,
  act: Act,
): Refusal | null {
  if (!how.auths.some((auth) => auth.form === 2)) return no('coordinator_unknown')
  if (!how.refs.some((ref) => ref.type === IMPORT_DIGEST)) return no('reason_missing')
  const legs = intent.legs.filter((leg) => accountOf(book, leg.acct) === book.before)
  if (legs.length !== 1) return no('legs_do_not_add_up')
  if (book.lines.length === 0) return coverRefusal(book, how.auths, [], act)
  const uncovered = coverRefusal(book, how.auths, [], { ...act, second: 'always' })
  return uncovered?.facts.second === undefined ? uncovered : no('import_after_line')
}

const no = (code: RefusalCode, facts: Refusal['facts'] = {}): Refusal => refuse(code, facts).refusal
