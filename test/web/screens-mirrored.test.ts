/** Every state of every screen, from right to left. */
import { lookAtEveryState } from './every-state.ts'
import { PSEUDO } from './pseudo-language.ts'

lookAtEveryState([PSEUDO])
