/**
 * What of the program's log may a stranger read? Lines are not cleaned but made anew, from closed lists: a message that the
 * program has, a number under a name it gives numbers, a code of ours or of the system. Whatever else stood there is counted.
 */

import { REFUSALS } from '../../core/refusal.ts'
import { systemCodes } from '../doctor/system-codes.ts'
import { FAULT_EXIT } from '../exit-codes.ts'

/** Everything the program says to its operator. */
export const MESSAGES: readonly string[] = [
  'serving',
  'stopping',
  'stopping_after_fault',
  'stopped',
  'closing',
  'network',
  'reading_the_log',
  'request_failed',
  'the last run did not end in order',
  'acts not pruned',
  'an erasure goes on at the next start',
  'started',
  'signing',
  'refusing_to_sign',
  'guard_not_written',
  'clock_differs',
  'clock_unsure',
  'disk_low',
  'session_opened',
  'session_ended',
  'session_refused',
  'door_closed',
  'head_not_proven',
  'line_changed',
  'breach',
  'proposal_waits',
  'key_changed',
  'recovery_refused',
  'writer_stopped',
]

const NUMBERS: readonly string[] = [
  'entries',
  'seconds',
  'freeBytes',
  'neededBytes',
  'ourSize',
  'theirSize',
  'neighbours',
  'epoch',
]

/** Names of levels as pino counts them. */
const LEVELS: Readonly<Record<number, string>> = { 30: 'info', 40: 'warn', 50: 'error' }
const CODES: ReadonlySet<unknown> = new Set([
  ...REFUSALS,
  ...Object.keys(FAULT_EXIT),
  'us',
  'them',
  'GET',
  'POST',
])

/** The last lines of a log, made anew. */
export function logLines(text: string, most: number): readonly string[] {
  const neighbours = new Map<unknown, string>()
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-most).map((line) => lineOf(line, neighbours))
}

function lineOf(line: string, neighbours: Map<unknown, string>): string {
  const facts = factsIn(line)
  if (facts === null) return '(a line that is not of the log)'
  const { time, level, msg, ...rest } = facts
  const when = typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time) ? time : '?'
  const what = typeof msg === 'string' && MESSAGES.includes(msg) ? msg : '(a message that is not known)'
  const told = Object.entries(rest).map(([name, value]) => factOf(name, value, neighbours))
  const said = told.filter((one) => one !== null)
  const left = told.length - said.length
  const more = left === 0 ? [] : [`(${left} left out)`]
  return [when, LEVELS[Number(level)] ?? '?', what, ...said, ...more].join(' ')
}

function factOf(name: string, value: unknown, neighbours: Map<unknown, string>): string | null {
  if (NUMBERS.includes(name)) return Number.isSafeInteger(value) ? `${name}=${value}` : null
  if (name === 'neighbour') {
    if (!neighbours.has(value)) neighbours.set(value, `#${neighbours.size + 1}`)
    return `neighbour=${neighbours.get(value)}`
  }
  if (['code', 'by', 'method'].includes(name)) return CODES.has(value) ? `${name}=${String(value)}` : null
  if (name !== 'problem' && name !== 'reason') return null
  const codes = systemCodes(String(value))
  return codes === '' ? null : `${name}=${codes}`
}

function factsIn(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(line)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : null
  } catch {
    return null
  }
}
