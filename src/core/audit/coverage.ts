/**
 * Did everybody agree whose hours go down? A registered device by its signature, a member who was signed in, or a
 * coordinator whose role stands and who names the account or answers for the whole sheet ([LOG-7]). And did the board decide what only it may?
 */

import type { Auth, CoordinatorAuth, DeviceAuth, SessionAuth } from '../entry.ts'
import type { Bytes } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { type Account, type Book, type Grant, hexOf, type Key, keyOf, type Step, say } from './book.ts'

const COORDINATOR = 1
const BOARD = 2

/** One act that needs agreement. */
export interface Act {
  readonly auths: readonly Auth[]
  /** Minutes that go up in all. */
  readonly minutes: number
  /** What a device signs. */
  readonly message: Bytes
  /** Accounts whose minutes go down. */
  readonly owing: readonly Account[]
  /** A second actor is needed whatever the minutes. */
  readonly needsSecond: boolean
}

/** What the auths of one act cover. */
interface Cover {
  /** Accounts covered by a device, a signed-in member, or a coordinator who is somebody else. */
  readonly accounts: Set<Key>
  /** Accounts that a coordinator covers for himself or herself, with the actor. */
  readonly own: Map<Key, Key>
  /** Something was wrong with an auth: it is reported by itself, and not a second time as missing cover. */
  doubtful: boolean
}

export function judgeAuths(step: Step, act: Act): void {
  const cover: Cover = { accounts: new Set(), own: new Map(), doubtful: false }
  for (const auth of act.auths) {
    if (auth.form === 1) coverByDevice(step, act, auth, cover)
    else if (auth.form === 2) coverByCoordinator(step, act, auth, cover)
    else coverBySession(step, act, auth, cover)
  }
  for (const account of act.owing) judgeAccount(step, account, cover)
}

/** Two to five members of the board, each named once and each in office. Null stands for a board that is not named. */
export function judgeBoard(step: Step, board: readonly Bytes[] | null): void {
  const actors = new Set((board ?? []).map(keyOf))
  const fits = actors.size >= LIMITS.boardLeast && actors.size <= LIMITS.boardMost
  if (!fits || actors.size !== board?.length) say(step, 'AUD-3.board_number', { count: actors.size })
  for (const actor of actors) {
    const grants = step.book.grants.get(actor)
    if (standing(grants, BOARD, step.time).length > 0) continue
    const ever = grants?.some(({ role }) => role === BOARD) ?? false
    say(step, ever ? 'AUD-3.board_run_out' : 'AUD-3.board_not_granted', { actor: hexOf(actor) })
  }
}

/** True when the actor holds the role of a coordinator at this time. */
export function coordinatorStands(book: Book, actor: Key, time: number): boolean {
  return standing(book.grants.get(actor), COORDINATOR, time).length > 0
}

function coverByDevice(step: Step, act: Act, auth: DeviceAuth, cover: Cover): void {
  step.book.acts.device++
  const key = keyOf(auth.device)
  const device = step.book.devices.get(key)
  if (device === undefined || device.removed) {
    say(step, device === undefined ? 'AUD-3.device_unknown' : 'AUD-3.device_removed', { device: hexOf(key) })
    cover.doubtful = true
    return
  }
  const { index } = step
  step.bench.verify({
    rule: 'AUD-3.device_signature',
    index,
    key: device.key,
    message: act.message,
    signature: auth.signature,
  })
  cover.accounts.add(device.account.key)
}

function coverByCoordinator(step: Step, act: Act, auth: CoordinatorAuth, cover: Cover): void {
  step.book.acts.coordinator++
  const actor = keyOf(auth.actor)
  const grants = grantsOf(step, actor)
  if (grants === null) {
    cover.doubtful = true
    return
  }
  judgeSecond(step, act, auth)
  const own = new Set(grants.map((grant) => grant.ownAccount))
  const named = auth.onBehalfOf === null ? null : keyOf(auth.onBehalfOf)
  for (const account of act.owing) {
    if (named !== null && named !== account.key) continue
    if (own.has(account.key)) cover.own.set(account.key, actor)
    else cover.accounts.add(account.key)
  }
}

/** The bank's word that a member was signed in: for the own account, or for the one that is named. */
function coverBySession(step: Step, act: Act, auth: SessionAuth, cover: Cover): void {
  step.book.acts.session++
  const actor = step.book.accounts.get(keyOf(auth.acct))
  if (actor === undefined || actor.closed) {
    say(step, 'AUD-3.session_account', { account: hexOf(keyOf(auth.acct)) })
    cover.doubtful = true
    return
  }
  const named = keyOf(auth.onBehalfOf ?? auth.acct)
  for (const account of act.owing) if (account.key === named) cover.accounts.add(account.key)
}

/** Standing coordinator's grants of an actor, or null with a finding. */
function grantsOf(step: Step, actor: Key): readonly Grant[] | null {
  const all = step.book.grants.get(actor)
  const grants = standing(all, COORDINATOR, step.time)
  if (grants.length > 0) return grants
  const ever = all?.some((grant) => grant.role === COORDINATOR) ?? false
  say(step, ever ? 'AUD-3.coordinator_run_out' : 'AUD-3.coordinator_not_granted', { actor: hexOf(actor) })
  return null
}

function judgeSecond(step: Step, act: Act, auth: CoordinatorAuth): void {
  const over = step.book.rules?.secondOver ?? null
  if (!act.needsSecond && (over === null || act.minutes <= over)) return
  const second = auth.second === null ? null : keyOf(auth.second)
  if (second === null || second === keyOf(auth.actor))
    say(step, 'AUD-3.second_missing', { minutes: act.minutes })
  else grantsOf(step, second)
}

function judgeAccount(step: Step, account: Account, cover: Cover): void {
  if (cover.accounts.has(account.key)) return
  const actor = cover.own.get(account.key)
  const facts = { account: hexOf(account.key) }
  if (actor !== undefined) {
    const alone = ![...step.book.grants.keys()].some(
      (other) => other !== actor && coordinatorStands(step.book, other, step.time),
    )
    say(step, alone ? 'AUD-3.coordinator_own_account_alone' : 'AUD-3.coordinator_own_account', facts)
  } else if (!cover.doubtful) {
    say(step, 'AUD-3.not_covered', facts)
  }
}

function standing(grants: readonly Grant[] | undefined, wanted: number, time: number): readonly Grant[] {
  const stands = ({ role, until, revoked }: Grant): boolean =>
    role === wanted && !revoked && (until === null || time <= until)
  return grants?.filter(stands) ?? []
}
