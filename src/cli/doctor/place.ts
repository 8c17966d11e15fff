/** Where is the doctor called to? The folder, its settings, and the bank that runs on it, each as far as it is there. */

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../../core/fault.ts'
import { type HealthView, openClient } from '../../http/client.ts'
import { findRunning, type RunningBank } from '../../http/running-bank.ts'
import { type Flags, readConfig, type Settings } from '../config.ts'
import type { Context } from '../context.ts'
import { systemCodes } from './system-codes.ts'

export interface Place {
  readonly folder: string
  /** Somebody has made a bank here. */
  readonly isSetUp: boolean
  /** Null when they cannot be read; then `settingsProblem` says why. */
  readonly settings: Settings | null
  readonly settingsProblem: string | null
  readonly running: RunningBank | null
  /** It reads its log and does not answer yet. */
  readonly isStarting: boolean
  /** What the running bank says of itself; null when it does not answer, or none runs. */
  readonly health: HealthView | null
  readonly healthProblem: string | null
}

/** A bank that is well answers at once; one that hangs must not hold the doctor up. */
export const ANSWER_MS = 10_000

export async function placeOf({ folder, io }: Context, flags: Flags): Promise<Place> {
  const isSetUp = await stat(join(folder, 'keys')).then(
    () => true,
    () => false,
  )
  const read = await readConfig(folder, io.env, flags).then(
    ({ settings }) => ({ settings, settingsProblem: null }),
    (thrown) => ({ settings: null, settingsProblem: reasonOf(thrown) }),
  )
  const running = isSetUp ? await runningIn(folder) : null
  const isStarting = running === null && read.settings !== null && (await startsAt(read.settings))
  const asked = running === null ? { health: null, healthProblem: null } : await healthIn(folder)
  return { folder, isSetUp, ...read, running, isStarting, ...asked }
}

/** A process that was killed leaves its number behind, which another may have by now; so somebody must listen as well. */
async function runningIn(folder: string): Promise<RunningBank | null> {
  const said = await findRunning(folder)
  if (said === null) return null
  const refused = await fetch(`${said.url}/livez`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    () => false,
    (thrown: unknown) => systemCodes(causeOf(thrown)).includes('ECONNREFUSED'),
  )
  return refused ? null : said
}

/** `fetch` hides the reason behind a general sentence. */
function causeOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return cause instanceof Error ? `${'code' in cause ? cause.code : ''} ${cause.message}` : ''
}

/** From the first moment of a start the pages' port answers that the log is being read. */
async function startsAt(settings: Settings): Promise<boolean> {
  const host = settings['http-host']
  const port = settings['http-port']
  if (port === 0) return false
  try {
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`
    const { reasons } = (await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).json()) as {
      reasons?: unknown
    }
    return Array.isArray(reasons) && reasons.includes('starting')
  } catch {
    // Nobody there, or somebody who is no bank.
    return false
  }
}

async function healthIn(folder: string): Promise<Pick<Place, 'health' | 'healthProblem'>> {
  try {
    const client = await openClient(folder)
    return {
      health: await client.get<HealthView>('/health', AbortSignal.timeout(ANSWER_MS)),
      healthProblem: null,
    }
  } catch (thrown) {
    return { health: null, healthProblem: reasonOf(thrown) }
  }
}
