/**
 * What is one row of the table of screens? A path, who may see it, and what a visit gets or a posted form does. A
 * visit never changes anything; a form answers with a page when something is missing and else leads on.
 */

import type { Child } from 'hono/jsx'
import { must } from '../core/fault.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Thing } from '../register/access.ts'
import type { Activity } from '../register/activity.ts'
import type { BankFacts } from '../register/bank-facts.ts'
import type { Cases } from '../register/cases.ts'
import type { Claims } from '../register/claims.ts'
import type { Coordinator } from '../register/coordinators.ts'
import type { Devices } from '../register/devices.ts'
import type { Surroundings } from '../register/health/look.ts'
import type { Joiners } from '../register/joiners.ts'
import type { Logins } from '../register/logins.ts'
import type { Lookups } from '../register/lookups.ts'
import type { MemberKeys } from '../register/member-keys.ts'
import type { Elsewhere } from '../register/notices-elsewhere.ts'
import type { People } from '../register/people.ts'
import type { Person } from '../register/person.ts'
import type { SheetOnHold } from '../register/sheet-on-hold.ts'
import type { SignIn, SignIns } from '../register/sign-ins.ts'
import type { Language, Speech } from '../words/language.ts'
import { isMessage } from '../words/languages/en.ts'
import type { FieldError, Form } from './form.ts'
import type { ListDrafts } from './list-drafts.ts'

/** Who may see a screen. `nobody` is a person who has not signed in. */
export const VISITORS = ['nobody', 'member', 'coordinator'] as const
export type VisitorKind = (typeof VISITORS)[number]

export type Visitor =
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'member'
      readonly person: Person
      readonly signIn: SignIn
      /** As whom they look at what is others'. */
      readonly viewer: 'member' | 'resting'
    }
  | { readonly kind: 'coordinator'; readonly coordinator: Coordinator; readonly signIn: SignIn }

/** What the screens work with. */
export interface WebDesk {
  readonly node: Node
  readonly people: People
  readonly logins: Logins
  readonly signIns: SignIns
  readonly memberKeys: MemberKeys
  readonly devices: Devices
  readonly claims: Claims
  readonly cases: Cases
  readonly lookups: Lookups
  /** What members of neighbouring banks ask and offer. */
  readonly elsewhere: Elsewhere
  readonly joiners: Joiners
  /** The recovery sheet, while nobody has it on paper. */
  readonly sheet: SheetOnHold
  readonly surroundings: Surroundings
  readonly activity: Activity
  readonly lists: ListDrafts
  readonly languages: readonly Language[]
  /** IANA name of the zone in which the bank's days begin. */
  readonly zone: string
  /** Of this program. */
  readonly version: string
}

/** One look at a screen, or one posted form. */
export interface Visit<V extends Visitor = Visitor> {
  readonly desk: WebDesk
  readonly visitor: V
  /** Under which wrong guesses are counted; null when a proxy hides it. */
  readonly address: string | null
  /** The mark of this device, as the browser sent it. */
  readonly device: string | undefined
  readonly speech: Speech
  readonly say: Speech['say']
  readonly facts: BankFacts
  readonly bankName: string
  /** Of the path, by name. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Empty on a look. */
  readonly form: Form
  /** Seconds. */
  readonly now: number
  /** Days since 1970-01-01, in the bank's zone. */
  readonly today: number
  /** Path as it was asked for. */
  readonly path: string
  /** Where others find these pages, without a slash at the end; null when nobody said so who can be believed. */
  readonly origin: string | null
  readonly isHttps: boolean
  /** A sign-in whose cookie is to get the name that only this host can set. */
  readonly moves: Keeping | null
  readonly userAgent: string
}

/** A visit of somebody who works at the desk. */
export type CoordinatorVisit = Visit<VisitorOf<'coordinator'>>
/** A visit of a member who is signed in. */
export type MemberVisit = Visit<VisitorOf<'member'>>

export interface Page {
  readonly title: string
  readonly body: Child
  /** Where the back link leads. */
  readonly back?: string
  readonly errors?: readonly FieldError[]
  readonly status?: 200 | 400 | 403 | 404 | 409 | 422 | 429 | 503
  readonly keep?: Keeping
  /** The page says by itself when its state changes; `waits` as long as it may. */
  readonly live?: { readonly state: string; readonly waits: boolean }
}

/** What the browser is to keep: the token of a sign-in, or nothing any more. */
export interface Keeping {
  readonly token: string | null
  readonly seconds: number | null
  /** The mark of this device, for a year; without it the browser keeps what it has. */
  readonly device?: string
}

export type Answer =
  | Page
  | { readonly to: string; readonly keep?: Keeping; readonly language?: string }
  | { readonly file: string; readonly name: string; readonly type: string }

export interface Screen {
  /** With `:name` for a part that is read into `params`. */
  readonly path: string
  readonly who: readonly VisitorKind[]
  /** What a member's page shows of other members; unsaid, it is not for somebody whose account rests ([PRIV-26]). */
  readonly shows?: readonly Thing[]
  readonly get: (visit: Visit) => Answer | Promise<Answer>
  /** Whether files may come with what is posted here. */
  readonly files?: 'taken'
  /** Without it nothing can be posted here. */
  readonly post?: (visit: Visit) => Answer | Promise<Answer>
}

type VisitorOf<W extends VisitorKind> = Extract<Visitor, { kind: W }>

interface Row<W extends VisitorKind> {
  readonly path: string
  readonly who: readonly W[]
  readonly shows?: readonly Thing[]
  readonly files?: 'taken'
  get(visit: Visit<VisitorOf<W>>): Answer | Promise<Answer>
  post?(visit: Visit<VisitorOf<W>>): Answer | Promise<Answer>
}

/** One row of the table; its functions are given only visitors that `who` lets in. */
export function screen<W extends VisitorKind>({ path, who, shows, files, get, post }: Row<W>): Screen {
  const admitted = (visit: Visit): Visit<VisitorOf<W>> => {
    must(
      who.some((kind) => kind === visit.visitor.kind),
      'only those a screen is for come to it',
    )
    return visit as Visit<VisitorOf<W>>
  }
  return {
    path,
    who,
    ...(shows === undefined ? {} : { shows }),
    ...(files === undefined ? {} : { files }),
    get: (visit) => get(admitted(visit)),
    ...(post === undefined ? {} : { post: (visit: Visit) => post(admitted(visit)) }),
  }
}

/** For rows of both kinds of people and everybody. */
export const EVERYBODY = VISITORS

/** Something that is not here, or not for this visitor: nobody learns which. */
export function notHere({ say }: Visit): Page {
  return { title: say('error.not_here.title'), body: say('error.not_here.text'), status: 404 }
}

/** A "no" of the bank as a page that says what to do next; nothing was recorded. */
export function refused(visit: Visit, refusal: Refusal, back?: string): Page {
  return {
    title: visit.say('error.refused.title'),
    body: refusalText(visit, refusal),
    status: 422,
    ...(back === undefined ? {} : { back }),
  }
}

/** The sentence of a refusal for people at a desk or a telephone; lengths in it are said in words. */
export function refusalText({ speech }: Pick<Visit, 'speech'>, { code, facts }: Refusal): string {
  const said: Record<string, string | number> = { ...facts }
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value !== 'number') continue
    if (name.endsWith('Minutes')) said[name] = speech.hours(Math.abs(value))
    if (name.endsWith('Seconds')) said[name] = speech.hours(Math.max(1, Math.ceil(value / 60)))
  }
  const id = `refusal.${code}`
  return isMessage(id) ? speech.say(id, said) : speech.say('refusal.other', { code })
}
