/** In which states are the screens looked at by which hours move between banks? */

import { newNonce } from './caller.ts'
import { of, type State } from './state.ts'
import type { Banks } from './town.ts'

/** Whom Ada Marsh lets act for her. */
const DEPUTY = 'Bo Karlsson'
const NEWCOMER = 'Mrs Featherstonehaugh-Cholmondeley'
const LONG = 'x'.repeat(10_000)

type Fields = Readonly<Record<string, string>>

/** Everything that is asked about somebody of a neighbouring bank. */
function across(more: Fields = {}): NonNullable<State['form']> {
  return ({ town }) => ({
    bank: town.between.near.id,
    number: town.between.near.number,
    hours: '1',
    minutes: '15',
    when: 'today',
    category: '40',
    note: 'mended the gate',
    nonce: newNonce(),
    ...more,
  })
}

function deskAcross(more: Fields = {}): NonNullable<State['form']> {
  return (banks) => ({ ...across()(banks), helped: banks.town.ada.number, known: 'voice', ...more })
}

type Crossing = keyof Banks['town']['between']['crossings']
type Wrong = Exclude<keyof Banks['town']['between']['wrong'], 'code'>
type Code = keyof Banks['town']['between']['codes']

function crossing(below: string, which: Crossing): (banks: Banks) => string {
  return ({ town }) => `${below}/${town.between.crossings[which]}`
}

function wrong(below: string, which: Wrong): (banks: Banks) => string {
  return ({ town }) => `${below}/${town.between.wrong[which]}`
}

function code(below: string, which: Code): State['path'] {
  return ({ town }) => `${below}/${town.between.codes[which]}`
}

function collect(which: 'code' | 'open'): State['path'] {
  return ({ town }) => `/collect/${town.between.near.id}/${town.between.near[which]}`
}

const CROSSINGS: readonly Crossing[] = ['paid', 'received', 'held', 'sent', 'cancelled', 'refused']

const CALLED_WRONG: readonly Wrong[] = [
  'open',
  'stands',
  'asked',
  'lapsed',
  'changed',
  'putsRight',
  'came',
  'onItsWay',
  'takesBack',
]

export const PAYING_STATES: readonly State[] = [
  ...of('/r/:code', 'nobody', {
    'opened-code': { path: code('/r', 'open') },
    'opened-code-used': { path: code('/r', 'used') },
    'opened-code-unknown': { path: '/r/22222222' },
    'opened-code-of-a-member': { as: 'member', path: code('/r', 'others'), status: 303 },
    'opened-code-of-ones-own': { as: 'member', path: code('/r', 'open'), status: 303 },
  }),
  ...of('/collect', 'member', {
    'type-code': {},
    'type-code-errors': { form: () => ({ code: '', bank: '' }), status: 422 },
    'type-code-wrong': { form: () => ({ code: '123', bank: '' }), status: 422 },
    'type-code-found': {
      form: ({ town }) => ({ code: town.between.near.code, bank: town.between.near.id }),
      status: 303,
    },
  }),
  ...of('/collect/:bank/:code', 'member', {
    collect: { path: collect('code') },
    'collect-open': { path: collect('open') },
    'collect-open-no-length': {
      path: collect('open'),
      form: () => ({ yes: 'yes', hours: '', minutes: '', nonce: newNonce() }),
      status: 422,
    },
    'collect-for-whom': { member: DEPUTY, path: collect('code') },
    'collect-for-another': {
      member: DEPUTY,
      path: collect('code'),
      form: ({ town }) => ({ whom: 'yes', for: town.ada.number, nonce: newNonce() }),
    },
    'collect-for-another-open': {
      member: DEPUTY,
      path: collect('open'),
      form: ({ town }) => ({ whom: 'yes', for: town.ada.number, nonce: newNonce() }),
    },
    'collect-for-somebody-who-did-not-let-them': {
      member: DEPUTY,
      path: collect('code'),
      form: ({ town }) => ({ whom: 'yes', for: town.edna.number, nonce: newNonce() }),
      status: 422,
    },
    'collect-open-long': {
      path: collect('open'),
      form: () => ({ yes: 'yes', hours: '4', minutes: '', nonce: newNonce() }),
      status: 422,
    },
    'collect-no': { path: collect('code'), form: () => ({ no: 'yes' }) },
    'collect-in-one-bank': {
      path: ({ town }) => `/collect/${town.id}/${town.between.codes.others}`,
    },
    'collect-ones-own': {
      path: ({ town }) => `/collect/${town.id}/${town.between.codes.open}`,
      form: () => ({ yes: 'yes', nonce: newNonce() }),
      status: 422,
    },
    'collect-unknown': { path: ({ town }) => `/collect/${town.between.near.id}/22222222`, status: 422 },
    'collect-away': { path: ({ town }) => `/collect/${town.between.away.id}/22222222`, status: 422 },
    'collect-no-bank': { path: '/collect/nobody/22222222', status: 404 },
  }),
  ...of('/codes', 'member', { 'own-codes': {}, 'own-codes-none': { member: NEWCOMER } }),
  ...of('/codes/new', 'member', {
    'ask-code': {},
    'ask-code-errors': { form: () => ({ hours: 'x', minutes: '', nonce: newNonce() }), status: 422 },
    'ask-code-refused': {
      form: () => ({ hours: '1', minutes: '', note: LONG, nonce: newNonce() }),
      status: 422,
    },
  }),
  ...of('/codes/:code', 'member', {
    'own-code': { path: code('/codes', 'open') },
    'own-code-wall': { path: code('/codes', 'wall') },
    'own-code-used': { path: code('/codes', 'used') },
    'own-code-withdrawn': { path: code('/codes', 'withdrawn') },
    'own-code-of-others': { path: code('/codes', 'others'), status: 404 },
  }),
  ...of('/record/neighbour', 'member', {
    across: {},
    'across-newcomer': { member: NEWCOMER },
    'across-errors': { form: across({ number: '', hours: '', minutes: '' }), status: 422 },
    'across-unknown': { form: across({ number: 'M-9999' }), status: 422 },
    'across-away': {
      form: (banks) => ({ ...across()(banks), bank: banks.town.between.away.id }),
      status: 422,
    },
    'across-check': { form: across() },
    'across-for-whom': { member: DEPUTY },
    'across-for-another': { member: DEPUTY, form: (banks) => across({ for: banks.town.ada.number })(banks) },
    'across-for-somebody-who-did-not-let-them': {
      member: DEPUTY,
      form: (banks) => across({ for: banks.town.edna.number })(banks),
      status: 422,
    },
    'across-long': { form: across({ hours: '4' }) },
    'across-change': { form: across({ change: 'yes' }) },
  }),
  ...of(
    '/crossings/:id',
    'member',
    Object.fromEntries(
      CROSSINGS.map((which) => [`crossing-${which}`, { path: crossing('/crossings', which) }]),
    ),
  ),
  ...of('/crossings/:id', 'member', {
    'crossing-held-for-another': { member: DEPUTY, path: crossing('/crossings', 'held') },
    'crossing-of-others': { member: NEWCOMER, path: crossing('/crossings', 'paid'), status: 404 },
    'crossing-late-cancel': {
      path: crossing('/crossings', 'paid'),
      form: () => ({ cancel: 'yes' }),
      status: 422,
    },
  }),
  ...of(
    '/crossings/:id',
    'member',
    Object.fromEntries(
      CALLED_WRONG.map((which) => [`crossing-wrong-${which}`, { path: wrong('/crossings', which) }]),
    ),
  ),
  ...of('/crossings/:id/wrong', 'member', {
    'crossing-says-wrong': { path: (banks) => `${crossing('/crossings', 'paid')(banks)}/wrong` },
    'crossing-says-wrong-errors': {
      path: (banks) => `${crossing('/crossings', 'paid')(banks)}/wrong`,
      form: () => ({ words: 'Nobody came.' }),
      status: 422,
    },
    'crossing-says-wrong-too-long': {
      path: (banks) => `${crossing('/crossings', 'received')(banks)}/wrong`,
      form: () => ({ what: 'length', words: LONG }),
      status: 422,
    },
    'crossing-says-wrong-again': {
      path: (banks) => `${wrong('/crossings', 'open')(banks)}/wrong`,
      form: () => ({ what: 'length', words: '' }),
      status: 303,
    },
    'crossing-says-wrong-too-early': {
      path: (banks) => `${crossing('/crossings', 'held')(banks)}/wrong`,
      status: 303,
    },
    'crossing-says-wrong-of-others': {
      member: NEWCOMER,
      path: (banks) => `${crossing('/crossings', 'paid')(banks)}/wrong`,
      status: 404,
    },
  }),
  ...of('/desk/crossings/:id/wrong', 'coordinator', {
    'desk-says-wrong': { path: (banks) => `${crossing('/desk/crossings', 'paid')(banks)}/wrong` },
    'desk-says-wrong-errors': {
      path: (banks) => `${crossing('/desk/crossings', 'paid')(banks)}/wrong`,
      form: () => ({ words: 'Edna rang.' }),
      status: 422,
    },
    'desk-says-wrong-once-more': { path: (banks) => `${wrong('/desk/crossings', 'stands')(banks)}/wrong` },
    'desk-says-wrong-again': {
      path: (banks) => `${wrong('/desk/crossings', 'changed')(banks)}/wrong`,
      status: 303,
    },
  }),
  ...of(
    '/desk/crossings/:id/case',
    'coordinator',
    Object.fromEntries(
      CALLED_WRONG.filter((which) => which !== 'putsRight' && which !== 'takesBack').map((which) => [
        `crossing-case-${which}`,
        { path: (banks: Banks) => `${wrong('/desk/crossings', which)(banks)}/case` },
      ]),
    ),
  ),
  ...of('/desk/crossings/:id/case', 'coordinator', {
    'crossing-case-no-end': {
      path: (banks) => `${wrong('/desk/crossings', 'open')(banks)}/case`,
      form: () => ({ answer: 'I rang them both.' }),
      status: 422,
    },
    'crossing-case-too-long': {
      path: (banks) => `${wrong('/desk/crossings', 'open')(banks)}/case`,
      form: () => ({ ask: 'yes', answer: LONG }),
      status: 422,
    },
    'crossing-case-ended-before': {
      path: (banks) => `${wrong('/desk/crossings', 'changed')(banks)}/case`,
      form: () => ({ stands: 'yes', answer: '' }),
      status: 422,
    },
    'crossing-case-not-theirs-to-ask': {
      path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/case`,
      form: () => ({ ask: 'yes', answer: '' }),
      status: 422,
    },
    'crossing-case-none': {
      path: (banks) => `${crossing('/desk/crossings', 'paid')(banks)}/case`,
      status: 404,
    },
  }),
  ...of('/desk/crossings/:id/back', 'coordinator', {
    'give-back': { path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/back` },
    'give-back-errors': {
      path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/back`,
      form: () => ({ code: '123', nonce: newNonce() }),
      status: 422,
    },
    'give-back-other': {
      path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/back`,
      form: ({ town }) => ({ code: town.between.near.code, nonce: newNonce() }),
      status: 422,
    },
    'give-back-own-code': {
      path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/back`,
      form: ({ town }) => ({ code: town.between.codes.open, nonce: newNonce() }),
      status: 422,
    },
    'give-back-check': {
      path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/back`,
      form: ({ town }) => ({ code: town.between.wrong.code, nonce: newNonce() }),
    },
    'give-back-changed': {
      path: (banks) => `${wrong('/desk/crossings', 'came')(banks)}/back`,
      form: ({ town }) => ({ code: town.between.wrong.code, nonce: newNonce(), save: 'yes', shown: 'other' }),
      status: 422,
    },
    'give-back-on-its-way': {
      path: (banks) => `${wrong('/desk/crossings', 'onItsWay')(banks)}/back`,
      status: 303,
    },
    'give-back-not-ours': {
      path: (banks) => `${wrong('/desk/crossings', 'open')(banks)}/back`,
      status: 404,
    },
  }),
  ...of('/desk/record/neighbour', 'coordinator', {
    'desk-across': {},
    'desk-across-no-neighbour': { bank: 'empty' },
    'desk-across-errors': { form: () => ({ nonce: newNonce() }), status: 422 },
    'desk-across-check': { form: deskAcross() },
    'desk-across-by-code': {
      form: (banks) => ({
        ...deskAcross({ hours: '', minutes: '', number: '' })(banks),
        code: banks.town.between.near.code,
      }),
    },
  }),
  ...of('/desk/crossings/:id', 'coordinator', {
    'desk-crossing': { path: crossing('/desk/crossings', 'paid') },
    'desk-crossing-held': { path: crossing('/desk/crossings', 'held') },
    'desk-crossing-received': { path: crossing('/desk/crossings', 'received') },
    'desk-crossing-wrong': { path: wrong('/desk/crossings', 'open') },
    'desk-crossing-stands': { path: wrong('/desk/crossings', 'stands') },
    'desk-crossing-changed': { path: wrong('/desk/crossings', 'changed') },
  }),
  ...of('/desk/people/:number/request', 'coordinator', {
    'desk-code-ask': { path: ({ town }) => `/desk/people/${town.bo.number}/request` },
    'desk-code-errors': {
      path: ({ town }) => `/desk/people/${town.bo.number}/request`,
      form: () => ({ kind: 'wall', days: '99', nonce: newNonce() }),
      status: 422,
    },
  }),
  ...of('/desk/codes/:code', 'coordinator', {
    'desk-code': { path: code('/desk/codes', 'wall') },
    'desk-code-used': { path: code('/desk/codes', 'used') },
  }),
]
