/**
 * What does a bank still lack that has just been set up? First its people and their first hour, then what makes it safe:
 * the recovery sheet on paper, a second person at the desk, and a neighbour.
 */

import { toHex } from '../core/ids.ts'
import type { Node } from '../node/node.ts'
import type { People } from './people.ts'
import type { SheetOnHold } from './sheet-on-hold.ts'
import { isOff } from './today.ts'

/** In the order in which they are best done. */
const TO_FIX = ['sheet', 'colleague', 'neighbour'] as const
export type FirstStep = 'people' | 'hour'
export type ToFix = (typeof TO_FIX)[number]

export interface Lacking {
  /** The next first step; null once an hour was recorded. */
  readonly next: FirstStep | null
  readonly toFix: readonly ToFix[]
}

interface YoungDesk {
  readonly node: Node
  readonly people: People
  readonly sheet: Pick<SheetOnHold, 'waits'>
}

/** Names what is to fix for `putOff`; the sheet cannot be put off. */
export function fixName(one: ToFix): string {
  return `fix ${one}`
}

/** Asked anew each time; nothing is kept. `now` in seconds. */
export async function lacking({ node, people, sheet }: YoungDesk, now: number): Promise<Lacking> {
  return node.read(({ book }) => {
    const inOffice = people.coordinators.all(book, now).filter(({ state }) => state === 'in_office')
    const atDesk = new Set(
      inOffice.flatMap(({ ownAccount }) => (ownAccount === null ? [] : [toHex(ownAccount)])),
    )
    const someone = people.all().some(({ kind, account }) => kind !== 'fund' && !atDesk.has(toHex(account)))
    const hour = book.accounts.some(({ lastPosting }) => lastPosting !== 0)
    const lacks: Readonly<Record<ToFix, boolean>> = {
      sheet: sheet.waits(),
      colleague: inOffice.length === 1,
      neighbour: !book.lines.some(({ state }) => state !== 'closed'),
    }
    return {
      next: hour ? null : someone ? 'hour' : 'people',
      toFix: TO_FIX.filter((one) => lacks[one] && !isOff(node, fixName(one), now)),
    }
  })
}
