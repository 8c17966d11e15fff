/** Does dist/ hold what src/ says, no less and no more? If not, it is built. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { nodeFolder } from './install.js'
import { run, say } from './run.js'
import { inTurn } from './turn.js'

const SOURCE = /(?<!\.d)\.tsx?$/
const STYLE = /\.scss$/
const OUTPUT = /(\.js|\.js\.map|\.d\.ts)$/

/**
 * Builds dist/ if a source was changed, added or removed since the last build. Files that did not change
 * are left alone, so that a bank running from dist/ is not disturbed.
 * @param {string} root
 * @returns {Promise<number>} an exit code
 */
export async function build(root) {
  return inTurn(nodeFolder(root), async () => {
    const dist = join(root, 'dist')
    const stamp = join(dist, '.built')
    const files = filesBelow(join(root, 'src'))
    const sources = files.filter((file) => SOURCE.test(file))
    const modules = new Set(sources.map((file) => file.replace(SOURCE, '')))
    const isWhole =
      [...modules].every((name) => existsSync(join(dist, `${name}.js`))) &&
      existsSync(join(dist, 'web/commonhour.css'))
    const print = fingerprint(root, [...sources, ...files.filter((file) => STYLE.test(file))])
    if (isWhole && existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return 0

    say('building')
    rmSync(stamp, { force: true })
    // The compiler's memory of what it wrote is wrong once an output was lost.
    if (!isWhole) rmSync(join(dist, '.tsbuildinfo'), { force: true })
    const code = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root])
    if (code !== 0) return code
    // Loaded here: a check of versions must run before anything is installed.
    const { buildStyle } = await import('./style.js')
    buildStyle(root)
    for (const file of filesBelow(dist)) {
      if (OUTPUT.test(file) && !modules.has(file.replace(OUTPUT, ''))) rmSync(join(dist, file))
    }
    writeFileSync(stamp, print)
    return 0
  })
}

/**
 * @param {string} root
 * @param {readonly string[]} sources
 */
function fingerprint(root, sources) {
  const hash = createHash('sha256')
  const settings = ['tsconfig.json', 'package-lock.json']
  for (const file of [...settings, ...sources.map((name) => join('src', name))]) {
    const { size, mtimeMs } = statSync(join(root, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/**
 * Every file below a folder, in a fixed order, as a path relative to it with `/` between the names.
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  /** @type {string[]} */
  const found = []
  const open = [folder]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!existsSync(next)) continue
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) open.push(path)
      else found.push(relative(folder, path).split(sep).join('/'))
    }
  }
  return found.sort()
}
