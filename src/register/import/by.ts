/**
 * Who brings a list in, or takes it away again, and how does the log say so? A coordinator, with a second one where the
 * rules ask for it.
 */

import { COORDINATOR_REASONS, type CoordinatorAuth } from '../../core/entry.ts'
import type { Bytes } from '../../core/ids.ts'
import type { Coordinator } from '../coordinators.ts'

export interface ImportBy {
  readonly coordinator: Coordinator
  /** A different coordinator who agrees: needed once a line to another bank stands, or above the rules' bound. */
  readonly second?: Coordinator | null
  /** Digest of the plan that was looked at; other files since then are refused. */
  readonly digest?: Bytes | null
}

/** Ref type of the digest of imported files. */
export const DIGEST_REF = 5

/** The coordinator's word, for opening balances or for taking them back. */
export function importAuth({ coordinator, second }: ImportBy, why: 'import' | 'correction'): CoordinatorAuth {
  const reason = COORDINATOR_REASONS.indexOf(why) + 1
  return { form: 2, actor: coordinator.actor, onBehalfOf: null, reason, second: second?.actor ?? null }
}
