/**
 * Can anybody find a state in which an hour is lost, doubled or stuck? `npm run model` looks at every state of every
 * configuration and shows that each wrong design fails; `npm run model -- --trace NAME` tells the shortest run of a
 * wrong design, `--only WORD` looks at the configurations with that word in their name. Ends with 1 if anything is amiss.
 */

import { parseArgs } from 'node:util'
import { type Exploration, LARGE, MET, SOUND, WRONG } from './catalogue.ts'
import type { Failure } from './explore.ts'
import { rowsOfTheTables, statesOfTheTables, UNASKED } from './tables.ts'

const { values } = parseArgs({ options: { trace: { type: 'string' }, only: { type: 'string' } } })

process.exitCode = values.trace === undefined ? all(values.only ?? '') : tell(values.trace)

function all(only: string): number {
  const chosen = [...SOUND, ...LARGE].filter(({ name }) => name.includes(only))
  console.log(line('configuration', 'states', 'transitions', 'depth', 'safety', 'liveness', 'ms'))
  const broken = chosen.filter((one) => !isSound(one))
  const missing = only === '' ? notMet() : []
  console.log(`\n${line('wrong design', 'states', 'steps', '', '', '', '')}what goes wrong`)
  const survivors = WRONG.filter(({ name }) => name.includes(only)).filter((one) => !fails(one))
  for (const row of missing) console.log(`never met in any run: ${row}`)
  console.log(
    `\n${chosen.length - broken.length} of ${chosen.length} configurations hold, ` +
      `${survivors.length} wrong designs went unnoticed`,
  )
  for (const { name } of broken) console.log(`again: npm run model -- --only "${name}"`)
  return broken.length + survivors.length + missing.length === 0 ? 0 : 1
}

function isSound({ name, run }: Exploration): boolean {
  const from = performance.now()
  const { states, transitions, depth, unsafe, stuck } = run()
  const ms = Math.round(performance.now() - from)
  const live = unsafe === null ? said(stuck.length === 0) : '-'
  console.log(line(name, states, transitions, depth, said(unsafe === null), live, ms))
  for (const failure of [...(unsafe === null ? [] : [unsafe]), ...stuck]) console.log(story(failure))
  return unsafe === null && stuck.length === 0
}

function fails(design: (typeof WRONG)[number]): boolean {
  const { explored, failure } = design.try()
  const what = failure === null ? 'NOTHING: it went unnoticed' : `${failure.rule}: ${failure.why}`
  console.log(`${line(design.name, explored.states, failure?.trace.length ?? '-', '', '', '', '')}${what}`)
  return failure !== null
}

/** The rows and states of the production tables that no run has met; each is a hole in the model. */
function notMet(): string[] {
  return [...statesOfTheTables(), ...rowsOfTheTables()].filter(
    (row) => !MET.has(row) && UNASKED[row] === undefined,
  )
}

function tell(name: string): number {
  const design = WRONG.find((one) => one.name === name)
  if (design === undefined) {
    console.error(
      `There is no wrong design "${name}". There are:\n  ${WRONG.map((one) => one.name).join('\n  ')}`,
    )
    return 64
  }
  const { lesson, failure } = design.try()
  console.log(`${name} ${lesson}\n${failure === null ? 'went unnoticed' : story(failure)}`)
  return failure === null ? 1 : 0
}

function story({ rule, why, trace }: Failure): string {
  const steps = trace.map((step, i) => `  ${String(i + 1).padStart(3)}  ${step}`)
  return [`  ${rule}: ${why}`, ...steps].join('\n')
}

function said(holds: boolean): string {
  return holds ? 'ok' : 'BROKEN'
}

function line(name: string, ...figures: readonly (string | number)[]): string {
  return `${name.padEnd(54)}${figures.map((one) => String(one).padStart(12)).join('')}  `
}
