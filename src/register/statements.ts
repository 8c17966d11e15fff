/**
 * What does a member read about the own hours? Both tallies, the balance, and every line with the people it was
 * shared with ([EX-10], [EX-21]).
 */

import type { AccountClass } from '../core/entry.ts'
import { must } from '../core/fault.ts'
import { type Account, accountOf } from '../core/ledger/book.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { type StatementLine, statement } from '../node/statement.ts'
import { readMemo, shownWords } from './memos.ts'
import { partyOf } from './parties.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

/** A line with the names of the others in it, as far as they are still in the register, and its words. */
export interface MemberLine extends StatementLine {
  readonly with: readonly { readonly number: string; readonly name: string }[]
  readonly note: string | null
  /** Who was at the other bank, as that bank said: "Bo M."; null when nobody said. */
  readonly party: string | null
}

/** Minutes; oldest line first. */
export interface MemberStatement {
  readonly person: Person
  readonly class: AccountClass
  readonly balanceMinutes: number
  readonly givenMinutes: number
  readonly receivedMinutes: number
  readonly state: Account['state']
  readonly lines: readonly MemberLine[]
}

/** The statement of the person with this number. Refuses `account_unknown` and `number_mistyped`. */
export async function memberStatement(
  node: Node,
  people: People,
  number: string,
): Promise<Outcome<MemberStatement>> {
  const found = people.find(number)
  if (!found.ok) return found
  const person = found.value
  return node.read((reading) => {
    const account = accountOf(reading.book, person.account)
    must(account !== null, 'a person of the register has an account')
    const lines = statement(reading, account).map((one) => ({
      ...one,
      with: one.others.flatMap((other) => shownPerson(people.byAccount(other))),
      note: shownWords(readMemo(reading.store, one.id)),
      party: one.bank === null ? null : (partyOf(reading.store, person.account, one.id)?.name ?? null),
    }))
    return accept({
      person,
      class: account.class,
      balanceMinutes: account.balance,
      givenMinutes: account.given,
      receivedMinutes: account.received,
      state: account.state,
      lines,
    })
  })
}

function shownPerson(person: Person | null): { number: string; name: string }[] {
  return person === null ? [] : [{ number: person.number, name: person.name }]
}
