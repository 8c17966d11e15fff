/**
 * What does one look at the bank find? Whether something is well, in words by name with their facts, and what one can do
 * about it. The words stand with those of the pages, so that page and command line say the same.
 */

import { must } from '../../core/fault.ts'
import type { Facts } from '../../words/language.ts'
import { HEALTH_EN } from '../../words/languages/health.en.ts'

export type Verdict = 'fine' | 'look' | 'wrong' | 'unknown'

/** What is looked at, in the order in which it is told. */
export const HEALTH_IDS = [
  'recording',
  'guard',
  'disk',
  'clock',
  'books',
  'addresses',
  'neighbour',
  'seen',
  'pages',
  'work',
] as const
export type HealthId = (typeof HEALTH_IDS)[number]

/** Sentences about the bank: `health.disk.low` is that of the code `disk.low`. */
type Sentence = Extract<keyof typeof HEALTH_EN, `health.${HealthId}.${string}`>
type CodeIn<S> = S extends `health.${infer C}` ? (C extends `${string}.todo` ? never : C) : never
export type HealthCode = CodeIn<Sentence>

export interface Finding {
  readonly id: HealthId
  readonly verdict: Verdict
  readonly code: HealthCode
  readonly facts: Facts
  /** What the machine said, for whoever looks after it; never on a page. */
  readonly detail: string | null
}

/** `id` is the first part of the code. */
export function finding(
  verdict: Verdict,
  code: HealthCode,
  facts: Facts = {},
  detail: string | null = null,
): Finding {
  return { id: code.slice(0, code.indexOf('.')) as HealthId, verdict, code, facts, detail }
}

/** The names of the sentence and of what to do; the second is null where there is nothing to do. */
export function sentencesOf({ code }: Finding): { says: Sentence; todo: Sentence | null } {
  const [id, what] = code.split('.')
  const [says, todo] = [`health.${id}.${what}`, `health.${id}.${what}.todo`]
  must(isSentence(says), `there is a sentence for ${code}`)
  return { says, todo: isSentence(todo) ? todo : null }
}

function isSentence(id: string): id is Sentence {
  return Object.hasOwn(HEALTH_EN, id)
}

/** The worst of several: what is not known is less than what is wrong, and more than what is well. */
export function worstOf(findings: readonly Pick<Finding, 'verdict'>[]): Verdict {
  const order: readonly Verdict[] = ['wrong', 'look', 'unknown']
  return order.find((verdict) => findings.some((one) => one.verdict === verdict)) ?? 'fine'
}
