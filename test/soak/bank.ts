/**
 * One bank of a soak: the real program in a process of its own, which is killed, stopped for a while and started again
 * on the same folder and ports, and is asked over its HTTP API like any bank.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StatusView } from '../../src/http/client.ts'
import { cleanEnvironment, type Program } from './program.ts'
import type { Troubles } from './trouble.ts'

/** What came back: an answer of any status, or none, and then nobody knows what the bank did. */
export type Answer<T = unknown> = { readonly status: number; readonly body: T } | null

export interface BankParts {
  readonly program: Program
  readonly name: string
  readonly folder: string
  readonly logFile: string
  readonly httpPort: number
  /** With what the bank is made. */
  readonly settings: readonly string[]
  readonly troubles: Troubles
  /** When the bank's disk was last full, on the clock of `performance`. */
  readonly diskFullAt: () => number
}

interface Run {
  readonly child: ChildProcess
  readonly since: number
  readonly over: Promise<void>
  /** What we did to it, which explains its end. */
  wanted: 'up' | 'killed' | 'stopped'
  /** It was paused, so its start tells nothing about how long a start takes. */
  disturbed: boolean
  signing: boolean
}

const AGAIN_MS = 300
/** Begins what the soak itself writes between the lines of a bank's log. */
export const MARK = 'soak: '
/** A stop takes seconds; one that hangs is ended, and its exit code tells. */
const STOP_GUARD_MS = 60_000

export class SoakBank {
  readonly name: string
  readonly folder: string
  readonly logFile: string
  readonly settings: readonly string[]
  id = ''
  kills = 0
  killsWhileStarting = 0
  pauses = 0
  /** Ends on a full disk. */
  faults = 0
  starts = 0
  slowestStartSeconds = 0
  mostMemoryKib = 0
  paused = false
  readonly #parts: BankParts
  #run: Run | null = null
  #token = ''
  #again: NodeJS.Timeout | null = null
  #destroyed = false
  #looking: Promise<StatusView | null> = Promise.resolve(null)
  #seen = { size: 0, root: '' }

  constructor(parts: BankParts) {
    this.#parts = parts
    this.name = parts.name
    this.folder = parts.folder
    this.logFile = parts.logFile
    this.settings = parts.settings
    this.mark('made')
  }

  get pid(): number | null {
    return this.#run?.child.pid ?? null
  }

  get isRunning(): boolean {
    return this.#run !== null
  }

  /** Starts the process and keeps it running until `stop`; does not wait for it to answer. */
  start(): void {
    if (this.#run !== null || this.#destroyed) return
    clearTimeout(this.#again ?? undefined)
    this.#again = null
    this.mark('start')
    const log = openSync(this.logFile, 'a', 0o600)
    const child = spawn(process.execPath, [this.#parts.program.script, 'serve', '--dir', this.folder], {
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', log],
    })
    closeSync(log)
    this.starts += 1
    const over = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ended(run, `${signal ?? code}`)
        resolve()
      })
    })
    const run: Run = {
      child,
      since: performance.now(),
      over,
      wanted: 'up',
      disturbed: false,
      signing: false,
    }
    this.#run = run
  }

  #ended(run: Run, how: string): void {
    this.#run = null
    this.paused = false
    this.mark(`ended with ${how}`)
    if (run.wanted === 'stopped') {
      if (how !== '0') this.#parts.troubles.note(`${this.name} did not stop cleanly`, `it ended with ${how}`)
      return
    }
    if (run.wanted === 'killed') return
    // A process that met a full disk ends by itself, with the code of a fault of the world.
    if (how === '2' && this.#parts.diskFullAt() >= run.since) this.faults += 1
    else this.#parts.troubles.note(`${this.name} ended by itself`, `with ${how}: ${this.lastWords()}`)
    this.#again = setTimeout(() => this.start(), AGAIN_MS)
  }

  /** kill -9, at whatever moment; starts again after the pause. False when there was nothing to kill. */
  async kill(downMs: number): Promise<boolean> {
    const run = this.#run
    if (run === null) return false
    run.wanted = 'killed'
    if (!run.child.kill('SIGKILL')) return false
    await run.over
    if (run.child.signalCode === 'SIGKILL') {
      this.kills += 1
      if (!run.signing) this.killsWhileStarting += 1
    }
    this.#again = setTimeout(() => this.start(), downMs)
    return run.child.signalCode === 'SIGKILL'
  }

  /** SIGSTOP: the process is there, and does and answers nothing. False when there was none. */
  freeze(): boolean {
    const run = this.#run
    if (run === null || this.paused || !run.child.kill('SIGSTOP')) return false
    this.mark('paused')
    run.disturbed = true
    this.paused = true
    this.pauses += 1
    return true
  }

  thaw(): void {
    if (this.paused) {
      this.#run?.child.kill('SIGCONT')
      this.mark('goes on')
    }
    this.paused = false
  }

  /** The stop of an operator: the process is asked to end, and its exit code must be 0. */
  async stop(): Promise<void> {
    clearTimeout(this.#again ?? undefined)
    const run = this.#run
    if (run === null) return
    run.wanted = 'stopped'
    run.child.kill('SIGTERM')
    const hangs = setTimeout(() => run.child.kill('SIGKILL'), STOP_GUARD_MS)
    await run.over
    clearTimeout(hangs)
  }

  /** For a program that is about to end: no waiting, and nothing is counted. */
  destroy(): void {
    this.#destroyed = true
    clearTimeout(this.#again ?? undefined)
    if (this.#run === null) return
    this.#run.wanted = 'killed'
    this.#run.child.kill('SIGKILL')
  }

  async ask<T>(method: 'GET' | 'POST', path: string, body: unknown, patienceMs: number): Promise<Answer<T>> {
    try {
      this.#token ||= (await readFile(join(this.folder, 'api-token'), 'utf8')).trim()
      const response = await fetch(`http://127.0.0.1:${this.#parts.httpPort}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(patienceMs),
        ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      })
      return { status: response.status, body: (await response.json()) as T }
    } catch {
      return null // Refused, cut, late or half an answer: to whoever asked it is all the same.
    }
  }

  /** Asks how the bank is, and compares with what it said before: a signed head is never taken back. */
  look(patienceMs: number): Promise<StatusView | null> {
    // One after another, so that what is seen later was said later.
    this.#looking = this.#looking.then(() => this.#look(patienceMs))
    return this.#looking
  }

  async #look(patienceMs: number): Promise<StatusView | null> {
    const run = this.#run
    const answer = await this.ask<StatusView>('GET', '/status', null, patienceMs)
    if (answer === null || answer.status !== 200) return null
    const { body } = answer
    const { troubles } = this.#parts
    if (body.size < this.#seen.size)
      troubles.note(`${this.name} lost entries`, `${this.#seen.size}, then ${body.size}`)
    if (body.size === this.#seen.size && this.#seen.root !== '' && body.root !== this.#seen.root)
      troubles.note(`${this.name} has two histories`, `of ${body.size} entries`)
    if (body.sum_minutes !== 0) troubles.note(`${this.name}'s book does not add up`, `${body.sum_minutes}`)
    if (body.size > this.#seen.size) this.#seen = { size: body.size, root: body.root }
    if (body.signing === 'no' && body.refusal?.code !== 'disk_low')
      troubles.note(`${this.name} refuses to sign`, body.refusal?.code)
    if (run !== null && run === this.#run && body.signing === 'yes' && !run.signing) {
      run.signing = true
      this.mark('signs')
      const seconds = (performance.now() - run.since) / 1000
      if (!run.disturbed) this.slowestStartSeconds = Math.max(this.slowestStartSeconds, seconds)
    }
    return body
  }

  /** Keeps the largest memory the process had so far; where there is no /proc nothing is known. */
  weigh(): void {
    try {
      const text = readFileSync(`/proc/${this.pid}/status`, 'utf8')
      this.mostMemoryKib = Math.max(this.mostMemoryKib, Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1] ?? 0))
    } catch {
      // It has just ended, and was weighed a moment before.
    }
  }

  /** A line between those of the bank, so that its log tells what was done to it. */
  mark(what: string): void {
    appendFileSync(this.logFile, `${JSON.stringify({ time: new Date().toISOString(), msg: MARK + what })}\n`)
  }

  /** The end of what the bank wrote to its log. */
  lastWords(): string {
    return readFileSync(this.logFile, 'utf8').slice(-600).trim()
  }
}
