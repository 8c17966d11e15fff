/**
 * Is the signature in an order good? Checked at the door, off the main thread, before the writer is asked; the
 * writer then checks again, from its book, that the device is registered and not removed ([SIG-1], [LOG-7]).
 */

import { verify as nodeVerify } from 'node:crypto'
import { signatureShapeOk, type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import type { Auth } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'

/** Verifying keys of devices, kept as key objects: parsing one costs a third of a verification. */
const keys = new WeakMap<Bytes, VerifyingKey | null>()

/** Says whether a signature is good, by the rule of core/ed25519.ts; where the arithmetic is done is its own affair. */
export type Verify = (key: VerifyingKey, message: Bytes, signature: Bytes) => Promise<boolean>

/** Whether every device signature in `auths` is good over `preimage`. Unknown devices are refused. */
export async function checkSignatures(
  book: Book,
  auths: readonly Auth[],
  preimage: Bytes,
  verify: Verify,
): Promise<Outcome<null>> {
  for (const auth of auths) {
    if (auth.form !== 1) continue
    const device = book.devices.get(toHex(auth.device))
    if (device === undefined) return refuse('device_unknown')
    if (device.removed) return refuse('device_removed')
    const key = keyOf(device.key)
    if (key === null || !(await verify(key, preimage, auth.signature))) return refuse('signature_wrong')
  }
  return accept(null)
}

function keyOf(raw: Bytes): VerifyingKey | null {
  const kept = keys.get(raw)
  if (kept !== undefined) return kept
  const key = verifyingKey(raw)
  keys.set(raw, key)
  return key
}

/** With the arithmetic on libuv's threads. */
export const verifyOnThreads: Verify = (key, message, signature) => {
  if (!signatureShapeOk(signature)) return Promise.resolve(false)
  return new Promise((resolve) => {
    nodeVerify(null, message, key.object, signature, (error, good) => resolve(error === null && good))
  })
}
