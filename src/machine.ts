/** What of the machine does a running bank use? Its clock, its chance, and the log in which the operator reads. */

import { randomBytes } from 'node:crypto'
import { uptime } from 'node:os'
import { pino } from 'pino'
import { type Clock, type Random, type Report, WARNINGS } from './node/ports.ts'

/** Where a running bank tells its operator what it noticed; pino fits. */
export interface OperatorLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** The log of a process: JSON, one object a line, never a person in it ([OPS-5]). */
export function operatorLog(level: 'error' | 'warn' | 'info', write: (line: string) => void): OperatorLog {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}

export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

const LOOK_EVERY_MS = 250
let looked = { at: Number.NEGATIVE_INFINITY, seconds: 0 }

/**
 * The kernel's own counter, which counts sleep. Asking it costs more than serving a message does, so one answer
 * counts for a quarter of a second.
 */
function secondsSinceBoot(): number {
  const at = performance.now()
  if (at - looked.at > LOOK_EVERY_MS) looked = { at, seconds: uptime() }
  return looked.seconds
}

export const realClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  uptime: secondsSinceBoot,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

export function reportTo(log: OperatorLog): Report {
  return (notice, facts) => (WARNINGS.has(notice) ? log.warn(facts, notice) : log.info(facts, notice))
}
