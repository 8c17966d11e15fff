/** What is one state of a screen that the tests look at? Who comes, to which bank, where, and what is typed there. */

import type { VisitorKind } from '../../src/web/screen.ts'
import type { Banks } from './town.ts'

export interface State {
  /** Names the screenshot. */
  readonly name: string
  /** Path of the row of SCREENS; null for what answers beside them. */
  readonly screen: string | null
  readonly as: VisitorKind
  /** Name of the member who comes; Ada Marsh unless it is said. */
  readonly member?: string
  readonly bank: keyof Banks
  readonly path: (banks: Banks) => string | Promise<string>
  /** Posted there; without it the page is looked at. */
  readonly form?: (banks: Banks) => Readonly<Record<string, string>>
  readonly status: number
  /** It is no page but a file to keep. */
  readonly isFile?: true
}

export type Row = Omit<State, 'name' | 'screen' | 'as' | 'bank' | 'path' | 'status'> & {
  readonly as?: VisitorKind
  readonly bank?: keyof Banks
  readonly path?: State['path'] | string
  readonly status?: number
}

/** States of one screen, by name. */
export function of(screen: string | null, as: VisitorKind, rows: Readonly<Record<string, Row>>): State[] {
  return Object.entries(rows).map(([name, { path = screen ?? '/', ...row }]) => ({
    as,
    bank: 'town',
    status: 200,
    ...row,
    name,
    screen,
    path: typeof path === 'string' ? () => path : path,
  }))
}
