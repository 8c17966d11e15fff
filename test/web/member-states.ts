/** In which states are the screens of members looked at, and those by which the desk lets them in? */

import { newNonce } from './caller.ts'
import { tellForm } from './member-town.ts'
import { of, type State } from './state.ts'
import type { Banks } from './town.ts'

const LONG = 'x'.repeat(10_000)
const NEWCOMER = 'Mrs Featherstonehaugh-Cholmondeley'

/** Everything a member is asked who tells what happened. */
function tell(more: Readonly<Record<string, string>> = {}): NonNullable<State['form']> {
  return ({ town }) => tellForm(town.bo, { category: '40', ...more })
}

/** Above what goes without the PIN. */
const LONG_HELP = { hours: '5', minutes: '30', note: 'moved house' }
const NOBODY_CHOSEN = { who: '', other: '', hours: '', minutes: '' }

/** States of one of the three forms; `name` begins their names. */
function tellStates(path: string, name: string): State[] {
  return of(path, 'member', {
    [name]: {},
    [`${name}-by-a-newcomer`]: { member: NEWCOMER },
    [`${name}-errors`]: { form: tell(NOBODY_CHOSEN), status: 422 },
    [`${name}-nobody-of-that-name`]: { form: tell({ other: 'Zacharias' }), status: 422 },
    [`${name}-oneself`]: { form: ({ town }) => tellForm(town.ada), status: 422 },
    [`${name}-check`]: { form: tell({ note: 'mowed the lawn and had tea afterwards' }) },
    [`${name}-change`]: { form: tell({ change: 'yes' }) },
    [`${name}-save-refused`]: { form: tell({ note: LONG, save: 'yes' }), status: 422 },
    [`${name}-saved`]: { form: tell({ save: 'yes' }), status: 303 },
  })
}

function claim(which: keyof Banks['town']['told']['claims']): (banks: Banks) => string {
  return ({ town }) => `/agree/${town.told.claims[which]}`
}

function ownCase(which: keyof Banks['town']['told']['cases']): (banks: Banks) => string {
  return ({ town }) => `/records/${town.told.cases[which]}`
}

function ownNotice(which: keyof Banks['town']['told']['notices']): (banks: Banks) => string {
  return ({ town }) => `/notices/${town.told.notices[which]}`
}

/** What the library types to come in with its code. */
function withCode(more: Readonly<Record<string, string>> = {}): NonNullable<State['form']> {
  return ({ town }) => ({ number: town.library.number, code: town.told.code, ...more })
}

export const MEMBER_STATES: readonly State[] = [
  ...of('/sign-in', 'nobody', {
    'member-sign-in': {},
    'member-sign-in-wrong': { form: ({ town }) => ({ number: town.ada.number, pin: '0000' }), status: 422 },
    'member-sign-in-when-signed-in': { as: 'member', status: 303 },
  }),
  ...of('/sign-in/code', 'nobody', {
    code: {},
    'code-wrong': { form: ({ town }) => ({ number: town.bo.number, code: '12 34' }), status: 422 },
    'pin-choose': { form: withCode() },
    'pin-differs': { form: withCode({ pin: '2583', again: '2581' }), status: 422 },
    'pin-unfit': { form: withCode({ pin: '1234', again: '1234' }), status: 422 },
    // The last with this code: it is used up.
    'pin-chosen': { form: withCode({ pin: '2583', again: '2583' }), status: 303 },
  }),
  ...of('/me', 'member', {
    'member-home': {},
    'member-home-new': { path: '/me?new', member: NEWCOMER },
    'member-home-nothing-waits': { member: 'Bo Karlsson' },
  }),
  ...of('/me', 'member', { 'member-home-resting': { member: 'Hal Rest' } }),
  ...of('/board', 'member', { 'board-resting': { member: 'Hal Rest', status: 403 } }),
  ...of('/me/devices', 'member', {
    devices: { member: 'Bo Karlsson' },
    'devices-many': {},
    'devices-of-somebody-else': { form: () => ({ 'sign-in': 'x' }), status: 303 },
  }),
  ...tellStates('/record', 'was-helped'),
  ...of('/record', 'member', {
    'was-helped-long': { form: tell(LONG_HELP) },
    'was-helped-long-pin-missing': { form: tell({ ...LONG_HELP, save: 'yes', pin: '' }), status: 422 },
    'was-helped-long-pin-wrong': { form: tell({ ...LONG_HELP, save: 'yes', pin: '0000' }), status: 422 },
    'was-helped-long-without-a-pin': {
      member: 'Bo Karlsson',
      form: tell({ ...LONG_HELP, save: 'yes' }),
      status: 422,
    },
  }),
  ...tellStates('/helped', 'has-helped'),
  ...tellStates('/gift', 'gift'),
  ...of('/agree/:id', 'member', {
    'claim-asked': { path: claim('asked') },
    'claim-asked-with-words': { path: claim('second') },
    'claim-no-answer': { path: claim('asked'), form: () => ({}), status: 422 },
    'claim-other-length-missing': {
      path: claim('asked'),
      form: () => ({ other: 'yes', hours: '', minutes: '' }),
      status: 422,
    },
    'claim-other-length-long': {
      path: claim('asked'),
      form: () => ({ other: 'yes', hours: '4', minutes: '0' }),
      status: 422,
    },
    'claim-answered-twice': { path: claim('agreed'), form: () => ({ no: 'yes' }), status: 422 },
    'claim-waits': { path: claim('waits') },
    'claim-countered-by-me': { path: claim('counteredByAda') },
    'claim-countered-by-the-other': { path: claim('counteredByOther') },
    'claim-agreed': { path: claim('agreed') },
    'claim-declined-by-me': { path: claim('declinedByAda') },
    'claim-declined-by-the-other': { path: claim('declinedByOther') },
    'claim-withdrawn': { path: claim('withdrawn') },
    'claim-of-others': { path: claim('others'), status: 404 },
    'claim-unknown': { path: `/agree/${'0'.repeat(32)}`, status: 404 },
  }),
  ...of('/board', 'member', {
    board: {},
    'board-by-a-newcomer': { member: NEWCOMER },
    'board-answered': { path: '/board?answered=here' },
    'board-asks-alone': { path: '/board?kind=ask&from=1' },
    'board-beyond-the-end': { path: '/board?kind=offer&from=9999' },
    'board-nonsense': { form: () => ({ notice: 'x', bank: '' }), status: 422 },
    'board-one-that-is-over': {
      form: ({ town }) => ({ notice: town.told.notices.takenDown, bank: '' }),
      status: 422,
    },
    'board-ones-own': { form: ({ town }) => ({ notice: town.told.notices.own, bank: '' }), status: 422 },
    'board-of-a-bank-nobody-knows': {
      form: ({ town }) => ({ notice: town.told.notices.own, bank: 'ab'.repeat(20) }),
      status: 422,
    },
    'board-answered-again': {
      form: ({ town }) => ({ notice: town.told.notices.answered, bank: '' }),
      status: 303,
    },
  }),
  ...of('/ask', 'member', {
    ask: {},
    'ask-by-a-newcomer': { member: NEWCOMER },
    'ask-errors': { form: () => ({ text: '', category: '40' }), status: 422 },
    'ask-too-long': { form: () => ({ text: LONG, nonce: newNonce() }), status: 422 },
    'ask-with-a-telephone': {
      form: () => ({ text: 'Ring me on 01234 567 890', reach: 'neighbours', nonce: newNonce() }),
      status: 422,
    },
    'ask-saved': { form: () => ({ text: 'Jam jars', nonce: newNonce() }), status: 303 },
  }),
  ...of('/offer', 'member', {
    offer: {},
    'offer-errors': { form: () => ({ text: ' ' }), status: 422 },
  }),
  ...of('/notices/:notice', 'member', {
    'own-notice': { path: ownNotice('own') },
    'own-notice-new': { path: (banks) => `${ownNotice('own')(banks)}?new` },
    'own-notice-renewed': { path: (banks) => `${ownNotice('own')(banks)}?renewed` },
    'own-notice-introduced': { path: ownNotice('introduced') },
    'own-notice-taken-down': { path: ownNotice('takenDown') },
    'own-notice-taken-down-by-the-desk': { path: ownNotice('takenDownByDesk') },
    'own-notice-to-look-at': { path: ownNotice('toLookAt'), member: NEWCOMER },
    'own-notice-of-others': { path: ownNotice('others'), status: 404 },
    'own-notice-unknown': { path: `/notices/${'0'.repeat(32)}`, status: 404 },
    'own-notice-of-others-renewed': {
      path: ownNotice('others'),
      form: () => ({ renew: 'yes' }),
      status: 404,
    },
    'own-notice-taken-down-twice': {
      path: ownNotice('takenDown'),
      form: () => ({ down: 'yes' }),
      status: 303,
    },
  }),
  ...of('/hours', 'member', { hours: {}, 'hours-none-yet': { member: NEWCOMER } }),
  ...of('/hours.csv', 'member', { 'hours-file': { isFile: true } }),
  ...of('/records/:index', 'member', {
    'own-record': { path: ({ town }) => `/records/${town.records.fresh}?new` },
    'own-record-again': { path: ({ town }) => `/records/${town.records.fresh}?again` },
    'own-record-taken-back': { path: ({ town }) => `/records/${town.records.takenBack}` },
    'own-record-gift': { path: ({ town }) => `/records/${town.told.gift}` },
    'own-record-called-wrong': { path: ownCase('open') },
    'own-record-stands': { path: ownCase('stands') },
    'own-record-corrected': { path: ownCase('corrected') },
    'own-record-withdrawn': { path: ownCase('withdrawn') },
    'own-record-of-others': { path: ({ town }) => `/records/${town.told.others}`, status: 404 },
    'own-record-unknown': { path: '/records/0', status: 404 },
  }),
  ...of('/records/:index/wrong', 'member', {
    wrong: { path: ({ town }) => `/records/${town.records.fresh}/wrong` },
    'wrong-errors': {
      path: ({ town }) => `/records/${town.records.fresh}/wrong`,
      form: () => ({ what: '', words: 'kept' }),
      status: 422,
    },
    'wrong-too-long': {
      path: ({ town }) => `/records/${town.records.fresh}/wrong`,
      form: () => ({ what: 'length', words: LONG }),
      status: 422,
    },
    'wrong-again': { path: (banks) => `${ownCase('open')(banks)}/wrong`, status: 303 },
    'wrong-of-others': { path: ({ town }) => `/records/${town.told.others}/wrong`, status: 404 },
  }),
  ...of('/desk/cases/:index', 'coordinator', {
    'case-open': { path: ({ town }) => `/desk/cases/${town.told.cases.open}` },
    'case-no-answer': {
      path: ({ town }) => `/desk/cases/${town.told.cases.open}`,
      form: () => ({ answer: 'kept', nonce: newNonce() }),
      status: 422,
    },
    'case-answer-too-long': {
      path: ({ town }) => `/desk/cases/${town.told.cases.open}`,
      form: () => ({ answer: LONG, stands: 'yes', nonce: newNonce() }),
      status: 422,
    },
    'case-stands': { path: ({ town }) => `/desk/cases/${town.told.cases.stands}` },
    'case-corrected': { path: ({ town }) => `/desk/cases/${town.told.cases.corrected}` },
    'case-withdrawn': { path: ({ town }) => `/desk/cases/${town.told.cases.withdrawn}` },
    'case-ended-twice': {
      path: ({ town }) => `/desk/cases/${town.told.cases.stands}`,
      form: () => ({ corrected: 'yes', nonce: newNonce() }),
      status: 422,
    },
    'case-unknown': { path: ({ town }) => `/desk/cases/${town.records.fresh}`, status: 404 },
  }),
  ...of('/desk/people/:number/code', 'coordinator', {
    'member-code': { path: ({ town }) => `/desk/people/${town.edna.number}/code` },
    'member-code-signed-out': { path: ({ town }) => `/desk/people/${town.edna.number}/code?lost` },
    'member-code-no-choice': {
      path: ({ town }) => `/desk/people/${town.edna.number}/code`,
      form: () => ({}),
      status: 422,
    },
    'member-code-said': {
      path: ({ town }) => `/desk/people/${town.edna.number}/code`,
      form: () => ({ said: 'yes' }),
    },
    'member-code-letter': {
      path: ({ town }) => `/desk/people/${town.edna.number}/code`,
      form: () => ({ letter: 'yes' }),
    },
    'member-code-of-nobody': { path: '/desk/people/M-9999/code', status: 404 },
  }),
]
