/**
 * Who works at the desk? `commonhour coordinator`: who may act for members, and what they did.
 */

import type { Command } from 'commander'
import type {
  ActsView,
  Client,
  CoordinatorLinkView,
  CoordinatorsView,
  CoordinatorView,
} from '../../http/client.ts'
import { moment } from '../../words/amounts.ts'
import { deskActWords } from '../../words/desk-acts.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { tableOf } from '../table.ts'
import { UsageError } from '../usage.ts'

export function addCoordinator(program: Command, act: Act): void {
  const coordinator = program
    .command('coordinator')
    .description('Coordinators: they record for members who telephone or come to the desk.')
  coordinator
    .command('add')
    .argument('<name>')
    .option('--member <number>', 'number of this person as a member of the bank')
    .description(
      'Somebody becomes a coordinator.\n\nExample: commonhour coordinator add "Sam Okafor" --member HB-4827-K',
    )
    .action(act(add))
  coordinator
    .command('link')
    .argument('[name]')
    .description(
      'Prints a link on which a coordinator chooses a password, also one who has lost everything. It opens once, for\n' +
        'half an hour. The old password, recovery codes and devices end when it is used.\n\n' +
        'Example: commonhour coordinator link "Sam Okafor"',
    )
    .action(act(link))
  coordinator.command('list').description('Lists who is a coordinator, and who was.').action(act(list))
  coordinator
    .command('remove')
    .argument('<name>')
    .option('--confirm <name>', 'the same name again: what they may do ends at once')
    .description('Somebody ceases to be a coordinator. The last one cannot.')
    .action(act(remove))
  coordinator
    .command('acts')
    .option('--member <number>', 'only what was done for this member')
    .description('What coordinators did, the newest first.')
    .action(act(acts))
}

async function add(context: Context, name: string, flags: { readonly member?: string }): Promise<number> {
  const client = await context.client()
  const added = await client.post<CoordinatorView>('/coordinators', { name, member: flags.member ?? null })
  context.print(added, () => `${added.name} is a coordinator.`)
  if (added.number === null)
    context.say('Without --member nobody sees when a coordinator acts for himself or herself.')
  context.say(`For the desk's pages: commonhour coordinator link "${added.name}"`)
  return EXIT.fine
}

async function link(context: Context, name: string | undefined): Promise<number> {
  const client = await context.client()
  const called = name ?? (await onlyOne(client))
  const made = await client.post<CoordinatorLinkView>(`/coordinators/${encodeURIComponent(called)}/link`)
  const url = made.url ?? `${client.url}${made.path}`
  context.print({ ...made, url }, () => url)
  context.say(`It opens once, until ${moment(made.ends)}, and lets ${made.name} choose a password.`)
  return EXIT.fine
}

/** Whoever is meant when no name is typed. */
async function onlyOne(client: Client): Promise<string> {
  const { coordinators } = await client.get<CoordinatorsView>('/coordinators')
  const [first, ...others] = coordinators.filter(({ state }) => state === 'in_office').map(({ name }) => name)
  if (first !== undefined && others.length === 0) return first
  throw new UsageError(`Say for whom. In office are: ${[first, ...others].join(', ')}`)
}

async function list(context: Context): Promise<number> {
  const client = await context.client()
  const result = await client.get<CoordinatorsView>('/coordinators')
  const columns = [{ heading: 'name' }, { heading: 'member' }, { heading: 'state' }] as const
  context.print(result, () =>
    tableOf(
      columns,
      result.coordinators.map(({ name, number, state }) => [name, number ?? '-', STATES[state]]),
    ),
  )
  return EXIT.fine
}

const STATES: Readonly<Record<CoordinatorView['state'], string>> = {
  in_office: 'in office',
  removed: 'removed',
  run_out: 'time over',
}

async function remove(context: Context, name: string, flags: { readonly confirm?: string }): Promise<number> {
  if (flags.confirm !== name)
    throw new UsageError(`Type the name a second time if you are sure: --confirm "${name}"`)
  const client = await context.client()
  const removed = await client.remove<CoordinatorView>(`/coordinators/${encodeURIComponent(name)}`)
  context.print(removed, () => `${removed.name} is not a coordinator any more.`)
  return EXIT.fine
}

async function acts(context: Context, flags: { readonly member?: string }): Promise<number> {
  const client = await context.client()
  const path = flags.member === undefined ? '/acts' : `/members/${encodeURIComponent(flags.member)}/acts`
  const result = await client.get<ActsView>(path)
  const columns = [{ heading: 'when' }, { heading: 'who' }, { heading: 'what' }, { heading: 'for' }] as const
  context.print(result, () =>
    result.acts.length === 0
      ? 'Nothing yet.'
      : tableOf(
          columns,
          result.acts.map(({ time, coordinator, what, members }) => [
            moment(time),
            coordinator ?? '-',
            deskActWords(what),
            members.join(', ') || '-',
          ]),
        ),
  )
  return EXIT.fine
}
