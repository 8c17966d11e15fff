/**
 * Which program is soaked? A copy of the built one, made at the beginning, so that a build during the run cannot
 * change what is under test; its commands are run as an operator runs them.
 */

import { execFile } from 'node:child_process'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must } from '../../src/core/fault.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const LONGEST_OUTPUT = 2 ** 28

export interface Program {
  readonly script: string
}

/** Copies dist/ and bin/ into the folder; the packages are those of the clone. */
export async function copyProgram(folder: string): Promise<Program> {
  await mkdir(folder, { recursive: true })
  for (const part of ['bin', 'dist', 'package.json'])
    await cp(join(ROOT, part), join(folder, part), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return { script: join(folder, 'bin/commonhour.js') }
}

/** The settings of whoever runs the soak must not reach the banks in it. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(COMMONHOUR_|VITEST|NODE_)/.test(name))
  return Object.fromEntries(kept) as NodeJS.ProcessEnv
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs one command line to its end. */
export function run(program: Program, args: readonly string[], signal?: AbortSignal): Promise<Ran> {
  return new Promise((resolve) => {
    const options = {
      env: cleanEnvironment(),
      maxBuffer: LONGEST_OUTPUT,
      ...(signal === undefined ? {} : { signal }),
    }
    execFile(process.execPath, [program.script, ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err })
    })
  })
}

/** The same for a command that must succeed. */
export async function runWell(program: Program, args: readonly string[]): Promise<Ran> {
  const ran = await run(program, args)
  must(ran.code === 0, `commonhour ${args[0]} succeeds: ${ran.err}${ran.out}`)
  return ran
}
