/** What if a bank decides wrongly? The tables of the payer's and the payee's bank, and what a message makes them do. */

import { type Mutant, model, simulator, tests } from '../mutant.ts'

const PAYER = 'src/core/transfer/payer.ts'
const PAYEE = 'src/core/transfer/payee.ts'
const PAY = 'src/node/pay.ts'
const RECEIVE = 'src/node/receive.ts'

export const DECIDING: readonly Mutant[] = [
  {
    name: 'a payment that was sent is taken back by the clock',
    rule: 'PAY-3',
    file: PAYER,
    find: `sent: {
    credit`,
    replace: `sent: {
    overdue: step('dead', 'pay.abort'),
    credit`,
    also: [
      {
        file: PAY,
        find: `if (payment === null || payment.state !== 'held') return unchanged
    if (input === 'overdue'`,
        replace: `if (payment === null || !['held', 'sent'].includes(payment.state)) return unchanged
    if (input === 'overdue'`,
      },
      {
        file: 'src/node/link.ts',
        find: `if (payment.line !== line.number || payment.state !== 'held') continue`,
        replace: 'if (payment.line !== line.number) continue',
      },
    ],
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'a payment that was sent can be cancelled',
    rule: 'R3',
    file: PAYER,
    find: `sent: {
    credit`,
    replace: `sent: {
    cancel: step('dead', 'pay.abort'),
    credit`,
    also: [
      {
        file: PAY,
        find: `if (payment === null || payment.state !== 'held') return unchanged
    if (input === 'overdue'`,
        replace: `if (payment === null || !['held', 'sent'].includes(payment.state)) return unchanged
    if (input === 'overdue'`,
      },
      {
        file: 'src/node/node.ts',
        find: `if (state === 'held') {`,
        replace: `if (state === 'held' || state === 'sent') {`,
      },
    ],
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'an id that was aborted can be ordered again',
    rule: 'PAY-11',
    file: PAYER,
    find: 'dead: {},',
    replace: `dead: { order: step('held', 'pay.hold'), orderByPost: step('sent', 'pay.hold', 'pay.commit') },`,
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'a promise that comes after the abort sends the payment',
    rule: 'R3',
    file: PAYER,
    find: 'dead: {},',
    replace: `dead: { promise: step('sent', 'pay.commit') },`,
    also: [
      {
        file: PAY,
        find: `if (payment.state !== 'held') return unchanged
    if (payment.line`,
        replace: `if (payment.state !== 'held' && payment.state !== 'dead') return unchanged
    if (payment.line`,
      },
    ],
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'hours come back once for every WAIVE that arrives',
    rule: 'PAY-11',
    file: PAYER,
    find: 'returned: {},',
    replace: `returned: { waive: step('returned', 'pay.return') },`,
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'a receipt is treated as final',
    rule: 'R6',
    file: PAYER,
    find: `at its own cost.
    waive: step('returned', 'pay.return'),`,
    replace: 'at its own cost.',
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'a receipt for what was never sent is believed',
    rule: 'BYZ-2',
    file: PAYER,
    find: `cancel: step('dead', 'pay.abort'),`,
    replace: `cancel: step('dead', 'pay.abort'),
    credit: step('paid', 'pay.done'),`,
    killers: [tests('core/transfer/payer'), model, simulator()],
  },
  {
    name: 'a late WAIVE of what was receipted is always honoured',
    rule: 'BYZ-5',
    file: 'src/core/ledger/apply-payer.ts',
    find: `return payment.state !== 'paid' || payment.minutes <= roomToReceive(line)`,
    replace: 'return payment.minutes > 0 && line.number >= 0',
    killers: [tests('core/ledger/payer'), model, tests('node/lies'), simulator()],
  },
  {
    name: 'a promise that comes after the deadline still sends',
    rule: 'R5',
    file: PAY,
    find: `if (now > payment.decideBy) return aborted(payment, 'overdue', rows)`,
    replace: '',
    also: [
      {
        file: 'src/core/ledger/apply-payer.ts',
        find: `if (time > body.decideBy) return 'the commit comes after its deadline'`,
        replace: '',
      },
    ],
    killers: [tests('core/ledger/payer'), simulator(), model],
  },
  {
    name: 'DECLINE is taken for WAIVE after the commit',
    rule: 'PAY-2',
    file: PAY,
    find: `const payment = book.asPayer.get(offer.id)
    if (payment === null || payment.state !== 'held') return unchanged`,
    replace: `const payment = book.asPayer.get(offer.id)
    if (payment !== null && payment.state === 'sent' && isWith(book, payment, peer)) {
      const line = (book.lines[payment.line] as Line).id
      const waive = { bank: peer, epoch: 0, index: 0, leaf: new Uint8Array(32) }
      const body = { id: payment.id, aid: payment.aid, line, waive }
      return accept({ entries: [{ kind: 'pay.return', body }], rows: rows(), value: 'moved' })
    }
    if (payment === null || payment.state !== 'held') return unchanged`,
    killers: [tests('node/said-again'), simulator()],
  },
  {
    name: 'a promise for another attempt is accepted',
    rule: 'PAY-4',
    file: PAY,
    find: '|| !sameBytes(promise.aid, payment.aid)) return silent',
    replace: ') return silent',
    also: [
      {
        file: PAY,
        find: '&& sameBytes(part.offerHash, proof.offerHash(payment))',
        replace: '',
      },
    ],
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'a promise of other minutes is accepted',
    rule: 'PAY-2',
    file: PAY,
    find: 'if (!fits || !same) return breach',
    replace: '',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'nothing is logged when an unknown id is asked about',
    rule: 'R7',
    file: PAY,
    find: 'if (payment === null) return neverOrdered(promise, rows)',
    replace: 'if (payment === null) return silent',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: '"send anyway" leaves the old order alive',
    rule: 'PAY-12',
    file: PAY,
    find: `entries: [abortDraft(old, 'cancelled'), ...entries],`,
    replace: 'entries,',
    killers: [tests('node/postal'), simulator()],
  },
  {
    name: '"send anyway" is two commits',
    rule: 'PAY-12',
    file: 'src/node/node.ts',
    find: 'return signed.ok ? this.commit(decideSwap(old, request, this.#pausedThere)) : signed',
    replace: `if (!signed.ok) return signed
    const placed = await this.commit(decideOrder(request, this.#pausedThere))
    if (placed.ok) await this.commit(decideAbort(old, 'cancel'))
    return placed`,
    killers: [tests('node/postal'), simulator()],
  },
  {
    name: 'a doubled COMMIT is credited twice',
    rule: 'R3',
    file: PAYEE,
    find: 'credited: {},',
    replace: `credited: { commit: step('rcv.credit', 'credited') },`,
    also: [
      {
        file: RECEIVE,
        find: `if (seq <= line.in.seq) return held?.seq === seq && held.line === line.number ? unchanged : breach
    if (seq > line.in.seq + 1) return wait
    if (!sameBytes(part.prevOut, line.in.chain) || part.minutes !== body.minutes) return breach
    if (held !== null && (held.line !== line.number || held.seq !== 0)) return breach`,
        replace: `const again = held?.state === 'credited' && held.seq === seq
    if (seq <= line.in.seq && !again) return held?.seq === seq ? unchanged : breach
    if (seq > line.in.seq + 1) return wait
    if (!again && !sameBytes(part.prevOut, line.in.chain)) return breach
    if (!again && held !== null && held.seq !== 0) return breach`,
      },
      {
        file: RECEIVE,
        find: `if (held?.state === 'promised') {`,
        replace: `if (held?.state === 'promised' || held?.state === 'credited') {`,
      },
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: `if (inSeq !== line.in.seq + 1) return 'the posting consumed is not the next one'
  line.in.seq = inSeq
  line.in.chain = commit.leaf`,
        replace: `if (inSeq === null || inSeq > line.in.seq + 1) return 'the posting consumed is not the next one'
  if (inSeq === line.in.seq + 1) line.in.chain = commit.leaf
  line.in.seq = Math.max(inSeq, line.in.seq)`,
      },
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: 'if (held !== null) release(line, payee, body.minutes)',
        replace: `if (held?.state === 'promised') release(line, payee, body.minutes)`,
      },
    ],
    killers: [tests('core/transfer/payee'), simulator(), tests('node/lies'), model],
  },
  {
    name: 'a posting with a new number is credited again under the same id',
    rule: 'R3',
    file: PAYEE,
    find: 'credited: {},',
    replace: `credited: { commit: step('rcv.credit', 'credited') },`,
    also: [
      {
        file: RECEIVE,
        find: '|| held.seq !== 0)) return breach',
        replace: ')) return breach',
      },
      {
        file: RECEIVE,
        find: `if (held?.state === 'promised') {`,
        replace: `if (held?.state === 'promised' || held?.state === 'credited') {`,
      },
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: 'if (held !== null) release(line, payee, body.minutes)',
        replace: `if (held?.state === 'promised') release(line, payee, body.minutes)`,
      },
    ],
    killers: [tests('core/transfer/payee'), tests('node/lies'), model, simulator()],
  },
  {
    name: 'what was given back is credited when its COMMIT comes late',
    rule: 'R3',
    file: PAYEE,
    find: `commit: step('rcv.bounce', 'waived'),
    commitRefused`,
    replace: `commit: step('rcv.credit', 'credited'),
    commitRefused`,
    also: [
      {
        file: RECEIVE,
        find: `if (held?.state === 'promised') {`,
        replace: `if (held?.state === 'promised' || held?.state === 'waived') {`,
      },
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: 'if (held !== null) release(line, payee, body.minutes)',
        replace: `if (held?.state === 'promised') release(line, payee, body.minutes)`,
      },
    ],
    killers: [tests('core/transfer/payee'), model, simulator()],
  },
  {
    name: 'an offer that is repeated is promised again',
    rule: 'PAY-4',
    file: PAYEE,
    find: `abort: step('rcv.release', 'released'),`,
    replace: `abort: step('rcv.release', 'released'),
    offer: step('rcv.promise', 'promised'),`,
    killers: [tests('core/transfer/payee'), model, simulator()],
  },
  {
    name: 'a COMMIT after its own ABORT is never answered',
    rule: 'PAY-18',
    file: PAYEE,
    find: `Giving back never harms us.
    commit: step('rcv.waive', 'waived'),
    commitRefused: step('rcv.waive', 'waived'),`,
    replace: '',
    killers: [tests('core/transfer/payee'), model, tests('node/lies'), simulator()],
  },
  {
    name: 'a promise is kept for ever when its grace is over',
    rule: 'PAY-18',
    file: 'src/node/link.ts',
    find: 'decisions.push(writer.commit(decideGraceOver(payment.id, this.#listener.receiving)))',
    replace: '',
    killers: [tests('node/said-again'), simulator()],
  },
  {
    name: 'an hour that nobody decided in time stays held',
    rule: 'PAY-8',
    file: 'src/node/link.ts',
    find: 'decisions.push(writer.commit(decideAbort(payment.id, input)))',
    replace: '',
    killers: [simulator(3), tests('node/crossing')],
  },
  {
    name: 'a commit after its deadline is credited',
    rule: 'R5',
    file: RECEIVE,
    find: `if (entry.time > body.decideBy) return wrong('commit_not_valid')`,
    replace: '',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'a commit with other minutes than were promised is credited',
    rule: 'PAY-2',
    file: RECEIVE,
    find: 'held.minutes === body.minutes && held.decideBy',
    replace: 'held.decideBy',
    also: [
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: 'const sameAttempt = held.minutes === body.minutes && ',
        replace: 'const sameAttempt = ',
      },
    ],
    killers: [tests('core/ledger/payee'), tests('node/lies'), simulator()],
  },
  {
    name: 'an order that comes by post is not compared with its commit',
    rule: 'PAY-12',
    file: RECEIVE,
    find: '|| !sameTerms(order, body, line.peer)',
    replace: '',
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'an abort of a third bank frees a promise',
    rule: 'BYZ-1',
    file: RECEIVE,
    find: 'if (!isWith(book, held, ref.bank)) return unchanged',
    replace: '',
    also: [
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: `if (!sameBytes(body.evidence.bank, move.line.peer)) return "the abort is not the payer's bank's"`,
        replace: '',
      },
    ],
    killers: [tests('node/lies'), simulator()],
  },
  {
    name: 'a pause gives back what was promised before',
    rule: 'BYZ-6',
    file: RECEIVE,
    find: `const wrong = (cause: WaiveCause): Judged => ({ input: 'commitRefused', cause, fault: true })`,
    replace: `const wrong = (cause: WaiveCause): Judged => ({ input: 'commitRefused', cause, fault: true })
  if (line.frozen) return no('cannot_take')`,
    killers: [tests('node/line-life'), simulator()],
  },
  {
    name: 'an offer that is refused is written down',
    rule: 'LINE-11',
    file: RECEIVE,
    find: `if (refused !== null) return { ok: false, refusal: refused }
    const body = {
      id,
      aid: offer.aid,
      payee`,
    replace: `if (refused !== null) {
      const waive = waiveEntry({ id, aid: offer.aid, line, cause: 'cannot_take', inSeq: null, commit: null })
      return accept({ entries: [waive], value: 'moved' })
    }
    const body = {
      id,
      aid: offer.aid,
      payee`,
    also: [
      {
        file: 'src/core/ledger/apply-payee.ts',
        find: `if (held?.state !== 'promised' && body.commit === null) return 'only a promise is waived without a commit'`,
        replace: '',
      },
    ],
    killers: [tests('core/ledger/payee'), tests('node/lies'), simulator()],
  },
]
