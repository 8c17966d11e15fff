/** What if a request is paid by other rules than it was made, or a neighbour is told too much? Invoices, codes and words. */

import { crash, type Mutant, tests } from '../mutant.ts'

const INVOICES = 'src/core/transfer/invoices.ts'
const RECEIVE = 'src/node/receive.ts'
const HANDLES = 'src/node/handles.ts'
const ENQUIRIES = 'src/node/enquiries.ts'
const LIES = tests('register/lying-neighbour')
const REQUESTS = tests('register/requests')

export const ASKING: readonly Mutant[] = [
  {
    name: 'a request is paid with any minutes',
    rule: 'INV-3',
    file: INVOICES,
    find: 'const sameMinutes = invoice.minutes === null || invoice.minutes === minutes',
    replace: 'const sameMinutes = minutes > 0',
    killers: [LIES],
  },
  {
    name: 'a request is paid whenever the payer decides',
    rule: 'INV-3',
    file: INVOICES,
    find: 'sameMinutes && decideBy <= invoice.expires',
    replace: 'sameMinutes && decideBy > 0',
    killers: [LIES],
  },
  {
    name: 'a request counts whatever entry is cited',
    rule: 'INV-3',
    file: RECEIVE,
    find: 'return named && sameBytes(cited.leaf, invoice.leaf)',
    replace: 'return named',
    killers: [LIES],
  },
  {
    name: 'the uses of a request are not counted',
    rule: 'INV-4',
    file: HANDLES,
    find: "return [...this.take(handle), { put: privateKey('use'",
    replace: "return [{ put: privateKey('use'",
    killers: [LIES, crash('two pay on a request for one')],
  },
  {
    name: 'a request that was taken back is good until its end',
    rule: 'INV-4',
    file: HANDLES,
    find: 'expires: Math.min(row.expires, now - 1)',
    replace: 'expires: row.expires',
    killers: [REQUESTS],
  },
  {
    name: 'a request that nobody endorsed is paid at once',
    rule: 'INV-2',
    file: 'src/node/pay.ts',
    find: "if (invoice === null) return refuse('invoice_not_held').refusal",
    replace: 'if (invoice === null) return null',
    killers: [LIES],
  },
  {
    name: 'the table sends no order that answers a request',
    rule: 'INV-2',
    file: 'src/core/transfer/payer.ts',
    find: "orderByInvoice: step('sent', 'pay.hold', 'pay.commit'),",
    replace: "orderByInvoice: step('held', 'pay.hold'),",
    killers: [REQUESTS],
  },
  {
    name: 'every neighbour that asks makes another entry',
    rule: 'INV-1',
    file: ENQUIRIES,
    find: 'if (known !== null) return',
    replace: 'if (known !== null && known.index < 0) return',
    killers: [REQUESTS],
  },
  {
    name: 'codes that fail cost nothing',
    rule: 'INV-6',
    file: ENQUIRIES,
    find: "if (!this.#asked.take(clock.uptime())) return this.#busy(session, 'request')",
    replace: "if (!this.#asked.left(clock.uptime())) return this.#busy(session, 'request')",
    killers: [LIES],
  },
  {
    name: 'a neighbour learns who is suspended',
    rule: 'INV-6',
    file: ENQUIRIES,
    find: "accountOf(book, account)?.state === 'open'",
    replace: 'accountOf(book, account) !== null',
    killers: [REQUESTS],
  },
  {
    name: 'words are kept that the order does not name',
    rule: 'INV-5',
    file: ENQUIRIES,
    find: '!sameBytes(said, order.commitment)',
    replace: 'said.length !== order.commitment.length',
    killers: [LIES],
  },
  {
    name: 'words are not kept with the credit',
    rule: 'INV-5',
    file: RECEIVE,
    find: 'return [...usedRows(handles, { id, order, now }), ...words, ...rows()]',
    replace: 'return [...usedRows(handles, { id, order, now }), ...rows()]',
    killers: [REQUESTS, crash('a request is paid, and the words arrive with it')],
  },
  {
    name: 'words follow the commit instead of going before it',
    rule: 'INV-5',
    file: 'src/node/session.ts',
    find: 'messages.push(ahead)\n',
    replace: 'queueMicrotask(() => this.send({ message: ahead, entry: null }))\n',
    killers: [REQUESTS],
  },
  {
    name: 'the audit counts no uses',
    rule: 'INV-4',
    file: 'src/core/audit/join.ts',
    find: 'if (used <= request.uses) return',
    replace: 'if (used >= 0) return',
    killers: [tests('audit/defects')],
  },
]
