/** States of the pages of whoever runs the bank: what it says of itself, and its neighbours. */

import { toHex } from '../../src/core/ids.ts'
import { of, type State } from './state.ts'
import { PASSWORD } from './town.ts'

const LONG = 'x'.repeat(10_000)
/** Of a bank that is not there. */
const NOBODY = `commonhour:invite?b=${'a'.repeat(32)}&p=12D3KooWGjMbXfNWYZbcQRdxi2PJYbHh5v5mAWDGcLuVJmZhQpTo&t=${'a'.repeat(26)}`

const near =
  (rest = ''): NonNullable<State['path']> =>
  (banks) =>
    `/run/neighbours/${banks.near.id}${rest}`
const colleague: NonNullable<State['path']> = ({ town }) => `/run/coordinators/${toHex(town.colleague.actor)}`
const asks: NonNullable<State['path']> = ({ empty }) => `/run/neighbours/${empty.id}`
const asked: NonNullable<State['path']> = ({ town }) => `/run/neighbours/${town.id}`

export const RUN_STATES: readonly State[] = [
  ...of('/run/bank', 'coordinator', {
    bank: {},
    'bank-saved': { path: '/run/bank?saved' },
    'bank-errors': { form: () => ({ phone: '', hours: 'Mondays', rules: 'Be kind.' }), status: 422 },
    'bank-too-long': { form: () => ({ phone: '1', rules: LONG }), status: 422 },
  }),
  ...of('/run/health', 'coordinator', { health: {}, 'health-alone': { bank: 'empty' } }),
  ...of('/run/coordinators', 'coordinator', {
    office: {},
    'office-errors': { form: () => ({ name: '', number: '' }), status: 422 },
    'office-known': { form: () => ({ name: 'Sam Okafor', number: '', own: PASSWORD }), status: 422 },
  }),
  ...of('/run/coordinators/:actor', 'coordinator', {
    colleague: { path: colleague },
    'colleague-errors': { path: colleague, form: () => ({ act: 'link', own: '' }), status: 422 },
    'colleague-link': { path: colleague, form: () => ({ act: 'link', own: PASSWORD }) },
    'colleague-unknown': { path: `/run/coordinators/${'0'.repeat(32)}`, status: 404 },
  }),
  ...of('/run/sheet', 'coordinator', {
    'recovery-sheet-on-paper': {},
    'recovery-sheet-waits': { bank: 'young' },
    'recovery-sheet-errors': { bank: 'young', form: () => ({ own: '' }), status: 422 },
    'recovery-sheet-shown': { bank: 'young', form: () => ({ own: PASSWORD }) },
    'recovery-sheet-asked': { bank: 'young', form: () => ({ act: 'ask' }) },
    'recovery-sheet-wrong': {
      bank: 'young',
      form: () => ({ act: 'check', places: '2,11', 'word-3': 'hour', 'word-12': LONG }),
      status: 422,
    },
    'recovery-sheet-odd-places': { bank: 'young', form: () => ({ act: 'check', places: '24,99' }) },
  }),
  ...of('/desk', 'coordinator', { 'today-of-a-young-bank': { bank: 'young' } }),
  ...of('/run/neighbours', 'coordinator', { neighbours: {}, 'neighbours-asked': { bank: 'empty' } }),
  ...of('/run/neighbours/invite', 'coordinator', {
    invite: {},
    'invite-before-the-sheet': { bank: 'young', status: 409 },
    'invite-made': { form: () => ({}) },
  }),
  ...of('/invite', 'nobody', {
    'invite-opened': {
      path: ({ town }) => `/invite?${NOBODY.slice(NOBODY.indexOf('?') + 1).replace('a'.repeat(32), town.id)}`,
    },
    'invite-of-another-bank': { path: `/invite?${NOBODY.slice(NOBODY.indexOf('?') + 1)}`, status: 404 },
  }),
  ...of('/run/neighbours/add', 'coordinator', {
    'neighbour-add': {},
    'neighbour-add-before-the-sheet': { bank: 'young', status: 409 },
    'neighbour-add-errors': { form: () => ({ link: 'https://harbour.example' }), status: 422 },
    'neighbour-add-not-reached': { form: () => ({ link: NOBODY }), status: 422 },
  }),
  ...of('/run/neighbours/:bank', 'coordinator', {
    neighbour: { path: near() },
    'neighbour-saved': { path: near('?saved') },
    'neighbour-limit-wrong': { path: near(), form: () => ({ act: 'limit', hours: 'many' }), status: 422 },
    'neighbour-asks': { path: asks },
    'neighbour-asked': { bank: 'empty', path: asked },
    'neighbour-unknown': { path: `/run/neighbours/${'a'.repeat(32)}`, status: 404 },
  }),
  ...of('/run/neighbours/:bank/end', 'coordinator', {
    'neighbour-end': { path: near('/end') },
    'neighbour-withdraw': {
      bank: 'empty',
      path: ({ town }) => `/run/neighbours/${town.id}/end`,
    },
  }),
]
