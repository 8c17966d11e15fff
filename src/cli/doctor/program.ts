/** Is this Node new enough for the program? */

import process from 'node:process'
import { fine, type Told, wrong } from './told.ts'

/** As package.json asks for it. */
export const OLDEST_NODE = [22, 12] as const

export function checkProgram(version: string = process.versions.node): readonly Told[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  if (isNewEnough) return [fine('program', `Node ${version} is new enough.`)]
  const code = 'program.old'
  const says = `Node ${version} is too old for this program.`
  return [wrong({ id: 'program', code, says, todo: `Install Node ${OLDEST_NODE.join('.')} or newer.` })]
}
