/**
 * How is somebody named to a member before anything was recorded? By the whole name for whoever knows it, having typed it
 * or shared a record; else by the first name and a letter, so that nobody collects names by typing numbers ([PRIV-33]).
 */

import { maySee } from '../../register/access.ts'
import { haveShared, isWholeName } from '../../register/find-people.ts'
import { nameOutside } from '../../register/names.ts'
import type { Person } from '../../register/person.ts'
import type { MemberVisit } from '../screen.ts'
import { calledName } from './sentences.ts'

/** `me` is whoever acts, or the person they act for; `typed` is what named the other, if anything did. */
export async function seenName(
  visit: MemberVisit,
  other: Person | null,
  { me = visit.visitor.person, typed = '' }: { readonly me?: Person; readonly typed?: string } = {},
): Promise<string> {
  if (other === null || other.kind !== 'member') return calledName(visit, other)
  const shares = isWholeName(other, typed) || (await haveShared(visit.desk.node, me.account, other.account))
  if (maySee('member', 'name', { shares })) return calledName(visit, other)
  return maySee('member', 'short_name') ? nameOutside(other) : ''
}
