/** What if a line counts wrongly? What may be owed, what counts as owed, and which limit holds for which posting. */

import { type Mutant, model, simulator, tests } from '../mutant.ts'

const LINE = 'src/core/line.ts'
const CROSSING = 'src/core/ledger/crossing.ts'
const APPLY = 'src/core/ledger/apply-line.ts'
const RECEIVE = 'src/node/receive.ts'

export const LIMITING: readonly Mutant[] = [
  {
    name: 'a hold is not checked against the limit of its line',
    rule: 'LINE-3',
    file: CROSSING,
    find: `if (order.minutes > room) return no('line_full', { roomMinutes: Math.max(0, room) })`,
    replace: '',
    killers: [simulator(1), tests('core/ledger/payer')],
  },
  {
    name: 'own holds do not count as owed',
    rule: 'LINE-3',
    file: LINE,
    find: '(out + line.out.reserved - line.in.sum)',
    replace: '(out - line.in.sum)',
    killers: [model, simulator()],
  },
  {
    name: 'promised incoming hours count as firm at once',
    rule: 'LINE-3',
    file: LINE,
    find: '(out + line.out.reserved - line.in.sum)',
    replace: '(out + line.out.reserved - line.in.sum - line.in.reserved)',
    killers: [model, simulator()],
  },
  {
    name: 'hours that came back still count as owed',
    rule: 'LINE-5',
    file: LINE,
    find: 'const out = line.out.sum - line.out.returned\n',
    replace: 'const out = line.out.sum\n',
    killers: [tests('core/ledger/room'), model, simulator()],
  },
  {
    name: "an offer is not checked against the limit of the payer's bank",
    rule: 'LINE-4',
    file: CROSSING,
    find: `if (minutes > roomToReceive(line)) return no('line_full', { roomMinutes: Math.max(0, roomToReceive(line)) })`,
    replace: '',
    killers: [tests('core/ledger/payee'), model, simulator()],
  },
  {
    name: 'a posting without a promise needs no room',
    rule: 'LINE-4',
    file: 'src/core/ledger/apply-payee.ts',
    find: `if (minutes > roomToReceive(line, line.in.seq + 1)) return "the credit exceeds the line's limit"`,
    replace: '',
    killers: [tests('core/ledger/payee')],
  },
  {
    name: 'own postings count as firm before their receipt',
    rule: 'LINE-4',
    file: LINE,
    find: '(line.in.sum + line.in.reserved - line.receipted)',
    replace: '(line.in.sum + line.in.reserved - (line.out.sum - line.out.returned))',
    killers: [tests('core/line'), model, simulator()],
  },
  {
    name: "promises do not count towards the neighbour's limit",
    rule: 'LINE-4',
    file: LINE,
    find: '(line.in.sum + line.in.reserved - line.receipted)',
    replace: '(line.in.sum - line.receipted)',
    killers: [model, simulator()],
  },
  {
    name: 'a posting that must wait for a receipt is given back',
    rule: 'LINE-4',
    file: RECEIVE,
    find: `? 'wait'
    : {`,
    replace: `? no('cannot_take')
    : {`,
    killers: [tests('node/postal'), simulator()],
  },
  {
    name: 'a posting far above the limit waits for ever',
    rule: 'LINE-4',
    file: RECEIVE,
    find: `if (provesExcess(line, posting)) return wrong('cannot_take')`,
    replace: '',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'a receipt that is under way is held against an honest neighbour',
    rule: 'BYZ-1',
    file: LINE,
    find: 'return line.in.sum + posting.minutes - line.out.sum > limitToReceive(line, posting.seq)',
    replace: 'return line.in.sum + posting.minutes - line.receipted > limitToReceive(line, posting.seq)',
    killers: [tests('core/line'), model, simulator()],
  },
  {
    name: 'the debtor ignores a limit that was lowered',
    rule: 'LINE-1',
    file: APPLY,
    find: 'line.out.limit = limit.minutes',
    replace: 'line.out.limit = Math.max(line.out.limit, limit.minutes)',
    killers: [simulator(8)],
  },
  {
    name: 'a lower limit binds before it is acknowledged',
    rule: 'LINE-1',
    file: LINE,
    find: 'return Math.max(step?.minutes ?? 0, line.pendingLimit?.minutes ?? 0)',
    replace: 'return line.pendingLimit?.minutes ?? step?.minutes ?? 0',
    killers: [model, simulator()],
  },
  {
    name: 'a lower limit binds postings that were made before it',
    rule: 'LINE-1',
    file: LINE,
    find: 'line.steps.push({ from: step.from, minutes: step.minutes })',
    replace: 'line.steps.push({ from: 1, minutes: step.minutes })',
    killers: [tests('core/ledger/line'), model, simulator()],
  },
  {
    name: 'a limit is acknowledged for a posting that is made already',
    rule: 'LINE-1',
    file: APPLY,
    find: 'if (fromOutSeq !== line.out.seq + 1)',
    replace: 'if (fromOutSeq === null)',
    killers: [tests('core/ledger/line')],
  },
  {
    name: 'a paused line takes new hours',
    rule: 'LINE-10',
    file: CROSSING,
    find: `notOpen(line) ?? (line.frozen ? no('line_paused') : null)`,
    replace: 'notOpen(line)',
    killers: [tests('core/ledger/payer'), simulator(), model],
  },
  {
    name: 'two lines with one bank',
    rule: 'LINE-12',
    file: APPLY,
    find: `return 'there is a line with this bank already'`,
    replace: 'return openNew(book, entry, { terms, peer, weAreLower, index })',
    killers: [tests('core/ledger/line')],
  },
  {
    name: 'a posting out of order is called a breach',
    rule: 'LINE-2',
    file: RECEIVE,
    find: 'if (seq > line.in.seq + 1) return wait',
    replace: '',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'postings are consumed with gaps between them',
    rule: 'LINE-2',
    file: RECEIVE,
    find: `if (seq > line.in.seq + 1) return wait
    if (!sameBytes(part.prevOut, line.in.chain) || part.minutes`,
    replace: 'if (part.minutes',
    also: [
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: 'if (inSeq !== line.in.seq + 1)',
        replace: 'if (inSeq === null || inSeq <= line.in.seq)',
      },
    ],
    killers: [tests('core/ledger/payee'), simulator(), tests('node/lies')],
  },
  {
    name: 'a chain that does not follow is consumed',
    rule: 'LINE-2',
    file: RECEIVE,
    find: 'if (!sameBytes(part.prevOut, line.in.chain) || part.minutes',
    replace: 'if (part.minutes',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'a number that was consumed may come again with another payment',
    rule: 'LINE-2',
    file: RECEIVE,
    find: '? unchanged : breach',
    replace: '? unchanged : unchanged',
    killers: [tests('node/lies'), simulator()],
  },
]
