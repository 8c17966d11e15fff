/** What is wrong, and what helps? `commonhour doctor`: every question in plain words, whether or not the bank runs ([CLI-7]). */

import type { Command } from 'commander'
import type { Act, Context } from '../context.ts'
import { examine } from '../doctor/doctor.ts'
import { placeOf } from '../doctor/place.ts'
import type { Told } from '../doctor/told.ts'
import { EXIT } from '../exit-codes.ts'
import { addSettingOptions, flagsOf } from '../setting-options.ts'

export function addDoctor(program: Command, act: Act): void {
  const command = program
    .command('doctor')
    .summary('what is wrong with a bank, and what helps')
    .description(
      'Looks at the machine, the folder and the bank, running or stopped, and says what to do about whatever is wrong. Exit code 1 when something is.\n\nExample: commonhour doctor --dir /var/lib/commonhour',
    )
  addSettingOptions(command).action(act(run))
}

async function run(context: Context, flags: object): Promise<number> {
  const answers = await examine(await placeOf(context, flagsOf({ ...flags })))
  const isWrong = answers.some(({ verdict }) => verdict === 'wrong')
  context.print({ verdict: isWrong ? 'wrong' : 'fine', answers }, () =>
    [...answers.map(answerText), '', summary(answers)].join('\n'),
  )
  return isWrong ? EXIT.problems : EXIT.fine
}

const MARKS: Readonly<Record<Told['verdict'], string>> = {
  fine: 'fine   ',
  look: 'look   ',
  wrong: 'WRONG  ',
  unknown: '?      ',
}

/** What is fine takes one line; whatever is not says below what to do, and what the machine said. */
function answerText({ verdict, says, todo, detail }: Told): string {
  const under =
    verdict === 'fine'
      ? []
      : [todo === null ? [] : [`-> ${todo}`], detail === null ? [] : [`(${detail})`]].flat()
  const indent = ' '.repeat(MARKS.fine.length)
  return [
    `${MARKS[verdict]}${says.replaceAll('\n', `\n${indent}`)}`,
    ...under.map((line) => `${indent}${line}`),
  ].join('\n')
}

function summary(answers: readonly Told[]): string {
  const count = (verdict: Told['verdict']): number => answers.filter((one) => one.verdict === verdict).length
  const [wrong, looks] = [count('wrong'), count('look')]
  if (wrong > 0) return `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong. Begin at the top.`
  return looks > 0
    ? `Nothing is wrong; ${looks} ${looks === 1 ? 'thing needs' : 'things need'} a look.`
    : 'All is well.'
}
