/**
 * Who belongs to the bank? `commonhour member`: add, list, statement, state, devices, and codes for payers elsewhere.
 */

import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { signingKey } from '../../core/ed25519.ts'
import { ACCOUNT_ID_BYTES, BANK_ID_BYTES, type Bytes, fromBase32, fromHex, toHex } from '../../core/ids.ts'
import { devicePreimage } from '../../core/sign.ts'
import type {
  Client,
  HandleView,
  LeavingView,
  MembersView,
  MemberView,
  StatementView,
  StatusView,
} from '../../http/client.ts'
import { counted, hoursAndMinutes, moment } from '../../words/amounts.ts'
import { standingWords, statementWords } from '../../words/statement.ts'
import type { Act, Context } from '../context.ts'
import { refuseExisting, writeDeviceFile } from '../device-file.ts'
import { EXIT } from '../exit-codes.ts'
import { channelOption, readNumber, reasonOption } from '../read-arguments.ts'
import { tableOf } from '../table.ts'
import { addPerson } from './person.ts'

export function addMember(program: Command, act: Act): void {
  const member = program.command('member').description('Members of the bank.')
  member
    .command('add')
    .description(
      'Adds a member. Everything but the name may be left out.\n\nExample: commonhour member add --name Ada --phone "020 7946 0000"',
    )
    .requiredOption('--name <name>', "the member's name")
    .option('--number <number>', 'number to give (default: the next free one)')
    .option('--organisation', 'an organisation, not a person')
    .option('--joined-on <date>', 'YYYY-MM-DD (default: today)')
    .option('--phone <phone>')
    .option('--email <address>')
    .option('--area <area>')
    .option('--language <language>')
    .option('--note <text>')
    .option('--device <file>', 'also make a device key in this file and register it')
    .action(act(add))
  addPerson(member, act)
  member.command('list').description('Lists all members with their hours.').action(act(list))
  member
    .command('statement')
    .argument('<number>')
    .description('Everything that moved the hours of a member.')
    .action(act(statement))
  for (const [name, words] of Object.entries(STATES)) {
    member
      .command(name)
      .argument('<number>')
      .description(words.help)
      .action(act((context, number: string) => setState(context, name, number)))
  }
  member
    .command('leave')
    .argument('<number>')
    .option('--rest-to <number>', 'who gets the hours that are left (default: the community pot)')
    .addOption(reasonOption())
    .addOption(channelOption())
    .description(
      'A member leaves: what waits ends, the hours that are left go to the community pot, and the membership is closed.\n\n' +
        'Example: commonhour member leave HB-4827-K --reason telephoned --channel call',
    )
    .action(act(leave))
  member
    .command('device')
    .argument('<number>')
    .requiredOption('--file <file>', 'where the key is written')
    .description('Makes a device key for a member and registers it.')
    .action(act(device))
  member
    .command('handle')
    .argument('<number>')
    .option('--uses <count>', 'how often it may be used', readNumber, 1)
    .option('--days <days>', 'how long it is good for', readNumber, 30)
    .description('A code under which a member of a neighbouring bank sends hours to this member.')
    .action(act(handle))
}

const STATES = {
  suspend: { help: 'No hours leave this membership any more, until it is resumed.', done: 'is suspended' },
  resume: { help: 'Lets a suspended membership act again.', done: 'may act again' },
  close: { help: 'Ends a membership for good; its hours must be settled first.', done: 'is closed' },
} as const

interface NewMemberFlags {
  readonly name: string
  readonly number?: string
  readonly organisation?: true
  readonly joinedOn?: string
  readonly phone?: string
  readonly email?: string
  readonly area?: string
  readonly language?: string
  readonly note?: string
  readonly device?: string
}

async function add(context: Context, flags: NewMemberFlags): Promise<number> {
  const { device: file, organisation, joinedOn, ...contact } = flags
  if (file !== undefined) await refuseExisting(resolve(file))
  const client = await context.client()
  const kind = organisation === true ? 'organisation' : 'member'
  const added = await client.post<MemberView>('/members', { ...contact, kind, joined_on: joinedOn ?? null })
  const id = file === undefined ? null : await makeDevice(client, added, resolve(file))
  context.print(id === null ? added : { ...added, device: toHex(id), device_file: file }, () =>
    [
      `${added.name} is member ${added.number}.`,
      ...(id === null ? [] : [`Device key in ${file}: keep it secret.`]),
    ].join('\n'),
  )
  return EXIT.fine
}

async function device(
  context: Context,
  number: string,
  { file }: { readonly file: string },
): Promise<number> {
  const path = resolve(file)
  await refuseExisting(path)
  const client = await context.client()
  const member = await client.get<StatementView>(`/members/${encodeURIComponent(number)}`)
  const id = await makeDevice(client, member, path)
  context.print({ number: member.number, device: toHex(id), device_file: path }, () => {
    return `Device key for ${member.name} (${member.number}) in ${file}: keep it secret.`
  })
  return EXIT.fine
}

/** The file is written first: a registered key that nobody holds would help nobody. */
async function makeDevice(
  client: Client,
  member: Pick<MemberView, 'number' | 'account'>,
  path: string,
): Promise<Bytes> {
  const { bank_id } = await client.get<StatusView>('/status')
  const bank = fromBase32(bank_id, BANK_ID_BYTES) as Bytes
  const acct = fromHex(member.account, ACCOUNT_ID_BYTES) as Bytes
  const seed = new Uint8Array(randomBytes(32))
  const id = new Uint8Array(randomBytes(16))
  const key = signingKey(seed)
  await writeDeviceFile(path, { device: id, bank, account: acct, seed })
  await client.post(`/members/${encodeURIComponent(member.number)}/devices`, {
    device: toHex(id),
    key: toHex(key.publicKey),
    possession: toHex(key.sign(devicePreimage({ bank, acct, device: id, key: key.publicKey }))),
  })
  return id
}

async function list(context: Context): Promise<number> {
  const client = await context.client()
  const result = await client.get<MembersView>('/members')
  const columns = [
    { heading: 'number' },
    { heading: 'name' },
    { heading: 'state' },
    { heading: 'has helped', align: 'right' },
    { heading: 'was helped', align: 'right' },
  ] as const
  context.print(result, () =>
    tableOf(
      columns,
      result.members.map((one) => [
        one.number,
        one.name,
        one.kind === 'member' ? one.state : one.kind,
        hoursAndMinutes(one.given_minutes),
        hoursAndMinutes(one.received_minutes),
      ]),
    ),
  )
  return EXIT.fine
}

async function statement(context: Context, number: string): Promise<number> {
  const client = await context.client()
  const result = await client.get<StatementView>(`/members/${encodeURIComponent(number)}`)
  context.print(result, () => {
    const lines = result.lines.map((line) => [
      line.day ?? moment(line.time).slice(0, 10),
      statementWords(line),
    ])
    const table = lines.length === 0 ? [] : ['', tableOf([{ heading: 'day' }, { heading: 'what' }], lines)]
    return [`${result.name} (${result.number})`, standingWords(result), ...table].join('\n')
  })
  return EXIT.fine
}

async function setState(context: Context, act: string, number: string): Promise<number> {
  const client = await context.client()
  const member = await client.post<MemberView>(`/members/${encodeURIComponent(number)}/state`, { act })
  context.print(member, () => `${member.name} (${member.number}) ${STATES[act as keyof typeof STATES].done}.`)
  return EXIT.fine
}

interface LeaveFlags {
  readonly restTo?: string
  readonly reason?: string
  readonly channel: string
}

async function leave(context: Context, number: string, flags: LeaveFlags): Promise<number> {
  const client = await context.client()
  const left = await client.post<LeavingView>(`/members/${encodeURIComponent(number)}/leave`, {
    channel: flags.channel,
    reason: flags.reason ?? null,
    rest_to: flags.restTo ?? null,
  })
  const { name, waiting_payments: waiting, rest_minutes: rest } = left
  context.print(left, () => {
    if (waiting > 0)
      return `${name} (${left.number}) is leaving: ${counted(waiting, 'payment')} still on the way, and nothing new begins.`
    const pot =
      rest === 0
        ? ''
        : ` ${hoursAndMinutes(Math.abs(rest))} ${rest < 0 ? 'came from the pot' : `went to ${flags.restTo ?? 'the pot'}`}.`
    return `${name} (${left.number}) has left.${pot}`
  })
  if (waiting > 0) context.say('Run this again when they have ended. See them with: commonhour status')
  return waiting > 0 ? EXIT.couldNotFinish : EXIT.fine
}

async function handle(
  context: Context,
  number: string,
  flags: { readonly uses: number; readonly days: number },
): Promise<number> {
  const client = await context.client()
  const issued = await client.post<HandleView>(`/members/${encodeURIComponent(number)}/handles`, flags)
  context.print(issued, () => issued.to)
  context.say(
    `Good until ${moment(issued.expires)}. At the other bank: commonhour pay --from NUMBER --to ${issued.to} --minutes N`,
  )
  return EXIT.fine
}
