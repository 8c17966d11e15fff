/** What if an ending is wrong? Lines that close, banks that are given up, who bears the loss, accounts that leave. */

import { type Mutant, model, simulator, tests } from '../mutant.ts'

const PAYER = 'src/core/ledger/apply-payer.ts'
const END = 'src/core/ledger/apply-line-end.ts'

export const ENDING: readonly Mutant[] = [
  {
    name: 'hours that the pot has paid back come to the payer a second time',
    rule: 'PAY-1',
    file: PAYER,
    find: `const toFund = payment.covered || payer.state === 'closed'`,
    replace: `const toFund = payer.state === 'closed'`,
    killers: [tests('core/ledger/endings'), model, simulator()],
  },
  {
    name: 'a payment on a line that is alive is covered',
    rule: 'LINE-10',
    file: PAYER,
    find: `if (line.state !== 'dead') return 'only a payment on a dead line is covered'`,
    replace: '',
    killers: [tests('core/ledger/endings'), tests('core/two-reducers')],
  },
  {
    name: 'what was written off makes room for poisoned gifts',
    rule: 'BYZ-5',
    file: PAYER,
    find: `return payment.state !== 'paid' || payment.minutes <= roomToReceive(line)`,
    replace: `return payment.state !== 'paid' || payment.minutes - line.writtenOff <= roomToReceive(line)`,
    killers: [tests('core/ledger/endings'), model, simulator()],
  },
  {
    name: 'more is written off than is owed',
    rule: 'LINE-10',
    file: END,
    find: `if (minutes > 0 && minutes > -clearing(line)) return 'more is written off than the peer owes'`,
    replace: '',
    killers: [tests('core/ledger/endings'), tests('core/two-reducers')],
  },
  {
    name: 'a bank that came back owes less than before',
    rule: 'LINE-10',
    file: END,
    find: `if (line.writtenOff !== 0) return 'what was written off is taken back first'`,
    replace: '',
    killers: [tests('core/ledger/endings'), tests('core/two-reducers')],
  },
  {
    name: 'the pot bears more than was written off',
    rule: 'PAY-7',
    file: END,
    find: '&& Math.abs(minutes) <= Math.abs(line.susp)',
    replace: '',
    killers: [tests('core/ledger/endings'), tests('core/two-reducers')],
  },
  {
    name: 'a bank is given up after a moment of silence',
    rule: 'LINE-10',
    file: END,
    find: 'if (entry.time < line.heard + LIMITS.deadSilenceSeconds)',
    replace: 'if (entry.time < line.heard)',
    killers: [tests('core/ledger/endings'), tests('core/two-reducers')],
  },
  {
    name: 'a line is closed while hours are owed on it',
    rule: 'LINE-10',
    file: END,
    find: `if (!isSettled(line)) return 'a line is closed when nothing is owed and nothing is open'`,
    replace: '',
    killers: [tests('core/ledger/line'), tests('core/ledger/endings'), simulator()],
  },
  {
    name: 'one member of the board decides alone',
    rule: 'LINE-10',
    file: 'src/core/ledger/authority.ts',
    find: 'if (named !== board.length || named < LIMITS.boardLeast || named > LIMITS.boardMost)',
    replace: 'if (board.length < LIMITS.boardLeast || named > LIMITS.boardMost)',
    killers: [tests('core/ledger/endings'), tests('core/two-reducers')],
  },
]
