/**
 * May this bank sign now? After a start it asks first whether anybody holds a longer history of it than the disk
 * does, and it never signs a second one ([R8], [CRASH-6] to [CRASH-8]). A clock that cannot be right stops it too.
 */

import type { VerifyingKey } from '../core/ed25519.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { type Refusal, refuse } from '../core/refusal.ts'
import { type Head, openCheckpoint } from '../log/checkpoint.ts'
import type { LogTree } from '../log/tree.ts'
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

export interface GateParts {
  readonly guard: GuardFinding
  readonly partners: readonly Bytes[]
  readonly clock: Clock
  readonly report: Report
  readonly startWaitSeconds: number
  /** `strict` demands an answer even with a good guard, for machines whose disk image may be rolled back. */
  readonly start: 'usual' | 'strict'
  /** Called whenever the answer of `state` may have changed. */
  readonly changed: () => void
}

export class Gate {
  readonly #parts: GateParts
  readonly #silent: Set<string>
  #answered = 0
  #waited = false
  #refusal: Refusal | null = null
  #clockRefusal: Refusal | null = null
  readonly #clocks = new Map<string, number>()
  #base: { now: number; uptime: number }

  constructor(parts: GateParts) {
    this.#parts = parts
    this.#silent = new Set(parts.partners.map(toHex))
    this.#base = { now: parts.clock.now(), uptime: parts.clock.uptime() }
    if (parts.guard === 'ahead') this.#refuse(refuse('log_behind_guard').refusal)
    if (this.#silent.size > 0) {
      parts.clock.after(parts.startWaitSeconds * 1000, () => {
        this.#waited = true
        parts.changed()
      })
    }
  }

  /** Null when signing is allowed, `wait` while neighbours are asked, else the refusal. */
  state(): Refusal | 'wait' | null {
    if (this.#refusal !== null) return this.#refusal
    const jumped = this.#clockJump()
    if (jumped !== null) return jumped
    const { guard, start, partners } = this.#parts
    if (this.#silent.size === 0 || partners.length === 0) return null
    const goodGuard = (guard === 'equal' || guard === 'behind') && start === 'usual'
    return this.#waited && (this.#answered > 0 || goodGuard) ? null : 'wait'
  }

  /** Partners that have not said yet which head of ours they hold. */
  get waitingFor(): number {
    return this.#silent.size
  }

  /**
   * A partner says which head of ours it holds. `larger` is one that our own key signed and our tree does not have:
   * from then on this bank only reads.
   */
  partnerAnswered(partner: Bytes, finding: { readonly larger: Head | null; readonly ours: number }): void {
    if (this.#silent.delete(toHex(partner))) this.#answered += 1
    if (finding.larger !== null && this.#refusal === null) {
      const facts = { theirSize: finding.larger.size, ourSize: finding.ours, neighbour: toHex(partner) }
      this.#refuse(refuse('log_behind_neighbour', facts).refusal)
    }
    this.#parts.changed()
  }

  /** A neighbour's clock, in seconds. One alone only warns; two that agree against ours stop the writer ([LOG-5]). */
  clockHeard(partner: Bytes, theirs: number): void {
    const ours = this.#parts.clock.now()
    const off = theirs - ours
    this.#clocks.set(toHex(partner), off)
    if (Math.abs(off) > LIMITS.clockWarnSeconds) {
      this.#parts.report('clock_differs', { neighbour: toHex(partner), seconds: off })
    }
    const far = [...this.#clocks.values()].filter((one) => Math.abs(one) > LIMITS.clockStopSeconds)
    const agree = far.some((a, i) => far.some((b, j) => j > i && Math.abs(a - b) <= LIMITS.clockWarnSeconds))
    const confirmed = [...this.#clocks.values()].some((one) => Math.abs(one) <= LIMITS.clockWarnSeconds)
    if (confirmed) this.#rebase()
    if (agree && this.#clockRefusal === null) this.#clockStops(off)
  }

  /** The operator says that the machine's clock is right after all. */
  confirmClock(): void {
    this.#clocks.clear()
    this.#rebase()
    this.#parts.changed()
  }

  /** A jump forward against the machine's own counter; a log pushed into the future would refuse its own commits. */
  #clockJump(): Refusal | null {
    if (this.#clockRefusal !== null) return this.#clockRefusal
    const { clock } = this.#parts
    const jump = clock.now() - this.#base.now - (clock.uptime() - this.#base.uptime)
    if (jump > LIMITS.clockStopSeconds) this.#clockStops(jump)
    return this.#clockRefusal
  }

  #clockStops(seconds: number): void {
    this.#clockRefusal = refuse('clock_unsure', { seconds }).refusal
    this.#parts.report('clock_unsure', { seconds })
  }

  #rebase(): void {
    this.#clockRefusal = null
    this.#base = { now: this.#parts.clock.now(), uptime: this.#parts.clock.uptime() }
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal
    this.#parts.report('refusing_to_sign', { code: refusal.code, ...refusal.facts })
  }
}
