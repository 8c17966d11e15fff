/**
 * Which rules does somebody agree to who joins? The bank's own words, each version with a number and kept, so that it
 * stays known what was agreed to ([DESK-5]). Until a bank writes its own, the program's usual ones count as version 1.
 */

import { decode, encode } from '../core/codec.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { literal, record, text, time, u } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'
import { fits, words } from './texts.ts'

export interface HouseRules {
  readonly version: number
  /** Null for the usual ones. */
  readonly text: string | null
  /** Seconds; null for the usual ones. */
  readonly since: number | null
}

const rowField = record({ version: literal(1), no: u, text: text(LIMITS.houseRulesBytes), since: time })
const PRIVATE = { controlCharacters: 'allowed' } as const
const USUAL: HouseRules = { version: 1, text: null, since: null }
const NEWEST = 'house-rules'

/** The rules of now. */
export function readHouseRules(store: Store): HouseRules {
  return readRow(store, NEWEST) ?? USUAL
}

/** The rules of a version; null for one that never was. */
export function houseRulesOf(store: Store, version: number): HouseRules | null {
  return version === USUAL.version ? USUAL : readRow(store, `${NEWEST} ${version}`)
}

/** The rules as they would be kept. Refuses `text_too_long`. */
export function rulesIn(given: string): Outcome<string> {
  const own = words(given)
  return fits(own, LIMITS.houseRulesBytes)
    ? accept(own)
    : refuse('text_too_long', { field: 'rules', mostBytes: LIMITS.houseRulesBytes })
}

/** Writes rules of one's own; the same words again are the same version. Refuses `text_too_long`. */
export async function keepHouseRules(node: Node, given: string): Promise<Outcome<HouseRules>> {
  const read = rulesIn(given)
  if (!read.ok) return read
  const own = read.value
  const kept = await node.commit<HouseRules>((_, now) => {
    const before = readHouseRules(node.store)
    if (own === '' || own === before.text) return accept({ entries: [], value: before })
    const rules = { version: before.version + 1, text: own, since: now }
    const value = encode(rowField.write({ version: 1, no: rules.version, text: own, since: now }), PRIVATE)
    const rows = [NEWEST, `${NEWEST} ${rules.version}`].map((name) => ({
      put: privateKey('setting', name),
      value,
    }))
    return accept({ entries: [], rows, value: rules })
  })
  return kept.ok ? accept(kept.value.value) : kept
}

function readRow(store: Store, name: string): HouseRules | null {
  const bytes = store.get(privateKey('setting', name))
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  const row = decoded?.ok ? rowField.read(decoded.value) : undefined
  return row === undefined ? null : { version: row.no, text: row.text, since: row.since }
}
