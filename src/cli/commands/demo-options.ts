/**
 * How is the demo asked for? Its options, read and handed on.
 */

import type { Command } from 'commander'
import type { Act, Context } from '../context.ts'
import { readNumber } from '../read-arguments.ts'
import { UsageError } from '../usage.ts'

interface DemoFlags {
  readonly exit?: true
  readonly data?: string
  readonly seed: number
}

export function addDemo(program: Command, act: Act): void {
  program
    .command('demo')
    .summary('see three banks at work')
    .description('Runs three banks on this machine, with invented people, and checks their logs in the end.')
    .option('--exit', 'end when the table is printed')
    .option('--data <folder>', 'keep the folders of the banks here')
    .option('--seed <number>', 'another seed, another story', readNumber, 1)
    .action(act(run))
}

async function run(context: Context, flags: DemoFlags): Promise<number> {
  if (!Number.isSafeInteger(flags.seed)) throw new UsageError('--seed should be a whole number.')
  const { demo } = await import('./demo.ts')
  const stop = new AbortController()
  const leave = context.io.onStop(() => stop.abort())
  try {
    return await demo({
      seed: flags.seed,
      data: flags.data ?? null,
      after: flags.exit === true ? 'ends' : 'stays',
      output: context.json === 'yes' ? 'json' : 'table',
      stdout: (line) => context.io.out(`${line}\n`),
      stderr: (line) => context.say(line),
      stop: stop.signal,
    })
  } finally {
    leave()
  }
}
