/** Whose pages are these? The member or organisation of the number in the path; the bank's own accounts have none. */

import { accountOf } from '../../core/ledger/book.ts'
import type { Person } from '../../register/person.ts'
import type { Visit } from '../screen.ts'

export function personOfPath({ desk, params }: Pick<Visit, 'desk' | 'params'>): Person | null {
  const found = desk.people.find(params.number ?? '')
  if (!found.ok) return null
  const { kind } = found.value
  return kind === 'member' || kind === 'organisation' ? found.value : null
}

export interface AccountNow {
  readonly state: 'open' | 'suspended' | 'closed'
  /** Minutes. */
  readonly balance: number
}

/** How the account of this person stands now. */
export async function accountNow({ desk }: Pick<Visit, 'desk'>, person: Person): Promise<AccountNow> {
  return desk.node.read(({ book }) => {
    const account = accountOf(book, person.account)
    return { state: account?.state ?? 'closed', balance: account?.balance ?? 0 }
  })
}
