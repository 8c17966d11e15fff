/**
 * Do accounts, devices and roles come and go by the rules? Founding entries, the bank's own rules, and sections 3.2
 * and 3.3 of the log's page of the specification.
 */

import type { Body } from '../entry.ts'
import { devicePreimage } from '../sign.ts'
import { findAccount, hexOf, keyOf, type Step, say } from './book.ts'
import { nameKey } from './rotation.ts'

const FUND = 3
/** Classes of which a bank has one account at most: netting and `before`. */
const SINGLE_CLASSES: readonly number[] = [4, 5]
const COORDINATOR = 1

export function found(step: Step, body: Body<'found'>): void {
  step.book.name = body.name
  step.book.recoveryHash = body.recoveryHash
  if (step.index === 0) nameKey(step.book, body.logKey)
}

export function card(step: Step, body: Body<'card'>): void {
  step.book.name = body.name
}

export function rules(step: Step, body: Body<'rules'>): void {
  const classes = body.classes.map((row) => row.class)
  if (new Set(classes).size !== classes.length) say(step, 'AUD-2.rules_rows')
  step.book.rules = body
}

export function seen(step: Step, body: Body<'seen'>): void {
  step.book.seen.push({ index: step.index, head: body })
  const bank = keyOf(body.bank)
  for (const line of step.book.lines.values()) {
    if (line.peer !== bank || line.state === 'closed') continue
    line.heard = step.time
    if (body.epoch > (line.peerEpochs.at(-1)?.epoch ?? 0))
      line.peerEpochs.push({ epoch: body.epoch, from: step.index })
  }
}

/** What is said to be erased is there, each once and in order; the books stay as they are. */
export function redact(step: Step, body: Body<'redact'>): void {
  const keys = body.targets.map((target) => (typeof target === 'number' ? target : keyOf(target)))
  const sorted = keys.every((key, i) => i === 0 || (keys[i - 1] as typeof key) < key)
  const there = keys.every((key) =>
    typeof key === 'number'
      ? body.scope === 1 && key < step.index
      : body.scope === 2 && step.book.accounts.has(key),
  )
  if (!sorted || !there) say(step, 'AUD-2.redact_targets', { count: keys.length })
}

export function openAccount(step: Step, body: Body<'acct.open'>): void {
  const { book } = step
  const key = keyOf(body.acct)
  if (book.accounts.has(key)) return say(step, 'AUD-2.account_twice', { account: hexOf(key) })
  if (
    SINGLE_CLASSES.includes(body.class) &&
    [...book.accounts.values()].some((a) => a.class === body.class)
  ) {
    say(step, 'AUD-2.second_of_class', { account: hexOf(key), class: body.class })
  }
  const account = {
    key,
    class: body.class,
    balance: 0,
    closed: false,
    suspended: false,
    open: 0,
    promised: 0,
    devices: 0,
  }
  book.accounts.set(key, account)
  if (body.class === FUND) book.fund ??= account
}

export function closeAccount(step: Step, body: Body<'acct.close'>): void {
  const account = findAccount(step, body.acct)
  if (account === null) return
  const facts = { account: hexOf(account.key), balance: account.balance, open: account.open }
  if (account.closed) say(step, 'AUD-2.account_closed', facts)
  else if (account === step.book.fund) say(step, 'AUD-2.fund_closed', facts)
  else if (account.balance !== 0 || account.open > 0) say(step, 'AUD-2.account_not_empty', facts)
  account.closed = account !== step.book.fund
}

export function suspendAccount(step: Step, body: Body<'acct.suspend'>): void {
  const account = findAccount(step, body.acct)
  if (account === null) return
  if (account.closed) say(step, 'AUD-2.account_closed', { account: hexOf(account.key) })
  account.suspended = body.on
}

export function addDevice(step: Step, body: Body<'dev.add'>): void {
  const { book, bench, index } = step
  const account = findAccount(step, body.acct)
  const key = keyOf(body.device)
  if (book.devices.has(key)) return say(step, 'AUD-2.device_twice', { device: hexOf(key) })
  if (account === null) return
  if (account.closed) say(step, 'AUD-2.account_closed', { account: hexOf(account.key) })
  const { bank } = book
  const message = devicePreimage({ bank, acct: body.acct, device: body.device, key: body.key })
  bench.verify({
    rule: 'AUD-3.possession_signature',
    index,
    key: body.key,
    message,
    signature: body.possession,
  })
  judgeIntroduction(step, body, message)
  book.devices.set(key, { account, key: body.key, removed: false })
  account.devices++
}

/** A further device is brought in by an older one of the same account; where the bank did it alone, it is marked. */
function judgeIntroduction(step: Step, body: Body<'dev.add'>, message: Uint8Array): void {
  const { book, bench, index } = step
  const account = keyOf(body.acct)
  if (body.introducedBy === null) {
    const older = book.accounts.get(account)?.devices ?? 0
    if (older > 0) say(step, 'AUD-3.introduced_by_bank', { account: hexOf(account) })
    return
  }
  const older = book.devices.get(keyOf(body.introducedBy.device))
  if (older === undefined || older.removed || older.account.key !== account) {
    return say(step, 'AUD-3.introducer', { account: hexOf(account) })
  }
  const { signature } = body.introducedBy
  bench.verify({ rule: 'AUD-3.introducer_signature', index, key: older.key, message, signature })
}

export function removeDevice(step: Step, body: Body<'dev.remove'>): void {
  const key = keyOf(body.device)
  const device = step.book.devices.get(key)
  if (device === undefined || device.removed) return say(step, 'AUD-2.device_gone', { device: hexOf(key) })
  device.removed = true
  device.account.devices--
}

export function grantRole(step: Step, body: Body<'role.grant'>): void {
  const actor = keyOf(body.actor)
  const ownAccount = body.ownAcct === null ? null : keyOf(body.ownAcct)
  if (body.ownAcct !== null) findAccount(step, body.ownAcct)
  if (body.role === COORDINATOR && ownAccount === null) {
    say(step, 'AUD-3.coordinator_without_account', { actor: hexOf(actor) })
  }
  const grants = step.book.grants.get(actor) ?? []
  grants.push({ role: body.role, ownAccount, until: body.until, revoked: false })
  step.book.grants.set(actor, grants)
}

export function revokeRole(step: Step, body: Body<'role.revoke'>): void {
  const actor = keyOf(body.actor)
  const standing = step.book.grants.get(actor)?.filter((grant) => !grant.revoked) ?? []
  if (standing.length === 0) say(step, 'AUD-2.role_gone', { actor: hexOf(actor) })
  for (const grant of standing) grant.revoked = true
}
