/**
 * Which settings can stand in a settings file? All of them, each under its line of help and shown with its default, as a
 * text that the program reads back: as it is, it changes nothing, and without its `# ` it says the defaults aloud.
 */

import { CONFIG_FILE, defaultLine, SETTING_NAMES, SETTINGS } from './config.ts'

/** The text of the file. A line that begins with `## ` is help, one that begins with `# ` is a setting. */
export function configExample(): string {
  const parts = SETTING_NAMES.map((name) => `## ${SETTINGS[name].help}\n# ${defaultLine(name)}\n`)
  return [
    `## Settings of a bank. Put this file into its folder as ${CONFIG_FILE}.`,
    '## To change a setting, take the # before it away and write your own value.\n',
    ...parts,
  ].join('\n')
}
