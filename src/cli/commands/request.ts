/**
 * How does a member ask for hours? `commonhour request`: makes a code that whoever was helped pays by, lists codes and what
 * became of them, and takes one back.
 */

import type { Command } from 'commander'
import type { RequestJson, RequestsView } from '../../http/client.ts'
import { counted, hoursAndMinutes, moment } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { readNumber } from '../read-arguments.ts'
import { tableOf } from '../table.ts'

const SECONDS_PER_HOUR = 3_600

interface MakeFlags {
  readonly minutes?: number
  readonly what?: string
  readonly day?: string
  readonly category?: number
  readonly uses?: number
  readonly hours?: number
}

export function addRequest(program: Command, act: Act): void {
  const request = program
    .command('request')
    .description('Codes by which others pay what a member asks for, here and at neighbouring banks.')
  request
    .command('make')
    .argument('<number>', 'member who helped')
    .option('--minutes <count>', 'how long; left out, the payer says it', readNumber)
    .option('--what <text>', 'what it was, for both to read')
    .option(
      '--day <date>',
      'day of the help, YYYY-MM-DD (default: the payer says it, or the day of the payment)',
    )
    .option('--category <number>', 'kind of help; 0 is not said', readNumber)
    .option('--uses <count>', 'payments it is good for (default: 1)', readNumber)
    .option('--hours <count>', 'how long it is good for (default: 24)', readNumber)
    .description(
      'Makes a code. Whoever was helped pays by it.\n\n' +
        'Example: commonhour request make M-0002 --minutes 90 --what gardening',
    )
    .action(act(make))
  request
    .command('list')
    .argument('<number>', 'member')
    .description('Codes of a member, newest first, and what became of them.')
    .action(act(list))
  request
    .command('withdraw')
    .argument('<code>', 'the code, however it is typed')
    .description('Takes a code back: nothing more is paid by it.')
    .action(act(withdraw))
}

async function make(context: Context, number: string, flags: MakeFlags): Promise<number> {
  const client = await context.client()
  const { hours, ...rest } = flags
  const seconds = hours === undefined ? null : Math.round(hours * SECONDS_PER_HOUR)
  const made = await client.post<RequestJson>('/requests', { number, ...rest, seconds })
  context.print(made, () => `${made.shown}\n${termsOf(made)}, until ${moment(made.expires)}.`)
  context.say(`See whether it was paid with: commonhour request list ${made.number}`)
  return EXIT.fine
}

function termsOf({ minutes, uses, what }: RequestJson): string {
  const length = minutes === null ? 'As long as the payer says' : hoursAndMinutes(minutes)
  const often = uses === 1 ? 'good once' : `good ${counted(uses, 'time')}`
  return `${length}${what === '' ? '' : ` for ${what}`}, ${often}`
}

const STATES: Readonly<Record<RequestJson['state'], string>> = {
  open: 'open',
  used: 'paid',
  expired: 'ran out',
  withdrawn: 'taken back',
}

async function list(context: Context, number: string): Promise<number> {
  const client = await context.client()
  const found = await client.get<RequestsView>(`/members/${encodeURIComponent(number)}/requests`)
  context.print(found, () =>
    found.requests.length === 0
      ? 'There are no codes.'
      : tableOf(
          [
            { heading: 'Code' },
            { heading: 'State' },
            { heading: 'Paid', align: 'right' },
            { heading: 'Until' },
            { heading: 'For' },
          ],
          found.requests.map((one) => [
            one.shown,
            STATES[one.state],
            `${one.used.length} of ${one.uses}`,
            moment(one.expires),
            one.minutes === null ? one.what : `${hoursAndMinutes(one.minutes)} ${one.what}`.trim(),
          ]),
        ),
  )
  return EXIT.fine
}

async function withdraw(context: Context, code: string): Promise<number> {
  const client = await context.client()
  const request = await client.remove<RequestJson>(`/requests/${encodeURIComponent(code)}`)
  context.print(request, () =>
    request.state === 'withdrawn'
      ? `${request.shown} was taken back.`
      : `${request.shown} is over already: ${STATES[request.state]}.`,
  )
  return EXIT.fine
}
