/**
 * What can be done about hours that are between two banks? `commonhour payment`: take them back while they wait, ask for
 * them back, or let the pot pay them back.
 */

import type { Command } from 'commander'
import type { Client, PaymentJson, PaymentsView } from '../../http/client.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { boardOption } from '../read-arguments.ts'
import { UsageError } from '../usage.ts'

export function addPayment(program: Command, act: Act): void {
  const payment = program
    .command('payment')
    .description('Hours between two banks that wait for somebody. See them with: commonhour status')
  payment
    .command('cancel')
    .argument('<id>', 'id of the payment, or how it begins')
    .description('Takes back hours that are still waiting.')
    .action(act((context, id: string) => change(context, id, 'cancel', {})))
  payment
    .command('recall')
    .argument('<id>', 'id of the payment, or how it begins')
    .description(
      'Asks the other bank to send back hours that are on their way; it may say no by keeping them.',
    )
    .action(act((context, id: string) => recall(context, id)))
  payment
    .command('cover')
    .argument('<id>', 'id of the payment, or how it begins')
    .addOption(boardOption())
    .description(
      'The community pot gives back hours that are on their way to a bank the board has given up.\n\n' +
        'Example: commonhour payment cover 3f9a01c2 --board Owen Mary',
    )
    .action(
      act((context, id: string, flags: { readonly board: readonly string[] }) =>
        change(context, id, 'cover', flags),
      ),
    )
}

async function change(context: Context, id: string, act: string, body: object): Promise<number> {
  const client = await context.client()
  const payment = await client.post<PaymentJson>(`/payments/${await fullId(client, id)}/${act}`, body)
  context.print(payment, () => `${payment.word}. ${payment.sentence}`)
  return EXIT.fine
}

async function recall(context: Context, id: string): Promise<number> {
  const client = await context.client()
  const payment = await client.post<PaymentJson>(`/payments/${await fullId(client, id)}/recall`)
  context.print(payment, () => `${payment.bank_name ?? 'The other bank'} was asked to send the hours back.`)
  context.say('See what comes of it with: commonhour status')
  return EXIT.fine
}

/** An id as it stands, or the one open payment that begins so. */
async function fullId(client: Client, given: string): Promise<string> {
  const id = given.toLowerCase()
  if (/^[0-9a-f]{64}$/.test(id)) return id
  if (!/^[0-9a-f]{4,}$/.test(id))
    throw new UsageError(
      'The id of a payment, or its first letters and digits, is shown by: commonhour status',
    )
  const { payments } = await client.get<PaymentsView>('/payments')
  const same = payments.filter((one) => one.id.startsWith(id))
  const [first] = same
  if (first !== undefined && same.length === 1) return first.id
  throw new UsageError(
    first === undefined
      ? `No open payment begins with ${given}. See them with: commonhour status`
      : `Several open payments begin with ${given}. Give more of the id; see them with: commonhour status --json`,
  )
}
