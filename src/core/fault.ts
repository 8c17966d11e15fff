/**
 * What went wrong with the world? A fault is thrown when a disk, a socket or stored bytes fail, never for an
 * expected "no" (that is a refusal) and never for our own mistake (that is a failed assertion).
 */

export type FaultCode =
  | 'folder_not_set_up'
  | 'folder_in_use'
  | 'folder_read_only'
  | 'folder_set_up'
  | 'folder_unsafe'
  | 'version_unknown'
  | 'config_invalid'
  | 'port_in_use'
  | 'disk_low'
  | 'store_failed'
  | 'log_invalid'
  | 'commit_unknown'
  | 'key_invalid'
  | 'peer_unreachable'
  | 'peer_misbehaved'
  | 'timed_out'
  | 'export_invalid'
  | 'bank_unreachable'

/**
 * A failure of the world. `fatal` means: stop signing, close, start again by replay; otherwise the act may be
 * tried again. The message says what happened, why, and what to do next.
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly fatal: boolean

  constructor(code: FaultCode, message: string, options: { cause?: unknown; fatal?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.fatal = options.fatal ?? false
  }
}

/** The message of anything thrown, for a report or as a reason inside another message. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Asserts what must hold if our own code is right. A failure is a bug: the process ends and replays. */
export function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`broken assertion: ${what}`)
}
