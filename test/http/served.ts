/**
 * Banks for the tests of the API: each on a folder, ports and log of its own, exactly as `commonhour serve` runs it.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../../src/core/fault.ts'
import { toBase32 } from '../../src/core/ids.ts'
import { type Client, makeClient } from '../../src/http/client.ts'
import type { OperatorLog } from '../../src/machine.ts'
import type { Clock } from '../../src/node/ports.ts'
import { type InitOptions, init, type ServedBank, type ServeOptions, serve } from '../../src/serve.ts'

export interface TestBank extends ServedBank {
  readonly folder: string
  readonly name: string
  readonly id: string
  readonly words: readonly string[]
  readonly client: Client
  /** Lines of the operator's log. */
  readonly said: string[]
  /** A request as a stranger may make it; nothing is added. */
  ask(path: string, request?: RequestInit): Promise<Answer>
  /** The same with the token, and a body as JSON. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any
}

/** Makes and serves a bank in a new folder; `end` removes it. `publicUrl` stands on its card; its sheet may wait. */
export async function testBank(
  name: string,
  options: Partial<ServeOptions> = {},
  { publicUrl = null, sheet = 'shown' }: Pick<InitOptions, 'publicUrl' | 'sheet'> = {},
): Promise<TestBank> {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-http-'))
  const { bank, words } = await init({ folder, name, coordinator: 'Priya', publicUrl, sheet })
  return { ...(await serveFolder(folder, name, options)), id: toBase32(bank), words }
}

export async function serveFolder(
  folder: string,
  name: string,
  options: Partial<ServeOptions> = {},
): Promise<Omit<TestBank, 'id' | 'words'>> {
  const said: string[] = []
  const served = await serve({
    folder,
    http: { host: '127.0.0.1', port: 0 },
    p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], announce: [], network: 'lan' },
    bootstrap: [],
    publicHead: 'usual',
    log: logInto(said),
    onFatal: (fault) => said.push(`fatal ${String(fault)}`),
    ...options,
  })
  const ask = async (path: string, request: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(served.url + path, request)
    const bytes = new Uint8Array(await response.arrayBuffer())
    const text = Buffer.from(bytes).toString('utf8')
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text,
      json: isJson ? JSON.parse(text) : null,
    }
  }
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    ...served,
    folder,
    name,
    said,
    ask,
    call,
    client: makeClient({ url: served.url, token: served.token }),
  }
}

export function logInto(said: string[]): OperatorLog {
  const line = (facts: object, message: string): void => {
    said.push(`${message} ${JSON.stringify(facts)}`)
  }
  return { info: line, warn: line, error: line }
}

export async function end(...banks: (Pick<TestBank, 'close' | 'folder'> | undefined)[]): Promise<void> {
  for (const bank of banks) {
    await bank?.close()
    if (bank !== undefined) await rm(bank.folder, { recursive: true, force: true })
  }
}

/** Two banks that know each other, with an open line. */
export async function twoBanks(): Promise<{ harbour: TestBank; millbrook: TestBank }> {
  const [harbour, millbrook] = await Promise.all([testBank('Harbour'), testBank('Millbrook')])
  await openLine(harbour, millbrook)
  return { harbour, millbrook }
}

export async function openLine(a: TestBank, b: TestBank): Promise<void> {
  const { addresses } = (await b.call('GET', '/status')).json
  const added = await a.call('POST', '/neighbours', { bank_id: b.id, addresses })
  must(added.status === 201, `a line was proposed: ${added.text}`)
  await until(async () => (await b.call('GET', '/neighbours')).json.proposals.length > 0)
  const accepted = await b.call('POST', `/neighbours/${a.id}/accept`, {})
  must(accepted.status === 200, `the line was accepted: ${accepted.text}`)
  await until(async () =>
    (await a.call('GET', '/neighbours')).json.neighbours.some(
      (one: { bank_id: string; line_state: string }) => one.bank_id === b.id && one.line_state === 'open',
    ),
  )
}

/** Waits until the condition holds; the limit is a guard against a hang and nothing else. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  const over = performance.now() + seconds * 1000
  while (!(await holds())) {
    must(performance.now() < over, `the condition holds within ${seconds} seconds: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The real clock, some seconds ahead. */
export class MovableClock implements Clock {
  offset = 0
  now(): number {
    return Math.floor(Date.now() / 1000) + this.offset
  }
  uptime(): number {
    return performance.now() / 1000 + this.offset
  }
  after(milliseconds: number, run: () => void): () => void {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  }
}

/** Its seconds pass only when the test lets them, so that an hour is an hour however slow the machine is. */
export class StandingClock extends MovableClock {
  readonly #now = super.now()
  readonly #uptime = super.uptime()
  override now(): number {
    return this.#now + this.offset
  }
  override uptime(): number {
    return this.#uptime + Math.max(0, this.offset)
  }
}
