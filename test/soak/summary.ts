/**
 * How does a soak read on a terminal? One table of what was done to the banks and what became of it, then one line.
 */

import { factsOf } from '../../src/cli/table.ts'
import type { SoakBank } from './bank.ts'
import type { SoakResult } from './soak.ts'

const KIB_A_MIB = 1024

export function tableOfSoak(result: SoakResult): string {
  const { banks, faults, judgement, wishes } = result
  const sum = (of: (bank: SoakBank) => number): number => banks.reduce((total, bank) => total + of(bank), 0)
  const each = (of: (bank: SoakBank) => string | number): string =>
    banks.map((bank) => `${bank.name} ${of(bank)}`).join(', ')
  const presses = wishes.all.reduce((total, wish) => total + wish.presses, 0)
  const swapped = wishes.all.filter((wish) => wish.ids.length > 1).length
  const ends = judgement?.ends
  return factsOf([
    ['minutes', (result.seconds / 60).toFixed(1)],
    ['kills', `${sum((bank) => bank.kills)} (${each((bank) => bank.kills)})`],
    ['of these while starting', String(sum((bank) => bank.killsWhileStarting))],
    ['stops', `${sum((bank) => bank.pauses)}, the longest ${faults.longestStopSeconds.toFixed(1)} s`],
    ['connections cut', String(faults.cuts)],
    ['stalls of the network', String(faults.stalls)],
    ['doors shut', String(faults.outages)],
    ['times of late bytes', String(faults.delays)],
    ['disk full', result.diskSkipped ?? String(faults.diskFull)],
    ['ends on a full disk', String(sum((bank) => bank.faults))],
    ['starts', String(sum((bank) => bank.starts))],
    [
      'slowest start until it signs',
      `${Math.max(...banks.map((bank) => bank.slowestStartSeconds)).toFixed(1)} s`,
    ],
    [
      'from the healing to rest',
      result.restSeconds === null ? 'never' : `${result.restSeconds.toFixed(1)} s`,
    ],
    ['wishes', `${wishes.all.length}, pressed ${presses} times, ${swapped} swapped`],
    ['payments', ends === undefined ? '?' : `${ends.paid + ends.returned + ends.never}`],
    ['  paid', String(ends?.paid ?? '?')],
    ['  returned', String(ends?.returned ?? '?')],
    ['  never happened', String(ends?.never ?? '?')],
    ['wishes refused', String(judgement?.refused ?? '?')],
    ['entries', String(judgement?.entries ?? '?')],
    ['findings of both audits', String(judgement?.findings ?? '?')],
    ['most memory', each((bank) => `${Math.round(bank.mostMemoryKib / KIB_A_MIB)} MiB`)],
    ['said by the banks', [...result.notices].map(([word, times]) => `${word} ${times}`).join(', ')],
  ])
}
