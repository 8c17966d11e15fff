/**
 * Does one input do anything to a decoder that it must not? It may be taken or refused by name, in time, the same
 * way twice, and without a change to the bytes that came in.
 */

import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import type { Target, Told } from './target.ts'

export type Seen =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly by: string }
  /** `what` names the class of the failure and then says more. */
  | { readonly kind: 'failed'; readonly what: string }

/** Runs at most, of which the quickest counts: the first one may have compiled code or collected garbage. */
const TRIES = 3

/** Tries one input. */
export async function probe(target: Target, input: Uint8Array): Promise<Seen> {
  const given = input.slice()
  const first = await timed(target, given)
  if ('failed' in first) return { kind: 'failed', what: first.failed }
  if (!same(given, input)) return { kind: 'failed', what: 'changes its input' }
  let quickest = first.ms
  if (target.remembers === undefined) {
    for (let i = 1; i < TRIES && (i === 1 || quickest > target.mostMs); i++) {
      const next = await timed(target, given)
      if ('failed' in next) return { kind: 'failed', what: `differs: ${next.failed}` }
      if (!sameTold(first.told, next.told))
        return { kind: 'failed', what: 'differs from one time to the next' }
      quickest = Math.min(quickest, next.ms)
    }
  }
  if (quickest > target.mostMs) return { kind: 'failed', what: `slow: ${Math.round(quickest)} ms` }
  return judged(target, input, first.told)
}

function judged(target: Target, input: Uint8Array, told: Told): Seen {
  if ('refused' in told) {
    const faults = (target.faults ?? []).map(faultName)
    const known = [...target.refusals, ...faults].some((one) =>
      typeof one === 'string' ? one === told.refused : one.test(told.refused),
    )
    return known
      ? { kind: 'refused', by: classOf(told.refused) }
      : { kind: 'failed', what: `unnamed refusal: ${told.refused}` }
  }
  if (told.again !== undefined && !same(told.again, input)) {
    return {
      kind: 'failed',
      what: `not canonical: written again it is ${toHex(told.again.subarray(0, 200))}`,
    }
  }
  return { kind: 'accepted' }
}

type Run = { readonly told: Told; readonly ms: number } | { readonly failed: string }

async function timed(target: Target, input: Uint8Array): Promise<Run> {
  const start = performance.now()
  const before = process.cpuUsage()
  /** What it cost us: neither the time another program had the processor, nor that of other threads of ours. */
  const cost = (): number => {
    const { user, system } = process.cpuUsage(before)
    return Math.min(performance.now() - start, (user + system) / 1_000)
  }
  try {
    const running = target.tell(input)
    const told = running instanceof Promise ? await running : running
    return { told, ms: cost() }
  } catch (thrown) {
    const ms = cost()
    if (thrown instanceof Fault && target.faults?.includes(thrown.code)) {
      return { told: { refused: faultName(thrown.code) }, ms }
    }
    return { failed: `throws ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}` }
  }
}

/** A fault as the name of a "no". */
function faultName(code: string): string {
  return `fault ${code}`
}

/** Of a longer "no" the first words say which it is. */
function classOf(refused: string): string {
  return refused.slice(0, 60)
}

function sameTold(a: Told, b: Told): boolean {
  if ('refused' in a || 'refused' in b) return 'refused' in a && 'refused' in b && a.refused === b.refused
  return isDeepStrictEqual(a.accepted, b.accepted)
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
