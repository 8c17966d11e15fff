/** What if the auditor looks away? Each of its laws left out once, and honest banks accused once. */

import { type Mutant, simulator, tests } from '../mutant.ts'

const SENT = 'src/core/audit/sent.ts'
const RECEIVED = 'src/core/audit/received.ts'
const HEADS = 'src/audit/heads.ts'

export const JUDGING: readonly Mutant[] = [
  {
    name: 'the audit does not compare mirrors',
    rule: 'AUD-5',
    file: 'src/core/audit/mirror.ts',
    find: 'difference: theirs === null ? null : line.clr + theirs - flying - writtenOff,',
    replace: 'difference: theirs === null ? null : 0,',
    killers: [tests('core/audit'), tests('audit/defects')],
  },
  {
    name: 'the audit does not add up postings',
    rule: 'AUD-2',
    file: 'src/core/audit.ts',
    find: `if (step.posted !== 0) say(step, 'AUD-2.postings_not_zero', { sum: step.posted })`,
    replace: '',
    killers: [tests('audit/tamper'), tests('audit/defects')],
  },
  {
    name: 'the audit does not look at limits',
    rule: 'AUD-6',
    file: SENT,
    find: `if (owed > limit) say(step, 'AUD-6.over_limit', { ...facts, owed, limit })`,
    replace: '',
    killers: [tests('audit/defects')],
  },
  {
    name: 'the audit lets a payment be credited twice',
    rule: 'AUD-3',
    file: RECEIVED,
    find: 'if (one.credit >= 0) return true',
    replace: 'if (one.credit >= step.index) return true',
    killers: [tests('audit/defects')],
  },
  {
    name: 'the audit lets a bank send after its deadline',
    rule: 'AUD-3',
    file: SENT,
    find: `if (step.time > sent.decideBy)
    say(`,
    replace: `if (step.time < 0)
    say(`,
    killers: [tests('audit/defects')],
  },
  {
    name: 'the audit follows no chain of postings',
    rule: 'AUD-5',
    file: 'src/core/audit/lines.ts',
    find: `if (!sameBytes(part.prevOut, bytesOf(line.outLeaf))) say(step, 'AUD-5.prev_out', facts)`,
    replace: '',
    killers: [tests('audit/defects')],
  },
  {
    name: 'the audit believes every reference',
    rule: 'AUD-4',
    file: 'src/core/audit/agreement.ts',
    find: 'const good = references.follow(log, at, { cited: received.commit, peer, expected, rule, facts })',
    replace: 'const good = expected.length >= 0 && rule.length > 0 && at >= 0',
    killers: [tests('audit/tamper'), tests('audit/defects')],
  },
  {
    name: 'the audit compares no amounts between two logs',
    rule: 'AUD-4',
    file: 'src/core/audit/agreement.ts',
    find: 'if (received.minutes !== sent.minutes) {',
    replace: 'if (received.minutes < 0) {',
    killers: [tests('audit/defects')],
  },
  {
    name: 'the audit does not hold logs against noted heads',
    rule: 'FORK-7',
    file: HEADS,
    find: 'compareRoots(checks, log, heads)\n',
    replace: '\n',
    killers: [tests('audit/tamper')],
  },
  {
    name: 'the audit does not notice a tail that was cut off',
    rule: 'AUD-1',
    file: HEADS,
    find: 'if (claim.size > largest.size) largest',
    replace: 'if (claim.size < 0) largest',
    killers: [tests('audit/tamper')],
  },
  {
    name: 'the audit takes a checkpoint that nobody signed',
    rule: 'AUD-1',
    file: 'src/audit/integrity.ts',
    find: 'const good = own.length > 0 && own.every(',
    replace: 'const good = own.length > 0 || own.every(',
    killers: [tests('audit/tamper')],
  },
  {
    name: 'the audit does not compare entries with the root',
    rule: 'AUD-1',
    file: 'src/audit/integrity.ts',
    find: 'if (!sameBytes(levels.rootAt(head.size), head.root)) {',
    replace: 'if (head.root.length === 0) {',
    killers: [tests('audit/tamper')],
  },
  {
    name: 'the audit accuses a bank whose neighbour chose another attempt',
    rule: 'BYZ-1',
    file: RECEIVED,
    find: 'endOthers(step, attempt)\n',
    replace: '\n',
    killers: [tests('core/ledger/room'), simulator()],
  },
  {
    name: 'the audit blames a bank for hours that are on their way',
    rule: 'BYZ-1',
    file: 'src/core/audit/mirror.ts',
    find: 'difference: theirs === null ? null : line.clr + theirs - flying - writtenOff,',
    replace: 'difference: theirs === null ? null : line.clr + theirs - writtenOff,',
    killers: [tests('core/audit'), tests('audit/defects'), simulator()],
  },
]
