/**
 * How does a bank begin that nobody has made yet? With pages instead of a bank, on the port of the bank to come; once its
 * first questions are answered the bank is made and opened in their place ([OPS-1]).
 */

import { Fault } from './core/fault.ts'
import type { App } from './http/app.ts'
import { type HttpServer, listenHttp } from './http/server.ts'
import { random, realClock } from './machine.ts'
import { listCoordinators } from './register/office.ts'
import { nameAccount } from './register/people.ts'
import { type InitOptions, init, type ServedBank, type ServeOptions, serve } from './serve.ts'
import type { Sights } from './web/begin/first.ts'
import type { FirstAnswers } from './web/begin/questions.tsx'
import { LANGUAGES } from './words/languages/all.ts'

/** A program on a folder without a bank, which asks in the browser what is needed to make one. */
export interface Begun {
  /** The one door, until the bank is made; then it leads on ([SIGN-9]). */
  readonly url: string
  /** The bank, once somebody has made it. */
  readonly bank: Promise<ServedBank>
  /** Of the bank too, once there is one. */
  close(): Promise<void>
}

export interface BeginOptions extends ServeOptions {
  /** Called once the bank is founded, before it is opened. */
  readonly founded: () => Promise<void>
  readonly lookAround: () => Promise<Sights>
}

/**
 * Shows the first pages on a folder without a bank. Throws Fault `port_in_use`; whatever keeps the new bank from being
 * made or opened is told on the page and in the log, and may be tried again.
 */
export async function begin(options: BeginOptions): Promise<Begun> {
  const { folder, log, founded, lookAround } = options
  const server = await listenHttp({ ...options.http, clock: options.clock ?? realClock })
  const { Beginning } = await import('./web/begin/begin.ts')
  const opened = Promise.withResolvers<ServedBank>()
  let bank: ServedBank | null = null
  let founding: Promise<unknown> = Promise.resolve()
  const first = new Beginning({
    languages: options.languages ?? LANGUAGES,
    lookAround,
    random: random.bytes,
    report: (problem) => log.error({ problem }, 'setting_up_failed'),
    found(answers) {
      const path = found(answers)
      founding = path.catch(() => undefined)
      return path
    },
  })
  const found = async (answers: FirstAnswers): Promise<string> => {
    await initOnce({ folder, ...answers, sheet: 'waits' })
    await founded()
    // A bank that does not open leaves these pages where they are; one that did is not opened twice.
    bank ??= await serve({
      ...options,
      server: { ...server, open: openBeside, close: () => closing(server) },
    })
    await nameCoordinator(bank)
    opened.resolve(bank)
    return bank.setupUrl === null ? '/desk' : new URL(bank.setupUrl).pathname
  }
  const openBeside = (app: App): void =>
    server.open({
      fetch: (request, from) => (first.isFor(request) ? first.fetch(request) : app.fetch(request, from)),
    })
  const closing = async ({ close }: HttpServer): Promise<void> => {
    if (bank === null) server.open(first)
    else await close()
  }
  server.open(first)
  return {
    url: server.url + first.path,
    bank: opened.promise,
    async close() {
      // A bank that is being opened would stay open, with nobody left to close it.
      await founding
      await (bank ?? server).close()
    },
  }
}

/** The first coordinator is a member as well, and can help and be helped from the first hour on. */
async function nameCoordinator({ node, people }: ServedBank): Promise<void> {
  const [first] = await listCoordinators(node, people)
  const isNamed =
    first === undefined || first.ownAccount === null || people.byAccount(first.ownAccount) !== null
  if (isNamed) return
  const named = await nameAccount(node, people, first.ownAccount, { name: first.name })
  if (!named.ok)
    throw new Fault('store_failed', `The first coordinator has no number yet: ${named.refusal.code}.`)
}

/** An earlier try may have founded the bank, and failed to open it. */
async function initOnce(options: InitOptions): Promise<void> {
  try {
    await init(options)
  } catch (thrown) {
    if (!(thrown instanceof Fault && thrown.code === 'folder_set_up')) throw thrown
  }
}
