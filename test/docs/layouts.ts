/**
 * Which numbers and fields do entries and messages have? Read from the source that defines them, for comparison with
 * the specification: the names exist only there, since on the wire there are positions.
 */
import { bare } from '../tidy/source.ts'

export interface Layout {
  readonly no: number
  readonly name: string
  readonly fields: readonly string[]
}

/** Kinds of entries in the text of core/entry.ts. */
export function kindsIn(text: string): Layout[] {
  const code = withoutComments(text)
  const layouts: Layout[] = []
  for (const match of code.matchAll(/^ {2}'?([\w.]+)'?: \{\s*no: (\d+),\s*body: record\(\{/gm)) {
    const open = match.index + match[0].length
    layouts.push({ no: Number(match[2]), name: match[1] as string, fields: namesAt(code, open) })
  }
  return layouts
}

/** Messages in the text of peer/messages.ts. */
export function messagesIn(text: string): Layout[] {
  const code = withoutComments(text)
  const layouts: Layout[] = []
  for (const match of code.matchAll(/^ {2}(\w+): message\((\d+), \{/gm)) {
    const open = match.index + match[0].length
    layouts.push({ no: Number(match[2]), name: match[1] as string, fields: namesAt(code, open) })
  }
  return layouts
}

/** Names of the fields of the object that was opened just before `from`, inner objects passed over. */
function namesAt(code: string, from: number): string[] {
  let depth = 1
  let at = from
  let own = ''
  while (depth > 0) {
    const letter = code[at++] as string
    if ('({['.includes(letter)) depth++
    if (')}]'.includes(letter)) depth--
    if (depth === 1) own += letter
  }
  // Shorthand such as `minutes,` names a field as `minutes: minutes` does.
  return own
    .split(',')
    .map((part) => /^\s*(\w+)/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '')
}

/** The text with comments blanked and strings kept. */
function withoutComments(text: string): string {
  const code = bare(text)
  return [...text]
    .map((letter, i) => (code[i] === letter || !inComment(text, code, i) ? letter : ' '))
    .join('')
}

/** A blanked character belongs to a string exactly when its line's code has an open quote before it. */
function inComment(text: string, code: string, at: number): boolean {
  const line = code.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  return (line.match(/'/g)?.length ?? 0) % 2 === 0
}
