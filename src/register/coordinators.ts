/**
 * Who stands behind an actor id of the log? The log knows coordinators by random ids; their names lie here.
 */

import { decode, encode } from '../core/codec.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { record, text } from '../core/schema.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'

export interface Coordinator {
  /** 16 bytes, as in the log. */
  readonly actor: Bytes
  readonly name: string
}

const rowField = record({ name: text(LIMITS.nameBytes) })
const PAGE = 64

/** The row that rides with the coordinator's `role.grant`. */
export function coordinatorRow({ actor, name }: Coordinator): Write {
  return { put: privateKey('coordinator', actor), value: encode(rowField.write({ name })) }
}

/** Everybody who was made a coordinator here, in order of actor id. */
export async function readCoordinators(store: Store): Promise<Coordinator[]> {
  const found: Coordinator[] = []
  for await (const page of store.pages(privateRange('coordinator'), PAGE)) {
    for (const [key, value] of page) {
      const decoded = decode(value)
      const row = decoded.ok ? rowField.read(decoded.value) : undefined
      // A row of one zero byte is a person who is being erased.
      if (row !== undefined) found.push({ actor: privateIdOf('coordinator', key), name: row.name })
    }
  }
  return found
}
