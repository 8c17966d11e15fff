/**
 * Who stands behind an actor id of the log, and who may act for the bank? The log knows coordinators by random ids and
 * says who is in office; their names lie here.
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, fromHex, sameBytes, toHex } from '../core/ids.ts'
import type { Book, Role } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { record, text } from '../core/schema.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { line } from './texts.ts'

export interface Coordinator {
  /** 16 bytes, as in the log. */
  readonly actor: Bytes
  readonly name: string
}

export type CoordinatorState = 'in_office' | 'removed' | 'run_out'

/** A coordinator as the log has it now. */
export interface ListedCoordinator extends Coordinator {
  readonly state: CoordinatorState
  /** Account of this person as a member, null when none was named. */
  readonly ownAccount: Bytes | null
}

const rowField = record({ name: text(LIMITS.nameBytes) })
const PAGE = 64
const COORDINATOR_ROLE = 1

/** The row that rides with the coordinator's `role.grant`. */
export function coordinatorRow({ actor, name }: Coordinator): Write {
  return { put: privateKey('coordinator', actor), value: encode(rowField.write({ name })) }
}

export class Coordinators {
  /** Names by actor id in hex. */
  readonly #names = new Map<string, string>()

  static async open(store: Store): Promise<Coordinators> {
    const coordinators = new Coordinators()
    for await (const page of store.pages(privateRange('coordinator'), PAGE)) {
      for (const [key, value] of page) {
        const decoded = decode(value)
        const row = decoded.ok ? rowField.read(decoded.value) : undefined
        // A row of one zero byte is a person who is being erased.
        if (row !== undefined) coordinators.#names.set(toHex(privateIdOf('coordinator', key)), row.name)
      }
    }
    return coordinators
  }

  /** The name behind an actor id, null when it was erased or never here. */
  nameOf(actor: Bytes): string | null {
    return this.#names.get(toHex(actor)) ?? null
  }

  /** Everybody who was ever granted the role and whose name is here, in order of the grants; `now` in seconds. */
  all(book: Book, now: number): readonly ListedCoordinator[] {
    const found: ListedCoordinator[] = []
    for (const [hex, role] of book.roles) {
      const name = this.#names.get(hex)
      const actor = fromHex(hex, hex.length / 2)
      if (name === undefined || actor === null || role.role !== COORDINATOR_ROLE) continue
      found.push({ actor, name, state: stateOf(role, now), ownAccount: role.ownAccount })
    }
    return found
  }

  inOffice(book: Book, now: number): readonly ListedCoordinator[] {
    return this.all(book, now).filter(({ state }) => state === 'in_office')
  }

  /** Who in office is called so, whatever the capitals. */
  find(book: Book, now: number, name: string): ListedCoordinator | null {
    return this.inOffice(book, now).find((one) => spelled(one.name) === spelled(name)) ?? null
  }

  /** The row of this coordinator, for a commit; called inside the decision, as every row of the register is. */
  keep(coordinator: Coordinator): Write {
    this.#names.set(toHex(coordinator.actor), coordinator.name)
    return coordinatorRow(coordinator)
  }

  /** Actor ids of this member, in office or not. */
  actorsOf(book: Book, account: Bytes): readonly Bytes[] {
    const actors: Bytes[] = []
    for (const [hex, { ownAccount }] of book.roles) {
      const actor = fromHex(hex, hex.length / 2)
      if (ownAccount !== null && sameBytes(ownAccount, account) && actor !== null) actors.push(actor)
    }
    return actors
  }

  forget(actor: Bytes): void {
    this.#names.delete(toHex(actor))
  }
}

function stateOf({ revoked, until }: Role, now: number): CoordinatorState {
  if (revoked) return 'removed'
  return until !== null && until < now ? 'run_out' : 'in_office'
}

/** Names that differ in capitals or outer blanks only are the same name. */
function spelled(name: string): string {
  return line(name).toLowerCase()
}
