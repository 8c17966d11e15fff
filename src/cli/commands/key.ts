/**
 * How does a bank get a new log key? `commonhour key rotate` while all is well, `commonhour key recover` with the words
 * of the recovery sheet when the old key is lost or stolen ([KEY-3], [KEY-4]).
 */

import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { reasonOf } from '../../core/fault.ts'
import type { KeyChangeView } from '../../http/client.ts'
import { writeSecret } from '../../keys/secret-files.ts'
import { counted } from '../../words/amounts.ts'
import { refusalWords } from '../../words/refusals.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { sheetText } from '../sheet.ts'
import { UsageError } from '../usage.ts'

interface RecoverFlags {
  readonly because: 'lost' | 'stolen'
  readonly words: string
  readonly newSheet: string
}

export function addKey(program: Command, act: Act): void {
  const key = program.command('key').description('The key with which the bank signs its log.')
  key
    .command('rotate')
    .description(
      'Changes the key of a running bank. Payments that wait are ended; those on their way arrive. Neighbouring banks learn of it by themselves.',
    )
    .action(act(rotate))
  key
    .command('recover')
    .addOption(
      new Option('--because <reason>', 'what happened to the old key')
        .choices(['lost', 'stolen'])
        .makeOptionMandatory(),
    )
    .requiredOption('--words <file>', 'file with the 24 words of the recovery sheet; - reads what is typed')
    .requiredOption('--new-sheet <file>', 'file for the 24 words of the new sheet: print it, then destroy it')
    .description(
      'Gives a stopped bank a new key with the words of its recovery sheet. The sheet is used up by it.\n\nExample: commonhour key recover --because lost --words - --new-sheet sheet.txt',
    )
    .action(act(recover))
}

async function rotate(context: Context): Promise<number> {
  const client = await context.client()
  const changed = await client.post<KeyChangeView>('/key/rotate', {})
  context.print(changed, () =>
    [
      `The bank signs with a new key (epoch ${changed.epoch}). The old one is nowhere any more.`,
      `Ended with the old key: ${counted(changed.aborted_payments, 'waiting payment')}. It can be sent again.`,
    ]
      .slice(0, changed.aborted_payments === 0 ? 1 : 2)
      .join('\n'),
  )
  context.say('Copy the folder keys anew to where you keep it.')
  return EXIT.fine
}

async function recover(context: Context, flags: RecoverFlags): Promise<number> {
  const words = await wordsFrom(context, flags.words)
  // Loaded here: the other commands need none of a bank's parts, and start sooner without them.
  const serving = await import('../../serve.ts')
  const outcome = await serving.recover({
    folder: context.folder,
    words,
    cause: flags.because,
    show: (sheet) => writeSecret(flags.newSheet, `${sheetText(sheet)}\n`),
  })
  if (!outcome.ok) {
    context.say(refusalWords(outcome.refusal))
    return EXIT.problems
  }
  const { epoch, entries, aborted } = outcome.value
  context.print({ epoch, entries, aborted_payments: aborted, new_sheet: flags.newSheet }, () =>
    [
      `The bank signs with a new key (epoch ${epoch}). All ${entries} entries go on under it.`,
      `The old sheet is used up. The new one is in ${flags.newSheet}: print or copy it, then destroy the file.`,
    ].join('\n'),
  )
  context.say(
    'Next: commonhour serve. A neighbour that knows of more than this log holds will ask its board.',
  )
  return EXIT.fine
}

async function wordsFrom(context: Context, file: string): Promise<string> {
  if (file === '-') {
    context.say('Type the 24 words of the recovery sheet, then end with Control-D.')
    return context.io.typed()
  }
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`The words cannot be read: ${reasonOf(thrown)}`)
  }
}
