/** States of the pages that anybody may open, and of what the desk does for people who would like to join. */

import { newNonce } from './caller.ts'
import { of, type State } from './state.ts'
import type { Banks } from './town.ts'

const LONG = 'x'.repeat(10_000)

function joining(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { name: 'Gus Oyelaran', phone: '020 7946 0996', agreed: '1', nonce: newNonce(), ...more }
}

function joiner(which: keyof Banks['town']['joiners'], query = ''): NonNullable<State['path']> {
  return ({ town }) => town.joiners[which] + query
}

export const PUBLIC_STATES: readonly State[] = [
  ...of('/about', 'nobody', {
    about: {},
    'about-a-bank-without-telephone': { bank: 'empty' },
    'about-older-rules': { path: '/about?rules=1' },
    'about-rules-that-never-were': { path: '/about?rules=9', status: 404 },
  }),
  ...of('/activity', 'nobody', {
    activity: {},
    'activity-of-an-empty-bank': { bank: 'empty' },
    'activity-of-a-busy-bank': { bank: 'busy' },
  }),
  ...of('/verify', 'nobody', {
    verify: {},
    'verify-nothing-typed': { form: () => ({ phrase: 'BLUE-KITE-42' }), status: 422 },
    'verify-unknown': { form: () => ({ phrase: '', reference: 'a'.repeat(52) }) },
    'verify-no-proof': { form: () => ({ proof: LONG }) },
  }),
  ...of('/records/:index/proof', 'member', {
    'proof-file': { path: ({ town }) => `/records/${town.records.fresh}/proof`, isFile: true },
    'proof-of-others': { path: ({ town }) => `/records/${town.told.others}/proof`, status: 404 },
  }),
  ...of('/join', 'nobody', {
    join: {},
    'join-without-telephone': { bank: 'empty' },
    'join-errors': { form: () => ({ name: '', can: 'mend bicycles' }), status: 422 },
    'join-older-rules': { form: () => joining({ agreed: '0' }), status: 422 },
    'join-too-long': { form: () => joining({ wants: LONG }), status: 422 },
    'join-sent': { bank: 'empty', form: () => joining(), status: 303 },
    'join-done': { path: '/join?done' },
  }),
  ...of('/desk/join', 'coordinator', {
    joiners: {},
    'joiners-erased': { path: '/desk/join?erased' },
    'joiners-nobody': { bank: 'empty' },
  }),
  ...of('/desk/join/:joiner', 'coordinator', {
    joiner: { path: joiner('asked') },
    'joiner-met': { path: joiner('met', '?saved') },
    'joiner-not-now': { path: joiner('notNow') },
    'joiner-alike': { path: joiner('alike') },
    'joiner-erase': { path: joiner('asked'), form: () => ({ act: 'erase' }) },
    'joiner-odd-act': { path: joiner('asked'), form: () => ({ act: LONG }), status: 422 },
    'joiner-welcomed': { path: joiner('welcomed'), status: 303 },
    'joiner-unknown': { path: `/desk/join/${'0'.repeat(32)}`, status: 404 },
  }),
  ...of('/desk/people/:number', 'coordinator', {
    'person-who-joined': {
      path: ({ town }) =>
        `/desk/people/${town.people.all().find(({ name }) => name === 'Finn Holt')?.number ?? ''}`,
    },
  }),
]
