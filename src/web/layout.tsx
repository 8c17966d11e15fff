/**
 * What frames every page? Whose bank it is, who is signed in and as what, the way around, and at the same place on
 * every page whom to ring.
 */

import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { LIVE_PATH, STYLE_PATH } from './assets.ts'
import { ErrorSummary } from './parts/form-parts.tsx'
import type { Page, Visit, Visitor, WebDesk } from './screen.ts'

/** What the frame is told; a visit has it all. */
export interface Framed extends Pick<Visit, 'say' | 'speech' | 'facts' | 'path'> {
  readonly visitor: Visitor
  /** Null before there is a bank. */
  readonly bankName: string | null
  readonly desk: Pick<WebDesk, 'languages'>
}

/** The whole document as text. */
export async function documentOf(visit: Framed, page: Page): Promise<string> {
  const { say, speech, bankName } = visit
  const errors = page.errors ?? []
  const title = errors.length > 0 ? say('frame.title_with_error', { title: page.title }) : page.title
  const body = (
    <html lang={speech.language.tag} dir={speech.language.direction} class="govuk-template">
      <head>
        <meta charset="utf-8" />
        <title>{say('frame.title', { title, bank: bankName ?? PROGRAM })}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#1b5e57" />
        <meta name="color-scheme" content="light" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={STYLE_PATH} />
        {page.live === undefined ? null : <script src={LIVE_PATH} defer />}
      </head>
      <body class="govuk-template__body">
        <a href="#main" class="govuk-skip-link">
          {say('frame.skip')}
        </a>
        <Header visit={visit} />
        <div class="govuk-width-container">
          {page.back === undefined ? null : (
            <nav aria-label={say('frame.back')}>
              <a href={page.back} class="govuk-back-link">
                {say('frame.back')}
              </a>
            </nav>
          )}
          <main class="govuk-main-wrapper" id="main">
            <ErrorSummary say={say} errors={errors} />
            <h1 class="govuk-heading-l">{page.title}</h1>
            {typeof page.body === 'string' ? <p class="govuk-body">{page.body}</p> : <Body page={page} />}
          </main>
        </div>
        <Footer visit={visit} />
      </body>
    </html>
  )
  return String(await html`<!doctype html>${body}`)
}

/** What may change while somebody looks at it is told apart, and says so to whoever hears pages. */
function Body({ page: { live, body } }: { page: Page }) {
  if (live === undefined) return <>{body}</>
  return (
    <div id="live" aria-live="polite" data-state={live.state} data-waits={live.waits ? 'yes' : 'no'}>
      {body}
    </div>
  )
}

/** A clock face whose hands are two people's arms: the mark of the program, drawn for it. */
export const MARK_PATHS = 'M18 3a15 15 0 1 0 0 30 15 15 0 0 0 0-30zm0 4a11 11 0 1 1 0 22 11 11 0 0 1 0-22z'

/** Stands where the name of the bank will. */
const PROGRAM = 'Commonhour'

function Header({ visit }: { visit: Framed }) {
  const { say, visitor, bankName } = visit
  return (
    <>
      <header class="ch-header">
        <div class="govuk-width-container ch-header__inner">
          <a class="ch-name" href={homeOf(visit)}>
            <svg viewBox="0 0 36 36" aria-hidden="true" focusable="false">
              <path fill="currentColor" d={MARK_PATHS} />
              <path
                fill="none"
                stroke="currentColor"
                stroke-width="3.2"
                stroke-linecap="round"
                d="M18 11v7.5l5.2 3.6"
              />
            </svg>
            {bankName === null ? PROGRAM : say('frame.bank', { bank: bankName })}
          </a>
          <div class="ch-who">
            {bankName === null ? null : visitor.kind === 'nobody' ? (
              <a class="govuk-link govuk-link--inverse" href="/sign-in">
                {say('frame.sign_in')}
              </a>
            ) : (
              <>
                {visitor.kind === 'coordinator' ? (
                  <a class="govuk-link govuk-link--inverse" href="/desk/me">
                    {say('frame.as_coordinator', { name: visitor.coordinator.name })}
                  </a>
                ) : (
                  <span>{visitor.person.name}</span>
                )}
                <form method="post" action="/sign-out">
                  <button class="ch-plain" type="submit">
                    {visitor.signIn.onSharedComputer ? say('frame.finished') : say('frame.sign_out')}
                  </button>
                </form>
              </>
            )}
          </div>
        </div>
      </header>
      <Navigation visit={visit} />
    </>
  )
}

const DESK_WAYS = [
  ['/desk', 'nav.today'],
  ['/desk/record', 'nav.record'],
  ['/desk/people', 'nav.people'],
  ['/desk/notices', 'nav.notices'],
  ['/desk/sheet', 'nav.sheet'],
  ['/desk/slips', 'nav.slips'],
  ['/desk/letters', 'nav.letters'],
  ['/desk/acts', 'nav.acts'],
  ['/run/neighbours', 'nav.neighbours'],
  ['/run/bank', 'nav.bank'],
] as const

function Navigation({ visit: { visitor, say, path } }: { visit: Framed }) {
  if (visitor.kind !== 'coordinator') return null
  const here = [...DESK_WAYS]
    .sort((a, b) => b[0].length - a[0].length)
    .find(([to]) => path === to || (to !== '/desk' && path.startsWith(`${to}/`)))?.[0]
  return (
    <nav class="ch-nav" aria-label={say('nav.label')}>
      <div class="govuk-width-container">
        <ul>
          {DESK_WAYS.map(([to, words]) => (
            <li>
              <a href={to} {...(to === here ? { 'aria-current': to === path ? 'page' : 'true' } : {})}>
                {say(words)}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  )
}

const PUBLIC_WAYS = [
  ['/about', 'frame.about'],
  ['/activity', 'frame.activity'],
  ['/privacy', 'frame.privacy'],
  ['/accessibility', 'frame.accessibility'],
] as const

function Footer({ visit }: { visit: Framed }) {
  const { say, facts, desk, speech, bankName } = visit
  const others = desk.languages.filter(({ tag }) => tag !== speech.language.tag)
  return (
    <footer class="ch-footer">
      <div class="govuk-width-container">
        <p class="ch-footer__help">{helpLine(visit)}</p>
        {facts.concernPhone === null ? null : (
          <p>
            {say('frame.worried', { name: facts.concernName ?? '' })}{' '}
            <Telephone number={facts.concernPhone} />
          </p>
        )}
        <ul>
          {bankName === null ? null : PUBLIC_WAYS.map(([to, words]) => <Way to={to}>{say(words)}</Way>)}
          {others.map(({ tag, name }) => (
            <li>
              <form method="post" action="/language">
                <input type="hidden" name="language" value={tag} />
                <input type="hidden" name="back" value={visit.path} />
                <button class="ch-plain" type="submit" lang={tag}>
                  {name}
                </button>
              </form>
            </li>
          ))}
        </ul>
      </div>
    </footer>
  )
}

function Way({ to, children }: { to: string; children: Child }) {
  return (
    <li>
      <a class="govuk-link" href={to}>
        {children}
      </a>
    </li>
  )
}

/** Whom to ring, and when somebody answers. */
function helpLine({ say, facts, bankName }: Framed): Child {
  if (bankName === null) return say('begin.alone')
  if (facts.phone === null) return say('frame.help_without_phone', { bank: bankName })
  return (
    <>
      {say('frame.help')} <Telephone number={facts.phone} />
      {facts.hours === null ? null : ` (${facts.hours})`}
    </>
  )
}

/** A number to press on a telephone and to read elsewhere. */
export function Telephone({ number }: { number: string }) {
  return (
    <a class="govuk-link" dir="ltr" href={`tel:${number.replace(/[^\d+]/g, '')}`}>
      {number}
    </a>
  )
}

function homeOf({ visitor, bankName, path }: Framed): string {
  if (bankName === null) return path
  return visitor.kind === 'coordinator' ? '/desk' : visitor.kind === 'member' ? '/me' : '/'
}
