/**
 * With which settings would the bank of a folder run, and which are there at all? `commonhour config`: what counts and
 * where it came from, and a settings file to begin with. No bank has to run, or even to be there.
 */

import type { Command } from 'commander'
import { looseSecrets, type SecretPlace } from '../../keys/loose-secrets.ts'
import { readConfig, SETTING_NAMES, type SettingName } from '../config.ts'
import { configExample } from '../config-example.ts'
import type { Act, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { addSettingOptions, flagsOf } from '../setting-options.ts'
import { tableOf } from '../table.ts'

export function addConfig(program: Command, act: Act): void {
  const config = program.command('config').summary('settings of a bank, and where they come from')
  addSettingOptions(
    config
      .command('show')
      .summary('every setting with its value')
      .description(
        'Shows every setting with its value, as the bank would run with it now.\n\nExample: commonhour config show --origin',
      )
      .option('--origin', 'where each value came from: a flag, a variable, a file, or the default'),
  ).action(act(show))
  config
    .command('example')
    .summary('a settings file with every setting')
    .description(
      'Prints a settings file: every setting with one line of help and its default.\n\nExample: commonhour config example > commonhour.toml',
    )
    .action(act(example))
}

async function show(context: Context, options: { readonly origin?: true }): Promise<number> {
  const { folder, io } = context
  const { settings, origins } = await readConfig(folder, io.env, flagsOf({ ...options }))
  const loose = await looseSecrets(folder)
  for (const place of loose) context.say(`commonhour: ${looseWords(place)}`)
  const rows = SETTING_NAMES.map((name) => ({
    name,
    value: settings[name],
    ...(options.origin === true ? { origin: origins[name] } : {}),
  }))
  context.print({ folder, settings: rows, loose_secrets: loose }, () =>
    options.origin === true
      ? tableOf(
          [{ heading: 'setting' }, { heading: 'value' }, { heading: 'from' }],
          SETTING_NAMES.map((name) => [name, shown(settings[name]), originWords(name, origins[name])]),
        )
      : tableOf(
          [{ heading: 'setting' }, { heading: 'value' }],
          SETTING_NAMES.map((name) => [name, shown(settings[name])]),
        ),
  )
  return loose.length === 0 ? EXIT.fine : EXIT.problems
}

async function example(context: Context): Promise<number> {
  const text = configExample()
  context.print({ text }, () => text)
  return EXIT.fine
}

/** What is wrong with a place that others may read, and the command that rights it. */
export function looseWords({ path, mode, wanted }: SecretPlace): string {
  return `Other users of this machine can read ${path} (mode ${mode}). It holds secrets of this bank, which will not start like this. Run: chmod ${wanted} ${path}`
}

function shown(value: string | number | readonly string[]): string {
  if (typeof value !== 'object') return String(value)
  return value.length === 0 ? 'none' : value.join(' ')
}

/** `origin` is the flag, the variable, the path of the file, or `default`. */
function originWords(name: SettingName, origin: string): string {
  return origin === `--${name}` ? `flag ${origin}` : origin
}
