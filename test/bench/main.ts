/**
 * What do the benches measure, and on which machine? `npm run bench [name ...] [-- --json] [--data FOLDER]` prints a
 * table, and with --json the same as JSON. Figures are for ratios beside each other, never promises.
 */

import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

/** Name of a figure to its value. */
export type Figures = Record<string, number | string>

const BENCHES: Record<string, (data: string | null) => Promise<Figures>> = {
  local: async () => (await import('./local.ts')).local(),
  crossing: async () => (await import('./crossing.ts')).crossing(),
  audit: async () => (await import('./audit.ts')).audit(),
  replay: async (data) => (await import('./replay.ts')).replayBench(data),
  graph: async (data) => (await import('./graph.ts')).graph(data),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, data: { type: 'string' } },
})
const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  disk: diskOf(process.env.TMPDIR ?? '/tmp'),
}
const report: { machine: typeof machine; benches: Record<string, Figures> } = { machine, benches: {} }
for (const name of chosen) {
  const bench = BENCHES[name]
  if (bench === undefined) {
    console.error(`There is no bench ${name}. There are: ${Object.keys(BENCHES).join(', ')}`)
    process.exit(64)
  }
  console.error(`measuring ${name} ...`)
  const figures = await bench(values.data ?? null)
  report.benches[name] = figures
  if (!values.json) {
    console.log(`\n${name}`)
    for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(58)} ${value}`)
  }
}
if (values.json) console.log(JSON.stringify(report, null, 2))
else
  console.log(
    `\n${Object.entries(machine)
      .map(([fact, value]) => `${fact} ${value}`)
      .join(', ')}`,
  )
process.exit(0)

function diskOf(folder: string): string {
  try {
    return (
      execFileSync('df', ['--output=fstype,source', folder], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .at(-1) ?? ''
    )
  } catch {
    return 'unknown'
  }
}
