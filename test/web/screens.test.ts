/** Every state of every screen, in the bank's first language. */
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { lookAtEveryState } from './every-state.ts'

lookAtEveryState(LANGUAGES.slice(0, 1))
