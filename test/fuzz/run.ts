/**
 * How do several targets share one process and its time? One after another, each watched for hanging; every failure
 * is written down with the line that shows it again.
 */

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { campaign, type Failure, type Tally } from './campaign.ts'
import { ROUNDS, Unsound, visit } from './neighbour.ts'
import { TARGETS } from './targets.ts'
import { FOUND, startWatch } from './watch.ts'

/** The session-level target, which draws no bytes but whole conversations. */
export const NEIGHBOUR = 'neighbour'

export interface RunOptions {
  /** For each target. */
  readonly seconds: number
  readonly seed: number
  /** Of the neighbour; to play the shortest failing part of a conversation. */
  readonly rounds?: number | undefined
  readonly say: (line: string) => void
}

/** Whether nothing was found. */
export async function runTargets(names: readonly string[], options: RunOptions): Promise<boolean> {
  const all = TARGETS.map(({ name }) => name)
  const watch = startWatch(all)
  let well = true
  for (const target of TARGETS.filter(({ name }) => names.includes(name))) {
    const place = all.indexOf(target.name)
    const { seconds, seed } = options
    const tally = await campaign(target, { seconds, seed, watch: (input) => watch.begin(place, input) })
    watch.rest()
    tell(tally, options.say)
    if (tally.failure !== null) {
      keep(target.name, tally.failure, options.say)
      well = false
    }
  }
  await watch.end()
  if (names.includes(NEIGHBOUR)) well = (await runNeighbour(options)) && well
  return well
}

function tell({ target, inputs, seconds, accepted, refused }: Tally, say: RunOptions['say']): void {
  const perSecond = Math.round(inputs / Math.max(seconds, 0.001))
  say(`${target}: ${inputs} inputs, ${perSecond}/s, ${accepted} taken, ${inputs - accepted} refused`)
  const often = [...refused].sort((a, b) => b[1] - a[1])
  for (const [by, count] of often.slice(0, 12)) say(`    ${String(count).padStart(8)}  ${by}`)
  if (often.length > 12) say(`              and ${often.length - 12} more`)
}

/** Writes the input down, and says what to do with it. */
function keep(target: string, { what, input, round }: Failure, say: RunOptions['say']): void {
  const name = `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 8)}.hex`
  const path = join(FOUND, name)
  mkdirSync(FOUND, { recursive: true })
  writeFileSync(path, `${Buffer.from(input).toString('hex')}\n`)
  const shown = relative(process.cwd(), path)
  say(`FAILED ${target}: ${what}`)
  say(`    input of ${input.length} bytes in ${shown}`)
  say(`    see it again:  npm run fuzz -- --target ${target} --seed ${round}`)
  say(`    the input alone:  npm run fuzz -- --target ${target} --seed ${round} --input ${shown}`)
  say(`    once mended, keep it as test/vectors/found-by-fuzz/${target}.${round}.<what-it-was>.hex`)
}

async function runNeighbour({ seconds, seed, rounds = ROUNDS, say }: RunOptions): Promise<boolean> {
  const start = performance.now()
  let messages = 0
  let visits = 0
  for (let next = seed; visits === 0 || (performance.now() - start) / 1_000 < seconds; next++, visits++) {
    try {
      messages += (await visit(next, rounds)).messages
    } catch (thrown) {
      if (!(thrown instanceof Unsound)) throw thrown
      say(`FAILED ${NEIGHBOUR}: seed ${next}, ${thrown.message}`)
      say(
        `    see it again:  npm run fuzz -- --target ${NEIGHBOUR} --seed ${next} --rounds ${thrown.round} --minutes 0`,
      )
      return false
    }
  }
  const perSecond = Math.round(messages / ((performance.now() - start) / 1_000))
  say(`${NEIGHBOUR}: ${visits} seeds, ${messages} messages, ${perSecond}/s`)
  return true
}
