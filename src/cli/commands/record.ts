/**
 * How is a wrong record of help put right? `commonhour record`: taken back in one press, or corrected with a reason. The
 * old record stays in the log and on the statements, marked.
 */

import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { REVERSE_CAUSES } from '../../core/entry.ts'
import type { Client, CorrectedView, StatementView } from '../../http/client.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { channelOption, dayOption, readNumber } from '../read-arguments.ts'
import { UsageError } from '../usage.ts'

export function addRecord(program: Command, act: Act): void {
  const record = program
    .command('record')
    .description(
      'Records of help inside this bank that were wrong. A record is named by a member and its id.',
    )
  record
    .command('take-back')
    .argument('<id>', 'id of the record, or how it begins')
    .requiredOption('--member <number>', 'one of the people in it')
    .addOption(causeOption())
    .addOption(channelOption())
    .description(
      'Takes a record back, up to 14 days after it was made.\n\n' +
        'Example: commonhour record take-back 3f9a01c2 --member HB-4827-K',
    )
    .action(act(takeBack))
  record
    .command('correct')
    .argument('<id>', 'id of the record, or how it begins')
    .requiredOption('--member <number>', 'one of the people in it')
    .addOption(causeOption().makeOptionMandatory())
    .option('--because <words>', 'private words; needed once the record is older than 14 days')
    .option('--helper <number>', 'who really helped')
    .option('--helped <number>', 'who was really helped')
    .option('--minutes <count>', 'how long it really was', readNumber)
    .addOption(dayOption().default(undefined, 'as it was'))
    .option('--category <number>', 'kind of help', readNumber)
    .option('--note <text>', 'words for the two, kept private')
    .addOption(channelOption())
    .description(
      'Takes a record back with its cause. With what it should have said, that takes its place.\n\n' +
        'Example: commonhour record correct 3f9a01c2 --member HB-4827-K --cause wrong_length --minutes 60',
    )
    .action(act(correct))
}

function causeOption(): Option {
  return new Option('--cause <cause>', 'why it was wrong').choices(REVERSE_CAUSES)
}

interface TakeBackFlags {
  readonly member: string
  readonly cause?: string
  readonly channel: string
}

async function takeBack(context: Context, id: string, { member, ...rest }: TakeBackFlags): Promise<number> {
  const client = await context.client()
  return put(context, client, member, await fullId(client, id, member), 'reverse', rest)
}

interface CorrectFlags extends TakeBackFlags {
  readonly because?: string
  readonly helper?: string
  readonly helped?: string
  readonly minutes?: number
  readonly day?: string
  readonly category?: number
  readonly note?: string
}

async function correct(context: Context, id: string, flags: CorrectFlags): Promise<number> {
  const { member, cause, channel, because, helper, helped, ...rest } = flags
  const client = await context.client()
  const named = { provider: helper, recipient: helped, ...rest }
  const differs = Object.values(named).some((one) => one !== undefined)
  return put(context, client, member, await fullId(client, id, member), 'correct', {
    cause,
    channel,
    reason: because ?? null,
    replacement: differs ? named : null,
  })
}

async function put(
  context: Context,
  client: Client,
  member: string,
  id: string,
  act: 'reverse' | 'correct',
  body: object,
): Promise<number> {
  const nonce = randomBytes(16).toString('hex')
  const done = await client.post<CorrectedView>(`/records/${id}/${act}`, { ...body, nonce })
  context.print(done, () => {
    const back = `Taken back: record ${id.slice(0, 16)}.`
    return done.replaced_by === null
      ? back
      : `${back} In its place: record ${done.replaced_by.id.slice(0, 16)}.`
  })
  context.say(`See it with: commonhour member statement ${member}`)
  return EXIT.fine
}

/** An id as it stands, or the one record of this member that begins so. */
async function fullId(client: Client, given: string, member: string): Promise<string> {
  const id = given.toLowerCase()
  if (/^[0-9a-f]{64}$/.test(id)) return id
  const { lines } = await client.get<StatementView>(`/members/${encodeURIComponent(member)}`)
  const same = lines.filter((one) => one.what === 'exchange' && one.id.startsWith(id))
  const [first] = same
  if (/^[0-9a-f]{4,}$/.test(id) && first !== undefined && same.length === 1) return first.id
  throw new UsageError(
    `${same.length > 1 ? 'Several records' : 'No record'} of ${member} ${same.length > 1 ? 'begin' : 'begins'} with ${given}. ` +
      `See their ids with: commonhour member statement ${member} --json`,
  )
}
