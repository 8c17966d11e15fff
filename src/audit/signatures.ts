/**
 * How are hundreds of thousands of signatures verified without waiting for each? Node's callback form spreads them
 * over the machine's threads while the entries that follow are being read; a bounded number is under way at a time.
 */

import { verify as nodeVerify } from 'node:crypto'
import { signatureShapeOk, type VerifyingKey, verify, verifyingKey } from '../core/ed25519.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { verifyIndependently } from './second-verifier.ts'

export interface SignedMessage {
  /** 32 bytes. */
  readonly key: Bytes
  readonly message: Bytes
  readonly signature: Bytes
}

export interface Verifiers {
  /** Verifies at once. */
  now(signed: SignedMessage): boolean
  /** Verifies some time before `settled` resolves; `bad` is called when the signature does not count. */
  later(signed: SignedMessage, bad: () => void): void
  /** Resolves when there is room for more. Awaited between bundles of entries. */
  room(): Promise<void>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/** The plain rule ([SIG-1]), on all threads. */
export function nodeVerifiers(): Verifiers {
  return new Spread()
}

/** The second implementation, one signature after another ([SIG-4]). */
export function independentVerifiers(): Verifiers {
  const now = ({ key, message, signature }: SignedMessage) => verifyIndependently(key, message, signature)
  return {
    now,
    later(signed, bad) {
      if (!now(signed)) bad()
    },
    room: () => Promise.resolve(),
    settled: () => Promise.resolve(),
  }
}

class Spread implements Verifiers {
  /** Parsed keys by their bytes in memory: the same device's key is the same array each time. */
  readonly #keys = new WeakMap<Bytes, { readonly key: VerifyingKey | null }>()
  readonly #waiting: { signed: SignedMessage; key: VerifyingKey; bad: () => void }[] = []
  #next = 0
  #underWay = 0
  #wake: (() => void) | null = null
  #wakeAt = 0

  now(signed: SignedMessage): boolean {
    const key = this.#key(signed.key)
    return key !== null && verify(key, signed.message, signed.signature)
  }

  later(signed: SignedMessage, bad: () => void): void {
    const key = this.#key(signed.key)
    if (key === null || !signatureShapeOk(signed.signature)) return bad()
    this.#waiting.push({ signed, key, bad })
    this.#feed()
  }

  room(): Promise<void> {
    return this.#below(LIMITS.auditSignaturesWaiting)
  }

  settled(): Promise<void> {
    return this.#below(1)
  }

  #key(raw: Bytes): VerifyingKey | null {
    const known = this.#keys.get(raw) ?? { key: verifyingKey(raw) }
    this.#keys.set(raw, known)
    return known.key
  }

  #feed(): void {
    while (this.#underWay < LIMITS.auditSignaturesUnderWay && this.#next < this.#waiting.length) {
      const one = this.#waiting[this.#next++]
      if (one === undefined) return
      this.#underWay++
      nodeVerify(null, one.signed.message, one.key.object, one.signed.signature, (error, good) => {
        if (error !== null || !good) one.bad()
        this.#underWay--
        this.#feed()
        if (this.#wake !== null && this.#left() < this.#wakeAt) this.#wake()
      })
    }
    if (this.#next < this.#waiting.length) return
    this.#waiting.length = 0
    this.#next = 0
  }

  #left(): number {
    return this.#underWay + this.#waiting.length - this.#next
  }

  /** One waiter at a time: a replay awaits room between its bundles and settles at its end. */
  #below(count: number): Promise<void> {
    if (this.#left() < count) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wakeAt = count
      this.#wake = () => {
        this.#wake = null
        resolve()
      }
    })
  }
}
