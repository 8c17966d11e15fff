#!/usr/bin/env node
/** Where does the installed command begin? It refuses plainly before anything modern is imported. */
import { existsSync } from 'node:fs'
import { startFrugally } from './frugal-start.js'
import { isNewEnough, tooOldText } from './node-version.js'

const entry = new URL('../dist/cli/main.js', import.meta.url)

if (!isNewEnough(process.version)) {
  process.stderr.write(`commonhour: ${tooOldText(process.version)}\n`)
  process.exitCode = 2
} else if (!existsSync(entry)) {
  process.stderr.write('commonhour: the program has not been built here: run `npm run build` first.\n')
  process.exitCode = 2
} else {
  startFrugally(process.argv.slice(2))
  const { main } = await import(entry.href)
  process.exitCode = await main(process.argv.slice(2))
}
