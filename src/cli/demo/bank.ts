/**
 * How does the demo run a bank? As anybody would: the same program in a process of its own, on its own folder and
 * ports, spoken to over its API. It can be killed at any moment and started again.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Fault, reasonOf } from '../../core/fault.ts'
import { type Client, openClient } from '../../http/client.ts'
import { findRunning } from '../../http/running-bank.ts'

const PROGRAM = fileURLToPath(new URL('../../../bin/commonhour.js', import.meta.url))
const STARTED_WITHIN_MS = 60_000
const LOOK_MS = 25
const run = promisify(execFile)

export interface DemoBankParts {
  readonly folder: string
  readonly name: string
  readonly coordinator: string
}

export class DemoBank {
  readonly name: string
  readonly folder: string
  readonly coordinator: string
  #setupPath: string | null = null
  #child: ChildProcess | null = null
  #client: Client | null = null

  constructor(parts: DemoBankParts) {
    this.name = parts.name
    this.folder = join(parts.folder, parts.name.toLowerCase())
    this.coordinator = parts.coordinator
  }

  /** Makes the bank's folder, keys and first entries. `bootstrap`: addresses of a bank of the network. */
  async init(bootstrap: readonly string[]): Promise<void> {
    const port = await freePort()
    const ports = ['--http-port', String(port), '--p2p-port', String(await freePort())]
    const first = bootstrap.flatMap((address) => ['--bootstrap', address])
    await this.command(
      'init',
      '--name',
      this.name,
      '--coordinator',
      this.coordinator,
      ...ports,
      '--public-url',
      `http://127.0.0.1:${port}`,
      '--network',
      'lan',
      ...first,
    )
  }

  /** Runs one command of the program for this bank; gives what it printed. */
  async command(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [PROGRAM, ...args, '--dir', this.folder], {
      maxBuffer: 2 ** 26,
    })
    return stdout
  }

  /** Starts the process and waits until it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--dir', this.folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let out = ''
    child.stdout?.on('data', (data) => {
      out = `${out}${data}`.slice(-8_000)
      this.#setupPath = /\/setup\/[\w-]+/.exec(out)?.[0] ?? this.#setupPath
    })
    child.stderr?.on('data', (data) => {
      said = `${said}${data}`.slice(-4_000)
    })
    this.#child = child
    const over = performance.now() + STARTED_WITHIN_MS
    for (;;) {
      if (child.exitCode !== null || performance.now() > over) {
        throw new Fault('bank_unreachable', `${this.name} did not start. It said: ${said}`)
      }
      const running = await findRunning(this.folder)
      if (running !== null && running.pid === child.pid) {
        this.#client = await openClient(this.folder)
        return
      }
      await pause(LOOK_MS)
    }
  }

  /** Of the link that the bank prints until its coordinator has chosen a password; null before it is printed. */
  get setupPath(): string | null {
    return this.#setupPath
  }

  get api(): Client {
    if (this.#client === null) throw new Fault('bank_unreachable', `${this.name} is not running`)
    return this.#client
  }

  /** SIGKILL: no goodbye, nothing is tidied up. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** SIGTERM: finishes what is under way. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    this.#client = null
    if (child === null || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Fault('port_in_use', reasonOf(error))))
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
