/**
 * What does a source file say, apart from its comments and strings? A small reader of TypeScript text that the tidy
 * rules look through: imports, long blocks and top-level names, without a compiler.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Source {
  /** Path below the project, with slashes. */
  readonly path: string
  readonly text: string
  /** The text with comments, regular expressions and the inside of strings blanked; every character keeps its place. */
  readonly code: string
}

export interface Import {
  readonly specifier: string
  readonly line: number
  /** An `export ... from`, which hands on what another file defines. */
  readonly handsOn: boolean
}

export interface Block {
  readonly name: string
  readonly line: number
  readonly lines: number
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, code: bare(text) }
}

/** All sources below some folders of the project, in order of their paths. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  return filesBelow(root, folders)
    .filter((path) => /\.(ts|tsx|js)$/.test(path))
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')))
}

/** Paths of all files below these folders; a folder that is not there has none. */
export function filesBelow(root: string, folders: readonly string[]): string[] {
  const paths: string[] = []
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) paths.push(...filesBelow(root, [path]))
      else paths.push(path)
    }
  }
  return paths.sort()
}

export function lineAt(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length
}

/** Every import, type imports, dynamic ones and types by `import('...')` included. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  const start = /\bfrom\s*(?=['"])|\bimport\s*\(?\s*(?=['"])/g
  for (const match of source.code.matchAll(start)) {
    const at = match.index + match[0].length
    const quote = source.text[at] as string
    const specifier = source.text.slice(at + 1, source.text.indexOf(quote, at + 1))
    const before = source.code.slice(0, match.index)
    const handsOn = match[0].startsWith('from') && /\bexport\s+(type\s+)?(\*|\{)[^;'"=]*$/.test(before)
    found.push({ specifier, line: lineAt(source, at), handsOn })
  }
  return found
}

/** Functions and methods with their lengths in lines, from the first line of the head to the closing brace. */
export function functionsOf(source: Source): Block[] {
  const blocks: Block[] = []
  const open: { at: number; start: number; isFunction: boolean; head: string }[] = []
  for (let i = 0; i < source.code.length; i++) {
    const letter = source.code[i]
    if (letter === '{') {
      const start = headStart(source.code, i)
      const head = source.code.slice(start, i).trim()
      open.push({ at: i, start, head, isFunction: isFunctionHead(head) })
    } else if (letter === '}') {
      const block = open.pop()
      if (block === undefined || !block.isFunction) continue
      const first = block.start + (source.code.slice(block.start).match(/^\s*/)?.[0].length ?? 0)
      const line = lineAt(source, first)
      blocks.push({ name: nameIn(block.head), line, lines: lineAt(source, i) - line + 1 })
    }
  }
  return blocks
}

/** Names declared at the left margin: functions, classes, types and constants. */
export function topLevelNames(source: Source): { name: string; line: number }[] {
  const declared =
    /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\*?|class|abstract class|interface|type|const|let)\s+([A-Za-z_$][\w$]*)/gm
  return [...source.code.matchAll(declared)].map((match) => ({
    name: match[1] as string,
    line: lineAt(source, match.index),
  }))
}

/** Where the statement or member that opens a brace begins: after the last `;`, `{`, `}` or line end outside parentheses. */
function headStart(code: string, brace: number): number {
  let depth = 0
  for (let i = brace - 1; i >= 0; i--) {
    const letter = code[i] as string
    if (letter === ')' || letter === ']') depth++
    else if (letter === '(' || letter === '[') depth--
    if (depth < 0) return i + 1
    if (depth > 0) continue
    if (letter === '}' && /^\s*(\||>|\[\]|$)/.test(code.slice(i + 1, brace))) {
      i = openingOf(code, i)
      continue
    }
    if (letter === ';' || letter === '{' || letter === '}') return i + 1
    if (letter === '\n' && /[\w)\]'"`,]\s*$/.test(code.slice(Math.max(0, i - 80), i)) && !continues(code, i))
      return i + 1
  }
  return 0
}

/** The brace that opens a type like `{ ok: true } | null` in front of a body. */
function openingOf(code: string, closing: number): number {
  let depth = 0
  for (let i = closing; i >= 0; i--) {
    if (code[i] === '}') depth++
    if (code[i] === '{' && --depth === 0) return i
  }
  return 0
}

/** A line that ends in the middle of a head: the next one goes on with a type, an arrow or an operator. */
function continues(code: string, lineEnd: number): boolean {
  return /^\s*(=>|:|\?|\||&|=|extends\b|implements\b)/.test(code.slice(lineEnd + 1, lineEnd + 80))
}

function isFunctionHead(head: string): boolean {
  if (/^(\}\s*)?(if|else|for|while|switch|try|catch)\b/.test(head)) return false
  if (/\b(class|interface|enum)\s/.test(head) || /^(export\s+)?type\s/.test(head)) return false
  if (/[=(,:[?&|]$/.test(head) && !head.endsWith('=>')) return false
  if (/\breturn$|^$/.test(head)) return false
  return head.endsWith('=>') || head.includes(')')
}

function nameIn(head: string): string {
  const named =
    /\bfunction\*?\s+([\w$]+)/.exec(head) ??
    /\b(?:const|let|readonly)\s+([\w$#]+)/.exec(head) ??
    /([\w$#]+)\s*(?:<[^(]*>)?\s*\(/.exec(head)
  return named?.[1] ?? '(arrow)'
}

const BEFORE_REGEX =
  /(^|[([{,;=:!&|?+\-*%<~^]|\b(?:return|typeof|case|in|of|void|delete|throw|await|yield|else))\s*$/

/** Blanks what is no code. Template literals keep the code inside their `${}`. */
export function bare(text: string): string {
  const out = [...text]
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== '\n') out[i] = ' '
  }
  const templates: number[] = []
  let depth = 0
  let i = 0
  const templatePart = (from: number): number => {
    let at = from
    while (at < text.length && text[at] !== '`') {
      if (text[at] === '$' && text[at + 1] === '{') {
        blank(from, at)
        templates.push(depth)
        depth++
        return at + 2
      }
      at += text[at] === '\\' ? 2 : 1
    }
    blank(from, at)
    return at + 1
  }
  while (i < text.length) {
    const letter = text[i] as string
    const next = text[i + 1]
    if (letter === '/' && (next === '/' || next === '*')) {
      const end = next === '/' ? text.indexOf('\n', i) : text.indexOf('*/', i + 2) + 2
      const to = end < 2 ? text.length : end
      blank(i, to)
      i = to
    } else if (letter === "'" || letter === '"') {
      const end = stringEnd(text, i)
      blank(i + 1, end)
      i = end + 1
    } else if (letter === '`') {
      i = templatePart(i + 1)
    } else if (
      letter === '/' &&
      !isTagEnd(text, i) &&
      BEFORE_REGEX.test(out.slice(Math.max(0, i - 60), i).join(''))
    ) {
      const end = regexEnd(text, i)
      blank(i + 1, end)
      i = end + 1
    } else {
      if (letter === '{') depth++
      if (letter === '}') {
        depth--
        if (templates.at(-1) === depth) {
          templates.pop()
          i = templatePart(i + 1)
          continue
        }
      }
      i++
    }
  }
  return out.join('')
}

function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== text[start]) at += text[at] === '\\' ? 2 : 1
  return at
}

function regexEnd(text: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\\') at++
    else if (letter === '[') inClass = true
    else if (letter === ']') inClass = false
    else if (letter === '/' && !inClass) return at
  }
  return text.length
}

/** The slash of `</p>` or `/>`, which begins no regular expression. */
function isTagEnd(text: string, slash: number): boolean {
  return text[slash - 1] === '<' || text[slash + 1] === '>'
}
