/**
 * What does a command get from the world around it? Two streams, the environment, and signals; a test passes its own.
 */

import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { openBrowser } from './open-browser.ts'

export interface Io {
  /** Results. */
  out(text: string): void
  /** Progress, errors and what to do next. */
  err(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Bytes to a stream of results, for an export to `-`; resolves when there is room for more. */
  outBytes(bytes: Uint8Array): Promise<void>
  /** All that is typed or sent in, to its end. */
  typed(): Promise<string>
  /** One line typed as an answer to a question; null where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** Whether `err` is looked at by a person, so that a line may be rewritten. */
  readonly errIsTerminal: boolean
  /** Called at every stop signal; the answer ends that. */
  onStop(listener: () => void): () => void
  /** Opens a page in the browser of whoever sits at this machine, if somebody does; else nothing happens. */
  openPage(url: string): void
  /** Ends the process at once. */
  exitNow(code: number): void
}

export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    outBytes: (bytes) =>
      new Promise((resolve, reject) => {
        process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    async typed() {
      const chunks: Buffer[] = []
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks).toString('utf8')
    },
    ask: process.stdin.isTTY === true && process.stderr.isTTY === true ? askOnTerminal : null,
    errIsTerminal: process.stderr.isTTY === true,
    onStop(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
    openPage: (url) => {
      // Without a terminal it is a service, and nobody sits there.
      if (process.stdout.isTTY === true) openBrowser(url, process.platform, process.env)
    },
    exitNow: (code) => process.exit(code),
  }
}

/** Asked beside the results, so that these can go into a file. */
async function askOnTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
