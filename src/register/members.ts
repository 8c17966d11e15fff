/**
 * What can be done with a member's account? Its state, its devices and the handles under which other banks may pay
 * to it, all by the member's number.
 */

import { ACCOUNT_ID_BYTES, type Bytes, KEY_BYTES, SIGNATURE_BYTES, sameBytes, toHex } from '../core/ids.ts'
import { accountOf } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { decideClose, decideDevice, decideDeviceRemoval, decideSuspend } from '../node/accounts.ts'
import type { Decide } from '../node/commit.ts'
import type { Node } from '../node/node.ts'
import type { Coordinator } from './coordinators.ts'
import { personOf } from './exchanges.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

const SECONDS_PER_DAY = 86_400
const STATE_ACTS = { suspend: 'suspended', resume: 'resumed', close: 'closed' } as const

/**
 * Suspends a member, lets them act again, or closes the account for good; `by` is whoever did it at the desk, here and
 * below. Refuses `account_unknown`,
 * `account_closed`, and for closing `balance_not_zero` and `payments_open`.
 */
export async function setMemberState(
  node: Node,
  people: People,
  number: string,
  act: 'suspend' | 'resume' | 'close',
  by: Coordinator | null = null,
): Promise<Outcome<Person>> {
  const person = personOf(people, number)
  if (!person.ok) return person
  const { account } = person.value
  const nonce = node.random.bytes(16)
  const decide = act === 'close' ? decideClose(account, nonce) : decideSuspend(account, act, nonce)
  const about = { what: STATE_ACTS[act], accounts: [account] }
  const outcome = await node.commit(people.acts.riding(by, about, decide))
  return outcome.ok ? person : outcome
}

/**
 * A handle under which members of other banks can pay this member: so many uses, so many days. It is durable before
 * it is returned ([PRIV-3]); `expires` in seconds. Refuses `account_unknown`, `account_closed`, `account_suspended`,
 * `handle_limits`.
 */
export async function issueHandle(
  node: Node,
  people: People,
  request: { readonly number: string; readonly uses: number; readonly days: number },
  by: Coordinator | null = null,
): Promise<Outcome<{ handle: Bytes; expires: number }>> {
  const person = personOf(people, request.number)
  if (!person.ok) return person
  const { days, uses } = request
  if (!Number.isInteger(days) || days < 1 || days > LIMITS.handleDays) {
    return refuse('handle_limits', { mostUses: LIMITS.handleUses, mostDays: LIMITS.handleDays })
  }
  const { account } = person.value
  const outcome = await node.commit<{ handle: Bytes; expires: number }>((book, now) => {
    const state = accountOf(book, account)?.state
    if (state !== 'open') return refuse(state === 'suspended' ? 'account_suspended' : 'account_closed')
    const issued = node.handles.issue(account, { uses, now, seconds: days * SECONDS_PER_DAY })
    if (!issued.ok) return issued
    const { handle, expires, row } = issued.value
    const acted = people.acts.keep(by, { what: 'code_given', accounts: [account] }, now)
    return accept({ entries: [], rows: [row, ...acted], value: { handle, expires } })
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}

export interface DeviceRequest {
  readonly number: string
  /** 16 random bytes, made by the device. */
  readonly device: Bytes
  /** Its public key, 32 bytes. */
  readonly key: Bytes
  /** Its own signature over the registration, 64 bytes. */
  readonly possession: Bytes
}

/** Registers a member's device, which then can agree for that member alone. Refuses what `decideDevice` refuses. */
export async function registerDevice(
  node: Node,
  people: People,
  { number, device, key, possession }: DeviceRequest,
  by: Coordinator | null = null,
): Promise<Outcome<{ device: Bytes }>> {
  const person = personOf(people, number)
  if (!person.ok) return person
  if (device.length !== ACCOUNT_ID_BYTES) return refuse('request_malformed', { field: 'device' })
  if (key.length !== KEY_BYTES) return refuse('key_weak')
  if (possession.length !== SIGNATURE_BYTES) return refuse('signature_wrong')
  const { account } = person.value
  const decide = decideDevice({ account, device, key, possession, nonce: node.random.bytes(16) })
  const about = { what: 'device_added', accounts: [account] } as const
  const outcome = await node.commit(people.acts.riding(by, about, decide))
  return outcome.ok ? accept(outcome.value.value) : outcome
}

/** From now on this device of the member counts for nothing. Refuses `device_unknown` and `device_removed`. */
export async function removeDevice(
  node: Node,
  people: People,
  { number, device }: Pick<DeviceRequest, 'number' | 'device'>,
  by: Coordinator | null = null,
): Promise<Outcome<{ device: Bytes }>> {
  const person = personOf(people, number)
  if (!person.ok) return person
  const nonce = node.random.bytes(16)
  const { account } = person.value
  const decide: Decide<null> = (book, now) => {
    const owner = book.devices.get(toHex(device))?.account.id
    if (owner === undefined || !sameBytes(owner, account)) return refuse('device_unknown')
    return decideDeviceRemoval(device, nonce)(book, now)
  }
  const about = { what: 'device_removed', accounts: [account] } as const
  const outcome = await node.commit(people.acts.riding(by, about, decide))
  return outcome.ok ? accept({ device }) : outcome
}
