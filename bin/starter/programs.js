/**
 * Which programs of this machine do the tests use? Chromium for the pages, nftables for home routers. On a Debian where one
 * is missing and we may install it, it is fetched once; elsewhere the command is said, and those tests are skipped and
 * counted as skipped.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { nodeFolder } from './install.js'
import { Halt, run, say, wasStopped } from './run.js'
import { inTurn } from './turn.js'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A machine without a network is told so soon. */
const PATIENCE = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=30']

/**
 * Path of the browser, or undefined. `COMMONHOUR_CHROMIUM` names another one.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function findChromium(env = process.env) {
  const chosen = env.COMMONHOUR_CHROMIUM
  return (chosen === undefined ? PLACES : [chosen]).find((path) => existsSync(path))
}

/**
 * What is to be done about programs on this machine?
 * @param {{ found: boolean, isRoot: boolean, hasApt: boolean }} machine
 * @returns {'nothing' | 'install' | 'say'}
 */
export function programStep({ found, isRoot, hasApt }) {
  if (found) return 'nothing'
  return isRoot && hasApt ? 'install' : 'say'
}

/** A program that some tests need, by the name of its Debian package. */
const WANTED = {
  chromium: { tests: 'in a browser', isThere: () => findChromium() !== undefined },
  nftables: { tests: 'behind home routers', isThere: () => hasProgram('nft') },
  iproute2: { tests: 'behind home routers', isThere: () => hasProgram('ip') },
}

/**
 * Whether this machine has a program of this name; those of the system are not on everybody's path.
 * @param {string} name
 */
export function hasProgram(name) {
  const places = [...(process.env.PATH || '').split(delimiter), '/usr/sbin', '/sbin']
  return places.some((place) => existsSync(join(place, name)))
}

/**
 * Installs what is missing and can be installed here. Nothing fails without it.
 * @param {string} root
 * @param {(keyof typeof WANTED)[]} names
 */
export async function installPrograms(root, names) {
  const missing = () => names.filter((name) => !WANTED[name].isThere())
  const look = () =>
    programStep({
      found: missing().length === 0,
      isRoot: process.getuid?.() === 0,
      hasApt: hasProgram('apt-get'),
    })
  if (look() === 'install') {
    await inTurn(nodeFolder(root), async () => {
      if (look() !== 'install') return
      say(`installing ${missing().join(', ')} for the tests, once`)
      // The lists of packages of a bare machine are old or missing; a failure shows in the installation itself.
      await aptGet(['update'])
      await aptGet(['install', '-y', ...missing()])
    })
  }
  for (const name of missing())
    say(
      `${name} is missing, so the tests ${WANTED[name].tests} are SKIPPED. On Debian type: sudo apt-get install -y ${name}`,
    )
}

/** @param {string[]} args */
async function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const code = await run('apt-get', [...PATIENCE, ...args], { env, stdout: 'on stderr' }).catch(() => 1)
  if (wasStopped(code))
    throw new Halt('stopped during an installation; the next start begins it again.', code)
}
