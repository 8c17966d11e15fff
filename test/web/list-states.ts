/** In which states are the pages looked at on which a list of people comes in? */

import { must } from '../../src/core/fault.ts'
import { toHex } from '../../src/core/ids.ts'
import { applyImport } from '../../src/register/import/apply.ts'
import { bytesOf } from '../register/import/files.ts'
import { CES } from '../register/import/foreign.ts'
import { MESSY } from '../register/import/messy.ts'
import type { Caller } from './caller.ts'
import { of, type State } from './state.ts'
import { type Banks, callerOf, done } from './town.ts'

/** What the desk chooses for the messy list. */
export const MESSY_CHOICES = {
  heading: '4',
  'column-2': 'name',
  'column-3': 'name',
  'column-4': 'phone',
  'column-5': 'email',
  'column-6': 'joined_on',
  'column-7': 'hours',
  unit: 'hours',
  dates: 'dmy',
}

/** Pastes rows at the desk; the path that it leads to. */
async function pasted(desk: Caller, fields: Readonly<Record<string, string>>): Promise<string> {
  const { to } = await desk.post('/desk/lists', fields)
  must(to !== null, 'a pasted list leads on')
  return to
}

const columns: State['path'] = async ({ town }) =>
  pasted(await callerOf(town, 'coordinator'), { from: 'sheet', text: MESSY })

const unit: State['path'] = async ({ town }) =>
  pasted(await callerOf(town, 'coordinator'), {
    from: 'ces',
    text: new TextDecoder('windows-1252').decode(CES.members),
  })

/** `bank`: one without a line to another, where hours may still come in, unless it is said. */
function checked(
  text: string,
  choices: Readonly<Record<string, string>>,
  bank: 'busy' | 'town' = 'busy',
): State['path'] {
  return async (banks) => {
    const desk = await callerOf(banks[bank], 'coordinator')
    const { to } = await desk.post(await pasted(desk, { from: 'sheet', text }), choices)
    must(to !== null, 'named columns lead on')
    return to
  }
}

const MANY = `Name\tHours\n${Array.from({ length: 230 }, (_, i) => `Person ${i}\t${i % 7}`).join('\n')}\n`

/** A list that has come in at the neighbour: two people of a small village. */
async function brought({ near: { node, people, coordinator } }: Banks): Promise<string> {
  const members = bytesOf('member_number,name,balance_minutes\nL-1,Lena Brook,0\nL-2,Max Brook,0\n')
  const { digest } = done(await applyImport({ members }, node, people, { coordinator }, 'Millbrook'))
  return `/desk/brought/${toHex(digest)}`
}

export const LIST_STATES: readonly State[] = [
  ...of('/desk/lists', 'coordinator', {
    'list-new': {},
    'list-new-errors': { form: () => ({ text: '' }), status: 422 },
    'list-pasted': { form: () => ({ from: 'sheet', text: MESSY }), status: 303 },
  }),
  ...of('/desk/lists/:list/columns', 'coordinator', {
    'list-columns': { path: columns },
    'list-columns-again': { path: columns, form: () => ({ ...MESSY_CHOICES, again: 'yes' }) },
    'list-columns-errors': { path: columns, form: () => ({ ...MESSY_CHOICES, unit: '' }), status: 422 },
    'list-columns-twice': {
      path: columns,
      form: () => ({ ...MESSY_CHOICES, 'column-3': 'phone' }),
      status: 422,
    },
    'list-unit': { path: unit },
    'list-unit-errors': { path: unit, form: () => ({}), status: 422 },
    'list-columns-gone': { path: '/desk/lists/0123/columns', status: 404 },
  }),
  ...of('/desk/lists/:list', 'coordinator', {
    'list-check': { bank: 'busy', path: checked(MESSY, MESSY_CHOICES) },
    'list-check-no-hours': { path: checked(MESSY, MESSY_CHOICES, 'town'), status: 422 },
    'list-check-errors': {
      bank: 'busy',
      path: checked(MESSY, MESSY_CHOICES),
      form: () => ({ digest: '', name: '' }),
      status: 422,
    },
    'list-check-long': {
      bank: 'busy',
      path: checked(MANY, { heading: '1', 'column-1': 'name', 'column-2': 'hours', unit: 'hours' }),
    },
    'list-left-out': {
      bank: 'busy',
      path: checked(MESSY, MESSY_CHOICES),
      form: () => ({ again: 'yes', asked: '9', out: '9' }),
      status: 303,
    },
    'list-gone': { path: '/desk/lists/0123', status: 404 },
  }),
  ...of('/desk/brought/:digest', 'coordinator', {
    'list-brought': { bank: 'near', path: brought },
    'list-brought-errors': { bank: 'near', path: brought, form: () => ({ name: 'Harbour' }), status: 422 },
  }),
]
