/**
 * Does the simulator notice? Plays the seeds it is given until one has a violation; one line of JSON before and after
 * each, so that whoever waits knows which seed ended the process.
 */

import { runSeed } from '../sim/run-seed.ts'

const toTheEnd = process.argv[2] === 'all'

for (const seed of process.argv.slice(3)) {
  say({ begins: seed })
  const violations = await runSeed(seed).then(
    (report) => report.violations,
    (thrown) => [`throws ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`],
  )
  say({ seed, violations })
  if (violations.length > 0 && !toTheEnd) break
}
// A world that was left half-way may keep timers.
process.exit(0)

function say(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}
