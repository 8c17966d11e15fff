/**
 * What went wrong in a soak? A short list of sentences: one kind of trouble is told once and then only counted.
 */

const TOLD = 100

export class Troubles {
  readonly #times = new Map<string, { text: string; times: number }>()

  /** `kind` groups what is the same trouble again; `facts` are shown of the first one. */
  note(kind: string, facts = ''): void {
    const known = this.#times.get(kind)
    if (known !== undefined) known.times += 1
    else this.#times.set(kind, { text: facts === '' ? kind : `${kind}: ${facts}`, times: 1 })
  }

  list(): readonly string[] {
    return [...this.#times.values()]
      .slice(0, TOLD)
      .map(({ text, times }) => (times === 1 ? text : `${text} (${times} times)`))
  }
}

/** Resolves after the time, or at once when the signal says so; whoever waits looks at the signal itself. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.max(0, milliseconds))
    signal?.addEventListener('abort', done)
  })
}
