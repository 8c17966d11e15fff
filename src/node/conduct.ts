/**
 * Who sent us bad bytes lately? Three such sessions in an hour close the door to a peer for a while ([ADMIT-6]).
 */

import { LIMITS } from '../core/limits.ts'

const HOUR = 3_600

export class Conduct {
  /** Times of bad sessions in the last hour, by peer id; seconds on the machine's counter. */
  readonly #bad = new Map<string, number[]>()
  readonly #shutUntil = new Map<string, number>()

  /** A session ended for bad bytes. Says whether that closed the door. */
  misbehaved(peerId: string, uptime: number, role: 'partner' | 'stranger'): boolean {
    this.#forget(uptime)
    const times = [...(this.#bad.get(peerId) ?? []), uptime]
    this.#bad.set(peerId, times)
    if (times.length < LIMITS.badSessions) return false
    this.#bad.delete(peerId)
    const seconds = role === 'partner' ? LIMITS.partnerShutSeconds : LIMITS.strangerShutSeconds
    this.#shutUntil.set(peerId, uptime + seconds)
    return true
  }

  /** Whether the door is closed to this peer now. */
  isShut(peerId: string, uptime: number): boolean {
    return (this.#shutUntil.get(peerId) ?? uptime) > uptime
  }

  /** What is over is forgotten, so that a crowd of peers leaves nothing behind. */
  #forget(uptime: number): void {
    for (const [peerId, times] of this.#bad) {
      const recent = times.filter((time) => uptime - time < HOUR)
      if (recent.length === 0) this.#bad.delete(peerId)
      else this.#bad.set(peerId, recent)
    }
    for (const [peerId, until] of this.#shutUntil) if (until <= uptime) this.#shutUntil.delete(peerId)
  }
}
