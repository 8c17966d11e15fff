/**
 * What does somebody who helps need to know of a bank, and may know? Versions, the machine, settings without hosts, what the
 * doctor found by its codes, and sizes. Names, numbers, addresses and sentences that could hold one are never put in.
 */

import { readdir, stat } from 'node:fs/promises'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { StatusView } from '../../http/client.ts'
import { VERSION } from '../../version.ts'
import { type Origins, SETTING_NAMES, type SettingName, type Settings } from '../config.ts'
import { systemCodes } from '../doctor/system-codes.ts'
import type { Told } from '../doctor/told.ts'
import { factsOf } from '../table.ts'
import { redacted } from './redact.ts'

const MIB = 1_048_576
/** Files of a database that are counted; an old bank has a few hundred. */
const MOST_FILES = 10_000

export interface ReportParts {
  readonly folder: string
  /** Null when they cannot be read. */
  readonly config: { readonly settings: Settings; readonly origins: Origins } | null
  readonly answers: readonly Told[]
  /** Of the bank that runs; null when none does, or it does not answer. */
  readonly status: StatusView | null
  /** Lines of the log, made anew; null when none were asked for. */
  readonly log: readonly string[] | null
}

export async function reportText(parts: ReportParts): Promise<string> {
  const sections: [string, string][] = [
    ['Program and machine', factsOf(machineFacts())],
    ['Settings', parts.config === null ? '  cannot be read' : factsOf(settingFacts(parts.config))],
    ['What the doctor found', factsOf(parts.answers.map(answerFact))],
    ['Sizes and counts', factsOf([...(await folderFacts(parts.folder)), ...statusFacts(parts.status)])],
  ]
  if (parts.log !== null) sections.push([`Last ${parts.log.length} lines of the log`, indented(parts.log)])
  const told = sections.map(([title, text]) => `${title}\n${text}\n`)
  return redacted(['Report about a Commonhour bank, for whoever helps\n', ...told].join('\n'))
}

function machineFacts(): [string, string][] {
  return [
    ['commonhour', VERSION],
    ['node', process.versions.node],
    ['system', `${platform()} ${arch()}`],
    // A kernel may be named after its machine; its number says enough.
    ['kernel', /^\d+(\.\d+){1,2}/.exec(release())?.[0] ?? '?'],
    ['processors', String(cpus().length)],
    ['memory', `${Math.round(totalmem() / MIB)} MB`],
  ]
}

/** Numbers and choices as they are; of whatever somebody typed freely only what kind it is. */
function settingFacts({ settings, origins }: NonNullable<ReportParts['config']>): [string, string][] {
  return SETTING_NAMES.map((name) => [
    name,
    `${shown(name, settings[name])} (${originKind(name, origins[name])})`,
  ])
}

function shown(name: SettingName, value: string | number | readonly string[]): string {
  if (typeof value === 'object') return `${value.length} given`
  const isOpen = name === 'http-host' || name === 'p2p-host'
  if (!isOpen) return String(value)
  if (/^(0\.0\.0\.0|::)$/.test(String(value))) return 'all addresses'
  return /^(127\.|::1$|localhost$)/.test(String(value)) ? 'this machine alone' : 'another address'
}

function originKind(name: SettingName, origin: string): string {
  if (origin === 'default') return 'default'
  if (origin === `--${name}`) return 'flag'
  return origin.startsWith('COMMONHOUR_') ? 'variable' : 'file'
}

/** Codes alone: the sentences name neighbours, addresses and paths. */
function answerFact({ verdict, code, detail }: Told): [string, string] {
  const codes = systemCodes(detail ?? '')
  return [code, codes === '' ? verdict : `${verdict} ${codes}`]
}

async function folderFacts(folder: string): Promise<[string, string][]> {
  const facts: [string, string][] = []
  for (const part of ['db', 'peers', 'aside']) {
    const { files, bytes } = await sizeOf(join(folder, part))
    facts.push([part, `${files} files, ${(bytes / MIB).toFixed(1)} MB`])
  }
  return facts
}

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  let [files, bytes] = [0, 0]
  for (const entry of entries.slice(0, MOST_FILES)) {
    // A file that the database has just removed counts for nothing.
    const found = await stat(join(folder, entry)).catch(() => null)
    if (found === null || !found.isFile()) continue
    files += 1
    bytes += found.size
  }
  return { files, bytes }
}

function statusFacts(status: StatusView | null): [string, string][] {
  if (status === null) return [['bank', 'does not run, or does not answer']]
  return [
    ['entries of the epoch', String(status.size)],
    ['epoch', String(status.epoch)],
    ['members', String(status.members)],
    ['lines open', String(status.lines_open)],
    ['neighbours connected', String(status.neighbours_connected)],
    ['payments open', String(status.payments_open)],
    ['recording', status.signing],
    ['why not', status.refusal?.code ?? '-'],
  ]
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}
