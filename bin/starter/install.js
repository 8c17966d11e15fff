/** What must be downloaded before anything runs, and is it there already? */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { FETCHED_NODE } from '../node-version.js'
import { Halt, run, say, wasStopped } from './run.js'
import { inTurn } from './turn.js'

/** Nothing we install needs a script of its own, and development tools are always needed in a clone. */
const NPM_CI = ['ci', '--ignore-scripts', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund']

/** The folder a newer Node and the lock live in; git ignores it. @param {string} root */
export function nodeFolder(root) {
  return join(root, '.node')
}

/**
 * Fetches the newer Node for this machine unless it is there, and answers the path of its binary.
 * @param {string} root
 * @param {import('../node-version.js').NodePackage} wanted
 * @returns {Promise<string>}
 */
export async function installNode(root, wanted) {
  const folder = nodeFolder(root)
  const marker = join(folder, 'installed')
  const binary = join(folder, 'node_modules', wanted.name, 'bin', wanted.binary)
  const isThere = () => readIfThere(marker) === wanted.integrity && existsSync(binary)
  if (isThere()) return binary

  await inTurn(folder, async () => {
    if (isThere()) return
    say(`this machine's Node is ${process.version}; fetching Node ${FETCHED_NODE} into .node/ (about 50 MB)`)
    writeNodeProject(folder, wanted)
    await npmCi(folder, `Node ${FETCHED_NODE} could not be fetched`)
    const answer = spawnSync(binary, ['--version'], { encoding: 'utf8' })
    if (answer.stdout?.trim() !== `v${FETCHED_NODE}`) {
      const why = answer.error?.message || answer.stderr || `it called itself ${answer.stdout}`
      throw new Halt(
        `the fetched Node ${FETCHED_NODE} does not run on this system (${why.trim()}): install a Node made for it, then run the same command again.`,
      )
    }
    writeFileSync(marker, wanted.integrity)
  })
  return binary
}

/**
 * Installs what package-lock.json lists unless exactly that is there.
 * @param {string} root
 */
export async function installDependencies(root) {
  const marker = join(root, 'node_modules', '.commonhour-lock')
  const wanted = `${sha256(readFileSync(join(root, 'package-lock.json')))} ${process.platform}-${process.arch}\n`
  const isThere = () => readIfThere(marker) === wanted
  if (isThere()) return

  await inTurn(nodeFolder(root), async () => {
    if (isThere()) return
    say('installing dependencies')
    await npmCi(root, 'the dependencies could not be installed')
    // npm removes node_modules first, so a marker never stands beside a half-done install.
    writeFileSync(marker, wanted)
  })
}

/**
 * The fetched Node is a small project of its own: its lockfile pins version and content.
 * @param {string} folder
 * @param {import('../node-version.js').NodePackage} wanted
 */
function writeNodeProject(folder, wanted) {
  const project = { name: 'commonhour-node', version: '1.0.0', private: true }
  const dependencies = { [wanted.name]: FETCHED_NODE }
  const packages = {
    '': { name: project.name, version: project.version, dependencies },
    [`node_modules/${wanted.name}`]: { version: FETCHED_NODE, integrity: wanted.integrity },
  }
  const lock = { name: project.name, version: project.version, lockfileVersion: 3, requires: true, packages }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...project, dependencies }, null, 2)}\n`)
  writeFileSync(join(folder, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
}

/**
 * @param {string} folder
 * @param {string} failure how the message begins if it fails
 */
async function npmCi(folder, failure) {
  const begun = Date.now()
  const path = process.env.npm_execpath
  // The npm that started us is used again, so that one `npm test` never mixes two of them.
  const code =
    path !== undefined && basename(path) === 'npm-cli.js'
      ? await run(process.execPath, [path, ...NPM_CI], { cwd: folder, stdout: 'on stderr' })
      : await run('npm', NPM_CI, { cwd: folder, stdout: 'on stderr', shell: process.platform === 'win32' })
  if (wasStopped(code))
    throw new Halt('stopped during an installation; the next start begins it again.', code)
  if (code !== 0) {
    throw new Halt(
      `${failure}: \`npm ci\` in ${folder} ended with code ${code}, and its own message stands above. Most often the network, a proxy setting or the disk is the reason. Put that right and run the same command again; nothing half-installed will be used.`,
    )
  }
  say(`done in ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** @param {Buffer} bytes */
function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
