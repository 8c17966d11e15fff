/** Is the last line of a test run true, however the run ends? Each case is a real run of its own. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const REPORTER = fileURLToPath(new URL('../closing-count.ts', import.meta.url))

/** What the test files of a run contain, and what the run must say of them. */
interface Run {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly says: string
  readonly passes: boolean
}

const PASSING = "test('a', () => { expect(1).toBe(1) })\n"
const FAILING = "test('b', () => { expect(1).toBe(2) })\n"

const RUNS: readonly Run[] = [
  {
    title: 'passing tests in two files',
    files: { one: `${PASSING}test('c', () => {})`, two: PASSING },
    says: '3 passed, 0 failed',
    passes: true,
  },
  {
    title: 'a failing test beside a passing and a skipped one',
    files: { one: `${PASSING}${FAILING}test.skip('c', () => {})` },
    says: '1 passed, 1 failed, 1 skipped',
    passes: false,
  },
  {
    title: 'a file that cannot be loaded',
    files: { one: `import './not-there.js'\n${PASSING}`, two: PASSING },
    says: '1 passed, 1 failed',
    passes: false,
  },
  {
    title: 'a group whose preparation fails',
    files: { one: `describe('g', () => { beforeAll(() => { throw new Error('no') })\n${PASSING}})` },
    says: '0 passed, 1 failed, 1 skipped',
    passes: false,
  },
  {
    title: 'an error nobody waits for',
    files: {
      one: `${PASSING}test('c', async () => {
        Promise.reject(new Error('late'))
        await new Promise((resolve) => setTimeout(resolve, 50))
      })`,
    },
    says: '2 passed, 1 failed',
    passes: false,
  },
  {
    title: 'an error after the last test',
    files: {
      one: `${PASSING}afterAll(() => { setTimeout(() => { throw new Error('late') }, 0)
      return new Promise((resolve) => setTimeout(resolve, 50)) })`,
    },
    says: '1 passed, 1 failed',
    passes: false,
  },
  {
    title: 'a test that ends its process',
    files: { one: `test('x', () => { process.exit(0) })` },
    says: '0 passed, 1 failed',
    passes: false,
  },
  { title: 'no test file at all', files: {}, says: '0 passed, 1 failed', passes: false },
  {
    title: 'no test file at all, and that is called fine',
    files: {},
    args: ['--passWithNoTests'],
    says: '0 passed, 1 failed',
    passes: false,
  },
  {
    title: 'a filter that leaves nothing to run',
    files: { one: PASSING },
    args: ['-t', 'nothing is called this'],
    says: '0 passed, 1 failed, 1 skipped',
    passes: false,
  },
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'closing-count-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.concurrent('the closing line', () => {
  for (const [index, { title, files, args, says, passes }] of RUNS.entries()) {
    test(`${title}: ${says}`, async () => {
      const root = join(folder, String(index))
      await mkdir(root)
      for (const [name, text] of Object.entries(files)) await writeFile(join(root, `${name}.test.js`), text)
      const run = await vitest(root, args ?? [])
      expect(run.output.trimEnd().split('\n').pop()).toBe(says)
      expect(run.code === 0).toBe(passes)
    })
  }
})

async function vitest(
  root: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env }
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name]
  const reporters = ['--reporter=default', `--reporter=${REPORTER}`]
  const child = spawn(process.execPath, [VITEST, 'run', '--root', root, '--globals', ...reporters, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { code, output }
}
