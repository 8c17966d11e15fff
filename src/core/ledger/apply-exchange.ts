/**
 * What does help inside one bank change? One entry moves the legs of its intent. No stop refuses it, for the help
 * has happened and a log that leaves it out is false ([LOG-8]); who may record it is checked all the same.
 */

import type { EntryOf } from '../entry.ts'
import { sameBytes } from '../ids.ts'
import { decodeIntent, type Intent } from '../intent.ts'
import { LIMITS } from '../limits.ts'
import { type Refusal, type RefusalCode, refuse } from '../refusal.ts'
import { exchangeIdOf } from '../sign.ts'
import { type Act, coverRefusal } from './authority.ts'
import { type Account, accountOf, type Book, post } from './book.ts'

const IMPORT_CHANNEL = 6
const IMPORT_DIGEST = 5
const GIVES_BACK = 6
const SECONDS_PER_DAY = 86_400

export function applyExchange(book: Book, entry: EntryOf<'exchange'>): string | null {
  const intent = decodeIntent(entry.body.intent)
  if (intent === null) return 'the intent is malformed or its legs do not sum to 0'
  const id = exchangeIdOf(entry.body.intent)
  if (book.exchanges.find(id) >= 0) return 'the exchange is recorded already'
  const refused = exchangeRefusal(book, intent, entry.body, entry.time)
  if (refused !== null) return `the exchange is refused: ${refused.code}`
  book.exchanges.add(id)
  for (const leg of intent.legs) {
    const account = accountOf(book, leg.acct) as Account
    post(book, account, leg.minutes)
    // An opening balance is no help that this bank saw: it moves the standing, not the tallies.
    if (entry.body.channel === IMPORT_CHANNEL) continue
    if (leg.minutes > 0) account.given += leg.minutes
    else account.received -= leg.minutes
  }
  return null
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
