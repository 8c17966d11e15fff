/**
 * What does a node need from its machine? A clock, chance, and somewhere to say what it noticed. Production gives
 * the real ones; a simulator gives its own.
 */

import type { Bytes } from '../core/ids.ts'

export interface Clock {
  /** Seconds since 1970 UTC, whole. May jump; log time never follows it backwards. */
  now(): number
  /** Seconds on a counter that only runs forward and counts sleep. */
  uptime(): number
  /** Runs `run` once after `milliseconds`; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void
}

export interface Random {
  /** Unpredictable bytes. */
  bytes(length: number): Bytes
}

/** What a node notices that its operator may want to know. Facts hold bank ids and counts, never a person. */
export type Notice =
  | 'started'
  | 'signing'
  | 'refusing_to_sign'
  | 'guard_not_written'
  | 'clock_differs'
  | 'clock_unsure'
  | 'disk_low'
  | 'session_opened'
  | 'session_ended'
  | 'session_refused'
  | 'door_closed'
  | 'head_not_proven'
  | 'line_changed'
  | 'breach'
  | 'proposal_waits'
  | 'key_changed'
  | 'recovery_refused'
  | 'writer_stopped'

/** Those that somebody should look at. */
export const WARNINGS: ReadonlySet<Notice> = new Set([
  'refusing_to_sign',
  'guard_not_written',
  'clock_differs',
  'clock_unsure',
  'disk_low',
  'head_not_proven',
  'breach',
  'proposal_waits',
  'recovery_refused',
  'writer_stopped',
])

export type Report = (notice: Notice, facts: Readonly<Record<string, string | number>>) => void
