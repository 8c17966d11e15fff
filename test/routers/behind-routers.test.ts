/**
 * Do hours arrive between banks behind home routers? The program as it is, in networks of its own with real address
 * translation: both at home with two banks in the open, one in the open, both in the open, and a relay killed midway.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { must } from '../../src/core/fault.ts'
import { build } from '../cli/program.ts'
import { until } from '../http/served.ts'
import { hindrance, Internet, type Place } from './house.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/commonhour.js', import.meta.url))
const HANG_MS = 600_000
const LONG_SECONDS = 300

const why = await hindrance()
if (why !== null) console.warn(`Tests behind home routers are SKIPPED: ${why}`)

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A bank in a place: its commands run there, for its pages answer nowhere else. */
class Bank {
  readonly name: string
  readonly folder: string
  readonly #space: string
  readonly #announce: readonly string[]
  #child: ChildProcess | null = null

  /** One in the open says where it is reached; one at home does not know, and need not. */
  constructor(name: string, base: string, { space, address }: Place, where: 'in the open' | 'at home') {
    this.name = name
    this.folder = join(base, name.toLowerCase())
    this.#space = space
    this.#announce = where === 'at home' ? [] : ['--p2p-announce', `/ip4/${address}/tcp/7601`]
  }

  async begin(): Promise<this> {
    const made = await this.run('init', '--name', this.name, '--coordinator', 'Priya', ...this.#announce)
    must(made.code === 0, `a bank is made: ${made.err}`)
    await this.serve()
    return this
  }

  async serve(): Promise<void> {
    const args = ['netns', 'exec', this.#space, process.execPath, PROGRAM, 'serve', '--dir', this.folder]
    const child = spawn('ip', args, { stdio: 'ignore' })
    this.#child = child
    await until(async () => {
      const text = await readFile(join(this.folder, 'api.json'), 'utf8').catch(() => '{}')
      return JSON.parse(text).pid === child.pid
    }, LONG_SECONDS)
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  run(...args: readonly string[]): Promise<Ran> {
    const all = ['netns', 'exec', this.#space, process.execPath, PROGRAM, ...args, '--dir', this.folder]
    return new Promise((resolve) => {
      execFile('ip', all, { maxBuffer: 2 ** 26 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err })
      })
    })
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape.
  async json(...args: readonly string[]): Promise<any> {
    const ran = await this.run(...args, '--json')
    must(ran.out.startsWith('{'), `${args.join(' ')}: ${ran.err}`)
    return JSON.parse(ran.out)
  }

  async member(name: string): Promise<void> {
    const added = await this.run('member', 'add', '--name', name, '--number', name)
    must(added.code === 0, `a member is added: ${added.err}`)
  }
}

/** `from` takes up an invitation of `to`, as often as it takes to reach it. */
async function becomeNeighbours(from: Bank, to: Bank): Promise<void> {
  const invite = (await to.run('neighbour', 'invite')).out.trim()
  await until(async () => (await from.run('neighbour', 'add', invite)).code === 0, LONG_SECONDS)
  await until(async () => {
    const { neighbours } = await from.json('neighbour', 'list')
    return neighbours.some(({ name, line_state }: { name: string; line_state: string }) => {
      return name === to.name && line_state === 'open'
    })
  }, LONG_SECONDS)
}

async function pays(from: Bank, to: Bank, ...more: readonly string[]): Promise<Ran> {
  const handle = (await to.run('member', 'handle', 'Bo')).out.trim()
  const known = ['--reason', 'telephoned', '--channel', 'call']
  return from.run('pay', '--from', 'Ada', '--to', handle, '--minutes', '30', ...known, ...more)
}

/** Nothing waits any more, here or there. */
async function allSettled(...both: readonly Bank[]): Promise<void> {
  for (const bank of both)
    await until(async () => (await bank.json('status')).payments_open === 0, LONG_SECONDS)
}

describe.skipIf(why !== null)('[NAT-1] [NAT-2] [NAT-3] behind home routers', { timeout: HANG_MS }, () => {
  let base: string
  let internet: Internet
  const banks: Bank[] = []
  let northgate: Bank
  let quayside: Bank
  let harbour: Bank
  let millbrook: Bank
  beforeAll(async () => {
    await build()
    base = await mkdtemp(join(tmpdir(), 'commonhour-routers-'))
    internet = await Internet.open()
    northgate = new Bank('Northgate', base, await internet.public(), 'in the open')
    quayside = new Bank('Quayside', base, await internet.public(), 'in the open')
    harbour = new Bank('Harbour', base, await internet.home(), 'at home')
    millbrook = new Bank('Millbrook', base, await internet.home(), 'at home')
    banks.push(northgate, quayside, harbour, millbrook)
    await Promise.all(banks.map((bank) => bank.begin()))
    for (const bank of banks) for (const name of ['Ada', 'Bo']) await bank.member(name)
  }, HANG_MS)
  afterAll(async () => {
    await Promise.all(banks.map((bank) => bank.stop('SIGKILL')))
    await internet?.close()
    if (base !== undefined) await rm(base, { recursive: true, force: true })
  })

  test('a router lets nobody in: no address leads to a bank at home, and its own is not told', async () => {
    const { addresses } = await harbour.json('status')
    expect(addresses).toEqual([])
    expect((await northgate.json('status')).addresses).toHaveLength(1)
  })

  test('both in the open', async () => {
    await becomeNeighbours(northgate, quayside)
    expect((await pays(northgate, quayside)).code).toBe(0)
    expect((await pays(quayside, northgate)).code).toBe(0)
  })

  test('one in the open, one at home', async () => {
    for (const home of [harbour, millbrook])
      for (const open of [northgate, quayside]) await becomeNeighbours(home, open)
    expect((await pays(harbour, northgate)).code).toBe(0)
    expect((await pays(northgate, harbour)).code).toBe(0)
  })

  test('both at home: neighbours, and hours both ways, through a line partner in the open', async () => {
    await until(async () => (await millbrook.json('status')).addresses.length > 0, LONG_SECONDS)
    await becomeNeighbours(harbour, millbrook)
    expect((await pays(harbour, millbrook)).code).toBe(0)
    expect((await pays(millbrook, harbour)).code).toBe(0)
  })

  test('the relay is killed while hours are on their way: they arrive through the other', async () => {
    const sent = Promise.all(Array.from({ length: 4 }, () => pays(harbour, millbrook, '--post')))
    await northgate.stop('SIGKILL')
    expect((await sent).map(({ code }) => code)).toEqual([0, 0, 0, 0])
    await allSettled(harbour, millbrook)
    // The other goes, and the first comes back: the homes find each other through it again.
    await quayside.stop('SIGKILL')
    await northgate.serve()
    const late = await Promise.all(Array.from({ length: 3 }, () => pays(harbour, millbrook, '--post')))
    expect(late.map(({ code }) => code)).toEqual([0, 0, 0])
    await allSettled(harbour, millbrook)
  })

  test('and the logs of both add up, to whoever reads them', async () => {
    const files = await Promise.all(
      [harbour, millbrook].map(async (bank) => {
        const file = `${bank.folder}.zip`
        expect((await bank.run('export', 'all', '-o', file)).code).toBe(0)
        return file
      }),
    )
    const report = await auditPaths(files, { independent: 'no' })
    expect([report.verdict, report.findings]).toEqual(['pass', []])
    expect(report.payments).toMatchObject({ in_transit: 0, undecided: 0 })
    expect(report.payments.paid).toBeGreaterThanOrEqual(9)
  })
})
