/**
 * What happens on `npm start`, `npm test`, `npm run demo` and their like, on a bare clone too? A Node that is new enough
 * is found or fetched, the dependencies are installed, dist/ is built, and then the verb runs.
 * Results go to stdout, progress to stderr, and the exit code is that of whatever ran last.
 */
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flagsForTypeScript, isNewEnough, nodePackageFor, tooOldText } from './node-version.js'
import { build } from './starter/build.js'
import { installDependencies, installNode } from './starter/install.js'
import { installPrograms } from './starter/programs.js'
import { Halt, run, say, wasStopped } from './starter/run.js'

/** What a sceptic may run: each is a program of its own in test/<name>/main.ts, written in TypeScript. */
const TRIALS = ['model', 'mutants', 'sim', 'crash', 'soak', 'fuzz', 'bench']

const USAGE = `usage: node bin/starter.js start | demo | test | build | check | ${TRIALS.join(' | ')} [arguments]`
const WRONG_USAGE = 64

/** The last line of a test run that ended before any test could be counted. */
const NOTHING_COUNTED = '0 passed, 1 failed\n'
const CLOSING_LINE = /^\d+ passed, \d+ failed(, \d+ skipped)?$/

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @type {Readonly<Record<string, (args: string[]) => Promise<number>>>} */
const VERBS = {
  start: async (args) => (await build(root)) || node([join(root, 'bin/commonhour.js'), 'serve', ...args]),
  demo: async (args) => (await build(root)) || node([join(root, 'bin/commonhour.js'), 'demo', ...args]),
  test: async (args) => {
    const code = (await check()) || (await build(root))
    if (code === 0) {
      // Whoever names other tests waits for no browser.
      const wants = (/** @type {string} */ room) =>
        args.length === 0 || args.some((one) => one.includes(room))
      if (wants('web')) await installPrograms(root, ['chromium'])
      if (wants('routers')) await installPrograms(root, ['nftables', 'iproute2'])
      return runTests(args)
    }
    process.stdout.write(NOTHING_COUNTED)
    return code
  },
  build: () => build(root),
  check,
  ...Object.fromEntries(TRIALS.map((name) => [name, (/** @type {string[]} */ args) => trial(name, args)])),
}

/**
 * @param {string[]} argv the verb and what follows it
 * @returns {Promise<number>}
 */
async function start(argv) {
  const [name = '', ...args] = argv
  const verb = Object.keys(VERBS).includes(name) ? VERBS[name] : undefined
  if (verb === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return WRONG_USAGE
  }
  try {
    if (!isNewEnough(process.version)) return await startAgainOnNewerNode(argv)
    await installDependencies(root)
    return await verb(args)
  } catch (error) {
    if (!(error instanceof Halt)) throw error
    say(error.message)
    if (name === 'test') process.stdout.write(NOTHING_COUNTED)
    return error.exitCode
  }
}

/** @param {string[]} argv */
async function startAgainOnNewerNode(argv) {
  const wanted = nodePackageFor(process.platform, process.arch)
  if (wanted === undefined) throw new Halt(tooOldText(process.version))
  const binary = await installNode(root, wanted)
  // Windows spells the variable `Path`; a second spelling beside it would be ignored.
  const key = Object.keys(process.env).find((word) => word.toUpperCase() === 'PATH') || 'PATH'
  const env = { ...process.env, [key]: [dirname(binary), process.env[key] || ''].join(delimiter) }
  return run(binary, [fileURLToPath(import.meta.url), ...argv], { env })
}

/**
 * @param {string} name
 * @param {string[]} args
 */
async function trial(name, args) {
  const program = join(root, 'test', name, 'main.ts')
  return (await build(root)) || node([...flagsForTypeScript(process.version), program, ...args])
}

/** Both checks run even if the first fails, so that one look shows all there is to mend. */
async function check() {
  say('checking types')
  const types = await node([
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    join(root, 'test/tsconfig.json'),
  ])
  if (wasStopped(types)) return types
  say('checking style')
  const style = await node([join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '.'])
  return types || style
}

/**
 * Runs the tests. Whatever ends them early, the last line on stdout is a count that does not hide it.
 * @param {string[]} args
 */
async function runTests(args) {
  say('running the tests')
  let tail = ''
  /** @param {Buffer} chunk */
  const passOn = (chunk) => {
    process.stdout.write(chunk)
    tail = (tail + chunk.toString('latin1')).slice(-200)
  }
  const env = process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env
  const code = await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
    cwd: root,
    env,
    stdout: passOn,
  })
  const lastLine = tail.trimEnd().split('\n').pop() || ''
  if (code !== 0 && !CLOSING_LINE.test(lastLine)) process.stdout.write(`\n${NOTHING_COUNTED}`)
  return code
}

/** @param {string[]} args */
function node(args) {
  return run(process.execPath, args, { cwd: root })
}

process.exitCode = await start(process.argv.slice(2))
