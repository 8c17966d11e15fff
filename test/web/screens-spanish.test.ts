/** Do longer sentences fit? Some states of every kind of page in Spanish, whose sentences are a quarter longer. */
import { must } from '../../src/core/fault.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { lookAtEveryState } from './every-state.ts'
import { SHOWN } from './states.ts'

const NAMES = [
  'home',
  'privacy',
  'setup-errors',
  'member-sign-in',
  'member-home',
  'claim-asked',
  'wrong-errors',
  'today',
  'record-errors',
  'record-check',
  'person-many-lines',
  'person-change-errors',
  'sheet-errors',
  'letters-errors',
  'letter-statement-large',
  'me',
]

const states = NAMES.map((wanted) => {
  const state = SHOWN.find(({ name }) => name === wanted)
  must(state !== undefined, `there is a state ${wanted}`)
  return state
})

lookAtEveryState(
  LANGUAGES.filter(({ tag }) => tag === 'es'),
  states,
)
