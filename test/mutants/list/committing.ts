/** What if a write is told of before it is real? The order of a commit, and what happens when a batch fails. */

import { crash, type Mutant, simulator, tests } from '../mutant.ts'

const COMMIT = 'src/node/commit.ts'

/** The lines that a wrong order moves about. */
const SIGN = 'const head = this.#sign(growth)\n'
const APPEND = 'await store.append([...rows, ...this.#logRows(from, placed, growth, head)])'

export const COMMITTING: readonly Mutant[] = [
  {
    name: 'whoever waits is answered before the batch is synced',
    rule: 'CRASH-3',
    file: COMMIT,
    find: SIGN,
    replace: `${SIGN}
      let told = 0
      for (const { command, count } of commands) {
        command.done(placed.slice(told, told + count).map((one, i) => ({ ...one, index: from + told + i })))
        told += count
      }
`,
    killers: [tests('node/writer'), simulator(), crash('direct')],
  },
  {
    name: 'neighbours are told before the batch is synced',
    rule: 'R1',
    file: COMMIT,
    find: SIGN,
    replace: `${SIGN}
      this.#head = head
      for (const tell of this.#listeners) tell(placed.map((one, i) => ({ ...one, index: from + i })))
`,
    killers: [tests('node/writer'), simulator(), crash('direct')],
  },
  {
    name: 'a head is handed out before its batch is synced',
    rule: 'R2',
    file: COMMIT,
    find: SIGN,
    replace: `${SIGN}
      this.#head = head
`,
    killers: [tests('node/writer'), simulator(), crash('direct')],
  },
  {
    name: 'the head guard is written before the batch',
    rule: 'CRASH-2',
    file: COMMIT,
    find: `${APPEND}
      await this.#writeGuard(head)`,
    replace: `await this.#writeGuard(head)
      ${APPEND}`,
    killers: [tests('node/writer'), simulator(), crash('direct')],
  },
  {
    name: 'the head guard is never written',
    rule: 'CRASH-5',
    file: COMMIT,
    find: 'await this.#writeGuard(head)\n',
    replace: '\n',
    killers: [tests('node/writer'), simulator(), crash('direct')],
  },
  {
    name: 'a head guard that cannot be written stops the bank',
    rule: 'CRASH-5',
    file: COMMIT,
    find: `this.#parts.report('guard_not_written', { reason: reasonOf(thrown) })`,
    replace: 'throw thrown',
    killers: [tests('node/writer'), simulator()],
  },
  {
    name: 'a batch that failed is tried again in place',
    rule: 'CRASH-4',
    file: COMMIT,
    find: APPEND,
    replace: `const batch = [...rows, ...this.#logRows(from, placed, growth, head)]
      await store.append(batch).catch(() => store.append(batch))`,
    killers: [tests('node/failed-batch'), simulator()],
  },
  {
    name: 'a bank goes on signing after a batch that failed',
    rule: 'CRASH-4',
    file: COMMIT,
    find: `this.#parts.report('writer_stopped', { reason: reasonOf(thrown) })
    for (const command of [...this.#underway, ...this.#queue.splice(0)]) command.failed(this.#failed)
    for (const sweep of this.#sweeps.splice(0)) sweep.failed(this.#failed)
    this.#parts.onFatal(this.#failed)`,
    replace: `for (const command of [...this.#underway, ...this.#queue.splice(0)]) command.failed(this.#failed)
    this.#failed = null`,
    killers: [tests('node/writer'), tests('node/failed-batch'), simulator()],
  },
  {
    name: 'a batch that failed is taken for one that is there',
    rule: 'CRASH-4',
    file: COMMIT,
    find: APPEND,
    replace: `${APPEND}.catch(() => undefined)`,
    killers: [tests('node/writer'), simulator(), crash('direct')],
  },
  {
    name: 'reads see what is not synced yet',
    rule: 'CRASH-3',
    file: COMMIT,
    find: 'if (this.#busy) this.#reads.push({ run, failed: reject })\n      else run()',
    replace: 'if (this.#busy && this.#closing) this.#reads.push({ run, failed: reject })\n      else run()',
    killers: [tests('node/failed-batch'), tests('node/store-faults'), simulator(), crash('direct')],
  },
  {
    name: 'private rows have a batch of their own',
    rule: 'CRASH-2',
    file: COMMIT,
    find: APPEND,
    replace: `await store.append(this.#logRows(from, placed, growth, head))
      if (rows.length > 0) await store.append(rows)`,
    killers: [tests('node/writer'), crash('direct'), simulator()],
  },
  {
    name: 'a full disk is noticed only by the store',
    rule: 'CRASH-13',
    file: COMMIT,
    find: 'if (this.#diskFree >= LIMITS.diskFreeBytes) return null',
    replace: 'if (this.#diskFree >= 0) return null',
    killers: [tests('node/writer'), simulator()],
  },
]
