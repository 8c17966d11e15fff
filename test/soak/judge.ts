/**
 * Was anything lost, doubled or denied? The exported logs are audited twice by the program itself, read once more by
 * `outcomes.ts`, and compared with everything the desks were ever answered.
 */

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditReport } from '../../src/audit/report.ts'
import type { PaymentJson } from '../../src/http/client.ts'
import type { SoakBank } from './bank.ts'
import { type End, type Ending, readOutcomes } from './outcomes.ts'
import { type Program, run } from './program.ts'
import { asked } from './town.ts'
import type { Troubles } from './trouble.ts'
import type { Wish, Wishes } from './wish.ts'

export interface Judgement {
  readonly ends: Readonly<Record<End, number>>
  readonly refused: number
  readonly entries: number
  /** Of both audits. */
  readonly findings: number
}

const WORDS: Readonly<Record<string, End>> = { paid: 'paid', returned: 'returned', dead: 'never' }

/** The banks run, and nothing waits. Gives the folders of the exports. */
export async function exportAll(
  program: Program,
  banks: readonly SoakBank[],
  folder: string,
  troubles: Troubles,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const folders: string[] = []
  for (const bank of banks) {
    const out = join(folder, bank.name.toLowerCase())
    const ran = await run(program, ['export', 'all', '--dir', bank.folder, '--out', out])
    if (ran.code !== 0) troubles.note(`${bank.name} could not be exported`, ran.err)
    folders.push(out)
  }
  return folders
}

/** Asks every bank how every payment ended that it ever named to a desk. */
export async function askEndings(wishes: Wishes): Promise<void> {
  for (const wish of wishes.all) {
    for (const id of wish.ids) wishes.seen(await asked<PaymentJson>(wish.bank, 'GET', `/payments/${id}`))
  }
}

export async function judge(
  program: Program,
  folders: readonly string[],
  wishes: Wishes,
  troubles: Troubles,
): Promise<Judgement> {
  const { endings, entries } = readOutcomes(folders, troubles)
  const ends = { paid: 0, returned: 0, never: 0 }
  for (const { end } of endings.values()) ends[end] += 1
  compare(wishes, endings, troubles)
  let findings = 0
  for (const way of [[], ['--independent']]) {
    const ran = await run(program, ['audit', ...folders, '--json', ...way])
    const name = ['audit', ...way].join(' ')
    if (ran.code !== 0) troubles.note(`${name} ended with ${ran.code}`, ran.err)
    if (!ran.out.startsWith('{')) continue
    const report = JSON.parse(ran.out) as AuditReport
    findings += report.findings.length + report.findings_left_out
    for (const finding of report.findings) troubles.note(`${name}: ${finding.rule}`, finding.what)
    agree(name, report, { banks: folders.length, entries, ...ends }, troubles)
  }
  const refused = wishes.all.filter((wish) => wish.refused !== null).length
  return { ends, refused, entries, findings }
}

/** What the audit counts is what was counted here, and nothing is left on the way. */
function agree(
  name: string,
  report: AuditReport,
  counted: Readonly<Record<End | 'banks' | 'entries', number>>,
  troubles: Troubles,
): void {
  const { payments, totals, sum, lines, in_flight } = report
  const facts: readonly (readonly [string, number, number])[] = [
    ['banks', totals.banks, counted.banks],
    ['banks whose log is proven', report.banks.filter(({ proven }) => proven).length, counted.banks],
    ['entries', totals.entries, counted.entries],
    ['payments paid', payments.paid, counted.paid],
    ['payments returned', payments.returned, counted.returned],
    ['payments that never happened', payments.never, counted.never],
    ['payments undecided', payments.undecided, 0],
    ['payments in transit', payments.in_transit + in_flight.length, 0],
    ['minutes held', totals.hold, 0],
    ['the sum of all books', sum, 0],
    ['lines whose two books differ', lines.filter(({ equal }) => equal !== true).length, 0],
    ['logs not checked', report.not_checked.length, 0],
  ]
  for (const [what, found, wanted] of facts)
    if (found !== wanted) troubles.note(`${name}: ${what}`, `${found} instead of ${wanted}`)
}

/** Each wish has one order, or two when it was swapped; each order is somebody's wish; and both know the same end. */
function compare(wishes: Wishes, endings: ReadonlyMap<string, Ending>, troubles: Troubles): void {
  const byNonce = new Map<string, string[]>()
  for (const [id, { nonce }] of endings) byNonce.set(nonce, [...(byNonce.get(nonce) ?? []), id])
  const known = wishes.ids
  for (const id of endings.keys())
    if (!known.has(id)) troubles.note('a log holds an order that no desk was told of', id)
  for (const wish of wishes.all) {
    compareOrder(wish, byNonce.get(wish.form.nonce) ?? [], troubles)
    for (const [n, id] of wish.ids.entries()) {
      const ending = endings.get(id)
      const told = WORDS[wishes.stateOf(id) ?? '']
      if (ending?.end !== told) troubles.note('desk and log disagree', `${told} and ${ending?.end}: ${id}`)
      if (ending !== undefined && ending.minutes !== wish.form.minutes)
        troubles.note('an order has other minutes than its wish', id)
      if (n === 1 && ending !== undefined && ending.postal !== (wish.plan === 'send-anyway'))
        troubles.note('an order that took the place of another is of the wrong kind', id)
    }
  }
}

function compareOrder(wish: Wish, orders: readonly string[], troubles: Troubles): void {
  const [first] = wish.ids
  if (wish.refused !== null && orders.length > 0)
    troubles.note('a refused wish stands in the log', `${wish.refused}, ${orders[0]}`)
  if (wish.refused === null && first === undefined)
    troubles.note('a wish was never answered', wish.form.nonce)
  if (orders.length > 1) troubles.note('one wish stands in the log twice', orders.join(' '))
  if (first !== undefined && orders[0] !== first)
    troubles.note('a wish stands in the log under another id', `${first}, ${orders[0]}`)
}
