/**
 * How is help said in one sentence? The same on the page that is read aloud, on the record and on a receipt ([EX-3]).
 */

import type { Person } from '../../register/person.ts'
import type { RecordView } from '../../register/records.ts'
import type { Visit } from '../screen.ts'
import { helpWords } from './help-fields.tsx'

type Saying = Pick<Visit, 'say' | 'speech'>

/** Everything that happened, beside who took part. */
export interface Happened {
  readonly minutes: number
  /** Days since 1970-01-01. */
  readonly day: number
  readonly category: number
  readonly note: string
}

/** The name people know somebody by; the pot is no person, and whoever was erased is nobody any more. */
export function calledName({ say }: Pick<Visit, 'say'>, person: Person | null): string {
  if (person === null) return say('person.erased')
  return person.kind === 'fund' ? say('person.pot') : person.name
}

/** "Bo helped Ada for 1 hour 30 minutes on Saturday 21 November: gardening." */
export function helpSentence(
  { say, speech }: Saying,
  help: Happened & { readonly helper: string; readonly helped: string },
  today: number,
): string {
  const { helper, helped, minutes, day } = help
  const facts = { helper, helped, length: speech.hours(minutes), day: speech.day(day, today) }
  const words = helpWords(say, help)
  return speech.alone(
    words === '' ? say('record.sentence', facts) : say('record.sentence_with', { ...facts, words }),
  )
}

/** "22 people helped The Old School for 33 hours altogether on Saturday 21 November: cleaning up together." */
export function groupSentence(
  { say, speech }: Saying,
  help: Happened & { readonly helpers: readonly string[]; readonly helped: readonly string[] },
  today: number,
): string {
  const side = (names: readonly string[]): string =>
    names.length === 1 ? (names[0] ?? '') : say('record.people', { count: names.length })
  const words = helpWords(say, help)
  return speech.alone(
    say('record.sentence_many', {
      helpers: side(help.helpers),
      helped: side(help.helped),
      length: speech.hours(help.minutes),
      day: speech.day(help.day, today),
      words,
      said: words === '' ? 'no' : 'yes',
    }),
  )
}

/** The sentence of a record: of two people, or of the groups on its two sides. */
export function recordSentence(saying: Saying, record: RecordView, today: number): string {
  const names = (way: 1 | -1): string[] =>
    record.parts.filter(({ minutes }) => minutes * way > 0).map(({ person }) => calledName(saying, person))
  const [helpers, helped] = [names(1), names(-1)]
  const minutes = record.parts.reduce((sum, part) => sum + Math.max(0, part.minutes), 0)
  const { category, day } = record
  const happened = { category, day, note: record.note ?? '', minutes }
  const [helper = '', one = ''] = [helpers[0], helped[0]]
  return helpers.length === 1 && helped.length === 1
    ? helpSentence(saying, { ...happened, helper, helped: one }, today)
    : groupSentence(saying, { ...happened, helpers, helped }, today)
}
