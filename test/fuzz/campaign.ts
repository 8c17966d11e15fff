/**
 * How is one target tried many times over? In turns of a damaged-bytes round and a round of fast-check, each with a
 * seed of its own, until the time or the number of inputs is used up, or something is found.
 */

import fc from 'fast-check'
import { seeded } from '../core/trees.ts'
import { damaged } from './damage.ts'
import { probe, type Seen } from './probe.ts'
import { shrunk } from './shrink.ts'
import type { Target } from './target.ts'

export interface Budget {
  readonly seed: number
  /** Inputs of each of the two fuzzers, or seconds for both. */
  readonly inputs?: number
  readonly seconds?: number
  /** Told of every input before it is tried. */
  readonly watch?: (input: Uint8Array) => void
}

export interface Tally {
  readonly target: string
  readonly seed: number
  inputs: number
  accepted: number
  readonly refused: Map<string, number>
  seconds: number
  failure: Failure | null
}

export interface Failure {
  readonly what: string
  /** As small as it would go. */
  readonly input: Uint8Array
  /** Seed of the round that found it. */
  readonly round: number
}

/** Inputs of one fuzzer before the other has its turn. */
const ROUND = 250
/** The same where a round begins with a new bank. */
const LONG_ROUND = 1_500

/** Tries a target within its budget; stops at the first failure. */
export async function campaign(target: Target, budget: Budget): Promise<Tally> {
  const { seed, inputs = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = budget
  const tally: Tally = {
    target: target.name,
    seed,
    inputs: 0,
    accepted: 0,
    refused: new Map(),
    seconds: 0,
    failure: null,
  }
  const start = performance.now()
  const over = (): boolean => (performance.now() - start) / 1_000 >= seconds
  // Whatever is remembered is of one round alone, so that the seed of the round plays it again.
  const anew = target.remembers !== undefined
  const roundInputs = anew ? LONG_ROUND : ROUND
  if (!anew) await target.begin?.(seed)
  try {
    for (
      let done = 0, round = seed;
      tally.failure === null && done < inputs && !over();
      done += roundInputs, round++
    ) {
      if (anew) await target.begin?.(round)
      const many = Math.min(roundInputs, inputs - done)
      tally.failure = await oneRound(target, tally, { round, many, over, budget })
      if (anew) await target.end?.()
    }
  } finally {
    if (!anew) await target.end?.()
  }
  tally.seconds = (performance.now() - start) / 1_000
  return tally
}

async function oneRound(target: Target, tally: Tally, round: Round): Promise<Failure | null> {
  const fresh = target.remembers !== undefined || round.round === tally.seed
  const failure =
    (fresh ? await startsWell(target, tally, round.budget) : null) ??
    (await damagedRound(target, tally, round)) ??
    (await shapedRound(target, tally, round))
  const unsound = failure === null ? ((await target.sound?.()) ?? null) : null
  return unsound === null ? failure : { what: unsound, input: new Uint8Array(0), round: round.round }
}

/** The corpus itself is taken, or the target tries nothing that matters. */
async function startsWell(target: Target, tally: Tally, budget: Budget): Promise<Failure | null> {
  const taken = tally.accepted
  for (const input of target.corpus()) {
    const seen = await tried(target, input, tally, budget)
    if (seen.kind === 'failed') return { what: `of the corpus: ${seen.what}`, input, round: tally.seed }
  }
  return tally.accepted > taken
    ? null
    : { what: 'nothing of the corpus is taken', input: new Uint8Array(0), round: tally.seed }
}

interface Round {
  readonly round: number
  readonly many: number
  readonly over: () => boolean
  readonly budget: Budget
}

async function damagedRound(
  target: Target,
  tally: Tally,
  { round, many, over, budget }: Round,
): Promise<Failure | null> {
  const random = seeded(round)
  const corpus = target.corpus()
  for (let i = 0; i < many && !over(); i++) {
    const input = damaged(corpus, random, target.mostBytes)
    const seen = await tried(target, input, tally, budget)
    if (seen.kind === 'failed')
      return { what: seen.what, input: await shrunk(target, input, seen.what), round }
  }
  return null
}

async function shapedRound(
  target: Target,
  tally: Tally,
  { round, many, over, budget }: Round,
): Promise<Failure | null> {
  let what = ''
  const property = fc.asyncProperty(target.inputs(), async (input) => {
    if (over() || input.length > target.mostBytes) return true
    const seen = await tried(target, input, tally, budget)
    if (seen.kind !== 'failed') return true
    what = seen.what
    return false
  })
  const found = await fc.check(property, { seed: round, numRuns: many, endOnFailure: false })
  if (!found.failed) return null
  const [input] = found.counterexample ?? [new Uint8Array(0)]
  if (what === '') return { what: `the inputs themselves fail: ${String(found.errorInstance)}`, input, round }
  return { what, input: await shrunk(target, input, what), round }
}

async function tried(target: Target, input: Uint8Array, tally: Tally, budget: Budget): Promise<Seen> {
  budget.watch?.(input)
  const seen = await probe(target, input)
  tally.inputs++
  if (seen.kind === 'accepted') tally.accepted++
  else if (seen.kind === 'refused') tally.refused.set(seen.by, (tally.refused.get(seen.by) ?? 0) + 1)
  return seen
}
