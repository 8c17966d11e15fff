/**
 * How does a visit find its screen? Cookie to person, the table of screens as the one list of doors, and on every
 * answer the headers that keep other sites out ([PRIV-31]).
 */

import { type Context, Hono } from 'hono'
import { reasonOf } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { accept, type Outcome } from '../core/refusal.ts'
import { mayOpen } from '../register/access.ts'
import { Activity } from '../register/activity.ts'
import { Cases } from '../register/cases.ts'
import { Claims } from '../register/claims.ts'
import type { Coordinator } from '../register/coordinators.ts'
import { Devices } from '../register/devices.ts'
import { Joiners } from '../register/joiners.ts'
import { type LetIn, letIn } from '../register/letting-in.ts'
import { Logins } from '../register/logins.ts'
import { Lookups } from '../register/lookups.ts'
import { MemberKeys } from '../register/member-keys.ts'
import { Rates } from '../register/rates.ts'
import { SignIns } from '../register/sign-ins.ts'
import { deskCounts } from '../register/today.ts'
import { type AskedFrom, NOWHERE } from '../register/whence.ts'
import { keep, keepLanguage } from './cookies.ts'
import { readForm } from './form.ts'
import { documentOf } from './layout.tsx'
import { ListDrafts } from './list-drafts.ts'
import { type Answer, notHere, type Page, refused, type Screen, type Visit, type WebDesk } from './screen.ts'
import { SCREENS } from './screens.ts'
import { shell } from './shell.ts'
import { Visits } from './visits.ts'

export interface PagesParts
  extends Pick<
    WebDesk,
    'node' | 'people' | 'elsewhere' | 'sheet' | 'surroundings' | 'languages' | 'zone' | 'version'
  > {
  /** Hears of a visit that ended in a fault or a mistake of ours; never what was typed. */
  readonly report: (problem: string, facts: { readonly method: string; readonly route: string }) => void
}

export interface Pages {
  fetch(request: Request, from?: AskedFrom): Response | Promise<Response>
  /** The one door of a bank whose coordinators cannot sign in yet; null when somebody can. It works once. */
  setupPath(actor: Bytes): Promise<string | null>
  /** As `letIn` of the register. */
  letIn(name: string, by: Coordinator): Promise<Outcome<LetIn>>
  /** How many things wait at the desk, by kind. */
  deskCounts(): Promise<ReadonlyMap<string, number>>
  /** Ends what runs by itself. */
  close(): void
}

/** Reads what the pages keep, and serves them. */
export async function openPages(parts: PagesParts): Promise<Pages> {
  const { node, people } = parts
  const rates = await Rates.open(node)
  const logins = new Logins(node, rates)
  const joiners = await Joiners.open(node, people, rates)
  let cancel = (): void => undefined
  const forget = (): void => {
    // Not waited for: it writes, and a bank that may not write yet shows its pages all the same.
    const forgotten = node.commit(() =>
      accept({ entries: [], rows: rates.forgotten(node.clock.now()), value: null }),
    )
    void node.jobs
      .watch('old_guesses', forgotten)
      .catch((thrown) => parts.report(reasonOf(thrown), { method: '-', route: '/sign-in' }))
    void node.jobs
      .watch('old_joiners', joiners.prune())
      .catch((thrown) => parts.report(reasonOf(thrown), { method: '-', route: '/join' }))
    cancel = node.clock.after(DAY_MS, forget)
  }
  forget()
  const signIns = new SignIns(node)
  // Not waited for either, for the same reason.
  void node.jobs
    .watch('old_sign_ins', signIns.sweep())
    .catch((thrown) => parts.report(reasonOf(thrown), { method: '-', route: '/sign-in' }))
  const desk = {
    ...parts,
    logins,
    signIns,
    memberKeys: new MemberKeys(node, rates),
    devices: new Devices(node),
    claims: await Claims.open(node, people),
    cases: await Cases.open(node),
    lookups: new Lookups(node),
    joiners,
    activity: new Activity(node),
    lists: new ListDrafts(node.clock, node.random),
  }
  const setupPath = async (actor: Bytes): Promise<string | null> =>
    (await logins.anybody()) ? null : logins.link(actor).path
  return {
    fetch: makePages(desk),
    setupPath,
    letIn: (name, by) => letIn({ node, people, logins }, name, by),
    deskCounts: () => deskCounts(desk, node.clock.now()),
    close: () => cancel(),
  }
}

const DAY_MS = 86_400_000

type Served = { Bindings: { readonly from: AskedFrom } }

function makePages(parts: WebDesk & PagesParts): Pages['fetch'] {
  const app = new Hono<Served>()
  const visits = new Visits(parts)
  shell(app)
  for (const screen of SCREENS) {
    app.get(screen.path, (c) => answer(c, screen, (visit) => screen.get(visit)))
    if (screen.post === undefined) continue
    app.post(screen.path, async (c) => {
      const form = await readForm(c.req.raw, { files: screen.files ?? 'none' })
      if (!form.ok) return answer(c, screen, (visit) => refused(visit, form.refusal))
      return answer(c, screen, (visit) => screen.post?.({ ...visit, form: form.value }) ?? notHere(visit))
    })
  }
  app.notFound((c) => answer(c, null, notHere))
  app.onError(async (thrown, c) => {
    // What csrf() throws: a form of another site, or of a browser that hides where it comes from.
    if ('getResponse' in thrown) return answer(c, null, (visit) => ({ ...foreignForm(visit) }))
    parts.report(reasonOf(thrown), { method: c.req.method, route: c.req.routePath })
    return answer(c, null, ({ say }) => ({
      title: say('error.fault.title'),
      body: say('error.fault.text'),
      status: 503,
    }))
  })
  return (request, from = NOWHERE) => app.fetch(request, { from })

  async function answer(
    c: Context<Served>,
    screen: Screen | null,
    run: (visit: Visit) => Answer | Promise<Answer>,
  ): Promise<Response> {
    const visit = await visits.of(c, c.env.from)
    const { isHttps } = visit
    if (visit.moves !== null) keep(c, isHttps, visit.moves)
    const shut = screen === null || isOpenBeforeSetUp(screen) ? null : await notSetUp(visit)
    if (shut !== null) return pageResponse(c, visit, shut)
    if (screen !== null && !screen.who.includes(visit.visitor.kind)) return turnedAway(c, visit, screen)
    if (screen !== null && isForOpenAccounts(visit, screen)) return pageResponse(c, visit, restsPage(visit))
    const given = await run(visit)
    if ('to' in given) {
      if (given.keep !== undefined) keep(c, isHttps, given.keep)
      if (given.language !== undefined) keepLanguage(c, isHttps, given.language)
      return c.redirect(given.to, 303)
    }
    if ('file' in given) {
      c.header('content-disposition', `attachment; filename="${given.name}"`)
      c.header('cache-control', 'no-store')
      return c.body(given.file, 200, { 'content-type': given.type })
    }
    if (given.keep !== undefined) keep(c, isHttps, given.keep)
    return pageResponse(c, visit, given)
  }
}

/** Until somebody can sign in, the link that the program printed is the only door ([SIGN-9]). */
async function notSetUp({ desk, say }: Visit): Promise<Page | null> {
  if (await desk.logins.anybody()) return null
  return { title: say('setup.not_yet.title'), body: say('setup.not_yet.text'), status: 503 }
}

function isOpenBeforeSetUp({ path }: Screen): boolean {
  return path.startsWith('/setup') || path === '/language'
}

/** Somebody who is not signed in is led to the door and then back; anybody else learns nothing. */
async function turnedAway(c: Context, visit: Visit, screen: Screen): Promise<Response> {
  if (visit.visitor.kind !== 'nobody') return pageResponse(c, visit, notHere(visit))
  const back = c.req.method === 'GET' ? c.req.path : ''
  const door = screen.who.includes('coordinator') ? '/sign-in/desk' : '/sign-in'
  return c.redirect(back === '' ? door : `${door}?to=${encodeURIComponent(back)}`, 303)
}

/** Whether the page shows what is others' to a member whose account rests; pages for everybody show nobody. */
function isForOpenAccounts({ visitor }: Visit, { who, shows }: Screen): boolean {
  return visitor.kind === 'member' && !who.includes('nobody') && !mayOpen(visitor.viewer, shows)
}

/** Told plainly, for they know whose account it is; whom to ring stands at the end of every page. */
function restsPage({ say }: Visit): Page {
  return { title: say('rests.title'), body: say('rests.text'), back: '/me', status: 403 }
}

async function pageResponse(c: Context, visit: Visit, page: Page): Promise<Response> {
  const status = page.status ?? ((page.errors?.length ?? 0) > 0 ? 422 : 200)
  c.header('cache-control', 'no-store')
  c.header('vary', 'cookie, accept-language')
  return c.html(await documentOf(visit, page), status)
}

function foreignForm({ say }: Visit): Page {
  return { title: say('error.foreign.title'), body: say('error.foreign.text'), status: 403 }
}
