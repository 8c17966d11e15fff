/** One command line in this process: what it printed, said and answered. */
import { main } from '../../src/cli/main.ts'
import type { Io } from '../../src/cli/terminal.ts'

export interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape.
  readonly json: any
}

export async function told(argv: readonly string[], io: Partial<Io> = {}): Promise<Told> {
  let [out, err] = ['', '']
  const code = await main(argv, {
    typed: async () => '',
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    env: {},
    outBytes: async () => {},
    ask: null,
    errIsTerminal: false,
    openPage: () => {},
    onStop: () => () => {},
    exitNow: () => {},
    ...io,
  })
  return { code, out, err, json: out.startsWith('{') ? JSON.parse(out) : null }
}
