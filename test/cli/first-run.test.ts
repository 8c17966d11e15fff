/** What does a folder without a bank need to become one? The program as it is, from the first page to a bank that starts again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isUnused } from '../../src/cli/first-run.ts'
import { addressesOf } from '../../src/cli/house-address.ts'
import { openerFor } from '../../src/cli/open-browser.ts'
import { must } from '../../src/core/fault.ts'
import { init } from '../../src/serve.ts'
import { until } from '../http/served.ts'
import { Caller } from '../web/caller.ts'
import { PASSWORD } from '../web/town.ts'
import { build, commonhour, ON_FREE_PORTS } from './program.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/commonhour.js', import.meta.url))
/** The demo of the look around takes half a minute. */
const HANG_MS = 600_000

let base: string
let folder: string
let running: ChildProcess | null = null
beforeAll(() => build())
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'commonhour-first-'))
  folder = join(base, 'bank')
})
afterEach(async () => {
  await stop()
  await rm(base, { recursive: true, force: true })
})

/** Starts `serve`, and gives the link that it prints. */
async function started(...more: string[]): Promise<URL> {
  const args = [PROGRAM, 'serve', '--dir', folder, ...ON_FREE_PORTS, ...more]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  running = child
  let out = ''
  for await (const data of child.stdout.iterator({ destroyOnReturn: false })) {
    out += data
    const link = /http:\S+/.exec(out)
    if (link !== null) return new URL(link[0])
  }
  throw new Error(`no link was printed: ${out}`)
}

async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const child = running
  running = null
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const ANSWERS = { name: 'Harbour', coordinator: 'Priya' }

describe('[OPS-1] serve in an empty folder', { timeout: HANG_MS }, () => {
  test('makes a bank by two pages, with the settings it was given, and starts it again as any other', async () => {
    const link = await started('--log-level', 'warn')
    const caller = new Caller(link.origin)
    expect((await caller.look(link.pathname)).status).toBe(200)
    const made = await caller.post(`${link.pathname}/new`, ANSWERS)
    expect(made.status).toBe(303)
    const chosen = { password: PASSWORD, again: PASSWORD, phone: '01234 567 890' }
    expect((await caller.post(made.to ?? '', chosen)).status).toBe(200)
    expect((await caller.look('/desk')).text).toContain('/run/sheet')
    expect(await readFile(join(folder, 'commonhour.toml'), 'utf8')).toMatch(/^log-level = "warn"$/m)
    await stop()
    const status = await commonhour(['status', '--dir', folder])
    expect(status.err).toContain('is not running')
  })

  test('[KEY-7] killed right after the bank was made: the next start leads on, and the words still wait', async () => {
    const link = await started()
    const made = await new Caller(link.origin).post(`${link.pathname}/new`, ANSWERS)
    expect(made.status).toBe(303)
    await stop('SIGKILL')
    const words = (await readFile(join(folder, 'keys', 'recovery-sheet'), 'utf8')).trim().split(' ')
    expect(words).toHaveLength(24)
    const next = await started()
    expect(next.pathname).not.toBe(link.pathname)
    const page = await new Caller(next.origin).look(next.pathname)
    expect([page.status, page.text.includes('Priya')]).toEqual([200, true])
  })

  test('a look around opens the banks of the demo, which go once there is a bank of one’s own', async () => {
    const looks = async (): Promise<string[]> =>
      (await readdir(tmpdir())).filter((one) => one.startsWith('commonhour-look-'))
    const before = await looks()
    const link = await started()
    const caller = new Caller(link.origin)
    expect((await caller.post(`${link.pathname}/look`, {})).to).toBe(`${link.pathname}/look`)
    let text = ''
    do {
      await new Promise((resolve) => setTimeout(resolve, 500))
      ;({ text } = await caller.look(`${link.pathname}/look`))
    } while (text.includes('data-state="opening"'))
    expect(text).toContain('data-state="open"')
    const url = /href="(http:[^"]+)\/sign-in\/desk"/.exec(text)?.[1]
    must(url !== undefined, `the page names a bank: ${text}`)
    const name = /<dd[^>]*>([^<]+)<\/dd>/.exec(text)?.[1] ?? ''
    const signedIn = await new Caller(url).post('/sign-in/desk', { name, password: PASSWORD })
    expect([signedIn.status, signedIn.to]).toEqual([303, '/desk'])
    // Nothing was made here.
    await expect(readdir(folder)).rejects.toThrow(/ENOENT/)
    // Whoever makes a bank has seen enough.
    expect((await caller.post(`${link.pathname}/new`, ANSWERS)).status).toBe(303)
    await until(() =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    )
    await until(async () => (await looks()).join() === before.join(), 60)
  })
})

describe('which folder waits for a bank', () => {
  test.each([
    ['none', null, true],
    ['an empty one', [], true],
    ['a new disk', ['lost+found'], true],
    ['settings for the bank to come', ['commonhour.toml'], true],
    ['a set-up that was cut short', ['db', 'keys', 'lock', 'clean'], true],
    ['a database that has lost its keys', ['db', 'commonhour.toml'], false],
    ['a guard without its database', ['head-guard'], false],
    ['somebody else’s things', ['keys', 'photos'], false],
  ] as const)('%s', async (_, names, waits) => {
    if (names !== null) await mkdir(folder)
    for (const name of names ?? []) await writeFile(join(folder, name), '')
    expect(await isUnused(folder)).toBe(waits)
  })

  test('a bank is not made twice, and its sheet is not written over', async () => {
    await init({ folder, ...ANSWERS, sheet: 'waits' })
    const before = await readFile(join(folder, 'keys', 'recovery-sheet'), 'utf8')
    await expect(init({ folder, ...ANSWERS, sheet: 'waits' })).rejects.toMatchObject({
      code: 'folder_set_up',
    })
    expect(await readFile(join(folder, 'keys', 'recovery-sheet'), 'utf8')).toBe(before)
  })
})

test.each([
  ['darwin', {}, ['open', 'URL']],
  ['win32', {}, ['cmd', '/c', 'start', '""', 'URL']],
  ['linux', { DISPLAY: ':0' }, ['xdg-open', 'URL']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', 'URL']],
  ['linux', {}, null],
])('the browser of %s with %j', (platform, env, wanted) => {
  expect(openerFor('URL', platform, env)).toEqual(wanted)
})

describe('a link for every address of the machine', () => {
  const interfaces = {
    lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
    wlan: [
      { address: 'fe80::1', family: 'IPv6', internal: false },
      { address: '192.168.1.7', family: 'IPv4', internal: false },
    ],
  } as const

  test.each([
    ['http://127.0.0.1:7600/setup/x', 'http://127.0.0.1:7600/setup/x', 'http://127.0.0.1:7600/setup/x'],
    ['http://0.0.0.0:7600/setup/x', 'http://127.0.0.1:7600/setup/x', 'http://192.168.1.7:7600/setup/x'],
    ['http://[::]:7600/setup/x', 'http://127.0.0.1:7600/setup/x', 'http://192.168.1.7:7600/setup/x'],
  ])('%s', (link, here, house) => {
    expect(addressesOf(link, interfaces)).toEqual({ here, house })
  })

  test('without a house it is for this machine alone', () => {
    expect(addressesOf('http://0.0.0.0:7600/', {}).house).toBe('http://127.0.0.1:7600/')
  })
})
