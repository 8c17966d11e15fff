/**
 * Who asks? The API of a bank has one bearer token; whoever holds it acts as the bank's coordinator.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { accept, type Outcome, refuse } from '../core/refusal.ts'

export interface Door {
  /** Null when the header holds the token. */
  enter(authorization: string | undefined): Outcome<null>
}

/** Compares hashes of equal length in constant time, so that an answer's time tells nothing of the token. */
export function openDoor(token: string): Door {
  const wanted = digest(token)
  return {
    enter(authorization) {
      const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
      if (given === undefined) return refuse('token_missing')
      return timingSafeEqual(digest(given), wanted) ? accept(null) : refuse('token_wrong')
    },
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
