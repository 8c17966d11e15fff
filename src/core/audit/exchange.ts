/**
 * Is help inside one bank recorded by the rules? Legs that sum to zero, agreed to, dated within bounds, once; and what
 * is taken back, taken back in full, once, by a coordinator.
 */

import type { Body } from '../entry.ts'
import { compareBytes, sameBytes } from '../ids.ts'
import { type Intent, readIntent } from '../intent.ts'
import { LIMITS } from '../limits.ts'
import { exchangeIdOf, exchangePreimage } from '../sign.ts'
import { type Account, findAccount, hexOf, keyOf, postAccount, type Step, say } from './book.ts'
import { judgeAuths } from './coverage.ts'
import type { Moved } from './records.ts'

const DAY_SECONDS = 86_400
const IMPORT_CHANNEL = 6
const IMPORT_DIGEST = 5
const GIVES_BACK = 6
const REPLACES = 1
const BEFORE = 5
const COORDINATOR_FORM = 2

export function exchange(step: Step, body: Body<'exchange'>): void {
  const { book } = step
  const value = step.bench.decode(body.intent)
  const intent = value === undefined ? undefined : readIntent(value)
  if (intent === undefined) return say(step, 'AUD-2.exchange_malformed')
  const id = keyOf(exchangeIdOf(body.intent))
  if (book.exchanges.has(id)) return say(step, 'AUD-2.exchange_twice', { id: hexOf(id) })
  if (!sameBytes(intent.bank, book.bank)) say(step, 'AUD-2.exchange_bank')
  judgeReplaced(step, body)
  const { owing, moved } = postLegs(step, intent)
  book.exchanges.add(id, step.index, moved)
  judgeDay(step, intent.day, body.channel)
  const imported = body.channel === IMPORT_CHANNEL
  judgeImport(step, body, intent)
  if (body.refs.some((ref) => ref.type === GIVES_BACK)) say(step, 'AUD-2.ref_type', { type: GIVES_BACK })
  const minutes = intent.legs.reduce((sum, leg) => sum + Math.max(0, leg.minutes), 0)
  const message = exchangePreimage(body.intent)
  const needsSecond = imported && [...book.lines.values()].some((line) => line.state !== 'closed')
  judgeAuths(step, { auths: body.auths, minutes, message, owing, needsSecond })
}

/** Books the legs and gives the accounts that go down. A leg on an unknown account leaves the postings uneven. */
function postLegs(step: Step, intent: Intent): { owing: Account[]; moved: Moved<Account>[] } {
  const owing: Account[] = []
  const moved: Moved<Account>[] = []
  let before: Uint8Array | null = null
  let missing = 0
  for (const leg of intent.legs) {
    if (before !== null && compareBytes(before, leg.acct) >= 0) say(step, 'AUD-2.exchange_legs')
    before = leg.acct
    const account = findAccount(step, leg.acct)
    if (account === null) {
      missing += leg.minutes
      continue
    }
    if (account.closed) say(step, 'AUD-2.account_closed', { account: hexOf(account.key) })
    if (leg.minutes < 0 && account.suspended)
      say(step, 'AUD-2.account_suspended', { account: hexOf(account.key) })
    if (leg.minutes < 0) owing.push(account)
    postAccount(step, account, leg.minutes)
    moved.push({ account, minutes: leg.minutes })
  }
  // What stands on an account that was never opened is one finding, not two.
  step.posted += missing
  return { owing, moved: missing === 0 ? moved : [] }
}

/** A record may say that it replaces others; those must have been taken back. */
function judgeReplaced(step: Step, body: Body<'exchange'>): void {
  for (const { type, value } of body.refs) {
    if (type !== REPLACES) continue
    const old = step.book.exchanges.find(keyOf(value))
    if (old === null || old.reversed < 0) say(step, 'AUD-2.ref_type', { type: REPLACES })
  }
}

/** The opposite of every leg of one record, once; agreed to for whoever loses hours by it. */
export function reverse(step: Step, body: Body<'reverse'>): void {
  const { exchanges } = step.book
  const id = keyOf(body.id)
  const old = exchanges.find(id)
  if (old === null || old.at !== body.index)
    return say(step, 'AUD-2.reverse_unknown', { id: hexOf(id), target: body.index })
  if (old.reversed >= 0) return say(step, 'AUD-2.reversed_twice', { id: hexOf(id), before: old.reversed })
  exchanges.reverse(id, step.index)
  const owing: Account[] = []
  let minutes = 0
  for (const leg of old.moved) {
    if (leg.account.closed) say(step, 'AUD-2.account_closed', { account: hexOf(leg.account.key) })
    postAccount(step, leg.account, -leg.minutes)
    if (leg.minutes < 0) continue
    owing.push(leg.account)
    minutes += leg.minutes
  }
  judgeAuths(step, { auths: body.auths, minutes, message: body.commitment, owing, needsSecond: false })
}

function judgeDay(step: Step, day: number, channel: number): void {
  const today = Math.floor(step.time / DAY_SECONDS)
  const tooOld = channel !== IMPORT_CHANNEL && day < today - LIMITS.dayBack
  if (tooOld || day > today + LIMITS.dayAhead) say(step, 'AUD-2.exchange_day', { day, today })
}

/** Opening balances: a coordinator's act, one leg on `before`, and the digest of the file they came from. */
function judgeImport(step: Step, body: Body<'exchange'>, intent: Intent): void {
  const digest = body.refs.some((ref) => ref.type === IMPORT_DIGEST)
  if (body.channel !== IMPORT_CHANNEL) {
    if (digest) say(step, 'AUD-2.ref_type', { type: IMPORT_DIGEST })
    return
  }
  const onBefore = intent.legs.filter((leg) => step.book.accounts.get(keyOf(leg.acct))?.class === BEFORE)
  const coordinator = body.auths.some((auth) => auth.form === COORDINATOR_FORM)
  if (!digest || !coordinator || onBefore.length !== 1) say(step, 'AUD-2.import_rules')
}
