/**
 * What does the register say to other banks? A short name for a number or a code, the words of a payment to its payee's
 * bank, what members ask and offer in public, and nothing else ([PRIV-25]).
 */

import type { Reception } from '../node/reception.ts'
import type { Store } from '../store/store.ts'
import { readBankFacts } from './bank-facts.ts'
import { memoRow, readMemo } from './memos.ts'
import { nameOutside } from './names.ts'
import { keptInterest, postedOutside, soundPhone } from './notices-outside.ts'
import type { People } from './people.ts'
import { readCode } from './request-codes.ts'

export function receptionOf(people: People, store: Store): Reception {
  return {
    member(number) {
      const person = people.byNumber(number)
      if (person === null || person.kind === 'before') return null
      return { account: person.account, name: nameOutside(person) }
    },
    request(typed) {
      const code = readCode(typed)
      const request = code === null ? null : people.requests.byCode(code)
      const person = request === null ? null : people.byAccount(request.account)
      if (request === null || person === null) return null
      const { what, salts, ...rest } = request
      return { ...rest, name: nameOutside(person), words: { texts: [what, '', ''], salts } }
    },
    notices: (now) => postedOutside(people.notices, now),
    interest: (heard, now) => keptInterest(people, heard, now),
    phone: () => soundPhone(readBankFacts(store).phone),
    words: (id) => readMemo(store, id),
    wordsRow: memoRow,
  }
}
