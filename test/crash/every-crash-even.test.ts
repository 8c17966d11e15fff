/** Crashes at every durable write, the other half; see the file beside this one. */

import { crashTests } from './every-crash.ts'

crashTests('even')
