/**
 * What does a bank say of itself on every page and letter? Whom to ring and when, where it is, and how it looks after
 * people; the name stands in the log.
 */

import { decode, encode } from '../core/codec.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { literal, optional, record, text } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'
import { fits, lineOrNull, wordsOrNull } from './texts.ts'

export interface BankFacts {
  readonly phone: string | null
  /** When somebody answers, in the bank's own words. */
  readonly hours: string | null
  readonly address: string | null
  /** The part of the country that it is for. */
  readonly area: string | null
  readonly email: string | null
  /** Whom to ring when somebody is worried about somebody ([SAFE-6]). */
  readonly concernName: string | null
  readonly concernPhone: string | null
  /** What this bank is about, a few sentences. */
  readonly about: string | null
}

const short = optional(text(LIMITS.contactBytes))
const known = {
  phone: short,
  hours: short,
  address: short,
  email: short,
  concernName: short,
  concernPhone: short,
  about: optional(text(LIMITS.noteBytes)),
}
const firstRow = record({ version: literal(1), ...known })
const rowField = record({ version: literal(2), ...known, area: short })

const PRIVATE = { controlCharacters: 'allowed' } as const
const KEY = privateKey('setting', new TextEncoder().encode('bank-facts'))

export const NO_FACTS: BankFacts = {
  phone: null,
  hours: null,
  address: null,
  area: null,
  email: null,
  concernName: null,
  concernPhone: null,
  about: null,
}

export function readBankFacts(store: Store): BankFacts {
  const bytes = store.get(KEY)
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  if (!decoded?.ok) return NO_FACTS
  const row = rowField.read(decoded.value) ?? firstRow.read(decoded.value)
  if (row === undefined) return NO_FACTS
  const { version: _, ...facts } = row
  return { ...NO_FACTS, ...facts }
}

/** Replaces all of them. Refuses `text_too_long` with the field. */
export async function keepBankFacts(node: Node, given: BankFacts): Promise<Outcome<BankFacts>> {
  const { about, ...shortOnes } = given
  const facts = { ...given, about: wordsOrNull(about) }
  for (const [field, value] of Object.entries(shortOnes)) Object.assign(facts, { [field]: lineOrNull(value) })
  for (const [field, value] of Object.entries(facts)) {
    const mostBytes = field === 'about' ? LIMITS.noteBytes : LIMITS.contactBytes
    if (!fits(value, mostBytes)) return refuse('text_too_long', { field, mostBytes })
  }
  const value = encode(rowField.write({ version: 2, ...facts }), PRIVATE)
  const kept = await node.commit(() => accept({ entries: [], rows: [{ put: KEY, value }], value: null }))
  return kept.ok ? accept(facts) : kept
}
