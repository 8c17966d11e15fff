/**
 * May this key sign the next epoch of a log? The old key names the new one in its last entry, or the recovery key of
 * the sheet does; every reader of a bank's log asks the same two questions ([KEY-3], [KEY-4]).
 */

import { verify, verifyingKey } from './ed25519.ts'
import { type Body, rotationStatement } from './entry.ts'
import { type Bytes, sameBytes } from './ids.ts'
import { recoveryHashOf, rotatePreimage } from './sign.ts'

/** Causes of a change of the log key, by their number in the log. */
export const ROTATION = { planned: 1, keyLost: 2, keyStolen: 3, tailLost: 4 } as const

/** What is known of a log at its present end. */
export interface Reign {
  readonly bank: Bytes
  /** Log keys of all epochs so far, from epoch 0 on. */
  readonly keys: readonly Bytes[]
  /** Hash of the recovery key that may open the next epoch. */
  readonly recoveryHash: Bytes
  /** The `rotate.out` that ended the present epoch, if one did. */
  readonly ending: Body<'rotate.out'> | null
}

/** Why this entry cannot end the epoch, or null. */
export function rotateOutProblem(reign: Reign, body: Body<'rotate.out'>): string | null {
  if (reign.ending !== null) return 'the epoch has ended already'
  if (body.epoch !== reign.keys.length) return 'the next epoch has the next number'
  if (body.cause !== ROTATION.planned) return 'the old key ends an epoch as planned, or not at all'
  return keyProblem(reign, body.logKey)
}

/** Why this entry cannot begin the next epoch, or null. Size and root of the old one are for whoever has its tree. */
export function rotateInProblem(reign: Reign, body: Body<'rotate.in'>): string | null {
  if (!sameBytes(body.bank, reign.bank)) return 'the new epoch is of another bank'
  if (body.epoch !== reign.keys.length || body.oldEpoch !== body.epoch - 1)
    return 'the next epoch has the next number'
  const weak = keyProblem(reign, body.logKey)
  if (weak !== null) return weak
  if (body.cause === ROTATION.tailLost) return 'an epoch that leaves entries out is not understood yet'
  if (body.keptSize !== body.oldSize) return 'every entry is carried over'
  return body.cause === ROTATION.planned ? plannedProblem(reign, body) : recoveredProblem(reign, body)
}

/** The reign after an entry that was found right. */
export function reignAfter(reign: Reign, body: Body<'rotate.in'>): Reign {
  const { recoveryHash, logKey } = body
  return { bank: reign.bank, keys: [...reign.keys, logKey], recoveryHash, ending: null }
}

function keyProblem({ keys }: Reign, key: Bytes): string | null {
  if (verifyingKey(key) === null) return 'the new log key is no key that may be used'
  return keys.some((used) => sameBytes(used, key)) ? 'a log key signs one epoch' : null
}

function plannedProblem({ ending, recoveryHash }: Reign, body: Body<'rotate.in'>): string | null {
  if (ending === null) return 'the old key has not named the new one'
  if (!sameBytes(ending.logKey, body.logKey)) return 'the old key has named another one'
  if (body.recovery !== null) return 'a planned change needs no recovery key'
  return sameBytes(body.recoveryHash, recoveryHash) ? null : 'a planned change keeps the recovery sheet'
}

function recoveredProblem({ recoveryHash }: Reign, body: Body<'rotate.in'>): string | null {
  const { recovery } = body
  if (recovery === null || !sameBytes(recoveryHashOf(recovery.key), recoveryHash))
    return "it is not signed by the recovery key of the bank's sheet"
  if (sameBytes(body.recoveryHash, recoveryHash)) return 'a recovery sheet is used once'
  const key = verifyingKey(recovery.key)
  const good = key !== null && verify(key, rotatePreimage(rotationStatement(body)), recovery.signature)
  return good ? null : 'the signature of the recovery key is not good'
}
