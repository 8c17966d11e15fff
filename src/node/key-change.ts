/**
 * In which order do the files of the log keys and the log itself change? The next key is on the disk before the log
 * names it, and takes the place of the present one when nothing asks for that one any more: whatever is cut short, a
 * start finds the key it needs.
 */

import type { SigningKey } from '../core/ed25519.ts'
import { sameBytes } from '../core/ids.ts'
import { type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from './node.ts'

/** Where the log keys of a bank rest; each change of a file is durable when it resolves. */
export interface LogKeyFiles {
  /** Key that was made ready and has not taken its place yet; null without one. */
  next(): Promise<SigningKey | null>
  /** Makes the log key of the next epoch and keeps it beside the present one. One that is there is replaced. */
  makeNext(): Promise<SigningKey>
  /** The next key takes the place of the present one, which is nowhere from then on. */
  takeNext(): Promise<void>
}

/** After a change that was cut short once the log had named its key: that key takes its place. */
export async function settleNextKey(files: LogKeyFiles, node: Node): Promise<void> {
  const next = await files.next()
  if (next === null) return
  const current = await node.read(({ book }) => book.ending?.logKey ?? book.logKey)
  if (sameBytes(next.publicKey, current)) await files.takeNext()
}

export interface KeyChanged {
  readonly epoch: number
  /** Held payments that ended with the old key. */
  readonly aborted: number
}

/** Changes the log key of a running bank, one change at a time: there is room for one next key. */
export function keyChange(files: LogKeyFiles, node: Node): () => Promise<Outcome<KeyChanged>> {
  let changing = false
  return async () => {
    if (changing) return refuse('too_busy')
    changing = true
    try {
      // The log may have named the key of a change that was answered with a refusal: that one must not be replaced.
      await settleNextKey(files, node)
      const next = await files.makeNext()
      const changed = await node.changeKey(next)
      if (changed.ok) await files.takeNext()
      return changed
    } finally {
      changing = false
    }
  }
}
