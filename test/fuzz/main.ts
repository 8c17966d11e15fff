/**
 * Can a sceptic break a decoder in an evening? Tries every target for some minutes on every core, then looks for
 * memory that is not given back, and prints what was tried, what was refused, and how to see a failure again.
 *
 *     npm run fuzz -- --minutes 10 --seed 1
 *     npm run fuzz -- --target http --seed 42
 *     npm run fuzz -- --target entry --input test/fuzz/found/entry-0123.hex
 *     npm run fuzz -- --nodes
 */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareNodes } from './nodes.ts'
import { probe } from './probe.ts'
import { NEIGHBOUR, runTargets } from './run.ts'
import { TARGETS } from './targets.ts'

const USAGE = `usage: npm run fuzz -- [--minutes M] [--seed N] [--target NAME] [--rounds R] [--input FILE] [--nodes]
targets: ${[...TARGETS.map(({ name }) => name), NEIGHBOUR].join(' ')}
`
const WRONG_USAGE = 64
const MOST_MEMORY_MIB = 768

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    rounds: { type: 'string' },
    input: { type: 'string' },
    nodes: { type: 'boolean', default: false },
    /** Of a process that another one has started: which share of the targets is its own, as `0/2`. */
    share: { type: 'string' },
  },
})
const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
const names = [...TARGETS.map(({ name }) => name), NEIGHBOUR]

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function start(): Promise<number> {
  const known = values.target === undefined || names.includes(values.target)
  if (!known || !Number.isFinite(minutes) || !Number.isSafeInteger(seed)) {
    process.stderr.write(USAGE)
    return WRONG_USAGE
  }
  if (values.nodes) return compareNodes(say) ? 0 : 1
  if (values.input !== undefined) return tryOne(values.target ?? '', values.input)
  const wanted = values.target === undefined ? names : [values.target]
  if (values.share === undefined) return spread(wanted)
  const [mine = 0, of = 1] = values.share.split('/').map(Number)
  const own = wanted.filter((_, n) => n % of === mine)
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  return (await runTargets(own, { seconds: (minutes * 60) / own.length, seed, rounds, say })) ? 0 : 1
}

/** A process for each core, each with its share of the targets; then one that watches memory. */
async function spread(wanted: readonly string[]): Promise<number> {
  const of = Math.min(availableParallelism(), wanted.length)
  const program = fileURLToPath(import.meta.url)
  const limit = `--max-old-space-size=${MOST_MEMORY_MIB}`
  const begun = Date.now()
  const shares = Array.from({ length: of }, (_, n) =>
    run([limit, program, ...process.argv.slice(2), '--share', `${n}/${of}`]),
  )
  const codes = await Promise.all(shares)
  const decoders = wanted.filter((name) => name !== NEIGHBOUR)
  const heap = fileURLToPath(new URL('heap.ts', import.meta.url))
  const halves = Array.from({ length: of }, (_, n) => decoders.filter((_one, i) => i % of === n))
  if (decoders.length > 0) say('memory over many inputs, garbage collected:')
  const measured = halves
    .filter((names) => names.length > 0)
    .map((names) => run(['--expose-gc', limit, heap, ...names]))
  codes.push(...(await Promise.all(measured)))
  const failed = codes.filter((code) => code !== 0).length
  say(
    `${failed === 0 ? 'nothing found' : 'FAILED'} in ${Math.round((Date.now() - begun) / 1_000)} s, seed ${seed}`,
  )
  return failed === 0 ? 0 : 1
}

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: 'inherit' })
    child.on('exit', (code, signal) => {
      if (signal !== null) say(`ended by ${signal}: the target named last hangs or takes all memory`)
      resolve(code ?? 1)
    })
  })
}

/** One kept input, in hex, against one target. */
async function tryOne(name: string, path: string): Promise<number> {
  const target = TARGETS.find((one) => one.name === name)
  if (target === undefined) {
    process.stderr.write(USAGE)
    return WRONG_USAGE
  }
  await target.begin?.(seed)
  const seen = await probe(target, new Uint8Array(Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')))
  await target.end?.()
  say(`${name}: ${seen.kind} ${seen.kind === 'failed' ? seen.what : seen.kind === 'refused' ? seen.by : ''}`)
  return seen.kind === 'failed' ? 1 : 0
}

process.exitCode = await start()
