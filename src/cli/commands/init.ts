/**
 * How is a bank made? `commonhour init`: keys, first entries, settings, and the recovery sheet, shown this once.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { toBase32 } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { CONFIG_FILE, configText } from '../config.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { addSettingOptions, flagsOf } from '../setting-options.ts'
import { sheetText } from '../sheet.ts'
import { factsOf } from '../table.ts'

interface InitFlags {
  readonly name: string
  readonly coordinator: string
  readonly publicUrl?: string
}

export function addInit(program: Command, act: Act): void {
  const command = program
    .command('init')
    .summary('make a bank in an empty folder')
    .description(
      'Makes a bank: its folder, keys, settings and first entries.\n\nExample: commonhour init --name Harbour --coordinator Priya',
    )
    .requiredOption('--name <name>', 'name of the bank', readName)
    .requiredOption('--coordinator <name>', 'name of its first coordinator', readName)
    .option('--public-url <url>', 'address of its public pages, if it has one', readUrl)
  addSettingOptions(command).action(act(run))
}

async function run(context: Context, flags: InitFlags): Promise<number> {
  const { folder, io } = context
  // Wrong settings are told before anything is made.
  const settings = configText(flagsOf({ ...flags }))
  // Loaded here: the other commands need none of a running bank's parts, and start sooner without them.
  const { init } = await import('../../serve.ts')
  const { bank, words } = await init({
    folder,
    name: flags.name,
    coordinator: flags.coordinator,
    publicUrl: flags.publicUrl ?? null,
  })
  const config = join(folder, CONFIG_FILE)
  await writeFile(config, settings, { mode: 0o600 })
  const id = toBase32(bank)
  context.print({ bank_id: id, name: flags.name, folder, config, recovery_words: words }, () =>
    [
      `${flags.name} is set up.`,
      factsOf([
        ['bank id', id],
        ['folder', folder],
        ['settings', config],
      ]),
      '',
      'Recovery sheet: write these 24 words on paper, in this order, and keep them away from this machine.',
      'They are shown this once and kept nowhere. With them the bank can be given new keys if this machine is lost.',
      '',
      sheetText(words),
    ].join('\n'),
  )
  io.err(`\nNext: commonhour serve --dir ${folder}\n`)
  return EXIT.fine
}

function readName(given: string): string {
  const name = given.normalize('NFC').trim()
  if (name === '') throw new InvalidArgumentError('A name is not empty.')
  if (Buffer.byteLength(name) > LIMITS.nameBytes)
    throw new InvalidArgumentError(`At most ${LIMITS.nameBytes} bytes.`)
  if (/[\u0000-\u001f\u007f]/.test(name)) throw new InvalidArgumentError('A name stands on one line.')
  return name
}

function readUrl(given: string): string {
  const sound =
    URL.canParse(given) && /^https?:$/.test(new URL(given).protocol) && given.length <= LIMITS.addressBytes
  if (!sound) throw new InvalidArgumentError('It should be a web address such as https://harbour.example')
  return given
}
