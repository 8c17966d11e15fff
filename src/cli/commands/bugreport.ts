/**
 * What can be handed to somebody who helps? `commonhour bugreport`: shows the whole report, and writes it only after a yes
 * ([CLI-7], [CLI-3]).
 */

import { readFile, writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { Fault, reasonOf } from '../../core/fault.ts'
import type { StatusView } from '../../http/client.ts'
import { logLines } from '../bugreport/log-lines.ts'
import { reportText } from '../bugreport/report.ts'
import { readConfig } from '../config.ts'
import type { Act, Context } from '../context.ts'
import { examine } from '../doctor/doctor.ts'
import { ANSWER_MS, placeOf } from '../doctor/place.ts'
import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage.ts'

const USUAL_LINES = 100
const MOST_LINES = 10_000

interface Options {
  readonly output?: string
  readonly log?: string
  readonly lines: number
  readonly yes?: true
  readonly input: boolean
}

export function addBugreport(program: Command, act: Act): void {
  program
    .command('bugreport')
    .summary('a report for whoever helps, with nobody in it')
    .description(
      'Shows versions, settings without hosts, what the doctor found, and sizes: no name, number, address or key. With -o it is written to a file once you say yes to what you read.\n\nExample: commonhour bugreport -o report.txt --log bank.log',
    )
    .option('-o, --output <file>', 'write it to this file as well')
    .option('--log <file>', 'file in which the log of the program is kept; its last lines are made anew')
    .option('--lines <count>', `how many lines of it (default: ${USUAL_LINES})`, readLines, USUAL_LINES)
    .option('--yes', 'write it without asking')
    .option('--no-input', 'ask nothing')
    .action(act(run))
}

async function run(context: Context, { output, log, lines, yes, input }: Options): Promise<number> {
  const { folder, io } = context
  if (output !== undefined && yes !== true && (!input || io.ask === null))
    throw new UsageError(
      'Nobody can be asked here. Read the report first (without -o), then write it with --yes.',
    )
  const text = await reportText({
    folder,
    config: await readConfig(folder, io.env, {}).catch(() => null),
    answers: await examine(await placeOf(context, {})),
    status: await statusOf(context),
    log: log === undefined ? null : logLines(await logText(log), lines),
  })
  context.print({ report: text }, () => text)
  if (output === undefined) return EXIT.fine
  if (yes !== true && !isYes((await io.ask?.(`\nThis is all of it. Write it to ${output}? [y/N] `)) ?? '')) {
    context.say('Nothing was written.')
    return EXIT.problems
  }
  // Never over another file: the name may have been typed wrongly.
  await writeFile(output, text, { mode: 0o600, flag: 'wx' }).catch((cause: unknown) => {
    throw new UsageError(`The report cannot be written to ${output} (${reasonOf(cause)}). Name another file.`)
  })
  context.say(`Written to ${output}. Next: send it to whoever helps you.`)
  return EXIT.fine
}

async function statusOf(context: Context): Promise<StatusView | null> {
  try {
    return await (await context.client()).get<StatusView>('/status', AbortSignal.timeout(ANSWER_MS))
  } catch {
    // The doctor, whose answers stand above, says why.
    return null
  }
}

async function logText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Fault('config_invalid', `The log ${path} cannot be read (${reasonOf(cause)}).`, { cause })
  }
}

function isYes(typed: string): boolean {
  return /^\s*(y|yes)\s*$/i.test(typed)
}

function readLines(given: string): number {
  const lines = /^\d{1,5}$/.test(given) ? Number(given) : 0
  if (lines < 1 || lines > MOST_LINES)
    throw new InvalidArgumentError(`It should be a number from 1 to ${MOST_LINES}.`)
  return lines
}
