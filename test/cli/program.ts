/**
 * The program as a person runs it: child processes of bin/commonhour.js, on folders of their own.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must } from '../../src/core/fault.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = join(ROOT, 'bin/commonhour.js')

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape.
  readonly json: any
}

/** Builds dist/ when the sources have changed since. */
export async function build(): Promise<void> {
  const ran = await execute([join(ROOT, 'bin/starter.js'), 'build'], {})
  must(ran.code === 0, `the build succeeds: ${ran.out}${ran.err}`)
}

/** Runs one command line and interrupts it once it has said this. */
export function interrupted(args: readonly string[], said: RegExp): Promise<Ran> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: cleanEnv() as NodeJS.ProcessEnv })
  let [out, err, sent] = ['', '', 0]
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    err += data
    if (said.test(err) && sent++ === 0) child.kill('SIGINT')
  })
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, out, err, json: null }))
  })
}

/** Runs one command line to its end. */
export function commonhour(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return execute([PROGRAM, ...args], env)
}

function execute(args: readonly string[], env: Record<string, string>): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: { ...cleanEnv(), ...env }, maxBuffer: 2 ** 26 }
    execFile(process.execPath, [...args], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, out, err, json: out.startsWith('{') ? JSON.parse(out) : null })
    })
  })
}

/** The settings of whoever runs the tests must not reach the banks in them. */
function cleanEnv(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COMMONHOUR_')))
}

export interface Serving {
  readonly child: ChildProcess
  /** What it wrote to stderr so far. */
  said(): string
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts `serve` and waits until it answers. */
export async function serve(folder: string, args: readonly string[] = []): Promise<Serving> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--dir', folder, ...args], {
    env: cleanEnv() as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (data) => {
    said += data
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const over = performance.now() + 30_000
  while (!(await isServedBy(folder, child.pid))) {
    must(child.exitCode === null && performance.now() < over, `the bank starts: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return {
    child,
    said: () => said,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}

async function isServedBy(folder: string, pid: number | undefined): Promise<boolean> {
  const text = await readFile(join(folder, 'api.json'), 'utf8').catch(() => '{}')
  return JSON.parse(text).pid === pid
}

/** Options with which several banks fit on one machine. */
export const ON_FREE_PORTS = [
  '--http-port',
  '0',
  '--p2p-port',
  '0',
  '--p2p-host',
  '127.0.0.1',
  '--network',
  'lan',
]
