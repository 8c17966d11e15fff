/**
 * How does the second press of a button find what the first one made? A form carries a nonce from the moment it is
 * shown; what became of it is kept in the same batch as the record itself, so a lost answer, the back button and a
 * double press all lead to one record ([EX-7]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { type Outcome, refuse } from '../core/refusal.ts'
import { b32, record } from '../core/schema.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { Turns } from './turns.ts'

const rowField = record({ id: b32, said: b32 })

export interface Press {
  /** Random bytes of the form, or the id of what is replaced. */
  readonly nonce: Bytes
  /** 32 bytes: digest of what the form said, so that other words under an old nonce are not taken for the old. */
  readonly said: Bytes
}

export class Presses {
  readonly #store: Store
  readonly #turns = new Turns()

  constructor(store: Store) {
    this.#store = store
  }

  /** The row that must be durable together with the record of this id (32 bytes). */
  row({ nonce, said }: Press, id: Bytes): Write {
    return { put: privateKey('press', nonce), value: encode(rowField.write({ id, said })) }
  }

  /**
   * Runs `first`, which records and keeps the row; or `again` with the id that an earlier press made. Presses of one
   * nonce wait for one another. Refuses `request_malformed` when the nonce was used for something else.
   */
  once<T>(
    press: Press,
    first: () => Promise<Outcome<T>>,
    again: (id: Bytes) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    return this.alone(press.nonce, async () => {
      const kept = this.#kept(press.nonce)
      if (kept === null) return first()
      return sameBytes(kept.said, press.said) ? again(kept.id) : refuse('request_malformed', { nonce: 1 })
    })
  }

  /** Runs `work` once whatever runs under this key has ended. */
  alone<T>(key: Bytes, work: () => Promise<T>): Promise<T> {
    return this.#turns.alone(key, work)
  }

  /** Id of the record that a press with this nonce made; null when there is none. */
  made(nonce: Bytes): Bytes | null {
    return this.#kept(nonce)?.id ?? null
  }

  #kept(nonce: Bytes): { id: Bytes; said: Bytes } | null {
    const bytes = this.#store.get(privateKey('press', nonce))
    const decoded = bytes === undefined ? null : decode(bytes)
    return (decoded?.ok ? rowField.read(decoded.value) : undefined) ?? null
  }
}
