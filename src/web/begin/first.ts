/** What are the pages made from that come before there is a bank? */

import type { Form } from '../form.ts'
import type { Framed } from '../layout.tsx'

/** What can be looked at before there is a bank of one's own. */
export interface Sights {
  /** Who may come in where, all invented. */
  readonly doors: readonly {
    readonly bank: string
    readonly url: string
    readonly coordinator: string
    readonly password: string
    readonly number: string
    readonly member: string
    readonly pin: string
  }[]
}

/** How far the look around is. */
export type Looking =
  | { readonly state: 'not_asked' | 'opening' | 'failed' }
  | { readonly state: 'open'; readonly sights: Sights }

/** What one of these pages is made from. */
export interface First extends Framed {
  /** Path of the link. */
  readonly link: string
  readonly form: Form
  readonly looking: Looking
}
