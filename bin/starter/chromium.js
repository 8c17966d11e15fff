/**
 * Which browser do the tests of the pages use? The Chromium of this machine. On a Debian where it is missing and we may
 * install it, it is fetched once; elsewhere the command is said, and those tests are skipped and counted as skipped.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { nodeFolder } from './install.js'
import { Halt, run, say, wasStopped } from './run.js'
import { inTurn } from './turn.js'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const INSTALL = ['install', '-y', 'chromium']
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
 * What is to be done about the browser on this machine?
 * @param {{ found: boolean, isRoot: boolean, hasApt: boolean }} machine
 * @returns {'nothing' | 'install' | 'say'}
 */
export function chromiumStep({ found, isRoot, hasApt }) {
  if (found) return 'nothing'
  return isRoot && hasApt ? 'install' : 'say'
}

/**
 * Installs the browser if it is missing and that can be done here. Nothing fails without it.
 * @param {string} root
 */
export async function installChromium(root) {
  const look = () =>
    chromiumStep({
      found: findChromium() !== undefined,
      isRoot: process.getuid?.() === 0,
      hasApt: (process.env.PATH || '').split(delimiter).some((one) => existsSync(join(one, 'apt-get'))),
    })
  if (look() === 'install') {
    await inTurn(nodeFolder(root), async () => {
      if (look() !== 'install') return
      say('installing Chromium for the tests of the pages, once')
      // The lists of packages of a bare machine are old or missing; a failure shows in the installation itself.
      await aptGet(['update'])
      await aptGet(INSTALL)
    })
  }
  if (findChromium() !== undefined) return
  say(
    'Chromium is missing, so the tests in a browser are SKIPPED. On Debian type: sudo apt-get install -y chromium',
  )
}

/** @param {string[]} args */
async function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const code = await run('apt-get', [...PATIENCE, ...args], { env, stdout: 'on stderr' }).catch(() => 1)
  if (wasStopped(code))
    throw new Halt('stopped during an installation; the next start begins it again.', code)
}
