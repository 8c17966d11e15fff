/** Which decoders can be reached from outside? Every one of them, each with its corpus, its "no"s and its bounds. */

import type { Target } from './target.ts'
import { ADDRESSES } from './targets/addresses.ts'
import { CORE } from './targets/core.ts'
import { FILES } from './targets/files.ts'
import { HTTP } from './targets/http.ts'
import { LISTS } from './targets/lists.ts'
import { LOG } from './targets/log.ts'
import { PEER } from './targets/peer.ts'
import { REQUESTS } from './targets/requests.ts'
import { TABLES } from './targets/tables.ts'

export const TARGETS: readonly Target[] = [
  ...CORE,
  ...LOG,
  ...PEER,
  ...ADDRESSES,
  ...TABLES,
  ...LISTS,
  ...FILES,
  ...HTTP,
  ...REQUESTS,
]
