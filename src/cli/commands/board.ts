/**
 * Who decides for the whole bank? `commonhour board`: who is on it. What it decides stands with the neighbour or the
 * payment it is about.
 */

import type { Command } from 'commander'
import type { BoardView, SeatView } from '../../http/client.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { tableOf } from '../table.ts'

export function addBoard(program: Command, act: Act): void {
  const board = program
    .command('board')
    .description('The board: two of it decide together when a neighbouring bank is gone for good.')
  board
    .command('add')
    .argument('<name>')
    .option('--member <number>', 'number of this person as a member of the bank')
    .description('Somebody joins the board.\n\nExample: commonhour board add "Owen Price" --member HB-2593-M')
    .action(act(add))
  board.command('list').description('Lists who is on the board.').action(act(list))
  board.command('remove').argument('<name>').description('Somebody leaves the board.').action(act(remove))
}

async function add(context: Context, name: string, flags: { readonly member?: string }): Promise<number> {
  const client = await context.client()
  const seat = await client.post<SeatView>('/board', { name, member: flags.member ?? null })
  context.print(seat, () => `${seat.name} is on the board.`)
  const { board } = await client.get<BoardView>('/board')
  if (board.length < 2) context.say('The board decides with two members or more. Add another one.')
  return EXIT.fine
}

async function list(context: Context): Promise<number> {
  const client = await context.client()
  const result = await client.get<BoardView>('/board')
  const columns = [{ heading: 'name' }, { heading: 'member' }] as const
  context.print(result, () =>
    result.board.length === 0
      ? 'Nobody is on the board yet.'
      : tableOf(
          columns,
          result.board.map(({ name, number }) => [name, number ?? '-']),
        ),
  )
  if (result.board.length < 2) context.say('Add somebody with: commonhour board add NAME')
  return EXIT.fine
}

async function remove(context: Context, name: string): Promise<number> {
  const client = await context.client()
  const seat = await client.remove<SeatView>(`/board/${encodeURIComponent(name)}`)
  context.print(seat, () => `${seat.name} is not on the board any more.`)
  return EXIT.fine
}
