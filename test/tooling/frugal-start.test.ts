/** Does the installed command bound its memory when it serves a bank, and only then? */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const REPLACES = typeof process.execve === 'function' && process.platform !== 'win32'

/** Stands in for the built program: says how it was started. */
const TELLING = `export async function main(args) {
  const { execArgv, pid } = process
  process.stdout.write(JSON.stringify({ args, execArgv, pid, arenas: process.env.MALLOC_ARENA_MAX ?? null }))
  return 7
}`

interface Told {
  readonly args: string[]
  readonly execArgv: string[]
  readonly pid: number
  readonly arenas: string | null
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'frugal-'))
  cpSync(join(PROJECT, 'bin'), join(folder, 'bin'), { recursive: true })
  mkdirSync(join(folder, 'dist/cli'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'dist/cli/main.js'), TELLING)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(args: readonly string[], given: { flags?: string[]; env?: NodeJS.ProcessEnv } = {}) {
  const { NODE_OPTIONS: _, MALLOC_ARENA_MAX: __, ...env } = process.env
  const { pid, status, stdout, stderr } = spawnSync(
    process.execPath,
    [...(given.flags ?? []), join(folder, 'bin/commonhour.js'), ...args],
    { encoding: 'utf8', env: { ...env, ...given.env } },
  )
  expect({ status, stderr }).toEqual({ status: 7, stderr: '' })
  return { told: JSON.parse(stdout) as Told, pid }
}

describe('the memory of a bank that is served', () => {
  test.runIf(REPLACES)(
    'is bounded by the same process, with what the person typed and nothing on stderr',
    () => {
      const { told, pid } = start(['--dir', 'some folder', 'serve', '--start', 'strict'], {
        flags: ['--no-warnings'],
      })
      expect(told).toEqual({
        args: ['--dir', 'some folder', 'serve', '--start', 'strict'],
        execArgv: ['--max-semi-space-size=4', '--no-warnings'],
        pid,
        arenas: '2',
      })
    },
  )

  test('is left to whoever chose it', () => {
    const flags = ['--max-semi-space-size=16']
    expect(start(['serve'], { flags }).told).toMatchObject({ execArgv: flags, arenas: null })
    const env = { NODE_OPTIONS: '--max-semi-space-size=16' }
    expect(start(['serve'], { env }).told).toMatchObject({ execArgv: [], arenas: null })
  })

  test.runIf(REPLACES)('keeps the number of heaps that the environment names', () => {
    expect(start(['serve'], { env: { MALLOC_ARENA_MAX: '3' } }).told.arenas).toBe('3')
  })

  test('is not touched by the other commands', () => {
    expect(start(['status']).told).toMatchObject({ execArgv: [], arenas: null })
  })
})
