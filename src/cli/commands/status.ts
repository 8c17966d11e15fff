/**
 * How is the bank? `commonhour status`: whether it runs and records, and what waits.
 */

import { type Command, InvalidArgumentError } from 'commander'
import type { PaymentsView, StatusView } from '../../http/client.ts'
import { counted, hoursAndMinutes, moment } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { factsOf } from '../table.ts'

export function addStatus(program: Command, act: Act): void {
  program
    .command('status')
    .summary('how the bank is')
    .description(
      'Shows whether the bank runs and records, its addresses, and payments that wait. Exit code 1 when it cannot record.',
    )
    .option('--confirm-clock', 'say that the clock of this machine is right')
    .option('--confirm-log <size:root>', 'vouch for a log whose guard is lost, as the bank shows it', readLog)
    .action(act(run))
}

interface StatusFlags {
  readonly confirmClock?: true
  readonly confirmLog?: { readonly size: number; readonly root: string }
}

async function run(context: Context, options: StatusFlags): Promise<number> {
  const client = await context.client()
  if (options.confirmLog !== undefined) await client.post('/log/confirm', options.confirmLog)
  if (options.confirmClock === true) await client.post('/clock/confirm')
  const status = await client.get<StatusView>('/status')
  const { payments } = await client.get<PaymentsView>('/payments')
  context.print({ ...status, url: client.url, payments }, () => {
    const waiting = payments.map((one) => `  ${one.id.slice(0, 8)}  ${one.word}: ${one.sentence}`)
    return [`${status.name}: ${signingWords(status)}`, factsOf(factsIn(status, client.url)), ...waiting].join(
      '\n',
    )
  })
  return status.signing === 'no' ? EXIT.problems : EXIT.fine
}

function signingWords(status: StatusView): string {
  switch (status.signing) {
    case 'yes':
      return 'running and recording.'
    case 'waiting':
      return `running; asking ${counted(status.waiting_for_neighbours, 'neighbouring bank')} before it records.`
    case 'no':
      return `running, but it records nothing. ${status.refusal?.detail ?? ''}`
  }
}

function factsIn(status: StatusView, url: string): [string, string][] {
  return [
    ['bank id', status.bank_id],
    ['coordinator', status.coordinator],
    ['answers at', url],
    ['for other banks', status.addresses.join('\n'.padEnd(19)) || 'no address known yet'],
    ['log', `${counted(status.size, 'entry').replace(/entrys$/, 'entries')}, time ${moment(status.time)}`],
    ['members', String(status.members)],
    ['neighbours', `${status.lines_open} with an open line, ${status.neighbours_connected} connected`],
    ['set aside', hoursAndMinutes(status.hold_minutes)],
    ['waiting', counted(status.payments_open, 'payment')],
    ['books', status.sum_minutes === 0 ? 'add up to 0' : `do NOT add up: ${status.sum_minutes} minutes`],
  ]
}

function readLog(given: string): { size: number; root: string } {
  const match = /^(\d{1,15}):([0-9a-f]+)$/.exec(given)
  if (match === null)
    throw new InvalidArgumentError('It should be a number, a colon and hex digits, as the bank shows them.')
  return { size: Number(match[1]), root: match[2] as string }
}
