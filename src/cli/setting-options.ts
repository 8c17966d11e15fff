/**
 * How do settings stand on a command line? One option for each, spelled as in the file; a list may be given several
 * times.
 */

import { type Command, Option } from 'commander'
import { type Flags, SETTING_NAMES, SETTINGS } from './config.ts'

/** Adds the options of all settings to a command. */
export function addSettingOptions(command: Command): Command {
  for (const name of SETTING_NAMES) {
    const { kind, help, usual } = SETTINGS[name]
    const shown = kind === 'list' ? help : `${help} (default: ${usual})`
    const option = new Option(`--${name} <${kind === 'list' ? 'address...' : 'value'}>`, shown)
    command.addOption(option)
  }
  return command
}

/** The settings that were given, by their own spelling. */
export function flagsOf(options: Readonly<Record<string, unknown>>): Flags {
  const flags: Record<string, string | readonly string[]> = {}
  for (const name of SETTING_NAMES) {
    const given = options[camelCase(name)]
    if (typeof given === 'string' || Array.isArray(given)) flags[name] = given
  }
  return flags
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
