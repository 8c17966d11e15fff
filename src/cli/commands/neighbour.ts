/**
 * Which other banks does this one trade hours with? `commonhour neighbour`: find, invite, agree, limit, pause.
 */

import type { Command } from 'commander'
import { LIMITS } from '../../core/limits.ts'
import type { FoundView, InviteView, NeighbourJson, NeighboursView } from '../../http/client.ts'
import { hoursAndMinutes, moment } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { boardOption, readNumber } from '../read-arguments.ts'
import { tableOf } from '../table.ts'

export function addNeighbour(program: Command, act: Act): void {
  const neighbour = program.command('neighbour').description('Neighbouring banks, and the lines to them.')
  neighbour
    .command('find')
    .argument('<bank-id>')
    .option('--address <address...>', 'where to look first; ends in /p2p/ and a peer id')
    .description('Finds a bank by its id and checks what it says of itself.')
    .action(act(find))
  neighbour
    .command('add')
    .argument('<bank>', 'id of the bank, or its invitation')
    .option('--address <address...>', 'where to look first; ends in /p2p/ and a peer id')
    .option(
      '--we-may-owe <minutes>',
      'how much this bank may owe at most',
      readNumber,
      LIMITS.firstLineMinutes,
    )
    .option(
      '--they-may-owe <minutes>',
      'how much the other bank may owe at most',
      readNumber,
      LIMITS.firstLineMinutes,
    )
    .description('Proposes a line to another bank. Hours move once it has agreed.')
    .action(act(add))
  addAnswers(neighbour, act)
  neighbour
    .command('list')
    .description('Lists neighbouring banks, proposals, and banks that may not ask.')
    .action(act(list))
  neighbour
    .command('limit')
    .argument('<bank>', 'name or id')
    .argument('<minutes>', 'how much the other bank may owe at most', readNumber)
    .description('Sets how much a neighbouring bank may owe this one; counts once it has acknowledged it.')
    .action(
      act((context, bank: string, minutes: number) =>
        change(context, bank, 'limit', { they_may_owe_minutes: minutes }, 'The new limit is on its way.'),
      ),
    )
  neighbour
    .command('pause')
    .argument('<bank>', 'name or id')
    .description('Stops new hours on a line; what is under way is honoured.')
    .action(act((context, bank: string) => change(context, bank, 'pause', {}, 'New hours are stopped.')))
  neighbour
    .command('resume')
    .argument('<bank>', 'name or id')
    .description('Lets new hours pass again; also takes back a close that the other bank has not answered.')
    .action(act((context, bank: string) => change(context, bank, 'resume', {}, 'New hours pass again.')))
  neighbour
    .command('remove')
    .argument('<bank>', 'name or id')
    .description('Ends the line to a bank once both agree; the hours of both sides must be even.')
    .action(
      act((context, bank: string) =>
        change(context, bank, 'close', {}, 'The line ends as soon as the other bank agrees.'),
      ),
    )
  addBoardActs(neighbour, act)
  neighbour
    .command('invite')
    .description('Makes an invitation for another bank, good once.')
    .action(act(invite))
}

/** What may be said to a bank that asks for a line. */
function addAnswers(neighbour: Command, act: Act): void {
  neighbour
    .command('accept')
    .argument('<bank>', 'name or id')
    .description('Agrees to a line that another bank proposed.')
    .action(act((context, bank: string) => change(context, bank, 'accept', {}, 'The line is agreed.')))
  neighbour
    .command('refuse')
    .argument('<bank>', 'name or id')
    .description('Says no to a bank that asks for a line; what it asks later is not shown.')
    .action(act((context, bank: string) => ask(context, bank, 'refuse', 'It may not ask again.')))
  neighbour
    .command('let-ask')
    .argument('<bank>', 'name or id')
    .description('Lets a bank ask for a line again.')
    .action(act((context, bank: string) => ask(context, bank, 'let-ask', 'It may ask again.')))
}

async function ask(context: Context, bank: string, act: string, done: string): Promise<number> {
  const client = await context.client()
  const after = await client.post<NeighboursView>(`/neighbours/${encodeURIComponent(bank)}/${act}`, {})
  context.print(after, () => `${bank}: ${done}`)
  return EXIT.fine
}

type BoardFlags = { readonly board: readonly string[] }

/** What two or more of the board decide about a bank that is gone. */
function addBoardActs(neighbour: Command, act: Act): void {
  neighbour
    .command('give-up')
    .argument('<bank>', 'name or id')
    .addOption(boardOption())
    .description(
      'The board gives a bank up that has been silent for 30 days.\n\n' +
        'Example: commonhour neighbour give-up Millbrook --board Owen Mary',
    )
    .action(
      act(async (context, bank: string, flags: BoardFlags) => {
        const code = await change(context, bank, 'give-up', flags, 'The board has given it up.')
        context.say('Hours on their way to it: commonhour payment cover ID --board NAME NAME')
        context.say(
          'Hours it had from this bank: commonhour neighbour write-off BANK MINUTES --board NAME NAME',
        )
        return code
      }),
    )
  neighbour
    .command('revive')
    .argument('<bank>', 'name or id')
    .addOption(boardOption())
    .description('The board takes a bank up again that came back; what was written off is claimed again.')
    .action(
      act((context, bank: string, flags: BoardFlags) =>
        change(context, bank, 'revive', flags, 'The line is open again.'),
      ),
    )
  neighbour
    .command('accept-recovery')
    .argument('<bank>', 'name or id')
    .addOption(boardOption())
    .description('The board accepts that a bank began its log anew and left out some of what it had signed.')
    .action(
      act((context, bank: string, flags: BoardFlags) =>
        change(
          context,
          bank,
          'accept-recovery',
          flags,
          'The recovery is accepted, and the line is open again.',
        ),
      ),
    )
  for (const [name, words] of Object.entries(AMOUNTS)) {
    neighbour
      .command(name)
      .argument('<bank>', 'name or id')
      .argument('<minutes>', 'how much', readNumber)
      .addOption(boardOption())
      .description(words.help)
      .action(
        act((context, bank: string, minutes: number, { board }: BoardFlags) =>
          change(context, bank, name, { minutes, board }, words.done),
        ),
      )
  }
}

const AMOUNTS = {
  'write-off': {
    help: 'The board gives up hours that a dead bank had from this one.',
    done: 'The hours are written off. The pot bears them with: commonhour neighbour settle-loss',
  },
  'settle-loss': {
    help: 'The pot bears hours that were written off, or gets them back once the bank has come back.',
    done: 'The pot has settled it.',
  },
} as const

async function find(
  context: Context,
  bank: string,
  flags: { readonly address?: readonly string[] },
): Promise<number> {
  const client = await context.client()
  context.say('Looking for the bank ...')
  const found = await client.post<FoundView>('/neighbours/find', {
    bank_id: bank,
    addresses: flags.address ?? [],
  })
  context.print(found, () => [`${found.name} (${found.bank_id})`, ...found.addresses].join('\n'))
  context.say(`Propose a line with: commonhour neighbour add ${found.bank_id}`)
  return EXIT.fine
}

interface AddFlags {
  readonly address?: readonly string[]
  readonly weMayOwe: number
  readonly theyMayOwe: number
}

async function add(context: Context, bank: string, flags: AddFlags): Promise<number> {
  const client = await context.client()
  context.say('Looking for the bank ...')
  const named = bank.includes('?') ? { invite: bank } : { bank_id: bank, addresses: flags.address ?? [] }
  const limits = { we_may_owe_minutes: flags.weMayOwe, they_may_owe_minutes: flags.theyMayOwe }
  const added = await client.post<NeighbourJson>('/neighbours', { ...named, ...limits })
  context.print(added, () => `Proposed to ${added.name} (${added.bank_id}).`)
  context.say(
    `Its coordinator agrees with: commonhour neighbour accept. See it with: commonhour neighbour list`,
  )
  return EXIT.fine
}

async function change(
  context: Context,
  bank: string,
  act: string,
  body: object,
  done: string,
): Promise<number> {
  const client = await context.client()
  const after = await client.post<NeighbourJson>(`/neighbours/${encodeURIComponent(bank)}/${act}`, body)
  context.print(after, () => `${after.name}: ${done}`)
  return EXIT.fine
}

async function list(context: Context): Promise<number> {
  const client = await context.client()
  const result = await client.get<NeighboursView>('/neighbours')
  context.print(result, () => {
    const neighbours =
      result.neighbours.length === 0 ? 'No neighbouring bank yet.' : neighbourTable(result.neighbours)
    const proposals = result.proposals.map(
      (one) =>
        `${one.name} (${one.bank_id}) asks for a line: we may owe ${hoursAndMinutes(one.we_may_owe_minutes)}, they ${hoursAndMinutes(one.they_may_owe_minutes)}.`,
    )
    const refused = result.refused.map((one) => `${one.name} (${one.bank_id}) may not ask for a line.`)
    return [neighbours, ...proposals, ...refused].join('\n')
  })
  if (result.proposals.length > 0)
    context.say(
      'Agree with: commonhour neighbour accept BANK, or say no for good: commonhour neighbour refuse BANK',
    )
  return EXIT.fine
}

function neighbourTable(neighbours: readonly NeighbourJson[]): string {
  const columns = [
    { heading: 'bank' },
    { heading: 'id' },
    { heading: 'line' },
    { heading: 'can send', align: 'right' },
    { heading: 'can receive', align: 'right' },
    { heading: 'waiting', align: 'right' },
  ] as const
  return tableOf(
    columns,
    neighbours.map((one) => [
      one.name,
      one.bank_id,
      stateOf(one),
      hoursAndMinutes(one.room_to_send_minutes),
      hoursAndMinutes(one.room_to_receive_minutes),
      String(one.open_payments),
    ]),
  )
}

function stateOf(one: NeighbourJson): string {
  const paused = one.paused_here ? ', paused here' : one.paused_there ? ', paused there' : ''
  return `${LINE_WORDS[one.line_state]}${one.connected ? ', connected' : ', away'}${paused}${lossOf(one)}`
}

const LINE_WORDS: Readonly<Record<NeighbourJson['line_state'], string>> = {
  none: 'none',
  proposed: 'proposed',
  open: 'open',
  closing: 'closing, waits for the other bank',
  dead: 'given up',
  closed: 'closed',
}

function lossOf({ written_off_minutes: lost, loss_minutes: unborne }: NeighbourJson): string {
  const written = lost === 0 ? '' : `, ${hoursAndMinutes(lost)} written off`
  if (unborne === 0) return written
  return `${written}, ${hoursAndMinutes(Math.abs(unborne))} ${unborne > 0 ? 'for the pot to bear' : 'for the pot to get back'}`
}

async function invite(context: Context): Promise<number> {
  const client = await context.client()
  const made = await client.post<InviteView>('/invitations')
  context.print(made, () => made.invite)
  context.say(
    `Good once, until ${moment(made.expires)}. At the other bank: commonhour neighbour add 'INVITATION'`,
  )
  return EXIT.fine
}
