/**
 * Does a mutant die? Runs model, simulator, crash scenarios or one test file as a child with the mutant in it, and
 * tells what was noticed. A child that cannot even load is an error and never a kill.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FirstFailure } from './first-failure.ts'
import { type Killer, MUTANT_VARIABLE } from './mutant.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = new URL('.', import.meta.url)
const HOOK = pathToFileURL(fileURLToPath(new URL('hook.ts', HERE))).href
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', HERE))
const CRASH = fileURLToPath(new URL('../crash/main.ts', HERE))

/** A child that takes so long does not end; on a sound program each takes a small part of it. Milliseconds. */
const LONGEST_MS = 240_000

/** What one killer came to. `noticed` is null when it saw nothing. */
export interface Verdict {
  readonly killer: string
  readonly noticed: string | null
  readonly milliseconds: number
  /** Seeds that were played; 0 for all but the simulator. */
  readonly seeds: number
}

/** The mutant could not be tried: it is no kill, whatever the exit code. */
export class NotTried extends Error {}

/** Errors of a fragment that was written badly, not of a program that is wrong. */
const BADLY_WRITTEN = /ReferenceError|SyntaxError|is not a function|is not defined|is stale/

/** Runs one killer on a mutant, or on the sound program (null). `seeds` are those that the sound program passes. */
export async function tryToKill(
  mutant: string | null,
  killer: Killer,
  seeds: readonly string[],
): Promise<Verdict> {
  const from = performance.now()
  const found = await noticedBy(mutant, killer, seeds)
  if (mutant !== null && found.noticed !== null && BADLY_WRITTEN.test(found.noticed)) {
    throw new NotTried(`the mutant is badly written: ${found.noticed}`)
  }
  return { ...found, milliseconds: performance.now() - from }
}

type Found = Pick<Verdict, 'killer' | 'noticed' | 'seeds'>

async function noticedBy(mutant: string | null, killer: Killer, seeds: readonly string[]): Promise<Found> {
  switch (killer.by) {
    case 'model':
      return { killer: 'model', seeds: 0, noticed: await byModel(mutant) }
    case 'crash':
      return { killer: `crash ${killer.scenario}`, seeds: 0, noticed: await byCrash(mutant, killer.scenario) }
    case 'tests':
      return { killer: killer.file, seeds: 0, noticed: await byTests(mutant, killer.file) }
    case 'simulator':
      return bySimulator(mutant, inOrder(killer.seed, seeds))
  }
}

function inOrder(first: number | undefined, seeds: readonly string[]): string[] {
  const known = seeds.filter((seed) => seed === String(first))
  return [...known, ...seeds.filter((seed) => !known.includes(seed))]
}

async function byModel(mutant: string | null): Promise<string | null> {
  const child = await node(mutant, ['model-run.ts'])
  const line = child.lines[0]
  if (line !== undefined) {
    const { name, rule, why } = JSON.parse(line) as { name: string; rule: string; why: string }
    return `${name}: ${rule}: ${why}`
  }
  // More states than can be looked at in time are no verdict.
  return child.late ? null : endedBadly(child)
}

async function byCrash(mutant: string | null, scenario: string): Promise<string | null> {
  const words = [...process.execArgv, '--import', HOOK, CRASH, '--scenario', scenario]
  const child = await run([process.execPath, ...words], mutant)
  return child.code === 0 ? null : (lastWords(child.stdout) ?? endedBadly(child))
}

async function bySimulator(mutant: string | null, seeds: readonly string[]): Promise<Found> {
  const played = await playSeeds(mutant, seeds, 'first')
  const bad = played.seeds.find(({ violations }) => violations.length > 0)
  const noticed = bad === undefined ? null : `seed ${bad.seed}: ${bad.violations[0]}`
  const killer = bad === undefined ? 'simulator' : `simulator, seed ${bad.seed}`
  return { killer, seeds: played.seeds.length, noticed }
}

interface Played {
  readonly seed: string
  readonly violations: readonly string[]
}

/** Plays these seeds in order; a seed that ends the process, or never ends, counts as a violation of its own. */
export async function playSeeds(
  mutant: string | null,
  seeds: readonly string[],
  until: 'first' | 'all',
): Promise<{ readonly seeds: readonly Played[] }> {
  const played: Played[] = []
  let left = [...seeds]
  while (left.length > 0) {
    const child = await node(mutant, ['sim-run.ts', until, ...left])
    let begun: string | null = null
    for (const line of child.lines) {
      const said = JSON.parse(line) as { begins: string } | Played
      if ('begins' in said) begun = said.begins
      else {
        played.push(said)
        begun = null
      }
    }
    if (begun === null && played.length === 0) throw new NotTried(endedBadly(child) ?? 'no seed was played')
    if (begun !== null)
      played.push({ seed: begun, violations: [endedBadly(child) ?? 'the world ended early'] })
    const bad = played.some(({ violations }) => violations.length > 0)
    left = left.filter((seed) => !played.some((one) => one.seed === seed))
    if (bad && until === 'first') break
  }
  return { seeds: played }
}

async function byTests(mutant: string | null, file: string): Promise<string | null> {
  const config = fileURLToPath(new URL('vitest.config.ts', HERE))
  const child = await run([process.execPath, VITEST, 'run', '--config', config, '--bail=1', file], mutant)
  const line = child.lines.at(-1)
  if (line === undefined) {
    if (child.late) return 'the tests do not end'
    throw new NotTried(`${file} was not run: ${lastWords(child.stderr) ?? lastWords(child.stdout)}`)
  }
  const { tests, failed, outside } = JSON.parse(line) as FirstFailure
  if (failed !== null) return BADLY_WRITTEN.test(failed.why) ? failed.why : failed.test
  if (tests === 0) throw new NotTried(`${file} does not load: ${outside}`)
  return outside ?? (child.code === 0 ? null : `${file} fails outside its tests`)
}

/** Every mutant that does not load, with what is wrong with it. */
export async function notLoading(): Promise<ReadonlyMap<string, string>> {
  const child = await node(null, ['load-run.ts'])
  if (child.code !== 0) throw new NotTried(endedBadly(child) ?? 'the list does not load')
  const broken = new Map<string, string>()
  for (const line of child.lines) {
    const { name, problem } = JSON.parse(line) as { name: string; problem: string }
    broken.set(name, problem)
  }
  return broken
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly lines: readonly string[]
  readonly late: boolean
}

function endedBadly({ code, late, stderr }: Ended): string | null {
  if (late) return 'it does not end'
  return code === 0 ? null : (lastWords(stderr) ?? `ended with ${code}`)
}

function node(mutant: string | null, [file = '', ...words]: readonly string[]): Promise<Ended> {
  const program = fileURLToPath(new URL(file, HERE))
  return run([process.execPath, ...process.execArgv, '--import', HOOK, program, ...words], mutant)
}

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

function run([program = '', ...words]: readonly string[], mutant: string | null): Promise<Ended> {
  const env: NodeJS.ProcessEnv = { ...process.env, [MUTANT_VARIABLE]: mutant ?? '' }
  // The child may be a test run inside a test run, and must not take itself for a part of it.
  for (const name of Object.keys(env)) if (/^(VITEST|TEST$|NODE_|FORCE_COLOR$)/.test(name)) delete env[name]
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    let [stdout, stderr, late] = ['', '', false]
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-20_000)
    })
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, LONGEST_MS)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      children.delete(child)
      const lines = stdout.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'))
      resolve({ code, stdout, stderr, lines, late })
    })
  })
}

/** The line that says what was wrong: the first that names an error, else the last one. */
function lastWords(text: string): string | null {
  const lines = text.split('\n').map((line) => line.trim())
  const filled = lines.filter((line) => line !== '')
  return filled.find((line) => /^(\w*(Error|Fault)|Unhandled)\b/.test(line)) ?? filled.at(-1) ?? null
}
