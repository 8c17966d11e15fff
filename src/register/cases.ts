/**
 * What happens when somebody says "this is wrong"? A case with both people's words and a day by which the desk has
 * looked at it; it ends in one of three ways, and the record stays in the log whatever it was ([DESK-8]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, integer, literal, optional, record, type TypeOf, text, time, u } from '../core/schema.ts'
import type { Node } from '../node/node.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Write } from '../store/store.ts'
import { fits, words } from './texts.ts'
import { Turns } from './turns.ts'

/** What is said to be wrong. */
export const CASE_WHATS = ['length', 'not_me', 'did_not_happen', 'something_else'] as const
export type CaseWhat = (typeof CASE_WHATS)[number]
/** `stands`: it was right. `corrected`: it was taken back or replaced. `withdrawn`: whoever said so thought again. */
export const CASE_STATES = ['open', 'stands', 'corrected', 'withdrawn'] as const
export type CaseState = (typeof CASE_STATES)[number]

export interface Case {
  /** Id of the record it is about, 32 bytes: one case a record. */
  readonly record: Bytes
  /** Index of the record. */
  readonly index: number
  /** Who says so. */
  readonly by: Bytes
  readonly what: CaseWhat
  readonly words: string
  /** Seconds. */
  readonly opened: number
  readonly due: number
  readonly state: CaseState
  /** What the desk wrote when it ended. */
  readonly answer: string
}

const rowField = record({
  version: literal(1),
  index: u,
  by: b16,
  what: integer(0, CASE_WHATS.length - 1),
  words: optional(text(LIMITS.noteBytes)),
  opened: time,
  due: time,
  state: integer(0, CASE_STATES.length - 1),
  answer: optional(text(LIMITS.noteBytes)),
})
type Row = TypeOf<typeof rowField>
const PRIVATE = { controlCharacters: 'allowed' } as const
const PAGE = 256

export class Cases {
  readonly #node: Node
  readonly #open = new Map<string, Case>()
  readonly #turns = new Turns()

  private constructor(node: Node) {
    this.#node = node
  }

  static async open(node: Node): Promise<Cases> {
    const cases = new Cases(node)
    for await (const page of node.store.pages(privateRange('case'), PAGE)) {
      for (const [key, value] of page) {
        const one = read(privateIdOf('case', key), value)
        if (one?.state === 'open') cases.#open.set(toHex(one.record), one)
      }
    }
    return cases
  }

  /** What the register holds is what counts: whatever was erased there is not remembered here. */
  find(recordId: Bytes): Case | null {
    const bytes = this.#node.store.get(privateKey('case', recordId))
    const kept = read(recordId, bytes)
    if (bytes !== undefined && kept === null) this.#open.delete(toHex(recordId))
    return this.#open.get(toHex(recordId)) ?? kept
  }

  /** Those the desk has to look at, the one that is due first in front. */
  waiting(): readonly Case[] {
    return [...this.#open.values()]
      .filter(({ record: id }) => this.find(id) !== null)
      .sort((a, b) => a.due - b.due)
  }

  /** Opens a case, or finds the one that is open about this record. Refuses `text_too_long`. */
  begin(given: Pick<Case, 'record' | 'index' | 'by' | 'what' | 'words'>): Promise<Outcome<Case>> {
    return this.#turns.alone(given.record, () => this.#begin(given))
  }

  async #begin(given: Pick<Case, 'record' | 'index' | 'by' | 'what' | 'words'>): Promise<Outcome<Case>> {
    const said = words(given.words)
    if (!fits(said, LIMITS.noteBytes))
      return refuse('text_too_long', { field: 'words', mostBytes: LIMITS.noteBytes })
    const now = this.#node.clock.now()
    const fresh: Case = {
      ...given,
      words: said,
      opened: now,
      due: now + LIMITS.caseSeconds,
      state: 'open',
      answer: '',
    }
    const kept = await this.#node.commit<Case>(() => {
      const known = this.find(given.record)
      return known?.state !== 'open'
        ? accept({ entries: [], rows: [this.#keep(fresh)], value: fresh })
        : accept({ entries: [], value: known })
    })
    return kept.ok ? accept(kept.value.value) : kept
  }

  /**
   * Ends it; a case that has ended stays so. `first` is done before, once it is known that nobody has answered; when it is
   * refused, the case stays open. Refuses `record_unknown`, `claim_answered` and `text_too_long`.
   */
  end(
    recordId: Bytes,
    state: Exclude<CaseState, 'open'>,
    answer: string,
    first: () => Promise<Outcome<unknown>> = async () => accept(null),
  ): Promise<Outcome<Case>> {
    return this.#turns.alone(recordId, () => this.#end(recordId, { state, answer, first }))
  }

  async #end(
    recordId: Bytes,
    {
      state,
      answer,
      first,
    }: { state: Exclude<CaseState, 'open'>; answer: string; first: () => Promise<Outcome<unknown>> },
  ): Promise<Outcome<Case>> {
    const said = words(answer)
    if (!fits(said, LIMITS.noteBytes))
      return refuse('text_too_long', { field: 'answer', mostBytes: LIMITS.noteBytes })
    const known = this.find(recordId)
    if (known === null) return refuse('record_unknown')
    if (known.state !== 'open') return refuse('claim_answered')
    const done = await first()
    if (!done.ok) return done
    const ended: Case = { ...known, state, answer: said }
    const kept = await this.#node.commit<Case>(() =>
      this.find(recordId) === null
        ? refuse('record_unknown')
        : accept({ entries: [], rows: [this.#keep(ended)], value: ended }),
    )
    return kept.ok ? accept(kept.value.value) : kept
  }

  #keep(one: Case): Write {
    if (one.state === 'open') this.#open.set(toHex(one.record), one)
    else this.#open.delete(toHex(one.record))
    const { record: id, what, state, words: said, answer, ...rest } = one
    const row: Row = {
      version: 1,
      ...rest,
      what: CASE_WHATS.indexOf(what),
      words: said === '' ? null : said,
      state: CASE_STATES.indexOf(state),
      answer: answer === '' ? null : answer,
    }
    return { put: privateKey('case', id), value: encode(rowField.write(row), PRIVATE) }
  }
}

function read(id: Bytes, bytes: Bytes | undefined): Case | null {
  const decoded = bytes === undefined ? null : decode(bytes, PRIVATE)
  const row = decoded?.ok ? rowField.read(decoded.value) : undefined
  if (row === undefined) return null
  const { version: _, what, state, words: said, answer, ...rest } = row
  return {
    record: id,
    ...rest,
    what: CASE_WHATS[what] as CaseWhat,
    words: said ?? '',
    state: CASE_STATES[state] as CaseState,
    answer: answer ?? '',
  }
}
