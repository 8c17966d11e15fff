/**
 * How is help between two members recorded? `commonhour give`: the hours go from who was helped to who helped.
 */

import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import type { ExchangeView } from '../../http/client.ts'
import { hoursAndMinutes } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { channelOption, dayOption, readNumber, reasonOption } from '../read-arguments.ts'

interface GiveFlags {
  readonly helper: string
  readonly helped: string
  readonly minutes: number
  readonly day?: string
  readonly category?: number
  readonly note?: string
  readonly reason?: string
  readonly channel: string
}

export function addGive(program: Command, act: Act): void {
  program
    .command('give')
    .summary('record help between two members')
    .description(
      'Records that one member helped another, inside this bank.\n\n' +
        'Example: commonhour give --helper HB-2593-M --helped HB-4827-K --minutes 90 --reason telephoned --channel call',
    )
    .requiredOption('--helper <number>', 'member who helped')
    .requiredOption('--helped <number>', 'member who was helped, and from whom the hours go')
    .requiredOption('--minutes <count>', 'how long', readNumber)
    .addOption(dayOption())
    .option('--category <number>', 'kind of help; 0 is not said', readNumber)
    .option('--note <text>', 'words for the two, kept private')
    .addOption(reasonOption())
    .addOption(channelOption())
    .action(act(run))
}

async function run(context: Context, flags: GiveFlags): Promise<number> {
  const client = await context.client()
  const { helper, helped, ...rest } = flags
  const record = await client.post<ExchangeView>('/exchanges', {
    by: 'coordinator',
    provider: helper,
    recipient: helped,
    ...rest,
    nonce: randomBytes(16).toString('hex'),
  })
  context.print({ ...record, minutes: flags.minutes }, () => {
    return `Recorded: ${helper} helped ${helped} for ${hoursAndMinutes(flags.minutes)}. Record ${record.id.slice(0, 16)}.`
  })
  context.say(`See it with: commonhour member statement ${helped}`)
  return EXIT.fine
}
