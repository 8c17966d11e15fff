/**
 * May this bank sign now? After a start it asks first whether anybody holds a longer history of it than the disk
 * does, and it never signs a second one ([R8], [CRASH-6] to [CRASH-8]). A clock that cannot be right stops it too.
 */

import type { VerifyingKey } from '../core/ed25519.ts'
import { type Bytes, parseOrigin, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Refusal, refuse } from '../core/refusal.ts'
import { type Head, openCheckpoint, peekOrigin } from '../log/checkpoint.ts'
import type { LogTree } from '../log/tree.ts'
import { ClockWatch } from './clock-watch.ts'
import type { Clock, Report } from './ports.ts'

export type GuardFinding = 'equal' | 'behind' | 'missing' | 'ahead'

/**
 * How the note outside the database compares with the log inside: `ahead` is a log that lost entries, or another
 * history; `behind` is the ordinary trace of a crash between the two writes.
 */
export function compareGuard(
  note: Bytes | null,
  log: { origin: string; key: VerifyingKey; head: Head; tree: LogTree },
): GuardFinding {
  const guard = note === null ? null : openCheckpoint(note, log)
  if (guard === null) return 'missing'
  if (guard.size > log.head.size) return 'ahead'
  const ours = guard.size === log.head.size ? log.head.root : log.tree.rootAt(guard.size)
  if (!sameBytes(ours, guard.root)) return 'ahead'
  return guard.size === log.head.size ? 'equal' : 'behind'
}

/**
 * The same for a log of several epochs. A note of an earlier one is the trace of a crash right after the key changed; of
 * a later one, that this disk is a copy from before it.
 */
export function compareGuardOver(
  note: Bytes | null,
  logs: readonly { origin: string; key: VerifyingKey; head: Head; tree: LogTree }[],
): GuardFinding {
  const present = logs.at(-1)
  const named = note === null ? null : peekOrigin(note)
  if (present === undefined || named === null) return 'missing'
  const log = logs.find(({ origin }) => origin === named)
  if (log === undefined) return isLater(named, present.origin) ? 'ahead' : 'missing'
  const found = compareGuard(note, log)
  return found === 'equal' && log !== present ? 'behind' : found
}

function isLater(named: string, origin: string): boolean {
  const [theirs, ours] = [parseOrigin(named), parseOrigin(origin)]
  return theirs !== null && ours !== null && sameBytes(theirs.bank, ours.bank) && theirs.epoch > ours.epoch
}

export interface GateParts {
  readonly guard: GuardFinding
  readonly partners: readonly Bytes[]
  readonly clock: Clock
  readonly report: Report
  /** The head on the disk: what an operator is asked to confirm when nobody else can. */
  readonly head: Head
  readonly startWaitSeconds: number
  /** `strict` demands the answers even with a good guard, for machines whose disk image may be rolled back. */
  readonly start: 'usual' | 'strict'
  /** Seconds for which earlier starts on this very log had asked in vain. */
  readonly askedBefore: number
  /** Called whenever the answer of `state` may have changed. */
  readonly changed: () => void
}

export class Gate {
  readonly #parts: GateParts
  readonly #clocks: ClockWatch
  readonly #silent: Set<string>
  readonly #startedAt: number
  readonly #cancelWait: () => void
  #waited = false
  #confirmed = false
  #refusal: Refusal | null = null

  constructor(parts: GateParts) {
    this.#parts = parts
    this.#clocks = new ClockWatch(parts.clock, parts.report)
    this.#silent = new Set(parts.partners.map(toHex))
    this.#startedAt = parts.clock.uptime()
    if (parts.guard === 'ahead') {
      this.#refuse(refuse('log_behind_guard', { ourSize: parts.head.size }).refusal)
    }
    this.#cancelWait = parts.clock.after(parts.startWaitSeconds * 1000, () => {
      this.#waited = true
      parts.changed()
    })
  }

  /** Null when signing is allowed, `wait` while neighbours are asked, else the refusal. */
  state(): Refusal | 'wait' | null {
    if (this.#refusal !== null) return this.#refusal
    const unsure = this.#clocks.refusal()
    if (unsure !== null) return unsure
    if (this.#confirmed) return null
    if (this.#parts.partners.length === 0) return this.#goodGuard ? null : this.#asksOperator()
    if (this.#silent.size === 0) return null
    if (!this.#waited) return 'wait'
    // Without the guard's word nobody but the last silent partner can say that it knows nothing longer.
    return this.#goodGuard && this.#parts.start === 'usual' ? null : this.#asksOperator()
  }

  get #goodGuard(): boolean {
    return this.#parts.guard === 'equal' || this.#parts.guard === 'behind'
  }

  /** Whether this log may have lost its end, as far as anybody knows yet: what it calls open may be over long since. */
  get mayBeShort(): boolean {
    if (this.#refusal !== null) return true
    const { start, partners } = this.#parts
    const guardSays = this.#goodGuard && start === 'usual'
    const partnersSaid = partners.length > 0 && this.#silent.size === 0
    return !guardSays && !this.#confirmed && !partnersSaid
  }

  /** Partners that have not said yet which head of ours they hold. */
  get waitingFor(): number {
    return this.#silent.size
  }

  /** Seconds for which this log has been asked about, over all starts on it. */
  get askedSeconds(): number {
    return this.#parts.askedBefore + this.#parts.clock.uptime() - this.#startedAt
  }

  /**
   * A partner says which head of ours it holds. `larger` is one that our own key signed and our tree does not have:
   * from then on this bank only reads.
   */
  partnerAnswered(partner: Bytes, finding: { readonly larger: Head | null; readonly ours: number }): void {
    this.#silent.delete(toHex(partner))
    if (finding.larger !== null && this.#refusal === null) {
      const facts = { theirSize: finding.larger.size, ourSize: finding.ours, neighbour: toHex(partner) }
      this.#refuse(refuse('log_behind_neighbour', facts).refusal)
    }
    this.#parts.changed()
  }

  /** A line partner's clock, in seconds. One alone only warns; two that agree against ours stop the writer ([LOG-5]). */
  clockHeard(partner: Bytes, theirs: number): void {
    this.#clocks.heard(partner, theirs)
  }

  /** How far the clock of a neighbour is ahead of ours that differs most; null when none was heard within a day. Seconds. */
  get clockOffset(): number | null {
    return this.#clocks.furthest()
  }

  /** How the guard compared with the log at the start. */
  get guard(): GuardFinding {
    return this.#parts.guard
  }

  /** The operator says that the machine's clock is right after all. */
  confirmClock(): void {
    this.#clocks.confirm()
    this.#parts.changed()
  }

  /**
   * The operator vouches for a log without a guard by typing its size and the first digits of its root, because there
   * is no neighbour to ask, or one has been asked for a week in vain ([CRASH-9]). Says whether that opened the gate.
   */
  confirmLog(typed: { readonly size: number; readonly root: string }): boolean {
    const { head, partners } = this.#parts
    const inVain = this.#silent.size > 0 && this.askedSeconds > LIMITS.startSilenceSeconds
    const nobody = partners.length === 0 || inVain
    const same = typed.size === head.size && typed.root === shownRoot(head)
    if (!nobody || !same || this.#refusal !== null) return false
    this.#confirmed = true
    this.#parts.changed()
    return true
  }

  close(): void {
    this.#cancelWait()
  }

  #asksOperator(): Refusal {
    const { head } = this.#parts
    const facts = { neighbours: this.#silent.size, entries: head.size, root: shownRoot(head) }
    return refuse('start_waits', facts).refusal
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal
    this.#parts.report('refusing_to_sign', { code: refusal.code, ...refusal.facts })
  }
}

/** The first digits of a root, as an operator reads and types them. */
function shownRoot(head: Head): string {
  return toHex(head.root).slice(0, LIMITS.confirmRootDigits)
}
