/**
 * Do the commands on a page work as they stand? Runs the blocks marked `sh run` in order, in one shell and
 * one empty folder, with the built program; blocks marked `sh run terminal` each in a shell of their own that stays.
 *
 * A block may be followed by a `text` block: what is printed must hold its lines in their order, where `...` stands
 * for anything. The port numbers of the page are changed for free ones, all alike.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type Fence, fencesOf, type Page, PROJECT } from './pages.ts'

/** Nothing on a page takes nearly as long; it ends one that hangs. */
const HANG_MS = 50_000
const PORT = /\b76\d\d\b/g

export interface Step {
  readonly page: string
  readonly script: string
  readonly place: 'here' | 'terminal'
  /** Lines that must be printed; empty when the page shows none. */
  readonly shown: readonly string[]
  readonly line: number
}

/** The marked blocks of a page with what the page says they print. */
export function stepsOf(page: Page): Step[] {
  const fences = fencesOf(page)
  const steps: Step[] = []
  fences.forEach((fence, i) => {
    if (!/^sh run( terminal)?$/.test(fence.info)) return
    const next = fences[i + 1]
    const shown =
      next?.info === 'text' && isNext(page, fence, next)
        ? next.body.split('\n').filter((line) => line.trim() !== '')
        : []
    const place = fence.info.endsWith('terminal') ? 'terminal' : 'here'
    steps.push({ page: page.path, script: fence.body, place, shown, line: fence.line })
  })
  return steps
}

/** Whether only a sentence stands between two blocks, and no heading. */
function isNext(page: Page, one: Fence, two: Fence): boolean {
  const between = page.text.split('\n').slice(one.line + one.body.split('\n').length + 1, two.line - 1)
  return !between.some((line) => line.startsWith('#'))
}

/**
 * Walks pages that go on from one another. What does not fit: the step's place, and what was printed instead. Null when
 * every step did what its page says.
 */
export async function walk(...pages: readonly Page[]): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  const terminals: Shell[] = []
  try {
    const env = environment(folder)
    const steps = pages.flatMap(stepsOf)
    const ports = await freePorts(steps)
    const here = new Shell(folder, env)
    terminals.push(here)
    for (const step of steps) {
      const script = step.script.replaceAll(PORT, (port) => ports.get(port) ?? port)
      const shown = step.shown.map((line) => line.replaceAll(PORT, (port) => ports.get(port) ?? port))
      const shell = step.place === 'here' ? here : new Shell(folder, env)
      if (shell !== here) terminals.push(shell)
      const problem =
        step.place === 'here' ? await shell.run(script, shown) : await shell.begin(script, shown)
      if (problem !== null) return `${step.page}:${step.line} ${problem}`
    }
    return null
  } finally {
    await Promise.all(terminals.map((shell) => shell.end()))
    rmSync(folder, { recursive: true, force: true })
  }
}

class Shell {
  readonly #child: ChildProcess
  #printed = ''
  #changed: () => void = () => {}
  #gone: number | null = null

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    // A group of its own, so that whatever a page leaves running ends with it.
    this.#child = spawn('bash', ['--noprofile', '--norc'], {
      cwd: folder,
      env,
      detached: true,
      stdio: 'pipe',
    })
    const take = (data: Buffer): void => {
      this.#printed += data.toString('utf8')
      this.#changed()
    }
    this.#child.stdout?.on('data', take)
    this.#child.stderr?.on('data', take)
    this.#child.once('exit', (code) => {
      this.#gone = code ?? 1
      this.#changed()
    })
    // The first command that fails ends the shell, and its code is the last thing said.
    this.#child.stdin?.write(`set -e\ntrap 'echo "@@$?"' EXIT\n`)
  }

  /** Runs to the end; the exit code must be 0. */
  async run(script: string, shown: readonly string[]): Promise<string | null> {
    const start = this.#printed.length
    this.#child.stdin?.write(`${script}\necho "@@0"\n`)
    await this.#until(() => /@@\d+\n$/.test(this.#printed.slice(start)))
    const printed = this.#printed.slice(start)
    const code = /@@(\d+)\n$/.exec(printed)?.[1]
    if (code === undefined) return `did not end. Printed:\n${printed}`
    if (code !== '0') return `ended with ${code}. Printed:\n${printed}`
    const missing = firstMissing(printed, shown)
    return missing === null ? null : `did not print "${missing}". Printed:\n${printed}`
  }

  /** Starts and goes on when the shown lines are there. */
  async begin(script: string, shown: readonly string[]): Promise<string | null> {
    this.#child.stdin?.write(`${script}\n`)
    await this.#until(() => firstMissing(this.#printed, shown) === null)
    const missing = firstMissing(this.#printed, shown)
    return missing === null ? null : `did not print "${missing}". Printed:\n${this.#printed}`
  }

  async end(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) return
    signalGroup(pid, 'SIGTERM')
    const over = Date.now() + 5_000
    while (this.#gone === null && Date.now() < over) await pause(20)
    signalGroup(pid, 'SIGKILL')
  }

  async #until(holds: () => boolean): Promise<void> {
    const over = Date.now() + HANG_MS
    while (!holds() && this.#gone === null && Date.now() < over) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
        setTimeout(resolve, 200)
      })
    }
  }
}

/** The first shown line that is not printed after those before it; `...` stands for anything. */
export function firstMissing(printed: string, shown: readonly string[]): string | null {
  const lines = printed.split('\n').map((line) => line.trim())
  let at = 0
  for (const wanted of shown) {
    const pattern = new RegExp(`^${wanted.trim().split('...').map(escaped).join('.*')}$`)
    const found = lines.findIndex((line, i) => i >= at && pattern.test(line))
    if (found < 0) return wanted
    at = found + 1
  }
  return null
}

function escaped(text: string): string {
  // Columns are as wide as they need to be, so any run of blanks fits any other.
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+')
}

/** A user with an empty home and the program in the path, as after installing it. */
function environment(folder: string): NodeJS.ProcessEnv {
  const tools = join(folder, '.bin')
  mkdirSync(tools)
  const program = join(tools, 'commonhour')
  writeFileSync(
    program,
    `#!/bin/sh\nexec "${process.execPath}" "${join(PROJECT, 'bin/commonhour.js')}" "$@"\n`,
  )
  chmodSync(program, 0o755)
  const path = [tools, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)
  return { PATH: path, HOME: folder, LANG: 'C.UTF-8', NO_COLOR: '1' }
}

async function freePorts(steps: readonly Step[]): Promise<Map<string, string>> {
  const ports = new Map<string, string>()
  for (const { script, shown } of steps) {
    for (const [port] of [script, ...shown].join('\n').matchAll(PORT)) {
      if (!ports.has(port)) ports.set(port, String(await freePort()))
    }
  }
  return ports
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
