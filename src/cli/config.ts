/**
 * With which settings does a bank run? Flags over environment over the file commonhour.toml over defaults ([OPS-2]).
 * `http-port` in the file is `--http-port` is `COMMONHOUR_HTTP_PORT`. All mistakes are told at once.
 */

import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parse, stringify } from 'smol-toml'
import { Fault, reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'
import { parsePeerAddress } from '../peer/peer-address.ts'
import { suggestion } from './closest.ts'

/** A setting: its default, how a value is read, and one line of help. */
interface Setting<T> {
  readonly usual: T
  readonly kind: 'one' | 'list'
  /** The value in its type, or what is wrong with it. */
  read(given: string | number | readonly string[]): { readonly value: T } | { readonly wrong: string }
  readonly help: string
}

export const SETTINGS = {
  'http-host': textSetting('127.0.0.1', 'address on which pages and API answer'),
  'http-port': numberSetting(7600, 0, 65_535, 'port of pages and API; 0 takes a free one'),
  'http-name': listSetting(
    (text) => /^[a-z\d.-]+(:\d{1,5})?$/.test(text),
    'should be a host in small letters, such as bank.example',
    'host of the pages that links may name, beside the public address',
  ),
  'http-proxy': listSetting(
    (text) => isIP(text) !== 0,
    'should be an IP address such as 127.0.0.1',
    'IP address of a proxy before the pages; whose address it names is believed',
  ),
  'p2p-host': textSetting('0.0.0.0', 'address on which other banks reach this one'),
  'p2p-port': numberSetting(7601, 0, 65_535, 'port for other banks; 0 takes a free one'),
  'p2p-announce': listSetting(
    (text) => text.startsWith('/'),
    'should be a multiaddr such as /dns4/bank.example/tcp/7601',
    'address under which others reach this bank, when this machine cannot know it',
  ),
  network: choiceSetting('internet', ['internet', 'lan'], 'lan: banks in one house or on one machine'),
  bootstrap: listSetting(
    (text) => parsePeerAddress(text) !== null,
    'should end in /p2p/ and a peer id, as in the addresses of: commonhour status',
    'a bank of the network to begin with',
  ),
  'public-head-seconds': paceSetting(),
  start: choiceSetting(
    'usual',
    ['usual', 'strict'],
    'strict: sign only after all neighbours answered, for disks that may be rolled back',
  ),
  'start-wait-seconds': numberSetting(
    LIMITS.startWaitSeconds,
    0,
    3_600,
    'seconds a start waits for the neighbours',
  ),
  metrics: choiceSetting(
    'off',
    ['off', 'loopback', 'token'],
    'who may read /metrics: nobody, this machine alone, or whoever has the token',
  ),
  'log-level': choiceSetting('info', ['error', 'warn', 'info'], 'what is written to the log'),
} as const

export type SettingName = keyof typeof SETTINGS
export type Settings = { readonly [N in SettingName]: (typeof SETTINGS)[N]['usual'] }
/** Where a value came from, in words. */
export type Origins = Readonly<Record<SettingName, string>>

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]
export const CONFIG_FILE = 'commonhour.toml'
const PREFIX = 'COMMONHOUR_'
/** Variables of the command line itself. */
const OTHER_VARIABLES = ['COMMONHOUR_DIR', 'COMMONHOUR_URL', 'COMMONHOUR_TOKEN_FILE']

export type Flags = Readonly<Partial<Record<SettingName, string | readonly string[]>>>

/** The settings of the bank in this folder. Throws Fault `config_invalid` with every mistake. */
export async function readConfig(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags,
): Promise<{ settings: Settings; origins: Origins }> {
  const mistakes: string[] = []
  const path = join(folder, CONFIG_FILE)
  const file = await readFileValues(path, mistakes)
  const variables = readVariables(env, mistakes)
  const settings: Record<string, unknown> = {}
  const origins: Record<string, string> = {}
  for (const name of SETTING_NAMES) {
    const sources: readonly (readonly [unknown, string])[] = [
      [flags[name], `--${name}`],
      [variables.get(name), variableOf(name)],
      [file.get(name), path],
    ]
    const [given, origin] = sources.find(([value]) => value !== undefined) ?? [undefined, 'default']
    settings[name] = given === undefined ? SETTINGS[name].usual : readOne(name, given, origin, mistakes)
    origins[name] = origin
  }
  if (mistakes.length > 0) throw new Fault('config_invalid', sentenceOf(mistakes))
  return { settings: settings as Settings, origins: origins as Origins }
}

/** The text of a settings file with these values; flags that were not given are left to the defaults. */
export function configText(flags: Flags): string {
  const mistakes: string[] = []
  const values: Record<string, string | number | string[]> = {}
  for (const name of SETTING_NAMES) {
    const given = flags[name]
    if (given !== undefined)
      values[name] = readOne(name, given, `--${name}`, mistakes) as string | number | string[]
  }
  if (mistakes.length > 0) throw new Fault('config_invalid', sentenceOf(mistakes))
  const hints = SETTING_NAMES.filter((name) => !(name in values)).map((name) => hintLine(name))
  const set = Object.keys(values).length === 0 ? '' : `${stringify(values)}\n`
  return `# Settings of this bank. A line without # counts; those with # show the defaults.\n\n${set}${hints.join('\n')}\n`
}

function hintLine(name: SettingName): string {
  return `# ${defaultLine(name)}  # ${SETTINGS[name].help}`
}

/** The line of a settings file that says the default. */
export function defaultLine(name: SettingName): string {
  return stringify({ [name]: SETTINGS[name].usual }).trim()
}

function readOne(name: SettingName, given: unknown, origin: string, mistakes: string[]): unknown {
  const where = origin.startsWith('--') || origin.startsWith(PREFIX) ? origin : `${name} in ${origin}`
  const plain = typeof given === 'string' || typeof given === 'number' || isTexts(given)
  const read = plain ? SETTINGS[name].read(given) : { wrong: 'should be a text, a number or a list of texts' }
  if ('value' in read) return read.value
  mistakes.push(`${where} ${read.wrong}; it is ${JSON.stringify(given)}`)
  return SETTINGS[name].usual
}

async function readFileValues(path: string, mistakes: string[]): Promise<ReadonlyMap<string, unknown>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw new Fault('config_invalid', `The settings ${path} cannot be read (${reasonOf(error)}).`, {
      cause: error,
    })
  }
  try {
    const values = new Map(Object.entries(parse(text)))
    for (const key of values.keys()) {
      if (!Object.hasOwn(SETTINGS, key))
        mistakes.push(`${path} has ${key}, which is no setting.${suggestion(key, SETTING_NAMES)}`)
    }
    return values
  } catch (error) {
    throw new Fault('config_invalid', `The settings ${path} are not TOML: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

function readVariables(
  env: Readonly<Record<string, string | undefined>>,
  mistakes: string[],
): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  const known = new Map(SETTING_NAMES.map((name) => [variableOf(name), name]))
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || value === undefined || OTHER_VARIABLES.includes(variable)) continue
    const name = known.get(variable)
    if (name !== undefined)
      found.set(name, SETTINGS[name].kind === 'list' ? value.split(/[\s,]+/).filter(Boolean) : value)
    else
      mistakes.push(
        `${variable} is no setting.${suggestion(variable, [...known.keys(), ...OTHER_VARIABLES])}`,
      )
  }
  return found
}

function variableOf(name: SettingName): string {
  return PREFIX + name.replaceAll('-', '_').toUpperCase()
}

function sentenceOf(mistakes: readonly string[]): string {
  if (mistakes.length === 1) return `One setting is wrong: ${mistakes[0]}`
  return `${mistakes.length} settings are wrong:\n${mistakes.map((one) => `  - ${one}`).join('\n')}`
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((one) => typeof one === 'string')
}

function textSetting(usual: string, help: string): Setting<string> {
  const read: Setting<string>['read'] = (given) =>
    typeof given === 'string' && given !== '' ? { value: given } : { wrong: 'should be a text' }
  return { usual, kind: 'one', help, read }
}

function numberSetting(usual: number, low: number, high: number, help: string): Setting<number> {
  return {
    usual,
    kind: 'one',
    help,
    read(given) {
      const number = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given
      const sound = typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high
      return sound ? { value: number } : { wrong: `should be a whole number from ${low} to ${high}` }
    },
  }
}

function choiceSetting<const C extends string>(usual: C, choices: readonly C[], help: string): Setting<C> {
  return {
    usual,
    kind: 'one',
    help: `${choices.join(' or ')}; ${help}`,
    read(given) {
      const choice = choices.find((one) => one === given)
      return choice === undefined ? { wrong: `should be ${choices.join(' or ')}` } : { value: choice }
    },
  }
}

function listSetting(
  sound: (text: string) => boolean,
  wrong: string,
  help: string,
): Setting<readonly string[]> {
  return {
    usual: [],
    kind: 'list',
    help,
    read(given) {
      const texts = typeof given === 'string' ? [given] : given
      return isTexts(texts) && texts.every(sound) ? { value: texts } : { wrong }
    },
  }
}

function paceSetting(): Setting<'usual' | number> {
  const number = numberSetting(0, 0, 31_536_000, '')
  return {
    usual: 'usual',
    kind: 'one',
    help: 'usual: hourly, daily in a small bank; or seconds between two moves of the head strangers see',
    read: (given) => (given === 'usual' ? { value: 'usual' } : number.read(given)),
  }
}
