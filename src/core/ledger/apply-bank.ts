/**
 * What do entries about the bank itself, its accounts, devices and coordinators change? Each function gives the
 * rule that is broken, in words, or null after the book has changed.
 */

import { CLASSES, type EntryOf } from '../entry.ts'
import { bodyBytes } from '../entry-body.ts'
import { compareBytes, sameBytes, toHex } from '../ids.ts'
import { peerEpoch } from '../line.ts'
import { bankIdOf } from '../sign.ts'
import { accountOf, type Book } from './book.ts'

export function applyFound(book: Book, entry: EntryOf<'found'>, raw: Uint8Array): string | null {
  if (book.size !== 0) return 'a founding entry stands at index 0 and nowhere else'
  book.bank = bankIdOf(bodyBytes(raw))
  book.name = entry.body.name
  book.logKey = entry.body.logKey
  book.recoveryHash = entry.body.recoveryHash
  book.epochs.push({ epoch: 0, start: 0, key: entry.body.logKey })
  return null
}

export function applyCard(book: Book, entry: EntryOf<'card'>, index: number): null {
  book.card = entry.body
  book.cardIndex = index
  return null
}

export function applyRules(book: Book, entry: EntryOf<'rules'>): string | null {
  const last = book.rules?.version ?? 0
  if (entry.body.version !== last + 1)
    return `rules of version ${entry.body.version} do not follow version ${last}`
  if (!entry.body.classes.every((row, i) => row.class === i + 1))
    return 'rules name the classes 1 to 4 in order'
  book.rules = entry.body
  return null
}

export function applySeen(book: Book, entry: EntryOf<'seen'>): string | null {
  if (sameBytes(entry.body.bank, book.bank)) return 'a bank does not record its own head as seen'
  const line = book.lineByPeer.get(toHex(entry.body.bank))
  if (line === undefined) return null
  line.seen = { time: entry.time, out: line.out.seq, in: line.in.seq }
  line.heard = entry.time
  const { epoch } = entry.body
  if (epoch > peerEpoch(line)) line.peerEpochs.push({ epoch, from: book.size })
  return null
}

/** Erasing changes nothing in the books; what is named must be there, so that a restored copy can erase it again. */
export function applyRedact(book: Book, entry: EntryOf<'redact'>, index: number): string | null {
  const { scope, targets } = entry.body
  for (const [i, target] of targets.entries()) {
    const before = targets[i - 1]
    if ((typeof target === 'number') !== (scope === ENTRIES)) return 'the targets are not those of its scope'
    if (typeof target === 'number') {
      if (target >= index || (typeof before === 'number' && before >= target))
        return 'the entries named stand out of order, or not in the log'
    } else if (accountOf(book, target) === null) return 'there is no such account'
    else if (before instanceof Uint8Array && compareBytes(before, target) >= 0)
      return 'the accounts named stand out of order'
  }
  book.redactions.push(index)
  return null
}

const ENTRIES = 1

export function applyAccountOpen(book: Book, entry: EntryOf<'acct.open'>): string | null {
  const { acct } = entry.body
  if (accountOf(book, acct) !== null) return 'the account exists already'
  const kind = CLASSES[entry.body.class - 1] as (typeof CLASSES)[number]
  if (kind === 'before' && book.before !== null) return 'there is one account for opening balances at most'
  if (kind === 'netting' && book.accounts.some((account) => account.class === 'netting')) {
    return 'there is one netting account at most'
  }
  const account = {
    number: book.accounts.length,
    id: acct,
    class: kind,
    state: 'open' as const,
    balance: 0,
    given: 0,
    received: 0,
    open: 0,
    promised: 0,
    lastPosting: 0,
  }
  book.accounts.push(account)
  book.accountIds.add(acct)
  if (kind === 'fund') book.fund ??= account
  if (kind === 'before') book.before = account
  return null
}

export function applyAccountClose(book: Book, entry: EntryOf<'acct.close'>): string | null {
  const account = accountOf(book, entry.body.acct)
  if (account === null || account.state === 'closed') return 'there is no such open account'
  if (account === book.fund) return 'the community pot is never closed'
  if (account.balance !== 0) return 'the balance of a closing account must be 0'
  if (account.open !== 0) return 'the account has open payments'
  account.state = 'closed'
  return null
}

export function applyAccountSuspend(book: Book, entry: EntryOf<'acct.suspend'>): string | null {
  const account = accountOf(book, entry.body.acct)
  if (account === null || account.state === 'closed') return 'there is no such open account'
  if (entry.body.on === (account.state === 'suspended')) return 'the account is in that state already'
  account.state = entry.body.on ? 'suspended' : 'open'
  return null
}

export function applyDeviceAdd(book: Book, entry: EntryOf<'dev.add'>): string | null {
  const { acct, device, key, introducedBy } = entry.body
  const account = accountOf(book, acct)
  if (account === null || account.state === 'closed') return 'there is no such open account'
  if (book.devices.has(toHex(device))) return 'the device id is used already'
  if (introducedBy !== null) {
    const older = book.devices.get(toHex(introducedBy.device))
    if (older === undefined || older.removed || older.account !== account) {
      return 'the introducing device is not registered to this account'
    }
  }
  book.devices.set(toHex(device), { account, key, removed: false })
  return null
}

export function applyDeviceRemove(book: Book, entry: EntryOf<'dev.remove'>): string | null {
  const device = book.devices.get(toHex(entry.body.device))
  if (device === undefined || device.removed) return 'there is no such registered device'
  device.removed = true
  return null
}

export function applyRoleGrant(book: Book, entry: EntryOf<'role.grant'>): string | null {
  const { actor, role, ownAcct, until } = entry.body
  if (book.roles.has(toHex(actor))) return 'the actor id is used already'
  if (ownAcct !== null && accountOf(book, ownAcct) === null)
    return "the coordinator's own account does not exist"
  if (role === 4 && until === null) return 'a read grant has an end'
  book.roles.set(toHex(actor), { role, ownAccount: ownAcct, until, revoked: false })
  return null
}

export function applyRoleRevoke(book: Book, entry: EntryOf<'role.revoke'>): string | null {
  const role = book.roles.get(toHex(entry.body.actor))
  if (role === undefined || role.revoked) return 'there is no such role to revoke'
  role.revoked = true
  return null
}
