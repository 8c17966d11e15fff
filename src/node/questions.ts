/**
 * Which answers of a neighbour do we wait for? Each question has a random name that its answer repeats; an answer to none
 * of them is passed over, and no question waits for ever.
 */

import type { EntryOf, Ref } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { refuse } from '../core/refusal.ts'
import type { MessageOf } from '../peer/messages.ts'
import type { Clock } from './ports.ts'

/** An endorsed request with the entry that proves it. */
export interface Endorsed {
  readonly name: 'endorsed'
  readonly message: MessageOf<'endorsed'>
  readonly entry: EntryOf<'rcv.invoice'>
  readonly ref: Ref
}

/** What became of a question. `away`: nobody was there to answer, or not any more. */
export type Answer =
  | MessageOf<'handle'>
  | MessageOf<'over'>
  | MessageOf<'notices'>
  | MessageOf<'noted'>
  | Endorsed
  | { readonly name: 'nothing' }
  | { readonly name: 'busy'; readonly retrySeconds: number }
  | { readonly name: 'away' }

export type Question = MessageOf<'who'> | MessageOf<'request'> | MessageOf<'look'> | MessageOf<'interest'>

/** A member of another bank, found by number: a handle to pay to, and the name to check. */
export interface FoundMember {
  readonly handle: Bytes
  readonly uses: number
  /** Seconds. */
  readonly expires: number
  readonly payee: string
}

/** Why a question got no good answer; `nothing` is what NOTHING means for it. */
export function unanswered(
  answer: Answer,
  nothing: 'member_not_found' | 'request_unknown' | 'notice_unknown',
): ReturnType<typeof refuse> {
  switch (answer.name) {
    case 'nothing':
      return refuse(nothing)
    case 'busy':
      return refuse('asked_too_often', { retrySeconds: answer.retrySeconds })
    case 'over': {
      const codes = ['request_expired', 'request_used', 'request_withdrawn'] as const
      const code = codes[answer.cause - 1] ?? 'request_unknown'
      return refuse(code, answer.at === null ? {} : { at: answer.at })
    }
    case 'away':
      return refuse('neighbour_away')
    default:
      return refuse('answer_not_sound', { what: 'kind' })
  }
}

export class Questions {
  readonly #clock: Clock
  readonly #waiting = new Map<string, { readonly name: Question['name']; settle(answer: Answer): void }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Waits for the answer to a question that `say` sends. */
  ask({ name, question }: Question, say: () => void): Promise<Answer> {
    const id = toHex(question)
    if (this.#waiting.size >= LIMITS.questionsUnderWay || this.#waiting.has(id))
      return Promise.resolve({ name: 'away' })
    return new Promise((resolve) => {
      const cancel = this.#clock.after(LIMITS.answerSeconds * 1000, () =>
        this.heard(question, { name: 'away' }),
      )
      const settle = (answer: Answer): void => {
        cancel()
        this.#waiting.delete(id)
        resolve(answer)
      }
      this.#waiting.set(id, { name, settle })
      say()
    })
  }

  /** The answer to a question; one that nobody asked, or that was answered before, is passed over. */
  heard(question: Bytes, answer: Answer): void {
    this.#waiting.get(toHex(question))?.settle(answer)
  }

  /** The same answer to all that wait: the session is over. Or to those of a kind: the neighbour takes no more of it now. */
  all(answer: Answer, names: readonly Question['name'][] | null = null): void {
    for (const { name, settle } of [...this.#waiting.values()])
      if (names === null || names.includes(name)) settle(answer)
  }
}
