/** What if a change of the log key forgets something? What is held, who decides, in which order, and who is believed. */

import { crash, type Mutant, simulator, tests } from '../mutant.ts'

const ROTATION = 'src/node/rotation.ts'
const COMMIT = 'src/node/commit.ts'
const KEY_CHANGE = 'src/node/key-change.ts'

export const REKEYING: readonly Mutant[] = [
  {
    name: 'the key changes while payments are held',
    rule: 'PAY-15',
    file: ROTATION,
    find: 'entries: [...aborts, out]',
    replace: 'entries: [out]',
    also: [
      {
        file: 'src/core/ledger/apply-rotation.ts',
        find: `if (book.hold !== 0) return 'every held payment is aborted before the log key changes'`,
        replace: '',
      },
    ],
    killers: [tests('node/rotation'), simulator()],
  },
  {
    name: 'what a key of the past has decided ends the session',
    rule: 'PAY-15',
    file: 'src/node/session.ts',
    find: 'return { ok: true, frame: { messages, entries, relation: null, head: null, linked: false, past } }',
    replace: `return { ok: false, problem: 'an epoch that is over' }`,
    killers: [tests('node/rotation'), simulator()],
  },
  {
    name: 'a commit under the key that was promised to is refused once a newer one is known',
    rule: 'PAY-15',
    file: 'src/node/receive.ts',
    find: 'commit.ref.epoch === peerEpoch(line, held.first)',
    replace: 'commit.ref.epoch === peerEpoch(line)',
    killers: [crash('the log key changes while an older decision is still on its way'), simulator()],
  },
  {
    name: 'a promise decides what a key of the past had held',
    rule: 'PAY-15',
    file: 'src/node/pay.ts',
    find: `if (payment.first < presentEpoch(book).start) return aborted(payment, 'rotate', rows)`,
    replace: '',
    killers: [tests('node/key-change')],
  },
  {
    name: 'what a recovery left held waits for its deadline',
    rule: 'PAY-15',
    file: 'src/node/link.ts',
    find: `isOfPastEpoch(book, payment) ? 'rotate' : held`,
    replace: `isOfPastEpoch(book, payment) && book.ending !== null ? 'rotate' : held`,
    killers: [tests('node/key-change')],
  },
  {
    name: 'a key begins an epoch that the old one did not name',
    rule: 'KEY-3',
    file: 'src/core/rotation.ts',
    find: `if (ending === null) return 'the old key has not named the new one'
  if (!sameBytes(`,
    replace: `if (ending !== null && !sameBytes(`,
    killers: [tests('core/ledger/rotation')],
  },
  {
    name: 'the old key signs on after it has named the new one',
    rule: 'KEY-3',
    file: COMMIT,
    find: 'this.#pen = { key, verifyingKey: known, epoch, tree, start }',
    replace: 'this.#pen = { ...this.#pen, epoch, tree, start }',
    killers: [tests('node/rotation'), simulator()],
  },
  {
    name: 'the head guard stays in the old epoch',
    rule: 'CRASH-6',
    file: COMMIT,
    find: 'await this.#writeGuard(first)',
    replace: '',
    killers: [tests('node/rotation')],
  },
  {
    name: 'the log does not say which key a promise waits for',
    rule: 'PAY-15',
    file: 'src/node/receive.ts',
    find: 'entries: named ? [promise] : [seen, promise]',
    replace: 'entries: [promise]',
    killers: [tests('node/rotation'), simulator()],
  },
  {
    name: 'a proof from another head is held against a bank that changed its key',
    rule: 'KEY-5',
    file: ROTATION,
    find: `: { finding: 'unproven' }`,
    replace: `: { finding: 'contradicts', ...found }`,
    also: [
      {
        file: 'src/node/listener.ts',
        find: `if (found.finding === 'none' || found.finding === 'unproven') this.#rotationProof = null`,
        replace: '',
      },
    ],
    killers: [crash('the log key changes while a payment is held'), simulator()],
  },
  {
    name: 'a head of ours that a later key signed counts as an answer',
    rule: 'R8',
    file: 'src/node/hello.ts',
    find: 'if (isOfLaterEpoch(book, own, hello.yours)) return',
    replace: 'if (isOfLaterEpoch(book, own, hello.yours) && own.epoch < 0) return',
    killers: [tests('node/rotation'), simulator()],
  },
  {
    name: 'a guard counts only while its key is in the folder',
    rule: 'CRASH-5',
    file: 'src/node/start-keys.ts',
    find: '[...epochs.map((one) => one.key), ...ready]',
    replace: 'ready',
    killers: [tests('node/key-change')],
  },
  {
    name: 'a guard counts only when the log has begun its epoch',
    rule: 'CRASH-8',
    file: 'src/node/start-keys.ts',
    find: '[...epochs.map((one) => one.key), ...ready]',
    replace: 'epochs.map((one) => one.key)',
    killers: [tests('node/key-change')],
  },
  {
    name: 'a second try replaces the key that the log has named',
    rule: 'KEY-3',
    file: KEY_CHANGE,
    find: `await settleNextKey(files, node)
      const next`,
    replace: 'const next',
    killers: [tests('node/key-change')],
  },
  {
    name: 'the next key takes its place before the log names it',
    rule: 'KEY-3',
    file: KEY_CHANGE,
    find: `const changed = await node.changeKey(next)
      if (changed.ok) await files.takeNext()`,
    replace: `await files.takeNext()
      const changed = await node.changeKey(next)`,
    killers: [crash('the log key changes in a quiet hour'), simulator()],
  },
  {
    name: 'a thief who names a key first is believed for ever',
    rule: 'KEY-4',
    file: 'src/log/lineage.ts',
    find: 'return isRecovered(shown) && !isRecovered(known) ? shown : known',
    replace: 'return isRecovered(shown) && isRecovered(known) ? shown : known',
    killers: [tests('node/rotation')],
  },
]
