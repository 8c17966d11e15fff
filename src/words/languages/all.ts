/** Which languages do the pages speak? The first is spoken to whoever asks for none of them. */

import type { Language } from '../language.ts'
import { EN } from './en.ts'
import { ES } from './es.ts'

export const LANGUAGES: readonly Language[] = [
  { tag: 'en', name: 'English', direction: 'ltr', dates: 'en-GB', messages: EN },
  { tag: 'es', name: 'Español', direction: 'ltr', messages: ES },
]
