/** What if a wrong record is put right wrongly, or a person is erased by half? */

import { type Mutant, tests } from '../mutant.ts'

const LEDGER = 'src/core/ledger/apply-exchange.ts'
const ERASURE = 'src/register/erasure.ts'

export const CORRECTING: readonly Mutant[] = [
  {
    name: 'a record is taken back twice',
    rule: 'EX-8',
    file: LEDGER,
    find: `if (book.exchanges.reversedAt(row) >= 0) return no('reversed_already')`,
    replace: '',
    killers: [tests('core/ledger/reverse')],
  },
  {
    name: 'what is taken back stays in the tallies',
    rule: 'EX-8',
    file: LEDGER,
    find: 'if (!opening) tally(account, leg.minutes, -1)',
    replace: '',
    killers: [tests('core/ledger/reverse')],
  },
  {
    name: 'a closed account gets hours back',
    rule: 'EX-8',
    file: LEDGER,
    find: `if (account.state === 'closed') return no('account_closed')
    if (leg.minutes < 0) continue`,
    replace: 'if (leg.minutes < 0) continue',
    killers: [tests('core/ledger/reverse')],
  },
  {
    name: 'a record that stands is replaced',
    rule: 'EX-8',
    file: LEDGER,
    find: 'return row < 0 || book.exchanges.reversedAt(row) < 0',
    replace: 'return row < 0',
    killers: [tests('core/ledger/reverse')],
  },
  {
    name: 'the audit does not see that a record was taken back twice',
    rule: 'EX-8',
    file: 'src/core/audit/exchange.ts',
    find: 'exchanges.reverse(id, step.index)',
    replace: '',
    killers: [tests('audit/defects')],
  },
  {
    name: 'a record is taken back in one press for ever',
    rule: 'DESK-3',
    file: 'src/register/corrections.ts',
    find: 'return node.logTime() - time > LIMITS.takeBackDays * SECONDS_PER_DAY',
    replace: 'return node.logTime() < time',
    killers: [tests('register/corrections')],
  },
  {
    name: 'all signs of a number weigh the same',
    rule: 'SIGN-1',
    file: 'src/register/numbers.ts',
    find: '(place + FIRST_WEIGHT)',
    replace: '(place * 0 + FIRST_WEIGHT)',
    killers: [tests('register/numbers')],
  },
  {
    name: 'the words of a record outlive the person',
    rule: 'PRIV-7',
    file: 'src/register/redactions.ts',
    find: `if (kind === 'reverse') return privateKey('memo', body.commitment)`,
    replace: '',
    killers: [tests('register/erasure')],
  },
  {
    name: 'what is erased is never said in the log',
    rule: 'PRIV-7',
    file: ERASURE,
    find: 'const entries = unsaid.length === 0 ? [] : redactions(unsaid, records, { reason, nonces })',
    replace:
      'const entries = unsaid.length === 0 ? [] : redactions(unsaid, records, { reason, nonces }).slice(9)',
    killers: [tests('register/erasure')],
  },
  {
    name: 'an erasure that was cut short is forgotten',
    rule: 'PRIV-8',
    file: 'src/register/people.ts',
    find: 'else if (isErasedRow(value)) people.#erasing',
    replace: 'else if (isErasedRow(value) && value.length > 1) people.#erasing',
    killers: [tests('register/erasure')],
  },
  {
    name: 'a row of a newer program is taken for an erased one',
    rule: 'PRIV-8',
    file: 'src/register/person.ts',
    find: 'return value.length === 1',
    replace: 'return value.length > 0',
    killers: [tests('register/erasure')],
  },
  {
    name: 'files are rewritten while somebody reads the old content',
    rule: 'PRIV-8',
    file: 'src/store/level-store.ts',
    find: 'await Promise.all(walks)',
    replace: '',
    killers: [tests('store/level-store')],
  },
]
