/**
 * What does every command know before it begins? Which folder, how to print, and how to reach the running bank.
 */

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Client, makeClient, openClient } from '../http/client.ts'
import { readTokenFile } from '../keys/api-token.ts'
import type { Io } from './terminal.ts'

/** Every JSON result carries it; it changes only when a field changes its meaning. */
export const SCHEMA_VERSION = 1

export interface Globals {
  readonly dir?: string
  readonly url?: string
  readonly tokenFile?: string
  readonly json?: true
  readonly debug?: true
}

export interface Context {
  readonly io: Io
  readonly folder: string
  readonly json: 'yes' | 'no'
  /** The bank in the folder, or at --url. Throws Fault `folder_not_set_up`, `bank_unreachable`, `key_invalid`. */
  client(): Promise<Client>
  /** The result: an object for machines, or the same in words. */
  print(result: object, words: () => string): void
  /** A line about what happens or comes next; never part of the result. */
  say(line: string): void
}

export function contextOf(io: Io, globals: Globals): Context {
  const folder = resolve(globals.dir ?? io.env.COMMONHOUR_DIR ?? usualFolder(io))
  const json = globals.json === true ? 'yes' : 'no'
  return {
    io,
    folder,
    json,
    async client() {
      const url = globals.url ?? io.env.COMMONHOUR_URL
      if (url === undefined) return openClient(folder)
      const file = globals.tokenFile ?? io.env.COMMONHOUR_TOKEN_FILE ?? join(folder, 'api-token')
      return makeClient({ url: url.replace(/\/+$/, ''), token: await readTokenFile(file) })
    },
    print(result, words) {
      if (json === 'yes')
        io.out(`${JSON.stringify({ schema_version: SCHEMA_VERSION, ...result }, null, 2)}\n`)
      else io.out(ended(words()))
    },
    say: (line) => io.err(ended(line)),
  }
}

/**
 * Makes a commander action of a command's function. The function is given its context, its arguments and its options,
 * and answers the exit code.
 */
export type Act = <A extends unknown[]>(
  run: (context: Context, ...args: A) => Promise<number>,
) => (...args: unknown[]) => Promise<void>

/** XDG's place for the data of a user ([OPS-3]). */
function usualFolder(io: Io): string {
  return join(io.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'commonhour')
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
