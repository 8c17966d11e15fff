/**
 * How does a test hold a bank process that it kills? Starts it, asks it, kills it with SIGKILL at any moment and
 * starts it again on the same folder and port. A question that dies with the process rejects.
 */

import { type ChildProcess, fork } from 'node:child_process'

export class Killed extends Error {}

export class KillableBank {
  kills = 0
  private args: readonly string[]
  private child: ChildProcess | null = null
  private readonly waiting = new Map<
    number,
    { resolve: (done: unknown) => void; reject: (why: unknown) => void }
  >()
  private next = 1

  constructor(folder: string, name: string, port: number) {
    this.args = [folder, name, String(port)]
  }

  /** Addresses from which the next start learns of the network; none unless said. */
  bootstrapFrom(...targets: readonly { peerId: string; addresses: readonly string[] }[]): void {
    this.args = [...this.args.slice(0, 3), JSON.stringify(targets)]
  }

  async start(): Promise<void> {
    const script = new URL('./bank-process.ts', import.meta.url)
    const child = fork(script, [...this.args], { stdio: ['ignore', 2, 2, 'ipc'], execArgv: [] })
    this.child = child
    const ready = this.expect(0)
    child.on('message', (answer: { n: number; done?: unknown; failed?: string }) => {
      const asked = this.waiting.get(answer.n)
      this.waiting.delete(answer.n)
      if (answer.failed === undefined) asked?.resolve(answer.done)
      else asked?.reject(new Error(answer.failed))
    })
    child.on('exit', (code, signal) => {
      if (this.child === child) this.child = null
      for (const { reject } of this.waiting.values()) reject(new Killed(`the bank ended (${signal ?? code})`))
      this.waiting.clear()
    })
    await ready
  }

  private expect(n: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(n, { resolve, reject }))
  }

  ask<T>(act: string, facts: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const { child } = this
    if (child?.connected !== true) return Promise.reject(new Killed('the bank is not running'))
    const n = this.next++
    const answer = this.expect(n)
    child.send({ ...facts, do: act, n }, (error) => {
      if (error === null) return
      this.waiting.get(n)?.reject(new Killed(error.message))
      this.waiting.delete(n)
    })
    return answer as Promise<T>
  }

  /** SIGKILL, and waits until the process is gone. */
  async kill(): Promise<void> {
    const { child } = this
    if (child === null) return
    this.kills += 1
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  async end(): Promise<void> {
    if (this.child !== null) await this.ask('end').catch(() => undefined)
    await this.kill()
  }
}
