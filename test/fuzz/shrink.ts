/**
 * How small can a bad input be made and stay as bad? Pieces are cut out and bytes set to 0 as long as the failure is
 * of the same kind, within two seconds.
 */

import { probe } from './probe.ts'
import type { Target } from './target.ts'

const MOST_MS = 2_000

/** The smallest input found that fails as `what` says, up to its first figure or colon. */
export async function shrunk(target: Target, input: Uint8Array, what: string): Promise<Uint8Array> {
  // What remembers is in another state by now: the input as it came is all that can be kept.
  if (target.remembers !== undefined) return input
  const over = performance.now() + MOST_MS
  const kind = kindOf(what)
  const fails = async (tried: Uint8Array): Promise<boolean> => {
    const seen = await probe(target, tried)
    return seen.kind === 'failed' && kindOf(seen.what) === kind
  }
  let small = input
  for (
    let size = Math.ceil(small.length / 2);
    size >= 1 && performance.now() < over;
    size = Math.floor(size / 2)
  ) {
    for (let at = 0; at < small.length && performance.now() < over; ) {
      const cut = new Uint8Array(Buffer.concat([small.subarray(0, at), small.subarray(at + size)]))
      if (await fails(cut)) small = cut
      else at += size
    }
  }
  for (let at = 0; at < small.length && performance.now() < over; at++) {
    const zeroed = small.slice()
    zeroed[at] = 0
    if (small[at] !== 0 && (await fails(zeroed))) small = zeroed
  }
  return small
}

function kindOf(what: string): string {
  return what.replace(/[\d:].*/s, '').slice(0, 80)
}
