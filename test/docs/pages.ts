/**
 * What is on the pages of the project? Reads Markdown as far as the documents' test needs it: headings, links,
 * tables, fenced blocks and requirement ids.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow } from '../tidy/source.ts'

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

export interface Page {
  /** Path below the project. */
  readonly path: string
  readonly text: string
}

export interface Fence {
  /** Everything behind the opening fence: language, then words. */
  readonly info: string
  readonly body: string
  readonly line: number
}

export function readPage(path: string): Page {
  return { path, text: readFileSync(join(PROJECT, path), 'utf8') }
}

/** The first page and everything in docs. */
export function allPages(): Page[] {
  return ['README.md', ...filesBelow(PROJECT, ['docs'])].filter((path) => path.endsWith('.md')).map(readPage)
}

/** The page without fenced blocks and inline code, where brackets mean something else. */
export function prose(page: Page): string {
  return page.text
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '')
}

export function linksOf(page: Page): string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string)
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: Page): Set<string> {
  const headings = page.text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ +(.+)$/gm)
  return new Set([...headings].map((match) => slugOf(match[1] as string)))
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

/** Rows of every table of a page, cells trimmed, without the rows of dashes. */
export function tableRows(page: Page): string[][] {
  return page.text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    )
}

/** Rows below the heading row that begins with this cell, up to the next heading row of the page. */
export function tableUnder(page: Page, firstCell: string): string[][] {
  const lines = page.text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${firstCell} |`))
  if (start < 0) return []
  const rest = lines.slice(start + 2)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  const table = { path: page.path, text: rest.slice(0, end < 0 ? rest.length : end).join('\n') }
  return tableRows(table)
}

export function fencesOf(page: Page): Fence[] {
  const fences: Fence[] = []
  const lines = page.text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const opening = /^```(.*)$/.exec(lines[i] as string)
    if (opening === null) continue
    const end = lines.indexOf('```', i + 1)
    fences.push({ info: opening[1] as string, body: lines.slice(i + 1, end).join('\n'), line: i + 1 })
    i = end
  }
  return fences
}

/** Names in backquotes of a cell. */
export function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)
}

/** Requirement ids such as [PAY-8] or [R3]. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/\[((?:[A-Z][A-Z0-9]+-\d+)|R[1-8])\]/g)].map((match) => match[1] as string)
}
