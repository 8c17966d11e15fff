/**
 * Who may move hours out of an account, and who may decide for the whole bank? Its own device, its owner signed in, or
 * somebody who acts for it; and the board. This file says whether the names stand, not whether a signature is good ([LOG-7]).
 */

import type { Auth, CoordinatorAuth } from '../entry.ts'
import { type Bytes, sameBytes, toHex } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { type Account, accountOf, type Book, type Role } from './book.ts'

const COORDINATOR = 1
const BOARD = 2

/** The act that is agreed to. */
export interface Act {
  /** Log time, in seconds. */
  readonly time: number
  /** Minutes that go up in all; above the rules' bound a second coordinator must be named. */
  readonly minutes: number
  /** `always`: a second coordinator must be named whatever the minutes. */
  readonly second?: 'always'
}

/** Why these authorisations do not cover all these accounts, or null when they do. */
export function coverRefusal(
  book: Book,
  auths: readonly Auth[],
  accounts: readonly Account[],
  act: Act,
): Refusal | null {
  for (const auth of auths) {
    const unfit = unfitFor(book, auth, act)
    if (unfit !== null) return unfit
  }
  for (const account of accounts) {
    if (!auths.some((auth) => covers(book, auth, account, act.time))) return refuse('not_covered').refusal
  }
  return null
}

function unfitFor(book: Book, auth: Auth, act: Act): Refusal | null {
  switch (auth.form) {
    case 1:
      return deviceRefusal(book, auth.device)
    case 2:
      return coordinatorRefusal(book, auth, act)
    case 3:
      return sessionRefusal(book, auth.acct)
  }
}

/** Whoever is signed in is somebody who still belongs to the bank. */
function sessionRefusal(book: Book, acct: Uint8Array): Refusal | null {
  const account = accountOf(book, acct)
  if (account === null) return refuse('account_unknown').refusal
  return account.state === 'closed' ? refuse('account_closed').refusal : null
}

function deviceRefusal(book: Book, device: Uint8Array): Refusal | null {
  const known = book.devices.get(toHex(device))
  if (known === undefined) return refuse('device_unknown').refusal
  return known.removed ? refuse('device_removed').refusal : null
}

function coordinatorRefusal(book: Book, auth: CoordinatorAuth, act: Act): Refusal | null {
  if (!isCoordinator(book.roles.get(toHex(auth.actor)), act.time))
    return refuse('coordinator_unknown').refusal
  const over = book.rules?.secondOver ?? null
  if (act.second !== 'always' && (over === null || act.minutes <= over)) return null
  const second = auth.second === null ? undefined : book.roles.get(toHex(auth.second))
  const other = auth.second !== null && !sameBytes(auth.second, auth.actor)
  return other && isCoordinator(second, act.time)
    ? null
    : refuse('coordinator_unknown', { second: 1 }).refusal
}

function covers(book: Book, auth: Auth, account: Account, time: number): boolean {
  if (auth.form === 1) return book.devices.get(toHex(auth.device))?.account === account
  if (auth.form === 3) return sameBytes(auth.onBehalfOf ?? auth.acct, account.id)
  if (auth.onBehalfOf !== null && !sameBytes(auth.onBehalfOf, account.id)) return false
  const own = book.roles.get(toHex(auth.actor))?.ownAccount ?? null
  const actsForSelf = own !== null && sameBytes(own, account.id)
  // A coordinator acts on the own account only while there is nobody else who could.
  return !actsForSelf || !anotherStands(book, auth.actor, time)
}

/** Whether somebody beside this actor is a coordinator at this time (seconds). */
export function anotherStands(book: Book, actor: Bytes, time: number): boolean {
  const self = toHex(actor)
  for (const [other, role] of book.roles) if (other !== self && isCoordinator(role, time)) return true
  return false
}

/** Why these actors may not decide as the board at this time (seconds), or null: two to five of it, each once. */
export function boardRefusal(book: Book, board: readonly Bytes[], time: number): Refusal | null {
  const named = new Set(board.map(toHex)).size
  if (named !== board.length || named < LIMITS.boardLeast || named > LIMITS.boardMost)
    return refuse('board_too_few', { least: LIMITS.boardLeast, most: LIMITS.boardMost }).refusal
  const all = board.every((actor) => stands(book.roles.get(toHex(actor)), BOARD, time))
  return all ? null : refuse('board_unknown').refusal
}

function isCoordinator(role: Role | undefined, time: number): boolean {
  return stands(role, COORDINATOR, time)
}

/** Granted, not revoked and not run out. */
function stands(role: Role | undefined, wanted: number, time: number): boolean {
  return role?.role === wanted && !role.revoked && (role.until === null || role.until >= time)
}
