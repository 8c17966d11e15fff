/** Every state of every screen, in the languages that are spoken. */
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { lookAtEveryState } from './every-state.ts'

lookAtEveryState(LANGUAGES)
