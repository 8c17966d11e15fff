/** Crashes at every durable write, of every other scenario; the file beside this one has the rest. */

import { crashTests } from './every-crash.ts'

crashTests('odd')
