/**
 * What ends with a person beside the account? Offices at the desk and on the board, and devices that could agree.
 */

import { type Bytes, fromHex } from '../core/ids.ts'
import { accountOf } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import { decideRevoke } from '../node/accounts.ts'
import { decideUnseat } from '../node/board-acts.ts'
import type { Node } from '../node/node.ts'
import type { People } from './people.ts'

const COORDINATOR = 1

/** Takes this person out of every office. Refuses `last_coordinator` for the only one left. */
export async function endRoles(node: Node, people: People, account: Bytes): Promise<Outcome<null>> {
  const actors = await node.read(({ book }) =>
    people.coordinators.actorsOf(book, account).filter((actor) => {
      return book.roles.get(Buffer.from(actor).toString('hex'))?.revoked === false
    }),
  )
  for (const actor of actors) {
    const nonce = node.random.bytes(16)
    const outcome = await node.commit((book, now) => {
      const role = book.roles.get(Buffer.from(actor).toString('hex'))?.role
      return (role === COORDINATOR ? decideRevoke : decideUnseat)(actor, nonce)(book, now)
    })
    if (!outcome.ok) return outcome
  }
  return accept(null)
}

/** No device of this account counts any more. */
export async function signOutDevices(node: Node, account: Bytes): Promise<Outcome<null>> {
  for (let more = true; more; ) {
    const nonces = Array.from({ length: LIMITS.commitEntries }, () => node.random.bytes(16))
    const outcome = await node.commit((book) => {
      const owner = accountOf(book, account)
      const left = [...book.devices].filter(([, one]) => one.account === owner && !one.removed)
      const entries = left.slice(0, nonces.length).map(([hex], i) => {
        const body = { device: fromHex(hex, 16) as Bytes, cause: LEFT, nonce: nonces[i] as Bytes }
        return { kind: 'dev.remove' as const, body }
      })
      return accept({ entries, value: left.length > entries.length })
    })
    if (!outcome.ok) return outcome
    more = outcome.value.value
  }
  return accept(null)
}

/** Why the device counts no more: its owner has left. */
const LEFT = 2
