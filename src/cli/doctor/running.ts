/** Does the bank run, and does it answer? */

import type { Place } from './place.ts'
import { fine, look, type Told, wrong } from './told.ts'

export function checkRunning({
  folder,
  isSetUp,
  running,
  isStarting,
  health,
  healthProblem,
}: Place): readonly Told[] {
  if (!isSetUp) return []
  if (isStarting) {
    const says = 'The bank is starting: it reads its log.'
    return [look({ id: 'running', code: 'running.starting', says, todo: 'Wait a minute, then ask again.' })]
  }
  if (running === null) {
    const todo = `Start it with: commonhour serve --dir ${folder}`
    return [wrong({ id: 'running', code: 'running.stopped', says: 'The bank is not running.', todo })]
  }
  const { pid, url } = running
  if (health !== null) return [fine('running', `The bank runs (process ${pid}) and answers at ${url}.`)]
  return [
    wrong({
      id: 'running',
      code: 'running.mute',
      says: `The bank runs (process ${pid}) and does not answer at ${url}.`,
      todo: 'It may be reading its log: wait a minute. If it stays like this, stop it and start it again.',
      detail: healthProblem,
    }),
  ]
}
