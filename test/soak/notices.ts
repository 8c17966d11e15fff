/**
 * What did the banks say in their own logs? Counted by kind; and a word that an honest bank never has to say is
 * trouble, whatever the judges find.
 */

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { MARK, type SoakBank } from './bank.ts'
import type { Troubles } from './trouble.ts'

/** Nobody lies in a soak, no clock is wrong and no history forks. */
const NEVER = [
  'breach',
  'refusing_to_sign',
  'door_closed',
  'head_not_proven',
  'clock_differs',
  'clock_unsure',
]
const MISTAKE = /broken assertion|mistake of ours|TypeError|RangeError|ReferenceError/

export async function readNotices(
  banks: readonly SoakBank[],
  troubles: Troubles,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const bank of banks) {
    for await (const line of createInterface({ input: createReadStream(bank.logFile) })) {
      const said = wordOf(line)
      if (said.startsWith(MARK)) continue
      counts.set(said, (counts.get(said) ?? 0) + 1)
      if (NEVER.includes(said)) troubles.note(`${bank.name} said ${said}`, line)
      if (MISTAKE.test(line)) troubles.note(`${bank.name} made a mistake`, line)
    }
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a))
}

function wordOf(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown }
    return typeof msg === 'string' ? msg : 'no word'
  } catch {
    return 'no JSON' // The last words of a process that ended, or half a line of one that was killed.
  }
}
