/**
 * From where does somebody come in? An address that counts for itself, and a device on which its owner came in before:
 * such a device has a door of its own, and what strangers try elsewhere keeps nobody waiting there ([SIGN-12]).
 */

import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import type { Rate } from './rates.ts'

export interface Whence {
  /** Of one house or person: an IPv4 address, or the first half of an IPv6 address; null when a proxy hides it. */
  readonly address: string | null
  /** The door that this device has to somebody's account or office; null when they never came in here. */
  readonly doorOf: (owner: Bytes) => string | null
}

/** What the connection says of a request, before anybody knows who it is. */
export interface AskedFrom {
  readonly address: string | null
  /** The host that was asked for, with its port; null for one that anybody may have made up. */
  readonly host: string | null
  /** A program of this very machine asked, by a name of this machine, and no proxy for somebody else. */
  readonly isOwnMachine: boolean
}

export const NOWHERE: AskedFrom = { address: null, host: null, isOwnMachine: false }

export const UNKNOWN_PLACE: Whence = { address: null, doorOf: () => null }

/** Where wrong guesses from this address are counted, whatever door they were for. */
export function guessesFrom({ address }: Whence): Rate[] {
  if (address === null) return []
  const { guessesOfAddress: atOnce, guessWaitSeconds: seconds } = LIMITS
  return [{ name: `guess ${address}`, atOnce, seconds, refusal: 'tried_too_often' }]
}

/** Where wrong PINs are counted that come from no known device, whatever address they come from. */
export const STRANGE_PINS: Rate = {
  name: 'guess of strangers',
  atOnce: LIMITS.guessesOfStrangers,
  seconds: LIMITS.guessOfStrangersSeconds,
  refusal: 'new_devices_wait',
}

/** Where people are counted who ask to join from this address. */
export function joinsFrom(address: string | null): Rate[] {
  if (address === null) return []
  const { joinsOfAddress: atOnce, joinOfAddressSeconds: seconds } = LIMITS
  return [{ name: `join ${address}`, atOnce, seconds, refusal: 'joins_too_many' }]
}
