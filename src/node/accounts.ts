/**
 * What does a bank decide about its accounts, devices and coordinators, and about help inside its own house? Each
 * function is one decision for the writer.
 */

import { verify, verifyingKey } from '../core/ed25519.ts'
import { type AccountClass, type Auth, bodyFits, CLASSES } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { exchangeRefusal, replacedRefusal } from '../core/ledger/apply-exchange.ts'
import { anotherStands } from '../core/ledger/authority.ts'
import { accountOf } from '../core/ledger/book.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { devicePreimage, exchangeIdOf } from '../core/sign.ts'
import type { Write } from '../store/store.ts'
import type { Decide } from './commit.ts'

/** A new account; `nonce` is 16 random bytes. */
export function decideAccount(
  account: { readonly id: Bytes; readonly class: AccountClass; readonly nonce: Bytes },
  rows: readonly Write[],
): Decide<{ account: Bytes }> {
  return (book) => {
    const single = account.class === 'before' || account.class === 'netting'
    const taken = single && book.accounts.some((one) => one.class === account.class)
    if (taken || accountOf(book, account.id) !== null) return refuse('request_malformed', { what: 'account' })
    const body = { acct: account.id, class: CLASSES.indexOf(account.class) + 1, nonce: account.nonce }
    return accept({ entries: [{ kind: 'acct.open', body }], rows, value: { account: account.id } })
  }
}

/** Suspends an account or lets it act again. */
export function decideSuspend(id: Bytes, act: 'suspend' | 'resume', nonce: Bytes): Decide<null> {
  return (book) => {
    const account = accountOf(book, id)
    if (account === null) return refuse('account_unknown')
    if (account.state === 'closed') return refuse('account_closed')
    if ((account.state === 'suspended') === (act === 'suspend')) return accept({ entries: [], value: null })
    const body = { acct: id, on: act === 'suspend', cause: 1, nonce }
    return accept({ entries: [{ kind: 'acct.suspend', body }], value: null })
  }
}

/** Closes an account for good. */
export function decideClose(id: Bytes, nonce: Bytes): Decide<null> {
  return (book) => {
    const account = accountOf(book, id)
    if (account === null || account === book.fund) return refuse('account_unknown')
    if (account.state === 'closed') return refuse('account_closed')
    if (account.open > 0) return refuse('payments_open', { open: account.open })
    if (account.balance !== 0) return refuse('balance_not_zero', { balanceMinutes: account.balance })
    return accept({ entries: [{ kind: 'acct.close', body: { acct: id, cause: 1, nonce } }], value: null })
  }
}

export interface NewDevice {
  readonly account: Bytes
  readonly device: Bytes
  readonly key: Bytes
  /** The device's own signature over its registration. */
  readonly possession: Bytes
  readonly nonce: Bytes
}

/** Registers a device key; the device proves that it holds the secret half. */
export function decideDevice(device: NewDevice): Decide<{ device: Bytes }> {
  return (book) => {
    const account = accountOf(book, device.account)
    if (account === null) return refuse('account_unknown')
    if (account.state === 'closed') return refuse('account_closed')
    if (book.devices.has(toHex(device.device))) return refuse('device_known')
    const key = verifyingKey(device.key)
    if (key === null) return refuse('key_weak')
    const preimage = devicePreimage({
      bank: book.bank,
      acct: device.account,
      device: device.device,
      key: device.key,
    })
    if (!verify(key, preimage, device.possession)) return refuse('signature_wrong')
    const body = {
      acct: device.account,
      device: device.device,
      key: device.key,
      possession: device.possession,
      introducedBy: null,
      nonce: device.nonce,
    }
    if (!bodyFits('dev.add', body)) return refuse('request_malformed', { what: 'device' })
    return accept({ entries: [{ kind: 'dev.add', body }], value: { device: device.device } })
  }
}

/** From this entry on the device's signatures count for nothing new. */
export function decideDeviceRemoval(device: Bytes, nonce: Bytes): Decide<null> {
  return (book) => {
    const known = book.devices.get(toHex(device))
    if (known === undefined) return refuse('device_unknown')
    if (known.removed) return refuse('device_removed')
    return accept({ entries: [{ kind: 'dev.remove', body: { device, cause: 1, nonce } }], value: null })
  }
}

/** A further coordinator; `ownAccount` is the account of that person here, if there is one. */
export function decideGrant(grant: {
  readonly actor: Bytes
  readonly ownAccount: Bytes | null
  readonly nonce: Bytes
}): Decide<null> {
  return (book) => {
    const { actor, ownAccount, nonce } = grant
    if (book.roles.has(toHex(actor))) return refuse('request_malformed', { what: 'actor' })
    if (ownAccount !== null && accountOf(book, ownAccount) === null) return refuse('account_unknown')
    const body = { actor, role: COORDINATOR_ROLE, ownAcct: ownAccount, until: null, nonce }
    return accept({ entries: [{ kind: 'role.grant', body }], value: null })
  }
}

/** Takes a coordinator out of office; the last one who stands stays. */
export function decideRevoke(actor: Bytes, nonce: Bytes): Decide<null> {
  return (book, now) => {
    const role = book.roles.get(toHex(actor))
    if (role?.role !== COORDINATOR_ROLE || role.revoked) return refuse('coordinator_unknown')
    if (!anotherStands(book, actor, now)) return refuse('last_coordinator')
    return accept({ entries: [{ kind: 'role.revoke', body: { actor, cause: 1, nonce } }], value: null })
  }
}

const COORDINATOR_ROLE = 1

export interface ExchangeRequest {
  readonly intent: Bytes
  readonly auths: readonly Auth[]
  readonly channel: number
  readonly refs: readonly { readonly type: number; readonly value: Bytes }[]
  readonly rows: readonly Write[]
  /** Rows that take a use of the request it answers, or why none is left; `now` in seconds of log time. */
  readonly use?: (id: Bytes, now: number) => Outcome<readonly Write[]>
}

/** Help inside this bank: one entry and done. The same intent twice is the same record. */
export function decideExchange(request: ExchangeRequest): Decide<{ id: Bytes; record: 'new' | 'known' }> {
  return (book, now) => {
    const intent = decodeIntent(request.intent)
    if (intent === null) return refuse('legs_do_not_add_up')
    const id = exchangeIdOf(request.intent)
    if (book.exchanges.find(id) >= 0) return accept({ entries: [], value: { id, record: 'known' } })
    const refused = exchangeRefusal(book, intent, request, now) ?? replacedRefusal(book, request.refs)
    if (refused !== null) return { ok: false, refusal: refused }
    const { auths, channel, refs } = request
    const body = { intent: request.intent, channel, auths, refs }
    if (!bodyFits('exchange', body)) return refuse('request_malformed', { what: 'exchange' })
    const used = request.use?.(id, now) ?? accept([])
    if (!used.ok) return used
    const rows = [...request.rows, ...used.value]
    return accept({ entries: [{ kind: 'exchange', body }], rows, value: { id, record: 'new' } })
  }
}
