/**
 * Which other banks does this one trade hours with? `commonhour neighbour`: find, invite, agree, limit, pause.
 */

import type { Command } from 'commander'
import { LIMITS } from '../../core/limits.ts'
import type { FoundView, InviteView, NeighbourJson, NeighboursView } from '../../http/client.ts'
import { hoursAndMinutes, moment } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { readNumber } from '../read-arguments.ts'
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
  neighbour
    .command('accept')
    .argument('<bank>', 'name or id')
    .description('Agrees to a line that another bank proposed.')
    .action(act((context, bank: string) => change(context, bank, 'accept', {}, 'The line is agreed.')))
  neighbour.command('list').description('Lists neighbouring banks and proposals.').action(act(list))
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
    .description('Lets new hours pass again.')
    .action(act((context, bank: string) => change(context, bank, 'resume', {}, 'New hours pass again.')))
  neighbour
    .command('invite')
    .description('Makes an invitation for another bank, good once.')
    .action(act(invite))
}

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
    return [neighbours, ...proposals].join('\n')
  })
  if (result.proposals.length > 0) context.say('Agree with: commonhour neighbour accept BANK')
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
  return `${one.line_state}${one.connected ? ', connected' : ', away'}${paused}`
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
