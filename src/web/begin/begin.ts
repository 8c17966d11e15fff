/**
 * Which pages are there before there is a bank? A new one, one that comes back, or a look around first; behind the link
 * that the program printed, and nothing for anybody else ([SIGN-9], [OPS-1]).
 */

import { type Context, Hono } from 'hono'
import { reasonOf } from '../../core/fault.ts'
import { sha256 } from '../../core/hash.ts'
import { type Bytes, sameBytes } from '../../core/ids.ts'
import { NO_FACTS } from '../../register/bank-facts.ts'
import type { Language, Speech } from '../../words/language.ts'
import { isOverHttps, keepLanguage } from '../cookies.ts'
import { Form, readForm } from '../form.ts'
import { documentOf } from '../layout.tsx'
import { ownPath } from '../public/open-pages.tsx'
import type { Page } from '../screen.ts'
import { shell } from '../shell.ts'
import { speechesOf, speechFor } from '../spoken.ts'
import type { First, Looking, Sights } from './first.ts'
import { choicePage, foreignPage, lookPage, newPage, nothingPage, notYetPage, restorePage } from './pages.tsx'
import { type FirstAnswers, readAnswers } from './questions.tsx'

export interface BeginParts {
  readonly languages: readonly Language[]
  /** Makes the bank, and opens it; gives the path on which its coordinator goes on. Throws what stands in the way. */
  readonly found: (answers: FirstAnswers) => Promise<string>
  /** Opens banks with invented people. Throws what stands in the way; then it may be called again. */
  readonly lookAround: () => Promise<Sights>
  readonly random: (length: number) => Bytes
  /** Hears of what went wrong; never what was typed. */
  readonly report: (problem: string) => void
}

const LINK_BYTES = 24
type Answered = Page | { readonly to: string; readonly language?: string }

/** The pages of a folder without a bank. */
export class Beginning {
  /** The one door, below the address of the pages. It opens until the bank is made, and then leads on. */
  readonly path: string
  readonly #parts: BeginParts
  readonly #speeches: readonly Speech[]
  readonly #app = new Hono()
  #looking: Looking = { state: 'not_asked' }
  /** Pressed twice, it is one bank. */
  #founded: Promise<string> | null = null

  constructor(parts: BeginParts) {
    this.#parts = parts
    this.#speeches = speechesOf(parts.languages)
    const token = Buffer.from(parts.random(LINK_BYTES)).toString('base64url')
    this.path = `/setup/${token}`
    this.#mount(token)
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request)
  }

  /** Whether a request is for these pages still, once there is a bank. */
  isFor(request: Request): boolean {
    const { pathname } = new URL(request.url)
    return this.#founded !== null && (pathname === this.path || pathname.startsWith(`${this.path}/`))
  }

  #mount(token: string): void {
    const app = this.#app
    // Hashes are compared, whose bytes tell nothing of the token.
    const wanted = hashOf(token)
    const opens = (c: Context): boolean => sameBytes(hashOf(c.req.param('token') ?? ''), wanted)
    shell(app)
    app.get('/livez', () => Response.json({ alive: true }))
    app.get('/readyz', () => Response.json({ ready: false, reasons: ['folder_not_set_up'] }, { status: 503 }))
    for (const [below, page] of PAGES)
      app.get(`/setup/:token${below}`, (c) =>
        this.#answer(c, async (first) =>
          opens(c) ? ((await this.#ended()) ?? page(first)) : notYetPage(first),
        ),
      )
    app.post('/setup/:token/new', (c) =>
      this.#answer(c, (first) => (opens(c) ? this.#begin(first) : notYetPage(first))),
    )
    app.post('/setup/:token/look', (c) =>
      this.#answer(c, (first) => (opens(c) ? this.#look() : notYetPage(first))),
    )
    app.post('/language', (c) =>
      this.#answer(c, ({ form }) => ({ to: ownPath(form.text('back')), language: form.text('language') })),
    )
    app.notFound((c) => this.#answer(c, notYetPage))
    app.onError(async (thrown, c) => {
      if ('getResponse' in thrown) return this.#answer(c, foreignPage)
      this.#parts.report(reasonOf(thrown))
      return this.#answer(c, nothingPage)
    })
  }

  async #answer(c: Context, run: (first: First) => Answered | Promise<Answered>): Promise<Response> {
    const read = c.req.method === 'POST' ? await readForm(c.req.raw) : null
    const first = this.#firstOf(c, read?.ok ? read.value : new Form())
    const given = read !== null && !read.ok ? nothingPage(first) : await run(first)
    if ('to' in given) {
      const { language } = given
      if (this.#parts.languages.some(({ tag }) => tag === language) && language !== undefined)
        keepLanguage(c, isOverHttps(c, null), language)
      return c.redirect(given.to, 303)
    }
    c.header('cache-control', 'no-store')
    c.header('vary', 'cookie, accept-language')
    return c.html(
      await documentOf(first, given),
      given.status ?? ((given.errors?.length ?? 0) > 0 ? 422 : 200),
    )
  }

  #firstOf(c: Context, form: Form): First {
    const speech = speechFor(c, this.#speeches)
    return {
      speech,
      say: speech.say,
      facts: NO_FACTS,
      path: c.req.path,
      visitor: { kind: 'nobody' },
      bankName: null,
      desk: { languages: this.#parts.languages },
      link: this.path,
      form,
      looking: this.#looking,
    }
  }

  async #begin(first: First): Promise<Answered> {
    const read = readAnswers(first)
    // Whoever presses twice, or comes back to this page, is led to the bank that there is.
    if (!('name' in read) && this.#founded === null) return newPage(first, read.errors)
    if ('name' in read) this.#founded ??= this.#found(read)
    return { to: (await this.#founded) ?? this.path }
  }

  /** What fails may be tried again. */
  async #found(answers: FirstAnswers): Promise<string> {
    try {
      return await this.#parts.found(answers)
    } catch (thrown) {
      this.#founded = null
      throw thrown
    }
  }

  /** Where the bank that was made goes on; null while there is none. */
  async #ended(): Promise<Answered | null> {
    return this.#founded === null ? null : { to: await this.#founded }
  }

  #look(): Answered {
    if (this.#looking.state === 'not_asked' || this.#looking.state === 'failed') {
      this.#looking = { state: 'opening' }
      this.#parts.lookAround().then(
        (sights) => {
          this.#looking = { state: 'open', sights }
        },
        (thrown) => {
          this.#parts.report(reasonOf(thrown))
          this.#looking = { state: 'failed' }
        },
      )
    }
    return { to: `${this.path}/look` }
  }
}

function hashOf(text: string): Bytes {
  return sha256(new TextEncoder().encode(text))
}

const PAGES: readonly (readonly [below: string, page: (first: First) => Page])[] = [
  ['', choicePage],
  ['/new', (first) => newPage(first, [])],
  ['/restore', restorePage],
  ['/look', lookPage],
]
