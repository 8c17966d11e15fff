/**
 * What is known of a member, and who may act for one? Part of `commonhour member`: show, edit, helper and erase.
 */

import { type Command, Option } from 'commander'
import { ERASE_REASONS } from '../../core/entry.ts'
import type { ErasedView, PersonView } from '../../http/client.ts'
import { counted, hoursAndMinutes } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { channelOption } from '../read-arguments.ts'
import { tableOf } from '../table.ts'
import { UsageError } from '../usage.ts'

export function addPerson(member: Command, act: Act): void {
  member
    .command('show')
    .argument('<number>')
    .description('What is known of a member, and who may act for them.')
    .action(act(show))
  member
    .command('edit')
    .argument('<number>')
    .description(
      'Changes what is known of a member. What is not named stays; an empty text takes it away.\n\n' +
        'Example: commonhour member edit HB-4827-K --phone "020 7946 0000" --large-print yes',
    )
    .option('--name <name>')
    .option('--number <number>')
    .option('--joined-on <date>', 'YYYY-MM-DD')
    .option('--phone <phone>')
    .option('--phone2 <phone>')
    .option('--email <address>')
    .option('--area <area>')
    .option('--language <language>')
    .option('--channel <words>', 'how the person wants to be told things')
    .option('--note <text>')
    .option('--phone-word <word>', 'by which the desk knows the person on the phone')
    .addOption(yesOrNo('--large-print <yes-or-no>', 'letters in large print'))
    .addOption(yesOrNo('--letters <yes-or-no>', 'statements and receipts by post'))
    .action(act(edit))
  member
    .command('helper')
    .argument('<number>', 'the member for whom somebody may act')
    .argument('<helper>', 'the member who may act')
    .option('--until <date>', 'last day, YYYY-MM-DD (default: until it is ended)')
    .option('--from <date>', 'first day (default: today)')
    .addOption(new Option('--for <what>', 'for what').choices(['all', 'record']).default('all'))
    .option('--end', 'nobody of this number acts for the member any more')
    .description('Lets a carer or relative act for a member, or ends that.')
    .action(act(deputy))
  member
    .command('erase')
    .argument('<number>')
    .option('--confirm <name>', "the member's name: what is erased does not come back")
    .addOption(new Option('--reason <reason>', 'why').choices(ERASE_REASONS).default('asked'))
    .option('--rest-to <number>', 'who gets the hours that are left (default: the community pot)')
    .addOption(channelOption())
    .description(
      'Erases a person: name, number, words and everything else the register holds. The hours stay, behind an id of which nobody knows whose it was.\n\n' +
        'Example: commonhour member erase HB-4827-K --confirm "Ada Thorne"',
    )
    .action(act(erase))
}

function yesOrNo(flags: string, help: string): Option {
  return new Option(flags, help).choices(['yes', 'no'])
}

async function show(context: Context, number: string): Promise<number> {
  const client = await context.client()
  const person = await client.get<PersonView>(`/members/${encodeURIComponent(number)}/person`)
  context.print(person, () => told(person))
  return EXIT.fine
}

type EditFlags = Readonly<Record<string, string | undefined>>

async function edit(context: Context, number: string, flags: EditFlags): Promise<number> {
  const { joinedOn, phoneWord, largePrint, letters, name, number: newNumber, ...contacts } = flags
  const cleared = Object.entries({ ...contacts, joined_on: joinedOn, phone_word: phoneWord })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => [field, value === '' ? null : value])
  const switches = Object.entries({ print_large: largePrint, paper: letters })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => [field, value === 'yes'])
  const texts = Object.entries({ name, number: newNumber }).filter(([, value]) => value !== undefined)
  const body: object = Object.fromEntries([...texts, ...cleared, ...switches])
  if (Object.keys(body).length === 0)
    throw new UsageError('Name what should change, for example: --phone "..."')
  const client = await context.client()
  const person = await client.patch<PersonView>(`/members/${encodeURIComponent(number)}`, body)
  context.print(person, () => `${person.name} (${person.number}) is changed.`)
  return EXIT.fine
}

interface DeputyFlags {
  readonly until?: string
  readonly from?: string
  readonly for: string
  readonly end?: true
}

async function deputy(context: Context, number: string, who: string, flags: DeputyFlags): Promise<number> {
  const client = await context.client()
  const path = `/members/${encodeURIComponent(number)}/helpers`
  if (flags.end === true) {
    const person = await client.remove<PersonView>(`${path}/${encodeURIComponent(who)}`)
    context.print(person, () => `${who} does not act for ${person.name} (${person.number}) any more.`)
    return EXIT.fine
  }
  const body = { helper: who, from: flags.from ?? null, until: flags.until ?? null, for_what: flags.for }
  const person = await client.post<PersonView>(path, body)
  context.print(person, () => `${who} may act for ${person.name} (${person.number}).`)
  return EXIT.fine
}

interface EraseFlags {
  readonly confirm?: string
  readonly reason: string
  readonly restTo?: string
  readonly channel: string
}

async function erase(context: Context, number: string, flags: EraseFlags): Promise<number> {
  if (flags.confirm === undefined)
    throw new UsageError(
      'What is erased does not come back. If you are sure, add: --confirm "NAME OF THE MEMBER"',
    )
  const client = await context.client()
  const { confirm, reason, restTo, channel } = flags
  const body = { confirm, reason, rest_to: restTo ?? null, channel }
  const erased = await client.post<ErasedView>(`/members/${encodeURIComponent(number)}/erase`, body)
  context.print(erased, () => {
    const rest = erased.rest_minutes
    const went =
      rest === 0
        ? ''
        : ` ${hoursAndMinutes(Math.abs(rest))} ${rest < 0 ? 'came from the pot' : `went to ${restTo ?? 'the pot'}`}.`
    return `The person is erased.${went}`
  })
  if (erased.waiting_payments > 0)
    context.say(
      `${counted(erased.waiting_payments, 'payment')} still on the way; the account stays suspended.`,
    )
  if (erased.finished === 'later')
    context.say('The last traces leave the files at the next start of the bank.')
  return EXIT.fine
}

function told(person: PersonView): string {
  const rows = [
    ['phone', person.phone],
    ['second phone', person.phone2],
    ['e-mail', person.email],
    ['area', person.area],
    ['language', person.language],
    ['is told by', person.channel],
    ['joined', person.joined_on],
    ['phone word', person.phone_word],
    ['large print', person.print_large ? 'yes' : null],
    ['letters', person.paper ? 'yes' : null],
    ['private note', person.has_note ? 'yes' : null],
    ...person.helpers.map(({ name, number, from, until, for_what }) => [
      'may act for them',
      `${name ?? 'somebody'} (${number ?? '-'}) from ${from}${until === null ? '' : ` until ${until}`}${for_what === 'all' ? '' : ', to record help'}`,
    ]),
  ]
  const lines = rows.flatMap(([what, value]) => (value === null ? [] : [[what ?? '', value ?? '']]))
  const head = `${person.name} (${person.number}), ${person.state}`
  return lines.length === 0 ? head : `${head}\n${tableOf([{ heading: 'what' }, { heading: '' }], lines)}`
}
