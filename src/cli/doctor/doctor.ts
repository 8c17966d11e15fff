/** What does the doctor look at? One table of questions, from the machine up to the world outside ([CLI-7]). */

import { checkBank } from './bank.ts'
import { checkDisk } from './disk.ts'
import { checkFolder } from './folder.ts'
import type { Place } from './place.ts'
import { checkPorts } from './ports.ts'
import { checkProgram } from './program.ts'
import { checkPublicAddress } from './public-address.ts'
import { checkRunning } from './running.ts'
import { checkSettings } from './settings.ts'
import type { Told } from './told.ts'

const QUESTIONS: readonly ((place: Place) => readonly Told[] | Promise<readonly Told[]>)[] = [
  () => checkProgram(),
  checkSettings,
  checkFolder,
  checkRunning,
  checkPorts,
  checkDisk,
  checkBank,
  checkPublicAddress,
]

/** All answers, in the order of the questions. */
export async function examine(place: Place): Promise<readonly Told[]> {
  const answers = await Promise.all(QUESTIONS.map(async (question) => question(place)))
  return answers.flat()
}
