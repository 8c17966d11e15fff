/**
 * In which states is each screen looked at? The one list that the tests of the pages go by: whoever adds a screen adds
 * its rows here, empty, filled, with errors and after saving, and every test of this folder then covers it.
 */

import { dateOf, dayAt } from '../../src/register/calendar.ts'
import { Caller, newNonce } from './caller.ts'
import { LIST_STATES } from './list-states.ts'
import { MEMBER_STATES } from './member-states.ts'
import { PAYING_STATES } from './paying-states.ts'
import { PUBLIC_STATES } from './public-states.ts'
import { RUN_STATES } from './run-states.ts'
import { of, type State } from './state.ts'
import { type Banks, PASSWORD } from './town.ts'

const LONG = 'x'.repeat(10_000)

/** Everything the desk is asked when it records. */
function help(more: Readonly<Record<string, string>> = {}): State['form'] {
  return ({ town }) => ({
    helped: town.ada.number,
    helper: town.bo.number,
    hours: '1',
    minutes: '30',
    when: 'yesterday',
    category: '40',
    note: '',
    known: 'voice',
    nonce: newNonce(),
    ...more,
  })
}

/** A sheet of two lines, and whom they helped. */
function sheet(more: Readonly<Record<string, string>> = {}): NonNullable<State['form']> {
  return ({ town }) => ({
    side: 'someone',
    other: town.library.number,
    direction: 'they_helped',
    hours: '2',
    minutes: '',
    when: 'today',
    category: '40',
    source: 'paper',
    'who-1': town.ada.number,
    'who-2': town.bo.number,
    'hours-2': '1',
    nonce: newNonce(),
    ...more,
  })
}

function slip(more: Readonly<Record<string, string>> = {}): NonNullable<State['form']> {
  return ({ town }) => {
    const [year = '', month = '', day = ''] = dateOf(dayAt(town.node.logTime())).split('-')
    const people = { helped: town.edna.number, helper: town.ada.number }
    return { ...people, hours: '', minutes: '20', note: '', day, month, year, nonce: newNonce(), ...more }
  }
}

/** One ask or offer, as the desk sees it. */
function notice(which: keyof Banks['town']['told']['notices']): NonNullable<State['path']> {
  return ({ town }) => `/desk/notices/${town.told.notices[which]}`
}

/** Below Edna's own page. */
function ofEdna(what: string): NonNullable<State['path']> {
  return ({ town }) => `/desk/people/${town.edna.number}/${what}`
}

/** The link of somebody who forgot the password; it uses up a recovery code, and is good for half an hour. */
function recoveryLink({ town }: Banks): Promise<string> {
  const link =
    links.get(town) ??
    new Caller(town.url)
      .post('/sign-in/recovery', { name: 'Priya', code: town.codes[0] ?? '' })
      .then(({ to }) => to ?? '/no-code-is-left')
  links.set(town, link)
  return link
}
const links = new WeakMap<object, Promise<string>>()

function setupPath({ fresh }: Banks): string {
  return new URL(fresh.setupUrl ?? '').pathname
}

export const STATES: readonly State[] = [
  ...of('/', 'nobody', {
    home: {},
    'home-of-a-bank-without-telephone': { bank: 'empty' },
    'home-for-a-member': { as: 'member' },
    'home-for-a-coordinator': { as: 'coordinator' },
  }),
  ...of('/privacy', 'nobody', { privacy: {} }),
  ...of('/accessibility', 'nobody', {
    accessibility: {},
    'accessibility-without-telephone': { bank: 'empty' },
  }),
  ...of('/language', 'nobody', { 'language-leads-home': { status: 303 } }),
  ...of('/setup/:token', 'nobody', {
    setup: { bank: 'fresh', path: setupPath },
    'setup-errors': { bank: 'fresh', path: setupPath, form: () => ({ password: 'short' }), status: 422 },
    'setup-filled': {
      bank: 'fresh',
      path: setupPath,
      form: () => ({
        password: PASSWORD,
        again: 'different words here',
        phone: '01234 567 890',
        hours: 'Mondays',
        shared: 'yes',
      }),
      status: 422,
    },
    'not-set-up': { bank: 'fresh', path: '/', status: 503 },
    // The last of this bank: from then on it is set up.
    'setup-done': {
      bank: 'fresh',
      path: setupPath,
      form: () => ({ password: PASSWORD, again: PASSWORD, phone: '01234 567 890' }),
    },
    'setup-again': { path: recoveryLink },
    'setup-link-over': { path: '/setup/used', status: 404 },
  }),
  ...of('/sign-in/desk', 'nobody', {
    'sign-in': {},
    'sign-in-wrong': { form: () => ({ name: 'Priya', password: 'not this one' }), status: 422 },
    'sign-in-when-signed-in': { as: 'coordinator', status: 303 },
  }),
  ...of('/sign-in/recovery', 'nobody', {
    recovery: {},
    'recovery-wrong': { form: () => ({ name: 'Priya', code: 'ABCD-EFGH-2345' }), status: 422 },
  }),
  ...of('/sign-out', 'nobody', { 'sign-out-leads-home': { status: 303 } }),
  ...of('/desk', 'coordinator', {
    today: {},
    'today-nothing-waits': { bank: 'empty' },
    'today-put-off-nonsense': { form: () => ({ item: LONG }), status: 303 },
  }),
  ...of('/desk/record', 'coordinator', {
    record: {},
    'record-begun': { path: ({ town }) => `/desk/record?helped=${town.ada.number}` },
    'record-errors': {
      form: help({ helped: '', helper: 'Nobody Here', hours: '', minutes: '', known: '' }),
      status: 422,
    },
    'record-day-errors': {
      form: help({ when: 'other', day: '31', month: '2', year: '2026', hours: '99' }),
      status: 422,
    },
    'record-which': { form: help({ helper: 'bo' }) },
    'record-check': { form: help({ note: 'mowed the lawn and had tea afterwards' }) },
    'record-change': { form: help({ change: 'yes' }) },
    'record-save-refused': { form: help({ note: LONG, save: 'yes' }), status: 422 },
    'record-saved': { form: help({ save: 'yes' }), status: 303 },
  }),
  ...of('/desk/records/:index', 'coordinator', {
    'record-done': { path: ({ town }) => `/desk/records/${town.records.fresh}?new` },
    'record-again': { path: ({ town }) => `/desk/records/${town.records.fresh}?again` },
    'record-taken-back': { path: ({ town }) => `/desk/records/${town.records.takenBack}` },
    'record-replaced': { path: ({ town }) => `/desk/records/${town.records.replaced}` },
    'record-taken-back-twice': {
      path: ({ town }) => `/desk/records/${town.records.takenBack}`,
      form: () => ({ nonce: newNonce() }),
      status: 422,
    },
    'record-unknown': { path: '/desk/records/0', status: 404 },
  }),
  ...of('/desk/people', 'coordinator', {
    people: {},
    'people-nobody-yet': { bank: 'empty' },
    'people-found': { path: '/desk/people?who=bo' },
    'people-not-found': { path: '/desk/people?who=Zacharias' },
    'people-one-found': { path: '/desk/people?who=ada', status: 303 },
  }),
  ...of('/desk/people/new', 'coordinator', {
    'person-new': {},
    'person-new-errors': { form: () => ({ name: '', phone: '020 7946 0994' }), status: 422 },
    'person-new-too-long': { form: () => ({ name: 'Cleo', note: LONG }), status: 422 },
    'person-new-alike': { form: () => ({ name: 'ada marsh', area: 'Quay', channel: 'letter' }) },
    'person-new-saved': { bank: 'town', form: () => ({ name: 'Cleo Parr' }), status: 303 },
  }),
  ...of('/desk/people/:number/change', 'coordinator', {
    'person-change': { path: ofEdna('change') },
    'person-change-errors': { path: ofEdna('change'), form: () => ({ name: '', number: '' }), status: 422 },
    'person-change-taken': {
      path: ofEdna('change'),
      form: ({ town }) => ({ name: 'Edna Whitlock', number: town.ada.number }),
      status: 422,
    },
  }),
  ...of('/desk/people/:number/note', 'coordinator', {
    'person-note': { path: ofEdna('note') },
    'person-note-open': { path: ofEdna('note'), form: () => ({ open: 'yes' }) },
    'person-note-too-long': { path: ofEdna('note'), form: () => ({ note: LONG }), status: 422 },
  }),
  ...of('/desk/people/:number/helpers', 'coordinator', {
    'person-deputies': { path: ofEdna('helpers') },
    'person-deputies-errors': { path: ofEdna('helpers'), form: () => ({ helper: '' }), status: 422 },
  }),
  ...of('/desk/people/:number/account', 'coordinator', {
    'person-account': { path: ofEdna('account') },
  }),
  ...of('/desk/people/:number/leave', 'coordinator', {
    'person-leave': { path: ofEdna('leave') },
    'person-leave-errors': { path: ofEdna('leave'), form: () => ({ rest: '' }), status: 422 },
  }),
  ...of('/desk/people/:number/erase', 'coordinator', {
    'person-erase': { path: ofEdna('erase') },
    'person-erase-errors': { path: ofEdna('erase'), form: () => ({ confirm: '' }), status: 422 },
    'person-erase-differs': {
      path: ofEdna('erase'),
      form: () => ({ confirm: 'Edna', reason: 'asked' }),
      status: 422,
    },
  }),
  ...of('/desk/sheet', 'coordinator', {
    sheet: {},
    'sheet-more-lines': { form: sheet({ more: 'yes' }) },
    'sheet-errors': {
      form: sheet({ side: '', direction: '', 'who-1': 'Nobody Here', 'hours-3': '2', 'hours-2': 'x' }),
      status: 422,
    },
    'sheet-which': { form: sheet({ 'who-3': 'bo' }) },
    'sheet-check': { form: sheet() },
    'sheet-saved': { form: sheet({ save: 'yes' }), status: 303 },
  }),
  ...of('/desk/slips', 'coordinator', {
    slips: {},
    'slips-some-saved': {
      path: ({ town: { records } }) =>
        `/desk/slips?on=2026-11-20&saved=${records.fresh}.${records.takenBack}&again`,
    },
    'slips-errors': { form: slip({ helped: '', hours: '', day: '31', month: '2' }), status: 422 },
    'slips-which': { form: slip({ helper: 'bo' }) },
    'slips-saved': { form: slip(), status: 303 },
    'slips-taken-back-twice': {
      form: ({ town: { records } }) => ({ take: String(records.takenBack), nonce: newNonce(), saved: '' }),
      status: 422,
    },
  }),
  ...of('/desk/slips/print', 'coordinator', { 'slips-print': {} }),
  ...of('/desk/notices', 'coordinator', { notices: {}, 'notices-none-yet': { bank: 'empty' } }),
  ...of('/desk/notices/new', 'coordinator', {
    'notice-new': {},
    'notice-new-begun': { path: ({ town }) => `/desk/notices/new?who=${town.edna.number}` },
    'notice-new-errors': { form: () => ({ who: 'Nobody Here', kind: '', text: '' }), status: 422 },
    'notice-new-which': { form: () => ({ who: 'bo', kind: 'ask', text: 'A lift', nonce: newNonce() }) },
    'notice-new-too-long': {
      form: ({ town }) => ({ who: town.edna.number, kind: 'offer', text: LONG, nonce: newNonce() }),
      status: 422,
    },
    'notice-new-saved': {
      form: ({ town }) => ({ who: town.edna.number, kind: 'offer', text: 'Tea', nonce: newNonce() }),
      status: 303,
    },
  }),
  ...of('/desk/notices/answer', 'coordinator', {
    'answer-for': { path: ({ town }) => `/desk/notices/answer?notice=${town.told.notices.others}` },
    'answer-for-errors': {
      form: ({ town }) => ({ notice: town.told.notices.others, bank: '', who: 'Nobody Here' }),
      status: 422,
    },
    'answer-for-which': { form: ({ town }) => ({ notice: town.told.notices.others, bank: '', who: 'bo' }) },
    'answer-for-its-owner': {
      form: ({ town }) => ({ notice: town.told.notices.others, bank: '', who: town.edna.number }),
      status: 422,
    },
    'answer-for-again': {
      form: ({ town }) => ({ notice: town.told.notices.own, bank: '', who: town.bo.number }),
      status: 303,
    },
    'answer-for-one-that-is-over': {
      path: ({ town }) => `/desk/notices/answer?notice=${town.told.notices.takenDown}`,
      status: 404,
    },
    'answer-for-a-bank-nobody-knows': {
      path: ({ town }) => `/desk/notices/answer?notice=${town.told.notices.own}&bank=${'ab'.repeat(20)}`,
      status: 404,
    },
  }),
  ...of('/desk/notices/:notice', 'coordinator', {
    notice: { path: notice('own') },
    'notice-introduced': { path: notice('introduced') },
    'notice-to-look-at': { path: notice('toLookAt') },
    'notice-taken-down': { path: notice('takenDownByDesk') },
    'notice-no-reason': { path: notice('own'), form: () => ({ down: 'yes', reason: '' }), status: 422 },
    'notice-reason-too-long': {
      path: notice('own'),
      form: () => ({ down: 'yes', reason: LONG }),
      status: 422,
    },
    'notice-unknown': { path: '/desk/notices/x', status: 404 },
  }),
  ...of('/desk/notices/sent/:sent', 'coordinator', {
    'notice-sent': { path: ({ town }) => `/desk/notices/sent/${town.told.notices.sent}` },
    'notice-sent-unknown': { path: '/desk/notices/sent/x', status: 404 },
  }),
  ...of('/desk/letters', 'coordinator', {
    letters: {},
    'letters-errors': { form: () => ({ who: 'Nobody Here' }), status: 422 },
    'letters-which': { form: () => ({ who: 'bo', letter: 'welcome', print: 'normal' }) },
    'letters-made': {
      form: ({ town }) => ({ who: town.edna.number, letter: 'statement', period: 'all', print: 'large' }),
      status: 303,
    },
  }),
  ...of('/desk/letters/for/:number/:letter', 'coordinator', {
    'letter-welcome': { path: ({ town }) => `/desk/letters/for/${town.library.number}/welcome` },
    'letter-statement': { path: ({ town }) => `/desk/letters/for/${town.edna.number}/statement?period=all` },
    'letter-statement-large': {
      path: ({ town }) => `/desk/letters/for/${town.bo.number}/statement?print=large&period=all`,
    },
    'letter-unknown': { path: ({ town }) => `/desk/letters/for/${town.bo.number}/poem`, status: 404 },
  }),
  ...of('/desk/letters/receipt/:index', 'coordinator', {
    receipt: { path: ({ town }) => `/desk/letters/receipt/${town.records.fresh}?print=large` },
    'receipt-taken-back': { path: ({ town }) => `/desk/letters/receipt/${town.records.takenBack}` },
  }),
  ...of('/desk/acts', 'coordinator', { acts: {}, 'acts-of-an-empty-bank': { bank: 'empty' } }),
  ...of('/desk/me', 'coordinator', {
    me: {},
    'me-ended': { path: '/desk/me?ended' },
    'me-errors': { form: () => ({ old: PASSWORD, password: 'short', again: '' }), status: 422 },
    'me-codes': { bank: 'empty', form: () => ({ now: PASSWORD }) },
  }),
  ...of('/desk/people/:number', 'coordinator', {
    person: { path: ({ town }) => `/desk/people/${town.bo.number}` },
    'person-added': { path: ({ town }) => `/desk/people/${town.library.number}?new` },
    'person-many-lines': { path: ({ town }) => `/desk/people/${town.edna.number}` },
    'person-unknown': { path: '/desk/people/M-9999', status: 404 },
  }),
  ...LIST_STATES,
  ...MEMBER_STATES,
  ...PAYING_STATES,
  ...PUBLIC_STATES,
  ...RUN_STATES,
  ...of(null, 'nobody', {
    'nothing-here': { path: '/nothing', status: 404 },
    'nothing-here-for-a-member': { as: 'member', path: '/desk', status: 404 },
    'form-not-complete': { as: 'coordinator', path: '/desk/record', form: tooMany, status: 422 },
  }),
]

/** More fields than a form of ours has. */
function tooMany(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`field${i}`, 'x']))
}

/** Those that show a page. */
export const SHOWN = STATES.filter(({ status, isFile }) => status !== 303 && isFile === undefined)
