/** What if a bank signs when it must not? The start after a crash or a restore, the head guard, and wrong clocks. */

import { type Mutant, simulator, tests } from '../mutant.ts'

const GATE = 'src/node/gate.ts'
const REPLAY = 'src/node/replay.ts'
const WATCH = 'src/node/clock-watch.ts'

export const STARTING: readonly Mutant[] = [
  {
    name: 'a head guard that is ahead of the log is ignored',
    rule: 'CRASH-6',
    file: GATE,
    find: `if (guard.size > log.head.size) return 'ahead'`,
    replace: `if (guard.size > log.head.size) return 'behind'`,
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'a head guard of another history is ignored',
    rule: 'CRASH-6',
    file: GATE,
    find: `if (!sameBytes(ours, guard.root)) return 'ahead'`,
    replace: '',
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'a log without a head guard is signed unasked',
    rule: 'CRASH-7',
    file: GATE,
    find: `return this.#parts.guard === 'equal' || this.#parts.guard === 'behind'`,
    replace: `return this.#parts.guard !== 'ahead'`,
    killers: [tests('node/start'), simulator()],
  },
  {
    name: 'a larger head that a neighbour shows is ignored',
    rule: 'R8',
    file: GATE,
    find: 'if (finding.larger !== null && this.#refusal === null) {',
    replace: 'if (finding.larger !== null && this.#refusal !== null) {',
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'a neighbour that knows of a posting we lost counts as an answer, and is blamed',
    rule: 'R8',
    file: 'src/node/listener.ts',
    find: 'const maybeLost = due.breach !== null && gate.mayBeShort',
    replace: 'const maybeLost = due.breach !== null && gate.askedSeconds < 0',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'any head of ours stops us, whoever signed it',
    rule: 'R8',
    file: 'src/node/own-log.ts',
    find: `const head = of === undefined ? null : openCheckpoint(note, logOf(bank(), of))
      return`,
    replace: `const text = parseNote(note)?.text
      const said = text === undefined ? null : parseHeadText(text)
      const head = said === null ? null : { ...said, note }
      return`,
    also: [
      {
        file: 'src/node/own-log.ts',
        find: `import { type Head, openCheckpoint, peekOrigin } from '../log/checkpoint.ts'`,
        replace: `import { type Head, openCheckpoint, parseHeadText, peekOrigin } from '../log/checkpoint.ts'
import { parseNote } from '../log/note.ts'`,
      },
    ],
    killers: [tests('node/said-again'), simulator()],
  },
  {
    name: 'a start waits for nobody',
    rule: 'R8',
    file: GATE,
    find: `if (!this.#waited) return 'wait'`,
    replace: '',
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'a strict start is a usual one',
    rule: 'CRASH-7',
    file: GATE,
    find: `return this.#goodGuard && this.#parts.start === 'usual' ? null : this.#asksOperator()`,
    replace: 'return this.#goodGuard ? null : this.#asksOperator()',
    killers: [tests('node/start'), simulator()],
  },
  {
    name: 'one answer is enough without a head guard',
    rule: 'R8',
    file: GATE,
    find: `return this.#goodGuard && this.#parts.start === 'usual' ? null : this.#asksOperator()`,
    replace: `return (this.#goodGuard && this.#parts.start === 'usual') ||
      this.#silent.size < this.#parts.partners.length ? null : this.#asksOperator()`,
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'an operator may vouch while a neighbour is still being asked',
    rule: 'CRASH-9',
    file: GATE,
    find: 'this.#silent.size > 0 && this.askedSeconds > LIMITS.startSilenceSeconds',
    replace: 'this.#silent.size > 0',
    killers: [tests('node/gate')],
  },
  {
    name: 'an operator can confirm any log',
    rule: 'CRASH-9',
    file: GATE,
    find: 'if (!nobody || !same || this.#refusal !== null) return false',
    replace: 'if (!nobody || this.#refusal !== null) return false',
    killers: [tests('node/gate')],
  },
  {
    name: 'entries and tree are not compared at the start',
    rule: 'CRASH-6',
    file: REPLAY,
    find: `if (!sameBytes(root, tree.root())) throw invalid(book.size - 1, 'the stored tree does not fit the entries')`,
    replace: '',
    also: [
      {
        file: REPLAY,
        find: 'if (head.size !== size || !sameBytes(head.root, root)) {',
        replace: 'if (head.size !== size) {',
      },
    ],
    killers: [tests('node/start'), simulator()],
  },
  {
    name: 'a head that covers more than the disk holds is accepted',
    rule: 'CRASH-6',
    file: REPLAY,
    find: 'if (head.size !== size || !sameBytes(head.root, root)) {',
    replace: 'if (head.size < size) {',
    killers: [tests('node/start'), simulator()],
  },
  {
    name: 'an entry that is missing is passed over',
    rule: 'CRASH-6',
    file: REPLAY,
    find: `if (indexOfEntryKey(key) !== index) throw invalid(book.size, 'the entry is missing')`,
    replace: '',
    also: [
      {
        file: REPLAY,
        find: `if (!sameBytes(root, tree.root())) throw invalid(book.size - 1, 'the stored tree does not fit the entries')`,
        replace: '',
      },
      {
        file: REPLAY,
        find: 'if (head.size !== size || !sameBytes(head.root, root)) {',
        replace: 'if (head.size < size) {',
      },
    ],
    killers: [tests('node/start'), simulator()],
  },
  {
    name: 'a start passes over entries that break a rule',
    rule: 'CRASH-10',
    file: REPLAY,
    find: 'if (broken !== null) throw invalid(book.size, broken)',
    replace: 'if (broken !== null) book.size += 1',
    killers: [tests('node/failed-batch'), simulator()],
  },
  {
    name: 'of two slots of the head guard the smaller counts',
    rule: 'CRASH-5',
    file: 'src/store/head-guard.ts',
    find: 'size > best.size',
    replace: 'size < best.size',
    killers: [tests('store/head-guard')],
  },
  {
    name: 'a clock that cannot be right stops nothing',
    rule: 'PAY-16',
    file: GATE,
    find: 'if (unsure !== null) return unsure',
    replace: '',
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: "one neighbour's clock stops the bank",
    rule: 'PAY-16',
    file: WATCH,
    find: 'far.some((b, j) => j > i &&',
    replace: 'far.some((b, j) => j >= i &&',
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'a clock that jumps ahead is believed',
    rule: 'LOG-5',
    file: WATCH,
    find: 'if (jump <= LIMITS.clockStopSeconds) return null',
    replace: 'if (jump <= Number.POSITIVE_INFINITY) return null',
    killers: [tests('node/gate'), simulator()],
  },
  {
    name: 'a wrong clock hides that the log may be short',
    rule: 'PAY-10',
    file: 'src/node/node.ts',
    find: "shut.code !== 'clock_unsure' || gate.mayBeShort)",
    replace: "shut.code !== 'clock_unsure')",
    killers: [tests('node/short-log')],
  },
]
