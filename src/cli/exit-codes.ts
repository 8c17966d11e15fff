/**
 * With which code does a command end? The list is only ever added to ([CLI-6]).
 */

import type { FaultCode } from '../core/fault.ts'

export const EXIT = {
  fine: 0,
  /** It ran and found problems, or the answer was no. */
  problems: 1,
  couldNotFinish: 2,
  notSetUp: 10,
  inUse: 11,
  version: 13,
  wrongUsage: 64,
  interrupted: 130,
} as const

export const FAULT_EXIT: Readonly<Record<FaultCode, number>> = {
  folder_not_set_up: EXIT.notSetUp,
  folder_in_use: EXIT.inUse,
  folder_read_only: EXIT.couldNotFinish,
  folder_set_up: EXIT.couldNotFinish,
  folder_unsafe: EXIT.couldNotFinish,
  version_unknown: EXIT.version,
  config_invalid: EXIT.wrongUsage,
  port_in_use: EXIT.inUse,
  disk_low: EXIT.couldNotFinish,
  store_failed: EXIT.couldNotFinish,
  log_invalid: EXIT.couldNotFinish,
  commit_unknown: EXIT.couldNotFinish,
  key_invalid: EXIT.couldNotFinish,
  peer_unreachable: EXIT.couldNotFinish,
  peer_misbehaved: EXIT.couldNotFinish,
  timed_out: EXIT.couldNotFinish,
  export_invalid: EXIT.couldNotFinish,
  bank_unreachable: EXIT.couldNotFinish,
}
