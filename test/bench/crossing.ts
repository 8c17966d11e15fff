/**
 * How many payments a second does one pair of banks settle over real libp2p, each bank in its own process? Unbatched
 * is one message a frame; batched is what the program does by itself.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figures } from './main.ts'

export async function crossing(): Promise<Figures> {
  const figures: Figures = {}
  for (const mode of ['single', 'batched'] as const) {
    const runs =
      mode === 'single'
        ? [
            [1, 400],
            [32, 2_000],
          ]
        : [
            [32, 4_000],
            [256, 12_000],
          ]
    const folder = await mkdtemp(join(tmpdir(), 'commonhour-bench-'))
    const harbour = new BankProcess(join(folder, 'harbour'), 'Harbour', mode)
    const millbrook = new BankProcess(join(folder, 'millbrook'), 'Millbrook', mode)
    try {
      await Promise.all([harbour.answer(), millbrook.answer()])
      const there = await millbrook.ask<Where>({ do: 'where' })
      const here = await harbour.ask<Where>({ do: 'where' })
      await harbour.ask({ do: 'propose', ...there })
      await millbrook.ask({ do: 'accept', bank: here.bank })
      await harbour.ask({ do: 'open' })
      for (const [inFlight, count] of runs as [number, number][]) {
        const { seconds } = await harbour.ask<{ seconds: number }>({
          do: 'pay',
          count,
          inFlight,
          bank: there.bank,
          handles: there.handles,
        })
        figures[`payments/s, ${mode}, ${inFlight} in flight`] = Math.round(count / seconds)
      }
    } finally {
      await harbour.end()
      await millbrook.end()
      await rm(folder, { recursive: true, force: true })
    }
  }
  return figures
}

interface Where {
  readonly bank: string
  readonly handles: readonly string[]
}

class BankProcess {
  private readonly child: ChildProcess
  private readonly waiting: ((answer: { done?: unknown; failed?: string }) => void)[] = []

  constructor(folder: string, name: string, mode: string) {
    this.child = fork(new URL('./crossing-bank.ts', import.meta.url), [folder, name, mode], {
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    this.child.on('message', (answer) =>
      this.waiting.shift()?.(answer as { done?: unknown; failed?: string }),
    )
  }

  answer<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push(({ done, failed }) =>
        failed === undefined ? resolve(done as T) : reject(new Error(failed)),
      )
    })
  }

  ask<T>(request: object): Promise<T> {
    const answered = this.answer<T>()
    this.child.send(request)
    return answered
  }

  async end(): Promise<void> {
    await this.ask({ do: 'end' }).catch(() => undefined)
    this.child.kill('SIGKILL')
  }
}
